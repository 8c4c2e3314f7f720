/** What a model's name tells about the requests it takes: a renderer sees only the chat. */

export interface ModelTraits {
  /**
   * What `think` may be. `levels`: low, medium, high, and nothing turns it off. `switch`: true or false; older servers
   * answer a level with 400. `unknown`: only false is safe, as true is a 400 for models that cannot think, and those
   * that can do so unasked.
   */
  readonly think: 'levels' | 'switch' | 'unknown';
}

/** First match wins; matched against the last part of the model id with its tag, in lower case. */
const BY_NAME: readonly (readonly [RegExp, ModelTraits['think']])[] = [
  [/^gpt-oss/, 'levels'],
  [/^qwen3.*(?:coder|instruct|embed|rerank)/, 'unknown'],
  [/^(?:qwen3|deepseek-r1|deepseek-v3\.1|magistral)/, 'switch'],
];

/** `library/gpt-oss:20b` and `gpt-oss` are the same model here. */
export function readTraits(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return { think: BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown' };
}

export const LEVELS = ['low', 'medium', 'high'] as const;
export type Level = (typeof LEVELS)[number];

/** Words of other formats for how much to think, as the nearest level. */
const NEAREST: Readonly<Record<string, Level>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

export function nearestLevel(effort: string): Level {
  return Object.hasOwn(NEAREST, effort) ? NEAREST[effort]! : 'medium';
}

/** Thinking budgets as levels, upper bounds in tokens. After the budgets coding agents send for "think (hard)". */
const BUDGET_LEVELS: readonly (readonly [number, Level])[] = [
  [4_095, 'low'],
  [16_383, 'medium'],
  [Number.POSITIVE_INFINITY, 'high'],
];

export function levelOfBudget(budgetTokens: number): Level {
  return BUDGET_LEVELS.find(([most]) => budgetTokens <= most)?.[1] ?? 'high';
}
