/** Figures for the eye. */
import { expect, it } from 'vitest';
import { count, money } from './print.ts';

it.each([
  [null, 'unknown'],
  ['0.00', '$0'],
  ['12.5', '$12.50'],
  ['1234.567', '$1234.57'],
  ['0.25', '$0.25'],
  ['0.00125', '$0.00125'],
  ['0.000001', '$0.000001'],
  ['0.000000001', '<$0.000001'],
  ['-0.50', '$-0.50'],
])('money %s', (usd, expected) => {
  expect(money(usd)).toBe(expected);
});

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('count %d', (value, expected) => {
  expect(count(value)).toBe(expected);
});
