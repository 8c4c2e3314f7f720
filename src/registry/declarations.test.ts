// Providers, routes and aliases of workspaces in the registry: declared, changed, taken away, and loaded for the snapshot.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { loadAliases } from './aliases.ts';
import { findName, listNames, removeName, setName } from './names.ts';
import {
  changeProvider,
  createProvider,
  findProvider,
  listProviders,
  loadDeclaredProviders,
  type ProviderTerms,
  removeProvider,
} from './providers.ts';
import { loadRoutes } from './routes.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const terms: ProviderTerms = {
  kind: 'openai-compatible',
  baseUrl: 'https://models.example/v1',
  headers: { 'x-team': 'blue' },
  models: ['m'],
  timeouts: { connectMs: 100 },
  settings: {},
};

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  let store: Store;
  let here: WorkspaceId;
  let there: WorkspaceId;
  beforeEach(async () => {
    store = (await under.open()).store;
    here = (await ensureFirstWorkspace(store, 1)).id;
    there = (await createWorkspace(store, 'other', 2)).id;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  const context = (workspaceId = here, nowMs = 10) => ({ workspaceId, nowMs, by: 'operator' });
  const revision = () => store.revision.current();
  const holdCredential = (provider: string, workspaceId: WorkspaceId, memberId: string | null = null) =>
    store.change([
      store.kysely.insertInto('credentials').values({
        id: newId('cred'),
        workspace_id: workspaceId,
        member_id: memberId,
        provider,
        label: 'default',
        sealed: 'x',
        preview: 'x',
        weight: 1,
        created_at: 1,
        validated_at: null,
        last_used_at: null,
        disabled_at: null,
      }),
    ]);

  it('a provider is kept as it was declared, once by its name in each workspace', async () => {
    const before = revision();
    const made = await createProvider(store, { name: 'house', terms }, context());
    const record = { workspaceId: here, name: 'house', terms, createdBy: 'operator' };
    expect(made).toEqual({
      kind: 'done',
      provider: { ...record, createdAtMs: 10, changedAtMs: 10 },
    });
    expect(revision()).toBe(before + 1);
    expect(await createProvider(store, { name: 'house', terms }, context())).toEqual({ kind: 'taken' });
    expect(await createProvider(store, { name: 'house', terms }, context(there))).toMatchObject({
      kind: 'done',
    });
    const loaded = await loadDeclaredProviders(store);
    expect([...loaded.keys()].sort()).toEqual([here, there].sort());
    expect(loaded.get(here)).toHaveLength(1);
  });

  it('a provider is changed within its workspace alone', async () => {
    await createProvider(store, { name: 'house', terms }, context());
    const next = { ...terms, models: ['a', 'b'] };
    expect(await changeProvider(store, { name: 'house', terms: next }, context(there))).toEqual({
      kind: 'unknown',
    });
    expect(await changeProvider(store, { name: 'house', terms: next }, context(here, 20))).toMatchObject({
      kind: 'done',
      provider: { terms: next, createdAtMs: 10, changedAtMs: 20 },
    });
    expect(await listProviders(store, there)).toEqual([]);
    expect(await removeProvider(store, 'house', there)).toBeUndefined();
  });

  it.each([
    ['of the workspace', null],
    ['of a member', 'mem_1'],
  ])('the address of a provider does not move under a credential %s', async (_whose, memberId) => {
    await createProvider(store, { name: 'house', terms }, context());
    await createProvider(store, { name: 'house', terms }, context(there));
    await holdCredential('house', here, memberId);
    const moved = { ...terms, baseUrl: 'https://evil.example/v1' };
    const move = (to: ProviderTerms, at = here) =>
      changeProvider(store, { name: 'house', terms: to }, context(at));
    expect(await move(moved)).toEqual({ kind: 'has_credentials' });
    expect(await move({ ...terms, kind: 'openai' })).toEqual({ kind: 'has_credentials' });
    expect(await findProvider(store, 'house', here)).toMatchObject({ terms });
    expect(await move({ ...terms, models: [] })).toMatchObject({ kind: 'done' });
    expect(await move(moved, there)).toMatchObject({ kind: 'done' });
  });

  it('a provider takes its credentials along, and is not made where there are some', async () => {
    await createProvider(store, { name: 'house', terms }, context());
    await holdCredential('house', here);
    await holdCredential('house', there);
    expect(await removeProvider(store, 'house', here)).toMatchObject({ credentials: 1 });
    const kept = await store.kysely.selectFrom('credentials').select('workspace_id').execute();
    expect(kept).toEqual([{ workspace_id: there }]);
    expect(await createProvider(store, { name: 'house', terms }, context(there))).toEqual({
      kind: 'has_credentials',
    });
  });

  it('routes and aliases share their names, are replaced and taken away', async () => {
    const before = revision();
    const first = await setName(store, 'alias', { name: 'fast', terms: { ref: 'a/b' } }, context());
    expect(first).toMatchObject({ kind: 'done', isNew: true, record: { terms: { ref: 'a/b' } } });
    const second = await setName(store, 'alias', { name: 'fast', terms: { ref: 'c/d' } }, context(here, 20));
    expect(second).toMatchObject({ isNew: false, record: { terms: { ref: 'c/d' }, createdAtMs: 10 } });
    const route = { strategy: 'ordered', targets: [{ ref: 'a/b', weight: 1 }], filter: undefined } as const;
    expect(await setName(store, 'route', { name: 'fast', terms: route }, context())).toEqual({
      kind: 'taken',
    });
    expect(await setName(store, 'route', { name: 'fast', terms: route }, context(there))).toMatchObject({
      kind: 'done',
    });
    expect((await loadAliases(store)).get(here)).toMatchObject([{ name: 'fast', terms: { ref: 'c/d' } }]);
    expect((await loadRoutes(store)).get(there)).toMatchObject([
      { name: 'fast', terms: { strategy: 'ordered' } },
    ]);
    expect(await listNames(store, 'route', here)).toEqual([]);
    expect(await removeName(store, 'alias', 'fast', there)).toBeUndefined();
    expect(await removeName(store, 'alias', 'fast', here)).toMatchObject({ name: 'fast' });
    expect(await findName(store, 'alias', 'fast', here)).toBeUndefined();
    expect(revision()).toBeGreaterThan(before + 3);
  });
});
