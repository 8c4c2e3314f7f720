/**
 * How much text a relayed stream brings, without reading it: the first pieces are all measured, then one in so many
 * bytes, and the average is applied to all. Used only where a stream ended without usage.
 */

/** Near the average of English text, code and JSON in the tokenizers at hand. */
export const BYTES_PER_TOKEN = 4;

const MEASURED_PIECES = 32;
const MEASURE_EVERY_BYTES = 8_192;

export interface Measured {
  /** Pieces that still are to be measured. */
  due: number;
  pieces: number;
  bytes: number;
}

/** @param countsAll measure every piece */
export function emptyMeasured(countsAll = false): Measured {
  return { due: countsAll ? Number.POSITIVE_INFINITY : MEASURED_PIECES, pieces: 0, bytes: 0 };
}

/** More of the stream went by. */
export function passBytes(measured: Measured, bytes: number): void {
  measured.due += bytes / MEASURE_EVERY_BYTES;
}

export function measurePiece(measured: Measured, bytes: number): void {
  measured.due = Math.max(0, measured.due - 1);
  measured.pieces += 1;
  measured.bytes += bytes;
}

/** Tokens of `pieces` like the measured ones, not rounded. Short streams are measured whole. */
export function estimateTokens(measured: Measured, pieces: number): number {
  if (measured.pieces === 0) return 0;
  if (measured.due === Number.POSITIVE_INFINITY) return measured.bytes / BYTES_PER_TOKEN;
  const unread = Math.max(0, pieces - Math.max(measured.pieces, MEASURED_PIECES));
  return (measured.bytes * (1 + unread / measured.pieces)) / BYTES_PER_TOKEN;
}
