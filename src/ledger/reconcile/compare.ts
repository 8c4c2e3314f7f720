/** Compares our books with a provider's bill, by model and period. Pure. */
import { type CauseShare, explainDrift } from './causes.ts';
import { groupNames } from './family.ts';
import {
  addTokens,
  areEqual,
  type Bill,
  type BillRow,
  type FindRates,
  foldInput,
  noTokens,
  type OurSum,
  type Stretch,
  type Tokens,
  totalTokens,
} from './sides.ts';

/** Providers go on putting a period together after its end. */
export const YOUNG_MS = 60 * 60_000;
/** An alert needs more than both: a cent is no news, nor is a dollar in a thousand. */
export const ALERT_NANO = 1_000_000_000n;
export const ALERT_PERCENT = 1n;

export interface DriftRow extends Stretch {
  readonly provider: string;
  /** The ledger's name where it has one, else the bill's; undefined = for no model (tool calls). */
  readonly model: string | undefined;
  /** Other names compared together with it. */
  readonly otherNames: readonly string[];
  readonly ours: { readonly tokens: Tokens; readonly cost: bigint };
  /** Without money where the bill has none for this period: tokens are then valued at the price of the model. */
  readonly theirs: { readonly tokens: Tokens; readonly cost: bigint | undefined };
  /** Nano-dollars: what the provider bills, less what we booked. The causes add up to it. */
  readonly drift: bigint;
  readonly causes: readonly CauseShare[];
  /** Tokens of theirs that were used without an API key: not by any gateway. */
  readonly keylessTokens: number;
  /** Over the line at which somebody should look. */
  readonly isOver: boolean;
}

export interface Unjudged extends Stretch {
  readonly provider: string;
  /** Too new, or not in the provider's report. */
  readonly reason: 'young' | 'unreported';
}

export interface Comparison {
  /** Rows that differ in tokens or money, earliest first. */
  readonly rows: readonly DriftRow[];
  /** Rows that were judged, equal ones included. */
  readonly judged: number;
  readonly unjudged: readonly Unjudged[];
}

export interface CompareInput {
  readonly ours: readonly OurSum[];
  readonly bill: Bill;
  /** All of one width, in order. */
  readonly periods: readonly Stretch[];
  /** Whether the bill has money for periods of this width. */
  readonly hasCosts: boolean;
  readonly nowMs: number;
  readonly findRates: FindRates;
}

export function compareBooks(input: CompareInput): Comparison {
  const ours = input.ours.filter((sum) => sum.provider === input.bill.provider);
  const rows: DriftRow[] = [];
  const unjudged: Unjudged[] = [];
  let judged = 0;
  for (const period of input.periods) {
    const reason = whyUnjudged(input, period);
    if (reason) {
      unjudged.push({ provider: input.bill.provider, ...period, reason });
      continue;
    }
    const found = comparePeriod(input, period, pickPeriod(ours, period), pickPeriod(input.bill.rows, period));
    judged += found.length;
    for (const row of found) if (isDifferent(row)) rows.push(row);
  }
  return { rows, judged, unjudged };
}

function isDifferent({ ours, theirs, drift }: DriftRow): boolean {
  return drift !== 0n || !areEqual(ours.tokens, theirs.tokens);
}

function whyUnjudged(
  { bill, hasCosts, nowMs }: CompareInput,
  period: Stretch,
): Unjudged['reason'] | undefined {
  if (period.endMs > nowMs - YOUNG_MS) return 'young';
  const isReported =
    isCovered(bill.tokensCovered, period) && (!hasCosts || isCovered(bill.costsCovered, period));
  return isReported ? undefined : 'unreported';
}

/** Wholly, by stretches that may be shorter than the period and in any order. */
function isCovered(stretches: readonly Stretch[], { startMs, endMs }: Stretch): boolean {
  let reached = startMs;
  for (const stretch of [...stretches].sort((a, b) => a.startMs - b.startMs)) {
    if (stretch.startMs <= reached && stretch.endMs > reached) reached = stretch.endMs;
  }
  return reached >= endMs;
}

function pickPeriod<T extends { readonly startMs: number }>(
  rows: readonly T[],
  period: Stretch,
): readonly T[] {
  return rows.filter((row) => row.startMs >= period.startMs && row.startMs < period.endMs);
}

function comparePeriod(
  input: CompareInput,
  period: Stretch,
  ours: readonly OurSum[],
  theirs: readonly BillRow[],
): DriftRow[] {
  const ourModels = new Set(ours.flatMap(({ model }) => (model === '' ? [] : [model])));
  const namesIn = (rows: readonly BillRow[]) =>
    new Set(rows.flatMap(({ model }) => (model === undefined ? [] : [model])));
  const groups = groupNames({
    ours: ourModels,
    billedTokens: namesIn(theirs.filter(({ tokens }) => tokens !== undefined)),
    billedCosts: namesIn(theirs.filter(({ cost }) => cost !== undefined)),
  });
  const groupsOnce = new Map([...groups.values()].map((names) => [names.join('\n'), names]));
  const rows = [...groupsOnce.values()].map((names) => {
    const ofOurs = ours.filter(({ model }) => names.includes(model));
    const ofTheirs = theirs.filter(({ model }) => model !== undefined && names.includes(model));
    return compareGroup(input, period, nameOf(names, ofOurs), names, ofOurs, ofTheirs);
  });
  const tools = compareTools(input, period, ours, theirs);
  return tools ? [...rows, tools] : rows;
}

/** The name most money was booked under, else the bill's first. */
function nameOf(names: readonly string[], ours: readonly OurSum[]): string {
  const dearest = ours.toSorted((a, b) =>
    a.cost === b.cost ? compareText(a.model, b.model) : a.cost < b.cost ? 1 : -1,
  );
  return dearest[0]?.model ?? names[0]!;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function compareGroup(
  { bill, hasCosts, findRates }: CompareInput,
  period: Stretch,
  model: string,
  names: readonly string[],
  ours: readonly OurSum[],
  theirs: readonly BillRow[],
): DriftRow {
  const shape = bill.isInputWhole ? foldInput : (tokens: Tokens) => tokens;
  const sumOurs = (pick: (sum: OurSum) => Tokens) => shape(sumTokens(ours.map(pick)));
  const sumTheirs = (rows: readonly BillRow[]) =>
    shape(sumTokens(rows.map(({ tokens }) => tokens ?? noTokens)));
  const ourCost = sumBig(ours.map(({ cost, fees }) => (bill.hasToolRows ? cost - fees : cost)));
  const facts = {
    ours: sumOurs(({ tokens }) => tokens),
    theirs: sumTheirs(theirs),
    ourCost,
    theirCost: hasCosts ? sumBig(theirs.map(({ cost }) => cost ?? 0n)) : undefined,
    estimated: sumOurs(({ estimated }) => estimated),
    interrupted: sumOurs(({ interrupted }) => interrupted),
    unpriced: sumOurs(({ unpriced }) => unpriced),
    elsewhere: sumTheirs(theirs.filter(({ isBilledElsewhere }) => isBilledElsewhere)),
    rates: ratesOf(findRates, bill.provider, [model, ...names], period.startMs),
    isTools: false,
  };
  const { amount, causes } = explainDrift(facts);
  return {
    provider: bill.provider,
    ...period,
    model,
    otherNames: names.filter((name) => name !== model),
    ours: { tokens: facts.ours, cost: ourCost },
    theirs: { tokens: facts.theirs, cost: facts.theirCost },
    drift: amount,
    causes,
    keylessTokens: totalTokens(sumTheirs(theirs.filter(({ isKeyless }) => isKeyless))),
    isOver: isOverLine(amount, causes, ourCost, facts.theirCost),
  };
}

function ratesOf(findRates: FindRates, provider: string, names: readonly string[], atMs: number) {
  for (const name of names) {
    const rates = findRates(provider, name, atMs);
    if (rates) return rates;
  }
  return undefined;
}

/** Money of the bill that is for no model, against what we booked for calls of tools. undefined = there is neither. */
function compareTools(
  { bill, hasCosts }: CompareInput,
  period: Stretch,
  ours: readonly OurSum[],
  theirs: readonly BillRow[],
): DriftRow | undefined {
  const theirRows = theirs.filter(({ model }) => model === undefined);
  const ourCost = sumBig(
    ours.map(({ model, cost, fees }) => (model === '' ? cost : bill.hasToolRows ? fees : 0n)),
  );
  const theirCost = sumBig(theirRows.map(({ cost }) => cost ?? 0n));
  if (!hasCosts || (ourCost === 0n && theirCost === 0n)) return undefined;
  const tokens = noTokens;
  const parts = {
    estimated: tokens,
    interrupted: tokens,
    unpriced: tokens,
    elsewhere: tokens,
    rates: undefined,
  };
  const { amount, causes } = explainDrift({
    ...parts,
    ours: tokens,
    theirs: tokens,
    ourCost,
    theirCost,
    isTools: true,
  });
  return {
    provider: bill.provider,
    ...period,
    model: undefined,
    otherNames: [],
    ours: { tokens, cost: ourCost },
    theirs: { tokens, cost: theirCost },
    drift: amount,
    causes,
    keylessTokens: 0,
    isOver: isOverLine(amount, causes, ourCost, theirCost),
  };
}

/** What is billed elsewhere is no surprise. */
export function unexplained(drift: bigint, causes: readonly CauseShare[]): bigint {
  return drift - (causes.find(({ cause }) => cause === 'billed_elsewhere')?.amount ?? 0n);
}

function isOverLine(
  drift: bigint,
  causes: readonly CauseShare[],
  ourCost: bigint,
  theirCost: bigint | undefined,
): boolean {
  const off = absolute(unexplained(drift, causes));
  const larger =
    absolute(ourCost) > absolute(theirCost ?? 0n) ? absolute(ourCost) : absolute(theirCost ?? 0n);
  return off > ALERT_NANO && off * 100n > larger * ALERT_PERCENT;
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function sumTokens(all: readonly Tokens[]): Tokens {
  return all.reduce(addTokens, noTokens);
}

function sumBig(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
