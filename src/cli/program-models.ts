/** The commands of models: what can be asked for, and whether it answers. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineModels(program: Command, io: Io, run: Run): void {
  const models = program.command('models').description('what can be asked for');
  withJson(models.command('list'))
    .description('every model, alias and route, with prices')
    .action(async (options) => run((await import('./models.ts')).listModels(io, options)));
  withJson(models.command('test <ref...>'))
    .description('make a real, tiny call to each')
    .action(async (refs, options) => run((await import('./models.ts')).testModels(io, refs, options)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
