/** The ceiling that a configuration file sets on what workspaces may have kept. */
import { describe, expect, it } from 'vitest';
import { privacyDefaults, privacyOf, privacySchema } from './config-privacy.ts';

const file = (path: string, privacy?: object) => ({
  path,
  content: { ...(privacy && { privacy: privacySchema.parse(privacy) }) },
});

describe('privacy in files', () => {
  it.each([
    ['nothing is said', [file('a')], privacyDefaults, 'default'],
    ['one says less', [file('a', { content: 'metadata' })], { content: 'metadata', retentionDays: 30 }, 'a'],
    [
      'the last one counts, as a whole',
      [file('a', { content: 'redacted' }), file('b', { retention_days: 2 }), file('c')],
      { content: 'full', retentionDays: 2 },
      'b',
    ],
  ])('%s', (_name, files, settings, source) => {
    const sources: Record<string, string> = {};
    expect(privacyOf(files, sources)).toEqual(settings);
    expect(sources).toEqual({ 'privacy.content': source, 'privacy.retentionDays': source });
  });
  it.each([{ content: 'all' }, { retention_days: 0 }, { retention_days: 4_000 }, { level: 1 }])(
    'refuses %j',
    (privacy) => {
      expect(privacySchema.safeParse(privacy).success).toBe(false);
    },
  );
});
