/** How far a listener has heard: a place in each thing that is read, as the id of an event. */

export interface LiveCursor {
  /** `seq` of the ledger. */
  readonly entries: number;
  /** Position in the chain of the audit. */
  readonly audit: number;
  /** Epoch milliseconds. */
  readonly alertsMs: number;
  readonly healthMs: number;
  readonly tasksMs: number;
}

const CURSOR = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/;

export function writeCursor({ entries, audit, alertsMs, healthMs, tasksMs }: LiveCursor): string {
  return [entries, audit, alertsMs, healthMs, tasksMs].join('.');
}

/** undefined = it is none of ours. */
export function readCursor(text: string): LiveCursor | undefined {
  const numbers = CURSOR.exec(text)?.slice(1).map(Number);
  if (!numbers) return undefined;
  const [entries, audit, alertsMs, healthMs, tasksMs] = numbers as [number, number, number, number, number];
  return { entries, audit, alertsMs, healthMs, tasksMs };
}

/** Nobody has heard what has not happened: a place beyond the present is taken for the present. */
export function notBeyond(cursor: LiveCursor, now: LiveCursor): LiveCursor {
  return {
    entries: Math.min(cursor.entries, now.entries),
    audit: Math.min(cursor.audit, now.audit),
    alertsMs: Math.min(cursor.alertsMs, now.alertsMs),
    healthMs: Math.min(cursor.healthMs, now.healthMs),
    tasksMs: Math.min(cursor.tasksMs, now.tasksMs),
  };
}

/** Never back: what is told late moves nothing. */
export function furthest(cursor: LiveCursor, at: Partial<LiveCursor>): LiveCursor {
  return {
    entries: Math.max(cursor.entries, at.entries ?? 0),
    audit: Math.max(cursor.audit, at.audit ?? 0),
    alertsMs: Math.max(cursor.alertsMs, at.alertsMs ?? 0),
    healthMs: Math.max(cursor.healthMs, at.healthMs ?? 0),
    tasksMs: Math.max(cursor.tasksMs, at.tasksMs ?? 0),
  };
}
