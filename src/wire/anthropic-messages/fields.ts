/**
 * Taking known fields out of a wire object so that what is left is what the chat has no word for, and putting
 * the rest back. Nothing is listed twice: a field nobody took travels in `extra` by itself.
 */
import type { Extra, JsonObject, JsonValue, Warning } from '../chat.ts';

export const FORMAT = 'anthropic-messages';

/** A copy of a wire object; fields are removed as they are understood. */
export type Rest = { [key: string]: JsonValue };

/** Where in the chat a renderer is, and where it writes down what it could not carry. */
export interface Place {
  readonly path: string;
  readonly warnings: Warning[];
  /** The chat was parsed from this format: everything goes back as it was, nothing is repaired. */
  readonly isOwn: boolean;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isNumber(value: JsonValue): value is number {
  return typeof value === 'number';
}

function isBoolean(value: JsonValue): value is boolean {
  return typeof value === 'boolean';
}

function take<T extends JsonValue>(
  rest: Rest,
  key: string,
  is: (value: JsonValue) => value is T,
): T | undefined {
  const value = Object.hasOwn(rest, key) ? rest[key] : undefined;
  if (value === undefined || !is(value)) return undefined;
  delete rest[key];
  return value;
}

/** Removes the field and returns it if it is a string; leaves it in the rest otherwise. The others likewise. */
export const takeString = (rest: Rest, key: string): string | undefined => take(rest, key, isString);
export const takeNumber = (rest: Rest, key: string): number | undefined => take(rest, key, isNumber);
export const takeBoolean = (rest: Rest, key: string): boolean | undefined => take(rest, key, isBoolean);
export const takeObject = (rest: Rest, key: string): JsonObject | undefined => take(rest, key, isObject);

/**
 * Opens an object field: `read` takes what it knows from a copy; what is then left stays in the rest under the
 * same key. An object that was understood whole is gone from the rest.
 */
export function openObject<T>(rest: Rest, key: string, read: (inner: Rest) => T): T | undefined {
  const value = takeObject(rest, key);
  if (!value) return undefined;
  const inner = { ...value };
  const result = read(inner);
  const left = Object.keys(inner).length;
  if (left > 0 || Object.keys(value).length === 0) rest[key] = inner;
  return result;
}

/** Null, [], {} and what holds nothing else say nothing another format would miss. */
function isBlank(value: JsonValue): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).every(isBlank));
}

/** What nobody took, as an extra; undefined when nothing is left. */
export function leftExtra(rest: Rest, spelling: JsonObject = {}): Extra | undefined {
  const extra = markExtra(rest, spelling);
  return extra.spelling || Object.keys(extra.fields).length > 0 ? extra : undefined;
}

/** Like `leftExtra`, but also when nothing is left: marks a request, reply or stream as this format's own. */
export function markExtra(rest: Rest, spelling: JsonObject = {}): Extra {
  const entries = Object.entries(rest);
  const fields = Object.fromEntries(entries.filter(([, value]) => !isBlank(value)));
  const blanks = complete(spelling, Object.fromEntries(entries.filter(([, value]) => isBlank(value))));
  return Object.keys(blanks).length > 0
    ? { format: FORMAT, fields, spelling: blanks }
    : { format: FORMAT, fields };
}

export function ownFields(extra: Extra | undefined): JsonObject {
  return extra?.format === FORMAT ? extra.fields : {};
}

export function ownSpelling(extra: Extra | undefined): JsonObject {
  return extra?.format === FORMAT ? (extra.spelling ?? {}) : {};
}

/** `body` completed by `more`; what both have is the body's, objects are completed in the same way. */
export function complete(body: JsonObject, more: JsonObject): JsonObject {
  const result: JsonObject = { ...body, ...more, ...body };
  for (const key of Object.keys(body)) {
    const [mine, theirs] = [body[key], Object.hasOwn(more, key) ? more[key] : undefined];
    if (isObject(mine) && isObject(theirs)) result[key] = complete(mine, theirs);
  }
  return result;
}

/** Puts an own extra back into a rendered object; names a foreign one in warnings. */
export function restore(body: JsonObject, extra: Extra | undefined, place: Place): JsonObject {
  if (!extra) return body;
  if (extra.format === FORMAT) return complete(complete(body, extra.fields), extra.spelling ?? {});
  for (const key of Object.keys(extra.fields)) {
    drop(place, `extra.${key}`, `${extra.format} field without an equivalent`);
  }
  return body;
}

export function below(place: Place, path: string): Place {
  const dot = place.path === '' || path.startsWith('[') ? '' : '.';
  return { ...place, path: `${place.path}${dot}${path}` };
}

function warn(kind: Warning['kind'], place: Place, path: string, note: string): void {
  place.warnings.push({ kind, path: path === '' ? place.path : below(place, path).path, note });
}

/** Notes that something is not carried over; `path` is relative to the place, '' for the place itself. */
export function drop(place: Place, path: string, note: string): void {
  warn('dropped', place, path, note);
}

/** Notes that something is carried over as something near it. */
export function approximate(place: Place, path: string, note: string): void {
  warn('approximated', place, path, note);
}

type OrUndefined<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** An object without the entries that are undefined (`exactOptionalPropertyTypes` wants them absent). */
export function defined<T extends object>(entries: OrUndefined<T>): T {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) result[key] = value;
  return result as T;
}

/** A wire object without the entries that are undefined. */
export function present(entries: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  const body: JsonObject = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) body[key] = value;
  return body;
}
