/**
 * A process that reserves, sends and settles as fast as it can until it is killed. It writes every attempt down
 * after the grant and before "sending": a whole line is an attempt the provider may bill.
 * Every second settle brings a decision. Arguments: path of the database, durability, a prefix for ids. The lines go to `<path>.sent`.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import type { ReserveRequest } from '../../src/ledger/ledger.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { createSqliteLedgerStore } from '../../src/ledger/sqlite-ledger-store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Durability } from '../../src/store/store.ts';

const [path = '', durability = 'power', prefix = ''] = process.argv.slice(2);
const sent = openSync(`${path}.sent`, 'a');
const store = await openSqlite(path, { durability: durability as Durability, log: silentLog });
const ledgerStore = createSqliteLedgerStore(store, systemClock);
const options = { store: ledgerStore, clock: systemClock, log: silentLog };
await recoverLedger(options);
const ledger = createLedger(options);

const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 5_000_000 } }],
};

const decision = {
  asked: 'fast',
  revision: 1,
  upstreamFormat: 'anthropic-messages',
  overheadMs: 1,
  skipped: [],
  requestLosses: [{ kind: 'dropped', path: 'topK', note: 'the upstream has no such field' }],
  replyLosses: [],
} as const;

async function exchange(n: number): Promise<void> {
  const nowMs = Date.now();
  const request: ReserveRequest = {
    exchangeId: `exc_${prefix}_${n}`,
    attempt: 1,
    workspaceId: 'ws_1',
    keyId: `key_${n % 3}`,
    provider: 'p',
    model: 'm',
    clientFormat: 'openai-chat',
    lane: 'relay',
    price,
    inputEstimate: 100,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 60_000,
  };
  const grant = await ledger.reserve(request);
  if (!grant.ok) return;
  writeSync(sent, `${request.exchangeId}\n`);
  await delay(n % 40);
  ledger.checkpoint(request, n);
  await delay(n % 30);
  // Every tenth stream is still running when the process dies.
  if (n % 10 === 0) return;
  ledger.settle({
    exchangeId: request.exchangeId,
    attempt: 1,
    status: 'ok',
    isCharged: true,
    usage: { reported: { input: 90, output: n, raw: {} }, outputEstimate: n, hasContent: true },
    latencyMs: 70,
    settledAtMs: Date.now(),
    decision: n % 2 === 0 ? decision : undefined,
  });
}

writeSync(1, 'begun');
for (let n = 1; ; n += 1) {
  void exchange(n);
  if (n % 8 === 0) await delay(1);
}
