/** Why a reply ended: its status, and the reason of an incomplete one. */
import type { JsonObject, StopKind, StopReason } from '../chat.ts';
import { asObject, asText, lookUp } from '../json.ts';

const INCOMPLETE = 'incomplete';

const KINDS: Readonly<Record<string, StopKind>> = {
  completed: 'end',
  max_output_tokens: 'length',
  max_tokens: 'length',
  content_filter: 'content-filter',
};

/** The word of the wire: the status, or the reason where it is incomplete for one. Undefined where it says nothing. */
export function stopWord(response: JsonObject): string | undefined {
  const status = asText(response.status);
  if (status !== INCOMPLETE) return status;
  return asText(asObject(response.incomplete_details)?.reason) ?? INCOMPLETE;
}

/** @param hasCalls tools were called: the wire says so nowhere else. */
export function readStop(response: JsonObject, hasCalls: boolean): StopReason {
  const raw = stopWord(response) ?? null;
  const known = lookUp(KINDS, raw) ?? 'unknown';
  const isDone = known === 'end' || raw === null;
  return { kind: isDone && hasCalls ? 'tool-calls' : known, raw };
}

const REASONS: Partial<Record<StopKind, string>> = {
  length: 'max_output_tokens',
  'context-window': 'max_output_tokens',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
};

/** Statuses that stand for themselves. */
const STATUSES: ReadonlySet<string> = new Set([
  'completed',
  'cancelled',
  'queued',
  'in_progress',
  INCOMPLETE,
]);

/** The fields of a response that say it; the raw word where it came from this format. */
export function writeStop({ kind, raw }: StopReason, isOwn: boolean): JsonObject {
  const word = isOwn && raw !== null ? raw : (REASONS[kind] ?? 'completed');
  if (STATUSES.has(word)) return { status: word, incomplete_details: null };
  return { status: INCOMPLETE, incomplete_details: { reason: word } };
}
