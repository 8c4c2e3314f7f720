/** The one port: tells data plane, control plane and operations apart by path, and opens an exchange for each data-plane request. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Format } from '../wire/format.ts';
import { formatOf } from '../wire/formats.ts';
import {
  type CallEndpoint,
  type Endpoint,
  endpointOf,
  guessFormat,
  methodsOf,
  splitUrl,
} from './endpoints.ts';
import { type Exchange, type Gateway, openExchange } from './exchange.ts';
import { handle } from './handle.ts';
import { letIn } from './let-in.ts';
import { answerList, type ListEndpoint } from './model-lists.ts';
import { answerError, refusalError } from './reply-error.ts';

/** A client that takes longer for its head is stuck or hostile (Node's default is 60 s). */
const HEADERS_TIMEOUT_MS = 10_000;
/** Head and body together; 64 MiB at 1 MB/s fit. */
const REQUEST_TIMEOUT_MS = 120_000;
/** How often Node looks for connections over those limits. */
const CHECK_INTERVAL_MS = 5_000;
/** Longer than the 60 s that common clients and balancers keep an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 75_000;
/** Claude Code sends about 2 KB of headers; this is room for custom ones. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Node reads up to 2,000 and drops the rest without a word. Clients send some 20, proxies add a few. */
const MAX_HEADERS = 100;
/** Beyond those of open exchanges: connections that are kept alive, and those of operators. */
const SPARE_CONNECTIONS = 2_000;

/** Paths that are not the data plane's, served by the rooms that own them. */
export type Mounts = Readonly<Record<string, RequestListener>>;

export function createHttpServer(gateway: Gateway, mounts: Mounts): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    (request, response) => {
      try {
        if (request.rawHeaders.length > 2 * MAX_HEADERS) return refuseHead(response);
        dispatch(gateway, mounts, request, response);
      } catch (fault) {
        gateway.log.error({ fault: faultText(fault) }, 'fault before an exchange was opened');
        response.destroy();
      }
    },
  );
  // A socket costs memory and a file descriptor before it has said anything.
  server.maxConnections = 2 * gateway.limits.exchanges + SPARE_CONNECTIONS;
  server.on('clientError', answerClientError);
  return server;
}

function refuseHead(response: ServerResponse): void {
  const body = notHttp(431, `more than ${MAX_HEADERS} headers`);
  response.writeHead(431, { 'content-type': 'application/json', connection: 'close' }).end(body);
}

function notHttp(status: number, why: string): string {
  return JSON.stringify({
    error: { type: 'invalid_request_error', message: `The request is not valid HTTP (${status}: ${why}).` },
  });
}

/** Not HTTP as we read it: too long, smuggled or broken. Said in one line, and the connection is closed. */
function answerClientError(error: NodeJS.ErrnoException, socket: import('node:stream').Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : timeoutOr400(error.code);
  const body = notHttp(Number.parseInt(status, 10), status.slice(4));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function timeoutOr400(code: string | undefined): string {
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
}

function dispatch(
  gateway: Gateway,
  mounts: Mounts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { path, query } = splitUrl(request.url ?? '/');
  const endpoint = endpointOf(path, request.headers['anthropic-version'] !== undefined);
  if (!endpoint) {
    const mount = mountOf(mounts, path);
    if (mount) return mount(request, response);
    return refuseUnknown(gateway, request, response, path, query);
  }
  const methods = methodsOf(endpoint);
  if (!methods.includes(request.method ?? '')) {
    response.setHeader('allow', methods.join(', '));
    const exchange = exchangeFor(gateway, request, response, formatFor(endpoint, request, path), query);
    return endEarly(gateway, exchange, refuse('method_not_allowed', `${request.method} is not served here`));
  }
  if (!('format' in endpoint)) {
    return serveList(gateway, request, response, endpoint, path, query);
  }
  const format = formatFor(endpoint, request, path);
  const exchange = openExchange(gateway, request, response, { format, endpoint, query });
  if (gateway.isDraining)
    return endEarly(
      gateway,
      exchange,
      refuse('shutting_down', 'this process is shutting down', { retryAfterS: 1 }),
    );
  if (gateway.open.size > gateway.limits.exchanges) {
    return endEarly(
      gateway,
      exchange,
      refuse('overloaded', `${gateway.limits.exchanges} exchanges are open already`, { retryAfterS: 1 }),
    );
  }
  void run(gateway, exchange);
}

async function run(gateway: Gateway, exchange: Exchange): Promise<void> {
  try {
    await handle(gateway, exchange);
  } catch (fault) {
    gateway.log.error({ exchange: exchange.id, fault: faultText(fault) }, 'fault while handling a request');
    answerError(exchange, refusalError(refuse('internal', 'something went wrong inside Turnpike')));
    if (!exchange.response.writableEnded) exchange.response.destroy();
  } finally {
    close(gateway, exchange);
  }
}

function faultText(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

function close(gateway: Gateway, exchange: Exchange): void {
  const durationMs = gateway.clock.monotonic() - exchange.startedMono;
  gateway.metrics.exchange(exchange.callName, exchange.outcome, durationMs);
  gateway.log.debug(
    { exchange: exchange.id, outcome: exchange.outcome, ms: Math.round(durationMs) },
    'exchange ended',
  );
}

function endEarly(gateway: Gateway, exchange: Exchange, refusal: Parameters<typeof refusalError>[0]): void {
  answerError(exchange, refusalError(refusal));
  exchange.request.resume();
  close(gateway, exchange);
}

function exchangeFor(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  format: Format,
  query: string,
): Exchange {
  const endpoint: CallEndpoint = { operation: 'chat', format: format.id };
  return openExchange(gateway, request, response, { format, endpoint, query });
}

function formatFor(endpoint: Endpoint | undefined, request: IncomingMessage, path: string): Format {
  const id =
    endpoint && 'format' in endpoint
      ? endpoint.format
      : guessFormat(path, request.headers['anthropic-version'] !== undefined);
  return formatOf(id)!;
}

function mountOf(mounts: Mounts, path: string): RequestListener | undefined {
  const exact = mounts[path];
  if (exact) return exact;
  for (const [prefix, listener] of Object.entries(mounts)) {
    if (prefix.length > 1 && prefix.endsWith('/') && path.startsWith(prefix)) return listener;
  }
  return undefined;
}

function refuseUnknown(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
): void {
  const exchange = exchangeFor(gateway, request, response, formatFor(undefined, request, path), query);
  // The path is the client's text: shown shortened, and JSON keeps it from being anything but text.
  endEarly(
    gateway,
    exchange,
    refuse('path_unknown', `there is nothing at ${request.method} ${path.slice(0, 100)}`),
  );
}

function serveList(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: ListEndpoint,
  path: string,
  query: string,
): void {
  const snapshot = gateway.snapshot();
  const entrant = { request, query, callName: undefined };
  const admission = letIn(gateway, snapshot, entrant, gateway.clock.now());
  const refuseList = (refusal: Refusal): void =>
    endEarly(
      gateway,
      exchangeFor(gateway, request, response, formatFor(endpoint, request, path), query),
      refusal,
    );
  if (!admission.ok) return refuseList(admission.refusal);
  answerList(request, response, snapshot.of(admission.key), endpoint, query).then(
    (refusal) => refusal && refuseList(refusal),
    (fault) => {
      gateway.log.error({ fault: faultText(fault) }, 'fault while listing models');
      refuseList(refuse('internal', 'something went wrong inside Turnpike'));
    },
  );
}
