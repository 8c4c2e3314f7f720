/** What operators ask of alerts: which there were and who took them, and whether the sinks work. */
import type { ExpressionBuilder } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Tables } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { readAlert, topics } from './alert.ts';
import { sendWithin, type Wait } from './dispatcher.ts';
import { type AlertFields, fieldsOfAlert } from './fields.ts';
import type { Message, Sink } from './sink.ts';
import { titleOf } from './wording.ts';

export interface DeliveryFacts {
  readonly sink: string;
  /** `waiting`: not tried yet, or under way for the first time. */
  readonly state: 'waiting' | 'failing' | 'taken' | 'given_up';
  readonly attempts: number;
  readonly takenAtMs?: number;
  /** Of those that are to be tried again. */
  readonly nextAtMs?: number;
  readonly lastError?: string;
}

export interface AlertFacts {
  /** The dedupe key. */
  readonly id: string;
  readonly topic: string;
  readonly atMs: number;
  readonly title: string;
  readonly fields: AlertFields;
  readonly isDone: boolean;
  /** By sink. */
  readonly deliveries: readonly DeliveryFacts[];
}

/** Place in the list: the alert after which it goes on. */
export interface AlertPlace {
  readonly atMs: number;
  readonly id: string;
}

export interface AlertQuery {
  readonly limit: number;
  readonly after?: AlertPlace;
  /** Whoever asks may also see those of the installation: the desk of its first workspace has them. */
  readonly isOperator: boolean;
}

export interface SinkReport {
  readonly sink: string;
  readonly isTaken: boolean;
  readonly said: string;
  readonly tookMs: number;
}

export interface AlertDesk {
  /** Of its workspace, newest first, at most `limit`. */
  list(query: AlertQuery): Promise<readonly AlertFacts[]>;
  /** Sends a message that says it is a test through every sink, at once. */
  test(): Promise<readonly SinkReport[]>;
}

export interface DeskOptions {
  readonly store: Store;
  /** Whose alerts it lists. */
  readonly workspaceId: WorkspaceId;
  /** It is the first: what belongs to no workspace is listed there. */
  readonly isFirst: boolean;
  readonly sinks: readonly Sink[];
  readonly clock: Clock;
  readonly wait: Wait;
  /** Different each time. */
  readonly newTestId: () => string;
}

export function createAlertDesk(options: DeskOptions): AlertDesk {
  return { list: (query) => listAlerts(options, query), test: () => testSinks(options) };
}

async function listAlerts(
  { store, sinks, workspaceId, isFirst }: DeskOptions,
  { limit, after, isOperator }: AlertQuery,
): Promise<readonly AlertFacts[]> {
  const isShown = (eb: ExpressionBuilder<Tables, 'outbox'>) =>
    eb.or([
      eb('workspace_id', '=', workspaceId),
      ...(isFirst && isOperator ? [eb('workspace_id', 'is', null)] : []),
    ]);
  let query = store.kysely.selectFrom('outbox').selectAll().where('topic', 'in', topics).where(isShown);
  if (after) {
    query = query.where(({ eb, and, or }) =>
      or([eb('next_at', '<', after.atMs), and([eb('next_at', '=', after.atMs), eb('id', '<', after.id)])]),
    );
  }
  const rows = await query.orderBy('next_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  const sent = await findDeliveries(
    store,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, topic, payload, next_at, done_at, addressed_at }) => {
    const alert = readAlert(topic, payload);
    const begun = sent.get(id) ?? [];
    // Until it is found, it is for whoever is declared.
    const untried = addressed_at === null && done_at === null ? sinks : [];
    const deliveries = [
      ...begun,
      ...untried.map(({ name }) => ({ sink: name, state: 'waiting', attempts: 0 }) as const),
    ];
    return {
      id,
      topic,
      atMs: next_at,
      title: alert ? titleOf(alert) : 'an alert that this version cannot read',
      fields: alert ? fieldsOfAlert(alert) : {},
      isDone: done_at !== null,
      deliveries: deliveries.sort((a, b) => (a.sink < b.sink ? -1 : 1)),
    };
  });
}

async function findDeliveries(
  { kysely }: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly DeliveryFacts[]>> {
  const found = new Map<string, DeliveryFacts[]>();
  if (ids.length === 0) return found;
  const rows = await kysely
    .selectFrom('outbox_deliveries')
    .selectAll()
    .where('outbox_id', 'in', ids)
    .execute();
  for (const { outbox_id, sink, attempts, next_at, done_at, given_up_at, last_error } of rows) {
    const state = stateOf({ done_at, given_up_at, last_error });
    const facts: DeliveryFacts = {
      sink,
      state,
      attempts,
      ...(done_at !== null && { takenAtMs: done_at }),
      ...(state === 'failing' && { nextAtMs: next_at }),
      ...(last_error !== null && { lastError: last_error }),
    };
    found.set(outbox_id, [...(found.get(outbox_id) ?? []), facts]);
  }
  return found;
}

function stateOf(row: {
  readonly done_at: number | null;
  readonly given_up_at: number | null;
  readonly last_error: string | null;
}): DeliveryFacts['state'] {
  if (row.done_at !== null) return 'taken';
  if (row.given_up_at !== null) return 'given_up';
  return row.last_error === null ? 'waiting' : 'failing';
}

function testSinks({ sinks, clock, wait, newTestId }: DeskOptions): Promise<readonly SinkReport[]> {
  const message: Message = {
    id: `test/${newTestId()}`,
    topic: 'test',
    atMs: clock.now(),
    title: 'Turnpike: a test of alerts',
    lines: ['Somebody asked Turnpike to send this. If you can read it, alerts will reach you here.'],
    hint: 'turnpike alerts list',
    data: {},
  };
  const cutOff = new AbortController().signal;
  return Promise.all(
    sinks.map(async (sink) => {
      const startedMs = clock.monotonic();
      const { kind, said } = await sendWithin(sink, message, { wait, cutOff });
      return { sink: sink.name, isTaken: kind === 'taken', said, tookMs: clock.monotonic() - startedMs };
    }),
  );
}
