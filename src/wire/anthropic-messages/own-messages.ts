/**
 * The messages of a chat of this format: as they came, but for the state of other vendors' models, which their
 * client carried along and Anthropic would refuse.
 */
import type { ChatPart, ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { isObject } from '../json.ts';
import { drop, type Place } from '../place.ts';
import { isForeign, renderParts, shapeContent } from './block-render.ts';
import { below, restore } from './fields.ts';
import { canThink, type Draft } from './messages-fit.ts';

const ROLES = {
  system: 'system',
  developer: 'system',
  user: 'user',
  tool: 'user',
  assistant: 'assistant',
} as const;

export function renderMessages(turns: readonly ChatTurn[], place: Place): JsonObject[] {
  const messages: JsonObject[] = [];
  let hasGap = false;
  for (const [index, turn] of turns.entries()) {
    if (turn.lead) continue;
    const message = renderMessage(turn, below(place, `turns[${index}]`));
    const last = messages.at(-1);
    if (isGone(turn, message)) hasGap = true;
    else if (hasGap && last && last.role === message.role) {
      messages[messages.length - 1] = joinMessages(last, message);
      hasGap = false;
    } else {
      messages.push(message);
      hasGap = false;
    }
  }
  return messages;
}

function renderMessage(turn: ChatTurn, place: Place): JsonObject {
  const blocks = renderParts(turn.parts, place);
  const body: JsonObject = { role: ROLES[turn.role] };
  if (turn.shape !== 'empty' || blocks.length > 0) body.content = shapeContent(blocks, turn.shape);
  return restore(body, turn.extra, place);
}

/** Nothing but another vendor's thoughts was in it: Anthropic refuses a message without content. */
function isGone(turn: ChatTurn, { content }: JsonObject): boolean {
  return turn.parts.length > 0 && Array.isArray(content) && content.length === 0;
}

/** The messages around one that is gone, as one: speakers take turns. */
function joinMessages(first: JsonObject, second: JsonObject): JsonObject {
  return { ...first, ...second, content: [...blocksOf(first), ...blocksOf(second)] };
}

function blocksOf({ content }: JsonObject): JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.filter(isObject) : [];
}

function holdsForeignThinking(part: ChatPart): boolean {
  if (part.type === 'redacted-thinking') return isForeign(part.data);
  return part.type === 'thinking' && isForeign(part.signature);
}

/**
 * Without its thinking, where that was another vendor's, a running tool loop cannot go on under a thinking
 * budget: Anthropic demands that the turn begins with a thought. So the model does not think in this one.
 */
export function withoutBudget(body: JsonObject, chat: ChatRequest, place: Place): JsonObject {
  const { thinking, context_management: management, ...rest } = body;
  const isBudget = isObject(thinking) && thinking.type === 'enabled';
  if (!isBudget || !chat.turns.some((turn) => turn.parts.some(holdsForeignThinking))) return body;
  const drafts = (Array.isArray(body.messages) ? body.messages : []).filter(isObject).map(draftOf);
  if (canThink(drafts)) return body;
  drop(
    place,
    'reasoning',
    'the running tool loop began with thinking of another model: Anthropic would refuse it',
  );
  return { ...rest, ...withoutThinkingEdits(management) };
}

function draftOf(message: JsonObject): Draft {
  return { role: message.role === 'assistant' ? 'assistant' : 'user', blocks: blocksOf(message) };
}

/** Edits that clear thinking are refused where there is none. */
function withoutThinkingEdits(management: JsonObject[string] | undefined): JsonObject {
  if (management === undefined) return {};
  if (!isObject(management) || !Array.isArray(management.edits)) return { context_management: management };
  const edits = management.edits.filter(
    (edit) => !(isObject(edit) && /^clear_thinking/.test(String(edit.type))),
  );
  const { edits: _edits, ...others } = management;
  const left: JsonObject = edits.length > 0 ? { ...others, edits } : others;
  return Object.keys(left).length > 0 ? { context_management: left } : {};
}
