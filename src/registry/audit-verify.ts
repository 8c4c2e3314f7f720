/** Proof that a chain of events is whole: every hash anew, every link, and the end against what is kept apart from it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { type AuditRow, type ChainPlace, findCheckpoint, findHead, hashOf } from './audit-chain.ts';

export interface ChainReport {
  readonly workspaceId: WorkspaceId;
  readonly isSound: boolean;
  /** That were looked at. */
  readonly events: number;
  /** Not linked yet: nothing proves them. */
  readonly unlinked: number;
  /** What is kept begins after this position; 0 = nothing was taken away. */
  readonly cutAt: number;
  /** Where it ends: kept elsewhere, it proves that the chain was not written anew as a whole. */
  readonly head: ChainPlace;
  /** What does not add up, in words; empty when sound. */
  readonly problems: readonly string[];
}

/** Events read in one go. */
const PAGE = 500;
/** Problems that are told; where there are more, the rest says no more. */
const MAX_PROBLEMS = 100;
/** The chain may be cut while it is looked at. */
const MAX_TRIES = 3;

/** @param expected an end that was noted before, elsewhere */
export async function verifyChain(
  store: Store,
  workspaceId: WorkspaceId,
  expected?: ChainPlace,
): Promise<ChainReport> {
  for (let tries = 1; ; tries += 1) {
    const start = await findCheckpoint(store, workspaceId);
    const report = await verifyFrom(store, { workspaceId, start, expected });
    const after = await findCheckpoint(store, workspaceId);
    if (after.position === start.position || tries === MAX_TRIES) return report;
  }
}

interface ChainToVerify {
  readonly workspaceId: WorkspaceId;
  readonly start: ChainPlace;
  readonly expected: ChainPlace | undefined;
}

/** Where the look at the chain has come to. */
interface Walk {
  /** The last event that was seen, with the hash that stands in its row. */
  end: ChainPlace;
  events: number;
  /** Whether an event says that everything up to the start was taken away. */
  isSignedOff: boolean;
  /** What stands at the expected place. */
  atExpected: string | undefined;
  readonly problems: string[];
}

async function verifyFrom(store: Store, chain: ChainToVerify): Promise<ChainReport> {
  const { workspaceId, start, expected } = chain;
  // Read first: what is linked meanwhile comes after it.
  const head = await findHead(store, workspaceId);
  const walk: Walk = {
    end: start,
    events: 0,
    isSignedOff: start.position === 0,
    atExpected: expected?.position === start.position ? start.hash : undefined,
    problems: [],
  };
  for (;;) {
    const rows = await readPage(store, workspaceId, walk.end.position);
    for (const row of rows) checkRow(walk, row as LinkedRow, chain);
    if (rows.length < PAGE) break;
    await nextTurn();
  }
  const unlinked = await findUnlinked(store, workspaceId);
  walk.isSignedOff ||= unlinked.some((row) => signsOff(row, start));
  await checkEnd(store, walk, head, chain);
  return {
    workspaceId,
    isSound: walk.problems.length === 0,
    events: walk.events,
    unlinked: unlinked.length,
    cutAt: start.position,
    head: { position: walk.end.position, hash: walk.end.hash },
    problems: walk.problems.slice(0, MAX_PROBLEMS),
  };
}

type LinkedRow = AuditRow & { readonly position: number };

function checkRow(walk: Walk, row: LinkedRow, { start, expected }: ChainToVerify): void {
  const { end, problems } = walk;
  const { position } = row;
  const missing = position - end.position - 1;
  if (missing > 0) problems.push(missingText(end.position + 1, position - 1));
  else if (row.prev_hash !== end.hash) {
    problems.push(`event ${position} (${row.id}) does not follow the one before it`);
  }
  const before = { position: position - 1, hash: row.prev_hash ?? '' };
  if (row.hash !== hashOf(row, before)) {
    problems.push(`event ${position} (${row.id}) is not what was linked at this place`);
  }
  walk.end = { position, hash: row.hash ?? '' };
  walk.events += 1;
  walk.isSignedOff ||= signsOff(row, start);
  if (position === expected?.position) walk.atExpected = row.hash ?? '';
}

function missingText(first: number, last: number): string {
  return first === last ? `event ${first} is missing` : `events ${first} to ${last} are missing`;
}

/** The event by which old ones were taken away says up to where, and what hash stood there. */
function signsOff({ action, detail }: AuditRow, { position, hash }: ChainPlace): boolean {
  return action === CUT_ACTION && detail === cutDetail({ position, hash });
}

export const CUT_ACTION = 'audit.cut';
export function cutDetail({ position, hash }: ChainPlace): string {
  // Hex that is as long as a digest would be taken for a secret; in two halves it is shown.
  return JSON.stringify({ position, hash: [hash.slice(0, 32), hash.slice(32)] });
}

async function checkEnd(
  store: Store,
  walk: Walk,
  head: ChainPlace,
  { workspaceId, start, expected }: ChainToVerify,
): Promise<void> {
  const { end, problems } = walk;
  if (!walk.isSignedOff) {
    problems.push(`events 1 to ${start.position} are missing, and no event says that they were taken away`);
  }
  if (end.position < head.position) problems.push(missingText(end.position + 1, head.position));
  else if (end.position === head.position && end.hash !== head.hash) {
    problems.push(`event ${end.position} is not the one that the end of the chain was noted with`);
  } else if (end.position > (await findHead(store, workspaceId)).position) {
    problems.push(`the chain was noted to end at ${head.position}, but goes on to ${end.position}`);
  }
  if (!expected || walk.atExpected === expected.hash) return;
  if (expected.position < start.position) {
    problems.push(
      `event ${expected.position} was taken away as old: what was noted of it cannot be compared`,
    );
  } else problems.push(`event ${expected.position} is not the one that was noted elsewhere`);
}

function readPage({ reader }: Store, workspaceId: WorkspaceId, after: number): Promise<AuditRow[]> {
  return reader
    .selectFrom('audit_events')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(PAGE)
    .execute();
}

function findUnlinked({ reader }: Store, workspaceId: WorkspaceId): Promise<AuditRow[]> {
  return reader
    .selectFrom('audit_events')
    .selectAll()
    .where('position', 'is', null)
    .where('workspace_id', '=', workspaceId)
    .limit(PAGE)
    .execute();
}
