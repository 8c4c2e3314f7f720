/** Alerts in plain words: whose budget, how much of how much, until when, where it is going, and what happens then. */
import { type Period, rollingHours } from '../base/budget.ts';
import { formatUsd } from '../base/money.ts';
import type { BudgetAlert } from '../ledger/alert.ts';
import { FOREVER_MS } from '../ledger/period.ts';
import type { Projection } from '../ledger/projection.ts';
import type { Alert, BudgetTraits, DriftAlert } from './alert.ts';
import { clean } from './clean.ts';
import { isHealthAlert, sayHealth, titleOfHealth } from './health.ts';
import { saySecurity, titleOfSecurity } from './security-alert.ts';

/** What of an alert is looked up: a budget may have been deleted since. */
export interface Circumstances {
  readonly traits: BudgetTraits | undefined;
  readonly projection: Projection | undefined;
}

export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
  readonly hint: string;
}

export function sayAlert(alert: Alert, circumstances: Circumstances): Words {
  if (isHealthAlert(alert)) return sayHealth(alert);
  if (alert.topic === 'security.honeypot') return saySecurity(alert);
  if (alert.topic === 'reconciliation.drift') return sayDrift(alert);
  return {
    title: titleOf(alert),
    lines: [
      saySpent(alert),
      sayWindow(alert, circumstances),
      ...sayProjection(alert, circumstances),
      ...sayConsequence(alert, circumstances),
    ],
    hint: `turnpike budgets show ${clean(alert.budgetId)}`,
  };
}

/** One line that needs no look-up. */
export function titleOf(alert: Alert): string {
  if (isHealthAlert(alert)) return titleOfHealth(alert);
  if (alert.topic === 'security.honeypot') return titleOfSecurity(alert);
  if (alert.topic === 'reconciliation.drift') return titleOfDrift(alert);
  const budget = `Budget "${clean(alert.budgetName)}"`;
  if (alert.topic === 'budget.blocked') return `${budget}: requests are refused`;
  return `${budget}: ${alert.threshold} % of ${usd(alert.limitNano)} is spent`;
}

function saySpent({ limitNano, settledNano, scopeKind, subject }: BudgetAlert): string {
  const limit = BigInt(limitNano);
  const percent = limit > 0n ? ` (${(BigInt(settledNano) * 100n) / limit} %)` : '';
  const whose =
    scopeKind === 'workspace' ? 'the workspace' : `${scopeKind.replaceAll('-', ' ')} "${clean(subject)}"`;
  return `${usd(settledNano)} of ${usd(limitNano)}${percent} is spent by ${whose}.`;
}

function sayWindow({ period, windowStart, windowEnd }: BudgetAlert, { traits }: Circumstances): string {
  const hours = rollingHours(period);
  if (hours !== undefined)
    return `It counts the last ${hours} hours at any moment, so some of it comes back every hour.`;
  if (period === 'total' || windowEnd >= FOREVER_MS)
    return 'It counts all that is ever spent: it does not reset.';
  const zone = traits?.timeZone ?? 'UTC';
  const since = moment(windowStart, zone);
  return `It counts ${unitOf(period as Period)} that began ${since} and resets ${moment(windowEnd, zone)} (${zone}).`;
}

function unitOf(period: Period): string {
  return period === 'day' || period === 'week' || period === 'month' ? `the ${period}` : 'the window';
}

function sayProjection({ period }: BudgetAlert, { projection, traits }: Circumstances): string[] {
  if (!projection) return [];
  const { projected, crossesAtMs } = projection;
  const zone = traits?.timeZone ?? 'UTC';
  const sum =
    projected === undefined
      ? undefined
      : rollingHours(period) === undefined
        ? `${usd(projected)} is spent by the reset`
        : `it comes to ${usd(projected)}`;
  const when =
    crossesAtMs === undefined ? undefined : `the limit is reached on ${moment(crossesAtMs, zone)} (${zone})`;
  const parts = [when, sum].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [`At this pace ${parts.join(', and ')}.`];
}

function sayConsequence({ topic, period }: BudgetAlert, { traits }: Circumstances): string[] {
  if (!traits) return [];
  if (!traits.isHard) return ['The budget only tells: no request is refused because of it.'];
  if (topic === 'budget.threshold') return ['Requests that would pass the limit are refused.'];
  const until = period === 'total' ? 'its limit is raised' : 'it resets or its limit is raised';
  return [`Requests that do not fit into what is left are refused until ${until}.`];
}

function titleOfDrift({ provider, model, driftNano, dayStart }: DriftAlert): string {
  const drift = BigInt(driftNano);
  const what = `${clean(provider)}/${clean(model ?? '(tools)')} on ${dayOf(dayStart)}`;
  return drift > 0n
    ? `${what}: billed ${usd(drift)} more than is booked`
    : `${what}: billed ${usd(-drift)} less than is booked`;
}

function sayDrift(alert: DriftAlert): Words {
  const booked = BigInt(alert.bookedNano);
  const billed = booked + BigInt(alert.driftNano);
  const causes = alert.causes.map(
    ({ cause, nano }) => `${clean(cause).replaceAll('_', ' ')} ${signed(nano)}`,
  );
  return {
    title: titleOfDrift(alert),
    lines: [
      `The provider's bill says ${usd(billed)}, the ledger ${usd(booked)}.`,
      ...(causes.length === 0 ? [] : [`Causes: ${causes.join(', ')}.`]),
      'Nothing was booked: an adjustment is proposed.',
    ],
    hint: 'turnpike ledger proposals',
  };
}

function signed(nano: string): string {
  return nano.startsWith('-') ? `-${usd(nano.slice(1))}` : `+${usd(nano)}`;
}

/** To the cent, rounded; small amounts to six digits. */
function usd(nano: string | bigint): string {
  const amount = BigInt(nano);
  const size = amount < 0n ? -amount : amount;
  const unit = size < 1_000_000_000n ? 1_000n : 10_000_000n;
  const text = formatUsd(((size + unit / 2n) / unit) * unit);
  return `${amount < 0n ? '-' : ''}$${text}`;
}

/** `3 Dec 2026 14:00`. */
function moment(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('day')} ${part('month')} ${part('year')} ${part('hour')}:${part('minute')}`;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
