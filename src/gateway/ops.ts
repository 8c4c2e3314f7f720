/** Liveness, readiness, metrics and the greeting at the root: for operators, probes and people who open the URL. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Gateway } from './exchange.ts';
import type { Mounts } from './http.ts';

export function opsMounts(gateway: Gateway, version: string): Mounts {
  const live: RequestListener = (request, response) =>
    answer(request, response, 200, { status: 'ok', version });
  const ready: RequestListener = (request, response) => answerReady(gateway, request, response);
  return {
    '/': (request, response) =>
      answer(request, response, 200, {
        name: 'turnpike',
        version,
        docs: 'GET /v1/models, POST /v1/messages, POST /v1/chat/completions',
      }),
    '/health': live,
    '/healthz': live,
    '/ready': ready,
    '/readyz': ready,
    '/metrics': (request, response) => void answerMetrics(gateway, request, response),
  };
}

function answerReady(gateway: Gateway, request: IncomingMessage, response: ServerResponse): void {
  const ledger = gateway.ledger.health();
  const isReady = ledger.isWritable && !gateway.isDraining;
  answer(request, response, isReady ? 200 : 503, {
    status: gateway.isDraining ? 'draining' : isReady ? 'ready' : 'ledger_unavailable',
    ledger,
    openExchanges: gateway.open.size,
    revision: gateway.snapshot().revision,
  });
}

async function answerMetrics(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await gateway.metrics.text();
  send(request, response, 200, gateway.metrics.contentType, text);
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, value: object): void {
  send(request, response, status, 'application/json', `${JSON.stringify(value)}\n`);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
): void {
  request.resume();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' });
    response.end();
    return;
  }
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
