/** A sink takes messages: a webhook, a chat, a mailbox, the log. */

/** What is told, in words for people and in fields for programs. */
export interface Message {
  /** The dedupe key: the same whenever the same thing is told again. */
  readonly id: string;
  readonly topic: string;
  /** When it happened, in epoch milliseconds. */
  readonly atMs: number;
  /** One line. */
  readonly title: string;
  /** Whole sentences. */
  readonly lines: readonly string[];
  /** Where to look further. */
  readonly hint: string;
  /** JSON, camelCase: money as decimal text, times as ISO 8601. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What became of one delivery. `said` is a short sentence for operators, free of secrets. */
export type SinkAnswer =
  | { readonly kind: 'taken'; readonly said: string }
  | { readonly kind: 'failed'; readonly said: string; readonly retryAfterMs?: number | undefined };

export interface Sink {
  /** The same after each restart, and free of secrets: deliveries are remembered by it. */
  readonly name: string;
  /** Never rejects. When `signal` is aborted nothing more need be waited for. */
  deliver(message: Message, signal: AbortSignal): Promise<SinkAnswer>;
  close(): Promise<void>;
}

export function taken(said: string): SinkAnswer {
  return { kind: 'taken', said };
}

export function failed(said: string, retryAfterMs?: number): SinkAnswer {
  return { kind: 'failed', said, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
