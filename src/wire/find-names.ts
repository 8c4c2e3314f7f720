/**
 * Finds names in the bytes of a JSON body with the native search, without parsing: good for names that are rare,
 * and for asking whether something is there at all. Quotes inside a text are escaped, so a name with its quotes is
 * found only where it is a key or a whole value.
 */
import { skipSpace } from './skip.ts';

// Again here, not imported: see skip.ts on exported constants.
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const SPACE = 32;

/** Letters as they are common in texts and code, the rarest first; what is not named is rarer than all of them. */
const COMMON_LETTERS = 'zqxjkvbywgpfmhucdlrnsioaet';

interface Needle {
  /** The end of the quoted name, from its rarest letter on. */
  readonly text: string;
  /** How far before that the name begins with its quote. */
  readonly before: number;
}

const needles = new Map<string, Needle>();

/** The native search looks for the first byte of its needle, and quotes are everywhere in JSON: ten times slower. */
function needleOf(name: string): Needle {
  let needle = needles.get(name);
  if (!needle) {
    let rarest = 0;
    for (let at = 1; at < name.length; at += 1) {
      if (COMMON_LETTERS.indexOf(name[at]!) < COMMON_LETTERS.indexOf(name[rarest]!)) rarest = at;
    }
    needle = { text: `${name.slice(rarest)}"`, before: rarest + 1 };
    needles.set(name, needle);
  }
  return needle;
}

/** Where the name stands in quotes, from `from` on: the offset of its first quote; -1 = nowhere. */
function indexOfName(body: Buffer, name: string, from: number): number {
  const { text, before } = needleOf(name);
  for (
    let found = body.indexOf(text, from + before, 'latin1');
    found !== -1;
    found = body.indexOf(text, found + 1, 'latin1')
  ) {
    const at = found - before;
    if (body[at] === QUOTE && body.toString('latin1', at + 1, found) === name.slice(0, before - 1)) return at;
  }
  return -1;
}

/** Offsets of the colon's right side of every key of that name: where its value begins. */
export function* valuesOf(body: Buffer, name: string): Generator<number> {
  for (let at = indexOfName(body, name, 0); at !== -1; at = indexOfName(body, name, at + 1)) {
    const after = skipSpace(body, at + name.length + 2);
    if (body[after] === COLON && body[at - 1] !== BACKSLASH) yield skipSpace(body, after + 1);
  }
}

/** Whether the text stands in quotes somewhere, as a key or as a value. */
export function hasQuoted(body: Buffer, text: string): boolean {
  return indexOfName(body, text, 0) !== -1;
}

export function hasKey(body: Buffer, name: string): boolean {
  return valuesOf(body, name).next().done !== true;
}

export function countKeys(body: Buffer, name: string): number {
  let found = 0;
  for (const _ of valuesOf(body, name)) found += 1;
  return found;
}

/** Whether some key of that name has that text as its value. */
export function hasPair(body: Buffer, name: string, value: string): boolean {
  for (let at = indexOfName(body, value, 0); at !== -1; at = indexOfName(body, value, at + 1)) {
    const colon = lastBefore(body, at);
    if (body[colon] !== COLON) continue;
    const end = lastBefore(body, colon);
    const start = end - name.length - 1;
    if (start >= 0 && body.toString('latin1', start, end + 1) === `"${name}"`) return true;
  }
  return false;
}

/** The last byte before `at` that is no white space. */
function lastBefore(body: Buffer, at: number): number {
  let before = at - 1;
  while (before >= 0 && body[before]! <= SPACE) before -= 1;
  return before;
}

export function isText(body: Buffer, at: number): boolean {
  return body[at] === QUOTE;
}

/** Whether the text at `at` begins with `beginning`, which is ASCII; `at` is where its quote stands. */
export function textBegins(body: Buffer, at: number, beginning: string): boolean {
  return isText(body, at) && body.toString('latin1', at + 1, at + 1 + beginning.length) === beginning;
}

/** An escape that begins so stands for a character below 256. */
const ESCAPE = '\\u00';
/** Of letters, digits and the underscore: `_`, `0`-`9`, `A`-`Z`, `a`-`z`. */
const NAME_CHARACTER = /^(?:5f|3[0-9]|4[1-9a-f]|5[0-9a]|6[1-9a-f]|7[0-9a])/i;

/** Whether letters are written as escapes somewhere, which no encoder does: names may be hidden from a search. */
export function mayHideNames(body: Buffer): boolean {
  for (let at = body.indexOf(ESCAPE, 0, 'latin1'); at !== -1; at = body.indexOf(ESCAPE, at + 1, 'latin1')) {
    const digits = body.toString('latin1', at + ESCAPE.length, at + ESCAPE.length + 2);
    if (NAME_CHARACTER.test(digits)) return true;
  }
  return false;
}
