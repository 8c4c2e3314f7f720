/**
 * Changes of health, written down: off the road, in batches, from a queue that is bounded. What is worth telling goes
 * into the outbox in the same transaction. Other processes' events are there to be read, and never acted on.
 */
import { putHealthAlert } from './alerts/health-alert.ts';
import { keepHourly } from './alerts/hourly.ts';
import type { Clock } from './base/clock.ts';
import { type Id, newId, type WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { HealthEvent, HealthState } from './health/health.ts';
import { createTidings, type Tiding } from './health/worth-telling.ts';
import type { Store } from './store/store.ts';

export interface EventLogInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this process; undefined = only one can be. */
  readonly replicaId: string | undefined;
  readonly random: () => number;
  /** Runs it once after so many milliseconds, unless it is forgotten before. */
  wait(delayMs: number, run: () => void): () => void;
}

/** As it is stored. */
export interface StoredHealthEvent {
  readonly id: string;
  readonly replica: string;
  readonly ref: string;
  readonly provider: string;
  readonly credential: string;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly reason: string;
  readonly atMs: number;
  readonly untilMs?: number;
}

export interface EventLog {
  /** Takes no time, and never fails. */
  note(event: HealthEvent): void;
  /** Newest first. */
  list(query: { readonly limit: number; readonly provider?: string }): Promise<readonly StoredHealthEvent[]>;
  /** Writes what is left. Before the store is closed. */
  stop(): Promise<void>;
}

/** Events that wait to be written: a storm over every deployment is some thousand; what is beyond is left out. */
const MAX_WAITING = 5_000;
/** Events of one transaction. */
const BATCH = 200;
/** Events come in bursts: a breaker of one credential has them for each model. */
const GATHER_MS = 500;
/** The database is in trouble: it is not helped by being asked at once. */
const RETRY_MS = 5_000;
/** Kept for so long, and so many of them at most. */
const KEPT_MS = 30 * 86_400_000;
const KEPT_ROWS = 20_000;
/** Rows removed in one transaction. */
const CHUNK = 500;
/** A reason may quote a provider. */
const MAX_REASON = 300;

interface Noted {
  readonly id: string;
  readonly event: HealthEvent;
  readonly tiding: Tiding | undefined;
}

/** @param isServing false = only to read */
export function openEventLog(input: EventLogInput, isServing: boolean): EventLog {
  const { store, log, wait } = input;
  const tidingOf = createTidings();
  const waiting: Noted[] = [];
  let leftOut = 0;
  let forget: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isStopped = false;

  const soon = (delayMs: number): void => {
    if (!isStopped) forget ??= wait(delayMs, flush);
  };
  const flush = (): void => {
    forget = undefined;
    writing = writing.then(writeAll);
  };
  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const batch = waiting.slice(0, BATCH);
        await writeBatch(input, batch);
        waiting.splice(0, batch.length);
      }
      if (leftOut > 0) log.warn({ leftOut }, 'changes of health came faster than they could be written down');
      leftOut = 0;
    } catch (error) {
      log.warn({ error: String(error) }, 'changes of health could not be written down; it is tried again');
      soon(RETRY_MS);
    }
  };
  const stopPruning = isServing ? keepPruned(input) : async () => undefined;
  return {
    note(event) {
      const tiding = tidingOf(event);
      if (waiting.length >= MAX_WAITING) leftOut += 1;
      else waiting.push({ id: newId('hev'), event, tiding });
      soon(GATHER_MS);
    },
    list: (query) => listEvents(store, query),
    async stop() {
      isStopped = true;
      forget?.();
      flush();
      await Promise.all([writing, stopPruning()]);
    },
  };
}

/** Twice changes nothing. */
async function writeBatch({ store, replicaId }: EventLogInput, batch: readonly Noted[]): Promise<void> {
  const rows = batch.map(({ id, event: { place, from, to, reason, atMs, untilMs } }) => ({
    id,
    replica: replicaId ?? '',
    ref: place.ref,
    provider: place.provider,
    credential: place.credential,
    from_state: from,
    to_state: to,
    reason: reason.slice(0, MAX_REASON),
    at: Math.round(atMs),
    until_at: untilMs ?? null,
  }));
  const alerts = [];
  for (const noted of batch) if (noted.tiding) alerts.push(await alertOf(store, noted.tiding, batch));
  await store.write([
    store.kysely
      .insertInto('health_events')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing()),
    ...alerts,
  ]);
}

async function alertOf(store: Store, { topic, event, sinceMs }: Tiding, batch: readonly Noted[]) {
  const { place, atMs, reason } = event;
  const { ref, provider, credential } = place;
  const workspaceId = await findWorkspace(store, credential);
  const alert = {
    ...{ topic, ref, provider, credential },
    ...(workspaceId !== undefined && { workspaceId }),
    reason: reason.slice(0, MAX_REASON),
    since: Math.round(sinceMs),
    at: Math.round(atMs),
  };
  const lastGoodMs = topic === 'credential.disabled' ? await findLastGood(store, event, batch) : undefined;
  return putHealthAlert(store, alert, lastGoodMs);
}

/** Of a place: it is named by a credential of the vault, or by the workspace that declared the provider. */
async function findWorkspace({ kysely }: Store, credential: string): Promise<WorkspaceId | undefined> {
  if (credential.startsWith('ws_')) return credential as WorkspaceId;
  if (!credential.startsWith('cred_')) return undefined;
  const row = await kysely
    .selectFrom('credentials')
    .select('workspace_id')
    .where('id', '=', credential as Id<'cred'>)
    .where('member_id', 'is', null)
    .executeTakeFirst();
  return row?.workspace_id;
}

/** When a credential was last seen to be good, by whichever process: a place that is well has one. */
async function findLastGood(
  { kysely }: Store,
  { place, atMs }: HealthEvent,
  batch: readonly Noted[],
): Promise<number | undefined> {
  const isGood = ({ event }: Noted): boolean =>
    event.place.provider === place.provider &&
    event.place.credential === place.credential &&
    GOOD.some((state) => state === event.to) &&
    event.atMs <= atMs;
  const here = batch.findLast(isGood);
  if (here) return Math.round(here.event.atMs);
  const row = await kysely
    .selectFrom('health_events')
    .select('at')
    .where('provider', '=', place.provider)
    .where('credential', '=', place.credential)
    .where('to_state', 'in', GOOD)
    .where('at', '<=', Math.round(atMs))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.at;
}

const GOOD: readonly HealthState[] = ['healthy', 'degraded'];

async function listEvents(
  { reader }: Store,
  { limit, provider }: Parameters<EventLog['list']>[0],
): Promise<readonly StoredHealthEvent[]> {
  let query = reader.selectFrom('health_events').selectAll();
  if (provider !== undefined) query = query.where('provider', '=', provider);
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ from_state, to_state, at, until_at, ...row }) => ({
    ...row,
    from: from_state as HealthState,
    to: to_state as HealthState,
    atMs: at,
    ...(until_at !== null && { untilMs: until_at }),
  }));
}

/** Once an hour, by one of the processes of a database. Returns how to end it. */
function keepPruned({ store, clock, log, random, wait }: EventLogInput): () => Promise<void> {
  const work = async (): Promise<void> => {
    const removed = await pruneEvents(store, clock.now());
    if (removed > 0) log.info({ removed }, 'changes of health that were kept for long enough are removed');
  };
  return keepHourly({ store, name: 'health-events', work, clock, log, random, wait });
}

/** Removes what is older than it is kept for, and what is more than is kept. How many rows. */
export async function pruneEvents(
  store: Store,
  nowMs: number,
  kept: { readonly ms: number; readonly rows: number } = { ms: KEPT_MS, rows: KEPT_ROWS },
): Promise<number> {
  const { kysely } = store;
  const newestFirst = kysely.selectFrom('health_events').orderBy('at', 'desc').orderBy('id', 'desc');
  const beyond = await newestFirst.select('at').offset(kept.rows).limit(1).executeTakeFirst();
  const beforeMs = Math.max(nowMs - kept.ms, (beyond?.at ?? -1) + 1);
  for (let removed = 0; ; ) {
    const found = await kysely
      .selectFrom('health_events')
      .select('id')
      .where('at', '<', beforeMs)
      .limit(CHUNK)
      .execute();
    if (found.length === 0) return removed;
    const ids = found.map(({ id }) => id);
    await store.write([kysely.deleteFrom('health_events').where('id', 'in', ids)]);
    removed += found.length;
  }
}
