/**
 * Reads and writes JSON of unknown shape without throwing: every server and client has its own idea of a wire.
 *
 * Loops are `for in`, as all objects here are literals or from `JSON.parse`: it makes no list of the keys, and these
 * run dozens of times for each request.
 */
import type { JsonObject, JsonValue } from './chat.ts';

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

/** The text of an object that nothing is missing of. */
export function isWhole(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** The objects of a list; of anything else, none. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Looks a word of the wire up: `constructor` and its like are words too, and no entry of any table. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined {
  return typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Sets a field whose name came over the wire: plain assignment of `__proto__` would change the object's nature. */
export function setField(target: JsonObject, key: string, value: JsonValue): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

/** Null, [] and {}: a field that is there and says nothing. */
export function isBlank(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && isEmpty(value);
}

/** Blank, or holding nothing but what is. */
export function isHollow(value: JsonValue | undefined): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => isHollow(item));
  for (const key in value) if (!isHollow(value[key])) return false;
  return true;
}

type OrUndefined<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] };

/** An object without the entries that are undefined (`exactOptionalPropertyTypes` wants them absent). */
export function defined<T extends object>(entries: OrUndefined<T>): T {
  const given = entries as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const key in given) if (given[key] !== undefined) result[key] = given[key];
  return result as T;
}

/** A wire object without the entries that are undefined. */
export function present(entries: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  const body: JsonObject = {};
  for (const key in entries) {
    const value = entries[key];
    if (value !== undefined) body[key] = value;
  }
  return body;
}

/** The entries of `wire` under these keys; undefined when there are none. */
export function pick(wire: JsonObject, keys: readonly string[]): JsonObject | undefined {
  let found: JsonObject | undefined;
  for (const key of keys) {
    const value = wire[key];
    if (value === undefined) continue;
    found ??= {};
    found[key] = value;
  }
  return found;
}

/** The object without these fields. */
export function without(wire: JsonObject, keys: readonly string[]): JsonObject {
  const rest: JsonObject = {};
  for (const key in wire) if (!keys.includes(key)) setField(rest, key, wire[key]!);
  return rest;
}

/** Fields the chat has no word for. Those that say nothing are left out: their loss is none. */
export function unknownFields(
  wire: JsonObject,
  known: ReadonlySet<string>,
  saysNothing: (value: JsonValue | undefined) => boolean = isBlank,
): JsonObject {
  const fields: JsonObject = {};
  for (const key in wire) {
    if (!known.has(key) && !saysNothing(wire[key])) setField(fields, key, wire[key]!);
  }
  return fields;
}

/**
 * Puts a fragment of a stream into what came before, in place: lists grow, objects are entered, other values
 * replaced.
 */
export function patchFields(target: JsonObject, patch: JsonObject): void {
  for (const [key, value] of Object.entries(patch)) {
    const before = Object.hasOwn(target, key) ? target[key] : undefined;
    if (Array.isArray(before) && Array.isArray(value)) setField(target, key, [...before, ...value]);
    else if (isObject(before) && isObject(value)) patchFields(before, value);
    else setField(target, key, isObject(value) ? structuredClone(value) : value);
  }
}

/** `body` completed by `more`; what both have is the body's, objects are completed in the same way. */
export function complete(body: JsonObject, more: JsonObject): JsonObject {
  const result: JsonObject = { ...body };
  for (const key in more) {
    const [mine, theirs] = [Object.hasOwn(body, key) ? body[key] : undefined, more[key]!];
    if (mine === undefined) setField(result, key, theirs);
    else if (isObject(mine) && isObject(theirs)) setField(result, key, complete(mine, theirs));
  }
  return result;
}

/** Equal as JSON: key order does not count, undefined counts as absent. Shared parts are compared by identity. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (!Array.isArray(a)) return !Array.isArray(b) && isSameRecord(a, b);
  if (!Array.isArray(b) || a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!isSameJson(a[at], b[at])) return false;
  return true;
}

function isSameRecord(a: object, b: object): boolean {
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let open = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    if (!Object.hasOwn(right, key) || !isSameJson(left[key], right[key])) return false;
    open += 1;
  }
  for (const key in right) if (right[key] !== undefined) open -= 1;
  return open === 0;
}
