/** What a refusal's row in a table says. */

/** The class of error a client format spells in its own words. Same names as the canonical chat's. */
export type RefusalKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'too-large'
  | 'rate-limit'
  | 'budget'
  | 'overloaded'
  | 'timeout'
  | 'blocked'
  | 'upstream'
  | 'internal';

export interface RefusalRow {
  readonly status: number;
  readonly kind: RefusalKind;
  /** How to mend it, one sentence for docs and messages. */
  readonly fix: string;
}
