/** Medians and ratios over rounds. */

/** The middle value, or the mean of the two in the middle; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

/** Divides round by round, so that what slowed the machine in one round slowed both; then the median. */
export function pairedRatio(
  values: readonly (number | undefined)[],
  against: readonly (number | undefined)[],
): number | undefined {
  return median(pairs(values, against, (value, other) => (other > 0 ? value / other : undefined)));
}

/** Subtracts round by round; then the median. */
export function pairedDifference(
  values: readonly (number | undefined)[],
  against: readonly (number | undefined)[],
): number | undefined {
  return median(pairs(values, against, (value, other) => value - other));
}

function pairs(
  values: readonly (number | undefined)[],
  against: readonly (number | undefined)[],
  combine: (value: number, other: number) => number | undefined,
): number[] {
  return values.flatMap((value, round) => {
    const other = against[round];
    if (value === undefined || other === undefined) return [];
    const combined = combine(value, other);
    return combined === undefined ? [] : [combined];
  });
}

/** The list turned so that another item is first each round: nobody always follows the same neighbour. */
export function rotate<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
