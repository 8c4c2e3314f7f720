// The vault of several processes of one database, and of a passphrase whose figures somebody has changed.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { freshPostgres, hasPostgres } from '../test/support/postgres.ts';
import { openReplica, storesUnderTest } from '../test/support/stores.ts';
import { systemClock } from './base/clock.ts';
import { silentLog } from './base/log.ts';
import { writeMasterKey } from './base/master-key.ts';
import { Secret } from './base/secret.ts';
import { ConfigError, loadConfig } from './config.ts';
import { saveCredential } from './registry/credentials.ts';
import { readSetting, writeSetting } from './registry/settings.ts';
import { vaultKeyOf } from './registry/vault-key.ts';
import { readVaultFacts } from './registry/vault-state.ts';
import { ensureFirstWorkspace } from './registry/workspaces.ts';
import { openVault, type VaultKeeper } from './server-vault.ts';
import { createVaultDesk } from './server-vault-desk.ts';
import type { Store } from './store/store.ts';

const ONE = randomBytes(32);
const TWO = randomBytes(32);
const former = { TURNPIKE_MASTER_KEY: writeMasterKey(ONE) };
const both = { TURNPIKE_MASTER_KEY: writeMasterKey(TWO), TURNPIKE_MASTER_KEY_PREVIOUS: writeMasterKey(ONE) };
const nameOf = (key: Buffer) => vaultKeyOf(key).name;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function keeperOf(store: Store, env: Record<string, string>, replicaId?: string): Promise<VaultKeeper> {
  const config = loadConfig({ flags: {}, env: { TURNPIKE_HOME: '/nowhere', ...env }, cwd: '/' });
  const keeper = await openVault({
    ...{ config, store, replicaId, clock: systemClock, log: silentLog, isServing: true },
  });
  open.push(() => keeper.stop());
  return keeper;
}

const deskOf = (keeper: VaultKeeper, store: Store) =>
  createVaultDesk({ keeper, store, clock: systemClock, recompile: async () => undefined });

async function save(store: Store, keeper: VaultKeeper, label: string): Promise<void> {
  const { id } = await ensureFirstWorkspace(store, 1);
  const wanted = { provider: 'openai', label, secret: new Secret(`sk-${label}`), weight: 1 };
  const saved = await saveCredential(store, keeper.vault()!, wanted, { workspaceId: id, nowMs: 1 });
  expect(saved.kind).toBe('done');
}

describe.runIf(hasPostgres)('replicas', () => {
  it('change their master key one after the other, and the former seals until all have the new one', async () => {
    const url = await freshPostgres();
    const [a, b] = [await openReplica(url, 'a'), await openReplica(url, 'b')];
    open.push(
      () => a.store.close(),
      () => b.store.close(),
    );
    const first = [await keeperOf(a.store, former, 'a'), await keeperOf(b.store, former, 'b')] as const;
    await save(a.store, first[0], 'one');
    // The first of them is started anew with both.
    await first[0].stop();
    const second = await keeperOf(a.store, both, 'a');
    const desk = deskOf(second, a.store);
    expect(await desk.describe()).toMatchObject({ state: 'waiting', key: nameOf(ONE), waitsFor: ['b'] });
    expect(await desk.rotate()).toMatchObject({ kind: 'refused', message: expect.stringContaining(': b') });
    await save(a.store, second, 'two');
    await save(b.store, first[1], 'three');
    expect((await readVaultFacts(a.store)).rows).toEqual(new Map([[nameOf(ONE), 3]]));
    // Then the other one: it takes over by itself, and both still save.
    await first[1].stop();
    const third = await keeperOf(b.store, both, 'b');
    await Promise.all([save(a.store, second, 'four'), save(b.store, third, 'five')]);
    await deskOf(third, b.store).rotate();
    await Promise.all([save(a.store, second, 'six'), save(b.store, third, 'seven')]);
    expect((await readVaultFacts(a.store)).rows).toEqual(new Map([[nameOf(TWO), 7]]));
    expect(await desk.describe()).toMatchObject({ state: 'open', key: nameOf(TWO), waitsFor: [] });
    // The former alone is good for nothing any more.
    await expect(keeperOf(b.store, former, 'b')).rejects.toThrow(ConfigError);
  });
});

describe('a passphrase', () => {
  const under = storesUnderTest().find(({ name }) => name.startsWith('SQLite'));
  const env = { TURNPIKE_MASTER_PASSPHRASE: 'seven lazy otters ate my umbrella' };
  const SETTING = 'vault_passphrase';
  const withStore = async (use: (store: Store) => Promise<void>): Promise<void> => {
    const { store } = await under!.open();
    open.push(
      () => under!.remove(),
      () => store.close(),
    );
    await use(store);
  };

  it.runIf(under)('is stretched as the database says, the same way for ever', () =>
    withStore(async (store) => {
      const first = await keeperOf(store, env);
      expect(JSON.parse((await readSetting(store, SETTING))!)).toEqual({
        ...{ algorithm: 'argon2id', memoryKib: 65_536, passes: 3, lanes: 1 },
        salt: expect.stringMatching(/^[\w-]{22}$/),
      });
      const again = await keeperOf(store, {
        TURNPIKE_MASTER_PASSPHRASE: ` ${env.TURNPIKE_MASTER_PASSPHRASE}\n`,
      });
      expect(again.vault()?.keys[0]?.name).toBe(first.vault()?.keys[0]?.name);
      const other = await keeperOf(store, {
        TURNPIKE_MASTER_PASSPHRASE: 'eight lazy otters ate my umbrella',
      });
      expect(other.vault()?.keys[0]?.name).not.toBe(first.vault()?.keys[0]?.name);
    }),
  );
  it.runIf(under).each([
    ['memoryKib', 8],
    ['passes', 1],
    ['memoryKib', 1e9],
    ['salt', 'AAAA'],
    ['algorithm', 'argon2i'],
  ])('is not stretched with %s %s, which somebody put there who wants to guess', (name, value) =>
    withStore(async (store) => {
      await keeperOf(store, env);
      const kept = JSON.parse((await readSetting(store, SETTING))!);
      await writeSetting(store, SETTING, JSON.stringify({ ...kept, [name]: value }));
      await expect(keeperOf(store, env)).rejects.toThrow(/was changed in the database/);
    }),
  );
});
