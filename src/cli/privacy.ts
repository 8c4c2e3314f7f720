/** `turnpike privacy`: what is kept of what requests say, and what is held of a member: shown, handed over, taken away. */
import type { ExchangeContent } from '../admin/contents.ts';
import type { Privacy } from '../admin/privacy.ts';
import type { AdminClient } from './client.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { pickMember } from './members.ts';
import { count, moment, paintFor, printJson, printLine } from './print.ts';

export interface PrivacyOptions {
  readonly json?: boolean;
}

export async function showPrivacy(io: Io, options: PrivacyOptions): Promise<ExitCode> {
  const privacy = await withBooks(io, (client) => client.privacy.show());
  if (options.json) printJson(io, privacy);
  else printPrivacy(io, privacy);
  return 0;
}

const MODES = {
  metadata: 'nothing of what is said is kept',
  redacted: 'kept without secrets and personal data',
  full: 'kept as it was said',
} as const;

function printPrivacy(io: Io, { effective, ceiling, stored, sinceStart }: Privacy): void {
  const line = (title: string, text: string) => printLine(io.stdout, `${title.padEnd(14)}${text}`);
  line('content', `${effective.content}: ${MODES[effective.content]}`);
  line('kept for', named(effective.retentionDays, 'day'));
  line('at most', `${ceiling.content}, ${named(ceiling.retentionDays, 'day')} (privacy in turnpike.yaml)`);
  const since = stored.oldestAt === null ? '' : `, the oldest of ${moment(stored.oldestAt)}`;
  line('kept now', `${named(stored.exchanges, 'exchange')}${since}`);
  const lost = sinceStart.dropped + sinceStart.failed;
  if (lost > 0) line('not kept', `${count(lost)} since the start: too much at once, or the vault was closed`);
}

/** `1 day`, `1,234 exchanges`. */
function named(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

export interface SetOptions extends PrivacyOptions {
  readonly days?: number;
}

export async function setPrivacy(io: Io, mode: string, options: SetOptions): Promise<ExitCode> {
  if (mode !== 'metadata' && mode !== 'redacted' && mode !== 'full')
    throw usageError(`there is no mode ${mode}`, 'Use metadata, redacted or full.');
  const terms = { content: mode, retentionDays: options.days ?? null } as const;
  const privacy = await withBooks(io, (client) => client.privacy.set(terms));
  if (options.json) printJson(io, privacy);
  else printPrivacy(io, privacy);
  return 0;
}

export interface EraseOptions extends PrivacyOptions {
  readonly yes?: boolean;
}

export async function eraseContent(io: Io, options: EraseOptions): Promise<ExitCode> {
  const question = 'Shred all that is kept of what requests said? This cannot be undone.';
  if (!(await isConfirmed(io, options, question))) return 1;
  const erased = await withBooks(io, (client) => client.privacy.eraseContent());
  if (options.json) printJson(io, erased);
  else done(io, `Shredded the content of ${named(erased.exchanges, 'exchange')}.`);
  return 0;
}

/** JSON lines to stdout, whatever the options: they are for another program. */
export async function exportMember(io: Io, member: string): Promise<ExitCode> {
  await withBooks(io, async (client) => {
    for await (const text of client.privacy.exportMember(await idOf(client, member))) {
      io.stdout.write(text);
      await io.stdout.drained?.();
    }
  });
  return 0;
}

export async function eraseMember(io: Io, member: string, options: EraseOptions): Promise<ExitCode> {
  const question = `Erase the member ${member}? This cannot be undone; \`turnpike privacy export ${member}\` first hands its data over.`;
  if (!(await isConfirmed(io, options, question))) return 1;
  const erased = await withBooks(io, async (client) => {
    const id = await idOf(client, member);
    return client.privacy.eraseMember(id, id);
  });
  if (options.json) {
    printJson(io, erased);
    return 0;
  }
  const { keys, credentials, contents, isPersonErased } = erased;
  done(
    io,
    `Erased ${member}: ${named(keys, 'key')}, ${named(credentials, 'credential')}, content of ${named(contents, 'exchange')}.`,
  );
  if (!isPersonErased) printLine(io.stdout, '    The person is a member elsewhere, or was erased before.');
  return 0;
}

/** An id stays as it is: it may be that of somebody who was removed, and is in no list. @throws {CliError} */
async function idOf({ membership }: AdminClient, wanted: string): Promise<string> {
  if (wanted.startsWith('mem_')) return wanted;
  return pickMember((await membership.members()).members, wanted).id;
}

async function isConfirmed(io: Io, { yes }: EraseOptions, question: string): Promise<boolean> {
  if (yes) return true;
  if (!io.stdin.isTerminal)
    throw usageError('erasing cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  if (await io.confirm(question)) return true;
  printLine(io.stderr, 'Nothing was erased.');
  return false;
}

function done(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}

/** For `turnpike explain --content`. */
export async function printContent(io: Io, exchangeId: string): Promise<void> {
  const content = await withBooks(io, (client) => client.privacy.content(exchangeId));
  for (const side of ['request', 'reply'] as const) {
    printLine(io.stdout);
    printLine(io.stdout, paintFor(io.stdout, io.env).bold(titleOf(side, content)));
    printLine(io.stdout, content[side].text);
  }
}

function titleOf(name: 'request' | 'reply', content: ExchangeContent): string {
  const { kind, bytes, isCut, isFolded, redactions } = content[name];
  const facts = [
    content.mode,
    `${count(bytes)} bytes`,
    ...(isCut ? ['only the beginning'] : []),
    ...(isFolded ? ['put together from a stream'] : []),
    ...(redactions > 0 ? [`${count(redactions)} taken out`] : []),
    ...(kind === 'base64' ? ['in base64'] : []),
    ...(kind === 'left-out' ? ['not kept: it could not be looked through'] : []),
  ];
  return `${name} (${facts.join(', ')})`;
}
