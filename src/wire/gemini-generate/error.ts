/** Errors: the statuses of `google.rpc` and the chat's kinds, in answers and inside streams of both shapes. */
import type { ChatError, ChatErrorKind, JsonObject, JsonValue } from '../chat.ts';
import type { StreamShape } from '../format.ts';
import { asObject, asText, defined, isObject, objectsOf } from '../json.ts';
import { MAX_MESSAGE_CHARS, noMessage } from '../status-error.ts';
import { FORMAT, ownFields, writeJson } from './fields.ts';

interface ErrorRow {
  readonly status: string;
  readonly kind: ChatErrorKind;
  /** HTTP status Google answers with. */
  readonly http: number;
}

/** First row of a status decides how it is read, first row of a kind how it is written. */
const ROWS: readonly ErrorRow[] = [
  { status: 'INVALID_ARGUMENT', kind: 'invalid-request', http: 400 },
  { status: 'FAILED_PRECONDITION', kind: 'invalid-request', http: 400 },
  { status: 'OUT_OF_RANGE', kind: 'invalid-request', http: 400 },
  { status: 'UNIMPLEMENTED', kind: 'invalid-request', http: 501 },
  { status: 'ALREADY_EXISTS', kind: 'invalid-request', http: 409 },
  { status: 'ABORTED', kind: 'invalid-request', http: 409 },
  { status: 'INVALID_ARGUMENT', kind: 'too-large', http: 413 },
  { status: 'UNAUTHENTICATED', kind: 'authentication', http: 401 },
  { status: 'PERMISSION_DENIED', kind: 'permission', http: 403 },
  { status: 'PERMISSION_DENIED', kind: 'blocked', http: 403 },
  { status: 'NOT_FOUND', kind: 'not-found', http: 404 },
  { status: 'RESOURCE_EXHAUSTED', kind: 'rate-limit', http: 429 },
  { status: 'RESOURCE_EXHAUSTED', kind: 'budget', http: 429 },
  { status: 'UNAVAILABLE', kind: 'overloaded', http: 503 },
  { status: 'DEADLINE_EXCEEDED', kind: 'timeout', http: 504 },
  { status: 'INTERNAL', kind: 'upstream', http: 500 },
  { status: 'INTERNAL', kind: 'internal', http: 500 },
  { status: 'UNKNOWN', kind: 'upstream', http: 500 },
  { status: 'DATA_LOSS', kind: 'upstream', http: 500 },
  { status: 'CANCELLED', kind: 'upstream', http: 499 },
];

/** What a status alone tells. */
function kindOfStatus(status: number): ChatErrorKind {
  if (status === 408) return 'timeout';
  if (status === 529) return 'overloaded';
  const row = ROWS.find(({ http }) => http === status);
  if (row) return row.kind;
  return status >= 400 && status < 500 ? 'invalid-request' : 'upstream';
}

/** Google says INVALID_ARGUMENT to what other vendors have statuses for. */
function kindOf(
  row: ErrorRow | undefined,
  status: number,
  message: string,
  reason: string | undefined,
): ChatErrorKind {
  if (reason === 'API_KEY_INVALID' || /^API key not valid/i.test(message)) return 'authentication';
  if (/payload size exceeds/i.test(message)) return 'too-large';
  return row?.kind ?? kindOfStatus(status);
}

/** An upstream's error body, of this format or not, with its status. Never throws. */
export function parseError(status: number, body: unknown): ChatError {
  // A stream that is an array answers with an array.
  const value = Array.isArray(body) ? body[0] : body;
  const error = isObject(value) ? (asObject(value.error) ?? {}) : {};
  const details = objectsOf(error.details);
  const message = messageOf(status, value, error);
  const reason = asText(detail(details, 'ErrorInfo')?.reason);
  const row = ROWS.find((known) => known.status === error.status);
  const { code: _code, message: _message, status: _status, ...more } = error;
  return defined<ChatError>({
    kind: kindOf(row, status, message, reason),
    status,
    message,
    code: reason ?? (row ? undefined : asText(error.status)),
    param: asText(objectsOf(detail(details, 'BadRequest')?.fieldViolations)[0]?.field),
    retryAfterS: readDelay(detail(details, 'RetryInfo')?.retryDelay),
    extra: Object.keys(more).length > 0 ? { format: FORMAT, fields: more } : undefined,
  });
}

/** A detail by the last word of its type. */
function detail(details: readonly JsonObject[], type: string): JsonObject | undefined {
  return details.find((one) => String(one['@type']).endsWith(`.${type}`));
}

/** `34.4s` */
function readDelay(delay: JsonValue | undefined): number | undefined {
  const match = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay) : null;
  return match ? Number(match[1]) : undefined;
}

function messageOf(status: number, body: unknown, error: JsonObject): string {
  const told =
    asText(error.message) ?? (isObject(body) ? (asText(body.error) ?? asText(body.message)) : asText(body));
  const text = told?.trim() ?? '';
  const isShown = text !== '' && !text.startsWith('<');
  return isShown ? text.slice(0, MAX_MESSAGE_CHARS) : noMessage(status);
}

/** The error a frame of a stream carries, if it is one. */
export function readFrameError(frame: JsonObject): ChatError | undefined {
  const { error } = frame;
  if (!isObject(error)) return undefined;
  const code = Number(error.code);
  const isStatus = Number.isInteger(code) && code >= 400 && code <= 599;
  return parseError(
    isStatus ? code : (ROWS.find(({ status }) => status === error.status)?.http ?? 500),
    frame,
  );
}

const DETAIL_TYPE = 'type.googleapis.com/google.rpc';

/** @param requestId shown among the details, where it is not empty */
export function renderError(error: ChatError, requestId: string): JsonObject {
  const row = ROWS.find(({ kind }) => kind === error.kind)!;
  const details = [...ownDetails(error), ...newDetails(error, requestId)];
  return {
    error: {
      code: error.status >= 400 && error.status <= 599 ? error.status : row.http,
      message: error.message,
      status: row.status,
      ...ownFields(error.extra),
      ...(details.length > 0 && { details }),
    },
  };
}

function ownDetails({ extra }: ChatError): JsonObject[] {
  return objectsOf(ownFields(extra).details);
}

/** What the chat's error says beside its message, in Google's types; each only where no detail of its type is there. */
function newDetails(error: ChatError, requestId: string): JsonObject[] {
  const { code, param, retryAfterS, message } = error;
  const wanted: readonly (readonly [type: string, fields: JsonObject | undefined])[] = [
    ['ErrorInfo', code === undefined ? undefined : { reason: code, domain: 'turnpike' }],
    [
      'BadRequest',
      param === undefined ? undefined : { fieldViolations: [{ field: param, description: message }] },
    ],
    ['RetryInfo', retryAfterS === undefined ? undefined : { retryDelay: `${retryAfterS}s` }],
    ['RequestInfo', requestId === '' ? undefined : { requestId }],
  ];
  const own = ownDetails(error);
  return wanted.flatMap(([type, fields]) =>
    fields && !detail(own, type) ? [{ '@type': `${DETAIL_TYPE}.${type}`, ...fields }] : [],
  );
}

/**
 * After the error: Google's former client library (LangChain still stands on it) passes over errors in a stream, which
 * then looks to it as if it were whole. Over a frame that is no object it throws, where its user can catch it; the
 * others have thrown by then. A comment would make it throw where nobody can.
 */
const STUMBLE = 'data: "the stream failed"\n\n';

/** Ends a stream with an error. In the array shape at least one element must have gone out before. */
export function renderStreamError(error: ChatError, requestId: string, shape: StreamShape = 'sse'): string {
  const json = writeJson(renderError(error, requestId));
  return shape === 'array' ? `,\n${json}\n]` : `data: ${json}\n\n${STUMBLE}`;
}
