/**
 * What an upstream's no means for the rest of the plan: may another deployment do better, was this attempt
 * billed, does it speak against the deployment or only against its key. One table, so that the attempt loop,
 * the ledger and the health board cannot disagree.
 */
import type { ChatError } from '../wire/chat.ts';
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
}

const ok: Classification = row('ok', { isCharged: true });
const wrong: Classification = row('refused');
const elsewhere: Classification = row('refused', { isRetryable: true });
const keyless: Classification = row('refused', { isRetryable: true, isCredentialAtFault: true });
const limited: Classification = row('limited', { isRetryable: true });
const down: Classification = row('down', { isRetryable: true });
const billedDown: Classification = row('down', { isRetryable: true, isCharged: true });

function row(
  outcome: Classification['outcome'],
  rest: Partial<Omit<Classification, 'outcome'>> = {},
): Classification {
  return { outcome, isRetryable: false, isCharged: false, isCredentialAtFault: false, ...rest };
}

const byStatus: Readonly<Record<number, Classification>> = {
  401: keyless,
  402: keyless,
  403: keyless,
  // A model this upstream does not have; the next one in the plan may.
  404: elsewhere,
  408: elsewhere,
  409: elsewhere,
  425: elsewhere,
  429: limited,
};

/** Accounts that have run out say so with 400, 402, 403 or 429, depending on the vendor. */
const SPENT_CODE =
  /^(insufficient_(quota|balance|credits|funds)|billing_.*|credit_balance_.*|.*_spend_limit.*)$/i;
const SPENT_MESSAGE =
  /credit balance is too low|insufficient (balance|credits|funds|quota)|exceeded your current quota/i;

/** A longer window elsewhere may hold it. */
const WINDOW_CODE = /^(context_length_exceeded|model_context_window_exceeded|context_window_exceeded)$/i;
const WINDOW_MESSAGE =
  /prompt is too long|maximum context length|exceeds? the (model's )?(maximum )?context (window|length)|input length and .?max_tokens.? exceed/i;

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
  if (error && REQUEST_STATUS.has(told)) {
    if (isSpent(error)) return keyless;
    if (isWindowExceeded(error)) return elsewhere;
  }
  const known = byStatus[told];
  if (known) return known;
  if (told >= 400 && told < 500) return wrong;
  // 5xx, and redirects and other answers that no API of this kind gives: a wrong address or a broken one.
  return down;
}

/** Streams carry errors without a status; the parser's guess is used, and what is no error status counts as down. */
function errorStatus(error: ChatError): number {
  if (error.kind === 'overloaded') return 529;
  return error.status >= 400 ? error.status : 500;
}

function isSpent(error: ChatError): boolean {
  return error.kind === 'budget' || SPENT_CODE.test(error.code ?? '') || SPENT_MESSAGE.test(error.message);
}

function isWindowExceeded(error: ChatError): boolean {
  return WINDOW_CODE.test(error.code ?? '') || WINDOW_MESSAGE.test(error.message);
}

const byFailure: Readonly<Record<Exclude<FailureKind, 'status'>, Classification>> = {
  connect: down,
  'first-byte-timeout': billedDown,
  'idle-timeout': billedDown,
  'total-timeout': billedDown,
  cut: billedDown,
  protocol: billedDown,
};

/** Of an attempt that got no whole answer. What may have reached the upstream may have been billed there. */
export function outcomeOfFailure(failure: Failure): Classification {
  if (failure.kind === 'status') return outcomeOf(failure.status ?? 500);
  return failure.wasSent ? byFailure[failure.kind] : down;
}
