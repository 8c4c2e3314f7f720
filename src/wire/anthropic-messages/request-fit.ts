/** A chat of another format as a request Anthropic accepts; each change is a warning. */
import type { ChatRequest, JsonObject } from '../chat.ts';
import { present } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { below } from './fields.ts';
import { calledTools, canThink, type Draft, fitMessages, shortContent } from './messages-fit.ts';
import { fitOutput } from './output.ts';
import { fitReasoning, type WireReasoning } from './reasoning.ts';
import { fitChoice, renderTools } from './tools.ts';
import { readTraits } from './traits.ts';

/** Anthropic demands `max_tokens`; this is what it is where the client set none. All served models take it. */
export const DEFAULT_MAX_TOKENS = 8_192;
/** Anthropic refuses a longer `metadata.user_id`. */
const MAX_END_USER_CHARS = 256;
/** Other formats go up to 2. */
const MAX_TEMPERATURE = 1;
/** Smallest `top_p` Anthropic takes beside thinking. */
const MIN_THINKING_TOP_P = 0.95;

/** The request without `extra`; `place` collects the warnings. */
export function fitRequest(chat: ChatRequest, place: Place): JsonObject {
  const { system, drafts } = fitMessages(chat, place);
  const reasoning = fitReasoning(chat, canThink(drafts), below(place, 'reasoning'));
  const format = fitOutput(chat.output, place);
  const config = present({ effort: reasoning.effort, format });
  return present({
    model: chat.model,
    max_tokens: fitMaxTokens(chat, reasoning, place),
    system: system.length > 0 ? shortContent(system) : undefined,
    messages: drafts.map(({ role, blocks }) => ({ role, content: shortContent(blocks) })),
    ...fitTools(chat, drafts, place),
    ...fitSampling(chat, reasoning, place),
    stop_sequences: fitStops(chat, place),
    thinking: reasoning.thinking,
    output_config: Object.keys(config).length > 0 ? config : undefined,
    metadata: fitEndUser(chat, place),
    service_tier: fitServiceTier(chat, place),
    stream: chat.stream || undefined,
  });
}

function fitMaxTokens(chat: ChatRequest, reasoning: WireReasoning, place: Place): number {
  if (chat.maxOutputTokens !== undefined) return chat.maxOutputTokens;
  const budget = reasoning.thinking?.budget_tokens;
  const tokens = DEFAULT_MAX_TOKENS + (typeof budget === 'number' ? budget : 0);
  approximate(place, 'maxOutputTokens', `Anthropic demands a limit: ${tokens}`);
  return tokens;
}

/** Anthropic refuses a history with calls when no tools are given: then the called ones are, not to be called. */
function fitTools(chat: ChatRequest, drafts: readonly Draft[], place: Place): JsonObject {
  const tools = renderTools(chat.tools, place);
  const choice = fitChoice(chat, tools.length > 0, place);
  if (tools.length > 0) return choice ? { tools, tool_choice: choice } : { tools };
  const names = calledTools(drafts);
  if (names.length === 0) return {};
  approximate(place, 'tools', 'the tools called in the history are declared, not to be called');
  return {
    tools: names.map((name) => ({ name, input_schema: { type: 'object' } })),
    tool_choice: { type: 'none' },
  };
}

/** Temperature and top_p of 1 are the default: leaving them out is no loss. */
function fitSampling(chat: ChatRequest, reasoning: WireReasoning, place: Place): JsonObject {
  const isThinking = reasoning.thinking !== undefined && reasoning.thinking.type !== 'disabled';
  const { takesSampling } = readTraits(chat.model);
  const refusal = takesSampling ? 'refused beside thinking' : 'this model takes no sampling parameters';
  const isFree = takesSampling && !isThinking;
  const { topK } = chat;
  if (topK !== undefined && !isFree) drop(place, 'topK', refusal);
  const temperature = fitTemperature(chat.temperature, isFree ? undefined : refusal, place);
  const topP = chat.topP === 1 ? undefined : chat.topP;
  if (topP === undefined) return present({ temperature, top_k: isFree ? topK : undefined });
  const isRefused = !takesSampling || (isThinking && topP < MIN_THINKING_TOP_P);
  if (isRefused) drop(place, 'topP', refusal);
  const isBesideTemperature = temperature !== undefined && temperature !== 1;
  if (!isRefused && isBesideTemperature) drop(place, 'topP', 'newer models refuse it beside a temperature');
  if (isRefused || isBesideTemperature) return present({ temperature, top_k: isFree ? topK : undefined });
  return present({ top_p: topP, top_k: isFree ? topK : undefined });
}

function fitTemperature(
  value: number | undefined,
  refusal: string | undefined,
  place: Place,
): number | undefined {
  if (value === undefined || (refusal && value === 1)) return undefined;
  if (refusal) {
    drop(place, 'temperature', refusal);
    return undefined;
  }
  if (value <= MAX_TEMPERATURE) return value;
  approximate(place, 'temperature', `cut from ${value} to ${MAX_TEMPERATURE}`);
  return MAX_TEMPERATURE;
}

function fitStops(chat: ChatRequest, place: Place): string[] | undefined {
  const stops = chat.stop?.filter((stop) => stop.trim() !== '');
  if (stops && chat.stop && stops.length < chat.stop.length) {
    drop(place, 'stop', 'Anthropic refuses stop sequences of blanks alone');
  }
  return stops && stops.length > 0 ? stops : undefined;
}

function fitEndUser(chat: ChatRequest, place: Place): JsonObject | undefined {
  if (chat.endUser === undefined) return undefined;
  if (chat.endUser.length <= MAX_END_USER_CHARS) return { user_id: chat.endUser };
  drop(place, 'endUser', `longer than ${MAX_END_USER_CHARS} characters`);
  return undefined;
}

/** Tiers of other vendors that have an equal here. */
const TIERS: Readonly<Record<string, string>> = {
  auto: 'auto',
  default: 'standard_only',
  standard: 'standard_only',
  standard_only: 'standard_only',
};

function fitServiceTier(chat: ChatRequest, place: Place): string | undefined {
  const { serviceTier } = chat;
  if (serviceTier === undefined) return undefined;
  if (Object.hasOwn(TIERS, serviceTier)) return TIERS[serviceTier];
  drop(place, 'serviceTier', `Anthropic has no tier ${serviceTier}`);
  return undefined;
}
