/** Cuts the bytes of a stream into frames: as server-sent events or as one array, whichever its first byte shows it to be. */
import type { StreamShape } from '../format.ts';
import { createSseReader, type FrameReader } from '../frames.ts';
import { createArrayReader, isBlankByte } from '../frames-array.ts';

const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;

/** The shape that a stream's first bytes show; undefined while they are blank. */
export function shapeOf(chunk: Uint8Array): StreamShape | undefined {
  const first = chunk.find((byte) => !isBlankByte(byte));
  if (first === undefined) return undefined;
  // A bare object is an error, or a whole reply, where a stream was asked for.
  return first === OPEN_ARRAY || first === OPEN_OBJECT ? 'array' : 'sse';
}

export function createReader(): FrameReader {
  let reader: FrameReader | undefined;
  return {
    push: (chunk) => {
      const shape = reader ? undefined : shapeOf(chunk);
      if (shape) reader = shape === 'array' ? createArrayReader() : createSseReader();
      return reader?.push(chunk) ?? [];
    },
    end: () => reader?.end() ?? [],
  };
}
