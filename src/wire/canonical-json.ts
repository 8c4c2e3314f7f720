/**
 * One text for all spellings of a JSON value that differ only in white space and the order of fields: what an exact
 * cache may take for the same request. Numbers and strings stay as they were written: `1` is not `1.0`, as readers
 * of money and of long ids know, and two spellings that are told apart cost no more than a miss.
 */
import { createWalker, kindOf, skipSpace, skipString, skipValue } from './skip.ts';

const COMMA = 44;
const CLOSE_ARRAY = 93;
const CLOSE_OBJECT = 125;

/**
 * Bytes as Latin-1, one character each: made to be hashed, not to be read. Fields that stand twice keep their order.
 * undefined = the bytes are not one JSON value, or one nested too deeply to be read.
 */
export function canonicalJson(body: Buffer): string | undefined {
  const start = skipSpace(body, 0);
  const end = skipValue(createWalker(body), start);
  if (end === -1 || skipSpace(body, end) !== body.length) return undefined;
  return valueAt({ body, at: start });
}

/** Over bytes whose grammar is known to be right. */
interface Cursor {
  readonly body: Buffer;
  at: number;
}

function valueAt(cursor: Cursor): string {
  switch (kindOf(cursor.body[cursor.at]!)) {
    case 'object':
      return objectAt(cursor);
    case 'array':
      return arrayAt(cursor);
    default:
      return scalarAt(cursor);
  }
}

function scalarAt(cursor: Cursor): string {
  const { body, at } = cursor;
  cursor.at = skipValue(createWalker(body), at);
  return body.toString('latin1', at, cursor.at);
}

function arrayAt(cursor: Cursor): string {
  const { body } = cursor;
  const items: string[] = [];
  cursor.at = skipSpace(body, cursor.at + 1);
  while (body[cursor.at] !== CLOSE_ARRAY) {
    items.push(valueAt(cursor));
    skipComma(cursor);
  }
  cursor.at += 1;
  return `[${items.join(',')}]`;
}

function objectAt(cursor: Cursor): string {
  const { body } = cursor;
  const fields: { readonly key: string; readonly text: string }[] = [];
  cursor.at = skipSpace(body, cursor.at + 1);
  while (body[cursor.at] !== CLOSE_OBJECT) {
    const keyEnd = skipString(body, cursor.at + 1);
    const key = body.toString('latin1', cursor.at, keyEnd);
    const colon = skipSpace(body, keyEnd);
    cursor.at = skipSpace(body, colon + 1);
    fields.push({ key, text: `${key}:${valueAt(cursor)}` });
    skipComma(cursor);
  }
  cursor.at += 1;
  // Stable: of fields that stand twice it is their order that says which one counts.
  fields.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return `{${fields.map(({ text }) => text).join(',')}}`;
}

function skipComma(cursor: Cursor): void {
  const at = skipSpace(cursor.body, cursor.at);
  cursor.at = cursor.body[at] === COMMA ? skipSpace(cursor.body, at + 1) : at;
}
