/**
 * Thoughts of other makers' models, as clients of this format send them back: cut into pieces as they were streamed,
 * spread over several contents, or without some of them. A signature holds for the whole text only, so the pieces are
 * joined again; where they do not add up to what was signed, the signature is worth nothing and is left away.
 */
import type { ChatPart, ThinkingPart } from '../chat.ts';
import type { ReadPart } from './part-parse.ts';

/** Parts of one content; `role` tells whose. */
export interface ReadTurn {
  readonly role: string;
  parts: ReadPart[];
  /** All of its parts went into those of a later turn. */
  isEmptied?: boolean;
}

/** Joins in place. */
export function joinThoughts(turns: readonly ReadTurn[]): void {
  for (const [at, turn] of turns.entries()) {
    for (let place = 0; place < turn.parts.length; place += 1) {
      const { part, signedChars } = turn.parts[place]!;
      if (part.type !== 'thinking' || signedChars === undefined || part.text.length === signedChars) continue;
      const joined = joinBackwards(turns, at, place, part, signedChars);
      place -= joined.removedHere;
      turn.parts[place] = { part: joined.part, isSealed: true };
    }
  }
}

interface Joined {
  readonly part: ChatPart;
  /** Pieces taken out of the same turn, all before the place. */
  readonly removedHere: number;
}

function joinBackwards(
  turns: readonly ReadTurn[],
  at: number,
  place: number,
  part: ThinkingPart,
  signedChars: number,
): Joined {
  const pieces: { readonly turn: ReadTurn; readonly read: ReadPart }[] = [];
  let text = part.text;
  for (const piece of piecesBefore(turns, at, place)) {
    if (text.length >= signedChars) break;
    pieces.push(piece);
    text = (piece.read.part as ThinkingPart).text + text;
  }
  if (text.length !== signedChars) return { part: { type: 'thinking', text: part.text }, removedHere: 0 };
  for (const { turn, read } of pieces) {
    turn.parts = turn.parts.filter((one) => one !== read);
    turn.isEmptied = turn.parts.length === 0;
  }
  const removedHere = pieces.filter(({ turn }) => turn === turns[at]).length;
  return { part: { ...part, text }, removedHere };
}

/** Unsigned thoughts right before a place, the nearest first, through earlier contents of the same speaker. */
function* piecesBefore(
  turns: readonly ReadTurn[],
  at: number,
  place: number,
): Generator<{ turn: ReadTurn; read: ReadPart }> {
  for (let index = at; index >= 0 && turns[index]!.role === turns[at]!.role; index -= 1) {
    const turn = turns[index]!;
    const parts = [...turn.parts];
    for (let one = (index === at ? place : parts.length) - 1; one >= 0; one -= 1) {
      const read = parts[one]!;
      if (read.part.type !== 'thinking' || read.part.signature) return;
      yield { turn, read };
    }
  }
}
