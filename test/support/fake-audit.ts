/** An audit that holds still, and writes that are always the first. */
import type { AuditDesk, OnceDesk } from '../../src/admin/deps-audit.ts';
import type { LiveDesk } from '../../src/admin/deps-live.ts';
import type { NewAuditEvent } from '../../src/registry/audit-events.ts';

export const fakeHead = { position: 2, hash: 'a'.repeat(64) };

/** `told` collects the events that are no part of a change. */
export function fakeAuditDesk(told: Omit<NewAuditEvent, 'workspaceId'>[], nowMs: number): AuditDesk {
  const event = {
    id: 'aud_2',
    workspaceId: 'ws_1',
    atMs: nowMs,
    actor: { id: 'mem_ada', name: 'Ada', role: 'admin', via: 'session', address: '127.0.0.1' },
    action: 'budgets.create',
    target: 'bud_1',
    outcome: 'done',
    detail: { method: 'POST' },
    link: { position: 2, prevHash: 'b'.repeat(64), hash: fakeHead.hash },
  } as const;
  return {
    list: async ({ after, limit }) =>
      after === undefined ? [event, { ...event, id: 'aud_1' as const }].slice(0, limit) : [],
    record: async (one) => void told.push(one),
    verify: async (ofAll) =>
      (ofAll ? (['ws_1', 'ws_2'] as const) : (['ws_1'] as const)).map((workspaceId) => ({
        ...{ workspaceId, isSound: workspaceId === 'ws_1', events: 2, unlinked: 0, cutAt: 0, head: fakeHead },
        problems: workspaceId === 'ws_1' ? [] : ['event 1 is missing'],
      })),
    head: async () => fakeHead,
    export: async function* (format) {
      yield format === 'csv' ? 'id,at\r\naud_1,x\r\n' : '{"id":"aud_1"}\n';
    },
  };
}

export const fakeOnceDesk: OnceDesk = {
  claim: async () => ({
    kind: 'ours',
    turn: { mark() {}, isCommitted: () => false, keep: async () => undefined, forget: async () => undefined },
  }),
};

/** One event, and the stream is over. */
export const fakeLiveDesk: LiveDesk = {
  async listen({ lastEventId, check }) {
    const data = JSON.stringify({ lastEventId: lastEventId ?? null, role: await check() });
    const stream = new Blob([`event: hello\ndata: ${data}\n\n`]).stream() as ReadableStream<Uint8Array>;
    return { kind: 'open', stream };
  },
};
