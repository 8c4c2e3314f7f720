/**
 * Budgets: made, listed, changed, archived, and held equal to the configuration file where they are declared in one.
 * Each change is one transaction and moves the revision.
 */
import type { Compilable, Insertable, Selectable, Updateable } from 'kysely';
import type { Budget, BudgetChange, BudgetId, BudgetTerms } from '../base/budget.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import { nanoUsd } from '../base/money.ts';
import type { BudgetsTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface BudgetRecord extends Budget {
  /** `file`: it is changed where it is declared, and nowhere else. */
  readonly source: BudgetsTable['source'];
  readonly createdAtMs: number;
  readonly archivedAtMs?: number;
}

/** Until when the calendar that holds now holds on; undefined = a change of it counts at once. */
export type CalendarChangeAt = (budget: Budget, nowMs: number) => number | undefined;

export interface BudgetContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
  readonly calendarChangeAt: CalendarChangeAt;
  /** Statements that are to be in the same transaction; run more than once where others are quicker. */
  readonly beside?: readonly Compilable[];
}

/** What making and archiving need to know. */
type BudgetPlace = Pick<BudgetContext, 'workspaceId' | 'nowMs' | 'beside'>;

export type BudgetOutcome =
  | { readonly kind: 'done'; readonly budget: BudgetRecord }
  | { readonly kind: 'unknown' }
  /** Another budget of the workspace that is not archived has the name. */
  | { readonly kind: 'name_taken' }
  /** The configuration file declares it. */
  | { readonly kind: 'declared' }
  /** It is archived, which cannot be undone. */
  | { readonly kind: 'archived' };

export async function createBudget(
  store: Store,
  terms: BudgetTerms,
  { workspaceId, nowMs, beside = [] }: BudgetPlace,
): Promise<BudgetOutcome> {
  const { insert, budget } = newBudget(store, terms, { workspaceId, nowMs });
  return unlessTaken(async () => {
    await store.change([insert, ...beside]);
    return { kind: 'done', budget };
  });
}

/** Part of a larger change: the budget is there when `insert` was run. */
export function newBudget(
  store: Store,
  terms: BudgetTerms,
  { workspaceId, nowMs }: Pick<BudgetContext, 'workspaceId' | 'nowMs'>,
): { readonly insert: Compilable; readonly budget: BudgetRecord } {
  const row = newRow(terms, workspaceId, 'api', nowMs);
  return { insert: store.kysely.insertInto('budgets').values(row), budget: readBudget(row) };
}

/** By name; archived ones, of which a name may have several, only when asked for. */
export async function listBudgets(
  store: Store,
  workspaceId: WorkspaceId,
  withArchived = false,
): Promise<readonly BudgetRecord[]> {
  let query = store.kysely.selectFrom('budgets').selectAll().where('workspace_id', '=', workspaceId);
  if (!withArchived) query = query.where('archived_at', 'is', null);
  return (await query.orderBy('name').orderBy('id').execute()).map(readBudget);
}

/** Of every workspace, those that are not archived: what traffic is held against. */
export async function loadBudgets(store: Store): Promise<readonly BudgetRecord[]> {
  const rows = await store.kysely
    .selectFrom('budgets')
    .selectAll()
    .where('archived_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(readBudget);
}

/** Of single values of one kind, those that are not archived: their own, not those of each. */
export async function findBudgetsOf(
  { kysely }: Store,
  workspaceId: WorkspaceId,
  { kind, ids }: { readonly kind: BudgetTerms['scope']['kind']; readonly ids: readonly string[] },
): Promise<readonly BudgetRecord[]> {
  if (ids.length === 0) return [];
  const rows = await kysely
    .selectFrom('budgets')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('scope_kind', '=', kind)
    .where('scope_id', 'in', ids)
    .where('archived_at', 'is', null)
    .orderBy('name')
    .execute();
  return rows.map(readBudget);
}

/** undefined = the workspace has no such budget. Archived ones are found too. */
export async function findBudget(
  store: Store,
  id: string,
  workspaceId: WorkspaceId,
): Promise<BudgetRecord | undefined> {
  const row = await store.kysely
    .selectFrom('budgets')
    .selectAll()
    .where('id', '=', id as BudgetId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return row && readBudget(row);
}

/** The one of this name that is not archived. */
export async function findBudgetByName(
  store: Store,
  name: string,
  workspaceId: WorkspaceId,
): Promise<BudgetRecord | undefined> {
  const row = await store.kysely
    .selectFrom('budgets')
    .selectAll()
    .where('name', '=', name)
    .where('workspace_id', '=', workspaceId)
    .where('archived_at', 'is', null)
    .executeTakeFirst();
  return row && readBudget(row);
}

/** Changes that come at the same time are made one after the other. A change of nothing changes nothing. */
export async function changeBudget(
  store: Store,
  id: string,
  change: BudgetChange,
  context: BudgetContext,
): Promise<BudgetOutcome> {
  for (;;) {
    const budget = await findBudget(store, id, context.workspaceId);
    const refused = whyFixed(budget);
    if (refused) return refused;
    const { beside = [] } = context;
    const update = updateOf(budget!, change, context);
    if (!update) {
      if (beside.length > 0) await store.change(beside);
      return { kind: 'done', budget: budget! };
    }
    const outcome = await unlessTaken(async () => {
      const [changed] = await store.change([updateQuery(store, budget!, update), ...beside]);
      const after = changed === 1 ? await findBudget(store, id, context.workspaceId) : undefined;
      return after && { kind: 'done', budget: after };
    });
    // Somebody was quicker: what they made of it is what is changed.
    if (outcome) return outcome;
  }
}

/** It counts no more, and its windows stay. Archiving twice changes nothing. */
export async function archiveBudget(
  store: Store,
  id: string,
  { workspaceId, nowMs, beside = [] }: BudgetPlace,
): Promise<BudgetOutcome> {
  const budget = await findBudget(store, id, workspaceId);
  const refused = whyFixed(budget);
  if (refused?.kind === 'archived') return { kind: 'done', budget: budget! };
  if (refused) return refused;
  await store.change([archiveQuery(store, budget!.id, nowMs), ...beside]);
  const after = await findBudget(store, id, workspaceId);
  return after ? { kind: 'done', budget: after } : { kind: 'unknown' };
}

function whyFixed(budget: BudgetRecord | undefined): BudgetOutcome | undefined {
  if (!budget) return { kind: 'unknown' };
  if (budget.archivedAtMs !== undefined) return { kind: 'archived' };
  return budget.source === 'file' ? { kind: 'declared' } : undefined;
}

export interface Reconciled {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly archived: readonly string[];
  /** Names that budgets made by the API have: nothing was changed at all. */
  readonly taken: readonly string[];
}

/**
 * Makes the budgets of source `file` what the file declares: new ones are made, others changed, and those that are
 * declared no more archived. A budget is known by its name; with another scope or period it is another budget.
 */
export function reconcileBudgets(
  store: Store,
  declared: readonly BudgetTerms[],
  context: BudgetContext,
): Promise<Reconciled> {
  return store.alone(async () => {
    const live = await listBudgets(store, context.workspaceId);
    const byName = new Map(live.map((budget) => [budget.name, budget]));
    const taken = declared.filter(({ name }) => byName.get(name)?.source === 'api').map(({ name }) => name);
    const steps = { created: [] as string[], changed: [] as string[], archived: [] as string[] };
    if (taken.length > 0) return { ...steps, taken };
    const kept = new Set(
      declared.filter((terms) => isSame(byName.get(terms.name), terms)).map((t) => t.name),
    );
    // Names are given up before they are taken again.
    const queries: Compilable[] = [];
    for (const { id, name, source } of live) {
      if (source !== 'file' || kept.has(name)) continue;
      steps.archived.push(name);
      queries.push(archiveQuery(store, id, context.nowMs));
    }
    for (const terms of declared) {
      const known = kept.has(terms.name) ? byName.get(terms.name) : undefined;
      const update = known && updateOf(known, { ...terms, outputCap: terms.outputCap ?? null }, context);
      if (!known) {
        const row = newRow(terms, context.workspaceId, 'file', context.nowMs);
        queries.push(store.kysely.insertInto('budgets').values(row));
        steps.created.push(terms.name);
      } else if (update) {
        queries.push(updateQuery(store, known, update));
        steps.changed.push(terms.name);
      }
    }
    if (queries.length > 0) await store.change(queries);
    return { ...steps, taken };
  });
}

function isSame(budget: BudgetRecord | undefined, { scope, period }: BudgetTerms): boolean {
  return (
    budget !== undefined &&
    budget.scope.kind === scope.kind &&
    budget.scope.id === scope.id &&
    budget.period === period
  );
}

function archiveQuery(store: Store, id: BudgetId, nowMs: number): Compilable {
  return store.kysely
    .updateTable('budgets')
    .set({ archived_at: nowMs })
    .where('id', '=', id)
    .where('archived_at', 'is', null);
}

function updateQuery(store: Store, budget: BudgetRecord, update: Updateable<BudgetsTable>): Compilable {
  return store.kysely
    .updateTable('budgets')
    .set({ ...update, version: budget.version + 1 })
    .where('id', '=', budget.id)
    .where('version', '=', budget.version)
    .where('archived_at', 'is', null);
}

/** undefined = it is so already. */
function updateOf(
  budget: BudgetRecord,
  change: BudgetChange,
  context: BudgetContext,
): Updateable<BudgetsTable> | undefined {
  const { outputCap, ...rest } = change;
  const next: Budget = {
    ...budget,
    ...rest,
    ...(outputCap !== undefined && { outputCap: outputCap ?? undefined }),
  };
  const before = columnsOf(budget);
  const after = columnsOf(next);
  const names = Object.keys(after) as (keyof typeof after)[];
  const changed = names.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return undefined;
  const update = Object.fromEntries(changed.map((name) => [name, after[name]]));
  const isMoved = changed.includes('time_zone') || changed.includes('anchor_day');
  return isMoved ? { ...update, ...calendarBefore(budget, context) } : update;
}

/** The window that is open stays as it is. A change that still waits for its end is replaced. */
function calendarBefore(
  budget: BudgetRecord,
  { nowMs, calendarChangeAt }: BudgetContext,
): Updateable<BudgetsTable> {
  const { before } = budget;
  if (before && nowMs < before.untilMs) return {};
  const untilMs = calendarChangeAt(budget, nowMs);
  return {
    before_time_zone: untilMs === undefined ? null : budget.timeZone,
    before_anchor_day: untilMs === undefined ? null : budget.anchorDay,
    before_until: untilMs ?? null,
  };
}

/** What of a budget may be changed, as its row has it. */
function columnsOf(terms: Omit<BudgetTerms, 'scope' | 'period'>) {
  return {
    name: terms.name,
    limit_nano: terms.limit as bigint,
    enforcement: terms.enforcement,
    time_zone: terms.timeZone,
    anchor_day: terms.anchorDay,
    output_cap: terms.outputCap ?? null,
    queue_ms: terms.queueMs,
    thresholds: JSON.stringify(terms.thresholds),
    mode: terms.mode,
  } satisfies Insertable<Partial<BudgetsTable>>;
}

function newRow(
  terms: BudgetTerms,
  workspaceId: WorkspaceId,
  source: BudgetsTable['source'],
  nowMs: number,
): Selectable<BudgetsTable> {
  return {
    id: newId('bud'),
    workspace_id: workspaceId,
    scope_kind: terms.scope.kind,
    scope_id: terms.scope.id,
    period: terms.period,
    ...columnsOf(terms),
    version: 1,
    before_time_zone: null,
    before_anchor_day: null,
    before_until: null,
    source,
    created_at: nowMs,
    archived_at: null,
  };
}

function readBudget(row: Selectable<BudgetsTable>): BudgetRecord {
  const { before_time_zone, before_anchor_day, before_until } = row;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    scope: { kind: row.scope_kind, id: row.scope_id },
    limit: nanoUsd(row.limit_nano),
    enforcement: row.enforcement,
    period: row.period,
    timeZone: row.time_zone,
    anchorDay: row.anchor_day,
    queueMs: row.queue_ms,
    thresholds: JSON.parse(row.thresholds) as number[],
    mode: row.mode,
    version: row.version,
    source: row.source,
    createdAtMs: row.created_at,
    ...(row.output_cap !== null && { outputCap: row.output_cap }),
    ...(row.archived_at !== null && { archivedAtMs: row.archived_at }),
    ...(before_time_zone !== null &&
      before_anchor_day !== null &&
      before_until !== null && {
        before: { timeZone: before_time_zone, anchorDay: before_anchor_day, untilMs: before_until },
      }),
  };
}

/** The unique index on names is the judge: asking first would leave a gap. */
async function unlessTaken<T extends BudgetOutcome | undefined>(
  work: () => Promise<T>,
): Promise<T | { readonly kind: 'name_taken' }> {
  try {
    return await work();
  } catch (error) {
    if (isNameTaken(error)) return { kind: 'name_taken' };
    throw error;
  }
}

/** What a transaction fails with that makes a budget of a name that another has. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Error && /budgets_live_name|budgets\.name/.test(error.message);
}
