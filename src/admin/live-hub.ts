/** Who listens to which workspace, and one loop that reads for all of them what is new: nothing is read while nobody listens. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Listening, ListenOptions, LiveEvent, LiveHub, LiveNeed } from './deps-live.ts';
import { furthest, type LiveCursor, notBeyond, readCursor } from './live-cursor.ts';
import { createListener, type Listener } from './live-listener.ts';
import { findPresent, type Heard, type LiveSource, type News, readNews } from './live-sources.ts';

/** A console in some tabs for each of a team. */
export const MAX_OF_WORKSPACE = 100;
/** Each holds a connection and up to 256 KiB. */
export const MAX_LISTENERS = 500;
/** How late an event may be told. */
const TURN_MS = 1_000;
/** Balancers close what is silent for a minute, some after half of it. */
const BEAT_MS = 15_000;
/** How long who was shut out may still hear. */
const CHECK_MS = 5_000;
/** The database may be away for a moment; for longer nobody knows who may hear. */
const MAX_FAILED_CHECKS = 3;
/** Events that come while a listener is told what came before. */
const MAX_ASIDE = 1_000;
/** Ids by which repeats are known: of some turns. */
const MAX_KNOWN = 5_000;

export interface HubOptions extends LiveSource {
  readonly clock: Clock;
  readonly log: Log;
  /** Runs it once after so many milliseconds, unless it is forgotten before. */
  wait(delayMs: number, run: () => void): () => void;
}

/** Of a workspace that somebody listens to. */
interface Feed {
  readonly workspaceId: WorkspaceId;
  readonly listeners: Set<Listener>;
  /** Up to where the loop has read. */
  cursor: LiveCursor;
  /** Told already; the oldest is forgotten first. */
  readonly known: Set<string>;
}

interface Hub extends HubOptions {
  readonly feeds: Map<WorkspaceId, Feed>;
  count: number;
  isStopped: boolean;
  forget: (() => void) | undefined;
  turning: boolean;
}

export function createLiveHub(options: HubOptions): LiveHub {
  const hub: Hub = {
    ...options,
    feeds: new Map(),
    count: 0,
    isStopped: false,
    forget: undefined,
    turning: false,
  };
  return {
    of: (workspaceId) => ({ listen: (asked) => listen(hub, workspaceId, asked) }),
    publish(workspaceId, event) {
      const feed = hub.feeds.get(workspaceId);
      if (feed) tellAll(feed, [event]);
    },
    stir() {
      if (hub.count > 0 && !hub.turning) turnIn(hub, 0);
    },
    stop() {
      const { count } = hub;
      hub.isStopped = true;
      hub.forget?.();
      for (const { listeners } of hub.feeds.values())
        for (const listener of listeners) listener.end('end', 'shutting_down');
      return count;
    },
  };
}

async function listen(hub: Hub, workspaceId: WorkspaceId, asked: ListenOptions): Promise<Listening> {
  if (hub.isStopped) return { kind: 'ending' };
  const ofWorkspace = hub.feeds.get(workspaceId)?.listeners.size ?? 0;
  if (hub.count >= MAX_LISTENERS || ofWorkspace >= MAX_OF_WORKSPACE) return { kind: 'full' };
  // Counted before it is waited for: of many at once none slips through.
  hub.count += 1;
  let listener: Listener | undefined;
  try {
    const need = await asked.check();
    const feed = hub.feeds.get(workspaceId) ?? (await openFeed(hub, workspaceId));
    listener = join(hub, feed, asked.check, need ?? 'viewer');
    if (hub.isStopped) listener.end('end', 'shutting_down');
    else if (!need) listener.end('end', 'revoked');
    else await catchUp(hub, workspaceId, listener, asked.lastEventId);
    turnIn(hub, TURN_MS);
    return { kind: 'open', stream: listener.stream };
  } catch (error) {
    if (listener) listener.end('end', 'failed');
    else hub.count -= 1;
    throw error;
  }
}

/** From now on: what is there already, and would be read again, is known to it. */
async function openFeed(hub: Hub, workspaceId: WorkspaceId): Promise<Feed> {
  const cursor = await findPresent(hub, workspaceId, hub.clock.now());
  const { events } = await readNews(hub, workspaceId, cursor);
  const known = new Set<string>();
  know(
    known,
    events.filter((event) => !isBeyond(event, cursor)),
  );
  // Another listener may have been as quick.
  return hub.feeds.get(workspaceId) ?? { workspaceId, cursor, known, listeners: new Set() };
}

function join(hub: Hub, feed: Feed, check: ListenOptions['check'], need: LiveNeed): Listener {
  hub.feeds.set(feed.workspaceId, feed);
  const listener = createListener({
    ...{ need, check, cursor: feed.cursor },
    monotonic: hub.clock.monotonic,
    onEnd() {
      feed.listeners.delete(listener);
      hub.count -= 1;
      if (feed.listeners.size === 0) hub.feeds.delete(feed.workspaceId);
    },
  });
  feed.listeners.add(listener);
  return listener;
}

/** What came since the last event that it had, before what comes now. */
async function catchUp(hub: Hub, workspaceId: WorkspaceId, listener: Listener, lastId: string | undefined) {
  const to = listener.cursor;
  const asked = lastId === undefined ? undefined : readCursor(lastId);
  const from = asked ? notBeyond(asked, to) : to;
  listener.cursor = from;
  listener.waiting = [];
  const hello = { workspace: workspaceId, role: listener.need };
  listener.tell({ type: 'hello', needs: 'viewer', data: hello });
  if (lastId !== undefined && !asked) tellReset(listener, 'unknown_id');
  const news = asked ? await readNews(hub, workspaceId, from) : { events: [], left: [] };
  if (news.left.length > 0) tellReset(listener, 'too_far_behind');
  else for (const event of news.events) if (!isBeyond(event, to)) listener.tell(event);
  const { waiting } = listener;
  listener.waiting = undefined;
  for (const event of waiting) listener.tell(event);
}

/** Who hears it reads the lists anew; the stream goes on. */
function tellReset(listener: Listener, reason: string): void {
  listener.tell({ type: 'reset', needs: 'viewer', data: { reason } });
}

/** What the loop will tell, or has told while this was read. */
function isBeyond({ at }: Heard, to: LiveCursor): boolean {
  return Object.entries(at).some(([name, place]) => place > to[name as keyof LiveCursor]);
}

function turnIn(hub: Hub, delayMs: number): void {
  if (hub.isStopped) return;
  if (delayMs === 0) hub.forget?.();
  else if (hub.forget) return;
  hub.forget = hub.wait(delayMs, () => {
    hub.forget = undefined;
    void turn(hub);
  });
}

async function turn(hub: Hub): Promise<void> {
  if (hub.turning) return;
  hub.turning = true;
  try {
    for (const feed of hub.feeds.values()) {
      lookAfter(hub, feed);
      await readFeed(hub, feed);
    }
  } catch (error) {
    hub.log.warn({ error: String(error) }, 'live updates could not be read; it is tried again');
  } finally {
    hub.turning = false;
    if (hub.count > 0) turnIn(hub, TURN_MS);
  }
}

async function readFeed(hub: Hub, feed: Feed): Promise<void> {
  const nowMs = hub.clock.now();
  const news = await readNews(hub, feed.workspaceId, feed.cursor);
  const fresh = news.events.filter(({ id }) => !feed.known.has(id));
  for (const event of fresh) feed.cursor = furthest(feed.cursor, event.at);
  feed.cursor = furthest(feed.cursor, { alertsMs: nowMs, healthMs: nowMs, tasksMs: nowMs });
  know(feed.known, fresh);
  tellAll(feed, [...leftOut(news), ...fresh]);
}

function know(known: Set<string>, events: readonly Heard[]): void {
  for (const { id } of events) known.add(id);
  for (const id of known) if (known.size > MAX_KNOWN) known.delete(id);
}

function leftOut({ left }: News): LiveEvent[] {
  return left.map((kind) => ({ type: 'skipped', needs: 'viewer', data: { kind } }));
}

function tellAll({ listeners }: Feed, events: readonly (LiveEvent | Heard)[]): void {
  for (const listener of listeners)
    for (const event of events) {
      const { waiting } = listener;
      if (!waiting) listener.tell(event);
      else if (waiting.length < MAX_ASIDE) waiting.push(event);
      else listener.end('reset', 'slow');
    }
}

function lookAfter(hub: Hub, { listeners }: Feed): void {
  const nowMono = hub.clock.monotonic();
  for (const listener of listeners) {
    if (nowMono - listener.sentMono >= BEAT_MS) listener.beat();
    if (nowMono - listener.checkedMono >= CHECK_MS) {
      listener.checkedMono = nowMono;
      void checkAgain(hub, listener);
    }
  }
}

async function checkAgain({ log }: Hub, listener: Listener): Promise<void> {
  try {
    const need = await listener.check();
    listener.failedChecks = 0;
    if (need) listener.need = need;
    else listener.end('end', 'revoked');
  } catch (error) {
    listener.failedChecks += 1;
    log.warn({ error: String(error) }, 'it could not be found out who listens to live updates');
    if (listener.failedChecks >= MAX_FAILED_CHECKS) listener.end('end', 'failed');
  }
}
