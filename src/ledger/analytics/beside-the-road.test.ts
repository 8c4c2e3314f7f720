/** A question that takes seconds is answered while the ledger goes on granting. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { openSqlite } from '../../store/sqlite.ts';
import { createLedger } from '../create-ledger.ts';
import type { ReserveRequest } from '../ledger.ts';
import { createSqliteLedgerStore } from '../sqlite-ledger-store.ts';

function requestOf(n: number): ReserveRequest {
  return {
    exchangeId: `exc_${n}`,
    attempt: 1,
    workspaceId: 'ws_1',
    keyId: 'key_1',
    provider: 'p',
    model: 'm',
    clientFormat: 'openai-chat',
    lane: 'relay',
    price: undefined,
    inputEstimate: 1,
    createdAtMs: Date.now(),
    deadlineAtMs: Date.now() + 60_000,
  };
}

it('grants and settles while a heavy question is answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-beside-'));
  const store = await openSqlite(join(folder, 'turnpike.db'), { durability: 'power', log: silentLog });
  const ledgerStore = createSqliteLedgerStore(store, systemClock);
  await ledgerStore.join();
  const ledger = createLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
  onTestFinished(async () => {
    ledger.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const steps = 4_000_000;
  let isAnswered = false;
  const answer = sql<{ n: number }>`
    with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${steps})
    select max(n) as n from counted`
    .execute(store.reader)
    .finally(() => {
      isAnswered = true;
    });
  let grants = 0;
  let turns = 0;
  for (; !isAnswered; turns += 1) {
    const request = requestOf(grants);
    if ((await ledger.reserve(request)).ok) grants += 1;
    ledger.settle({
      ...request,
      status: 'ok',
      isCharged: true,
      usage: { reported: { input: 1, output: 1, raw: 0 }, outputEstimate: 1, hasContent: true },
      latencyMs: 1,
      settledAtMs: Date.now(),
    });
    await nextTurn();
  }
  expect((await answer).rows).toEqual([{ n: steps }]);
  // Each needed a transaction and a flush of its own; on the serving connection there would have been one.
  expect(grants).toBe(turns);
  expect(grants).toBeGreaterThan(20);
});
