/**
 * Google's own schemas (`parameters`, `responseSchema`: a subset of OpenAPI 3.0) as JSON Schema: types in small letters,
 * `nullable` as a type, numbers that are written as text.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import { isObject } from '../json.ts';
import { SCHEMA, withCamelNames } from './spelling.ts';

/** Deeper schemas are no tool's; what lies below is left out. */
const MAX_DEPTH = 64;

/** Counts that protobuf writes as text. */
const COUNTS = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'];
/** Said to Google's sampler alone, or to nobody. */
const LEFT_OUT = ['propertyOrdering', 'example', 'nullable'];

export function readSchema(schema: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) return {};
  const known = withCamelNames(schema, SCHEMA);
  const entries = Object.entries(known).flatMap(([key, value]): [string, JsonValue][] => {
    if (LEFT_OUT.includes(key) || value === null) return [];
    const read = readKeyword(key, value, depth + 1);
    return read === undefined ? [] : [[key, read]];
  });
  const read = Object.fromEntries(entries);
  if (known.nullable === true && typeof read.type === 'string') read.type = [read.type, 'null'];
  return read;
}

function readKeyword(key: string, value: JsonValue, depth: number): JsonValue | undefined {
  if (key === 'type') return readType(value);
  if (key === 'properties' || key === 'defs') return mapValues(value, depth);
  if (key === 'items' || key === 'additionalProperties')
    return isObject(value) ? readSchema(value, depth) : value;
  if (key === 'anyOf') return readList(value, depth);
  // Said by `enum` itself.
  if (key === 'format' && value === 'enum') return undefined;
  return COUNTS.includes(key) && typeof value === 'string' ? Number(value) : value;
}

function readType(value: JsonValue): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((one) => readType(one) ?? 'null');
  if (typeof value !== 'string') return value;
  return value === 'TYPE_UNSPECIFIED' ? undefined : value.toLowerCase();
}

function mapValues(value: JsonValue, depth: number): JsonValue {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isObject(one) ? readSchema(one, depth) : one]),
  );
}

function readList(value: JsonValue, depth: number): JsonValue {
  return Array.isArray(value) ? value.map((one) => (isObject(one) ? readSchema(one, depth) : one)) : value;
}
