/** The format against recordings of the real API, where they are at hand (they are not part of the project). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../chat.ts';
import { createSseReader } from '../frames.ts';
import { checkStream, contextFor, decodeAll, expectRequestKept } from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';

const ROOT = join(import.meta.dirname, '../../../../shared/data/wire');

interface Recording {
  readonly id: string;
  readonly format: string;
  readonly stream: boolean;
  readonly status: number;
  readonly file: string;
  readonly request: string | null;
}

const isThere = existsSync(join(ROOT, 'index.json'));
const recordings: Recording[] = isThere
  ? (JSON.parse(readFileSync(join(ROOT, 'index.json'), 'utf8')) as Recording[]).filter(
      ({ format }) => format === 'anthropic',
    )
  : [];
const readJson = (file: string): JsonObject =>
  JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as JsonObject;

describe.skipIf(!isThere)(`recordings (skipped where ${ROOT} is absent)`, () => {
  it('are many', () => expect(recordings.length).toBeGreaterThan(20));

  it.each(recordings.filter(({ request }) => request))(
    'request of $id comes back unchanged',
    ({ request }) => {
      expectRequestKept(readJson(request!));
    },
  );

  it.each(recordings.filter(({ stream }) => !stream))('reply $id comes back unchanged', ({ file }) => {
    const body = readJson(file);
    const reply = anthropicMessages.parseReply(body);
    expect(anthropicMessages.renderReply(reply, contextFor(reply.model))).toEqual({ body, warnings: [] });
  });

  it.each(recordings.filter(({ stream }) => stream))('stream $id keeps the laws', ({ id, file }) => {
    const bytes = readFileSync(join(ROOT, file));
    checkStream(bytes, { hasError: id.includes('spliced') });
  });

  it('reads the usage of a recorded stream to its last number', () => {
    const file = recordings.find(({ id }) => id.includes('prompt-cache'))!.file;
    const reader = createSseReader();
    const events = decodeAll([...reader.push(readFileSync(join(ROOT, file))), ...reader.end()]);
    const usage = events.findLast((event) => event.type === 'usage');
    // The split of message_start (3068 at 5m) is outgrown by the total of message_delta.
    expect(usage).toMatchObject({
      usage: { input: 6, cacheRead: 6289, cacheWrite5m: 3337, cacheWrite1h: 0, output: 198 },
    });
  });
});
