/** Taking an invitation: as somebody who is signed in, or as somebody new who gets an account with it. */
import type { Clock } from '../base/clock.ts';
import type { From, People, Person } from '../people/people.ts';
import { createScope, inScope } from '../registry/audit-scope.ts';
import { acceptInvitation, findOpenInvitation, type Invitation } from '../registry/invitations.ts';
import { findMembership } from '../registry/members.ts';
import { findWorkspace } from '../registry/workspaces.ts';
import type { Store } from '../store/store.ts';
import type { AcceptAnswer, Guest, InvitationDesk } from './deps-members.ts';

interface Means {
  readonly store: Store;
  readonly clock: Clock;
  readonly people: People;
}

export function createAccepting(means: Means): Pick<InvitationDesk, 'acceptAs' | 'acceptNew'> {
  const { store, clock } = means;
  const find = (token: string) => findOpenInvitation(store, token, clock.now());
  return {
    async acceptAs(token, personId, from) {
      const invitation = await find(token);
      if (!invitation) return { kind: 'unknown' };
      const person = await means.people.findPerson({ id: personId });
      // Whoever found the link of somebody else is not the guest.
      if (!person || (invitation.email !== undefined && invitation.email !== person.email))
        return { kind: 'other_address' };
      return join(means, invitation, person, from.address);
    },
    async acceptNew(token, guest, from) {
      const invitation = await find(token);
      if (!invitation) return { kind: 'unknown' };
      if (!means.people.takesPasswords()) return { kind: 'passwords_off' };
      const email = invitation.email ?? guest.email?.toLowerCase();
      if (email === undefined) return { kind: 'email_missing' };
      return welcome(means, invitation, { ...guest, email }, from);
    },
  };
}

async function welcome(
  means: Means,
  invitation: Invitation,
  { name, email, password }: Guest & { readonly email: string },
  from: From,
): Promise<AcceptAnswer> {
  const { people } = means;
  const made = await people.createPerson({ name, email, password });
  // A link is no way to set somebody's password anew.
  if (made.kind === 'email_taken') return { kind: 'sign_in_first' };
  if (made.kind !== 'done') return made;
  const joined = await join(means, invitation, made.person, from.address);
  if (joined.kind !== 'done') {
    // Somebody else was quicker with the link: nobody is left behind who was not invited.
    await people.erasePerson(made.person.id);
    return joined;
  }
  const signedIn = await people.signIn({ email, password }, from);
  return signedIn.kind === 'done' ? { ...joined, setCookies: signedIn.setCookies } : joined;
}

/** It is told in the workspace that the invitation is to, with the change itself. */
async function join(
  { store, clock }: Means,
  invitation: Invitation,
  { id: personId, name }: Person,
  address: string | undefined,
): Promise<AcceptAnswer> {
  const { workspaceId, role, id: target } = invitation;
  const scope = createScope({
    workspaceId,
    actor: { id: personId, name, via: 'nobody', ...(address !== undefined && { address }) },
    action: 'invitations.accept',
    target,
    detail: { role },
  });
  const memberId = await inScope(scope, () => acceptInvitation(store, invitation, personId, clock.now()));
  if (memberId === undefined) {
    const known = await findMembership(store, personId, workspaceId);
    return { kind: known ? 'already_member' : 'unknown' };
  }
  const workspace = await findWorkspace(store, workspaceId);
  return workspace ? { kind: 'done', workspace, memberId, role, setCookies: [] } : { kind: 'unknown' };
}
