/** Prices declared in files: read exactly, merged, refused with the place and the mend. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from './config.ts';
import { describePrice, describeRefresh } from './config-prices.ts';

function load(project: string, user?: string) {
  const root = mkdtempSync(join(tmpdir(), 'turnpike-config-prices-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, 'home');
  mkdirSync(home);
  writeFileSync(join(root, 'turnpike.yaml'), project);
  if (user !== undefined) writeFileSync(join(home, 'config.yaml'), user);
  return { root, ...loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: root }) };
}

it('reads what is written to the pico-dollar, text or number', () => {
  const { prices } = load(`
prices:
  overrides:
    - provider: openai
      model: gpt-4o
      service_tier: flex
      effective_from: 2026-11-01
      input_usd_per_mtok: "0.000001"
      output_usd_per_mtok: 10.1
      cache_read_usd_per_mtok: 0
      cache_write_5m_usd_per_mtok: "3.75"
      cache_write_1h_usd_per_mtok: "6"
      reasoning_usd_per_mtok: 12
      audio_input_usd_per_mtok: "40.123456"
      audio_output_usd_per_mtok: 80
      usd_per_request: "0.000000000001"
      usd_per_call: { web_search: 0.01 }
      above:
        - { input_tokens: 200000, input_usd_per_mtok: "6", output_usd_per_mtok: "22.5" }
`);
  expect(prices).toEqual({
    refresh: undefined,
    overrides: [
      {
        provider: 'openai',
        model: 'gpt-4o',
        serviceTier: 'flex',
        effectiveFromMs: Date.UTC(2026, 10, 1),
        tiers: [
          {
            aboveInputTokens: 0,
            rates: {
              input: 1,
              output: 10_100_000,
              cacheRead: 0,
              cacheWrite5m: 3_750_000,
              cacheWrite1h: 6_000_000,
              reasoning: 12_000_000,
              audioInput: 40_123_456,
              audioOutput: 80_000_000,
              perRequest: 1,
              calls: { web_search: 10_000_000_000 },
            },
          },
          { aboveInputTokens: 200_000, rates: { input: 6_000_000, output: 22_500_000 } },
        ],
      },
    ],
  });
});

it('knows what is free from what is unknown', () => {
  const { prices } = load('prices: { overrides: [ { provider: gpu, model: "*", free: true } ] }');
  expect(prices.overrides).toMatchObject([
    {
      provider: 'gpu',
      model: '*',
      serviceTier: '*',
      tiers: [{ rates: { input: 0, output: 0, cacheRead: 0 } }],
    },
  ]);
  expect(prices.overrides[0]).not.toHaveProperty('effectiveFromMs');
});

it('takes of two files the later word', () => {
  const entry = (input: number, more = '') =>
    `    - { provider: a, model: m, input_usd_per_mtok: ${input}, output_usd_per_mtok: 1${more} }\n`;
  const { prices, sources, root } = load(
    `prices:\n  refresh: { file: lists/prices.json, every_hours: 2 }\n  overrides:\n${entry(1)}`,
    `prices:\n  refresh: { url: "https://example.com/p.json" }\n  overrides:\n${entry(2)}${entry(3, ', service_tier: batch')}`,
  );
  expect(prices.overrides.map(({ serviceTier, tiers }) => [serviceTier, tiers[0]!.rates.input])).toEqual([
    ['*', 1_000_000],
    ['batch', 3_000_000],
  ]);
  expect(prices.refresh).toEqual({
    from: { kind: 'file', place: join(root, 'lists/prices.json') },
    everyMs: 7_200_000,
  });
  expect(sources['prices.refresh']).toBe(join(root, 'turnpike.yaml'));
});

const bad = (entry: string) => `prices: { overrides: [ { provider: a, model: m, ${entry} } ] }`;
const rates = 'input_usd_per_mtok: 1, output_usd_per_mtok: 1';

it.each([
  ['no output', bad('input_usd_per_mtok: 1'), /overrides\.0\.output_usd_per_mtok: is missing/],
  [
    'a negative rate',
    bad('input_usd_per_mtok: -1, output_usd_per_mtok: 1'),
    /input_usd_per_mtok: must be US dollars/,
  ],
  [
    'more places than there are',
    bad('input_usd_per_mtok: "0.0000001", output_usd_per_mtok: 1'),
    /at most 6 places/,
  ],
  ['a rate in words', bad('input_usd_per_mtok: "$3", output_usd_per_mtok: 1'), /must be US dollars/],
  ['an absurd rate', bad('input_usd_per_mtok: 1000001, output_usd_per_mtok: 1'), /must be US dollars/],
  ['free but not', bad(`free: true, ${rates}`), /free: says what is free costs something/],
  ['a tier it cannot be', bad(`service_tier: "Über", ${rates}`), /service_tier: must be standard/],
  [
    'thresholds that fall',
    bad(`${rates}, above: [ { input_tokens: 9, ${rates} }, { input_tokens: 9, ${rates} } ]`),
    /above: must be in rising order/,
  ],
  [
    'twice the same',
    `prices: { overrides: [ { provider: a, model: m, ${rates} }, { provider: a, model: m, free: true } ] }`,
    /overrides\.1: another entry is for the same/,
  ],
  ['a refresh from nowhere', 'prices: { refresh: { every_hours: 1 } }', /either url or file/],
])('refuses %s', (_name, file, message) => {
  expect(() => load(file)).toThrow(message);
});

it('says them in a line, without keys', () => {
  const { prices } = load(`
prices:
  refresh: { url: "https://example.com/p.json?key=secret", every_hours: 6 }
  overrides:
    - { provider: a, model: m, ${rates}, service_tier: flex, effective_from: 2026-11-01, above: [ { input_tokens: 9, ${rates} } ] }
    - { provider: a, model: "*", free: true }
`);
  expect(prices.overrides.map(describePrice)).toEqual([
    '$1.00 in, $1.00 out per million, 1 more above 9 input tokens, flex, from 2026-11-01T00:00:00.000Z',
    '$0.00 in, $0.00 out per million',
  ]);
  expect(describeRefresh(prices.refresh)).toBe('https://example.com/p.json (rest masked), every 6 h');
  expect(describeRefresh(undefined)).toBe('never');
});
