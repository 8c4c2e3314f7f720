/** Judges one reserve by what stands in its windows: all of it, as much output as fits, or nothing. Pure. */
import { type NanoUsd, nanoUsd, ZERO_USD } from '../base/money.ts';
import { affordableOutput, type Bound, CROWDED_PART, modestBound, withOutput } from './bound.ts';
import type { Claim } from './budget.ts';
import type { Shortfall } from './ledger.ts';
import type { Reserve } from './ledger-store.ts';

/** What is known of one claim: sums over the windows that count towards its limit. */
export interface Standing {
  /** That holds: of the newest version of the budget that was seen. */
  readonly limit: bigint;
  readonly settled: bigint;
  readonly reserved: bigint;
  /** Somebody before it waits for room here. */
  readonly isClosed: boolean;
}

export type Verdict =
  | {
      readonly ok: true;
      readonly amount: NanoUsd;
      /** undefined = nobody knows how much it will be. */
      readonly maxOutput: number | undefined;
    }
  | {
      readonly ok: false;
      readonly shortfall: Shortfall;
      /** Places in `claims` of the windows in which waiting helps. */
      readonly closes: readonly number[];
    };

type Judged = Pick<Reserve, 'claims' | 'bound' | 'minOutput'>;

/**
 * @param standings one for each claim, in their order
 * @throws {TypeError} on a hard claim without a bound
 */
export function judgeReserve(reserve: Judged, standings: readonly Standing[]): Verdict {
  const { claims, bound } = reserve;
  const headroom = tightestHeadroom(claims, standings);
  if (!bound) {
    // Nobody asks for that; should it happen, it must not be sent.
    if (headroom !== undefined) throw new TypeError('what hard budgets count needs a bound');
    return { ok: true, amount: ZERO_USD, maxOutput: undefined };
  }
  if (headroom === undefined) return { ok: true, amount: bound.amountNano, maxOutput: bound.maxOutput };
  const wanted = isCrowded(claims, standings) ? modestBound(bound, reserve.minOutput) : bound;
  if (wanted.amountNano <= headroom)
    return { ok: true, amount: wanted.amountNano, maxOutput: wanted.maxOutput };
  const output = affordableOutput(headroom, wanted, reserve.minOutput);
  if (output === undefined) return refuse(reserve, standings, leastOf(bound, reserve.minOutput));
  return { ok: true, amount: withOutput(bound, output).amountNano, maxOutput: output };
}

/** What runs holds so much of what is not spent that all of the rest for one would be at the cost of others. */
function isCrowded(claims: readonly Claim[], standings: readonly Standing[]): boolean {
  return standings.some(
    ({ limit, settled, reserved }, at) => claims[at]!.isHard && reserved * CROWDED_PART > limit - settled,
  );
}

/** Of hard claims; undefined = there is none. */
function tightestHeadroom(claims: readonly Claim[], standings: readonly Standing[]): NanoUsd | undefined {
  let least: bigint | undefined;
  for (let at = 0; at < claims.length; at += 1) {
    if (!claims[at]!.isHard) continue;
    const left = leftOf(standings[at]!);
    if (least === undefined || left < least) least = left;
  }
  return least === undefined ? undefined : nanoUsd(least);
}

/** What is closed has no room even for what costs nothing. */
function leftOf({ limit, settled, reserved, isClosed }: Standing): bigint {
  return isClosed ? -1n : limit - settled - reserved;
}

/** The bound at the shortest output that is of use. */
function leastOf(bound: Bound, minOutput: number): NanoUsd {
  return withOutput(bound, Math.min(minOutput, bound.maxOutput)).amountNano;
}

function refuse({ claims }: Judged, standings: readonly Standing[], needed: NanoUsd): Verdict {
  const hard: number[] = [];
  for (let at = 0; at < claims.length; at += 1) if (claims[at]!.isHard) hard.push(at);
  const isLost = (at: number) => standings[at]!.settled + needed > standings[at]!.limit;
  const short = hard.filter((at) => leftOf(standings[at]!) < needed);
  // What no waiting can help is what to tell of.
  const lost = short.find(isLost);
  const full = lost ?? short[0]!;
  const claim = claims[full]!;
  const { limit, settled, reserved } = standings[full]!;
  const shortfall: Shortfall = {
    claim,
    limit: nanoUsd(limit),
    settled: nanoUsd(settled),
    reserved: nanoUsd(reserved),
    needed,
  };
  // Who cannot be helped by waiting, or does not wait, stands in nobody's way.
  const mayWait = claim.queueMs > 0 && lost === undefined;
  return { ok: false, shortfall, closes: mayWait ? short : [] };
}
