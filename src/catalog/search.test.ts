/** Models found by words and by what they can do. */
import { describe, expect, it } from 'vitest';
import type { Capability } from './model.ts';
import type { Price } from './price.ts';
import { isFree, type Searchable, type SearchFilter, search } from './search.ts';

function price(input: number, output: number, more: object = {}): Price {
  return {
    provider: 'p',
    model: 'm',
    serviceTier: 'standard',
    source: 'catalog',
    effectiveFromMs: 0,
    tiers: [{ aboveInputTokens: 0, rates: { input, output, ...more } }],
  };
}

function row(ref: string, name: string, capabilities: readonly Capability[] = [], cost?: Price): Searchable {
  const [provider = '', id = ''] = ref.split('/');
  return { ref, model: { provider, id, name, capabilities, prices: [] }, price: cost };
}

const rows: Searchable[] = [
  row('openrouter/claude-sonnet-4.5', 'Claude Sonnet 4.5 (OpenRouter)', ['tools'], price(3e6, 15e6)),
  row('anthropic/claude-sonnet-4-5', 'Claude Sonnet 4.5', ['tools', 'vision', 'thinking'], price(3e6, 15e6)),
  row('anthropic/claude-haiku-4-5', 'Claude Haiku 4.5', ['tools', 'vision'], price(1e6, 5e6)),
  row('openai/gpt-4o', 'GPT-4o', ['tools', 'vision'], price(2.5e6, 10e6)),
  row('openai/gpt-4o-mini', 'GPT-4o mini', ['tools', 'vision'], price(150_000, 600_000)),
  row('ollama/qwen3:8b', 'qwen3:8b', ['tools', 'thinking'], price(0, 0)),
  { ref: 'ollama/mystery' },
];

describe('search', () => {
  const cases: [string, SearchFilter, string[]][] = [
    ['gpt-4o', {}, ['openai/gpt-4o', 'openai/gpt-4o-mini']],
    ['GPT 4o MINI', {}, ['openai/gpt-4o-mini']],
    ['sonnet 4.5', {}, ['openrouter/claude-sonnet-4.5', 'anthropic/claude-sonnet-4-5']],
    ['sonnet-4-5 anthropic', {}, ['anthropic/claude-sonnet-4-5']],
    ['claude', { provider: 'anthropic' }, ['anthropic/claude-sonnet-4-5', 'anthropic/claude-haiku-4-5']],
    ['claude gpt', {}, []],
    ['ini', {}, ['openai/gpt-4o-mini']],
    ['', { free: true }, ['ollama/qwen3:8b']],
    ['', { capabilities: ['tools', 'thinking'] }, ['anthropic/claude-sonnet-4-5', 'ollama/qwen3:8b']],
    ['', { maxRate: 5e9, capabilities: ['vision'] }, ['anthropic/claude-haiku-4-5', 'openai/gpt-4o-mini']],
    ['mystery', { maxRate: 1e12 }, []],
    ['mystery', { capabilities: ['tools'] }, []],
    ['mystery', {}, ['ollama/mystery']],
    ['', { provider: 'nobody' }, []],
  ];
  it.each(cases)('%s %j', (query, filter, expected) => {
    expect(search(rows, query, filter).map(({ ref }) => ref)).toEqual(expected);
  });

  it('puts the word that stands alone before the one inside another', () => {
    const two = [row('p/remini', 'Remini'), row('p/x-mini', 'X mini')];
    expect(search(two, 'mini').map(({ ref }) => ref)).toEqual(['p/x-mini', 'p/remini']);
  });
});

describe('isFree', () => {
  const cases: [string, Price | undefined, boolean][] = [
    ['zero', price(0, 0), true],
    ['every class is zero', price(0, 0, { cacheRead: 0, perRequest: 0 }), true],
    ['tools may cost', price(0, 0, { calls: { web_search: 1 } }), true],
    ['output costs', price(0, 1), false],
    ['each request costs', price(0, 0, { perRequest: 1 }), false],
    ['unknown', undefined, false],
  ];
  it.each(cases)('%s', (_, cost, expected) => {
    expect(isFree(cost)).toBe(expected);
  });
});
