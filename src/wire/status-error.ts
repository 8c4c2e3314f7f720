/** What an upstream's status says of an error, where its body says nothing better. */
import type { ChatErrorKind } from './chat.ts';

const KINDS: Readonly<Record<number, ChatErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'budget',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  422: 'invalid-request',
  429: 'rate-limit',
  // Too many requests wait for the model.
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

export function kindOfStatus(status: number): ChatErrorKind {
  return KINDS[status] ?? (status >= 400 && status < 500 ? 'invalid-request' : 'upstream');
}

/** Longest message kept of an upstream's error: longer ones are HTML pages and stack traces. */
export const MAX_MESSAGE_CHARS = 2_000;

/** Stands for a message where the upstream gave none. */
export function noMessage(status: number): string {
  return `the upstream answered with status ${status}`;
}

/** Status of an error inside a stream that gives itself none: the head has gone out as 200. */
export const STREAM_ERROR_STATUS = 502;
