/** Members: their laws hold on every store, one change after the other and several at once. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { MemberId, PersonId, WorkspaceId } from '../base/ids.ts';
import { ROLES, type Role } from '../base/role.ts';
import type { Store } from '../store/store.ts';
import { createInvitation, findOpenInvitation } from './invitations.ts';
import {
  changeRole,
  ensureMember,
  findMember,
  hasOwner,
  listMembers,
  listMemberships,
  type Member,
  noteUsed,
  removeMember,
  resumeMember,
  suspendMember,
} from './members.ts';
import { createWorkspace, deleteWorkspace, ensureFirstWorkspace, suspendWorkspace } from './workspaces.ts';

const person = (name: string): PersonId => `per_${name}`;

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let here: WorkspaceId;
  beforeEach(async () => {
    ({ store } = await open());
    here = (await ensureFirstWorkspace(store, 1)).id;
  });
  afterEach(() => store.close());
  afterAll(remove);

  const join = (name: string, role: Role, workspaceId = here) =>
    ensureMember(store, person(name), role, { workspaceId, nowMs: 10 });
  const as = (role: Role, member?: Member) => ({
    workspaceId: here,
    nowMs: 20,
    by: { role, ...(member && { memberId: member.id }) },
  });

  it('come once, by person and workspace, and move the revision', async () => {
    const before = store.revision.current();
    const ada = await join('ada', 'owner');
    expect(store.revision.current()).toBeGreaterThan(before);
    expect(ada).toMatchObject({ workspaceId: here, personId: 'per_ada', role: 'owner', createdAtMs: 10 });
    expect(await join('ada', 'viewer')).toEqual(ada);
    const both = await Promise.all([join('bob', 'member'), join('bob', 'admin')]);
    expect(both[0]).toEqual(both[1]);
    expect((await listMembers(store, here, 10)).map(({ personId }) => personId)).toEqual([
      'per_ada',
      'per_bob',
    ]);
    expect(await listMembers(store, here, 1)).toHaveLength(1);
  });

  it('are found in their own workspace alone', async () => {
    const there = (await createWorkspace(store, 'other', 2)).id;
    const ada = await join('ada', 'owner');
    expect(await findMember(store, ada.id, here)).toEqual(ada);
    expect(await findMember(store, ada.id, there)).toBeUndefined();
    expect(await changeRole(store, ada.id, 'viewer', { ...as('owner'), workspaceId: there })).toEqual({
      kind: 'unknown',
    });
    expect(await removeMember(store, ada.id, { ...as('owner'), workspaceId: there })).toEqual({
      kind: 'unknown',
    });
    expect(await findMember(store, ada.id, here)).toEqual(ada);
  });

  it('have one place in each workspace, the one used last first', async () => {
    const there = (await createWorkspace(store, 'other', 2)).id;
    await join('ada', 'owner');
    const second = await join('ada', 'viewer', there);
    const names = async () =>
      (await listMemberships(store, person('ada'))).map(({ workspace }) => workspace.name);
    expect(await names()).toEqual(['default', 'other']);
    const revision = store.revision.current();
    await noteUsed(store, second.id, 50);
    expect(store.revision.current()).toBe(revision);
    expect(await names()).toEqual(['other', 'default']);
    await suspendWorkspace(store, there, 60);
    expect((await listMemberships(store, person('ada')))[0]?.workspace.suspendedAtMs).toBe(60);
    await deleteWorkspace(store, there, 70);
    expect(await names()).toEqual(['default']);
  });

  it('cannot touch who is above, nor give a role above the own: each role with each', async () => {
    await join('keeper', 'owner');
    for (const [by, of] of ROLES.flatMap((role) => ROLES.map((other) => [role, other] as const))) {
      const target = await join(`${by}-${of}`, of);
      const isBelow = ROLES.indexOf(by) >= ROLES.indexOf(of);
      for (const role of ROLES) {
        const { kind } = await changeRole(store, target.id, role, as(by));
        expect(kind, `${by} makes ${of} ${role}`).toBe(
          isBelow && ROLES.indexOf(role) <= ROLES.indexOf(by) ? 'done' : 'above',
        );
        // For the next one, as it was.
        if (isBelow) await changeRole(store, target.id, of, as('owner'));
      }
      for (const change of [suspendMember, resumeMember, removeMember]) {
        const { kind } = await change(store, target.id, as(by));
        expect(kind, `${by} and ${of}: ${change.name}`).toBe(isBelow ? 'done' : 'above');
      }
      expect((await findMember(store, target.id, here)) === undefined).toBe(isBelow);
    }
  });

  it('keep an owner who may sign in', async () => {
    const ada = await join('ada', 'owner');
    const bob = await join('bob', 'owner');
    expect((await suspendMember(store, bob.id, as('owner', ada))).kind).toBe('done');
    for (const change of [
      () => changeRole(store, ada.id, 'admin', as('owner')),
      () => suspendMember(store, ada.id, as('owner', ada)),
      () => removeMember(store, ada.id, as('owner')),
    ])
      expect(await change()).toEqual({ kind: 'last_owner' });
    expect((await changeRole(store, ada.id, 'owner', as('owner'))).kind).toBe('done');
    expect((await resumeMember(store, bob.id, as('owner'))).kind).toBe('done');
    expect((await removeMember(store, ada.id, as('owner', ada))).kind).toBe('done');
    expect(await hasOwner(store, here)).toBe(true);
  });

  it.each([
    ['demote', (id: string, by: Member) => changeRole(store, id, 'admin', as('owner', by))],
    ['suspend', (id: string, by: Member) => suspendMember(store, id, as('owner', by))],
    ['remove', (id: string, by: Member) => removeMember(store, id, as('owner', by))],
    ['demote, as the operator,', (id: string) => changeRole(store, id, 'viewer', as('owner'))],
  ])('keep an owner when two %s each other at once', async (_what, change) => {
    for (let round = 0; round < 5; round += 1) {
      const [ada, bob] = await Promise.all([join(`ada${round}`, 'owner'), join(`bob${round}`, 'owner')]);
      const outcomes = await Promise.all([change(bob.id, ada), change(ada.id, bob)]);
      expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(1);
      expect(await hasOwner(store, here)).toBe(true);
      // The one that is left makes room for the next two.
      await store.change([
        store.kysely.updateTable('members').set({ removed_at: 99 }).where('removed_at', 'is', null),
      ]);
    }
  });

  it('let nobody act who was lowered or removed meanwhile', async () => {
    const ada = await join('ada', 'owner');
    const bob = await join('bob', 'admin');
    const eve = await join('eve', 'member');
    await changeRole(store, bob.id, 'member', as('owner', ada));
    expect(await changeRole(store, eve.id, 'admin', as('admin', bob))).toEqual({ kind: 'above' });
    await removeMember(store, bob.id, as('owner', ada));
    expect(await removeMember(store, eve.id, as('admin', bob))).toEqual({ kind: 'above' });
    expect(await findMember(store, eve.id, here)).toEqual(eve);
  });

  it('come back as somebody else', async () => {
    const first = await join('bob', 'admin');
    await removeMember(store, first.id, as('owner'));
    expect(await removeMember(store, first.id, as('owner'))).toEqual({ kind: 'unknown' });
    const again = await join('bob', 'viewer');
    expect(again.id).not.toBe(first.id);
    expect(again.role).toBe('viewer');
  });

  it('take with them the keys and the invitations that they made', async () => {
    const bob = await join('bob', 'admin');
    const [ofBob, other] = ['key_1', 'key_2'] as const;
    const row = { workspace_id: here, name: 'x', preview: '', created_at: 1 };
    await store.change([
      store.kysely.insertInto('keys').values([
        { ...row, id: ofBob, token_hash: 'a', member_id: bob.id },
        { ...row, id: other, token_hash: 'b', member_id: 'mem_other' as MemberId },
      ] as never),
    ]);
    const invite = (role: Role) =>
      createInvitation(
        store,
        { workspaceId: here, email: `${role}@x`, role, invitedBy: bob.id },
        10,
        randomBytes,
      );
    const [high, low] = [await invite('admin'), await invite('viewer')];
    const isOpen = async ({ token }: { token: string }) =>
      (await findOpenInvitation(store, token, 30)) !== undefined;
    await changeRole(store, bob.id, 'member', as('owner'));
    expect([await isOpen(high), await isOpen(low)]).toEqual([false, true]);
    await removeMember(store, bob.id, as('owner'));
    expect(await isOpen(low)).toBe(false);
    const keys = await store.kysely.selectFrom('keys').select(['id', 'revoked_at']).orderBy('id').execute();
    expect(keys.map(({ revoked_at }) => revoked_at)).toEqual([20, null]);
  });
});
