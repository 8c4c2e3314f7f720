/**
 * What a model's name tells about the requests it takes. A renderer sees only the chat, so this is the one place
 * where names are judged.
 */

/** Words there are for `reasoning.effort`, weakest first. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

export interface ModelTraits {
  /** Accepted efforts, weakest first; empty: `reasoning` is refused or its effect unknown. */
  readonly efforts: readonly Effort[];
  /** Gives its thoughts encrypted, to be sent back. Asking another model for them is answered with a 400. */
  readonly isEncrypting: boolean;
  /** Takes temperature and top_p. OpenAI's reasoning models answer them with a 400. */
  readonly takesSampling: boolean;
  /** Takes breakpoints of the prompt cache. Other models cache without marks. */
  readonly takesCacheMarks: boolean;
}

const PLAIN: ModelTraits = { efforts: [], isEncrypting: false, takesSampling: true, takesCacheMarks: false };
const REASONING: ModelTraits = {
  efforts: ['low', 'medium', 'high'],
  isEncrypting: true,
  takesSampling: false,
  takesCacheMarks: false,
};
const NEWER_EFFORTS: readonly Effort[] = ['none', 'low', 'medium', 'high', 'xhigh'];

/** First match wins; matched against the last part of the model id, in lower case. */
const BY_NAME: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^gpt-5(\.\d+)?-chat/, PLAIN],
  [/^gpt-5-pro/, { ...REASONING, efforts: ['high'] }],
  [/^gpt-5\.\d+-pro/, { ...REASONING, efforts: ['medium', 'high', 'xhigh'] }],
  [/^gpt-5\.(?:[6-9]|\d\d)/, { ...REASONING, efforts: NEWER_EFFORTS, takesCacheMarks: true }],
  [/^gpt-5\.[2-5]/, { ...REASONING, efforts: NEWER_EFFORTS }],
  [/^gpt-5\.1-codex-max/, { ...REASONING, efforts: NEWER_EFFORTS }],
  [/^gpt-5\.1/, { ...REASONING, efforts: ['none', 'low', 'medium', 'high'] }],
  [/^gpt-5-codex/, REASONING],
  [/^gpt-5/, { ...REASONING, efforts: ['minimal', 'low', 'medium', 'high'] }],
  [/^(o[1-9]|codex-mini)(-|$)/, REASONING],
  [/^gpt-oss/, { ...PLAIN, efforts: ['low', 'medium', 'high'] }],
  [/^grok-3-mini/, { ...PLAIN, efforts: ['low', 'high'] }],
];

/** `openai/gpt-5-mini:batch` and `gpt-5-mini` are the same model here. */
export function readTraits(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? PLAIN;
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
