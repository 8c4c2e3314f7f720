/** The thoughts of a stream as its encoder keeps them until the end, where their state is written. */
import type { FormatId, JsonValue, RedactedThinkingPart, Signature, ThinkingPart } from '../chat.ts';
import { signatureChars } from '../seal.ts';
import { FORMAT } from './own.ts';
import { type ThinkingPlace, writeThinking } from './thinking.ts';

/** Kept of all thoughts of a reply, their state included. Longer than any model thinks. */
export const MAX_THOUGHT_CHARS = 4 * 1024 * 1024;

interface Thought {
  readonly place: ThinkingPlace;
  part: ThinkingPart | RedactedThinkingPart;
}

export interface ThoughtsState {
  /** Whose model speaks, as the start says; stands for the signature of thoughts that have none. */
  maker: FormatId | undefined;
  readonly byIndex: Map<number, Thought>;
  chars: number;
}

export function createThoughts(): ThoughtsState {
  return { maker: undefined, byIndex: new Map(), chars: 0 };
}

export function beginThought({ byIndex }: ThoughtsState, index: number, place: ThinkingPlace): void {
  byIndex.set(index, { place, part: { type: 'thinking', text: '' } });
}

/** Where the text is to be written. */
export function growThought(state: ThoughtsState, index: number, text: string): ThinkingPlace {
  const thought = state.byIndex.get(index);
  if (thought?.part.type !== 'thinking') return 'reasoning_content';
  state.chars += text.length;
  // Own state has the text it needs inside.
  const isKept = state.maker !== FORMAT && state.chars <= MAX_THOUGHT_CHARS;
  if (isKept) thought.part = { ...thought.part, text: thought.part.text + text };
  return thought.place;
}

export function signThought(state: ThoughtsState, index: number, signature: Signature): void {
  const thought = state.byIndex.get(index);
  if (thought?.part.type !== 'thinking') return;
  state.chars += signatureChars(signature);
  thought.part = { ...thought.part, signature };
}

export function addRedacted(state: ThoughtsState, index: number, data: Signature): void {
  state.chars += signatureChars(data);
  state.byIndex.set(index, { place: 'reasoning_details', part: { type: 'redacted-thinking', data } });
}

/** The entries of `reasoning_details` for other vendors' state. `tooLong`: the parts whose state is lost. */
export function sealThoughts({ maker, byIndex, chars }: ThoughtsState): {
  readonly details: readonly JsonValue[];
  readonly tooLong: readonly number[];
} {
  if (maker === FORMAT) return { details: [], tooLong: [] };
  if (chars > MAX_THOUGHT_CHARS) return { details: [], tooLong: [...byIndex.keys()] };
  const parts = [...byIndex.values()].map(({ part }) =>
    part.type === 'thinking' && !part.signature && maker
      ? { ...part, signature: { format: maker, value: '' } }
      : part,
  );
  const { reasoning_details: details } = writeThinking(parts);
  return { details: Array.isArray(details) ? details : [], tooLong: [] };
}
