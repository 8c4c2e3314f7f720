/**
 * Turns of another format as messages this format can hold: one text each, the results of calls right after them.
 *
 * Results stand in the order of their calls, since most templates know no ids: the model tells by the order which
 * result is whose. Text blocks of a system, user or tool turn are joined by a blank line, those of an assistant
 * without (they are one answer).
 */
import type { ChatPart, ChatTurn, DocumentPart, ToolCallPart, ToolResultPart } from '../chat.ts';
import type { Warn } from '../own-extra.ts';
import { isPlainText } from '../own-extra.ts';
import { argumentsObject, callsOf, RAW_ARGUMENTS_NOTE } from './calls.ts';
import { writeImage } from './images.ts';
import { ownPart } from './messages.ts';
import { warnExtra } from './own.ts';

const BLOCK_SEPARATOR = '\n\n';

/** A call of the last assistant turn, and the text of its result once it came. */
interface OpenCall {
  readonly part: ToolCallPart;
  readonly path: string;
  result: string | undefined;
}

interface Adapting {
  readonly warn: Warn;
  readonly out: ChatTurn[];
  calls: OpenCall[];
  /** Where the results of those calls go. */
  resultsAt: number;
  /** Images out of tool results, which stand in the next user turn. */
  moved: ChatPart[];
}

export function adaptTurns(turns: readonly ChatTurn[], warn: Warn): ChatTurn[] {
  const state: Adapting = { warn, out: [], calls: [], resultsAt: 0, moved: [] };
  const first = turns.findIndex(({ role }) => !isSystem(role));
  const lead = first === -1 ? turns.length : first;
  addLeadingSystem(state, turns.slice(0, lead));
  for (const [index, turn] of turns.entries()) {
    if (index < lead) continue;
    warnOfTurn(state, turn, `turns[${index}]`);
    ADAPTERS[turn.role](state, turn, `turns[${index}]`);
  }
  closeCalls(state);
  flushMoved(state);
  if (state.out.length === 0) {
    // Everything there was says nothing here, and a request without messages would only load the model.
    const note = 'nothing is left of them; an empty user turn stands in';
    warn({ kind: 'approximated', path: 'turns', note });
    state.out.push(textTurn('user', ''));
  }
  return state.out;
}

const ADAPTERS: Readonly<Record<ChatTurn['role'], (state: Adapting, turn: ChatTurn, path: string) => void>> =
  {
    system: addSystem,
    developer: addSystem,
    user: addUser,
    assistant: addAssistant,
    tool: addUser,
  };

function isSystem(role: ChatTurn['role']): boolean {
  return role === 'system' || role === 'developer';
}

function warnOfTurn({ warn }: Adapting, turn: ChatTurn, path: string): void {
  warnExtra(turn.extra, `${path}.extra`, warn);
  if (turn.name === undefined) return;
  warn({ kind: 'dropped', path: `${path}.name`, note: 'speakers have no names here' });
}

/** One message for the whole system prompt: templates have one place for it. */
function addLeadingSystem(state: Adapting, turns: readonly ChatTurn[]): void {
  const texts = turns.flatMap((turn, index) => {
    warnOfTurn(state, turn, `turns[${index}]`);
    return systemTexts(state, turn, `turns[${index}]`);
  });
  if (texts.length > 0) state.out.push(textTurn('system', texts.join(BLOCK_SEPARATOR)));
}

function addSystem(state: Adapting, turn: ChatTurn, path: string): void {
  const texts = systemTexts(state, turn, path);
  if (texts.length === 0) return;
  flushMoved(state);
  state.out.push(textTurn('system', texts.join(BLOCK_SEPARATOR)));
}

function systemTexts(state: Adapting, turn: ChatTurn, path: string): string[] {
  return adaptParts(state, turn.parts, path).flatMap((part) => {
    if (part.type === 'text') return [part.text];
    state.warn({ kind: 'dropped', path, note: 'a system message is text only' });
    return [];
  });
}

function textTurn(role: ChatTurn['role'], text: string): ChatTurn {
  return { role, parts: text === '' ? [] : [{ type: 'text', text }], shape: 'string' };
}

function addUser(state: Adapting, turn: ChatTurn, path: string): void {
  const rest: ChatPart[] = [];
  for (const [index, part] of turn.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (part.type === 'tool-result') addResult(state, part, at);
    else if (isPlainText(part)) rest.push(part);
    else rest.push(...adaptPart(state, part, at));
  }
  // Results alone: what they held waits for the user's next words, as more results may follow.
  if (turn.parts.length > 0 && rest.length === 0) return;
  warnOfOrder(state, rest, path);
  const parts = [...state.moved, ...rest];
  state.moved = [];
  state.out.push(userTurn(parts));
}

function userTurn(parts: readonly ChatPart[]): ChatTurn {
  const images = parts.filter((part) => part.type === 'image');
  const text = textOf(parts, BLOCK_SEPARATOR);
  const said = textTurn('user', text);
  return images.length === 0 ? said : { ...said, parts: [...said.parts, ...images] };
}

function textOf(parts: readonly ChatPart[], separator: string): string {
  const [only] = parts;
  if (parts.length === 1) return only?.type === 'text' ? only.text : '';
  return parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join(separator);
}

/** Images stand before the whole text here: one between two texts may be one that both speak of. */
function warnOfOrder({ warn }: Adapting, parts: readonly ChatPart[], path: string): void {
  if (parts.length < 2) return;
  const kinds = parts.map(({ type }) => type);
  const areImagesFirst = kinds.lastIndexOf('image') < kinds.indexOf('text') || !kinds.includes('text');
  const areTextsFirst = kinds.lastIndexOf('text') < kinds.indexOf('image') || !kinds.includes('image');
  if (areImagesFirst || areTextsFirst) return;
  warn({ kind: 'approximated', path, note: 'the images stand before the text, not between its parts' });
}

function flushMoved(state: Adapting): void {
  if (state.moved.length > 0) state.out.push(userTurn(state.moved));
  state.moved = [];
}

function addResult(state: Adapting, result: ToolResultPart, path: string): void {
  const { warn } = state;
  warnExtra(result.extra, `${path}.extra`, warn);
  warnOfCache(result, path, warn);
  const texts: string[] = [];
  for (const [index, part] of result.content.entries()) {
    const at = `${path}.content[${index}]`;
    for (const adapted of adaptPart(state, part, at)) {
      texts.push(adapted.type === 'text' ? adapted.text : moveOut(state, adapted, at));
    }
  }
  if (result.isError) {
    texts.unshift('[the tool failed]');
    warn({ kind: 'approximated', path: `${path}.isError`, note: 'said in the first line of the result' });
  }
  const text = texts.join(BLOCK_SEPARATOR);
  const call = state.calls.find(({ part, result: done }) => part.id === result.callId && done === undefined);
  if (call) {
    call.result = text;
    return;
  }
  warn({ kind: 'approximated', path, note: 'a result without its call is sent as user text' });
  if (text !== '') state.out.push(textTurn('user', text));
}

/** Not every model's renderer looks for images in a tool message: the next user message has them. */
function moveOut(state: Adapting, part: ChatPart, path: string): string {
  state.warn({ kind: 'approximated', path, note: 'the image stands in the user message after the result' });
  state.moved.push(part);
  return '[image: see the next user message]';
}

/** Stands for the result of a call nobody answered, so that those after it are not taken for it. */
const NO_RESULT_TEXT = '(This call has no result.)';

function closeCalls(state: Adapting): void {
  const results = state.calls.map(({ part, path, result }): ChatTurn => {
    if (result === undefined) {
      const note = 'the call has no result: one that says so is filled in';
      state.warn({ kind: 'approximated', path, note });
    }
    const content = [{ type: 'text', text: result ?? NO_RESULT_TEXT }] as const;
    const text = content[0].text === '' ? [] : content;
    return {
      role: 'tool',
      parts: [{ type: 'tool-result', callId: part.id, content: text, shape: 'string' }],
    };
  });
  state.out.splice(state.resultsAt, 0, ...results);
  state.calls = [];
}

function addAssistant(state: Adapting, turn: ChatTurn, path: string): void {
  closeCalls(state);
  flushMoved(state);
  const adapted = adaptParts(state, turn.parts, path);
  if (adapted.length === 0 && turn.parts.length > 0) return;
  const thoughts = adapted.filter(({ type }) => type === 'thinking');
  const others = adapted.filter(({ type }) => type === 'image' || type === 'tool-call');
  const text = textTurn('assistant', textOf(adapted, ''));
  state.out.push({ ...text, parts: [...thoughts, ...text.parts, ...others] });
  state.resultsAt = state.out.length;
  const places = turn.parts.flatMap((part, index) =>
    part.type === 'tool-call' ? [`${path}.parts[${index}]`] : [],
  );
  state.calls = callsOf(adapted).map((part, at) => ({ part, path: places[at]!, result: undefined }));
}

function adaptParts(state: Adapting, parts: readonly ChatPart[], path: string): ChatPart[] {
  const adapted: ChatPart[] = [];
  for (const [index, part] of parts.entries()) {
    if (isPlainText(part)) adapted.push(part);
    else adapted.push(...adaptPart(state, part, `${path}.parts[${index}]`));
  }
  return adapted;
}

function warnOfCache(part: ChatPart, path: string, warn: Warn): void {
  if (part.type === 'opaque' || !part.cache) return;
  warn({ kind: 'dropped', path: `${path}.cache`, note: 'prompts are cached without marks here' });
}

/** One part without what only its own format knows; nothing, one part, or a text in its place. */
function adaptPart({ warn }: Adapting, part: ChatPart, path: string): ChatPart[] {
  if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, warn);
  warnOfCache(part, path, warn);
  const drop = (note: string): ChatPart[] => {
    warn({ kind: 'dropped', path, note });
    return [];
  };
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'refusal':
      warn({ kind: 'approximated', path, note: 'a refusal is sent as text' });
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      if (writeImage(part) === undefined) return drop('images are sent as bytes here, not by address');
      return [{ type: 'image', source: part.source }];
    case 'document':
      return adaptDocument(part) ?? drop('there are no documents here but those of plain text');
    case 'audio':
      return drop('there is no audio here');
    case 'tool-call':
    case 'thinking':
    case 'redacted-thinking':
      return ownPart(part, path, warn).flatMap((own) => adaptOwn(own, path, warn));
    case 'tool-result':
      return drop('a tool result has no place here');
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    default:
      return part satisfies never;
  }
}

/** A call or a thought without another maker's state. */
function adaptOwn(part: ChatPart, path: string, warn: Warn): ChatPart[] {
  if (part.type === 'thinking') return part.text === '' ? [] : [{ type: 'thinking', text: part.text }];
  if (part.type !== 'tool-call') return [part];
  if (!argumentsObject(part.arguments)) {
    warn({ kind: 'approximated', path: `${path}.arguments`, note: RAW_ARGUMENTS_NOTE });
  }
  return [{ type: 'tool-call', id: part.id, name: part.name, arguments: part.arguments }];
}

function adaptDocument({ source, title }: DocumentPart): ChatPart[] | undefined {
  const text = source.kind === 'text' ? source.text : textOfBytes(source);
  if (text === undefined) return undefined;
  return [{ type: 'text', text: title === undefined ? text : `${title}${BLOCK_SEPARATOR}${text}` }];
}

function textOfBytes(source: DocumentPart['source']): string | undefined {
  if (source.kind !== 'base64' || !source.mediaType.startsWith('text/')) return undefined;
  return Buffer.from(source.data, 'base64').toString('utf8');
}
