/**
 * Makes a chat from another format one that this format can say, and names what is lost on the way: settings and
 * tools here, turns in `adapt-turns.ts`. Chat in, chat out; the writers then have nothing left to decide.
 */
import type { ChatRequest, ChatTool, OutputShape, Reasoning } from '../chat.ts';
import { effortOfBudget, nearestEffort } from '../effort.ts';
import { defined } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptTurns } from './adapt-turns.ts';
import { LEVELS, readTraits } from './models.ts';
import { FORMAT, warnExtra } from './own.ts';
import { numCtxOfChat } from './window.ts';

export function adaptRequest(chat: ChatRequest, warn: Warn): ChatRequest {
  warnExtra(chat.extra, 'extra', warn);
  warnOfMissing(chat, warn);
  const adapted = defined<ChatRequest>({
    model: chat.model,
    turns: adaptTurns(chat.turns, warn),
    tools: adaptTools(chat, warn),
    maxOutputTokens: chat.maxOutputTokens,
    temperature: chat.temperature,
    topP: chat.topP,
    topK: chat.topK,
    stop: chat.stop?.length ? chat.stop : undefined,
    seed: chat.seed,
    presencePenalty: chat.presencePenalty,
    frequencyPenalty: chat.frequencyPenalty,
    reasoning: adaptReasoning(chat, warn),
    output: adaptOutput(chat.output, warn),
    stream: chat.stream,
  });
  return { ...adapted, extra: { format: FORMAT, fields: {}, spelling: spellingFor(adapted) } };
}

/**
 * What this wire's clients seldom say and a gateway must: a window that is large enough, and, should the estimate
 * be wrong all the same, no cut by the server, neither of old messages nor of the prompt's middle. Then it answers
 * with an error instead.
 */
function spellingFor(adapted: ChatRequest) {
  return {
    stream: adapted.stream,
    truncate: false,
    shift: false,
    options: { num_ctx: numCtxOfChat(adapted) },
  };
}

/** Values that say what is so without them. */
const ORDINARY_TIERS: readonly (string | undefined)[] = [undefined, 'auto', 'default', 'standard'];

function warnOfMissing(chat: ChatRequest, warn: Warn): void {
  const drop = (path: string, note: string) => warn({ kind: 'dropped', path, note });
  const { toolChoice, tools } = chat;
  if (toolChoice && toolChoice.type !== 'auto' && toolChoice.type !== 'none') {
    drop('toolChoice', 'a model here cannot be made to call a tool');
  }
  if (chat.parallelToolCalls === false && tools.length > 0 && toolChoice?.type !== 'none') {
    drop('parallelToolCalls', 'nothing keeps a model here from calling several tools at once');
  }
  if (chat.endUser !== undefined) drop('endUser', 'there is no field for the end user');
  if (!ORDINARY_TIERS.includes(chat.serviceTier)) drop('serviceTier', 'there are no service tiers');
}

function adaptTools({ tools, toolChoice }: ChatRequest, warn: Warn): ChatTool[] {
  if (toolChoice?.type === 'none' && tools.length > 0) {
    const note = 'none may be called, and nothing here says that but leaving them out';
    warn({ kind: 'approximated', path: 'tools', note });
    return [];
  }
  return tools.flatMap((tool, index) => adaptTool(tool, `tools[${index}]`, warn));
}

function adaptTool(tool: ChatTool, path: string, warn: Warn): ChatTool[] {
  if (tool.builtin) {
    const note = `a built-in tool of ${tool.builtin.format}, not offered here`;
    warn({ kind: 'dropped', path, note });
    return [];
  }
  const { name, description, cache, extra, strict, inputSchema } = tool;
  warnExtra(extra, `${path}.extra`, warn);
  if (cache) warn({ kind: 'dropped', path: `${path}.cache`, note: 'prompts are cached without marks here' });
  if (strict)
    warn({ kind: 'dropped', path: `${path}.strict`, note: 'arguments are not held to the schema here' });
  // Templates walk over the properties.
  const schema = inputSchema ?? { type: 'object', properties: {} };
  return [defined<ChatTool>({ name, description, inputSchema: schema })];
}

/** The schema alone counts here; what it is called does not matter to anyone. */
function adaptOutput(output: OutputShape | undefined, warn: Warn): OutputShape | undefined {
  if (output?.type !== 'json-schema') return output?.type === 'json' ? output : undefined;
  if (output.description) {
    warn({
      kind: 'dropped',
      path: 'output.description',
      note: 'there is no field for what the schema is for',
    });
  }
  return { type: 'json-schema', schema: output.schema };
}

function adaptReasoning({ reasoning, model }: ChatRequest, warn: Warn): Reasoning | undefined {
  if (!reasoning) return undefined;
  warnExtra(reasoning.extra, 'reasoning.extra', warn);
  const approximate = (note: string) => warn({ kind: 'approximated', path: 'reasoning', note });
  const { think } = readTraits(model);
  const isOff = reasoning.mode === 'off' || reasoning.effort === 'none';
  if (think === 'levels') return adaptLevel(reasoning, isOff, approximate);
  if (isOff) return { mode: 'off' };
  const hasWish = reasoning.effort !== undefined || reasoning.budgetTokens !== undefined;
  if (think === 'switch') {
    if (hasWish) approximate('thinking is on or off for this model');
    return { mode: 'on' };
  }
  // No more is asked than that the model may think, which it does by itself if it can.
  if (reasoning.mode === 'adaptive' && !hasWish) return undefined;
  const note = 'this model is not known to take `think`; it thinks as it does by default';
  warn({ kind: 'dropped', path: 'reasoning', note });
  return undefined;
}

function adaptLevel(
  { mode, effort, budgetTokens }: Reasoning,
  isOff: boolean,
  approximate: (note: string) => void,
): Reasoning | undefined {
  if (isOff) {
    approximate('this model always thinks: sent as level low');
    return { mode: 'on', effort: LEVELS[0] };
  }
  if (effort === undefined && budgetTokens === undefined)
    return mode === 'adaptive' ? undefined : { mode: 'on' };
  const level = effort === undefined ? effortOfBudget(budgetTokens!) : nearestEffort(effort, LEVELS)!;
  if (level !== effort || budgetTokens !== undefined) approximate(`sent as level ${level}`);
  return { mode: 'on', effort: level };
}
