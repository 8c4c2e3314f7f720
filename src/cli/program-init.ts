/** The command that sets up clients of this machine. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function defineInit(program: Command, io: Io, run: (code: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('init <client>')
    .description('give claude slash commands for Turnpike: /turnpike:models, :costs, :explain and :health')
    .option('--json', 'print JSON')
    .option('--project', 'in the .claude folder here (default)')
    .option('--user', 'in the .claude folder of your own folder, for all projects')
    .option('--dry-run', 'only say what would be written')
    .option('--force', 'also over files that were changed by hand')
    .action(async (client, options) => run((await import('./init.ts')).initClient(io, client, options)));
}
