/**
 * Reading along a relayed stream by samples. Until the first content each frame is looked at; from then on only those
 * that a native search finds, and now and then one for the estimate of the output.
 */
import type { ChatError, Usage } from './chat.ts';
import type { StreamTap, TapReport } from './format.ts';
import type { Frame } from './frames.ts';
import { createFrameScan, type FrameScan } from './scan.ts';
import { BYTES_PER_TOKEN } from './tap-estimate.ts';

const ANY_FRAME = /data/g;

/**
 * One frame is read for the estimate after so many bytes, and from then on ever more rarely: a long stream has a
 * dozen samples. Frames of one stream are alike, so the average of the samples times their number comes within a
 * factor of two, and the estimate is only used where a stream ended without usage.
 */
const SAMPLE_AFTER_BYTES = 4_096;
const SAMPLE_AFTER_SHARE = 1 / 4;

/** What frames told so far; the format's reader fills it in. */
export interface Sampled {
  usage: Usage | undefined;
  serviceTier: string | undefined;
  stop: string | undefined;
  error: ChatError | undefined;
  isDone: boolean;
  hasContent: boolean;
}

export interface SampledTapOptions {
  /** Each frame is looked at, and its text counted. */
  readonly countsAll: boolean;
  /** Finds the frames that must not be missed. Needs the flag `g`; quotes inside a model's text are escaped. */
  readonly telling: RegExp;
  /** Notes what the frame tells; gives the bytes of text in it. */
  readonly read: (seen: Sampled, frame: Frame) => number;
  readonly isComplete: (seen: Sampled) => boolean;
}

interface TapState {
  readonly seen: Sampled;
  /** A frame handed over by `flush` comes again when it is whole: not sampled twice. */
  isFlushing: boolean;
  sampleAtBytes: number;
  samples: number;
  sampledTextBytes: number;
  /** Frames looked at that bring no text. */
  emptyFrames: number;
}

export function createSampledTap({ countsAll, telling, read, isComplete }: SampledTapOptions): StreamTap {
  const state = emptyState();
  const { seen } = state;
  const take = (frame: Frame): void => {
    if (!seen.isDone && !seen.error) noteBytes(state, read(seen, frame));
  };
  const scan: FrameScan = createFrameScan(ANY_FRAME, (frame) => {
    take(frame);
    // Content may begin without text: until some was measured, there is nothing to estimate by.
    if (state.samples > 0 && !state.isFlushing && !countsAll) scan.find(telling);
  });
  return {
    push: (chunk) => {
      if (!countsAll && seen.hasContent && scan.bytes > state.sampleAtBytes) {
        state.sampleAtBytes = scan.bytes + Math.max(SAMPLE_AFTER_BYTES, scan.bytes * SAMPLE_AFTER_SHARE);
        scan.find(ANY_FRAME);
      }
      scan.push(chunk);
    },
    read: take,
    report: () => {
      state.isFlushing = true;
      scan.flush();
      state.isFlushing = false;
      return reportOf(state, countsAll ? 0 : unreadOf(state, scan.frames), isComplete(seen));
    },
  };
}

function emptyState(): TapState {
  return {
    seen: {
      usage: undefined,
      serviceTier: undefined,
      stop: undefined,
      error: undefined,
      isDone: false,
      hasContent: false,
    },
    isFlushing: false,
    sampleAtBytes: SAMPLE_AFTER_BYTES,
    samples: 0,
    sampledTextBytes: 0,
    emptyFrames: 0,
  };
}

function noteBytes(state: TapState, bytes: number): void {
  state.seen.hasContent ||= bytes > 0;
  if (state.isFlushing) return;
  if (bytes === 0) state.emptyFrames += 1;
  else state.samples += 1;
  state.sampledTextBytes += bytes;
}

/** Frames that were passed over. */
function unreadOf({ samples, emptyFrames }: TapState, frames: number): number {
  return Math.max(0, frames - emptyFrames - samples);
}

function reportOf(state: TapState, unread: number, isComplete: boolean): TapReport {
  const { usage, stop, error, hasContent } = state.seen;
  const { samples, sampledTextBytes } = state;
  const bytes = samples === 0 ? 0 : sampledTextBytes * (1 + unread / samples);
  const estimate = Math.ceil(bytes / BYTES_PER_TOKEN);
  return {
    usage,
    isComplete,
    error,
    stop,
    outputEstimate: hasContent ? Math.max(1, estimate) : 0,
    hasContent,
  };
}
