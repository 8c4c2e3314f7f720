/** What the ledger has, summed as bills are: from the rollups, with what only the entries tell added by the hour. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Store } from '../../store/store.ts';
import { DAY_MS, HOUR_MS } from '../rollup.ts';
import { addTokens, noTokens, type OurSum, type Stretch, subtractTokens, type Tokens } from './sides.ts';

export type Width = 'hour' | 'day';

export const widthMs: Readonly<Record<Width, number>> = { hour: HOUR_MS, day: DAY_MS };

export interface BooksQuery extends Stretch {
  readonly providers: readonly string[];
  readonly width: Width;
}

/**
 * Of all workspaces: a provider's key serves them together. Adjustments that operators accepted count for the day
 * they are about, not for the day they were booked.
 */
export async function sumBooks(store: Store, query: BooksQuery): Promise<readonly OurSum[]> {
  const sums: Sums = new Map();
  if (query.providers.length === 0) return [];
  for (const row of await selectRollups(store, query)) {
    put(sums, row, (sum) => ({ ...sum, tokens: readTokens(row), cost: row.cost_nano }));
  }
  await addParts(store, query, sums);
  await moveAdjustments(store, query, sums);
  return [...sums.values()];
}

type Sums = Map<string, OurSum>;
interface Place {
  readonly provider: string;
  readonly model: string;
  readonly start_at: number;
}

function put(
  sums: Sums,
  { provider, model, start_at: startMs }: Place,
  change: (sum: OurSum) => OurSum,
): void {
  const key = `${startMs}\n${provider}\n${model}`;
  sums.set(key, change(sums.get(key) ?? { ...nothing, provider, model, startMs }));
}

const nothing = {
  tokens: noTokens,
  cost: 0n,
  fees: 0n,
  estimated: noTokens,
  interrupted: noTokens,
  unpriced: noTokens,
} as const;

export const tokenColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
] as const;
export type TokenRow = Readonly<Record<(typeof tokenColumns)[number], number>>;

export function readTokens(row: TokenRow): Tokens {
  return {
    input: row.input_tokens,
    cacheRead: row.cache_read_tokens,
    cacheWrite5m: row.cache_write_5m_tokens,
    cacheWrite1h: row.cache_write_1h_tokens,
    output: row.output_tokens,
    audioInput: row.audio_input_tokens,
    audioOutput: row.audio_output_tokens,
  };
}

export function writeTokens(tokens: Tokens): TokenRow {
  return {
    input_tokens: tokens.input,
    cache_read_tokens: tokens.cacheRead,
    cache_write_5m_tokens: tokens.cacheWrite5m,
    cache_write_1h_tokens: tokens.cacheWrite1h,
    output_tokens: tokens.output,
    audio_input_tokens: tokens.audioInput,
    audio_output_tokens: tokens.audioOutput,
  };
}

const tokenSums = sql.join(tokenColumns.map((column) => sql`sum(${sql.ref(column)}) as ${sql.ref(column)}`));
// Naming the workspaces lets the index on (workspace, time) do the work.
const everyWorkspace = sql`workspace_id in (select id from workspaces)`;

type RollupRow = Place & TokenRow & { readonly cost_nano: bigint };

async function selectRollups(store: Store, query: BooksQuery): Promise<readonly RollupRow[]> {
  const { width, startMs, endMs, providers } = query;
  const table = sql.table(width === 'day' ? 'usage_days' : 'usage_hours');
  const time = sql.ref(width);
  const { rows } = await sql<RollupRow>`
    select provider, model, ${time} as start_at, ${tokenSums}, sum(cost_nano) as cost_nano from ${table}
    where ${everyWorkspace} and ${time} >= ${startMs} and ${time} < ${endMs} and provider in (${sql.join(providers)})
    group by provider, model, ${time}`.execute(store.kysely);
  return rows;
}

type PartRow = Place &
  TokenRow & {
    readonly is_interrupted: number;
    readonly is_estimated: number;
    readonly is_unpriced: number;
    readonly fees_nano: bigint;
  };

/** Hour by hour, so that neither the event loop nor the database is held for long. */
async function addParts(store: Store, query: BooksQuery, sums: Sums): Promise<void> {
  for (let hourMs = query.startMs; hourMs < query.endMs; hourMs += HOUR_MS) {
    const startMs = hourMs - (hourMs % widthMs[query.width]);
    for (const row of await selectParts(store, query, hourMs)) {
      put(sums, { ...row, start_at: startMs }, (sum) => addPart(sum, row));
    }
    await nextTurn();
  }
}

function addPart(sum: OurSum, row: PartRow): OurSum {
  const tokens = readTokens(row);
  const added = (is: boolean, was: Tokens) => (is ? addTokens(was, tokens) : was);
  return {
    ...sum,
    fees: sum.fees + row.fees_nano,
    interrupted: added(row.is_interrupted === 1, sum.interrupted),
    estimated: added(row.is_estimated === 1 && row.is_interrupted === 0, sum.estimated),
    unpriced: added(row.is_unpriced === 1, sum.unpriced),
  };
}

/** Entries that are not plain. What was booked as interrupted and corrected since is an estimate no more. */
async function selectParts(store: Store, query: BooksQuery, hourMs: number): Promise<readonly PartRow[]> {
  const { rows } = await sql<PartRow>`
    select provider, model, is_interrupted, is_estimated, is_unpriced, ${tokenSums}, sum(fee_nano) as fees_nano
    from (
      select provider, model, is_estimated, ${sql.join(tokenColumns.map((column) => sql.ref(column)))},
        case when status = 'interrupted' then 1 else 0 end as is_interrupted,
        case when price_state = 'unknown' then 1 else 0 end as is_unpriced,
        case when calls is not null and price_state = 'priced' then other_cost_nano else 0 end as fee_nano
      from ledger_entries entry
      where ${everyWorkspace} and created_at >= ${hourMs} and created_at < ${hourMs + HOUR_MS}
        and provider in (${sql.join(query.providers)})
        and (is_estimated = 1 or price_state = 'unknown' or calls is not null)
        and (status <> 'interrupted' or not exists (
          select 1 from ledger_entries later where later.exchange_id = entry.exchange_id
            and later.attempt = entry.attempt and later.sequence > 0))
    ) as parts
    group by provider, model, is_interrupted, is_estimated, is_unpriced`.execute(store.kysely);
  return rows;
}

/** From the day they were booked to the day they are about. Bills by the hour have no adjustments: they are of days. */
async function moveAdjustments(store: Store, query: BooksQuery, sums: Sums): Promise<void> {
  const { startMs, endMs, providers, width } = query;
  const isIn = (atMs: number) => atMs >= startMs && atMs < endMs;
  const rows = await store.kysely
    .selectFrom('adjustment_proposals')
    .selectAll()
    .where('state', '=', 'accepted')
    .where('provider', 'in', providers)
    .where((or) =>
      or.or([
        or.and([or('start_at', '>=', startMs), or('start_at', '<', endMs)]),
        or.and([or('decided_at', '>=', startMs), or('decided_at', '<', endMs)]),
      ]),
    )
    .execute();
  for (const row of rows) {
    const tokens = readTokens(row);
    const bookedAt = row.decided_at ?? row.start_at;
    if (isIn(bookedAt)) {
      put(sums, { ...row, start_at: bookedAt - (bookedAt % widthMs[width]) }, (sum) => ({
        ...sum,
        tokens: subtractTokens(sum.tokens, tokens),
        cost: sum.cost - row.cost_nano,
      }));
    }
    if (width !== 'day' || !isIn(row.start_at)) continue;
    put(sums, row, (sum) => ({
      ...sum,
      tokens: addTokens(sum.tokens, tokens),
      cost: sum.cost + row.cost_nano,
    }));
  }
}
