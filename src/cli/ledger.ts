/** `turnpike ledger verify` adds the whole ledger up anew, `ledger export` writes it out. */
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { readMoment } from './moment.ts';
import { count, money, paintFor, printJson, printLine } from './print.ts';

/** Exit code 1 when it does not add up. */
export async function verifyLedger(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.verifyLedger());
  const exitCode = found.isSound ? 0 : 1;
  if (options.json) {
    printJson(io, found);
    return exitCode;
  }
  const paint = paintFor(io.stdout, io.env);
  if (found.isSound) {
    const what = `${count(found.entries)} entries, ${money(found.costUsd)}`;
    printLine(io.stdout, `${paint.green('✓')} The ledger adds up: ${what}.`);
    return exitCode;
  }
  printLine(io.stdout, `${paint.red('✗')} The ledger does not add up:`);
  for (const problem of found.problems) printLine(io.stdout, `  ${problem}`);
  return exitCode;
}

export interface ExportOptions {
  readonly format?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** Entries on stdout, no faster than they are taken. */
export async function exportLedger(io: Io, options: ExportOptions): Promise<ExitCode> {
  const { since, until, json, format } = options;
  const query = {
    format: format ?? (json ? 'jsonl' : 'csv'),
    ...(since !== undefined && { since: readMoment(since, io.now(), -1, '--since') }),
    ...(until !== undefined && { until: readMoment(until, io.now(), -1, '--until') }),
  };
  await withBooks(io, async (client) => {
    for await (const text of client.exportLedger(query)) {
      io.stdout.write(text);
      await io.stdout.drained?.();
    }
  });
  return 0;
}
