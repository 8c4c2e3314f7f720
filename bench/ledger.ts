/**
 * What the ledger costs a request. By hand: `npx tsx bench/ledger.ts [folder]` (the folder decides the disk).
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
import type { Batch, Post } from '../src/ledger/ledger-store.ts';
import { snapshotPrice } from '../src/ledger/price-snapshot.ts';
import { createSqliteLedgerStore } from '../src/ledger/sqlite-ledger-store.ts';
import { verifyLedger } from '../src/ledger/verify.ts';
import { openSqlite, type SqliteStore } from '../src/store/sqlite.ts';
import type { Durability } from '../src/store/store.ts';

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

async function openBench(name: string, durability: Durability): Promise<SqliteStore> {
  return openSqlite(join(folder, `${name}.db`), { durability, log: silentLog });
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

/**
 * Reserve, post and rollups of every request; the commit included, the flush not.
 * @param losses undefined = relayed: nothing beside the entry
 */
async function benchBatch(size: number, requests: number, losses?: number): Promise<void> {
  const store = await openBench(`batch-${size}-${isSpread}-${losses}`, 'process');
  const ledgerStore = createSqliteLedgerStore(store);
  let posts: Post[] = [];
  const round = async (from: number) => {
    const waiting = Array.from({ length: size }, (_, at) => reserveRequest(from + at));
    const batch: Batch = {
      releases: [],
      posts,
      reserves: waiting.map((request) => {
        const snapshot = snapshotPrice(request.price!);
        return { reservation: makeReservation(request, snapshot), price: snapshot };
      }),
      progress: [],
    };
    const result = await ledgerStore.applyBatch(batch);
    if (!result.ok) throw new Error(result.message);
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
    `batch ${String(size).padStart(3)}, ${isSpread ? '24 rollup rows' : ' 1 rollup row '}: ${((wallMs * 1000) / requests).toFixed(1)} us wall, ` +
      `${((user + system) / requests).toFixed(1)} us CPU per request (reserve + entry + rollups${losses === undefined ? '' : ` + ${losses} losses`})`,
  );
  store.close();
}

/** Requests come at a fixed rate whatever the ledger does; each is settled 50 ms after its grant. */
async function benchLoop(durability: Durability, perSecond: number, seconds: number): Promise<void> {
  const store = await openBench(`loop-${durability}-${perSecond}`, durability);
  const ledger = createLedger({ store: createSqliteLedgerStore(store), clock: systemClock, log: silentLog });
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
  const open: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; ) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond);
    for (; n < due; n += 1) open.push(one(n));
    await delay(1);
  }
  await Promise.all(open);
  loop.disable();
  const { user, system } = process.cpuUsage(cpu);
  if (!(await ledger.drain(5_000))) throw new Error('not drained');
  const report = await verifyLedger(store);
  if (!report.isSound || report.entries !== waits.length) throw new Error(JSON.stringify(report.problems));
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]!.toFixed(2);
  console.log(
    `${durability.padEnd(7)} ${String(perSecond).padStart(5)}/s: reserve p50 ${at(0.5)} p99 ${at(0.99)} ` +
      `max ${at(0.99999)} ms, loop delay p99 ${(loop.percentile(99) / 1e6).toFixed(1)} ms, ` +
      `${((user + system) / waits.length).toFixed(0)} us CPU per request`,
  );
  ledger.stop();
  store.close();
}

try {
  for (isSpread of [false, true]) {
    await benchBatch(1, 8_192);
    await benchBatch(16, 32_768);
    await benchBatch(256, 65_536);
  }
  for (const losses of [0, 5, 100]) await benchBatch(16, 16_384, losses);
  for (const durability of ['process', 'power'] as const) {
    for (const perSecond of [200, 2_000]) await benchLoop(durability, perSecond, 5);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
