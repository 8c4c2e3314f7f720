/** What a running process takes of another configuration, what it names as changed, and what waits for the next start. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Config, loadConfig } from './config.ts';
import { takeConfig } from './config-diff.ts';

const root = mkdtempSync(join(tmpdir(), 'turnpike-diff-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function load(text: string): Config {
  mkdirSync(join(root, 'home'), { recursive: true });
  writeFileSync(join(root, 'turnpike.yaml'), text);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: join(root, 'home'), KEY: 'sk-1' }, cwd: root });
}

const key = `\${KEY}`;
const price = (input: number) =>
  `prices: { overrides: [{ provider: house, model: m, input_usd_per_mtok: ${input}, output_usd_per_mtok: 2 }] }`;

it.each<[string, string, string, Partial<Record<'added' | 'changed' | 'removed' | 'pending', string[]>>]>([
  ['nothing', 'port: 1', 'port: 1', {}],
  ['another order', 'aliases: { a: x/y, b: x/z }', 'aliases: { b: x/z, a: x/y }', {}],
  ['an alias', '{}', 'aliases: { a: x/y }', { added: ['aliases.a'] }],
  ['another ref', 'aliases: { a: x/y }', 'aliases: { a: x/z }', { changed: ['aliases.a'] }],
  ['a route', 'routes: { r: { models: [x/y] } }', '{}', { removed: ['routes.r'] }],
  [
    "a provider's key",
    `providers: { openai: { api_key: "${key}" } }`,
    'providers: { openai: { api_key: sk-2 } }',
    { changed: ['providers.openai'] },
  ],
  [
    'the same key in other words',
    `providers: { openai: { api_key: "${key}" } }`,
    'providers: { openai: { api_key: sk-1 } }',
    {},
  ],
  [
    'the default model',
    'models: { default: a/b }',
    'models: { default: a/c }',
    { changed: ['models.default'] },
  ],
  [
    'the model of a prompt',
    '{}',
    'models: { agents: { coder: a/b } }',
    { added: [expect.stringContaining('models.agents.coder')] },
  ],
  [
    'a fallback',
    '{}',
    'fallback: { default: a/b }',
    { added: ['fallback.default'], changed: ['fallback.enabled'] },
  ],
  [
    'a budget',
    '{}',
    'budgets: [{ name: all, scope: workspace, period: day, limit_usd: 1 }]',
    { added: ['budgets.all'] },
  ],
  ['a price', price(1), price(2), { changed: ['prices.overrides.house/m'] }],
  [
    'a rate limit',
    '{}',
    'rate_limits: [{ scope: "key:*", requests_per_minute: 5 }]',
    { added: ['rateLimits.key:*'] },
  ],
  ['the retention', '{}', 'retention: { entries_days: 30 }', { changed: ['retention.entriesDays'] }],
  ['the port', '{}', 'port: 9000', { pending: ['port'] }],
  ['a limit', '{}', 'limits: { exchanges: 5 }', { pending: ['limits.exchanges'] }],
  ['the price list', '{}', 'prices: { refresh: { file: list.json } }', { pending: ['prices.refresh'] }],
  [
    'both kinds',
    'host: 127.0.0.1',
    'host: "::1"\ndurability: process\naliases: { a: x/y }',
    { added: ['aliases.a'], pending: ['host', 'durability'] },
  ],
])('%s', (_, before, after, { added = [], changed = [], removed = [], pending = [] }) => {
  const running = load(before);
  const taken = takeConfig(running, load(after));
  expect(taken.diff).toEqual({ added, changed, removed });
  expect(taken.pendingRestart).toEqual(pending);
});

it('keeps what waits, takes the rest, and has nothing to wait for when the file is as it was', () => {
  const running = load('port: 1\naliases: { a: x/y }');
  const { config } = takeConfig(running, load('port: 2\naliases: { a: x/z }'));
  expect(config).toMatchObject({ port: 1, aliases: { a: 'x/z' } });
  expect(takeConfig(config, load('port: 2\naliases: { a: x/z }')).pendingRestart).toEqual(['port']);
  expect(takeConfig(config, load('port: 1\naliases: { a: x/z }'))).toMatchObject({
    pendingRestart: [],
    diff: { added: [], changed: [], removed: [] },
  });
});

it('shows no value', () => {
  const taken = takeConfig(
    load('{}'),
    load('providers: { openai: { api_key: sk-secret, headers: { x: sk-header } } }'),
  );
  expect(JSON.stringify([taken.diff, taken.pendingRestart])).not.toContain('sk-');
});
