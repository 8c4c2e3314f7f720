/** Errors: an upstream's error body in chat terms, and a chat error as OpenAI clients expect it. */
import type { ChatError, ChatErrorKind, JsonObject, JsonValue } from '../chat.ts';
import { asFullText, asObject, asText, defined, FORMAT, isObject, lookUp, without } from './loose.ts';

/** What a code or type says outweighs the status: many servers answer 400 or 429 to anything. */
const KIND_BY_WORD: Readonly<Record<string, ChatErrorKind>> = {
  insufficient_quota: 'budget',
  billing_hard_limit_reached: 'budget',
  billing_not_active: 'budget',
  insufficient_credits: 'budget',
  usage_limit_reached: 'budget',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  slow_down: 'overloaded',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  permission_error: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  content_filter: 'blocked',
  content_policy_violation: 'blocked',
  image_content_policy_violation: 'blocked',
  bio_policy: 'blocked',
  cyber_policy: 'blocked',
  request_too_large: 'too-large',
  overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
  server_is_overloaded: 'overloaded',
  timeout: 'timeout',
  server_error: 'upstream',
  context_length_exceeded: 'invalid-request',
  invalid_prompt: 'invalid-request',
  invalid_request_error: 'invalid-request',
};

const KIND_BY_STATUS: Readonly<Record<number, ChatErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'budget',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  422: 'invalid-request',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** Longer error texts are HTML pages and stack traces. */
const MAX_MESSAGE_CHARS = 2_000;
const KNOWN = ['message', 'param', 'code'];

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  return readError(status, findError(body));
}

function readError(status: number, error: JsonObject): ChatError {
  const fields = without(error, KNOWN);
  if (typeof error.code === 'number') fields.code = error.code;
  return defined<ChatError>({
    kind: kindOf(status, error),
    message: messageOf(status, error),
    status,
    code: asFullText(error.code) ?? (typeof error.code === 'number' ? String(error.code) : undefined),
    param: asFullText(error.param),
    extra: { format: FORMAT, fields },
  });
}

/** The record that holds the message, in the shapes compatible servers have for it. */
function findError(body: unknown): JsonObject {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isObject(value)) return typeof value === 'string' ? parseText(value) : {};
  if (isObject(value.error)) return value.error;
  if (typeof value.error === 'string') return { ...without(value, ['error']), message: value.error };
  const first = Array.isArray(value.errors) ? value.errors[0] : undefined;
  return isObject(first) ? first : value;
}

function parseText(text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed) || Array.isArray(parsed)) return findError(parsed);
  } catch {
    // Plain text or HTML: shown as it is.
  }
  return { message: text };
}

function messageOf(status: number, error: JsonObject): string {
  const told = error.message ?? error.detail;
  const text = typeof told === 'string' ? told.trim() : writeDetail(told);
  return text === '' ? `the upstream answered with status ${status}` : text.slice(0, MAX_MESSAGE_CHARS);
}

/** FastAPI's validation errors: a list of records, or an object around it. */
function writeDetail(detail: JsonValue | undefined): string {
  const list = Array.isArray(detail) ? detail : asObject(detail)?.detail;
  if (!Array.isArray(list)) return detail === undefined || detail === null ? '' : JSON.stringify(detail);
  return list.map((item) => asText(asObject(item)?.msg) ?? JSON.stringify(item)).join('; ');
}

function kindOf(status: number, error: JsonObject): ChatErrorKind {
  for (const word of [error.code, error.type]) {
    const kind = lookUp(KIND_BY_WORD, word);
    // `invalid_request_error` stands on 401s and 404s too: there the status knows better.
    if (kind && (kind !== 'invalid-request' || status === 400 || status === 422 || status === STREAM_STATUS))
      return kind;
  }
  return KIND_BY_STATUS[status] ?? (status >= 500 ? 'upstream' : 'invalid-request');
}

interface ErrorWords {
  readonly type: string;
  readonly code: string | null;
  /** Code of a failed response: words Codex and others tell what to do by. */
  readonly failure: string;
}

const WORDS: Readonly<Record<ChatErrorKind, ErrorWords>> = {
  'invalid-request': { type: 'invalid_request_error', code: null, failure: 'invalid_prompt' },
  authentication: { type: 'authentication_error', code: 'invalid_api_key', failure: 'invalid_prompt' },
  permission: { type: 'permission_error', code: null, failure: 'invalid_prompt' },
  'not-found': { type: 'invalid_request_error', code: 'model_not_found', failure: 'invalid_prompt' },
  'too-large': { type: 'invalid_request_error', code: 'request_too_large', failure: 'invalid_prompt' },
  'rate-limit': { type: 'rate_limit_error', code: 'rate_limit_exceeded', failure: 'rate_limit_exceeded' },
  budget: { type: 'insufficient_quota', code: 'insufficient_quota', failure: 'insufficient_quota' },
  overloaded: { type: 'server_error', code: 'overloaded', failure: 'server_is_overloaded' },
  timeout: { type: 'timeout_error', code: 'timeout', failure: 'server_error' },
  blocked: { type: 'invalid_request_error', code: 'content_policy_violation', failure: 'invalid_prompt' },
  upstream: { type: 'server_error', code: 'upstream_error', failure: 'server_error' },
  internal: { type: 'server_error', code: 'internal_error', failure: 'server_error' },
};

/** Body of an error answer. */
export function renderError(error: ChatError): JsonObject {
  return { error: errorRecord(error) };
}

function errorRecord(error: ChatError): JsonObject {
  const words = WORDS[error.kind];
  const own = error.extra?.format === FORMAT ? error.extra.fields : undefined;
  // SDKs stop retrying on this one code, whatever we call the refusal.
  const code = error.kind === 'budget' && !own ? words.code : (error.code ?? (own ? null : words.code));
  return { message: error.message, type: words.type, param: error.param ?? null, code, ...own };
}

/** The data of the `error` event: OpenAI's SDK throws at `error`; others read the fields beside it. */
export function errorEvent(error: ChatError): JsonObject {
  const record = errorRecord(error);
  const { code = null, message = '', param = null } = record;
  return { code, message, param, error: record };
}

/** The error of a failed response, which Codex waits for. Where the upstream gave a code, the code is that one. */
export function failureOf(error: ChatError): JsonObject {
  const own = error.extra?.format === FORMAT ? error.code : undefined;
  return { code: own ?? WORDS[error.kind].failure, message: error.message };
}

/** Status an in-stream error has nowhere else. */
const STREAM_STATUS = 502;

/** What a code inside a stream would have been as a status; a client is told it where nothing was sent yet. */
const STATUS_BY_KIND: Partial<Record<ChatErrorKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  budget: 429,
  permission: 403,
  'not-found': 404,
  'too-large': 413,
  'rate-limit': 429,
  blocked: 400,
  overloaded: 503,
};

/** The error a stream's event carries, if it is one: `error`, or the response that failed. */
export function readEventError(type: string, data: JsonObject): ChatError | undefined {
  const failed = type === 'response.failed' ? (asObject(asObject(data.response)?.error) ?? {}) : undefined;
  const isBare = type === 'error' || isObject(data.error) || asFullText(data.error) !== undefined;
  if (!failed && !isBare) return undefined;
  const inner = failed ?? withoutEventFields(findError(data));
  const told = [inner.code, inner.status_code, inner.status].map(Number).find(isErrorStatus);
  const { kind } = readError(told ?? STREAM_STATUS, inner);
  return readError(told ?? STATUS_BY_KIND[kind] ?? STREAM_STATUS, inner);
}

/** An event whose error stands in its own fields. */
function withoutEventFields(error: JsonObject): JsonObject {
  return error.type === 'error' ? without(error, ['type', 'sequence_number']) : error;
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
