/** Prompts by how their texts begin. Pure; compiled with each snapshot, asked by each request. */
import type { PromptId } from '../base/prompt-id.ts';
import { promptIdText } from '../base/prompt-id.ts';
import { collapse } from './find-prompt-text.ts';

export interface TextIndex {
  readonly size: number;
  /** The prompt whose text another begins with; of several the longest. `more` gives further characters of it. */
  find(beginning: string, more: (characters: number) => string): PromptId | undefined;
  /** Prompts that are not found by their text, by their ids, and why not. */
  readonly left: ReadonlyMap<string, string>;
}

/** Shorter texts are what anybody may write: "You are a helpful assistant." has 28. */
export const KEY_CHARACTERS = 32;
/** Looked at of each. Prompts that differ only further on are told by a header. */
export const MAX_PIECE = 1_000;

interface Bucket {
  /** In order, each once. */
  readonly pieces: readonly string[];
  /** undefined = several prompts begin so. */
  readonly ids: readonly (PromptId | undefined)[];
  /** Of each, the next shorter piece that it begins with; -1 = there is none. */
  readonly shorter: readonly number[];
  /** Characters of the longest. */
  readonly longest: number;
}

export function compileTextIndex(
  prompts: readonly { readonly id: PromptId; readonly text: string }[],
): TextIndex {
  const left = new Map<string, string>();
  const pieces = new Map<string, PromptId[]>();
  for (const { id, text } of prompts) {
    const piece = pieceOf(text);
    if (piece.length < KEY_CHARACTERS) {
      left.set(promptIdText(id), `its text has fewer than ${KEY_CHARACTERS} characters`);
    } else {
      pieces.set(piece, [...(pieces.get(piece) ?? []), id]);
    }
  }
  for (const ids of pieces.values()) if (ids.length > 1) leaveAll(left, ids);
  const buckets = compileBuckets(pieces);
  return {
    size: pieces.size,
    left,
    find(beginning, more) {
      const bucket = buckets.get(beginning.slice(0, KEY_CHARACTERS));
      return bucket && longestIn(bucket, more(bucket.longest));
    },
  };
}

function leaveAll(left: Map<string, string>, ids: readonly PromptId[]): void {
  const [first, second] = ids;
  for (const id of ids) {
    const other = promptIdText(id === first ? second! : first!);
    left.set(promptIdText(id), `its text begins with the same ${MAX_PIECE} characters as that of ${other}`);
  }
}

/** Blanks shrink, so more is taken than is kept. */
const TAKEN = 4 * MAX_PIECE;

function pieceOf(text: string): string {
  const piece = collapse(text.slice(0, TAKEN)).slice(0, MAX_PIECE).trimEnd();
  // A slice would keep the whole text in memory, and is slower to compare.
  return JSON.parse(JSON.stringify(piece)) as string;
}

function compileBuckets(pieces: ReadonlyMap<string, readonly PromptId[]>): Map<string, Bucket> {
  const byKey = new Map<string, string[]>();
  for (const piece of [...pieces.keys()].sort(compare)) {
    const key = piece.slice(0, KEY_CHARACTERS);
    const known = byKey.get(key);
    if (known) known.push(piece);
    else byKey.set(key, [piece]);
  }
  const buckets = new Map<string, Bucket>();
  for (const [key, sorted] of byKey) {
    const idOf = (piece: string) => {
      const ids = pieces.get(piece)!;
      return ids.length === 1 ? ids[0] : undefined;
    };
    const longest = sorted.reduce((most, piece) => Math.max(most, piece.length), 0);
    buckets.set(key, { pieces: sorted, ids: sorted.map(idOf), shorter: shorterOf(sorted), longest });
  }
  return buckets;
}

/** By UTF-16 units, as the search below has it. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** In order, what a text begins with stands before it, and only texts that begin so too stand in between. */
function shorterOf(pieces: readonly string[]): number[] {
  const open: number[] = [];
  return pieces.map((piece, at) => {
    while (open.length > 0 && !piece.startsWith(pieces[open.at(-1)!]!)) open.pop();
    const shorter = open.at(-1) ?? -1;
    open.push(at);
    return shorter;
  });
}

function longestIn({ pieces, ids, shorter }: Bucket, text: string): PromptId | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pieces[middle]! <= text) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at !== -1; at = shorter[at]!) {
    if (text.startsWith(pieces[at]!)) return ids[at];
  }
  return undefined;
}
