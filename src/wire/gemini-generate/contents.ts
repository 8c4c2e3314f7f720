/**
 * Contents and the chat's turns, for conversations of this format: both ways, exactly. A content that would come back
 * spelled otherwise (snake case, ids that are not there, a role left out) is kept as it came, and used again as long as
 * nothing it says was changed.
 */
import type { ChatTurn, JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import { asText, defined, isObject, isSameJson, lookUp, without } from '../json.ts';
import { drop } from '../place.ts';
import type { Rest } from '../rest.ts';
import { type CallIds, createCallIds } from './call-ids.ts';
import { below, leftExtra, ownSpelling, type Place, restore } from './fields.ts';
import { isBareText, type ReadPart, readPart } from './part-parse.ts';
import { renderParts } from './part-render.ts';
import { CONTENT, withCamelNames } from './spelling.ts';
import { joinThoughts, type ReadTurn } from './thoughts.ts';
import { readTraits } from './traits.ts';

/** Ids that have to be made for calls in a history: the same for each request of a conversation, as it only grows. */
const HISTORY_IDS = 'call_gemini';

const ROLES: Readonly<Record<string, ChatTurn['role']>> = {
  user: 'user',
  model: 'assistant',
  // What older clients call the one who answers a function call.
  function: 'user',
  tool: 'user',
};

interface ReadContent extends ReadTurn {
  readonly role: ChatTurn['role'];
  readonly rest: Rest;
  readonly hasParts: boolean;
  readonly wire: JsonObject;
}

/** @throws {WireError} */
export function parseContents(contents: JsonValue | undefined): ChatTurn[] {
  if (!Array.isArray(contents)) throw new WireError('contents: must be a list', 'contents');
  const ids = createCallIds(HISTORY_IDS);
  const read = contents.map((content, index) => readContent(content, `contents[${index}]`, ids));
  joinThoughts(read);
  return read.filter(({ isEmptied }) => !isEmptied).map(makeTurn);
}

/** @throws {WireError} */
function readContent(content: JsonValue, path: string, ids: CallIds): ReadContent {
  if (!isObject(content)) throw new WireError(`${path}: must be an object`, path);
  const named = withCamelNames(content, CONTENT);
  const { role: word = null, parts = null } = named;
  // Google takes a content without a role for the user's.
  const role = word === null ? 'user' : lookUp(ROLES, word);
  if (!role) throw new WireError(`${path}.role: must be user or model`, `${path}.role`);
  return {
    role,
    parts: readParts(parts, `${path}.parts`, ids),
    rest: without(named, CONTENT_FIELDS),
    hasParts: parts !== null,
    wire: content,
  };
}

/** @throws {WireError} */
function readParts(parts: JsonValue, path: string, ids: CallIds): ReadPart[] {
  if (parts === null) return [];
  if (!Array.isArray(parts)) throw new WireError(`${path}: must be a list`, path);
  const read: ReadPart[] = [];
  for (const [index, part] of parts.entries()) {
    if (!isObject(part)) throw new WireError(`${path}[${index}]: must be an object`, `${path}[${index}]`);
    read.push(...readPart(part, ids));
  }
  return read;
}

const CONTENT_FIELDS = ['role', 'parts'];

function makeTurn({ role, parts, rest, hasParts, wire }: ReadContent): ChatTurn {
  const turn = defined<ChatTurn>({
    role,
    parts: parts.map(({ part }) => part),
    shape: hasParts ? undefined : 'empty',
    extra: leftExtra(rest),
  });
  if (isPlain(wire)) return turn;
  // What was sealed may not go upstream, so it is never kept as it came.
  if (parts.some(({ isSealed }) => isSealed) || isSameJson(writeContent(turn, silentPlace()), wire))
    return turn;
  return { ...turn, extra: leftExtra(rest, { content: wire })! };
}

/** Texts and nothing else, under their first names: written again as they are. */
function isPlain(wire: JsonObject): boolean {
  const { role, parts } = wire;
  const isSpoken = (role === 'user' || role === 'model') && Array.isArray(parts);
  return isSpoken && Object.keys(wire).length === 2 && parts.every(isBareText);
}

/** Where nobody listens to warnings: only what is written counts. */
export function silentPlace(): Place {
  return { path: '', warnings: [], isOwn: true, side: 'upstream', traits: readTraits('') };
}

function writeContent(turn: ChatTurn, place: Place): JsonObject {
  const parts = renderParts(turn.parts, place);
  const role = turn.role === 'assistant' ? 'model' : 'user';
  const body: JsonObject = turn.shape === 'empty' && parts.length === 0 ? { role } : { role, parts };
  return restore(body, turn.extra, place);
}

/** The content of a turn of this format. */
export function renderOwnContent(turn: ChatTurn, place: Place): JsonObject {
  const plain = writeContent(turn, place);
  const { content: wire } = ownSpelling(turn.extra);
  if (!isObject(wire)) return plain;
  const again = makeTurn(readContent(wire, 'contents', createCallIds(HISTORY_IDS)));
  return isSameJson(writeContent(again, { ...silentPlace(), traits: place.traits }), plain) ? wire : plain;
}

/** The lead turn that the field of the system prompt is. @throws {WireError} */
export function parseSystem(value: JsonValue): ChatTurn[] {
  if (value === null) return [];
  if (typeof value === 'string') {
    return [{ role: 'system', lead: true, shape: 'string', parts: [{ type: 'text', text: value }] }];
  }
  const path = 'systemInstruction';
  if (!isObject(value)) throw new WireError(`${path}: must be an object with parts`, path);
  // Its role says nothing, and clients write all sorts of words there.
  const { role: _role, parts = null, ...rest } = withCamelNames(value, CONTENT);
  const read = readParts(parts, `${path}.parts`, createCallIds(HISTORY_IDS));
  return [
    defined<ChatTurn>({
      role: 'system',
      lead: true,
      parts: read.map(({ part }) => part),
      shape: parts === null ? 'empty' : undefined,
      extra: leftExtra(rest),
    }),
  ];
}

/** The field of the system prompt, of the lead turns of a chat of this format; undefined when there are none. */
export function writeSystem(turns: readonly ChatTurn[], place: Place): JsonValue | undefined {
  const leads = turns.flatMap((turn, index) => (turn.lead ? [{ turn, index }] : []));
  const [first] = leads;
  if (!first) return undefined;
  const parts = leads.flatMap(({ turn, index }) => renderParts(turn.parts, below(place, `turns[${index}]`)));
  const text = parts.length === 1 ? asText(parts[0]!.text) : undefined;
  if (first.turn.shape === 'string' && leads.length === 1 && text !== undefined) return text;
  if (leads.length > 1) return { parts };
  const body: JsonObject = first.turn.shape === 'empty' && parts.length === 0 ? {} : { parts };
  return restore(body, first.turn.extra, place);
}

/** Names in warnings the fields of turns that only another format understands. */
export function dropTurnNames(turn: ChatTurn, place: Place): void {
  restore({}, turn.extra, place);
  // The name of a tool turn is its tool's, which the call tells.
  if (turn.name !== undefined && turn.role !== 'tool')
    drop(place, 'name', 'Gemini knows no names of speakers');
}
