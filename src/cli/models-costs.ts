/** `turnpike models costs`: what models, agents, commands or days have cost, and each of them by day. */
import type { SpendBody } from '../admin/analytics-spend.ts';
import type { AdminClient } from './client.ts';
import type { SpendQuery } from './client-analytics.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { readMoment } from './moment.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';

export type CostSubject = 'model' | 'agent' | 'command' | 'day';

export interface CostOptions {
  readonly by: CostSubject;
  readonly since: string;
  readonly until?: string;
  readonly perDay?: boolean;
  readonly json?: boolean;
}

/** Commands are booked as agents whose name begins so. */
const COMMAND = 'command:';
/** As many as the API gives. */
const MAX_ROWS = '10000';
/** Whose days are asked for: each is a question of its own. */
const MAX_PER_DAY = 20;

interface CostRow {
  readonly value: string;
  readonly day?: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: string;
  readonly unpriced: number;
}

interface Costs {
  readonly by: CostSubject;
  readonly since: string;
  readonly until: string;
  readonly rows: readonly CostRow[];
  /** Of all of its kind, shown or not. */
  readonly totalUsd: string | null;
  readonly isTruncated: boolean;
}

export async function showCosts(io: Io, options: CostOptions): Promise<ExitCode> {
  const { by, since, until, perDay } = options;
  if (perDay && by === 'day') throw usageError('--per-day says nothing beside --by day', 'Leave it out.');
  const stretch: SpendQuery = {
    since: readMoment(since, io.now(), -1, '--since'),
    until: until && readMoment(until, io.now(), -1, '--until'),
  };
  const costs = await withBooks(io, (client) => readCosts(client, by, stretch, perDay ?? false));
  if (options.json) printJson(io, costs);
  else printCosts(io, costs);
  return 0;
}

async function readCosts(
  client: AdminClient,
  by: CostSubject,
  stretch: SpendQuery,
  isPerDay: boolean,
): Promise<Costs> {
  if (by === 'day') {
    const { since, until, rows, total, isTruncated } = await client.analytics.timeline('day', stretch);
    const days = rows.map((row) => ({ ...costOf(row), value: row.value }));
    return { by, since, until, rows: days, totalUsd: total.costUsd, isTruncated };
  }
  const dimension = by === 'model' ? 'model' : 'agent';
  const found = await client.analytics.spend(dimension, { ...stretch, limit: MAX_ROWS });
  const subjects =
    by === 'command' ? found.rows.filter(({ value }) => value.startsWith(COMMAND)) : found.rows;
  const { since, until, isTruncated } = found;
  // Of commands alone the API has no sum.
  const totalUsd = by === 'command' ? null : found.total.costUsd;
  if (!isPerDay) {
    const rows = subjects.map((row) => ({ ...costOf(row), value: nameOf(by, row) }));
    return { by, since, until, rows, totalUsd, isTruncated };
  }
  const rows: CostRow[] = [];
  for (const subject of subjects.slice(0, MAX_PER_DAY)) {
    const days = await client.analytics.timeline('day', { ...stretch, [dimension]: subject.value });
    for (const day of days.rows.filter(({ entries }) => entries > 0))
      rows.push({ ...costOf(day), value: nameOf(by, subject), day: day.value });
  }
  return { by, since, until, rows, totalUsd, isTruncated: isTruncated || subjects.length > MAX_PER_DAY };
}

function nameOf(
  by: CostSubject,
  { value, label }: { readonly value: string; readonly label: string },
): string {
  return by === 'command' ? value.slice(COMMAND.length) : label || '(none)';
}

type Summed = Pick<
  SpendBody['rows'][number],
  | 'entries'
  | 'inputTokens'
  | 'cacheReadTokens'
  | 'cacheWriteTokens'
  | 'outputTokens'
  | 'costUsd'
  | 'unpricedEntries'
>;

function costOf(row: Summed): Omit<CostRow, 'value'> {
  return {
    requests: row.entries,
    inputTokens: row.inputTokens + row.cacheReadTokens + row.cacheWriteTokens,
    outputTokens: row.outputTokens,
    costUsd: row.costUsd,
    unpriced: row.unpricedEntries,
  };
}

function printCosts(io: Io, { by, since, rows, totalUsd, isTruncated }: Costs): void {
  const stretch = `since ${moment(since)} UTC`;
  if (rows.length === 0) {
    printLine(io.stdout, `Nothing was spent ${by === 'command' ? 'by commands ' : ''}${stretch}.`);
    return;
  }
  const hasDays = rows.some(({ day }) => day !== undefined);
  const right = (title: string) => ({ title, align: 'right' as const });
  printTable(
    io,
    [
      { title: by },
      ...(hasDays ? [{ title: 'day' }] : []),
      ...['attempts', 'input', 'output', 'cost'].map(right),
    ],
    rows.map((row) => [
      row.value,
      ...(hasDays ? [row.day ?? ''] : []),
      count(row.requests),
      count(row.inputTokens),
      count(row.outputTokens),
      row.unpriced > 0 ? `${money(row.costUsd)} +?` : money(row.costUsd),
    ]),
  );
  const { dim } = paintFor(io.stdout, io.env);
  printLine(io.stdout, dim(totalUsd === null ? stretch : `${money(totalUsd)} in all ${stretch}`));
  if (rows.some(({ unpriced }) => unpriced > 0))
    printLine(io.stdout, dim('+? some attempts went to models without a known price'));
  if (isTruncated) printLine(io.stdout, dim('there are more rows; narrow it with --since and --until'));
}
