/**
 * Agents that a workspace has declared: made together with their budgets, changed, archived, and heard of. What traffic
 * reads of them, the models they prefer, moves the revision.
 */
import { type Selectable, sql } from 'kysely';
import { type AgentId, isAgentId } from '../base/agent.ts';
import type { BudgetTerms } from '../base/budget.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { AgentsTable } from '../store/schema-agents.ts';
import type { Store } from '../store/store.ts';
import { type BudgetRecord, isNameTaken, newBudget } from './budgets.ts';

export interface AgentRecord {
  readonly id: AgentId;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly description?: string;
  /** Absent = the layers below say which. */
  readonly preferredModel?: string;
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** Its last heartbeat. */
  readonly beatAtMs?: number;
  readonly archivedAtMs?: number;
}

/** One agent with all of it: lists leave out what may be pages. */
export interface WholeAgent extends AgentRecord {
  readonly systemPrompt?: string;
}

export interface AgentTerms {
  readonly name: string;
  readonly description?: string;
  readonly systemPrompt?: string;
  readonly preferredModel?: string;
}

/** null = it has none from now on. */
export interface AgentChange {
  readonly description?: string | null;
  readonly systemPrompt?: string | null;
}

export interface AgentContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
}

/** Its budgets all have its own scope, so theirs is not said. */
export type AgentBudgetTerms = Omit<BudgetTerms, 'scope'>;

export type MadeAgent =
  | { readonly kind: 'done'; readonly agent: WholeAgent; readonly budgets: readonly BudgetRecord[] }
  | { readonly kind: 'name_taken' }
  /** One of its budgets has the name of another, whoever's that is. */
  | { readonly kind: 'budget_taken' }
  | { readonly kind: 'too_many' };

export type ChangedAgent =
  | { readonly kind: 'done'; readonly agent: WholeAgent }
  | { readonly kind: 'unknown' | 'archived' };

/** Not archived, of one workspace: a program that makes agents without end is stopped here. Two at once may pass by one. */
export const MAX_AGENTS = 1_000;

/** The agent and its budgets are there together, or none of them. */
export async function createAgent(
  store: Store,
  terms: AgentTerms,
  budgets: readonly AgentBudgetTerms[],
  { workspaceId, nowMs, by }: AgentContext & { readonly by: string },
): Promise<MadeAgent> {
  if ((await countLive(store, workspaceId)) >= MAX_AGENTS) return { kind: 'too_many' };
  const row: Selectable<AgentsTable> = {
    id: newId('agt'),
    workspace_id: workspaceId,
    name: terms.name,
    description: terms.description ?? null,
    system_prompt: terms.systemPrompt ?? null,
    preferred_model: terms.preferredModel ?? null,
    created_by: by,
    created_at: nowMs,
    last_seen_at: null,
    archived_at: null,
  };
  const scope = { kind: 'agent', id: terms.name } as const;
  const made = budgets.map((budget) => newBudget(store, { ...budget, scope }, { workspaceId, nowMs }));
  try {
    await store.change([store.kysely.insertInto('agents').values(row), ...made.map(({ insert }) => insert)]);
  } catch (error) {
    return { kind: takenBy(error) };
  }
  return { kind: 'done', agent: readWhole(row), budgets: made.map(({ budget }) => budget) };
}

/** The unique indexes are the judges: asking first would leave a gap. @throws what is neither */
function takenBy(error: unknown): 'name_taken' | 'budget_taken' {
  if (isNameTaken(error)) return 'budget_taken';
  if (error instanceof Error && /agents_live_name|agents\.name/.test(error.message)) return 'name_taken';
  throw error;
}

async function countLive(store: Store, workspaceId: WorkspaceId): Promise<number> {
  const { count } = await store.kysely
    .selectFrom('agents')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('archived_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Where a page of agents begins: behind this one. */
export interface AgentPlace {
  readonly name: string;
  /** '' = behind whatever has that name. */
  readonly id: string;
}

export interface AgentQuery {
  readonly after: AgentPlace | undefined;
  /** In the name, in any case; undefined = all. */
  readonly text: string | undefined;
  readonly withArchived: boolean;
  readonly limit: number;
}

const listed = [
  'id',
  'workspace_id',
  'name',
  'description',
  'preferred_model',
  'created_by',
  'created_at',
  'last_seen_at',
  'archived_at',
] as const;

/** By name, those of one name by age. */
export async function listAgents(
  store: Store,
  workspaceId: WorkspaceId,
  { after, text, withArchived, limit }: AgentQuery,
): Promise<readonly AgentRecord[]> {
  let query = store.kysely.selectFrom('agents').select(listed).where('workspace_id', '=', workspaceId);
  if (!withArchived) query = query.where('archived_at', 'is', null);
  if (text !== undefined) {
    const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`lower(name) like ${pattern} escape '\\'`);
  }
  if (after) {
    query = query.where((where) =>
      where.or([
        where('name', '>', after.name),
        where.and([where('name', '=', after.name), where('id', '>', after.id as AgentId)]),
      ]),
    );
  }
  const rows = await query.orderBy('name').orderBy('id').limit(limit).execute();
  return rows.map(readAgent);
}

/** Of all that are not archived: no more than `MAX_AGENTS`, and short. */
export async function liveNames(store: Store, workspaceId: WorkspaceId): Promise<ReadonlySet<string>> {
  const rows = await store.kysely
    .selectFrom('agents')
    .select('name')
    .where('workspace_id', '=', workspaceId)
    .where('archived_at', 'is', null)
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/** By its id, then also where it is archived, or by its name. undefined = the workspace has no such agent. */
export async function findAgent(
  store: Store,
  which: string,
  workspaceId: WorkspaceId,
): Promise<WholeAgent | undefined> {
  const query = store.kysely.selectFrom('agents').selectAll().where('workspace_id', '=', workspaceId);
  const row = await (isAgentId(which)
    ? query.where('id', '=', which as AgentId)
    : query.where('name', '=', which).where('archived_at', 'is', null)
  ).executeTakeFirst();
  return row && readWhole(row);
}

/** Of every workspace, those that are not archived: what traffic is routed by. */
export async function loadAgents(store: Store): Promise<readonly AgentRecord[]> {
  const rows = await store.kysely
    .selectFrom('agents')
    .select(listed)
    .where('archived_at', 'is', null)
    .orderBy('workspace_id')
    .orderBy('name')
    .execute();
  return rows.map(readAgent);
}

/** A change of nothing changes nothing. Nothing of it counts for traffic: the revision stays. */
export async function changeAgent(
  store: Store,
  which: string,
  { description, systemPrompt }: AgentChange,
  { workspaceId }: Pick<AgentContext, 'workspaceId'>,
): Promise<ChangedAgent> {
  const agent = await findAgent(store, which, workspaceId);
  const refused = whyFixed(agent);
  if (refused) return refused;
  const update = {
    ...(description !== undefined && { description }),
    ...(systemPrompt !== undefined && { system_prompt: systemPrompt }),
  };
  if (Object.keys(update).length > 0) await store.write([updateQuery(store, agent!).set(update)]);
  return again(store, agent!);
}

/** @param ref undefined = it prefers none: the layers below say which */
export async function preferModel(
  store: Store,
  which: string,
  ref: string | undefined,
  { workspaceId }: Pick<AgentContext, 'workspaceId'>,
): Promise<ChangedAgent> {
  const agent = await findAgent(store, which, workspaceId);
  const refused = whyFixed(agent);
  if (refused) return refused;
  if (agent!.preferredModel !== ref)
    await store.change([updateQuery(store, agent!).set({ preferred_model: ref ?? null })]);
  return again(store, agent!);
}

/** It counts no more, and what was booked for it stays. Twice changes nothing. */
export async function archiveAgent(
  store: Store,
  which: string,
  { workspaceId, nowMs }: AgentContext,
): Promise<ChangedAgent> {
  const agent = await findAgent(store, which, workspaceId);
  if (!agent) return { kind: 'unknown' };
  if (agent.archivedAtMs === undefined)
    await store.change([updateQuery(store, agent).set({ archived_at: nowMs })]);
  const after = await findAgent(store, agent.id, workspaceId);
  return after ? { kind: 'done', agent: after } : { kind: 'unknown' };
}

function whyFixed(agent: AgentRecord | undefined): { readonly kind: 'unknown' | 'archived' } | undefined {
  if (!agent) return { kind: 'unknown' };
  return agent.archivedAtMs === undefined ? undefined : { kind: 'archived' };
}

function updateQuery(store: Store, { id, workspaceId }: AgentRecord) {
  return store.kysely
    .updateTable('agents')
    .where('id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .where('archived_at', 'is', null);
}

/** As it is after a change, which somebody may have forestalled by archiving it. */
async function again(store: Store, { id, workspaceId }: AgentRecord): Promise<ChangedAgent> {
  const agent = await findAgent(store, id, workspaceId);
  return whyFixed(agent) ?? { kind: 'done', agent: agent! };
}

function readWhole(row: Selectable<AgentsTable>): WholeAgent {
  return { ...readAgent(row), ...(row.system_prompt !== null && { systemPrompt: row.system_prompt }) };
}

function readAgent(row: Omit<Selectable<AgentsTable>, 'system_prompt'>): AgentRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    createdBy: row.created_by,
    createdAtMs: row.created_at,
    ...(row.description !== null && { description: row.description }),
    ...(row.preferred_model !== null && { preferredModel: row.preferred_model }),
    ...(row.last_seen_at !== null && { beatAtMs: row.last_seen_at }),
    ...(row.archived_at !== null && { archivedAtMs: row.archived_at }),
  };
}
