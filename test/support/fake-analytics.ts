/** Analytics behind the admin API that hold still: the same sums whatever is asked; `asked` collects the questions. */
import type { AnalyticsDesk } from '../../src/admin/analytics-desk.ts';
import { nanoUsd } from '../../src/base/money.ts';
import type { DaySum } from '../../src/ledger/analytics/days.ts';
import type { PeriodProjection } from '../../src/ledger/analytics/projections.ts';
import type { SessionTree } from '../../src/ledger/analytics/sessions.ts';
import type { PeriodSummary } from '../../src/ledger/analytics/summary.ts';
import { noSums, type Sums } from '../../src/ledger/analytics/sums.ts';
import { comparePeriod } from '../../src/ledger/analytics/trends.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const sums: Sums = {
  ...noSums,
  entries: 200,
  errors: 3,
  estimated: 1,
  unpriced: 2,
  input: 12_000,
  cacheRead: 3_000,
  cacheWrite: 400,
  output: 5_000,
  reasoning: 100,
  audioInput: 7,
  audioOutput: 8,
  cost: nanoUsd(12_345_678_901n),
  ttftMs: 150_000,
  ttftEntries: 200,
};
const less: Sums = { ...sums, entries: 160, cost: nanoUsd(8_230_452_600n) };
const latency = { p50Ms: 420, p95Ms: 3_100, p99Ms: 9_000 };

/** A session with one agent and one request, and its sums. */
function fakeSession(nowMs: number, sinceMs: number): SessionTree {
  const part = { exchanges: 150, firstMs: nowMs - 2 * HOUR_MS, lastMs: nowMs - 1_000, ...sums };
  const request = {
    exchangeId: 'exc_1',
    startedAtMs: nowMs - HOUR_MS,
    attempts: 2,
    model: 'openai/gpt-4o',
    status: 'ok',
    cost: nanoUsd(1_250_000n),
    hasUnknownCost: true,
  } as const;
  const agents = [{ agentId: 'coder', ...part, requests: [request] }];
  return { sessionId: 'ses-1', ...part, agents, isTruncated: true, completeFromMs: sinceMs };
}

function fakeSummary(timeZone: string, untilMs: number): PeriodSummary[] {
  return (['day', 'week', 'month'] as const).map((period) => ({
    period,
    ...comparePeriod(period, timeZone, untilMs),
    sums,
    before: period === 'day' ? noSums : less,
    topModel: period === 'week' ? undefined : { value: 'openai/gpt-4o', sums },
    topProvider: period === 'week' ? undefined : { value: 'openai', sums },
  }));
}

function fakeProjections(nowMs: number): PeriodProjection[] {
  return (['day', 'month'] as const).map((period) => ({
    period,
    startMs: nowMs - 12 * HOUR_MS,
    endMs: nowMs + 12 * HOUR_MS,
    spent: sums.cost,
    pace: nanoUsd(20_000_000_000n),
    paceSinceMs: nowMs - 7 * DAY_MS,
    projected: nanoUsd(22_345_678_901n),
    previous: less.cost,
  }));
}

const spent = [
  { value: 'openai/gpt-4o', label: 'gpt', ...sums },
  { value: '', ...less },
];
const trends = [
  { value: 'openai/gpt-4o', current: sums, previous: noSums },
  { value: 'openai/o3', current: noSums, previous: less },
];
const unmeasured = { p50Ms: undefined, p95Ms: undefined, p99Ms: undefined };
const services = [
  { value: 'openai/gpt-4o', ...sums, ...latency },
  { value: 'openai/o3', ...noSums, ...unmeasured },
];

function fakeDays(nowMs: number): DaySum[] {
  const midnight = nowMs - 12 * HOUR_MS;
  return [
    { value: '2026-11-20', sinceMs: midnight - DAY_MS, untilMs: midnight, ...less },
    { value: '2026-11-21', sinceMs: midnight, untilMs: nowMs + 1, ...sums },
  ];
}

export function fakeAnalyticsDesk(asked: unknown[], nowMs: number): AnalyticsDesk {
  const note = <T>(question: unknown, answer: T): Promise<T> => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  const hour = { value: '2026-11-21T12:00Z', sinceMs: nowMs, untilMs: nowMs + 1, ...sums };
  return {
    overview: (query) => note(query, { ...sums, ...latency }),
    spend: (by, query, limit) => note([by, query, limit], spent),
    days: (query, timeZone) => note([query, timeZone], fakeDays(nowMs)),
    hours: (query) => note(query, [hour]),
    services: (query) => note(query, services),
    trends: (by, query, limit) =>
      note([by, query, limit], {
        total: { value: '', current: sums, previous: less },
        rows: by ? trends : [],
      }),
    summary: (filter, timeZone, untilMs) => note([filter, timeZone], fakeSummary(timeZone, untilMs)),
    projections: (filter, timeZone) => note([filter, timeZone], fakeProjections(nowMs)),
    sessions: (query) => note(query, { sessions: [fakeSession(nowMs, 0)], completeFromMs: nowMs - DAY_MS }),
    session: (id, range) => note([id, range], id === 'ses-1' ? fakeSession(nowMs, range.sinceMs) : undefined),
  };
}
