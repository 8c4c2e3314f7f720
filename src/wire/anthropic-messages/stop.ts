/** Stop reasons: Anthropic's words and the chat's kinds. */
import type { JsonValue, StopKind, StopReason } from '../chat.ts';

const KINDS: Readonly<Record<string, StopKind>> = {
  end_turn: 'end',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  // A turn that ended to summarise the context goes on with the next request, like a paused one.
  compaction: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-window',
};

const WORDS: Readonly<Record<StopKind, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
  pause: 'pause_turn',
  'context-window': 'model_context_window_exceeded',
  unknown: 'end_turn',
};

export function readStop(reason: JsonValue | undefined, sequence: JsonValue | undefined): StopReason {
  const raw = typeof reason === 'string' ? reason : null;
  const kind = (raw !== null && Object.hasOwn(KINDS, raw) && KINDS[raw]) || 'unknown';
  return typeof sequence === 'string' ? { kind, raw, sequence } : { kind, raw };
}

/** What an answer of another format holds that this one says with its stop reason alone. */
export interface Told {
  /** Agents go on only at `tool_use`. */
  readonly hasToolCalls: boolean;
  /** A refusal in a part of its own, which is only text here. */
  readonly hasRefusal: boolean;
}

/** The fields `stop_reason` and `stop_sequence`. */
export function renderStop(
  stop: StopReason | undefined,
  isOwn: boolean,
  told: Told,
): { stop_reason: string | null; stop_sequence: string | null } {
  const sequence = stop?.sequence ?? null;
  // A stop put in on the way (a stream cut at its budget) has a kind but no word.
  const isWires = stop !== undefined && (stop.raw !== null || stop.kind === 'unknown');
  if (isOwn && isWires) return { stop_reason: stop.raw, stop_sequence: sequence };
  const kind = stop?.kind ?? 'unknown';
  const isEnd = kind === 'end' || kind === 'unknown';
  return { stop_reason: (isEnd && wordFor(told)) || WORDS[kind], stop_sequence: sequence };
}

function wordFor({ hasToolCalls, hasRefusal }: Told): string | undefined {
  if (hasToolCalls) return WORDS['tool-calls'];
  return hasRefusal ? WORDS.refusal : undefined;
}
