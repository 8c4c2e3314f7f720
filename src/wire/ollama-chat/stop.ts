/** Reasons for the end: the model's own, or the limit. `load` and `unload` answer requests without messages. */
import type { JsonObject, StopKind, StopReason } from '../chat.ts';
import { asFullText, lookUp } from '../json.ts';

const KINDS: Readonly<Record<string, StopKind>> = {
  stop: 'end',
  length: 'length',
  load: 'end',
  unload: 'end',
};

/** The raw stop reason; undefined where there is none, or an empty one (the model's runner went away). */
export function stopOf(body: JsonObject): string | undefined {
  return asFullText(body.done_reason);
}

/** `hasCalls` because the word is `stop` where tools are called, too. */
export function readStop(body: JsonObject, hasCalls: boolean): StopReason {
  const raw = stopOf(body) ?? null;
  const kind = lookUp(KINDS, raw) ?? 'unknown';
  const isPlain = kind === 'end' || raw === null;
  return { kind: hasCalls && isPlain ? 'tool-calls' : kind, raw };
}

const WORDS: Readonly<Record<StopKind, 'stop' | 'length'>> = {
  end: 'stop',
  length: 'length',
  'stop-sequence': 'stop',
  'tool-calls': 'stop',
  refusal: 'stop',
  'content-filter': 'stop',
  pause: 'stop',
  'context-window': 'length',
  unknown: 'stop',
};

/** The field with the reason. An own reply that had none has none. */
export function writeStop(stop: StopReason, isOwn: boolean): JsonObject {
  if (isOwn && stop.raw === null && stop.kind === 'unknown') return {};
  return { done_reason: isOwn && stop.raw !== null ? stop.raw : WORDS[stop.kind] };
}

/** What of a stop no word here says; undefined = nothing is lost. */
export function stopLoss({ kind }: StopReason): string | undefined {
  if (kind === 'refusal' || kind === 'content-filter')
    return 'an answer that was stopped looks like one that ended';
  return kind === 'pause' ? 'an answer that pauses looks like one that ended' : undefined;
}
