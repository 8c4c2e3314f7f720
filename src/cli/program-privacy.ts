/** The commands of privacy. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode, Io } from './io.ts';

export function definePrivacy(
  program: Command,
  io: Io,
  run: (code: Promise<ExitCode>) => Promise<void>,
): void {
  const privacy = program
    .command('privacy')
    .description('what is kept of what requests say, and what is held of members');
  const load = () => import('./privacy.ts');
  withJson(privacy.command('show'))
    .description('what is kept, for how long, and how much there is')
    .action(async (options) => run((await load()).showPrivacy(io, options)));
  withJson(privacy.command('set <mode>'))
    .description('keep nothing (metadata), content without what is sensitive (redacted), or all of it (full)')
    .option('--days <number>', 'for so long (default: as long as the installation allows)', readDays)
    .action(async (mode, options) => run((await load()).setPrivacy(io, mode, options)));
  withJson(privacy.command('erase-content'))
    .description('shred all content that is kept; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (options) => run((await load()).eraseContent(io, options)));
  withJson(privacy.command('export <member>'))
    .description('all that is held of a member, as JSON lines, without secrets')
    .action(async (member) => run((await load()).exportMember(io, member)));
  withJson(privacy.command('erase <member>'))
    .description('remove a member, and take away what tells who it was; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (member, options) => run((await load()).eraseMember(io, member, options)));
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function readDays(text: string): number {
  const number = Number(text);
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 3_650) return number;
  throw new InvalidArgumentError('Write a whole number from 1 to 3650.');
}
