/**
 * Bytes to frames: server-sent events as the WHATWG standard splits them, cut anywhere, under a size limit.
 *
 * Lines end in LF, CRLF or CR, also when a chunk ends between CR and LF; comments start with a colon; data
 * lines of one event are joined with LF; an event without its blank line at the end of the stream is
 * dispatched all the same (providers forget it, and dropping it would lose a usage report).
 */

/** One server-sent event (or one NDJSON line, with `event` absent). */
export interface Frame {
  readonly event?: string;
  readonly data: string;
}

/** A longer event is no event of any provider: stop reading rather than hold it (16 MiB fits an inline image). */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export class FrameTooLongError extends Error {
  override readonly name = 'FrameTooLongError';
  constructor() {
    super(`a stream frame is longer than ${MAX_FRAME_BYTES} bytes`);
  }
}

export interface FrameReader {
  /** @throws {FrameTooLongError} */
  push(chunk: Uint8Array): Frame[];
  end(): Frame[];
}

const LF = 10;
const CR = 13;

interface SseState {
  /** Bytes of a line that has not ended yet. */
  pending: Buffer[];
  pendingBytes: number;
  sawCr: boolean;
  isFirstLine: boolean;
  event: string | undefined;
  data: string[];
  dataBytes: number;
}

export function createSseReader(): FrameReader {
  const state: SseState = {
    pending: [],
    pendingBytes: 0,
    sawCr: false,
    isFirstLine: true,
    event: undefined,
    data: [],
    dataBytes: 0,
  };
  return {
    push: (chunk) => readChunk(state, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () => {
      const frames: Frame[] = [];
      if (state.pendingBytes > 0) takeLine(state, Buffer.alloc(0), frames);
      dispatch(state, frames);
      return frames;
    },
  };
}

function readChunk(state: SseState, chunk: Buffer): Frame[] {
  const frames: Frame[] = [];
  if (chunk.length === 0) return frames;
  let from = state.sawCr && chunk[0] === LF ? 1 : 0;
  state.sawCr = false;
  // Each kind of line end is searched for again only once it was passed: a chunk without CR is searched for CR once.
  let lf = chunk.indexOf(LF, from);
  let cr = chunk.indexOf(CR, from);
  while (from < chunk.length) {
    if (lf !== -1 && lf < from) lf = chunk.indexOf(LF, from);
    if (cr !== -1 && cr < from) cr = chunk.indexOf(CR, from);
    const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
    if (end === -1) {
      hold(state, chunk.subarray(from));
      return frames;
    }
    takeLine(state, chunk.subarray(from, end), frames);
    from = end + 1;
    if (end === cr) {
      if (from === chunk.length) state.sawCr = true;
      else if (chunk[from] === LF) from += 1;
    }
  }
  return frames;
}

function hold(state: SseState, rest: Buffer): void {
  // A copy: the chunk belongs to the socket and may be reused.
  state.pending.push(Buffer.from(rest));
  state.pendingBytes += rest.length;
  if (state.pendingBytes + state.dataBytes > MAX_FRAME_BYTES) throw new FrameTooLongError();
}

function takeLine(state: SseState, last: Buffer, frames: Frame[]): void {
  let line: Buffer = last;
  if (state.pendingBytes > 0) {
    line = Buffer.concat([...state.pending, last]);
    state.pending = [];
    state.pendingBytes = 0;
  }
  let text = line.toString('utf8');
  if (state.isFirstLine) {
    state.isFirstLine = false;
    if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  }
  if (text === '') dispatch(state, frames);
  else readField(state, text, line.length);
}

function readField(state: SseState, line: string, bytes: number): void {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (name === 'data') {
    state.data.push(value);
    state.dataBytes += bytes;
    if (state.dataBytes > MAX_FRAME_BYTES) throw new FrameTooLongError();
  } else if (name === 'event') {
    state.event = value;
  }
}

function dispatch(state: SseState, frames: Frame[]): void {
  if (state.data.length > 0) {
    const data = state.data.length === 1 ? state.data[0]! : state.data.join('\n');
    // An empty name means the default one, as the standard has it.
    frames.push(state.event ? { event: state.event, data } : { data });
  }
  state.event = undefined;
  state.data = [];
  state.dataBytes = 0;
}
