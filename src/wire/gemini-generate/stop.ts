/** Finish reasons, and the block of a prompt, which leaves no answer to finish. The raw word is always kept. */
import type { JsonObject, StopKind, StopReason } from '../chat.ts';
import { asObject, asText, lookUp } from '../json.ts';

const KINDS: Readonly<Record<string, StopKind>> = {
  STOP: 'end',
  MAX_TOKENS: 'length',
  // The limit of one request, not of the answer: a client asks for the rest.
  CONTINUATION: 'pause',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  LANGUAGE: 'refusal',
  // Left to the word itself: MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, TOO_MANY_TOOL_CALLS, NO_IMAGE, OTHER, …
};

const WORDS: Readonly<Record<StopKind, string>> = {
  end: 'STOP',
  length: 'MAX_TOKENS',
  'stop-sequence': 'STOP',
  'tool-calls': 'STOP',
  refusal: 'SAFETY',
  'content-filter': 'SAFETY',
  pause: 'STOP',
  'context-window': 'MAX_TOKENS',
  unknown: 'STOP',
};

/** @param hasCalls Gemini says STOP where it calls functions */
export function readStop(raw: string | undefined, hasCalls: boolean): StopReason {
  const kind = lookUp(KINDS, raw) ?? 'unknown';
  return { kind: kind === 'end' && hasCalls ? 'tool-calls' : kind, raw: raw ?? null };
}

/** The stop of a prompt that was not answered at all. */
export function blockedStop(reason: string): StopReason {
  return { kind: 'content-filter', raw: reason };
}

/**
 * The finish reason to show: the raw word where it came from this format, else Google's word for the kind.
 * @param isRefused the answer is a refusal, which only the reason can tell here: its text is a text like others
 */
export function writeStop(stop: StopReason | undefined, isOwn: boolean, isRefused: boolean): string {
  if (isOwn && stop?.raw) return stop.raw;
  const kind = stop?.kind ?? 'unknown';
  return WORDS[isRefused && (kind === 'end' || kind === 'unknown') ? 'refusal' : kind];
}

/** Why the prompt was not answered; undefined where it was. */
export function blockReasonOf(body: JsonObject): string | undefined {
  const reason = asText(asObject(body.promptFeedback)?.blockReason);
  return reason === 'BLOCKED_REASON_UNSPECIFIED' ? undefined : reason;
}

/** The raw stop reason of a reply or of a frame of a stream. */
export function rawStop(body: JsonObject): string | undefined {
  const [candidate] = Array.isArray(body.candidates) ? body.candidates : [];
  return asText(asObject(candidate)?.finishReason) ?? blockReasonOf(body);
}
