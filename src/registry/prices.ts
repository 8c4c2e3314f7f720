/**
 * Prices that operators set: made, ended, and held equal to the configuration file where they are declared in one.
 * None is ever edited: a price that changes is another one. Each change is one transaction and moves the revision.
 */
import type { Compilable, Selectable } from 'kysely';
import { newId, type WorkspaceId } from '../base/ids.ts';
import type { PriceOverrideId, PriceTerms } from '../base/price-terms.ts';
import type { PriceTier } from '../base/rates.ts';
import type { PriceOverridesTable } from '../store/schema-prices.ts';
import type { Store } from '../store/store.ts';

export interface PriceOverrideRecord extends PriceTerms {
  readonly id: PriceOverrideId;
  readonly workspaceId: WorkspaceId;
  readonly effectiveFromMs: number;
  /** From then on it holds no more. */
  readonly untilMs?: number;
  /** `file`: it is changed where it is declared, and nowhere else. */
  readonly source: PriceOverridesTable['source'];
  readonly createdAtMs: number;
  readonly archivedAtMs?: number;
}

export interface PriceContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
}

export type PriceOutcome =
  | { readonly kind: 'done'; readonly price: PriceOverrideRecord }
  | { readonly kind: 'unknown' }
  /** Another price for the same, from the same moment, holds. */
  | { readonly kind: 'taken' }
  /** The configuration file declares it. */
  | { readonly kind: 'declared' };

export async function createPriceOverride(
  store: Store,
  terms: PriceTerms,
  context: PriceContext,
): Promise<PriceOutcome> {
  const row = newRow(terms, context, 'api');
  try {
    await store.change([store.kysely.insertInto('price_overrides').values(row)]);
  } catch (error) {
    if (isTaken(error)) return { kind: 'taken' };
    throw error;
  }
  return { kind: 'done', price: readRow(row) };
}

/** By provider and model, the latest to begin first; archived ones only when asked for. */
export async function listPriceOverrides(
  store: Store,
  workspaceId: WorkspaceId,
  withArchived = false,
): Promise<readonly PriceOverrideRecord[]> {
  let query = store.kysely.selectFrom('price_overrides').selectAll().where('workspace_id', '=', workspaceId);
  if (!withArchived) query = query.where('archived_at', 'is', null);
  const rows = await query
    .orderBy('provider')
    .orderBy('model')
    .orderBy('service_tier')
    .orderBy('effective_from', 'desc')
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(readRow);
}

/** Of every workspace, those that hold or held at some time: what traffic and re-rating are priced by. */
export async function loadPriceOverrides(store: Store): Promise<readonly PriceOverrideRecord[]> {
  const rows = await store.kysely
    .selectFrom('price_overrides')
    .selectAll()
    .where((where) =>
      where.or([where('until_at', 'is', null), where('until_at', '>', where.ref('effective_from'))]),
    )
    .orderBy('id')
    .execute();
  return rows.map(readRow);
}

/** undefined = the workspace has no such price. Archived ones are found too. */
export async function findPriceOverride(
  store: Store,
  id: string,
  workspaceId: WorkspaceId,
): Promise<PriceOverrideRecord | undefined> {
  const row = await store.kysely
    .selectFrom('price_overrides')
    .selectAll()
    .where('id', '=', id as PriceOverrideId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return row && readRow(row);
}

/**
 * It holds no more from now on, or, where it `neverHeld`, for no time at all: a mistake. Archiving twice changes
 * nothing.
 */
export async function archivePriceOverride(
  store: Store,
  id: string,
  { workspaceId, nowMs, neverHeld }: PriceContext & { readonly neverHeld: boolean },
): Promise<PriceOutcome> {
  const price = await findPriceOverride(store, id, workspaceId);
  if (!price) return { kind: 'unknown' };
  if (price.source === 'file') return { kind: 'declared' };
  if (price.archivedAtMs !== undefined) return { kind: 'done', price };
  await store.change([archiveQuery(store, price, nowMs, neverHeld ? price.effectiveFromMs : nowMs)]);
  const after = await findPriceOverride(store, id, workspaceId);
  return after ? { kind: 'done', price: after } : { kind: 'unknown' };
}

export interface ReconciledPrices {
  readonly created: readonly PriceTerms[];
  readonly archived: readonly PriceTerms[];
  /** What a price made by the API holds for, from the same moment: nothing was changed at all. */
  readonly taken: readonly PriceTerms[];
}

/**
 * Makes the prices of source `file` what the file declares. One whose rates differ is ended, and the new one begins
 * now, or when the file says so.
 */
export function reconcilePrices(
  store: Store,
  declared: readonly PriceTerms[],
  context: PriceContext,
): Promise<ReconciledPrices> {
  return store.alone(async () => {
    const live = await listPriceOverrides(store, context.workspaceId);
    const ofFile = live.filter(({ source }) => source === 'file');
    const isKnown = (terms: PriceTerms) => ofFile.some((price) => isSame(price, terms));
    const archived = ofFile.filter((price) => !declared.some((terms) => isSame(price, terms)));
    const created = declared.filter((terms) => !isKnown(terms));
    const taken = created.filter((terms) =>
      live.some((price) => price.source === 'api' && identityOf(price) === identityOf(terms)),
    );
    if (taken.length > 0) return { created: [], archived: [], taken };
    const queries: Compilable[] = [
      ...archived.map((price) => archiveQuery(store, price, context.nowMs, context.nowMs)),
      ...created.map((terms) =>
        store.kysely.insertInto('price_overrides').values(newRow(terms, context, 'file')),
      ),
    ];
    if (queries.length > 0) await store.change(queries);
    return { created, archived, taken };
  });
}

function identityOf({ provider, model, serviceTier, effectiveFromMs }: PriceTerms): string {
  return JSON.stringify([provider, model, serviceTier, effectiveFromMs]);
}

/** One without a moment of its own is the same as long as its rates are. */
function isSame(price: PriceOverrideRecord, terms: PriceTerms): boolean {
  const isDated = price.effectiveFromMs !== price.createdAtMs;
  const declaredFrom = isDated ? price.effectiveFromMs : undefined;
  return (
    identityOf({ ...price, effectiveFromMs: declaredFrom }) === identityOf(terms) &&
    JSON.stringify(price.tiers) === JSON.stringify(terms.tiers)
  );
}

function archiveQuery(
  store: Store,
  { id, effectiveFromMs }: PriceOverrideRecord,
  nowMs: number,
  untilMs: number,
): Compilable {
  return (
    store.kysely
      .updateTable('price_overrides')
      // One that was to begin later has never held.
      .set({ archived_at: nowMs, until_at: Math.max(untilMs, effectiveFromMs) })
      .where('id', '=', id)
      .where('archived_at', 'is', null)
  );
}

function newRow(
  terms: PriceTerms,
  { workspaceId, nowMs }: PriceContext,
  source: PriceOverridesTable['source'],
): Selectable<PriceOverridesTable> {
  return {
    id: newId('ovr'),
    workspace_id: workspaceId,
    provider: terms.provider,
    model: terms.model,
    service_tier: terms.serviceTier,
    tiers: JSON.stringify(terms.tiers),
    effective_from: terms.effectiveFromMs ?? nowMs,
    until_at: null,
    source,
    created_at: nowMs,
    archived_at: null,
  };
}

function readRow(row: Selectable<PriceOverridesTable>): PriceOverrideRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    provider: row.provider,
    model: row.model,
    serviceTier: row.service_tier,
    tiers: JSON.parse(row.tiers) as PriceTier[],
    effectiveFromMs: row.effective_from,
    source: row.source,
    createdAtMs: row.created_at,
    ...(row.until_at !== null && { untilMs: row.until_at }),
    ...(row.archived_at !== null && { archivedAtMs: row.archived_at }),
  };
}

/** The unique index is the judge: asking first would leave a gap. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && /price_overrides_live|price_overrides\.effective_from/.test(error.message);
}
