/** What agents spent, and when their traffic was last booked: of a few names at once, from rollups as far as they reach. */
import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Store } from '../../store/store.ts';
import { DAY_MS, HOUR_MS } from '../rollup.ts';
import { groupings } from '../usage.ts';
import { loadKept, spansOf, type TimeRange } from './spans.ts';
import { noSums, type Sums, sumSpans } from './sums.ts';

/** Names are texts of clients: there may be any number of them, so it is always said which. */
export interface AgentNames {
  readonly workspaceId: WorkspaceId;
  readonly names: readonly string[];
}

export interface AgentSpend {
  readonly month: Sums;
  readonly total: Sums;
}

/** Every name has a value. Months are those of UTC. */
export async function sumAgents(
  store: Store,
  { workspaceId, names }: AgentNames,
  nowMs: number,
): Promise<ReadonlyMap<string, AgentSpend>> {
  const untilMs = nowMs + 1;
  const kept = await loadKept(store, workspaceId);
  const scope = { workspaceId, agentIds: names, limit: names.length };
  const sum = async (range: TimeRange) => {
    const rows =
      names.length === 0 ? [] : await sumSpans(store, spansOf(range, kept), groupings.agent, scope);
    return new Map(rows.map((row) => [row.value, row]));
  };
  const month = await sum({ sinceMs: startOfMonth(nowMs), untilMs });
  const total = await sum({ sinceMs: 0, untilMs });
  return new Map(
    names.map((name) => [name, { month: month.get(name) ?? noSums, total: total.get(name) ?? noSums }]),
  );
}

function startOfMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
}

/** Hours are looked through for so long; what is older is known to the day. */
const HOURS_MS = 31 * DAY_MS;

/**
 * The last entry of each name that has one: exactly where it is of the last hour, else the beginning of its hour, and
 * after a month of its day (UTC).
 */
export async function lastBooked(
  { kysely }: Pick<Store, 'kysely'>,
  { workspaceId, names }: AgentNames,
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const newest = (table: string, time: string, sinceMs: number): RawBuilder<unknown> => sql`
    select agent_id as name, max(${sql.ref(time)}) as at from ${sql.table(table)}
    where workspace_id = ${workspaceId} and ${sql.ref(time)} >= ${sql.lit(sinceMs)}
      and agent_id in (${sql.join(names)}) group by agent_id`;
  const sources = [
    newest('usage_days', 'day', 0),
    newest('usage_hours', 'hour', nowMs - HOURS_MS),
    newest('ledger_entries', 'created_at', nowMs - HOUR_MS),
  ];
  const { rows } = await sql<{ name: string; at: number }>`
    select name, max(at) as at from (${sql.join(sources, sql` union all `)}) as seen group by name`.execute(
    kysely,
  );
  return new Map(rows.map(({ name, at }) => [name, at]));
}
