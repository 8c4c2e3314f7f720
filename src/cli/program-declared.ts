/** The commands of what a workspace declares: `turnpike providers …`, `routes …` and `aliases …`. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineDeclared(program: Command, io: Io, run: Run): void {
  defineProviders(program, io, run);
  defineRoutes(program, io, run);
  defineAliases(program, io, run);
}

function defineProviders(program: Command, io: Io, run: Run): void {
  const providers = program.command('providers').description('who serves models, and where each is declared');
  const load = () => import('./providers.ts');
  withJson(providers.command('list'))
    .description('every provider, of files, the environment and the workspace')
    .action(async (options) => run((await load()).listProviders(io, options)));
  withJson(providers.command('add <name>'))
    .description('declare a provider of the workspace; its key is saved by `turnpike credentials set <name>`')
    .requiredOption('--kind <kind>', 'what it is: a vendor, a preset, or openai-compatible')
    .option('--base-url <url>', "its address; of the public internet, or allowed (default: the kind's)")
    .option(
      '--model <id>',
      'a model to list, for servers that the catalog does not know; again for more',
      collect,
    )
    .option(
      '--header <name=value>',
      'an extra request header, none that is secret; again for more',
      collectHeader,
    )
    .option('--format <format>', 'a wire format to speak to it, preferred one first; again for more', collect)
    .option('--region <region>', 'where it works, for routes that demand a region')
    .option('--project <id>', 'Vertex: Google Cloud project')
    .option('--location <location>', 'Vertex: region, us, eu or global')
    .option('--api-version <version>', 'Azure: version of the classic API')
    .action(async (name, options) => run((await load()).addProvider(io, name, options)));
  withJson(providers.command('test <name>'))
    .description('ask a provider a question that costs nothing; exit code 1 when it does not answer well')
    .action(async (name, options) => run((await load()).testProvider(io, name, options)));
  withJson(providers.command('remove <name>'))
    .description('remove a provider of the workspace, and its keys from the vault; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (name, options) => run((await load()).removeProvider(io, name, options)));
}

function defineRoutes(program: Command, io: Io, run: Run): void {
  const routes = program.command('routes').description('several models under one name');
  const load = () => import('./declared-names.ts');
  withJson(routes.command('list'))
    .description('every route, of files and of the workspace')
    .action(async (options) => run((await load()).listRoutes(io, options)));
  withJson(routes.command('set <name> <refs...>'))
    .description('declare a route of the workspace, in the place of the one there was')
    .option('--strategy <strategy>', 'ordered, weighted, cheapest, fastest or sticky (default: ordered)')
    .option('--cache <seconds>', 'give answers to the very same request again for so long', readSeconds)
    .option('--hedge', 'ask the next one too when the first is late; both cost')
    .option('--force', 'also where a ref leads nowhere now')
    .action(async (name, refs, options) => run((await load()).setRoute(io, name, refs, options)));
  withJson(routes.command('remove <name>'))
    .description('remove a route of the workspace')
    .action(async (name, options) => run((await load()).removeRoute(io, name, options)));
}

function defineAliases(program: Command, io: Io, run: Run): void {
  const aliases = program.command('aliases').description('other names for models');
  const load = () => import('./declared-names.ts');
  withJson(aliases.command('list'))
    .description('every alias, of files and of the workspace')
    .action(async (options) => run((await load()).listAliases(io, options)));
  withJson(aliases.command('set <name> <ref>'))
    .description('declare an alias of the workspace, in the place of the one there was')
    .option('--force', 'also where the ref leads nowhere now')
    .action(async (name, ref, options) => run((await load()).setAlias(io, name, ref, options)));
  withJson(aliases.command('remove <name>'))
    .description('remove an alias of the workspace')
    .action(async (name, options) => run((await load()).removeAlias(io, name, options)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function collectHeader(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function readSeconds(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number of seconds, up to a week.');
}
