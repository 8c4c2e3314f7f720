/** Which of OpenAI's models reason, and how much they can be asked to. */
import type { Effort } from './effort.ts';

const USUAL: readonly Effort[] = ['low', 'medium', 'high'];
const NEWER: readonly Effort[] = ['none', 'low', 'medium', 'high', 'xhigh'];

/** First match wins. */
const EFFORTS_BY_NAME: readonly (readonly [RegExp, readonly Effort[]])[] = [
  [/^gpt-5-pro/, ['high']],
  [/^gpt-5\.\d+-pro/, ['medium', 'high', 'xhigh']],
  [/^gpt-5\.(?:[2-9]|\d\d)/, NEWER],
  [/^gpt-5\.1-codex-max/, NEWER],
  [/^gpt-5\.1/, ['none', 'low', 'medium', 'high']],
  [/^gpt-5-codex/, USUAL],
  [/^gpt-5/, ['minimal', 'low', 'medium', 'high']],
  [/^(o1-mini|o1-preview)/, []],
  [/^(o[1-9]|codex-mini)(-|$)/, USUAL],
];
const CHAT = /^gpt-5(\.\d+)?-chat/;

/** Accepted words of a reasoning model of OpenAI, weakest first; undefined for any other model. */
export function reasoningEfforts(name: string): readonly Effort[] | undefined {
  return CHAT.test(name) ? undefined : EFFORTS_BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

/** Models others serve that take an effort all the same. */
const OPEN_EFFORTS: readonly (readonly [RegExp, readonly Effort[]])[] = [
  [/^gpt-oss/, USUAL],
  [/^grok-3-mini/, ['low', 'high']],
];

/** Accepted words of a model that is not OpenAI's; empty: the field is refused or its effect unknown. */
export function openEfforts(name: string): readonly Effort[] {
  return OPEN_EFFORTS.find(([pattern]) => pattern.test(name))?.[1] ?? [];
}
