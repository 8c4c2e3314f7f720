/**
 * Reads HTTP/1.1 responses of one connection from its socket's chunks, cut anywhere.
 *
 * Strict where laxness could mix up two answers (framing), lenient where it cannot. Body pieces of one socket
 * read are handed over as one buffer: chunked framing is taken out in place, so that a burst of small chunks
 * costs one callback.
 */

export interface ResponseEvents {
  onHead(status: number, headers: Record<string, string>): void;
  onData(bytes: Buffer): void;
  /** The response is complete; `canReuse` = the connection may carry another request. */
  onEnd(canReuse: boolean): void;
  /** The peer broke the protocol; the connection is of no more use. */
  onProblem(message: string): void;
}

export interface ResponseReader {
  /** False = stop feeding: a problem was reported. */
  push(chunk: Buffer): boolean;
  /** The peer ended its side. True = that was the legitimate end of a body without length. */
  finish(): boolean;
  reset(): void;
  isIdle(): boolean;
}

/** Room for the longest real heads (rate-limit and policy headers) several times over. */
const MAX_HEAD_BYTES = 64 * 1024;
/** A chunk-size line or trailer: sizes are short, extensions are unused. */
const MAX_LINE_BYTES = 4 * 1024;
/** More than a few informational heads in a row is a peer that never answers. */
const MAX_INFORMATIONAL = 16;

type Phase =
  | 'head'
  | 'fixed'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'until-close'
  | 'done';

interface ReaderState {
  readonly events: ResponseEvents;
  phase: Phase;
  /** Bytes of a head or line that is not complete yet. */
  pending: Buffer | undefined;
  /** Body or chunk bytes still to come. */
  remaining: number;
  canReuse: boolean;
  informational: number;
  hasBytes: boolean;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CR = 13;
const LF = 10;

export function createResponseReader(events: ResponseEvents): ResponseReader {
  const state: ReaderState = {
    events,
    phase: 'head',
    pending: undefined,
    remaining: 0,
    canReuse: true,
    informational: 0,
    hasBytes: false,
  };
  return {
    push: (chunk) => pushChunk(state, chunk),
    finish() {
      if (state.phase !== 'until-close') return false;
      state.phase = 'done';
      state.events.onEnd(false);
      return true;
    },
    reset() {
      state.phase = 'head';
      state.pending = undefined;
      state.remaining = 0;
      state.canReuse = true;
      state.informational = 0;
      state.hasBytes = false;
    },
    isIdle: () => state.phase === 'head' && !state.hasBytes,
  };
}

function pushChunk(state: ReaderState, input: Buffer): boolean {
  let chunk = input;
  state.hasBytes = true;
  if (state.pending) {
    chunk = Buffer.concat([state.pending, input]);
    state.pending = undefined;
  }
  let at = 0;
  while (at < chunk.length) {
    if (state.phase === 'done') return problem(state, 'bytes came after the end of the response');
    if (state.phase === 'head') at = readHead(state, chunk, at);
    else if (state.phase === 'fixed') at = readFixed(state, chunk, at);
    else if (state.phase === 'until-close') at = readAll(state, chunk, at);
    else at = readChunked(state, chunk, at);
    if (at < 0) return false;
  }
  return true;
}

/** -1 tells the loop to stop. */
function problem(state: ReaderState, message: string): false {
  state.phase = 'done';
  state.events.onProblem(message);
  return false;
}

function fail(state: ReaderState, message: string): -1 {
  problem(state, message);
  return -1;
}

function keep(state: ReaderState, chunk: Buffer, at: number, limit: number, what: string): number {
  if (chunk.length - at > limit) return fail(state, `${what} is longer than ${limit} bytes`);
  state.pending = chunk.subarray(at);
  return chunk.length;
}

function readHead(state: ReaderState, chunk: Buffer, at: number): number {
  const end = chunk.indexOf(HEAD_END, at);
  if (end === -1) return keep(state, chunk, at, MAX_HEAD_BYTES, 'the response head');
  if (end - at > MAX_HEAD_BYTES)
    return fail(state, `the response head is longer than ${MAX_HEAD_BYTES} bytes`);
  const lines = chunk.toString('latin1', at, end).split('\r\n');
  const status = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(lines[0]!);
  if (!status) return fail(state, 'the response does not begin with an HTTP/1.1 status line');
  const code = Number(status[2]);
  const headers = readHeaders(lines);
  if (!headers) return fail(state, 'a response header is malformed');
  const next = end + HEAD_END.length;
  if (code < 200) {
    state.informational += 1;
    if (code === 101 || state.informational > MAX_INFORMATIONAL)
      return fail(state, `unexpected informational status ${code}`);
    return next;
  }
  return startBody(state, code, status[1] === '0', headers) ? next : -1;
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** undefined = malformed. Repeated headers are joined; the later content-length must say the same. */
function readHeaders(lines: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index]!;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon <= 0 || !HEADER_NAME.test(name)) return undefined;
    const value = line.slice(colon + 1).trim();
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (name === 'content-length' && before !== undefined && before !== value) return undefined;
    headers[name] = before === undefined || name === 'content-length' ? value : `${before}, ${value}`;
  }
  return headers;
}

function startBody(
  state: ReaderState,
  status: number,
  isHttp10: boolean,
  headers: Record<string, string>,
): boolean {
  const encoding = headers['transfer-encoding']?.toLowerCase();
  const length = headers['content-length'];
  const connection = headers.connection?.toLowerCase() ?? '';
  state.canReuse = isHttp10 ? connection.includes('keep-alive') : !connection.includes('close');
  if (encoding !== undefined && length !== undefined)
    return problem(state, 'the response has both a length and a transfer encoding');
  if (encoding !== undefined && encoding !== 'chunked')
    return problem(state, `the transfer encoding "${encoding.slice(0, 40)}" is not understood`);
  if (length !== undefined && !/^\d{1,15}$/.test(length))
    return problem(state, 'the content length is not a number');
  state.events.onHead(status, headers);
  if (status === 204 || status === 304) return end(state);
  if (encoding !== undefined) {
    state.phase = 'chunk-size';
  } else if (length !== undefined) {
    state.remaining = Number(length);
    state.phase = 'fixed';
    if (state.remaining === 0) return end(state);
  } else {
    state.phase = 'until-close';
    state.canReuse = false;
  }
  return true;
}

function end(state: ReaderState): true {
  state.phase = 'done';
  state.events.onEnd(state.canReuse);
  return true;
}

function readFixed(state: ReaderState, chunk: Buffer, at: number): number {
  const take = Math.min(state.remaining, chunk.length - at);
  state.remaining -= take;
  state.events.onData(chunk.subarray(at, at + take));
  if (state.remaining === 0 && state.phase === 'fixed') end(state);
  return at + take;
}

function readAll(state: ReaderState, chunk: Buffer, at: number): number {
  state.events.onData(chunk.subarray(at));
  return chunk.length;
}

/** Walks all chunk framing of this read, moving the data together at the front, and hands it over once. */
function readChunked(state: ReaderState, chunk: Buffer, from: number): number {
  const start = from;
  let write = from;
  let at = from;
  let isEnded = false;
  while (at < chunk.length && !isEnded) {
    if (state.phase === 'chunk-data') {
      const take = Math.min(state.remaining, chunk.length - at);
      if (write !== at) chunk.copyWithin(write, at, at + take);
      write += take;
      at += take;
      state.remaining -= take;
      if (state.remaining === 0) state.phase = 'chunk-end';
      continue;
    }
    const lineEnd = chunk.indexOf(LF, at);
    if (lineEnd === -1) {
      at = keep(state, chunk, at, MAX_LINE_BYTES, 'a chunk line');
      if (at < 0) return -1;
      // What is kept must not be overwritten by what is handed over: it lies behind it in the same buffer.
      break;
    }
    const isBlank = lineEnd === at + 1 && chunk[at] === CR;
    if (state.phase === 'chunk-end') {
      if (!isBlank) return fail(state, 'a chunk does not end where its size says');
      state.phase = 'chunk-size';
    } else if (state.phase === 'chunk-size') {
      const size = chunkSize(chunk, at, lineEnd);
      if (size < 0) return fail(state, 'a chunk size is malformed');
      state.remaining = size;
      state.phase = size === 0 ? 'trailer' : 'chunk-data';
    } else if (isBlank) {
      isEnded = true;
    } else if (lineEnd - at > MAX_LINE_BYTES) {
      return fail(state, `a trailer is longer than ${MAX_LINE_BYTES} bytes`);
    }
    at = lineEnd + 1;
  }
  if (write > start) state.events.onData(chunk.subarray(start, write));
  if ((state.phase as Phase) === 'done') return -1;
  if (isEnded) end(state);
  return at;
}

/** Hex digits up to CR or a chunk extension; -1 = malformed. 13 digits stay a safe integer. */
function chunkSize(chunk: Buffer, at: number, lineEnd: number): number {
  if (chunk[lineEnd - 1] !== CR) return -1;
  let size = 0;
  let digits = 0;
  let index = at;
  for (; index < lineEnd - 1; index += 1) {
    const digit = hexDigit(chunk[index]!);
    if (digit < 0) break;
    size = size * 16 + digit;
    digits += 1;
  }
  const SEMICOLON = 59;
  const SPACE = 32;
  const isClean = index === lineEnd - 1 || chunk[index] === SEMICOLON || chunk[index] === SPACE;
  return digits > 0 && digits <= 13 && isClean ? size : -1;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
