/** A Messages request to a chat. What the chat has no word for stays in `extra`, at every level. */
import type { ChatRequest, ChatTurn, JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import { defined, isObject } from '../json.ts';
import { openObject, type Rest, takeBoolean, takeNumber, takeText } from '../rest.ts';
import { parseBlocks } from './block-parse.ts';
import { leftExtra, markExtra } from './fields.ts';
import { FORMER_OUTPUT, takeOutputConfig } from './output.ts';
import { takeReasoning } from './reasoning.ts';
import { parseTool, takeToolChoice } from './tools.ts';

/** What a field must be when it is there and not null. */
const KINDS: readonly (readonly [key: string, kind: string, is: (value: JsonValue) => boolean])[] = [
  ['max_tokens', 'a number', (value) => typeof value === 'number'],
  ['temperature', 'a number', (value) => typeof value === 'number'],
  ['top_p', 'a number', (value) => typeof value === 'number'],
  ['top_k', 'a number', (value) => typeof value === 'number'],
  ['stream', 'true or false', (value) => typeof value === 'boolean'],
  ['stop_sequences', 'a list of strings', isStringList],
  ['tools', 'a list', Array.isArray],
  [
    'system',
    'a string or a list of text blocks',
    (value) => typeof value === 'string' || Array.isArray(value),
  ],
];

function isStringList(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function checkKinds(body: JsonObject): void {
  for (const [key, kind, is] of KINDS) {
    const value = body[key];
    if (value !== undefined && value !== null && !is(value))
      throw new WireError(`${key}: must be ${kind}`, key);
  }
}

/** @throws {WireError} */
export function parseRequest(body: JsonObject): ChatRequest {
  checkKinds(body);
  const rest: Rest = { ...body };
  const model = takeText(rest, 'model');
  if (!model) throw new WireError('model: must be a string that is not empty', 'model');
  const turns = [...takeSystem(rest), ...takeMessages(rest)];
  const isStream = takeBoolean(rest, 'stream');
  const config = takeOutputConfig(rest);
  const spelling: JsonObject = isStream === false ? { stream: false } : {};
  if (config.isFormer) spelling.output_format = FORMER_OUTPUT;
  return defined<ChatRequest>({
    model,
    turns,
    tools: takeTools(rest),
    ...takeToolChoice(rest),
    maxOutputTokens: takeNumber(rest, 'max_tokens'),
    temperature: takeNumber(rest, 'temperature'),
    topP: takeNumber(rest, 'top_p'),
    topK: takeNumber(rest, 'top_k'),
    stop: takeStops(rest),
    reasoning: takeReasoning(rest, config.effort),
    output: config.output,
    stream: isStream === true,
    endUser: openObject(rest, 'metadata', (inner) => takeText(inner, 'user_id')),
    serviceTier: takeText(rest, 'service_tier'),
    extra: markExtra(rest, spelling),
  });
}

function takeSystem(rest: Rest): ChatTurn[] {
  const { system } = rest;
  if (typeof system === 'string') {
    delete rest.system;
    return [{ role: 'system', lead: true, shape: 'string', parts: [{ type: 'text', text: system }] }];
  }
  if (!Array.isArray(system)) return [];
  delete rest.system;
  return [{ role: 'system', lead: true, parts: parseBlocks(system, 'system') }];
}

function takeMessages(rest: Rest): ChatTurn[] {
  const { messages } = rest;
  if (!Array.isArray(messages)) throw new WireError('messages: must be a list', 'messages');
  delete rest.messages;
  return messages.map((message, index) => parseMessage(message, `messages[${index}]`));
}

const ROLES = ['user', 'assistant', 'system'] as const;

function parseMessage(message: JsonValue, path: string): ChatTurn {
  if (!isObject(message)) throw new WireError(`${path}: must be an object`, path);
  const rest: Rest = { ...message };
  const wireRole = takeText(rest, 'role');
  const role = ROLES.find((known) => known === wireRole);
  if (!role) throw new WireError(`${path}.role: must be user, assistant or system`, `${path}.role`);
  const content = takeContent(rest, `${path}.content`);
  return defined<ChatTurn>({ role, ...content, extra: leftExtra(rest) });
}

function takeContent(rest: Rest, path: string): Pick<ChatTurn, 'parts' | 'shape'> {
  const { content } = rest;
  // System messages that only change the configuration have none; a null goes back as it was.
  if (content === undefined || content === null) return { parts: [], shape: 'empty' };
  delete rest.content;
  if (typeof content === 'string') return { parts: [{ type: 'text', text: content }], shape: 'string' };
  if (!Array.isArray(content)) throw new WireError(`${path}: must be a string or a list of blocks`, path);
  return { parts: parseBlocks(content, path) };
}

/** An empty list stays in the rest too: it says nothing, but goes back as it was. */
function takeTools(rest: Rest): ChatRequest['tools'] {
  const { tools } = rest;
  if (!Array.isArray(tools) || tools.length === 0) return [];
  delete rest.tools;
  return tools.map((tool, index) => parseTool(tool, `tools[${index}]`));
}

function takeStops(rest: Rest): string[] | undefined {
  const stops = rest.stop_sequences;
  if (stops === undefined || !isStringList(stops)) return undefined;
  delete rest.stop_sequences;
  return stops;
}
