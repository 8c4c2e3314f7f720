/**
 * A provider on a real socket of this machine: the sandbox engine behind node:http, or answers canned byte by
 * byte, with a record of everything it was asked. For tests and demos; it knows no keys and no TLS.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '../src/base/clock.ts';
import {
  type Answer,
  createSandboxEngine,
  createScheduler,
  type Listener,
  piecesOf,
  play,
  type SandboxOptions,
  type SandboxRequest,
  type Script,
} from '../src/upstream/sandbox/index.ts';
import type { Format } from '../src/wire/format.ts';
import { formats } from '../src/wire/formats.ts';

export interface RecordedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Lower-case names; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, never decoded. */
  readonly body: Buffer;
  /** Epoch milliseconds, once the body was whole. */
  readonly receivedAtMs: number;
  /** The client closed the connection before it had the whole answer. */
  aborted: boolean;
  /** Bytes of the answer's body given to the socket so far; stands still while the client does not read. */
  sentBytes: number;
}

/** One chunk of a canned body, alone or after a wait. */
export type CannedChunk =
  | Uint8Array
  | string
  | { readonly bytes: Uint8Array | string; readonly delayMs: number };

export interface CannedAnswer {
  /** Only for paths that begin so; any path when left out. */
  readonly path?: string;
  /** Only for requests that name this model; any when left out. */
  readonly model?: string;
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks?: readonly CannedChunk[];
  /** After the last chunk: end well, reset the socket, or say nothing more. Default `end`. */
  readonly ending?: Answer['ending'];
  /** Before the head; Infinity = never. Default 0. */
  readonly headAfterMs?: number;
  /** Requests it answers before it is used up. Default 1. */
  readonly times?: number;
}

export interface FakeUpstream {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** In the order their bodies were whole; the newest at the end. */
  readonly requests: readonly RecordedRequest[];
  /** Connections open now. */
  connections(): number;
  /** The next fitting request is answered so; without one waiting, the sandbox answers. First come, first used. */
  answerWith(answer: CannedAnswer): void;
  /** The next request, for paths that begin so, is answered by what it asks. */
  answerBy(choose: (request: RecordedRequest) => CannedAnswer, path?: string): void;
  /** Answers that no request came for are taken back. */
  forgetAnswers(): void;
  /** Resolves once this many requests were received in all. */
  waitForRequests(count: number): Promise<void>;
  /** Cuts what is open. */
  close(): Promise<void>;
}

export type FakeUpstreamOptions = Partial<SandboxOptions>;

/** A test that sends more is stuck in a loop. */
const MAX_RECORDED = 200_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly path: string | undefined;
  readonly model?: string | undefined;
  left: number;
  answerTo(request: RecordedRequest): CannedAnswer;
}

interface House {
  readonly requests: RecordedRequest[];
  readonly canned: Waiting[];
  readonly waiting: Set<() => void>;
  readonly sockets: Set<Socket>;
  answer(request: SandboxRequest): Script;
  readonly scheduler: ReturnType<typeof createScheduler>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startFakeUpstream(options: FakeUpstreamOptions = {}): Promise<FakeUpstream> {
  const clock = options.clock ?? systemClock;
  const known: readonly Format[] = Object.values(formats);
  const engine = createSandboxEngine({ formats: known, timing: 'none', ...options, clock });
  const house: House = {
    requests: [],
    canned: [],
    waiting: new Set(),
    sockets: new Set(),
    answer: (request) => engine.answer(request),
    scheduler: createScheduler(clock),
  };
  const server = createServer((request, response) => {
    serve(house, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.on('connection', (socket) => {
    house.sockets.add(socket);
    socket.on('close', () => house.sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return handleOf(house, server);
}

function handleOf(house: House, server: Server): FakeUpstream {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: house.requests,
    connections: () => house.sockets.size,
    answerWith(answer) {
      const { path, model, times = 1 } = answer;
      house.canned.push({ path, model, left: times, answerTo: () => answer });
    },
    answerBy(choose, path) {
      house.canned.push({ path, left: 1, answerTo: choose });
    },
    forgetAnswers() {
      house.canned.length = 0;
    },
    async waitForRequests(count) {
      while (house.requests.length < count) await new Promise<void>((wake) => house.waiting.add(wake));
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of house.sockets) socket.destroy();
      await closed;
    },
  };
}

async function serve(house: House, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('a body too large for the fake upstream');
    chunks.push(chunk);
  }
  const headers = flatten(request);
  const record: RecordedRequest = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers,
    body: Buffer.concat(chunks),
    receivedAtMs: house.scheduler.clock.now(),
    aborted: false,
    sentBytes: 0,
  };
  if (house.requests.length >= MAX_RECORDED) throw new Error('too many requests to record');
  house.requests.push(record);
  for (const wake of house.waiting) wake();
  house.waiting.clear();
  perform(house, record, response);
}

function flatten(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function perform(house: House, record: RecordedRequest, response: ServerResponse): void {
  const canned = takeCanned(house, record);
  const script = canned ? scriptOf(canned) : house.answer(record);
  // Too late to refuse the connection: a reset before the head is the nearest.
  if (script.type === 'refused') return reset(response);
  let isOurs = false;
  const listener: Listener = {
    onHead(status, headers) {
      response.writeHead(status, headers);
      if (headers['content-length'] === undefined) response.flushHeaders();
    },
    onData(chunk) {
      record.sentBytes += chunk.length;
      if (response.write(chunk)) return;
      playback.pause();
      response.once('drain', () => playback.resume());
    },
    onEnd() {
      isOurs = true;
      response.end();
    },
    onCut() {
      isOurs = true;
      // What was written shall arrive before the reset overtakes it.
      setImmediate(() => reset(response));
    },
    onTimeout() {},
  };
  const playback = play(script, listener, house.scheduler);
  response.on('close', () => {
    playback.abort();
    record.aborted = !isOurs;
  });
}

function takeCanned(house: House, record: RecordedRequest): CannedAnswer | undefined {
  const found = house.canned.find(
    ({ path, model }) => (path === undefined || record.path.startsWith(path)) && names(record, model),
  );
  if (!found) return undefined;
  found.left -= 1;
  if (found.left <= 0) house.canned.splice(house.canned.indexOf(found), 1);
  return found.answerTo(record);
}

/** Some formats name the model in the URL. */
function names({ path, body }: RecordedRequest, model: string | undefined): boolean {
  if (model === undefined) return true;
  return body.includes(`"model":"${model}"`) || path.includes(`/${model}:`);
}

function scriptOf(canned: CannedAnswer): Answer {
  const chunks = (canned.chunks ?? []).map((chunk) =>
    typeof chunk === 'object' && 'delayMs' in chunk ? chunk : { bytes: chunk, delayMs: 0 },
  );
  return {
    type: 'answer',
    status: canned.status ?? 200,
    headers: canned.headers ?? {},
    headAfterMs: canned.headAfterMs ?? 0,
    delayMs: (index) => chunks[index]?.delayMs ?? 0,
    // Bytes, not text: text that is due together would be joined.
    next: piecesOf(chunks.map(({ bytes }) => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes))),
    ending: canned.ending ?? 'end',
  };
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
