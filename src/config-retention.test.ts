/** How long the books keep what, as files say it. */
import { expect, it } from 'vitest';
import { retention, retentionDefaults, retentionOf } from './config-retention.ts';

it.each([
  [{}, true],
  [{ entries_days: 30 }, true],
  [{ entries_days: 0, hours_days: 0 }, true],
  [{ entries_days: 400, hours_days: 400 }, true],
  [{ decisions_days: 0 }, true],
  // Hours would go while entries stay: then nothing tells the time between.
  [{ entries_days: 0 }, false],
  [{ entries_days: 401 }, false],
  [{ hours_days: 89 }, false],
  [{ entries_days: -1 }, false],
  [{ entries_days: 1.5 }, false],
  [{ entries_days: 3_651, hours_days: 0 }, false],
  [{ days: 90 }, false],
])('%j is accepted: %s', (said, isAccepted) => {
  expect(retention.safeParse(said).success).toBe(isAccepted);
});

it('takes the last file that says something, as a whole, and names it', () => {
  const sources: Record<string, string> = {};
  const files = [
    { path: 'user', content: { retention: { entries_days: 10, hours_days: 20 } } },
    { path: 'project', content: { retention: { entries_days: 30 } } },
    { path: 'later', content: {} },
  ];
  expect(retentionOf(files, sources)).toEqual({ ...retentionDefaults, entriesDays: 30 });
  expect(sources).toEqual({
    'retention.entriesDays': 'project',
    'retention.hoursDays': 'project',
    'retention.decisionsDays': 'project',
    'retention.auditDays': 'project',
  });
});

it('keeps to the defaults where no file says anything', () => {
  const sources: Record<string, string> = {};
  expect(retentionOf([], sources)).toEqual(retentionDefaults);
  expect(sources['retention.entriesDays']).toBe('default');
});
