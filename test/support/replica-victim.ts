/**
 * A replica that reserves, sends and settles as fast as it can until it is killed, beside others of its kind that share
 * its budgets. A line is written after the grant and before "sending". Arguments: URL of the database, replica id, file of the lines, a
 * prefix for ids.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createPostgresLedgerStore } from '../../src/ledger/postgres-ledger-store.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { request, settled } from './fake-ledger-store.ts';
import { sharedBound, sharedClaims } from './victim-budget.ts';

const [url = '', replicaId = '', path = '', prefix = ''] = process.argv.slice(2);
const sent = openSync(path, 'a');
const store = await openPostgres(url, { durability: 'power', log: silentLog });
const shared = { clock: systemClock, log: silentLog };
const ledgerStore = createPostgresLedgerStore({ store, replicaId, version: 'test', ...shared });
await recoverLedger({ store: ledgerStore, ...shared });
const ledger = createLedger({ store: ledgerStore, ...shared });

async function exchange(n: number): Promise<void> {
  const exchangeId = `exc_${prefix}_${n}` as const;
  const nowMs = Date.now();
  const times = { createdAtMs: nowMs, deadlineAtMs: nowMs + 60_000 };
  // All share a key, a model and budgets, so that all replicas meet at the same rows.
  const budgeted = { claims: sharedClaims(ledger.now()), bound: sharedBound };
  const grant = await ledger.reserve({ ...request(n), exchangeId, ...times, ...budgeted });
  if (!grant.ok) return;
  writeSync(sent, `${exchangeId}\n`);
  await delay(n % 40);
  // Within what was reserved for it.
  ledger.checkpoint({ exchangeId, attempt: 1 }, n % 50);
  // Every tenth stream is still running when the process dies.
  if (n % 10 === 0) return;
  ledger.settle({ ...settled(n), exchangeId, settledAtMs: Date.now() });
}

writeSync(1, 'begun');
for (let n = 1; ; n += 1) {
  void exchange(n);
  if (n % 8 === 0) await delay(1);
}
