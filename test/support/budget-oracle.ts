/**
 * A model in memory of what src/ledger/ledger-store.ts promises of money and rates: said a second time, from its
 * comments alone, so that a store which agrees with it is right and not merely the same. It is slow and plain.
 */
import type { Entry } from '../../src/ledger/book.ts';
import type { Bound } from '../../src/ledger/bound.ts';
import type { Claim } from '../../src/ledger/budget.ts';
import type { AttemptKey, Grant } from '../../src/ledger/ledger.ts';
import type { Batch, HoldChange, Reserve } from '../../src/ledger/ledger-store.ts';
import { type BudgetModel, type ModelWindow, sumFrom, windowName } from './budget-model.ts';
import { bring, crossAlert, nextAlert, tellBlocked } from './budget-oracle-alerts.ts';
import { giveRatesBack, takeRates } from './budget-oracle-rates.ts';

export interface Expected {
  readonly duplicates: readonly AttemptKey[];
  readonly late: readonly AttemptKey[];
  readonly grants: readonly Grant[];
  readonly holds: readonly boolean[];
}

export function applyToModel(model: BudgetModel, batch: Batch, nowMs: number): Expected {
  for (const key of batch.releases) giveBack(model, nameOf(key), undefined);
  const duplicates: AttemptKey[] = [];
  const late: AttemptKey[] = [];
  for (const { entry } of batch.posts) {
    const became = post(model, entry, nowMs);
    const key = { exchangeId: entry.exchange_id, attempt: entry.attempt };
    if (became !== 'entry') duplicates.push(key);
    if (became === 'correction') late.push(key);
  }
  const holds = batch.holds.map((change) => changeHold(model, change));
  for (const claim of batch.refusals) refuse(model, claim, nowMs);
  const closed = new Set<string>();
  const grants = batch.reserves.map((reserve) => judge(model, reserve, closed, nowMs));
  return { duplicates, late, grants, holds };
}

export function nameOf({ exchangeId, attempt }: AttemptKey): string {
  return `${exchangeId}/${attempt}`;
}

function readNames(text: string | null): readonly string[] {
  const keys = JSON.parse(text ?? '[]') as [string, string, number][];
  return keys.map((key) => windowName(...key));
}

/** What was held by it. */
function giveBack(model: BudgetModel, name: string, entry: Entry | undefined): bigint {
  const hold = model.holds.get(name);
  if (!hold) return 0n;
  model.holds.delete(name);
  for (const key of hold.windows) model.windows.get(key)!.reserved -= hold.amount;
  giveRatesBack(model.rates, hold.rates, entry);
  return hold.amount;
}

function post(model: BudgetModel, entry: Entry, nowMs: number): 'entry' | 'correction' | 'nothing' {
  const name = `${entry.exchange_id}/${entry.attempt}`;
  const given = giveBack(model, name, entry);
  const booked = model.entries.get(name);
  if (!booked) {
    model.entries.set(name, entry);
    addCost(model, entry, entry.cost_nano, given, nowMs);
    return 'entry';
  }
  if (booked.status !== 'interrupted' || entry.status === 'interrupted' || model.corrected.has(name))
    return 'nothing';
  model.corrected.add(name);
  addCost(model, entry, entry.cost_nano - booked.cost_nano, given, nowMs);
  return 'correction';
}

function addCost(model: BudgetModel, entry: Entry, cost: bigint, given: bigint, nowMs: number): void {
  for (const key of readNames(entry.windows)) {
    const window = model.windows.get(key);
    if (!window) continue;
    if (cost > given) window.overruns += 1;
    crossAlert(model, window, cost, nowMs);
  }
}

/** Makes the window, and brings what a newer version of its budget says. */
export function touch(model: BudgetModel, claim: Claim): ModelWindow {
  const key = windowName(claim.budgetId, claim.subject, claim.windowStart);
  const known = model.windows.get(key);
  if (known) {
    if (claim.version > known.version) bring(known, claim, claim.countedFrom < claim.windowStart);
    if (!claim.isHard) known.isExcused = true;
    return known;
  }
  const made: ModelWindow = {
    budgetId: claim.budgetId,
    subject: claim.subject,
    start: claim.windowStart,
    end: claim.windowEnd,
    limit: claim.limit,
    version: claim.version,
    settled: 0n,
    reserved: 0n,
    requests: 0,
    refusals: 0,
    overruns: 0,
    blockedAt: null,
    alertAt: nextAlert(claim, 0n, undefined),
    isExcused: !claim.isHard,
  };
  if (claim.countedFrom < claim.windowStart) made.alertAt = undefined;
  model.windows.set(key, made);
  return made;
}

function changeHold(model: BudgetModel, change: HoldChange): boolean {
  const hold = model.holds.get(nameOf(change));
  if (!hold) return false;
  const more = change.amount - hold.amount;
  if (more > 0n) {
    for (const claim of change.claims) touch(model, claim);
    const isFull = change.claims.some((claim) => claim.isHard && headroomOf(model, claim).left < more);
    if (isFull) return false;
  }
  hold.amount = change.amount;
  for (const key of hold.windows) model.windows.get(key)!.reserved += more;
  return true;
}

function refuse(model: BudgetModel, claim: Claim, nowMs: number): void {
  const window = touch(model, claim);
  window.refusals += 1;
  if (window.blockedAt !== null) return;
  window.blockedAt = nowMs;
  tellBlocked(model, window, sumFrom(model, claim, claim.countedFrom).settled, nowMs);
}

interface Headroom {
  readonly window: ModelWindow;
  readonly settled: bigint;
  readonly reserved: bigint;
  readonly left: bigint;
}

function headroomOf(model: BudgetModel, claim: Claim): Headroom {
  const window = model.windows.get(windowName(claim.budgetId, claim.subject, claim.windowStart))!;
  const { settled, reserved } = sumFrom(model, claim, claim.countedFrom);
  return { window, settled, reserved, left: window.limit - settled - reserved };
}

function judge(model: BudgetModel, reserve: Reserve, closed: Set<string>, nowMs: number): Grant {
  const taken = takeRates(model.rates, reserve.rates, nowMs);
  if ('refusal' in taken) return taken.refusal;
  for (const claim of reserve.claims) touch(model, claim);
  const verdict = judgeMoney(model, reserve, closed);
  if ('shortfall' in verdict) return { ok: false, reason: 'over_budget', shortfall: verdict.shortfall };
  const { reservation, claims, bound } = reserve;
  const { amount, maxOutput } = verdict;
  for (const [key, rate] of taken.rates) model.rates.set(key, rate);
  for (const key of readNames(reservation.windows)) {
    const window = model.windows.get(key)!;
    window.reserved += amount;
    window.requests += 1;
  }
  model.holds.set(`${reservation.exchange_id}/${reservation.attempt}`, {
    amount,
    maxOutput: bound && claims.length > 0 ? maxOutput : reservation.max_output_tokens,
    windows: readNames(reservation.windows),
    rates: JSON.parse(reservation.rates ?? '[]'),
  });
  const isPlain = claims.length === 0 && reserve.rates.length === 0;
  if (isPlain) return { ok: true };
  return { ok: true, amount, ...(bound && { maxOutput }), rates: taken.left } as Grant;
}

type MoneyVerdict =
  | { readonly amount: bigint; readonly maxOutput: number }
  | { readonly shortfall: Extract<Grant, { reason: 'over_budget' }>['shortfall'] };

function judgeMoney(model: BudgetModel, reserve: Reserve, closed: Set<string>): MoneyVerdict {
  const { claims, bound, minOutput } = reserve;
  if (!bound) return { amount: reserve.reservation.amount_nano, maxOutput: 0 };
  const hard = claims.filter(({ isHard }) => isHard).map((claim) => ({ claim, ...headroomOf(model, claim) }));
  const keyOf = ({ budgetId, subject, start }: ModelWindow) => windowName(budgetId, subject, start);
  const needed = costOf(bound, Math.min(minOutput, bound.maxOutput));
  const short = hard.filter(({ window, left }) => closed.has(keyOf(window)) || left < needed);
  const lost = short.find((one) => one.settled + needed > one.window.limit);
  const full = lost ?? short[0];
  if (full) {
    const mayWait = full.claim.queueMs > 0 && lost === undefined;
    if (mayWait) for (const { window } of short) closed.add(keyOf(window));
    const { claim, window, settled, reserved } = full;
    const shortfall = { claim, limit: window.limit, settled, reserved, needed };
    return { shortfall } as MoneyVerdict;
  }
  const fits = (output: number) => hard.every(({ left }) => costOf(bound, output) <= left);
  const isCrowded = hard.some((one) => one.reserved * 4n > one.window.limit - one.settled);
  const modest = Math.max(6_144, minOutput);
  const maxOutput = largest(isCrowded ? Math.min(modest, bound.maxOutput) : bound.maxOutput, fits);
  return { amount: costOf(bound, maxOutput), maxOutput };
}

function costOf({ basePico, outputRatePico }: Bound, output: number): bigint {
  const pico = basePico + outputRatePico * BigInt(output);
  return pico / 1000n + (pico % 1000n === 0n ? 0n : 1n);
}

/** The largest number up to `most` that fits, found by halving; 0 does. */
function largest(most: number, fits: (value: number) => boolean): number {
  if (fits(most)) return most;
  let low = 0;
  let high = most;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
