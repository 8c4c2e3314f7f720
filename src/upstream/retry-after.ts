/** How long a provider asks to be left alone: in headers, in Google's error details, or only in its words. */
import type { ChatError, JsonValue } from '../wire/chat.ts';

/**
 * What is not asked for longer than this may have been freed long before: limits of a day are often lifted by hand,
 * and to ask again costs one refused request an hour.
 */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** Numbers longer than this are ids, or nonsense. */
const SECONDS = /^\d{1,9}(\.\d{1,9})?$/;
/** `34.4s`, as JSON spells a `google.protobuf.Duration`. */
const DURATION = /^(\d{1,9}(?:\.\d{1,9})?)s$/;
/** "Please try again in 1m2.5s.", "Please retry in 34.4s." */
const WORDS = /\b(?:try again|retry) (?:in|after) ((?:\d{1,6}(?:\.\d{1,9})?(?:ms|h|m|s) ?)+)/i;
const UNIT = /(\d+(?:\.\d+)?)(ms|h|m|s)/g;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * Milliseconds until a provider wants to be asked again, at most `MAX_RETRY_AFTER_MS`. undefined = it does not say,
 * or says nothing that lies ahead.
 * @param headers names in lower case
 * @param nowMs epoch milliseconds, for dates
 */
export function retryAfterMs(
  headers: Readonly<Record<string, string>>,
  error: ChatError | undefined,
  nowMs: number,
): number | undefined {
  const waitMs =
    positive(numberOf(headers['retry-after-ms'])) ??
    positive(fromHeader(headers['retry-after'], headers.date, nowMs)) ??
    positive(error?.retryAfterS === undefined ? undefined : error.retryAfterS * 1_000) ??
    positive(fromDetails(error)) ??
    positive(fromWords(error?.message));
  return waitMs === undefined ? undefined : Math.min(Math.ceil(waitMs), MAX_RETRY_AFTER_MS);
}

/** Zero beside a refusal is no answer: clients take it for none, too. */
function positive(waitMs: number | undefined): number | undefined {
  return waitMs !== undefined && waitMs > 0 ? waitMs : undefined;
}

function numberOf(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return SECONDS.test(trimmed) ? Number(trimmed) : undefined;
}

/** @param date the answer's own: a date is read by the clock that wrote it, which may be wrong against ours */
function fromHeader(text: string | undefined, date: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1_000;
  const atMs = dateOf(text);
  return atMs === undefined ? undefined : atMs - (dateOf(date) ?? nowMs);
}

/**
 * `Date.parse` reads almost anything: "-5" is a month to it. A date of HTTP begins with the day of the week, and is
 * never of the local zone.
 */
function dateOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*[a-z]{3,9},? /i.test(text)) return undefined;
  const atMs = Date.parse(/ GMT\s*$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** `google.rpc.RetryInfo`, which Google's endpoint for OpenAI's clients tells as well. */
function fromDetails(error: ChatError | undefined): number | undefined {
  const details = error?.extra?.fields.details;
  if (!Array.isArray(details)) return undefined;
  for (const detail of details) {
    const match = DURATION.exec(delayOf(detail) ?? '');
    if (match) return Number(match[1]) * 1_000;
  }
  return undefined;
}

function delayOf(detail: JsonValue): string | undefined {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return undefined;
  return typeof detail.retryDelay === 'string' ? detail.retryDelay : undefined;
}

function fromWords(message: string | undefined): number | undefined {
  const told = WORDS.exec(message ?? '')?.[1];
  if (told === undefined) return undefined;
  let waitMs = 0;
  for (const [, amount, unit] of told.matchAll(UNIT))
    waitMs += Number(amount) * UNIT_MS[unit!.toLowerCase()]!;
  return waitMs;
}
