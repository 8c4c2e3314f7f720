/** Runs the command line from its words to its exit code, against the real admin API with a fake house behind it. */
import { afterEach, beforeEach, expect } from 'vitest';
import { createAdmin } from '../../src/admin/app.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { type FakeHouse, fakeHouse, TOKEN } from './fake-house.ts';
import { createFakeIo, type FakeIo, type FakeIoOptions } from './fake-io.ts';

const STREAM_EVENTS = [
  '{"choices":[{"delta":{"role":"assistant","content":""}}]}',
  '{"choices":[{"delta":{"content":"Hel"}}]}',
  '{"choices":[{"delta":{"content":"lo"}}],"usage":null}',
  '{"choices":[],"usage":{"prompt_tokens":1200,"completion_tokens":5}}',
  '[DONE]',
];

/** Server-sent events of one line each. */
export function frames(...events: readonly string[]): string {
  return events.map((event) => `data: ${event}\n\n`).join('');
}

/** A whole streamed answer; headers as the gateway sets them, with exceptions. */
export function streamedAnswer(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(frames(...STREAM_EVENTS), {
    headers: {
      'content-type': 'text/event-stream',
      'x-turnpike-exchange-id': 'exc_1',
      'x-turnpike-model': 'openai/gpt-4o',
      ...headers,
    },
  });
}

/** What stands behind the command line. Made anew for each test. */
export interface Behind {
  house: FakeHouse;
  /** Requests to the data plane. */
  asked: { path: string; headers: Headers; body: unknown }[];
  /** What the data plane answers to a chat. */
  reply: () => Response;
}

export const behind: Behind = { house: fakeHouse(), asked: [], reply: () => streamedAnswer() };
const told: FakeIo[] = [];

/** Call once at the top of a test file. */
export function resetBehind(): void {
  beforeEach(() => {
    behind.house = fakeHouse();
    behind.asked = [];
    behind.reply = () => streamedAnswer();
  });
  afterEach(() => {
    // The operator token is never for the eye.
    for (const fake of told.splice(0)) expect(fake.out() + fake.err()).not.toContain(TOKEN);
  });
}

/** Both planes, as one server has them. */
export async function fakeServer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith('/api/v1')) return createAdmin(behind.house.deps).fetch(request);
  const text = await request.text();
  behind.asked.push({
    path: pathname,
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
  });
  if (pathname !== '/v1/models') return behind.reply();
  return Response.json({ data: [{ id: 'openai/gpt-4o' }, { id: 'sandbox/echo' }] });
}

export interface Told {
  readonly code: number;
  /** The data folder is written as `~/.turnpike`. */
  readonly out: string;
  readonly err: string;
  readonly fake: FakeIo;
}

/** `words` are parted at spaces. */
export async function turnpike(words: string, options: FakeIoOptions = {}): Promise<Told> {
  const fake = createFakeIo({ fetch: fakeServer, ...options });
  told.push(fake);
  const code = await runCli(words === '' ? [] : words.split(' '), fake.io);
  const clean = (text: string) => text.replaceAll(fake.home, '~/.turnpike');
  return { code, out: clean(fake.out()), err: clean(fake.err()), fake };
}
