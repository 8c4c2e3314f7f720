/** Drift between books and bills: each cause alone, names, periods, and the laws that hold for all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rates } from '../../catalog/price.ts';
import { type CompareInput, compareBooks, type DriftRow } from './compare.ts';
import { familyOf, groupNames } from './family.ts';
import { proposeAdjustments } from './propose.ts';
import {
  addTokens,
  type Bill,
  type BillRow,
  foldInput,
  noTokens,
  type OurSum,
  type Tokens,
} from './sides.ts';

const DAY_MS = 86_400_000;
const DAY = Date.parse('2026-11-20');
const LATER = DAY + 3 * DAY_MS;
const day = { startMs: DAY, endMs: DAY + DAY_MS };
/** $3 and $15 per million tokens. */
const rates: Rates = { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite5m: 3_750_000 };
const DOLLAR = 1_000_000_000n;

const tokens = (input: number, output = 0, more: Partial<Tokens> = {}): Tokens => ({
  ...noTokens,
  input,
  output,
  ...more,
});

const ours = (sum: Partial<OurSum>): OurSum => ({
  provider: 'anthropic',
  model: 'claude-x',
  startMs: DAY,
  tokens: noTokens,
  cost: 0n,
  fees: 0n,
  estimated: noTokens,
  interrupted: noTokens,
  unpriced: noTokens,
  ...sum,
});
const billed = (row: Partial<BillRow>): BillRow => ({ ...day, model: 'claude-x', ...row });

function bill(rows: readonly BillRow[], more: Partial<Bill> = {}): Bill {
  const covered = { tokensCovered: [day], costsCovered: [day] };
  return {
    provider: 'anthropic',
    rows,
    ...covered,
    isInputWhole: false,
    hasToolRows: true,
    notes: [],
    ...more,
  };
}

function compare(our: readonly OurSum[], theirs: Bill, more: Partial<CompareInput> = {}) {
  const base = { periods: [day], hasCosts: true, nowMs: LATER, findRates: () => rates };
  return compareBooks({ ours: our, bill: theirs, ...base, ...more });
}

const causesOf = (row: DriftRow | undefined) =>
  Object.fromEntries((row?.causes ?? []).map((c) => [c.cause, c.amount]));

describe('one cause alone', () => {
  const million = 1_000_000;
  const cases: readonly [
    name: string,
    our: Partial<OurSum>,
    their: readonly Partial<BillRow>[],
    causes: Record<string, bigint>,
  ][] = [
    [
      'the key used elsewhere',
      { tokens: tokens(million), cost: 3n * DOLLAR },
      [{ tokens: tokens(3 * million), cost: 9n * DOLLAR }],
      { unrecorded: 6n * DOLLAR },
    ],
    [
      'interrupted attempts that were not billed',
      { tokens: tokens(2 * million), cost: 6n * DOLLAR, interrupted: tokens(million) },
      [{ tokens: tokens(million), cost: 3n * DOLLAR }],
      { phantom: -3n * DOLLAR },
    ],
    [
      'estimates too high',
      { tokens: tokens(2 * million), cost: 6n * DOLLAR, estimated: tokens(2 * million) },
      [{ tokens: tokens(million), cost: 3n * DOLLAR }],
      { estimated: -3n * DOLLAR },
    ],
    [
      'estimates too low',
      { tokens: tokens(0, 100_000), cost: 1_500_000_000n, estimated: tokens(0, 100_000) },
      [{ tokens: tokens(0, 120_000), cost: 1_800_000_000n }],
      { estimated: 300_000_000n },
    ],
    [
      'interrupted attempts booked too low',
      { tokens: tokens(million), cost: 3n * DOLLAR, interrupted: tokens(500_000) },
      [{ tokens: tokens(2 * million), cost: 6n * DOLLAR }],
      { estimated: 1_500_000_000n, unrecorded: 1_500_000_000n },
    ],
    [
      'another price',
      { tokens: tokens(million), cost: 3n * DOLLAR },
      [{ tokens: tokens(million), cost: 4n * DOLLAR }],
      { price: DOLLAR },
    ],
    [
      'no price of ours',
      { tokens: tokens(million), cost: 0n, unpriced: tokens(million) },
      [{ tokens: tokens(million), cost: 3n * DOLLAR }],
      { unpriced: 3n * DOLLAR },
    ],
    [
      'priority tier',
      { tokens: tokens(million), cost: 4n * DOLLAR },
      [{ tokens: tokens(million), isBilledElsewhere: true }],
      { billed_elsewhere: -4n * DOLLAR },
    ],
    [
      'priority tier in part',
      { tokens: tokens(2 * million), cost: 6n * DOLLAR },
      [
        { tokens: tokens(million), isBilledElsewhere: true },
        { tokens: tokens(million), cost: 3n * DOLLAR },
      ],
      { billed_elsewhere: -3n * DOLLAR },
    ],
    [
      'a model only the bill has',
      {},
      [{ tokens: tokens(million), cost: 3n * DOLLAR }],
      { unrecorded: 3n * DOLLAR },
    ],
  ];
  it.each(cases)('%s', (_name, our, their, causes) => {
    const { rows } = compare([ours(our)], bill(their.map(billed)));
    expect(rows).toHaveLength(1);
    expect(causesOf(rows[0])).toEqual(causes);
  });

  it('tools: fees stand against the rows without a model', () => {
    const our = ours({ tokens: tokens(1_000_000), cost: 3n * DOLLAR + 50_000_000n, fees: 50_000_000n });
    const theirs = [
      billed({ tokens: tokens(1_000_000), cost: 3n * DOLLAR }),
      billed({ model: undefined, cost: 70_000_000n }),
    ];
    const { rows, judged } = compare([our], bill(theirs));
    expect(judged).toBe(2);
    expect(rows.map((row) => [row.model, causesOf(row)])).toEqual([[undefined, { tools: 20_000_000n }]]);
  });
});

describe('names', () => {
  it.each([
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-3-7-sonnet-latest', 'claude-3-7-sonnet'],
    ['claude-sonnet-4-0', 'claude-sonnet-4'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['GPT-4-0613', 'gpt-4'],
    ['claude-opus-4@20250514', 'claude-opus-4'],
    ['openai/gpt-4.1', 'openai/gpt-4.1'],
  ])('%s is of %s', (name, family) => expect(familyOf(name)).toBe(family));

  it('compares a family as one where the names differ, and says so', () => {
    const sum = { tokens: tokens(1_000_000), cost: 3n * DOLLAR };
    const { rows, judged } = compare(
      [ours({ model: 'gpt-4o', ...sum })],
      bill([billed({ model: 'gpt-4o-2024-08-06', ...sum })]),
    );
    expect({ rows, judged }).toEqual({ rows: [], judged: 1 });
    const off = compare(
      [ours({ model: 'gpt-4o', ...sum })],
      bill([billed({ model: 'gpt-4o-2024-08-06', ...sum, cost: 5n * DOLLAR })]),
    );
    expect(off.rows[0]).toMatchObject({
      model: 'gpt-4o',
      otherNames: ['gpt-4o-2024-08-06'],
      drift: 2n * DOLLAR,
    });
  });

  it('keeps names apart that one side alone uses', () => {
    const groups = groupNames({
      ours: new Set(),
      billedTokens: new Set(['gpt-4o', 'gpt-4o-2024-08-06']),
      billedCosts: new Set(),
    });
    expect([...groups.values()]).toEqual([['gpt-4o'], ['gpt-4o-2024-08-06']]);
  });

  it('keeps names apart that both sides use', () => {
    const names = new Set(['gpt-4o', 'gpt-4o-2024-08-06']);
    const groups = groupNames({ ours: names, billedTokens: names, billedCosts: names });
    expect([...groups.values()]).toEqual([['gpt-4o'], ['gpt-4o-2024-08-06']]);
  });
});

describe('what is not judged', () => {
  const sums = [ours({ tokens: tokens(5), cost: DOLLAR })];
  it('a period that ended less than 60 minutes ago', () => {
    const at = (minutes: number) => compare(sums, bill([]), { nowMs: day.endMs + minutes * 60_000 });
    expect(at(59).unjudged).toEqual([{ provider: 'anthropic', ...day, reason: 'young' }]);
    expect(at(60).unjudged).toEqual([]);
    expect(at(60).rows).toHaveLength(1);
  });
  it.each(['tokensCovered', 'costsCovered'] as const)('a bucket missing from %s', (missing) => {
    const found = compare(sums, bill([], { [missing]: [] }));
    expect(found).toEqual({
      rows: [],
      judged: 0,
      unjudged: [{ provider: 'anthropic', ...day, reason: 'unreported' }],
    });
  });
  it('values tokens by the price where the bill has no money by the hour', () => {
    const hour = { startMs: DAY, endMs: DAY + 3_600_000 };
    const theirs = bill([billed({ ...hour, tokens: tokens(2_000_000) })], {
      tokensCovered: [hour],
      costsCovered: [],
    });
    const { rows } = compare([ours({ tokens: tokens(1_000_000), cost: 3n * DOLLAR })], theirs, {
      periods: [hour],
      hasCosts: false,
    });
    expect(rows[0]).toMatchObject({ drift: 3n * DOLLAR, theirs: { cost: undefined } });
    expect(proposeAdjustments(rows)).toEqual([]);
  });
});

describe('the line', () => {
  it.each([
    [100n * DOLLAR, 101n * DOLLAR, false],
    [100n * DOLLAR, 101n * DOLLAR + 20_000_000n, true],
    [10n * DOLLAR, 11n * DOLLAR, false],
    [10n * DOLLAR, 11n * DOLLAR + 1n, true],
    [11n * DOLLAR + 1n, 10n * DOLLAR, true],
    [0n, DOLLAR + 1n, true],
  ])('ours %d, theirs %d: over is %s', (our, their, isOver) => {
    const { rows } = compare(
      [ours({ tokens: tokens(1), cost: our })],
      bill([billed({ tokens: tokens(1), cost: their })]),
    );
    expect(rows[0]?.isOver).toBe(isOver);
  });
  it('leaves out what is billed elsewhere', () => {
    const { rows } = compare(
      [ours({ tokens: tokens(1_000), cost: 9n * DOLLAR })],
      bill([billed({ tokens: tokens(1_000), isBilledElsewhere: true })]),
    );
    expect(rows[0]?.isOver).toBe(false);
    expect(proposeAdjustments(rows)).toEqual([]);
  });
});

const count = fc.integer({ min: 0, max: 1e9 });
const someTokens: fc.Arbitrary<Tokens> = fc.record({
  input: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  output: count,
  audioInput: count,
  audioOutput: count,
});
const money = fc.bigInt(0n, 10n ** 14n);
const model = fc.constantFrom('a', 'a-20250101', 'a-20260101', 'b', 'c-latest');
const someOurs = fc.uniqueArray(
  fc
    .record({
      model,
      tokens: someTokens,
      cost: money,
      fees: money,
      estimated: someTokens,
      interrupted: someTokens,
      unpriced: someTokens,
    })
    .map(ours),
  { selector: (sum) => sum.model, maxLength: 5 },
);
const someBill = fc.record({
  rows: fc.array(
    fc
      .record({ model: fc.option(model, { nil: undefined }), tokens: someTokens, cost: money })
      .map((row) => billed(row.model === undefined ? { model: undefined, cost: row.cost } : row)),
    { maxLength: 6 },
  ),
  isInputWhole: fc.boolean(),
});
const someRates = fc.option(fc.constant(rates), { nil: undefined });
const runs = { numRuns: 400 };

describe('laws', () => {
  it('the causes add up to the drift of the row, and the rows to the drift of all', () => {
    fc.assert(
      fc.property(someOurs, someBill, someRates, (sums, { rows: billRows, isInputWhole }, found) => {
        const { rows } = compare(sums, bill(billRows, { isInputWhole }), { findRates: () => found });
        for (const row of rows)
          expect(row.causes.reduce((sum, { amount }) => sum + amount, 0n)).toBe(row.drift);
        const theirs = billRows.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
        const booked = sums.reduce((sum, { cost }) => sum + cost, 0n);
        expect(rows.reduce((sum, { drift }) => sum + drift, 0n)).toBe(theirs - booked);
      }),
      runs,
    );
  });

  it('equal books have no drift, whatever was estimated', () => {
    fc.assert(
      fc.property(someOurs, fc.boolean(), fc.boolean(), (sums, isInputWhole, hasToolRows) => {
        const shape = (all: Tokens) => (isInputWhole ? foldInput(all) : all);
        const rows = sums.map(({ model: name, tokens: all, cost, fees }) =>
          billed({ model: name, tokens: shape(all), cost: hasToolRows ? cost - fees : cost }),
        );
        const fees = sums.map((sum) => billed({ model: undefined, cost: hasToolRows ? sum.fees : 0n }));
        expect(compare(sums, bill([...rows, ...fees], { isInputWhole, hasToolRows })).rows).toEqual([]);
      }),
      runs,
    );
  });

  it('accepting every proposal leaves nothing', () => {
    fc.assert(
      fc.property(someOurs, someBill, (sums, { rows: billRows, isInputWhole }) => {
        const theirs = bill(billRows, { isInputWhole });
        const before = compare(sums, theirs);
        const proposals = proposeAdjustments(before.rows, 0n);
        const adjusted = [
          ...sums,
          ...proposals.map((p) => ours({ model: p.model, tokens: p.tokens, cost: p.cost })),
        ];
        expect(compare(mergeSums(adjusted), theirs).rows).toEqual([]);
      }),
      runs,
    );
  });
});

/** As the database sums them. */
function mergeSums(sums: readonly OurSum[]): OurSum[] {
  const merged = new Map<string, OurSum>();
  for (const sum of sums) {
    const was = merged.get(sum.model) ?? ours({ model: sum.model });
    merged.set(sum.model, {
      ...was,
      tokens: addTokens(was.tokens, sum.tokens),
      cost: was.cost + sum.cost,
      fees: was.fees + sum.fees,
    });
  }
  return [...merged.values()];
}
