/** The tables of what has to be told, and of who has been told it. As in schema.ts. */
import type { Generated, GeneratedAlways } from 'kysely';

/** What has to be delivered at least once; receivers tell repeats by the dedupe key. */
export interface OutboxTable {
  id: string;
  topic: string;
  dedupe_key: string;
  /** JSON. */
  payload: string;
  attempts: Generated<number>;
  next_at: number;
  /** null = still to be delivered. */
  done_at: number | null;
  /** When its deliveries were made; null = nobody has looked at it yet. */
  addressed_at: Generated<number | null>;
  /** Whose it is, as the payload says; null = the installation's. */
  workspace_id: GeneratedAlways<string | null>;
}

/** What became of a message at one receiver. */
export interface OutboxDeliveriesTable {
  outbox_id: string;
  /** Name of the receiver (alerts/sink.ts). */
  sink: string;
  /** Begun, the one that goes on included. */
  attempts: Generated<number>;
  /** Not before; while one goes on, when it counts as lost. */
  next_at: number;
  done_at: number | null;
  /** It was tried for too long, or can never be sent. */
  given_up_at: number | null;
  /** What the last failure was; null = there was none, or it is done. */
  last_error: string | null;
}
