/** What may happen to budgets and attempts in a random life, as data. */
import fc from 'fast-check';
import type { Budget } from '../../src/ledger/budget.ts';

/** What may happen. Attempts are named by their number modulo those that can be meant. */
export type BudgetStep =
  | {
      readonly kind: 'reserve';
      readonly who: number;
      readonly input: number;
      readonly output: number;
      readonly floor: number;
      readonly rates: number;
    }
  | { readonly kind: 'settle'; readonly which: number; readonly share: number; readonly status: Ending }
  | { readonly kind: 'settle again'; readonly which: number; readonly share: number }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'hold'; readonly which: number; readonly share: number }
  | { readonly kind: 'refuse'; readonly who: number; readonly which: number }
  | { readonly kind: 'commit' }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'jump'; readonly hours: number }
  | { readonly kind: 'change'; readonly which: number; readonly terms: Terms; readonly isSeen: boolean }
  | { readonly kind: 'see' }
  | { readonly kind: 'die' };

export type Ending = 'ok' | 'not_sent' | 'interrupted';

export interface Terms {
  /** In cents. */
  readonly limit: number;
  readonly isHard: boolean;
  readonly thresholds: readonly number[];
}

const terms = fc.record({
  limit: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 5, max: 40 })),
  isHard: fc.boolean(),
  thresholds: fc.subarray([10, 50, 80, 100, 150]),
});

export interface BudgetLife {
  /** One for each of `kinds`. */
  readonly terms: readonly Terms[];
  readonly steps: readonly BudgetStep[];
}

/** Whose budgets there are, and of what period. */
export const kinds = [
  { scope: { kind: 'workspace', id: '*' }, period: 'day' },
  { scope: { kind: 'key', id: '*' }, period: 'day' },
  { scope: { kind: 'model', id: 'p/m1' }, period: 'rolling:3' },
  { scope: { kind: 'agent', id: '*' }, period: 'total' },
  { scope: { kind: 'member', id: 'mem_0' }, period: 'month' },
  { scope: { kind: 'session', id: '*' }, period: 'rolling:1' },
] as const satisfies readonly Pick<Budget, 'scope' | 'period'>[];

function step<K extends BudgetStep['kind'], R>(kind: K, fields: { [P in keyof R]: fc.Arbitrary<R[P]> }) {
  return fc.record({ kind: fc.constant(kind), ...fields }) as fc.Arbitrary<{ kind: K } & R>;
}

const anySteps = fc.oneof(
  {
    weight: 10,
    arbitrary: step('reserve', {
      who: fc.nat(11),
      input: fc.integer({ min: 1, max: 20_000 }),
      output: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8_000 })),
      floor: fc.constantFrom(0, 1, 300, 1_024, 9_000),
      rates: fc.nat(31),
    }),
  },
  {
    weight: 9,
    arbitrary: step('settle', {
      which: fc.nat(),
      // Per cent of what was expected: mostly less, now and then more.
      share: fc.oneof({ weight: 5, arbitrary: fc.nat(100) }, fc.integer({ min: 100, max: 400 })),
      status: fc.constantFrom<Ending>('ok', 'ok', 'ok', 'not_sent', 'interrupted'),
    }),
  },
  { weight: 2, arbitrary: step('settle again', { which: fc.nat(), share: fc.nat(200) }) },
  { weight: 1, arbitrary: step('release', { which: fc.nat() }) },
  { weight: 4, arbitrary: step('hold', { which: fc.nat(), share: fc.nat(250) }) },
  { weight: 1, arbitrary: step('refuse', { who: fc.nat(11), which: fc.nat() }) },
  { weight: 9, arbitrary: step('commit', {}) },
  { weight: 3, arbitrary: step('pass', { seconds: fc.oneof(fc.nat(60), fc.nat(7_200)) }) },
  { weight: 1, arbitrary: step('jump', { hours: fc.constantFrom(-25, -1, 1, 25) }) },
  { weight: 2, arbitrary: step('change', { which: fc.nat(), terms, isSeen: fc.boolean() }) },
  { weight: 2, arbitrary: step('see', {}) },
  { weight: 1, arbitrary: step('die', {}) },
) as fc.Arbitrary<BudgetStep>;

/** Lives of at most so many steps. */
export function budgetLives(most: number): fc.Arbitrary<BudgetLife> {
  return fc.record({
    terms: fc.tuple(...kinds.map(() => terms)),
    steps: fc.array(anySteps, { minLength: Math.min(20, most), maxLength: most, size: 'max' }),
  });
}
