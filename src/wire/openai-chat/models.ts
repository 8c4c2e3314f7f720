/**
 * What a model's name tells about the requests it takes. A renderer sees only the chat, so this is the one
 * place where names are judged; a caller who knows better gives its own `traits` to `createOpenaiChat`.
 */

import type { ThinkingPlace } from './thinking.ts';

/** Words OpenAI has for `reasoning_effort`, weakest first. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** Places of a message where thoughts may be sent back. */
const OPEN_THOUGHTS: readonly ThinkingPlace[] = ['reasoning_content', 'reasoning', 'reasoning_details'];
/** OpenRouter's own fields, taken for every model it serves. */
const ROUTED_THOUGHTS: readonly ThinkingPlace[] = ['reasoning', 'reasoning_details'];

export interface ModelTraits {
  /** OpenAI's reasoning models refuse `max_tokens`; many compatible servers know nothing else. */
  readonly outputLimitField: 'max_tokens' | 'max_completion_tokens';
  /** Accepted words of `reasoning_effort`, weakest first; empty: the field is refused or its effect unknown. */
  readonly efforts: readonly Effort[];
  /** Takes temperature, top_p, penalties and stop. OpenAI's reasoning models answer them with a 400. */
  readonly takesSampling: boolean;
  /** Mistral demands tool call ids of nine letters or digits; OpenAI any text of up to 40 characters. */
  readonly callIds: 'up-to-40' | 'nine';
  /** Where it takes its thoughts back. OpenAI and Mistral answer fields they do not know with a 400 or 422. */
  readonly thoughts: readonly ThinkingPlace[];
  /** Caches only what is marked, and knows the marks: Claude behind OpenRouter and other gateways. */
  readonly takesCacheMarks: boolean;
}

const PLAIN: ModelTraits = {
  outputLimitField: 'max_tokens',
  efforts: [],
  takesSampling: true,
  callIds: 'up-to-40',
  thoughts: OPEN_THOUGHTS,
  takesCacheMarks: false,
};

const REASONING: ModelTraits = {
  outputLimitField: 'max_completion_tokens',
  efforts: ['low', 'medium', 'high'],
  takesSampling: false,
  callIds: 'up-to-40',
  thoughts: [],
  takesCacheMarks: false,
};

/** First match wins; matched against the last part of the model id, in lower case. */
const BY_NAME: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^gpt-5(\.\d+)?-chat/, { ...PLAIN, outputLimitField: 'max_completion_tokens', thoughts: [] }],
  [/^gpt-5\.(?:[2-9]|\d\d)/, { ...REASONING, efforts: ['none', 'low', 'medium', 'high', 'xhigh'] }],
  [/^gpt-5\.1-codex-max/, { ...REASONING, efforts: ['none', 'low', 'medium', 'high', 'xhigh'] }],
  [/^gpt-5\.1/, { ...REASONING, efforts: ['none', 'low', 'medium', 'high'] }],
  [/^gpt-5/, { ...REASONING, efforts: ['minimal', 'low', 'medium', 'high'] }],
  [/^(o1-mini|o1-preview)/, { ...REASONING, efforts: [] }],
  [/^(o[1-9]|codex-mini)(-|$)/, REASONING],
  [/^(gpt-[34]|chatgpt-)/, { ...PLAIN, thoughts: [] }],
  [/^claude/, { ...PLAIN, takesCacheMarks: true }],
  [/^gpt-oss/, { ...PLAIN, efforts: ['low', 'medium', 'high'] }],
  [/^grok-3-mini/, { ...PLAIN, efforts: ['low', 'high'] }],
  [/^gemini-(2\.5|[3-9])/, { ...PLAIN, efforts: ['low', 'medium', 'high'] }],
  [
    /^(mistral|ministral|magistral|codestral|devstral|pixtral|open-mi[sx]tral)/,
    { ...PLAIN, callIds: 'nine', thoughts: ['content'] },
  ],
];

/** `openai/gpt-5-mini:batch` and `gpt-5-mini` are the same model here. */
export function readTraits(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const traits = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? PLAIN;
  if (name.length === model.length) return traits;
  return { ...traits, thoughts: [...traits.thoughts, ...ROUTED_THOUGHTS] };
}

/** Thinking budgets as efforts, upper bounds in tokens. After the budgets coding agents send for "think (hard)". */
const BUDGET_EFFORTS: readonly (readonly [number, Effort])[] = [
  [4_095, 'low'],
  [16_383, 'medium'],
  [Number.POSITIVE_INFINITY, 'high'],
];

export function effortOfBudget(budgetTokens: number): Effort {
  return BUDGET_EFFORTS.find(([most]) => budgetTokens <= most)?.[1] ?? 'high';
}

/** The accepted word nearest to the wish; the weaker one of two equally near. Undefined where none is accepted. */
export function nearestEffort(wish: string, accepted: readonly Effort[]): Effort | undefined {
  const place = (effort: string): number => EFFORTS.indexOf(effort as Effort);
  const wanted = place(wish) === -1 ? place('medium') : place(wish);
  let best: Effort | undefined;
  for (const effort of accepted) {
    const distance = Math.abs(place(effort) - wanted);
    if (best === undefined || distance < Math.abs(place(best) - wanted)) best = effort;
  }
  return best;
}
