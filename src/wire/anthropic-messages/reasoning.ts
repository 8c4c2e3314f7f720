/** How much to think: `thinking` and `output_config.effort`, both ways, and what other formats' wishes become. */
import type { ChatRequest, JsonObject, Reasoning } from '../chat.ts';
import { defined, isObject } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { type Rest, takeNumber } from '../rest.ts';
import { FORMAT, leftExtra, ownSpelling, restore } from './fields.ts';
import { readTraits } from './traits.ts';

const MODES: Readonly<Record<string, Reasoning['mode']>> = {
  enabled: 'on',
  adaptive: 'adaptive',
  disabled: 'off',
};
const MODE_WORDS = { on: 'enabled', adaptive: 'adaptive', off: 'disabled' } as const;

/** Takes `thinking` out of the rest and joins it with the effort. Unknown kinds of thinking stay in the rest. */
export function takeReasoning(rest: Rest, effort: string | undefined): Reasoning | undefined {
  const { thinking } = rest;
  const type = isObject(thinking) && typeof thinking.type === 'string' ? thinking.type : '';
  if (!isObject(thinking) || !Object.hasOwn(MODES, type)) {
    // An effort alone is a wish all the same; the spelling says that `thinking` was not there.
    const extra = { format: FORMAT, fields: {}, spelling: { thinking: null } } as const;
    return effort === undefined ? undefined : { mode: 'adaptive', effort, extra };
  }
  delete rest.thinking;
  const { type: _type, ...inner } = thinking;
  const budgetTokens = takeNumber(inner, 'budget_tokens');
  return defined<Reasoning>({ mode: MODES[type]!, effort, budgetTokens, extra: leftExtra(inner) });
}

/** The wire's two fields for reasoning. */
export interface WireReasoning {
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

/** Reasoning that came from this format, as it was. */
export function renderOwnReasoning(reasoning: Reasoning | undefined, place: Place): WireReasoning {
  if (!reasoning) return {};
  const { effort, budgetTokens, extra } = reasoning;
  if (ownSpelling(extra).thinking === null) return defined<WireReasoning>({ effort });
  const body: JsonObject = { type: MODE_WORDS[reasoning.mode] };
  if (budgetTokens !== undefined) body.budget_tokens = budgetTokens;
  return defined<WireReasoning>({ thinking: restore(body, extra, place), effort });
}

/** Thinking budgets in tokens for models that want one. The steps are those agents use for "think (harder)". */
export const EFFORT_BUDGETS: Readonly<Record<string, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 31_999,
};
const DEFAULT_EFFORT = 'medium';
/** Anthropic refuses a smaller budget. */
export const MIN_BUDGET = 1_024;
/** Part of `max_tokens` thinking may use up when only an effort was asked for; the rest is for the answer. */
const BUDGET_SHARE = 0.8;
/** Words of `output_config.effort`. */
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];

/**
 * Reasoning of another format, as the model of this request takes it.
 * @param canBegin the conversation allows a thinking budget (see `canThink`)
 */
export function fitReasoning(chat: ChatRequest, canBegin: boolean, place: Place): WireReasoning {
  const { reasoning } = chat;
  if (!reasoning) return {};
  restore({}, reasoning.extra, place);
  const { thinking } = readTraits(chat.model);
  const isOff = reasoning.mode === 'off' || reasoning.effort === 'none' || reasoning.budgetTokens === 0;
  if (isOff) return thinking === 'none' ? {} : { thinking: { type: 'disabled' } };
  if (thinking === 'none') return leaveOut(place, 'this model does not think');
  if (chat.toolChoice?.type === 'required' || chat.toolChoice?.type === 'tool') {
    return leaveOut(place, 'Anthropic does not think before a forced tool call');
  }
  if (thinking === 'adaptive') return fitAdaptive(reasoning, place);
  if (canBegin) return fitBudget(reasoning, chat, place);
  return leaveOut(place, 'the running tool loop began without signed thinking: Anthropic would refuse it');
}

function leaveOut(place: Place, note: string): WireReasoning {
  drop(place, '', note);
  return {};
}

function fitAdaptive(reasoning: Reasoning, place: Place): WireReasoning {
  const wish = reasoning.effort ?? effortOf(reasoning.budgetTokens);
  if (reasoning.budgetTokens !== undefined) {
    approximate(place, 'budgetTokens', `this model takes an effort: ${wish}`);
  }
  if (wish === undefined) return { thinking: { type: 'adaptive' } };
  const effort = EFFORTS.includes(wish) ? wish : wish === 'minimal' ? 'low' : DEFAULT_EFFORT;
  if (effort !== wish) approximate(place, 'effort', `sent as ${effort}`);
  return { thinking: { type: 'adaptive' }, effort };
}

/** The smallest effort whose budget is enough. */
function effortOf(budget: number | undefined): string | undefined {
  if (budget === undefined) return undefined;
  return EFFORTS.find((effort) => budget <= EFFORT_BUDGETS[effort]!) ?? 'max';
}

function fitBudget(reasoning: Reasoning, chat: ChatRequest, place: Place): WireReasoning {
  const effort = reasoning.effort ?? DEFAULT_EFFORT;
  const wish = reasoning.budgetTokens ?? EFFORT_BUDGETS[effort] ?? EFFORT_BUDGETS[DEFAULT_EFFORT]!;
  const limit = chat.maxOutputTokens;
  const share = limit === undefined ? wish : Math.floor(limit * BUDGET_SHARE);
  // A budget somebody named is kept as long as it is valid at all: less than max_tokens.
  const isFitting = reasoning.budgetTokens !== undefined && (limit === undefined || wish < limit);
  const budget = Math.max(MIN_BUDGET, isFitting ? wish : Math.min(wish, share));
  if (limit !== undefined && budget >= limit) {
    return leaveOut(place, `no room for ${MIN_BUDGET} thinking tokens under max_tokens ${limit}`);
  }
  if (budget !== reasoning.budgetTokens) {
    approximate(place, '', `this model takes a thinking budget: ${budget} tokens`);
  }
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}
