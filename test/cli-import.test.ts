/**
 * `turnpike import`: files of other gateways become files of ours that load, lead where they led, hold no secret, and
 * name whatever could not be carried. After a change: `npx vitest run test/cli-import.test.ts -u`, and read the samples.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createCatalog } from '../src/catalog/catalog.ts';
import { importCcr } from '../src/cli/import-ccr.ts';
import { createDraft } from '../src/cli/import-draft.ts';
import { readLooseJson } from '../src/cli/import-json.ts';
import { importKinds } from '../src/cli/import-kinds.ts';
import { importLitellm } from '../src/cli/import-litellm.ts';
import { budgetPeriod, perMillion } from '../src/cli/import-values.ts';
import { type Config, loadConfig } from '../src/config.ts';
import { fileSchema } from '../src/config-schema.ts';
import { resolveRef } from '../src/route/ref.ts';
import { noFallback } from '../src/route/route-rule.ts';
import { configureProviders } from '../src/upstream/configure.ts';
import { providerKinds } from '../src/upstream/providers.ts';
import { resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

const folder = new URL('support/import-samples/', import.meta.url);
const samples = readdirSync(folder).filter((name) => /^(litellm|ccr)-[a-z]+\.(yaml|json\.txt)$/.test(name));
const at = (name: string) => new URL(name, folder).pathname;
const gatewayOf = (name: string) => (name.startsWith('ccr') ? 'ccr' : 'litellm');

function makeFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'turnpike-import-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

interface Result {
  readonly yaml: string;
  readonly variables: readonly { readonly name: string }[];
}

async function importSample(name: string) {
  const { code, out, err } = await turnpike(`import ${gatewayOf(name)} ${at(name)} --json`);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Result;
}

/** As a server would, with every variable set that the import has named. */
function load({ yaml, variables }: Result): Config {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'turnpike.yaml'), yaml);
  const set = variables.map(({ name }) => [name, name.endsWith('_BASE') ? 'https://set.test' : 'a-value']);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: cwd, ...Object.fromEntries(set) }, cwd });
}

describe.each(samples)('%s', (name) => {
  it('becomes a file of ours', async () => {
    const { out, err } = await turnpike(`import ${gatewayOf(name)} ${at(name)}`);
    const report = err
      .split('\n')
      .map((line) => `# ${line}`.trim())
      .join('\n');
    const shown = name.replace(/\..+$/, '.imported.yaml');
    await expect(`${out}${report}\n`).toMatchFileSnapshot(at(shown));
  });
  it('loads, and its providers can be used', async () => {
    const config = load(await importSample(name));
    expect(config.warnings).toEqual([]);
    expect(configureProviders(config.providers, providerKinds, config.env).problems).toEqual([]);
  });
  it('leads somewhere by every name', async () => {
    const config = load(await importSample(name));
    const { providers } = configureProviders(config.providers, providerKinds, config.env);
    const aliases = new Map(Object.entries(config.aliases));
    const routes = new Map(Object.entries(config.routes));
    const table = { providers, aliases, routes, fallback: noFallback, defaultRef: undefined };
    for (const ref of [...aliases.keys(), ...routes.keys()])
      expect([ref, resolveRef(ref, table, createCatalog([]))]).toEqual([
        ref,
        expect.objectContaining({ ok: true }),
      ]);
  });
  it('keeps its secrets to itself', async () => {
    const plain = await turnpike(`import ${gatewayOf(name)} ${at(name)}`);
    const { yaml } = await importSample(name);
    for (const text of [plain.out, plain.err, yaml]) expect(text).not.toMatch(/canary/i);
  });
});

it('has samples that hold secrets', () => {
  const secrets = samples.flatMap((name) => [...readFileSync(at(name), 'utf8').matchAll(/canary/gi)]);
  expect(secrets.length).toBeGreaterThan(10);
});

it('knows only kinds that there are, and their variables', () => {
  for (const { kind, variables } of importKinds) {
    const found = providerKinds.get(kind);
    expect([kind, found?.credentialEnv]).toEqual([kind, expect.arrayContaining([...variables])]);
  }
});

describe('writing', () => {
  const sample = at('litellm-plain.yaml');
  it('makes a file for its owner alone, and never over another one', async () => {
    const file = join(makeFolder(), 'turnpike.yaml');
    const first = await turnpike(`import litellm ${sample} --write ${file}`);
    expect([first.code, first.out]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toContain('aliases:');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await turnpike(`import litellm ${sample} --write ${file}`)).code).toBe(2);
    expect((await turnpike(`import litellm ${sample} --write ${file} --force`)).code).toBe(0);
  });
  it('leaves no file where nothing could be read', async () => {
    const file = join(makeFolder(), 'turnpike.yaml');
    const bad = join(makeFolder(), 'bad.yaml');
    writeFileSync(bad, 'model_list: [');
    expect((await turnpike(`import litellm ${bad} --write ${file}`)).code).toBe(1);
    expect(existsSync(file)).toBe(false);
  });
});

describe('what is no file of theirs', () => {
  it.each([
    ['litellm', 'a: &a [*a]'],
    ['litellm', 'hello'],
    ['litellm', '[]'],
    ['litellm', 'model_list: canary-text'],
    ['ccr', '{"Providers": [canary-0123456789}'],
    ['ccr', '{}'],
    ['ccr', ''],
  ])('is refused: %s of %j', async (gateway, text) => {
    const file = join(makeFolder(), 'file');
    writeFileSync(file, text);
    const { code, out, err } = await turnpike(`import ${gateway} ${file}`);
    expect([code, out]).toEqual([1, '']);
    expect(err).not.toContain('canary');
  });
  it('is not there', async () => {
    expect((await turnpike('import litellm /nowhere/config.yaml')).code).toBe(2);
    expect((await turnpike('import ccr')).err).toContain('.claude-code-router/config.json does not exist');
  });
});

it.each([
  ['0.0000025', '2.5'],
  ['1e-05', '10'],
  ['3E-6', '3'],
  ['0', '0'],
  ['0.0', '0'],
  ['1.5e-7', '0.15'],
  ['7.5e-08', '0.075'],
  ['.000001', '1'],
  ['1', '1000000'],
  ['1e-13', undefined],
  ['1e400', undefined],
  ['-1', undefined],
  ['x', undefined],
  ['', undefined],
])('a price of %s a token is %s a million', (text, expected) => {
  expect(perMillion(text)).toBe(expected);
  if (expected !== undefined && Number(text) > 0)
    expect(Number(perMillion(Number(text)))).toBeCloseTo(Number(text) * 1e6, 6);
});

it.each([
  [undefined, 'total'],
  ['24h', 'day'],
  ['1d', 'day'],
  ['7d', 'week'],
  ['30d', 'month'],
  ['1mo', 'month'],
  ['5h', 'rolling:5'],
  ['30m', 'rolling:1'],
  ['60d', undefined],
  ['soon', undefined],
])('a budget of %s is one of %s', (duration, period) => {
  expect(budgetPeriod(createDraft(), duration, 'here')).toBe(period);
});

describe('JSON by hand', () => {
  it.each([
    ['{"a": 1, // one\n "b": [1, 2,],}', { a: 1, b: [1, 2] }],
    [
      '{"url": "http://x//y", "t": "a, ]", /* , */ "q": "\\"//"}',
      { url: 'http://x//y', t: 'a, ]', q: '"//' },
    ],
    ['\uFEFF{"a": [1, // last\n ] }', { a: [1] }],
  ])('%j', (text, expected) => {
    expect(readLooseJson(text)).toEqual(expected);
  });
  it('is what JSON is, where it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readLooseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('whatever stands in a file', () => {
  const words = [
    'model_list',
    'model_name',
    'litellm_params',
    'model',
    'api_base',
    'api_key',
    'rpm',
    'weight',
  ];
  const names = fc.constantFrom(...words, 'Providers', 'Router', 'name', 'models', 'default', 'fallbacks');
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('gpt-4o', 'openai/x', 'a,b', 'http://h:1/v1', '30d', '${', '*', 'a/b c', ''),
      fc.integer(),
      fc.constant(null),
      fc.array(tie('anything'), { maxLength: 3 }),
      fc.dictionary(names, tie('anything'), { maxKeys: 5 }),
    ),
  }));
  const entry = fc.record({ model_name: anything, litellm_params: anything });
  const provider = fc.record({ name: anything, api_base_url: anything, models: anything });
  it.each([
    [
      'LiteLLM',
      importLitellm,
      fc.record({ model_list: fc.array(entry, { maxLength: 4 }), router_settings: anything }),
    ],
    [
      'claude-code-router',
      importCcr,
      fc.record({ Providers: fc.array(provider, { maxLength: 4 }), Router: anything }),
    ],
  ])('of %s, nothing breaks, and what comes of it is a file of ours', (_name, make, files) => {
    fc.assert(
      fc.property(files, (file) => {
        const { config } = make(file);
        expect(fileSchema.safeParse(config).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

it('keeps names apart that would come to the same', () => {
  const entry = (model_name: string) => ({ model_name, litellm_params: { model: `openai/${model_name}-x` } });
  const { config } = importLitellm({ model_list: [entry('a/b'), entry('a b'), entry('a-b')] });
  expect(config.aliases).toEqual({ 'a-b': 'openai/a/b-x', 'a-b-2': 'openai/a b-x', 'a-b-3': 'openai/a-b-x' });
});
