/**
 * Taking known fields out of a wire object, so that what is left is what the chat has no word for. Nothing is listed
 * twice: a field nobody took travels in `extra` by itself.
 */
import type { JsonObject, JsonValue } from './chat.ts';
import { isObject } from './json.ts';

/** A copy of a wire object; fields are removed as they are understood. */
export type Rest = { [key: string]: JsonValue };

/** Removes the field and returns it if it is a string; leaves it in the rest otherwise. The others likewise. */
export function takeText(rest: Rest, key: string): string | undefined {
  const { [key]: value } = rest;
  if (typeof value !== 'string') return undefined;
  delete rest[key];
  return value;
}

export function takeNumber(rest: Rest, key: string): number | undefined {
  const { [key]: value } = rest;
  if (typeof value !== 'number') return undefined;
  delete rest[key];
  return value;
}

export function takeBoolean(rest: Rest, key: string): boolean | undefined {
  const { [key]: value } = rest;
  if (typeof value !== 'boolean') return undefined;
  delete rest[key];
  return value;
}

export function takeObject(rest: Rest, key: string): JsonObject | undefined {
  const value = Object.hasOwn(rest, key) ? rest[key] : undefined;
  if (!isObject(value)) return undefined;
  delete rest[key];
  return value;
}

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
