/**
 * Which models stand in for which, as operators set it: of the whole installation, over what files and this version
 * say. Each change is one transaction and moves the revision.
 */
import type { Selectable } from 'kysely';
import type { FallbackChainsTable } from '../store/schema-models.ts';
import type { Store } from '../store/store.ts';

export interface FallbackChainTerms {
  /** `vendor/model`, as the catalog files it. */
  readonly model: string;
  /** In order; none = nobody stands in for it. */
  readonly refs: readonly string[];
}

export interface FallbackChainRecord extends FallbackChainTerms {
  readonly createdBy: string;
  readonly createdAtMs: number;
}

/** Makes the chain, or puts it in the place of the one there was. */
export async function setFallbackChain(
  store: Store,
  { model, refs }: FallbackChainTerms,
  { nowMs, by }: { readonly nowMs: number; readonly by: string },
): Promise<FallbackChainRecord> {
  const said = { refs: JSON.stringify(refs), created_by: by, created_at: nowMs };
  await store.change([
    store.kysely
      .insertInto('fallback_chains')
      .values({ model, ...said })
      .onConflict((conflict) => conflict.column('model').doUpdateSet(said)),
  ]);
  return readRow({ model, ...said });
}

/** Answers what it was; undefined = there was none. */
export async function unsetFallbackChain(
  store: Store,
  model: string,
): Promise<FallbackChainRecord | undefined> {
  const row = await store.kysely
    .selectFrom('fallback_chains')
    .selectAll()
    .where('model', '=', model)
    .executeTakeFirst();
  if (!row) return undefined;
  const [rows] = await store.change([store.kysely.deleteFrom('fallback_chains').where('model', '=', model)]);
  return rows === 1 ? readRow(row) : undefined;
}

/** By model. */
export async function loadFallbackChains(store: Store): Promise<readonly FallbackChainRecord[]> {
  const rows = await store.kysely.selectFrom('fallback_chains').selectAll().orderBy('model').execute();
  return rows.map(readRow);
}

function readRow(row: Selectable<FallbackChainsTable>): FallbackChainRecord {
  return {
    model: row.model,
    refs: JSON.parse(row.refs) as string[],
    createdBy: row.created_by,
    createdAtMs: row.created_at,
  };
}
