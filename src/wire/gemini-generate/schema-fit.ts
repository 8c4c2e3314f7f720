/**
 * JSON Schema of other formats as Google takes it.
 *
 * Written into `parametersJsonSchema` and `responseJsonSchema`, not into `parameters` and `responseSchema`: the latter are
 * messages of a closed list of fields, where one unknown keyword anywhere (`$schema`, `additionalProperties`, `const`)
 * has the whole request refused, and where `anyOf` beside other keywords, a list of types or a reference cannot be said
 * at all. The former take any JSON, on both of Google's APIs; Google's own CLI sends nothing else. What they do with it
 * is still a subset, so keywords of no effect are left out and said, those with an equal are put into it, and what
 * Google is known to refuse there too (empty enum values, names in `required` that are not among the properties,
 * formats and references it cannot follow) is taken out.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import { isObject, setField } from '../json.ts';
import { inlineReferences, mustInline } from './schema-references.ts';

export interface FittedSchema {
  readonly schema: JsonObject;
  /** What was changed, in few words each. */
  readonly changes: readonly string[];
}

/** Deeper schemas are no tool's; what lies below is anything. */
const MAX_DEPTH = 64;

/** Keywords Google documents for one or the other of its two kinds of schemas. */
const KEPT: ReadonlySet<string> = new Set(
  (
    '$id $anchor $defs $ref type format title description enum items prefixItems minItems maxItems ' +
    'minimum maximum anyOf oneOf properties additionalProperties required propertyOrdering ' +
    'minLength maxLength minProperties maxProperties pattern nullable default'
  ).split(' '),
);
/** Names the draft of the standard, and says nothing of the value: worth no word when it is left out. */
const DRAFT = '$schema';
const TEXT_FORMATS = ['date', 'date-time', 'time'];
const NUMBER_FORMATS = ['int32', 'int64', 'float', 'double'];

interface Fitting {
  readonly changes: Set<string>;
  readonly depth: number;
}

/** @param schema must describe an object, as arguments do */
export function fitParameters(schema: JsonObject): FittedSchema {
  const fitted = fitSchema(schema);
  const { type, $ref: reference } = fitted.schema;
  if (type === 'object' || reference !== undefined) return fitted;
  return {
    schema: { ...fitted.schema, type: 'object' },
    changes: [...fitted.changes, 'the type must be object'],
  };
}

export function fitSchema(schema: JsonObject): FittedSchema {
  const changes = new Set<string>();
  let whole = schema;
  if (mustInline(schema)) {
    whole = inlineReferences(schema);
    changes.add('references are written out');
  }
  return { schema: fitNode(whole, { changes, depth: 0 }), changes: [...changes] };
}

/** `true` allows anything, as an empty schema does; `false`, which allows nothing, cannot be said. */
function fitValue(value: JsonValue, fitting: Fitting): JsonValue {
  if (isObject(value)) return fitNode(value, { ...fitting, depth: fitting.depth + 1 });
  if (typeof value !== 'boolean') return value;
  fitting.changes.add('true and false are no schemas');
  return {};
}

type Keyword = (node: JsonObject, value: JsonValue, fitting: Fitting, key: string) => void;

/** What is done with keywords that are not simply kept. Each changes the node, which is a copy. */
const KEYWORDS = Object.entries<Keyword>({
  // Before the format, which depends on the type that this may bring.
  const: fitConst,
  enum: fitEnum,
  format: fitFormat,
  exclusiveMinimum: (node, value, fitting) => fitBound(node, 'minimum', value, fitting),
  exclusiveMaximum: (node, value, fitting) => fitBound(node, 'maximum', value, fitting),
  properties: fitMap,
  $defs: fitMap,
  items: (node, value, fitting) => {
    if (!Array.isArray(value)) {
      node.items = fitValue(value, fitting);
      return;
    }
    delete node.items;
    node.prefixItems = value.map((one) => fitValue(one, fitting));
    fitting.changes.add('a list of items is written as prefixItems');
  },
  prefixItems: fitList,
  anyOf: fitList,
  oneOf: fitList,
  additionalProperties: (node, value, fitting) => {
    if (isObject(value)) node.additionalProperties = fitValue(value, fitting);
  },
});
const KEYWORD_NAMES: ReadonlySet<string> = new Set(KEYWORDS.map(([name]) => name));

function fitNode(schema: JsonObject, fitting: Fitting): JsonObject {
  if (fitting.depth > MAX_DEPTH) {
    fitting.changes.add(`what lies deeper than ${MAX_DEPTH} levels may be anything`);
    return {};
  }
  const node = joinAllOf(schema, fitting);
  let isPlain = true;
  for (const key of Object.keys(node)) {
    if (KEYWORD_NAMES.has(key)) isPlain = false;
    else if (!KEPT.has(key)) {
      delete node[key];
      if (key !== DRAFT) fitting.changes.add(`${key} is left out`);
    }
  }
  for (const [key, change] of isPlain ? [] : KEYWORDS) {
    if (Object.hasOwn(node, key)) change(node, node[key]!, fitting, key);
  }
  fitRequired(node, fitting);
  return node;
}

function fitMap(node: JsonObject, map: JsonValue, fitting: Fitting, key: string): void {
  if (!isObject(map)) return;
  const fitted: JsonObject = {};
  for (const name in map) setField(fitted, name, fitValue(map[name]!, fitting));
  node[key] = fitted;
}

function fitList(node: JsonObject, list: JsonValue, fitting: Fitting, key: string): void {
  if (Array.isArray(list)) node[key] = list.map((one) => fitValue(one, fitting));
}

/** Keywords that hold schemas by name, so that those of two nodes can stand beside each other. */
const NAMED = ['properties', '$defs'];

/** A copy without `allOf`: all of several schemas is one with all their keywords, the first where two say different things. */
function joinAllOf(schema: JsonObject, fitting: Fitting): JsonObject {
  if (schema.allOf === undefined) return { ...schema };
  const { allOf, ...node } = schema;
  fitting.changes.add('allOf is written as one schema');
  for (const part of Array.isArray(allOf) && fitting.depth < MAX_DEPTH ? allOf : []) {
    if (!isObject(part)) continue;
    for (const [key, one] of Object.entries(joinAllOf(part, { ...fitting, depth: fitting.depth + 1 }))) {
      const mine = node[key];
      if (mine === undefined) node[key] = one;
      else if (NAMED.includes(key) && isObject(mine) && isObject(one)) node[key] = { ...one, ...mine };
      else if (key === 'required' && Array.isArray(mine) && Array.isArray(one)) {
        node.required = [...new Set([...mine, ...one])];
      }
    }
  }
  return node;
}

function fitConst(node: JsonObject, value: JsonValue, fitting: Fitting): void {
  delete node.const;
  if (typeof value === 'string' || typeof value === 'number') {
    node.enum = [value];
    node.type ??= typeof value === 'string' ? 'string' : 'number';
    fitting.changes.add('const is written as enum');
    fitEnum(node, node.enum, fitting);
    return;
  }
  fitting.changes.add('const is left out');
  node.type ??= value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Google knows texts and numbers there, and refuses the empty text. */
function fitEnum(node: JsonObject, _value: JsonValue, fitting: Fitting): void {
  const values = Array.isArray(node.enum) ? node.enum : [];
  const kept = values.filter((one) => typeof one === 'number' || (typeof one === 'string' && one !== ''));
  if (kept.length === values.length && kept.length > 0) return;
  fitting.changes.add('enum values that are neither a text nor a number are left out');
  if (kept.length > 0) node.enum = kept;
  else delete node.enum;
}

function fitFormat(node: JsonObject, value: JsonValue, fitting: Fitting): void {
  const isNumber = [node.type].flat().some((type) => type === 'number' || type === 'integer');
  if (typeof value === 'string' && (isNumber ? NUMBER_FORMATS : TEXT_FORMATS).includes(value)) return;
  delete node.format;
  // The model reads it there, and Google checks no other formats anyway.
  const told = typeof node.description === 'string' ? `${node.description} ` : '';
  node.description = `${told}(format: ${String(value)})`;
  fitting.changes.add('formats Google does not know go into the description');
}

function fitBound(node: JsonObject, name: 'minimum' | 'maximum', value: JsonValue, fitting: Fitting): void {
  const key = name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
  delete node[key];
  fitting.changes.add(`${key} is written as ${name}`);
  // The former drafts' way: true beside the bound itself.
  if (typeof value !== 'number') return;
  const isWhole = node.type === 'integer' && Number.isInteger(value);
  const bound = isWhole ? value + (name === 'minimum' ? 1 : -1) : value;
  const other = node[name];
  const stricter = name === 'minimum' ? Math.max : Math.min;
  node[name] = typeof other === 'number' ? stricter(other, bound) : bound;
}

function fitRequired(node: JsonObject, fitting: Fitting): void {
  const { required, properties } = node;
  if (required === undefined) return;
  const known = isObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required : [];
  const kept = names.filter((name) => typeof name === 'string' && Object.hasOwn(known, name));
  if (kept.length === names.length && Array.isArray(required)) return;
  fitting.changes.add('names in required that are no properties are left out');
  if (kept.length > 0) node.required = kept;
  else delete node.required;
}
