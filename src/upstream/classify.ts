/**
 * What an upstream's no means for the rest of the plan: may another deployment do better, was this attempt
 * billed, does it speak against the deployment or only against its key. One table, so that the attempt loop,
 * the ledger and the health board cannot disagree.
 */
import type { ChatError, ChatErrorKind } from '../wire/chat.ts';
import { noMessage, STREAM_ERROR_STATUS } from '../wire/status-error.ts';
import type { Failure, FailureKind } from './failure.ts';

export interface Classification {
  /** What the health board notes. `refused` = the upstream is well and said no. */
  readonly outcome: 'ok' | 'limited' | 'refused' | 'down';
  /** Another deployment may answer. False for what the request itself got wrong: it is wrong everywhere. */
  readonly isRetryable: boolean;
  /** The upstream may have worked on it, so it is booked; false = booked as nothing. */
  readonly isCharged: boolean;
  /** The credential is refused or its account has run out: the next key may do better, this one will not. */
  readonly isCredentialAtFault: boolean;
  /** The request is too long for this model; one with a larger window may hold it. */
  readonly isWindowExceeded: boolean;
  /** What was asked or answered is against the vendor's policy. Another vendor is asked only where ours says so. */
  readonly isContentFilter: boolean;
  /** The vendor asks for the same request once more: a conflict, or it was too slow to read the first one. */
  readonly isWorthRepeating: boolean;
}

const ok: Classification = row('ok', { isCharged: true });
const wrong: Classification = row('refused');
const elsewhere: Classification = row('refused', { isRetryable: true });
const keyless: Classification = row('refused', { isRetryable: true, isCredentialAtFault: true });
const tooLong: Classification = row('refused', { isRetryable: true, isWindowExceeded: true });
const filtered: Classification = row('refused', { isContentFilter: true });
const again: Classification = row('refused', { isRetryable: true, isWorthRepeating: true });
const limited: Classification = row('limited', { isRetryable: true });
const down: Classification = row('down', { isRetryable: true });
const billedDown: Classification = row('down', { isRetryable: true, isCharged: true });

/** It answered, and what it gave is of no use. */
export const brokenReply: Classification = billedDown;
/** Something went wrong on this side: it says nothing of the deployment. */
export const ourFault: Classification = row('refused', { isRetryable: true, isCharged: true });
/** We ended it while it ran: nobody else is to be asked, and it says nothing of the deployment. */
export const stopped: Classification = row('refused', { isCharged: true });
/** Nothing could be sent, for lack of what authorizes it. */
export const unusableKey: Classification = keyless;
/** What authorizes could not be fetched: perhaps only the way to it is broken. */
export const unreachable: Classification = down;

function row(
  outcome: Classification['outcome'],
  rest: Partial<Omit<Classification, 'outcome'>> = {},
): Classification {
  return {
    outcome,
    isRetryable: false,
    isCharged: false,
    isCredentialAtFault: false,
    isWindowExceeded: false,
    isContentFilter: false,
    isWorthRepeating: false,
    ...rest,
  };
}

const byStatus: Readonly<Record<number, Classification>> = {
  401: keyless,
  402: keyless,
  403: keyless,
  // A model this upstream does not have; the next one in the plan may.
  404: elsewhere,
  408: again,
  409: again,
  425: elsewhere,
  429: limited,
};

/** Accounts that have run out say so with 400, 402, 403 or 429, depending on the vendor. */
const SPENT_CODE =
  /^(insufficient_(quota|balance|credits|funds)|billing_.*|credit_balance_.*|.*_spend_limit.*)$/i;
const SPENT_MESSAGE =
  /credit balance is too low|insufficient (balance|credits|funds|quota)|credits are depleted/i;
/** Beside a 429 these are Google's words for any limit, of a minute too. */
const QUOTA_MESSAGE = /exceeded your current quota/i;

/** A longer window elsewhere may hold it. */
const WINDOW_CODE = /^(context_length_exceeded|(model_)?context_window_exceeded|exceed_context_size_error)$/i;
const WINDOW_MESSAGE = new RegExp(
  [
    /(prompt|input) is too long/,
    /maximum (context|prompt) length/,
    /exceeds? (the )?(model's )?(available |maximum )?context (window|length|size|limit)/,
    /input length and .?max_tokens.? exceed/,
    // Google's.
    /input token count .{0,40}exceeds the maximum number of/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

const FILTER_CODE =
  /^(content_filter|content_policy_violation|.+_content_policy_violation|(bio|cyber)_policy|SAFETY|PROHIBITED_CONTENT|BLOCKLIST|SPII|RECITATION|MODEL_ARMOR)$/i;
const FILTER_MESSAGE = /blocked by content filtering policy|input was flagged/i;

/** Errors of the request: only these may be misread by status alone. */
const REQUEST_STATUS: ReadonlySet<number> = new Set([400, 402, 403, 413, 422, 429]);

/**
 * Of an answered attempt. `error` is the upstream's error in chat terms: the parsed body of an error status,
 * or the error event of a stream that began with 200 (then its own status counts; nothing is booked unless the
 * stream reported usage, which the caller knows).
 */
export function outcomeOf(status: number, error?: ChatError): Classification {
  const told = error && status < 400 ? errorStatus(error) : status;
  if (told >= 200 && told < 300) return ok;
  const named = error && (byCode(error) ?? (REQUEST_STATUS.has(told) ? byMessage(error, told) : undefined));
  if (named) return named;
  const known = byStatus[told];
  if (known) return known;
  if (told >= 400 && told < 500) return wrong;
  // 5xx, and redirects and other answers that no API of this kind gives: a wrong address or a broken one.
  return down;
}

/** An error inside a stream gets this status of its parser when it gives none itself; then its kind says more. */
const statusOfKind: Partial<Readonly<Record<ChatErrorKind, number>>> = {
  'invalid-request': 400,
  authentication: 401,
  budget: 402,
  permission: 403,
  'not-found': 404,
  'too-large': 413,
  'rate-limit': 429,
};

function errorStatus({ kind, status }: ChatError): number {
  if (kind === 'overloaded') return 529;
  if (status >= 400 && status !== STREAM_ERROR_STATUS) return status;
  return statusOfKind[kind] ?? STREAM_ERROR_STATUS;
}

/** Codes are the vendors' own words for the cause, whatever status stands beside them. */
function byCode({ kind, code = '' }: ChatError): Classification | undefined {
  if (kind === 'blocked' || FILTER_CODE.test(code)) return filtered;
  if (kind === 'budget' || kind === 'authentication' || SPENT_CODE.test(code)) return keyless;
  // Vendors answer 403 for a model a project may not use: that says nothing of the others.
  if (kind === 'not-found') return elsewhere;
  return WINDOW_CODE.test(code) ? tooLong : undefined;
}

function byMessage({ message }: ChatError, status: number): Classification | undefined {
  if (SPENT_MESSAGE.test(message) || (status !== 429 && QUOTA_MESSAGE.test(message))) return keyless;
  if (WINDOW_MESSAGE.test(message)) return tooLong;
  // A firewall in front of the vendor minds the words of one request, not the credential.
  if (status === 403 && (message.startsWith('<') || message === noMessage(403))) return elsewhere;
  return FILTER_MESSAGE.test(message) ? filtered : undefined;
}

const byFailure: Readonly<Record<Exclude<FailureKind, 'status'>, Classification>> = {
  connect: down,
  'first-byte-timeout': billedDown,
  'idle-timeout': billedDown,
  'content-timeout': billedDown,
  'total-timeout': billedDown,
  cut: billedDown,
  protocol: billedDown,
};

/** Of an attempt that got no whole answer. What may have reached the upstream may have been billed there. */
export function outcomeOfFailure(failure: Failure): Classification {
  if (failure.kind === 'status') return outcomeOf(failure.status ?? 500);
  return failure.wasSent ? byFailure[failure.kind] : down;
}
