/** The data of one member: handed over as JSON lines, or taken away. No secret goes out, and no entry of the books is touched. */
import type { Caller } from './admin/caller.ts';
import type { EraseAnswer, MemberDataDesk } from './admin/deps-privacy.ts';
import { iso } from './admin/fields.ts';
import type { Clock } from './base/clock.ts';
import type { MemberId, WorkspaceId } from './base/ids.ts';
import { entriesOfMember } from './ledger/export.ts';
import type { People } from './people/people.ts';
import { type AuditEvent, listAudit } from './registry/audit-events.ts';
import type { KeyRecord } from './registry/key-record.ts';
import {
  credentialsOfMember,
  eraseQueries,
  findMemberRow,
  hasMemberships,
  keysOfMember,
  type MaskedCredential,
  type MemberPlace,
  type MemberRow,
} from './registry/member-data.ts';
import { removeMember } from './registry/members.ts';
import { findPreferences } from './registry/preferences.ts';
import type { Contents } from './server-contents.ts';
import type { Store } from './store/store.ts';

export interface MemberDataMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly contents: Contents;
  readonly people: Pick<People, 'findPersons' | 'sessionsOf' | 'erasePerson' | 'endSessionsOf'>;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

export function createMemberDataDesk(means: MemberDataMeans): MemberDataDesk {
  const { store, workspaceId } = means;
  return {
    async export(id, isSelf) {
      const place = { workspaceId, memberId: id as MemberId };
      const member = await findMemberRow(store, place);
      return member && linesOf(means, place, member, isSelf);
    },
    erase: (id, by) => erase(means, { workspaceId, memberId: id as MemberId }, by),
  };
}

const line = (kind: string, fields: object): string => `${JSON.stringify({ kind, ...fields })}\n`;

/** Events of the audit read in one go. */
const PAGE = 500;

async function* linesOf(
  means: MemberDataMeans,
  place: MemberPlace,
  member: MemberRow,
  isSelf: boolean,
): AsyncIterable<string> {
  const { store, contents, clock, people } = means;
  const { workspaceId, memberId } = place;
  const { createdAtMs, suspendedAtMs, removedAtMs, personId, ...rest } = member;
  const times = {
    createdAt: iso(createdAtMs),
    suspendedAt: isoOf(suspendedAtMs),
    removedAt: isoOf(removedAtMs),
  };
  yield line('member', { ...rest, workspaceId, personId, ...times });
  const person = (await people.findPersons([personId])).get(personId);
  if (person) {
    yield line('person', person);
    // From where it signs in is its own: it may do so for another workspace.
    const sessions = isSelf ? await people.sessionsOf(personId, clock.now()) : [];
    for (const session of sessions) yield line('session', session);
  }
  const { record, budget } = await findPreferences(store, place);
  if (record) yield line('preferences', record);
  if (budget) yield line('budget', { ...budget, limit: String(budget.limit) });
  for (const key of await keysOfMember(store, place)) yield line('key', shownKey(key));
  for (const credential of await credentialsOfMember(store, place))
    yield line('credential', shownCredential(credential));
  for await (const lines of entriesOfMember(store, workspaceId, memberId)) yield lines;
  for await (const { exchangeId, mode, startedAtMs, content } of contents.readAll(workspaceId, memberId))
    yield line('content', { exchangeId, mode, startedAt: iso(startedAtMs), content });
  for await (const event of eventsBy(store, place)) yield line('event', shownEvent(event));
}

const isoOf = (atMs: number | null): string | null => (atMs === null ? null : iso(atMs));

function shownKey({ createdAtMs, revokedAtMs, lastUsedAtMs, expiresAtMs, ...key }: KeyRecord) {
  return {
    ...key,
    createdAt: iso(createdAtMs),
    ...(revokedAtMs !== undefined && { revokedAt: iso(revokedAtMs) }),
    ...(lastUsedAtMs !== undefined && { lastUsedAt: iso(lastUsedAtMs) }),
    ...(expiresAtMs !== undefined && { expiresAt: iso(expiresAtMs) }),
  };
}

function shownCredential(row: MaskedCredential) {
  const { id, provider, label, preview } = row;
  const times = { createdAt: iso(row.created_at), lastUsedAt: isoOf(row.last_used_at) };
  return { id, provider, label, preview, ...times, disabledAt: isoOf(row.disabled_at) };
}

/** Oldest first. */
async function* eventsBy(store: Store, { workspaceId, memberId }: MemberPlace): AsyncIterable<AuditEvent> {
  for (let after: string | undefined; ; ) {
    const events = await listAudit(store, { workspaceId, actor: memberId, after, limit: PAGE }, 'asc');
    yield* events;
    if (events.length < PAGE) return;
    after = events.at(-1)!.id;
  }
}

function shownEvent({ id, atMs, action, target, outcome, actor: { via, address } }: AuditEvent) {
  return { id, at: iso(atMs), action, target: target ?? null, outcome, via, address: address ?? null };
}

/**
 * First out of the workspace, so that nothing new comes; then what tells who it was. Broken off in the middle it can be
 * asked for again. What stays is in docs/guide/privacy.md.
 */
async function erase(means: MemberDataMeans, place: MemberPlace, by: Caller): Promise<EraseAnswer> {
  const { store, workspaceId, contents, clock, people } = means;
  const { memberId } = place;
  const member = await findMemberRow(store, place);
  if (!member) return { kind: 'unknown' };
  // Some of it goes with the membership.
  const { length: credentials } = await credentialsOfMember(store, place);
  if (member.removedAtMs === null) {
    const actor = { role: by.role ?? 'viewer', ...(by.memberId !== undefined && { memberId: by.memberId }) };
    const removed = await removeMember(store, memberId, { workspaceId, nowMs: clock.now(), by: actor });
    if (removed.kind !== 'done' && removed.kind !== 'unknown') return removed;
  }
  const counts = await store.change(eraseQueries(store, place, clock.now()));
  await means.recompile();
  const shredded = await contents.erase(place);
  const isElsewhere = await hasMemberships(store, member.personId);
  const isPersonErased = !isElsewhere && (await people.erasePerson(member.personId));
  const [, keys = 0] = counts;
  return {
    kind: 'done',
    erased: { memberId, isPersonErased, keys, credentials, contents: shredded },
  };
}
