// The secret of signing in: made once, and opened with the master key alone.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import { ensurePeopleSecret } from './people-secret.ts';
import { sealedTables } from './sealed-rows.ts';
import { createVault } from './vault.ts';
import { vaultKeyOf } from './vault-key.ts';

const means = { nowMs: 1, random: randomBytes };
const vault = createVault(randomBytes(32), randomBytes);

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  let store: Store;
  beforeEach(async () => {
    store = (await under.open()).store;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  it('is made once, whoever asks first', async () => {
    const [one, other] = await Promise.all([
      ensurePeopleSecret(store, vault, means),
      ensurePeopleSecret(store, vault, means),
    ]);
    expect(one?.reveal()).toMatch(/^[\w-]{43}$/);
    expect(other?.reveal()).toBe(one?.reveal());
    const rows = await store.kysely.selectFrom('people_secrets').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(one?.reveal());
  });

  it('is taken along by a change of the master key', async () => {
    const made = await ensurePeopleSecret(store, vault, means);
    const keys = [vaultKeyOf(randomBytes(32)), ...vault.keys] as const;
    const both = createVault(keys, randomBytes);
    const [to] = keys;
    for (const table of sealedTables)
      for (const row of await table.othersThan(store, to, '', 10)) {
        const rewrapped = both.rewrap(row.sealed, row.belonging, to);
        if (rewrapped.ok) await store.write([table.replace(store, row, rewrapped.sealed)]);
      }
    const next = createVault([to], randomBytes);
    expect((await ensurePeopleSecret(store, next, means))?.reveal()).toBe(made?.reveal());
  });

  it('opens with no other key, and is not made anew then', async () => {
    const made = await ensurePeopleSecret(store, vault, means);
    const stranger = createVault(randomBytes(32), randomBytes);
    expect(await ensurePeopleSecret(store, stranger, means)).toBeUndefined();
    expect((await ensurePeopleSecret(store, vault, means))?.reveal()).toBe(made?.reveal());
  });
});
