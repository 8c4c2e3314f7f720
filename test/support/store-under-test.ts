/** What a test that runs on every store may ask of one. */
import type { Clock } from '../../src/base/clock.ts';
import type { Opened } from './ledger-lives.ts';

export interface StoreUnderTest {
  readonly name: string;
  /** Random lives that take a few seconds. */
  readonly runs: number;
  /** Empty, and joined by one replica. Close it before the next one is opened. */
  open(): Promise<Opened>;
  /** After the last test of the file. */
  remove(): Promise<void>;
}

/** The clock of one test. */
export interface TestTime {
  readonly clock: Clock;
  set(ms: number): void;
}
