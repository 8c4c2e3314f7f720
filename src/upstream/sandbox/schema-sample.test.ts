/** Made-up values fit their schema: by hand for known tools, by law for random schemas. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../wire/chat.ts';
import { createRandom } from './random.ts';
import { sampleSchema } from './schema-sample.ts';

const options = (withOptional = false) => ({ random: createRandom(7), withOptional, words: ['one', 'two'] });

/** As much of a validator as the sampler claims to know. */
function isValid(schema: JsonValue, value: JsonValue | undefined): boolean {
  if (value === undefined || schema === false) return false;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return true;
  if (schema.const !== undefined) return same(schema.const, value);
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => same(one, value))) return false;
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some((one) => isValid(one, value))) return false;
  if (Array.isArray(schema.allOf) && !schema.allOf.every((one) => isValid(one, value))) return false;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => hasType(String(type), value))) return false;
  return isValidInside(schema, value);
}

function same(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function hasType(type: string, value: JsonValue): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function isValidInside(schema: JsonObject, value: JsonValue): boolean {
  if (typeof value === 'number') {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    return (
      value >= Number(minimum ?? -Infinity) &&
      value <= Number(maximum ?? Infinity) &&
      value > Number(exclusiveMinimum ?? -Infinity) &&
      value < Number(exclusiveMaximum ?? Infinity) &&
      (multipleOf === undefined || Number.isInteger(value / Number(multipleOf)))
    );
  }
  if (typeof value === 'string') {
    return (
      value.length >= Number(schema.minLength ?? 0) && value.length <= Number(schema.maxLength ?? Infinity)
    );
  }
  if (Array.isArray(value)) {
    const fits =
      value.length >= Number(schema.minItems ?? 0) && value.length <= Number(schema.maxItems ?? Infinity);
    return fits && value.every((item) => isValid(schema.items ?? {}, item));
  }
  if (value === null || typeof value !== 'object') return true;
  const properties = (schema.properties ?? {}) as JsonObject;
  const required = (schema.required ?? []) as string[];
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, inner]) => isValid(properties[key] ?? {}, inner))
  );
}

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ type: fc.constant('string'), minLength: fc.nat(20) }, { requiredKeys: ['type'] }),
  fc.nat(6).map((maxLength) => ({ type: 'string', maxLength })),
  fc.record(
    { type: fc.constantFrom('integer', 'number'), minimum: fc.integer({ min: -50, max: 50 }) },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    type: fc.constantFrom('integer', 'number'),
    exclusiveMinimum: fc.integer({ min: -50, max: 50 }),
    multipleOf: fc.constantFrom(2, 5),
  }),
  fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.nat(9))
    .map(([minimum, more]) => ({ type: 'integer', minimum, maximum: minimum + more })),
  fc.integer({ min: -9, max: 9 }).map((exclusiveMaximum) => ({ type: 'number', exclusiveMaximum })),
  fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }).map((values) => ({ enum: values })),
  fc.constantFrom<JsonObject>(
    { type: 'boolean' },
    { type: 'null' },
    { type: ['null', 'string'] },
    { const: { a: 1 } },
    {},
  ),
);

const { schema } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('object'),
    fc.record(
      { type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) },
      { requiredKeys: ['type', 'items'] },
    ) as fc.Arbitrary<JsonObject>,
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  ),
  object: fc
    .tuple(
      fc.dictionary(fc.constantFrom('a', 'b', 'command', 'path'), tie('schema')),
      fc.constantFrom<string[]>(['a'], ['b', 'zz'], []),
    )
    .map(([properties, required]): JsonObject => ({ type: 'object', properties, required })),
}));

it.each([false, true])('fits any schema (optional properties: %s)', (withOptional) => {
  const law = fc.property(schema, (one) => isValid(one, sampleSchema(one, options(withOptional))));
  fc.assert(law, { numRuns: 400 });
});

describe('tools of coding agents', () => {
  const bash: JsonObject = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      command: { type: 'string' },
      timeout: { type: 'integer', exclusiveMinimum: 0 },
      description: { type: 'string' },
    },
    required: ['command', 'description'],
    additionalProperties: false,
  };
  it.each<[string, JsonObject | undefined, JsonValue | undefined]>([
    [
      'a shell',
      bash,
      { command: 'echo "hello from the Turnpike sandbox"', description: 'Say hello from the sandbox' },
    ],
    [
      'a shell that takes a list',
      {
        type: 'object',
        properties: { command: { type: 'array', items: { type: 'string' } } },
        required: ['command'],
      },
      { command: ['echo', 'hello from the Turnpike sandbox'] },
    ],
    [
      'a reader',
      {
        type: 'object',
        properties: { filePath: { type: 'string' }, limit: { type: 'number' } },
        required: ['filePath'],
      },
      { filePath: 'turnpike-sandbox.txt' },
    ],
    [
      'types in capitals',
      { type: 'OBJECT', properties: { url: { type: 'STRING' } }, required: ['url'] },
      { url: 'https://example.com/' },
    ],
    ['no arguments', { type: 'object', properties: {} }, {}],
    ['no schema', { type: 'object' }, {}],
    [
      'a local reference',
      {
        type: 'object',
        properties: { x: { $ref: '#/$defs/day' } },
        required: ['x'],
        $defs: { day: { type: 'string', format: 'date' } },
      },
      { x: '2026-01-15' },
    ],
    [
      'parts to be merged',
      {
        allOf: [
          { properties: { a: { const: 1 } }, required: ['a'] },
          { properties: { b: { const: 2 } }, required: ['b'] },
        ],
        type: 'object',
      },
      { a: 1, b: 2 },
    ],
    ['something rather than null', { anyOf: [{ type: 'null' }, { const: 3 }] }, 3],
    ['a default', { type: 'string', default: 'd' }, 'd'],
    ['places of a tuple', { type: 'array', prefixItems: [{ const: 1 }, { const: 2 }] }, [1, 2]],
    ['nothing that fits', { type: 'object', properties: { x: false }, required: ['x'] }, undefined],
    ['an empty enum', { enum: [] }, undefined],
  ])('%s', (_name, one, expected) => {
    expect(sampleSchema(one, options())).toEqual(expected);
  });

  it('sets a property called __proto__ as a property', () => {
    const one: JsonObject = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"const":1}},"required":["__proto__"]}',
    );
    expect(JSON.stringify(sampleSchema(one, options()))).toBe('{"__proto__":1}');
  });
});

describe('schemas that would never end', () => {
  const node: JsonObject = { type: 'object', properties: { next: { $ref: '#' } } };
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { $ref: '#' }]));
  it.each<[string, JsonObject]>([
    ['optional nesting', node],
    ['required nesting', { ...node, required: ['next'] }],
    ['a reference to itself', { $ref: '#' }],
    ['wide and deep', { type: 'object', properties: many }],
    ['choices of itself', { anyOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] }],
    ['merged with itself', { allOf: [{ $ref: '#' }] }],
    ['huge bounds', { type: 'array', minItems: 1e9, items: { type: 'string', minLength: 1e9 } }],
  ])('%s', (_name, one) => {
    // Ends at all, and with something small or nothing.
    const text = JSON.stringify(sampleSchema(one, options(true)) ?? null);
    expect(text.length).toBeLessThan(1e6);
  });
});
