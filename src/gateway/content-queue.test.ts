/** What waits to be written: within limits, in batches, never in anybody's way, and said where it is lost. */
import { describe, expect, it } from 'vitest';
import type { NotedContent } from './content-noted.ts';
import { createContentLog, type Written } from './content-queue.ts';

const content = (bytes = 10): NotedContent => ({
  exchangeId: 'exc_1',
  workspaceId: 'ws_1',
  memberId: undefined,
  keyId: 'key_1',
  mode: 'full',
  startedAtMs: 1,
  format: 'openai-chat',
  isChat: true,
  status: 200,
  contentType: '',
  request: { bytes: Buffer.alloc(bytes), totalBytes: bytes },
  reply: { bytes: Buffer.alloc(0), totalBytes: 0 },
});

function open(write: (batch: readonly NotedContent[]) => Promise<Written>, maxBytes?: number) {
  const told: unknown[] = [];
  const tell = (fields: object, message: string) => void told.push({ ...fields, message });
  let mono = 0;
  const queue = createContentLog({
    write,
    clock: { now: () => 0, monotonic: () => mono },
    log: { debug: tell, info: tell, warn: tell, error: tell },
    ...(maxBytes !== undefined && { maxBytes }),
  });
  const pass = (ms: number): void => {
    mono += ms;
  };
  return { queue, told, pass };
}

describe('the queue of contents', () => {
  it('writes in batches, in order, and all of it before the end', async () => {
    const sizes: number[] = [];
    const { queue } = open(async (batch) => {
      sizes.push(batch.length);
      return { kept: batch.length, failed: 0 };
    });
    for (let at = 0; at < 40; at += 1) queue.take(content());
    await queue.stop();
    expect(sizes).toEqual([16, 16, 8]);
    expect(queue.stats()).toEqual({ kept: 40, dropped: 0, failed: 0, waiting: 0, waitingBytes: 0 });
  });
  it('parts a batch by its bytes', async () => {
    const sizes: number[] = [];
    const { queue } = open(async (batch) => {
      sizes.push(batch.length);
      return { kept: batch.length, failed: 0 };
    });
    for (let at = 0; at < 5; at += 1) queue.take(content(2 * 1024 * 1024));
    await queue.stop();
    expect(sizes).toEqual([2, 2, 1]);
  });
  it('drops what there is no room for, counts it, and says so once a minute', async () => {
    const { queue, told, pass } = open(async ({ length }) => ({ kept: length, failed: 0 }), 3_000);
    for (let at = 0; at < 6; at += 1) queue.take(content());
    expect(queue.stats()).toMatchObject({ waiting: 2, dropped: 4 });
    expect(told).toHaveLength(1);
    pass(60_000);
    queue.take(content());
    expect(told[1]).toMatchObject({ exchanges: 4 });
    await queue.stop();
    queue.take(content());
    expect(queue.stats()).toMatchObject({ kept: 2, dropped: 6 });
  });
  it('outlives a database that fails, and says nothing of what was lost but how many', async () => {
    const { queue, told } = open(() => Promise.reject(new Error('disk full')));
    for (let at = 0; at < 17; at += 1) queue.take(content());
    await queue.stop();
    expect(queue.stats()).toMatchObject({ kept: 0, failed: 17, waitingBytes: 0 });
    expect(told.map((line) => (line as { message: string }).message)).toEqual([
      'content could not be written',
      'content that was to be kept is not',
      'content could not be written',
    ]);
  });
  it('has room for replies under way up to a limit, and gets it back', () => {
    const { queue } = open(async () => ({ kept: 0, failed: 0 }));
    expect(queue.makeRoom(64 * 1024 * 1024)).toBe(true);
    expect(queue.makeRoom(1)).toBe(false);
    queue.makeRoom(-1);
    expect(queue.makeRoom(1)).toBe(true);
    expect(queue.stats().dropped).toBe(1);
  });
});
