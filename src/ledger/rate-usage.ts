/** What is used of rate limits now, for people to look at. Admission reads its own rows. */
import { type ExpressionBuilder, sql } from 'kysely';
import { EACH } from '../base/budget.ts';
import { type RateLimit, type RateLimitId, rateFigures } from '../base/rate-limit.ts';
import type { Tables } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { MINUTE_US, type RateMetric } from './rate.ts';
import { boundsFor, type CompiledRateLimits, metricOf, splitSubject, subjectOf } from './rate-limits.ts';

export interface RateUse {
  /** The value it is counted for: an id or a name. */
  readonly subject: string;
  readonly metric: RateMetric;
  /** Of this value: the strictest, where several count it. */
  readonly limit: number;
  /** What has not come back yet; of `streams`, how many are under way. */
  readonly used: number;
  /** When all of it will be there again, in epoch milliseconds; undefined = nobody knows when streams end. */
  readonly fullAtMs: number | undefined;
}

export interface RateUsage {
  /** What comes back last first. */
  readonly uses: readonly RateUse[];
  /** How many there are, shown or not. */
  readonly count: number;
}

/**
 * Of each of `rateLimits` what is in use, at most `limit` values and metrics.
 * @param compiled all limits of the workspace
 * @param nowMs by the clock that rates go by
 */
export async function rateUsage(
  store: Store,
  rateLimits: readonly RateLimit[],
  compiled: CompiledRateLimits,
  nowMs: number,
  limit: number,
): Promise<ReadonlyMap<RateLimitId, RateUsage>> {
  const found = await Promise.all(
    rateLimits.map(async (one) => [one.id, await usageOf(store, one, compiled, nowMs, limit)] as const),
  );
  return new Map(found);
}

async function usageOf(
  store: Store,
  rateLimit: RateLimit,
  compiled: CompiledRateLimits,
  nowMs: number,
  limit: number,
): Promise<RateUsage> {
  const nowUs = nowMs * 1_000;
  const metrics = rateFigures
    .filter((figure) => rateLimit[figure] !== undefined)
    .map((figure) => metricOf[figure]);
  const rows = await store.reader
    .selectFrom('rate_limits')
    .select(['subject', 'metric', 'full_at_us', 'in_flight', sql<number>`count(*) over ()`.as('rows')])
    .where((where) => isCountedBy(where, rateLimit))
    .where('metric', 'in', metrics)
    .where((where) => where.or([where('full_at_us', '>', nowUs), where('in_flight', '>', 0)]))
    .orderBy('full_at_us', 'desc')
    .orderBy('in_flight', 'desc')
    .orderBy('subject')
    .orderBy('metric')
    .limit(limit)
    .execute();
  const uses = rows.map((row): RateUse => {
    const { id } = splitSubject(row.subject);
    const bounds = boundsFor(compiled, rateLimit.workspaceId, rateLimit.scope.kind, id);
    const of = bounds.find(({ metric }) => metric === row.metric)?.limit ?? 1;
    const isRate = row.metric !== 'streams';
    const used = isRate ? Math.ceil(((row.full_at_us - nowUs) * of) / MINUTE_US) : row.in_flight;
    const fullAtMs = isRate ? Math.ceil(row.full_at_us / 1_000) : undefined;
    return { subject: id, metric: row.metric, limit: of, used, fullAtMs };
  });
  return { uses, count: rows[0]?.rows ?? 0 };
}

function isCountedBy(
  where: ExpressionBuilder<Tables, 'rate_limits'>,
  { workspaceId, scope: { kind, id } }: RateLimit,
) {
  if (kind === 'workspace') return where('subject', '=', subjectOf(workspaceId, kind, workspaceId));
  if (id !== EACH) return where('subject', '=', subjectOf(workspaceId, kind, id));
  const start = subjectOf(workspaceId, kind, '');
  // What begins with it: the character after the last one bounds it, and the index is used.
  const end = `${start.slice(0, -1)};`;
  const isNamed = where.and([where('subject', '>', start), where('subject', '<', end)]);
  if (kind !== 'key') return isNamed;
  const own = where.selectFrom('keys').select(sql<string>`'key:' || id`.as('subject'));
  return where.and([isNamed, where('subject', 'in', own.where('workspace_id', '=', workspaceId))]);
}
