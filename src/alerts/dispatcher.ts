/**
 * Takes messages from the outbox to every sink, each at least once. Each sink has a lane of its own, so that one
 * that is slow or down delays no other; what it has not taken is tried again, less and less often.
 */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import {
  addressNew,
  claimDelivery,
  closeAllFinished,
  type Due,
  deleteDone,
  findDue,
  hasDue,
  noteOutcome,
} from './outbox.ts';
import { failed, type Message, type Sink, type SinkAnswer } from './sink.ts';

/** How soon a new message is found. The question costs some microseconds where there is none. */
const POLL_MS = 2_000;
/** Deliveries to one sink at once: enough for a burst, few enough for any receiver. */
const LANE_IN_FLIGHT = 4;
/** One delivery; receivers should answer first and work then. */
export const DELIVERY_MS = 10_000;
/** A claim is lost after this. Far longer than a delivery, so that nobody sends what is still being sent. */
export const LEASE_MS = 60_000;
const FIRST_RETRY_MS = 10_000;
const MAX_RETRY_MS = 3_600_000;
/** A sink that fails is left alone for a while; shorter than retries, so that news is tried soon after it is back. */
const MAX_REST_MS = 300_000;
/** Two weeks of holidays: a sink that is down for less loses nothing. */
export const GIVE_UP_MS = 14 * 86_400_000;
/** How long people can look back. */
export const KEEP_DONE_MS = 30 * 86_400_000;
const DELETE_ROWS = 500;
const UPKEEP_MS = 3_600_000;

/** Runs `run` once after the delay; what it returns forgets it. */
export type Wait = (delayMs: number, run: () => void) => () => void;

export interface DispatcherOptions {
  readonly store: Store;
  readonly sinks: readonly Sink[];
  /** undefined = nobody can make a message of it. */
  readonly compose: (due: Due) => Promise<Message | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly wait: Wait;
}

export interface Dispatcher {
  start(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Begins no more; waits at most `limitMs` for what is under way, then cuts it off, to be sent again later. */
  stop(limitMs: number): Promise<void>;
}

interface Lane {
  readonly sink: Sink;
  readonly flights: Set<Promise<void>>;
  isAsking: boolean;
  /** In a row, times at which it failed. */
  failures: number;
  restsUntilMs: number;
}

interface State extends DispatcherOptions {
  readonly lanes: readonly Lane[];
  readonly names: readonly string[];
  /** Deliveries and questions under way. */
  readonly working: Set<Promise<void>>;
  readonly cutOff: AbortController;
  /** A question that a database does not answer is not asked again and again. */
  isAsking: boolean;
  /** The last work on the database failed, which was said. */
  isBroken: boolean;
  isStopped: boolean;
  forgetPoll: () => void;
  upkeepAtMs: number;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const lane = (sink: Sink): Lane => ({
    sink,
    flights: new Set(),
    isAsking: false,
    failures: 0,
    restsUntilMs: 0,
  });
  const state: State = {
    ...options,
    lanes: options.sinks.map(lane),
    names: options.sinks.map(({ name }) => name),
    working: new Set(),
    cutOff: new AbortController(),
    isAsking: false,
    isBroken: false,
    isStopped: false,
    forgetPoll: () => undefined,
    upkeepAtMs: 0,
  };
  return {
    start: () => poll(state),
    settled: () => settle(state),
    stop: (limitMs) => stop(state, limitMs),
  };
}

function poll(state: State): void {
  if (state.isStopped) return;
  if (!state.isAsking) track(state, ask(state));
  state.forgetPoll = state.wait(POLL_MS, () => poll(state));
}

async function ask(state: State): Promise<void> {
  const { store, clock, names, lanes } = state;
  state.isAsking = true;
  try {
    if (clock.now() >= state.upkeepAtMs) await upkeep(state);
    await addressNew(store, names, clock.now());
    const isAnyDue = await hasDue(store, names, clock.now());
    state.isBroken = false;
    if (isAnyDue) for (const lane of lanes) track(state, fill(state, lane));
  } finally {
    state.isAsking = false;
  }
}

function track(state: State, work: Promise<void>): void {
  const tracked = work
    .catch((error: unknown) => {
      const tell = state.isBroken ? state.log.debug : state.log.warn;
      state.isBroken = true;
      tell.call(state.log, { error: String(error) }, 'alerts could not be read or noted in the database');
    })
    .finally(() => state.working.delete(tracked));
  state.working.add(tracked);
}

/** Begins as many deliveries as the lane has room for. */
async function fill(state: State, lane: Lane): Promise<void> {
  const { store, clock } = state;
  const room = LANE_IN_FLIGHT - lane.flights.size;
  if (lane.isAsking || room <= 0 || state.isStopped || clock.now() < lane.restsUntilMs) return;
  lane.isAsking = true;
  try {
    for (const due of await findDue(store, lane.sink.name, clock.now(), room)) {
      // Another replica was quicker, or we are to stop: whoever is left takes it.
      if (state.isStopped) return;
      if (!(await claimDelivery(store, due, lane.sink.name, clock.now() + LEASE_MS))) continue;
      const flight: Promise<void> = deliver(state, lane, due).finally(() => lane.flights.delete(flight));
      lane.flights.add(flight);
      track(
        state,
        flight.then(() => fill(state, lane)),
      );
    }
  } finally {
    lane.isAsking = false;
  }
}

async function deliver(state: State, lane: Lane, due: Due): Promise<void> {
  const { store, clock, log, names } = state;
  const sink = lane.sink.name;
  const message = await state.compose(due);
  const note = (outcome: Parameters<typeof noteOutcome>[2]) =>
    noteOutcome(store, { id: due.id, sink, sinks: names, nowMs: clock.now() }, outcome);
  if (!message) {
    log.error({ alert: due.id, topic: due.topic }, 'this alert cannot be read: it is not sent');
    return note({ kind: 'given_up', error: 'it cannot be read' });
  }
  const answer = await send(state, lane.sink, message);
  if (answer.kind === 'taken') {
    if (lane.failures > 0) log.info({ sink }, 'a sink takes alerts again');
    lane.failures = 0;
    return note({ kind: 'taken' });
  }
  const attempt = due.attempts + 1;
  const error = answer.said;
  rest(state, lane);
  if (clock.now() - due.atMs >= GIVE_UP_MS) {
    log.error({ alert: due.id, sink, attempt, error }, 'an alert is given up: its sink did not take it');
    return note({ kind: 'given_up', error });
  }
  const delayMs = Math.max(retryAfter(attempt, state.random(), MAX_RETRY_MS), answer.retryAfterMs ?? 0);
  // One line that a person should see when a sink begins to fail, not one for each message and each try.
  const tell = lane.failures === 1 ? log.warn : log.debug;
  tell.call(
    log,
    { alert: due.id, sink, attempt, error, retryMs: Math.round(delayMs) },
    'an alert was not taken',
  );
  return note({ kind: 'failed', error, nextAtMs: clock.now() + Math.round(delayMs) });
}

/** An answer in any case, and in time. */
export async function sendWithin(
  sink: Sink,
  message: Message,
  { wait, cutOff }: { readonly wait: Wait; readonly cutOff: AbortSignal },
): Promise<SinkAnswer> {
  const limit = new AbortController();
  const signal = AbortSignal.any([limit.signal, cutOff]);
  const forget = wait(DELIVERY_MS, () => limit.abort());
  const late = new Promise<SinkAnswer>((resolve) => {
    const say = () => resolve(failed('no answer in time'));
    if (signal.aborted) say();
    else signal.addEventListener('abort', say, { once: true });
  });
  try {
    return await Promise.race([sink.deliver(message, signal), late]);
  } finally {
    forget();
  }
}

function send(state: State, sink: Sink, message: Message): Promise<SinkAnswer> {
  return sendWithin(sink, message, { wait: state.wait, cutOff: state.cutOff.signal });
}

/** Failures of deliveries that were under way together count as one. */
function rest({ clock, random }: State, lane: Lane): void {
  if (clock.now() < lane.restsUntilMs) return;
  lane.failures += 1;
  lane.restsUntilMs = clock.now() + retryAfter(lane.failures, random(), MAX_REST_MS);
}

/** Twice as long each time up to `most`, of which a random half is left out: replicas do not come together. */
export function retryAfter(attempt: number, random: number, most: number): number {
  const full = Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 20), most);
  return full / 2 + (full / 2) * random;
}

async function upkeep(state: State): Promise<void> {
  const { store, clock, names } = state;
  state.upkeepAtMs = clock.now() + UPKEEP_MS;
  await closeAllFinished(store, names, clock.now());
  const deleted = await deleteDone(store, clock.now() - KEEP_DONE_MS, DELETE_ROWS);
  // The rest with the next question, so that no one statement is long.
  if (deleted === DELETE_ROWS) state.upkeepAtMs = 0;
}

async function stop(state: State, limitMs: number): Promise<void> {
  state.isStopped = true;
  state.forgetPoll();
  const forget = state.wait(limitMs, () => state.cutOff.abort());
  await settle(state);
  forget();
}

async function settle({ working }: State): Promise<void> {
  while (working.size > 0) await Promise.all(working);
}
