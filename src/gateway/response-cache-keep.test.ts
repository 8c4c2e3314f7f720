/** Which replies are kept, as they were written, and that room is given back however one ends. */
import { describe, expect, it } from 'vitest';
import { formatOf } from '../wire/formats.ts';
import { createResponseCache } from './response-cache.ts';
import { type AnsweredBy, createKeeping, notKept } from './response-cache-keep.ts';

const KEY = 'k';
const TTL_MS = 1_000;
const by: AnsweredBy = {
  deployment: { ref: 'oai/m', headerRef: 'oai/m', provider: { name: 'oai' }, model: 'm' },
  lane: 'relay',
};
const whole = { choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] };
const cut = { choices: [{ message: { content: 'Hi' }, finish_reason: 'length' }] };
const frames = (finish: string) =>
  `data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"${finish}"}]}\n\ndata: [DONE]\n\n`;

function keepingOf(isStream = false, limitBytes = 1024 * 1024) {
  const cache = createResponseCache({ now: () => 0, monotonic: () => 0 }, limitBytes);
  const format = formatOf('openai-chat')!;
  const keeping = createKeeping({
    ...{ cache, key: KEY, ttlMs: TTL_MS, format, isStream },
    refs: new Set(['oai/m']),
  });
  return { cache, keeping, kept: () => cache.find(KEY, TTL_MS)?.answer };
}

const body = (reply: object): Buffer => Buffer.from(JSON.stringify(reply));

describe('a reply that is kept', () => {
  it('in one piece is its body, with what its head said', () => {
    const { keeping, kept, cache } = keepingOf();
    const head = ['content-type', 'application/json', 'x-turnpike-translation', 'lossy;n=1'];
    keeping.takeHead(200, head, { ...by, lane: 'translate' });
    expect(head.slice(-2)).toEqual(['x-turnpike-cache', 'miss']);
    keeping.end('ok', body(whole));
    expect(kept()).toEqual({
      ...{ body: body(whole), isStream: false, contentType: 'application/json' },
      ...{ provider: 'oai', model: 'm', headerRef: 'oai/m', lane: 'translate', translation: 'lossy;n=1' },
    });
    expect(cache.stats().comingBytes).toBe(0);
  });

  it('as a stream is all of its pieces, but for what only kept the connection open', () => {
    const { keeping, kept } = keepingOf(true);
    keeping.takeHead(200, ['content-type', 'text/event-stream'], by);
    const text = frames('stop');
    keeping.take(text.slice(0, 10));
    keeping.take(formatOf('openai-chat')!.keepAlive!);
    keeping.take(Buffer.from(text.slice(10)));
    keeping.end('ok', undefined);
    expect(kept()).toMatchObject({ isStream: true, body: Buffer.from(text) });
  });

  it('holds no piece of another’s memory', () => {
    const { keeping, kept } = keepingOf(true);
    keeping.takeHead(200, [], by);
    const piece = Buffer.from(frames('stop'));
    keeping.take(piece);
    const text = piece.toString();
    piece.fill(0);
    keeping.end('ok', undefined);
    expect(kept()?.body.toString()).toBe(text);
  });
});

describe('a reply is not kept', () => {
  const limited = ['x-turnpike-max-tokens', '64000->300'];
  it.each([
    { why: 'that failed', outcome: 'upstream_error' },
    { why: 'that a budget ended', outcome: 'budget_cut' },
    { why: 'whose client left', outcome: 'closed' },
    { why: 'of another status', status: 206 },
    { why: 'of a stand-in', head: ['x-turnpike-fallback', 'true'] },
    { why: 'of a deployment that was not asked for', other: 'ant/m' },
    { why: 'that ended at a limit which a budget had set', head: limited, reply: cut },
    { why: 'that had such a limit and does not say why it ended', head: limited, reply: { choices: [] } },
    { why: 'that had such a limit and cannot be read', head: limited, text: 'not JSON' },
    { why: 'without a byte', text: '' },
  ])('$why', ({ outcome = 'ok', status = 200, head = [], other, reply = whole, text }) => {
    const { keeping, kept, cache } = keepingOf();
    const deployment = other === undefined ? by.deployment : { ...by.deployment, ref: other };
    keeping.takeHead(status, ['x-turnpike-fallback', 'false', ...head], { ...by, deployment });
    keeping.end(outcome, text === undefined ? body(reply) : Buffer.from(text));
    expect(kept()).toBeUndefined();
    expect(cache.stats().comingBytes).toBe(0);
  });

  it.each([
    ['length', false],
    ['stop', true],
  ])('as a stream where a budget set the limit and it ended by %s: %s', (finish, isKept) => {
    const { keeping, kept } = keepingOf(true);
    keeping.takeHead(200, limited, by);
    keeping.take(frames(finish));
    keeping.end('ok', undefined);
    expect(kept() !== undefined).toBe(isKept);
  });

  it('where it is too long, or too many are on their way', () => {
    const { keeping, kept, cache } = keepingOf(true, 80_000);
    keeping.takeHead(200, [], by);
    keeping.take('x'.repeat(9_000));
    expect(cache.stats().comingBytes).toBe(9_000);
    keeping.take('x'.repeat(2_000));
    expect(cache.stats().comingBytes).toBe(0);
    keeping.take('x');
    keeping.end('ok', undefined);
    expect(kept()).toBeUndefined();
    expect(cache.makeRoom(40_000)).toBe(true);
    const crowded = createKeeping({ ...inputOf(cache), refs: new Set(['oai/m']) });
    crowded.takeHead(200, [], by);
    crowded.take('x');
    crowded.end('ok', undefined);
    expect(kept()).toBeUndefined();
  });

  it('without a head: nothing was answered', () => {
    const { keeping, kept } = keepingOf();
    keeping.end('ok', body(whole));
    expect(kept()).toBeUndefined();
  });
});

function inputOf(cache: ReturnType<typeof createResponseCache>) {
  return { cache, key: KEY, ttlMs: TTL_MS, format: formatOf('openai-chat')!, isStream: true };
}

it('says where the cache was not to be used', () => {
  const head = ['content-type', 'text/plain'];
  notKept.takeHead(200, head, by);
  notKept.take('x');
  notKept.end('ok', undefined);
  expect(head.slice(-2)).toEqual(['x-turnpike-cache', 'off']);
});
