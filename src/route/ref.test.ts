/** Model refs: every spelling, every detour, and helpful words where one leads nowhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog, Model } from '../catalog/model.ts';
import { MAX_PLANNED, makePlan } from './plan.ts';
import { MAX_REF_LENGTH, type RoutingTable, resolveRef, splitRef } from './ref.ts';
import { noFallback, type RouteRule } from './route-rule.ts';

const models: Model[] = [
  { provider: 'openai', id: 'gpt-4o-mini', name: 'GPT-4o mini', capabilities: [], prices: [] },
  { provider: 'anthropic', id: 'claude-sonnet-4-5', name: 'Claude Sonnet 4.5', capabilities: [], prices: [] },
  { provider: 'google', id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', capabilities: [], prices: [] },
];
const catalog: Catalog = {
  asOf: '2026-01-01',
  find: (provider, id) => models.find((model) => model.provider === provider && model.id === id),
  findBare: (id) => models.filter((model) => model.id === id),
  list: (provider) => models.filter((model) => provider === undefined || model.provider === provider),
  priceOf: () => undefined,
};
const provider = (name: string, catalogProvider = name, listed: string[] = []) =>
  [name, { name, catalogProvider, models: listed }] as const;
const table: RoutingTable = {
  providers: new Map([
    provider('openai'),
    provider('house', 'local', ['qwen3-32b']),
    provider('openrouter'),
    provider('work', 'anthropic'),
  ]),
  aliases: new Map([
    ['fast', 'openai/gpt-4o-mini'],
    ['faster', 'fast'],
    ['loop', 'pool'],
    ['pool', 'loop'],
    ['lost', 'nowhere/x'],
  ]),
  routes: new Map(
    (
      [
        ['smart', ['work/claude-sonnet-4-5', 'fast', 'lost']],
        ['gone', ['lost', 'loop']],
        ['deep', ['smart', 'house/qwen3-32b']],
        ['brave', ['lost', 'loop', 'house/qwen3-32b']],
        ...Array.from({ length: 7 }, (_, level): [string, string[]] => [
          `wide${level}`,
          Array.from({ length: 20 }, () => (level === 0 ? 'lost' : `wide${level - 1}`)),
        ]),
      ] as [string, string[]][]
    ).map(([name, refs]) => [name, ordered(refs)]),
  ),
  fallback: noFallback,
  defaultRef: undefined,
};

function ordered(refs: readonly string[]): RouteRule {
  return { strategy: 'ordered', targets: refs.map((ref) => ({ ref, weight: 1 })), filter: undefined };
}

const leads: [string, string[]][] = [
  ['openai/gpt-4o-mini', ['openai gpt-4o-mini']],
  ['openai:gpt-4o-mini', ['openai gpt-4o-mini']],
  ['  openai/gpt-4o-mini ', ['openai gpt-4o-mini']],
  ['openai/never-heard-of', ['openai never-heard-of']],
  ['openrouter/deepseek/deepseek-chat:free', ['openrouter deepseek/deepseek-chat:free']],
  ['openrouter:deepseek/deepseek-chat:free', ['openrouter deepseek/deepseek-chat:free']],
  ['gpt-4o-mini', ['openai gpt-4o-mini']],
  ['claude-sonnet-4-5', ['work claude-sonnet-4-5']],
  ['qwen3-32b', ['house qwen3-32b']],
  ['fast', ['openai gpt-4o-mini']],
  ['faster', ['openai gpt-4o-mini']],
  ['smart', ['work claude-sonnet-4-5', 'openai gpt-4o-mini']],
  ['brave', ['house qwen3-32b']],
  ['deep', ['work claude-sonnet-4-5', 'openai gpt-4o-mini', 'house qwen3-32b']],
];

describe('resolveRef', () => {
  it.each(leads)('%s', (ref, expected) => {
    const resolved = resolveRef(ref, table, catalog);
    expect(resolved.ok && resolved.targets.map((target) => `${target.provider} ${target.model}`)).toEqual(
      expected,
    );
  });

  const refused: [string, RegExp][] = [
    ['gemini-2.5-pro', /is known \(google\), but no provider/],
    ['google/gemini-2.5-pro', /is known \(google\), but no provider/],
    ['gpt-4o-mni', /did you mean openai\/gpt-4o-mini\?/],
    ['fats', /did you mean fast/],
    ['loop', /leads back to itself/],
    ['gone', /nowhere/],
    ['openai/', /there is no model/],
    ['/x', /there is no model/],
    ['zzzzzzzzzzzzzzzzzzzzzz', /^there is no model, alias or route "z+"$/],
  ];
  it.each(refused)('refuses %s', (ref, message) => {
    expect(resolveRef(ref, table, catalog)).toMatchObject({
      ok: false,
      code: 'model_unknown',
      message: expect.stringMatching(message),
    });
  });

  it('follows only so many names, however routes multiply', () => {
    const resolved = resolveRef('wide6', table, catalog);
    expect(resolved).toMatchObject({ ok: false, code: 'model_unknown' });
  });

  it('reads no endless names', () => {
    expect(resolveRef(` ${'a'.repeat(MAX_REF_LENGTH + 1)}`, table, catalog)).toMatchObject({
      ok: false,
      code: 'body_invalid',
    });
    expect(resolveRef(`openai/${'a'.repeat(MAX_REF_LENGTH - 7)}`, table, catalog).ok).toBe(true);
  });

  it('refuses control characters', () => {
    expect(resolveRef('openai/a\r\nb', table, catalog)).toMatchObject({ ok: false, code: 'body_invalid' });
  });

  it('never throws and never leads to a provider that is not there', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (ref) => {
        const resolved = resolveRef(ref, table, catalog);
        if (resolved.ok)
          for (const target of resolved.targets) expect(table.providers.has(target.provider)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

it('splits at the first separator only', () => {
  expect(splitRef('a:b/c:d')).toEqual({ provider: 'a', model: 'b/c:d' });
  expect(splitRef('plain')).toBeUndefined();
});

it('plans each deployment once, and not too many', () => {
  const target = (model: string) => ({ provider: 'p', model });
  const names = Array.from({ length: MAX_PLANNED + 1 }, (_, index) => `m${index}`);
  const plan = makePlan([target('m0'), ...names.map(target)]);
  expect(plan.attempts.map((attempt) => attempt.model)).toEqual(names.slice(0, MAX_PLANNED));
  expect(plan.left.map((attempt) => attempt.model)).toEqual(names.slice(MAX_PLANNED));
});

describe('a preferred provider', () => {
  const several: RoutingTable = {
    ...table,
    providers: new Map([
      provider('first', 'anthropic'),
      provider('work', 'anthropic'),
      provider('house', 'local', ['claude-sonnet-4-5']),
      provider('other', 'google'),
    ]),
  };
  const leadsTo = (ref: string, preferredProvider?: string) => {
    const found = resolveRef(ref, { ...several, ...(preferredProvider && { preferredProvider }) }, catalog);
    return found.ok ? found.targets.map((target) => `${target.provider}/${target.model}`) : found.code;
  };
  it.each([
    ['claude-sonnet-4-5', undefined, ['house/claude-sonnet-4-5']],
    ['claude-sonnet-4-5', 'work', ['work/claude-sonnet-4-5']],
    ['claude-sonnet-4-5', 'house', ['house/claude-sonnet-4-5']],
    ['claude-sonnet-4-5', 'other', ['house/claude-sonnet-4-5']],
    ['claude-sonnet-4-5', 'gone', ['house/claude-sonnet-4-5']],
    ['first/claude-sonnet-4-5', 'work', ['first/claude-sonnet-4-5']],
    ['gemini-2.5-pro', 'work', ['other/gemini-2.5-pro']],
  ])('%s with %s preferred leads to %j', (ref, preferred, expected) => {
    expect(leadsTo(ref, preferred)).toEqual(expected);
  });
});
