/**
 * A process that reserves, sends and settles as fast as it can until it is killed. It writes every attempt down
 * after the grant and before "sending": a whole line is an attempt the provider may bill. Hard and soft budgets and a
 * limit on streams count what it does; every second settle brings a decision.
 * Arguments: path of the database, durability, a prefix for ids, and where to be killed by itself: a stage and how
 * many times it is reached. The lines go to `<path>.sent`.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { nanoUsd } from '../../src/base/money.ts';
import { withOutput } from '../../src/ledger/bound.ts';
import { type Budget, compileBudgets, matchBudgets } from '../../src/ledger/budget.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import type { ReserveRequest } from '../../src/ledger/ledger.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { createSqliteLedgerStore } from '../../src/ledger/sqlite-ledger-store.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Durability } from '../../src/store/store.ts';
import { type KillStage, watchStages } from './victim-stages.ts';

const [path = '', durability = 'power', prefix = '', fatal, nth = '1'] = process.argv.slice(2);
const sent = openSync(`${path}.sent`, 'a');
const store = await openSqlite(path, { durability: durability as Durability, log: silentLog });
const sqlite = createSqliteLedgerStore(store, systemClock);
const stages = watchStages(store, sqlite, fatal as KillStage | undefined, Number(nth));
const options = { store: stages.ledgerStore, clock: systemClock, log: silentLog };
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

const budgets = (['workspace', 'key', 'agent'] as const).map((kind, at): Budget => {
  return {
    id: `bud_${kind}`,
    workspaceId: 'ws_1',
    name: kind,
    scope: { kind, id: '*' },
    period: at === 1 ? 'rolling:24' : 'total',
    limit: nanoUsd(2_000_000_000n),
    enforcement: at === 2 ? 'soft' : 'hard',
    version: 1,
    timeZone: 'UTC',
    anchorDay: 1,
    queueMs: 0,
    thresholds: [1, 2, 5, 10, 50, 100],
    mode: 'worst-case',
  };
});
const compiled = compileBudgets(budgets);
const declared = store.database.prepare(
  `insert into budgets (id, workspace_id, name, scope_kind, scope_id, limit_nano, enforcement, period, time_zone,
   anchor_day, queue_ms, thresholds, mode, version, source, created_at)
   values (?, 'ws_1', ?, ?, '*', ?, ?, ?, 'UTC', 1, 0, ?, 'worst-case', 1, 'api', 0) on conflict do nothing`,
);
store.database.exec(
  `insert into workspaces (id, name, created_at) values ('ws_1', 'w', 0) on conflict do nothing`,
);
for (const { id, name, scope, limit, enforcement, period, thresholds } of budgets)
  declared.run(id, name, scope.kind, limit, enforcement, period, JSON.stringify(thresholds));

/** 100 tokens in, and at most so many out. */
function boundOf(output: number) {
  const whole = { inputTokens: 100, maxOutput: output, inputNano: nanoUsd(100_000n), fixedNano: nanoUsd(0n) };
  const picos = { basePico: 100_000_000n, outputRatePico: 5_000_000n, amountNano: nanoUsd(0n) };
  return withOutput({ ...whole, ...picos }, output);
}

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
  const output = 2 * (n % 100) + 10;
  const owner = {
    workspaceId: 'ws_1',
    keyId: `key_${n % 3}`,
    agentId: 'a',
    provider: 'p',
    model: 'm',
  } as const;
  const bound = boundOf(output);
  const streams = {
    subject: `key:${owner.keyId}`,
    metric: 'streams',
    limit: 1_000,
    burstMs: 0,
    amount: 1,
  } as const;
  const request: ReserveRequest = {
    exchangeId: `exc_${prefix}_${n}`,
    attempt: 1,
    ...owner,
    clientFormat: 'openai-chat',
    lane: 'relay',
    price,
    inputEstimate: 100,
    maxOutputTokens: output,
    claims: matchBudgets(compiled, owner, nowMs),
    bound,
    rates: [streams],
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + 60_000,
  };
  const grant = await ledger.reserve(request);
  if (!grant.ok) return;
  writeSync(sent, `${request.exchangeId}\n`);
  stages.reach('sent');
  await delay(n % 40);
  ledger.checkpoint(request, n % 100);
  void ledger.hold(request, boundOf(output - 5).amountNano);
  await delay(n % 30);
  // Every tenth stream is still running when the process dies.
  if (n % 10 === 0) return;
  ledger.settle({
    exchangeId: request.exchangeId,
    attempt: 1,
    status: 'ok',
    isCharged: true,
    usage: { reported: { input: 90, output: n % 100, raw: {} }, outputEstimate: n % 100, hasContent: true },
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
