/** Reads a conversation as a model would: what was asked last, what the tools said since, which orders are in force. */
import type { ChatPart, ChatRequest, ChatTurn, ToolResultPart } from '../../wire/chat.ts';
import { type Directive, extractDirectives, parseDirectiveHeader } from './directive.ts';

export interface Prompt {
  /** The user's last text, without orders and without what the client's own machinery put beside it. */
  readonly text: string;
  /** Results the conversation ends with; empty when the user has the last word. */
  readonly results: readonly ToolResultPart[];
  /** In force for this answer: the header's, over that of the prompt which stands at this answer's place. */
  readonly directive: Directive;
}

/** Tags coding agents wrap around what they add to the user's words. */
const ADDED_BY_CLIENT: readonly string[] = ['system-reminder', 'environment_context', 'user_instructions'];

/**
 * The n-th order of a prompt is for the n-th answer to it (calls of tools make one prompt need several), so a
 * test can script a whole turn of an agent in its first prompt.
 * @throws {DirectiveError}
 */
export function readPrompt(chat: ChatRequest, header: string | undefined): Prompt {
  const turns = chat.turns.filter((turn) => turn.role !== 'system' && turn.role !== 'developer');
  const lastPrompt = turns.findLastIndex(isPrompt);
  const at = lastPrompt === -1 ? turns.findLastIndex((turn) => turn.role === 'user') : lastPrompt;
  const { text, directives } = extractDirectives(at === -1 ? '' : textOf(turns[at]!));
  const answersSince = turns.slice(at + 1).filter(hasToolCall).length;
  const fromPrompt = directives[answersSince] ?? {};
  const fromHeader = header === undefined ? {} : parseDirectiveHeader(header);
  return { text, results: lastResults(turns), directive: { ...fromPrompt, ...fromHeader } };
}

/** Only words of the user's own begin something new; pictures and reminders may follow the results of tools. */
function isPrompt(turn: ChatTurn): boolean {
  return turn.role === 'user' && turn.parts.some(isOwnText);
}

function isOwnText(part: ChatPart): boolean {
  return part.type === 'text' && ownWords(part.text) !== '';
}

function textOf(turn: ChatTurn): string {
  const texts = turn.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const own = texts.map(ownWords).filter((text) => text !== '');
  return (own.length > 0 ? own : texts).join('\n');
}

/** The text without tagged blocks; they may share one text with the user's words. */
function ownWords(text: string): string {
  return ADDED_BY_CLIENT.reduce(withoutBlocks, text);
}

function withoutBlocks(text: string, tag: string): string {
  let rest = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(`<${tag}>`, from);
    const end = start === -1 ? -1 : text.indexOf(`</${tag}>`, start);
    if (end === -1) break;
    rest += text.slice(from, start);
    from = end + tag.length + 3;
  }
  return from === 0 ? text : (rest + text.slice(from)).trim();
}

function hasToolCall(turn: ChatTurn): boolean {
  return turn.role === 'assistant' && turn.parts.some((part) => part.type === 'tool-call');
}

/** Results of one round may stand in one turn or in several, and what a client adds after them. */
function lastResults(turns: readonly ChatTurn[]): ToolResultPart[] {
  const results: ToolResultPart[] = [];
  for (const turn of turns.toReversed()) {
    const found = turn.parts.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
    const isAdded = results.length === 0 && turn.role === 'user';
    if (isPrompt(turn) || (found.length === 0 && !isAdded)) break;
    results.unshift(...found);
  }
  return results;
}

/** Text of a tool result; blocks without text are named by their type. */
export function resultText(result: ToolResultPart): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}
