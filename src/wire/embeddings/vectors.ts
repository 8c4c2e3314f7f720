/** Vectors as numbers and as base64 of little-endian float32, which is how OpenAI's clients ask for them by default. */
import { WireError } from '../format.ts';
import type { EmbeddingVector } from './embedding.ts';

const FLOAT_BYTES = 4;

/** @throws {WireError} when the base64 is not of whole, finite floats (JSON has no others). */
export function vectorNumbers(vector: EmbeddingVector): readonly number[] {
  if (vector.encoding === 'float') return vector.values;
  const bytes = Buffer.from(vector.data, 'base64');
  if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0)
    throw new WireError('an embedding is not base64 of float32 numbers');
  const values = new Array<number>(bytes.length / FLOAT_BYTES);
  for (let at = 0; at < values.length; at += 1) values[at] = bytes.readFloatLE(at * FLOAT_BYTES);
  if (!values.every(Number.isFinite)) throw new WireError('an embedding holds what is no finite number');
  return values;
}

/** Numbers are rounded to float32, which is what models compute with. */
export function vectorBase64(vector: EmbeddingVector): string {
  if (vector.encoding === 'base64') return vector.data;
  const bytes = Buffer.allocUnsafe(vector.values.length * FLOAT_BYTES);
  for (const [at, value] of vector.values.entries()) bytes.writeFloatLE(value, at * FLOAT_BYTES);
  return bytes.toString('base64');
}
