/** The audit of a process: the store through which changes are told, and the loop that links what was told. */
import { basename } from 'node:path';
import { keepHourly } from './alerts/hourly.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Config } from './config.ts';
import { findHead, linkAudit } from './registry/audit-chain.ts';
import { cutAudit, findChains } from './registry/audit-retention.ts';
import { audited, auditedWork } from './registry/audit-scope.ts';
import { sweepIdempotency } from './registry/idempotency.ts';
import type { Store } from './store/store.ts';

export interface AuditInput<S extends Store> {
  readonly store: S;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: the system's timers, none of which keeps the process alive. */
  readonly wait?: (delayMs: number, run: () => void) => () => void;
}

export interface Audit<S extends Store> {
  /** What is changed through it within a scope is told. */
  readonly store: S;
  /** Links what others have left, and from now on what comes. */
  start(): void;
  /** Called after events were linked. Returns how to stop listening. */
  onLinked(listener: () => void): () => void;
  /** Links the last ones. Before the store is closed. */
  stop(): Promise<void>;
}

/** Events come in bursts; whoever looks at them waits no longer than this. */
const GATHER_MS = 50;
/** The database is in trouble: it is not helped by being asked at once. */
const RETRY_MS = 5_000;
/** Between two chunks of what is removed. */
const PAUSE_MS = 50;
const DAY_MS = 86_400_000;

const systemWait = (delayMs: number, run: () => void) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

export function openAudit<S extends Store>(input: AuditInput<S>): Audit<S> {
  const { store, clock, log, wait = systemWait } = input;
  const listeners = new Set<() => void>();
  let forget: (() => void) | undefined;
  let linking: Promise<void> = Promise.resolve();
  let isStopped = false;
  const link = async (): Promise<void> => {
    try {
      if ((await linkAudit(store)) > 0) for (const listener of listeners) listener();
    } catch (error) {
      // Of two processes that link at once one is refused: it finds what is left.
      log.warn({ error: String(error) }, 'events of the audit could not be linked; it is tried again');
      soon(RETRY_MS);
    }
  };
  const soon = (delayMs: number): void => {
    if (isStopped) return;
    forget ??= wait(delayMs, () => {
      forget = undefined;
      linking = linking.then(link);
    });
  };
  let stopHourly = async (): Promise<void> => undefined;
  return {
    store: audited(store, { now: clock.now, onEvent: () => soon(GATHER_MS) }),
    start() {
      soon(0);
      stopHourly = keepHourly({ ...{ store, clock, log, wait }, name: 'audit', random: Math.random, work });
    },
    onLinked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      isStopped = true;
      const isDue = forget !== undefined;
      forget?.();
      if (isDue) linking = linking.then(link);
      await Promise.all([linking, stopHourly()]);
    },
  };

  /** Where the chains end goes into the log: whoever takes that elsewhere has a proof that no database can undo. */
  async function work(): Promise<void> {
    await linkAudit(store);
    for (const workspaceId of await findChains(store)) {
      const { position, hash } = await findHead(store, workspaceId);
      log.info({ workspace: workspaceId, position, hash }, 'the audit ends here');
    }
    const pause = () => new Promise<void>((done) => wait(PAUSE_MS, done));
    await sweepIdempotency(store, clock.now(), pause);
  }
}

/** What is made before there is anybody who could ask for it. */
export function auditedStart<T>(work: () => Promise<T>): Promise<T> {
  const actor = { id: 'turnpike', name: 'the start of the server', via: 'start' } as const;
  return auditedWork({ workspaceId: undefined, actor, action: 'installation.prepare' }, work);
}

/** What the configuration files change in the registry. */
export function auditedFiles<T>(
  { files }: Pick<Config, 'files'>,
  workspaceId: WorkspaceId,
  work: () => Promise<T>,
): Promise<T> {
  const actor = { id: 'file', name: 'the configuration files', via: 'file' } as const;
  const detail = { files: files.map((file) => basename(file)) };
  return auditedWork({ workspaceId, actor, action: 'config.declare', detail }, work);
}

export interface CutInput {
  readonly store: Store;
  readonly nowMs: number;
  /** 0 = for ever. */
  readonly days: number;
  pause(): Promise<unknown>;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Takes away what is older. At the beginning of a day, so that a chain is cut once a day and not once an hour. */
export async function cutOldAudit({ days, nowMs, log, store, ...rest }: CutInput): Promise<void> {
  if (days === 0) return;
  const beforeMs = Math.floor(nowMs / DAY_MS) * DAY_MS - days * DAY_MS;
  const removed = await cutAudit(store, { ...rest, beforeMs, nowMs });
  if (removed > 0) log.info({ removed }, 'events of the audit that were kept for long enough are removed');
}
