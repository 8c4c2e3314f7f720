/** `turnpike budgets`: make, list, show, change and archive limits on spend. */
import type { BudgetBody, BudgetChangeBody } from '../admin/budgets.ts';
import type { AdminClient } from './client.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { findKey } from './keys.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';

/** What making and changing have in common. */
export interface BudgetOptions {
  readonly name?: string;
  readonly limit?: string;
  readonly action?: 'block' | 'warn';
  readonly alerts?: readonly number[];
  readonly timeZone?: string;
  readonly anchorDay?: number;
  /** `none` = the policy of the gateway again. */
  readonly outputCap?: number | 'none';
  readonly queueMs?: number;
  readonly mode?: 'worst-case' | 'incremental';
  readonly json?: boolean;
}

export interface CreateOptions extends BudgetOptions {
  readonly limit: string;
  readonly scope: string;
  readonly period: string;
}

export async function createBudget(
  io: Io,
  argument: string | undefined,
  options: CreateOptions,
): Promise<ExitCode> {
  const { scope, period, limit } = options;
  const { outputCap, ...settings } = settingsOf({
    ...options,
    ...(argument !== undefined && { name: argument }),
  });
  const made = await withBooks(io, async (client) =>
    client.createBudget({
      ...settings,
      ...(typeof outputCap === 'number' && { outputCap }),
      scope: await scopeById(client, scope),
      period,
      limitUsd: limit,
    }),
  );
  return printDone(io, made, `Budget ${made.name} (${made.id}).`, options);
}

/** Keys are named by their id in a scope; here their name will do where it is the only one. */
export async function scopeById(client: AdminClient, scope: string): Promise<string> {
  const name = /^key:(?!key_|\*$)(.+)$/.exec(scope)?.[1];
  if (name === undefined) return scope;
  return `key:${(await findKey(client, name)).id}`;
}

export async function changeBudget(io: Io, wanted: string, options: BudgetOptions): Promise<ExitCode> {
  const change = settingsOf(options);
  if (Object.keys(change).length === 0) {
    throw usageError('nothing is to be changed', 'turnpike budgets change --help lists what can be.');
  }
  const changed = await withBooks(io, async (client) =>
    client.changeBudget((await pickBudget(client, wanted)).id, change),
  );
  return printDone(io, changed, `Changed ${changed.name} (version ${changed.version}).`, options);
}

function settingsOf(options: BudgetOptions): BudgetChangeBody {
  const { name, limit, action, alerts, timeZone, anchorDay, outputCap, queueMs, mode } = options;
  return {
    ...(name !== undefined && { name }),
    ...(limit !== undefined && { limitUsd: limit }),
    ...(action !== undefined && { action }),
    ...(alerts !== undefined && { alerts: [...alerts] }),
    ...(timeZone !== undefined && { timeZone }),
    ...(anchorDay !== undefined && { anchorDay }),
    ...(outputCap !== undefined && { outputCap: outputCap === 'none' ? null : outputCap }),
    ...(queueMs !== undefined && { queueMs }),
    ...(mode !== undefined && { mode }),
  };
}

export interface ArchiveOptions {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Takes an id, or the name of a budget that is not archived. */
export async function archiveBudget(io: Io, wanted: string, options: ArchiveOptions): Promise<ExitCode> {
  const budget = await withBooks(io, (client) => pickBudget(client, wanted));
  if (!options.yes && !(await isConfirmed(io, budget))) {
    printLine(io.stderr, 'Nothing was archived.');
    return 1;
  }
  const archived = await withBooks(io, (client) => client.archiveBudget(budget.id));
  if (options.json) printJson(io, archived);
  else
    printLine(
      io.stdout,
      `${paintFor(io.stdout, io.env).green('✓')} Archived ${archived.name} (${archived.id}).`,
    );
  return 0;
}

async function isConfirmed(io: Io, budget: BudgetBody): Promise<boolean> {
  if (!io.stdin.isTerminal) {
    throw usageError('archiving cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  }
  return io.confirm(
    `Archive ${budget.name} (${money(budget.limitUsd)} a ${budget.period})? It counts no more.`,
  );
}

async function pickBudget(client: AdminClient, wanted: string): Promise<BudgetBody> {
  if (wanted.startsWith('bud_')) return client.budget(wanted);
  const { budgets } = await client.budgets({ archived: false });
  const named = budgets.find(({ name }) => name === wanted);
  if (named) return named;
  throw new CliError(`there is no budget ${wanted}`, 'Name one that `turnpike budgets list` shows.');
}

export async function showBudget(
  io: Io,
  wanted: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const budget = await withBooks(io, async (client) => client.budget((await pickBudget(client, wanted)).id));
  if (options.json) {
    printJson(io, budget);
    return 0;
  }
  const cap = budget.outputCap === null ? 'the policy of the gateway' : `${count(budget.outputCap)} tokens`;
  const calendar = budget.calendarChangesAt === null ? '' : `, from ${moment(budget.calendarChangesAt)} UTC`;
  const facts: readonly (readonly [string, string])[] = [
    ['id', budget.id],
    ['scope', budget.scope],
    ['limit', `${money(budget.limitUsd)}, ${budget.period}`],
    ['at the limit', budget.action],
    ['alerts', budget.alerts.map((percent) => `${percent} %`).join(', ') || 'none'],
    ['calendar', `${budget.timeZone}, months from day ${budget.anchorDay}${calendar}`],
    ['output', cap],
    ['queue', `${count(budget.queueMs)} ms`],
    ['mode', budget.mode],
    ['version', `${budget.version}, by ${budget.source}`],
    ...(budget.archivedAt === null ? [] : [['archived', `${moment(budget.archivedAt)} UTC`] as const]),
  ];
  const paint = paintFor(io.stdout, io.env);
  printLine(io.stdout, paint.bold(budget.name));
  for (const [name, value] of facts) printLine(io.stdout, `  ${paint.dim(name.padEnd(13))} ${value}`);
  if (budget.windows.length > 0) {
    printLine(io.stdout);
    printWindows(io, budget);
  }
  return 0;
}

const amounts = ['spent', 'reserved', 'left'].map((title) => ({ title, align: 'right' as const }));

function printWindows(io: Io, { windows, windowCount }: BudgetBody): void {
  const counts = ['requests', 'refused', 'overruns'].map((title) => ({ title, align: 'right' as const }));
  printTable(
    io,
    [{ title: 'subject' }, { title: 'resets' }, ...amounts, ...counts, { title: 'at this pace' }],
    windows.map((window) => [
      window.subject,
      window.resetsAt === null ? 'never' : moment(window.resetsAt),
      money(window.spentUsd),
      money(window.reservedUsd),
      money(window.remainingUsd),
      count(window.requests),
      count(window.refusals),
      count(window.overruns),
      courseOf(window),
    ]),
  );
  const more = windowCount - windows.length;
  if (more > 0) printLine(io.stdout, paintFor(io.stdout, io.env).dim(`and ${count(more)} more`));
}

export async function listBudgets(
  io: Io,
  options: { readonly archived?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.budgets({ archived: options.archived ?? false }));
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  const [first] = found.budgets;
  if (!first) {
    printLine(io.stdout, 'No budgets. Make one with `turnpike budgets create`.');
    return 0;
  }
  const columns = ['name', 'id', 'scope', 'period', 'at limit'].map((title) => ({ title }));
  const limit = { title: 'limit', align: 'right' as const };
  printTable(
    io,
    [...columns, limit, ...amounts, { title: 'resets' }, { title: 'fullest' }, { title: 'at this pace' }],
    found.budgets.map(renderRow),
  );
  if (found.isTruncated) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there are more'));
  return 0;
}

/** Of a budget with many windows the fullest. */
function renderRow(budget: BudgetBody): string[] {
  const [window] = budget.windows;
  const more = budget.windowCount - 1;
  return [
    budget.archivedAt === null ? budget.name : `${budget.name} (archived)`,
    budget.id,
    budget.scope,
    budget.period,
    budget.action,
    money(budget.limitUsd),
    window ? money(window.spentUsd) : '',
    window ? money(window.reservedUsd) : '',
    window ? money(window.remainingUsd) : '',
    window ? (window.resetsAt === null ? 'never' : moment(window.resetsAt)) : '',
    window ? `${window.subject}${more > 0 ? ` +${count(more)}` : ''}` : '',
    window ? courseOf(window) : '',
  ];
}

/** `$31.20, limit 2026-11-21 18:40`. */
function courseOf({ projection }: BudgetBody['windows'][number]): string {
  if (!projection) return '';
  const { spentUsd, limitReachedAt } = projection;
  const parts = [
    ...(spentUsd === null ? [] : [money(spentUsd)]),
    ...(limitReachedAt === null ? [] : [`limit ${moment(limitReachedAt)}`]),
  ];
  return parts.join(', ');
}

function printDone(
  io: Io,
  budget: BudgetBody,
  text: string,
  { json }: { readonly json?: boolean },
): ExitCode {
  if (json) printJson(io, budget);
  else {
    printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
  }
  return 0;
}
