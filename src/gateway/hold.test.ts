/** Holding an attempt whose bytes change with what is granted: what was signed for others is signed anew, or not sent. */
import { expect, it } from 'vitest';
import { nanoUsd } from '../base/money.ts';
import { Secret } from '../base/secret.ts';
import { compileBudgets } from '../ledger/budget.ts';
import { noRateLimits } from '../ledger/rate-limits.ts';
import { formats } from '../wire/formats.ts';
import type { Exchange, Gateway } from './exchange.ts';
import { holdAttempt } from './hold.ts';
import type { Attempt } from './lane.ts';

const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_000, output: 10_000_000 } }],
};

/** What is read of them here. */
function openStage(headersFor: () => Promise<Record<string, string>>) {
  const settled: unknown[] = [];
  const budgets = compileBudgets([]);
  const gateway = {
    clock: { now: () => 1, monotonic: () => 1 },
    metrics: { attempt() {}, settled() {} },
    ledger: {
      now: () => 1,
      reserve: async () => ({ ok: true, amount: nanoUsd(1n), maxOutput: 2_000 }),
      settle: (request: unknown) => {
        settled.push(request);
        return { counts: {}, cost: nanoUsd(0n), isEstimated: false, flags: [] };
      },
    },
  } as unknown as Gateway;
  const exchange = {
    id: 'exc_1',
    isMetered: true,
    endpoint: { operation: 'chat' },
    key: { id: 'key_1', workspaceId: 'ws_1' },
    labels: { maxCostUsd: '1' },
    skipped: [],
    snapshot: {
      budgets,
      rateLimits: noRateLimits,
      prices: { hasOwn: () => false },
      catalog: { find: () => undefined },
    },
    attempts: 0,
    spent: nanoUsd(0n),
  } as unknown as Exchange;
  const deployment = {
    ref: 'p/m',
    model: 'm',
    price,
    provider: { name: 'p', catalogProvider: 'p', credential: new Secret('secret-of-the-provider'), kind: {} },
    authorizer: { headersFor },
  };
  const attempt = {
    number: 1,
    deployment,
    lane: 'relay',
    upstreamFormat: formats['openai-chat'],
    warnings: [],
    maxOutputTokens: 9_000,
    isLimitSure: true,
    inputEstimate: 1,
    request: {
      headers: { signature: 'old' },
      timeouts: { totalMs: 1 },
      body: [Buffer.from('{"model":"m","max_tokens":9000,"messages":[]}')],
    },
  } as unknown as Attempt;
  return { gateway, exchange, attempt, settled };
}

it('signs what is sent, not what was asked', async () => {
  const { gateway, exchange, attempt, settled } = openStage(async () => ({ signature: 'new' }));
  const held = await holdAttempt(gateway, exchange, attempt, []);
  expect(held).toMatchObject({ ok: true, attempt: { request: { headers: { signature: 'new' } } } });
  const body = held.ok ? Buffer.concat(held.attempt.request.body as Buffer[]).toString() : '';
  expect(JSON.parse(body).max_tokens).toBe(2_000);
  expect(settled).toEqual([]);
});

it('gives back what was held where it cannot be signed, and says why without the credential', async () => {
  const { gateway, exchange, attempt, settled } = openStage(async () => {
    throw new Error('no token for secret-of-the-provider');
  });
  const held = await holdAttempt(gateway, exchange, attempt, []);
  expect(held).toMatchObject({ ok: false, mayFitElsewhere: true, refusal: { code: 'credential_unusable' } });
  expect(JSON.stringify(held)).not.toContain('secret-of-the-provider');
  expect(settled).toMatchObject([{ attempt: 1, status: 'not_sent', isCharged: false }]);
  expect(exchange.attempts).toBe(1);
});
