/** The options of `turnpike audit`. */
import { type Command, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function defineAudit(program: Command, io: Io, run: (code: Promise<ExitCode>) => Promise<void>): void {
  const audit = program
    .command('audit')
    .description('who changed what, in a chain that shows when it was changed');
  withFilter(audit.command('list'))
    .description('the newest events')
    .option('--limit <number>', 'how many at most, up to 500', '20')
    .action(async (options) => run((await import('./audit.ts')).listAudit(io, options)));
  audit
    .command('verify')
    .description('prove the chain anew; exit code 1 when something is missing or not as it was')
    .option('--expect <head>', 'an end of the chain that was noted before: <position>:<hash>')
    .option('--json', 'print JSON')
    .action(async (options) => run((await import('./audit.ts')).verifyAudit(io, options)));
  withFilter(audit.command('export'))
    .description('events as a file on stdout, oldest first; where the chain ends on stderr')
    .addOption(new Option('--format <format>', 'default: jsonl').choices(['jsonl', 'csv']))
    .action(async (options) => run((await import('./audit.ts')).exportAudit(io, options)));
}

function withFilter(command: Command): Command {
  return command
    .option('--actor <id>', 'of one member, service or `operator`')
    .option('--action <action>', 'one action, or all of a noun: budgets.*')
    .option('--target <id>', 'what was done to one record')
    .addOption(new Option('--outcome <outcome>', 'how it went').choices(['done', 'refused', 'failed']))
    .option('--since <moment>', 'not before: 7d, 2026-11-01, …')
    .option('--until <moment>', 'before this')
    .option('--json', 'print JSON');
}
