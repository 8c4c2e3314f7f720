/**
 * What members prefer for their own keys: which provider is asked first, which model, and who stands in for it. Each
 * change moves the revision. The monthly limit that a member sets itself is a budget, made and ended with it.
 */
import type { Compilable, Selectable } from 'kysely';
import { type BudgetTerms, budgetDefaults } from '../base/budget.ts';
import type { MemberId, WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { PreferencesTable } from '../store/schema-members.ts';
import type { Store } from '../store/store.ts';
import {
  archiveBudget,
  type BudgetContext,
  type BudgetRecord,
  changeBudget,
  createBudget,
  findBudgetByName,
} from './budgets.ts';

/** What is absent is as the workspace has it. */
export interface PreferenceTerms {
  /** Name of the provider to ask first where several serve the model. */
  readonly provider?: string;
  readonly model?: string;
  /** Refs to try after whichever model it is, where the place that names it names none. */
  readonly fallback?: readonly string[];
  /** false = nobody stands in for a model that fails. */
  readonly hasFallback?: boolean;
}

export interface PreferenceRecord extends PreferenceTerms {
  readonly memberId: MemberId;
  readonly workspaceId: WorkspaceId;
  readonly updatedAtMs: number;
}

export interface Preferences {
  /** undefined = it has said nothing. */
  readonly record: PreferenceRecord | undefined;
  /** Of each month, all its keys together; undefined = it has set itself none. */
  readonly budget: BudgetRecord | undefined;
}

export interface PreferenceContext extends BudgetContext {
  readonly memberId: MemberId;
}

export async function findPreferences(
  store: Store,
  { workspaceId, memberId }: Pick<PreferenceContext, 'workspaceId' | 'memberId'>,
): Promise<Preferences> {
  const row = await store.kysely
    .selectFrom('preferences')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  const budget = await findBudgetByName(store, budgetName(memberId), workspaceId);
  return { record: row && readRow(row), budget };
}

/** In the place of all that was there: what `terms` and `monthly` do not say is as the workspace has it again. */
export async function setPreferences(
  store: Store,
  terms: PreferenceTerms,
  monthly: NanoUsd | undefined,
  context: PreferenceContext,
): Promise<Preferences> {
  const { workspaceId, memberId, nowMs } = context;
  const said = {
    provider: terms.provider ?? null,
    model: terms.model ?? null,
    fallback: terms.fallback ? JSON.stringify(terms.fallback) : null,
    has_fallback: terms.hasFallback === undefined ? null : Number(terms.hasFallback),
    updated_at: nowMs,
  };
  const upsert = store.kysely
    .insertInto('preferences')
    .values({ member_id: memberId, workspace_id: workspaceId, ...said })
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet(said));
  await withBudget(store, monthly, upsert, context);
  return findPreferences(store, context);
}

/** As the workspace has it, in all. Twice changes nothing. */
export function clearPreferences(store: Store, context: PreferenceContext): Promise<void> {
  const { workspaceId, memberId } = context;
  const removal = store.kysely
    .deleteFrom('preferences')
    .where('member_id', '=', memberId)
    .where('workspace_id', '=', workspaceId);
  return withBudget(store, undefined, removal, context);
}

/** Of every workspace, those of members who are let in: what traffic is routed by. */
export async function loadPreferences(store: Store): Promise<readonly PreferenceRecord[]> {
  const rows = await store.kysely
    .selectFrom('preferences')
    .innerJoin('members', 'members.id', 'preferences.member_id')
    .selectAll('preferences')
    .where('members.removed_at', 'is', null)
    .where('members.suspended_at', 'is', null)
    .orderBy('preferences.member_id')
    .execute();
  return rows.map(readRow);
}

/** Tries of a change that others are quicker with: each of them has made another one. */
const MAX_TRIES = 10;

/** The preference and its budget are changed in one transaction, or neither. */
async function withBudget(
  store: Store,
  monthly: NanoUsd | undefined,
  query: Compilable,
  context: PreferenceContext,
): Promise<void> {
  const together = { ...context, beside: [query] };
  const terms = { ...monthlyTerms(context.memberId), ...(monthly !== undefined && { limit: monthly }) };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const budget = await findBudgetByName(store, terms.name, context.workspaceId);
    if (monthly === undefined && !budget) {
      await store.change([query]);
      return;
    }
    const outcome =
      monthly === undefined
        ? await archiveBudget(store, budget!.id, together)
        : budget
          ? await changeBudget(store, budget.id, { limit: monthly }, together)
          : await createBudget(store, { ...terms, limit: monthly }, together);
    if (outcome.kind === 'done') return;
  }
  throw new Error(`the monthly budget of ${context.memberId} could not be changed`);
}

function budgetName(memberId: MemberId): string {
  return `preference of ${memberId}`;
}

function monthlyTerms(memberId: MemberId): Omit<BudgetTerms, 'limit'> {
  return {
    ...budgetDefaults,
    name: budgetName(memberId),
    scope: { kind: 'member', id: memberId },
    period: 'month',
  };
}

function readRow(row: Selectable<PreferencesTable>): PreferenceRecord {
  return {
    memberId: row.member_id,
    workspaceId: row.workspace_id,
    updatedAtMs: row.updated_at,
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.model !== null && { model: row.model }),
    ...(row.fallback !== null && { fallback: JSON.parse(row.fallback) as string[] }),
    ...(row.has_fallback !== null && { hasFallback: row.has_fallback === 1 }),
  };
}
