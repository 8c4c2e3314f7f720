/** The commands of virtual keys. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineKeys(program: Command, io: Io, run: Run): void {
  const keys = program.command('keys').description('virtual keys that clients present');
  const load = () => import('./keys.ts');
  const loadChanges = () => import('./keys-change.ts');
  withTerms(withJson(keys.command('create [name]')))
    .description('make a key; its text is shown once')
    .option('--name <name>', 'the same as the argument')
    .option('--budget <usd/period,…>', 'budgets of its own, such as 25/month or 2/day,25/month', splitList)
    .option('--requests <number>', 'requests a minute, at most', readWhole)
    .option('--input-tokens <number>', 'input tokens a minute, at most', readWhole)
    .option('--output-tokens <number>', 'output tokens a minute, at most', readWhole)
    .option('--concurrent <number>', 'requests under way at once, at most', readWhole)
    .action(async (name, options) => run((await load()).createKey(io, name, options)));
  withJson(keys.command('list'))
    .description('keys, newest first')
    .addOption(new Option('--state <state>', 'only those').choices(['active', 'expired', 'revoked']))
    .option('--member <id>', 'those of one member')
    .option('--agent <name>', 'those of one agent')
    .option('--name <beginning>', 'whose name begins so')
    .option('--search <text>', 'that have it in their name, description, tags or preview')
    .option('--honeypots', 'honeypots instead of keys')
    .option('--limit <number>', 'at most so many (default: 1000)', readWhole)
    .action(async (options) => run((await load()).listKeys(io, options)));
  withJson(keys.command('show <key>'))
    .description('one key, by id or name, with its limits and old texts')
    .action(async (key, options) => run((await load()).showKey(io, key, options)));
  withTerms(withJson(keys.command('update <key>')))
    .description('change a key, by id or name; `none` takes back what was said')
    .option('--name <name>', 'another name')
    .action(async (key, options) => run((await loadChanges()).updateKey(io, key, options)));
  withJson(keys.command('rotate <key>'))
    .description('give a key a new text, shown once; by id or name')
    .option('--overlap <span>', 'the old text works on for so long, at most 30d (default: it ends at once)')
    .action(async (key, options) => run((await loadChanges()).rotateKey(io, key, options)));
  withJson(keys.command('revoke <id>'))
    .description('end a key, by id or name; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (id, options) => run((await loadChanges()).revokeKey(io, id, options)));
  withJson(keys.command('honeypot <name>'))
    .description('make a key that lets nobody in, and tells when somebody tries')
    .option('--description <text>', 'where it was left')
    .action(async (name, options) => run((await load()).createHoneypot(io, name, options)));
}

function withTerms(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--tags <tags>', 'comma-separated words to find it by', splitList)
    .option('--expires <moment>', 'when it ends: 30d, 2027-01-01, …')
    .option('--member <id>', 'member it belongs to')
    .option('--agent <name>', 'agent it belongs to')
    .option('--default-model <ref>', 'model where the client names none')
    .option('--models <refs>', 'comma-separated models it may use (default: all)', splitList)
    .option('--formats <calls>', 'comma-separated calls it may be used for (default: all)', splitList)
    .option('--from <ranges>', 'comma-separated addresses and ranges it may be used from', splitList)
    .option('--cache <span>', 'give it the same answer again for so long: 10m, 24h, …; off = never');
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function splitList(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return items;
  throw new InvalidArgumentError('Separate them by single commas.');
}

function readWhole(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
