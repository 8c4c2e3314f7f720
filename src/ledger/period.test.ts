/** Windows of a period: they tile time, in every zone, on every day a clock is changed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Calendar, type Period, rollingHours } from '../base/budget.ts';
import { countedFrom, FOREVER_MS, rememberWindow, windowAt } from './period.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const calendarOf = (period: Period, timeZone = 'UTC', anchorDay = 1): Calendar => ({
  period,
  timeZone,
  anchorDay,
});

/** Odd offsets, changes at midnight, at a minute past it, by half an hour, over a whole day, and none. */
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Atlantic/Azores',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Chatham',
  'Asia/Gaza',
  'Antarctica/Troll',
];

describe('windowAt', () => {
  it.each([
    ['a day', calendarOf('day'), '2026-11-21T18:00:00Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['Monday', calendarOf('week'), '2026-11-16T00:00:00Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    [
      'Sunday',
      calendarOf('week'),
      '2026-11-22T23:59:59.999Z',
      '2026-11-16T00:00:00Z',
      '2026-11-23T00:00:00Z',
    ],
    [
      'before 1970',
      calendarOf('week'),
      '1969-12-30T00:00:00Z',
      '1969-12-29T00:00:00Z',
      '1970-01-05T00:00:00Z',
    ],
    ['a month', calendarOf('month'), '2028-02-29T12:00:00Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
    [
      'an anchor to come',
      calendarOf('month', 'UTC', 28),
      '2027-01-27T23:59:59Z',
      '2026-12-28T00:00:00Z',
      '2027-01-28T00:00:00Z',
    ],
    [
      'an anchor that is today',
      calendarOf('month', 'UTC', 28),
      '2027-02-28T00:00:00Z',
      '2027-02-28T00:00:00Z',
      '2027-03-28T00:00:00Z',
    ],
    [
      'row 28: a day of 23 hours',
      calendarOf('day', 'America/New_York'),
      '2026-03-08T12:00:00Z',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ],
    [
      'row 28: a day of 25 hours',
      calendarOf('day', 'America/New_York'),
      '2026-11-01T12:00:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    ],
    [
      'a quarter hour off',
      calendarOf('day', 'Asia/Kathmandu'),
      '2026-11-21T18:14:59.999Z',
      '2026-11-20T18:15:00Z',
      '2026-11-21T18:15:00Z',
    ],
    [
      'a change by half an hour',
      calendarOf('day', 'Australia/Lord_Howe'),
      '2026-04-04T20:00:00Z',
      '2026-04-04T13:00:00Z',
      '2026-04-05T13:30:00Z',
    ],
    [
      'no midnight: the clock jumps over it',
      calendarOf('day', 'America/Sao_Paulo'),
      '2018-11-04T12:00:00Z',
      '2018-11-04T03:00:00Z',
      '2018-11-05T02:00:00Z',
    ],
    [
      'two midnights: the first',
      calendarOf('day', 'America/Havana'),
      '2026-11-01T05:30:00Z',
      '2026-11-01T04:00:00Z',
      '2026-11-02T05:00:00Z',
    ],
    [
      'set back over midnight',
      calendarOf('day', 'America/St_Johns'),
      '2010-11-07T03:00:00Z',
      '2010-11-07T02:30:00Z',
      '2010-11-08T03:30:00Z',
    ],
    [
      'the eve of a day no clock showed',
      calendarOf('day', 'Pacific/Apia'),
      '2011-12-30T09:59:59.999Z',
      '2011-12-29T10:00:00Z',
      '2011-12-30T10:00:00Z',
    ],
    [
      'the morrow of a day no clock showed',
      calendarOf('day', 'Pacific/Apia'),
      '2011-12-30T10:00:00Z',
      '2011-12-30T10:00:00Z',
      '2011-12-31T10:00:00Z',
    ],
    [
      'an hour of a rolling period',
      calendarOf('rolling:5', 'Asia/Kolkata'),
      '2026-11-21T18:30:00Z',
      '2026-11-21T18:00:00Z',
      '2026-11-21T19:00:00Z',
    ],
  ] as const)('%s', (_name, calendar, instant, start, end) => {
    expect(windowAt(calendar, at(instant))).toEqual({ startMs: at(start), endMs: at(end) });
  });

  it('of a total has no end', () => {
    expect(windowAt(calendarOf('total'), at('2026-11-21T00:00:00Z'))).toEqual({
      startMs: 0,
      endMs: FOREVER_MS,
    });
  });

  it('refuses a zone nobody knows', () => {
    expect(() => windowAt(calendarOf('day', 'Mars/Olympus'), 0)).toThrow(RangeError);
  });
});

const calendars = fc.record({
  period: fc.constantFrom<Period>('day', 'week', 'month', 'rolling:1', 'rolling:24'),
  timeZone: fc.constantFrom(...ZONES),
  anchorDay: fc.integer({ min: 1, max: 28 }),
});
const instants = fc.integer({ min: at('1972-06-01'), max: at('2037-12-01') });

describe('the windows of a period', () => {
  it('BUD-07: tile time: each instant is in one, and the next begins where it ends', () => {
    fc.assert(
      fc.property(calendars, instants, (calendar, atMs) => {
        const window = windowAt(calendar, atMs);
        expect(window.startMs).toBeLessThanOrEqual(atMs);
        expect(window.endMs).toBeGreaterThan(atMs);
        for (const inside of [window.startMs, window.startMs + 1, window.endMs - 1]) {
          expect(windowAt(calendar, inside)).toEqual(window);
        }
        expect(windowAt(calendar, window.endMs).startMs).toBe(window.endMs);
        expect(windowAt(calendar, window.startMs - 1).endMs).toBe(window.startMs);
      }),
      { numRuns: 400 },
    );
  });

  it('are days, weeks and months by the clock on the wall', () => {
    fc.assert(
      fc.property(calendars, instants, (calendar, atMs) => {
        const { period, timeZone, anchorDay } = calendar;
        if (rollingHours(period) !== undefined) return;
        const { startMs } = windowAt(calendar, atMs);
        const wall = (ms: number) =>
          new Date(ms).toLocaleDateString('en-CA', { timeZone, weekday: 'short', day: 'numeric' });
        // Where the first day was never shown, or began twice, the clock shows its neighbour.
        const shown = [wall(startMs), wall(startMs + 2 * HOUR)].join();
        if (timeZone === 'Pacific/Apia') return;
        if (period === 'week') expect(shown).toContain('Mon');
        if (period === 'month') expect(shown).toMatch(new RegExp(`\\b${anchorDay}\\b`));
      }),
      { numRuns: 300 },
    );
  });

  it('BUD-07: hold through every change of the clock of two years, to the millisecond', () => {
    for (const timeZone of ZONES) {
      const calendar = calendarOf('day', timeZone);
      let window = windowAt(calendar, at('2010-01-01T12:00:00Z'));
      for (let days = 0; days < 731; days += 1) {
        const next = windowAt(calendar, window.endMs);
        expect(next.startMs).toBe(window.endMs);
        expect(windowAt(calendar, window.endMs - 1)).toEqual(window);
        const hours = (next.endMs - next.startMs) / HOUR;
        expect(hours).toBeGreaterThanOrEqual(22);
        expect(hours).toBeLessThanOrEqual(26);
        window = next;
      }
    }
  });
});

describe('rememberWindow', () => {
  it('answers as windowAt does, forwards and backwards', () => {
    const calendar = calendarOf('day', 'Europe/Berlin');
    const windows = rememberWindow((atMs) => windowAt(calendar, atMs));
    for (const hours of [0, 1, 23, 24, 25, 3, 47, -30]) {
      const atMs = at('2026-10-24T22:00:00Z') + hours * HOUR;
      expect(windows(atMs)).toEqual(windowAt(calendar, atMs));
    }
  });
  it('looks nothing up while it stays in a window', () => {
    const calendar = calendarOf('month', 'Europe/Berlin');
    const windows = rememberWindow((atMs) => windowAt(calendar, atMs));
    const first = windows(at('2026-11-02T00:00:00Z'));
    expect(windows(at('2026-11-29T00:00:00Z'))).toBe(first);
  });
});

describe('countedFrom', () => {
  it.each<[Period, number]>([
    ['day', 0],
    ['total', 0],
    ['rolling:1', 1],
    ['rolling:24', 24],
  ])('%s counts %i hours before its window too', (period, hours) => {
    const calendar = calendarOf(period);
    const window = windowAt(calendar, at('2026-11-21T18:30:00Z'));
    expect(countedFrom(calendar, window)).toBe(window.startMs - hours * HOUR);
  });
});
