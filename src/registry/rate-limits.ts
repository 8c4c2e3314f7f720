/**
 * Rate limits: made, listed, changed, deleted, and held equal to the configuration file where they are declared in
 * one. Each change is one transaction and moves the revision.
 */
import type { Compilable, Selectable } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import {
  hasFigures,
  type RateLimit,
  type RateLimitChange,
  type RateLimitId,
  type RateLimitTerms,
  rateFigures,
  writeRateScope,
} from '../base/rate-limit.ts';
import type { RateLimitRulesTable } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

export interface RateLimitRecord extends RateLimit {
  /** `file`: it is changed where it is declared, and nowhere else. */
  readonly source: RateLimitRulesTable['source'];
  readonly createdAtMs: number;
}

export interface RateLimitContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
}

export type RateLimitOutcome =
  | { readonly kind: 'done'; readonly rateLimit: RateLimitRecord }
  | { readonly kind: 'unknown' }
  /** The workspace has one of that scope. */
  | { readonly kind: 'scope_taken' }
  /** Nothing would be limited any more. */
  | { readonly kind: 'empty' }
  /** The configuration file declares it. */
  | { readonly kind: 'declared' };

export async function createRateLimit(
  store: Store,
  terms: RateLimitTerms,
  context: RateLimitContext,
): Promise<RateLimitOutcome> {
  if (!hasFigures(terms)) return { kind: 'empty' };
  const { rateLimit, insert } = newRateLimit(store, terms, context);
  try {
    await store.change([insert]);
  } catch (error) {
    if (isScopeTaken(error)) return { kind: 'scope_taken' };
    throw error;
  }
  return { kind: 'done', rateLimit };
}

/** For a transaction that makes what it limits, too: nobody can have taken its scope. At least one figure is there. */
export function newRateLimit(
  { kysely }: Store,
  terms: RateLimitTerms,
  context: RateLimitContext,
): { readonly rateLimit: RateLimitRecord; readonly insert: Compilable } {
  const row = newRow(terms, context, 'api');
  return { rateLimit: readRow(row), insert: kysely.insertInto('rate_limit_rules').values(row) };
}

/** By scope. */
export async function listRateLimits(
  store: Store,
  workspaceId: WorkspaceId,
): Promise<readonly RateLimitRecord[]> {
  const rows = await store.kysely
    .selectFrom('rate_limit_rules')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('scope_kind')
    .orderBy('scope_id')
    .execute();
  return rows.map(readRow);
}

/** Of every workspace: what traffic is held against. */
export async function loadRateLimits(store: Store): Promise<readonly RateLimitRecord[]> {
  const rows = await store.kysely.selectFrom('rate_limit_rules').selectAll().orderBy('id').execute();
  return rows.map(readRow);
}

/** Of single values of one kind: their own, not those of each. */
export async function findRateLimitsOf(
  { kysely }: Store,
  workspaceId: WorkspaceId,
  { kind, ids }: { readonly kind: RateLimitTerms['scope']['kind']; readonly ids: readonly string[] },
): Promise<readonly RateLimitRecord[]> {
  if (ids.length === 0) return [];
  const rows = await kysely
    .selectFrom('rate_limit_rules')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('scope_kind', '=', kind)
    .where('scope_id', 'in', ids)
    .execute();
  return rows.map(readRow);
}

/** undefined = the workspace has no such rate limit. */
export async function findRateLimit(
  store: Store,
  id: string,
  workspaceId: WorkspaceId,
): Promise<RateLimitRecord | undefined> {
  const row = await store.kysely
    .selectFrom('rate_limit_rules')
    .selectAll()
    .where('id', '=', id as RateLimitId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return row && readRow(row);
}

/** Changes that come at the same time are made one after the other. A change of nothing changes nothing. */
export async function changeRateLimit(
  store: Store,
  id: string,
  change: RateLimitChange,
  { workspaceId }: Pick<RateLimitContext, 'workspaceId'>,
): Promise<RateLimitOutcome> {
  for (;;) {
    const before = await findRateLimit(store, id, workspaceId);
    if (!before) return { kind: 'unknown' };
    if (before.source === 'file') return { kind: 'declared' };
    const wanted = changed(before, change);
    if (!hasFigures(wanted)) return { kind: 'empty' };
    const update = updateQuery(store, before, wanted);
    if (!update) return { kind: 'done', rateLimit: before };
    const [rows] = await store.change([update]);
    // None: somebody was quicker, and what they made of it is what is changed.
    if (rows === 1) return { kind: 'done', rateLimit: { ...wanted, version: before.version + 1 } };
  }
}

/** It limits nothing any more, at once. Answers what it was. */
export async function deleteRateLimit(
  store: Store,
  id: string,
  { workspaceId }: Pick<RateLimitContext, 'workspaceId'>,
): Promise<RateLimitOutcome> {
  const rateLimit = await findRateLimit(store, id, workspaceId);
  if (!rateLimit) return { kind: 'unknown' };
  if (rateLimit.source === 'file') return { kind: 'declared' };
  const [rows] = await store.change([deleteQuery(store, rateLimit.id)]);
  return rows === 1 ? { kind: 'done', rateLimit } : { kind: 'unknown' };
}

export interface ReconciledRateLimits {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
  /** Scopes for which the API has made one: nothing was changed at all. */
  readonly taken: readonly string[];
}

/** Makes the rate limits of source `file` what the file declares. One is known by its scope. */
export function reconcileRateLimits(
  store: Store,
  declared: readonly RateLimitTerms[],
  context: RateLimitContext,
): Promise<ReconciledRateLimits> {
  return store.alone(async () => {
    const live = await listRateLimits(store, context.workspaceId);
    const byScope = new Map(live.map((one) => [writeRateScope(one.scope), one]));
    const scopes = declared.map(({ scope }) => writeRateScope(scope));
    const steps = { created: [] as string[], changed: [] as string[], deleted: [] as string[] };
    const taken = scopes.filter((scope) => byScope.get(scope)?.source === 'api');
    if (taken.length > 0) return { ...steps, taken };
    const queries: Compilable[] = [];
    for (const [scope, { id, source }] of byScope) {
      if (source !== 'file' || scopes.includes(scope)) continue;
      steps.deleted.push(scope);
      queries.push(deleteQuery(store, id));
    }
    for (const terms of declared) {
      const scope = writeRateScope(terms.scope);
      const known = byScope.get(scope);
      const query = known
        ? updateQuery(store, known, terms)
        : store.kysely.insertInto('rate_limit_rules').values(newRow(terms, context, 'file'));
      if (!query) continue;
      queries.push(query);
      steps[known ? 'changed' : 'created'].push(scope);
    }
    if (queries.length > 0) await store.change(queries);
    return { ...steps, taken };
  });
}

function changed(before: RateLimitRecord, { burstSeconds, ...figures }: RateLimitChange): RateLimitRecord {
  const next = rateFigures.map((figure) => {
    const wanted = figures[figure];
    return [figure, wanted === undefined ? before[figure] : (wanted ?? undefined)] as const;
  });
  const left = next.filter(([, value]) => value !== undefined);
  const { id, workspaceId, scope, version, source, createdAtMs } = before;
  return {
    ...Object.fromEntries(left),
    ...{ id, workspaceId, scope, version, source, createdAtMs },
    burstSeconds: burstSeconds ?? before.burstSeconds,
  };
}

/** undefined = it is so already. */
function updateQuery(
  store: Store,
  before: RateLimitRecord,
  terms: Omit<RateLimitTerms, 'scope'>,
): Compilable | undefined {
  const now = columnsOf(before);
  const next = columnsOf(terms);
  const names = Object.keys(next) as (keyof typeof next)[];
  if (names.every((name) => now[name] === next[name])) return undefined;
  return store.kysely
    .updateTable('rate_limit_rules')
    .set({ ...next, version: before.version + 1 })
    .where('id', '=', before.id)
    .where('version', '=', before.version);
}

function deleteQuery(store: Store, id: RateLimitId): Compilable {
  return store.kysely.deleteFrom('rate_limit_rules').where('id', '=', id);
}

/** What of it may be changed, as its row has it. */
function columnsOf(terms: Omit<RateLimitTerms, 'scope'>) {
  return {
    requests_per_minute: terms.requestsPerMinute ?? null,
    input_tokens_per_minute: terms.inputTokensPerMinute ?? null,
    output_tokens_per_minute: terms.outputTokensPerMinute ?? null,
    concurrent: terms.concurrent ?? null,
    burst_seconds: terms.burstSeconds,
  } satisfies Partial<RateLimitRulesTable>;
}

function newRow(
  terms: RateLimitTerms,
  { workspaceId, nowMs }: RateLimitContext,
  source: RateLimitRulesTable['source'],
): Selectable<RateLimitRulesTable> {
  return {
    id: newId('lim'),
    workspace_id: workspaceId,
    scope_kind: terms.scope.kind,
    scope_id: terms.scope.id,
    ...columnsOf(terms),
    version: 1,
    source,
    created_at: nowMs,
  };
}

function readRow(row: Selectable<RateLimitRulesTable>): RateLimitRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    scope: { kind: row.scope_kind, id: row.scope_id },
    ...(row.requests_per_minute !== null && { requestsPerMinute: row.requests_per_minute }),
    ...(row.input_tokens_per_minute !== null && { inputTokensPerMinute: row.input_tokens_per_minute }),
    ...(row.output_tokens_per_minute !== null && { outputTokensPerMinute: row.output_tokens_per_minute }),
    ...(row.concurrent !== null && { concurrent: row.concurrent }),
    burstSeconds: row.burst_seconds,
    version: row.version,
    source: row.source,
    createdAtMs: row.created_at,
  };
}

/** The unique index on scopes is the judge: asking first would leave a gap. */
function isScopeTaken(error: unknown): boolean {
  return error instanceof Error && /rate_limit_rules_scope|rate_limit_rules\.scope_id/.test(error.message);
}
