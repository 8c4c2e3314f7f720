/** Errors: this wire has one sentence for them, in bodies and in streams alike. The status says the rest. */
import type { ChatError, JsonObject } from '../chat.ts';
import { asFullText, asObject, defined, isObject } from '../json.ts';
import { kindOfStatus, MAX_MESSAGE_CHARS, noMessage, STREAM_ERROR_STATUS } from '../status-error.ts';
import { FORMAT, ownFields } from './own.ts';

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  const fields = isObject(body) ? body : typeof body === 'string' ? parseText(body) : {};
  // Proxies in front of the server have OpenAI's shape.
  const inner = asObject(fields.error);
  const told = asFullText(fields.error) ?? asFullText(inner?.message) ?? asFullText(fields.message);
  const { error: _, ...rest } = fields;
  return defined<ChatError>({
    kind: kindOfStatus(status),
    message: (told?.trim() || noMessage(status)).slice(0, MAX_MESSAGE_CHARS),
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

/** The error a line carries, if it is one. */
export function readLineError(line: JsonObject): ChatError | undefined {
  if (asFullText(line.error) === undefined && !isObject(line.error)) return undefined;
  const status = [line.status_code, line.status].map(Number).find((one) => one >= 400 && one <= 599);
  return parseError(status ?? STREAM_ERROR_STATUS, line);
}
