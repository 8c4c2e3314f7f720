/** `turnpike prices`: what models cost, prices of your own, the list behind them, and entries priced anew. */
import type { PriceListBody } from '../admin/price-fields.ts';
import type { NewPriceBody, PricedModelBody, PriceOverrideBody, Rerated } from '../admin/prices.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { readMoment } from './moment.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Rates as they are written, by their names in the admin API. */
export type WrittenRates = Readonly<Record<string, string>>;

export interface SetOptions extends JsonOption {
  readonly free?: boolean;
  readonly input?: string;
  readonly output?: string;
  readonly cacheRead?: string;
  readonly cacheWrite5m?: string;
  readonly cacheWrite1h?: string;
  readonly reasoning?: string;
  readonly audioInput?: string;
  readonly audioOutput?: string;
  readonly perRequest?: string;
  readonly perCall?: WrittenRates;
  readonly serviceTier?: string;
  readonly from?: string;
  readonly above?: readonly { readonly tokens: number; readonly rates: WrittenRates }[];
}

const right = (title: string) => ({ title, align: 'right' as const });

export async function listPrices(io: Io, options: JsonOption & { archived?: boolean }): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.prices(options.archived ?? false));
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  if (found.overrides.length === 0)
    printLine(io.stdout, 'No prices of your own. Set one with `turnpike prices set`.');
  else printOverrides(io, found.overrides);
  printPriceList(io, found.list);
  return 0;
}

function printOverrides(io: Io, overrides: readonly PriceOverrideBody[]): void {
  const columns = ['model', 'tier', 'from', 'until'].map((title) => ({ title }));
  printTable(
    io,
    [...columns, right('in / M'), right('out / M'), { title: '' }, { title: 'id' }],
    overrides.map((row) => [
      `${row.provider}/${row.model}`,
      row.serviceTier,
      moment(row.effectiveFrom),
      moment(row.until),
      money(row.tiers[0]?.usdPerMillion.input ?? null),
      money(row.tiers[0]?.usdPerMillion.output ?? null),
      row.tiers.length > 1 ? `+${row.tiers.length - 1}` : '',
      row.source === 'file' ? `${row.id} (file)` : row.id,
    ]),
  );
}

/** Where the prices come from that nobody has set; a warning where they are old. */
export function printPriceList(io: Io, list: PriceListBody): void {
  const paint = paintFor(io.stdout, io.env);
  const from = list.readFrom === null ? '' : `, read from ${list.readFrom}`;
  printLine(
    io.stdout,
    paint.dim(`prices of ${list.source} as of ${list.asOf}, ${count(list.ageDays)} days old${from}`),
  );
  const warn = paintFor(io.stderr, io.env);
  if (list.problem !== null)
    printLine(io.stderr, `${warn.yellow('!')} the price list was not read: ${list.problem}`);
  if (list.isStale) {
    const how = 'set prices.refresh in turnpike.yaml, or use a newer version';
    printLine(io.stderr, `${warn.yellow('!')} these prices are ${count(list.ageDays)} days old; ${how}`);
  }
}

export async function showPrice(io: Io, ref: string, options: JsonOption): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.priceOf(ref));
  if (options.json) printJson(io, found);
  else printModel(io, found);
  return 0;
}

function printModel(io: Io, { ref, effective, overrides, listed, list }: PricedModelBody): void {
  const paint = paintFor(io.stdout, io.env);
  printLine(io.stdout, paint.bold(ref));
  for (const { serviceTier, price } of effective) {
    if (price === null) {
      printLine(io.stdout, `  ${serviceTier.padEnd(9)} unknown`);
      continue;
    }
    const isOther = price.serviceTier !== serviceTier;
    const source = isOther ? `as ${price.serviceTier}: its own price is unknown` : price.source;
    printLine(io.stdout, `  ${serviceTier.padEnd(9)} ${paint.dim(source)}`);
    if (!isOther) printTiers(io, price.tiers);
  }
  if (overrides.length > 0) {
    printLine(io.stdout);
    printOverrides(io, overrides);
  }
  if (listed.length > 1)
    printLine(io.stdout, paint.dim(`${listed.length} prices are listed; --json shows them`));
  printPriceList(io, list);
}

function printTiers(io: Io, tiers: PriceOverrideBody['tiers']): void {
  for (const { aboveInputTokens, usdPerMillion, usdPerCall, usdPerRequest } of tiers) {
    const rates = [
      ...Object.entries(usdPerMillion).map(([name, usd]) => `${name} ${money(usd)}/M`),
      ...Object.entries(usdPerCall).map(([tool, usd]) => `${tool} ${money(usd)} each`),
      ...(usdPerRequest === null ? [] : [`request ${money(usdPerRequest)}`]),
    ];
    const above = aboveInputTokens === 0 ? '' : `above ${count(aboveInputTokens)} input tokens: `;
    printLine(io.stdout, `            ${above}${rates.join(', ')}`);
  }
}

export async function setPrice(io: Io, ref: string, options: SetOptions): Promise<ExitCode> {
  const { provider, model } = splitRef(ref);
  const { serviceTier, from } = options;
  const made = await withBooks(io, (client) =>
    client.setPrice({
      provider,
      model,
      ...tiersOf(options),
      ...(serviceTier !== undefined && { serviceTier }),
      ...(from !== undefined && { effectiveFrom: readMoment(from, io.now(), -1, '--from') }),
    }),
  );
  if (options.json) printJson(io, made);
  else {
    const mark = paintFor(io.stdout, io.env).green('✓');
    const since = `from ${moment(made.effectiveFrom)} UTC`;
    printLine(io.stdout, `${mark} ${made.provider}/${made.model} ${since} (${made.id}):`);
    printTiers(io, made.tiers);
  }
  return 0;
}

function splitRef(ref: string): { readonly provider: string; readonly model: string } {
  const slash = ref.indexOf('/');
  if (slash > 0 && slash < ref.length - 1)
    return { provider: ref.slice(0, slash), model: ref.slice(slash + 1) };
  throw usageError(
    `${ref} names no model of a provider`,
    'Write provider/model, or provider/* for all of its models.',
  );
}

const rateNames = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'audioInput',
  'audioOutput',
] as const;

function tiersOf(options: SetOptions): Pick<NewPriceBody, 'isFree' | 'tiers'> {
  if (options.free) return { isFree: true };
  if (options.input === undefined || options.output === undefined)
    throw usageError(
      'a price needs --input and --output, or --free',
      'Dollars per million tokens: --input 3 --output 15.',
    );
  const named = rateNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  const base = {
    usdPerMillion: Object.fromEntries(named) as NonNullable<NewPriceBody['tiers']>[number]['usdPerMillion'],
    ...(options.perRequest !== undefined && { usdPerRequest: options.perRequest }),
    ...(options.perCall && { usdPerCall: { ...options.perCall } }),
  };
  const above = (options.above ?? []).map(({ tokens, rates }) => ({
    aboveInputTokens: tokens,
    usdPerMillion: { ...rates },
  }));
  return { tiers: [base, ...above.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens)] };
}

export async function removePrice(
  io: Io,
  id: string,
  options: JsonOption & { readonly neverHeld?: boolean; readonly yes?: boolean },
): Promise<ExitCode> {
  const neverHeld = options.neverHeld ?? false;
  if (!options.yes && !(await isConfirmed(io, id, neverHeld))) {
    printLine(io.stderr, 'Nothing was removed.');
    return 1;
  }
  const ended = await withBooks(io, (client) => client.endPrice(id, neverHeld));
  if (options.json) printJson(io, ended);
  else {
    const what = neverHeld ? 'has never held' : `holds until ${moment(ended.until)} UTC`;
    const mark = paintFor(io.stdout, io.env).green('✓');
    printLine(io.stdout, `${mark} ${ended.provider}/${ended.model} ${what} (${ended.id}).`);
  }
  return 0;
}

async function isConfirmed(io: Io, id: string, neverHeld: boolean): Promise<boolean> {
  if (!io.stdin.isTerminal)
    throw usageError('removing cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  return io.confirm(
    neverHeld ? `Take the price ${id} for a mistake from its beginning?` : `End the price ${id} now?`,
  );
}

export async function refreshPrices(io: Io, options: JsonOption): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.refreshPrices());
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  const { models, added, changed, skipped, list } = found;
  const counts = `${count(added)} new, ${count(changed)} changed, ${count(skipped)} not readable`;
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} Read ${count(models)} models: ${counts}.`);
  printPriceList(io, list);
  return 0;
}

export interface RerateOptions extends JsonOption {
  readonly since: string;
  readonly until?: string;
  /** `provider/model`, or the name of a model. */
  readonly model?: string;
  readonly unpriced?: boolean;
  readonly apply?: boolean;
  readonly reason?: string;
}

export async function rerate(io: Io, options: RerateOptions): Promise<ExitCode> {
  const { since, until, model, unpriced, apply, reason } = options;
  const found = await withBooks(io, (client) =>
    client.rerate({
      since: readMoment(since, io.now(), -1, '--since'),
      ...(until !== undefined && { until: readMoment(until, io.now(), -1, '--until') }),
      ...(model !== undefined && (model.includes('/') ? splitRef(model) : { model })),
      isUnpricedOnly: unpriced ?? false,
      apply: apply ?? false,
      ...(reason !== undefined && { reason }),
    }),
  );
  if (options.json) printJson(io, found);
  else printRerated(io, found);
  return 0;
}

function printRerated(io: Io, { sums, isApplied, entries, unknown, differenceUsd, id }: Rerated): void {
  const paint = paintFor(io.stdout, io.env);
  if (sums.length > 0) {
    printTable(
      io,
      [{ title: 'model' }, ...['entries', 'unpriced', 'booked', 'now'].map(right)],
      sums.map((row) => [
        `${row.provider}/${row.model}`,
        count(row.entries),
        count(row.unpriced),
        money(row.wasUsd),
        money(row.isUsd),
      ]),
    );
  }
  if (unknown > 0) printLine(io.stdout, paint.dim(`the price of ${count(unknown)} entries is still unknown`));
  const sign = differenceUsd.startsWith('-')
    ? `-${money(differenceUsd.slice(1))}`
    : `+${money(differenceUsd)}`;
  if (sums.length === 0) printLine(io.stdout, `Nothing differs in ${count(entries)} entries.`);
  else if (isApplied) printLine(io.stdout, `${paint.green('✓')} Booked ${sign} (${id}).`);
  else printLine(io.stdout, `${sign} would be booked; nothing was. Add --apply.`);
}
