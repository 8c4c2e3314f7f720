/** The hard budgets that replicas which are killed share: one for all time, and one of hours. */
import { nanoUsd } from '../../src/base/money.ts';
import { type Bound, withOutput } from '../../src/ledger/bound.ts';
import { type Budget, type Claim, compileBudgets, matchBudgets } from '../../src/ledger/budget.ts';

/** As `request` and `settled` of fake-ledger-store.ts: 100 tokens in are reserved, with 50 out; 10 and 5 are used. */
const whole = { inputTokens: 100, maxOutput: 50, inputNano: nanoUsd(100_000n), fixedNano: nanoUsd(0n) };
const picos = { basePico: 100_000_000n, outputRatePico: 2_000_000n };
export const sharedBound: Bound = withOutput({ ...whole, ...picos, amountNano: nanoUsd(0n) }, 50);

/** A few hundred at once of the first, and some thousands in all of the second. */
const budgets = [
  { id: 'bud_hours', period: 'rolling:24', limit: nanoUsd(60_000_000n) },
  { id: 'bud_total', period: 'total', limit: nanoUsd(90_000_000n) },
] as const;

const compiled = compileBudgets(
  budgets.map(
    (budget): Budget => ({
      ...budget,
      workspaceId: 'ws_1',
      name: budget.id,
      scope: { kind: 'workspace', id: '*' },
      enforcement: 'hard',
      timeZone: 'UTC',
      anchorDay: 1,
      queueMs: 0,
      thresholds: [10, 50, 100],
      mode: 'worst-case',
      version: 1,
    }),
  ),
);

export function sharedClaims(atMs: number): readonly Claim[] {
  return matchBudgets(compiled, { workspaceId: 'ws_1', keyId: 'key_1', provider: 'p', model: 'm' }, atMs);
}
