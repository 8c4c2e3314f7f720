/** What docs/guide/keys.md says a key can be bound to, held equal to what it can be bound to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { callGroups, callNames } from '../src/gateway/key-scopes.ts';
import { ROOT } from './support/source-tree.ts';

const guide = readFileSync(join(ROOT, 'docs/guide/keys.md'), 'utf8');

it('names every call, and no other', () => {
  const [, table = ''] = /\n\| \| \|\n\|---\|---\|\n([\s\S]*?)\n\n/.exec(guide) ?? [];
  const named = [...table.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named.sort()).toEqual([...callNames].sort());
  for (const group of Object.keys(callGroups)) expect(guide).toContain(`\`${group}\` (every`);
});
