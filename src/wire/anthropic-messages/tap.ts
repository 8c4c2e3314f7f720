/**
 * Reads along a relayed stream: usage, stop, error and end stand in three or four frames, found by a native
 * search. The needles cannot stand inside a model's text, since quotes are escaped there (as a whole string
 * value they can, and then cost one parse). A stream the decoder would give up as broken is not noticed here.
 */
import type { ChatError, JsonObject, JsonValue } from '../chat.ts';
import type { StreamTap, TapReport } from '../format.ts';
import type { Frame } from '../frames.ts';
import { createFrameScan, type FrameScan } from '../scan.ts';
import { invalidStream, parseStreamError, SECOND_START } from './error.ts';
import { isObject } from './fields.ts';
import { isError, readFrame } from './frame-data.ts';
import { mergeUsage, readUsage } from './usage.ts';

const TELLING = /"message_(?:start|delta|stop)"|"error"|event: ?error/g;
const TELLING_OR_CONTENT = /"message_(?:start|delta|stop)"|"error"|event: ?error|"content_block_/g;

/**
 * `outputEstimate` wants the size of the text without reading it: the first frames are all measured, then one in
 * so many bytes, and the average is applied to all. It is used only where a stream ended without usage.
 */
const MEASURED_FRAMES = 32;
const MEASURE_EVERY_BYTES = 8_192;
/** Near the average of English text and code. */
const BYTES_PER_TOKEN = 4;

interface TapState {
  hasStarted: boolean;
  hasContent: boolean;
  isComplete: boolean;
  error: ChatError | undefined;
  usage: JsonObject | undefined;
  stop: string | undefined;
  /** For servers that send no `message_delta`. */
  startStop: string | undefined;
  /** Frames that still are to be measured. */
  due: number;
  measuredFrames: number;
  measuredBytes: number;
}

interface Tap {
  state: TapState;
  readonly scan: FrameScan;
}

export function createTap(): StreamTap {
  const tap: Tap = {
    state: {
      hasStarted: false,
      hasContent: false,
      isComplete: false,
      error: undefined,
      usage: undefined,
      stop: undefined,
      startStop: undefined,
      due: MEASURED_FRAMES,
      measuredFrames: 0,
      measuredBytes: 0,
    },
    scan: createFrameScan(TELLING_OR_CONTENT, (frame) => takeFrame(tap, frame)),
  };
  return {
    push: (chunk) => {
      tap.state.due += chunk.length / MEASURE_EVERY_BYTES;
      choosePattern(tap);
      tap.scan.push(chunk);
    },
    report: () => report(tap),
  };
}

function choosePattern({ state, scan }: Tap): void {
  scan.find(state.hasContent && state.due < 1 ? TELLING : TELLING_OR_CONTENT);
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
  state.due = Math.max(0, state.due - 1);
  state.measuredFrames += 1;
  if (isObject(delta)) state.measuredBytes += textBytes(delta);
}

function textBytes({ text, thinking, partial_json: json }: JsonObject): number {
  const written = asString(text) ?? asString(thinking) ?? asString(json);
  return written === undefined ? 0 : Buffer.byteLength(written);
}

/** The last frame may lack its blank line. It is read into a copy: more of it may still come. */
function report(tap: Tap): TapReport {
  const kept = tap.state;
  const seen = { ...kept };
  tap.state = seen;
  tap.scan.flush();
  tap.state = kept;
  choosePattern(tap);
  return {
    usage: readUsage(seen.usage),
    isComplete: seen.isComplete,
    error: seen.error,
    stop: seen.stop,
    outputEstimate: estimate(seen, tap.scan.frames),
    hasContent: seen.hasContent,
  };
}

function estimate({ measuredFrames, measuredBytes }: TapState, frames: number): number {
  if (measuredFrames === 0) return 0;
  // Short streams are measured whole; the frames that carry no content are too few to matter in long ones.
  const unread = Math.max(0, frames - Math.max(measuredFrames, MEASURED_FRAMES));
  return Math.round((measuredBytes * (1 + unread / measuredFrames)) / BYTES_PER_TOKEN);
}
