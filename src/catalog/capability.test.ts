/** What names tell of models, and what nobody knows. */
import { describe, expect, it } from 'vitest';
import { familyKnowledge, knowledgeOf, knowsCapability } from './capability.ts';
import { createCatalog } from './catalog.ts';
import type { CatalogData } from './data.ts';
import { CAPABILITIES, type Capability } from './model.ts';

/** `+` known to be there, `-` known not to be, ` ` not known; tools vision documents audio thinking structured-output prompt-cache */
function marks(modelId: string): string {
  const knowledge = familyKnowledge(modelId);
  return CAPABILITIES.map((capability) => {
    const known = knowledge[capability];
    return known === undefined ? ' ' : known ? '+' : '-';
  }).join('');
}

describe('familyKnowledge', () => {
  const cases: [string, string][] = [
    ['claude-2', '-------'],
    ['claude-3-opus-20240229', '++ --- '],
    ['claude-3.5-sonnet', '++ ---+'],
    ['claude-3-7-sonnet-latest', '+++-+ +'],
    ['claude-opus-4-20250514', '+++-+ +'],
    ['claude-opus-4-1@20250805', '+++-+ +'],
    ['claude-sonnet-4-5-20250929', '+++-+++'],
    ['claude-opus-4-10', '+++-+++'],
    ['claude-fable-5.1', '+++-+++'],
    ['~anthropic/claude-sonnet-latest', '+++-+ +'],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', '+++-+++'],
    ['gpt-4o-mini', '+++--++'],
    ['ft:gpt-4o-mini:acme::1', '+++--++'],
    ['gpt-4o-2024-05-13', '++ ----'],
    ['gpt-5.1-codex-mini', '+++-+++'],
    ['openai/gpt-oss-120b', '+---+  '],
    ['o1-mini', '----+- '],
    ['o3-mini', '+---+++'],
    ['o4-mini', '++ -++ '],
    ['gpt-4', '+------'],
    ['gpt-4o-mini-audio-preview', '+ -+-  '],
    ['text-embedding-3-small', '-   ---'],
    ['gemini-2.0-flash', '++++-+ '],
    ['gemini-2.5-pro', '+++++++'],
    ['gemini-flash-latest', '+++++++'],
    ['gemini-2.5-flash-image', '       '],
    ['gemma3:12b', ' +---  '],
    ['gemma3:1b', ' ----  '],
    ['codellama', '-----  '],
    ['codellama:7b-instruct', '-----  '],
    ['llama3.1:8b', '+----  '],
    ['llama-3.3-70b-versatile', '+----  '],
    ['meta.llama3-1-70b-instruct-v1:0', '+----  '],
    ['accounts/fireworks/models/llama-v3p1-8b-instruct', '+----  '],
    ['llama3.2-vision:11b', ' +---  '],
    ['llama3', ' ----  '],
    ['llama2:13b', '-----  '],
    ['deepseek-r1:7b', ' ---+  '],
    ['qwen2.5:7b', '+----  '],
    ['qwen/qwen3-32b', '+---   '],
    ['qwen3.6-plus', '+      '],
    ['mistral', ' ----  '],
    ['mistral-small-latest', '+  -   '],
    ['llava:13b', '-+---  '],
    ['my-own-model', '       '],
    ['', '       '],
  ];
  it.each(cases)('%s', (id, expected) => {
    expect(marks(id)).toBe(expected);
  });

  it('names what nearly all shipped models of the great makers do', () => {
    const models = ['anthropic', 'openai', 'google', 'mistral', 'deepseek'].flatMap((provider) =>
      createCatalog().list(provider),
    );
    const known = models.filter((model) => knowsCapability(model, 'tools') !== undefined);
    expect(known.length / models.length).toBeGreaterThan(0.85);
  });
});

describe('what data say', () => {
  const row = { provider: 'house', name: 'Mine', prices: [] };
  const rates = { input: 1, output: 1, cacheRead: 1 };
  const data: CatalogData = {
    source: 'test',
    asOf: '2026-01-01',
    models: [
      { ...row, id: 'gpt-4o', can: { vision: false, audio: true } },
      { ...row, id: 'nameless', can: { tools: true } },
      { ...row, id: 'cached', prices: [{ from: 0, tiers: [{ aboveInputTokens: 0, rates }] }] },
    ],
  };
  const made = {
    provider: 'sandbox',
    id: 'echo',
    name: 'Echo',
    capabilities: ['tools' as const],
    prices: [],
  };
  const catalog = createCatalog([made], data);
  const cases: [string, string, Capability, boolean | undefined][] = [
    ['house', 'gpt-4o', 'vision', false],
    ['house', 'gpt-4o', 'audio', true],
    ['house', 'gpt-4o', 'tools', true],
    ['house', 'gpt-4o', 'thinking', false],
    ['house', 'nameless', 'tools', true],
    ['house', 'nameless', 'vision', undefined],
    ['house', 'cached', 'prompt-cache', true],
    ['house', 'not-listed', 'tools', undefined],
    ['local', 'codellama:7b', 'tools', false],
    ['sandbox', 'echo', 'tools', true],
    ['sandbox', 'echo', 'vision', false],
  ];
  it.each(cases)('%s/%s %s: %s', (provider, id, capability, expected) => {
    expect(knowledgeOf(catalog, provider, id)(capability)).toBe(expected);
  });
});
