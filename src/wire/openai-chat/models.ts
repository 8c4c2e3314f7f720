/**
 * What a model's name tells about the requests it takes. A renderer sees only the chat, so this is the one
 * place where names are judged; a caller who knows better gives its own `traits` to `createOpenaiChat`.
 */
import type { Effort } from '../effort.ts';
import { bareName, rememberTraits } from '../model-name.ts';
import { openEfforts, reasoningEfforts } from '../openai-models.ts';
import type { ThinkingPlace } from './thinking.ts';

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

/** First match wins. */
const BY_NAME: readonly (readonly [RegExp, Partial<ModelTraits>])[] = [
  [/^gpt-5/, { outputLimitField: 'max_completion_tokens', thoughts: [] }],
  [/^(gpt-[34]|chatgpt-)/, { thoughts: [] }],
  [/^claude/, { takesCacheMarks: true }],
  [/^gemini-(2\.5|[3-9])/, { efforts: ['low', 'medium', 'high'] }],
  [
    /^(mistral|ministral|magistral|codestral|devstral|pixtral|open-mi[sx]tral)/,
    { callIds: 'nine', thoughts: ['content'] },
  ],
];

export const readTraits = rememberTraits((model): ModelTraits => {
  const name = bareName(model);
  const traits = traitsOf(name);
  if (name.length === model.length) return traits;
  return { ...traits, thoughts: [...traits.thoughts, ...ROUTED_THOUGHTS] };
});

function traitsOf(name: string): ModelTraits {
  const efforts = reasoningEfforts(name);
  if (!efforts) {
    const found = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
    return { ...PLAIN, efforts: openEfforts(name), ...found };
  }
  return {
    outputLimitField: 'max_completion_tokens',
    efforts,
    takesSampling: false,
    callIds: 'up-to-40',
    thoughts: [],
    takesCacheMarks: false,
  };
}
