/** A Messages request to a chat. What the chat has no word for stays in `extra`, at every level. */
import type { ChatRequest, ChatTurn, JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import { asText, defined, isObject, setField, without } from '../json.ts';
import { openObject, type Rest, takeText } from '../rest.ts';
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

/** Fields that are read as they are, if they are what they must be. */
const SCALARS: ReadonlyMap<string, 'string' | 'number' | 'boolean'> = new Map([
  ['model', 'string'],
  ['max_tokens', 'number'],
  ['temperature', 'number'],
  ['top_p', 'number'],
  ['top_k', 'number'],
  ['stream', 'boolean'],
  ['service_tier', 'string'],
]);

/** @throws {WireError} */
export function parseRequest(body: JsonObject): ChatRequest {
  checkKinds(body);
  const rest: Rest = {};
  for (const key in body) if (typeof body[key] !== SCALARS.get(key)) setField(rest, key, body[key]!);
  const model = asText(body.model);
  if (!model) throw new WireError('model: must be a string that is not empty', 'model');
  const turns = [...takeSystem(rest), ...takeMessages(rest)];
  const config = takeOutputConfig(rest);
  const spelling: JsonObject = body.stream === false ? { stream: false } : {};
  if (config.isFormer) spelling.output_format = FORMER_OUTPUT;
  const { toolChoice, parallelToolCalls } = takeToolChoice(rest);
  return defined<ChatRequest>({
    model,
    turns,
    tools: takeTools(rest),
    toolChoice,
    parallelToolCalls,
    maxOutputTokens: asNumber(body.max_tokens),
    temperature: asNumber(body.temperature),
    topP: asNumber(body.top_p),
    topK: asNumber(body.top_k),
    stop: takeStops(rest),
    reasoning: takeReasoning(rest, config.effort),
    output: config.output,
    stream: body.stream === true,
    endUser: openObject(rest, 'metadata', (inner) => takeText(inner, 'user_id')),
    serviceTier: asText(body.service_tier),
    extra: markExtra(rest, spelling),
  });
}

function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
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
  const role = ROLES.find((known) => known === message.role);
  if (!role) throw new WireError(`${path}.role: must be user, assistant or system`, `${path}.role`);
  const { content } = message;
  // System messages that only change the configuration have none; a null goes back as it was.
  const isEmpty = content === undefined || content === null;
  const { parts, shape } = isEmpty ? NO_CONTENT : parseContent(content, `${path}.content`);
  const rest = without(message, isEmpty ? ROLE : ROLE_AND_CONTENT);
  return defined<ChatTurn>({ role, parts, shape, extra: leftExtra(rest) });
}

const ROLE = ['role'];
const ROLE_AND_CONTENT = ['role', 'content'];
const NO_CONTENT: Pick<ChatTurn, 'parts' | 'shape'> = { parts: [], shape: 'empty' };

function parseContent(content: JsonValue, path: string): Pick<ChatTurn, 'parts' | 'shape'> {
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
