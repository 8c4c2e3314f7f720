/** Errors as OpenAI's APIs tell them, and the many servers that answer like one of them. */
import type { ChatError, ChatErrorKind, FormatId, JsonObject, JsonValue } from './chat.ts';
import { asFullText, asObject, asText, defined, isObject, lookUp, without } from './json.ts';
import { kindOfStatus, MAX_MESSAGE_CHARS, noMessage } from './status-error.ts';

/** Kinds by the words that stand for them in `code` and `type`. */
export type ErrorWords = Readonly<Record<string, ChatErrorKind>>;

/** What a code or type says outweighs the status: many servers answer 400 or 429 to anything. */
export const ERROR_KINDS: ErrorWords = {
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
  engine_overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
  overloaded: 'overloaded',
  server_is_overloaded: 'overloaded',
  timeout: 'timeout',
  timeout_error: 'timeout',
  context_length_exceeded: 'invalid-request',
  invalid_prompt: 'invalid-request',
  invalid_request_error: 'invalid-request',
};

const KNOWN = ['message', 'param', 'code'];

/** Who reads an error, and what the words in it mean there. */
export interface ErrorReader {
  readonly own: FormatId;
  readonly words: ErrorWords;
  /** Statuses beside which `invalid_request_error` means what it says; it stands on 401s and 404s too. */
  readonly plainStatuses: readonly number[];
}

/** @param error the record that holds the message, as `findError` gives it */
export function readError(status: number, error: JsonObject, reader: ErrorReader): ChatError {
  const fields = without(error, KNOWN);
  if (typeof error.code === 'number') fields.code = error.code;
  return defined<ChatError>({
    kind: kindOf(status, error, reader),
    message: messageOf(status, error),
    status,
    code: asFullText(error.code) ?? (typeof error.code === 'number' ? String(error.code) : undefined),
    param: asFullText(error.param),
    extra: { format: reader.own, fields },
  });
}

/** The record that holds the message, in the shapes compatible servers have for it. Never throws. */
export function findError(body: unknown): JsonObject {
  // Google's compatible endpoint wraps the whole in a list.
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
  return text === '' ? noMessage(status) : text.slice(0, MAX_MESSAGE_CHARS);
}

/** FastAPI's validation errors: a list of records, or an object around it. */
function writeDetail(detail: JsonValue | undefined): string {
  const list = Array.isArray(detail) ? detail : asObject(detail)?.detail;
  if (!Array.isArray(list)) return detail === undefined || detail === null ? '' : JSON.stringify(detail);
  return list.map((item) => asText(asObject(item)?.msg) ?? JSON.stringify(item)).join('; ');
}

function kindOf(status: number, error: JsonObject, { words, plainStatuses }: ErrorReader): ChatErrorKind {
  for (const word of [error.code, error.type]) {
    const kind = lookUp(words, word);
    if (kind && (kind !== 'invalid-request' || plainStatuses.includes(status))) return kind;
  }
  return kindOfStatus(status);
}

const WORDS: Readonly<Record<ChatErrorKind, { readonly type: string; readonly code: string | null }>> = {
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

/** SDKs and agents retry or give up by these codes, whatever we or another vendor call it. */
const TOLD_BY_CODE: readonly ChatErrorKind[] = ['budget', 'rate-limit'];

/** The record as OpenAI's clients expect it. */
export function writeError(error: ChatError, own: FormatId): JsonObject {
  const words = WORDS[error.kind];
  const fields = error.extra?.format === own ? error.extra.fields : undefined;
  const code =
    TOLD_BY_CODE.includes(error.kind) && !fields ? words.code : (error.code ?? (fields ? null : words.code));
  return { message: error.message, type: words.type, param: error.param ?? null, code, ...fields };
}

/** The status an error inside a stream gives itself, if it does. */
export function statusInside({ code, status_code, status }: JsonObject): number | undefined {
  return [code, status_code, status].map(Number).find(isErrorStatus);
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
