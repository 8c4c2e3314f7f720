/**
 * Picks out the few lines of a stream that matter, without splitting the rest. The pattern is one regular expression
 * for all needles, tried on the raw text as Latin-1 (so: ASCII needles); a hit only means "look closer".
 */
import { MAX_FRAME_BYTES } from '../frames.ts';

export interface LineScan {
  /** Never throws; the chunk is not kept. */
  push(chunk: Uint8Array): void;
  /** Hands over the unfinished line, if it matches. More bytes may follow: then the same line comes again. */
  flush(): void;
  /** Looks for this pattern from the next line on. Needs the flag `g`. */
  find(pattern: RegExp): void;
  /** Lines ended so far, blank ones among them. */
  readonly lines: number;
}

interface ScanState {
  pattern: RegExp;
  readonly onLine: (line: string) => void;
  /** The unfinished line, as Latin-1 text. */
  held: string[];
  heldLength: number;
  /** The unfinished line is too long; its rest goes by unread. */
  isDropping: boolean;
  lines: number;
}

/**
 * @param pattern needs the flag `g`; may be shared, nothing is kept in it
 * @param onLine called with the line's text, its end left out
 */
export function createLineScan(pattern: RegExp, onLine: (line: string) => void): LineScan {
  const state: ScanState = { pattern, onLine, held: [], heldLength: 0, isDropping: false, lines: 0 };
  return {
    push: (chunk) => scanChunk(state, chunk),
    flush: () => lookInto(state, state.held.join('')),
    find: (next) => {
      state.pattern = next;
    },
    get lines() {
      return state.lines;
    },
  };
}

function scanChunk(state: ScanState, chunk: Uint8Array): void {
  // Latin-1 keeps one character per byte, copies at memory speed, and string searches are faster than a Buffer's.
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
  let from = 0;
  if (state.heldLength > 0) {
    const end = text.indexOf('\n');
    if (end === -1) {
      hold(state, text);
      return;
    }
    finishHeld(state, text.slice(0, end));
    from = end + 1;
  }
  const end = text.lastIndexOf('\n') + 1;
  if (end > from) scanLines(state, text, from, end);
  if (Math.max(end, from) < text.length) hold(state, copyFrom(text, Math.max(end, from)));
}

/** A slice would keep the whole chunk in memory as long as the stream pauses inside a line. */
function copyFrom(text: string, start: number): string {
  return start === 0 ? text : Buffer.from(text.slice(start), 'latin1').toString('latin1');
}

function hold(state: ScanState, text: string): void {
  if (text === '') return;
  state.heldLength += text.length;
  if (state.heldLength > MAX_FRAME_BYTES) {
    state.isDropping = true;
    state.held = [];
  }
  if (!state.isDropping) state.held.push(text);
}

function finishHeld(state: ScanState, rest: string): void {
  const line = state.isDropping ? '' : state.held.join('') + rest;
  state.lines += 1;
  state.held = [];
  state.heldLength = 0;
  state.isDropping = false;
  lookInto(state, line);
}

/** `text` from `from` to `end` is whole lines. */
function scanLines(state: ScanState, text: string, from: number, end: number): void {
  for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', at + 1)) state.lines += 1;
  let start = from;
  while (start < end) {
    state.pattern.lastIndex = start;
    const hit = state.pattern.exec(text);
    if (!hit || hit.index >= end) return;
    const before = text.lastIndexOf('\n', hit.index) + 1;
    const next = text.indexOf('\n', hit.index);
    handOver(state, text.slice(before, next));
    start = next + 1;
  }
}

function lookInto(state: ScanState, line: string): void {
  state.pattern.lastIndex = 0;
  if (line !== '' && state.pattern.test(line)) handOver(state, line);
}

function handOver(state: ScanState, line: string): void {
  state.onLine(Buffer.from(line, 'latin1').toString('utf8'));
}
