/**
 * Where in the life of an attempt a process can be killed: thirteen places between which something becomes true.
 * Those inside a transaction are reached by triggers of this connection, so the code under test knows nothing of them.
 */
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import type { SqliteStore } from '../../src/store/sqlite.ts';

export const killStages = [
  /** The road asks; nothing is written. */
  'asked',
  /** In the transaction of the reserve. */
  'reservation written',
  'window of a reserve written',
  /** Committed, and the disk may not have it. */
  'granted',
  /** On the disk, and the road does not know. */
  'flushed',
  /** The provider has it. */
  'sent',
  /** In the transaction of a running stream's progress, or of what it gives back. */
  'progress written',
  'hold changed',
  /** The road is done, and only this process knows. */
  'settled',
  /** In the transaction of the post. */
  'reservation taken away',
  'entry written',
  'alert written',
  /** Committed, and the disk may not have it. */
  'posted',
] as const;
export type KillStage = (typeof killStages)[number];

/** What has just been done when each of them is reached. */
const triggers: Partial<Record<KillStage, string>> = {
  'reservation written': 'insert on reservations',
  'window of a reserve written':
    'update on budget_windows for each row when new.reserved_nano > old.reserved_nano',
  'progress written': 'update of observed_output on reservations',
  'hold changed': 'update of amount_nano on reservations',
  'reservation taken away': 'delete on reservations',
  'entry written': 'insert on ledger_entries',
  'alert written': 'insert on outbox',
};

export interface Stages {
  readonly ledgerStore: LedgerStore;
  /** Does not return where it is the one to die at. */
  reach(stage: KillStage): void;
}

/** @param nth time that the stage is reached; undefined = nobody dies */
export function watchStages(
  { database }: SqliteStore,
  ledgerStore: LedgerStore,
  fatal: KillStage | undefined,
  nth: number,
): Stages {
  let left = nth;
  const reach = (stage: KillStage) => {
    if (stage !== fatal) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const when = fatal && triggers[fatal];
  if (when !== undefined) {
    database.function('reach_stage', () => {
      reach(fatal!);
      return null;
    });
    database.exec(`create temp trigger fatal after ${when} begin select reach_stage(); end`);
  }
  const watched: LedgerStore = {
    ...ledgerStore,
    async applyBatch(batch) {
      if (batch.reserves.length > 0) reach('asked');
      if (batch.posts.length > 0) reach('settled');
      const result = await ledgerStore.applyBatch(batch);
      if (batch.reserves.length > 0) reach('granted');
      if (batch.posts.length > 0) reach('posted');
      return result;
    },
    async makeDurable() {
      await ledgerStore.makeDurable();
      reach('flushed');
    },
  };
  return { ledgerStore: watched, reach };
}
