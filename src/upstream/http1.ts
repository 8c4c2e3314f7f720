/**
 * The transport for plain `http:` upstreams: HTTP/1.1 straight on the socket, one request at a time on a
 * connection, connections kept alive and reused newest first. Same contract as the general transport, which
 * is its reference in the tests; it exists because it costs a fraction of it per request and per stream chunk.
 */
import { connect, type LookupFunction, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Deadlines, Watch } from './deadlines.ts';
import { EgressError, type EgressGuard } from './egress.ts';
import type { Failure, FailureKind } from './failure.ts';
import { createResponseReader, type ResponseReader } from './http1-parse.ts';
import type { Transport, UpstreamCall, UpstreamHandler, UpstreamRequest } from './transport.ts';

/** Connections to one origin; requests beyond it wait for one, under their connect timeout. */
const MAX_CONNECTIONS = 4096;
/** Idle connections are closed by us before common servers (5 s in Node) close them under a request. */
const IDLE_MS = 4_000;
const MIN_IDLE_MS = 500;

interface Connection {
  readonly socket: Socket;
  readonly pool: Pool;
  readonly reader: ResponseReader;
  call: Call | undefined;
  isConnected: boolean;
  /** Monotonic; when an idle connection is no longer to be trusted. */
  idleUntil: number;
  isClosed: boolean;
}

interface Pool {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction | undefined;
  readonly idle: Connection[];
  readonly waiting: Call[];
  readonly all: Set<Connection>;
}

interface Call {
  readonly request: UpstreamRequest;
  readonly handler: UpstreamHandler;
  readonly watch: Watch;
  readonly startedMono: number;
  connection: Connection | undefined;
  phase: 'connect' | 'head' | 'first-byte' | 'body' | 'done';
  isPaused: boolean;
}

export interface Http1Options {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Judges every connection before it is opened; absent = all addresses are the operator's word. */
  readonly guard?: EgressGuard | undefined;
}

interface Http1State extends Http1Options {
  readonly pools: Map<string, Pool>;
}

export function createHttp1Transport(options: Http1Options): Transport {
  const state: Http1State = { ...options, pools: new Map() };
  return {
    send: (request, handler) => send(state, request, handler),
    async close() {
      for (const pool of state.pools.values()) for (const connection of pool.all) connection.socket.destroy();
      state.pools.clear();
    },
  };
}

function send(state: Http1State, request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
  const now = state.clock.monotonic();
  const call: Call = {
    request,
    handler,
    watch: state.deadlines.watch((nowMono) => timedOut(call, nowMono)),
    startedMono: now,
    connection: undefined,
    phase: 'connect',
    isPaused: false,
  };
  call.watch.set(now + Math.min(request.timeouts.connectMs, request.timeouts.totalMs));
  const refusal = state.guard?.refusalOf(request.origin);
  // The caller has no call yet that it could be told about.
  if (refusal) queueMicrotask(() => failCall(call, 'connect', refusal.code, refusal.message));
  else place(state, call, now);
  return {
    pause: () => pause(call),
    resume: () => resume(state, call),
    abort: () => abort(call),
  };
}

function place(state: Http1State, call: Call, nowMono: number): void {
  const pool = poolFor(state, call.request.origin);
  const connection = takeIdle(pool, nowMono);
  if (connection) start(state, connection, call);
  else if (pool.all.size < MAX_CONNECTIONS) open(state, pool, call);
  else pool.waiting.push(call);
}

function poolFor(state: Http1State, origin: string): Pool {
  let pool = state.pools.get(origin);
  if (!pool) {
    const url = new URL(origin);
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const lookup = state.guard?.lookupFor(origin);
    pool = { host, port: Number(url.port || 80), lookup, idle: [], waiting: [], all: new Set() };
    state.pools.set(origin, pool);
  }
  return pool;
}

function takeIdle(pool: Pool, nowMono: number): Connection | undefined {
  for (;;) {
    const connection = pool.idle.pop();
    if (!connection) return undefined;
    if (!connection.isClosed && nowMono < connection.idleUntil) return connection;
    connection.socket.destroy();
  }
}

function open(state: Http1State, pool: Pool, call: Call): void {
  const { host, port, lookup } = pool;
  const socket = connect({ host, port, noDelay: true, ...(lookup && { lookup }) });
  const connection: Connection = {
    socket,
    pool,
    reader: createResponseReader({
      onHead: (status, headers) => takeHead(state, connection, status, headers),
      onData: (bytes) => takeData(state, connection, bytes),
      onEnd: (canReuse) => takeEnd(state, connection, canReuse),
      onProblem: (message) => broken(connection, 'protocol', 'HTTP', message),
    }),
    call,
    isConnected: false,
    idleUntil: 0,
    isClosed: false,
  };
  pool.all.add(connection);
  call.connection = connection;
  socket.on('connect', () => {
    connection.isConnected = true;
    if (connection.call) start(state, connection, connection.call);
  });
  socket.on('data', (chunk: Buffer) => {
    if (!connection.reader.push(chunk)) socket.destroy();
  });
  socket.on('end', () => {
    if (!connection.reader.finish())
      broken(connection, 'cut', 'EOF', 'the connection ended before the answer did');
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    broken(
      connection,
      connection.isConnected ? 'cut' : 'connect',
      error.code ?? 'ERROR',
      plainMessage(error),
    );
  });
  socket.on('close', () => closed(state, connection));
}

/** System errors name the address, which is the operator's own configuration; nothing secret is in them. */
function plainMessage(error: NodeJS.ErrnoException): string {
  if (error instanceof EgressError) return error.message;
  return error.code === undefined
    ? 'the connection failed'
    : `${error.code}${error.syscall ? ` in ${error.syscall}` : ''}`;
}

function start(state: Http1State, connection: Connection, call: Call): void {
  connection.call = call;
  call.connection = connection;
  call.phase = 'head';
  connection.reader.reset();
  const { timeouts } = call.request;
  call.watch.set(
    Math.min(state.clock.monotonic() + timeouts.firstByteMs, call.startedMono + timeouts.totalMs),
  );
  const { socket } = connection;
  const head = headText(call.request);
  if (bodyBytes(call.request) <= JOIN_BYTES) {
    socket.write(joined(head, call.request.body));
    return;
  }
  socket.cork();
  socket.write(head, 'latin1');
  for (const part of call.request.body) socket.write(part);
  socket.uncork();
}

/** Up to here one copy and one write cost less than a gathered write of several parts. */
const JOIN_BYTES = 32 * 1024;

function joined(head: string, body: readonly Uint8Array[]): Buffer {
  let length = head.length;
  for (const part of body) length += part.length;
  const bytes = Buffer.allocUnsafe(length);
  let at = bytes.write(head, 0, 'latin1');
  for (const part of body) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function bodyBytes(request: UpstreamRequest): number {
  let length = 0;
  for (const part of request.body) length += part.length;
  return length;
}

/** Values were checked for CR, LF and NUL when the headers were built. */
function headText(request: UpstreamRequest): string {
  const length = bodyBytes(request);
  let text = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${request.origin.slice(request.origin.indexOf('://') + 3)}\r\nconnection: keep-alive\r\n`;
  // A body without a length would be read as the next request.
  if (request.method !== 'GET' || length > 0) text += `content-length: ${length}\r\n`;
  for (const name in request.headers) text += `${name}: ${request.headers[name]}\r\n`;
  return `${text}\r\n`;
}

function takeHead(
  state: Http1State,
  connection: Connection,
  status: number,
  headers: Record<string, string>,
): void {
  const { call } = connection;
  if (!call) return void connection.socket.destroy();
  connection.idleUntil = idleUntil(state, headers['keep-alive']);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    return broken(
      connection,
      'protocol',
      'ENCODING',
      `the answer came compressed (${encoding.slice(0, 40)}) although plain was asked for`,
    );
  }
  // Streams still have to show their first byte within the same time.
  call.phase = 'first-byte';
  call.handler.onHead(status, headers);
}

/** `keep-alive: timeout=5` is the server's word; we stay a second under it. */
function idleUntil(state: Http1State, header: string | undefined): number {
  const seconds = header === undefined ? undefined : /timeout=(\d{1,6})/i.exec(header)?.[1];
  const told = seconds === undefined ? IDLE_MS : Number(seconds) * 1000 - 1000;
  return state.clock.monotonic() + Math.max(MIN_IDLE_MS, told);
}

function takeData(state: Http1State, connection: Connection, bytes: Buffer): void {
  const { call } = connection;
  if (!call || call.phase === 'done') return;
  call.phase = 'body';
  if (!call.isPaused) watchIdle(state, call);
  call.handler.onData(bytes);
}

function watchIdle(state: Http1State, call: Call): void {
  const { timeouts } = call.request;
  call.watch.set(Math.min(state.clock.monotonic() + timeouts.idleMs, call.startedMono + timeouts.totalMs));
}

function takeEnd(state: Http1State, connection: Connection, canReuse: boolean): void {
  const { call } = connection;
  connection.call = undefined;
  // A request still being written means the server answered early: the connection's state is anyone's guess.
  if (canReuse && call && !connection.isClosed && connection.socket.writableLength === 0)
    release(state, connection);
  else connection.socket.destroy();
  if (!call || !finish(call)) return;
  call.handler.onEnd();
}

function release(state: Http1State, connection: Connection): void {
  connection.socket.resume();
  const next = nextWaiting(connection.pool);
  if (next) start(state, connection, next);
  else connection.pool.idle.push(connection);
}

function nextWaiting(pool: Pool): Call | undefined {
  for (;;) {
    const call = pool.waiting.shift();
    if (call?.phase !== 'done') return call;
  }
}

function closed(state: Http1State, connection: Connection): void {
  connection.isClosed = true;
  broken(connection, 'cut', 'CLOSED', 'the connection was closed before the answer ended');
  const { pool } = connection;
  pool.all.delete(connection);
  const index = pool.idle.indexOf(connection);
  if (index !== -1) pool.idle.splice(index, 1);
  const next = pool.all.size < MAX_CONNECTIONS ? nextWaiting(pool) : undefined;
  if (next) open(state, pool, next);
}

function broken(connection: Connection, kind: FailureKind, code: string, message: string): void {
  const { call } = connection;
  connection.call = undefined;
  connection.socket.destroy();
  if (!call) return;
  failCall(call, kind, code, message);
}

function failCall(call: Call, kind: FailureKind, code: string, message: string): void {
  const wasSent = call.phase !== 'connect';
  if (!finish(call)) return;
  const failure: Failure = { kind: wasSent || kind !== 'cut' ? kind : 'connect', code, message, wasSent };
  call.handler.onFailure(failure);
}

/** False = it was over already. */
function finish(call: Call): boolean {
  if (call.phase === 'done') return false;
  call.phase = 'done';
  call.watch.clear();
  return true;
}

function timedOut(call: Call, nowMono: number): void {
  if (call.phase === 'done') return;
  const { timeouts } = call.request;
  const isTotal = nowMono - call.startedMono >= timeouts.totalMs;
  const kind: FailureKind = isTotal ? 'total-timeout' : timeoutKinds[call.phase];
  const limit = isTotal ? timeouts.totalMs : limitOf(call);
  const { connection } = call;
  if (connection) connection.call = undefined;
  connection?.socket.destroy();
  failCall(call, kind, 'TIMEOUT', `nothing came within ${limit} ms`);
}

const timeoutKinds = {
  connect: 'connect',
  head: 'first-byte-timeout',
  'first-byte': 'first-byte-timeout',
  body: 'idle-timeout',
} as const satisfies Record<Exclude<Call['phase'], 'done'>, FailureKind>;

function limitOf(call: Call): number {
  const { timeouts } = call.request;
  if (call.phase === 'connect') return timeouts.connectMs;
  return call.phase === 'body' ? timeouts.idleMs : timeouts.firstByteMs;
}

function pause(call: Call): void {
  if (call.phase === 'done' || call.isPaused) return;
  call.isPaused = true;
  call.connection?.socket.pause();
  // The client is slow, not the upstream: only the total time runs on.
  call.watch.set(call.startedMono + call.request.timeouts.totalMs);
}

function resume(state: Http1State, call: Call): void {
  if (call.phase === 'done' || !call.isPaused) return;
  call.isPaused = false;
  call.connection?.socket.resume();
  watchIdle(state, call);
}

function abort(call: Call): void {
  const { connection } = call;
  if (!finish(call) || !connection) return;
  connection.call = undefined;
  connection.socket.destroy();
}
