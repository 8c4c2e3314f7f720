/** What a model's name tells about the requests it takes: a renderer sees only the chat. */
import type { Effort } from '../effort.ts';
import { bareName, rememberTraits } from '../model-name.ts';

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
export const readTraits = rememberTraits((model): ModelTraits => {
  const name = bareName(model);
  return { think: BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown' };
});

export const LEVELS = ['low', 'medium', 'high'] as const satisfies readonly Effort[];
