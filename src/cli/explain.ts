/** `turnpike explain`: why an exchange went as it did, by the id its client was shown. */
import type { DecidedAttempt, Losses } from '../admin/decision.ts';
import type { ExplainedExchange } from '../admin/exchanges.ts';
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { costOf, count, moment, paintFor, printJson, printLine, printTable } from './print.ts';

export async function explain(
  io: Io,
  exchangeId: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const exchange = await withBooks(io, (client) => client.exchange(exchangeId.trim()));
  if (options.json) {
    printJson(io, exchange);
    return 0;
  }
  printFacts(io, exchange);
  printLine(io.stdout);
  printAttempts(io, exchange.decision.attempts);
  printLine(io.stdout);
  printLosses(io, exchange.decision.attempts);
  return 0;
}

function printFacts(io: Io, exchange: ExplainedExchange): void {
  const { decision, status, model } = exchange;
  const overhead = decision.overheadMs === null ? [] : [`${decision.overheadMs} ms added by Turnpike`];
  const revision = decision.revision === null ? [] : [`revision ${decision.revision}`];
  const facts: readonly (readonly [string, string])[] = [
    ['exchange', `${exchange.id}, ${status}, ${costOf(exchange.costUsd)}`],
    ...(decision.asked === null ? [] : [['asked for', decision.asked] as const]),
    [status === 'ok' ? 'answered by' : 'last tried', model],
    ...decision.skipped.map(({ ref, reason }) => ['passed over', `${ref} (${reason})`] as const),
    ['client', `${exchange.clientFormat} (${decision.operation}), ${exchange.key}, ${decision.workspace}`],
    ['began', [`${moment(exchange.startedAt)} UTC`, ...revision, ...overhead].join(', ')],
  ];
  const paint = paintFor(io.stdout, io.env);
  for (const [name, value] of facts) printLine(io.stdout, `${paint.dim(name.padEnd(12))}${value}`);
}

function printAttempts(io: Io, attempts: readonly DecidedAttempt[]): void {
  printTable(
    io,
    [
      { title: 'attempt' },
      { title: 'lane' },
      { title: 'upstream format' },
      { title: 'status' },
      { title: 'error' },
      { title: 'ms', align: 'right' },
    ],
    attempts.map((attempt) => [
      `${attempt.number} ${attempt.model}`,
      attempt.lane,
      attempt.upstreamFormat ?? 'unknown',
      attempt.status,
      attempt.errorClass ?? '',
      attempt.latencyMs === null ? '' : count(attempt.latencyMs),
    ]),
  );
}

interface Side {
  readonly name: string;
  readonly losses: Losses | null;
}

function printLosses(io: Io, attempts: readonly DecidedAttempt[]): void {
  const sides = attempts.flatMap(({ number, requestLosses, replyLosses }): Side[] => [
    { name: `request ${number}`, losses: requestLosses },
    { name: `reply ${number}`, losses: replyLosses },
  ]);
  const rows = sides.flatMap(({ name, losses }) =>
    (losses?.named ?? []).map(({ path, kind, note }) => [path, name, kind, note]),
  );
  if (rows.length > 0) {
    const titles = ['lost in translation', 'of', 'how', 'note'];
    printTable(
      io,
      titles.map((title) => ({ title })),
      rows,
    );
  }
  for (const line of remarks(sides, rows.length > 0)) printLine(io.stdout, line);
}

function remarks(sides: readonly Side[], hasRows: boolean): string[] {
  const found = sides.flatMap(({ name, losses }) => {
    if (losses === null) return [`Of ${name} it is not known what was lost.`];
    return losses.unnamed > 0
      ? [`Of ${name}, ${count(losses.unnamed)} more were counted and not named.`]
      : [];
  });
  return found.length > 0 || hasRows ? found : ['Nothing was lost in translation.'];
}
