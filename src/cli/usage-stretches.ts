/** `turnpike usage timeline`, `errors`, `sessions` and `session`: one stretch of time in parts. */
import type { ErrorsBody } from '../admin/analytics.ts';
import type { SessionBody, SessionListBody } from '../admin/analytics-sessions.ts';
import type { TimelineBody } from '../admin/analytics-spend.ts';
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { type Column, count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';
import { type StretchOptions, stretchOf } from './usage-query.ts';

const numbers = (...names: string[]): Column[] => names.map((title) => ({ title, align: 'right' }));

interface TimelineOptions extends StretchOptions {
  readonly by: 'day' | 'hour';
  readonly timeZone: string;
}

export async function showTimeline(io: Io, options: TimelineOptions): Promise<ExitCode> {
  const query = { ...stretchOf(io, options), timeZone: options.timeZone };
  const timeline = await withBooks(io, (client) => client.analytics.timeline(options.by, query));
  if (options.json) printJson(io, timeline);
  else printTimeline(io, timeline);
  return 0;
}

/** Characters of the longest bar. */
const BAR = 24;

function printTimeline(io: Io, timeline: TimelineBody): void {
  const { rows, total, timeZone } = timeline;
  if (rows.length === 0) return nothing(io, timeline);
  const most = Math.max(...rows.map((row) => Number(row.costUsd)));
  const cells = (row: TimelineBody['total']) => [
    count(row.entries),
    count(row.failedEntries),
    count(row.inputTokens + row.cacheReadTokens + row.cacheWriteTokens),
    count(row.outputTokens),
    costOf(row),
  ];
  printTable(
    io,
    [{ title: timeline.by }, ...numbers('attempts', 'failed', 'input', 'output', 'cost'), { title: '' }],
    [
      ...rows.map((row) => [row.value, ...cells(row), bar(Number(row.costUsd), most)]),
      ['total', ...cells(total), ''],
    ],
  );
  note(io, `${stretchIn(timeline)}; days begin in ${timeZone}`);
}

function bar(value: number, most: number): string {
  return most > 0 ? '█'.repeat(Math.max(0, Math.round((BAR * value) / most))) : '';
}

function costOf(sums: { readonly costUsd: string; readonly unpricedEntries: number }): string {
  return sums.unpricedEntries > 0 ? `${money(sums.costUsd)} +?` : money(sums.costUsd);
}

function stretchIn({ since, until }: { readonly since: string; readonly until: string }): string {
  return `${moment(since)} to ${moment(until)} UTC`;
}

function note(io: Io, text: string): void {
  printLine(io.stdout, paintFor(io.stdout, io.env).dim(text));
}

function nothing(io: Io, stretch: { readonly since: string; readonly until: string }): void {
  printLine(io.stdout, `Nothing was sent from ${stretchIn(stretch)}.`);
}

interface ErrorOptions extends StretchOptions {
  readonly by: string;
}

export async function showErrors(io: Io, options: ErrorOptions): Promise<ExitCode> {
  const query = { ...stretchOf(io, options), by: options.by };
  const errors = await withBooks(io, (client) => client.analytics.errors(query));
  if (options.json) printJson(io, errors);
  else printErrors(io, errors);
  return 0;
}

function printErrors(io: Io, errors: ErrorsBody): void {
  if (errors.rows.length === 0) return nothing(io, errors);
  printTable(
    io,
    [{ title: errors.by }, ...numbers('attempts', 'failed', '', 'p50', 'p95', 'p99', 'first token')],
    errors.rows.map(({ value, latency, ...row }) => [
      value,
      count(row.entries),
      count(row.failedEntries),
      `${(row.errorRate * 100).toFixed(1)} %`,
      millis(latency.p50Ms),
      millis(latency.p95Ms),
      millis(latency.p99Ms),
      millis(row.meanTtftMs),
    ]),
  );
  note(io, `${stretchIn(errors)}; latencies to within a factor of two, the first token on average`);
}

function millis(value: number | null): string {
  if (value === null) return '';
  return value < 1_000 ? `${value} ms` : `${(value / 1_000).toFixed(1)} s`;
}

interface SessionOptions extends StretchOptions {
  readonly order: string;
}

export async function showSessions(io: Io, options: SessionOptions): Promise<ExitCode> {
  const query = { ...stretchOf(io, options), order: options.order };
  const sessions = await withBooks(io, (client) => client.analytics.sessions(query));
  if (options.json) printJson(io, sessions);
  else printSessions(io, sessions);
  return 0;
}

function printSessions(io: Io, sessions: SessionListBody): void {
  if (sessions.rows.length === 0) {
    printLine(io.stdout, `No session was named from ${stretchIn(sessions)}.`);
    return;
  }
  printTable(
    io,
    [{ title: 'session' }, ...numbers('requests', 'attempts', 'output', 'cost'), { title: 'last' }],
    sessions.rows.map((row) => [
      row.sessionId,
      count(row.exchanges),
      count(row.entries),
      count(row.outputTokens),
      costOf(row),
      moment(row.lastAt),
    ]),
  );
  note(io, completeness(sessions));
}

function completeness(stretch: { since: string; until: string; completeFrom: string }): string {
  if (stretch.completeFrom === stretch.since) return stretchIn(stretch);
  return `${stretchIn(stretch)}; only what was sent since ${moment(stretch.completeFrom)} is counted: there was too much`;
}

export async function showSession(io: Io, id: string, options: StretchOptions): Promise<ExitCode> {
  const query = stretchOf(io, options);
  const session = await withBooks(io, (client) => client.analytics.session(id, query));
  if (options.json) printJson(io, session);
  else printSession(io, session);
  return 0;
}

function printSession(io: Io, session: SessionBody): void {
  const { stdout } = io;
  printLine(stdout, `${session.sessionId}: ${count(session.exchanges)} requests, ${costOf(session)}`);
  for (const agent of session.agents) {
    printLine(stdout);
    const name = agent.agentId || '(no agent)';
    printLine(stdout, `${name}: ${count(agent.exchanges)} requests, ${costOf(agent)}`);
    printTable(
      io,
      [
        { title: 'request' },
        { title: 'began' },
        { title: 'model' },
        { title: 'end' },
        ...numbers('attempts', 'cost'),
      ],
      agent.requests.map((request) => [
        request.exchangeId,
        moment(request.startedAt),
        request.model,
        request.status,
        count(request.attempts),
        request.hasUnknownCost ? `${money(request.costUsd)} +?` : money(request.costUsd),
      ]),
    );
  }
  printLine(stdout);
  note(io, completeness(session));
  if (session.isTruncated) note(io, 'older requests are counted, but not listed');
}
