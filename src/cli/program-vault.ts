/** The commands of the vault. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function defineVault(program: Command, io: Io, run: (code: Promise<ExitCode>) => Promise<void>): void {
  const vault = program.command('vault').description('what keys of providers are sealed with');
  const load = () => import('./vault.ts');
  withJson(vault.command('status'))
    .description(
      'its master key by name, and how much each key has sealed; exit code 1 when something is amiss',
    )
    .action(async (options) => run((await load()).showVault(io, options)));
  withJson(vault.command('rotate'))
    .description('have another master key take over, while traffic goes on')
    .action(async (options) => run((await load()).rotate(io, options)));
  withJson(vault.command('recovery-key'))
    .description('make a recovery key, shown this once; one that was made before is void')
    .action(async (options) => run((await load()).makeRecoveryKey(io, options)));
  withJson(vault.command('recover [surplus...]'))
    .usage('[options]')
    .description(
      'set a new master key in place of a lost one, with the recovery key from stdin or a hidden prompt',
    )
    .action(async (surplus, options) => run((await load()).recover(io, surplus, options)));
  withJson(vault.command('forget'))
    .description('take out what no master key at hand opens; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (options) => run((await load()).forget(io, options)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
