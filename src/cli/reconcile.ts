/** `turnpike ledger reconcile`, `proposals`, `accept` and `dismiss`: our books against the providers' bills. */
import type { Drift, Proposal, ReconciliationRun } from '../admin/reconciliation.ts';
import { withBooks } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { readMoment } from './moment.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';

export interface ReconcileOptions {
  readonly by: string;
  readonly since: string;
  readonly until?: string;
  readonly provider?: string;
  readonly json?: boolean;
}

/** Exit code 1 when a row is over the line, and when a bill could not be had: nobody knows then. */
export async function reconcile(io: Io, options: ReconcileOptions): Promise<ExitCode> {
  const { by, since, until, provider } = options;
  const query = {
    by,
    since: readMoment(since, io.now(), -1, '--since'),
    ...(until !== undefined && { until: readMoment(until, io.now(), -1, '--until') }),
    ...(provider !== undefined && { provider }),
  };
  const found = await withBooks(io, (client) => client.reconcile(query));
  if (options.json) printJson(io, found);
  else printRun(io, found);
  return found.rowsOver > 0 || found.failures.length > 0 ? 1 : 0;
}

function printRun(io: Io, run: ReconciliationRun): void {
  const paint = paintFor(io.stdout, io.env);
  if (run.rows.length > 0) printRows(io, run);
  for (const line of summaryOf(run)) printLine(io.stdout, line);
  for (const { provider, message } of run.failures) {
    printLine(io.stdout, `${paint.red('✗')} ${provider} was not compared: ${message}`);
  }
  for (const note of [...unjudgedOf(run), ...keylessOf(run), ...run.notes])
    printLine(io.stdout, paint.dim(note));
  if (run.proposals.length === 0) return;
  printLine(io.stdout);
  printProposals(io, run.proposals);
  printLine(io.stdout, paint.dim('Nothing was booked: `turnpike ledger accept <proposal>` does.'));
}

function printRows(io: Io, run: ReconciliationRun): void {
  const numbers = ['booked', 'billed', 'drift'].map((title) => ({ title, align: 'right' as const }));
  printTable(
    io,
    [{ title: 'model' }, { title: run.by }, ...numbers, { title: '' }, { title: 'causes' }],
    run.rows.map((row) => [
      nameOf(row),
      run.by === 'day' ? row.start.slice(0, 10) : moment(row.start),
      money(row.ours.costUsd),
      row.theirs.costUsd === null ? 'no money' : money(row.theirs.costUsd),
      signed(row.driftUsd),
      row.isOver ? '!' : '',
      causesOf(row),
    ]),
  );
}

function nameOf({ provider, model, otherNames }: Drift): string {
  const others = otherNames.length > 0 ? ` (${otherNames.join(', ')})` : '';
  return `${provider}/${model ?? '(tools)'}${others}`;
}

function causesOf({ causes }: Drift): string {
  return causes.map(({ cause, usd }) => `${cause.replaceAll('_', ' ')} ${signed(usd)}`).join(', ');
}

/** `+$2.60`, `-$0.01`. */
function signed(usd: string): string {
  return usd.startsWith('-') ? `-${money(usd.slice(1))}` : `+${money(usd)}`;
}

function summaryOf(run: ReconciliationRun): string[] {
  if (run.providers.length === 0) return [];
  const stretch = `${run.since.slice(0, 10)} to ${run.until.slice(0, 10)}`;
  const compared = `${count(run.rowsCompared)} rows of ${run.providers.join(', ')}, ${stretch}`;
  if (run.rows.length === 0) return [`The books equal the bills: ${compared}.`];
  const over = run.rowsOver === 0 ? 'none over the line' : `${count(run.rowsOver)} over the line (!)`;
  return [`Drift ${signed(run.driftUsd)} in ${count(run.rows.length)} of ${compared}; ${over}.`];
}

const reasons = {
  young: 'too new to be judged',
  unreported: 'not in the report of the provider',
} as const;

function unjudgedOf({ unjudged, by }: ReconciliationRun): string[] {
  return (['young', 'unreported'] as const).flatMap((reason) => {
    const found = unjudged.filter((row) => row.reason === reason);
    return found.length === 0 ? [] : [`${count(found.length)} × ${by} ${reasons[reason]}: ${listOf(found)}`];
  });
}

const MAX_LISTED = 5;

function listOf(rows: ReconciliationRun['unjudged']): string {
  const shown = rows.slice(0, MAX_LISTED).map(({ provider, start }) => `${provider} ${moment(start)}`);
  return rows.length > MAX_LISTED ? `${shown.join(', ')}, …` : shown.join(', ');
}

function keylessOf({ rows }: ReconciliationRun): string[] {
  const tokens = rows.reduce((sum, row) => sum + row.keylessTokens, 0);
  if (tokens === 0) return [];
  return [`${count(tokens)} of the billed tokens were used without an API key, on the provider's own pages`];
}

export async function listProposals(
  io: Io,
  options: { readonly state: string; readonly json?: boolean },
): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.proposals(options.state));
  if (options.json) printJson(io, found);
  else if (found.proposals.length === 0) printLine(io.stdout, `No proposal is ${options.state}.`);
  else printProposals(io, found.proposals);
  return 0;
}

function printProposals(io: Io, proposals: readonly Proposal[]): void {
  printTable(
    io,
    [{ title: 'reason' }, { title: 'proposal' }, { title: 'amount', align: 'right' }],
    proposals.map(({ reason, id, costUsd }) => [reason, id, signed(costUsd)]),
  );
}

export async function decideProposal(
  io: Io,
  id: string,
  verdict: 'accept' | 'dismiss',
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const proposal = await withBooks(io, (client) => client.decideProposal(id, verdict));
  if (options.json) {
    printJson(io, proposal);
    return 0;
  }
  const what = `${proposal.provider}/${proposal.model ?? '(tools)'} on ${proposal.day}`;
  const done =
    verdict === 'accept'
      ? `Booked ${signed(proposal.costUsd)} for ${what}, as ${proposal.exchangeId}.`
      : `Dismissed ${signed(proposal.costUsd)} for ${what}; nothing was booked.`;
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${done}`);
  return 0;
}
