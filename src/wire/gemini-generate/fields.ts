/**
 * Reading wire objects without throwing, and writing down what could not be carried. What nobody understands of an
 * object travels in `extra` by itself: nothing is listed twice.
 */
import type { Extra, FormatId, JsonObject, JsonValue, Warning } from '../chat.ts';
import type { ModelTraits } from './traits.ts';

export const FORMAT = 'gemini-generate' satisfies FormatId;

/** A copy of a wire object; fields are removed as they are understood. */
export type Rest = { [key: string]: JsonValue };

/** Where in the chat a renderer is, whom it writes for, and where it writes down what it could not carry. */
export interface Place {
  readonly path: string;
  readonly warnings: Warning[];
  /** The chat was parsed from this format: everything goes back as it was, nothing is repaired. */
  readonly isOwn: boolean;
  /** `client`: any maker's state may stand in it, sealed. `upstream`: only Gemini's own. */
  readonly side: 'client' | 'upstream';
  readonly traits: ModelTraits;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The objects of a list; none where it is no list. */
export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Looks a word of the wire up: `constructor` and its like are words too, and no entry of any table. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  return typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
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
export const takeText = (rest: Rest, key: string): string | undefined =>
  take(rest, key, (value) => typeof value === 'string');
export const takeNumber = (rest: Rest, key: string): number | undefined =>
  take(rest, key, (value) => typeof value === 'number');
export const takeObject = (rest: Rest, key: string): JsonObject | undefined => take(rest, key, isObject);

/** Null, [], {} and what holds nothing else say nothing another format would miss. */
export function isBlank(value: JsonValue): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).every(isBlank));
}

/** What nobody took, as an extra; undefined when it says nothing. */
export function leftExtra(rest: Rest, spelling: JsonObject = {}): Extra | undefined {
  const extra = markExtra(rest, spelling);
  return extra.spelling || Object.keys(extra.fields).length > 0 ? extra : undefined;
}

/** Like `leftExtra`, but also when nothing is left: marks a request, reply or stream as this format's own. */
export function markExtra(rest: Rest, spelling: JsonObject = {}): Extra {
  const entries = Object.entries(rest).filter(([, value]) => !isBlank(value));
  const fields = Object.fromEntries(entries);
  return Object.keys(spelling).length > 0 ? { format: FORMAT, fields, spelling } : { format: FORMAT, fields };
}

export function ownFields(extra: Extra | undefined): JsonObject {
  return extra?.format === FORMAT ? extra.fields : {};
}

export function ownSpelling(extra: Extra | undefined): JsonObject {
  return extra?.format === FORMAT ? (extra.spelling ?? {}) : {};
}

/** Equal as JSON: key order does not count, undefined counts as absent. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSameJson(item, b[index]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of Object.keys(left)) if (!isSameJson(left[key], ownValue(right, key))) return false;
  for (const key of Object.keys(right))
    if (right[key] !== undefined && !Object.hasOwn(left, key)) return false;
  return true;
}

function ownValue(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
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

/** One warning for each field only another format understands. */
export function dropForeign(extra: Extra | undefined, place: Place): void {
  if (!extra || extra.format === FORMAT) return;
  for (const key of Object.keys(extra.fields)) {
    drop(place, `extra.${key}`, `${extra.format} field without an equivalent`);
  }
}

/** The own fields of an extra put back into a rendered object, which wins; a foreign extra is named in warnings. */
export function restore(body: JsonObject, extra: Extra | undefined, place: Place): JsonObject {
  dropForeign(extra, place);
  return extra?.format === FORMAT ? complete(body, extra.fields) : body;
}

/** `body` completed by `more`; what both have is the body's, objects are completed in the same way. */
export function complete(body: JsonObject, more: JsonObject): JsonObject {
  const entries = Object.entries(more).map(([key, value]) => {
    const mine = Object.hasOwn(body, key) ? body[key] : undefined;
    if (mine === undefined) return [key, value] as const;
    return [key, isObject(mine) && isObject(value) ? complete(mine, value) : mine] as const;
  });
  return { ...body, ...Object.fromEntries(entries) };
}

type OrUndefined<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** An object without the entries that are undefined (`exactOptionalPropertyTypes` wants them absent). */
export function defined<T extends object>(entries: OrUndefined<T>): T {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as T;
}

/** A wire object without the entries that are undefined. */
export function present(entries: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  const body: JsonObject = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) body[key] = value;
  return body;
}

/** JSON for the wire. LangChain's client cuts events at the two line ends that JSON, unlike SSE, leaves alone in texts. */
export function writeJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) =>
    end === '\u2028' ? '\\u2028' : '\\u2029',
  );
}
