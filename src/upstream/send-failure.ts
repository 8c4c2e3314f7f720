/** Names what went wrong on the way to an upstream: socket, TLS and parser errors as one of the failure kinds. */
import type { Failure, FailureKind } from './failure.ts';

/** Longer texts are a peer's, not a system's. */
const MAX_MESSAGE = 200;

/** Errors by which the HTTP client says that the peer does not speak HTTP as it must. */
const PROTOCOL_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
]);
/** A broken connection looks like this to the parser; it is a cut, not bad HTTP. */
const CUT_REASONS = /invalid eof state/i;
/** The client's words for a status 100 or 101 that nobody asked for. */
const PROTOCOL_MESSAGES = /^bad (response|upgrade)$/;

interface CodedError extends Error {
  readonly code?: unknown;
  readonly syscall?: unknown;
}

/** `wasSent` = the request had a connection of its own, so part of it may have left. */
export function sendFailure(error: unknown, wasSent: boolean): Failure {
  const known: CodedError = error instanceof Error ? error : new Error(String(error));
  const code = typeof known.code === 'string' ? known.code : known.name;
  return { kind: wasSent ? kindOf(known, code) : 'connect', code, message: messageOf(known, code), wasSent };
}

function kindOf(error: CodedError, code: string): FailureKind {
  if (PROTOCOL_CODES.has(code) || PROTOCOL_MESSAGES.test(error.message)) return 'protocol';
  if (error.name !== 'HTTPParserError') return 'cut';
  return CUT_REASONS.test(error.message) ? 'cut' : 'protocol';
}

/** System errors name addresses; code and call say enough and are the same everywhere. */
function messageOf(error: CodedError, code: string): string {
  if (typeof error.syscall === 'string') return `${code} in ${error.syscall}`;
  return (error.message || code).slice(0, MAX_MESSAGE);
}
