/** What a reserve is granted, by what stands in its windows. */
import { describe, expect, it } from 'vitest';
import { boundOf } from '../../test/support/budget-desk.ts';
import { ZERO_USD } from '../base/money.ts';
import type { Bound } from './bound.ts';
import type { Claim } from './budget.ts';
import { judgeReserve, type Standing } from './judge-reserve.ts';

function claim(of: Partial<Claim> = {}): Claim {
  return {
    budgetId: 'bud_1',
    name: 'one',
    scope: 'workspace',
    subject: 'ws_1',
    windowStart: 0,
    windowEnd: 1,
    countedFrom: 0,
    limit: ZERO_USD,
    isHard: true,
    version: 1,
    outputCap: undefined,
    queueMs: 1,
    mode: 'worst-case',
    thresholds: [],
    ...of,
  };
}

/** Money in tokens. */
type Stand = readonly [limit: number, settled: number, reserved: number, isClosed?: 'closed'];

const nano = (tokens: number) => BigInt(tokens) * 1_000n;

function stand([limit, settled, reserved, closed]: Stand): Standing {
  return {
    limit: nano(limit),
    settled: nano(settled),
    reserved: nano(reserved),
    isClosed: closed !== undefined,
  };
}

interface Case {
  readonly name: string;
  readonly claims?: readonly Partial<Claim>[];
  readonly stands: readonly Stand[];
  readonly bound?: Bound;
  readonly minOutput?: number;
  readonly is: object;
}

const granted = (amount: number, maxOutput: number) => ({ ok: true, amount: nano(amount), maxOutput });
const refused = (at: number, needed: number, closes: readonly number[]) => ({
  ok: false,
  shortfall: { claim: { budgetId: `bud_${at}` }, needed: nano(needed) },
  closes,
});

const whole = boundOf(100, 400);
const cases: readonly Case[] = [
  { name: 'nothing is claimed', stands: [], bound: whole, is: granted(500, 400) },
  { name: 'the bound fits exactly', stands: [[500, 0, 0]], bound: whole, is: granted(500, 400) },
  {
    name: 'it fits beside what is spent and held',
    stands: [[900, 300, 100]],
    bound: whole,
    is: granted(500, 400),
  },
  { name: 'a token less fits', stands: [[499, 0, 0]], bound: whole, is: granted(499, 399) },
  {
    name: 'the floor fits exactly',
    stands: [[400, 0, 0]],
    bound: whole,
    minOutput: 300,
    is: granted(400, 300),
  },
  {
    name: 'the floor does not fit',
    stands: [[399, 0, 0]],
    bound: whole,
    minOutput: 300,
    is: refused(0, 400, []),
  },
  {
    name: 'a reply shorter than the floor fits whole or not at all',
    stands: [[499, 0, 0]],
    bound: whole,
    minOutput: 1_024,
    is: refused(0, 500, []),
  },
  { name: 'input alone does not fit', stands: [[99, 0, 0]], bound: whole, is: refused(0, 100, []) },
  { name: 'input alone fits', stands: [[100, 0, 0]], bound: whole, is: granted(100, 0) },
  {
    name: 'the limit was lowered below what is spent',
    stands: [[10, 20, 0]],
    bound: whole,
    is: refused(0, 100, []),
  },
  { name: 'output is free', stands: [[0, 0, 0]], bound: boundOf(0, 0), is: granted(0, 0) },
  {
    name: 'the tightest of several decides',
    stands: [
      [9_000, 0, 0],
      [450, 0, 0],
      [480, 0, 0],
    ],
    bound: whole,
    is: granted(450, 350),
  },
  {
    name: 'the first without room is named, and it waits where there is none',
    stands: [
      [900, 0, 0],
      [900, 0, 801],
      [900, 0, 850],
    ],
    bound: whole,
    is: refused(1, 100, [1, 2]),
  },
  {
    name: 'one of them is spent: that is named, and nobody waits',
    stands: [
      [900, 0, 850],
      [900, 850, 0],
    ],
    bound: whole,
    is: refused(1, 100, []),
  },
  {
    name: 'a quarter of what is not spent is held: it is not crowded',
    stands: [[100_000, 20_000, 20_000]],
    bound: boundOf(100, 10_000),
    is: granted(10_100, 10_000),
  },
  {
    name: 'more than a quarter of it is held: a modest output is all there is',
    stands: [
      [900_000, 0, 0],
      [100_000, 20_000, 20_001],
    ],
    bound: boundOf(100, 10_000),
    is: granted(6_244, 6_144),
  },
  {
    name: 'its budget lets nobody wait',
    claims: [{}, { queueMs: 0 }],
    stands: [
      [900, 0, 0],
      [900, 0, 850],
    ],
    bound: whole,
    is: refused(1, 100, []),
  },
  {
    name: 'somebody waits before it, and it has to wait in turn',
    stands: [
      [900, 0, 0],
      [900, 0, 0, 'closed'],
    ],
    bound: whole,
    is: refused(1, 100, [1]),
  },
  {
    name: 'what is closed has no room for nothing',
    stands: [[9, 0, 0, 'closed']],
    bound: boundOf(0, 0),
    is: refused(0, 0, [0]),
  },
  {
    name: 'soft claims never refuse, and do not close',
    claims: [{ isHard: false }, {}, { isHard: false }],
    stands: [
      [0, 99, 0, 'closed'],
      [900, 0, 850],
      [0, 0, 0],
    ],
    bound: whole,
    is: refused(1, 100, [1]),
  },
  {
    name: 'only soft claims: all of it',
    claims: [{ isHard: false }],
    stands: [[0, 99, 0]],
    bound: whole,
    is: granted(500, 400),
  },
  {
    name: 'only soft claims, and nobody knows how much',
    claims: [{ isHard: false }],
    stands: [[0, 99, 0]],
    is: { ok: true, amount: 0n, maxOutput: undefined },
  },
];

describe('a reserve', () => {
  it.each(cases)('is judged where $name', ({ claims, stands, bound, minOutput = 0, is }) => {
    const all = stands.map((_, at) => claim({ budgetId: `bud_${at}`, ...claims?.[at] }));
    expect(judgeReserve({ claims: all, bound, minOutput }, stands.map(stand))).toMatchObject(is);
  });

  it('tells what it would have taken and what there was', () => {
    const claims = [claim()];
    const verdict = judgeReserve({ claims, bound: whole, minOutput: 50 }, [stand([700, 500, 100])]);
    expect(verdict).toEqual({
      ok: false,
      shortfall: {
        claim: claims[0],
        limit: nano(700),
        settled: nano(500),
        reserved: nano(100),
        needed: nano(150),
      },
      closes: [0],
    });
  });

  it('never passes a hard budget without a bound', () => {
    const reserve = { claims: [claim()], bound: undefined, minOutput: 0 };
    expect(() => judgeReserve(reserve, [stand([1, 0, 0])])).toThrow(TypeError);
  });
});
