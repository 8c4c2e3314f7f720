/** Errors: an upstream's error body in chat terms, and a chat error as OpenAI clients expect it. */
import type { ChatError, ChatErrorKind, JsonObject, JsonValue } from '../chat.ts';
import { asFullText, asObject, asText, defined, FORMAT, isObject, lookUp, ownFields } from './loose.ts';

/** What a code or type says outweighs the status: many servers answer 400 or 429 to anything. */
const KIND_BY_WORD: Readonly<Record<string, ChatErrorKind>> = {
  insufficient_quota: 'budget',
  billing_hard_limit_reached: 'budget',
  billing_not_active: 'budget',
  insufficient_credits: 'budget',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  permission_error: 'permission',
  model_not_found: 'not-found',
  content_filter: 'blocked',
  content_policy_violation: 'blocked',
  request_too_large: 'too-large',
  overloaded_error: 'overloaded',
  engine_overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
  overloaded: 'overloaded',
  timeout: 'timeout',
  timeout_error: 'timeout',
  context_length_exceeded: 'invalid-request',
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

const KNOWN = new Set(['message', 'param', 'code']);

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  const error = findError(body);
  const fields = Object.fromEntries(Object.entries(error).filter(([key]) => !KNOWN.has(key)));
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
  // Google's compatible endpoint wraps the whole in a list.
  const value = Array.isArray(body) ? body[0] : body;
  if (!isObject(value)) return typeof value === 'string' ? parseText(value) : {};
  if (isObject(value.error)) return value.error;
  if (typeof value.error === 'string') return { ...value, message: value.error };
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
    if (kind && (kind !== 'invalid-request' || status === 400 || status === 422)) return kind;
  }
  return KIND_BY_STATUS[status] ?? (status >= 500 ? 'upstream' : 'invalid-request');
}

interface ErrorWords {
  readonly type: string;
  readonly code: string | null;
}

const WORDS: Readonly<Record<ChatErrorKind, ErrorWords>> = {
  'invalid-request': { type: 'invalid_request_error', code: null },
  authentication: { type: 'authentication_error', code: 'invalid_api_key' },
  permission: { type: 'permission_error', code: null },
  'not-found': { type: 'invalid_request_error', code: 'model_not_found' },
  'too-large': { type: 'invalid_request_error', code: 'request_too_large' },
  'rate-limit': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  budget: { type: 'insufficient_quota', code: 'insufficient_quota' },
  overloaded: { type: 'server_error', code: 'overloaded' },
  timeout: { type: 'timeout_error', code: 'timeout' },
  blocked: { type: 'invalid_request_error', code: 'content_policy_violation' },
  upstream: { type: 'server_error', code: 'upstream_error' },
  internal: { type: 'server_error', code: 'internal_error' },
};

/** Body of an error answer, and of the error frame inside a stream. */
export function renderError(error: ChatError): JsonObject {
  const words = WORDS[error.kind];
  const own = ownFields(error.extra);
  // SDKs stop retrying on this one code, whatever we call the refusal.
  const code = error.kind === 'budget' && !own ? words.code : (error.code ?? (own ? null : words.code));
  return { error: { message: error.message, type: words.type, param: error.param ?? null, code, ...own } };
}

export function renderStreamError(error: ChatError): string {
  return `data: ${JSON.stringify(renderError(error))}\n\n`;
}

/** Status an in-stream error has nowhere else. */
const STREAM_ERROR_STATUS = 502;

/** The error a stream chunk carries, if it is one: `error` inside, or vLLM's bare error object. */
export function readChunkError(chunk: JsonObject): ChatError | undefined {
  const isBare = chunk.object === 'error' && typeof chunk.message === 'string';
  const isError = isObject(chunk.error) || asFullText(chunk.error) !== undefined;
  if (!isBare && !isError) return undefined;
  const inner = asObject(chunk.error) ?? chunk;
  const status = [inner.code, inner.status_code, inner.status].map(Number).find(isErrorStatus);
  return parseError(status ?? STREAM_ERROR_STATUS, chunk);
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
