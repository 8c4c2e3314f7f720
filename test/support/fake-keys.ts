/** Virtual keys behind the admin API that hold still. */
import type { KeyDesk, KeyFacts } from '../../src/admin/deps-keys.ts';

/** @param made collects what it was told to make or change */
export function fakeKeyDesk(made: unknown[], nowMs: number, token: string): KeyDesk {
  const key: KeyFacts = {
    id: 'key_1',
    name: 'laptop',
    preview: 'tp-bbbb…bbbb',
    createdAtMs: nowMs - 1000,
    oldTokens: [],
    budgets: [],
  };
  const old: KeyFacts = {
    ...key,
    id: 'key_0',
    name: 'old',
    createdAtMs: nowMs - 9000,
    expiresAtMs: nowMs - 1,
  };
  const honeypot: KeyFacts = { ...key, id: 'key_h', name: 'backup.env', isHoneypot: true };
  return {
    calls: ['openai-chat', 'anthropic-messages', 'chat', 'embeddings'],
    async list({ limit, isHoneypot, namePrefix = '', after }) {
      if (isHoneypot) return [honeypot];
      const all = [key, old].filter(({ name, id }) => name.startsWith(namePrefix) && id < (after ?? 'z'));
      return all.slice(0, limit);
    },
    find: async (id) => [key, old, honeypot].find((one) => one.id === id),
    async create({ budgets, rateLimit, isHoneypot, ...wanted }) {
      made.push({ ...wanted, budgets, ...(rateLimit && { rateLimit }), ...(isHoneypot && { isHoneypot }) });
      if (wanted.memberId === 'mem_9') return { kind: 'member_unknown' };
      if (wanted.agentId === 'agt_9') return { kind: 'agent_unknown' };
      if (budgets.some(({ name }) => name === 'taken')) return { kind: 'budget_taken' };
      return { kind: 'done', key: { ...key, ...wanted, ...(isHoneypot && { isHoneypot: true }) }, token };
    },
    async change(id, change) {
      made.push([id, change]);
      if (id === 'key_0') return { kind: 'ended' };
      if (id !== 'key_1') return { kind: 'unknown' };
      const set = Object.entries(change).filter(([, value]) => value !== null);
      return { kind: 'done', key: { ...key, ...Object.fromEntries(set) } };
    },
    async rotate(id, overlapMs) {
      made.push([id, overlapMs]);
      if (id === 'key_0') return { kind: 'overtaken' };
      if (id !== 'key_1') return { kind: 'unknown' };
      const oldToken = {
        id: 'tok_1',
        preview: key.preview,
        replacedAtMs: nowMs,
        untilMs: nowMs + overlapMs,
      } as const;
      return {
        kind: 'done',
        key: { ...key, preview: 'tp-cccc…cccc', oldTokens: overlapMs > 0 ? [oldToken] : [] },
        token,
      };
    },
    revoke: async (id) => (id === 'key_1' ? { ...key, revokedAtMs: nowMs } : undefined),
  };
}
