/** Which rate limits an attempt counts against. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RateFigures, type RateLimit, readRateScope } from '../base/rate-limit.ts';
import type { Owner } from './budget.ts';
import { inRateOrder, takeRate } from './rate.ts';
import {
  boundsFor,
  compileRateLimits,
  describeSubject,
  matchRates,
  noRateLimits,
  subjectOf,
} from './rate-limits.ts';

const owner: Owner = {
  workspaceId: 'ws_1',
  keyId: 'key_1',
  memberId: 'mem_1',
  agentId: 'coder',
  provider: 'openai',
  model: 'gpt-4o',
};
const need = { inputTokens: 700, outputTokens: 50 };

const rule = (scope: string, figures: RateFigures, more: Partial<RateLimit> = {}): RateLimit => ({
  id: 'lim_1',
  workspaceId: 'ws_1',
  scope: readRateScope(scope)!,
  burstSeconds: 60,
  version: 1,
  ...figures,
  ...more,
});
const match = (limits: readonly RateLimit[], of: Partial<Owner> = {}) =>
  matchRates(compileRateLimits(limits), { ...owner, ...of }, need);
const shown = (limits: readonly RateLimit[], of: Partial<Owner> = {}) =>
  match(limits, of).map(({ subject, metric, limit, amount }) => `${subject} ${metric} ${amount}/${limit}`);
const one: RateFigures = { requestsPerMinute: 60 };

describe('a request', () => {
  it('counts against every figure of a limit, for what it needs', () => {
    const limit = rule(
      'key:key_1',
      { requestsPerMinute: 1, inputTokensPerMinute: 2, outputTokensPerMinute: 3, concurrent: 4 },
      { burstSeconds: 6 },
    );
    expect(match([limit])).toEqual([
      { subject: 'key:key_1', metric: 'input-tokens', limit: 2, burstMs: 6_000, amount: 700 },
      { subject: 'key:key_1', metric: 'output-tokens', limit: 3, burstMs: 6_000, amount: 50 },
      { subject: 'key:key_1', metric: 'requests', limit: 1, burstMs: 6_000, amount: 1 },
      { subject: 'key:key_1', metric: 'streams', limit: 4, burstMs: 6_000, amount: 1 },
    ]);
  });

  it.each([
    ['workspace', 'workspace:ws_1'],
    ['member:mem_1', 'member:ws_1:mem_1'],
    ['member:*', 'member:ws_1:mem_1'],
    ['agent:coder', 'agent:ws_1:coder'],
    ['agent:*', 'agent:ws_1:coder'],
    ['key:key_1', 'key:key_1'],
    ['key:*', 'key:key_1'],
    ['deployment:openai/gpt-4o', 'deployment:ws_1:openai/gpt-4o'],
    ['deployment:*', 'deployment:ws_1:openai/gpt-4o'],
  ])('counts against %s', (scope, subject) => {
    expect(shown([rule(scope, one)])).toEqual([`${subject} requests 1/60`]);
  });

  it.each([
    ['another key', 'key:key_2', {}],
    ['another deployment', 'deployment:openai/o3', {}],
    ['a member, where it has none', 'member:*', { memberId: undefined }],
    ['an agent, where it has an empty one', 'agent:*', { agentId: '' }],
    ['a limit of another workspace', 'workspace', { workspaceId: 'ws_2' }],
  ] as [string, string, Partial<Owner>][])('does not count against %s', (_name, scope, of) => {
    expect(shown([rule(scope, one)], of)).toEqual([]);
  });

  it('without output is not held to a limit of output', () => {
    const compiled = compileRateLimits([rule('workspace', { outputTokensPerMinute: 5, concurrent: 1 })]);
    const claims = matchRates(compiled, owner, { inputTokens: 3, outputTokens: 0 });
    expect(claims.map(({ metric }) => metric)).toEqual(['streams']);
  });

  it('makes no list where its workspace has no limits', () => {
    const compiled = compileRateLimits([rule('workspace', one, { workspaceId: 'ws_2' })]);
    expect(matchRates(compiled, owner, need)).toBe(matchRates(noRateLimits, owner, need));
    expect([compiled.size, noRateLimits.size]).toEqual([1, 0]);
  });

  it('has as much of a long name as the ledger keeps', () => {
    const [claim] = match([rule('agent:*', one)], { agentId: 'a'.repeat(1_000) });
    expect(claim?.subject).toBe(`agent:ws_1:${'a'.repeat(256)}`);
  });
});

describe('several limits of one subject and metric', () => {
  it('are one: the lower rate, and the lower amount at once', () => {
    const limits = [
      rule('key:*', { requestsPerMinute: 60, concurrent: 9 }),
      rule('key:key_1', { requestsPerMinute: 120, concurrent: 3 }, { burstSeconds: 6 }),
    ];
    expect(match(limits)).toEqual([
      // 12 at once (a tenth of 120), which is 12 seconds of 60 a minute.
      { subject: 'key:key_1', metric: 'requests', limit: 60, burstMs: 12_000, amount: 1 },
      { subject: 'key:key_1', metric: 'streams', limit: 3, burstMs: 6_000, amount: 1 },
    ]);
    expect(shown(limits, { keyId: 'key_2' })).toEqual(['key:key_2 requests 1/60', 'key:key_2 streams 1/9']);
  });

  it('let nothing through that one of them alone would not', () => {
    const bound = fc.record({
      limit: fc.integer({ min: 1, max: 500 }),
      burst: fc.integer({ min: 1, max: 90 }),
    });
    const arrivals = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.array(bound, { minLength: 2, maxLength: 4 }), arrivals, (bounds, gaps) => {
        const limits = bounds.map(({ limit, burst }) =>
          rule('key:*', { requestsPerMinute: limit }, { burstSeconds: burst }),
        );
        const [merged] = match(limits);
        const alone = limits.map((limit) => ({ claim: match([limit])[0]!, fullAtUs: 0 }));
        let fullAtUs = 0;
        let nowUs = 0;
        for (const gap of gaps) {
          nowUs += gap;
          const verdict = takeRate(fullAtUs, nowUs, merged!);
          if (!verdict.ok) continue;
          fullAtUs = verdict.fullAtUs;
          for (const one of alone) {
            const its = takeRate(one.fullAtUs, nowUs, one.claim);
            expect(its.ok).toBe(true);
            if (its.ok) one.fullAtUs = its.fullAtUs;
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('puts claims into the order in which rows are locked', () => {
  const all = { requestsPerMinute: 1, inputTokensPerMinute: 1, outputTokensPerMinute: 1, concurrent: 1 };
  const scopes = ['workspace', 'member:*', 'key:key_1', 'key:*', 'deployment:*', 'agent:coder'];
  fc.assert(
    fc.property(fc.shuffledSubarray(scopes, { minLength: 1 }), (some) => {
      const claims = match(some.map((scope) => rule(scope, all)));
      expect(claims).toEqual([...claims].sort(inRateOrder));
      const rows = claims.map(({ subject, metric }) => `${subject} ${metric}`);
      expect(new Set(rows).size).toBe(rows.length);
    }),
  );
});

it('says what one value is held to', () => {
  const compiled = compileRateLimits([
    rule('key:*', one),
    rule('key:key_1', { requestsPerMinute: 5, concurrent: 2 }),
  ]);
  const limits = (id: string) =>
    boundsFor(compiled, 'ws_1', 'key', id).map(({ metric, limit }) => [metric, limit]);
  expect(limits('key_1')).toEqual([
    ['requests', 5],
    ['streams', 2],
  ]);
  expect(limits('key_2')).toEqual([['requests', 60]]);
  expect(boundsFor(compiled, 'ws_1', 'agent', 'coder')).toEqual([]);
});

it.each([
  ['key', 'key_1', 'key key_1'],
  ['workspace', 'ws_1', 'workspace ws_1'],
  ['agent', 'ws_9:coder', 'agent ws_9:coder'],
  ['deployment', 'openai/gpt-4o', 'deployment openai/gpt-4o'],
] as const)('describes a %s', (kind, id, text) => {
  expect(describeSubject(subjectOf('ws_1', kind, id))).toBe(text);
});
