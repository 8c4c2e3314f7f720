/** `turnpike invitations`: who is invited to the workspace; take an invitation back. */
import type { InvitationBody } from '../admin/invitations.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io } from './io.ts';
import { moment, printDone, printJson, printLine, printTable } from './print.ts';

interface Options {
  readonly json?: boolean;
}

export async function listInvitations(io: Io, { json }: Options): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.membership.invitations());
  if (json) {
    printJson(io, found);
    return 0;
  }
  if (found.invitations.length === 0) {
    printLine(io.stdout, 'No invitations. Make one with `turnpike members invite <e-mail>`.');
    return 0;
  }
  printTable(
    io,
    ['e-mail', 'role', 'state', 'id', 'ends'].map((title) => ({ title })),
    found.invitations.map(({ email, role, state, id, expiresAt }) => [
      email,
      role,
      state,
      id,
      moment(expiresAt),
    ]),
  );
  return 0;
}

export async function revokeInvitation(io: Io, wanted: string, { json }: Options): Promise<ExitCode> {
  const revoked = await withBooks(io, async ({ membership }) => {
    const { id } = pickInvitation((await membership.invitations()).invitations, wanted);
    return membership.revoke(id);
  });
  if (json) printJson(io, revoked);
  else if (revoked.state === 'accepted')
    throw new CliError(
      `${revoked.email} has accepted it already`,
      'Remove the member: `turnpike members remove`.',
    );
  else printDone(io, `The invitation of ${revoked.email} is good no more.`);
  return revoked.state === 'accepted' ? 1 : 0;
}

/** By id, or by the address of an open one. @throws {CliError} */
function pickInvitation(invitations: readonly InvitationBody[], wanted: string): InvitationBody {
  const found =
    invitations.find(({ id }) => id === wanted) ??
    invitations.find(({ email, state }) => state === 'open' && email === wanted.toLowerCase());
  if (found) return found;
  throw new CliError(
    `there is no open invitation of ${wanted}`,
    'See which there are: `turnpike invitations list`.',
  );
}
