/** The commands of agents. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineAgents(program: Command, io: Io, run: Run): void {
  const agents = program.command('agents').description('agents: who they are, what they cost, what they do');
  const load = () => import('./agents.ts');
  withJson(agents.command('list'))
    .description('agents of files and of the registry, with when each was last seen and what it spent')
    .option('--search <text>', 'that have it in their name')
    .addOption(new Option('--source <source>', 'only those').choices(['file', 'registry']))
    .addOption(new Option('--state <state>', 'only those').choices(['online', 'idle', 'offline']))
    .option('--archived', 'archived ones too')
    .action(async (options) => run((await load()).listAgents(io, options)));
  withJson(agents.command('show <agent>'))
    .description('one agent, by name or id, with its prompt and its budgets')
    .action(async (agent, options) => run((await load()).showAgent(io, agent, options)));
  withJson(agents.command('create <name>'))
    .description('make an agent; keys, budgets and requests name it by its name')
    .option('--description <text>', 'what it is for')
    .option('--prompt <file>', 'its system prompt: the text of a prompt file')
    .option('--model <ref>', 'the model it prefers')
    .option('--budget <usd/period,…>', 'budgets of its own, such as 25/month or 2/day,25/month', splitList)
    .option('--force', 'also where the model leads nowhere now')
    .action(async (name, options) => run((await load()).createAgent(io, name, options)));
  withJson(agents.command('update <agent>'))
    .description('change what is said of an agent; another name is another agent')
    .option('--description <text>', 'what it is for; none = nothing is said')
    .option('--prompt <file>', 'its system prompt; none = it has none')
    .action(async (agent, options) => run((await load()).updateAgent(io, agent, options)));
  withJson(agents.command('archive <agent>'))
    .description('end an agent; its entries and budgets stay; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (agent, options) => run((await load()).archiveAgent(io, agent, options)));
  withJson(agents.command('model <agent> <ref>'))
    .description('the model that an agent prefers; default = what the layers below say')
    .option('--force', 'also where the model leads nowhere now')
    .action(async (agent, ref, options) => run((await load()).preferModel(io, agent, ref, options)));
  withJson(agents.command('tasks <agent> [task]'))
    .description('what an agent is at and was at, newest first; or one task, with what was reported of it')
    .addOption(
      new Option('--state <state>', 'only those').choices([
        'queued',
        'running',
        'done',
        'failed',
        'cancelled',
      ]),
    )
    .option('--limit <number>', 'how many at most, up to 500', readLimit, 20)
    .action(async (agent, task, options) =>
      run((await import('./agent-tasks.ts')).showTasks(io, agent, task, options)),
    );
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function splitList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return items;
  throw new InvalidArgumentError('Separate budgets by single commas.');
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= 500) return limit;
  throw new InvalidArgumentError('Write a whole number from 1 to 500.');
}
