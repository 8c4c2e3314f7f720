/** Refusals and failures as the chat error every client format can spell, and the answer written with it. */
import { type Refusal, refusals } from '../base/refusal.ts';
import type { Failure } from '../upstream/failure.ts';
import type { ChatError } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import type { Exchange } from './exchange.ts';
import { retryHeaders } from './rate-headers.ts';

export function refusalError(refusal: Refusal): ChatError {
  const row = refusals[refusal.code];
  return {
    kind: row.kind,
    status: row.status,
    code: refusal.code,
    message: `${sentence(refusal.message)} ${row.fix}`,
    ...(refusal.param !== undefined && { param: refusal.param }),
    ...(refusal.retryAfterS !== undefined && { retryAfterS: refusal.retryAfterS }),
  };
}

function sentence(text: string): string {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}

/** The upstream's stream ended without the event that says it is finished. */
export function truncatedError(): ChatError {
  return refusalError({
    code: 'upstream_truncated',
    message: 'the provider\u2019s stream ended before it was finished',
  });
}

/** What a reader of streams found broken by itself, in the codes of refusals.md; what the upstream said stays as it is. */
export function inOwnWords(error: ChatError): ChatError {
  if (error.code === 'stream_truncated') return truncatedError();
  if (error.code !== 'stream_invalid') return error;
  return refusalError({ code: 'upstream_invalid', message: error.message });
}

/** A redirect's target is not the operator's word, and the credential was given for one address alone. */
export function redirectedError(status: number): ChatError {
  return refusalError({
    code: 'upstream_redirect',
    message: `the provider answered with a redirect (${status}), which is not followed`,
  });
}

export function isTruncated({ code }: ChatError): boolean {
  return code === 'upstream_truncated' || code === 'stream_truncated';
}

/** We could not read the stream on: the upstream did not say that it failed. */
export function isUnreadable({ code }: ChatError): boolean {
  return code === 'upstream_invalid' || code === 'stream_invalid';
}

export function failureError(failure: Failure, ref: string): ChatError {
  switch (failure.kind) {
    case 'connect':
      return refusalError({
        code: 'upstream_unreachable',
        message: `the provider of ${ref} cannot be reached (${failure.message})`,
      });
    case 'first-byte-timeout':
    case 'idle-timeout':
    case 'content-timeout':
    case 'total-timeout':
      return refusalError({
        code: 'upstream_timeout',
        message: `the provider of ${ref} was too slow: ${failure.message} (${failure.kind})`,
      });
    case 'cut':
      return refusalError({
        code: 'upstream_truncated',
        message: `the provider of ${ref} broke the connection (${failure.message})`,
      });
    case 'protocol':
    case 'status':
      return refusalError({
        code: 'upstream_invalid',
        message: `the provider of ${ref} cannot be understood: ${failure.message}`,
      });
    default:
      return failure.kind satisfies never;
  }
}

/** Answers with an error in the client's own format. Only before the commit point. */
export function answerError(exchange: Exchange, error: ChatError): void {
  writeError(exchange, exchange.format, error);
  exchange.outcome = error.code ?? error.kind;
}

function writeError(exchange: Exchange, format: Format, error: ChatError): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(JSON.stringify(format.renderError(error, exchange.id)));
  const headers: Record<string, string | number> = {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-turnpike-exchange-id': exchange.id,
    'x-turnpike-attempts': exchange.attempts,
  };
  if (format.id === 'anthropic-messages') headers['request-id'] = exchange.id;
  if (error.retryAfterS !== undefined) Object.assign(headers, retryHeaders(format.id, error.retryAfterS));
  // Official clients try a 429 again at once, which would be for nothing.
  if (error.kind === 'budget') headers['x-should-retry'] = 'false';
  if (error.kind === 'authentication' && error.status === 401) headers['www-authenticate'] = 'Bearer';
  response.writeHead(error.status, headers);
  response.end(body);
}
