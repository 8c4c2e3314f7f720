/** `turnpike members`: who is a member of the workspace; invite, change the role, remove. */
import type { NewInvitationBody } from '../admin/invitations.ts';
import type { MemberBody } from '../admin/members.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { moment, paintFor, printDone, printJson, printLine, printTable } from './print.ts';

interface Options {
  readonly json?: boolean;
}

export type RoleName = NewInvitationBody['role'];

export async function listMembers(io: Io, { json }: Options): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.membership.members());
  if (json) {
    printJson(io, found);
    return 0;
  }
  if (found.members.length === 0) {
    printLine(
      io.stdout,
      'No members. `turnpike console` makes the first owner; invite others with `turnpike members invite <e-mail>`.',
    );
    return 0;
  }
  printTable(
    io,
    ['name', 'e-mail', 'role', 'id', 'state', 'signed in'].map((title) => ({ title })),
    found.members.map((member) => [
      member.name,
      member.email ?? '',
      member.role,
      member.id,
      member.suspendedAt === null ? 'active' : `suspended ${moment(member.suspendedAt)}`,
      moment(member.lastSignInAt),
    ]),
  );
  return 0;
}

/** The link alone goes to stdout, so that it can be passed on; the words go to stderr. */
export async function inviteMember(
  io: Io,
  email: string,
  { role, json }: Options & { readonly role: RoleName },
): Promise<ExitCode> {
  const made = await withBooks(io, (client) => client.membership.invite({ email, role }));
  if (json) {
    printJson(io, made);
    return 0;
  }
  const { invitation, link } = made;
  printLine(io.stdout, link);
  const paint = paintFor(io.stderr, io.env);
  printLine(
    io.stderr,
    `${paint.green('✓')} ${invitation.email} may become ${invitation.role} by this link until ${moment(invitation.expiresAt)}. It is shown this once.`,
  );
  return 0;
}

export async function changeRole(
  io: Io,
  wanted: string,
  role: RoleName,
  { json }: Options,
): Promise<ExitCode> {
  const changed = await withBooks(io, async ({ membership }) =>
    membership.change(pickMember((await membership.members()).members, wanted).id, { role }),
  );
  if (json) printJson(io, changed);
  else printDone(io, `${changed.name} (${changed.id}) is ${changed.role} from now on.`);
  return 0;
}

export async function removeMember(
  io: Io,
  wanted: string,
  { yes, json }: Options & { readonly yes?: boolean },
): Promise<ExitCode> {
  const member = await withBooks(io, async ({ membership }) =>
    pickMember((await membership.members()).members, wanted),
  );
  if (!yes && !(await isConfirmed(io, member))) {
    printLine(io.stderr, 'Nobody was removed.');
    return 1;
  }
  const removed = await withBooks(io, ({ membership }) => membership.remove(member.id));
  if (json) printJson(io, removed);
  else printDone(io, `Removed ${removed.name} (${removed.id}); its keys have ended.`);
  return 0;
}

/** By id, by e-mail address, or by a name that only one member has. @throws {CliError} */
export function pickMember(members: readonly MemberBody[], wanted: string): MemberBody {
  const text = wanted.toLowerCase();
  const exact = members.find(({ id, email }) => id === wanted || email === text);
  if (exact) return exact;
  const named = members.filter(({ name }) => name.toLowerCase() === text);
  if (named.length === 1) return named[0]!;
  const why =
    named.length === 0 ? `there is no member ${wanted}` : `${named.length} members are called ${wanted}`;
  throw new CliError(why, 'Name the id or the e-mail address that `turnpike members list` shows.');
}

async function isConfirmed(io: Io, { name, email }: MemberBody): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('removing ends the keys of the member, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(
    `Remove ${name}${email === null ? '' : ` (${email})`}? The keys of this member end, too.`,
  );
}
