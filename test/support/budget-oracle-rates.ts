/** The model's rates: the leaky bucket as a moment, calculated in whole microseconds by bigints. */
import type { Entry } from '../../src/ledger/book.ts';
import type { Grant } from '../../src/ledger/ledger.ts';
import type { RateClaim, RateLeft } from '../../src/ledger/rate.ts';
import type { ModelRate } from './budget-model.ts';

const MINUTE = 60_000_000n;
const untouched: ModelRate = { fullAt: 0n, inFlight: 0 };

export function rateName(subject: string, metric: string): string {
  return JSON.stringify([subject, metric]);
}

function microsecondsFor(amount: number, limit: number): bigint {
  const scaled = BigInt(amount) * MINUTE;
  const whole = scaled / BigInt(limit);
  return whole * BigInt(limit) === scaled ? whole : whole + 1n;
}

type Taken =
  | { readonly refusal: Grant }
  | { readonly rates: ReadonlyMap<string, ModelRate>; readonly left: readonly RateLeft[] };

/** All or none of them; nothing is changed here. */
export function takeRates(
  known: ReadonlyMap<string, ModelRate>,
  claims: readonly RateClaim[],
  nowMs: number,
): Taken {
  const rates = new Map<string, ModelRate>();
  const left: RateLeft[] = [];
  for (const claim of claims) {
    const name = rateName(claim.subject, claim.metric);
    const rate = known.get(name) ?? untouched;
    const taken = claim.metric === 'streams' ? takeStream(rate, claim) : takeAmount(rate, claim, nowMs);
    if ('retryMs' in taken)
      return { refusal: { ok: false, reason: 'rate_limited', rate: claim, retryMs: taken.retryMs } };
    rates.set(name, taken.rate);
    const { subject, metric, limit } = claim;
    left.push({ subject, metric, limit, remaining: taken.remaining, resetMs: taken.resetMs });
  }
  return { rates, left };
}

type One =
  | { readonly retryMs: number }
  | { readonly rate: ModelRate; readonly remaining: number; readonly resetMs: number };

function takeStream(rate: ModelRate, { limit }: RateClaim): One {
  const inFlight = rate.inFlight + 1;
  // Nobody knows when a stream ends: any pause will do.
  if (inFlight > limit) return { retryMs: Number.NaN };
  return { rate: { ...rate, inFlight }, remaining: limit - inFlight, resetMs: 0 };
}

function takeAmount(rate: ModelRate, { amount, limit, burstMs }: RateClaim, nowMs: number): One {
  const now = BigInt(nowMs) * 1000n;
  const burst = BigInt(burstMs) * 1000n;
  const busy = rate.fullAt > now ? rate.fullAt - now : 0n;
  const next = busy + microsecondsFor(amount, limit);
  if (busy > 0n && next > burst) {
    const wait = next - burst < busy ? next - burst : busy;
    return { retryMs: Number((wait + 999n) / 1000n) };
  }
  const spare = next < burst ? burst - next : 0n;
  const remaining = (spare * BigInt(limit)) / MINUTE;
  return {
    rate: { ...rate, fullAt: now + next },
    remaining: Math.min(limit, Number(remaining)),
    resetMs: Number((next + 999n) / 1000n),
  };
}

const inputs = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'audio_input_tokens',
] as const;
const outputs = ['output_tokens', 'audio_output_tokens'] as const;

/** @param entry undefined = nothing was sent */
export function giveRatesBack(
  known: Map<string, ModelRate>,
  held: readonly (readonly [string, string, number, number])[],
  entry: Entry | undefined,
): void {
  for (const [subject, metric, amount, limit] of held) {
    const name = rateName(subject, metric);
    const rate = known.get(name);
    if (!rate) continue;
    if (metric === 'streams') {
      known.set(name, { ...rate, inFlight: Math.max(0, rate.inFlight - 1) });
      continue;
    }
    const change = microsecondsFor(usedOf(metric, amount, entry), limit) - microsecondsFor(amount, limit);
    known.set(name, { ...rate, fullAt: rate.fullAt + change });
  }
}

function usedOf(metric: string, amount: number, entry: Entry | undefined): number {
  if (!entry) return 0;
  if (metric === 'requests') return entry.price_state === 'free' || entry.status === 'not_sent' ? 0 : amount;
  const columns = metric === 'input-tokens' ? inputs : outputs;
  return columns.reduce((sum, column) => sum + entry[column], 0);
}
