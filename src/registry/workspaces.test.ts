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
