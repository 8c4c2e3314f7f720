/** Proposals: the adjustment that would make a row equal to the bill. Nothing is booked before an operator says so. */
import { formatUsd } from '../../base/money.ts';
import { type DriftRow, unexplained } from './compare.ts';
import { subtractTokens, type Tokens } from './sides.ts';

/** Less than a cent is left alone, unless the caller wants otherwise: the providers round too. */
export const LEAST_PROPOSAL_NANO = 10_000_000n;

export interface Proposal {
  readonly provider: string;
  /** '' = for no model. */
  readonly model: string;
  /** The day it is about, epoch milliseconds. */
  readonly startMs: number;
  /** To add to what is booked; may be negative, as may the money. */
  readonly tokens: Tokens;
  /** Nano-dollars. */
  readonly cost: bigint;
  readonly reason: string;
}

/** Of rows by the day that have money on both sides. What the provider bills elsewhere is not taken out of our books. */
export function proposeAdjustments(
  rows: readonly DriftRow[],
  least: bigint = LEAST_PROPOSAL_NANO,
): readonly Proposal[] {
  return rows.flatMap((row) => {
    if (row.theirs.cost === undefined) return [];
    const cost = unexplained(row.drift, row.causes);
    if (cost < least && -cost < least) return [];
    return [
      {
        provider: row.provider,
        model: row.model ?? '',
        startMs: row.startMs,
        tokens: subtractTokens(row.theirs.tokens, row.ours.tokens),
        cost,
        reason: reasonOf(row),
      },
    ];
  });
}

function reasonOf({ provider, startMs, causes, otherNames }: DriftRow): string {
  const day = new Date(startMs).toISOString().slice(0, 10);
  const shares = causes.map(({ cause, amount }) => `${cause} ${amount < 0n ? '' : '+'}${formatUsd(amount)}`);
  const names = otherNames.length > 0 ? `; also named ${otherNames.join(', ')}` : '';
  return `bill of ${provider} for ${day}: ${shares.join(', ')} USD${names}`;
}
