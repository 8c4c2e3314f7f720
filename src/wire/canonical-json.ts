/**
 * One spelling for all those of a JSON value that differ only in white space and the order of fields: what an exact
 * cache may take for the same request. Numbers and strings stay as they were written: `1` is not `1.0`, as readers
 * of money and of long ids know, and two spellings that are told apart cost no more than a miss.
 */
import { createWalker, kindOf, skipSpace, skipString, skipValue, type Walker } from './skip.ts';

const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Of fields that stand twice the order is kept: it says which one counts.
 * @returns undefined = the bytes are not one JSON value, or one nested too deeply to be read
 */
export function canonicalJson(body: Buffer): Buffer | undefined {
  const start = skipSpace(body, 0);
  const walker = createWalker(body);
  const end = skipValue(walker, start);
  if (end === -1 || skipSpace(body, end) !== body.length) return undefined;
  // It is never longer than what it is made of.
  const writing: Writing = { body, walker, out: Buffer.allocUnsafe(body.length), at: start, length: 0 };
  writeValue(writing);
  return writing.out.subarray(0, writing.length);
}

/** Over bytes whose grammar is known to be right, once. */
interface Writing {
  readonly body: Buffer;
  readonly walker: Walker;
  readonly out: Buffer;
  /** Where the next of the body begins. */
  at: number;
  /** Of what is written. */
  length: number;
}

function writeValue(writing: Writing): void {
  const { body, walker, at } = writing;
  const kind = kindOf(body[at]!);
  if (kind === 'object') writeObject(writing);
  else if (kind === 'array') writeArray(writing);
  else writeUpTo(writing, skipValue(walker, at));
}

/** A native call for each would cost more than most values are long. */
const INLINE_BYTES = 24;

function writeUpTo(writing: Writing, end: number): void {
  const { body, out, at, length } = writing;
  if (end - at > INLINE_BYTES) body.copy(out, length, at, end);
  else for (let from = at; from < end; from += 1) out[length + from - at] = body[from]!;
  writing.at = end;
  writing.length += end - at;
}

function writeByte(writing: Writing, byte: number): void {
  writing.out[writing.length] = byte;
  writing.length += 1;
}

/** Over a bracket, a colon or a comma, and the white space behind it. */
function step(writing: Writing): void {
  writing.at = skipSpace(writing.body, writing.at + 1);
}

function writeArray(writing: Writing): void {
  const { body } = writing;
  writeByte(writing, OPEN_ARRAY);
  step(writing);
  while (body[writing.at] !== CLOSE_ARRAY) {
    writeValue(writing);
    endItem(writing);
  }
  writeByte(writing, CLOSE_ARRAY);
  writing.at += 1;
}

/** Up to the next item, with its comma where there is one. */
function endItem(writing: Writing): void {
  writing.at = skipSpace(writing.body, writing.at);
  if (writing.body[writing.at] !== COMMA) return;
  writeByte(writing, COMMA);
  step(writing);
}

/** What is written of a field, without the comma after it. */
interface Field {
  /** With its quotes, a character a byte. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function writeObject(writing: Writing): void {
  const { body } = writing;
  const fields: Field[] = [];
  let isSorted = true;
  writeByte(writing, OPEN_OBJECT);
  step(writing);
  while (body[writing.at] !== CLOSE_OBJECT) {
    const start = writing.length;
    const keyEnd = skipString(body, writing.at + 1);
    const key = body.toString('latin1', writing.at, keyEnd);
    writeUpTo(writing, keyEnd);
    writeByte(writing, COLON);
    writing.at = skipSpace(body, keyEnd);
    step(writing);
    writeValue(writing);
    isSorted &&= fields.length === 0 || fields.at(-1)!.key <= key;
    fields.push({ key, start, end: writing.length });
    endItem(writing);
  }
  writeByte(writing, CLOSE_OBJECT);
  writing.at += 1;
  if (!isSorted) sortFields(writing.out, fields);
}

/** In their place: all of them, and the commas between, are as long in one order as in another. */
function sortFields(out: Buffer, fields: Field[]): void {
  const { start } = fields[0]!;
  const before = Buffer.from(out.subarray(start, fields.at(-1)!.end));
  let at = start;
  for (const [count, field] of fields.sort(byKey).entries()) {
    if (count > 0) {
      out[at] = COMMA;
      at += 1;
    }
    at += before.copy(out, at, field.start - start, field.end - start);
  }
}

function byKey(a: Field, b: Field): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
