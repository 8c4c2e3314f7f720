/**
 * Reads along a relayed stream. Until the first content each frame is looked at; from then on only those a
 * native search finds: usage that is not null, a finish reason, an error, `[DONE]`.
 */
import type { ChatError, JsonObject, JsonValue, Usage } from '../chat.ts';
import type { StreamTap, TapReport } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asFullText, asObject, asText, isBlank, isObject } from '../json.ts';
import { createFrameScan, type FrameScan } from '../scan.ts';
import { argumentsText } from './assistant.ts';
import { deltaOf, finishOf, firstChoice, readFrame } from './chunk.ts';
import { readChunkError } from './error.ts';
import { textOfDetails } from './thinking.ts';
import { readUsage } from './usage.ts';

const ANY_FRAME = /data/g;
/** Three times as fast as with `"error"` spelled out in its two places; what it finds too much is rare. */
const TELLING_FRAME =
  /"usage"[ \t]*:[ \t]*\{|"finish_reason"[ \t]*:[ \t]*"|\[DONE\]|"error"[ \t]*(?!:[ \t]*n)/g;

/**
 * One frame is read for the estimate after so many bytes, and from then on ever more rarely: a long stream has
 * a dozen samples. Frames of one stream are alike, so the average of the samples times their number comes
 * within a factor of two, and the estimate is only used where a stream ended without usage.
 */
const SAMPLE_AFTER_BYTES = 4_096;
const SAMPLE_AFTER_SHARE = 1 / 4;
/** Near the average of English text and JSON in the tokenizers at hand. */
const BYTES_PER_TOKEN = 4;

interface TapState {
  usage: Usage | undefined;
  serviceTier: string | undefined;
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
    serviceTier: undefined,
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
  if (read.kind === 'done') state.isDone = true;
  const bytes = read.kind === 'chunk' ? readTappedChunk(state, read.chunk) : 0;
  state.hasContent ||= bytes > 0;
  if (state.isFlushing) return;
  if (bytes === 0) state.emptyFrames += 1;
  else state.samples += 1;
  state.sampledTextBytes += bytes;
}

/** Notes what the chunk tells; the bytes of text in it. */
function readTappedChunk(state: TapState, chunk: JsonObject): number {
  state.error = readChunkError(chunk);
  if (state.error) return 0;
  state.serviceTier ??= asFullText(chunk.service_tier);
  state.usage = readUsage(chunk, asFullText(chunk.service_tier) ?? state.serviceTier) ?? state.usage;
  const choice = firstChoice(chunk);
  if (!choice) return 0;
  state.stop = finishOf(choice) ?? state.stop;
  return Buffer.byteLength(textOfDelta(deltaOf(choice)));
}

/** What a delta adds to the output, whatever it is. */
function textOfDelta(delta: JsonObject): string {
  const thinking =
    asFullText(delta.reasoning_content) ??
    asFullText(delta.reasoning) ??
    textOfDetails(delta.reasoning_details);
  const content = isBlank(delta.content) ? '' : (asText(delta.content) ?? JSON.stringify(delta.content));
  return `${thinking}${content}${asText(delta.refusal) ?? ''}${textOfImages(delta.images)}${textOfCalls(delta)}`;
}

function textOfImages(images: JsonValue | undefined): string {
  return isBlank(images) ? '' : 'image';
}

function textOfCalls(delta: JsonObject): string {
  const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isObject) : [];
  const inner = [...calls.map((call) => call.function ?? call.custom), delta.function_call];
  return inner
    .map((value) => asObject(value) ?? {})
    .map((call) => `${asText(call.name) ?? ''}${argumentsText(call.arguments ?? call.input)}`)
    .join('');
}

function reportOf(state: TapState, frames: number): TapReport {
  const perFrame = state.samples === 0 ? 0 : state.sampledTextBytes / state.samples;
  const estimate = Math.ceil((perFrame * (frames - state.emptyFrames)) / BYTES_PER_TOKEN);
  return {
    usage: state.usage,
    // A server may omit `[DONE]`; after a finish reason nothing is missing but, maybe, the usage.
    isComplete: !state.error && (state.isDone || state.stop !== undefined),
    error: state.error,
    stop: state.stop,
    outputEstimate: state.hasContent ? Math.max(1, estimate) : 0,
    hasContent: state.hasContent,
  };
}
