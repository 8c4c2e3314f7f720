/**
 * A value that is valid for a JSON Schema, made up from the schema alone: arguments of simulated tool calls and
 * simulated structured output. Required properties always; optional ones only where asked for.
 *
 * Covers what tools and output schemas use: types, enum, const, default, properties, items, prefixItems, bounds,
 * formats, anyOf/oneOf/allOf, local $ref. A `pattern` is met only by the values its usual property names suggest.
 */
import type { JsonObject, JsonValue } from '../../wire/chat.ts';
import { pick, type Random } from './random.ts';

export interface SampleOptions {
  readonly random: Random;
  /** Also fill properties that are not required (structured output is duller without). */
  readonly withOptional: boolean;
  /** Words for strings that nothing else decides. */
  readonly words: readonly string[];
}

/** Deeper is a schema that refers to itself: optional parts are left out from here on. */
const MAX_DEPTH = 6;
/** Deeper still is a schema no finite value fits. */
const MAX_REQUIRED_DEPTH = 32;
/** More would be an attack on memory by `minItems` or `minLength`. */
const MAX_ITEMS = 1000;
const MAX_LENGTH = 100_000;
/** Values, and words of padding. Choices that refer to themselves multiply: more is a schema written to do harm. */
const MAX_STEPS = 20_000;

/** undefined = no value was found (the schema forbids all, or needs endless nesting). */
export function sampleSchema(schema: JsonObject | undefined, options: SampleOptions): JsonValue | undefined {
  return sample({ ...options, root: schema ?? {}, stepsLeft: MAX_STEPS }, schema ?? {}, '', 0);
}

interface Sampling extends SampleOptions {
  readonly root: JsonObject;
  stepsLeft: number;
}

type Schema = JsonValue | undefined;

function sample(sampling: Sampling, schema: Schema, name: string, depth: number): JsonValue | undefined {
  if (schema === false || depth > MAX_REQUIRED_DEPTH || sampling.stepsLeft-- <= 0) return undefined;
  if (!isObject(schema)) return pick(sampling.random, sampling.words);
  if (typeof schema.$ref === 'string')
    return sample(sampling, lookUp(sampling.root, schema.$ref), name, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum))
    return schema.enum.length > 0 ? pick(sampling.random, schema.enum) : undefined;
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.allOf)) return sample(sampling, mergeAll(sampling, schema), name, depth + 1);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return sampleChoice(sampling, schema, choices, name, depth);
  return samplers[typeOf(schema)]?.(sampling, schema, name, depth);
}

type Sampler = (sampling: Sampling, schema: JsonObject, name: string, depth: number) => JsonValue | undefined;

const samplers: Readonly<Record<string, Sampler>> = {
  object: sampleObject,
  array: sampleArray,
  string: (sampling, schema, name) => sampleString(sampling, schema, name),
  integer: (sampling, schema) => sampleNumber(sampling, schema, true),
  number: (sampling, schema) => sampleNumber(sampling, schema, false),
  boolean: (sampling) => sampling.random() < 0.5,
  null: () => null,
};

function isObject(value: Schema): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first type that is not null; where none is written, what the other words imply. */
function typeOf(schema: JsonObject): string {
  const { type } = schema;
  // Gemini writes types in capitals.
  if (typeof type === 'string') return type.toLowerCase();
  if (Array.isArray(type)) return String(type.find((one) => one !== 'null') ?? 'null').toLowerCase();
  if (schema.properties !== undefined || schema.required !== undefined) return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array';
  if (typeof schema.minimum === 'number' || typeof schema.maximum === 'number') return 'number';
  return 'string';
}

/** Resolves `#/$defs/name` and the like; anything else is an empty schema, which anything fits. */
function lookUp(root: JsonObject, ref: string): Schema {
  if (!ref.startsWith('#')) return {};
  let found: Schema = root;
  for (const step of ref.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found ?? {};
}

/** Properties and requirements of all parts together. */
function mergeAll(sampling: Sampling, schema: JsonObject): JsonObject {
  const { allOf, ...own } = schema;
  return (allOf as JsonValue[]).reduce<JsonObject>((merged, one) => merge(sampling, merged, one), own);
}

function merge(sampling: Sampling, into: JsonObject, part: JsonValue): JsonObject {
  const resolved = isObject(part) && typeof part.$ref === 'string' ? lookUp(sampling.root, part.$ref) : part;
  if (!isObject(resolved)) return into;
  const merged: JsonObject = { ...into, ...resolved };
  if (isObject(into.properties) && isObject(resolved.properties))
    merged.properties = { ...into.properties, ...resolved.properties };
  if (Array.isArray(into.required) && Array.isArray(resolved.required))
    merged.required = [...into.required, ...resolved.required];
  return merged;
}

function sampleChoice(
  sampling: Sampling,
  schema: JsonObject,
  choices: readonly JsonValue[],
  name: string,
  depth: number,
): JsonValue | undefined {
  const { anyOf: _any, oneOf: _one, ...own } = schema;
  // null fits an optional thing, but says nothing: the other choices first.
  const ordered = choices.toSorted((a, b) => Number(isNull(a)) - Number(isNull(b)));
  for (const choice of ordered) {
    const value = sample(sampling, merge(sampling, own, choice), name, depth + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

function isNull(schema: JsonValue): boolean {
  return isObject(schema) && schema.type === 'null';
}

function sampleObject(
  sampling: Sampling,
  schema: JsonObject,
  _name: string,
  depth: number,
): JsonObject | undefined {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  const optional = sampling.withOptional && depth < MAX_DEPTH ? Object.keys(properties) : [];
  const value: JsonObject = {};
  for (const key of new Set([
    ...Object.keys(properties).filter((k) => required.includes(k)),
    ...required,
    ...optional,
  ])) {
    const property = Object.hasOwn(properties, key) ? properties[key] : {};
    const made = sample(sampling, property, key, depth + 1);
    if (made !== undefined)
      Object.defineProperty(value, key, { value: made, enumerable: true, writable: true });
    else if (required.includes(key)) return undefined;
  }
  const least = typeof schema.minProperties === 'number' ? Math.min(schema.minProperties, MAX_ITEMS) : 0;
  for (let i = 1; Object.keys(value).length < least; i++) value[`key${i}`] = 'value';
  return value;
}

function sampleArray(
  sampling: Sampling,
  schema: JsonObject,
  name: string,
  depth: number,
): JsonValue[] | undefined {
  const named = namedArrays[name];
  if (named && isFreeText(schema.items) && mayHaveLength(schema, named.length)) return [...named];
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const least = Math.max(
    typeof schema.minItems === 'number' ? schema.minItems : 0,
    prefix.length,
    sampling.withOptional && depth < MAX_DEPTH && schema.maxItems !== 0 ? 1 : 0,
  );
  const values: JsonValue[] = [];
  for (let i = 0; i < Math.min(least, MAX_ITEMS); i++) {
    const made = sample(sampling, prefix[i] ?? schema.items ?? {}, name, depth + 1);
    if (made === undefined) return undefined;
    values.push(schema.uniqueItems === true ? distinct(values, made, i) : made);
  }
  return values;
}

function mayHaveLength({ minItems, maxItems }: JsonObject, length: number): boolean {
  return length >= Number(minItems ?? 0) && length <= Number(maxItems ?? Infinity);
}

function isFreeText(schema: Schema): boolean {
  if (!isObject(schema) || schema.type !== 'string') return false;
  return Object.keys(schema).every((word) => ['type', 'title', 'description'].includes(word));
}

/** Numbers and free strings can be told apart by their place; an enum cannot, and is left as it is. */
function distinct(values: readonly JsonValue[], made: JsonValue, index: number): JsonValue {
  if (!values.includes(made)) return made;
  if (typeof made === 'number') return made + index;
  return typeof made === 'string' ? `${made}${index}` : made;
}

function sampleNumber(sampling: Sampling, schema: JsonObject, isWhole: boolean): number | undefined {
  const step =
    typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : isWhole ? 1 : 0;
  const least = bound(schema.minimum, schema.exclusiveMinimum, step || 0.5, 1);
  const most = bound(schema.maximum, schema.exclusiveMaximum, step || 0.5, -1);
  let value = least ?? (most !== undefined ? Math.min(most, 1) : 1 + Math.floor(sampling.random() * 9));
  if (most !== undefined && value > most) value = least === undefined ? most : (least + most) / 2;
  if (step > 0) value = Math.ceil(value / step) * step;
  if (most !== undefined && value > most) value = Math.floor(most / (step || 1)) * (step || 1);
  return least !== undefined && value < least ? undefined : value;
}

/** `exclusive…` is a number since draft 6, a boolean before. */
function bound(inclusive: Schema, exclusive: Schema, step: number, direction: 1 | -1): number | undefined {
  if (typeof exclusive === 'number') return exclusive + direction * step;
  if (typeof inclusive !== 'number') return undefined;
  return exclusive === true ? inclusive + direction * step : inclusive;
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-15',
  'date-time': '2026-01-15T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT5M',
  email: 'sandbox@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * What coding agents call their arguments. Harmless on purpose, for a client will really do it: a tool that
 * writes, moves or deletes must not meet a file of the user's.
 */
const SHELL_COMMAND = 'echo "hello from the Turnpike sandbox"';
const OWN_FILE = 'turnpike-sandbox.txt';
const namedStrings: Readonly<Record<string, string>> = {
  command: SHELL_COMMAND,
  cmd: SHELL_COMMAND,
  description: 'Say hello from the sandbox',
  file_path: OWN_FILE,
  filePath: OWN_FILE,
  filename: OWN_FILE,
  path: OWN_FILE,
  pattern: '*.md',
  url: 'https://example.com/',
  query: 'turnpike',
};
const namedArrays: Readonly<Record<string, readonly string[]>> = {
  command: ['echo', 'hello from the Turnpike sandbox'],
};

function sampleString(sampling: Sampling, schema: JsonObject, name: string): string {
  const byFormat = typeof schema.format === 'string' ? formats[schema.format] : undefined;
  const byName = Object.hasOwn(namedStrings, name) ? namedStrings[name] : undefined;
  let text = byFormat ?? byName ?? pick(sampling.random, sampling.words);
  const least = typeof schema.minLength === 'number' ? Math.min(schema.minLength, MAX_LENGTH) : 0;
  while (text.length < least && sampling.stepsLeft-- > 0) text += ` ${pick(sampling.random, sampling.words)}`;
  return typeof schema.maxLength === 'number' ? text.slice(0, Math.max(schema.maxLength, least)) : text;
}
