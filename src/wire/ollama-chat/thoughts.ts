/**
 * Thinking is one text here, without proof. Whose it is, and what other makers want back with it, stands in a field of
 * our own beside it: clients send messages back as they came, and servers ignore what they do not know.
 *
 *   "thinking": "First this.Then that.",
 *   "thinking_signatures": [{"at":0,"chars":11,"signature":"…"}, {"at":2,"chars":10,"signature":"…"}, {"at":3,"data":"…"}]
 *
 * `at` is the place among the parts of the message (its text counts once, each call once), `chars` the length of this
 * thought within the text, in UTF-16 units, `data` a thought that has no text. Without the field, the thinking is that
 * of a model here.
 */
import type {
  ChatPart,
  JsonObject,
  JsonValue,
  RedactedThinkingPart,
  Signature,
  ThinkingPart,
} from '../chat.ts';
import { asText, defined, objectsOf } from '../json.ts';
import { readSignature } from '../seal.ts';
import { FORMAT } from './own.ts';

export const THOUGHTS_FIELD = 'thinking_signatures';

/** Says that a thought is of a model here. There is nothing to prove. */
export const OWN_THOUGHT: Signature = { format: FORMAT, value: '' };

/** One entry of the field. */
export type Thought =
  | { readonly at: number; readonly chars: number; readonly signature?: string }
  | { readonly at: number; readonly data: string };

/** Text of a signature to write; empty or undefined = it is not written. */
export type WriteSignature = (signature: Signature) => string | undefined;

export interface ThoughtList {
  /** Notes a part, for the places. */
  add(part: ChatPart): void;
  /** Notes a thought by the length of its text, for streams, which do not keep it. */
  addThought(chars: number, signature: Signature | undefined): void;
  /** The entries, when one of them has something to say. */
  entries(): readonly Thought[] | undefined;
  /** All entries, for streams, where the last one also says where a thought ends. */
  all(): readonly Thought[];
}

interface ListState {
  readonly write: WriteSignature;
  readonly thoughts: Thought[];
  /** Place of the next part. */
  at: number;
  hasText: boolean;
}

export function createThoughtList(write: WriteSignature): ThoughtList {
  const state: ListState = { write, thoughts: [], at: 0, hasText: false };
  return {
    add: (part) => {
      if (part.type === 'thinking') addThought(state, part.text.length, part.signature);
      else if (part.type === 'redacted-thinking') addRedacted(state, part.data);
      else if (part.type === 'tool-call') state.at += 1;
      else if (part.type === 'text' || part.type === 'refusal') addText(state);
    },
    addThought: (chars, signature) => addThought(state, chars, signature),
    entries: () => (state.thoughts.some(isTelling) ? state.thoughts : undefined),
    all: () => state.thoughts,
  };
}

function isTelling(thought: Thought): boolean {
  return 'data' in thought || thought.signature !== undefined;
}

function addThought(state: ListState, chars: number, proof: Signature | undefined): void {
  const signature = (proof && state.write(proof)) || undefined;
  state.thoughts.push(defined<Thought & { chars: number }>({ at: state.at, chars, signature }));
  state.at += 1;
}

function addRedacted(state: ListState, proof: Signature): void {
  const data = state.write(proof);
  if (!data) return;
  state.thoughts.push({ at: state.at, data });
  state.at += 1;
}

function addText(state: ListState): void {
  if (!state.hasText) state.at += 1;
  state.hasText = true;
}

/** `thinking` and what belongs to it, of a message with these parts. */
export function writeThoughts(parts: readonly ChatPart[], write: WriteSignature): JsonObject {
  const list = createThoughtList(write);
  for (const part of parts) list.add(part);
  const text = parts.map((part) => (part.type === 'thinking' ? part.text : '')).join('');
  const entries = list.entries();
  return {
    ...(text !== '' && { thinking: text }),
    ...(entries && { [THOUGHTS_FIELD]: entries.map((entry): JsonObject => ({ ...entry })) }),
  };
}

/** The entries of the field; of two at one place the later. A stream repeats what it said before. */
export function readThoughts(value: JsonValue | undefined): Thought[] {
  const byPlace = new Map<number, Thought>();
  for (const { at, chars, signature, data } of objectsOf(value)) {
    if (!isCount(at)) continue;
    if (typeof data === 'string') byPlace.set(at, { at, data });
    else if (isCount(chars)) {
      byPlace.set(at, defined<Thought & { chars: number }>({ at, chars, signature: asText(signature) }));
    }
  }
  return [...byPlace.values()].sort((a, b) => a.at - b.at);
}

function isCount(value: JsonValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Puts the thoughts of a message back to their places among its other parts. */
export function insertThoughts(message: JsonObject, others: readonly ChatPart[]): ChatPart[] {
  const text = asText(message.thinking) ?? '';
  const entries = readThoughts(message[THOUGHTS_FIELD]);
  const parts = [...others];
  for (const { at, part } of isWhole(entries, text) ? split(entries, text) : unsigned(entries, text)) {
    parts.splice(at, 0, part);
  }
  return parts;
}

/** The text was not changed since: the proofs hold. */
function isWhole(entries: readonly Thought[], text: string): boolean {
  const chars = entries.reduce((sum, entry) => sum + ('chars' in entry ? entry.chars : 0), 0);
  return chars === text.length;
}

interface Placed {
  readonly at: number;
  readonly part: ThinkingPart | RedactedThinkingPart;
}

function split(entries: readonly Thought[], text: string): Placed[] {
  let from = 0;
  return entries.map((entry) => {
    if ('data' in entry) return redacted(entry);
    const thought = text.slice(from, from + entry.chars);
    from += entry.chars;
    return placeThought(entry.at, thought, readProof(entry.signature));
  });
}

function readProof(signature: string | undefined): Signature {
  return signature === undefined ? OWN_THOUGHT : readSignature(signature, FORMAT);
}

function placeThought(at: number, text: string, signature: Signature): Placed {
  return { at, part: { type: 'thinking', text, signature } };
}

/** The text is not the one that was told: it is still the same maker's, but no proof holds. */
function unsigned(entries: readonly Thought[], text: string): Placed[] {
  const sealed = entries.flatMap((entry) => ('data' in entry ? [redacted(entry)] : []));
  if (text === '') return sealed;
  const [proof] = entries.flatMap((entry) => ('signature' in entry ? (entry.signature ?? []) : []));
  return [placeThought(0, text, { format: readProof(proof).format, value: '' }), ...sealed];
}

function redacted({ at, data }: { readonly at: number; readonly data: string }): Placed {
  return { at, part: { type: 'redacted-thinking', data: readSignature(data, FORMAT) } };
}
