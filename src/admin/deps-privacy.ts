/** What the resources of privacy stand on: what is kept of exchanges, and the data of one member. */
import type { ExchangeId, MemberId } from '../base/ids.ts';
import type { KeptContent } from '../ledger/content-pack.ts';
import type { ContentSums } from '../ledger/contents.ts';
import type { KeptMode, PrivacyCeiling, PrivacyTerms } from '../registry/privacy.ts';
import type { Caller } from './caller.ts';

export interface PrivacyFacts {
  /** As the workspace wants it. */
  readonly terms: PrivacyTerms;
  readonly ceiling: PrivacyCeiling;
  /** What counts of both. */
  readonly effective: Required<PrivacyTerms>;
  readonly stored: ContentSums;
  /** Of this process since its start, all workspaces together. */
  readonly kept: number;
  readonly dropped: number;
  readonly failed: number;
}

export type PrivacyAnswer =
  | { readonly kind: 'done'; readonly facts: PrivacyFacts }
  /** The installation allows no more than `ceiling`. */
  | { readonly kind: 'above'; readonly ceiling: PrivacyCeiling }
  /** There is no master key to seal content with, and none can be made. */
  | { readonly kind: 'vault_closed' };

export interface ReadContent {
  readonly exchangeId: ExchangeId;
  readonly mode: KeptMode;
  readonly startedAtMs: number;
  /** `unreadable`: it does not open with the master keys at hand. */
  readonly content: KeptContent | 'unreadable';
}

/** Of one workspace. */
export interface PrivacyDesk {
  show(): Promise<PrivacyFacts>;
  set(terms: PrivacyTerms): Promise<PrivacyAnswer>;
  /** How many exchanges it was of. */
  eraseContent(): Promise<number>;
  /** undefined = nothing is kept of it by now. */
  content(id: ExchangeId): Promise<ReadContent | undefined>;
}

export type EraseAnswer =
  | { readonly kind: 'done'; readonly erased: ErasedMember }
  | { readonly kind: 'unknown' }
  /** Nobody would be left who owns the workspace; or it is of somebody above the caller. */
  | { readonly kind: 'last_owner' | 'above' };

export interface ErasedMember {
  readonly memberId: MemberId;
  /** False = the person is a member elsewhere, and stays there. */
  readonly isPersonErased: boolean;
  readonly keys: number;
  readonly credentials: number;
  /** Exchanges whose content was shredded. */
  readonly contents: number;
}

/** The data of members of one workspace. */
export interface MemberDataDesk {
  /**
   * undefined = the workspace has no such member. JSON lines, some at a time; no secret is in them. `isSelf`: with its
   * sessions, which are of no workspace.
   */
  export(memberId: string, isSelf: boolean): Promise<AsyncIterable<string> | undefined>;
  /** Ends the membership and takes away what tells who it was. Twice changes nothing more. */
  erase(memberId: string, by: Caller): Promise<EraseAnswer>;
}
