/** Fallback chains: the built-in ones against the catalog, who wins over whom, and how a model's chain is found. */
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../catalog/catalog.ts';
import { canonicalModel, chainFor, compileChains } from './chains.ts';
import { builtInChains, modelClasses } from './chains-built-in.ts';
import type { RoutedProvider } from './ref.ts';
import type { FallbackChain } from './route-rule.ts';

const catalog = createCatalog();

function routed(...rows: readonly (readonly [name: string, catalogProvider: string, ...models: string[]])[]) {
  return new Map(
    rows.map(([name, catalogProvider, ...models]): [string, RoutedProvider] => [
      name,
      { name, catalogProvider, models },
    ]),
  );
}

const providers = routed(
  ['anthropic', 'anthropic'],
  ['openai', 'openai'],
  ['gemini', 'google'],
  ['xai', 'x-ai'],
  ['house', 'openai-compatible', 'our-own'],
);
const names = { providers, catalog };
const chain = (model: string, ...refs: string[]): FallbackChain => ({ model, refs, source: 'a test' });
const vendorOf = (ref: string) => ref.slice(0, ref.indexOf('/'));
const modelOf = (ref: string) => ref.slice(ref.indexOf('/') + 1);

describe('the built-in chains', () => {
  it('are at least 25, each model once', () => {
    const models = builtInChains.map(({ model }) => model);
    expect(models.length).toBeGreaterThanOrEqual(25);
    expect(new Set(models).size).toBe(models.length);
  });

  const mentioned = [...new Set(builtInChains.flatMap(({ model, refs }) => [model, ...refs]))];
  it.each(mentioned)('%s is in the catalog, by the very id', (ref) => {
    expect(catalog.find(vendorOf(ref), modelOf(ref))?.id).toBe(modelOf(ref));
  });

  it.each(builtInChains)(
    '$model has first another vendor, itself never, and none twice',
    ({ model, refs }) => {
      expect(vendorOf(refs[0]!)).not.toBe(vendorOf(model));
      expect(refs).not.toContain(model);
      expect(new Set(refs).size).toBe(refs.length);
    },
  );

  /** Dollars of a million tokens, three of four of them input. */
  const mixed = (ref: string): number => {
    const rates = catalog.priceOf(vendorOf(ref), modelOf(ref), 'standard', Date.UTC(2026, 10, 1))!.tiers[0]!
      .rates;
    return (0.75 * rates.input + 0.25 * rates.output) / 1e6;
  };

  it.each(Object.entries(modelClasses))(
    'the first stand-in of %s costs at most four times as much',
    (_, group) => {
      for (const model of group.models) {
        const [first] = builtInChains.find((one) => one.model === model)!.refs;
        expect(mixed(first!) / mixed(model), `${first} for ${model}`).toBeLessThanOrEqual(4);
      }
    },
  );
});

describe('compiled', () => {
  it('a stored chain wins over a file, and a file over a built-in one', () => {
    const key = 'anthropic/claude-sonnet-4-5';
    const refsOf = (file: FallbackChain[], stored: FallbackChain[]) =>
      compileChains(builtInChains, file, stored, names).get(key)?.refs;
    expect(refsOf([], [])?.[0]).toBe('openai/gpt-6-sol');
    expect(refsOf([chain(key, 'a/file')], [])).toEqual(['a/file']);
    expect(refsOf([chain(key, 'a/file')], [chain('claude-sonnet-4-5-20250929', 'a/stored')])).toEqual([
      'a/stored',
    ]);
  });

  it('built-in stand-ins are at the providers there are, by whatever name', () => {
    const refs = compileChains(builtInChains, [], [], names).get('anthropic/claude-sonnet-4-5')?.refs;
    expect(refs).toEqual([
      'openai/gpt-6-sol',
      'gemini/gemini-3.8-flash',
      'xai/grok-4.6',
      'anthropic/claude-sonnet-5',
    ]);
    const other = { catalog, providers: routed(['mine', 'openai'], ['openai', 'local']) };
    expect(compileChains(builtInChains, [], [], other).get('anthropic/claude-sonnet-4-5')?.refs).toEqual([
      'mine/gpt-6-sol',
      'google/gemini-3.8-flash',
      'x-ai/grok-4.6',
      'anthropic/claude-sonnet-5',
    ]);
  });

  it('an empty list switches a chain off', () => {
    const chains = compileChains(builtInChains, [], [chain('gpt-4o')], names);
    expect(chainFor(chains, 'openai', 'gpt-4o', catalog)).toBeUndefined();
    expect(chainFor(chains, 'openai', 'gpt-4o-2024-08-06', catalog)).toBeUndefined();
    expect(chainFor(chains, 'openai', 'gpt-4.1', catalog)).toBeDefined();
  });
});

describe('what a chain is filed under', () => {
  it.each([
    ['anthropic/claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['anthropic:claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5'],
    [' claude-sonnet-4-5 ', 'anthropic/claude-sonnet-4-5'],
    ['gemini/gemini-2.5-pro', 'google/gemini-2.5-pro'],
    ['google/gemini-2.5-pro', 'google/gemini-2.5-pro'],
    ['gpt-4o-2024-08-06', 'openai/gpt-4o'],
    ['anthropic/one-of-tomorrow', 'anthropic/one-of-tomorrow'],
    ['our-own', 'openai-compatible/our-own'],
    ['house/our-own', 'openai-compatible/our-own'],
    ['nobody/knows-it', 'nobody/knows-it'],
    ['smart', 'smart'],
  ])('%s -> %s', (text, key) => {
    expect(canonicalModel(text, names)).toBe(key);
  });
});

describe('found', () => {
  const chains = compileChains(builtInChains, [chain('house/our-own', 'openai/gpt-5')], [], names);

  it.each([
    ['anthropic', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['anthropic', 'claude-sonnet-4-5-20250929', 'anthropic/claude-sonnet-4-5'],
    ['anthropic', 'claude-opus-4-20250514', 'anthropic/claude-opus-4-0'],
    ['openai', 'gpt-4o-2024-08-06', 'openai/gpt-4o'],
    ['openai', 'gpt-5-1-codex-max', 'openai/gpt-5.1'],
    ['azure', 'gpt-4o', 'openai/gpt-4o'],
    ['vertex', 'claude-sonnet-4-5@20250929', 'anthropic/claude-sonnet-4-5'],
    ['vertex', 'gemini-2.5-pro', 'google/gemini-2.5-pro'],
    ['aws', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic/claude-sonnet-4-5'],
    ['aws', 'global.anthropic.claude-opus-4-5-v1:0', 'anthropic/claude-opus-4-5'],
    ['openrouter', 'anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4-5'],
    ['openrouter', 'deepseek/deepseek-chat:free', 'deepseek/deepseek-chat'],
    ['openrouter', 'mistralai/mistral-large', 'mistral/mistral-large'],
    ['openrouter', 'z-ai/glm-5.3', 'zai/GLM-5.3'],
    ['groq', 'openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
    ['openai-compatible', 'our-own', 'house/our-own'],
  ])('%s %s has the chain of %s', (vendor, model, of) => {
    expect(chainFor(chains, vendor, model, catalog)?.model).toBe(of);
  });

  it.each([
    ['openai', 'text-embedding-3-small'],
    ['local', 'codellama'],
    ['local', 'gpt-4o'],
    ['openai', ''],
    ['openai', '__proto__'],
  ])('%s %s has none', (vendor, model) => {
    expect(chainFor(chains, vendor, model, catalog)).toBeUndefined();
  });
});
