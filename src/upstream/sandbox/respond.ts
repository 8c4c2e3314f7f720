/** Puts a reply into a format's bytes and gives it its pace and its fault: the last step before it is played. */
import type { ChatError, ChatEvent, ChatReply } from '../../wire/chat.ts';
import type { Format, ReplyContext } from '../../wire/format.ts';
import type { AnswerFault, Fault, TransportFault } from './fault.ts';
import type { Pace } from './models.ts';
import { type Answer, type NextPiece, piecesOf, type Script, wholeAnswer } from './script.ts';
import { closingEvents, contentEvents, openingEvents } from './stream-pieces.ts';
import { breakJson, damageUsage } from './usage-damage.ts';

export interface Response {
  readonly format: Format;
  readonly reply: ChatReply;
  readonly isStream: boolean;
  readonly context: ReplyContext;
  readonly requestId: string;
  readonly pace: Pace;
  readonly fault: Fault | undefined;
  /** Content pieces before a fault of the stream strikes. */
  readonly after: number;
  /** A pace was asked for, so it also goes for what has one of its own. */
  readonly hasOrderedPace: boolean;
}

export function respond(response: Response): Script {
  const { fault } = response;
  if (fault?.kind === 'transport') {
    if (fault.name === 'refuse') return { type: 'refused' };
    const good = response.isStream ? streamAnswer(response) : unaryAnswer(response);
    if (fault.name === 'hang') return { ...good, headAfterMs: Infinity };
    return response.isStream ? brokenStream(response, fault.name) : brokenBody(response, fault.name);
  }
  return response.isStream ? streamAnswer(response) : unaryAnswer(response);
}

/** Header names under which vendors tell the id of a request. */
export function replyHeaders(contentType: string, requestId: string): Record<string, string> {
  return { 'content-type': contentType, 'request-id': requestId, 'x-request-id': requestId };
}

/** An error status in the format's own shape. */
export function errorAnswer(format: Format, error: ChatError, requestId: string, headAfterMs = 0): Answer {
  const headers = replyHeaders('application/json', requestId);
  if (error.retryAfterS !== undefined) headers['retry-after'] = String(error.retryAfterS);
  const body = JSON.stringify(format.renderError(error, requestId));
  return wholeAnswer(error.status, headers, body, headAfterMs);
}

/** The error a fault of the stream speaks of. */
const streamError: ChatError = {
  kind: 'overloaded',
  message: 'Overloaded (simulated by the sandbox)',
  status: 529,
  code: 'overloaded_error',
};

// --- unary

function bodyText({ format, reply, context, fault }: Response): string {
  const text = JSON.stringify(format.renderReply(reply, context).body);
  return fault?.kind === 'answer' ? damageUsage(text, fault.name) : text;
}

/** A whole answer takes the time its words would have taken. */
function unaryAnswer(response: Response): Answer {
  const { pace, reply, requestId } = response;
  let pieces = 0;
  if (pace.pieceMs > 0) for (const _events of contentEvents(reply.parts)) pieces += 1;
  const headAfterMs = pace.firstByteMs + pieces * pace.pieceMs;
  return wholeAnswer(200, replyHeaders('application/json', requestId), bodyText(response), headAfterMs);
}

function brokenBody(response: Response, fault: Exclude<TransportFault, 'refuse' | 'hang'>): Answer {
  const whole = unaryAnswer(response);
  const bytes = Buffer.from(bodyText(response));
  const half = piecesOf([bytes.subarray(0, bytes.length >> 1)]);
  // Without a length only the end of the connection tells where the body ends.
  const headers = replyHeaders('application/json', response.requestId);
  const headAfterMs = response.pace.firstByteMs;
  switch (fault) {
    case 'cut':
      return { ...whole, next: half, ending: 'cut' };
    case 'stall':
      return { ...whole, next: half, ending: 'silence' };
    case 'eof':
      return { ...whole, headers, next: half };
    case 'malformed':
      return wholeAnswer(200, headers, bytes.subarray(0, bytes.length - 1));
    case 'early-error':
    case 'error-event':
      return wholeAnswer(200, headers, errorBody(response));
    case 'pings':
      return { ...whole, headers, headAfterMs, next: () => '\n', delayMs: () => pingMs(response) };
    case 'drip':
      return { ...whole, headAfterMs, next: dripped(piecesOf([bytes])), delayMs: () => dripMs(response) };
    default:
      return fault satisfies never;
  }
}

function errorBody({ format, requestId }: Response): string {
  return JSON.stringify(format.renderError(streamError, requestId));
}

// --- streams

interface StreamPieces {
  readonly opening: NextPiece;
  readonly content: NextPiece;
  readonly closing: NextPiece;
}

function streamPieces({ format, reply, context, fault }: Response): StreamPieces {
  const encoder = format.createEncoder(context);
  const damage: AnswerFault | undefined = fault?.kind === 'answer' ? fault.name : undefined;
  const encode = (events: readonly ChatEvent[]): string => {
    let text = '';
    for (const event of events) text += encoder.push(event);
    return damage === undefined ? text : damageUsage(text, damage);
  };
  const content = contentEvents(reply.parts);
  return {
    opening: once(() => encode(openingEvents(reply))),
    content: () => {
      const portion = content.next();
      return portion.done ? undefined : encode(portion.value);
    },
    closing: once(() => encode(closingEvents(reply))),
  };
}

function streamAnswer(response: Response): Answer {
  const { opening, content, closing } = streamPieces(response);
  const { firstByteMs, pieceMs } = response.pace;
  return {
    type: 'answer',
    status: 200,
    headers: {
      ...replyHeaders(streamType(response), response.requestId),
      'cache-control': 'no-cache',
    },
    headAfterMs: firstByteMs,
    delayMs: (index) => (index === 0 ? 0 : pieceMs),
    next: inOrder([opening, content, closing]),
    ending: 'end',
  };
}

function brokenStream(response: Response, fault: Exclude<TransportFault, 'refuse' | 'hang'>): Answer {
  const good = streamAnswer(response);
  const { opening, content, closing } = streamPieces(response);
  const { after } = response;
  const partly = inOrder([opening, atMost(content, after)]);
  const error = once(() => encodedError(response));
  switch (fault) {
    case 'cut':
      return { ...good, next: partly, ending: 'cut' };
    case 'stall':
      return { ...good, next: partly, ending: 'silence' };
    case 'eof':
      return { ...good, next: partly };
    case 'malformed': {
      const broken: NextPiece = () => {
        const piece = content();
        return typeof piece === 'string' ? breakJson(piece) : piece;
      };
      return { ...good, next: inOrder([opening, atMost(content, 2), broken, closing]) };
    }
    case 'error-event':
      return { ...good, next: inOrder([partly, error]) };
    case 'early-error':
      return { ...good, next: error };
    case 'pings':
      return {
        ...good,
        next: pings(response, opening),
        delayMs: (index) => (index === 0 ? 0 : pingMs(response)),
      };
    case 'drip':
      return { ...good, next: dripped(good.next), delayMs: () => dripMs(response) };
    default:
      return fault satisfies never;
  }
}

function streamType({ format, context }: Pick<Response, 'format' | 'context'>): string {
  return context.streamShape === 'array' ? 'application/json' : format.streamContentType;
}

/** By an encoder where the stream is one value, as only that knows whether it has begun. */
function encodedError({ format, context, requestId, fault }: Response): string {
  const shape = context.streamShape;
  if (shape !== 'array') return format.renderStreamError(streamError, requestId);
  const isFirst = fault?.kind === 'transport' && fault.name === 'early-error';
  if (!isFirst) return format.renderStreamError(streamError, requestId, shape);
  return format.createEncoder(context).push({ type: 'error', error: streamError });
}

const PING_MS = 1_000;
const DRIP_MS = 250;

function pingMs({ pace, hasOrderedPace }: Response): number {
  return hasOrderedPace ? Math.max(pace.pieceMs, 1) : PING_MS;
}

function dripMs({ pace, hasOrderedPace }: Response): number {
  return hasOrderedPace ? pace.pieceMs : DRIP_MS;
}

/** Opening, then signs of life for ever; a comment where the format has no word for it. */
function pings({ format, context }: Response, opening: NextPiece): NextPiece {
  const isSse = streamType({ format, context }).startsWith('text/event-stream');
  const ping = format.createEncoder(context).push({ type: 'ping' }) || (isSse ? ': keep-alive\n\n' : '\n');
  return () => opening() ?? ping;
}

function once(make: () => string): NextPiece {
  let isDone = false;
  return () => {
    if (isDone) return undefined;
    isDone = true;
    return make();
  };
}

function inOrder(sources: readonly NextPiece[]): NextPiece {
  let index = 0;
  return () => {
    for (; index < sources.length; index++) {
      const piece = sources[index]!();
      if (piece !== undefined) return piece;
    }
    return undefined;
  };
}

function atMost(source: NextPiece, count: number): NextPiece {
  let left = count;
  return () => (left-- > 0 ? source() : undefined);
}

/** Bytes one by one. */
function dripped(source: NextPiece): NextPiece {
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at >= bytes.length) {
      const piece = source();
      if (piece === undefined) return undefined;
      bytes = Buffer.from(piece as string);
      at = 0;
    }
    at += 1;
    return bytes.subarray(at - 1, at);
  };
}
