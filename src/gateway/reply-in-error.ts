/** Errors that come with status 200, as some resellers and proxies answer: no reply, and nothing that was billed. */
import type { ChatError, FormatId, JsonObject, JsonValue } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import { STREAM_ERROR_STATUS } from '../wire/status-error.ts';
import { walkTopLevel } from '../wire/walk.ts';

/** Errors are short; a longer body is a reply. */
const MAX_ERROR_REPLY_BYTES = 64 * 1024;

/** What a reply has, and an error has not. */
const REPLY_FIELDS: Readonly<Record<FormatId, readonly string[]>> = {
  'anthropic-messages': ['content'],
  'openai-chat': ['choices'],
  'openai-responses': ['output'],
  'gemini-generate': ['candidates', 'promptFeedback'],
  'ollama-chat': ['message'],
};

/** The error that a whole body tells; undefined = it is no error, or says something beside it. */
export function errorInReply(format: Format, body: Buffer): ChatError | undefined {
  if (body.length > MAX_ERROR_REPLY_BYTES || !body.includes('"error"')) return undefined;
  const replyFields = REPLY_FIELDS[format.id];
  const walk = walkTopLevel(body, ['error', ...replyFields]);
  if (!walk.ok || replyFields.some((name) => walk.fields.has(name))) return undefined;
  const kind = walk.fields.get('error')?.kind;
  if (kind !== 'object' && kind !== 'string') return undefined;
  const told = parsed(body);
  return told && format.parseError(statusIn(told.error), told);
}

/** The walk leaves bad escapes inside strings to whoever reads them. */
function parsed(body: Buffer): JsonObject | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as JsonObject;
  } catch {
    return undefined;
  }
}

/** The status it would have had, where it says so. */
function statusIn(error: JsonValue | undefined): number {
  const { code, status } = (typeof error === 'object' && error !== null ? error : {}) as JsonObject;
  const told = [code, status].map(Number).find((one) => Number.isInteger(one) && one >= 400 && one <= 599);
  return told ?? STREAM_ERROR_STATUS;
}
