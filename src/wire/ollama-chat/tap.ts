/**
 * Reads along a relayed stream without parsing it: the last line and errors are found by a native search, and of the
 * others only some are measured.
 */
import type { ChatError, JsonObject, Usage } from '../chat.ts';
import type { StreamTap, TapOptions, TapReport } from '../format.ts';
import { asObject, asText, objectsOf } from '../json.ts';
import { emptyMeasured, estimateTokens, type Measured, measurePiece, passBytes } from '../tap-estimate.ts';
import { readLineError } from './error.ts';
import { readLine } from './line.ts';
import { createLineScan, type LineScan } from './scan-lines.ts';
import { stopOf } from './stop.ts';
import { readUsage } from './usage.ts';

const TELLING = /"done"[ \t]*:[ \t]*true|"error"[ \t]*:/g;
const ANY = /\{/g;

interface TapState {
  usage: Usage | undefined;
  stop: string | undefined;
  error: ChatError | undefined;
  isComplete: boolean;
  hasContent: boolean;
  readonly measured: Measured;
}

interface Tap {
  state: TapState;
  readonly scan: LineScan;
}

export function createTap({ countsAll = false }: TapOptions = {}): StreamTap {
  const tap: Tap = {
    state: {
      usage: undefined,
      stop: undefined,
      error: undefined,
      isComplete: false,
      hasContent: false,
      measured: emptyMeasured(countsAll),
    },
    scan: createLineScan(ANY, (line) => takeLine(tap, line)),
  };
  return {
    push: (chunk) => {
      passBytes(tap.state.measured, chunk.length);
      choosePattern(tap);
      tap.scan.push(chunk);
    },
    read: ({ data }) => takeLine(tap, data),
    report: () => report(tap),
  };
}

function choosePattern({ state, scan }: Tap): void {
  scan.find(state.hasContent && state.measured.due < 1 ? TELLING : ANY);
}

function takeLine(tap: Tap, text: string): void {
  const { state } = tap;
  // What follows the last line is none of this stream's.
  if (state.isComplete || state.error) return;
  const line = readLine(text);
  if (!line) return;
  state.error = readLineError(line);
  if (state.error) return;
  measure(state, asObject(line.message) ?? {});
  choosePattern(tap);
  if (line.done !== true) return;
  state.isComplete = true;
  state.usage = readUsage(line);
  state.stop = stopOf(line);
}

function measure(state: TapState, message: JsonObject): void {
  const bytes = contentBytes(message);
  if (bytes === 0) return;
  state.hasContent = true;
  measurePiece(state.measured, bytes);
}

/** What a line adds to the output, whatever it is. An image counts by its being there. */
function contentBytes(message: JsonObject): number {
  const text = (asText(message.content) ?? '') + (asText(message.thinking) ?? '');
  const calls = objectsOf(message.tool_calls).map(({ function: inner }) => JSON.stringify(inner ?? ''));
  const images = Array.isArray(message.images) ? message.images.length : 0;
  return Buffer.byteLength(text) + Buffer.byteLength(calls.join('')) + images;
}

/** The last line may lack its end. It is read into a copy: more of it may still come. */
function report(tap: Tap): TapReport {
  const kept = tap.state;
  const seen = { ...kept, measured: { ...kept.measured } };
  tap.state = seen;
  tap.scan.flush();
  tap.state = kept;
  choosePattern(tap);
  return {
    usage: seen.usage,
    isComplete: seen.isComplete,
    error: seen.error,
    stop: seen.stop,
    outputEstimate: estimate(seen.measured, tap.scan.lines),
    hasContent: seen.hasContent,
  };
}

function estimate(measured: Measured, lines: number): number {
  return measured.pieces === 0 ? 0 : Math.max(1, Math.round(estimateTokens(measured, lines)));
}
