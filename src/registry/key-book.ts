/**
 * The keys that traffic is judged by, by the hash of their tokens. Filled once; afterwards it takes only what has
 * changed, by version, so that a change costs the same with ten keys and with a hundred thousand.
 */
import { sql } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { KeyId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { type KeyRecord, type KeyRow, type KeyTokenRow, ofOldToken, readKey } from './key-record.ts';

/** What admission asks. A `Map` is one. */
export interface KeyLookup {
  /** By the lower-case hex SHA-256 of the whole token. Expiry is for the reader to judge, as time goes on. */
  get(tokenHash: string): KeyRecord | undefined;
  /** Keys that were rotated may come once for each token. */
  values(): Iterable<KeyRecord>;
}

export interface KeyBook {
  /** Live: what is changed later is seen in it. The record of a key that was not changed stays the same object. */
  readonly keys: KeyLookup;
  /** Tokens by which a key is found. */
  size(): number;
  /**
   * Reads what the registry holds by now; up to which version. Calls that come while one waits share its reading.
   * Keys that are new wait for `publish`, whatever else changed counts at once.
   */
  refresh(): Promise<number>;
  /**
   * Lets new keys in, up to a version that `refresh` gave: when the limits that were made with them are known, too. A
   * key that is quicker than its budget could overspend it.
   */
  publish(version: number): void;
  stop(): void;
}

export interface KeyBookInput {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Runs it once after so many milliseconds, unless it is forgotten before. */
  wait(delayMs: number, run: () => void): () => void;
}

/** Rows of one reading: as many as are put in place within some milliseconds. */
const PAGE_ROWS = 2_000;
/** A revocation that could not be read is not to wait for the next change. */
const RETRY_MS = 1_000;
/** Keys that have expired stay so long, so that their clients are told why. */
const EXPIRED_KEPT_MS = 86_400_000;
/** Of a round through all keys for those that have ended: some tens of microseconds at a time. */
const SWEEP_MS = 1_000;
const SWEEP_KEYS = 1_000;

/** Listens to the revision from the start. Rejects where the database cannot be read. */
export async function openKeyBook(input: KeyBookInput): Promise<KeyBook> {
  const { store, log, wait, clock } = input;
  const pages = createPages();
  let last: Promise<unknown> = Promise.resolve();
  let waiting: Promise<number> | undefined;
  let isStopped = false;
  let forgetRetry: (() => void) | undefined;
  const refresh = (): Promise<number> => {
    waiting ??= last.then(() => {
      waiting = undefined;
      return pages.readNew(store, clock.now());
    });
    last = waiting.catch(() => undefined);
    return waiting;
  };
  const refreshSoon = (): void => {
    refresh().catch((error: unknown) => {
      log.error({ error: String(error) }, 'changes of keys could not be read; it is tried again');
      if (!isStopped) forgetRetry ??= wait(RETRY_MS, retry);
    });
  };
  const retry = (): void => {
    forgetRetry = undefined;
    if (!isStopped) refreshSoon();
  };
  const stopListening = store.revision.onChange(refreshSoon);
  let forgetSweep = wait(SWEEP_MS, sweep);
  function sweep(): void {
    pages.sweep(clock.now());
    forgetSweep = wait(SWEEP_MS, sweep);
  }
  const stop = (): void => {
    isStopped = true;
    stopListening();
    forgetRetry?.();
    forgetSweep();
  };
  try {
    pages.publish(await refresh());
  } catch (error) {
    stop();
    throw error;
  }
  const { lookup, size, publish } = pages;
  return { keys: lookup, size, refresh, publish, stop };
}

interface Pages {
  readonly lookup: KeyLookup;
  size(): number;
  readNew(store: Store, nowMs: number): Promise<number>;
  publish(version: number): void;
  sweep(nowMs: number): void;
}

interface State {
  readonly byHash: Map<string, KeyRecord>;
  /** Of every key that is in. */
  readonly hashesOf: Map<KeyId, readonly string[]>;
  /** New ones that wait to be let in. */
  readonly staged: Map<KeyId, { readonly row: KeyRow; readonly old: readonly KeyTokenRow[] }>;
  /** Workspaces and members whose keys let nobody in for now. */
  suspended: ReadonlySet<string>;
  seen: Place;
  walk: IterableIterator<[string, KeyRecord]>;
}

function createPages(): Pages {
  const byHash = new Map<string, KeyRecord>();
  const state: State = {
    byHash,
    hashesOf: new Map(),
    staged: new Map(),
    suspended: new Set(),
    seen: { version: -1, id: '' },
    walk: byHash.entries(),
  };
  const isOut = ({ workspaceId, memberId }: KeyRecord): boolean =>
    state.suspended.has(workspaceId) || (memberId !== undefined && state.suspended.has(memberId));
  return {
    size: () => byHash.size,
    lookup: {
      get(tokenHash) {
        const key = byHash.get(tokenHash);
        return key && state.suspended.size > 0 && isOut(key) ? undefined : key;
      },
      // It is walked with each revision: straight through where nobody is suspended.
      values: () => (state.suspended.size === 0 ? byHash.values() : livingOf(byHash.values(), isOut)),
    },
    readNew: (store, nowMs) => readNew(state, store, nowMs),
    publish(version) {
      for (const [id, { row, old }] of state.staged) {
        if (row.version > version) continue;
        state.staged.delete(id);
        put(state, row, old);
      }
    },
    sweep: (nowMs) => sweep(state, nowMs),
  };
}

async function readNew(state: State, store: Store, nowMs: number): Promise<number> {
  state.suspended = await readSuspended(store);
  for (;;) {
    const rows = await readChanged(store, state.seen);
    const tokens = await readTokens(store, rows, nowMs);
    for (const row of rows) take(state, row, tokens.get(row.id) ?? []);
    const end = rows.at(-1);
    if (end) state.seen = { version: end.version, id: end.id };
    if (rows.length < PAGE_ROWS) return state.seen.version;
    // A whole workspace may have been ended: requests have their turn in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function take(state: State, row: KeyRow, old: readonly KeyTokenRow[]): void {
  const { byHash, hashesOf, staged } = state;
  const known = hashesOf.get(row.id);
  staged.delete(row.id);
  if (row.revoked_at === null && !known) return void staged.set(row.id, { row, old });
  for (const hash of known ?? []) byHash.delete(hash);
  hashesOf.delete(row.id);
  if (row.revoked_at === null) put(state, row, old);
}

function put({ byHash, hashesOf }: State, row: KeyRow, old: readonly KeyTokenRow[]): void {
  const key = readKey(row);
  byHash.set(row.token_hash, key);
  for (const token of old) byHash.set(token.token_hash, ofOldToken(key, token));
  hashesOf.set(row.id, [row.token_hash, ...old.map(({ token_hash }) => token_hash)]);
}

/** The next stretch of a round through all keys: those that have ended long ago are let go. */
function sweep(state: State, nowMs: number): void {
  const { byHash, hashesOf } = state;
  for (let looked = 0; looked < SWEEP_KEYS; looked += 1) {
    const next = state.walk.next();
    if (next.done) {
      state.walk = byHash.entries();
      return;
    }
    const [hash, { id, expiresAtMs }] = next.value;
    if (expiresAtMs === undefined || nowMs < expiresAtMs + EXPIRED_KEPT_MS) continue;
    byHash.delete(hash);
    const left = (hashesOf.get(id) ?? []).filter((one) => one !== hash);
    if (left.length === 0) hashesOf.delete(id);
    else hashesOf.set(id, left);
  }
}

function* livingOf(keys: Iterable<KeyRecord>, isOut: (key: KeyRecord) => boolean): Iterable<KeyRecord> {
  for (const key of keys) if (!isOut(key)) yield key;
}

/** How far the changes were read: rows of one transaction have one version. */
interface Place {
  readonly version: number;
  readonly id: string;
}

function readChanged({ kysely }: Store, { version, id }: Place): Promise<KeyRow[]> {
  return (
    kysely
      .selectFrom('keys')
      .selectAll()
      // As one comparison, which the index answers; two joined by `or` would be looked for in every row.
      .where(sql<boolean>`(version, id) > (${version}, ${id})`)
      .orderBy('version')
      .orderBy('id')
      .limit(PAGE_ROWS)
      .execute()
  );
}

/** Tokens that were replaced and work yet, by key. */
async function readTokens(
  { kysely }: Store,
  keys: readonly KeyRow[],
  nowMs: number,
): Promise<ReadonlyMap<KeyId, readonly KeyTokenRow[]>> {
  const ids = keys.filter(({ revoked_at }) => revoked_at === null).map(({ id }) => id);
  const byKey = new Map<KeyId, KeyTokenRow[]>();
  if (ids.length === 0) return byKey;
  const rows = await kysely
    .selectFrom('key_tokens')
    .selectAll()
    .where('key_id', 'in', ids)
    .where('until_at', '>', nowMs)
    .execute();
  for (const row of rows) byKey.set(row.key_id, [...(byKey.get(row.key_id) ?? []), row]);
  return byKey;
}

/** Few, whatever the number of keys is. */
async function readSuspended({ kysely }: Store): Promise<ReadonlySet<string>> {
  const [workspaces, members] = await Promise.all([
    kysely
      .selectFrom('workspaces')
      .select('id')
      .where(({ or, eb }) => or([eb('suspended_at', 'is not', null), eb('deleted_at', 'is not', null)]))
      .execute(),
    kysely
      .selectFrom('members')
      .select('id')
      .where(({ or, eb }) =>
        // Who was made a viewer may look, and spends nothing any more.
        or([eb('suspended_at', 'is not', null), eb('removed_at', 'is not', null), eb('role', '=', 'viewer')]),
      )
      .execute(),
  ]);
  return new Set([...workspaces, ...members].map(({ id }) => id as string));
}
