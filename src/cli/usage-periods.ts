/** `turnpike usage summary`, `projections` and `trends`: periods beside those before. */
import type { ProjectionsBody, SummaryBody } from '../admin/analytics.ts';
import type { TrendsBody } from '../admin/analytics-spend.ts';
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { type Column, count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';
import { type FilterOptions, filterOf, type StretchOptions, stretchOf } from './usage-query.ts';

interface ZoneOptions extends FilterOptions {
  readonly timeZone: string;
}

const titles = { day: 'today', week: 'this week', month: 'this month' } as const;
const numbers = (...names: string[]): Column[] => names.map((title) => ({ title, align: 'right' }));

export async function showSummary(io: Io, options: ZoneOptions): Promise<ExitCode> {
  const query = { ...filterOf(options), timeZone: options.timeZone };
  const summary = await withBooks(io, (client) => client.analytics.summary(query));
  if (options.json) printJson(io, summary);
  else printSummary(io, summary);
  return 0;
}

function printSummary(io: Io, { periods, timeZone }: SummaryBody): void {
  printTable(
    io,
    [
      { title: '' },
      ...numbers('cost', 'before', 'change', 'attempts', 'failed'),
      { title: 'top model' },
      { title: 'top provider' },
    ],
    periods.map(({ period, before, topModel, topProvider, ...sums }) => [
      titles[period],
      costOf(sums),
      money(before.costUsd),
      change(Number(sums.costUsd), Number(before.costUsd)),
      count(sums.entries),
      count(sums.failedEntries),
      topModel?.value ?? '',
      topProvider?.value ?? '',
    ]),
  );
  const isUnpriced = periods.some(({ unpricedEntries }) => unpricedEntries > 0);
  note(io, `before: as much of the day, week and month before; days begin in ${timeZone}`);
  if (isUnpriced)
    note(io, '+? some attempts went to models without a known price; their cost is not in the sum');
}

function costOf(sums: { readonly costUsd: string; readonly unpricedEntries: number }): string {
  return sums.unpricedEntries > 0 ? `${money(sums.costUsd)} +?` : money(sums.costUsd);
}

/** For the eye: the exact figures are beside it. */
function change(current: number, previous: number): string {
  return previous === 0 ? '' : percent((100 * (current - previous)) / previous);
}

function percent(value: number | null): string {
  if (value === null) return '';
  const rounded = value.toFixed(1);
  return `${value > 0 ? '+' : ''}${rounded} %`;
}

function note(io: Io, text: string): void {
  printLine(io.stdout, paintFor(io.stdout, io.env).dim(text));
}

export async function showProjections(io: Io, options: ZoneOptions): Promise<ExitCode> {
  const query = { ...filterOf(options), timeZone: options.timeZone };
  const projections = await withBooks(io, (client) => client.analytics.projections(query));
  if (options.json) printJson(io, projections);
  else printProjections(io, projections);
  return 0;
}

function printProjections(io: Io, projections: ProjectionsBody): void {
  printTable(
    io,
    [{ title: '' }, ...numbers('spent', 'at its end', 'the one before'), { title: 'ends' }],
    projections.periods.map(({ period, spentUsd, projectedUsd, previousUsd, endsAt }) => [
      titles[period],
      money(spentUsd),
      money(projectedUsd),
      money(previousUsd),
      `${moment(endsAt)} UTC`,
    ]),
  );
  note(io, `at ${money(projections.pacePerDayUsd)} a day, as since ${moment(projections.paceSince)} UTC`);
}

interface TrendOptions extends StretchOptions, ZoneOptions {
  readonly by: string;
  readonly period: string;
}

export async function showTrends(io: Io, options: TrendOptions): Promise<ExitCode> {
  const { by, period, timeZone } = options;
  const query = { ...stretchOf(io, options), by, period, timeZone };
  const trends = await withBooks(io, (client) => client.analytics.trends(query));
  if (options.json) printJson(io, trends);
  else printTrends(io, trends);
  return 0;
}

function printTrends(io: Io, { by, rows, total, current, previous }: TrendsBody): void {
  const cells = (row: TrendsBody['rows'][number]) => [
    costOf(row.current),
    money(row.previous.costUsd),
    signed(row.costChangeUsd),
    percent(row.costChangePercent),
    count(row.current.entries),
    count(row.previous.entries),
  ];
  printTable(
    io,
    [{ title: by ?? '' }, ...numbers('cost', 'before', 'change', '', 'attempts', 'before')],
    [...rows.map((row) => [row.label || '(none)', ...cells(row)]), ['total', ...cells(total)]],
  );
  note(io, `${stretch(current)}, beside ${stretch(previous)} UTC`);
}

function signed(usd: string): string {
  return usd.startsWith('-') ? `-${money(usd.slice(1))}` : `+${money(usd)}`;
}

function stretch({ since, until }: TrendsBody['current']): string {
  return `${moment(since)} to ${moment(until)}`;
}
