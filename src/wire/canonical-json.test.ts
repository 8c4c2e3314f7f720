/** Which spellings of a JSON value count as one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

const canonical = (text: string): string | undefined => canonicalJson(Buffer.from(text))?.toString('utf8');

describe('the same', () => {
  it.each([
    ['white space', ' {\n "a" : [ 1 , 2 ] }\t', '{"a":[1,2]}'],
    ['the order of fields', '{"b":1,"a":{"d":2,"c":3}}', '{"a":{"c":3,"d":2},"b":1}'],
    ['fields inside an array', '[{"b":1,"a":2}]', '[{"a":2,"b":1}]'],
    ['nothing in it', '{ "a" : { } , "b" : [ ] }', '{"a":{},"b":[]}'],
  ])('whatever %s', (_, text, expected) => expect(canonical(text)).toBe(expected));

  it('in any order and with any spacing of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, spaces) => {
        expect(canonical(JSON.stringify(reversed(value), undefined, spaces))).toBe(
          canonical(JSON.stringify(value)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('another', () => {
  it.each([
    ['a number written otherwise', '{"a":1}', '{"a":1.0}'],
    ['numbers that a double cannot tell apart', '[12345678901234567890]', '[12345678901234567891]'],
    ['the order of items', '[1,2]', '[2,1]'],
    ['white space inside a text', '["a b"]', '["a  b"]'],
    ['an escape', '["A"]', '["\\u0041"]'],
    ['which of two fields of a name comes last', '{"a":1,"a":2}', '{"a":2,"a":1}'],
    ['a text that looks like a field', '{"a":"1,\\"b\\":2"}', '{"a":"1","b":2}'],
    ['null and nothing', '{"a":null}', '{}'],
  ])('by %s', (_, one, other) => expect(canonical(one)).not.toBe(canonical(other)));

  it('wherever the values differ', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(canonical(JSON.stringify(one)) === canonical(JSON.stringify(other))).toBe(isSame);
      }),
      { numRuns: 200 },
    );
  });
});

it.each(['', '{', '{"a":1', '{"a":1}}', '{"a":1} {}', 'nil', '[1,]'])('is undefined for %j', (text) =>
  expect(canonical(text)).toBeUndefined(),
);

it('is undefined where the nesting is deeper than any request', () => {
  expect(canonical(`${'['.repeat(300)}${']'.repeat(300)}`)).toBeUndefined();
});

function reversed(value: unknown): unknown {
  return mapped(value, (keys) => keys.reverse());
}

function sorted(value: unknown): unknown {
  return mapped(value, (keys) => keys.sort());
}

function mapped(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const made = Object.create(null) as Record<string, unknown>;
  for (const key of order(Object.keys(value))) made[key] = mapped(Reflect.get(value, key), order);
  return made;
}
