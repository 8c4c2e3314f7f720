/** Messages to turns and back, one to one. What makes a foreign chat fit this shape stands in `adapt-turns.ts`. */
import type {
  ChatPart,
  ChatRole,
  ChatTurn,
  JsonObject,
  JsonValue,
  Signature,
  ThinkingPart,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
} from '../chat.ts';
import { WireError } from '../format.ts';
import { asFullText, asObject, asText, defined, isObject, isSameJson, lookUp } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { unsealId } from '../seal.ts';
import { type CallId, callsOf, createOpenCalls, type OpenCalls, readCall, writeCall } from './calls.ts';
import { readImages, writeImage } from './images.ts';
import { FORMAT, ownExtra, ownFields, ownSpelling, unknownFields } from './own.ts';
import { insertThoughts, THOUGHTS_FIELD, writeThoughts } from './thoughts.ts';

/** Where the ids of a message come from. */
interface Ids {
  /** Of its call at this place. */
  call(given: string | undefined, at: number): CallId;
  /** Of the call it answers. */
  result(given: string | undefined, name: string | undefined): string;
}

const ROLES: Readonly<Record<string, ChatRole>> = {
  system: 'system',
  developer: 'developer',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};

/** @throws {WireError} */
export function readTurns(messages: unknown): ChatTurn[] {
  // A request without messages only loads the model.
  if (messages === undefined || messages === null) return [];
  if (!Array.isArray(messages)) throw new WireError('`messages` must be a list', 'messages');
  const open = createOpenCalls();
  return messages.map((message: unknown, index) => {
    const path = `messages[${index}]`;
    if (!isObject(message)) throw new WireError(`\`${path}\` must be an object`, path);
    const turn = readMessage(message, path, idsByPlace(open, index));
    if (turn.role === 'assistant') open.add(callsOf(turn.parts));
    return withSpelling(turn, message);
  });
}

/** Ids that older clients and servers do not have are made from the message's place, the same ones each time. */
function idsByPlace(open: OpenCalls, index: number): Ids {
  return {
    call: (given, at) => (given === undefined ? { id: `call_${index}_${at}` } : unsealId(given)),
    result: (given, name) => {
      const id = given === undefined ? undefined : unsealId(given).id;
      return open.answer(id, name)?.id ?? id ?? `call_${index}`;
    },
  };
}

function readMessage(message: JsonObject, path: string, ids: Ids): ChatTurn {
  const role = lookUp(ROLES, asText(message.role)?.toLowerCase());
  if (!role) {
    throw new WireError(`\`${path}.role\` must be one of ${Object.keys(ROLES).join(', ')}`, `${path}.role`);
  }
  if (role === 'tool') return readResult(message, path, ids);
  const { text, shape } = readContent(message, path);
  const others = [...text, ...readImages(message.images), ...readCalls(message, path, ids)];
  return defined<ChatTurn>({
    role,
    parts: role === 'assistant' ? insertThoughts(message, others) : others,
    shape,
    extra: ownExtra(unknownFields(message, role === 'assistant' ? ASSISTANT_FIELDS : SPEAKER_FIELDS)),
  });
}

const SPEAKER_FIELDS = new Set(['role', 'content', 'images', 'tool_calls']);
const ASSISTANT_FIELDS = new Set([...SPEAKER_FIELDS, 'thinking', THOUGHTS_FIELD]);
/** `name` is what clients of other wires call the tool. */
const RESULT_FIELDS = new Set(['role', 'content', 'images', 'tool_name', 'tool_call_id', 'name']);

function readContent({ content }: JsonObject, path: string): { text: ChatPart[]; shape: 'string' | 'empty' } {
  if (content === undefined || content === null) return { text: [], shape: 'empty' };
  if (typeof content !== 'string') {
    throw new WireError(`\`${path}.content\` must be a text`, `${path}.content`);
  }
  return { text: content === '' ? [] : [{ type: 'text', text: content }], shape: 'string' };
}

function readCalls({ tool_calls: calls }: JsonObject, path: string, ids: Ids): ToolCallPart[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) {
    throw new WireError(`\`${path}.tool_calls\` must be a list`, `${path}.tool_calls`);
  }
  return calls.map((call: JsonValue, at) => {
    const part = isObject(call) ? readCall(call, (given) => ids.call(given, at)) : undefined;
    const place = `${path}.tool_calls[${at}]`;
    if (!part) throw new WireError(`\`${place}\` must have a function with a name`, `${place}.function`);
    return part;
  });
}

function readResult(message: JsonObject, path: string, ids: Ids): ChatTurn {
  const { text, shape } = readContent(message, path);
  const name = asFullText(message.tool_name) ?? asFullText(message.name);
  const part: ToolResultPart = {
    type: 'tool-result',
    callId: ids.result(asFullText(message.tool_call_id), name),
    content: [...text, ...readImages(message.images)] as ToolResultContent[],
    shape,
  };
  return defined<ChatTurn>({
    role: 'tool',
    parts: [part],
    extra: ownExtra(unknownFields(message, RESULT_FIELDS)),
  });
}

/** The message as it was before the state of other makers was put into it; `turn` is what it says without that. */
function withoutSealed(message: JsonObject, turn: ChatTurn): JsonObject {
  const clean = withOwnIds(message);
  if (message[THOUGHTS_FIELD] === undefined || !insertThoughts(message, []).some(isForeign)) return clean;
  const { thinking: _, [THOUGHTS_FIELD]: __, ...rest } = clean;
  return { ...rest, ...writeThoughts(turn.parts, writeOwn) };
}

/** The same object where no id has a seal. */
function withOwnIds(message: JsonObject): JsonObject {
  const { tool_call_id: id, tool_calls: calls } = message;
  const isSealed =
    isSealedId(id) || (Array.isArray(calls) && calls.some((call) => isSealedId(asObject(call)?.id)));
  if (!isSealed) return message;
  const clean: JsonObject = { ...message };
  if (typeof id === 'string') clean.tool_call_id = unsealId(id).id;
  if (Array.isArray(calls)) clean.tool_calls = calls.map(withoutSealedId);
  return clean;
}

function isSealedId(id: JsonValue | undefined): boolean {
  return typeof id === 'string' && unsealId(id).id !== id;
}

function withoutSealedId(call: JsonValue): JsonValue {
  const id = asObject(call)?.id;
  return typeof id === 'string' ? { ...(call as JsonObject), id: unsealId(id).id } : call;
}

/** Holds state of another maker, which is not for this one's servers. */
function isForeign(part: ChatPart): boolean {
  const state = part.type === 'redacted-thinking' ? part.data : isSigned(part) ? part.signature : undefined;
  return state !== undefined && state.format !== FORMAT;
}

function isSigned(part: ChatPart): part is ThinkingPart | ToolCallPart {
  return part.type === 'thinking' || part.type === 'tool-call';
}

const NO_WARN: Warn = () => undefined;

/** The turn without other makers' state, each named: a thought goes whole, a call loses what was appended to it. */
export function withoutForeign(turn: ChatTurn, path = '', warn: Warn = NO_WARN): ChatTurn {
  if (!turn.parts.some(isForeign)) return turn;
  const parts = turn.parts.flatMap((part, index) => ownPart(part, `${path}.parts[${index}]`, warn));
  return { ...turn, parts };
}

/** Nothing for a thought of another maker; a call without another maker's state; anything else as it is. */
export function ownPart(part: ChatPart, path: string, warn: Warn): ChatPart[] {
  if (!isForeign(part)) return [part];
  if (part.type !== 'tool-call') {
    warn({ kind: 'dropped', path, note: "the thinking is another vendor's" });
    return [];
  }
  const { signature, ...call } = part;
  warn({ kind: 'dropped', path: `${path}.signature`, note: `only ${signature?.format} knows this state` });
  return [call];
}

/** Spelled in a way the chat does not tell apart: the message is kept for the way back. */
function withSpelling(turn: ChatTurn, wire: JsonObject): ChatTurn {
  if (isPlain(wire, turn)) return turn;
  const own = withoutForeign(turn);
  const message = withoutSealed(wire, own);
  if (isSameJson(writePlain(own, undefined), message)) return turn;
  return { ...turn, extra: { format: FORMAT, fields: ownFields(turn.extra), spelling: { message } } };
}

/** What a speaker says, in two fields: written again as it is, whatever the text. */
function isPlain(wire: JsonObject, { role }: ChatTurn): boolean {
  const isSpoken = role !== 'tool' && wire.role === role && typeof wire.content === 'string';
  return isSpoken && Object.keys(wire).length === 2;
}

/** Turns without foreign state as messages. One that came from here is spelled as it was, if it still says that. */
export function writeTurns(turns: readonly ChatTurn[]): JsonObject[] {
  const open = createOpenCalls();
  return turns.map((turn) => {
    if (turn.role === 'assistant') open.add(callsOf(turn.parts));
    const result = resultOf(turn);
    const name = result && open.answer(result.callId, undefined)?.name;
    const spelled = ownSpelling(turn.extra).message;
    return isObject(spelled) && isStillSaid(spelled, turn) ? spelled : writePlain(turn, name);
  });
}

function isStillSaid(spelled: JsonObject, turn: ChatTurn): boolean {
  const calls = callsOf(turn.parts);
  const read = readMessage(spelled, 'messages', {
    call: (given, at) => ({ id: given ?? calls[at]?.id ?? '' }),
    result: () => resultOf(turn)?.callId ?? '',
  });
  return isSameJson({ ...read, extra: undefined }, { ...turn, extra: undefined });
}

function resultOf(turn: ChatTurn): ToolResultPart | undefined {
  return turn.parts.find((part): part is ToolResultPart => part.type === 'tool-result');
}

function writePlain(turn: ChatTurn, toolName: string | undefined): JsonObject {
  const result = resultOf(turn);
  const message = result ? writeParts('tool', result.content) : writeParts(turn.role, turn.parts);
  if (result && toolName !== undefined) message.tool_name = toolName;
  if (result) message.tool_call_id = result.callId;
  return turn.extra ? { ...message, ...ownFields(turn.extra) } : message;
}

function writeOwn({ format, value }: Signature): string | undefined {
  return format === FORMAT ? value : undefined;
}

/** Text as one, thoughts, images and calls beside it. */
function writeParts(role: ChatRole, parts: readonly ChatPart[]): JsonObject {
  const message: JsonObject = { role, content: textOf(parts) };
  if (parts.some(isThought)) Object.assign(message, writeThoughts(parts, writeOwn));
  const images = parts.flatMap((part) => (part.type === 'image' ? (writeImage(part) ?? []) : []));
  if (images.length > 0) message.images = images;
  const calls = callsOf(parts);
  if (calls.length > 0) message.tool_calls = calls.map((call) => writeCall(call, call.id));
  return message;
}

function textOf(parts: readonly ChatPart[]): string {
  let text = '';
  for (const part of parts) if (part.type === 'text') text += part.text;
  return text;
}

function isThought(part: ChatPart): boolean {
  return part.type === 'thinking' || part.type === 'redacted-thinking';
}
