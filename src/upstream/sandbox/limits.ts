/** Cuts what a model would say to what the request allows: output tokens, stop sequences, and the faults that end early. */
import type { ChatPart, ChatRequest, StopReason } from '../../wire/chat.ts';
import type { AnswerFault } from './fault.ts';
import { countWords, cutWords } from './prose.ts';
import type { Speech } from './speech.ts';

/** Name and braces of a call, in tokens. */
const CALL_TOKENS = 8;
const CHARS_PER_TOKEN = 4;

/** A word is a token; arguments are counted by four characters. */
export function partTokens(part: ChatPart): number {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return countWords(part.text);
    case 'tool-call':
      return CALL_TOKENS + Math.ceil(part.arguments.length / CHARS_PER_TOKEN);
    default:
      return 0;
  }
}

export function outputTokens(parts: readonly ChatPart[]): number {
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

/** The speech within the client's and the model's limits; what was cut shows in `stop`. */
export function limitSpeech(speech: Speech, chat: ChatRequest, modelMaxTokens: number): Speech {
  const stopped = applyStopSequences(speech, chat.stop ?? []);
  const most = Math.min(chat.maxOutputTokens ?? modelMaxTokens, modelMaxTokens);
  return cutTokens(stopped, most, { kind: 'length', raw: null });
}

/** What an answer fault makes of a speech; faults of the usage report leave it alone. */
export function applyAnswerFault(speech: Speech, fault: AnswerFault): Speech {
  switch (fault) {
    case 'refusal': {
      const text = 'I cannot help with that. (A simulated refusal.)';
      return { parts: [{ type: 'refusal', text }], stop: { kind: 'refusal', raw: null } };
    }
    case 'length':
    case 'content-filter':
      return cutTokens(speech, Math.floor(outputTokens(speech.parts) / 2), { kind: fault, raw: null });
    case 'no-usage':
    case 'zero-usage':
    case 'absurd-usage':
    case 'double-usage':
      return speech;
    default:
      return fault satisfies never;
  }
}

function applyStopSequences(speech: Speech, sequences: readonly string[]): Speech {
  for (const [index, part] of speech.parts.entries()) {
    if (part.type !== 'text') continue;
    const met = findFirst(part.text, sequences);
    if (!met) continue;
    const kept = [...speech.parts.slice(0, index), { ...part, text: part.text.slice(0, met.at) }];
    return { parts: kept, stop: { kind: 'stop-sequence', raw: null, sequence: met.sequence } };
  }
  return speech;
}

function findFirst(text: string, sequences: readonly string[]): { at: number; sequence: string } | undefined {
  let first: { at: number; sequence: string } | undefined;
  for (const sequence of sequences) {
    const at = sequence === '' ? -1 : text.indexOf(sequence);
    if (at !== -1 && (!first || at < first.at)) first = { at, sequence };
  }
  return first;
}

function cutTokens(speech: Speech, most: number, stop: StopReason): Speech {
  let left = most;
  const kept: ChatPart[] = [];
  for (const part of speech.parts) {
    const tokens = partTokens(part);
    if (tokens > left) {
      if (left > 0) kept.push(cutPart(part, left));
      return { parts: kept, stop };
    }
    kept.push(part);
    left -= tokens;
  }
  return speech;
}

function cutPart(part: ChatPart, tokens: number): ChatPart {
  switch (part.type) {
    case 'thinking': {
      // A thought that was cut was never signed.
      const { signature: _signature, ...rest } = part;
      return { ...rest, text: cutWords(part.text, tokens) };
    }
    case 'text':
    case 'refusal':
      return { ...part, text: cutWords(part.text, tokens) };
    case 'tool-call': {
      const length = Math.max(0, tokens - CALL_TOKENS) * CHARS_PER_TOKEN;
      return { ...part, arguments: part.arguments.slice(0, length) };
    }
    default:
      return part;
  }
}
