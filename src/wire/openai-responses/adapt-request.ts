/**
 * Makes a chat from another format one that this format can say, and names what is lost on the way: settings and
 * tools here, turns in `adapt-turns.ts`. Chat in, chat out; the writers then have nothing left to decide.
 */
import type { ChatRequest, JsonObject, OutputShape, Reasoning } from '../chat.ts';
import { effortWish, nearestEffort } from '../effort.ts';
import { defined } from '../json.ts';
import {
  adaptEndUser,
  adaptParallel,
  adaptServiceTier,
  adaptToolChoice,
  adaptTools,
} from '../openai-adapt.ts';
import { fitName } from '../openai-names.ts';
import type { Warn } from '../own-extra.ts';
import { adaptTurns } from './adapt-turns.ts';
import { type ModelTraits, readTraits } from './models.ts';
import { ownExtra, warnExtra } from './own.ts';

/** To be had beside the ordinary one. */
const TIERS = ['flex', 'scale', 'priority'];

/** OpenAI answers a lower limit with a 400. */
const MIN_OUTPUT_TOKENS = 16;

export function adaptRequest(chat: ChatRequest, warn: Warn): ChatRequest {
  const traits = readTraits(chat.model);
  const tools = adaptTools(chat.tools, {
    marks: { note: 'tools are cached without marks here' },
    warnExtra,
    warn,
  });
  warnExtra(chat.extra, 'extra', warn);
  dropSettings(chat, traits, warn);
  const isSampling = traits.takesSampling;
  const reasoning = adaptReasoning(chat.reasoning, traits, warn);
  return defined<ChatRequest>({
    model: chat.model,
    stream: chat.stream,
    turns: adaptTurns(chat.turns, traits, warn),
    tools,
    toolChoice: adaptToolChoice(chat.toolChoice, tools),
    parallelToolCalls: adaptParallel(chat, tools),
    maxOutputTokens: adaptLimit(chat.maxOutputTokens, warn),
    temperature: isSampling ? chat.temperature : undefined,
    topP: isSampling ? chat.topP : undefined,
    reasoning,
    output: adaptOutput(chat.output, warn),
    endUser: adaptEndUser(chat.endUser, warn),
    serviceTier: adaptServiceTier(chat.serviceTier, TIERS, warn),
    extra: ownExtra({}, { body: standingFields(traits) }),
  });
}

/**
 * Nobody asked for the answer to be stored, and whoever speaks another format has no way to point at it: it is not.
 * So the model's thoughts must come along encrypted, to be sent back with the next turn.
 */
function standingFields({ isEncrypting }: ModelTraits): JsonObject {
  return { store: false, ...(isEncrypting && { include: ['reasoning.encrypted_content'] }) };
}

const NEVER = ['topK', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const;
const SAMPLING = ['temperature', 'topP'] as const;
/** Values that say what is so without them. */
const NEUTRAL: Partial<Record<(typeof NEVER)[number] | (typeof SAMPLING)[number], number>> = {
  temperature: 1,
  topP: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};

function dropSettings(chat: ChatRequest, { takesSampling }: ModelTraits, warn: Warn): void {
  for (const key of NEVER) {
    const value = chat[key];
    if (value === undefined || value === NEUTRAL[key] || (Array.isArray(value) && value.length === 0))
      continue;
    warn({ kind: 'dropped', path: key, note: 'OpenAI Responses has no such setting' });
  }
  for (const key of SAMPLING) {
    if (takesSampling || chat[key] === undefined || chat[key] === NEUTRAL[key]) continue;
    warn({ kind: 'dropped', path: key, note: `${chat.model} refuses it, as it reasons` });
  }
}

function adaptLimit(limit: number | undefined, warn: Warn): number | undefined {
  if (limit === undefined || limit >= MIN_OUTPUT_TOKENS) return limit;
  warn({
    kind: 'approximated',
    path: 'maxOutputTokens',
    note: `${MIN_OUTPUT_TOKENS} is the least taken here`,
  });
  return MIN_OUTPUT_TOKENS;
}

/**
 * Thoughts are shown to those who named a budget or left the amount to the model: they speak a wire that shows them.
 * An effort alone may come from one that never does.
 */
function adaptReasoning(
  reasoning: Reasoning | undefined,
  { efforts, isEncrypting }: ModelTraits,
  warn: Warn,
): Reasoning | undefined {
  if (!reasoning) return undefined;
  warnExtra(reasoning.extra, 'reasoning.extra', warn);
  const wish = effortWish(reasoning, efforts);
  if (wish === 'none' && efforts.length === 0) return undefined;
  if (wish === undefined && isEncrypting) return { mode: 'adaptive' };
  const effort = nearestEffort(wish ?? 'medium', efforts);
  if (effort === undefined || wish === undefined) {
    const note = 'this model is not known to take an effort; it reasons as it does by default';
    warn({ kind: 'dropped', path: 'reasoning', note });
    return undefined;
  }
  const isNamed = reasoning.mode === 'off' || reasoning.effort !== undefined;
  const isExact = isNamed && effort === wish && reasoning.budgetTokens === undefined;
  if (!isExact) warn({ kind: 'approximated', path: 'reasoning', note: `sent as the effort ${effort}` });
  if (effort === 'none') return { mode: 'off', effort };
  const { mode, budgetTokens } = reasoning;
  const isAlone = mode === 'on' && reasoning.effort !== undefined && budgetTokens === undefined;
  const isShown = mode !== 'off' && !isAlone && isEncrypting;
  return { mode: isShown ? 'adaptive' : 'on', effort };
}

function adaptOutput(output: OutputShape | undefined, warn: Warn): OutputShape | undefined {
  if (output?.type !== 'json-schema' || output.name === undefined) return output;
  const name = fitName(output.name);
  if (name !== output.name) warn({ kind: 'approximated', path: 'output.name', note: `renamed ${name}` });
  return { ...output, name };
}
