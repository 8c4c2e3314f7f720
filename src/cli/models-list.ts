/** `turnpike models list` and `search`: what can be asked for, by provider or by what was looked for. */
import type { Model, ModelList } from '../admin/models.ts';
import { withServer } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { printPriceList } from './prices.ts';
import { count, money, paintFor, printJson, printLine, printTable } from './print.ts';

export interface ListOptions {
  readonly provider?: string;
  readonly json?: boolean;
}

export interface SearchOptions extends ListOptions {
  readonly free?: boolean;
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly thinking?: boolean;
  /** Dollars per million tokens. */
  readonly maxPrice?: string;
  readonly limit: number;
}

export async function listModels(io: Io, options: ListOptions): Promise<ExitCode> {
  const { provider } = options;
  const found = await withServer(io, (client) => client.models({ provider }));
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  if (found.models.length === 0) printLine(io.stdout, 'There is no such model.');
  else printModels(io, groupsOf(io, found));
  printLists(io, found);
  printPriceList(io, found.priceList);
  return 0;
}

/** Exit code 1 when nothing was found. */
export async function searchModels(
  io: Io,
  words: readonly string[],
  options: SearchOptions,
): Promise<ExitCode> {
  const { free, tools, vision, thinking, maxPrice, provider, limit } = options;
  const query = {
    ...{ q: words.join(' '), max_price: maxPrice, provider },
    ...{ free: on(free), tools: on(tools), vision: on(vision), thinking: on(thinking) },
  };
  const found = await withServer(io, (client) => client.models(query));
  if (options.json) printJson(io, found);
  else {
    printFound(io, found, limit);
    printLists(io, found);
  }
  return found.models.length > 0 ? 0 : 1;
}

function on(isWanted: boolean | undefined): 'true' | undefined {
  return isWanted ? 'true' : undefined;
}

function printFound(io: Io, { models }: ModelList, limit: number): void {
  if (models.length === 0) {
    printLine(io.stdout, 'No model that can be asked for now is known to be like that.');
    return;
  }
  printModels(io, models.slice(0, limit).map(write));
  const rest = models.length - limit;
  if (rest > 0)
    printLine(io.stdout, paintFor(io.stdout, io.env).dim(`${count(rest)} more; --limit shows more`));
}

const right = (title: string) => ({ title, align: 'right' as const });
const COLUMNS = [{ title: 'model' }, right('window'), right('in / M'), right('out / M'), { title: 'can' }];

/** Below this many columns the names have the place of what the models can: cut names lead nowhere. */
const WIDE_COLUMNS = 110;

/** @param rows as `write` makes them */
function printModels(io: Io, rows: readonly (readonly string[])[]): void {
  const { isTerminal, columns = WIDE_COLUMNS } = io.stdout;
  const shown = isTerminal && columns < WIDE_COLUMNS ? COLUMNS.length - 1 : COLUMNS.length;
  printTable(
    io,
    COLUMNS.slice(0, shown),
    rows.map((row) => row.slice(0, shown)),
  );
}

/** Names first, then each provider's models under its own name. */
function groupsOf(io: Io, { models, lists }: ModelList): string[][] {
  const { bold, dim } = paintFor(io.stdout, io.env);
  const groups = new Map<string, Model[]>();
  for (const model of models) {
    // The names of aliases and routes are a group of their own, whatever a provider is called.
    const members = groups.get(model.provider ?? '');
    if (members) members.push(model);
    else groups.set(model.provider ?? '', [model]);
  }
  return [...groups].flatMap(([provider, members]) => {
    const isLive = lists.some((list) => list.provider === provider && list.problem === null);
    const facts = [
      numberOf(members.length, provider === '' ? 'name' : 'model'),
      ...(members.every((model) => model.isLocal) ? ['local'] : []),
      ...(isLive ? ['listed live'] : []),
    ];
    const title = `${bold(provider === '' ? 'aliases and routes' : provider)} ${dim(facts.join(', '))}`;
    return [
      [title, '', '', '', ''],
      ...members.map(write).map(([ref = '', ...rest]) => [`  ${ref}`, ...rest]),
    ];
  });
}

function numberOf(many: number, what: string): string {
  return `${count(many)} ${what}${many === 1 ? '' : 's'}`;
}

function write(model: Model): string[] {
  if (model.kind !== 'model') return [`${model.ref} -> ${model.leadsTo.join(', ')}`, '', '', '', model.kind];
  return [
    model.ref,
    model.contextWindow === null ? '' : count(model.contextWindow),
    ...pricesOf(model),
    model.capabilities.join(', '),
  ];
}

function pricesOf({ isFree, price }: Model): string[] {
  if (isFree) return ['free', 'free'];
  const rates = price?.tiers[0]?.usdPerMillion;
  return [money(rates?.input ?? null), money(rates?.output ?? null)];
}

/** What could not be listed is said, and is no failure of the command. */
function printLists(io: Io, { lists }: ModelList): void {
  const paint = paintFor(io.stderr, io.env);
  for (const { provider, problem } of lists) {
    if (problem !== null) {
      printLine(io.stderr, `${paint.yellow('!')} ${provider} did not list its models: ${problem}`);
    }
  }
}
