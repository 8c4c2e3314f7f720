/**
 * Turns of another format as messages this format can hold: one speaker each, tool results right after the
 * calls they answer, text as plain strings where a string can say it.
 *
 * Strings, because some compatible servers take lists only from users, or from nobody: text blocks of a
 * system, user or tool turn are joined by a blank line, those of an assistant without (they are one answer).
 */
import type {
  AudioPart,
  ChatPart,
  ChatTurn,
  DocumentPart,
  ImagePart,
  RedactedThinkingPart,
  RefusalPart,
  Signature,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultPart,
} from '../chat.ts';
import { defined } from '../json.ts';
import { isOpenaiFile } from '../openai-files.ts';
import { fitName } from '../openai-names.ts';
import type { Warn } from '../own-extra.ts';
import type { ModelTraits } from './models.ts';
import { fitCallId } from './names.ts';
import { FORMAT, warnExtra } from './own.ts';
import { audioEncoding } from './parts.ts';
import { placeOf } from './thinking.ts';

const BLOCK_SEPARATOR = '\n\n';

interface Adapting {
  readonly traits: ModelTraits;
  readonly warn: Warn;
  readonly out: ChatTurn[];
  /** Calls of the last assistant turn that have no result yet, with their places. */
  readonly openCalls: Map<string, string>;
  /** Where the next result of those calls goes. */
  resultAt: number;
  /** Images and files out of tool results, which stand in the next user turn. */
  moved: ChatPart[];
}

export function adaptTurns(turns: readonly ChatTurn[], traits: ModelTraits, warn: Warn): ChatTurn[] {
  const state: Adapting = { traits, warn, out: [], openCalls: new Map(), resultAt: 0, moved: [] };
  const lead = turns.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  addLeadingSystem(state, lead === -1 ? turns : turns.slice(0, lead));
  for (const [index, turn] of turns.entries()) {
    if (lead === -1 || index < lead) continue;
    const path = `turns[${index}]`;
    warnExtra(turn.extra, `${path}.extra`, warn);
    ADAPTERS[turn.role](state, turn, path);
  }
  if (turns.at(-1)?.role === 'assistant') {
    const note = 'a last assistant turn is history here, it is not continued';
    warn({ kind: 'approximated', path: `turns[${turns.length - 1}]`, note });
  }
  closeCalls(state);
  flushMoved(state);
  if (state.out.length === 0) {
    // Everything there was says nothing here (empty text, thoughts alone), and no server takes an empty list.
    warn({
      kind: 'approximated',
      path: 'turns',
      note: 'nothing is left of them; an empty user turn stands in',
    });
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

/** One message for the whole system prompt: templates of open models refuse a second one. */
function addLeadingSystem(state: Adapting, turns: readonly ChatTurn[]): void {
  const texts = turns.flatMap((turn, index) => {
    warnExtra(turn.extra, `turns[${index}].extra`, state.warn);
    return systemText(state, turn, `turns[${index}]`);
  });
  if (texts.length > 0) state.out.push(spokenTurn('system', texts));
}

function addSystem(state: Adapting, turn: ChatTurn, path: string): void {
  const texts = systemText(state, turn, path);
  if (texts.length === 0) return;
  flushMoved(state);
  state.out.push(spokenTurn('system', texts));
}

function systemText(state: Adapting, turn: ChatTurn, path: string): TextPart[] {
  return adaptParts(state, turn.parts, path).flatMap((part, index) => {
    if (part.type === 'text') return part;
    state.warn({ kind: 'dropped', path: `${path}.parts[${index}]`, note: 'system messages are text only' });
    return [];
  });
}

/** One string, or a list where a part is marked for caching. */
function spokenTurn(role: ChatTurn['role'], texts: readonly TextPart[]): ChatTurn {
  if (texts.some((part) => part.cache)) return { role, parts: texts };
  return textTurn(role, texts.map((part) => part.text).join(BLOCK_SEPARATOR));
}

function textTurn(role: ChatTurn['role'], text: string): ChatTurn {
  return { role, parts: textParts(text), shape: 'string' };
}

function textParts(text: string): TextPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function addUser(state: Adapting, turn: ChatTurn, path: string): void {
  const rest: ChatPart[] = [];
  for (const [index, part] of turn.parts.entries()) {
    const at = `${path}.parts[${index}]`;
    if (part.type === 'tool-result') addResult(state, part, at);
    else rest.push(...adaptPart(state, part, at));
  }
  // Results alone: what they held waits for the user's next words, as more results may follow.
  if (turn.parts.length > 0 && rest.length === 0) return;
  const parts = [...state.moved, ...rest];
  state.moved = [];
  const name = turn.name === undefined ? {} : { name: turn.name };
  state.out.push({ ...userTurn(parts), ...name });
}

function userTurn(parts: readonly ChatPart[]): ChatTurn {
  const texts = parts.filter((part): part is TextPart => part.type === 'text');
  return texts.length < parts.length ? { role: 'user', parts } : spokenTurn('user', texts);
}

function flushMoved(state: Adapting): void {
  if (state.moved.length > 0) state.out.push(userTurn(state.moved));
  state.moved = [];
}

/** Right after the calls, whatever stands between in the source: anything else is refused. */
function addResult(state: Adapting, result: ToolResultPart, path: string): void {
  const { warn, openCalls } = state;
  warnExtra(result.extra, `${path}.extra`, warn);
  let mark = keptMark(state, result, path);
  const texts: string[] = [];
  for (const [index, part] of result.content.entries()) {
    for (const adapted of adaptPart(state, part, `${path}.content[${index}]`)) {
      if (adapted.type === 'text') {
        texts.push(adapted.text);
        mark = { ...(adapted.cache && { cache: adapted.cache }), ...mark };
      } else texts.push(moveOut(state, adapted, result.callId, `${path}.content[${index}]`));
    }
  }
  if (result.isError) {
    texts.unshift('[the tool failed]');
    warn({ kind: 'approximated', path: `${path}.isError`, note: 'said in the first line of the result' });
  }
  const text = texts.join(BLOCK_SEPARATOR);
  if (openCalls.delete(result.callId)) {
    putResult(state, result.callId, { type: 'text', text, ...mark });
  } else {
    warn({
      kind: 'approximated',
      path,
      note: 'a result without its call is refused here: sent as user text',
    });
    if (text !== '') state.out.push(spokenTurn('user', [{ type: 'text', text, ...mark }]));
  }
}

function putResult(state: Adapting, id: string, text: TextPart): void {
  const callId = fitCallId(id, state.traits.callIds);
  const shape = text.cache ? {} : ({ shape: 'string' } as const);
  const parts = [{ type: 'tool-result', callId, content: [text], ...shape }] as const;
  state.out.splice(state.resultAt, 0, { role: 'tool', parts });
  state.resultAt += 1;
}

/** Stands for the result of a call nobody answered: a call without one is refused. */
const NO_RESULT_TEXT = '(This call has no result.)';

function closeCalls(state: Adapting): void {
  for (const [id, path] of state.openCalls) {
    state.warn({ kind: 'approximated', path, note: 'the call has no result: one that says so is filled in' });
    putResult(state, id, { type: 'text', text: NO_RESULT_TEXT });
  }
  state.openCalls.clear();
}

/** Tool messages are text only: the image goes to the next user message, and the result says where it is. */
function moveOut(state: Adapting, part: ChatPart, callId: string, path: string): string {
  const kind = part.type === 'image' ? 'image' : 'file';
  const id = fitCallId(callId, state.traits.callIds);
  state.warn({ kind: 'approximated', path, note: `the ${kind} stands in the user message after the result` });
  state.moved.push({ type: 'text', text: `The ${kind} returned by tool call ${id}:` }, part);
  return `[${kind}: see the next user message]`;
}

function addAssistant(state: Adapting, turn: ChatTurn, path: string): void {
  closeCalls(state);
  flushMoved(state);
  const parts = adaptParts(state, turn.parts, path);
  if (parts.length === 0 && turn.parts.length > 0) return;
  const said = parts.filter((part): part is TextPart => part.type === 'text');
  const text = said.map((part) => part.text).join('');
  const isMarked = said.some((part) => part.cache);
  const thoughts = parts.filter(isThought);
  const others = parts.filter((part) => part.type !== 'text' && !isThought(part));
  const calls = others.filter((part): part is ToolCallPart => part.type === 'tool-call');
  state.out.push(
    defined<ChatTurn>({
      role: 'assistant',
      parts: [...thoughts, ...(isMarked ? said : textParts(text)), ...others],
      shape: isMarked ? undefined : text === '' && calls.length > 0 ? 'empty' : 'string',
      name: turn.name,
    }),
  );
  for (const [index, part] of turn.parts.entries()) {
    if (part.type === 'tool-call') state.openCalls.set(part.id, `${path}.parts[${index}]`);
  }
  state.resultAt = state.out.length;
}

function adaptParts(state: Adapting, parts: readonly ChatPart[], path: string): ChatPart[] {
  return parts.flatMap((part, index) => adaptPart(state, part, `${path}.parts[${index}]`));
}

/**
 * A mark where the model's server caches by marks. Elsewhere it is gone: most servers cache every prompt by its
 * beginning, so it seldom costs anything, but what the client ordered (how long, and up to where) is not said.
 */
function keptMark(state: Adapting, part: MarkedPart, path: string): Pick<TextPart, 'cache'> {
  if (!part.cache) return {};
  if (state.traits.takesCacheMarks) return { cache: part.cache };
  state.warn({ kind: 'dropped', path: `${path}.cache`, note: 'prompts are cached without marks here' });
  return {};
}

type MarkedPart = Exclude<ChatPart, { type: 'opaque' }>;

/** A mark that has no place here, whatever the model. */
function dropMark(part: MarkedPart, path: string, warn: Warn): void {
  if (part.cache) warn({ kind: 'dropped', path: `${path}.cache`, note: 'this part takes no mark here' });
}

/** One part without what only its own format knows; nothing, one part, or a text in its place. */
function adaptPart(state: Adapting, part: ChatPart, path: string): ChatPart[] {
  if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, state.warn);
  const drop = (note: string): ChatPart[] => {
    state.warn({ kind: 'dropped', path, note });
    return [];
  };
  switch (part.type) {
    case 'text':
    case 'refusal':
      return adaptText(state, part, path);
    case 'image':
    case 'audio':
    case 'document':
      return (
        adaptMedia(state, part, path) ?? drop(`${part.type} of kind ${part.source.kind} cannot be sent here`)
      );
    case 'tool-call':
      return [adaptCall(state, part, path)];
    case 'tool-result':
      return drop('a tool result has no place here');
    case 'thinking':
      return adaptThought(part, part.signature, state.traits) ?? drop(OTHERS_THINKING);
    case 'redacted-thinking':
      return adaptThought(part, part.data, state.traits) ?? drop(OTHERS_THINKING);
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    default:
      return part satisfies never;
  }
}

function adaptText(state: Adapting, part: TextPart | RefusalPart, path: string): ChatPart[] {
  if (part.text !== '' && part.type === 'text') {
    return [{ type: 'text', text: part.text, ...keptMark(state, part, path) }];
  }
  dropMark(part, path, state.warn);
  return part.type === 'refusal' ? [{ type: 'refusal', text: part.text }] : [];
}

/** Undefined where the bytes are in a place this format cannot name. */
function adaptMedia(
  state: Adapting,
  part: ImagePart | AudioPart | DocumentPart,
  path: string,
): ChatPart[] | undefined {
  const media = adaptSource(state, part, path);
  if (!media) {
    dropMark(part, path, state.warn);
    return undefined;
  }
  return [{ ...media, ...keptMark(state, part, path) }];
}

function adaptSource(
  state: Adapting,
  part: ImagePart | AudioPart | DocumentPart,
  path: string,
): MarkedPart | undefined {
  if (part.type === 'document') return adaptDocument(state, part, path);
  const { source } = part;
  if (part.type === 'image') {
    if (source.kind !== 'base64' && source.kind !== 'url') return undefined;
    return defined<ImagePart>({ type: 'image', source, detail: part.detail });
  }
  if (source.kind !== 'base64') return undefined;
  return { type: 'audio', source, encoding: part.encoding ?? audioEncoding(source.mediaType) };
}

function isThought(part: ChatPart): boolean {
  return part.type === 'thinking' || part.type === 'redacted-thinking';
}

const OTHERS_THINKING = "thinking of another vendor's model is not taken back";

/** Undefined for a thought of another vendor, or that stood where this model's server takes none. */
function adaptThought<T extends ThinkingPart | RedactedThinkingPart>(
  part: T,
  signature: Signature | undefined,
  { thoughts }: ModelTraits,
): T[] | undefined {
  if (signature?.format !== FORMAT || !thoughts.includes(placeOf(signature))) return undefined;
  const { cache: _cache, extra: _extra, ...own } = part;
  return [own as T];
}

function adaptCall({ traits, warn }: Adapting, call: ToolCallPart, path: string): ToolCallPart {
  const { id, name, arguments: text, signature } = call;
  dropMark(call, path, warn);
  const isOwn = signature?.format === FORMAT;
  if (signature && !isOwn) {
    warn({ kind: 'dropped', path: `${path}.signature`, note: `only ${signature.format} knows this state` });
  }
  return {
    type: 'tool-call',
    id: fitCallId(id, traits.callIds),
    name: fitName(name),
    // Called without arguments; templates of open models parse this text.
    arguments: text === '' ? '{}' : text,
    ...(isOwn && { signature }),
  };
}

const DEFAULT_FILE_NAME = 'document.pdf';

function adaptDocument(
  { warn }: Adapting,
  { source, title }: DocumentPart,
  path: string,
): TextPart | DocumentPart | undefined {
  switch (source.kind) {
    case 'text':
      return { type: 'text', text: title === undefined ? source.text : `${title}\n\n${source.text}` };
    case 'url': {
      warn({ kind: 'approximated', path, note: 'files cannot be sent by URL: the URL is sent as text' });
      return { type: 'text', text: `Document${title === undefined ? '' : ` "${title}"`}: ${source.url}` };
    }
    case 'file':
      return isOpenaiFile(source) ? defined<DocumentPart>({ type: 'document', source, title }) : undefined;
    case 'base64':
      if (source.mediaType.startsWith('text/')) {
        return { type: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') };
      }
      return { type: 'document', source, title: title ?? DEFAULT_FILE_NAME };
    default:
      return source satisfies never;
  }
}
