/** Whether a relayed stream goes on saying something, asked so seldom that most streams are over before. */
import type { Format, StreamShape, StreamTap, TapReport } from '../wire/format.ts';

export interface ContentWatch {
  see(bytes: Buffer): void;
  /** Content came since this was last asked; the first time, since the beginning. */
  tookContent(): boolean;
}

/**
 * After the first content a tap reads only few frames, and cannot tell a ping from a word. So each question begins a
 * new tap, which looks at every frame until it finds content, and then is not needed any more.
 *
 * @param report of the tap that reads along from the beginning
 */
export function createContentWatch(
  format: Format,
  shape: StreamShape,
  report: () => TapReport,
): ContentWatch {
  // An array can only be read from its beginning; no vendor pings inside of one, so whatever grew it is content.
  return shape === 'array' ? createSizeWatch(report) : createTapWatch(format, report);
}

/** The rest of the event that is under way may look like the beginning of something else. */
const COMMENT = Buffer.from(':\n\n');

function createTapWatch(format: Format, report: () => TapReport): ContentWatch {
  let tap: StreamTap | undefined;
  let hasTaken: boolean | undefined;
  return {
    see(bytes) {
      if (!tap) return;
      tap.push(bytes);
      if (!tap.report().hasContent) return;
      hasTaken = true;
      tap = undefined;
    },
    tookContent() {
      const taken = hasTaken ?? report().hasContent;
      hasTaken = false;
      tap = format.createTap();
      if (format.streamFraming === 'sse') tap.push(COMMENT);
      return taken;
    },
  };
}

function createSizeWatch(report: () => TapReport): ContentWatch {
  let before = 0;
  return {
    see() {},
    tookContent() {
      const { outputEstimate } = report();
      const taken = outputEstimate !== before;
      before = outputEstimate;
      return taken;
    },
  };
}
