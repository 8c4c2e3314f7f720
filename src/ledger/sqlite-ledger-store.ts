/** The ledger on SQLite: one immediate transaction per batch, in which all is read that anything is judged by. */
import type { Clock } from '../base/clock.ts';
import type { SqliteStore } from '../store/sqlite.ts';
import type { Batch, BatchResult, Fault, LedgerStore } from './ledger-store.ts';
import { listOwn } from './reservations.ts';
import { applySqliteBatch, type Known } from './sqlite-batch.ts';
import { prepareStatements } from './sqlite-statements.ts';

/**
 * There is one process, held by the lock of the database: its name need not tell it from others. It is what the
 * column of reservations holds by itself.
 */
const REPLICA = 'local';

/** @param clock decides of rates and dates alerts: there is no other clock to ask. */
export function createSqliteLedgerStore(store: SqliteStore, clock: Pick<Clock, 'now'>): LedgerStore {
  const { database, kysely } = store;
  const statements = prepareStatements(database);
  const known: Known = { prices: new Set(), epoch: 0 };
  const runBatch = database.transaction((batch: Batch) =>
    applySqliteBatch(statements, known, batch, clock.now()),
  );
  return {
    beatMs: undefined,
    async join() {
      const { epoch } = statements.beginLife.get(REPLICA, clock.now()) as { epoch: number };
      known.epoch = epoch;
    },
    async leave() {
      statements.endLife.run(REPLICA, known.epoch);
    },
    async applyBatch(batch) {
      try {
        const { duplicates, late, newPrices, holds, grants, rows } = runBatch.immediate(batch);
        for (const id of newPrices) known.prices.add(id);
        store.noteWrites(rows);
        return { ok: true, duplicates, late, grants, holds, skewMs: 0 };
      } catch (error) {
        return judgeError(error);
      }
    },
    makeDurable: async () => {
      if (store.durability === 'power') await store.syncWal();
    },
    listAbandoned: (limit) => listOwn(kysely, REPLICA, known.epoch, limit),
    sweep: async () => [],
    findPrice: (id) =>
      kysely.selectFrom('price_snapshots').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}

/** SQLite's own codes for trouble that is not the fault of what was to be written. */
const unavailableCodes =
  /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|AUTH|PROTOCOL|INTERRUPT)/;

function judgeError(error: unknown): BatchResult {
  const code = String((error as { code?: unknown })?.code ?? '');
  const message = error instanceof Error ? `${code} ${error.message}`.trim() : String(error);
  let fault: Fault = 'rejected';
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) fault = 'busy';
  else if (unavailableCodes.test(code) || /database connection is not open/.test(message))
    fault = 'unavailable';
  return { ok: false, fault, message };
}
