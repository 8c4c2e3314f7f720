/**
 * Makes a chat from another format one that this format can say, and names what is lost on the way: settings
 * and tools here, turns in `adapt-turns.ts`. Chat in, chat out; the writers then have nothing left to decide.
 */
import type { ChatRequest, Reasoning } from '../chat.ts';
import { effortWish, nearestEffort } from '../effort.ts';
import { defined } from '../json.ts';
import {
  adaptEndUser,
  adaptParallel,
  adaptServiceTier,
  adaptToolChoice,
  adaptTools,
} from '../openai-adapt.ts';
import type { Warn } from '../own-extra.ts';
import { adaptTurns } from './adapt-turns.ts';
import type { ModelTraits } from './models.ts';
import { FORMAT, warnExtra } from './own.ts';

/** To be had beside the ordinary one. */
const TIERS = ['flex', 'priority'];

/** OpenAI takes no more. */
const MAX_STOP_SEQUENCES = 4;

/** Field by field: copying the chat and taking out what is lost costs as much as all the rest. */
export function adaptRequest(chat: ChatRequest, traits: ModelTraits, warn: Warn): ChatRequest {
  const tools = adaptTools(chat.tools, {
    marks: traits.takesCacheMarks ? 'kept' : { note: 'prompts are cached without marks here' },
    warnExtra,
    warn,
  });
  warnExtra(chat.extra, 'extra', warn);
  warnOfSampling(chat, traits, warn);
  if (chat.topK !== undefined) warn({ kind: 'dropped', path: 'topK', note: 'OpenAI chat has no top_k' });
  const sampling = traits.takesSampling ? chat : NO_SAMPLING;
  return defined<ChatRequest>({
    model: chat.model,
    turns: adaptTurns(chat.turns, traits, warn),
    tools,
    toolChoice: adaptToolChoice(chat.toolChoice, tools),
    parallelToolCalls: adaptParallel(chat, tools),
    maxOutputTokens: chat.maxOutputTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    stop: adaptStop(sampling.stop, warn),
    seed: chat.seed,
    presencePenalty: sampling.presencePenalty,
    frequencyPenalty: sampling.frequencyPenalty,
    reasoning: adaptReasoning(chat.reasoning, traits, warn),
    output: chat.output,
    stream: chat.stream,
    // Without it a stream ends without usage, and nobody could be charged rightly.
    streamUsage: chat.stream ? true : undefined,
    endUser: adaptEndUser(chat.endUser, warn),
    serviceTier: adaptServiceTier(chat.serviceTier, TIERS, warn),
    extra: { format: FORMAT, fields: {} },
  });
}

const SAMPLING_KEYS = ['temperature', 'topP', 'presencePenalty', 'frequencyPenalty', 'stop'] as const;
const NO_SAMPLING: Partial<Pick<ChatRequest, (typeof SAMPLING_KEYS)[number]>> = {};

function warnOfSampling(chat: ChatRequest, { takesSampling }: ModelTraits, warn: Warn): void {
  if (takesSampling) return;
  for (const key of SAMPLING_KEYS) {
    const isDefault = chat[key] === 1 && (key === 'temperature' || key === 'topP');
    if (chat[key] === undefined || isDefault) continue;
    warn({ kind: 'dropped', path: key, note: `${chat.model} refuses it, as it reasons` });
  }
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
