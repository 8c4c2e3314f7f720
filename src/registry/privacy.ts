/** What workspaces have kept of requests and replies: nothing, until an owner says so. */
import type { Selectable } from 'kysely';
import type { WorkspaceId } from '../base/ids.ts';
import type { PrivacyTable } from '../store/schema-contents.ts';
import type { Store } from '../store/store.ts';
import { findWorkspace } from './workspaces.ts';

/** From least to most: facts alone, content without what is sensitive, all of it. */
export const CONTENT_MODES = ['metadata', 'redacted', 'full'] as const;
export type ContentMode = (typeof CONTENT_MODES)[number];
/** A mode in which something is kept. */
export type KeptMode = Exclude<ContentMode, 'metadata'>;

export interface PrivacyTerms {
  readonly content: ContentMode;
  /** Absent = as long as the installation allows. */
  readonly retentionDays?: number;
}

export interface PrivacyRecord extends PrivacyTerms {
  readonly workspaceId: WorkspaceId;
  readonly changedAtMs: number;
}

/** What the installation allows at most. */
export interface PrivacyCeiling {
  readonly content: ContentMode;
  readonly retentionDays: number;
}

/** Of those that have said something. */
export async function listPrivacy(store: Store): Promise<readonly PrivacyRecord[]> {
  return (await store.kysely.selectFrom('privacy').selectAll().execute()).map(readRow);
}

/** undefined = it has said nothing. */
export async function findPrivacy(
  store: Store,
  workspaceId: WorkspaceId,
): Promise<PrivacyRecord | undefined> {
  const row = await store.kysely
    .selectFrom('privacy')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst();
  return row && readRow(row);
}

export async function setPrivacy(
  store: Store,
  workspaceId: WorkspaceId,
  { content, retentionDays }: PrivacyTerms,
  nowMs: number,
): Promise<PrivacyRecord> {
  const row = { content, retention_days: retentionDays ?? null, changed_at: nowMs };
  await store.change([
    store.kysely
      .insertInto('privacy')
      .values({ workspace_id: workspaceId, ...row })
      .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet(row)),
  ]);
  return readRow({ workspace_id: workspaceId, ...row });
}

/** What counts: never more than the installation allows. */
export function withinCeiling(
  { content, retentionDays }: PrivacyTerms,
  ceiling: PrivacyCeiling,
): Required<PrivacyTerms> {
  const level = Math.min(CONTENT_MODES.indexOf(content), CONTENT_MODES.indexOf(ceiling.content));
  return {
    content: CONTENT_MODES[level]!,
    retentionDays: Math.min(retentionDays ?? ceiling.retentionDays, ceiling.retentionDays),
  };
}

/** For how many days a workspace has content kept; 0 = the workspace is gone, and so is what it wanted. */
export async function contentDaysOf(
  store: Store,
  workspaceId: WorkspaceId,
  ceiling: PrivacyCeiling,
): Promise<number> {
  const [workspace, privacy] = await Promise.all([
    findWorkspace(store, workspaceId),
    findPrivacy(store, workspaceId),
  ]);
  return workspace ? withinCeiling(privacy ?? { content: 'metadata' }, ceiling).retentionDays : 0;
}

/** For traffic: the workspaces of which anything is kept, and what. */
export async function loadContentModes(
  store: Store,
  ceiling: PrivacyCeiling,
): Promise<ReadonlyMap<WorkspaceId, KeptMode>> {
  const modes = new Map<WorkspaceId, KeptMode>();
  for (const { workspaceId, ...terms } of await listPrivacy(store)) {
    const { content } = withinCeiling(terms, ceiling);
    if (content !== 'metadata') modes.set(workspaceId, content);
  }
  return modes;
}

function readRow(row: Selectable<PrivacyTable>): PrivacyRecord {
  return {
    workspaceId: row.workspace_id,
    content: row.content,
    changedAtMs: row.changed_at,
    ...(row.retention_days !== null && { retentionDays: row.retention_days }),
  };
}
