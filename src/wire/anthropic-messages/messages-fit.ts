/**
 * Turns of another format as Anthropic's messages. The API refuses much that other formats allow, so here:
 *
 * - leading system and developer turns become the system field, later ones user text where they stand;
 * - neighbouring turns of one role become one message, blank ones vanish;
 * - each assistant message with calls is followed by one user message that begins with all their results:
 *   results further on are moved there, missing ones filled in, results without a call become text;
 * - call ids occur once (servers that count calls per answer reuse them);
 * - the first message is the user's: a placeholder is put before an assistant that begins;
 * - a last assistant message does not end in blanks.
 */
import type { ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { approximate, drop, type Place } from '../place.ts';
import { plainText, renderParts } from './block-render.ts';
import { below, restore } from './fields.ts';

export interface Draft {
  readonly role: 'user' | 'assistant';
  blocks: JsonObject[];
}

export interface FittedMessages {
  readonly system: JsonObject[];
  readonly drafts: Draft[];
}

/** Stands where Anthropic demands a user message and the conversation has none. */
export const OPENING_TEXT = '(The conversation begins here.)';
/** Stands for the result of a call nobody answered, as an error. */
export const NO_RESULT_TEXT = '(This call has no result.)';

export function fitMessages(chat: ChatRequest, place: Place): FittedMessages {
  const system: JsonObject[] = [];
  const drafts: Draft[] = [];
  let isLeading = true;
  chat.turns.forEach((turn, index) => {
    const at = below(place, `turns[${index}]`);
    const blocks = renderTurn(turn, at);
    isLeading = isLeading && isSystem(turn);
    if (isLeading) addAll(system, blocks);
    else append(drafts, turn.role === 'assistant' ? 'assistant' : 'user', blocks);
    if (isSystem(turn) && !isLeading && blocks.length > 0) {
      approximate(at, '', `a later ${turn.role} turn is sent as user text`);
    }
  });
  const paired = pairResults(drafts, place);
  if (paired[0]?.role !== 'user') {
    approximate(
      place,
      'turns',
      'a placeholder opens the conversation: the first message must be the user\u2019s',
    );
    paired.unshift({ role: 'user', blocks: [{ type: 'text', text: OPENING_TEXT }] });
  }
  trimEnd(paired, place);
  return { system, drafts: paired };
}

function isSystem(turn: ChatTurn): boolean {
  return turn.role === 'system' || turn.role === 'developer';
}

function renderTurn(turn: ChatTurn, at: Place): JsonObject[] {
  restore({}, turn.extra, at);
  // The name of a tool turn is its tool's, which the call tells.
  if (turn.name !== undefined && turn.role !== 'tool')
    drop(at, 'name', 'Anthropic knows no names of speakers');
  return renderParts(turn.parts, at);
}

function append(drafts: Draft[], role: Draft['role'], blocks: JsonObject[]): void {
  if (blocks.length === 0) return;
  const last = drafts.at(-1);
  if (last?.role === role) addAll(last.blocks, blocks);
  else drafts.push({ role, blocks: [...blocks] });
}

/** Not `push(...)`: a client may send more blocks than a call takes arguments. */
function addAll(list: JsonObject[], more: readonly JsonObject[]): void {
  for (const block of more) list.push(block);
}

/** A call under the id it has on the wire, and its result once one is found. */
interface Call {
  readonly wireId: string;
  result: JsonObject | undefined;
}

interface Pairing {
  readonly place: Place;
  /** All calls of one id, and how many of them have their result. */
  readonly byId: Map<string, { readonly calls: Call[]; answered: number }>;
  readonly byDraft: Map<Draft, Call[]>;
  readonly usedIds: Set<string>;
}

function pairResults(drafts: readonly Draft[], place: Place): Draft[] {
  const pairing: Pairing = { place, byId: new Map(), byDraft: new Map(), usedIds: new Set() };
  for (const draft of drafts) {
    draft.blocks = draft.blocks.flatMap<JsonObject>((block) => {
      if (block.type === 'tool_use') return openCall(pairing, draft, block);
      if (block.type === 'tool_result') return takeResult(pairing, block);
      return block;
    });
  }
  const paired: Draft[] = [];
  for (const draft of drafts) {
    append(paired, draft.role, draft.blocks);
    const calls = pairing.byDraft.get(draft) ?? [];
    const results = calls.map((call) => call.result ?? fillIn(call, place));
    append(paired, 'user', results);
  }
  return paired;
}

function openCall(pairing: Pairing, draft: Draft, block: JsonObject): JsonObject {
  const id = String(block.id);
  const sameId = pairing.byId.get(id) ?? { calls: [], answered: 0 };
  pairing.byId.set(id, sameId);
  let count = sameId.calls.length + 1;
  let wireId = count === 1 ? id : `${id}_${count}`;
  while (pairing.usedIds.has(wireId)) {
    count += 1;
    wireId = `${id}_${count}`;
  }
  pairing.usedIds.add(wireId);
  const call: Call = { wireId, result: undefined };
  sameId.calls.push(call);
  const ofDraft = pairing.byDraft.get(draft);
  if (ofDraft) ofDraft.push(call);
  else pairing.byDraft.set(draft, [call]);
  return { ...block, id: wireId };
}

/** Gives the result to the oldest open call of its id; a result nobody waits for becomes text where it stands. */
function takeResult(pairing: Pairing, block: JsonObject): JsonObject[] {
  const sameId = pairing.byId.get(String(block.tool_use_id));
  const call = sameId?.calls[sameId.answered];
  if (sameId && call) {
    sameId.answered += 1;
    call.result = { ...block, tool_use_id: call.wireId };
    return [];
  }
  approximate(pairing.place, 'turns', `the result of ${block.tool_use_id} has no call: sent as text`);
  if (Array.isArray(block.content)) return block.content as JsonObject[];
  return block.content === undefined ? [] : [{ type: 'text', text: String(block.content) }];
}

function fillIn(call: Call, place: Place): JsonObject {
  approximate(place, 'turns', `call ${call.wireId} has no result: an error result is filled in`);
  return { type: 'tool_result', tool_use_id: call.wireId, content: NO_RESULT_TEXT, is_error: true };
}

function trimEnd(drafts: readonly Draft[], place: Place): void {
  const last = drafts.at(-1);
  const block = last?.role === 'assistant' ? last.blocks.at(-1) : undefined;
  if (!last || block?.type !== 'text' || typeof block.text !== 'string') return;
  const text = block.text.trimEnd();
  if (text === block.text) return;
  approximate(place, 'turns', 'blanks at the end of a prefilled answer are cut');
  last.blocks = [...last.blocks.slice(0, -1), { ...block, text }];
}

/** In a loop of tool calls a model with a thinking budget demands that the running turn begins with thinking. */
export function canThink(drafts: readonly Draft[]): boolean {
  const isLoop = drafts.at(-1)?.blocks.some((block) => block.type === 'tool_result');
  const turn = drafts.findLast((draft) => draft.role === 'assistant');
  const first = turn?.blocks[0]?.type;
  return !isLoop || first === 'thinking' || first === 'redacted_thinking';
}

/** Names of the tools that were called, in order, each once. */
export function calledTools(drafts: readonly Draft[]): string[] {
  const calls = drafts.flatMap((draft) => draft.blocks.filter((block) => block.type === 'tool_use'));
  return [...new Set(calls.map((block) => String(block.name)))];
}

/** Content of a message or the system field: a bare string where nothing but one text is in it. */
export function shortContent(blocks: JsonObject[]): string | JsonObject[] {
  return (blocks.length === 1 ? plainText(blocks[0]!) : undefined) ?? blocks;
}
