/** `turnpike audit`: who did what, proof that nobody was at it, and all of it as a file. */
import type { AuditEventBody } from '../admin/audit.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { readMoment } from './moment.ts';
import { count, moment, paintFor, printJson, printLine, printTable } from './print.ts';

const MAX_LIMIT = 500;

export interface FilterOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly outcome?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

function queryOf(io: Io, { since, until, json, ...rest }: FilterOptions): Record<string, string> {
  const given = Object.entries(rest).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    ...Object.fromEntries(given),
    ...(since !== undefined && { since: readMoment(since, io.now(), -1, '--since') }),
    ...(until !== undefined && { until: readMoment(until, io.now(), -1, '--until') }),
  };
}

export async function listAudit(
  io: Io,
  { limit, ...options }: FilterOptions & { readonly limit: string },
): Promise<ExitCode> {
  const wanted = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (wanted < 1 || wanted > MAX_LIMIT) {
    throw usageError(`--limit ${limit} is out of range`, `Write a whole number from 1 to ${MAX_LIMIT}.`);
  }
  const query = { ...queryOf(io, options), limit: String(wanted) };
  const found = await withBooks(io, (client) => client.audit.list(query));
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  if (found.events.length === 0) {
    printLine(io.stdout, 'No such events.');
    return 0;
  }
  printTable(
    io,
    ['at', 'who', 'did', 'to', 'outcome'].map((title) => ({ title })),
    found.events.map((event) => [
      moment(event.at),
      event.actor.name || event.actor.id,
      event.action,
      event.target ?? '',
      outcomeOf(event),
    ]),
  );
  if (found.next !== null) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there are more'));
  return 0;
}

function outcomeOf({ outcome, detail }: AuditEventBody): string {
  return typeof detail.refusal === 'string' ? `${outcome} (${detail.refusal})` : outcome;
}

/** Exit code 1 where something does not add up. */
export async function verifyAudit(
  io: Io,
  options: { readonly expect?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const expected = options.expect === undefined ? undefined : readHead(options.expect);
  const proof = await withBooks(io, (client) => client.audit.verify(expected ? { expected } : {}));
  const exitCode = proof.isSound ? 0 : 1;
  if (options.json) {
    printJson(io, proof);
    return exitCode;
  }
  const paint = paintFor(io.stdout, io.env);
  for (const { workspace, isSound, events, unlinked, head, problems } of proof.chains) {
    const sign = isSound ? paint.green('✓') : paint.red('✗');
    const waiting = unlinked > 0 ? `, ${count(unlinked)} not linked yet` : '';
    printLine(io.stdout, `${sign} ${workspace}: ${count(events)} event${events === 1 ? '' : 's'}${waiting}`);
    printLine(io.stdout, paint.dim(`  ends at ${head.position}:${head.hash}`));
    for (const problem of problems) printLine(io.stdout, `  ${problem}`);
  }
  return exitCode;
}

/** As `audit verify` and `audit export` print it. */
function readHead(text: string): { position: number; hash: string } {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position === undefined || hash === undefined) {
    throw usageError(
      `--expect ${text} is no end of a chain`,
      'Write <position>:<hash>, as `audit verify` printed it.',
    );
  }
  return { position: Number(position), hash };
}

/** Events on stdout, where the chain ended on stderr. */
export async function exportAudit(
  io: Io,
  { format, ...options }: FilterOptions & { readonly format?: string },
): Promise<ExitCode> {
  const query = { ...queryOf(io, options), format: format ?? 'jsonl' };
  await withBooks(io, async (client) => {
    const { head, pieces } = await client.audit.export(query);
    for await (const text of pieces) {
      io.stdout.write(text);
      await io.stdout.drained?.();
    }
    printLine(
      io.stderr,
      `the chain ends at ${head}; kept elsewhere, \`turnpike audit verify --expect\` proves it`,
    );
  });
  return 0;
}
