/** The options of `turnpike alerts`. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function defineAlerts(
  program: Command,
  io: Io,
  run: (code: Promise<ExitCode>) => Promise<void>,
): void {
  const alerts = program.command('alerts').description('budget thresholds, refusals and bills that differ');
  alerts
    .command('list')
    .description('the newest, and who took them')
    .option('--limit <number>', 'how many at most, up to 200', '20')
    .option('--json', 'print JSON')
    .action(async (options) => run((await import('./alerts.ts')).listAlerts(io, options)));
  alerts
    .command('test')
    .description('send a test to every receiver; exit code 1 when one does not take it')
    .option('--json', 'print JSON')
    .action(async (options) => run((await import('./alerts.ts')).testAlerts(io, options)));
}
