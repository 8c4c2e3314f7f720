/** What the road tells the decision record, and what of the time is ours. */
import { describe, expect, it } from 'vitest';
import type { Warning } from '../wire/chat.ts';
import { decisionOf, keepFit } from './decision.ts';
import { type Exchange, leaveAttempt, overheadMs } from './exchange.ts';
import type { Attempt } from './lane.ts';
import type { Deployment } from './snapshot.ts';

const warning: Warning = { kind: 'dropped', path: 'topK', note: 'no such field' };

/** The fields that are looked at. */
function exchange(more: Partial<Exchange> = {}): Exchange {
  const clocks = {
    startedMono: 1_000,
    sentMono: 0,
    firstByteMono: 0,
    failedMs: 0,
    toldOverheadMs: undefined,
  };
  return { asked: 'fast', skipped: [], snapshot: { revision: 3 }, ...clocks, ...more } as unknown as Exchange;
}

function attempt(more: Partial<Attempt> = {}): Attempt {
  const upstreamFormat = { id: 'openai-chat' };
  return { number: 1, lane: 'relay', warnings: [], upstreamFormat, ...more } as unknown as Attempt;
}

describe('what is told', () => {
  it('of an ordinary request is nothing', () => {
    expect(decisionOf(exchange(), attempt(), [], 2_000)).toBeUndefined();
  });

  it.each<[string, Exchange, Attempt, readonly Warning[]]>([
    ['another than the first attempt', exchange(), attempt({ number: 2 }), []],
    ['a translation', exchange(), attempt({ lane: 'translate' }), []],
    ['a loss in the request', exchange(), attempt({ warnings: [warning] }), []],
    ['a loss in the reply', exchange(), attempt(), [warning]],
    [
      'a deployment passed over',
      exchange({ skipped: [{ ref: 'a/b', reason: 'model_not_allowed' }] }),
      attempt(),
      [],
    ],
  ])('of %s is all of it', (_name, of, tried, replyLosses) => {
    expect(decisionOf(of, tried, replyLosses, 2_000)).toEqual({
      asked: 'fast',
      revision: 3,
      upstreamFormat: 'openai-chat',
      overheadMs: 1_000,
      skipped: of.skipped,
      requestLosses: tried.warnings,
      replyLosses,
    });
  });
});

describe('our own time', () => {
  const told = (of: Exchange) => decisionOf(of, attempt({ number: 2 }), [], 9_000)?.overheadMs;
  it.each([
    ['what the client was told', { toldOverheadMs: 7, sentMono: 1_010, firstByteMono: 2_000 }, 7],
    ['all but the wait for the first byte', { sentMono: 1_010, firstByteMono: 5_010 }, 4_000],
    ['what was before the sending, where nothing came', { sentMono: 1_010 }, 10],
    ['all there was, where nothing was sent', {}, 8_000],
    ['without what failed attempts took', { failedMs: 3_000, sentMono: 4_020 }, 20],
  ])('is %s', (_name, clocks, expected) => {
    expect(told(exchange(clocks))).toBe(expected);
  });

  it('begins anew after a failed attempt', () => {
    const of = exchange({ sentMono: 1_010, firstByteMono: 1_500 });
    leaveAttempt(of, 3_010);
    expect([of.failedMs, of.sentMono, of.firstByteMono]).toEqual([2_000, 0, 0]);
    of.sentMono = 3_030;
    leaveAttempt(of, 3_130);
    expect(overheadMs(of, 3_150)).toBe(50);
  });
});

it('notes what it leaves out of a plan', () => {
  const of = exchange();
  const plan = ['a/1', 'b/2', 'a/3'].map((ref) => ({ ref }) as Deployment);
  const kept = keepFit(of, plan, 'model_not_allowed', ({ ref }) => ref.startsWith('b'));
  expect(kept.map(({ ref }) => ref)).toEqual(['b/2']);
  expect(of.skipped).toEqual([
    { ref: 'a/1', reason: 'model_not_allowed' },
    { ref: 'a/3', reason: 'model_not_allowed' },
  ]);
});
