/**
 * Skips JSON values in bytes: each function takes an offset and gives the one after the token or value, so that
 * a walk over a body allocates nothing. Strict grammar, explicit stack.
 *
 * The constants are not exported, and the functions that use them stand together, on purpose: V8 folds a
 * constant only inside its module and only while it is not exported. Exported, the walk was a quarter slower.
 * The results are offsets, or -1 where the text is broken, as `indexOf` has it.
 */
import { type MediaSpan, sniffMedia } from './media.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
/** `[` and `]`, `{` and `}` are two apart in ASCII. */
const CLOSE_AFTER_OPEN = 2;

export type WalkProblem = 'not-json' | 'not-utf8' | 'not-object' | 'too-deep' | 'too-many-fields';

/** Deepest nesting, the body itself included. Schemas in real traffic stay under 40; parsers that recurse die in the thousands. */
const MAX_DEPTH = 64;
/** Most keys of a body, all objects together: a million of them take a parser a second. Long conversations have some thousands. */
const MAX_KEYS = 200_000;

/** Shorter strings may be counted as text even where they are an image: the difference is small. */
const LONG_BYTES = 4096;
/** Most media noted. Vendors take 100 images; what comes after is counted as text. */
const MAX_MEDIA = 256;

/** What one walk carries along. */
export interface Walker {
  readonly body: Buffer;
  /** Brackets that are open around the current place. */
  readonly open: Uint8Array;
  /** Images and the like that were passed, `MAX_MEDIA` of them at most. */
  readonly media: MediaSpan[];
  /** Keys that were passed inside of values. */
  keys: number;
  problem: WalkProblem;
  offset: number;
  message: string;
}

/** One stack for all walks, which never overlap: a typed array for each would cost more than a small body's walk. */
const open = new Uint8Array(MAX_DEPTH);

/** A walker inside the object that the body is. */
export function createWalker(body: Buffer): Walker {
  open[0] = OPEN_OBJECT;
  return { body, open, media: [], keys: 0, problem: 'not-json', offset: 0, message: '' };
}

/** Writes down what is wrong and where. */
export function fail(walker: Walker, offset: number, message: string, problem: WalkProblem = 'not-json'): -1 {
  walker.problem = problem;
  walker.offset = offset;
  walker.message = `${message} at byte ${offset}`;
  return -1;
}

export type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array';

/** The kind of a value by its first byte. */
export function kindOf(first: number): ValueKind {
  switch (first) {
    case QUOTE:
      return 'string';
    case OPEN_OBJECT:
      return 'object';
    case OPEN_ARRAY:
      return 'array';
    case 0x74:
    case 0x66:
      return 'boolean';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

/** A JSON value may begin with this byte. */
export function isValueStart(byte: number): boolean {
  const isDigit = byte >= 0x30 && byte <= 0x39;
  return (
    isDigit ||
    byte === 0x2d ||
    byte === QUOTE ||
    byte === OPEN_OBJECT ||
    byte === OPEN_ARRAY ||
    byte in literals
  );
}

/** The offset of the next byte that is no white space. */
export function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && isSpace(body[at]!)) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** Most strings of a body are keys and short values: a native call pays only for longer ones. */
const INLINE_BYTES = 24;

/** From the byte after the opening quote to the one after the closing quote, or -1. */
export function skipString(body: Buffer, from: number): number {
  let at = from;
  for (;;) {
    // Reading past the end would be harmless, but V8 then compiles all reads here for that case.
    const limit = Math.min(at + INLINE_BYTES, body.length);
    for (; at < limit; at += 1) {
      const byte = body[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at += 1;
    }
    const quote = body.indexOf(QUOTE, at);
    if (quote === -1) return -1;
    if (!isEscaped(body, quote)) return quote + 1;
    at = quote + 1;
  }
}

/** An odd number of backslashes stands before the byte at `at`; the opening quote ends the count. */
function isEscaped(body: Buffer, at: number): boolean {
  let first = at;
  while (body[first - 1] === BACKSLASH) first -= 1;
  return ((at - first) & 1) === 1;
}

const literals: Readonly<Record<number, Buffer>> = {
  116: Buffer.from('true'),
  102: Buffer.from('false'),
  110: Buffer.from('null'),
};

/** The offset after a number, `true`, `false` or `null`, or -1. What follows is the caller's to judge. */
function skipScalar(body: Buffer, start: number): number {
  const literal = literals[body[start]!];
  if (!literal) return skipNumber(body, start);
  for (let at = 0; at < literal.length; at += 1) {
    if (body[start + at] !== literal[at]) return -1;
  }
  return start + literal.length;
}

/** From here on a number may be larger than any that is calculated with: 1.8e308. */
const LARGE_EXPONENT_DIGITS = 3;
const LONG_NUMBER_DIGITS = 300;

/** Such a number would be read as infinite here, and as whatever the upstream makes of it there. */
function isInfinite(body: Buffer, start: number, end: number): boolean {
  return !Number.isFinite(Number(body.toString('latin1', start, end)));
}

function skipNumber(body: Buffer, start: number): number {
  let at = body[start] === 0x2d ? start + 1 : start;
  const whole = at;
  at = skipDigits(body, at);
  const hasLeadingZero = body[whole] === 0x30 && at > whole + 1;
  if (at === whole || hasLeadingZero) return -1;
  if (body[at] === 0x2e) {
    const fraction = at + 1;
    at = skipDigits(body, fraction);
    if (at === fraction) return -1;
  }
  if (body[at] === 0x65 || body[at] === 0x45) {
    const hasSign = body[at + 1] === 0x2b || body[at + 1] === 0x2d;
    const exponent = at + (hasSign ? 2 : 1);
    at = skipDigits(body, exponent);
    if (at === exponent) return -1;
    if (at - exponent >= LARGE_EXPONENT_DIGITS && isInfinite(body, start, at)) return -1;
  }
  return at - start > LONG_NUMBER_DIGITS && isInfinite(body, start, at) ? -1 : at;
}

function skipDigits(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && body[at]! >= 0x30 && body[at]! <= 0x39) at += 1;
  return at;
}

function noteMedia(walker: Walker, start: number, end: number): void {
  const kind = sniffMedia(walker.body, start, end);
  if (kind !== undefined && walker.media.length < MAX_MEDIA) walker.media.push({ kind, start, end });
}

/** From the first byte of a value to the one after it, or -1 with the reason in `walker`. */
export function skipValue(walker: Walker, start: number): number {
  const { body } = walker;
  if (start >= body.length) return fail(walker, start, 'the body ends too early');
  const first = body[start]!;
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return skipNested(walker, start);
  if (first === QUOTE) {
    const end = skipString(body, start + 1);
    return end === -1 ? fail(walker, start, 'a string does not end, begun') : end;
  }
  const end = skipScalar(body, start);
  return end === -1 ? fail(walker, start, 'unexpected byte, or a bad number or word') : end;
}

// What may come next inside a nested value. The order matters: up to VALUE_OR_CLOSE a value may begin.
const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const KEY = 2;
const KEY_OR_CLOSE = 3;
const COLON_ONLY = 4;
const COMMA_OR_CLOSE = 5;

/**
 * Skips the object or array at `start`. One loop over tokens with an explicit stack, no recursion: nesting is
 * the sender's choice.
 */
function skipNested(walker: Walker, start: number): number {
  const { body, open } = walker;
  const length = body.length;
  let depth = 1;
  let next = VALUE;
  let at = start;
  let { keys } = walker;
  while (at < length) {
    const byte = body[at]!;
    if (byte === QUOTE) {
      if (next >= COLON_ONLY) return fail(walker, at, 'unexpected string');
      const end = skipString(body, at + 1);
      if (end === -1) return fail(walker, at, 'a string does not end, begun');
      if (end - at > LONG_BYTES) noteMedia(walker, at + 1, end - 1);
      at = end;
      next = next <= VALUE_OR_CLOSE ? COMMA_OR_CLOSE : COLON_ONLY;
    } else if (byte === COLON) {
      if (next !== COLON_ONLY) return fail(walker, at, 'unexpected colon');
      keys += 1;
      if (keys > MAX_KEYS) return fail(walker, at, `more than ${MAX_KEYS} keys`, 'too-many-fields');
      next = VALUE;
      at += 1;
    } else if (byte === COMMA) {
      if (next !== COMMA_OR_CLOSE) return fail(walker, at, 'unexpected comma');
      next = open[depth - 1] === OPEN_OBJECT ? KEY : VALUE;
      at += 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (next > VALUE_OR_CLOSE) return fail(walker, at, 'unexpected opening bracket');
      if (depth === MAX_DEPTH) return fail(walker, at, `nested deeper than ${MAX_DEPTH}`, 'too-deep');
      open[depth] = byte;
      depth += 1;
      next = byte === OPEN_OBJECT ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
      at += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      const canClose = next === COMMA_OR_CLOSE || next === KEY_OR_CLOSE || next === VALUE_OR_CLOSE;
      if (!canClose || open[depth - 1] !== byte - CLOSE_AFTER_OPEN) {
        return fail(walker, at, 'unexpected closing bracket');
      }
      depth -= 1;
      at += 1;
      if (depth === 1) {
        walker.keys = keys;
        return at;
      }
      next = COMMA_OR_CLOSE;
    } else if (isSpace(byte)) {
      at += 1;
    } else {
      if (next > VALUE_OR_CLOSE) return fail(walker, at, 'unexpected byte');
      const end = skipScalar(body, at);
      if (end === -1) return fail(walker, at, 'unexpected byte, or a bad number or word');
      at = end;
      next = COMMA_OR_CLOSE;
    }
  }
  return fail(walker, at, 'the body ends too early');
}
