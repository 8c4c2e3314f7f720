/**
 * Bytes to frames where a stream is one JSON array that grows (`[{…},` newline `{…}]`), cut anywhere: each element is one
 * frame. Nothing is parsed; brackets and strings are followed, so that a comma or a bracket in a text ends nothing.
 *
 * A server that leaves the outer brackets out (an error alone, where a stream was asked for) is read all the same.
 * An element that has not ended when the bytes have is no frame: half of it means nothing.
 */
import { type Frame, type FrameReader, FrameTooLongError, MAX_FRAME_BYTES } from './frames.ts';

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface ArrayState {
  /** Bytes of an element that has not ended yet. */
  pending: Buffer[];
  pendingBytes: number;
  /** The first byte that says something was seen: from then on a bracket opens an element. */
  hasBegun: boolean;
  /** Brackets open inside the element. */
  depth: number;
  isInString: boolean;
  /** The byte before was the backslash of an escape. */
  isEscaped: boolean;
  /** Inside an element that is a bare word or number: it ends where something else begins. */
  isInScalar: boolean;
  /** The array's own bracket was closed: what follows is not looked at. */
  isDone: boolean;
}

export function createArrayReader(): FrameReader {
  const state: ArrayState = {
    pending: [],
    pendingBytes: 0,
    hasBegun: false,
    depth: 0,
    isInString: false,
    isEscaped: false,
    isInScalar: false,
    isDone: false,
  };
  return {
    push: (chunk) => readChunk(state, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () => endReading(state),
  };
}

/** Whether a byte means nothing between two values: blanks, and the three bytes of a mark of byte order. */
export function isBlankByte(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13) || byte === 0xef || byte === 0xbb || byte === 0xbf;
}

function readChunk(state: ArrayState, chunk: Buffer): Frame[] {
  const frames: Frame[] = [];
  let start = isInside(state) ? 0 : -1;
  for (let at = 0; at < chunk.length && !state.isDone; at += 1) {
    if (start === -1) {
      if (beginsElement(state, chunk[at]!)) start = at;
      continue;
    }
    const end = readByte(state, chunk[at]!, at);
    if (end === -1) continue;
    frames.push(takeElement(state, chunk.subarray(start, end)));
    start = -1;
    // The byte that ended a bare word belongs to the array.
    if (end === at) beginsElement(state, chunk[at]!);
  }
  if (start !== -1) hold(state, chunk.subarray(start));
  return frames;
}

function isInside({ depth, isInString, isInScalar }: ArrayState): boolean {
  return depth > 0 || isInString || isInScalar;
}

/** Reads a byte between two elements; true when it is the first of one. */
function beginsElement(state: ArrayState, byte: number): boolean {
  if (isBlankByte(byte) || byte === COMMA) return false;
  const isOuter = !state.hasBegun && byte === OPEN_ARRAY;
  state.hasBegun = true;
  if (isOuter) return false;
  if (byte === CLOSE_ARRAY) {
    state.isDone = true;
    return false;
  }
  if (byte === QUOTE) state.isInString = true;
  else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) state.depth = 1;
  else state.isInScalar = true;
  return true;
}

/** Reads a byte inside an element; where the element ends (exclusive), or -1. */
function readByte(state: ArrayState, byte: number, at: number): number {
  if (state.isInString) {
    if (state.isEscaped) state.isEscaped = false;
    else if (byte === BACKSLASH) state.isEscaped = true;
    else if (byte === QUOTE) {
      state.isInString = false;
      return state.depth === 0 ? at + 1 : -1;
    }
    return -1;
  }
  if (state.isInScalar) {
    if (byte !== COMMA && byte !== CLOSE_ARRAY && !isBlankByte(byte)) return -1;
    state.isInScalar = false;
    return at;
  }
  if (byte === QUOTE) state.isInString = true;
  else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) state.depth += 1;
  else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
    state.depth -= 1;
    return state.depth === 0 ? at + 1 : -1;
  }
  return -1;
}

function hold(state: ArrayState, rest: Buffer): void {
  // A copy: the chunk belongs to the socket and may be reused.
  state.pending.push(Buffer.from(rest));
  state.pendingBytes += rest.length;
  if (state.pendingBytes > MAX_FRAME_BYTES) throw new FrameTooLongError();
}

/** The held bytes and these as a frame. A character is never cut: elements begin and end with ASCII. */
function takeElement(state: ArrayState, last: Buffer): Frame {
  if (state.pendingBytes + last.length > MAX_FRAME_BYTES) throw new FrameTooLongError();
  const bytes = state.pendingBytes === 0 ? last : Buffer.concat([...state.pending, last]);
  state.pending = [];
  state.pendingBytes = 0;
  return { data: bytes.toString('utf8') };
}

function endReading(state: ArrayState): Frame[] {
  const isWhole = state.isInScalar;
  const frames = isWhole ? [takeElement(state, Buffer.alloc(0))] : [];
  state.isDone = true;
  state.pending = [];
  state.pendingBytes = 0;
  return frames;
}
