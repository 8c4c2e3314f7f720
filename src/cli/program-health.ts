/** The options of `turnpike health`. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function defineHealth(
  program: Command,
  io: Io,
  run: (code: Promise<ExitCode>) => Promise<void>,
): void {
  const health = program
    .command('health')
    .description('how providers and their models are doing; exit code 1 when one that is in use is not')
    .option('--provider <name>', 'only this one')
    .option('--events', 'what has changed lately, in all processes')
    .option('--json', 'print JSON')
    .action(async (options) => run((await import('./health.ts')).showHealth(io, options)));
  health
    .command('drain <provider>')
    .description('send nothing more to a provider; what runs may end')
    .option('--off', 'use it again')
    .option('--json', 'print JSON')
    .action(async (provider, options, command) =>
      run((await import('./health.ts')).drain(io, provider, { ...command.optsWithGlobals(), ...options })),
    );
}
