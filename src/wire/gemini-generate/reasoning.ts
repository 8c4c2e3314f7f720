/** How much to think: `thinkingConfig`, both ways, and what other formats' wishes become. */
import type { ChatRequest, JsonObject, JsonValue, Reasoning } from '../chat.ts';
import { effortOfBudget, nearestEffort } from '../effort.ts';
import { asObject, asText, defined, isObject, isSameJson, present } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { dropForeign, FORMAT, ownFields, ownSpelling, type Place } from './fields.ts';

/** `thinkingBudget` that leaves it to the model. */
const DYNAMIC = -1;

/** Reasoning as `thinkingConfig` says it; undefined when it says nothing of how much. */
export function readReasoning(config: JsonObject): Reasoning | undefined {
  const { thinkingBudget, thinkingLevel, includeThoughts, ...rest } = config;
  const words = readWords(thinkingBudget, asText(thinkingLevel), includeThoughts);
  if (!words) return undefined;
  return { ...words, extra: { format: FORMAT, fields: rest, spelling: { thinkingConfig: config } } };
}

function readWords(
  budget: JsonValue | undefined,
  level: string | undefined,
  includeThoughts: JsonValue | undefined,
): Reasoning | undefined {
  if (budget === 0) return { mode: 'off' };
  const effort = level && level !== 'THINKING_LEVEL_UNSPECIFIED' ? level.toLowerCase() : undefined;
  if (typeof budget === 'number' && budget > 0) {
    return defined<Reasoning>({ mode: 'on', effort, budgetTokens: budget });
  }
  if (effort !== undefined) return { mode: 'adaptive', effort };
  // To ask for the thoughts is to ask for thinking.
  return budget === DYNAMIC || includeThoughts === true ? { mode: 'adaptive' } : undefined;
}

/** The `thinkingConfig` of a chat of this format: as it came while it still says the same. */
export function writeReasoning(reasoning: Reasoning | undefined): JsonObject | undefined {
  if (!reasoning) return undefined;
  const { thinkingConfig } = ownSpelling(reasoning.extra);
  const { extra: _extra, ...words } = reasoning;
  if (isObject(thinkingConfig)) {
    const { extra: _again, ...read } = readReasoning(thinkingConfig) ?? { mode: 'off' };
    if (isSameJson(read, words)) return thinkingConfig;
  }
  const includeThoughts = asObject(thinkingConfig)?.includeThoughts;
  return { ...present({ ...writeWords(words), includeThoughts }), ...ownFields(reasoning.extra) };
}

function writeWords({ mode, effort, budgetTokens }: Reasoning): JsonObject {
  if (mode === 'off') return { thinkingBudget: 0 };
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens };
  return effort === undefined ? { thinkingBudget: DYNAMIC } : { thinkingLevel: effort };
}

/** Budgets that Google itself puts for efforts; above them the model's own limit. */
const EFFORT_BUDGETS: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

/** `thinkingConfig` for a chat of another format; undefined when the model's default will do. */
export function fitReasoning({ reasoning }: ChatRequest, place: Place): JsonObject | undefined {
  if (!reasoning) return undefined;
  dropForeign(reasoning.extra, place);
  const isOff = reasoning.mode === 'off' || reasoning.effort === 'none' || reasoning.budgetTokens === 0;
  switch (place.traits.thinking) {
    case 'none':
      if (!isOff) drop(place, '', 'this model takes no thinking settings');
      return undefined;
    case 'budget':
      return isOff ? budgetOff(place) : fitBudget(reasoning, place);
    case 'level':
      return isOff ? levelOff(place) : fitLevel(reasoning, place);
    default:
      return place.traits.thinking satisfies never;
  }
}

function budgetOff(place: Place): JsonObject {
  const { canBeOff, min } = place.traits.budget;
  if (!canBeOff) approximate(place, '', `this model always thinks: at least ${min} tokens`);
  return { thinkingBudget: canBeOff ? 0 : min };
}

function levelOff(place: Place): JsonObject {
  const level = place.traits.levels[0]!;
  approximate(place, '', `this model always thinks: sent as thinkingLevel ${level}`);
  return { thinkingLevel: level };
}

function fitBudget({ effort, budgetTokens }: Reasoning, place: Place): JsonObject {
  if (effort === undefined && budgetTokens === undefined) {
    return { thinkingBudget: DYNAMIC, includeThoughts: true };
  }
  const { min, max } = place.traits.budget;
  const wish = budgetTokens ?? EFFORT_BUDGETS[effort ?? ''] ?? EFFORT_BUDGETS.medium!;
  const thinkingBudget = Math.min(Math.max(wish, min), max);
  if (thinkingBudget !== budgetTokens || effort !== undefined) {
    approximate(place, '', `this model takes a thinking budget: ${thinkingBudget} tokens`);
  }
  return { thinkingBudget, includeThoughts: true };
}

function fitLevel({ effort, budgetTokens }: Reasoning, place: Place): JsonObject {
  const wish = effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
  if (wish === undefined) return { includeThoughts: true };
  const thinkingLevel = nearestEffort(wish, place.traits.levels)!;
  if (thinkingLevel !== wish || budgetTokens !== undefined) {
    approximate(place, '', `sent as thinkingLevel ${thinkingLevel}`);
  }
  return { thinkingLevel, includeThoughts: true };
}
