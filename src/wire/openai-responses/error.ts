/** Errors: an upstream's error body in chat terms, and a chat error as OpenAI clients expect it. */
import type { ChatError, ChatErrorKind, JsonObject } from '../chat.ts';
import { asFullText, asObject, isObject, without } from '../json.ts';
import {
  ERROR_KINDS,
  type ErrorReader,
  findError,
  readError,
  statusInside,
  writeError,
} from '../openai-error.ts';
import { STREAM_ERROR_STATUS } from '../status-error.ts';
import { FORMAT } from './own.ts';

const READER: ErrorReader = {
  own: FORMAT,
  words: { ...ERROR_KINDS, server_error: 'upstream' },
  plainStatuses: [400, 422, STREAM_ERROR_STATUS],
};

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  return readError(status, findError(body), READER);
}

/** Body of an error answer. */
export function renderError(error: ChatError): JsonObject {
  return { error: writeError(error, FORMAT) };
}

/** The data of the `error` event: OpenAI's SDK throws at `error`; others read the fields beside it. */
export function errorEvent(error: ChatError): JsonObject {
  const record = writeError(error, FORMAT);
  const { code = null, message = '', param = null } = record;
  return { code, message, param, error: record };
}

/** Codes of a failed response: words Codex and others tell what to do by. */
const FAILURES: Readonly<Record<ChatErrorKind, string>> = {
  'invalid-request': 'invalid_prompt',
  authentication: 'invalid_prompt',
  permission: 'invalid_prompt',
  'not-found': 'invalid_prompt',
  'too-large': 'invalid_prompt',
  'rate-limit': 'rate_limit_exceeded',
  budget: 'insufficient_quota',
  overloaded: 'server_is_overloaded',
  timeout: 'server_error',
  blocked: 'invalid_prompt',
  upstream: 'server_error',
  internal: 'server_error',
};

/** The error of a failed response, which Codex waits for. Where the upstream gave a code, the code is that one. */
export function failureOf(error: ChatError): JsonObject {
  const own = error.extra?.format === FORMAT ? error.code : undefined;
  return { code: own ?? FAILURES[error.kind], message: error.message };
}

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
  const told = statusInside(inner);
  const { kind } = readError(told ?? STREAM_ERROR_STATUS, inner, READER);
  return readError(told ?? STATUS_BY_KIND[kind] ?? STREAM_ERROR_STATUS, inner, READER);
}

/** An event whose error stands in its own fields. */
function withoutEventFields(error: JsonObject): JsonObject {
  return error.type === 'error' ? without(error, ['type', 'sequence_number']) : error;
}
