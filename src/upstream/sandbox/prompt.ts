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

/** Coding agents wrap what they add to the user's words in such tags. */
const ADDED_BY_CLIENT = /^\s*<(system-reminder|environment_context|user_instructions|command-\w+)>/;

/**
 * The n-th order of a prompt is for the n-th answer to it (calls of tools make one prompt need several), so a
 * test can script a whole turn of an agent in its first prompt.
 * @throws {DirectiveError}
 */
export function readPrompt(chat: ChatRequest, header: string | undefined): Prompt {
  const turns = chat.turns.filter((turn) => turn.role !== 'system' && turn.role !== 'developer');
  const at = turns.findLastIndex(isPrompt);
  const { text, directives } = extractDirectives(at === -1 ? '' : textOf(turns[at]!));
  const answersSince = turns.slice(at + 1).filter(hasToolCall).length;
  const fromPrompt = directives[answersSince] ?? {};
  const fromHeader = header === undefined ? {} : parseDirectiveHeader(header);
  return { text, results: lastResults(turns), directive: { ...fromPrompt, ...fromHeader } };
}

function isPrompt(turn: ChatTurn): boolean {
  if (turn.role !== 'user') return false;
  const isAnswerOfTools = turn.parts.some((part) => part.type === 'tool-result');
  return isAnswerOfTools ? turn.parts.some(isOwnText) : turn.parts.length > 0;
}

function isOwnText(part: ChatPart): boolean {
  return part.type === 'text' && !ADDED_BY_CLIENT.test(part.text);
}

function textOf(turn: ChatTurn): string {
  const texts = turn.parts.flatMap((part) => (part.type === 'text' ? [part] : []));
  const own = texts.filter(isOwnText);
  return (own.length > 0 ? own : texts).map((part) => part.text).join('\n');
}

function hasToolCall(turn: ChatTurn): boolean {
  return turn.role === 'assistant' && turn.parts.some((part) => part.type === 'tool-call');
}

/** Results of one round may stand in one turn or in several. */
function lastResults(turns: readonly ChatTurn[]): ToolResultPart[] {
  const results: ToolResultPart[] = [];
  for (const turn of turns.toReversed()) {
    const found = turn.parts.flatMap((part) => (part.type === 'tool-result' ? [part] : []));
    if (found.length === 0 || isPrompt(turn)) break;
    results.unshift(...found);
  }
  return results;
}

/** Text of a tool result; blocks without text are named by their type. */
export function resultText(result: ToolResultPart): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}
