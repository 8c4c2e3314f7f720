/** The commands of `turnpike prices`, with their options. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

export function definePrices(program: Command, io: Io, run: Run): void {
  const prices = program.command('prices').description('what models cost');
  withJson(prices.command('list'))
    .description('prices of your own, and how old the list behind them is')
    .option('--archived', 'ended ones too')
    .action(async (options) => run((await import('./prices.ts')).listPrices(io, options)));
  withJson(prices.command('show <model>'))
    .description('what provider/model costs now, by service tier, and why')
    .action(async (model, options) => run((await import('./prices.ts')).showPrice(io, model, options)));
  defineSet(prices, io, run);
  withJson(prices.command('remove <id>'))
    .description('end a price of your own; what was booked by it stays')
    .option('--never-held', 'it was a mistake from its beginning: re-rating passes it over')
    .option('--yes', 'do not ask')
    .action(async (id, options) => run((await import('./prices.ts')).removePrice(io, id, options)));
  withJson(prices.command('refresh'))
    .description('read the price list that prices.refresh names now')
    .action(async (options) => run((await import('./prices.ts')).refreshPrices(io, options)));
  withJson(prices.command('rerate'))
    .description('price entries anew by the prices that hold for their time; books nothing without --apply')
    .requiredOption('--since <moment>', 'from: 24h, 7d, 2026-11-01, …')
    .option('--until <moment>', 'up to (default: now)')
    .option('--model <model>', 'only provider/model, or a model of any provider')
    .option('--unpriced', 'only entries whose price was unknown')
    .option('--apply', 'book the differences; a second time changes nothing')
    .option('--reason <text>', 'noted with each correction')
    .action(async (options) => run((await import('./prices.ts')).rerate(io, options)));
}

function defineSet(prices: Command, io: Io, run: Run): void {
  withJson(prices.command('set <model>'))
    .description('set the price of provider/model, or of provider/*; dollars per million tokens')
    .option('--input <usd>', 'input tokens')
    .option('--output <usd>', 'output tokens')
    .option('--cache-read <usd>', 'input read from a cache')
    .option('--cache-write-5m <usd>', 'input written to a cache for five minutes')
    .option('--cache-write-1h <usd>', 'input written to a cache for an hour')
    .option('--reasoning <usd>', 'reasoning (default: as output)')
    .option('--audio-input <usd>', 'audio input')
    .option('--audio-output <usd>', 'audio output')
    .option('--per-request <usd>', 'dollars for each request')
    .option('--per-call <tool=usd>', 'dollars for each call of a built-in tool; may be repeated', addCall, {})
    .option(
      '--above <tokens:rates>',
      'price of long requests, 200000:input=6,output=22.5; may be repeated',
      addTier,
      [],
    )
    .option('--free', 'it costs nothing, which is not an unknown price')
    .option('--service-tier <tier>', 'only for answers of this tier: standard, batch, flex, priority, …')
    .option('--from <moment>', 'since when: 7d, 2026-11-01, … (default: now)')
    .action(async (model, options) => run((await import('./prices.ts')).setPrice(io, model, options)));
}

function addCall(text: string, known: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.lastIndexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write tool=dollars, such as web_search=0.01.');
  return { ...known, [text.slice(0, equals)]: text.slice(equals + 1) };
}

interface Tier {
  readonly tokens: number;
  readonly rates: Readonly<Record<string, string>>;
}

function addTier(text: string, known: readonly Tier[]): Tier[] {
  const match = /^(\d{1,9}):(.+)$/.exec(text);
  const pairs = (match?.[2] ?? '').split(',').map((pair) => pair.split('='));
  if (!match || !pairs.every((pair) => pair.length === 2))
    throw new InvalidArgumentError('Write tokens:rates, such as 200000:input=6,output=22.5,cache-read=0.6.');
  const rates = pairs.map(([name = '', usd = '']) => [camelCase(name.trim()), usd.trim()]);
  return [...known, { tokens: Number(match[1]), rates: Object.fromEntries(rates) }];
}

/** Rates are named as their options are. */
function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
