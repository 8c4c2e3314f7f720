/** The desk for what traffic cost and how it went: one workspace, read beside the road. */
import type { WorkspaceId } from '../base/ids.ts';
import { type DaySum, sumDays, sumHours } from '../ledger/analytics/days.ts';
import {
  loadOverview,
  type Overview,
  type ServiceQuery,
  type ServiceSum,
  sumServices,
} from '../ledger/analytics/overview.ts';
import { loadProjections, type PeriodProjection } from '../ledger/analytics/projections.ts';
import {
  listSessions,
  loadSession,
  type SessionList,
  type SessionQuery,
  type SessionTree,
} from '../ledger/analytics/sessions.ts';
import type { TimeRange } from '../ledger/analytics/spans.ts';
import { loadSummary, type PeriodSummary } from '../ledger/analytics/summary.ts';
import type { UsageScope } from '../ledger/analytics/sums.ts';
import {
  type Comparison,
  loadTotalTrend,
  loadTrends,
  type Trend,
  type TrendDimension,
} from '../ledger/analytics/trends.ts';
import { sumUsage, type UsageSum } from '../ledger/usage.ts';
import type { Store } from '../store/store.ts';

export type UsageFilter = Omit<UsageScope, 'workspaceId'>;
export type FilteredRange = TimeRange & UsageFilter;

export interface TrendAnswer {
  readonly total: Trend;
  readonly rows: readonly Trend[];
}

export interface AnalyticsDesk {
  overview(query: FilteredRange): Promise<Overview>;
  /** Dearest first. */
  spend(by: TrendDimension, query: FilteredRange, limit: number): Promise<readonly UsageSum[]>;
  /** In order of time. */
  days(query: FilteredRange, timeZone: string): Promise<readonly DaySum[]>;
  hours(query: FilteredRange): Promise<readonly DaySum[]>;
  services(query: ServiceQuery): Promise<readonly ServiceSum[]>;
  trends(
    by: TrendDimension | undefined,
    query: Comparison & UsageFilter,
    limit: number,
  ): Promise<TrendAnswer>;
  summary(filter: UsageFilter, timeZone: string, untilMs: number): Promise<readonly PeriodSummary[]>;
  projections(filter: UsageFilter, timeZone: string, nowMs: number): Promise<readonly PeriodProjection[]>;
  sessions(query: Omit<SessionQuery, 'workspaceId'>): Promise<SessionList>;
  /** undefined = no entry of the range names this session. */
  session(id: string, range: TimeRange): Promise<SessionTree | undefined>;
}

export function createAnalyticsDesk(serving: Store, workspaceId: WorkspaceId): AnalyticsDesk {
  const store: Store = { ...serving, kysely: serving.reader };
  return {
    overview: (query) => loadOverview(store, { ...query, workspaceId }),
    spend: (by, query, limit) => sumUsage(store, { ...query, by, limit, workspaceId }),
    days: (query, timeZone) => sumDays(store, { ...query, timeZone, workspaceId }),
    hours: (query) => sumHours(store, { ...query, workspaceId }),
    services: (query) => sumServices(store, { ...query, workspaceId }),
    async trends(by, query, limit) {
      const total = await loadTotalTrend(store, { ...query, workspaceId });
      return { total, rows: by ? await loadTrends(store, { ...query, by, limit, workspaceId }) : [] };
    },
    summary: (filter, timeZone, untilMs) => loadSummary(store, { ...filter, workspaceId }, timeZone, untilMs),
    projections: (filter, timeZone, nowMs) =>
      loadProjections(store, { ...filter, workspaceId }, timeZone, nowMs),
    sessions: (query) => listSessions(store, { ...query, workspaceId }),
    session: (sessionId, range) => loadSession(store, { ...range, sessionId, workspaceId }),
  };
}
