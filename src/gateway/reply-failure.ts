/** What the client gets when no attempt answered: the upstream's own words where the formats match, ours otherwise. */
import { replyHeaders } from '../upstream/headers.ts';
import type { Exchange } from './exchange.ts';
import { answerError } from './reply-error.ts';
import type { AttemptFailure } from './reply-state.ts';

export function answerFailure(exchange: Exchange, failure: AttemptFailure): void {
  const { passthrough } = failure;
  // A redirect is never followed and never handed on: its target is not the operator's word.
  if (!passthrough || passthrough.status < 400) return answerError(exchange, withErrorStatus(failure.error));
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  exchange.outcome = `status_${passthrough.status}`;
  response.writeHead(passthrough.status, {
    ...replyHeaders(passthrough.headers),
    'content-length': passthrough.body.length,
    'x-turnpike-exchange-id': exchange.id,
    'x-turnpike-attempts': exchange.attempts,
    'x-turnpike-lane': 'relay',
  });
  response.end(passthrough.body);
}

function withErrorStatus(error: AttemptFailure['error']): AttemptFailure['error'] {
  return error.status >= 400 && error.status <= 599 ? error : { ...error, status: 502 };
}
