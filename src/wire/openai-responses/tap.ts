/**
 * Reads along a relayed stream. Until the first content each frame is looked at; from then on only those a native
 * search finds: the terminal events and errors.
 */
import type { ChatError, JsonObject, Usage } from '../chat.ts';
import type { StreamTap, TapReport } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asObject, asText } from '../json.ts';
import { createFrameScan, type FrameScan } from '../scan.ts';
import { readEventError } from './error.ts';
import { readFrame, TERMINAL_EVENTS } from './event-data.ts';
import { stopWord } from './stop.ts';
import { readUsage } from './usage.ts';

const ANY_FRAME = /data/g;
/** Quotes inside a text are escaped, so a model's words never look like a type. */
const TELLING_FRAME =
  /"type"[ \t]*:[ \t]*"(?:response\.(?:completed|incomplete|cancelled|failed)|error)"|"error"[ \t]*:[ \t]*[{"]/g;

/**
 * One frame is read for the estimate after so many bytes, and from then on ever more rarely: a long stream has a
 * dozen samples. Pieces of one stream are alike, so the average of the samples times their number comes within a
 * factor of two, and the estimate is only used where a stream ended without usage.
 */
const SAMPLE_AFTER_BYTES = 4_096;
const SAMPLE_AFTER_SHARE = 1 / 4;
/** Near the average of English text and JSON in the tokenizers at hand. */
const BYTES_PER_TOKEN = 4;

interface TapState {
  usage: Usage | undefined;
  stop: string | undefined;
  error: ChatError | undefined;
  isDone: boolean;
  hasContent: boolean;
  /** A frame handed over by `flush` comes again when it is whole: not sampled twice. */
  isFlushing: boolean;
  sampleAtBytes: number;
  samples: number;
  sampledTextBytes: number;
  /** Frames looked at that bring no text. */
  emptyFrames: number;
}

export function createTap(): StreamTap {
  const state: TapState = {
    usage: undefined,
    stop: undefined,
    error: undefined,
    isDone: false,
    hasContent: false,
    isFlushing: false,
    sampleAtBytes: SAMPLE_AFTER_BYTES,
    samples: 0,
    sampledTextBytes: 0,
    emptyFrames: 0,
  };
  const scan: FrameScan = createFrameScan(ANY_FRAME, (frame) => {
    readTapped(state, frame);
    if (state.hasContent && !state.isFlushing) scan.find(TELLING_FRAME);
  });
  return {
    push: (chunk) => {
      if (state.hasContent && scan.bytes > state.sampleAtBytes) {
        state.sampleAtBytes = scan.bytes + Math.max(SAMPLE_AFTER_BYTES, scan.bytes * SAMPLE_AFTER_SHARE);
        scan.find(ANY_FRAME);
      }
      scan.push(chunk);
    },
    report: () => {
      state.isFlushing = true;
      scan.flush();
      state.isFlushing = false;
      return reportOf(state, scan.frames);
    },
  };
}

function readTapped(state: TapState, frame: Frame): void {
  if (state.isDone || state.error) return;
  const read = readFrame(frame);
  const bytes = read.kind === 'event' ? readTappedEvent(state, read.type, read.data) : 0;
  if (state.isFlushing) return;
  if (bytes === 0) state.emptyFrames += 1;
  else state.samples += 1;
  state.sampledTextBytes += bytes;
}

/** Notes what the event tells; the bytes of text in it. */
function readTappedEvent(state: TapState, type: string, data: JsonObject): number {
  state.error = readEventError(type, data);
  if (state.error) return 0;
  if (TERMINAL_EVENTS.has(type)) {
    const response = asObject(data.response) ?? {};
    state.isDone = true;
    state.usage = readUsage(response);
    state.stop = stopWord(response);
    return 0;
  }
  const bytes = type.endsWith('.delta') ? Buffer.byteLength(asText(data.delta) ?? '') : 0;
  state.hasContent ||= bytes > 0 || type.startsWith('response.output_item.');
  return bytes;
}

function reportOf(state: TapState, frames: number): TapReport {
  const perFrame = state.samples === 0 ? 0 : state.sampledTextBytes / state.samples;
  const estimate = Math.ceil((perFrame * (frames - state.emptyFrames)) / BYTES_PER_TOKEN);
  return {
    usage: state.usage,
    isComplete: state.isDone,
    error: state.error,
    stop: state.stop,
    outputEstimate: state.hasContent ? Math.max(1, estimate) : 0,
    hasContent: state.hasContent,
  };
}
