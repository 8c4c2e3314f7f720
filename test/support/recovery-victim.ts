/**
 * A process that dies by `kill -9` while it recovers. Arguments: where the database is, the number of the batch it is
 * killed at, and whether before or after that batch is committed.
 */
import { systemClock } from '../../src/base/clock.ts';
import { isPostgresUrl } from '../../src/base/database-url.ts';
import { silentLog } from '../../src/base/log.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { createPostgresLedgerStore } from '../../src/ledger/postgres-ledger-store.ts';
import { recoverLedger } from '../../src/ledger/recover.ts';
import { createSqliteLedgerStore } from '../../src/ledger/sqlite-ledger-store.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

const [location = '', nth = '1', when = 'before'] = process.argv.slice(2);
const shared = { clock: systemClock, log: silentLog };

async function openBooks(): Promise<LedgerStore> {
  const options = { durability: 'power', log: silentLog } as const;
  if (!isPostgresUrl(location))
    return createSqliteLedgerStore(await openSqlite(location, options), systemClock);
  const store = await openPostgres(location, options);
  return createPostgresLedgerStore({ store, replicaId: 'replica-1', version: 'test', ...shared });
}

const store = await openBooks();
let batches = 0;
const applyBatch: LedgerStore['applyBatch'] = async (batch) => {
  batches += 1;
  const isLast = batches === Number(nth);
  if (isLast && when === 'before') process.kill(process.pid, 'SIGKILL');
  const result = await store.applyBatch(batch);
  if (isLast) process.kill(process.pid, 'SIGKILL');
  return result;
};
// A getter would be lost in copying; recovery does not ask for it.
await recoverLedger({ store: { ...store, applyBatch }, ...shared });
