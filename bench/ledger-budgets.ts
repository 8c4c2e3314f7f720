/**
 * What budgets cost a request in the ledger store: reserve and settle with no claim and with four, one of them shared
 * by all. By hand: `npx tsx bench/ledger-budgets.ts [sqlite|postgres] [folder]` (the folder decides the disk of SQLite; `DATABASE_URL`
 * names an empty PostgreSQL database, else one is started). Rounds take turns, so that a busy machine is unfair to none.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { newId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/log.ts';
import { nanoUsd } from '../src/base/money.ts';
import { bookSettle, makeReservation } from '../src/ledger/book.ts';
import { type Bound, withOutput } from '../src/ledger/bound.ts';
import { type Budget, compileBudgets, matchBudgets, noBudgets } from '../src/ledger/budget.ts';
import type { ReserveRequest } from '../src/ledger/ledger.ts';
import {
  type Batch,
  emptyBatch,
  type LedgerStore,
  type Post,
  type Reserve,
} from '../src/ledger/ledger-store.ts';
import { createPostgresLedgerStore } from '../src/ledger/postgres-ledger-store.ts';
import { snapshotPrice } from '../src/ledger/price-snapshot.ts';
import { createSqliteLedgerStore } from '../src/ledger/sqlite-ledger-store.ts';
import { verifyLedger } from '../src/ledger/verify.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const ROUNDS = 9;
const only = process.argv[2];
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'turnpike-bench-'));
const workspaceId = newId('ws');
const keys = Array.from({ length: 64 }, () => newId('key'));

const price = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 3_000_000, output: 15_000_000 } }],
};
const snapshot = snapshotPrice(price);

/** As much as nobody spends here: the road is measured, not the refusals. */
const LIMIT = nanoUsd(1_000_000_000_000_000n);
const scopes = ['workspace', 'key', 'agent', 'session'] as const;
const budgets = scopes.map((kind, at): Budget => {
  return {
    id: `bud_${at}`,
    workspaceId,
    name: kind,
    scope: { kind, id: '*' },
    period: kind === 'session' ? 'total' : 'month',
    limit: LIMIT,
    enforcement: 'hard',
    queueMs: 0,
    thresholds: [50, 80, 100],
    mode: 'worst-case',
    version: 1,
    timeZone: 'UTC',
    anchorDay: 1,
  };
});
const compiled = { 0: noBudgets, 4: compileBudgets(budgets) } as const;
type Claims = keyof typeof compiled;

function requestOf(n: number, claims: Claims): ReserveRequest & { readonly bound: Bound } {
  const nowMs = Date.now();
  const owner = {
    workspaceId,
    keyId: keys[n % keys.length]!,
    agentId: `agent-${n % 16}`,
    sessionId: `session-${n % 512}`,
    provider: price.provider,
    model: price.model,
  } as const;
  const whole = { inputTokens: 61_000, maxOutput: 8_192, inputNano: nanoUsd(0n), fixedNano: nanoUsd(0n) };
  const rates = { basePico: 61_000n * 3_000_000n, outputRatePico: 15_000_000n, amountNano: nanoUsd(0n) };
  return {
    exchangeId: newId('exc'),
    attempt: 1,
    ...owner,
    clientFormat: 'anthropic-messages',
    lane: 'relay',
    price,
    inputEstimate: 61_000,
    maxOutputTokens: 8_192,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 900_000,
    claims: matchBudgets(compiled[claims], owner, nowMs),
    bound: withOutput({ ...whole, ...rates }, whole.maxOutput),
  };
}

function reserveOf(request: ReturnType<typeof requestOf>): Reserve {
  const { claims = [], bound } = request;
  const reservation = makeReservation(request, snapshot);
  return { reservation, price: snapshot, claims, bound, minOutput: 1_024, rates: [] };
}

function postOf({ reservation }: Reserve, n: number): Post {
  const reported = { input: 12, cacheRead: 58_000, cacheWrite5m: 1_900, output: 400 + (n % 100), raw: {} };
  return bookSettle(
    { reservation, price },
    {
      exchangeId: reservation.exchange_id,
      attempt: reservation.attempt,
      status: 'ok',
      isCharged: true,
      usage: { reported, outputEstimate: 420, hasContent: true },
      latencyMs: 5_000,
      settledAtMs: Date.now(),
    },
  );
}

interface Bench {
  readonly name: string;
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
  /** Each batch is made durable before the next. */
  readonly isFlushed: boolean;
}

/** Microseconds a request. */
interface Cost {
  readonly wall: number;
  /** Of this process. */
  readonly cpu: number;
}

/** Batches are made before the clock starts: only the store is measured. */
async function round(
  { ledgerStore, isFlushed }: Bench,
  size: number,
  count: number,
  claims: Claims,
): Promise<Cost> {
  const batches: Batch[] = [];
  let posts: Post[] = [];
  for (let from = 0; from < count; from += size) {
    const reserves = Array.from({ length: size }, (_, at) => reserveOf(requestOf(from + at, claims)));
    batches.push({ ...emptyBatch, posts, reserves });
    posts = reserves.map(postOf);
  }
  batches.push({ ...emptyBatch, posts });
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  for (const batch of batches) {
    const result = await ledgerStore.applyBatch(batch);
    if (!result.ok || !result.grants.every(({ ok }) => ok)) throw new Error(JSON.stringify(result));
    if (isFlushed) await ledgerStore.makeDurable();
  }
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (wallMs * 1_000) / count, cpu: (user + system) / count };
}

function median(costs: readonly Cost[]): string {
  const middle = (of: (cost: Cost) => number) => costs.map(of).toSorted((a, b) => a - b)[costs.length >> 1]!;
  return `${middle(({ wall }) => wall).toFixed(1)} us wall, ${middle(({ cpu }) => cpu).toFixed(1)} us CPU`;
}

async function compare(bench: Bench, size: number, count: number): Promise<void> {
  const costs: Record<Claims, Cost[]> = { 0: [], 4: [] };
  for (let at = 0; at <= ROUNDS; at += 1) {
    for (const claims of [0, 4] as const) {
      const cost = await round(bench, size, count, claims);
      // The first warms up.
      if (at > 0) costs[claims].push(cost);
    }
  }
  console.log(
    `${bench.name.padEnd(10)} batch ${String(size).padStart(3)}, per request: no budgets ${median(costs[0])}; ` +
      `4 claims ${median(costs[4])} (medians of ${ROUNDS})`,
  );
}

async function run(bench: Bench, counts: readonly (readonly [size: number, count: number])[]): Promise<void> {
  const { store } = bench;
  await store.write([
    store.kysely.insertInto('workspaces').values({ id: workspaceId, name: 'w', created_at: 0 }),
  ]);
  for (const [size, count] of counts) await compare(bench, size, count);
  const { problems } = await verifyLedger(store);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await store.close();
}

async function openOnPostgres(url: string): Promise<Bench> {
  const store = await openPostgres(url, { durability: 'power', log: silentLog });
  const options = { store, replicaId: 'bench', version: 'bench', clock: systemClock, log: silentLog };
  const ledgerStore = createPostgresLedgerStore(options);
  await ledgerStore.join();
  return { name: 'PostgreSQL', store, ledgerStore, isFlushed: true };
}

async function runOnSqlite(): Promise<void> {
  const store = await openSqlite(join(folder, 'ledger.db'), { durability: 'process', log: silentLog });
  const ledgerStore = createSqliteLedgerStore(store, systemClock);
  await ledgerStore.join();
  await run({ name: 'SQLite', store, ledgerStore, isFlushed: false }, [
    [1, 1_024],
    [16, 4_096],
    [256, 8_192],
  ]);
}

async function runOnPostgres(): Promise<void> {
  const named = process.env.DATABASE_URL;
  const server = named ? undefined : await startPostgres({ fsync: 'on', full_page_writes: 'on' });
  const url = named ?? (await server!.createDatabase());
  await run(await openOnPostgres(url), [
    [1, 256],
    [16, 2_048],
    [256, 8_192],
  ]).finally(() => server?.stop());
}

try {
  if (only !== 'postgres') await runOnSqlite();
  if (only !== 'sqlite') await runOnPostgres();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
