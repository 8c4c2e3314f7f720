/**
 * Writes that are done once, however often they come: a claim is made before, marked in the transaction of the change,
 * and the answer is kept after it. Who dies in between leaves a mark, by which nobody does it again.
 */
import type { Compilable } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';

/** Whose write it is, and by which key it is known. */
export interface WriteKey {
  readonly workspaceId: WorkspaceId;
  readonly callerId: string;
  /** SHA-256 of the key, lower-case hex: keys of clients may say more than they should. */
  readonly keyHash: string;
}

export interface Claim extends WriteKey {
  /** SHA-256 of method, path and body. */
  readonly requestHash: string;
  /** Different each time. */
  readonly claim: string;
}

export type ClaimOutcome =
  | { readonly kind: 'ours' }
  /** The key was used for another request. */
  | { readonly kind: 'other_request' }
  | { readonly kind: 'running' }
  /** `answer` as it was kept; undefined = it was carried out, but what was answered is not known any more. */
  | { readonly kind: 'done'; readonly status: number | undefined; readonly answer: string | undefined }
  /** The caller has too many keys that are not old yet. */
  | { readonly kind: 'full' };

/** As long as clients of other APIs are used to. */
export const KEPT_MS = 86_400_000;
/** Who has not answered by then has died, or is so slow that nobody waits: a comparison of bills takes some minutes. */
const RUNNING_MS = 10 * 60_000;
/** Keys of one caller within a day: a script that makes one every nine seconds. */
const MAX_KEYS = 10_000;
/** Rows removed in one transaction. */
const CHUNK = 500;

/** Of many at once one is told `ours`. */
export async function claimWrite(store: Store, claim: Claim, nowMs: number): Promise<ClaimOutcome> {
  if (await isFull(store, claim, nowMs)) return { kind: 'full' };
  const [taken] = await store.write([claimQuery(store, claim, nowMs)]);
  if (taken === 1) return { kind: 'ours' };
  const row = await ofKey(store, claim).selectAll().executeTakeFirst();
  // It ended just now, without a change: whoever asks again may have it.
  if (!row) return { kind: 'running' };
  if (row.request_hash !== claim.requestHash) return { kind: 'other_request' };
  if (row.status !== null) return { kind: 'done', status: row.status, answer: row.answer ?? undefined };
  const isLate = row.created_at <= nowMs - RUNNING_MS;
  return isLate && row.is_committed === 1
    ? { kind: 'done', status: undefined, answer: undefined }
    : { kind: 'running' };
}

function claimQuery({ kysely }: Store, claim: Claim, nowMs: number): Compilable {
  const fresh = {
    request_hash: claim.requestHash,
    claim: claim.claim,
    is_committed: 0,
    status: null,
    answer: null,
    created_at: Math.round(nowMs),
    expires_at: Math.round(nowMs) + KEPT_MS,
  };
  const { workspaceId, callerId, keyHash } = claim;
  return kysely
    .insertInto('idempotency_keys')
    .values({ workspace_id: workspaceId, caller_id: callerId, key_hash: keyHash, ...fresh })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'caller_id', 'key_hash'])
        .doUpdateSet(fresh)
        .where(({ eb, and, or }) =>
          or([
            eb('idempotency_keys.expires_at', '<=', nowMs),
            // Its process died before it had changed anything.
            and([
              eb('idempotency_keys.status', 'is', null),
              eb('idempotency_keys.is_committed', '=', 0),
              eb('idempotency_keys.created_at', '<=', nowMs - RUNNING_MS),
              eb('idempotency_keys.request_hash', '=', claim.requestHash),
            ]),
          ]),
        ),
    );
}

/** Belongs into the transaction of the change. */
export function committedQuery({ kysely }: Store, { claim, ...key }: Claim): Compilable {
  return whereKey(kysely.updateTable('idempotency_keys').set({ is_committed: 1 }), key).where(
    'claim',
    '=',
    claim,
  );
}

/** @param answer sealed; undefined = only that there was one is kept */
export async function keepAnswer(
  store: Store,
  { claim, ...key }: Claim,
  { status, answer }: { readonly status: number; readonly answer: string | undefined },
): Promise<void> {
  const update = store.kysely.updateTable('idempotency_keys').set({ status, answer: answer ?? null });
  await store.write([whereKey(update, key).where('claim', '=', claim)]);
}

/** Nothing was changed: the key is as if it had not been used. */
export async function forgetClaim(store: Store, { claim, ...key }: Claim): Promise<void> {
  const removal = whereKey(store.kysely.deleteFrom('idempotency_keys'), key);
  await store.write([removal.where('claim', '=', claim).where('is_committed', '=', 0)]);
}

/** Removes what has expired. How many there were. */
export async function sweepIdempotency(
  store: Store,
  nowMs: number,
  pause: () => Promise<unknown>,
): Promise<number> {
  const { kysely } = store;
  for (let removed = 0; ; ) {
    const rows = await kysely
      .selectFrom('idempotency_keys')
      .select(['workspace_id', 'caller_id', 'key_hash'])
      .where('expires_at', '<=', nowMs)
      .orderBy('expires_at')
      .limit(CHUNK)
      .execute();
    if (rows.length === 0) return removed;
    await store.write(
      rows.map((row) =>
        whereKey(kysely.deleteFrom('idempotency_keys'), {
          workspaceId: row.workspace_id,
          callerId: row.caller_id,
          keyHash: row.key_hash,
        }).where('expires_at', '<=', nowMs),
      ),
    );
    removed += rows.length;
    await pause();
  }
}

async function isFull(store: Store, { workspaceId, callerId }: WriteKey, nowMs: number): Promise<boolean> {
  const beyond = await store.kysely
    .selectFrom('idempotency_keys')
    .select('key_hash')
    .where('workspace_id', '=', workspaceId)
    .where('caller_id', '=', callerId)
    .where('expires_at', '>', nowMs)
    .offset(MAX_KEYS)
    .limit(1)
    .executeTakeFirst();
  return beyond !== undefined;
}

function ofKey({ kysely }: Store, key: WriteKey) {
  return whereKey(kysely.selectFrom('idempotency_keys'), key);
}

interface WithKey<Q> {
  where(column: 'workspace_id' | 'caller_id' | 'key_hash', operator: '=', value: string): Q;
}

function whereKey<Q>(query: WithKey<Q>, { workspaceId, callerId, keyHash }: WriteKey): Q {
  const inWorkspace = query.where('workspace_id', '=', workspaceId) as WithKey<Q>;
  const ofCaller = inWorkspace.where('caller_id', '=', callerId) as WithKey<Q>;
  return ofCaller.where('key_hash', '=', keyHash);
}
