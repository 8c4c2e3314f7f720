/**
 * What a model's name tells about the requests it takes. A renderer sees only the chat, so this is the one place
 * where names are judged.
 */
import type { Effort } from '../effort.ts';
import { bareName, rememberTraits } from '../model-name.ts';
import { openEfforts, reasoningEfforts } from '../openai-models.ts';

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

/** Models that take breakpoints. */
const MARKED = /^gpt-5\.(?:[6-9]|\d\d)/;

export const readTraits = rememberTraits((model): ModelTraits => {
  const name = bareName(model);
  const efforts = reasoningEfforts(name);
  const isReasoning = efforts !== undefined;
  return {
    efforts: efforts ?? openEfforts(name),
    isEncrypting: isReasoning,
    takesSampling: !isReasoning,
    takesCacheMarks: isReasoning && MARKED.test(name),
  };
});
