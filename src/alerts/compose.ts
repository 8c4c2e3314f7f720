/** Makes a message of a row of the outbox: its words, with what its budget and its pace were when it happened. */
import type { ScopeKind } from '../base/budget.ts';
import { nanoUsd } from '../base/money.ts';
import type { BudgetAlert } from '../ledger/alert.ts';
import { recentPaces } from '../ledger/pace.ts';
import { countedFrom } from '../ledger/period.ts';
import { type Projection, projectSpend } from '../ledger/projection.ts';
import type { Store } from '../store/store.ts';
import { type Alert, type BudgetTraits, readAlert } from './alert.ts';
import { fieldsOfAlert } from './fields.ts';
import type { Due } from './outbox.ts';
import type { Message } from './sink.ts';
import { type Circumstances, sayAlert } from './wording.ts';

/** Later than this the pace of the moment cannot be told any more: rollups know hours, and no minutes. */
const FRESH_MS = 10 * 60_000;

/** undefined = the row is none of ours, or damaged. Rejects only where the database cannot be read. */
export async function composeMessage(
  store: Store,
  { id, topic, payload, atMs }: Pick<Due, 'id' | 'topic' | 'payload' | 'atMs'>,
  nowMs: number,
): Promise<Message | undefined> {
  const alert = readAlert(topic, payload);
  if (!alert) return undefined;
  const circumstances = await findCircumstances(store, alert, nowMs);
  return { id, topic, atMs, ...sayAlert(alert, circumstances), data: fieldsOfAlert(alert, circumstances) };
}

/** The others have none: they say all themselves. */
function isBudgetAlert(alert: Alert): alert is BudgetAlert {
  return alert.topic === 'budget.threshold' || alert.topic === 'budget.blocked';
}

async function findCircumstances(store: Store, alert: Alert, nowMs: number): Promise<Circumstances> {
  if (!isBudgetAlert(alert)) return { traits: undefined, projection: undefined };
  const traits = await findTraits(store, alert);
  // A refusal is not about where spend is going: it is there.
  const isGoing = alert.topic === 'budget.threshold' && nowMs - alert.at <= FRESH_MS;
  const projection = isGoing ? await projectAlert(store, alert) : undefined;
  return { traits, projection };
}

async function findTraits(store: Store, { budgetId }: BudgetAlert): Promise<BudgetTraits | undefined> {
  const row = await store.kysely
    .selectFrom('budgets')
    .select(['id', 'enforcement', 'time_zone'])
    .where('id', '=', budgetId)
    .executeTakeFirst();
  return row && { id: row.id, isHard: row.enforcement === 'hard', timeZone: row.time_zone };
}

/** As of the moment of the alert. */
async function projectAlert(store: Store, alert: BudgetAlert): Promise<Projection | undefined> {
  const { workspaceId, subject, at, windowStart, windowEnd } = alert;
  const period = alert.period as Parameters<typeof countedFrom>[0]['period'];
  const paced = { workspaceId, scopeKind: alert.scopeKind as ScopeKind, period };
  const paces = await recentPaces(store, paced, [subject], at);
  return projectSpend({
    period,
    startMs: countedFrom({ period }, { startMs: windowStart, endMs: windowEnd }),
    endMs: windowEnd,
    nowMs: at,
    spent: nanoUsd(BigInt(alert.settledNano)),
    limit: nanoUsd(BigInt(alert.limitNano)),
    recent: paces.get(subject),
  });
}
