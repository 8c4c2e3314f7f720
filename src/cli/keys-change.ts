/** `turnpike keys`: change, rotate and revoke a virtual key, by its id or a name that only one has. */
import type { Key, KeyChangeBody } from '../admin/keys.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { findKey, printMade, readTerms, type TermOptions } from './keys.ts';
import { readSpan } from './moment.ts';
import { moment, paintFor, printJson, printLine } from './print.ts';

export interface UpdateOptions extends TermOptions {
  readonly name?: string;
  readonly json?: boolean;
}

/** Takes back what was said: `--models none`. */
const NONE = 'none';

export async function updateKey(io: Io, wanted: string, options: UpdateOptions): Promise<ExitCode> {
  const change = readChange(options, io.now());
  if (Object.keys(change).length === 0) {
    throw usageError('nothing is to be changed', 'turnpike keys update --help lists what can be.');
  }
  const changed = await withBooks(io, async (client) => {
    const { id } = await findKey(client, wanted);
    return client.keys.change(id, change);
  });
  if (options.json) printJson(io, changed);
  else printDone(io, `Changed ${changed.name} (${changed.id}).`);
  return 0;
}

function readChange(options: UpdateOptions, nowMs: number): KeyChangeBody {
  const { name, json: _json, ...terms } = options;
  const entries = Object.entries(terms) as [keyof TermOptions, string | readonly string[] | undefined][];
  const isNone = (value: unknown) => value === NONE || (Array.isArray(value) && value.join() === NONE);
  const taken = entries.filter(([, value]) => isNone(value)).map(([term]) => [fieldOf[term] ?? term, null]);
  const said = Object.fromEntries(entries.filter(([, value]) => !isNone(value)));
  return {
    ...(name !== undefined && { name }),
    ...Object.fromEntries(taken),
    ...readTerms(said, nowMs),
  };
}

/** Options that are called otherwise than their fields. */
const fieldOf: Partial<Record<keyof TermOptions, keyof KeyChangeBody>> = {
  expires: 'expiresAt',
  models: 'allowedModels',
  formats: 'allowedFormats',
  from: 'allowedRanges',
  cache: 'cacheTtlMs',
};

export interface RotateOptions {
  /** A span; absent = the old token ends at once. */
  readonly overlap?: string;
  readonly json?: boolean;
}

/** The new token alone goes to stdout. */
export async function rotateKey(io: Io, wanted: string, options: RotateOptions): Promise<ExitCode> {
  const overlapSeconds = options.overlap === undefined ? 0 : readSpan(options.overlap, '--overlap') / 1000;
  const made = await withBooks(io, async (client) => {
    const { id } = await findKey(client, wanted);
    return client.keys.rotate(id, { overlapSeconds });
  });
  const old = made.key.oldTokens.at(-1);
  const until = old && overlapSeconds > 0 ? `works until ${moment(old.worksUntil)}` : 'has ended';
  const said = `Key ${made.key.name} (${made.key.id}) has a new text; the old one ${until}.`;
  return printMade(io, made, options.json, said);
}

export interface RevokeOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export async function revokeKey(io: Io, wanted: string, options: RevokeOptions): Promise<ExitCode> {
  const key = await withBooks(io, (client) => findKey(client, wanted));
  if (!options.yes && !(await isConfirmed(io, key))) {
    printLine(io.stderr, 'Nothing was revoked.');
    return 1;
  }
  const revoked = await withBooks(io, (client) => client.keys.revoke(key.id));
  if (options.json) printJson(io, revoked);
  else printDone(io, `Revoked ${revoked.name} (${revoked.id}).`);
  return 0;
}

async function isConfirmed(io: Io, key: Key): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('revoking cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(`Revoke ${key.name} (${key.preview})? This cannot be undone.`);
}

function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}
