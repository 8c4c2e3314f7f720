/** Reads JSON of unknown shape without throwing, and keeps what the chat has no word for. */
import type { Extra, JsonObject, JsonValue } from '../chat.ts';

export const FORMAT = 'openai-responses';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text that says something: absent, null and '' are the same to many servers. */
export function asFullText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The objects of a list; none where there is no list. */
export function asObjects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Looks a word of the wire up: `constructor` and its like are words too, and no entry of any table. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  return typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Null, [] and {}: a field that is there and says nothing. */
export function isBlank(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** An object without the entries that are undefined (`exactOptionalPropertyTypes` wants them absent). */
export function defined<T extends object>(entries: { readonly [K in keyof T]: T[K] | undefined }): T {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) result[key] = value;
  return result as T;
}

/** Sets a field whose name came over the wire: plain assignment of `__proto__` would change the object's nature. */
export function setField(target: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The object without these fields. */
export function without(wire: JsonObject, keys: readonly string[]): JsonObject {
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(wire)) if (!keys.includes(key)) setField(rest, key, value);
  return rest;
}

/** Fields the chat has no word for. Blank ones say nothing, so their loss is none: they are left out. */
export function unknownFields(wire: JsonObject, known: ReadonlySet<string>): JsonObject {
  const fields: JsonObject = {};
  for (const [key, value] of Object.entries(wire)) {
    if (!known.has(key) && !isBlank(value)) setField(fields, key, value);
  }
  return fields;
}

/** An extra of this format. `spelling` is what the wire had, to be written again; it is no loss elsewhere. */
export function ownExtra(fields: JsonObject, spelling: JsonObject): Extra {
  return isBlank(spelling) ? { format: FORMAT, fields } : { format: FORMAT, fields, spelling };
}

/** The fields of an extra that came from this format. */
export function ownFields(extra: Extra | undefined): JsonObject {
  return extra?.format === FORMAT ? extra.fields : {};
}

/** An object in the spelling of an extra of this format. */
export function spelled(extra: Extra | undefined, key: string): JsonObject | undefined {
  return extra?.format === FORMAT ? asObject(extra.spelling?.[key]) : undefined;
}

/** Equal as JSON: key order does not count, undefined counts as absent. Shared parts are compared by identity. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  }
  return isSameRecord(a as Record<string, unknown>, b as Record<string, unknown>);
}

function isSameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  for (const key of Object.keys(a)) if (!isSameJson(a[key], b[key])) return false;
  for (const key of Object.keys(b)) if (a[key] === undefined && b[key] !== undefined) return false;
  return true;
}
