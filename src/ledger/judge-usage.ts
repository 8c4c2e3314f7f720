/**
 * Judges what an upstream reported: sane figures are kept, absurd ones are replaced by the road's own estimate
 * and flagged. What comes out can always be priced and stored.
 */
import { type NanoUsd, parseUsd } from '../base/money.ts';
import type { TokenCounts } from '../catalog/price.ts';
import type { ObservedUsage, UsageFlag } from './ledger.ts';
import type { ReportedUsage } from './normalise.ts';

/** No request has so many tokens of one class: ten times the largest context window sold. */
export const ABSURD_TOKENS = 20_000_000;
/** Where the window is known, this many times it is absurd; below, it may be a window we have wrong. */
export const ABSURD_WINDOWS = 10;
/** Calls of one built-in tool in one request. */
export const ABSURD_CALLS = 10_000;
/** Different built-in tools in one report. */
const MAX_TOOLS = 32;
/** $10,000 for one request is a misread report. */
const ABSURD_COST = 10_000_000_000_000n;
/** What is kept of a report that was not believed. */
const MAX_RAW_LENGTH = 4_096;

export interface Bounds {
  /** Upper estimate of input tokens, made before sending. */
  readonly inputEstimate: number;
  readonly contextWindow?: number;
}

export interface JudgedUsage {
  readonly counts: TokenCounts;
  readonly isEstimated: boolean;
  readonly flags: readonly UsageFlag[];
  /** The upstream's own price of the request, where it states one that can be believed. */
  readonly reportedCost?: NanoUsd;
  /** JSON of the report, only where it was not believed. */
  readonly rawUsage?: string;
}

export const noCounts: TokenCounts = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  audioInput: 0,
  audioOutput: 0,
  calls: {},
};

export function judgeUsage(observed: ObservedUsage, bounds: Bounds): JudgedUsage {
  const { reported } = observed;
  if (!reported) return estimate(observed, bounds, 'missing');
  if (!isSane(reported, bounds)) {
    return { ...estimate(observed, bounds, 'absurd'), rawUsage: renderRaw(reported.raw) };
  }
  return fillIn(reported, observed, bounds);
}

/** Tokens as counted here, in the plainest classes. Also what a crash is booked at. */
export function estimateCounts(inputEstimate: number, outputEstimate: number): TokenCounts {
  return { ...noCounts, input: toWhole(inputEstimate), output: toWhole(outputEstimate) };
}

function estimate(observed: ObservedUsage, bounds: Bounds, flag: UsageFlag): JudgedUsage {
  return {
    counts: estimateCounts(bounds.inputEstimate, observed.outputEstimate),
    isEstimated: true,
    flags: [flag],
  };
}

/** The report is sane; what it leaves out or claims to be zero beside an answer is filled in. */
function fillIn(reported: ReportedUsage, observed: ObservedUsage, bounds: Bounds): JudgedUsage {
  const flags: UsageFlag[] = [];
  const fill = (value: number | undefined, ownCount: number): number | undefined => {
    // Zero with nothing to show for it is honoured: a refused or empty answer.
    if (value !== undefined && (value > 0 || !observed.hasContent)) return undefined;
    if (value === undefined && ownCount === 0) return undefined;
    flags.push(value === undefined ? 'missing' : 'suspect_zero');
    return toWhole(ownCount);
  };
  const input = fill(sumOf(reported, inputClasses), bounds.inputEstimate);
  const output = fill(sumOf(reported, outputClasses), observed.outputEstimate);
  const isDoubted = flags.includes('suspect_zero');
  const reportedCost = isDoubted ? undefined : readCost(reported.reportedCostUsd);
  return {
    counts: {
      ...readCounts(reported),
      ...(input !== undefined && { input }),
      ...(output !== undefined && { output }),
    },
    isEstimated: flags.length > 0,
    flags: [...new Set(flags)],
    ...(reportedCost !== undefined && { reportedCost }),
    ...(isDoubted && { rawUsage: renderRaw(reported.raw) }),
  };
}

type TokenClass = Exclude<keyof TokenCounts, 'calls'>;
const inputClasses = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'audioInput'] as const;
const outputClasses = ['output', 'reasoning', 'audioOutput'] as const;
const tokenClasses: readonly TokenClass[] = [...inputClasses, ...outputClasses];

/** undefined = none of the classes was reported. */
function sumOf(reported: ReportedUsage, classes: readonly TokenClass[]): number | undefined {
  let sum: number | undefined;
  for (const name of classes) {
    const value = reported[name];
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function readCounts(reported: ReportedUsage): TokenCounts {
  const output = reported.output ?? 0;
  const reasoning = reported.reasoning ?? 0;
  return {
    input: reported.input ?? 0,
    cacheRead: reported.cacheRead ?? 0,
    cacheWrite5m: reported.cacheWrite5m ?? 0,
    cacheWrite1h: reported.cacheWrite1h ?? 0,
    // More reasoning than output cannot be inside it: this upstream counts the two apart.
    output: reasoning > output ? output + reasoning : output,
    reasoning,
    audioInput: reported.audioInput ?? 0,
    audioOutput: reported.audioOutput ?? 0,
    calls: reported.calls ?? {},
  };
}

/** Types promise numbers, but these came over a wire. */
function isSane(reported: ReportedUsage, bounds: Bounds): boolean {
  const limit = bounds.contextWindow
    ? Math.min(ABSURD_TOKENS, bounds.contextWindow * ABSURD_WINDOWS)
    : ABSURD_TOKENS;
  if (!tokenClasses.every((name) => isCount(reported[name], limit))) return false;
  const calls = Object.values(reported.calls ?? {});
  return calls.length <= MAX_TOOLS && calls.every((count) => isCount(count, ABSURD_CALLS));
}

function isCount(value: unknown, limit: number): boolean {
  return (
    value === undefined || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= limit)
  );
}

/** Decimal text, also as JSON writes small numbers (`1.2e-7`). undefined = none, or not to be believed. */
function readCost(text: string | undefined): NanoUsd | undefined {
  if (text === undefined) return undefined;
  const cost = parseUsd(/e/i.test(text) ? expandExponent(text) : text);
  return cost !== undefined && cost >= 0n && cost <= ABSURD_COST ? cost : undefined;
}

function expandExponent(text: string): string {
  const match = /^(\d+)(?:\.(\d+))?e([+-]?\d{1,2})$/i.exec(text.trim());
  if (!match) return '';
  const [, whole = '', fraction = '', exponent = ''] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  return `${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`.replace(/\.$/, '');
}

function renderRaw(raw: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(raw);
  } catch {
    // Circular or holding a bigint: not something that came over a wire.
  }
  return (text ?? String(raw)).slice(0, MAX_RAW_LENGTH);
}

/** A whole number that a column can hold, whatever came in. */
export function toWhole(value: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER) : 0;
}
