/** The commands of models: what can be asked for, what it costs, whether it answers, and who gets which. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';
import { defineModelsExplain } from './program-explain.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineModels(program: Command, io: Io, run: Run): void {
  const models = program.command('models').description('what can be asked for');
  withJson(models.command('list'))
    .description('every model, alias and route by provider, with prices; local servers are asked for theirs')
    .option('--provider <name>', 'only this one')
    .action(async (options) => run((await import('./models-list.ts')).listModels(io, options)));
  defineSearch(models, io, run);
  defineCosts(models, io, run);
  withJson(models.command('test <ref...>'))
    .description('make a real, tiny call to each')
    .action(async (refs, options) => run((await import('./models.ts')).testModels(io, refs, options)));
  withJson(models.command('prompts'))
    .description('the prompt files that are read, the models they want, and what is wrong (exit code 1)')
    .action(async (options) => run((await import('./models-prompts.ts')).listPrompts(io, options)));
  defineRules(models, io, run);
  defineModelsExplain(models, io, run);
}

function defineSearch(models: Command, io: Io, run: Run): void {
  withJson(models.command('search [words...]'))
    .description('models by words of their name and by what they can do; exit code 1 when there is none')
    .option('--free', 'only those that cost nothing')
    .option('--tools', 'only those known to call tools')
    .option('--vision', 'only those known to see images')
    .option('--thinking', 'only those known to think')
    .option('--max-price <usd>', 'neither input nor output dearer than this, per million tokens')
    .option('--provider <name>', 'only this one')
    .option('--limit <rows>', 'how many to show', readRows, 25)
    .action(async (words, options) =>
      run((await import('./models-list.ts')).searchModels(io, words, options)),
    );
}

function defineCosts(models: Command, io: Io, run: Run): void {
  withJson(models.command('costs'))
    .description('what models, agents, commands or days have cost')
    .addOption(
      new Option('--by <subject>', 'what to sum by')
        .choices(['model', 'agent', 'command', 'day'])
        .default('model'),
    )
    .option('--since <moment>', 'from: 24h, 7d, 2026-11-01, …', '30d')
    .option('--until <moment>', 'up to (default: now)')
    .option('--per-day', 'each of them by day')
    .action(async (options) => run((await import('./models-costs.ts')).showCosts(io, options)));
}

function readRows(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number from 1.');
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
