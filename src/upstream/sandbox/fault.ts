/** What can go wrong, by name. `fault-<name>` is a model that always does it; `fail=<name>` asks it of any model. */
import type { ChatErrorKind } from '../../wire/chat.ts';

export type Fault =
  /** The upstream answers, and says no. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly error: ChatErrorKind;
      readonly message: string;
      /** Seconds, sent as `retry-after`. */
      readonly retryAfterS?: number;
      readonly does: string;
    }
  /** The connection or the stream misbehaves. */
  | { readonly kind: 'transport'; readonly name: TransportFault; readonly does: string }
  /** The transport is fine; what the answer says is not. */
  | { readonly kind: 'answer'; readonly name: AnswerFault; readonly does: string };

export type TransportFault =
  | 'refuse'
  | 'hang'
  | 'stall'
  | 'cut'
  | 'eof'
  | 'malformed'
  | 'error-event'
  | 'early-error'
  | 'pings'
  | 'drip';

export type AnswerFault =
  | 'no-usage'
  | 'zero-usage'
  | 'absurd-usage'
  | 'double-usage'
  | 'refusal'
  | 'length'
  | 'content-filter';

/** Long enough to be seen, short enough to wait for. */
const RETRY_AFTER_S = 7;

function status(code: number, error: ChatErrorKind, message: string, retryAfterS?: number): Fault {
  const does = `Status ${code} in the error shape of the format${retryAfterS === undefined ? '' : `, with \`retry-after: ${retryAfterS}\``}.`;
  return {
    kind: 'status',
    status: code,
    error,
    message: `${message} (simulated by the sandbox)`,
    does,
    ...(retryAfterS !== undefined && { retryAfterS }),
  };
}

function transport(name: TransportFault, does: string): Fault {
  return { kind: 'transport', name, does };
}

function answer(name: AnswerFault, does: string): Fault {
  return { kind: 'answer', name, does };
}

/** Every fault there is. docs/reference/sandbox.md is held equal to this table by a test. */
export const faults: Readonly<Record<string, Fault>> = {
  '400': status(400, 'invalid-request', 'The request is not valid'),
  '401': status(401, 'authentication', 'The API key is not valid'),
  '403': status(403, 'permission', 'The API key may not use this model'),
  '404': status(404, 'not-found', 'The model does not exist'),
  '408': status(408, 'timeout', 'The request took too long to arrive'),
  '413': status(413, 'too-large', 'The request is too large'),
  '422': status(422, 'invalid-request', 'The request could not be processed'),
  '429': status(429, 'rate-limit', 'Too many requests', RETRY_AFTER_S),
  '500': status(500, 'internal', 'Internal server error'),
  '502': status(502, 'upstream', 'Bad gateway'),
  '503': status(503, 'overloaded', 'Service unavailable'),
  '504': status(504, 'timeout', 'The model took too long'),
  '529': status(529, 'overloaded', 'Overloaded'),
  refuse: transport('refuse', 'The connection is refused; nothing is sent.'),
  hang: transport('hang', 'The request is read; no response head ever comes.'),
  stall: transport('stall', 'Head and some content, then silence.'),
  cut: transport('cut', 'Some content, then the socket is reset.'),
  eof: transport('eof', 'Some content, then a clean end without the terminal event.'),
  malformed: transport('malformed', 'The JSON of every frame after the second piece is broken.'),
  'error-event': transport('error-event', 'Some content, then an error event as the last one.'),
  'early-error': transport('early-error', 'Status 200, then an error event and nothing else.'),
  pings: transport('pings', 'Head, then only signs of life, for ever.'),
  drip: transport('drip', 'The right bytes, one at a time.'),
  'no-usage': answer('no-usage', 'A good answer that reports no usage.'),
  'zero-usage': answer('zero-usage', 'A good answer that reports zero tokens.'),
  'absurd-usage': answer(
    'absurd-usage',
    'A good answer whose usage is negative, text, null or too large to be true.',
  ),
  'double-usage': answer('double-usage', 'The usage report is sent twice, the first with too little.'),
  refusal: answer('refusal', 'The model refuses to answer.'),
  length: answer('length', 'The answer stops in the middle, for length.'),
  'content-filter': answer('content-filter', 'The answer stops in the middle, by a content filter.'),
};

export const faultNames: readonly string[] = Object.keys(faults);
