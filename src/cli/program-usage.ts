/** The commands of `turnpike usage`, with their options. */
import { type Command, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

const since = ['--since <moment>', 'from: 24h, 7d, 2026-11-01, …'] as const;
const until = ['--until <moment>', 'up to (default: now)'] as const;
const zone = ['--time-zone <name>', 'where days begin, such as Europe/Berlin', 'UTC'] as const;

export function defineUsage(program: Command, io: Io, run: Run): void {
  const usage = program
    .command('usage')
    .description('tokens and cost')
    .enablePositionalOptions()
    .option('--json', 'print JSON')
    .addOption(
      new Option('--by <dimension>', 'what to sum by')
        .choices(['model', 'provider', 'key', 'agent', 'member', 'day', 'session'])
        .default('model'),
    )
    .option(...since, '30d')
    .option(...until)
    .action(async (options) => run((await import('./usage.ts')).showUsage(io, options)));
  definePeriods(usage, io, run);
  defineStretches(usage, io, run);
}

function withFilter(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--provider <name>', 'only this one')
    .option('--model <model>', 'only this one, with or without its provider')
    .option('--key <id>', 'only this one')
    .option('--agent <name>', 'only this one')
    .option('--member <id>', 'only this one');
}

function definePeriods(usage: Command, io: Io, run: Run): void {
  withFilter(usage.command('summary'))
    .description('today, this week and this month, each beside as much of the one before')
    .option(...zone)
    .action(async (options) => run((await import('./usage-periods.ts')).showSummary(io, options)));
  withFilter(usage.command('projections'))
    .description('what day, week and month will have cost at their end')
    .option(...zone)
    .action(async (options) => run((await import('./usage-periods.ts')).showProjections(io, options)));
  withFilter(usage.command('trends'))
    .description('a stretch of time beside the one before')
    .addOption(
      new Option('--by <dimension>', 'what to compare')
        .choices(['model', 'provider', 'key', 'agent', 'member'])
        .default('model'),
    )
    .addOption(
      new Option('--period <period>', 'as far as it has gone, unless --since says otherwise')
        .choices(['day', 'week', 'month'])
        .default('month'),
    )
    .option(...since)
    .option(...until)
    .option(...zone)
    .action(async (options) => run((await import('./usage-periods.ts')).showTrends(io, options)));
}

function defineStretches(usage: Command, io: Io, run: Run): void {
  withFilter(usage.command('timeline'))
    .description('tokens and cost by day or hour')
    .addOption(new Option('--by <length>', 'day, or hour').choices(['day', 'hour']).default('day'))
    .option(...since)
    .option(...until)
    .option(...zone)
    .action(async (options) => run((await import('./usage-stretches.ts')).showTimeline(io, options)));
  withFilter(usage.command('errors'))
    .description('errors and latencies, most errors first')
    .addOption(
      new Option('--by <dimension>', 'model, or provider').choices(['model', 'provider']).default('model'),
    )
    .option(...since)
    .option(...until)
    .action(async (options) => run((await import('./usage-stretches.ts')).showErrors(io, options)));
  usage
    .command('sessions')
    .description('what sessions of clients cost')
    .option('--json', 'print JSON')
    .addOption(
      new Option('--order <order>', 'dearest first, or newest').choices(['cost', 'recent']).default('cost'),
    )
    .option(...since)
    .option(...until)
    .action(async (options) => run((await import('./usage-stretches.ts')).showSessions(io, options)));
  usage
    .command('session <id>')
    .description('one session: its agents and their requests')
    .option('--json', 'print JSON')
    .option(...since)
    .option(...until)
    .action(async (id, options) => run((await import('./usage-stretches.ts')).showSession(io, id, options)));
}
