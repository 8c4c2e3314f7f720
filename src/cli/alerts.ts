/** `turnpike alerts`: what was told to whom, and whether it would arrive. */
import type { AlertBody } from '../admin/alerts.ts';
import { withBooks, withServer } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { count, moment, paintFor, printJson, printLine, printTable } from './print.ts';

const MAX_LIMIT = 200;

export async function listAlerts(
  io: Io,
  options: { readonly limit: string; readonly json?: boolean },
): Promise<ExitCode> {
  const limit = /^\d{1,3}$/.test(options.limit) ? Number(options.limit) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw usageError(
      `--limit ${options.limit} is out of range`,
      `Write a whole number from 1 to ${MAX_LIMIT}.`,
    );
  }
  const found = await withBooks(io, (client) => client.alerts(limit));
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  if (found.alerts.length === 0) {
    printLine(io.stdout, 'No alerts in the last thirty days.');
    return 0;
  }
  printTable(
    io,
    ['at', 'alert', 'taken by', 'waits for'].map((title) => ({ title })),
    found.alerts.map((alert) => [moment(alert.at), alert.title, takenBy(alert), waitsFor(alert)]),
  );
  if (found.next !== null) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there are more'));
  return 0;
}

function takenBy({ deliveries }: AlertBody): string {
  return deliveries.flatMap(({ sink, state }) => (state === 'taken' ? [sink] : [])).join(', ');
}

function waitsFor({ deliveries }: AlertBody): string {
  const open = deliveries.filter(({ state }) => state !== 'taken');
  return open
    .map(({ sink, state, lastError, attempts }) => {
      if (state === 'waiting') return sink;
      const why = `${lastError ?? 'failed'}, ${count(attempts)} ${attempts === 1 ? 'try' : 'tries'}`;
      return state === 'given_up' ? `${sink} (given up: ${why})` : `${sink} (${why})`;
    })
    .join(', ');
}

/** Of the running server: its sinks are those that will be told. */
export async function testAlerts(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { sinks } = await withServer(io, (client) => client.testAlerts());
  if (options.json) printJson(io, { sinks });
  else {
    const paint = paintFor(io.stdout, io.env);
    for (const { sink, isTaken, said, tookMs } of sinks) {
      const sign = isTaken ? paint.green('✓') : paint.red('✗');
      printLine(io.stdout, `${sign} ${sink}: ${said} ${paint.dim(`(${count(tookMs)} ms)`)}`);
    }
  }
  return sinks.every(({ isTaken }) => isTaken) ? 0 : 1;
}
