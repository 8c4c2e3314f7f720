/** What was spent, summed by one dimension over a stretch of time: from rollups as far as they reach. */
import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { sumDays } from './analytics/days.ts';
import { keepWhole, loadKept, spansOf, type TimeRange } from './analytics/spans.ts';
import { type Sums, sumSpans, type UsageScope } from './analytics/sums.ts';

export type { TimeRange } from './analytics/spans.ts';

export type UsageDimension = 'model' | 'provider' | 'key' | 'agent' | 'member' | 'day' | 'session';

export interface UsageSum extends Sums {
  /** The value of the dimension (`provider/model`, key id, ISO day); empty where the entries have none. */
  readonly value: string;
  /** Name of the key, where the dimension is `key`. */
  readonly label?: string;
}

export interface UsageQuery extends TimeRange, UsageScope {
  readonly by: UsageDimension;
  readonly limit: number;
  /** Of `day`; UTC by itself. */
  readonly timeZone?: string;
}

/** Dearest first; days newest first. Sessions are summed from the entries, which is slow over long ranges. */
export async function sumUsage(store: Store, query: UsageQuery): Promise<readonly UsageSum[]> {
  if (query.by === 'day') {
    const days = await sumDays(store, { ...query, timeZone: query.timeZone ?? 'UTC' });
    return days.toReversed().slice(0, query.limit);
  }
  const { sinceMs, untilMs } = query;
  const spans =
    query.by === 'session'
      ? keepWhole([{ source: 'entries', sinceMs, untilMs }])
      : spansOf(query, await loadKept(store, query.workspaceId));
  const sums = await sumSpans(store, spans, groupings[query.by], query);
  const labels = query.by === 'key' ? await loadKeyNames(store, query.workspaceId) : undefined;
  return sums.map((sum) => {
    const label = labels?.get(sum.value);
    return label === undefined ? sum : { ...sum, label };
  });
}

/** What rows are grouped by. */
export const groupings: Readonly<Record<Exclude<UsageDimension, 'day'>, RawBuilder<unknown>>> = {
  model: sql`provider || '/' || model`,
  provider: sql`provider`,
  key: sql`key_id`,
  agent: sql`coalesce(agent_id, '')`,
  member: sql`coalesce(member_id, '')`,
  session: sql`coalesce(session_id, '')`,
};

async function loadKeyNames(
  { kysely }: Store,
  workspaceId: WorkspaceId | undefined,
): Promise<ReadonlyMap<string, string>> {
  let select = kysely.selectFrom('keys').select(['id', 'name']);
  if (workspaceId !== undefined) select = select.where('workspace_id', '=', workspaceId);
  const rows = await select.execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
