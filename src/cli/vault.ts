/** `turnpike vault`: where the vault stands, a change of its master key, and what to do when that is lost. */
import type { VaultBody } from '../admin/vault.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { moment, paintFor, printJson, printLine } from './print.ts';

export interface VaultOptions {
  readonly json?: boolean;
}

/** Exit code 1 when something in it needs a person. */
export async function showVault(io: Io, options: VaultOptions): Promise<ExitCode> {
  const vault = await withBooks(io, (client) => client.vault.show());
  if (options.json) printJson(io, vault);
  else printVault(io, vault);
  const isWell = vault.state !== 'closed' && vault.rows.every(({ isAtHand }) => isAtHand);
  return isWell && vault.recoveryKey?.isGood !== false ? 0 : 1;
}

const STATES = {
  empty: 'nothing is sealed yet',
  open: 'opens all that is sealed',
  rotating: 'is taking over from a former one',
  waiting: 'seals until all replicas have the next one',
  closed: 'does not open what is sealed',
} as const;

function printVault(io: Io, vault: VaultBody): void {
  const line = (title: string, text: string) => printLine(io.stdout, `${title.padEnd(14)}${text}`);
  line('master key', `${vault.key ?? 'none'} (${vault.kind}: ${vault.place}): ${STATES[vault.state]}`);
  for (const { key, secrets, isAtHand } of vault.rows)
    line('sealed', `${secrets} with ${key}${isAtHand ? '' : ', which is not at hand'}`);
  if (vault.waitsFor.length > 0) line('waits for', vault.waitsFor.join(', '));
  if (vault.rotation) {
    const { from, to, startedAt, endedAt } = vault.rotation;
    const when = endedAt ? moment(endedAt) : `begun ${moment(startedAt)}, goes on`;
    line('last change', `from ${from || 'none'} to ${to}: ${when}`);
  }
  line('recovery key', describeRecovery(vault));
}

function describeRecovery({ recoveryKey }: VaultBody): string {
  if (!recoveryKey) return 'none: a master key that is lost cannot be replaced';
  const { fingerprint, madeAt, isGood } = recoveryKey;
  const made = `fingerprint ${fingerprint}, made ${moment(madeAt)}`;
  return isGood ? made : `${made}; it was changed in the database, so make another`;
}

export async function rotate(io: Io, options: VaultOptions): Promise<ExitCode> {
  const vault = await withBooks(io, (client) => client.vault.rotate());
  if (options.json) {
    printJson(io, vault);
    return 0;
  }
  done(io, `The master key ${vault.key} has taken over ${count(vault.secrets)} (${vault.place}).`);
  printLine(io.stdout, `    ${BACKUP}`);
  return 0;
}

const BACKUP =
  'Keep a copy of the new key apart from the backups of the database; older backups need the old one.';

/** The one command that prints a secret on purpose. */
export async function makeRecoveryKey(io: Io, options: VaultOptions): Promise<ExitCode> {
  const made = await withBooks(io, (client) => client.vault.makeRecoveryKey());
  if (options.json) {
    printJson(io, made);
    return 0;
  }
  const { fingerprint = '' } = made.vault.recoveryKey ?? {};
  printLine(io.stdout, made.recoveryKey);
  printLine(
    io.stderr,
    `The recovery key, fingerprint ${fingerprint}. It is shown this once and kept nowhere: write it down, and keep it ` +
      'apart from this machine. With it and the database everything opens. One that was made before is void.',
  );
  return 0;
}

/** A recovery key is 74 characters. */
const MAX_KEY_BYTES = 1024;

export async function recover(io: Io, surplus: readonly string[], options: VaultOptions): Promise<ExitCode> {
  if (surplus.length > 0)
    throw usageError(
      'a recovery key on the command line can be read by every program of this machine',
      'Give it by the prompt of `turnpike vault recover`, or pipe it in. Make another one afterwards.',
    );
  const text = io.stdin.isTerminal
    ? await io.askSecret('Recovery key (it is not shown)')
    : await io.stdin.readAll(MAX_KEY_BYTES);
  const recoveryKey = text?.trim();
  if (!recoveryKey) throw usageError('no recovery key was given', 'Type it at the prompt, or pipe it in.');
  const vault = await withBooks(io, (client) => client.vault.recover({ recoveryKey }));
  if (options.json) {
    printJson(io, vault);
    return 0;
  }
  done(io, `The new master key ${vault.key} has taken over ${count(vault.secrets)} (${vault.place}).`);
  printLine(io.stdout, `    ${BACKUP}`);
  return 0;
}

export interface ForgetOptions extends VaultOptions {
  readonly yes?: boolean;
}

export async function forget(io: Io, options: ForgetOptions): Promise<ExitCode> {
  if (!options.yes && !(await isConfirmed(io))) {
    printLine(io.stderr, 'Nothing was forgotten.');
    return 1;
  }
  const { forgotten, vault } = await withBooks(io, (client) => client.vault.forget());
  if (options.json) printJson(io, { forgotten, vault });
  else done(io, `Forgot ${count(forgotten)} that no master key at hand opens; ${vault.secrets} left.`);
  return 0;
}

async function isConfirmed(io: Io): Promise<boolean> {
  if (!io.stdin.isTerminal)
    throw usageError('forgetting cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  return io.confirm('Take out everything that no master key at hand opens? This cannot be undone.');
}

function count(secrets: number): string {
  return secrets === 1 ? '1 secret' : `${secrets} secrets`;
}

function done(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}
