/** The part of the admin API that `turnpike usage` asks, as typed functions. */
import type { ErrorsBody, OverviewBody, ProjectionsBody, SummaryBody } from '../admin/analytics.ts';
import type { SessionBody, SessionListBody } from '../admin/analytics-sessions.ts';
import type { SpendBody, TimelineBody, TrendsBody } from '../admin/analytics-spend.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { paths } from '../client/paths.d.mts';
import { asTyped, type Take, type Typed } from './client-take.ts';

type Query<Part extends string> = `/api/v1/analytics/${Part}` extends infer Path extends keyof paths
  ? Typed<Path>
  : never;

/** Whose spend, of when. */
export type SpendQuery = Query<'spend/by-model'>;

/** What spend is counted by that is no time. */
export type SpendDimension = 'agent' | 'key' | 'member' | 'model' | 'provider';

export interface AnalyticsClient {
  overview(query: Query<'overview'>): Promise<OverviewBody>;
  summary(query: Query<'summary'>): Promise<SummaryBody>;
  projections(query: Query<'projections'>): Promise<ProjectionsBody>;
  errors(query: Query<'errors'>): Promise<ErrorsBody>;
  trends(query: Query<'trends'>): Promise<TrendsBody>;
  spend(by: SpendDimension, query: SpendQuery): Promise<SpendBody>;
  timeline(by: 'day' | 'hour', query: Query<'spend/by-day'>): Promise<TimelineBody>;
  sessions(query: Query<'sessions'>): Promise<SessionListBody>;
  session(id: string, query: Query<'sessions/{id}'>): Promise<SessionBody>;
}

export function createAnalyticsClient(api: AdminApi, take: Take): AnalyticsClient {
  return {
    overview: (query) =>
      take(
        api.GET('/api/v1/analytics/overview', {
          params: { query: asTyped<'/api/v1/analytics/overview'>(query) },
        }),
      ),
    summary: (query) =>
      take(
        api.GET('/api/v1/analytics/summary', {
          params: { query: asTyped<'/api/v1/analytics/summary'>(query) },
        }),
      ),
    projections: (query) =>
      take(
        api.GET('/api/v1/analytics/projections', {
          params: { query: asTyped<'/api/v1/analytics/projections'>(query) },
        }),
      ),
    errors: (query) =>
      take(
        api.GET('/api/v1/analytics/errors', {
          params: { query: asTyped<'/api/v1/analytics/errors'>(query) },
        }),
      ),
    trends: (query) =>
      take(
        api.GET('/api/v1/analytics/trends', {
          params: { query: asTyped<'/api/v1/analytics/trends'>(query) },
        }),
      ),
    spend: (by, query) =>
      take(
        api.GET(`/api/v1/analytics/spend/by-${by}`, {
          params: { query: asTyped<'/api/v1/analytics/spend/by-model'>(query) },
        }),
      ),
    timeline: (by, query) =>
      take(
        api.GET(`/api/v1/analytics/spend/by-${by}`, {
          params: { query: asTyped<'/api/v1/analytics/spend/by-day'>(query) },
        }),
      ),
    sessions: (query) =>
      take(
        api.GET('/api/v1/analytics/sessions', {
          params: { query: asTyped<'/api/v1/analytics/sessions'>(query) },
        }),
      ),
    session: (id, query) =>
      take(
        api.GET('/api/v1/analytics/sessions/{id}', {
          params: { path: { id }, query: asTyped<'/api/v1/analytics/sessions/{id}'>(query) },
        }),
      ),
  };
}
