/** Errors: Anthropic's types and statuses, and the chat's kinds, in answers and inside streams. */
import type { ChatError, ChatErrorKind, JsonObject, JsonValue } from '../chat.ts';
import { defined, isObject } from '../json.ts';
import { openObject, type Rest, takeText } from '../rest.ts';
import { MAX_MESSAGE_CHARS, noMessage } from '../status-error.ts';
import { leftExtra, ownFields } from './fields.ts';

interface ErrorRow {
  readonly type: string;
  readonly kind: ChatErrorKind;
  /** Status Anthropic answers with; inside a stream there is no other. */
  readonly status: number;
}

/** First row of a type decides how it is read, first row of a kind how it is written. */
const ROWS: readonly ErrorRow[] = [
  { type: 'invalid_request_error', kind: 'invalid-request', status: 400 },
  { type: 'authentication_error', kind: 'authentication', status: 401 },
  { type: 'billing_error', kind: 'budget', status: 402 },
  { type: 'permission_error', kind: 'permission', status: 403 },
  { type: 'permission_error', kind: 'blocked', status: 403 },
  { type: 'not_found_error', kind: 'not-found', status: 404 },
  { type: 'conflict_error', kind: 'invalid-request', status: 409 },
  { type: 'request_too_large', kind: 'too-large', status: 413 },
  { type: 'rate_limit_error', kind: 'rate-limit', status: 429 },
  { type: 'api_error', kind: 'upstream', status: 500 },
  { type: 'api_error', kind: 'internal', status: 500 },
  { type: 'timeout_error', kind: 'timeout', status: 504 },
  { type: 'overloaded_error', kind: 'overloaded', status: 529 },
];

/** What a status alone tells. */
function kindOfStatus(status: number): ChatErrorKind {
  if (status === 408) return 'timeout';
  if (status === 503) return 'overloaded';
  const row = ROWS.find((known) => known.status === status);
  if (row) return row.kind;
  return status >= 400 && status < 500 ? 'invalid-request' : 'upstream';
}

/** An upstream's error body, of this format or not, with its status. */
export function parseError(status: number, body: unknown): ChatError {
  const value = body as JsonValue;
  if (isObject(value)) return parseObject(status, value);
  const text = typeof body === 'string' ? body.trim() : '';
  const isShown = text !== '' && !text.startsWith('<');
  return {
    kind: kindOfStatus(status),
    status,
    message: isShown ? text.slice(0, MAX_MESSAGE_CHARS) : noMessage(status),
  };
}

function parseObject(status: number, body: JsonObject): ChatError {
  const rest: Rest = { ...body };
  if (body.type === 'error') delete rest.type;
  let type: string | undefined;
  let code: string | undefined;
  const inside = openObject(rest, 'error', (inner) => {
    type = takeText(inner, 'type');
    // Other vendors' shape, as servers that only imitate this format give it.
    code =
      openObject(inner, 'details', (details) => takeText(details, 'error_code')) ?? takeText(inner, 'code');
    return takeText(inner, 'message');
  });
  const message = inside ?? takeText(rest, 'message') ?? takeText(rest, 'error') ?? takeText(rest, 'detail');
  const row = ROWS.find((known) => known.type === type);
  return defined<ChatError>({
    kind: row?.kind ?? kindOfStatus(status),
    status,
    message: (message || noMessage(status)).slice(0, MAX_MESSAGE_CHARS),
    code: code ?? (row ? undefined : type),
    extra: leftExtra(rest),
  });
}

/** The error of a stream's `error` event, where the type stands for the status. */
export function parseStreamError(body: unknown): ChatError {
  const error = isObject(body as JsonValue) ? (body as JsonObject).error : undefined;
  const type = isObject(error) ? error.type : undefined;
  return parseError(ROWS.find((row) => row.type === type)?.status ?? 500, body);
}

/** @param requestId where empty, the upstream's own takes its place, if it gave one. */
export function renderError(error: ChatError, requestId: string): JsonObject {
  const row =
    ROWS.find((known) => known.kind === error.kind) ?? ROWS.find(({ type }) => type === 'api_error')!;
  const own = ownFields(error.extra).error;
  const body: JsonObject = {
    type: 'error',
    error: {
      ...(isObject(own) ? own : {}),
      type: row.type,
      message: error.message,
      ...renderDetails(error, own),
    },
  };
  const id = requestId || ownFields(error.extra).request_id;
  if (id) body.request_id = id;
  return body;
}

/** Anthropic's place for a machine-readable code. */
function renderDetails(error: ChatError, own: JsonValue | undefined): JsonObject {
  if (error.code === undefined) return {};
  const details = isObject(own) && isObject(own.details) ? own.details : {};
  return { details: { ...details, error_code: error.code } };
}

export function renderStreamError(error: ChatError, requestId: string): string {
  return `event: error\ndata: ${JSON.stringify(renderError(error, requestId))}\n\n`;
}

/** A server that retried in mid-stream splices a second answer in: neither of the two is whole. */
export const SECOND_START = 'the upstream began a second message inside the first';
