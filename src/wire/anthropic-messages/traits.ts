/**
 * What a Claude model's name tells about the requests it takes. A renderer sees only the chat, so this is the
 * one place where names are judged. Names that are no Claude (other servers speak this format too) count as
 * the last generation with budgets, which all of them copied.
 */
import { rememberTraits } from '../model-name.ts';

export interface ModelTraits {
  /** `budget`: `thinking.type: enabled`. `adaptive`: the model decides, under an effort. `none`: refused. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /** Takes temperature, top_p and top_k; newer models answer them with a 400. */
  readonly takesSampling: boolean;
}

/** `claude-3-7-sonnet-20250219`, `claude-sonnet-4-5`, `claude-opus-4-20250514`, `claude-sonnet-5`. */
const VERSION = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d{1,2}))?(?!\d)/;

/** Minor versions never reach it, so 4.10 stays above 4.6. */
const MAJOR = 100;
const FIRST_THINKING = 3 * MAJOR + 7;
const FIRST_ADAPTIVE = 4 * MAJOR + 6;
const FIRST_WITHOUT_SAMPLING = 4 * MAJOR + 7;

export const readTraits = rememberTraits((model): ModelTraits => {
  const match = VERSION.exec(model.toLowerCase());
  if (!match) return { thinking: 'budget', takesSampling: true };
  const version = Number(match[1]) * MAJOR + Number(match[2] ?? 0);
  const takesSampling = version < FIRST_WITHOUT_SAMPLING;
  if (version >= FIRST_ADAPTIVE) return { thinking: 'adaptive', takesSampling };
  return { thinking: version >= FIRST_THINKING ? 'budget' : 'none', takesSampling };
});
