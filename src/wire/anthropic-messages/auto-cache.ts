/**
 * Breakpoints for clients that set none. Claude caches nothing that is not marked, and an agent sends its whole
 * conversation again in each step: marked, all but the last turn is read from the cache at a tenth of the price.
 */
import type { ChatPart, ChatRequest, ChatTool, ChatTurn, JsonObject } from '../chat.ts';
import { FORMAT } from './fields.ts';

/**
 * The turns of the user that are marked, from the last. Two: the last writes what the next request reads, the one
 * before finds what the request before has written. With tools and system that is four, the most Anthropic takes.
 */
const MARKED_USER_TURNS = 2;

/** The chat with breakpoints of the default lifetime; the same chat where it has a mark of its own anywhere. */
export function withCacheMarks(chat: ChatRequest): ChatRequest {
  if (isMarked(chat)) return chat;
  const lead = chat.turns.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const places = [
    lastPlace(chat.turns, 0, lead === -1 ? chat.turns.length : lead),
    ...userPlaces(chat.turns, Math.max(lead, 0)),
  ];
  return { ...chat, tools: markLastTool(chat.tools), turns: markParts(chat.turns, places) };
}

/** Where a part stands: its turn and its place in it. */
type Place = readonly [turn: number, part: number];

/** Tools Anthropic itself defines stand before the mark or after it: they are few and small. */
function markLastTool(tools: readonly ChatTool[]): readonly ChatTool[] {
  const last = tools.findLastIndex((tool) => !tool.builtin);
  return tools.map((tool, index) => (index === last ? { ...tool, cache: {} } : tool));
}

/** The last part that takes a mark in each of the last runs of turns between what the assistant says. */
function userPlaces(turns: readonly ChatTurn[], from: number): (Place | undefined)[] {
  const places: (Place | undefined)[] = [];
  let end = turns.length;
  while (end > from && places.length < MARKED_USER_TURNS) {
    const start = turns.findLastIndex(({ role }, index) => index < end && role === 'assistant');
    if (start + 1 < end) places.push(lastPlace(turns, Math.max(start + 1, from), end));
    end = start;
  }
  return places;
}

function lastPlace(turns: readonly ChatTurn[], from: number, end: number): Place | undefined {
  for (let turn = end - 1; turn >= from; turn -= 1) {
    const part = turns[turn]!.parts.findLastIndex(takesMark);
    if (part !== -1) return [turn, part];
  }
  return undefined;
}

/** Anthropic refuses marks on thinking and on empty text. */
function takesMark(part: ChatPart): boolean {
  if (part.type === 'text') return part.text.trim() !== '';
  return part.type === 'image' || part.type === 'document' || part.type === 'tool-result';
}

function markParts(turns: readonly ChatTurn[], places: readonly (Place | undefined)[]): readonly ChatTurn[] {
  return turns.map((turn, turnIndex) => {
    const place = places.find((one) => one?.[0] === turnIndex);
    if (!place) return turn;
    const parts = turn.parts.map((part, index) =>
      index === place[1] && part.type !== 'opaque' ? { ...part, cache: {} } : part,
    );
    return { ...turn, parts };
  });
}

const FIELD = 'cache_control';

/** A mark on a part, a tool or the whole request, or one inside what is kept verbatim. */
function isMarked({ turns, tools, extra }: ChatRequest): boolean {
  const isWhole = extra?.format === FORMAT && hasMark(extra.fields);
  return isWhole || tools.some(isToolMarked) || turns.some((turn) => turn.parts.some(isPartMarked));
}

function hasMark(value: JsonObject): boolean {
  return value[FIELD] !== undefined && value[FIELD] !== null;
}

function isToolMarked({ cache, builtin }: ChatTool): boolean {
  return cache !== undefined || (builtin !== undefined && hasMark(builtin.value));
}

function isPartMarked(part: ChatPart): boolean {
  if (part.type === 'opaque') return hasMark(part.value);
  if (part.cache || (part.extra && hasMark(part.extra.fields))) return true;
  return part.type === 'tool-result' && part.content.some(isPartMarked);
}
