/** Errors: this wire has one sentence for them, in bodies and in streams alike. The status says the rest. */
import type { ChatError, ChatErrorKind, JsonObject } from '../chat.ts';
import { asFullText, asObject, defined, FORMAT, isObject, ownFields } from './loose.ts';

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
  // Too many requests wait for the model.
  503: 'overloaded',
  504: 'timeout',
};

/** Longer error texts are HTML pages and stack traces. */
const MAX_MESSAGE_CHARS = 2_000;

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  const fields = isObject(body) ? body : typeof body === 'string' ? parseText(body) : {};
  // Proxies in front of the server have OpenAI's shape.
  const inner = asObject(fields.error);
  const told = asFullText(fields.error) ?? asFullText(inner?.message) ?? asFullText(fields.message);
  const { error: _, ...rest } = fields;
  return defined<ChatError>({
    kind: KIND_BY_STATUS[status] ?? (status >= 500 ? 'upstream' : 'invalid-request'),
    message: (told?.trim() || `the upstream answered with status ${status}`).slice(0, MAX_MESSAGE_CHARS),
    status,
    code: asFullText(inner?.code),
    extra: { format: FORMAT, fields: rest },
  });
}

function parseText(text: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Plain text is the message itself; a page is none.
  }
  return text.trimStart().startsWith('<') ? {} : { error: text };
}

/** Clients show the text and nothing else; there is no place for a code or an id. */
export function renderError(error: ChatError): JsonObject {
  return { error: error.message, ...ownFields(error.extra) };
}

export function renderStreamError(error: ChatError): string {
  return `${JSON.stringify(renderError(error))}\n`;
}

/** Status an error inside a stream has nowhere else. */
const STREAM_ERROR_STATUS = 502;

/** The error a line carries, if it is one. */
export function readLineError(line: JsonObject): ChatError | undefined {
  if (asFullText(line.error) === undefined && !isObject(line.error)) return undefined;
  const status = [line.status_code, line.status].map(Number).find((one) => one >= 400 && one <= 599);
  return parseError(status ?? STREAM_ERROR_STATUS, line);
}
