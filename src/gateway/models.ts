/** The models a client may name, and `GET /v1/models` in one shape that OpenAI and Anthropic clients both read: each row has the fields of either. */
import type { Snapshot } from './snapshot.ts';

export interface ModelRow {
  readonly id: string;
  readonly object: 'model';
  readonly type: 'model';
  /** Epoch seconds; providers' own dates are not known for all, so this is the catalog's date. */
  readonly created: number;
  readonly created_at: string;
  readonly owned_by: string;
  readonly display_name: string;
}

export interface ModelPage {
  readonly object: 'list';
  readonly data: readonly ModelRow[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
}

const known = new WeakMap<Snapshot, readonly ModelRow[]>();
const MAX_PAGE = 1000;

/** All refs a client may write: routes and aliases first, then every provider's models. */
export function modelRows(snapshot: Snapshot): readonly ModelRow[] {
  let rows = known.get(snapshot);
  if (!rows) {
    rows = listRows(snapshot);
    known.set(snapshot, rows);
  }
  return rows;
}

function listRows(snapshot: Snapshot): ModelRow[] {
  const date = `${snapshot.catalog.asOf}T00:00:00Z`;
  const created = Math.floor(Date.parse(date) / 1000);
  const rows = new Map<string, ModelRow>();
  const add = (id: string, ownedBy: string, name: string): void => {
    if (rows.has(id)) return;
    rows.set(id, {
      id,
      object: 'model',
      type: 'model',
      created,
      created_at: date,
      owned_by: ownedBy,
      display_name: name,
    });
  };
  for (const name of snapshot.routing.routes.keys()) add(name, 'turnpike', name);
  for (const name of snapshot.routing.aliases.keys()) add(name, 'turnpike', name);
  for (const provider of snapshot.providers.values()) {
    for (const model of provider.models) add(`${provider.name}/${model}`, provider.name, model);
    for (const model of snapshot.catalog.list(provider.catalogProvider)) {
      add(`${provider.name}/${model.id}`, provider.name, model.name);
    }
  }
  return [...rows.values()];
}

export function modelPage(snapshot: Snapshot, query: string): ModelPage {
  const params = new URLSearchParams(query);
  const rows = modelRows(snapshot);
  const afterId = params.get('after_id');
  const start = afterId === null ? 0 : rows.findIndex((row) => row.id === afterId) + 1;
  const limit = Number(params.get('limit') ?? MAX_PAGE);
  const size = Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_PAGE) : MAX_PAGE;
  const data = rows.slice(start, start + size);
  return {
    object: 'list',
    data,
    has_more: start + size < rows.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

/** One model by ref, listed or not; undefined = there is none. */
export function modelRow(snapshot: Snapshot, id: string): ModelRow | undefined {
  const listed = modelRows(snapshot).find((row) => row.id === id);
  if (listed) return listed;
  const plan = snapshot.plan(id);
  const first = plan.ok ? plan.attempts[0] : undefined;
  if (!first) return undefined;
  const row = modelRows(snapshot).find((candidate) => candidate.id === first.ref);
  const date = `${snapshot.catalog.asOf}T00:00:00Z`;
  return {
    id,
    object: 'model',
    type: 'model',
    created: row?.created ?? Math.floor(Date.parse(date) / 1000),
    created_at: row?.created_at ?? date,
    owned_by: first.provider.name,
    display_name: row?.display_name ?? id,
  };
}
