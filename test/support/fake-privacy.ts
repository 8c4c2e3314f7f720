/** Privacy behind the admin API that holds still: redacted content of one exchange, and a member whose data there is. */
import type { MemberDataDesk, PrivacyDesk, PrivacyFacts } from '../../src/admin/deps-privacy.ts';
import type { PrivacyTerms } from '../../src/registry/privacy.ts';

const side = { kind: 'text', bytes: 20, isCut: false, isFolded: false } as const;

/** `made` collects what it was told. */
export function fakePrivacyDesk(nowMs: number, made: unknown[]): PrivacyDesk {
  let terms: PrivacyTerms = { content: 'redacted' };
  const facts = (): PrivacyFacts => ({
    terms,
    ceiling: { content: 'redacted', retentionDays: 30 },
    effective: { content: terms.content, retentionDays: terms.retentionDays ?? 30 },
    stored: { exchanges: 1, oldestAtMs: nowMs - 900 },
    kept: 1,
    dropped: 0,
    failed: 0,
  });
  return {
    show: async () => facts(),
    async set(wanted) {
      made.push(wanted);
      if (wanted.content === 'full')
        return { kind: 'above', ceiling: { content: 'redacted', retentionDays: 30 } };
      if (wanted.retentionDays === 13) return { kind: 'vault_closed' };
      terms = wanted;
      return { kind: 'done', facts: facts() };
    },
    async eraseContent() {
      made.push('erase content');
      return 1;
    },
    async content(id) {
      if (id !== 'exc_1' && id !== 'exc_sealed') return undefined;
      const request = { ...side, text: 'my key is [api-key]', redactions: 1 };
      const reply = { ...side, text: 'Keep it safe.', redactions: 0 };
      const content = { format: 'openai-chat', status: 200, request, reply };
      return {
        exchangeId: id,
        mode: 'redacted',
        startedAtMs: nowMs - 900,
        content: id === 'exc_1' ? content : 'unreadable',
      };
    },
  };
}

export function fakeMemberDataDesk(made: unknown[]): MemberDataDesk {
  return {
    async export(memberId) {
      return memberId === 'mem_1' ? lines() : undefined;
    },
    async erase(memberId, { id }) {
      made.push(['erase', memberId, id]);
      if (memberId === 'mem_owner') return { kind: 'last_owner' };
      if (memberId !== 'mem_1') return { kind: 'unknown' };
      return {
        kind: 'done',
        erased: { memberId, isPersonErased: true, keys: 2, credentials: 1, contents: 3 },
      };
    },
  };
}

async function* lines(): AsyncIterable<string> {
  yield '{"kind":"member","id":"mem_1"}\n';
  yield '{"kind":"key","name":"laptop"}\n';
}
