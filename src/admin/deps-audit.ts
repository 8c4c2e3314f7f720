/** What the admin API asks of the audit, and of writes that are to be done once. */
import type { ChainPlace } from '../registry/audit-chain.ts';
import type { AuditEvent, AuditQuery, NewAuditEvent } from '../registry/audit-events.ts';
import type { ChainReport } from '../registry/audit-verify.ts';
import type { ClaimOutcome } from '../registry/idempotency.ts';

export const auditFormats = ['jsonl', 'csv'] as const;
export type AuditFormat = (typeof auditFormats)[number];

export type AuditFilter = Omit<AuditQuery, 'workspaceId' | 'limit' | 'after'>;

/** Of one workspace. */
export interface AuditDesk {
  /** Newest first. */
  list(query: AuditFilter & Pick<AuditQuery, 'limit' | 'after'>): Promise<readonly AuditEvent[]>;
  /** An event that is no part of a change. */
  record(event: Omit<NewAuditEvent, 'workspaceId'>): Promise<void>;
  /**
   * @param ofAll every workspace's chain, for operators; else its own
   * @param expected an end of its own chain that was noted elsewhere
   */
  verify(ofAll: boolean, expected: ChainPlace | undefined): Promise<readonly ChainReport[]>;
  /** Where its chain ends now. */
  head(): Promise<ChainPlace>;
  /** Oldest first, some lines at a time. */
  export(format: AuditFormat, filter: AuditFilter): AsyncIterable<string>;
}

/** A write that came with a key, so that it is done once. */
export interface OnceRequest {
  readonly callerId: string;
  readonly key: string;
  /** Method, path and body, as they tell it from other requests. */
  readonly request: string;
}

export type OnceOutcome =
  | Exclude<ClaimOutcome, { kind: 'ours' | 'done' }>
  | { readonly kind: 'ours'; readonly turn: OnceTurn }
  /** `body` undefined = it was carried out, but its answer could not be kept. */
  | { readonly kind: 'done'; readonly status: number | undefined; readonly body: string | undefined };

export interface OnceTurn {
  /** Said before the work: its first change then marks the claim in its own transaction. */
  mark(): void;
  /** Whether something was changed by now. */
  isCommitted(): boolean;
  /** Kept sealed. Where that cannot be, or there is no body, only that it was carried out is kept. */
  keep(status: number, body: string | undefined): Promise<void>;
  /** Nothing was changed: the same key may come again. */
  forget(): Promise<void>;
}

/** Of one workspace. */
export interface OnceDesk {
  claim(request: OnceRequest): Promise<OnceOutcome>;
}
