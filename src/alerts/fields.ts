/** Alerts as JSON for programs: camelCase, money as decimal dollars, times as ISO 8601. */
import { formatUsd } from '../base/money.ts';
import type { BudgetAlert } from '../ledger/alert.ts';
import { FOREVER_MS } from '../ledger/period.ts';
import type { Alert, DriftAlert } from './alert.ts';
import { healthFields, isHealthAlert } from './health.ts';
import { securityFields } from './security-alert.ts';
import type { Circumstances } from './wording.ts';

export type AlertFields = Readonly<Record<string, unknown>>;

/** Without circumstances: what the row itself says. */
export function fieldsOfAlert(alert: Alert, circumstances?: Circumstances): AlertFields {
  if (isHealthAlert(alert)) return healthFields(alert);
  if (alert.topic === 'security.honeypot') return securityFields(alert);
  return alert.topic === 'reconciliation.drift' ? driftFields(alert) : budgetFields(alert, circumstances);
}

function budgetFields(alert: BudgetAlert, circumstances: Circumstances | undefined): AlertFields {
  const isEndless = alert.period === 'total' || alert.windowEnd >= FOREVER_MS;
  return {
    budgetId: alert.budgetId,
    budgetName: alert.budgetName,
    workspaceId: alert.workspaceId,
    scope: alert.scopeKind,
    subject: alert.subject,
    period: alert.period,
    windowStart: iso(alert.windowStart),
    resetsAt: isEndless ? null : iso(alert.windowEnd),
    thresholdPercent: alert.threshold ?? null,
    limitUsd: usd(alert.limitNano),
    spentUsd: usd(alert.settledNano),
    ...(circumstances && circumstanceFields(circumstances)),
  };
}

function circumstanceFields({ traits, projection }: Circumstances): AlertFields {
  return {
    action: traits ? (traits.isHard ? 'block' : 'warn') : null,
    projectedUsd: projection?.projected === undefined ? null : usd(projection.projected),
    crossesAt: projection?.crossesAtMs === undefined ? null : iso(projection.crossesAtMs),
  };
}

function driftFields({
  provider,
  model,
  dayStart,
  bookedNano,
  driftNano,
  causes,
  reconciliation,
}: DriftAlert): AlertFields {
  return {
    provider,
    model,
    day: iso(dayStart).slice(0, 10),
    bookedUsd: usd(bookedNano),
    driftUsd: usd(driftNano),
    causes: causes.map(({ cause, nano }) => ({ cause, usd: usd(nano) })),
    reconciliation,
  };
}

function usd(nano: string | bigint): string {
  return formatUsd(BigInt(nano));
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
