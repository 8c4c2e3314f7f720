/**
 * Input items to turns and back. Each message of a user, the system or a developer is a turn, as is each output of a
 * tool; what the assistant did between them is one turn, so that parallel calls stay together.
 */
import type { ChatPart, ChatRole, ChatTurn, JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import { asText, defined, isBlank, isObject, isSameJson, lookUp, present, unknownFields } from '../json.ts';
import { type OnMalformed, readContent } from '../openai-content.ts';
import { readOutput, writeOutput, writeOwnCall } from './calls.ts';
import { MESSAGE_CONTENT, writeContent } from './content.ts';
import {
  isContent,
  MESSAGE_FIELDS,
  messageOf,
  opaqueItem,
  readItem,
  writeImageItem,
  writeMessage,
} from './items.ts';
import { ownExtra, spelled } from './own.ts';
import { ownState, writeOwnReasoning } from './reasoning-item.ts';

/** Marks the turn of an `input` that was a text. */
const BARE = { bare: {} } as const;

/** @throws {WireError} */
export function readTurns(body: JsonObject): ChatTurn[] {
  return [...readInstructions(body.instructions), ...readInput(body.input)];
}

function readInstructions(value: JsonValue | undefined): ChatTurn[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'string') throw new WireError('`instructions` must be a text', 'instructions');
  const parts = value === '' ? [] : [{ type: 'text', text: value } as const];
  return [{ role: 'system', lead: true, shape: 'string', parts }];
}

function readInput(input: JsonValue | undefined): ChatTurn[] {
  if (input === undefined || input === null) return [];
  if (typeof input === 'string') {
    const parts = input === '' ? [] : [{ type: 'text', text: input } as const];
    return [{ role: 'user', shape: 'string', parts, extra: ownExtra({}, BARE) }];
  }
  if (!Array.isArray(input)) throw new WireError('`input` must be a text or a list', 'input');
  const turns: ChatTurn[] = [];
  for (const [index, item] of input.entries()) addItem(turns, item, `input[${index}]`);
  return turns;
}

function addItem(turns: ChatTurn[], item: JsonValue, path: string): void {
  if (!isObject(item)) throw new WireError(`\`${path}\` must be an object`, path);
  const isMessage = item.type === 'message' || (item.type === undefined && item.role !== undefined);
  if (isMessage && item.role !== 'assistant') {
    turns.push(readSpoken(item, path));
    return;
  }
  if (isMessage) readContent(item.content, MESSAGE_CONTENT, refuseAt(path));
  const type = asText(item.type) ?? '';
  requireFields(item, type, path);
  if (TOOL_OUTPUTS.has(type)) {
    turns.push({ role: 'tool', parts: [readOutput(item, refuseAt(path))] });
    return;
  }
  if (isOutput(type)) {
    turns.push({ role: 'tool', parts: [opaqueItem(item)] });
    return;
  }
  addToAssistant(turns, readItem(isMessage ? { ...item, type: 'message' } : item), item);
}

const TOOL_OUTPUTS: ReadonlySet<string> = new Set(['function_call_output', 'custom_tool_call_output']);
/** Outputs the model's own servers made, in the midst of what it did. */
const SERVER_OUTPUTS: ReadonlySet<string> = new Set(['program_output', 'tool_search_output']);

/** What a client gives back for a built-in tool. */
function isOutput(type: string): boolean {
  return /_(?:output|response)$/.test(type) && !SERVER_OUTPUTS.has(type);
}

/** What an item must say for anybody to make something of it. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  function_call: ['call_id', 'name'],
  custom_tool_call: ['call_id', 'name'],
  function_call_output: ['call_id'],
  custom_tool_call_output: ['call_id'],
};

function requireFields(item: JsonObject, type: string, path: string): void {
  for (const field of lookUp(REQUIRED, type) ?? []) {
    const at = `${path}.${field}`;
    if (asText(item[field]) === undefined) throw new WireError(`\`${at}\` must be a text`, at);
  }
}

function refuseAt(path: string): OnMalformed {
  return (inner) => {
    throw new WireError(`\`${path}.${inner}\` is not what this field takes`, `${path}.${inner}`);
  };
}

const ROLES: ReadonlySet<string> = new Set<ChatRole>(['user', 'system', 'developer']);

function readSpoken(item: JsonObject, path: string): ChatTurn {
  const role = asText(item.role) ?? '';
  if (!ROLES.has(role)) {
    throw new WireError(`\`${path}.role\` must be one of user, system, developer, assistant`, `${path}.role`);
  }
  const { parts, shape } = readContent(item.content, MESSAGE_CONTENT, refuseAt(path));
  const unknown = unknownFields(item, MESSAGE_FIELDS);
  return defined<ChatTurn>({ role: role as ChatRole, parts, shape, extra: ownExtra(unknown, { item }) });
}

function addToAssistant(turns: ChatTurn[], parts: readonly ChatPart[], item: JsonObject): void {
  const last = turns.at(-1);
  const added = parts.map((part) => withItem(part, item));
  if (last?.role !== 'assistant' || isNextMessage(last, added))
    turns.push({ role: 'assistant', parts: added });
  else turns[turns.length - 1] = { ...last, parts: [...last.parts, ...added] };
}

/** The item as it came, where its type had to be added to read it. */
function withItem(part: ChatPart, item: JsonObject): ChatPart {
  if (item.type !== undefined || !messageOf(part)) return part;
  if (part.type === 'opaque') return { ...part, value: { ...item, content: part.value.content! } };
  return { ...part, extra: { ...part.extra!, spelling: { ...part.extra?.spelling, item } } };
}

/** A message right after another is a second answer; with calls still open the turn must stay one. */
function isNextMessage({ parts }: ChatTurn, added: readonly ChatPart[]): boolean {
  const last = parts.at(-1);
  if (!last || !isContent(last) || !added[0] || !isContent(added[0])) return false;
  return !parts.some((part) => part.type === 'tool-call');
}

/** The inverse of `readTurns`. A thought of another maker must be gone by now. */
export function writeTurns(turns: readonly ChatTurn[]): JsonObject {
  const isLead = ({ lead, role }: ChatTurn): boolean => lead === true && role === 'system';
  const instructions = turns.filter(isLead).map(({ parts }) => writeContent(parts, 'string', 'system'));
  const rest = turns.filter((turn) => !isLead(turn));
  const [only] = rest;
  const isBare = rest.length === 1 && only?.shape === 'string' && spelled(only.extra, 'bare');
  return present({
    instructions: instructions.length === 0 ? undefined : instructions.join('\n\n'),
    input: isBare ? writeContent(only.parts, only.shape, 'user') : rest.flatMap(writeTurn),
  });
}

function writeTurn(turn: ChatTurn): JsonObject[] {
  if (turn.role === 'assistant' || turn.role === 'tool') return writeDone(turn.parts);
  const results = turn.parts.filter((part) => part.type === 'tool-result');
  const said = turn.parts.filter((part) => part.type !== 'tool-result');
  if (said.length === 0 && results.length > 0) return writeDone(results);
  return [...writeDone(results), writeSpoken({ ...turn, parts: said })];
}

function writeSpoken({ role, parts, shape, extra }: ChatTurn): JsonObject {
  const was = spelled(extra, 'item');
  const content = writeContent(parts, shape, role);
  if (!was) return { type: 'message', role, content };
  const isSame = content === null ? isBlank(was.content) : isSameJson(content, was.content);
  return isSame && was.role === role ? was : { ...was, role, content };
}

const BARE_MESSAGE: JsonObject = { type: 'message', role: 'assistant' };

/** What the assistant did, and what its tools gave back. */
function writeDone(parts: readonly ChatPart[]): JsonObject[] {
  const items: JsonObject[] = [];
  let message: ChatPart[] = [];
  const closeMessage = (): void => {
    if (message.length > 0) items.push(writeMessage(messageOf(message[0]!) ?? BARE_MESSAGE, message));
    message = [];
  };
  for (const part of parts) {
    if (!isContent(part)) {
      closeMessage();
      items.push(...(writeItem(part) ?? []));
      continue;
    }
    if (messageOf(part)) closeMessage();
    message.push(part);
  }
  closeMessage();
  return items;
}

function writeItem(part: ChatPart): JsonObject[] | undefined {
  switch (part.type) {
    case 'tool-call':
      return [writeOwnCall(part)];
    case 'tool-result':
      return [writeOutput(part)];
    case 'thinking':
    case 'redacted-thinking': {
      const state = ownState(part);
      return state && [writeOwnReasoning(state, part.type === 'thinking' ? part.text : '')];
    }
    case 'image': {
      const item = writeImageItem(part);
      return item && [item];
    }
    case 'opaque':
      return [part.value];
    case 'text':
    case 'refusal':
    case 'document':
    case 'audio':
      return undefined;
    default:
      return part satisfies never;
  }
}
