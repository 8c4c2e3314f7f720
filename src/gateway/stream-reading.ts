/**
 * The two ways a relayed stream is read along: by its bytes, which pass at once and are searched for the few frames that
 * matter; or frame by frame, where the stream may have to end early.
 */
import type { Usage } from '../wire/chat.ts';
import type { Format, StreamShape, StreamTap, TapReport } from '../wire/format.ts';
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
  { streamUsage }: Cutting,
): StreamReading {
  const gate = createFrameGate(streamShape === 'array' ? 'array' : format.streamFraming);
  const reader = format.createReader();
  const tap: StreamTap = format.createTap({ countsAll: true });
  const cutter = format.createCutter({ streamShape, streamUsage });
  const readAll = (frames: readonly Frame[]): void => {
    for (const frame of frames) {
      tap.read(frame);
      cutter.read(frame);
    }
  };
  return {
    read(bytes) {
      const whole = gate.push(bytes);
      // Too long a frame for a reader; the tap finds what comes after it.
      if (gate.isOpen) tap.push(whole);
      else readAll(reader.push(whole));
      return whole;
    },
    end() {
      const rest = gate.end();
      readAll(reader.push(rest));
      readAll(reader.end());
      return rest;
    },
    report: () => tap.report(),
    cut: (usage) => (gate.isOpen ? undefined : cutter.cut(usage)),
  };
}
