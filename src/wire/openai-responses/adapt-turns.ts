/**
 * Turns of another format as this format's items: each call with its one output right after the calls, ids that
 * occur once, thoughts of this format as the items they were.
 *
 * System turns stay messages at their place, in their role. `instructions` would hold one text only: it would lose
 * the difference of system and developer, the borders between texts, and the cache marks on them.
 */
import type {
  ChatPart,
  ChatRole,
  ChatTurn,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
} from '../chat.ts';
import { fitName, shorten } from '../openai-names.ts';
import type { Warn } from '../own-extra.ts';
import { adaptPart, type PartPlace } from './adapt-part.ts';
import type { ModelTraits } from './models.ts';
import { warnExtra } from './own.ts';
import { ownState } from './reasoning-item.ts';

interface OpenCall {
  /** The id it has here. */
  readonly id: string;
  readonly path: string;
}

interface Adapting {
  readonly traits: ModelTraits;
  readonly warn: Warn;
  readonly out: ChatTurn[];
  /** Calls of the last assistant turn that have no result yet, by the id the source gave them. */
  readonly open: Map<string, OpenCall[]>;
  readonly usedIds: Set<string>;
  /** Where the next result of those calls goes. */
  resultAt: number;
}

export function adaptTurns(turns: readonly ChatTurn[], traits: ModelTraits, warn: Warn): ChatTurn[] {
  const state: Adapting = { traits, warn, out: [], open: new Map(), usedIds: new Set(), resultAt: 0 };
  for (const [index, turn] of turns.entries()) {
    const path = `turns[${index}]`;
    warnExtra(turn.extra, `${path}.extra`, warn);
    if (turn.name !== undefined) {
      warn({ kind: 'dropped', path: `${path}.name`, note: 'speakers have no names here' });
    }
    if (turn.role === 'assistant') addAssistant(state, turn, path);
    else addSpoken(state, turn, path);
  }
  if (turns.at(-1)?.role === 'assistant') {
    const note = 'a last assistant turn is history here, it is not continued';
    warn({ kind: 'approximated', path: `turns[${turns.length - 1}]`, note });
  }
  closeCalls(state);
  if (state.out.length === 0) {
    // Everything there was says nothing here (empty text, thoughts alone), and an empty input is refused.
    const note = 'nothing is left of them; an empty user turn stands in';
    warn({ kind: 'approximated', path: 'turns', note });
    state.out.push(spokenTurn('user', []));
  }
  return state.out;
}

function placeIn(state: Adapting, role: ChatRole, path: string): PartPlace {
  return { role, path, traits: state.traits, warn: state.warn };
}

/** A user, the system, or the tools: results go to their calls, the rest is a message. */
function addSpoken(state: Adapting, turn: ChatTurn, path: string): void {
  const role = turn.role === 'tool' ? 'user' : turn.role;
  const said: ChatPart[] = [];
  for (const [index, part] of turn.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (part.type === 'tool-result') addResult(state, part, at);
    else said.push(...adaptPart(part, placeIn(state, role, at)));
  }
  // What there was is gone, each part with its reason.
  if (said.length === 0 && (turn.parts.length > 0 || role !== 'user')) return;
  state.out.push(spokenTurn(role, said));
}

/** One text without a mark is written as a string, which every server takes. */
function spokenTurn(role: ChatRole, parts: readonly ChatPart[]): ChatTurn {
  const [only] = parts;
  const isPlain = parts.length === 0 || (parts.length === 1 && only?.type === 'text' && !only.cache);
  return isPlain ? { role, parts, shape: 'string' } : { role, parts };
}

const BLOCK_SEPARATOR = '\n\n';

function addResult(state: Adapting, result: ToolResultPart, path: string): void {
  const { warn } = state;
  warnExtra(result.extra, `${path}.extra`, warn);
  if (result.cache)
    warn({ kind: 'dropped', path: `${path}.cache`, note: 'a result takes no mark of its own' });
  const place = (index: number): PartPlace => placeIn(state, 'tool', `${path}.content[${index}]`);
  const content = result.content.flatMap(
    (part, index) => adaptPart(part, place(index)) as ToolResultContent[],
  );
  if (result.isError) {
    content.unshift({ type: 'text', text: '[the tool failed]' });
    warn({ kind: 'approximated', path: `${path}.isError`, note: 'said in the first line of the result' });
  }
  const waiting = state.open.get(result.callId);
  const call = waiting?.shift();
  if (waiting?.length === 0) state.open.delete(result.callId);
  if (call) {
    putResult(state, call.id, content);
    return;
  }
  const note = 'a result without its call is refused here: sent as what the user says';
  warn({ kind: 'approximated', path, note });
  if (content.length > 0) state.out.push(spokenTurn('user', content));
}

function putResult(state: Adapting, callId: string, content: readonly ToolResultContent[]): void {
  const texts = content.flatMap((part) => (part.type === 'text' && !part.cache ? part.text : []));
  const text = { type: 'text', text: texts.join(BLOCK_SEPARATOR) } as const;
  const part: ToolResultPart =
    texts.length === content.length
      ? { type: 'tool-result', callId, content: text.text === '' ? [] : [text], shape: 'string' }
      : { type: 'tool-result', callId, content };
  state.out.splice(state.resultAt, 0, { role: 'tool', parts: [part] });
  state.resultAt += 1;
}

/** Stands for the result of a call nobody answered: a call without one is refused. */
const NO_RESULT_TEXT = '(This call has no result.)';

function closeCalls(state: Adapting): void {
  for (const { id, path } of [...state.open.values()].flat()) {
    state.warn({ kind: 'approximated', path, note: 'the call has no result: one that says so is filled in' });
    putResult(state, id, [{ type: 'text', text: NO_RESULT_TEXT }]);
  }
  state.open.clear();
}

function addAssistant(state: Adapting, turn: ChatTurn, path: string): void {
  closeCalls(state);
  const parts: ChatPart[] = [];
  const places: string[] = [];
  for (const [index, part] of turn.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    const adapted =
      part.type === 'tool-call'
        ? [addCall(state, part, at)]
        : adaptPart(part, placeIn(state, 'assistant', at));
    for (const one of adapted) {
      parts.push(one);
      places.push(at);
    }
  }
  dropLastThoughts(state, parts, places);
  if (parts.length === 0) return;
  state.out.push({ role: 'assistant', parts });
  state.resultAt = state.out.length;
}

/** A thought must be followed by what it led to: alone it is answered with a 400. */
function dropLastThoughts(state: Adapting, parts: ChatPart[], places: readonly string[]): void {
  for (let last = parts.at(-1); last && ownState(last); last = parts.at(-1)) {
    const note = 'nothing that came of this thought is left';
    state.warn({ kind: 'dropped', path: places[parts.length - 1]!, note });
    parts.pop();
  }
}

function addCall(state: Adapting, call: ToolCallPart, path: string): ToolCallPart {
  const { warn } = state;
  warnExtra(call.extra, `${path}.extra`, warn);
  if (call.cache) warn({ kind: 'dropped', path: `${path}.cache`, note: 'a call takes no mark' });
  if (call.signature) {
    warn({
      kind: 'dropped',
      path: `${path}.signature`,
      note: `only ${call.signature.format} knows this state`,
    });
  }
  const id = unusedId(state, call.id);
  state.open.set(call.id, [...(state.open.get(call.id) ?? []), { id, path }]);
  // Called without arguments; servers of open models parse this text.
  return {
    type: 'tool-call',
    id,
    name: fitName(call.name),
    arguments: call.arguments === '' ? '{}' : call.arguments,
  };
}

/** OpenAI refuses longer ids of calls. */
const MAX_ID_CHARS = 64;

/** An id that occurs once: a result names its call by nothing else. */
function unusedId({ usedIds }: Adapting, wish: string): string {
  let id = shorten(wish, MAX_ID_CHARS);
  for (let count = 2; usedIds.has(id); count += 1) id = shorten(`${wish}_${count}`, MAX_ID_CHARS);
  usedIds.add(id);
  return id;
}
