/** Holds docs/guide/reconciliation.md to the program: its causes, its admin key variables and its export columns. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Secret } from '../src/base/secret.ts';
import { exportColumns } from '../src/ledger/export.ts';
import { driftCauses } from '../src/ledger/reconcile/causes.ts';
import { findBillSources } from '../src/upstream/bills/sources.ts';
import { ROOT } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/guide/reconciliation.md'), 'utf8');

/** Words in code of the first column of a table, in order. */
function firstColumn(title: string): string[] {
  const [, rest = ''] = page.split(`| ${title} |`);
  const rows = rest.slice(0, rest.indexOf('\n\n')).split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word!),
  );
}

it('lists the columns of the export in their order', () => {
  expect(firstColumn('column')).toEqual(Object.keys(exportColumns));
});

it('explains every cause', () => {
  expect(firstColumn('cause')).toEqual([...driftCauses]);
});

it('names the variable of every vendor', () => {
  for (const kind of firstColumn('kind')) {
    const variable = new RegExp(`\\| \`${kind}\` \\| \`([A-Z_]+)\``).exec(page)?.[1] ?? '';
    const { sources } = findBillSources([], { [variable]: 'k' });
    expect(sources).toMatchObject([{ provider: kind, key: expect.any(Secret) }]);
  }
  expect(firstColumn('kind')).toHaveLength(3);
});
