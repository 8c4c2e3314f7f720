/** Sends a stream again that is held whole: a frame at a time, as it was to the byte, and no faster than it is read. */
import type { ServerResponse } from 'node:http';

/** Of frames longer than this, and where their ends cannot be seen from outside (a JSON array). */
const PIECE_BYTES = 16 * 1024;

const marks = {
  sse: ['\n\n', '\r\n\r\n', '\r\r'],
  lines: ['\n'],
  array: [],
} as const satisfies Record<string, readonly string[]>;

export type Framing = keyof typeof marks;

/** To a slow client; as long as an attempt may take where nothing else is said. */
export const MAX_REPLAY_MS = 900_000;

/** False: the client left before it had all of it, or took too long. */
export async function replay(
  response: Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'destroyed' | 'on' | 'off'>,
  body: Buffer,
  framing: Framing,
): Promise<boolean> {
  const timer = setTimeout(() => response.destroy(), MAX_REPLAY_MS).unref();
  try {
    for (const piece of piecesOf(body, framing)) {
      if (!response.write(piece) && !(await drained(response))) return false;
    }
  } finally {
    clearTimeout(timer);
  }
  response.end();
  return true;
}

/** False: the client left. */
function drained(response: Pick<ServerResponse, 'destroyed' | 'on' | 'off'>): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onDrain = (): void => done(true);
    const onClose = (): void => done(false);
    const done = (isDrained: boolean): void => {
      response.off('drain', onDrain);
      response.off('close', onClose);
      resolve(isDrained);
    };
    response.on('drain', onDrain);
    response.on('close', onClose);
  });
}

/** All of them together are the body. */
export function* piecesOf(body: Buffer, framing: Framing): Generator<Buffer> {
  const mark = markOf(body, marks[framing]);
  for (let start = 0; start < body.length; ) {
    const at = mark === undefined ? -1 : body.indexOf(mark, start, 'latin1');
    const end = at === -1 ? body.length : at + mark!.length;
    for (; start < end; start += PIECE_BYTES) yield body.subarray(start, Math.min(end, start + PIECE_BYTES));
    start = end;
  }
}

/** What ends its first frame: a stream keeps to one way. Looked for once, not to search the rest for each frame. */
function markOf(body: Buffer, known: readonly string[]): string | undefined {
  const found = known.map((mark) => ({ mark, at: body.indexOf(mark, 0, 'latin1') }));
  return found.filter(({ at }) => at !== -1).sort((a, b) => a.at - b.at)[0]?.mark;
}
