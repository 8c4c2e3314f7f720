/**
 * Bytes to frames where each line is one: newline-delimited JSON, cut anywhere, under a size limit.
 *
 * A line ends in LF or CRLF. Lines of blanks alone are passed over; the last line counts without its end too,
 * since it is the one that brings the usage.
 */
import { type Frame, type FrameReader, FrameTooLongError, MAX_FRAME_BYTES } from './frames.ts';

const LF = 10;

interface LineState {
  /** Bytes of a line that has not ended yet. */
  pending: Buffer[];
  pendingBytes: number;
  isAtStart: boolean;
}

export function createLineReader(): FrameReader {
  const state: LineState = { pending: [], pendingBytes: 0, isAtStart: true };
  return {
    push: (chunk) => readChunk(state, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () => (state.pendingBytes === 0 ? [] : framesOf(takeText(state, Buffer.alloc(0)))),
  };
}

function readChunk(state: LineState, chunk: Buffer): Frame[] {
  const end = chunk.lastIndexOf(LF) + 1;
  // Whole lines are decoded together, as one text: a character is never cut, since both ends are ends of lines.
  const frames = end === 0 ? [] : framesOf(takeText(state, chunk.subarray(0, end)));
  if (end < chunk.length) hold(state, chunk.subarray(end));
  return frames;
}

function hold(state: LineState, rest: Buffer): void {
  // A copy: the chunk belongs to the socket and may be reused.
  state.pending.push(Buffer.from(rest));
  state.pendingBytes += rest.length;
  if (state.pendingBytes > MAX_FRAME_BYTES) throw new FrameTooLongError();
}

function takeText(state: LineState, last: Buffer): string {
  const bytes = state.pendingBytes === 0 ? last : Buffer.concat([...state.pending, last]);
  state.pending = [];
  state.pendingBytes = 0;
  const text = bytes.toString('utf8');
  const isBom = state.isAtStart && text.charCodeAt(0) === 0xfeff;
  state.isAtStart = false;
  return isBom ? text.slice(1) : text;
}

function framesOf(text: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of text.split('\n')) {
    // Takes the CR of a line end along; blanks around a JSON value mean nothing.
    const data = line.trim();
    if (data === '') continue;
    if (data.length > MAX_FRAME_BYTES) throw new FrameTooLongError();
    frames.push({ data });
  }
  return frames;
}
