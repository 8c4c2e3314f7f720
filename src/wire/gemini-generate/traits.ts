/**
 * What a Gemini model's name tells about the requests it takes. A renderer sees only the chat, so this is the one place
 * where names are judged. Names that tell nothing (`gemini-flash-latest`, other servers' own) count as the newest, since
 * the list of old ones is closed and that of new ones is not.
 */
import type { Effort } from '../effort.ts';
import { bareName, rememberTraits } from '../model-name.ts';

export interface ModelTraits {
  /** `level`: `thinkingLevel`. `budget`: `thinkingBudget`. `none`: the model refuses a `thinkingConfig`. */
  readonly thinking: 'none' | 'budget' | 'level';
  /** Words of `thinkingLevel`, weakest first. */
  readonly levels: readonly Effort[];
  /** Bounds of `thinkingBudget` in tokens. */
  readonly budget: { readonly min: number; readonly max: number; readonly canBeOff: boolean };
  /** Answers 400 to a function call of the running turn that comes back without its signature. */
  readonly demandsSignatures: boolean;
  /** Takes images inside function responses. */
  readonly takesResultMedia: boolean;
  /** Takes presence and frequency penalties; later models answer them with a 400. */
  readonly takesPenalties: boolean;
  /** Takes a system instruction. */
  readonly takesSystem: boolean;
}

const NEWEST: ModelTraits = {
  thinking: 'level',
  levels: ['low', 'medium', 'high'],
  budget: { min: 0, max: 0, canBeOff: false },
  demandsSignatures: true,
  takesResultMedia: true,
  takesPenalties: false,
  takesSystem: true,
};

const SECOND: ModelTraits = {
  ...NEWEST,
  thinking: 'none',
  levels: [],
  demandsSignatures: false,
  takesResultMedia: false,
  takesPenalties: true,
};

const THINKING_BY_BUDGET: ModelTraits = { ...SECOND, thinking: 'budget', takesPenalties: false };

/** First match wins; matched against the last part of the model id, in lower case. */
const BY_NAME: readonly (readonly [RegExp, ModelTraits])[] = [
  [/^gemini-(?:1|2\.0|pro(?:-vision)?$)|^learnlm/, SECOND],
  [/^gemma/, { ...SECOND, takesSystem: false }],
  [/^gemini-2\.5-.*(?:image|tts)/, { ...SECOND, takesPenalties: false }],
  [/^gemini-2\.5-pro/, { ...THINKING_BY_BUDGET, budget: { min: 128, max: 32_768, canBeOff: false } }],
  [/^gemini-2\.5-flash-lite/, { ...THINKING_BY_BUDGET, budget: { min: 512, max: 24_576, canBeOff: true } }],
  [/^gemini-2/, { ...THINKING_BY_BUDGET, budget: { min: 1, max: 24_576, canBeOff: true } }],
  [/^gemini-3-pro/, { ...NEWEST, levels: ['low', 'high'] }],
  [/^gemini-.*flash/, { ...NEWEST, levels: ['minimal', 'low', 'medium', 'high'] }],
];

/** `models/gemini-2.5-pro`, `publishers/google/models/gemini-2.5-pro` and the bare name are the same model here. */
export const readTraits = rememberTraits((model): ModelTraits => {
  const name = bareName(model);
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? NEWEST;
});
