/** The face of the database, whatever stands behind it. */
import type { Compilable, Kysely } from 'kysely';
import type { Revision } from './revision.ts';
import type { Tables } from './schema.ts';

/** `power`: what is acknowledged survives a power cut. `process`: it survives the death of the process. */
export type Durability = 'power' | 'process';

export type Dialect = 'sqlite' | 'postgres';

/** Kysely's own transactions pass it: open only while migrating. */
export interface TransactionGate {
  isOpen: boolean;
}

export interface Store {
  readonly dialect: Dialect;
  /** For reads and for building queries. Transactions through it are refused: use `write` or `change`. */
  readonly kysely: Kysely<Tables>;
  /**
   * For what operators read, however heavy: it holds up neither the event loop nor the ledger, sees what was
   * committed before the question, and cannot write. Its limits are `StoreError`s with the code `read_limit`.
   */
  readonly reader: Kysely<Tables>;
  readonly revision: Revision;
  readonly durability: Durability;
  /** Runs all statements in one transaction; resolves when durable, with the affected rows of each. */
  write(queries: readonly Compilable[]): Promise<readonly number[]>;
  /** As `write`, and the revision grows with it. */
  change(queries: readonly Compilable[]): Promise<readonly number[]>;
  /** Runs `work` while no other process of this database runs such work. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
