/** `turnpike workspaces`: list, make, suspend and resume. */
import type { Workspace } from './client-members.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io } from './io.ts';
import { moment, printDone, printJson, printTable } from './print.ts';

interface Options {
  readonly json?: boolean;
}

export async function listWorkspaces(io: Io, { json }: Options): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.membership.workspaces());
  if (json) {
    printJson(io, found);
    return 0;
  }
  printTable(
    io,
    ['name', 'id', 'state', 'created', ''].map((title) => ({ title })),
    found.workspaces.map(({ name, id, suspendedAt, createdAt, isCurrent }) => [
      name,
      id,
      suspendedAt === null ? 'in use' : `suspended ${moment(suspendedAt)}`,
      moment(createdAt),
      isCurrent ? 'current' : '',
    ]),
  );
  return 0;
}

export async function createWorkspace(io: Io, name: string, { json }: Options): Promise<ExitCode> {
  const made = await withBooks(io, (client) => client.membership.createWorkspace({ name }));
  if (json) printJson(io, made);
  else
    printDone(
      io,
      `Workspace ${made.name} (${made.id}). Invite its owner with \`turnpike --workspace ${made.id} members invite <e-mail> --role owner\`.`,
    );
  return 0;
}

export async function switchWorkspace(
  io: Io,
  wanted: string,
  verb: 'suspend' | 'resume',
  { json }: Options,
): Promise<ExitCode> {
  const changed = await withBooks(io, async ({ membership }) => {
    const { id } = pickWorkspace((await membership.workspaces()).workspaces, wanted);
    return verb === 'suspend' ? membership.suspendWorkspace(id) : membership.resumeWorkspace(id);
  });
  if (json) printJson(io, changed);
  else if (verb === 'resume') printDone(io, `Workspace ${changed.name} is in use.`);
  else printDone(io, `Workspace ${changed.name} is suspended: nobody gets in, and its keys are refused.`);
  return 0;
}

/** By id, or by name in whatever case. @throws {CliError} */
export function pickWorkspace(workspaces: readonly Workspace[], wanted: string): Workspace {
  const found =
    workspaces.find(({ id }) => id === wanted) ??
    workspaces.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  throw new CliError(`there is no workspace ${wanted}`, 'See which there are: `turnpike workspaces list`.');
}
