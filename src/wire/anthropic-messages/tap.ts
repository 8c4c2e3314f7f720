/**
 * Reads along a relayed stream: usage, stop, error and end stand in three or four frames, found by a native
 * search. The needles cannot stand inside a model's text, since quotes are escaped there (as a whole string
 * value they can, and then cost one parse). A stream the decoder would give up as broken is not noticed here.
 */
import type { ChatError, JsonObject, JsonValue } from '../chat.ts';
import type { StreamTap, TapOptions, TapReport } from '../format.ts';
import type { Frame } from '../frames.ts';
import { isObject } from '../json.ts';
import { createFrameScan, type FrameScan } from '../scan.ts';
import { invalidStream } from '../stream-error.ts';
import { emptyMeasured, estimateTokens, type Measured, measurePiece, passBytes } from '../tap-estimate.ts';
import { parseStreamError, SECOND_START } from './error.ts';
import { isError, readFrame } from './frame-data.ts';
import { mergeUsage, readUsage } from './usage.ts';

const TELLING = /"message_(?:start|delta|stop)"|"error"|event: ?error/g;
const TELLING_OR_CONTENT = /"message_(?:start|delta|stop)"|"error"|event: ?error|"content_block_/g;

interface TapState {
  hasStarted: boolean;
  hasContent: boolean;
  isComplete: boolean;
  error: ChatError | undefined;
  usage: JsonObject | undefined;
  stop: string | undefined;
  /** For servers that send no `message_delta`. */
  startStop: string | undefined;
  readonly measured: Measured;
}

interface Tap {
  state: TapState;
  readonly scan: FrameScan;
}

export function createTap({ countsAll = false }: TapOptions = {}): StreamTap {
  const tap: Tap = {
    state: {
      hasStarted: false,
      hasContent: false,
      isComplete: false,
      error: undefined,
      usage: undefined,
      stop: undefined,
      startStop: undefined,
      measured: emptyMeasured(countsAll),
    },
    scan: createFrameScan(TELLING_OR_CONTENT, (frame) => takeFrame(tap, frame)),
  };
  return {
    push: (chunk) => {
      passBytes(tap.state.measured, chunk.length);
      choosePattern(tap);
      tap.scan.push(chunk);
    },
    read: (frame) => takeFrame(tap, frame),
    report: () => report(tap),
  };
}

function choosePattern({ state, scan }: Tap): void {
  scan.find(state.hasContent && state.measured.due < 1 ? TELLING : TELLING_OR_CONTENT);
}

function takeFrame(tap: Tap, frame: Frame): void {
  const { state } = tap;
  // What follows the terminal event is none of this stream's.
  if (state.isComplete || state.error) return;
  const data = readFrame(frame);
  if (!data) return;
  if (isError(data)) state.error = parseStreamError(data);
  else if (typeof data.type === 'string' && Object.hasOwn(readers, data.type))
    readers[data.type]!(state, data);
  else if (String(data.type).startsWith('content_block_')) {
    measure(state, data);
    choosePattern(tap);
  }
}

const readers: Readonly<Record<string, (state: TapState, data: JsonObject) => void>> = {
  message_start: (state, { message }) => {
    if (!isObject(message)) return;
    if (state.hasStarted) {
      state.error = invalidStream(SECOND_START);
      return;
    }
    state.hasStarted = true;
    state.startStop = asString(message.stop_reason);
    if (Array.isArray(message.content) && message.content.length > 0) state.hasContent = true;
    if (isObject(message.usage)) state.usage = mergeUsage(state.usage, message.usage);
  },
  message_delta: (state, { delta, usage }) => {
    if (isObject(usage)) state.usage = mergeUsage(state.usage, usage);
    if (isObject(delta)) state.stop ??= asString(delta.stop_reason);
  },
  message_stop: (state) => {
    state.isComplete = true;
    state.stop ??= state.startStop;
  },
};

function asString(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function measure(state: TapState, { delta }: JsonObject): void {
  state.hasContent = true;
  measurePiece(state.measured, isObject(delta) ? textBytes(delta) : 0);
}

function textBytes({ text, thinking, partial_json: json }: JsonObject): number {
  const written = asString(text) ?? asString(thinking) ?? asString(json);
  return written === undefined ? 0 : Buffer.byteLength(written);
}

/** The last frame may lack its blank line. It is read into a copy: more of it may still come. */
function report(tap: Tap): TapReport {
  const kept = tap.state;
  const seen = { ...kept, measured: { ...kept.measured } };
  tap.state = seen;
  tap.scan.flush();
  tap.state = kept;
  choosePattern(tap);
  return {
    usage: readUsage(seen.usage),
    isComplete: seen.isComplete,
    error: seen.error,
    stop: seen.stop,
    outputEstimate: Math.round(estimateTokens(seen.measured, tap.scan.frames)),
    hasContent: seen.hasContent,
  };
}
