/**
 * Splits the drift of one row into its causes, which add up to it exactly.
 *
 * Differences of tokens are explained first, class by class, and valued at the price of the model; what then is
 * left of the money is a difference of prices. Our own estimates are taken to explain a difference as far as their
 * own size goes.
 */
import type { Rates } from '../../catalog/price.ts';
import { type TokenClass, type Tokens, tokenClasses, totalTokens } from './sides.ts';

export const driftCauses = [
  /** Our estimates of tokens that the provider did not report were off. */
  'estimated',
  /** The provider billed what we know nothing of: its key was used elsewhere, or something was lost. */
  'unrecorded',
  /** We booked what the provider did not bill, such as the estimate of an interrupted attempt. */
  'phantom',
  /** We had no price for some tokens. */
  'unpriced',
  /** The same tokens, other money. */
  'price',
  /** Calls of built-in tools. */
  'tools',
  /** Tokens whose money is in no report (priority tier). */
  'billed_elsewhere',
] as const;
export type DriftCause = (typeof driftCauses)[number];

export interface CauseShare {
  readonly cause: DriftCause;
  /** Nano-dollars; positive = the provider bills more than we booked. */
  readonly amount: bigint;
}

export interface DriftFacts {
  readonly ours: Tokens;
  readonly theirs: Tokens;
  readonly ourCost: bigint;
  /** undefined = the bill has no money for this row: the difference of tokens is valued instead. */
  readonly theirCost: bigint | undefined;
  readonly estimated: Tokens;
  readonly interrupted: Tokens;
  readonly unpriced: Tokens;
  /** Of their tokens. */
  readonly elsewhere: Tokens;
  readonly rates: Rates | undefined;
  /** The row is about tool calls, which have no tokens. */
  readonly isTools: boolean;
}

export interface Drift {
  /** Nano-dollars: what the provider bills, less what we booked. */
  readonly amount: bigint;
  /** Without those of amount 0. */
  readonly causes: readonly CauseShare[];
}

export function explainDrift(facts: DriftFacts): Drift {
  const shares = shareTokens(facts);
  const ofTokens = sumOf(shares);
  if (facts.theirCost === undefined) return { amount: ofTokens, causes: withoutZeros(shares) };
  const amount = facts.theirCost - facts.ourCost;
  let left = amount - ofTokens;
  const take = (cause: DriftCause, share: bigint) => {
    shares.set(cause, share);
    left -= share;
  };
  if (left < 0n) take('billed_elsewhere', -smaller(-left, elsewhereLimit(facts, -left)));
  if (left > 0n) take('unpriced', smaller(left, worthOf(facts, facts.unpriced)));
  shares.set(facts.isTools ? 'tools' : 'price', left);
  return { amount, causes: withoutZeros(shares) };
}

type Shares = Map<DriftCause, bigint>;

/** The difference of tokens by cause, in nano-dollars. */
function shareTokens(facts: DriftFacts): Shares {
  const pico = { estimated: 0n, unrecorded: 0n, phantom: 0n };
  for (const name of tokenClasses) {
    const rate = rateOf(facts, name);
    const difference = facts.theirs[name] - facts.ours[name];
    const interrupted = Math.max(0, facts.interrupted[name]);
    const estimated = Math.max(0, facts.estimated[name]);
    if (difference > 0) {
      const explained = Math.min(difference, estimated + interrupted);
      pico.estimated += BigInt(explained) * rate;
      pico.unrecorded += BigInt(difference - explained) * rate;
    } else if (difference < 0) {
      const afterInterrupted = -difference - Math.min(-difference, interrupted);
      const explained = Math.min(afterInterrupted, estimated);
      pico.estimated -= BigInt(explained) * rate;
      pico.phantom -= BigInt(-difference - explained) * rate;
    }
  }
  // Cut to whole nano-dollars; what is cut off stays with the price.
  return new Map([
    ['estimated', pico.estimated / 1000n],
    ['unrecorded', pico.unrecorded / 1000n],
    ['phantom', pico.phantom / 1000n],
  ]);
}

function elsewhereLimit(facts: DriftFacts, whole: bigint): bigint {
  const elsewhere = totalTokens(facts.elsewhere);
  if (elsewhere === 0) return 0n;
  return elsewhere === totalTokens(facts.theirs) ? whole : worthOf(facts, facts.elsewhere);
}

function worthOf(facts: DriftFacts, tokens: Tokens): bigint {
  const pico = tokenClasses.reduce(
    (sum, name) => sum + BigInt(Math.max(0, tokens[name])) * rateOf(facts, name),
    0n,
  );
  return pico / 1000n;
}

/** Pico-dollars per token. Without a price: what a token of this row costs on average, on the side that says it. */
function rateOf(facts: DriftFacts, name: TokenClass): bigint {
  const { rates } = facts;
  if (!rates) return averageOf(facts);
  const byClass: Readonly<Record<TokenClass, number | undefined>> = {
    input: rates.input,
    cacheRead: rates.cacheRead,
    cacheWrite5m: rates.cacheWrite5m,
    cacheWrite1h: rates.cacheWrite1h ?? rates.cacheWrite5m,
    output: rates.output,
    audioInput: rates.audioInput,
    audioOutput: rates.audioOutput ?? rates.output,
  };
  return BigInt(byClass[name] ?? rates.input);
}

function averageOf({ ours, theirs, ourCost, theirCost }: DriftFacts): bigint {
  const sides = [
    [theirCost ?? 0n, totalTokens(theirs)],
    [ourCost, totalTokens(ours)],
  ] as const;
  for (const [cost, tokens] of sides) if (cost > 0n && tokens > 0) return (cost * 1000n) / BigInt(tokens);
  return 0n;
}

function sumOf(shares: Shares): bigint {
  return [...shares.values()].reduce((sum, share) => sum + share, 0n);
}

function withoutZeros(shares: Shares): CauseShare[] {
  return driftCauses.flatMap((cause) => {
    const amount = shares.get(cause) ?? 0n;
    return amount === 0n ? [] : [{ cause, amount }];
  });
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
