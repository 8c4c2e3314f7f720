/** How scopes, periods, limits and thresholds are written, and what is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTimeZone,
  readLimit,
  readPeriod,
  readScope,
  readThresholds,
  rollingHours,
  writeScope,
} from './budget.ts';
import { formatUsd, nanoUsd } from './money.ts';

it.each([
  ['workspace', { kind: 'workspace', id: '*' }],
  ['workspace:*', { kind: 'workspace', id: '*' }],
  ['agent:coder', { kind: 'agent', id: 'coder' }],
  ['agent:oss:code-reviewer', { kind: 'agent', id: 'oss:code-reviewer' }],
  ['end-user:*', { kind: 'end-user', id: '*' }],
  ['key:key_01', { kind: 'key', id: 'key_01' }],
  ['model:openrouter/deepseek/v3:free', { kind: 'model', id: 'openrouter/deepseek/v3:free' }],
])('%s is a scope', (text, scope) => {
  expect(readScope(text)).toEqual(scope);
  expect(readScope(writeScope(readScope(text)!))).toEqual(scope);
});

it.each([
  '',
  'agent',
  'agent:',
  'agent: ',
  'team:x',
  'Agent:x',
  'workspace:ws_1',
  'key:laptop',
  'model:gpt-4o',
  `agent:${'x'.repeat(301)}`,
])('%j is no scope', (text) => expect(readScope(text)).toBeUndefined());

it.each([
  ['day', undefined],
  ['week', undefined],
  ['month', undefined],
  ['total', undefined],
  ['rolling:1', 1],
  ['rolling:744', 744],
])('%s is a period', (text, hours) => {
  expect(readPeriod(text)).toBe(text);
  expect(rollingHours(text)).toBe(hours);
});

it.each([
  '',
  'year',
  'Day',
  'rolling',
  'rolling:',
  'rolling:0',
  'rolling:01',
  'rolling:745',
  'rolling:1.5',
  'rolling:-1',
])('%j is no period', (text) => expect(readPeriod(text)).toBeUndefined());

describe('readLimit', () => {
  it.each([
    ['25', 25_000_000_000n],
    ['0', 0n],
    ['0.000000001', 1n],
    [' 12.50 ', 12_500_000_000n],
    ['999999999.999999999', 999_999_999_999_999_999n],
  ])('%j', (text, nano) => expect(readLimit(text)).toBe(nano));
  it.each(['', '-1', '-0.01', '1e3', '.5', '1,000', '$5', '0.0000000001', '1000000000', 'NaN', '1.'])(
    '%j is none',
    (text) => expect(readLimit(text)).toBeUndefined(),
  );
  it('takes every amount as it is printed', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999_999_999n }), (nano) => {
        expect(readLimit(formatUsd(nanoUsd(nano)))).toBe(nano);
      }),
      { numRuns: 300 },
    );
  });
});

it.each([
  [[], []],
  [
    [100, 50, 80, 50],
    [50, 80, 100],
  ],
  [
    [1, 1000],
    [1, 1000],
  ],
  [[0], undefined],
  [[1001], undefined],
  [[1.5], undefined],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], undefined],
])('readThresholds %j', (percents, read) => expect(readThresholds(percents)).toEqual(read));

it.each([
  ['UTC', true],
  ['Europe/Berlin', true],
  ['Asia/Kathmandu', true],
  ['Mars/Olympus', false],
  ['+05:30', false],
  ['', false],
])('isTimeZone %j', (name, isOne) => expect(isTimeZone(name)).toBe(isOne));
