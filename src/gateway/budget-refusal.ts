/** What a client is told when a budget has no room for its request. */
import { writeScope } from '../base/budget.ts';
import { formatUsd, nanoUsd } from '../base/money.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import { affordableOutput } from '../ledger/bound.ts';
import type { Claim } from '../ledger/budget.ts';
import type { Shortfall } from '../ledger/ledger.ts';
import { FOREVER_MS } from '../ledger/period.ts';
import { mayFitLater } from '../ledger/wait.ts';
import type { Spending } from './spending.ts';

/** What runs gives back within seconds; the rest comes with the next window. */
const HELD_RETRY_S = 5;

/** In words: which budget, whose, how much is left, what the request would take, and when there is more. */
export function budgetRefusal(shortfall: Shortfall, { bound, minOutput }: Spending, nowMs: number): Refusal {
  const { claim, limit, settled, reserved, needed } = shortfall;
  const left = limit - settled - reserved;
  const what = `the budget "${claim.name}" (${describe(claim)})`;
  const said = left <= 0n ? 'is used up' : `has $${formatUsd(left)} left`;
  const running = reserved > 0n ? `, $${formatUsd(reserved)} of it held by requests that run` : '';
  const cost = bound ? `; this request may cost up to $${formatUsd(bound.amountNano)}` : '';
  const fits = bound ? fitting(left, bound, minOutput, needed) : '';
  const resets =
    claim.windowEnd === FOREVER_MS
      ? 'it does not reset'
      : `it resets at ${new Date(claim.windowEnd).toISOString()}`;
  const message = `${what} ${said} of $${formatUsd(limit)} (spent $${formatUsd(settled)}${running})${cost}${fits}; ${resets}`;
  const isHeld = mayFitLater(shortfall);
  if (!isHeld && claim.windowEnd === FOREVER_MS) return refuse('budget_exceeded', message);
  const retryAfterS = isHeld ? HELD_RETRY_S : Math.max(1, Math.ceil((claim.windowEnd - nowMs) / 1_000));
  return refuse('budget_exceeded', message, { retryAfterS });
}

function describe({ scope, subject, windowStart, windowEnd }: Claim): string {
  const since = windowEnd === FOREVER_MS ? 'for good' : `since ${new Date(windowStart).toISOString()}`;
  return `${writeScope({ kind: scope, id: subject })}, ${since}`;
}

function fitting(
  left: bigint,
  bound: NonNullable<Spending['bound']>,
  minOutput: number,
  needed: bigint,
): string {
  const output = left > 0n ? affordableOutput(nanoUsd(left), bound, 1) : undefined;
  if (output !== undefined && output > 0)
    return `, and ${output} output tokens would fit, fewer than the ${minOutput} that are of use`;
  return `, at least $${formatUsd(needed)}`;
}
