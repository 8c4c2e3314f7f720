// One master key takes the place of another row by row, whoever is interrupted, and the recovery key goes with it.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import type { Store } from '../store/store.ts';
import { saveCredential } from './credentials.ts';
import { makeRecoveryKey, openFromRecovery, readRecoveryKey } from './recovery-key.ts';
import { createVault, type Vault } from './vault.ts';
import { vaultKeyOf } from './vault-key.ts';
import { isVouchedFor, readRecovery, recoveryQuery, startRecovery } from './vault-recovery.ts';
import {
  beginRecovery,
  beginRotation,
  endRotation,
  FIRST_PLACE,
  forgetUnreadable,
  type Place,
  rewrapRows,
} from './vault-rotation.ts';
import { judgeFacts, readVaultFacts } from './vault-state.ts';
import { ensureFirstWorkspace } from './workspaces.ts';

const former = vaultKeyOf(randomBytes(32));
const next = vaultKeyOf(randomBytes(32));
const stranger = vaultKeyOf(randomBytes(32));
const before = createVault([former], randomBytes);
const both = createVault([next, former], randomBytes);
const after = createVault([next], randomBytes);
const now = { nowMs: 50, random: randomBytes };

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  let store: Store;
  let workspaceId: WorkspaceId;
  beforeEach(async () => {
    store = (await under.open()).store;
    workspaceId = (await ensureFirstWorkspace(store, 1)).id;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  const save = (label: string, vault: Vault = before) =>
    saveCredential(
      store,
      vault,
      { provider: 'openai', label, secret: new Secret(`sk-${label}`), weight: 1 },
      { workspaceId, nowMs: 10 },
    );
  const opened = async (vault: Vault) => {
    const rows = await store.kysely.selectFrom('credentials').selectAll().orderBy('label').execute();
    return rows.map((row) => {
      const belonging = { workspaceId: row.workspace_id, provider: row.provider, credentialId: row.id };
      const one = vault.open(row.sealed, { ...belonging, memberId: undefined });
      return one.ok ? one.secret.reveal() : one.reason;
    });
  };
  const standing = async (vault: Vault) => judgeFacts(await readVaultFacts(store), vault);
  const rewrap = (at: Place = FIRST_PLACE, limit = 2) => rewrapRows(store, both, next, { after: at, limit });
  const rewrapAll = async () => {
    for (let at: Place | undefined = FIRST_PLACE; at; ) at = (await rewrap(at)).after;
  };

  it('rows are taken over some at a time, and both keys open meanwhile', async () => {
    for (const label of ['a', 'b', 'c', 'd', 'e']) await save(label);
    const revision = store.revision.current();
    expect(await beginRotation(store, both, next, now)).toEqual({ kind: 'done', isRecoveryKept: true });
    expect(await standing(both)).toMatchObject({ kind: 'fits', key: { name: next.name } });
    expect(await standing(before)).toEqual({ kind: 'other', sealed: 5 });
    expect(await standing(after)).toEqual({ kind: 'partly', sealed: 5, left: 5, former: former.name });
    const first = await rewrap();
    expect(first).toMatchObject({ moved: 2, stuck: 0 });
    expect((await readVaultFacts(store)).rows).toEqual(
      new Map([
        [former.name, 3],
        [next.name, 2],
      ]),
    );
    expect(await opened(both)).toEqual(['sk-a', 'sk-b', 'sk-c', 'sk-d', 'sk-e']);
    expect((await opened(after)).filter((text) => text === 'other_key')).toHaveLength(3);
    // Somebody who was killed here begins at the first row again.
    const second = await rewrap();
    const last = await rewrap(second.after!);
    expect([second.moved, last]).toEqual([2, { after: { table: 1, id: '' }, moved: 1, stuck: 0 }]);
    await endRotation(store, next, 60);
    expect(await standing(after)).toMatchObject({ kind: 'fits', sealed: 5 });
    expect(await opened(after)).toEqual(['sk-a', 'sk-b', 'sk-c', 'sk-d', 'sk-e']);
    expect((await readVaultFacts(store)).rotation).toEqual({
      ...{ from: former.name, to: next.name, startedAtMs: 50, endedAtMs: 60 },
    });
    // Nothing that traffic reads has changed.
    expect(store.revision.current()).toBe(revision);
  });
  it('begins once, and only with the key that sealed', async () => {
    await save('a');
    expect(await beginRotation(store, after, next, now)).toEqual({ kind: 'closed' });
    const strange = createVault([next, stranger], randomBytes);
    expect(await beginRotation(store, strange, next, now)).toEqual({ kind: 'closed' });
    expect(await beginRotation(store, before, former, now)).toEqual({ kind: 'same' });
    await Promise.all([1, 2, 3].map(() => beginRotation(store, both, next, now)));
    expect(await beginRotation(store, both, next, now)).toEqual({ kind: 'same' });
  });
  it('what is saved meanwhile is sealed with the new key, whichever comes first', async () => {
    await save('a');
    const saves = ['b', 'c', 'd', 'e'].map((label) => save(label, both));
    const begun = beginRotation(store, both, next, now);
    const later = ['f', 'g'].map((label) => save(label, both));
    await Promise.all([...saves, begun, ...later]);
    await rewrapAll();
    expect(await opened(after)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((label) => `sk-${label}`));
  });
  it('what no key opens stays as it is, and holds nothing up', async () => {
    await save('a');
    await save('b');
    await save('c');
    const sealed = stranger.name;
    await store.kysely
      .updateTable('credentials')
      .set({ provider: 'other' })
      .where('label', '=', 'a')
      .execute();
    await store.kysely
      .updateTable('credentials')
      .set({ sealed: `v2.${sealed}.AAAA.AAAA` })
      .where('label', '=', 'b')
      .execute();
    await beginRotation(store, both, next, now);
    expect(await rewrap(FIRST_PLACE, 10)).toMatchObject({ moved: 1, stuck: 2 });
    expect(await opened(after)).toEqual(['other_key', 'other_key', 'sk-c']);
  });

  it('ends for the key that seals, and for no other', async () => {
    await save('a');
    await beginRotation(store, both, next, now);
    await endRotation(store, former, 60);
    expect((await readVaultFacts(store)).rotation).not.toHaveProperty('endedAtMs');
    // All is removed in the middle of it, and the former key begins anew.
    await store.kysely.deleteFrom('credentials').execute();
    await save('b', before);
    await endRotation(store, former, 60);
    expect((await readVaultFacts(store)).rotation).toMatchObject({ to: former.name, endedAtMs: 60 });
  });
  it('what no key opens can be forgotten, and then any key will do', async () => {
    await save('a');
    await save('b', before);
    expect(await forgetUnreadable(store, before)).toBe(0);
    expect(await forgetUnreadable(store, after)).toBe(2);
    expect(await standing(after)).toEqual({ kind: 'empty' });
    await save('c', after);
    expect(await opened(after)).toEqual(['sk-c']);
  });

  describe('a recovery key', () => {
    const made = makeRecoveryKey(randomBytes);
    const mine = readRecoveryKey(made.text)!;
    const keep = (publicKey = made.publicKey, by = former) =>
      store.write([recoveryQuery(store, startRecovery(publicKey, [by], 5, randomBytes))]);
    const recovered = async (name: string) => {
      const record = await readRecovery(store);
      const wrap = record?.wraps.find((one) => one.name === name);
      return wrap && openFromRecovery(name, wrap.sealed, mine);
    };

    it('is not there at first', async () => {
      expect(await readRecovery(store)).toBeUndefined();
    });
    it('opens with the new key too while it takes over, and with it alone in the end', async () => {
      await save('a');
      await keep();
      await beginRotation(store, both, next, now);
      expect([await recovered(former.name), await recovered(next.name)]).toMatchObject([
        { name: former.name },
        { name: next.name },
      ]);
      await rewrap();
      await endRotation(store, next, 60);
      expect(await recovered(former.name)).toBeUndefined();
      const key = (await recovered(next.name))!;
      expect(await opened(createVault([stranger, key], randomBytes))).toEqual(['sk-a']);
      expect(isVouchedFor((await readRecovery(store))!, next)).toBe(true);
    });
    it('that somebody put into the database is given no new key', async () => {
      await save('a');
      await keep();
      const theirs = makeRecoveryKey(randomBytes);
      const record = (await readRecovery(store))!;
      await store.write([recoveryQuery(store, { ...record, publicKey: theirs.publicKey })]);
      expect(await beginRotation(store, both, next, now)).toEqual({ kind: 'done', isRecoveryKept: false });
      expect((await readRecovery(store))!.wraps.map(({ name }) => name)).toEqual([former.name]);
      expect(isVouchedFor((await readRecovery(store))!, next)).toBe(false);
    });
    it('puts another key into the place of a lost one', async () => {
      await save('a');
      await save('b');
      await keep();
      const key = (await recovered(former.name))!;
      const vault = createVault([next, key], randomBytes);
      const record = (await readRecovery(store))!;
      await beginRecovery(store, { from: key.name, to: next, record }, now);
      expect(await standing(after)).toMatchObject({ kind: 'partly', left: 2 });
      expect(await rewrapRows(store, vault, next, { after: FIRST_PLACE, limit: 10 })).toMatchObject({
        moved: 2,
      });
      await endRotation(store, next, 60);
      expect(await opened(after)).toEqual(['sk-a', 'sk-b']);
      expect(isVouchedFor((await readRecovery(store))!, next)).toBe(true);
      expect(await recovered(next.name)).toMatchObject({ name: next.name });
    });
  });
});
