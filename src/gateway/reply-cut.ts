/** What it means that a reply ended before its end: for the client, the books, the health board and the rest of the plan. */
import type { Refusal } from '../base/refusal.ts';
import type { EntryStatus } from '../ledger/ledger.ts';
import {
  brokenReply,
  type Classification,
  ourFault,
  outcomeOf,
  outcomeOfFailure,
  stopped,
} from '../upstream/classify.ts';
import { EventStreamError } from '../upstream/cloud/event-stream.ts';
import type { Failure } from '../upstream/failure.ts';
import { retryAfterMs } from '../upstream/retry-after.ts';
import type { ChatError } from '../wire/chat.ts';
import { FrameTooLongError } from '../wire/frames.ts';
import { failureError, isTruncated, isUnreadable, refusalError } from './reply-error.ts';
import type { ReplyState } from './reply-state.ts';

export interface Cut {
  readonly status: EntryStatus;
  readonly error: ChatError;
  readonly errorClass: string;
  readonly isCharged: boolean;
  readonly verdict: Classification;
  /** As the provider asks; absent = it does not say. */
  readonly retryAfterMs?: number | undefined;
}

/** The upstream worked, and what it gave is of no use. */
export const brokenAnswer = { status: 'upstream_error', isCharged: true, verdict: brokenReply } as const;

export function invalidError(message: string): ChatError {
  return refusalError({ code: 'upstream_invalid', message });
}

/** By an error that a stream told, or that was found in it: it ended too early, or could not be read. */
export function cutByError(state: ReplyState, error: ChatError): Cut {
  if (isTruncated(error))
    return { ...brokenAnswer, status: 'truncated', error, errorClass: error.code ?? 'truncated' };
  if (isUnreadable(error)) return { ...brokenAnswer, error, errorClass: 'invalid' };
  return {
    status: 'upstream_error',
    error,
    errorClass: 'error_event',
    isCharged: isErrorCharged(state),
    verdict: outcomeOf(200, error),
    retryAfterMs: retryAfterMs(state.headers, error, state.gateway.clock.now()),
  };
}

/** An upstream that fails before it wrote anything bills nothing, unless its stream said so. */
function isErrorCharged({ lane }: ReplyState): boolean {
  const { usage, hasContent } = lane.observed();
  return usage !== undefined || hasContent;
}

/** By what happened on the way. */
export function cutByFailure({ attempt }: ReplyState, failure: Failure): Cut {
  const verdict = outcomeOfFailure(failure);
  return {
    status: statusOf(failure),
    error: failureError(failure, attempt.deployment.ref),
    errorClass: failure.kind,
    isCharged: verdict.isCharged,
    verdict,
  };
}

function statusOf({ kind, wasSent }: Failure): EntryStatus {
  if (!wasSent) return 'not_sent';
  if (kind.endsWith('timeout')) return 'timeout';
  return kind === 'protocol' ? 'upstream_error' : 'truncated';
}

/** By us, while it ran: the client may have no more of it. What it had is booked. */
export function cutByRefusal(refusal: Refusal): Cut {
  return {
    status: 'client_abort',
    error: refusalError(refusal),
    errorClass: refusal.code,
    isCharged: true,
    verdict: stopped,
  };
}

/** By what was thrown: a frame without end is the upstream's doing, anything else is ours. */
export function cutByFault({ gateway, exchange }: ReplyState, fault: unknown): Cut {
  if (fault instanceof FrameTooLongError) {
    return { ...brokenAnswer, error: invalidError(fault.message), errorClass: 'frame_too_long' };
  }
  if (fault instanceof EventStreamError) {
    return { ...brokenAnswer, error: invalidError(fault.message), errorClass: 'frame_damaged' };
  }
  gateway.log.error({ exchange: exchange.id, fault: String(fault) }, 'fault while reading a reply');
  const error = refusalError({ code: 'internal', message: 'something went wrong inside Turnpike' });
  return { ...brokenAnswer, error, errorClass: 'internal', verdict: ourFault };
}
