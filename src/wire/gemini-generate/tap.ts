/**
 * Reads along a relayed stream of either shape. Usage stands in every frame and only the last one counts, so frames are
 * kept as text and the last is parsed when somebody asks; others are parsed only where they end the stream, or as samples.
 * A stream the decoder would give up as broken is not noticed here.
 */
import type { ChatError, JsonObject, Usage } from '../chat.ts';
import type { StreamTap, TapOptions, TapReport } from '../format.ts';
import type { Frame, FrameReader } from '../frames.ts';
import { createArrayReader } from '../frames-array.ts';
import { createFrameScan, type FrameScan } from '../scan.ts';
import { BYTES_PER_TOKEN } from '../tap-estimate.ts';
import { readFrameError } from './error.ts';
import { shapeOf } from './reader.ts';
import { firstCandidate, partsOf } from './response.ts';
import { rawStop } from './stop.ts';
import { readFrame } from './stream-decode.ts';
import { readUsage } from './usage.ts';

const ANY_FRAME = /data/g;
/** What makes a frame worth parsing at once. Inside a model's text the quotes are escaped. */
const TELLING = /"(?:finishReason|error|blockReason)"/;
const USAGE = '"usageMetadata"';

/**
 * `outputEstimate` wants the size of the text without reading it all: the first frames are measured, then one in so many
 * characters, and the average is applied to all. It is used only where a stream ended without usage.
 */
const MEASURED_FRAMES = 16;
const MEASURE_EVERY_CHARS = 8_192;

interface TapState {
  /** Texts of the last two frames with usage, the last first: it may be unfinished or broken. */
  usageFrames: readonly string[];
  finish: string | undefined;
  blocked: string | undefined;
  error: ChatError | undefined;
  hasContent: boolean;
  frames: number;
  /** Frames that are still to be measured. */
  due: number;
  measuredFrames: number;
  measuredBytes: number;
}

interface Tap {
  state: TapState;
  /** What was last read of a frame's usage: each report asks for it again. */
  read: { readonly data: string; readonly usage: Usage | undefined };
  scan: FrameScan | undefined;
  reader: FrameReader | undefined;
}

export function createTap({ countsAll = false }: TapOptions = {}): StreamTap {
  const tap: Tap = {
    state: emptyState(countsAll),
    read: { data: '', usage: undefined },
    scan: undefined,
    reader: undefined,
  };
  return {
    push: (chunk) => pushChunk(tap, chunk),
    read: (frame) => takeFrame(tap.state, frame),
    report: () => report(tap),
  };
}

function emptyState(countsAll: boolean): TapState {
  return {
    usageFrames: [],
    finish: undefined,
    blocked: undefined,
    error: undefined,
    hasContent: false,
    frames: 0,
    due: countsAll ? Number.POSITIVE_INFINITY : MEASURED_FRAMES,
    measuredFrames: 0,
    measuredBytes: 0,
  };
}

function pushChunk(tap: Tap, chunk: Uint8Array): void {
  if (!tap.scan && !tap.reader) {
    const shape = shapeOf(chunk);
    if (shape === 'sse') tap.scan = createFrameScan(ANY_FRAME, (frame) => takeFrame(tap.state, frame));
    if (shape === 'array') tap.reader = createArrayReader();
  }
  tap.scan?.push(chunk);
  if (tap.reader) readArray(tap, tap.reader, chunk);
}

function readArray(tap: Tap, reader: FrameReader, chunk: Uint8Array): void {
  try {
    for (const frame of reader.push(chunk)) takeFrame(tap.state, frame);
  } catch {
    // An element longer than any frame: the decoder gives up there too.
    tap.reader = { push: () => [], end: () => [] };
  }
}

function takeFrame(state: TapState, frame: Frame): void {
  if (state.error) return;
  state.frames += 1;
  state.due += frame.data.length / MEASURE_EVERY_CHARS;
  const isMeasured = state.due >= 1;
  if (frame.data.includes(USAGE)) state.usageFrames = [frame.data, ...state.usageFrames.slice(0, 1)];
  if (!isMeasured && state.hasContent && !TELLING.test(frame.data)) return;
  const body = readFrame(frame);
  if (!body) return;
  state.error = readFrameError(body);
  if (state.error) return;
  const word = rawStop(body);
  if (firstCandidate(body)?.finishReason === undefined) state.blocked ??= word;
  else state.finish = word ?? state.finish;
  const bytes = textBytes(body);
  state.hasContent ||= bytes > 0;
  if (isMeasured && bytes > 0) measure(state, bytes);
}

function measure(state: TapState, bytes: number): void {
  state.due -= 1;
  state.measuredFrames += 1;
  state.measuredBytes += bytes;
}

/** What the parts of a frame add to the answer, whatever they are. */
function textBytes(body: JsonObject): number {
  return partsOf(firstCandidate(body)).reduce((bytes, part) => {
    if (typeof part.text === 'string') return bytes + Buffer.byteLength(part.text);
    // Signatures and pictures are no text; what is billed of them the usage tells.
    const data = part.functionCall ?? part.executableCode ?? part.codeExecutionResult;
    return bytes + (data === undefined ? 1 : Buffer.byteLength(JSON.stringify(data)));
  }, 0);
}

/** The last frame may lack its blank line. It is read into a copy: more of it may still come. */
function report(tap: Tap): TapReport {
  const kept = tap.state;
  const seen = { ...kept };
  tap.state = seen;
  tap.scan?.flush();
  tap.state = kept;
  const stop = seen.finish ?? seen.blocked;
  return {
    usage: lastUsage(tap, seen),
    isComplete: !seen.error && stop !== undefined,
    error: seen.error,
    stop,
    outputEstimate: estimate(seen),
    hasContent: seen.hasContent,
  };
}

function lastUsage(tap: Tap, { usageFrames }: TapState): Usage | undefined {
  for (const data of usageFrames) {
    if (tap.read.data !== data) tap.read = { data, usage: readUsage(readFrame({ data })?.usageMetadata) };
    if (tap.read.usage) return tap.read.usage;
  }
  return undefined;
}

function estimate({ due, frames, measuredFrames, measuredBytes }: TapState): number {
  if (measuredFrames === 0) return 0;
  if (due === Number.POSITIVE_INFINITY) return Math.ceil(measuredBytes / BYTES_PER_TOKEN);
  const unread = Math.max(0, frames - Math.max(measuredFrames, MEASURED_FRAMES));
  return Math.ceil((measuredBytes * (1 + unread / measuredFrames)) / BYTES_PER_TOKEN);
}
