/**
 * What the ledger costs a request. By hand: `npx tsx bench/ledger.ts [folder]` (the folder decides the disk of
 * SQLite; `DATABASE_URL` names an empty PostgreSQL database, else one is started for the purpose).
 * First the write path alone at fixed batch sizes, then reserves through the real event loop at a fixed rate.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../src/base/clock.ts';
import { type ExchangeId, newId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/log.ts';
import type { Price } from '../src/catalog/price.ts';
import { bookSettle, makeReservation } from '../src/ledger/book.ts';
import { createLedger } from '../src/ledger/create-ledger.ts';
import { type DecisionFacts, renderDecision } from '../src/ledger/decision.ts';
import type { ReserveRequest, SettleRequest } from '../src/ledger/ledger.ts';
import {
  type Batch,
  emptyBatch,
  type LedgerStore,
  type Post,
  plainReserve,
} from '../src/ledger/ledger-store.ts';
import { createPostgresLedgerStore } from '../src/ledger/postgres-ledger-store.ts';
import { snapshotPrice } from '../src/ledger/price-snapshot.ts';
import { createSqliteLedgerStore } from '../src/ledger/sqlite-ledger-store.ts';
import { verifyLedger } from '../src/ledger/verify.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Durability, Store } from '../src/store/store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'turnpike-bench-'));
const workspaceId = newId('ws');
const keys = Array.from({ length: 8 }, () => newId('key'));
const models = ['claude-sonnet-4-5', 'claude-haiku-4-5', 'gpt-4o'];
/** Keys x models x agents that take turns: 24 means that no two entries of a batch of 16 share a rollup row. */
let isSpread = true;

const price: Price = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [
    {
      aboveInputTokens: 0,
      rates: { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite5m: 3_750_000 },
    },
  ],
};

function reserveRequest(number: number, exchangeId: ExchangeId = newId('exc')): ReserveRequest {
  const nowMs = Date.now();
  const n = isSpread ? number : 0;
  return {
    exchangeId,
    attempt: 1,
    workspaceId,
    keyId: keys[n % keys.length]!,
    agentId: `agent-${n % 3}`,
    sessionId: `0193e1a0-0000-7000-8000-${String(n % 20).padStart(12, '0')}`,
    provider: 'anthropic',
    model: models[n % models.length]!,
    clientFormat: 'anthropic-messages',
    lane: 'relay',
    price,
    inputEstimate: 61_000,
    maxOutputTokens: 32_000,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 900_000,
  };
}

function settleRequest(n: number, { exchangeId, attempt }: ReserveRequest): SettleRequest {
  const reported = { input: 12, cacheRead: 58_000, cacheWrite5m: 1_900, output: 400 + (n % 100), raw: {} };
  return {
    exchangeId,
    attempt,
    status: 'ok',
    isCharged: true,
    usage: { reported, outputEstimate: 420, hasContent: true },
    httpStatus: 200,
    stop: 'end_turn',
    upstreamRequestId: 'req_011CVxyzabcdefghijklmnop',
    ttftMs: 800 + (n % 300),
    latencyMs: 5_000 + (n % 3_000),
    settledAtMs: Date.now(),
  };
}

interface Bench {
  readonly store: Store;
  readonly ledgerStore: LedgerStore;
}

type Open = (name: string, durability: Durability) => Promise<Bench>;

async function openOnSqlite(name: string, durability: Durability): Promise<Bench> {
  const store = await openSqlite(join(folder, `${name}.db`), { durability, log: silentLog });
  const ledgerStore = createSqliteLedgerStore(store, systemClock);
  await ledgerStore.join();
  return { store, ledgerStore };
}

async function openOnPostgres(url: string, name: string): Promise<Bench> {
  const store = await openPostgres(url, { durability: 'power', log: silentLog });
  const options = { store, replicaId: name, version: 'bench', clock: systemClock, log: silentLog };
  const ledgerStore = createPostgresLedgerStore(options);
  await ledgerStore.join();
  return { store, ledgerStore };
}

/** What a translation leaves beside its entry, with this many losses. */
function decisionWith(losses: number): DecisionFacts {
  const note = 'prompts are cached without marks here';
  return {
    asked: 'fast',
    revision: 3,
    upstreamFormat: 'openai-chat',
    overheadMs: 1.2,
    skipped: [],
    requestLosses: Array.from({ length: losses }, (_, n) => ({
      kind: 'dropped',
      path: `turns[${n}].parts[0].cache`,
      note,
    })),
    replyLosses: [],
  };
}

interface BatchBench {
  readonly size: number;
  readonly requests: number;
  /** undefined = relayed: nothing beside the entry. */
  readonly losses?: number;
  /** Each batch is made durable before the next. */
  readonly isFlushed?: boolean;
}

/** Reserve, post and rollups of every request, the commit included. */
async function benchBatch(open: Open, { size, requests, losses, isFlushed }: BatchBench): Promise<void> {
  const { store, ledgerStore } = await open(`batch-${size}-${isSpread}-${losses}-${isFlushed}`, 'process');
  let posts: Post[] = [];
  const round = async (from: number) => {
    const waiting = Array.from({ length: size }, (_, at) => reserveRequest(from + at));
    const batch: Batch = {
      ...emptyBatch,
      posts,
      reserves: waiting.map((request) => {
        const snapshot = snapshotPrice(request.price!);
        return plainReserve(makeReservation(request, snapshot), snapshot);
      }),
    };
    const result = await ledgerStore.applyBatch(batch);
    if (!result.ok) throw new Error(result.message);
    if (isFlushed) await ledgerStore.makeDurable();
    posts = batch.reserves.map(({ reservation }, at) => {
      const booking = bookSettle({ reservation, price }, settleRequest(from + at, waiting[at]!));
      const decision = losses === undefined ? undefined : renderDecision(decisionWith(losses));
      return { entry: booking.entry, price: booking.price, decision };
    });
  };
  for (let n = 0; n < requests / 4; n += size) await round(n);
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  for (let n = 0; n < requests; n += size) await round(n);
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${store.dialect.padEnd(8)} batch ${String(size).padStart(3)}, ${isSpread ? '24 rollup rows' : ' 1 rollup row '}: ` +
      `${((wallMs * 1000) / requests).toFixed(1)} us wall, ${((user + system) / requests).toFixed(1)} us CPU per request ` +
      `(reserve + entry + rollups${losses === undefined ? '' : ` + ${losses} losses`}${isFlushed ? ' + barrier' : ''})`,
  );
  await store.close();
}

/** Requests come at a fixed rate whatever the ledger does; each is settled 50 ms after its grant. */
async function benchLoop(
  open: Open,
  durability: Durability,
  perSecond: number,
  seconds: number,
): Promise<void> {
  const { store, ledgerStore } = await open(`loop-${durability}-${perSecond}`, durability);
  const before = (await verifyLedger(store)).entries;
  const ledger = createLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
  const waits: number[] = [];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const one = async (n: number) => {
    const request = reserveRequest(n);
    const startMs = performance.now();
    const grant = await ledger.reserve(request);
    waits.push(performance.now() - startMs);
    if (!grant.ok) throw new Error(grant.reason);
    await delay(50);
    ledger.settle(settleRequest(n, request));
  };
  const cpu = process.cpuUsage();
  loop.enable();
  const startMs = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; ) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
    for (; n < due; n += 1) running.push(one(n));
    await delay(1);
  }
  await Promise.all(running);
  loop.disable();
  const { user, system } = process.cpuUsage(cpu);
  if (!(await ledger.drain(5_000))) throw new Error('not drained');
  const report = await verifyLedger(store);
  if (!report.isSound || report.entries - before !== waits.length)
    throw new Error(JSON.stringify(report.problems));
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(2);
  console.log(
    `${store.dialect.padEnd(8)} ${durability.padEnd(7)} ${String(perSecond).padStart(5)}/s: reserve p50 ${at(0.5)} p99 ${at(0.99)} ` +
      `max ${at(0.99999)} ms, loop delay p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms, ` +
      `${((user + system) / waits.length).toFixed(0)} us CPU per request`,
  );
  ledger.stop();
  await store.close();
}

async function benchPostgres(url: string): Promise<void> {
  const open: Open = (name) => openOnPostgres(url, name);
  for (isSpread of [false, true]) {
    await benchBatch(open, { size: 1, requests: 1_024, isFlushed: true });
    await benchBatch(open, { size: 16, requests: 8_192, isFlushed: true });
    await benchBatch(open, { size: 256, requests: 32_768, isFlushed: true });
  }
  for (const perSecond of [200, 2_000]) await benchLoop(open, 'power', perSecond, 5);
}

try {
  for (isSpread of [false, true]) {
    await benchBatch(openOnSqlite, { size: 1, requests: 8_192 });
    await benchBatch(openOnSqlite, { size: 16, requests: 32_768 });
    await benchBatch(openOnSqlite, { size: 256, requests: 65_536 });
  }
  for (const losses of [0, 5, 100]) await benchBatch(openOnSqlite, { size: 16, requests: 16_384, losses });
  for (const durability of ['process', 'power'] as const) {
    for (const perSecond of [200, 2_000]) await benchLoop(openOnSqlite, durability, perSecond, 5);
  }
  const named = process.env.DATABASE_URL;
  const server = named ? undefined : await startPostgres({ fsync: 'on', full_page_writes: 'on' });
  await benchPostgres(named ?? (await server!.createDatabase())).finally(() => server?.stop());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
