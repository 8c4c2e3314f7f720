/**
 * The two ways a relayed stream is read along: by its bytes, which pass at once and are searched for the few frames that
 * matter; or frame by frame, where the stream may have to end early.
 */
import type { Usage } from '../wire/chat.ts';
import type { Format, StreamCutter, StreamShape, StreamTap, TapReport } from '../wire/format.ts';
import type { Frame } from '../wire/frames.ts';
import { createFrameGate } from '../wire/whole-frames.ts';

export interface StreamReading {
  /** What of the stream goes on now. */
  read(bytes: Buffer): Buffer;
  /** What was held back until its end. */
  end(): Buffer;
  report(): TapReport;
  /** What ends the stream for the client where it stands; undefined = it cannot be ended. */
  cut?(usage: Usage): string | undefined;
}

/** What a lane is told whose stream may have to end early; without it nothing is kept for that. */
export interface Cutting {
  /** The client itself asked for usage inside its stream. */
  readonly streamUsage: boolean;
  /** Output tokens from which on the stream may have to end; absent = from its first. */
  readonly from?: number;
}

const NOTHING = Buffer.alloc(0);

export function createByteReading(format: Format): StreamReading {
  const tap = format.createTap();
  return {
    read(bytes) {
      tap.push(bytes);
      return bytes;
    },
    end: () => NOTHING,
    report: () => tap.report(),
  };
}

/** A frame that has not ended waits, since nothing could be written after a half of one. */
export function createFrameReading(
  format: Format,
  streamShape: StreamShape,
  cutting: Cutting,
): StreamReading {
  const gate = createFrameGate(streamShape === 'array' ? 'array' : format.streamFraming);
  const frames = createFrames(format, streamShape, cutting);
  return {
    read(bytes) {
      const whole = gate.push(bytes);
      frames.take(whole, gate.isOpen);
      return whole;
    },
    end() {
      const rest = gate.end();
      frames.end(rest);
      return rest;
    },
    report: () => frames.report(),
    cut: (usage) => (gate.isOpen ? undefined : frames.cut(usage)),
  };
}

interface Frames {
  /** @param isOpen too long a frame for a reader came by; the tap finds what comes after it */
  take(whole: Buffer, isOpen: boolean): void;
  end(rest: Buffer): void;
  report(): TapReport;
  cut(usage: Usage): string | undefined;
}

function createFrames(format: Format, streamShape: StreamShape, cutting: Cutting): Frames {
  const cutter = format.createCutter({ streamShape, streamUsage: cutting.streamUsage });
  const { from = 0 } = cutting;
  // An array is one JSON text: it is read from its beginning or not at all.
  if (from > 0 && cutter.skip && streamShape !== 'array') return createLateFrames(format, cutter, from);
  return createAllFrames(format, cutter);
}

/** Each frame is read once, and each piece of output counted. */
function createAllFrames(format: Format, cutter: StreamCutter): Frames {
  const reader = format.createReader();
  const tap: StreamTap = format.createTap({ countsAll: true });
  const readAll = (frames: readonly Frame[]): void => {
    for (const frame of frames) {
      tap.read(frame);
      cutter.read(frame);
    }
  };
  return {
    take(whole, isOpen) {
      if (isOpen) tap.push(whole);
      else readAll(reader.push(whole));
    },
    end(rest) {
      readAll(reader.push(rest));
      readAll(reader.end());
    },
    report: () => tap.report(),
    cut: (usage) => cutter.cut(usage),
  };
}

/** Most streams end far from their limit: until it comes near, they are read along by their bytes, at a fifth of the cost. */
function createLateFrames(format: Format, cutter: StreamCutter, from: number): Frames {
  const early = format.createTap();
  let late: Frames | undefined;
  let hasBegun = false;
  return {
    take(whole, isOpen) {
      if (late) return late.take(whole, isOpen);
      early.push(whole);
      if (whole.length === 0) return;
      if (!hasBegun) readFirst(format, cutter, whole);
      hasBegun = true;
      const { usage, outputEstimate, isComplete } = early.report();
      if (isOpen || isComplete || Math.max(usage?.output ?? 0, outputEstimate) < from) return;
      cutter.skip!();
      for (const frame of format.createReader().push(whole)) cutter.read(frame);
      late = createAllFrames(format, cutter);
    },
    end(rest) {
      if (late) late.end(rest);
      else early.push(rest);
    },
    report: () => (late ? merged(early.report(), late.report()) : early.report()),
    cut: (usage) => late?.cut(usage),
  };
}

/** The frame that says what all others repeat, or whose message it is. */
function readFirst(format: Format, cutter: StreamCutter, whole: Buffer): void {
  const end = format.streamFraming === 'lines' ? '\n' : '\n\n';
  const at = whole.indexOf(end);
  const first = at === -1 ? whole : whole.subarray(0, at + end.length);
  for (const frame of format.createReader().push(first)) cutter.read(frame);
}

function merged(early: TapReport, late: TapReport): TapReport {
  return {
    usage: late.usage ? { ...early.usage, ...late.usage } : early.usage,
    isComplete: early.isComplete || late.isComplete,
    error: late.error ?? early.error,
    stop: late.stop ?? early.stop,
    outputEstimate: early.outputEstimate + late.outputEstimate,
    hasContent: early.hasContent || late.hasContent,
  };
}
