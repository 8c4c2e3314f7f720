/** Errors of a stream itself, in the codes that lanes and ledgers know. */
import type { ChatError } from './chat.ts';
import { STREAM_ERROR_STATUS } from './status-error.ts';

/** It breaks its format's own rules, or holds more than can be kept. */
export function invalidStream(message: string): ChatError {
  return { kind: 'upstream', status: STREAM_ERROR_STATUS, code: 'stream_invalid', message };
}

/** It ended without its format's end. */
export function truncatedStream(
  message = 'the upstream ended the stream before the reply was finished',
): ChatError {
  return { kind: 'upstream', status: STREAM_ERROR_STATUS, code: 'stream_truncated', message };
}
