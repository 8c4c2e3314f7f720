/** Errors: an upstream's error body in chat terms, and a chat error as OpenAI clients expect it. */
import type { ChatError, JsonObject } from '../chat.ts';
import { asFullText, asObject, isObject } from '../json.ts';
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

const READER: ErrorReader = { own: FORMAT, words: ERROR_KINDS, plainStatuses: [400, 422] };

/** Never throws, whatever the body is. */
export function parseError(status: number, body: unknown): ChatError {
  return readError(status, findError(body), READER);
}

/** Body of an error answer, and of the error frame inside a stream. */
export function renderError(error: ChatError): JsonObject {
  return { error: writeError(error, FORMAT) };
}

export function renderStreamError(error: ChatError): string {
  return `data: ${JSON.stringify(renderError(error))}\n\n`;
}

/** The error a stream chunk carries, if it is one: `error` inside, or vLLM's bare error object. */
export function readChunkError(chunk: JsonObject): ChatError | undefined {
  const isBare = chunk.object === 'error' && typeof chunk.message === 'string';
  const isError = isObject(chunk.error) || asFullText(chunk.error) !== undefined;
  if (!isBare && !isError) return undefined;
  return parseError(statusInside(asObject(chunk.error) ?? chunk) ?? STREAM_ERROR_STATUS, chunk);
}
