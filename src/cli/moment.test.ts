/** Moments as people write them. */
import { expect, it } from 'vitest';
import { readMoment, readSpan } from './moment.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['90m', -1, '2026-11-21T10:30:00.000Z'],
  ['24h', -1, '2026-11-20T12:00:00.000Z'],
  ['7d', -1, '2026-11-14T12:00:00.000Z'],
  ['2w', 1, '2026-12-05T12:00:00.000Z'],
  ['0d', -1, '2026-11-21T12:00:00.000Z'],
  ['2026-11-01', -1, '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T10:00Z', -1, '2026-11-01T10:00:00.000Z'],
  ['2026-11-01T10:00:00+02:00', 1, '2026-11-01T08:00:00.000Z'],
] as const)('reads %s', (text, direction, expected) => {
  expect(readMoment(text, NOW, direction, '--since')).toBe(expected);
});

it.each([
  '',
  'yesterday',
  '7',
  '7y',
  '-7d',
  '1.5d',
  '2026-13-01',
  '2026-11-01T10:00',
  '21.11.2026',
  '123456d',
])('refuses %j', (text) => {
  expect(() => readMoment(text, NOW, -1, '--since')).toThrow(`--since ${text} is no moment`);
});

it.each([
  ['10m', 600_000],
  ['24h', 86_400_000],
  ['1w', 604_800_000],
] as const)('reads %s as a length of time', (text, ms) => expect(readSpan(text, '--cache')).toBe(ms));

it.each(['10', '', '2026-11-01', '-1h'])('refuses %j as a length of time', (text) => {
  expect(() => readSpan(text, '--cache')).toThrow(`--cache ${text} is no length of time`);
});
