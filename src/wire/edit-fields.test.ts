/** Fields go and come, and what is left is the JSON it was, byte for byte between the edits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from './chat.ts';
import { editFields } from './edit-fields.ts';
import { walkTopLevel } from './walk.ts';

function edit(
  text: string,
  removed: readonly string[],
  added: readonly (readonly [string, string])[],
): string {
  const body = Buffer.from(text);
  const walk = walkTopLevel(body, removed);
  if (!walk.ok) throw new Error(walk.message);
  return Buffer.concat(editFields(body, walk, { removed: [...walk.fields.values()], added })).toString();
}

describe('editFields', () => {
  it.each<[string, string[], [string, string][], string]>([
    ['{"a":1,"b":2,"c":3}', ['b'], [], '{"a":1,"c":3}'],
    ['{"a":1,"b":2,"c":3}', ['c'], [], '{"a":1,"b":2}'],
    ['{"a":1,"b":2,"c":3}', ['b', 'c'], [], '{"a":1}'],
    ['{"a":1,"b":2,"c":3}', ['a', 'c'], [], '{"b":2}'],
    ['{"a":1,"b":2,"c":3}', ['a', 'b', 'c'], [], '{}'],
    ['{ "a" : 1 , "b" : [ "," ] }', ['b'], [], '{ "a" : 1  }'],
    ['{"a":1}', ['a'], [['x', '"y"']], '{"x":"y"}'],
    [
      '{}',
      [],
      [
        ['x', '1'],
        ['y', '2'],
      ],
      '{"x":1,"y":2}',
    ],
    ['{"a":1}', [], [['x', '1']], '{"x":1,"a":1}'],
    ['{"a":1,"b":2}', ['b'], [['b', '9']], '{"b":9,"a":1}'],
  ])('%s without %j and with %j', (text, removed, added, expected) => {
    expect(edit(text, removed, added)).toBe(expected);
  });

  it('means what deleting and setting mean, whatever is around', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const space = fc.constantFrom('', ' ', '\n\t');
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.jsonValue()),
        fc.uniqueArray(name),
        fc.dictionary(fc.constantFrom('x', 'y'), fc.jsonValue()),
        space,
        (fields, removed, added, gap) => {
          const members = Object.entries(fields).map(
            ([key, value]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${JSON.stringify(value)}${gap}`,
          );
          const text = `{${members.join(',') || gap}}`;
          const expected: Record<string, JsonValue | unknown> = { ...fields, ...added };
          for (const key of removed) delete expected[key];
          const pairs = Object.entries(added).map(([key, value]) => [key, JSON.stringify(value)] as const);
          expect(JSON.parse(edit(text, removed, pairs))).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
    );
  });
});
