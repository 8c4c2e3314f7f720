/** The live book after any course of events, read at any moments: the same as one that is opened then. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silentLog } from '../base/log.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { type KeyBook, openKeyBook } from './key-book.ts';
import type { KeyRecord } from './key-record.ts';
import { rotateKey } from './key-rotation.ts';
import { endKeysOf } from './key-version.ts';
import { changeKey, createKey, revokeKey } from './keys.ts';
import { hashToken } from './token.ts';
import { createWorkspace } from './workspaces.ts';

const EVENTS = [
  'make',
  'change',
  'rotate',
  'revoke',
  'end',
  'suspend',
  'resume',
  'pass',
  'read',
  'publish',
] as const;
/** So that there is something to happen to. */
const FIRST = ['make', 'make', 'make', 'read', 'publish'] as const;
const events = fc.array(fc.record({ what: fc.constantFrom(...EVENTS), at: fc.nat(20) }), {
  minLength: 10,
  maxLength: 40,
  size: 'max',
});

interface Course {
  readonly store: SqliteStore;
  readonly workspaces: readonly KeyRecord['workspaceId'][];
  readonly keys: KeyRecord[];
  readonly tokens: string[];
  nowMs: number;
}

async function happen(course: Course, what: (typeof EVENTS)[number], at: number): Promise<void> {
  const { store, workspaces, keys, tokens } = course;
  const workspaceId = workspaces[at % workspaces.length]!;
  const key = keys[at % Math.max(1, keys.length)];
  if (what === 'make') {
    const expiry = at % 3 === 0 && { expiresAtMs: course.nowMs + 1 + at };
    const made = await createKey(
      store,
      { workspaceId, name: `k${at}`, ...expiry },
      course.nowMs,
      randomBytes,
    );
    keys.push(made.key);
    tokens.push(made.token);
  } else if (what === 'end') {
    if (at % 7 === 0) await store.change(endKeysOf(store, { workspaceId }, course.nowMs));
  } else if (what === 'suspend' || what === 'resume') {
    const suspended_at = what === 'suspend' ? course.nowMs : null;
    await store.change([
      store.kysely.updateTable('workspaces').set({ suspended_at }).where('id', '=', workspaceId),
    ]);
  } else if (key) await happenTo(course, key, what, at);
}

async function happenTo(course: Course, key: KeyRecord, what: string, at: number): Promise<void> {
  const { store, nowMs, tokens } = course;
  if (what === 'change') await changeKey(store, key.id, { name: `n${at}` }, key);
  if (what === 'revoke') await revokeKey(store, key.id, nowMs, key);
  if (what !== 'rotate') return;
  const rotated = await rotateKey(store, key.id, key, { overlapMs: at * 2, nowMs, random: randomBytes });
  if (rotated.kind === 'rotated') tokens.push(rotated.token);
}

/** What admission would find: whoever has ended is as good as gone. */
function judged({ keys }: KeyBook, { tokens, nowMs }: Course) {
  return tokens.map((token) => {
    const key = keys.get(hashToken(token));
    return key && !(key.expiresAtMs !== undefined && nowMs >= key.expiresAtMs) ? key : undefined;
  });
}

async function openBook(course: Course): Promise<KeyBook> {
  const clock = { now: () => course.nowMs };
  return openKeyBook({ store: course.store, clock, log: silentLog, wait: () => () => undefined });
}

it('is the same as one opened now', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
      const workspaces: KeyRecord['workspaceId'][] = [];
      for (const name of ['a', 'b']) workspaces.push((await createWorkspace(store, name, 1)).id);
      const course: Course = { store, workspaces, keys: [], tokens: [], nowMs: 100 };
      const book = await openBook(course);
      let version = 0;
      for (const { what, at } of [...FIRST.map((what, at) => ({ what, at })), ...all]) {
        if (what === 'pass') course.nowMs += at;
        else if (what === 'read') version = await book.refresh();
        else if (what === 'publish') book.publish(version);
        else await happen(course, what, at);
      }
      const before = judged(book, course);
      book.publish(await book.refresh());
      const fresh = await openBook(course);
      const now = judged(book, course);
      expect(now).toEqual(judged(fresh, course));
      // Nobody was let in too early: what was found before the last reading is found after it, or was ended by it.
      for (const [at, key] of before.entries()) if (key && now[at]) expect(now[at]!.id).toBe(key.id);
      book.stop();
      fresh.stop();
      await store.close();
    }),
    { numRuns: 20 },
  );
});
