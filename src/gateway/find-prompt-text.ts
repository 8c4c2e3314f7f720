/** Texts in the bytes of a JSON body: their beginnings decoded, and fields of objects, without parsing the rest. */
import { isText, valuesOf } from '../wire/find-names.ts';
import { skipSpace, skipString, skipValue, type Walker } from '../wire/skip.ts';
import type { ValueSpan } from '../wire/walk.ts';

/** Whitespace differs between a file and what a client makes of it: CRLF, indentation, blank lines. */
export function collapse(text: string): string {
  // One blank stays as it is, as most are: matching those too would take five times as long.
  return text.trimStart().replace(/\s{2,}|[^\S ]/g, ' ');
}

/** Read of a text at first; nearly always enough to see that it is none of the prompts. */
const FIRST_BYTES = 96;
/** Longer runs of blanks and escapes than this hold no prompt. */
const MOST_BYTES = 64 * 1024;

/**
 * The beginning of the JSON string whose opening quote stands at `at`, decoded and collapsed: at least `characters` of
 * it, or all of it, or '' where it cannot be read.
 */
export function readBeginning(body: Buffer, at: number, characters: number): string {
  for (let bytes = Math.max(FIRST_BYTES, Math.ceil(characters * 1.25)); ; bytes *= 4) {
    const { text, isWhole } = decodeBeginning(body, at, bytes);
    const collapsed = collapse(text);
    if (isWhole || collapsed.length >= characters) return collapsed;
    if (bytes > MOST_BYTES) return '';
  }
}

/** As it is written, decoded, about `bytes` of it. */
export function decodeBeginning(
  body: Buffer,
  at: number,
  bytes: number,
): { readonly text: string; readonly isWhole: boolean } {
  const read = body.toString('utf8', at + 1, at + 1 + bytes);
  const quote = endOfString(read);
  const isWhole = quote !== -1;
  // The last character may be half of one.
  const raw = isWhole ? read.slice(0, quote) : withoutHalfEscape(read.slice(0, -1));
  if (!raw.includes('\\')) return { text: raw, isWhole };
  try {
    const text: unknown = JSON.parse(`"${raw}"`);
    return { text: String(text), isWhole };
  } catch {
    return { text: '', isWhole: true };
  }
}

/** Index of the first quote that is not escaped, or -1. */
function endOfString(raw: string): number {
  for (let quote = raw.indexOf('"'); quote !== -1; quote = raw.indexOf('"', quote + 1)) {
    let before = quote;
    while (raw[before - 1] === '\\') before -= 1;
    if ((quote - before) % 2 === 0) return quote;
  }
  return -1;
}

/** `\u` and four digits. */
const LONGEST_ESCAPE = 6;

function withoutHalfEscape(raw: string): string {
  const at = raw.lastIndexOf('\\');
  const rest = raw.length - at;
  if (at === -1 || rest >= LONGEST_ESCAPE) return raw;
  let before = at;
  while (raw[before - 1] === '\\') before -= 1;
  const isSecond = (at - before) % 2 === 1;
  const isComplete = rest > 1 && raw[at + 1] !== 'u';
  return isSecond || isComplete ? raw : raw.slice(0, at);
}

/** Opening quotes of the texts of some content: itself, or the values of `text` in its blocks, `most` at most. */
export function textsIn(
  body: Buffer,
  { start, end, kind }: Pick<ValueSpan, 'start' | 'end' | 'kind'>,
  most: number,
): number[] {
  if (kind === 'string') return [start];
  if (kind !== 'array' && kind !== 'object') return [];
  const found: number[] = [];
  const content = body.subarray(start, end);
  for (const at of valuesOf(content, 'text')) {
    if (!isText(content, at)) continue;
    found.push(start + at);
    if (found.length === most) break;
  }
  return found;
}

/**
 * The opening quote of the last string that begins with `beginning`, or -1. The native search is ten times faster for
 * what begins with a letter that is rare in texts and code: `rare` is the place of one in it.
 */
export function lastText(body: Buffer, beginning: string, rare: number): number {
  const needle = beginning.slice(rare);
  let found = -1;
  for (let at = body.indexOf(needle, 0, 'latin1'); at !== -1; at = body.indexOf(needle, at + 1, 'latin1')) {
    const quote = at - rare - 1;
    if (isText(body, quote) && body.toString('latin1', quote + 1, at) === beginning.slice(0, rare))
      found = quote;
  }
  return found;
}

// Again here, not imported: see wire/skip.ts on exported constants.
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_OBJECT = 123;

/**
 * Goes through the fields of the object at `at`, or from a comma inside of it on, until `visit` says false. The
 * offset after its last value, or -1 when it was left early or is broken.
 */
export function eachField(
  walker: Walker,
  at: number,
  visit: (name: string, start: number) => boolean,
): number {
  const { body } = walker;
  if (body[at] !== OPEN_OBJECT && body[at] !== COMMA) return -1;
  let next = skipSpace(body, at + 1);
  while (body[next] === QUOTE) {
    const keyEnd = skipString(body, next + 1);
    const colon = keyEnd === -1 ? -1 : skipSpace(body, keyEnd);
    if (colon === -1 || body[colon] !== COLON) return -1;
    const start = skipSpace(body, colon + 1);
    if (!visit(body.toString('latin1', next + 1, keyEnd - 1), start)) return -1;
    const end = skipValue(walker, start);
    if (end === -1) return -1;
    next = skipSpace(body, end);
    if (body[next] !== COMMA) return next;
    next = skipSpace(body, next + 1);
  }
  return next;
}
