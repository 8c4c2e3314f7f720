/** `turnpike usage`: tokens and cost by one dimension, with the total below. */
import type { Usage, UsageRow } from '../admin/usage.ts';
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { readMoment } from './moment.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';

export interface UsageOptions {
  readonly by: string;
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
}

export async function showUsage(io: Io, options: UsageOptions): Promise<ExitCode> {
  const { by, since, until } = options;
  const query = {
    by,
    since: readMoment(since, io.now(), -1, '--since'),
    ...(until !== undefined && { until: readMoment(until, io.now(), -1, '--until') }),
  };
  const usage = await withBooks(io, (client) => client.usage(query));
  if (options.json) printJson(io, usage);
  else printUsage(io, usage);
  return 0;
}

function printUsage(io: Io, usage: Usage): void {
  const stretch = `since ${moment(usage.since)} UTC`;
  if (usage.rows.length === 0) {
    printLine(io.stdout, `Nothing was spent ${stretch}.`);
    return;
  }
  const numbers = ['attempts', 'input', 'cached', 'output', 'cost'];
  printTable(
    io,
    [{ title: usage.by }, ...numbers.map((title) => ({ title, align: 'right' as const }))],
    [
      ...usage.rows.map((row) => [row.label || '(none)', ...renderSums(row)]),
      ['total', ...renderSums(usage.total)],
    ],
  );
  const paint = paintFor(io.stdout, io.env);
  for (const note of [stretch, ...remarks(usage)]) printLine(io.stdout, paint.dim(note));
}

function renderSums(row: Omit<UsageRow, 'value' | 'label'>): string[] {
  const cached = row.cacheReadTokens + row.cacheWriteTokens;
  const hasUnknown = row.unpricedEntries > 0;
  return [
    count(row.entries),
    count(row.inputTokens),
    count(cached),
    count(row.outputTokens),
    hasUnknown ? `${money(row.costUsd)} +?` : money(row.costUsd),
  ];
}

function remarks({ total, isTruncated }: Usage): string[] {
  const found: string[] = [];
  if (total.unpricedEntries > 0) {
    found.push(
      `+? ${count(total.unpricedEntries)} attempts went to models without a known price; their cost is not in the sum`,
    );
  }
  if (total.estimatedEntries > 0) {
    found.push(
      `${count(total.estimatedEntries)} attempts ended without the provider's token counts; theirs are estimated`,
    );
  }
  if (isTruncated) found.push('there are more rows; narrow it with --since and --until');
  return found;
}
