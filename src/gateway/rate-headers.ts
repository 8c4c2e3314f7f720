/** Rate limits as clients see them: what is left, in the headers of their vendor, and the refusal where nothing is. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { RateClaim, RateLeft, RateMetric } from '../ledger/rate.ts';
import { describeSubject } from '../ledger/rate-limits.ts';
import type { FormatId } from '../wire/chat.ts';

/** @param retryMs when it would fit, if nothing else came */
export function rateRefusal(claim: RateClaim, retryMs: number): Refusal {
  const waitMs = Math.max(retryMs, 1);
  return refuse('rate_limited', `${sayWhy(claim)}; retry in ${sayWait(waitMs)}`, {
    retryAfterS: waitMs / 1_000,
  });
}

function sayWhy({ subject, metric, limit, amount }: RateClaim): string {
  const whose = describeSubject(subject);
  switch (metric) {
    case 'requests':
      return `the limit of ${count(limit)} ${limit === 1 ? 'request' : 'requests'} per minute for ${whose} is used up`;
    case 'streams':
      return `as many requests as ${whose} may have at once (${count(limit)}) are under way`;
    case 'input-tokens':
    case 'output-tokens': {
      const tokens = metric === 'input-tokens' ? 'input tokens' : 'output tokens';
      return (
        `the limit of ${count(limit)} ${tokens} per minute for ${whose} has no room ` +
        `for the ${count(amount)} this request may take`
      );
    }
    default:
      return metric satisfies never;
  }
}

const SECOND_MS = 1_000;
const MINUTE_S = 60;

function sayWait(ms: number): string {
  const seconds = Math.ceil(ms / SECOND_MS);
  if (seconds < 2 * MINUTE_S) return `${seconds} s`;
  return `${Math.ceil(seconds / MINUTE_S)} min`;
}

/** `1234567` -> `1,234,567`. */
function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * When to come back, for the head of an error answer. OpenAI's clients read the finer one first.
 * @param retryAfterS may have fractions, which `retry-after` may not
 */
export function retryHeaders(format: FormatId, retryAfterS: number): Record<string, string> {
  const headers: Record<string, string> = { 'retry-after': String(Math.max(1, Math.ceil(retryAfterS))) };
  if (writers[format] === openaiHeaders) {
    headers['retry-after-ms'] = String(Math.max(1, Math.ceil(retryAfterS * SECOND_MS)));
  }
  return headers;
}

/** Of each metric the limit with the least left; `tokens`: the tighter of input and output. */
interface Shown {
  readonly requests: RateLeft | undefined;
  readonly input: RateLeft | undefined;
  readonly output: RateLeft | undefined;
  readonly tokens: RateLeft | undefined;
}

/** What is left of the limits a request was counted against; nothing where its vendor has no headers for it. */
export function rateHeaders(
  format: FormatId,
  lefts: readonly RateLeft[],
  nowMs: number,
): Record<string, string> {
  const write = writers[format];
  if (!write || lefts.length === 0) return {};
  const input = tightest(lefts, 'input-tokens');
  const output = tightest(lefts, 'output-tokens');
  return write(
    { requests: tightest(lefts, 'requests'), input, output, tokens: tighter(input, output) },
    nowMs,
  );
}

function tightest(lefts: readonly RateLeft[], metric: RateMetric): RateLeft | undefined {
  return lefts.reduce<RateLeft | undefined>(
    (least, one) => (one.metric === metric && !(least && least.remaining <= one.remaining) ? one : least),
    undefined,
  );
}

/** Of two sizes, the one of which the smaller part is left. */
function tighter(a: RateLeft | undefined, b: RateLeft | undefined): RateLeft | undefined {
  if (!a || !b) return a ?? b;
  return b.remaining * a.limit < a.remaining * b.limit ? b : a;
}

type Write = (shown: Shown, nowMs: number) => Record<string, string>;

const writers: Readonly<Record<FormatId, Write | undefined>> = {
  'openai-chat': openaiHeaders,
  'openai-responses': openaiHeaders,
  'anthropic-messages': anthropicHeaders,
  'gemini-generate': undefined,
  'ollama-chat': undefined,
};

/** The three headers of one limit; made once, for they are written on every reply. */
interface Names {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

const openaiNames = (what: string): Names => ({
  limit: `x-ratelimit-limit-${what}`,
  remaining: `x-ratelimit-remaining-${what}`,
  reset: `x-ratelimit-reset-${what}`,
});
const openai = { requests: openaiNames('requests'), tokens: openaiNames('tokens') };

const anthropicNames = (what: string): Names => ({
  limit: `anthropic-ratelimit-${what}-limit`,
  remaining: `anthropic-ratelimit-${what}-remaining`,
  reset: `anthropic-ratelimit-${what}-reset`,
});
const anthropic = {
  requests: anthropicNames('requests'),
  tokens: anthropicNames('tokens'),
  input: anthropicNames('input-tokens'),
  output: anthropicNames('output-tokens'),
};

function put(headers: Record<string, string>, names: Names, left: RateLeft, reset: string): void {
  headers[names.limit] = String(left.limit);
  headers[names.remaining] = String(left.remaining);
  headers[names.reset] = reset;
}

function openaiHeaders({ requests, tokens }: Shown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (requests) put(headers, openai.requests, requests, spellDuration(requests.resetMs));
  if (tokens) put(headers, openai.tokens, tokens, spellDuration(tokens.resetMs));
  return headers;
}

function anthropicHeaders({ requests, tokens, input, output }: Shown, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  const resetOf = (left: RateLeft): string => spellMoment(nowMs + left.resetMs);
  if (requests) put(headers, anthropic.requests, requests, resetOf(requests));
  if (!tokens) return headers;
  put(headers, anthropic.tokens, tokens, resetOf(tokens));
  if (input) put(headers, anthropic.input, input, resetOf(input));
  if (output) put(headers, anthropic.output, output, resetOf(output));
  return headers;
}

/** As Go prints durations, which OpenAI does: `20ms`, `1.5s`, `6m0s`, `1h0m0s`. */
function spellDuration(ms: number): string {
  if (ms < SECOND_MS) return ms === 0 ? '0s' : `${ms}ms`;
  const seconds = `${(ms % (MINUTE_S * SECOND_MS)) / SECOND_MS}s`;
  const minutes = Math.floor(ms / (MINUTE_S * SECOND_MS));
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}

/** Limits are full again within minutes, and every reply of a second names the same few seconds. */
const MAX_MOMENTS = 500;
const moments = new Map<number, string>();

/** RFC 3339 to the second, never too soon. */
function spellMoment(ms: number): string {
  const second = Math.ceil(ms / SECOND_MS);
  const known = moments.get(second);
  if (known !== undefined) return known;
  const text = new Date(second * SECOND_MS).toISOString().replace('.000Z', 'Z');
  if (moments.size >= MAX_MOMENTS) moments.clear();
  moments.set(second, text);
  return text;
}
