/**
 * Lets the whole frames of a stream pass and holds back the one that has not ended, so that something else may be written
 * after what went out. Servers write whole frames, so nearly all chunks pass as they came, without a copy.
 */
import { MAX_FRAME_BYTES } from './frames.ts';
import { isBlankByte } from './frames-array.ts';

/** How a stream is parted into frames: by blank lines, by lines, or as the elements of one array. */
export type Framing = 'sse' | 'lines' | 'array';

export interface FrameGate {
  /** The frames that are whole by now. Never throws. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
  /** A frame was too long to be held: everything passes since, and may end anywhere. */
  readonly isOpen: boolean;
}

/** Finds where the last whole frame of a stream's next bytes ends: the offset after it, 0 where none does. */
type FindEnd = (chunk: Buffer) => number;

const NOTHING = Buffer.alloc(0);
const LF = 10;
const CR = 13;

export function createFrameGate(framing: Framing): FrameGate {
  const findEnd = FINDERS[framing]();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isOpen = false;
  const release = (last: Buffer): Buffer => {
    const whole = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    heldBytes = 0;
    return whole;
  };
  return {
    push: (chunk) => {
      if (isOpen || chunk.length === 0) return chunk;
      const end = findEnd(chunk);
      if (end === chunk.length) return release(chunk);
      const whole = end === 0 ? NOTHING : release(chunk.subarray(0, end));
      // A copy: the chunk belongs to the socket and may be reused.
      held.push(Buffer.from(chunk.subarray(end)));
      heldBytes += chunk.length - end;
      if (heldBytes <= MAX_FRAME_BYTES) return whole;
      isOpen = true;
      return Buffer.concat([whole, release(NOTHING)]);
    },
    end: () => release(NOTHING),
    get isOpen() {
      return isOpen;
    },
  };
}

const FINDERS: Readonly<Record<Framing, () => FindEnd>> = {
  sse: createBlankLineFinder,
  lines: () => (chunk) => chunk.lastIndexOf(LF) + 1,
  array: createElementFinder,
};

/** A blank line may be cut by the end of a chunk, so the last two bytes before it are remembered. */
function createBlankLineFinder(): FindEnd {
  let before = -1;
  let beforeThat = -1;
  return (chunk) => {
    const { length } = chunk;
    // The usual case.
    if (chunk[length - 1] === LF && chunk[length - 2] === LF) {
      before = LF;
      beforeThat = LF;
      return length;
    }
    const byteAt = (at: number): number => {
      if (at >= 0) return chunk[at]!;
      return at === -1 ? before : beforeThat;
    };
    const end = lastBlankLine(chunk, byteAt);
    beforeThat = byteAt(length - 2);
    before = byteAt(length - 1);
    return end;
  };
}

function lastBlankLine(chunk: Buffer, byteAt: (at: number) => number): number {
  for (let at = chunk.lastIndexOf(LF); at !== -1; at = at === 0 ? -1 : chunk.lastIndexOf(LF, at - 1)) {
    const previous = byteAt(at - 1);
    if (previous === LF || (previous === CR && byteAt(at - 2) === LF)) return at + 1;
  }
  // Servers that end lines in CR alone are allowed, and unknown.
  for (let at = chunk.lastIndexOf(CR); at !== -1; at = at === 0 ? -1 : chunk.lastIndexOf(CR, at - 1)) {
    if (byteAt(at - 1) === CR) return at + 1;
  }
  return 0;
}

const QUOTE = 34;
const BACKSLASH = 92;

interface ElementState {
  /** Brackets that are open, the array's own among them. */
  depth: number;
  isInString: boolean;
  /** The byte before was the backslash of an escape. */
  isEscaped: boolean;
  /** The array's own bracket was closed. */
  isDone: boolean;
}

/** The opening bracket waits for the first element; what stands between two elements, for the second of them. */
function createElementFinder(): FindEnd {
  const state: ElementState = { depth: 0, isInString: false, isEscaped: false, isDone: false };
  return (chunk) => {
    let end = 0;
    for (let at = 0; at < chunk.length; at += 1) if (endsElement(state, chunk[at]!)) end = at + 1;
    return end;
  };
}

function endsElement(state: ElementState, byte: number): boolean {
  if (state.isDone) return isBlankByte(byte);
  if (state.isInString) {
    if (state.isEscaped) state.isEscaped = false;
    else if (byte === BACKSLASH) state.isEscaped = true;
    else if (byte === QUOTE) state.isInString = false;
    return false;
  }
  if (byte === QUOTE) state.isInString = true;
  else if (byte === 0x5b || byte === 0x7b) state.depth += 1;
  else if (byte === 0x5d || byte === 0x7d) {
    state.depth -= 1;
    state.isDone = state.depth <= 0;
    return state.depth <= 1;
  }
  return false;
}
