/** What the API of virtual keys stands on. */
import type { BudgetRecord } from '../registry/budgets.ts';
import type { NewKeyLimits } from '../registry/key-limits.ts';
import type { KeyQuery } from '../registry/key-list.ts';
import type { KeyRecord, KeyTerms, OldToken } from '../registry/key-record.ts';
import type { KeyChange } from '../registry/keys.ts';
import type { RateLimitRecord } from '../registry/rate-limits.ts';

/** A virtual key as operators see it. The token itself is shown once, when it is made. */
export interface KeyFacts extends Omit<KeyRecord, 'workspaceId'> {
  /** Those that work besides its own. */
  readonly oldTokens: readonly OldToken[];
  readonly budgets: readonly BudgetRecord[];
  readonly rateLimit?: RateLimitRecord;
}

export interface NewKey extends KeyTerms, NewKeyLimits {
  readonly isHoneypot?: boolean;
}

export type KeySearch = Omit<KeyQuery, 'workspaceId' | 'nowMs'>;

export interface MadeKeyFacts {
  readonly kind: 'done';
  readonly key: KeyFacts;
  /** The only time it is seen. */
  readonly token: string;
}

/** What it names is not of this workspace. */
export type Unfound = { readonly kind: 'member_unknown' | 'agent_unknown' };

/**
 * Of one workspace. `own`: only keys of that member are there; undefined = of all.
 */
export interface KeyDesk {
  /** What a key may be bound to: names of calls, and of groups of them. */
  readonly calls: readonly string[];
  /** Newest first. */
  list(search: KeySearch): Promise<readonly KeyFacts[]>;
  find(id: string, own: string | undefined): Promise<KeyFacts | undefined>;
  create(
    key: NewKey,
    drawnBy: string | undefined,
  ): Promise<MadeKeyFacts | Unfound | { readonly kind: 'budget_taken' | 'too_many' }>;
  change(
    id: string,
    change: KeyChange,
    own: string | undefined,
  ): Promise<
    | { readonly kind: 'done'; readonly key: KeyFacts }
    | { readonly kind: 'unknown' | 'ended' | 'honeypot' }
    | Unfound
  >;
  rotate(
    id: string,
    overlapMs: number,
    own: string | undefined,
    /** The member that asks, if it is one. */
    drawnBy: string | undefined,
  ): Promise<MadeKeyFacts | { readonly kind: 'unknown' | 'ended' | 'overtaken' | 'too_many' }>;
  /** The key as it is now; undefined = no such key. Revoking twice changes nothing. */
  revoke(id: string, own: string | undefined): Promise<KeyFacts | undefined>;
}
