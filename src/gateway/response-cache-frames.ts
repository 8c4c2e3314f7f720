/** Cuts a stream that is held whole into the pieces it is sent again in: a frame each, as it was, to the byte. */

/** Of frames longer than this, and where their ends cannot be seen from outside (a JSON array). */
const PIECE_BYTES = 16 * 1024;

const marks = {
  sse: ['\n\n', '\r\n\r\n', '\r\r'],
  lines: ['\n'],
  array: [],
} as const satisfies Record<string, readonly string[]>;

/** All of them together are the body. */
export function* piecesOf(body: Buffer, framing: keyof typeof marks): Generator<Buffer> {
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
