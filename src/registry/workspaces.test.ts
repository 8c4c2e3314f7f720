/** Workspaces: names of their own, the first one for good, suspended and deleted ones nobody's any more. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import {
  addWorkspace,
  createWorkspace,
  deleteWorkspace,
  ensureFirstWorkspace,
  findWorkspace,
  listWorkspaces,
  renameWorkspace,
  resumeWorkspace,
  suspendWorkspace,
} from './workspaces.ts';

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  beforeEach(async () => {
    ({ store } = await open());
    await ensureFirstWorkspace(store, 1);
  });
  afterEach(() => store.close());
  afterAll(remove);

  it('have names of their own in whatever case, whoever is quick', async () => {
    const made = await Promise.all(['Team', 'team', 'TEAM'].map((name) => addWorkspace(store, name, 2)));
    expect(made.map(({ kind }) => kind).sort()).toEqual(['done', 'name_taken', 'name_taken']);
    await expect(createWorkspace(store, 'Default', 3)).rejects.toThrow(/called Default/);
    const other = await createWorkspace(store, 'other', 3);
    expect(await renameWorkspace(store, other.id, 'DEFAULT')).toEqual({ kind: 'name_taken' });
    expect(await renameWorkspace(store, other.id, 'Other')).toEqual({
      kind: 'done',
      workspace: { ...other, name: 'Other' },
    });
    expect(await renameWorkspace(store, 'ws_none', 'x')).toEqual({ kind: 'unknown' });
  });

  it('take their credentials along when they are deleted, and nobody else’s', async () => {
    const { id } = await createWorkspace(store, 'other', 2);
    const [first] = await listWorkspaces(store);
    const row = { provider: 'openai', sealed: 'v2.x', preview: '', weight: 1, created_at: 1 };
    const rest = { member_id: null, validated_at: null, last_used_at: null, disabled_at: null };
    await store.change([
      store.kysely.insertInto('credentials').values([
        { ...row, ...rest, id: 'cred_1', workspace_id: id, label: 'a' },
        { ...row, ...rest, id: 'cred_2', workspace_id: id, label: 'b', member_id: 'mem_1' },
        { ...row, ...rest, id: 'cred_3', workspace_id: first!.id, label: 'a' },
      ]),
    ]);
    await deleteWorkspace(store, id, 7);
    const left = await store.kysely.selectFrom('credentials').select('id').execute();
    expect(left).toEqual([{ id: 'cred_3' }]);
  });

  it('are suspended, resumed and deleted, and move the revision', async () => {
    const { id } = await createWorkspace(store, 'other', 2);
    const before = store.revision.current();
    expect(await suspendWorkspace(store, id, 5)).toMatchObject({ workspace: { suspendedAtMs: 5 } });
    expect(await suspendWorkspace(store, id, 6)).toMatchObject({ workspace: { suspendedAtMs: 5 } });
    expect(store.revision.current()).toBeGreaterThan(before);
    expect((await resumeWorkspace(store, id)).kind).toBe('done');
    expect(await findWorkspace(store, id)).not.toHaveProperty('suspendedAtMs');
    expect((await deleteWorkspace(store, id, 7)).kind).toBe('done');
    expect(await findWorkspace(store, id)).toBeUndefined();
    expect((await listWorkspaces(store)).map(({ name }) => name)).toEqual(['default']);
    for (const again of [deleteWorkspace, suspendWorkspace, resumeWorkspace])
      expect(await again(store, id, 8)).toEqual({ kind: 'unknown' });
    expect((await createWorkspace(store, 'other', 9)).id).not.toBe(id);
  });

  it('never lose the first', async () => {
    const [first] = await listWorkspaces(store);
    await createWorkspace(store, 'other', 0);
    // Older by its clock, but not the one the installation was made with: the oldest counts.
    const oldest = (await listWorkspaces(store))[0]!;
    expect(await deleteWorkspace(store, oldest.id, 5)).toEqual({ kind: 'first' });
    expect(await suspendWorkspace(store, oldest.id, 5)).toEqual({ kind: 'first' });
    expect(await findWorkspace(store, first!.id)).toEqual(first);
  });
});
