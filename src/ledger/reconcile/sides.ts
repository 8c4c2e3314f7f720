/** The two sides of a reconciliation: what the ledger has and what the provider bills, as sums by model and period. */
import type { Rates } from '../../catalog/price.ts';

export const tokenClasses = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'audioInput',
  'audioOutput',
] as const;
export type TokenClass = (typeof tokenClasses)[number];
/** Disjoint whole counts; differences of them may be negative. */
export type Tokens = Readonly<Record<TokenClass, number>>;

export const noTokens: Tokens = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  audioInput: 0,
  audioOutput: 0,
};

export function combine(a: Tokens, b: Tokens, each: (a: number, b: number) => number): Tokens {
  return {
    input: each(a.input, b.input),
    cacheRead: each(a.cacheRead, b.cacheRead),
    cacheWrite5m: each(a.cacheWrite5m, b.cacheWrite5m),
    cacheWrite1h: each(a.cacheWrite1h, b.cacheWrite1h),
    output: each(a.output, b.output),
    audioInput: each(a.audioInput, b.audioInput),
    audioOutput: each(a.audioOutput, b.audioOutput),
  };
}

export function addTokens(a: Tokens, b: Tokens): Tokens {
  return combine(a, b, (x, y) => x + y);
}

export function subtractTokens(a: Tokens, b: Tokens): Tokens {
  return combine(a, b, (x, y) => x - y);
}

export function totalTokens(tokens: Tokens): number {
  return tokenClasses.reduce((sum, name) => sum + tokens[name], 0);
}

export function areEqual(a: Tokens, b: Tokens): boolean {
  return tokenClasses.every((name) => a[name] === b[name]);
}

/** For bills that know only input and output. */
export function foldInput(tokens: Tokens): Tokens {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, output, audioOutput } = tokens;
  return {
    ...noTokens,
    input: input + cacheRead + cacheWrite5m + cacheWrite1h + audioInput,
    output: output + audioOutput,
  };
}

/** Sums of one provider, model and period as the ledger has them, corrections included. */
export interface OurSum {
  readonly provider: string;
  /** '' = for no model: adjustments of tool calls. */
  readonly model: string;
  readonly startMs: number;
  readonly tokens: Tokens;
  /** Nano-dollars, `fees` included. */
  readonly cost: bigint;
  /** Of it, for calls of built-in tools. */
  readonly fees: bigint;
  /** Of the tokens: our own estimates, without those below. */
  readonly estimated: Tokens;
  /** Of the tokens: estimates of attempts whose process died. */
  readonly interrupted: Tokens;
  /** Of the tokens: those without a known price, which are in no cost. */
  readonly unpriced: Tokens;
}

/** Half-open, epoch milliseconds, UTC. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** One row of a bill; what it does not speak of is undefined. */
export interface BillRow extends Stretch {
  readonly model: string | undefined;
  readonly tokens?: Tokens;
  readonly cost?: bigint;
  readonly isBilledElsewhere?: boolean;
  readonly isKeyless?: boolean;
}

/** As `upstream/bills` fetches it. */
export interface Bill {
  readonly provider: string;
  readonly rows: readonly BillRow[];
  readonly tokensCovered: readonly Stretch[];
  readonly costsCovered: readonly Stretch[];
  readonly isInputWhole: boolean;
  readonly hasToolRows: boolean;
  readonly notes: readonly string[];
}

/** What a token of the model costs at that time; undefined = nobody knows. */
export type FindRates = (provider: string, model: string, atMs: number) => Rates | undefined;
