/** Capabilities and limits come along with a price list, where it has them. */
import { describe, expect, it } from 'vitest';
import { knowledgeOf } from '../capability.ts';
import { createCatalog, shippedData } from '../catalog.ts';
import { overlay } from '../data.ts';
import type { Capability } from '../model.ts';
import { mergeFeed } from './merge-feed.ts';

const cost = { input: 1, output: 2 };
const modelsDev = {
  groq: {
    models: {
      'new-one': {
        id: 'new-one',
        cost,
        limit: { context: 131_072, output: 32_768 },
        tool_call: true,
        reasoning: false,
        structured_output: true,
        modalities: { input: ['text', 'image', 'pdf'], output: ['text'] },
      },
      // A name we have a rule for, and a list that knows better.
      'gpt-oss-99b': { id: 'gpt-oss-99b', cost, reasoning: false, modalities: { input: ['text', 'audio'] } },
      silent: { id: 'silent', cost, tool_call: 'yes', modalities: 'text' },
      'filler-1': { cost },
      'filler-2': { cost },
    },
  },
};
const price = { litellm_provider: 'groq', input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };
const litellm = {
  'groq/new-one': {
    ...price,
    max_input_tokens: 131_072,
    max_output_tokens: 32_768,
    supports_function_calling: true,
    supports_vision: true,
    supports_pdf_input: true,
    supports_reasoning: false,
    supports_response_schema: true,
  },
  'groq/gpt-oss-99b': { ...price, supports_reasoning: false, supports_audio_input: true },
  'groq/silent': { ...price, supports_vision: 'perhaps' },
  'groq/filler-1': price,
  'groq/filler-2': price,
};
const own = {
  source: 'mine',
  models: Object.entries({
    'new-one': { tools: true, vision: true, documents: true, thinking: false, 'structured-output': true },
    'gpt-oss-99b': { thinking: false, audio: true },
    silent: { tools: 'no', flight: true },
    'filler-1': undefined,
    'filler-2': 7,
  }).map(([id, can]) => ({
    provider: 'groq',
    id,
    contextWindow: 131_072,
    maxOutputTokens: 32_768,
    can,
    prices: [{ tiers: [{ aboveInputTokens: 0, rates: { input: 1, output: 2 } }] }],
  })),
};

describe.each([
  ['models.dev', modelsDev],
  ['LiteLLM', litellm],
  ['our own', own],
])('of %s', (_, list) => {
  const merged = mergeFeed(JSON.stringify(list), 'a list', createCatalog(), 0);
  if (!merged.ok) throw new Error(merged.problem);
  const catalog = createCatalog([], overlay(shippedData, merged.data));

  it('brings limits', () => {
    expect(catalog.find('groq', 'new-one')).toMatchObject({
      contextWindow: 131_072,
      maxOutputTokens: 32_768,
    });
  });

  it.each<[string, Capability, boolean | undefined]>([
    ['new-one', 'tools', true],
    ['new-one', 'vision', true],
    ['new-one', 'documents', true],
    ['new-one', 'thinking', false],
    ['new-one', 'structured-output', true],
    ['new-one', 'prompt-cache', undefined],
    ['gpt-oss-99b', 'thinking', false],
    ['gpt-oss-99b', 'audio', true],
    ['gpt-oss-99b', 'tools', true],
    ['silent', 'tools', undefined],
    ['silent', 'vision', undefined],
  ])('%s %s: %s', (id, capability, expected) => {
    expect(knowledgeOf(catalog, 'groq', id)(capability)).toBe(expected);
  });
});
