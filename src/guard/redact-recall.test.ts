/** How much of what others have collected is taken out; only where that collection is at hand, which is no part of the project. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSensitive } from './redact.ts';

const path = new URL('../../../shared/data/secrets.jsonl', import.meta.url);

interface Row {
  readonly label: 0 | 1;
  readonly text_b64: string;
}

describe.skipIf(!existsSync(path))(
  'the collection of secrets beside the checkout (skipped where it is absent)',
  () => {
    const rows = existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Row)
      : [];
    const share = (label: 0 | 1): number => {
      const all = rows.filter((row) => row.label === label);
      const found = all.filter((row) => hasSecret(Buffer.from(row.text_b64, 'base64').toString('utf8')));
      return found.length / all.length;
    };
    // What tells of persons is no secret of the collection.
    const secretKinds = new Set(['api-key', 'private-key', 'token', 'secret', 'password', 'webhook']);
    const hasSecret = (text: string): boolean =>
      findSensitive(text).some(({ kind }) => secretKinds.has(kind));

    it('most of the secrets are found, few of what only looks like them', () => {
      console.info(
        `secrets found: ${(share(1) * 100).toFixed(1)} %, look-alikes taken: ${(share(0) * 100).toFixed(1)} %`,
      );
      expect(share(1)).toBeGreaterThan(0.5);
      expect(share(0)).toBeLessThan(0.2);
    });
  },
);
