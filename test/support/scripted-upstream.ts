// An upstream on a bare socket that does exactly what its script says, and a caller that notes all it is told.
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../src/base/clock.ts';
import type { Failure } from '../../src/upstream/failure.ts';
import type { Timeouts } from '../../src/upstream/provider.ts';
import type { Transport, UpstreamCall, UpstreamRequest } from '../../src/upstream/transport.ts';

export const LONG: Timeouts = { connectMs: 10_000, firstByteMs: 20_000, idleMs: 30_000, totalMs: 100_000 };

/** What a scripted upstream does with each request, once its head and body are in. */
export type Script = (socket: Socket, text: string, nth: number) => void;

export interface ScriptedUpstream {
  readonly origin: string;
  readonly requests: string[];
  readonly sockets: Socket[];
  /** Called with each new connection, before anything is read from it. */
  onConnection?: (socket: Socket) => void;
  /** Resolves when the server has seen this socket closed. */
  closed(nth: number): Promise<void>;
  close(): void;
}

export interface Told {
  head?: { status: number; headers: Readonly<Record<string, string>> };
  chunks: Buffer[];
  ended: boolean;
  failure?: Failure;
  /** Callbacks that came after the end. */
  late: string[];
}

/** Listens on loopback until closed. */
export async function startScriptedUpstream(script: Script): Promise<ScriptedUpstream> {
  const closings: Promise<void>[] = [];
  const server: Server = createServer((socket) => {
    upstream.sockets.push(socket);
    closings.push(new Promise((resolve) => socket.on('close', () => resolve())));
    socket.on('error', () => {});
    upstream.onConnection?.(socket);
    readRequests(socket, (text) => {
      upstream.requests.push(text);
      script(socket, text, upstream.requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const upstream: ScriptedUpstream = {
    origin: `http://127.0.0.1:${port}`,
    requests: [],
    sockets: [],
    closed: (nth) => closings[nth - 1]!,
    close() {
      for (const socket of upstream.sockets) socket.destroy();
      server.close();
    },
  };
  return upstream;
}

function readRequests(socket: Socket, onRequest: (text: string) => void): void {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < end + 4 + length) return;
    const whole = text;
    text = '';
    onRequest(whole);
  });
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits for something that is about to be true, without naming a time. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
}

export interface Sent {
  readonly call: UpstreamCall;
  readonly told: Told;
  /** Resolves at onEnd or onFailure. */
  readonly over: Promise<Told>;
}

/** Sends one request and keeps what the transport tells of it. */
export function ask(
  transport: Transport,
  origin: string,
  more: Partial<UpstreamRequest> & { onData?: (call: UpstreamCall) => void } = {},
): Sent {
  const told: Told = { chunks: [], ended: false, late: [] };
  let call!: UpstreamCall;
  const over = new Promise<Told>((resolve) => {
    const isOver = (): boolean => told.ended || told.failure !== undefined;
    const note = (name: string, act: () => void): void => {
      if (isOver()) told.late.push(name);
      else act();
      if (isOver()) resolve(told);
    };
    call = transport.send(
      {
        origin,
        path: '/v1/x',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' },
        body: [Buffer.from('{}')],
        timeouts: LONG,
        ...more,
      },
      {
        onHead: (status, headers) => note('head', () => (told.head = { status, headers })),
        onData: (chunk) =>
          note('data', () => {
            told.chunks.push(chunk);
            more.onData?.(call);
          }),
        onEnd: () => note('end', () => (told.ended = true)),
        onFailure: (failure) => note('failure', () => (told.failure = failure)),
      },
    );
  });
  return { call, told, over };
}

export const text = (told: Told): string => Buffer.concat(told.chunks).toString('latin1');

/** A clock that only moves when told to. */
export function handClock(): Clock & { add(ms: number): void } {
  let at = 1_000;
  return { now: () => at, monotonic: () => at, add: (ms) => (at += ms) };
}
