/** What an attempt counts against, as its reservation and its entry remember it. */
import type { BudgetId } from '../base/budget.ts';
import type { Claim } from './budget.ts';
import type { HeldRate, RateClaim } from './rate.ts';

/** The row of `budget_windows` an amount is counted in. */
export type WindowKey = readonly [budgetId: BudgetId, subject: string, startAt: number];

/** null = none: most installations have no budgets, and a column of nulls costs nothing. */
export function renderWindows(claims: readonly Claim[]): string | null {
  if (claims.length === 0) return null;
  let text = rendered.get(claims);
  if (text === undefined) {
    text = JSON.stringify(
      claims.map(({ budgetId, subject, windowStart }) => [budgetId, subject, windowStart]),
    );
    rendered.set(claims, text);
  }
  return text;
}

/** The claims of an owner are one list for as long as their windows last. */
const rendered = new WeakMap<readonly Claim[], string>();

export function renderRates(rates: readonly RateClaim[]): string | null {
  if (rates.length === 0) return null;
  return JSON.stringify(rates.map(({ subject, metric, amount, limit }) => [subject, metric, amount, limit]));
}

const NONE: readonly never[] = [];

export function readWindows(text: string | null): readonly WindowKey[] {
  return text === null ? NONE : (JSON.parse(text) as WindowKey[]);
}

export function readRates(text: string | null): readonly HeldRate[] {
  return text === null ? NONE : (JSON.parse(text) as HeldRate[]);
}
