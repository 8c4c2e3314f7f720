/** What is noted of an exchange whose content is kept, and who takes it. */
import type { ExchangeId, KeyId, WorkspaceId } from '../base/ids.ts';
import type { KeptMode } from '../registry/privacy.ts';
import type { FormatId } from '../wire/chat.ts';

/** The beginning of one side of an exchange. */
export interface Said {
  readonly bytes: Buffer;
  /** Of the whole. */
  readonly totalBytes: number;
}

export interface NotedContent {
  readonly exchangeId: ExchangeId;
  readonly workspaceId: WorkspaceId;
  readonly memberId: string | undefined;
  readonly keyId: KeyId;
  readonly mode: KeptMode;
  readonly startedAtMs: number;
  /** What the client speaks. */
  readonly format: FormatId;
  /** Its replies can be put together from their pieces. */
  readonly isChat: boolean;
  readonly status: number;
  /** Of the reply. */
  readonly contentType: string;
  /** As the client sent it, its compression undone. */
  readonly request: Said;
  /** As it went to the client. */
  readonly reply: Said;
}

/** Takes what was noted, at once and whatever becomes of it. */
export interface ContentLog {
  take(content: NotedContent): void;
  /** Whether so many bytes more may be held for replies under way; negative numbers give back. */
  makeRoom(bytes: number): boolean;
}
