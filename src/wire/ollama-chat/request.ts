/** Requests: wire to chat and back. */
import type { ChatRequest, JsonObject, Warning } from '../chat.ts';
import { type Rendered, type ReplyContext, WireError } from '../format.ts';
import { asFullText } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptRequest } from './adapt-request.ts';
import { readTurns, withoutForeign, writeTurns } from './messages.ts';
import { FORMAT, isBlank, ownFields, ownSpelling } from './own.ts';
import { readSettings, writeSettings } from './settings.ts';
import { readTools, writeTool } from './tools.ts';

/** @throws {WireError} */
export function parseRequest(body: JsonObject): ChatRequest {
  const model = asFullText(body.model);
  if (model === undefined) throw new WireError('`model` must be a text that is not empty', 'model');
  const { chat, fields, spelling } = readSettings(body);
  // Lists that are there and empty, or null, say what is so without them.
  for (const key of ['messages', 'tools'] as const) {
    if (key in body && isBlank(body[key])) spelling[key] = body[key]!;
  }
  return {
    model,
    turns: readTurns(body.messages),
    tools: readTools(body.tools),
    stream: true,
    ...chat,
    // The extra stands even when empty: it tells that the chat came from this format.
    extra: { format: FORMAT, fields, ...(!isBlank(spelling) && { spelling }) },
  };
}

/**
 * The answer to a request without messages, which only loads a model into the server's memory, or out of it with
 * `keep_alive` 0. Models elsewhere need no loading, and none of them answers to nothing: so this is said for them.
 * Undefined for a request that has messages.
 */
export function renderLoaded(chat: ChatRequest, { model, nowMs }: ReplyContext): JsonObject | undefined {
  if (chat.turns.length > 0) return undefined;
  return {
    model,
    created_at: new Date(nowMs).toISOString(),
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: ownSpelling(chat.extra).keep_alive === 0 ? 'unload' : 'load',
  };
}

/** Exact for a chat that came from this format, but for other makers' state; adapted, with warnings, for any other. */
export function renderRequest(chat: ChatRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn: Warn = (warning) => warnings.push(warning);
  const own = chat.extra?.format === FORMAT ? stripForeign(chat, warn) : adaptRequest(chat, warn);
  return { body: writeRequest(own), warnings };
}

function stripForeign(chat: ChatRequest, warn: Warn): ChatRequest {
  const turns = chat.turns.flatMap((turn, index) => {
    const own = withoutForeign(turn, `turns[${index}]`, warn);
    // A message that only held another maker's thoughts says nothing any more.
    const isGone = own !== turn && own.parts.length === 0 && isBlank(ownFields(own.extra));
    return isGone ? [] : [own];
  });
  return { ...chat, turns };
}

function writeRequest(chat: ChatRequest): JsonObject {
  const spelling = ownSpelling(chat.extra);
  const body: JsonObject = { model: chat.model };
  if (chat.turns.length > 0) body.messages = writeTurns(chat.turns);
  else if (spelling.messages !== undefined) body.messages = spelling.messages;
  if (chat.tools.length > 0) body.tools = chat.tools.map(writeTool);
  else if (spelling.tools !== undefined) body.tools = spelling.tools;
  writeSettings(body, chat, { fields: ownFields(chat.extra), spelling });
  return body;
}
