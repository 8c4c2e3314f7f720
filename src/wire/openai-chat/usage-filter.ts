/**
 * Takes the usage-only chunk out of a relayed stream, for a client that did not ask for usage where the
 * gateway did. Every other byte passes as it came and when it came: only an unfinished frame that could still
 * become such a chunk waits for its rest.
 */
import type { JsonObject } from '../chat.ts';
import { createSseReader } from '../frames.ts';
import { isObject } from '../json.ts';
import { readFrame } from './chunk.ts';

export interface UsageFilter {
  /** What may go to the client now, in order. */
  push(chunk: Buffer): Buffer[];
  /** What was held at the end of the stream. */
  end(): Buffer[];
}

/** No usage-only chunk is longer: what grows beyond is let go. */
const MAX_HELD_BYTES = 64 * 1024;

/** Read as Latin-1, so that an index into the text is one into the bytes. */
const EMPTY_CHOICES = /"choices"\s*:\s*\[\s*\]/g;
const FRAME_END = /\n\r?\n/g;
/** A choice begins, or the stream ends: this frame will be no usage-only chunk. */
const DECIDED = /"choices"\s*:\s*\[\s*[^\s\]]|^data: ?\[D/;

const NOTHING = Buffer.alloc(0);

interface FilterState {
  /** The unfinished frame, while it may still become a usage-only chunk. */
  held: Buffer;
  /** The last bytes of an unfinished frame that was let go; undefined at the start of a frame. */
  passing: string | undefined;
}

export function createUsageFilter(): UsageFilter {
  const state: FilterState = { held: NOTHING, passing: undefined };
  return {
    push: (chunk) => filterChunk(state, chunk),
    end: () => {
      const { held } = state;
      state.held = NOTHING;
      return held.length === 0 || isUsageOnly(held) ? [] : [held];
    },
  };
}

function filterChunk(state: FilterState, chunk: Buffer): Buffer[] {
  if (chunk.length === 0) return [];
  const bytes = state.held.length === 0 ? chunk : Buffer.concat([state.held, chunk]);
  state.held = NOTHING;
  const text = bytes.toString('latin1');
  const start = passRest(state, text);
  const end = Math.max(start, lastFrameEnd(text));
  const kept = filterFrames(bytes, text, start, end);
  if (end === bytes.length) return kept;
  const rest = text.slice(end);
  if (state.passing === undefined && rest.length <= MAX_HELD_BYTES && !DECIDED.test(rest)) {
    // A copy: the chunk belongs to the socket and may be reused.
    state.held = Buffer.from(bytes.subarray(end));
    return kept;
  }
  state.passing = `${state.passing ?? ''}${rest}`.slice(-2);
  return join(kept, bytes, end);
}

/** Index after the frame that was already let go in part. */
function passRest(state: FilterState, text: string): number {
  if (state.passing === undefined) return 0;
  FRAME_END.lastIndex = 0;
  const match = FRAME_END.exec(state.passing + text.slice(0, 2)) ?? undefined;
  const seam = match ? match.index + match[0].length - state.passing.length : undefined;
  const end = seam ?? nextFrameEnd(text, 0);
  if (end === -1) return 0;
  state.passing = undefined;
  return end;
}

function nextFrameEnd(text: string, from: number): number {
  FRAME_END.lastIndex = from;
  return FRAME_END.exec(text) ? FRAME_END.lastIndex : -1;
}

function lastFrameEnd(text: string, before = text.length): number {
  const plain = text.lastIndexOf('\n\n', before);
  // Searching backwards for what is not there would cost more than all the rest.
  const crlf = text.includes('\r') ? text.lastIndexOf('\n\r\n', before) : -1;
  return Math.max(plain === -1 ? 0 : plain + 2, crlf === -1 ? 0 : crlf + 3);
}

/** The whole frames up to `end`, without the usage-only ones; one piece where there is none. */
function filterFrames(bytes: Buffer, text: string, start: number, end: number): Buffer[] {
  const kept: Buffer[] = [];
  let from = 0;
  EMPTY_CHOICES.lastIndex = start;
  for (let hit = EMPTY_CHOICES.exec(text); hit && hit.index < end; hit = EMPTY_CHOICES.exec(text)) {
    const first = Math.max(start, lastFrameEnd(text, hit.index));
    const next = nextFrameEnd(text, hit.index);
    if (!isUsageOnly(bytes.subarray(first, next))) continue;
    if (first > from) kept.push(bytes.subarray(from, first));
    from = next;
  }
  if (end > from) kept.push(bytes.subarray(from, end));
  return kept;
}

/** Adds the rest of the bytes: to the last piece where that ends there, so that nothing is copied. */
function join(kept: Buffer[], bytes: Buffer, end: number): Buffer[] {
  const last = kept.at(-1);
  const isAdjacent = last !== undefined && last.byteOffset + last.length === bytes.byteOffset + end;
  const from = isAdjacent ? end - last.length : end;
  return [...(isAdjacent ? kept.slice(0, -1) : kept), bytes.subarray(from)];
}

function isUsageOnly(frame: Buffer): boolean {
  const reader = createSseReader();
  const frames = [...reader.push(frame), ...reader.end()];
  return frames.length === 1 && isUsageChunk(readFrame(frames[0]!));
}

function isUsageChunk(read: ReturnType<typeof readFrame>): boolean {
  if (read.kind !== 'chunk') return false;
  const { choices, usage }: JsonObject = read.chunk;
  return Array.isArray(choices) && choices.length === 0 && isObject(usage);
}
