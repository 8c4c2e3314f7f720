/**
 * Models that operators set for prompts and workspaces, through the API or the console. Each change is one transaction
 * and moves the revision.
 */
import type { Selectable } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { ModelRulesTable } from '../store/schema-models.ts';
import type { Store } from '../store/store.ts';

/** In place of a prompt's id: the model of the workspace where nothing else names one. */
export const WORKSPACE_DEFAULT = 'default';

export interface ModelRuleTerms {
  /** `agent:oss:code-reviewer`, `agent:*`, or `WORKSPACE_DEFAULT`. */
  readonly promptId: string;
  readonly ref: string;
  /** Refs to try after it; absent = it names none. */
  readonly fallback?: readonly string[];
}

export interface ModelRuleRecord extends ModelRuleTerms {
  readonly workspaceId: WorkspaceId;
  readonly createdBy: string;
  readonly createdAtMs: number;
}

export interface ModelRuleContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
  /** Who sets it. */
  readonly by: string;
}

/** Makes the rule, or puts it in the place of the one there was. */
export async function setModelRule(
  store: Store,
  { promptId, ref, fallback }: ModelRuleTerms,
  { workspaceId, nowMs, by }: ModelRuleContext,
): Promise<ModelRuleRecord> {
  const said = {
    ref,
    fallback: fallback ? JSON.stringify(fallback) : null,
    created_by: by,
    created_at: nowMs,
  };
  const row = { workspace_id: workspaceId, prompt_id: promptId, ...said };
  await store.change([
    store.kysely
      .insertInto('model_rules')
      .values(row)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'prompt_id']).doUpdateSet(said)),
  ]);
  return readRow(row);
}

/** Answers what it was; undefined = there was none. */
export async function unsetModelRule(
  store: Store,
  promptId: string,
  workspaceId: WorkspaceId,
): Promise<ModelRuleRecord | undefined> {
  const rule = await findModelRule(store, promptId, workspaceId);
  if (!rule) return undefined;
  const [rows] = await store.change([
    store.kysely
      .deleteFrom('model_rules')
      .where('workspace_id', '=', workspaceId)
      .where('prompt_id', '=', promptId),
  ]);
  return rows === 1 ? rule : undefined;
}

export async function findModelRule(
  store: Store,
  promptId: string,
  workspaceId: WorkspaceId,
): Promise<ModelRuleRecord | undefined> {
  const row = await store.kysely
    .selectFrom('model_rules')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('prompt_id', '=', promptId)
    .executeTakeFirst();
  return row && readRow(row);
}

/** Of every workspace, by prompt: what traffic is routed by. */
export async function loadModelRules(store: Store): Promise<readonly ModelRuleRecord[]> {
  const rows = await store.kysely
    .selectFrom('model_rules')
    .selectAll()
    .orderBy('workspace_id')
    .orderBy('prompt_id')
    .execute();
  return rows.map(readRow);
}

function readRow(row: Selectable<ModelRulesTable>): ModelRuleRecord {
  return {
    workspaceId: row.workspace_id,
    promptId: row.prompt_id,
    ref: row.ref,
    ...(row.fallback !== null && { fallback: JSON.parse(row.fallback) as string[] }),
    createdBy: row.created_by,
    createdAtMs: row.created_at,
  };
}
