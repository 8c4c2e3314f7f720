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

/** Offsets of the colon's right side of every key of that name: where its value begins. */
export function* valuesOf(body: Buffer, name: string): Generator<number> {
  const quoted = `"${name}"`;
  for (let at = body.indexOf(quoted, 0, 'latin1'); at !== -1; at = body.indexOf(quoted, at + 1, 'latin1')) {
    const after = skipSpace(body, at + quoted.length);
    if (body[after] === COLON && body[at - 1] !== BACKSLASH) yield skipSpace(body, after + 1);
  }
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
  const quoted = `"${value}"`;
  for (let at = body.indexOf(quoted, 0, 'latin1'); at !== -1; at = body.indexOf(quoted, at + 1, 'latin1')) {
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
