/** JSON Schema into what Google takes, and Google's own schemas into JSON Schema. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../chat.ts';
import { fitParameters, fitSchema } from './schema-fit.ts';
import { readSchema } from './schema-read.ts';
import { inlineReferences, MAX_INLINED, MAX_ROUNDS, mustInline } from './schema-references.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

describe('fitSchema', () => {
  it.each<[string, JsonObject, JsonObject, RegExp | undefined]>([
    [
      'what is fine',
      object({ a: { type: 'string' } }, { required: ['a'], additionalProperties: false }),
      object({ a: { type: 'string' } }, { required: ['a'], additionalProperties: false }),
      undefined,
    ],
    [
      'the draft',
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
      { type: 'object' },
      undefined,
    ],
    ['lists of types', { type: ['string', 'null'] }, { type: ['string', 'null'] }, undefined],
    [
      'both unions',
      { anyOf: [{ type: 'string' }], oneOf: [{ type: 'number' }] },
      { anyOf: [{ type: 'string' }], oneOf: [{ type: 'number' }] },
      undefined,
    ],
    ['const', { const: 'a' }, { type: 'string', enum: ['a'] }, /const is written as enum/],
    [
      'const of a type',
      { type: 'integer', const: 3 },
      { type: 'integer', enum: [3] },
      /const is written as enum/,
    ],
    ['const true', { const: true }, { type: 'boolean' }, /const is left out/],
    ['const null', { const: null }, { type: 'null' }, /const is left out/],
    [
      'an empty value among others',
      { type: 'string', enum: ['', 'a', null] },
      { type: 'string', enum: ['a'] },
      /enum values/,
    ],
    ['nothing but the empty value', { type: 'string', enum: [''] }, { type: 'string' }, /enum values/],
    ['numbers', { type: 'integer', enum: [1, 2] }, { type: 'integer', enum: [1, 2] }, undefined],
    [
      'an open bound of integers',
      { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
      { type: 'integer', minimum: 1, maximum: 9 },
      /exclusiveMinimum is written as minimum; exclusiveMaximum/,
    ],
    [
      'an open bound of numbers',
      { type: 'number', exclusiveMinimum: 0, minimum: -1 },
      { type: 'number', minimum: 0 },
      /exclusiveMinimum/,
    ],
    [
      'an open bound of the former drafts',
      { type: 'number', exclusiveMinimum: true, minimum: 3 },
      { type: 'number', minimum: 3 },
      /exclusiveMinimum/,
    ],
    [
      'formats it knows',
      object({ a: { type: 'string', format: 'date-time' }, b: { type: 'integer', format: 'int64' } }),
      object({ a: { type: 'string', format: 'date-time' }, b: { type: 'integer', format: 'int64' } }),
      undefined,
    ],
    [
      'a format it does not',
      { type: 'string', format: 'uri', description: 'Where.' },
      { type: 'string', description: 'Where. (format: uri)' },
      /formats/,
    ],
    [
      'a format of numbers it does not',
      { type: 'number', format: 'uint8' },
      { type: 'number', description: '(format: uint8)' },
      /formats/,
    ],
    [
      'keywords without effect',
      { type: 'object', propertyNames: {}, patternProperties: {}, not: {}, if: {}, examples: [1] },
      { type: 'object' },
      /propertyNames is left out.*examples is left out/,
    ],
    [
      'required without a property',
      object({ a: {} }, { required: ['a', 'b'] }),
      object({ a: {} }, { required: ['a'] }),
      /required/,
    ],
    ['required of nothing', { type: 'object', required: ['b'] }, { type: 'object' }, /required/],
    ['true and false', object({ a: true, b: false }), object({ a: {}, b: {} }), /true and false/],
    [
      'a list of items',
      { type: 'array', items: [{ type: 'string' }, { const: 1 }] },
      { type: 'array', prefixItems: [{ type: 'string' }, { enum: [1], type: 'number' }] },
      /prefixItems/,
    ],
    [
      'all of',
      {
        allOf: [
          object({ a: { const: 'x' } }, { required: ['a'] }),
          { properties: { b: {} }, required: ['b'] },
        ],
        description: 'd',
      },
      {
        type: 'object',
        properties: { a: { type: 'string', enum: ['x'] }, b: {} },
        required: ['a', 'b'],
        description: 'd',
      },
      /allOf/,
    ],
    [
      'all of, before what it adds to',
      { allOf: [{ properties: { b: {} } }], properties: { a: { const: 'x' } } },
      { properties: { a: { type: 'string', enum: ['x'] }, b: {} } },
      /allOf/,
    ],
    [
      'properties that are called like keywords',
      object({ const: { type: 'string' }, not: { type: 'string' } }),
      object({ const: { type: 'string' }, not: { type: 'string' } }),
      undefined,
    ],
    [
      'schemas inside',
      object({ a: { type: 'array', items: { const: 'x' } }, b: { additionalProperties: { const: 'y' } } }),
      object({
        a: { type: 'array', items: { type: 'string', enum: ['x'] } },
        b: { additionalProperties: { type: 'string', enum: ['y'] } },
      }),
      /const/,
    ],
  ])('%s', (_name, schema, fitted, changes) => {
    const before = JSON.stringify(schema);
    const got = fitSchema(schema);
    expect(got.schema).toEqual(fitted);
    if (changes) expect(got.changes.join('; ')).toMatch(changes);
    else expect(got.changes).toEqual([]);
    expect(JSON.stringify(schema), 'the schema is left alone').toBe(before);
  });

  it('has nothing left to do a second time, whatever it was given', () => {
    const json = fc.letrec((tie) => ({
      schema: fc.record(
        {
          type: fc.constantFrom('object', 'string', 'integer', ['string', 'null'], 7),
          properties: fc.dictionary(fc.constantFrom('a', 'b', 'const', '__proto__'), tie('any'), {
            maxKeys: 2,
          }),
          items: fc.oneof(tie('any'), fc.array(tie('any'), { maxLength: 2 })),
          allOf: fc.array(tie('any'), { maxLength: 2 }),
          anyOf: fc.oneof(fc.array(tie('any'), { maxLength: 2 }), fc.constant(null)),
          required: fc.oneof(fc.array(fc.constantFrom('a', 'b', 3)), fc.constant('a')),
          const: fc.jsonValue({ maxDepth: 1 }),
          enum: fc.oneof(fc.array(fc.jsonValue({ maxDepth: 0 }), { maxLength: 3 }), fc.constant('x')),
          format: fc.constantFrom('uri', 'date', 7),
          exclusiveMinimum: fc.constantFrom(true, 3),
          additionalProperties: tie('any'),
          $ref: fc.constantFrom('#/$defs/a', '#', '#/nowhere', 'https://x.test'),
          $defs: fc.record({ a: tie('any') }),
          uniqueItems: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      any: fc.oneof({ maxDepth: 3 }, fc.boolean(), tie('schema')),
    }));
    fc.assert(
      fc.property(json.schema as fc.Arbitrary<JsonObject>, (schema) => {
        const once = fitParameters(schema);
        expect(fitParameters(once.schema)).toEqual({ schema: once.schema, changes: [] });
      }),
      { numRuns: 120 },
    );
  });
});

describe('fitParameters', () => {
  it.each<[JsonObject, JsonObject]>([
    [{}, { type: 'object' }],
    [{ type: 'string' }, { type: 'object' }],
    [{ anyOf: [{ type: 'object' }] }, { anyOf: [{ type: 'object' }], type: 'object' }],
  ])('makes %j describe an object', (schema, fitted) => {
    expect(fitParameters(schema)).toEqual({ schema: fitted, changes: ['the type must be object'] });
  });
});

describe('references', () => {
  const $defs = { city: object({ name: { type: 'string' } }) };

  it('stay where Google can follow them', () => {
    const schema = object({ a: { $ref: '#/$defs/city' } }, { $defs });
    expect(fitSchema(schema)).toEqual({ schema, changes: [] });
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'something stands beside',
      object({ a: { $ref: '#/$defs/city', description: 'd' } }, { $defs }),
      object({ a: { ...$defs.city, description: 'd' } }),
    ],
    [
      'they are of the former drafts',
      object({ a: { $ref: '#/definitions/city' } }, { definitions: $defs }),
      object({ a: $defs.city }),
    ],
    [
      'they point anywhere',
      object({ a: { type: 'string' }, b: { $ref: '#/properties/a' } }),
      object({ a: { type: 'string' }, b: { type: 'string' } }),
    ],
    [
      'names are escaped',
      object({ a: { $ref: '#/definitions/x~1y%20z' } }, { definitions: { 'x/y z': { type: 'string' } } }),
      object({ a: { type: 'string' } }),
    ],
    [
      'they point nowhere',
      object({ a: { $ref: '#/$defs/none', title: 't' }, b: { $ref: 'https://x.test/y' } }),
      object({ a: { title: 't' }, b: {} }),
    ],
  ])('are written out where %s', (_why, schema, inlined) => {
    expect(fitSchema(schema)).toEqual({ schema: inlined, changes: ['references are written out'] });
  });

  it('are written out a few times where they go round', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#/$defs/tree' } } };
    const schema = { $ref: '#/$defs/tree', $defs: { tree } };
    expect(mustInline(schema)).toBe(true);
    let depth = 0;
    for (let node = inlineReferences(schema); node.properties; depth += 1) {
      node = (node.properties as { next: JsonObject }).next;
    }
    expect(depth).toBe(MAX_ROUNDS);
    expect(mustInline({ type: 'object', properties: { a: { $ref: '#' } } })).toBe(true);
  });

  it('do not fill the memory where they double', () => {
    const $many: JsonObject = { d0: { type: 'string' } };
    for (let level = 1; level < 40; level += 1) {
      $many[`d${level}`] = {
        anyOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}`, title: 't' }],
      };
    }
    const { schema } = fitSchema(object({ a: { $ref: '#/$defs/d39', title: 't' } }, { $defs: $many }));
    expect(JSON.stringify(schema).length).toBeLessThan(MAX_INLINED * 100);
  });
});

describe('readSchema', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'types',
      { type: 'OBJECT', properties: { a: { type: 'ARRAY', items: { type: 'STRING' } } } },
      object({ a: { type: 'array', items: { type: 'string' } } }),
    ],
    ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    ['counts', { type: 'ARRAY', minItems: '1', max_items: '3' }, { type: 'array', minItems: 1, maxItems: 3 }],
    [
      'unions',
      { any_of: [{ type: 'STRING' }, { type: 'NULL' }] },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    [
      'what only Google needs',
      { type: 'OBJECT', property_ordering: ['a'], example: 1, format: 'enum' },
      { type: 'object' },
    ],
    ['no type', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
    [
      'names of properties',
      { type: 'OBJECT', properties: { any_of: { type: 'STRING' } }, required: ['any_of'] },
      object({ any_of: { type: 'string' } }, { required: ['any_of'] }),
    ],
    [
      'what is no schema',
      { type: ['STRING', 7], properties: 7, anyOf: 'x', items: [1] },
      { type: ['string', 7], properties: 7, anyOf: 'x', items: [1] },
    ],
  ])('%s', (_name, schema, read) => {
    expect(readSchema(schema)).toEqual(read);
  });

  it('ends, however deep the schema', () => {
    let schema: JsonObject = { type: 'STRING' };
    for (let depth = 0; depth < 200; depth += 1) schema = { type: 'ARRAY', items: schema };
    expect(JSON.stringify(readSchema(schema)).length).toBeLessThan(3000);
    expect(fitSchema(schema).changes.join()).toContain('deeper than');
  });
});
