/** The relay lane: same format on both sides, so the reply's bytes go through as they came, and usage is read on the side. */
import { ABSURD_TOKENS } from '../ledger/judge-usage.ts';
import type { ChatError, JsonObject } from '../wire/chat.ts';
import { type Format, type TapReport, WireError } from '../wire/format.ts';
import { isBlankByte } from '../wire/frames-array.ts';
import { createUsageFilter } from '../wire/openai-chat/index.ts';
import { createContentWatch } from './content-watch.ts';
import { usageOfCut } from './cut-usage.ts';
import type { Exchange } from './exchange.ts';
import type { Attempt, Lane, Observed, StreamEnd, WholeReply } from './lane.ts';
import { estimateContentBytes, estimateOfText } from './output-estimate.ts';
import { withoutCredential } from './redact.ts';
import { inOwnWords, isUnreadable, truncatedError } from './reply-error.ts';
import { type Cutting, createByteReading, createFrameReading, type StreamReading } from './stream-reading.ts';

const NOTHING = Buffer.alloc(0);

export function createRelayLane(exchange: Exchange, attempt: Attempt, cutting?: Cutting): Lane {
  const format = attempt.upstreamFormat;
  // Made with the first bytes of a stream: most replies are none.
  let made: StreamReading | undefined;
  const reading = (): StreamReading => {
    made ??= cutting ? createFrameReading(format, exchange.streamShape, cutting) : createByteReading(format);
    return made;
  };
  // Asked for several times a read, and every answer reads the unfinished frame again.
  let known: TapReport | undefined;
  const report = (): TapReport => {
    known ??= reading().report();
    return known;
  };
  const watch = createContentWatch(format, exchange.streamShape, report);
  const filter = attempt.isUsageHidden ? createUsageFilter() : undefined;
  let tail = BLANK_LINE;
  const isArray = exchange.streamShape === 'array';
  let isArrayOpen = false;
  const passed = (bytes: Buffer): Buffer => {
    tail = tailOf(bytes, tail);
    if (isArray) isArrayOpen = leavesOpen(bytes, isArrayOpen);
    return bytes;
  };
  const told = (bytes: Buffer): Buffer => {
    known = undefined;
    // An error event may quote the key it is about, which is ours and not the client's to see.
    return report().error ? withoutCredential(bytes, attempt.deployment.provider.credential) : bytes;
  };
  return {
    take(bytes) {
      watch.see(bytes);
      const kept = told(reading().read(bytes));
      return passed(filter ? joined(filter.push(kept)) : kept);
    },
    hasContent: () => report().hasContent,
    tookContent: () => watch.tookContent(),
    error() {
      const { error } = report();
      return error && inOwnWords(error);
    },
    end() {
      const kept = told(reading().end());
      const rest = passed(filter ? joined([...filter.push(kept), ...filter.end()]) : kept);
      return endOf(exchange, format, report(), rest, { isBetween: endsFrame(format, tail), isArrayOpen });
    },
    breakOff: (error) => brokenOff(exchange, format, error, endsFrame(format, tail)),
    cut() {
      const rest = made?.cut?.(usageOfCut(report(), attempt));
      return rest === undefined ? undefined : { rest };
    },
    isBetweenFrames: () => endsFrame(format, tail),
    observed() {
      const { usage, outputEstimate, hasContent, stop } = report();
      return { usage, outputEstimate, hasContent, stop };
    },
    whole: (body) => wholeReply(format, body),
  };
}

function joined(chunks: readonly Buffer[]): Buffer {
  if (chunks.length === 1) return chunks[0]!;
  return chunks.length === 0 ? NOTHING : Buffer.concat(chunks);
}

function endOf(
  exchange: Exchange,
  format: Format,
  report: { readonly isComplete: boolean; readonly error: ChatError | undefined },
  rest: Buffer,
  { isBetween, isArrayOpen }: { readonly isBetween: boolean; readonly isArrayOpen: boolean },
): StreamEnd {
  // An error event of the upstream went to the client as it came; saying it twice would confuse.
  const isTold = report.error !== undefined && !isUnreadable(report.error);
  // The upstream is not waited for any more, and its last bracket may not have come.
  if (isTold && isArrayOpen) return { rest: Buffer.concat([rest, CLOSING]), error: report.error };
  if (report.isComplete || isTold) return { rest, error: report.error };
  const error = report.error ? inOwnWords(report.error) : truncatedError();
  return { rest: Buffer.concat([rest, Buffer.from(brokenOff(exchange, format, error, isBetween))]), error };
}

/** An unfinished frame is ended first, or the error would be read as a part of it. */
function brokenOff(
  { id, streamShape }: Exchange,
  format: Format,
  error: ChatError,
  isBetween: boolean,
): string {
  const text = format.renderStreamError(error, id, streamShape);
  if (isBetween || streamShape === 'array') return text;
  // A blank line would be a line of its own where lines are frames.
  return format.streamFraming === 'lines' ? `\n${text}` : `\n\n${text}`;
}

const CLOSING = Buffer.from(']');
const BRACKET = CLOSING[0]!;

/** Elements are objects, so a bracket at the end is the array's own. */
function leavesOpen(bytes: Buffer, before: boolean): boolean {
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    if (!isBlankByte(bytes[at]!)) return bytes[at] !== BRACKET;
  }
  return before;
}

/** The last four bytes that went out, as one number: the bytes themselves would hold on to a socket's buffer. */
function tailOf(bytes: Buffer, before: number): number {
  let tail = before;
  for (let at = Math.max(0, bytes.length - 4); at < bytes.length; at += 1) tail = (tail << 8) | bytes[at]!;
  return tail;
}

const LF = 0x0a;
const LF_LF = 0x0a0a;
const CR_CR = 0x0d0d;
const CR_LF_CR_LF = 0x0d0a0d0a;
/** Before anything went out, a frame may begin as well. */
const BLANK_LINE = LF_LF;

function endsFrame(format: Format, tail: number): boolean {
  if (format.streamFraming === 'lines') return (tail & 0xff) === LF;
  const two = tail & 0xffff;
  return two === LF_LF || two === CR_CR || tail === CR_LF_CR_LF;
}

/** The body passes whatever it is; what cannot be read leaves usage unreported, and the ledger estimates. */
function wholeReply(format: Format, body: Buffer): WholeReply {
  return { body, contentType: undefined, observed: readWhole(format, body), warnings: [] };
}

function readWhole(format: Format, body: Buffer): Observed {
  const reply = parsedObject(body);
  if (!reply)
    return {
      usage: undefined,
      stop: undefined,
      outputEstimate: estimateOfText(body.length),
      hasContent: body.length > 0,
    };
  const usage = format.readUsage(reply);
  const stop = format.readStop(reply);
  // The usual case: the upstream says what it wrote, and nothing more has to be read.
  const output = usage?.output ?? 0;
  // It also stands for our own count, should another number of the report not be believed.
  if (output > 0 && output <= ABSURD_TOKENS) return { usage, stop, outputEstimate: output, hasContent: true };
  const bytes = contentBytes(format, reply);
  return { usage, stop, outputEstimate: estimateOfText(bytes), hasContent: bytes > 0 };
}

function parsedObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function contentBytes(format: Format, reply: JsonObject): number {
  try {
    return estimateContentBytes(format.parseReply(reply).parts);
  } catch (error) {
    if (error instanceof WireError) return 0;
    throw error;
  }
}
