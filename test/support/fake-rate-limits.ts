/** Rate limits behind the admin API that hold still: one of a person, one of a file. */
import type { RateLimitDesk, RateLimitFacts } from '../../src/admin/deps.ts';
import { type RateLimitChange, rateFigures } from '../../src/base/rate-limit.ts';
import type { RateLimitRecord } from '../../src/registry/rate-limits.ts';

function factsAt(nowMs: number): readonly RateLimitFacts[] {
  const base = { workspaceId: 'ws_1', burstSeconds: 60, version: 3, createdAtMs: nowMs - 1_000 } as const;
  return [
    {
      rateLimit: {
        ...base,
        id: 'lim_1',
        scope: { kind: 'key', id: '*' },
        requestsPerMinute: 60,
        inputTokensPerMinute: 100_000,
        concurrent: 10,
        source: 'api',
      },
      uses: [
        { subject: 'key_1', metric: 'input-tokens', limit: 100_000, used: 25_000, fullAtMs: nowMs + 15_000 },
        { subject: 'key_1', metric: 'streams', limit: 10, used: 2, fullAtMs: undefined },
      ],
      count: 9,
    },
    {
      rateLimit: {
        ...base,
        id: 'lim_2',
        scope: { kind: 'workspace', id: '*' },
        outputTokensPerMinute: 20_000,
        burstSeconds: 6,
        source: 'file',
      },
      uses: [],
      count: 0,
    },
  ];
}

/** `made` collects what it was told. */
export function fakeRateLimitDesk(made: unknown[], nowMs: number): RateLimitDesk {
  const all = factsAt(nowMs);
  const [mine] = all as [RateLimitFacts];
  return {
    list: async (limit) => all.slice(0, limit),
    async create(terms) {
      made.push(terms);
      const { id, workspaceId, source, createdAtMs } = mine.rateLimit;
      const rateLimit = { ...terms, id, workspaceId, source, createdAtMs, version: 1 };
      return { kind: 'done', facts: { rateLimit, uses: [], count: 0 } };
    },
    async change(id, change) {
      made.push([id, change]);
      if (id === 'lim_2') return { kind: 'declared' };
      if (id !== 'lim_1') return { kind: 'unknown' };
      return { kind: 'done', facts: { ...mine, rateLimit: changed(mine.rateLimit, change) } };
    },
    async remove(id) {
      made.push(id);
      if (id === 'lim_2') return { kind: 'declared' };
      return id === 'lim_1' ? { kind: 'done', facts: mine } : { kind: 'unknown' };
    },
  };
}

function changed(rateLimit: RateLimitRecord, { burstSeconds, ...figures }: RateLimitChange): RateLimitRecord {
  const next = rateFigures.map((figure) => {
    const wanted = figures[figure];
    return [figure, wanted === undefined ? rateLimit[figure] : (wanted ?? undefined)];
  });
  return {
    ...rateLimit,
    ...Object.fromEntries(next),
    burstSeconds: burstSeconds ?? rateLimit.burstSeconds,
    version: 4,
  };
}
