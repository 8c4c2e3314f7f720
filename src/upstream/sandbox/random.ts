/** Chance that repeats: a hash of text and a generator seeded by it, so that equal requests get equal answers. */

/** Longer texts are told apart by their length and their two ends: hashing a whole context would cost more than the answer. */
const MAX_HASHED_CHARS = 8192;

/** FNV-1a over UTF-16 units; 32 bits, unsigned. Not for secrets. */
export function hashText(text: string, seed = 0): number {
  // Spread first: a small seed merely mixed in would meet the first character.
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1) ^ Math.imul(text.length, 0x85ebca6b);
  const half = MAX_HASHED_CHARS / 2;
  const isLong = text.length > MAX_HASHED_CHARS;
  const read = isLong ? text.slice(0, half) + text.slice(-half) : text;
  for (let i = 0; i < read.length; i++) hash = Math.imul(hash ^ read.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Next number in [0, 1). */
export type Random = () => number;

/** Mulberry32: small, fast, and good enough to choose words. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @throws {RangeError} when the list is empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  if (list.length === 0) throw new RangeError('nothing to pick from');
  return list[Math.floor(random() * list.length)]!;
}
