/** The commands of credentials, under two names: `turnpike credentials …` and `turnpike models keys …`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

/** After `models` is defined. */
export function defineCredentials(program: Command, io: Io, run: Run): void {
  const credentials = program.command('credentials').description('keys of providers, sealed in the vault');
  defineVerbs(credentials, io, run);
  const models = program.commands.find((command) => command.name() === 'models');
  const keys = models?.command('keys').description('the same as `turnpike credentials`');
  if (keys) defineVerbs(keys, io, run);
}

function defineVerbs(parent: Command, io: Io, run: Run): void {
  const load = () => import('./credentials.ts');
  withJson(parent.command('set <provider> [surplus...]'))
    .usage('[options] <provider>')
    .description('save a key, read from stdin or a hidden prompt, after trying it against its provider')
    .option(
      '--label <name>',
      'tells it from others of the provider; the same one is replaced (default: default)',
    )
    .option('--weight <number>', 'its share of the traffic against the others (default: 1)', readWeight)
    .option('--force', 'save it whatever the provider says')
    .addOption(
      new Option('--holder <whose>', "the workspace's, or your own as a member (default: workspace)").choices(
        ['workspace', 'me'],
      ),
    )
    // Where people look for it: they are told why there is no such option.
    .addOption(new Option('--key <text>').hideHelp())
    .addOption(new Option('--secret <text>').hideHelp())
    .addOption(new Option('--api-key <text>').hideHelp())
    .action(async (provider, surplus, options) =>
      run((await load()).setCredential(io, provider, surplus, options)),
    );
  withJson(parent.command('list'))
    .description('every key of every provider in the order of use, masked')
    .action(async (options) => run((await load()).listCredentials(io, options)));
  withJson(parent.command('test <provider>'))
    .description('try its keys against it; nothing of it is billed')
    .option('--label <name>', 'this one alone')
    .action(async (provider, options) => run((await load()).testCredentials(io, provider, options)));
  withJson(parent.command('change <credential>'))
    .description('change one of the vault, by id, provider/label, or provider')
    .option('--weight <number>', 'its share of the traffic against the others', readWeight)
    .option('--disable', 'take it out of use')
    .option('--enable', 'take it back into use')
    .action(async (credential, options) => run((await load()).changeCredential(io, credential, options)));
  withJson(parent.command('remove <credential>'))
    .description('remove one from the vault, by id, provider/label, or provider; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (credential, options) => run((await load()).removeCredential(io, credential, options)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function readWeight(text: string): number {
  const weight = Number(text);
  if (/^\d{1,4}$/.test(text) && weight >= 1 && weight <= 1000) return weight;
  throw new InvalidArgumentError('A weight is a whole number from 1 to 1000.');
}
