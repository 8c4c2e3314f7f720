/** What counts as the same, case by case. */
import { expect, it } from 'vitest';
import { isSameValue } from './same-value.ts';
import { Secret } from './secret.ts';
import { unprintable } from './unprintable.ts';

it.each<[string, unknown, unknown, boolean]>([
  ['records in another order', { a: 1, b: [1n, null] }, { b: [1n, null], a: 1 }, true],
  ['a name more', { a: 1 }, { a: 1, b: undefined }, false],
  ['a name that the prototype has', { a: 1 }, { toString: 1 }, false],
  ['another order of a list', [1, 2], [2, 1], false],
  ['a list and a record of the same names', ['a'], { 0: 'a' }, false],
  ['nothing and an empty record', null, {}, false],
  ['the same secret', { key: new Secret('k') }, { key: new Secret('k') }, true],
  ['another secret', { key: new Secret('k') }, { key: new Secret('l') }, false],
  ['a secret and its text', new Secret('k'), 'k', false],
  ['maps', new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]]), true],
  ['maps of other values', new Map([['a', 1]]), new Map([['a', 2]]), false],
  ['a map and a record', new Map(), {}, false],
  ['records that do not print', unprintable({ a: 'x' }), unprintable({ a: 'x' }), true],
  ['not a number', Number.NaN, Number.NaN, true],
])('%s', (_, a, b, expected) => {
  expect(isSameValue(a, b)).toBe(expected);
  expect(isSameValue(b, a)).toBe(expected);
});
