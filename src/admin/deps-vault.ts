/** What the admin API asks of the vault of the installation. No key goes out but a recovery key, once. */
import type { Secret } from '../base/secret.ts';

/** Where the vault stands. Keys are told by their names, which say nothing of them. */
export interface VaultFacts {
  readonly kind: 'environment' | 'file' | 'keychain' | 'passphrase';
  /** Where exactly, for people. */
  readonly place: string;
  /**
   * `empty`: nothing is sealed. `open`: one key seals and opens all. `rotating`: rows of a former key are being taken
   * over. `waiting`: another key is to take over as soon as all replicas have it. `closed`: the key at hand does not
   * open what is sealed.
   */
  readonly state: 'empty' | 'open' | 'rotating' | 'waiting' | 'closed';
  /** Name of the key that seals; absent = none is at hand. */
  readonly key?: string;
  /** Rows that are sealed: of credentials, and of keys that contents are sealed with. */
  readonly secrets: number;
  /** Rows by the name of the key that has sealed them. */
  readonly rows: readonly {
    readonly key: string;
    readonly secrets: number;
    readonly isAtHand: boolean;
  }[];
  /** The last change of keys. */
  readonly rotation?: {
    readonly from: string;
    readonly to: string;
    readonly startedAtMs: number;
    readonly endedAtMs?: number;
  };
  /** Replicas that have not got the next key at hand. */
  readonly waitsFor: readonly string[];
  readonly recoveryKey?: {
    /** Tells it from others. */
    readonly fingerprint: string;
    readonly madeAtMs: number;
    /** False = what the database says of it was changed: make another. */
    readonly isGood: boolean;
  };
}

export type VaultAnswer =
  | { readonly kind: 'done'; readonly facts: VaultFacts }
  /** Why it cannot be done, and how it can. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The keys at hand do not open what is sealed. */
  | { readonly kind: 'closed'; readonly message: string }
  /** It is no recovery key, or not the one of this installation. */
  | { readonly kind: 'wrong_key'; readonly message: string };

export type MadeRecoveryKey =
  | { readonly kind: 'done'; readonly recoveryKey: Secret; readonly facts: VaultFacts }
  | Extract<VaultAnswer, { kind: 'refused' | 'closed' }>;

export interface VaultDesk {
  describe(): Promise<VaultFacts>;
  /** Another master key takes over; resolves when all rows are its own. */
  rotate(): Promise<VaultAnswer>;
  /** In place of the one there was. */
  makeRecoveryKey(): Promise<MadeRecoveryKey>;
  /** A new master key in place of a lost one. */
  recover(recoveryKey: Secret): Promise<VaultAnswer>;
  /** Takes out what no key at hand opens; how many rows. */
  forget(): Promise<{ readonly forgotten: number; readonly facts: VaultFacts }>;
}
