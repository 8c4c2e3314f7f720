/** The commands of models: what can be asked for, and whether it answers. */
import { type Command, InvalidArgumentError } from 'commander';
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
  defineRules(models, io, run);
}

function defineRules(models: Command, io: Io, run: Run): void {
  withSides(withJson(models.command('set <prompt> <model>')))
    .description(
      'give a prompt a model: agent:name, command:name, skill:name, hook:name, agent:* for all others, or default',
    )
    .option('--fallback <refs>', 'comma-separated models to try after it', splitRefs)
    .option('--force', 'also where the model leads nowhere now')
    .action(async (prompt, model, options) =>
      run((await import('./model-rules.ts')).setModel(io, prompt, model, options)),
    );
  withSides(withJson(models.command('unset <prompt>')))
    .description('take away what was set of a prompt')
    .action(async (prompt, options) =>
      run((await import('./model-rules.ts')).unsetModel(io, prompt, options)),
    );
  withJson(models.command('config'))
    .description('which model every prompt gets and which place says so; aliases, routes, fallback, problems')
    .action(async (options) => run((await import('./model-rules.ts')).printModelsConfig(io, options)));
}

function withSides(command: Command): Command {
  return command
    .option('--project', "in the project's turnpike.yaml instead of the registry")
    .option('--user', "in the user's config.yaml instead of the registry");
}

function splitRefs(text: string): string[] {
  const refs = text.split(',').map((ref) => ref.trim());
  if (refs.every((ref) => ref !== '')) return refs;
  throw new InvalidArgumentError('Separate models by single commas.');
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
