/** The commands of workspaces, their members and invitations, and of the console. */
import { Argument, type Command, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

const ROLES = ['viewer', 'member', 'admin', 'owner'] as const;

export function defineMembers(program: Command, io: Io, run: Run): void {
  defineWorkspaces(program, io, run);
  const members = program.command('members').description('people of the workspace');
  withJson(members.command('list'))
    .description('every member and its role')
    .action(async (options) => run((await import('./members.ts')).listMembers(io, options)));
  withJson(members.command('invite <email>'))
    .description('make a link by which this person becomes a member; shown once, good for seven days')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('member'))
    .action(async (email, options) => run((await import('./members.ts')).inviteMember(io, email, options)));
  withJson(members.command('role'))
    .argument('<member>', 'id, e-mail address or name')
    .addArgument(new Argument('<role>', 'what it may do').choices(ROLES))
    .description('change the role of a member; it counts at once')
    .action(async (member, role, options) =>
      run((await import('./members.ts')).changeRole(io, member, role, options)),
    );
  withJson(members.command('remove <member>'))
    .description('remove a member, by id, e-mail address or name; its keys end')
    .option('--yes', 'do not ask')
    .action(async (member, options) => run((await import('./members.ts')).removeMember(io, member, options)));
  const invitations = program.command('invitations').description('who is invited to the workspace');
  withJson(invitations.command('list'))
    .description('every invitation, newest first')
    .action(async (options) => run((await import('./invitations.ts')).listInvitations(io, options)));
  withJson(invitations.command('revoke <invitation>'))
    .description('take an invitation back, by id or e-mail address')
    .action(async (invitation, options) =>
      run((await import('./invitations.ts')).revokeInvitation(io, invitation, options)),
    );
  withJson(program.command('console'))
    .description('where people sign in; while there is no owner, the link that makes one')
    .action(async (options) => run((await import('./console.ts')).openConsole(io, options)));
}

function defineWorkspaces(program: Command, io: Io, run: Run): void {
  const workspaces = program
    .command('workspaces')
    .description('each with keys, budgets and members of its own');
  const load = () => import('./workspaces.ts');
  withJson(workspaces.command('list'))
    .description('every workspace, oldest first')
    .action(async (options) => run((await load()).listWorkspaces(io, options)));
  withJson(workspaces.command('create <name>'))
    .description('make a workspace')
    .action(async (name, options) => run((await load()).createWorkspace(io, name, options)));
  for (const [verb, description] of [
    ['suspend', 'let nobody in and refuse the keys of a workspace, by id or name'],
    ['resume', 'take a suspended workspace back into use'],
  ] as const) {
    withJson(workspaces.command(`${verb} <workspace>`))
      .description(description)
      .action(async (workspace, options) =>
        run((await load()).switchWorkspace(io, workspace, verb, options)),
      );
  }
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}
