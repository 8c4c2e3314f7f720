/** `turnpike ledger verify`: adds the whole ledger up anew. Exit code 1 when it does not add up. */
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { count, money, paintFor, printJson, printLine } from './print.ts';

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
