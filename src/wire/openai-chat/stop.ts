/** Finish reasons, OpenAI's and those of servers that follow it loosely. The raw word is always kept. */
import type { JsonObject, StopKind, StopReason } from '../chat.ts';
import { asFullText, asText, defined, lookUp } from '../json.ts';

/** Looked up in lower case. */
const KINDS: Readonly<Record<string, StopKind>> = {
  stop: 'end',
  eos: 'end',
  end: 'end',
  end_turn: 'end',
  completed: 'end',
  length: 'length',
  max_tokens: 'length',
  model_length: 'context-window',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  safety: 'content-filter',
  refusal: 'refusal',
  stop_sequence: 'stop-sequence',
};

/** Stop of a choice; `hasCalls` because many servers say `stop`, or nothing, where tools are called. */
export function readStop(choice: JsonObject, hasCalls: boolean): StopReason {
  const raw = asText(choice.finish_reason) ?? null;
  const known = lookUp(KINDS, raw?.toLowerCase());
  // vLLM tells the stop text it met; a number there is a token id.
  const sequence = known === 'end' ? asFullText(choice.stop_reason) : undefined;
  return defined<StopReason>({
    kind: sequence !== undefined ? 'stop-sequence' : kindOf(known, hasCalls),
    raw,
    sequence,
  });
}

function kindOf(known: StopKind | undefined, hasCalls: boolean): StopKind {
  if (hasCalls && (known === undefined || known === 'end')) return 'tool-calls';
  return known ?? 'unknown';
}

const WORDS: Readonly<Record<StopKind, string>> = {
  end: 'stop',
  length: 'length',
  'stop-sequence': 'stop',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  'content-filter': 'content_filter',
  pause: 'stop',
  'context-window': 'length',
  unknown: 'stop',
};

/** The finish reason to show: the raw word where it came from this format, else OpenAI's word for the kind. */
export function writeStop(stop: StopReason, isOwn: boolean, hasCalls: boolean): string {
  if (isOwn && stop.raw !== null) return stop.raw;
  const isPlain = stop.kind === 'end' || stop.kind === 'unknown';
  return hasCalls && isPlain ? WORDS['tool-calls'] : WORDS[stop.kind];
}
