/** The last look at a line before it is written: what must never stand in a log is taken out, whoever has put it in. */
import type { Secret } from './secret.ts';

export interface LineCleaner {
  /** Whose texts are taken out from now on, in place of those said before. */
  hide(secrets: Iterable<Secret>): void;
  /** The same line where there is nothing to take out. */
  clean(line: string): string;
}

/** Shorter ones are placeholders of local servers (`x`, `none`), and would garble what is said. */
const MIN_LENGTH = 8;

/** By their looks: our own tokens, the commonest keys of vendors, JSON web tokens, and what follows `Bearer`. */
const LOOKS =
  /\btpo?-[\w-]{16,}|\bsk-[\w-]{16,}|\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?|(?<=\b[Bb]earer )[\w.~+/=-]{16,}/g;
const MASK = '[secret]';

export function createLineCleaner(): LineCleaner {
  // By their beginning: a line is looked through once, however many there are.
  let byBegin = new Map<string, string[]>();
  return {
    hide(secrets) {
      byBegin = new Map();
      for (const secret of secrets) for (const text of spellingsOf(secret.reveal())) add(byBegin, text);
    },
    clean: (line) => withoutKnown(line, byBegin).replace(LOOKS, MASK),
  };
}

/** As it is, and as JSON writes it. */
function spellingsOf(text: string): readonly string[] {
  if (text.length < MIN_LENGTH) return [];
  const inJson = JSON.stringify(text).slice(1, -1);
  return inJson === text ? [text] : [text, inJson];
}

function add(byBegin: Map<string, string[]>, text: string): void {
  const begin = text.slice(0, MIN_LENGTH);
  const known = byBegin.get(begin);
  // The longest first: it may begin with another.
  byBegin.set(
    begin,
    [...(known ?? []), text].sort((a, b) => b.length - a.length),
  );
}

function withoutKnown(line: string, byBegin: ReadonlyMap<string, readonly string[]>): string {
  if (byBegin.size === 0) return line;
  let out = '';
  let from = 0;
  for (let at = 0; at + MIN_LENGTH <= line.length; at += 1) {
    const found = byBegin.get(line.slice(at, at + MIN_LENGTH))?.find((text) => line.startsWith(text, at));
    if (found === undefined) continue;
    out += line.slice(from, at) + MASK;
    from = at + found.length;
    at = from - 1;
  }
  return from === 0 ? line : out + line.slice(from);
}
