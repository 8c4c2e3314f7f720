/** Invitations: good once, for a while, for one address, and the token of none is kept. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { PersonId, WorkspaceId } from '../base/ids.ts';
import type { Role } from '../base/role.ts';
import type { Store } from '../store/store.ts';
import {
  acceptInvitation,
  createInvitation,
  createOwnerLink,
  findOpenInvitation,
  INVITATION_MS,
  listInvitations,
  OWNER_LINK_MS,
  revokeInvitation,
} from './invitations.ts';
import { ensureMember, hasOwner, listMembers } from './members.ts';
import { createWorkspace, ensureFirstWorkspace, resumeWorkspace, suspendWorkspace } from './workspaces.ts';

const person = (name: string): PersonId => `per_${name}`;
const NOW = 1_000;

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let first: WorkspaceId;
  let here: WorkspaceId;
  beforeEach(async () => {
    ({ store } = await open());
    first = (await ensureFirstWorkspace(store, 1)).id;
    here = (await createWorkspace(store, 'other', 2)).id;
  });
  afterEach(() => store.close());
  afterAll(remove);

  const invite = (email = 'Ada@Example.com', role: Role = 'member', workspaceId = here) =>
    createInvitation(store, { workspaceId, email, role, invitedBy: 'operator' }, NOW, randomBytes);

  it('have a token of 256 bits of which only the hash is kept', async () => {
    const { invitation, token } = await invite();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(invitation).toMatchObject({
      email: 'ada@example.com',
      role: 'member',
      expiresAtMs: NOW + INVITATION_MS,
    });
    const dump = JSON.stringify(await store.kysely.selectFrom('invitations').selectAll().execute());
    expect(dump).not.toContain(token);
    expect(await findOpenInvitation(store, token, NOW)).toEqual(invitation);
    await expect(
      createInvitation(store, { workspaceId: here, email: 'a@b', role: 'viewer', invitedBy: 'x' }, NOW, () =>
        randomBytes(8),
      ),
    ).rejects.toThrow(/32 random bytes/);
  });

  it.each<[string, (token: string) => string]>([
    ['nothing', () => ''],
    ['another of the same beginning', (token) => token.slice(0, 42) + (token.endsWith('A') ? 'E' : 'A')],
    ['more of it', (token) => `${token}A`],
    ['its hash', () => 'a'.repeat(64)],
    ['SQL', () => "' or 1=1 --".padEnd(43, ' ')],
  ])('do not open by %s', async (_what, of) => {
    const { token } = await invite();
    expect(await findOpenInvitation(store, of(token), NOW)).toBeUndefined();
  });

  it('are used once, whoever is quick', async () => {
    const { invitation, token } = await invite();
    const names = ['a', 'b', 'c', 'd'];
    const accepted = await Promise.all(
      names.map((name) => acceptInvitation(store, invitation, person(name), NOW + 1)),
    );
    const [memberId, ...more] = accepted.filter((id) => id !== undefined);
    expect(more).toEqual([]);
    const members = await listMembers(store, here, 10);
    expect(members.map(({ id, role, createdAtMs }) => [id, role, createdAtMs])).toEqual([
      [memberId, 'member', NOW + 1],
    ]);
    expect(await findOpenInvitation(store, token, NOW + 2)).toBeUndefined();
    expect((await listInvitations(store, here, 10))[0]).toMatchObject({
      acceptedBy: memberId,
      acceptedAtMs: NOW + 1,
    });
  });

  it('end by themselves, by revoking, with another one of the address, and while the workspace is suspended', async () => {
    const { token, invitation } = await invite();
    const isOpen = async (text = token, nowMs = NOW) =>
      (await findOpenInvitation(store, text, nowMs)) !== undefined;
    expect(await isOpen(token, NOW + INVITATION_MS - 1)).toBe(true);
    expect(await isOpen(token, NOW + INVITATION_MS)).toBe(false);
    expect(await acceptInvitation(store, invitation, person('late'), NOW + INVITATION_MS)).toBeUndefined();
    await suspendWorkspace(store, here, NOW);
    expect(await isOpen()).toBe(false);
    await resumeWorkspace(store, here);
    expect(await isOpen()).toBe(true);
    const next = await invite('ada@example.com', 'viewer');
    expect([await isOpen(), await isOpen(next.token)]).toEqual([false, true]);
    expect(await revokeInvitation(store, next.invitation.id, first, NOW + 5)).toBeUndefined();
    expect(await isOpen(next.token)).toBe(true);
    expect(await revokeInvitation(store, next.invitation.id, here, NOW + 5)).toMatchObject({
      revokedAtMs: NOW + 5,
    });
    expect(await revokeInvitation(store, next.invitation.id, here, NOW + 9)).toMatchObject({
      revokedAtMs: NOW + 5,
    });
    expect(await isOpen(next.token)).toBe(false);
    expect(await acceptInvitation(store, next.invitation, person('ada'), NOW + 6)).toBeUndefined();
    expect(await listMembers(store, here, 10)).toEqual([]);
  });

  it('open nothing that was made when its maker could not invite to it any more', async () => {
    // As if it had been lowered between the look at its role and the writing of the invitation.
    const bob = await ensureMember(store, person('bob'), 'member', { workspaceId: here, nowMs: 1 });
    const by = (role: Role) =>
      createInvitation(
        store,
        { workspaceId: here, email: `${role}@x`, role, invitedBy: bob.id },
        NOW,
        randomBytes,
      );
    const [high, even] = [await by('admin'), await by('member')];
    expect(await findOpenInvitation(store, high.token, NOW)).toBeUndefined();
    expect(await acceptInvitation(store, high.invitation, person('eve'), NOW)).toBeUndefined();
    expect(await findOpenInvitation(store, even.token, NOW)).toEqual(even.invitation);
  });

  it('are not used up by who is a member already', async () => {
    await ensureMember(store, person('ada'), 'viewer', { workspaceId: here, nowMs: 1 });
    const { invitation, token } = await invite('ada@example.com', 'admin');
    expect(await acceptInvitation(store, invitation, person('ada'), NOW)).toBeUndefined();
    expect((await listMembers(store, here, 10)).map(({ role }) => role)).toEqual(['viewer']);
    expect(await findOpenInvitation(store, token, NOW)).toEqual(invitation);
  });

  it('are listed newest first, without links of the first owner', async () => {
    const a = await invite('a@x');
    const b = await invite('b@x');
    await createOwnerLink(store, here, NOW, randomBytes);
    expect((await listInvitations(store, here, 10)).map(({ id }) => id)).toEqual([
      b.invitation.id,
      a.invitation.id,
    ]);
    expect(await listInvitations(store, here, 1)).toHaveLength(1);
    expect(await listInvitations(store, first, 10)).toEqual([]);
  });

  it('make the first owner by a link that the next one replaces and any owner ends', async () => {
    const old = await createOwnerLink(store, first, NOW, randomBytes);
    const link = await createOwnerLink(store, first, NOW, randomBytes);
    expect(await findOpenInvitation(store, old.token, NOW)).toBeUndefined();
    expect(await findOpenInvitation(store, link.token, NOW + OWNER_LINK_MS)).toBeUndefined();
    const found = await findOpenInvitation(store, link.token, NOW);
    expect(found).toEqual(link.invitation);
    expect(found).not.toHaveProperty('email');
    const outcomes = await Promise.all(
      ['ada', 'bob'].map((name) => acceptInvitation(store, found!, person(name), NOW)),
    );
    expect(outcomes.filter((id) => id !== undefined)).toHaveLength(1);
    expect(await hasOwner(store, first)).toBe(true);
    const after = await createOwnerLink(store, first, NOW, randomBytes);
    expect(await findOpenInvitation(store, after.token, NOW)).toBeUndefined();
    expect(await acceptInvitation(store, after.invitation, person('eve'), NOW)).toBeUndefined();
  });
});
