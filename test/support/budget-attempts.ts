/** The attempts of random lives under budgets: whose they are, what they ask for, how they end. */
import { nanoUsd } from '../../src/base/money.ts';
import { bookInterrupted, bookSettle, makeReservation } from '../../src/ledger/book.ts';
import { withOutput } from '../../src/ledger/bound.ts';
import type { Claim } from '../../src/ledger/budget.ts';
import type { ReserveRequest } from '../../src/ledger/ledger.ts';
import type { Post, Reserve } from '../../src/ledger/ledger-store.ts';
import { snapshotPrice } from '../../src/ledger/price-snapshot.ts';
import { type RateClaim, rateMetrics } from '../../src/ledger/rate.ts';
import type { BudgetStep, Ending } from './budget-steps.ts';

const DEADLINE_MS = 15 * 60_000;

const price = {
  provider: 'p',
  model: 'm',
  serviceTier: 'standard',
  source: 'catalog',
  effectiveFromMs: 0,
  tiers: [{ aboveInputTokens: 0, rates: { input: 1_000_003, output: 5_000_001 } }],
};
const [{ rates: priced }] = price.tiers as [(typeof price.tiers)[0]];
const snapshot = snapshotPrice(price);

const members = [undefined, 'mem_0', 'mem_1'] as const;
const agents = [undefined, 'coder', 'a "quoted" agent'] as const;

export function ownerOf(who: number) {
  return {
    workspaceId: 'ws_1',
    keyId: `key_${who % 2}`,
    memberId: members[who % 3],
    agentId: agents[(who >> 1) % 3],
    sessionId: who % 4 === 0 ? `s${who}` : undefined,
    provider: 'p',
    model: who % 5 === 0 ? 'm0' : 'm1',
  } as const;
}

export function reserveOf(
  { who, input, output, floor, rates: mask }: Extract<BudgetStep, { kind: 'reserve' }>,
  serial: number,
  claims: readonly Claim[],
  nowMs: number,
): { readonly request: ReserveRequest; readonly reserve: Reserve } {
  const whole = { inputTokens: input, maxOutput: output, inputNano: nanoUsd(0n), fixedNano: nanoUsd(0n) };
  const basePico = BigInt(input) * BigInt(priced.input);
  const outputRatePico = BigInt(priced.output);
  const bound = withOutput({ ...whole, basePico, outputRatePico, amountNano: nanoUsd(0n) }, output);
  const rates = ratesOf(who, mask, input, output);
  const request: ReserveRequest = {
    exchangeId: `exc_${String(serial).padStart(8, '0')}`,
    attempt: (serial % 3) + 1,
    ...ownerOf(who),
    clientFormat: 'openai-chat',
    lane: 'relay',
    price,
    inputEstimate: input,
    maxOutputTokens: output,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + DEADLINE_MS,
    claims,
    bound,
    rates,
  };
  const reservation = makeReservation(request, snapshot);
  return { request, reserve: { reservation, price: snapshot, claims, bound, minOutput: floor, rates } };
}

/** Small limits, so that they are met. */
const limits = { requests: 7, 'input-tokens': 50_000, 'output-tokens': 11_000, streams: 4 } as const;

/** In lock order. */
function ratesOf(who: number, mask: number, input: number, output: number): readonly RateClaim[] {
  const amounts = { requests: 1, 'input-tokens': input, 'output-tokens': output, streams: 1 };
  const chosen = [...rateMetrics].sort().filter((_, at) => (mask >> at) & 1);
  // A second bit of chance: most attempts have no limits at all.
  if (mask & 16) return [];
  return chosen.map((metric) => ({
    subject: `key:key_${who % 2}`,
    metric,
    limit: limits[metric],
    burstMs: metric === 'requests' ? 60_000 : 6_000,
    amount: amounts[metric],
  }));
}

/** @param share per cent of what was expected */
export function postOf(request: ReserveRequest, status: Ending, share: number, nowMs: number): Post {
  const reservation = makeReservation(request, snapshot);
  if (status === 'interrupted') return bookInterrupted(reservation, price, nowMs, 'worst_case');
  const part = (count: number) => Math.round((count * share) / 100);
  const [read, output] = [part(request.inputEstimate), part(request.maxOutputTokens ?? 0)];
  const reported = { input: read >> 1, cacheRead: read >> 2, cacheWrite5m: read >> 3, output, raw: share };
  return bookSettle(
    { reservation, price },
    {
      exchangeId: request.exchangeId,
      attempt: request.attempt,
      status,
      isCharged: status === 'ok',
      usage: { reported, outputEstimate: 1, hasContent: true },
      latencyMs: 1,
      settledAtMs: nowMs,
    },
  );
}
