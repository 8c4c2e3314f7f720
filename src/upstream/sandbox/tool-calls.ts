/** Decides which declared tools a simulated model calls, and with what: by order, by the client's choice, or by its own sense. */
import type { ChatRequest, ChatTool, ToolCallPart } from '../../wire/chat.ts';
import { DirectiveError } from './directive.ts';
import type { Prompt } from './prompt.ts';
import { SAMPLE_WORDS } from './prose.ts';
import type { Random } from './random.ts';
import { sampleSchema } from './schema-sample.ts';

export interface CallContext {
  readonly chat: ChatRequest;
  readonly prompt: Prompt;
  readonly random: Random;
  /** The model likes tools: it calls one even where the client leaves it the choice. */
  readonly isEager: boolean;
  /** Start of the calls' ids; unique per request. */
  readonly idPrefix: string;
}

/** Harmless first: with made-up arguments a shell says hello, a reader reads. Lower case, as found in coding agents. */
const PREFERRED: readonly string[] = [
  'bash',
  'shell',
  'exec_command',
  'run_shell_command',
  'local_shell',
  'read',
  'read_file',
  'glob',
  'list',
];

/** The calls of this answer; empty = it answers with text. @throws {DirectiveError} */
export function chooseCalls(context: CallContext): ToolCallPart[] {
  const { chat, prompt } = context;
  const tools = chat.tools.filter((tool) => !tool.builtin);
  if (tools.length === 0 || chat.toolChoice?.type === 'none') return [];
  const chosen = chooseTools(context, tools);
  const times = prompt.directive.parallel ?? 1;
  const all = chosen.flatMap((tool) => Array.from({ length: times }, () => tool));
  const allowed = chat.parallelToolCalls === false ? all.slice(0, 1) : all;
  return allowed.map((tool, index) => makeCall(context, tool, index));
}

function chooseTools(context: CallContext, tools: readonly ChatTool[]): readonly ChatTool[] {
  const { chat, prompt } = context;
  if (prompt.directive.tools) return prompt.directive.tools.map((name) => findTool(tools, name));
  if (chat.toolChoice?.type === 'tool') return [findTool(tools, chat.toolChoice.name)];
  const isForced = chat.toolChoice?.type === 'required' || prompt.directive.args !== undefined;
  const wantsText = prompt.directive.text !== undefined || prompt.directive.words !== undefined;
  const isInvited = context.isEager && prompt.results.length === 0 && !wantsText;
  if (!isForced && !isInvited) return [];
  const tool = findMentioned(tools, prompt.text) ?? findPreferred(tools) ?? findFirst(context, tools);
  return tool ? [tool] : [];
}

function findTool(tools: readonly ChatTool[], name: string): ChatTool {
  const wanted = name.toLowerCase();
  const found =
    tools.find((tool) => tool.name === name) ?? tools.find((tool) => tool.name.toLowerCase() === wanted);
  if (found) return found;
  const declared = tools.map((tool) => tool.name).join(', ');
  throw new DirectiveError(`the sandbox was told to call the tool "${name}"; declared are ${declared}`);
}

/** A tool the prompt names as a word of its own: spelled exactly before in another case, longer names before shorter. */
function findMentioned(tools: readonly ChatTool[], text: string): ChatTool | undefined {
  const longestFirst = tools.toSorted((a, b) => b.name.length - a.name.length);
  const words = new Set(text.split(/[^\w.:/-]+/).map((word) => word.replace(/[.:/-]+$/, '')));
  const lowerWords = new Set([...words].map((word) => word.toLowerCase()));
  return (
    longestFirst.find((tool) => words.has(tool.name)) ??
    longestFirst.find((tool) => lowerWords.has(tool.name.toLowerCase()))
  );
}

function findPreferred(tools: readonly ChatTool[]): ChatTool | undefined {
  for (const name of PREFERRED) {
    const found = tools.find((tool) => tool.name.toLowerCase() === name);
    if (found) return found;
  }
  return undefined;
}

function findFirst(context: CallContext, tools: readonly ChatTool[]): ChatTool | undefined {
  return tools.find((tool) => makeArguments(context, tool) !== undefined);
}

function makeCall(context: CallContext, tool: ChatTool, index: number): ToolCallPart {
  const value = context.prompt.directive.args ?? makeArguments(context, tool) ?? {};
  return {
    type: 'tool-call',
    id: `${context.idPrefix}${index}`,
    name: tool.name,
    arguments: JSON.stringify(value),
  };
}

function makeArguments(context: CallContext, tool: ChatTool) {
  const options = { random: context.random, withOptional: false, words: SAMPLE_WORDS };
  return sampleSchema(tool.inputSchema ?? { type: 'object' }, options);
}
