/** The part of the admin API that `turnpike usage` asks, as typed functions. */
import type { ErrorsBody, OverviewBody, ProjectionsBody, SummaryBody } from '../admin/analytics.ts';
import type { SessionBody, SessionListBody } from '../admin/analytics-sessions.ts';
import type { SpendBody, TimelineBody, TrendsBody } from '../admin/analytics-spend.ts';

/** Parameters as the API names them; what is undefined is left out. */
export type AnalyticsQuery = Readonly<Record<string, string | undefined>>;

export interface AnalyticsClient {
  overview(query: AnalyticsQuery): Promise<OverviewBody>;
  summary(query: AnalyticsQuery): Promise<SummaryBody>;
  projections(query: AnalyticsQuery): Promise<ProjectionsBody>;
  errors(query: AnalyticsQuery): Promise<ErrorsBody>;
  trends(query: AnalyticsQuery): Promise<TrendsBody>;
  /** By a dimension that is no time. */
  spend(by: string, query: AnalyticsQuery): Promise<SpendBody>;
  timeline(by: string, query: AnalyticsQuery): Promise<TimelineBody>;
  sessions(query: AnalyticsQuery): Promise<SessionListBody>;
  session(id: string, query: AnalyticsQuery): Promise<SessionBody>;
}

export function createAnalyticsClient(get: <T>(path: string) => Promise<T>): AnalyticsClient {
  const ask = <T>(path: string, query: AnalyticsQuery): Promise<T> =>
    get(`/analytics/${path}?${givenOf(query)}`);
  return {
    overview: (query) => ask('overview', query),
    summary: (query) => ask('summary', query),
    projections: (query) => ask('projections', query),
    errors: (query) => ask('errors', query),
    trends: (query) => ask('trends', query),
    spend: (by, query) => ask(`spend/by-${by}`, query),
    timeline: (by, query) => ask(`spend/by-${by}`, query),
    sessions: (query) => ask('sessions', query),
    session: (id, query) => ask(`sessions/${encodeURIComponent(id)}`, query),
  };
}

/** The parameters that are there, ready to stand behind a question mark. */
export function givenOf(query: AnalyticsQuery): URLSearchParams {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
  return given;
}
