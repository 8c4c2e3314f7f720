/**
 * Who stands in for well-known models when nobody says otherwise, in the catalog's own names. Nothing of it is used
 * unless fallback is switched on: a stand-in is another vendor, who then reads what was sent.
 */
import type { FallbackChain } from './route-rule.ts';

/** Models that are taken for each other: of about one ability, and of one class of price. */
export interface ModelClass {
  /** One of each vendor, its present one, cheaper ones first where prices lie apart. */
  readonly standIns: readonly string[];
  /** Those they stand in for. */
  readonly models: readonly string[];
}

export const modelClasses: Readonly<Record<string, ModelClass>> = {
  /** For the hardest work: about $4 to $15 for a million input tokens. */
  deepest: {
    standIns: ['anthropic/claude-opus-5-5', 'openai/gpt-5.6-sol', 'google/gemini-3.1-pro-preview'],
    models: [
      'anthropic/claude-3-opus-latest',
      'anthropic/claude-opus-4-0',
      'anthropic/claude-opus-4-1',
      'anthropic/claude-opus-4-5',
      'anthropic/claude-opus-4-6',
      'anthropic/claude-opus-4-7',
      'anthropic/claude-opus-4-8',
      'anthropic/claude-opus-5',
      'anthropic/claude-opus-5-5',
      'anthropic/claude-fable-5',
      'anthropic/claude-fable-5-1',
      'openai/gpt-5.5',
      'openai/gpt-5.6-sol',
      'openai/gpt-6-astra',
      'openai/o1',
      'google/gemini-3-pro-preview',
      'google/gemini-3.1-pro-preview',
    ],
  },
  /** For daily work: about $1 to $3. */
  balanced: {
    standIns: ['anthropic/claude-sonnet-5', 'openai/gpt-6-sol', 'google/gemini-3.8-flash', 'x-ai/grok-4.6'],
    models: [
      'anthropic/claude-3-5-sonnet',
      'anthropic/claude-3-7-sonnet-latest',
      'anthropic/claude-sonnet-4-0',
      'anthropic/claude-sonnet-4-5',
      'anthropic/claude-sonnet-4-6',
      'anthropic/claude-sonnet-5',
      'openai/gpt-4o',
      'openai/gpt-4.1',
      'openai/gpt-5',
      'openai/gpt-5.1',
      'openai/gpt-5.2',
      'openai/gpt-5.3-codex',
      'openai/gpt-5.4',
      'openai/gpt-5.6-terra',
      'openai/gpt-6-sol',
      'openai/o3',
      'google/gemini-1.5-pro',
      'google/gemini-2.5-pro',
      'google/gemini-3.5-flash',
      'google/gemini-3.6-flash',
      'google/gemini-3.7-flash',
      'google/gemini-3.8-flash',
      'x-ai/grok-3',
      'x-ai/grok-4-0709',
      'x-ai/grok-4.3',
      'x-ai/grok-4.5',
      'x-ai/grok-4.6',
      'mistral/mistral-large',
      'mistral/mistral-medium-latest',
      'moonshotai/kimi-k3',
    ],
  },
  /** For quick answers: about $0.25 to $1. */
  quick: {
    standIns: ['google/gemini-3.5-flash-lite', 'openai/gpt-5.4-mini', 'anthropic/claude-haiku-4-5'],
    models: [
      'anthropic/claude-3-5-haiku-latest',
      'anthropic/claude-haiku-4-5',
      'openai/gpt-4.1-mini',
      'openai/gpt-5-mini',
      'openai/gpt-5.1-codex-mini',
      'openai/gpt-5.4-mini',
      'openai/o3-mini',
      'openai/o4-mini',
      'google/gemini-2.5-flash',
      'google/gemini-3-flash-preview',
      'google/gemini-3.5-flash-lite',
      'mistral/devstral-2512',
      'mistral/mistral-medium-3-1',
    ],
  },
  /** For the many small calls: under about $0.25. */
  small: {
    standIns: ['openai/gpt-5.6-luna', 'mistral/mistral-small-latest', 'google/gemini-3.1-flash-lite'],
    models: [
      'anthropic/claude-3-haiku',
      'openai/gpt-4o-mini',
      'openai/gpt-4.1-nano',
      'openai/gpt-5-nano',
      'openai/gpt-5.4-nano',
      'openai/gpt-5.6-luna',
      'openai/gpt-6-luna',
      'google/gemini-2.0-flash',
      'google/gemini-2.0-flash-lite',
      'google/gemini-2.5-flash-lite',
      'google/gemini-3.1-flash-lite',
      'mistral/mistral-small-latest',
      'mistral/ministral-8b-latest',
      'x-ai/grok-3-mini',
      'x-ai/grok-4-fast-reasoning',
      'x-ai/grok-4-1-fast-reasoning',
      'x-ai/grok-code-fast-1',
    ],
  },
  /** Open weights, by those who made them. */
  open: {
    standIns: ['deepseek/deepseek-v4-pro', 'moonshotai/kimi-k2.6', 'zai/GLM-5.3'],
    models: [
      'deepseek/deepseek-chat',
      'deepseek/deepseek-reasoner',
      'deepseek/deepseek-v4-flash',
      'deepseek/deepseek-v4-pro',
      'moonshotai/kimi-k2',
      'moonshotai/kimi-k2-thinking',
      'moonshotai/kimi-k2.5',
      'moonshotai/kimi-k2.6',
      'moonshotai/kimi-k2.7-code',
      'zai/GLM-5.2',
      'zai/GLM-5.3',
    ],
  },
  /** One model at several hosts. */
  'gpt-oss-120b': {
    standIns: ['groq/openai/gpt-oss-120b', 'cerebras/gpt-oss-120b', 'fireworks/gpt-oss-120b'],
    models: ['groq/openai/gpt-oss-120b', 'cerebras/gpt-oss-120b', 'fireworks/gpt-oss-120b'],
  },
  'llama-3.3-70b': {
    standIns: ['groq/llama-3.3-70b-versatile', 'cerebras/llama-3.3-70b'],
    models: ['groq/llama-3.3-70b-versatile', 'cerebras/llama-3.3-70b'],
  },
};

/** Three are ever sent to; a few more, as the operator may have no key for the first ones. */
export const builtInChains: readonly FallbackChain[] = Object.values(modelClasses).flatMap((group) =>
  group.models.map((model) => ({ model, refs: standInsFor(model, group), source: 'built-in' })),
);

/** Other vendors first, since what fails is mostly a vendor; then the vendor's own present model. */
function standInsFor(model: string, { standIns }: ModelClass): string[] {
  const own = standIns.filter((ref) => vendorOf(ref) === vendorOf(model) && ref !== model);
  return [...standIns.filter((ref) => vendorOf(ref) !== vendorOf(model)), ...own];
}

function vendorOf(ref: string): string {
  return ref.slice(0, ref.indexOf('/'));
}
