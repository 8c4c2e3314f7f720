/** Each fault of the sandbox shows what it promises: inside the process, and over a socket through both transports. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/base/clock.ts';
import { createDeadlines } from '../src/upstream/deadlines.ts';
import type { Failure, FailureKind } from '../src/upstream/failure.ts';
import { createHttp1Transport } from '../src/upstream/http1.ts';
import type { Timeouts } from '../src/upstream/provider.ts';
import { createSandboxTransport, sandboxModels } from '../src/upstream/sandbox/index.ts';
import { createTransport } from '../src/upstream/send.ts';
import type { Transport } from '../src/upstream/transport.ts';
import type { ChatReply, StopKind } from '../src/wire/chat.ts';
import type { Format } from '../src/wire/format.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type Collected, collect } from './support/collect.ts';
import { allFormats, chatPath, readAnswer, requestBody } from './support/sandbox-ask.ts';

type Road = 'inside' | 'general' | 'http1';
const roads: readonly Road[] = ['inside', 'general', 'http1'];

let upstream: FakeUpstream;
let transports: Record<Road, Transport>;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  const clock = systemClock;
  transports = {
    inside: createSandboxTransport({ formats: allFormats, clock, timing: 'none' }),
    general: createTransport({ clock }),
    http1: createHttp1Transport({ clock, deadlines: createDeadlines(clock) }),
  };
});
afterAll(async () => {
  for (const road of roads) await transports[road].close();
  await upstream.close();
});

interface Case {
  readonly name: string;
  readonly road: Road;
  readonly format: Format;
  readonly isStream: boolean;
}

const cases: readonly Case[] = roads.flatMap((road) =>
  allFormats.flatMap((format) =>
    [true, false].map((isStream) => ({
      name: `${road}, ${format.id}, ${isStream ? 'stream' : 'unary'}`,
      road,
      format,
      isStream,
    })),
  ),
);

async function fail(one: Case, fault: string, directive = 'words=20', timeouts: Partial<Timeouts> = {}) {
  const collected = collect(transports[one.road], {
    origin: one.road === 'inside' ? 'sandbox:' : upstream.url,
    path: chatPath(one.format, `fault-${fault}`, one.isStream),
    body: requestBody(one.format, `fault-${fault}`, `go [[sandbox ${directive}]]`, { stream: one.isStream }),
    timeouts,
  });
  await collected.over;
  return collected;
}

function read(one: Case, { status, chunks }: Collected) {
  return readAnswer(one.format, status, Buffer.concat(chunks), one.isStream);
}

function failureOf(collected: Collected): Failure {
  if (typeof collected.outcome === 'string') throw new Error(`no failure but ${collected.outcome}`);
  return collected.outcome;
}

const wordsOf = (reply: ChatReply | undefined): number =>
  (reply?.parts ?? []).flatMap((part) => (part.type === 'text' ? part.text.split(' ') : [])).length;

describe.each(cases)('$name', (one) => {
  const { isStream } = one;

  it.each([400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529])('status %s', async (status) => {
    const collected = await fail(one, String(status));
    expect(collected).toMatchObject({ status, outcome: 'end' });
    expect(read(one, collected).error).toMatchObject({
      status,
      message: expect.stringContaining('simulated'),
    });
    expect(collected.headers['retry-after']).toBe(status === 429 ? '7' : undefined);
  });

  it('refuse', async () => {
    const failure = failureOf(await fail(one, 'refuse'));
    // Over a socket the connection is there before the fault is known: it is reset before the head.
    const inside = { kind: 'connect', code: 'ECONNREFUSED', wasSent: false };
    expect(failure).toMatchObject(one.road === 'inside' ? inside : { kind: 'cut', wasSent: true });
  });

  it.each<[string, FailureKind, Partial<Timeouts>, boolean]>([
    ['hang', 'first-byte-timeout', { firstByteMs: 30 }, false],
    ['stall', 'idle-timeout', { idleMs: 30 }, true],
    ['cut', 'cut', {}, true],
  ])('%s', async (fault, kind, timeouts, hasContent) => {
    const collected = await fail(one, fault, 'words=20', timeouts);
    expect(failureOf(collected)).toMatchObject({ kind, wasSent: true });
    expect(collected.status).toBe(hasContent ? 200 : undefined);
    expect(collected.chunks.length > 0).toBe(hasContent);
    if (hasContent && isStream) expect(wordsOf(read(one, collected).reply)).toBe(5);
  });

  it('eof', async () => {
    const collected = await fail(one, 'eof', 'words=20 after=3');
    expect(collected).toMatchObject({ status: 200, outcome: 'end' });
    if (!isStream) return expect(() => JSON.parse(collected.text())).toThrow(SyntaxError);
    const { error, reply } = read(one, collected);
    expect(error).toMatchObject({ code: 'stream_truncated' });
    expect(wordsOf(reply)).toBe(3);
  });

  it('malformed', async () => {
    const collected = await fail(one, 'malformed');
    expect(collected).toMatchObject({ status: 200, outcome: 'end' });
    if (!isStream) return expect(() => JSON.parse(collected.text())).toThrow(SyntaxError);
    const { error, reply } = read(one, collected);
    expect(error).toBeDefined();
    expect(wordsOf(reply)).toBe(2);
  });

  it.each(['error-event', 'early-error'])('%s', async (fault) => {
    const collected = await fail(one, fault);
    expect(collected).toMatchObject({ status: 200, outcome: 'end' });
    if (!isStream) return expect(JSON.parse(collected.text())).toHaveProperty('error');
    const { error, reply } = read(one, collected);
    expect(error).toMatchObject({ message: expect.stringContaining('simulated') });
    // Ollama's errors are a text and nothing else.
    if (one.format.id !== 'ollama-chat') expect(error).toMatchObject({ kind: 'overloaded' });
    expect(wordsOf(reply)).toBe(fault === 'early-error' ? 0 : 5);
  });

  it('pings', async () => {
    const collected = await fail(one, 'pings', 'pace=5', { totalMs: 100 });
    expect(failureOf(collected)).toMatchObject({ kind: 'total-timeout' });
    // A blank line is all the sign of life that a format of lines has.
    expect(collected.text()).toMatch(isStream ? /ping|keep-alive|\n\n/ : /^\n+$/);
    const { reply } = isStream ? read(one, collected) : { reply: undefined };
    expect(wordsOf(reply)).toBe(0);
  });

  it('drip', async () => {
    const collected = await fail(one, 'drip', 'words=3 pace=0');
    expect(collected.outcome).toBe('end');
    if (one.road === 'inside') expect(collected.chunks.every((chunk) => chunk.length === 1)).toBe(true);
    expect(wordsOf(read(one, collected).reply)).toBe(3);
  });

  it('no-usage', async () => {
    const collected = await fail(one, 'no-usage');
    expect(read(one, collected).error).toBeUndefined();
    expect(read(one, collected).reply!.usage).toBeUndefined();
  });

  it('zero-usage', async () => {
    expect(read(one, await fail(one, 'zero-usage')).reply!.usage).toMatchObject({ input: 0, output: 0 });
  });

  it('absurd-usage', async () => {
    const { usage } = read(one, await fail(one, 'absurd-usage', 'words=20 cache-read-tokens=5')).reply!;
    const counts = [usage!.input, usage!.output, usage!.cacheRead].map(Number);
    // Which count gets which nonsense depends on the order of the format's own fields.
    expect(counts.every((count) => count > 0 && count < 1e15)).toBe(false);
    expect(JSON.stringify(usage!.raw)).toMatch(/-7.*lots|lots.*-7/);
  });

  it('double-usage', async () => {
    const collected = await fail(one, 'double-usage');
    const reports = collected
      .text()
      .match(/"((completion|output)_tokens|candidatesTokenCount|eval_count)":\d+/g)!
      .map((text) => text.split(':')[1]);
    const canRepeat = ['anthropic-messages', 'openai-chat'].includes(one.format.id);
    if (isStream && canRepeat) expect(reports.slice(-2)).toEqual(['10', '20']);
    expect(read(one, collected)).toMatchObject({ reply: { usage: { output: 20 } } });
  });

  it.each<[string, StopKind]>([
    ['refusal', 'refusal'],
    ['length', 'length'],
    ['content-filter', 'content-filter'],
  ])('%s', async (fault, stop) => {
    const { reply, error } = read(one, await fail(one, fault));
    expect(error).toBeUndefined();
    // Formats that have one word for both say the same.
    const alike: StopKind[] = one.format.id === 'ollama-chat' ? ['end'] : ['refusal', 'content-filter'];
    expect(stop === 'length' ? ['length'] : alike).toContain(reply!.stop.kind);
    if (fault !== 'refusal') expect(wordsOf(reply)).toBe(10);
  });
});

it('tests every fault there is', () => {
  const tested = [
    ...'400 401 403 404 408 413 422 429 500 502 503 504 529 refuse hang stall cut eof malformed'.split(' '),
    ...'error-event early-error pings drip no-usage zero-usage absurd-usage double-usage'.split(' '),
    ...'refusal length content-filter'.split(' '),
  ];
  const known = sandboxModels.flatMap((model) => model.fault ?? []);
  expect(known.toSorted()).toEqual(tested.toSorted());
});
