/**
 * Makes a chat from another format one that this format can say, and names what is lost on the way: settings
 * and tools here, turns in `adapt-turns.ts`. Chat in, chat out; the writers then have nothing left to decide.
 */
import type { ChatRequest, ChatTool, Reasoning } from '../chat.ts';
import { defined } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptTurns } from './adapt-turns.ts';
import { type Effort, effortOfBudget, type ModelTraits, nearestEffort } from './models.ts';
import { fitEndUser, fitToolName } from './names.ts';
import { FORMAT, warnExtra } from './own.ts';

/** OpenAI takes no more. */
const MAX_STOP_SEQUENCES = 4;

export function adaptRequest(chat: ChatRequest, traits: ModelTraits, warn: Warn): ChatRequest {
  const tools = adaptTools(chat.tools, traits, warn);
  warnExtra(chat.extra, 'extra', warn);
  const { topK, ...rest } = dropSampling(chat, traits, warn);
  if (topK !== undefined) warn({ kind: 'dropped', path: 'topK', note: 'OpenAI chat has no top_k' });
  return defined<ChatRequest>({
    ...rest,
    turns: adaptTurns(chat.turns, traits, chat.extra?.format, warn),
    tools,
    toolChoice: adaptToolChoice(chat, tools),
    // True is the default; both fields are refused where there are no tools.
    parallelToolCalls: tools.length > 0 && chat.parallelToolCalls === false ? false : undefined,
    stop: adaptStop(rest.stop, warn),
    reasoning: adaptReasoning(chat.reasoning, traits, warn),
    endUser: adaptEndUser(chat.endUser, warn),
    serviceTier: adaptServiceTier(chat.serviceTier, warn),
    // Without it a stream ends without usage, and nobody could be charged rightly.
    streamUsage: chat.stream ? true : undefined,
    extra: { format: FORMAT, fields: {} },
  });
}

function adaptTools(tools: readonly ChatTool[], traits: ModelTraits, warn: Warn): ChatTool[] {
  return tools.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (tool.builtin) {
      const note = `a built-in tool of ${tool.builtin.format}, not offered here`;
      warn({ kind: 'dropped', path, note });
      return [];
    }
    const { cache, extra, ...rest } = tool;
    warnExtra(extra, `${path}.extra`, warn);
    const isKept = cache !== undefined && traits.takesCacheMarks;
    if (cache && !isKept)
      warn({ kind: 'dropped', path: `${path}.cache`, note: 'prompts are cached without marks here' });
    const name = fitToolName(tool.name);
    if (name !== tool.name) {
      warn({ kind: 'approximated', path: `${path}.name`, note: `renamed ${name}; see createNameRestorer` });
    }
    return [{ ...rest, name, ...(isKept && { cache }) }];
  });
}

/** A choice among tools that are all gone would be refused. */
function adaptToolChoice(chat: ChatRequest, tools: readonly ChatTool[]): ChatRequest['toolChoice'] {
  const choice = chat.toolChoice;
  if (!choice || tools.length === 0) return undefined;
  if (choice.type !== 'tool') return choice;
  const name = fitToolName(choice.name);
  return tools.some((tool) => tool.name === name) ? { type: 'tool', name } : { type: 'required' };
}

const SAMPLING_KEYS = ['temperature', 'topP', 'presencePenalty', 'frequencyPenalty', 'stop'] as const;

function dropSampling(chat: ChatRequest, traits: ModelTraits, warn: Warn): ChatRequest {
  if (traits.takesSampling) return chat;
  const rest = { ...chat };
  for (const key of SAMPLING_KEYS) {
    if (rest[key] === undefined) continue;
    const isDefault = rest[key] === 1 && (key === 'temperature' || key === 'topP');
    delete rest[key];
    if (!isDefault) warn({ kind: 'dropped', path: key, note: `${chat.model} refuses it, as it reasons` });
  }
  return rest;
}

function adaptStop(stop: ChatRequest['stop'], warn: Warn): ChatRequest['stop'] {
  if (!stop || stop.length === 0) return undefined;
  if (stop.length <= MAX_STOP_SEQUENCES) return stop;
  const note = `only the first ${MAX_STOP_SEQUENCES} of ${stop.length} are sent`;
  warn({ kind: 'approximated', path: 'stop', note });
  return stop.slice(0, MAX_STOP_SEQUENCES);
}

function adaptReasoning(
  reasoning: Reasoning | undefined,
  { efforts }: ModelTraits,
  warn: Warn,
): Reasoning | undefined {
  if (!reasoning) return undefined;
  warnExtra(reasoning.extra, 'reasoning.extra', warn);
  const wish = effortWish(reasoning, efforts);
  // No wish for more than the model does by itself.
  if (wish === undefined || (wish === 'none' && efforts.length === 0)) return undefined;
  const effort = nearestEffort(wish, efforts);
  if (effort === undefined) {
    const note = 'this model is not known to take reasoning_effort; it reasons as it does by default';
    warn({ kind: 'dropped', path: 'reasoning', note });
    return undefined;
  }
  const isNamed = reasoning.mode === 'off' || reasoning.effort !== undefined;
  const isExact = isNamed && effort === wish && reasoning.budgetTokens === undefined;
  if (!isExact) warn({ kind: 'approximated', path: 'reasoning', note: `sent as reasoning_effort ${effort}` });
  return { mode: effort === 'none' ? 'off' : 'on', effort };
}

/** Undefined: nothing more is asked than that the model may think. */
function effortWish(
  { mode, effort, budgetTokens }: Reasoning,
  efforts: readonly Effort[],
): string | undefined {
  if (mode === 'off') return 'none';
  if (effort !== undefined) return effort;
  if (budgetTokens !== undefined) return effortOfBudget(budgetTokens);
  // A plain yes. Newer models do not reason unless they are told how much.
  return mode === 'on' && efforts.includes('none') ? 'medium' : undefined;
}

function adaptEndUser(endUser: string | undefined, warn: Warn): string | undefined {
  if (endUser === undefined) return undefined;
  const fitted = fitEndUser(endUser);
  if (fitted !== endUser) {
    warn({
      kind: 'approximated',
      path: 'endUser',
      note: 'too long for `user`: cut, with a hash of the whole',
    });
  }
  return fitted;
}

/** What other formats call the ordinary tier. `auto` is what happens without the field, so it is not sent. */
const TIERS: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  standard: 'default',
  standard_only: 'default',
  default: 'default',
  flex: 'flex',
  priority: 'priority',
};

function adaptServiceTier(tier: string | undefined, warn: Warn): string | undefined {
  if (tier !== undefined && !Object.hasOwn(TIERS, tier)) {
    warn({ kind: 'dropped', path: 'serviceTier', note: `there is no service tier ${tier} here` });
    return undefined;
  }
  return tier === undefined ? undefined : TIERS[tier];
}
