// What files say of several keys of one provider.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Config, loadConfig } from './config.ts';

function load(text: string, env: Readonly<Record<string, string>> = {}): Config {
  const cwd = mkdtempSync(join(tmpdir(), 'turnpike-config-keys-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  writeFileSync(join(cwd, 'turnpike.yaml'), text);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: join(cwd, 'home'), ...env }, cwd });
}

/** Of the provider `a`. */
function keysOf(list: string, env: Readonly<Record<string, string>> = {}) {
  const config = load(`providers: { a: { kind: openai, api_keys: ${list} } }`, env);
  const keys = config.providers[0]!.apiKeys.map(({ secret, weight, name }) => [
    secret.reveal(),
    weight,
    name,
  ]);
  return { keys, warnings: config.warnings };
}

const variable = (name: string) => `\${${name}}`;

describe('api_keys', () => {
  it('are texts, or entries with a weight and a name', () => {
    expect(keysOf('[one, {key: two, weight: 3}, {key: three, name: team}]').keys).toEqual([
      ['one', 1, undefined],
      ['two', 3, undefined],
      ['three', 1, 'team'],
    ]);
  });
  it('leave out those whose variable is not set, and say so', () => {
    const list = `["${variable('A')}", "${variable('B')}", {key: "${variable('C')}", weight: 2}]`;
    const { keys, warnings } = keysOf(list, { B: 'b' });
    expect(keys).toEqual([['b', 1, undefined]]);
    expect(warnings).toEqual([
      expect.stringContaining(`providers.a.api_keys.0 names ${variable('A')}, which is not set`),
      expect.stringContaining(`providers.a.api_keys.2.key names ${variable('C')}, which is not set`),
    ]);
  });
  it.each([
    ['[{key: a, name: x}, {key: b, name: x}]', 'api_keys.1.name'],
    ['[{key: a, weight: 0}]', 'api_keys.0'],
    ['[{key: a, weight: 1.5}]', 'api_keys.0'],
    ['[{key: a, wieght: 2}]', 'api_keys.0'],
    ['[{key: a, name: "a b"}]', 'api_keys.0'],
    ['[""]', 'api_keys.0'],
    ['[7]', 'api_keys.0'],
    ['one', 'api_keys'],
    [`[${Array(51).fill('k').join(', ')}]`, 'api_keys'],
  ])('refuses %s', (list, place) => {
    expect(() => keysOf(list)).toThrow(place);
  });
  it('are not shown', () => {
    const config = load('providers: { a: { kind: openai, api_keys: [sk-of-a-file-that-is-long-enough] } }');
    for (const text of [JSON.stringify(config), inspect(config, { depth: 10 }), `${config.providers[0]}`])
      expect(text).not.toContain('sk-of-a-file');
  });
});

describe('keys.prefer', () => {
  it.each([
    ['{}', 'environment', 'default'],
    ['keys: {}', 'environment', 'default'],
    ['keys: { prefer: environment }', 'environment', 'turnpike.yaml'],
    ['keys: { prefer: vault }', 'vault', 'turnpike.yaml'],
  ])('%s = %s', (text, preferred, source) => {
    const config = load(text);
    expect(config.preferredKeys).toBe(preferred);
    expect(config.sources['keys.prefer']).toContain(source);
    expect(config.warnings).toEqual([]);
  });
  it.each(['keys: { prefer: file }', 'keys: { first: vault }', 'keys: vault'])('refuses %s', (text) => {
    expect(() => load(text)).toThrow('keys');
  });
});
