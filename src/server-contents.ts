/** Contents of exchanges: sealed and written beside the road, opened for who may read them, shredded on demand. */
import { randomBytes } from 'node:crypto';
import type { ReadContent } from './admin/deps-privacy.ts';
import type { Clock } from './base/clock.ts';
import type { ExchangeId, WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { NotedContent } from './gateway/content-noted.ts';
import { createContentLog, type RunningContentLog, type Written } from './gateway/content-queue.ts';
import { unpackContent } from './ledger/content-pack.ts';
import {
  type ContentRow,
  findContent,
  insertContents,
  listContents,
  removeContents,
} from './ledger/contents.ts';
import {
  type ContentKey,
  type ContentKeyId,
  type ContentOwner,
  ensureContentKey,
  findContentKey,
  openContent,
  sealContent,
  shredContentKeys,
} from './registry/content-keys.ts';
import { contentDaysOf, type KeptMode, type PrivacyCeiling } from './registry/privacy.ts';
import type { Vault } from './registry/vault.ts';
import { createContentThread } from './server-content-thread.ts';
import type { Store } from './store/store.ts';

export interface Contents {
  readonly log: RunningContentLog;
  /** undefined = nothing is kept of it by now. `unreadable`: it does not open with the master keys at hand. */
  read(workspaceId: WorkspaceId, exchangeId: ExchangeId): Promise<ReadContent | undefined>;
  /** Of one member, oldest first. */
  readAll(workspaceId: WorkspaceId, memberId: string): AsyncIterable<ReadContent>;
  /** Shreds what was kept of a member, or of the whole workspace, and takes it away; how many exchanges. */
  erase(owner: ContentOwner): Promise<number>;
  stop(): Promise<void>;
}

export interface ContentsInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What to open with; undefined = no master key is at hand. */
  vault(): Vault | undefined;
  /** As the snapshot of now has it. */
  modes(): ReadonlyMap<WorkspaceId, KeptMode>;
  /** As the files have it by now. */
  ceiling(): PrivacyCeiling;
  /** Absent = a thread of its own. */
  readonly prepare?: (content: NotedContent) => Promise<Buffer>;
}

const DAY_MS = 24 * 60 * 60_000;
/** Rows of one page, and of one transaction that removes. */
const PAGE = 100;

export function openContents(input: ContentsInput): Contents {
  const { store, clock, log } = input;
  const thread = createContentThread();
  const keys = createKeys(input);
  const write = createWriter({ prepare: thread.prepare, ...input }, keys);
  const queue = createContentLog({ clock, log, write });
  const sinceOf = async (workspaceId: WorkspaceId): Promise<number> =>
    clock.now() - (await contentDaysOf(store, workspaceId, input.ceiling())) * DAY_MS;
  return {
    log: queue,
    async read(workspaceId, exchangeId) {
      const row = await findContent(store, workspaceId, exchangeId, await sinceOf(workspaceId));
      return row && readRow(row, await keys.find(row.contentKeyId));
    },
    async *readAll(workspaceId, memberId) {
      const query = { workspaceId, memberId, sinceMs: await sinceOf(workspaceId) };
      for (let after = ''; ; ) {
        const rows = await listContents(store, query, after, PAGE);
        for (const row of rows) yield readRow(row, await keys.find(row.contentKeyId));
        if (rows.length < PAGE) return;
        after = rows.at(-1)!.exchangeId;
      }
    },
    async erase(owner) {
      // From here on nobody can read it, whatever is left of the rows.
      await shredContentKeys(store, owner);
      keys.forget();
      let removed = 0;
      const { workspaceId, memberId } = owner;
      const old = { workspaceId, ...(memberId !== undefined && { memberId }) };
      for (let count = PAGE; count === PAGE; removed += count) count = await removeContents(store, old, PAGE);
      return removed;
    },
    async stop() {
      await queue.stop();
      await thread.close();
    },
  };
}

async function readRow(row: ContentRow, key: ContentKey | undefined): Promise<ReadContent> {
  const { exchangeId, mode, createdAtMs: startedAtMs } = row;
  // A row that was moved to another workspace still names the key of its own.
  const isOwn = key?.workspaceId === row.workspaceId;
  const packed = isOwn && openContent(key, exchangeId, row.sealed);
  const content = packed ? await unpackContent(packed) : 'unreadable';
  return { exchangeId, mode, startedAtMs, content };
}

interface Keys {
  /** undefined = no master key is at hand. */
  ensure(owner: ContentOwner): Promise<ContentKey | undefined>;
  find(id: ContentKeyId): Promise<ContentKey | undefined>;
  forget(): void;
}

/** Open keys kept: one for each member that sends something. */
const MAX_KEYS = 1_000;

function createKeys({ store, clock, vault }: ContentsInput): Keys {
  const known = new Map<string, ContentKey>();
  return {
    async ensure(owner) {
      const name = `${owner.workspaceId}\n${owner.memberId ?? ''}`;
      const before = known.get(name);
      const opener = vault();
      if (before || !opener) return before;
      const made = await ensureContentKey(store, opener, owner, { nowMs: clock.now(), random: randomBytes });
      if (!made) return undefined;
      if (known.size >= MAX_KEYS) known.clear();
      known.set(name, made);
      return made;
    },
    find: (id) => findContentKey(store, vault(), id),
    forget: () => known.clear(),
  };
}

type WriterInput = ContentsInput & Required<Pick<ContentsInput, 'prepare'>>;

function createWriter(input: WriterInput, keys: Keys): (batch: readonly NotedContent[]) => Promise<Written> {
  const { store, log } = input;
  let isVaultMissing = false;
  return async (batch) => {
    const wanted = batch.flatMap((one) => wantedStill(one, input.modes().get(one.workspaceId)));
    const rows: ContentRow[] = [];
    for (const one of wanted) {
      const key = await keys.ensure(one);
      const packed = key && (await input.prepare(one).catch(() => undefined));
      if (key && packed) rows.push(rowOf(one, key, packed));
      if (key || isVaultMissing) continue;
      isVaultMissing = true;
      log.error({ event: 'vault_closed' }, 'content is not kept: there is no master key to seal it with');
    }
    const written = await insertContents(store, rows);
    const kept = written.filter((isWritten) => isWritten).length;
    // The key of some was shredded meanwhile, by this process or another: the next ones get a new one.
    if (kept < rows.length) keys.forget();
    if (kept > 0) isVaultMissing = false;
    return { kept, failed: wanted.length - kept };
  };
}

/** Who wants less by now gets less. */
function wantedStill(noted: NotedContent, mode: KeptMode | undefined): readonly NotedContent[] {
  if (mode === undefined) return [];
  return [mode === 'redacted' ? { ...noted, mode } : noted];
}

function rowOf(noted: NotedContent, key: ContentKey, packed: Buffer): ContentRow {
  const { exchangeId, workspaceId, memberId, keyId, mode, startedAtMs } = noted;
  return {
    ...{ exchangeId, workspaceId, keyId, mode },
    contentKeyId: key.id,
    sealed: sealContent(key, exchangeId, packed, randomBytes),
    createdAtMs: startedAtMs,
    ...(memberId !== undefined && { memberId }),
  };
}
