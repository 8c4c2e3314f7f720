// Which providers there are, given what was declared and what the environment holds, and why some are not.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { type ConfiguredProviders, configureProviders, type DeclaredProvider } from './configure.ts';
import { ollamaBaseUrl } from './ollama-host.ts';
import { providerKinds } from './providers.ts';

type Env = Readonly<Record<string, string | undefined>>;

function declared(name: string, more: Partial<DeclaredProvider> = {}): DeclaredProvider {
  return { name, headers: {}, models: [], timeouts: {}, ...more };
}

function configure(rows: readonly DeclaredProvider[], env: Env = {}): ConfiguredProviders {
  return configureProviders(rows, providerKinds, env);
}

/** What kinds without an address of their own need beside a key. */
const ADDRESSES: Readonly<Record<string, Env>> = { azure: { AZURE_RESOURCE_NAME: 'house' } };

const names = ({ providers }: ConfiguredProviders) => [...providers.keys()];

/** The key that `name` would be called with. */
function keyOf({ providers }: ConfiguredProviders, name: string): string | undefined {
  return providers.get(name)!.credential?.reveal();
}

describe('from the environment', () => {
  it('finds nothing but the sandbox where there is nothing', () => {
    const found = configure([], { PATH: '/bin', OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '  ' });
    expect(names(found)).toEqual(['sandbox']);
    expect([found.problems, found.keyless]).toEqual([[], []]);
  });
  const kindsWithKey = [...providerKinds.values()].filter((kind) => kind.needsCredential);
  it.each(kindsWithKey.flatMap(({ id, credentialEnv }) => credentialEnv.map((name) => [id, name] as const)))(
    'finds %s by %s',
    (id, variable) => {
      const found = configure([], { ...ADDRESSES[id], [variable]: ' sk-1 ' });
      expect(names(found)).toEqual([id, 'sandbox']);
      expect(keyOf(found, id)).toBe('sk-1');
      expect(found.credentialSources.get(id)).toBe(`env ${variable}`);
    },
  );
  it('prefers the first of several variables', () => {
    const found = configure([], { DEEPINFRA_TOKEN: 'second', DEEPINFRA_API_KEY: 'first' });
    expect(keyOf(found, 'deepinfra')).toBe('first');
    expect(found.credentialSources.get('deepinfra')).toBe('env DEEPINFRA_API_KEY');
  });
  it('takes no local server from its key alone', () => {
    expect(names(configure([], { VLLM_API_KEY: 'k', LITELLM_API_KEY: 'k' }))).toEqual(['sandbox']);
  });
  it('keeps the order of the kinds, makers first', () => {
    const env = { OPENROUTER_API_KEY: 'r', GROQ_API_KEY: 'g', OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a' };
    expect(names(configure([], env))).toEqual(['anthropic', 'openai', 'groq', 'openrouter', 'sandbox']);
  });
});

describe('whose key is used', () => {
  const fileKey = { apiKey: new Secret('file') };
  const env = { OPENAI_API_KEY: 'env' };
  it.each<[string, DeclaredProvider, Env, string | undefined, string | undefined]>([
    ["the environment's for the vendor's own", declared('openai', fileKey), env, 'env', 'env OPENAI_API_KEY'],
    ["the file's without a variable", declared('openai', fileKey), {}, 'file', 'file'],
    [
      "the file's for a provider of another name",
      declared('team', { kind: 'openai', ...fileKey }),
      env,
      'file',
      'file',
    ],
    [
      "the file's for the vendor's name with another kind",
      declared('openai', { kind: 'openai-compatible', baseUrl: 'http://own.test/v1', ...fileKey }),
      env,
      'file',
      'file',
    ],
    [
      'none for a server that wants none',
      declared('house', { kind: 'openai-compatible', baseUrl: 'http://h.test/v1' }),
      env,
      undefined,
      undefined,
    ],
    ["a local server's own variable", declared('vllm'), { VLLM_API_KEY: 'v' }, 'v', 'env VLLM_API_KEY'],
  ])('%s', (_name, row, environment, key, source) => {
    const found = configure([row], environment);
    expect(found.problems).toEqual([]);
    expect(keyOf(found, row.name)).toBe(key);
    expect(found.credentialSources.get(row.name)).toBe(source);
  });
  it("does not lend the vendor's key to a provider of another name", () => {
    const found = configure([declared('team', { kind: 'openai' })], env);
    expect(names(found)).toEqual(['openai', 'sandbox']);
    expect(found.keyless.map(({ name }) => name)).toEqual(['team']);
    expect(found.problems).toEqual(['providers.team: no key; set api_key']);
  });
});

describe('what a declared provider is', () => {
  it.each(['groq', 'mistral', 'vllm', 'lmstudio', 'llamacpp', 'ollama', 'anthropic'])(
    'is of the kind of its name: %s',
    (name) => {
      const provider = configure([declared(name, { apiKey: new Secret('k') })]).providers.get(name)!;
      const kind = providerKinds.get(name)!;
      expect(provider).toMatchObject({ kind, baseUrl: kind.defaultBaseUrl });
      expect(provider.catalogProvider).toBe(kind.catalogProvider);
      expect(provider.streamUsage).toBe(kind.streamUsage ?? 'ask');
    },
  );
  it("keeps the operator's word over the kind's", () => {
    const row = declared('mistral', {
      baseUrl: 'http://127.0.0.1:9/v1//',
      apiKey: new Secret('k'),
      streamUsage: 'ask',
      models: ['m-1'],
      headers: { 'X-Team': 'blue' },
    });
    expect(configure([row]).providers.get('mistral')).toMatchObject({
      baseUrl: 'http://127.0.0.1:9/v1',
      streamUsage: 'ask',
      models: ['m-1'],
    });
    expect({ ...configure([row]).providers.get('mistral')!.headers }).toEqual({ 'x-team': 'blue' });
  });
  it('waits as long as is usual where the operator sets no limit', () => {
    const timeouts = (some: DeclaredProvider['timeouts']) =>
      configure([declared('vllm', { timeouts: some })]).providers.get('vllm')!.timeouts;
    const usual = {
      connectMs: 5_000,
      firstByteMs: 300_000,
      idleMs: 120_000,
      contentMs: 300_000,
      totalMs: 900_000,
    };
    expect(timeouts({})).toEqual(usual);
    expect(timeouts({ idleMs: 50, totalMs: 70 })).toEqual({ ...usual, idleMs: 50, totalMs: 70 });
  });
  it('is the sandbox once, as declared', () => {
    const found = configure([declared('sandbox', { headers: { 'x-sandbox': 'fail=503' } })]);
    expect(names(found)).toEqual(['sandbox']);
    expect({ ...found.providers.get('sandbox')!.headers }).toEqual({ 'x-sandbox': 'fail=503' });
  });
  it('shows no key', () => {
    const row = declared('openai', { apiKey: new Secret('hunter2'), headers: { 'x-key': 'hunter3' } });
    const { providers } = configure([row], { GROQ_API_KEY: 'hunter4' });
    const shown = [...providers.values()].map((one) => JSON.stringify(one) + inspect(one, { depth: 9 }));
    expect(shown.join()).not.toContain('hunter');
  });
});

describe('what cannot be used', () => {
  const openai = (more: Partial<DeclaredProvider>) =>
    declared('openai', { apiKey: new Secret('k'), ...more });
  const anthropic = (baseUrl: string) => declared('anthropic', { apiKey: new Secret('k'), baseUrl });
  const withoutV1 = 'must end before /v1';
  it.each<[string, DeclaredProvider, string]>([
    ['an unknown kind', declared('house'), 'there is no kind "house"; set kind to one of anthropic, openai'],
    ['a misspelt kind', declared('a', { kind: 'opanai' }), 'there is no kind "opanai"'],
    ['no address', declared('openai-compatible'), 'needs a base_url'],
    ['a relative address', openai({ baseUrl: '/v1' }), 'must be an http or https URL'],
    ['an address without a scheme', openai({ baseUrl: 'localhost:8000/v1' }), 'must be an http or https URL'],
    ['another scheme', openai({ baseUrl: 'file:///etc/passwd' }), 'must be an http or https URL'],
    ['a key in the address', openai({ baseUrl: 'https://ada:hunter2@x.test' }), 'user name or password'],
    ['a query', openai({ baseUrl: 'https://x.test/v1?key=hunter2' }), 'without ? or #'],
    ['a fragment', openai({ baseUrl: 'https://x.test/v1#a' }), 'without ? or #'],
    ['/v1 for Anthropic', anthropic('https://api.anthropic.com/v1'), withoutV1],
    ['/v1/ for Anthropic', anthropic('http://proxy.test/anthropic/v1/'), withoutV1],
    ['a header of the transport', openai({ headers: { Host: 'x' } }), 'host is set by the transport'],
    ['a header of two lines', openai({ headers: { 'x-a': 'a\r\nx-b: hunter2' } }), 'control character'],
    ['a header that is none', openai({ headers: { 'x a': 'b' } }), 'no header name'],
  ])('%s', (_name, row, problem) => {
    const found = configure([row, declared('vllm')]);
    expect(names(found)).toEqual(['vllm', 'sandbox']);
    expect(found.keyless).toEqual([]);
    expect(found.problems).toEqual([expect.stringContaining(problem)]);
    expect(found.problems[0]).toMatch(new RegExp(`^providers\\.${row.name}: `));
    expect(found.problems[0]).not.toContain('hunter2');
  });
  it.each([
    ['OpenAI with /v1', openai({ baseUrl: 'https://x.test/v1' })],
    ['Anthropic below a path', anthropic('https://x.test/anthropic')],
    ['Anthropic below a path like v1', anthropic('https://x.test/v11')],
  ])('but %s can', (_name, row) => {
    expect(configure([row]).problems).toEqual([]);
  });
  it('names the variable that would mend a missing key', () => {
    const found = configure([declared('groq')]);
    expect(found.problems).toEqual(['providers.groq: no key; set api_key or GROQ_API_KEY']);
    expect(found.keyless.map(({ name, kind }) => [name, kind.id])).toEqual([['groq', 'groq']]);
  });
  it('is not replaced by what the environment holds for its name', () => {
    const found = configure([declared('openai', { kind: 'nothing' })], { OPENAI_API_KEY: 'k' });
    expect(names(found)).toEqual(['sandbox']);
  });
});

describe('OLLAMA_HOST', () => {
  it.each<[string, string | undefined]>([
    ['gpu', 'http://gpu:11434'],
    ['gpu:8080', 'http://gpu:8080'],
    [':8080', 'http://127.0.0.1:8080'],
    [' 10.0.0.7 ', 'http://10.0.0.7:11434'],
    ['gpu/ollama/', 'http://gpu:11434/ollama'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:9000', 'http://127.0.0.1:9000'],
    ['::1', 'http://[::1]:11434'],
    ['[::1]:9000', 'http://[::1]:9000'],
    ['[::]', 'http://127.0.0.1:11434'],
    ['http://gpu:11434/', 'http://gpu:11434'],
    ['https://ollama.house.test', 'https://ollama.house.test'],
    ['http://gpu', 'http://gpu'],
    ['ftp://gpu', undefined],
    ['http://', undefined],
    ['gpu:port', undefined],
    ['gpu:99999', undefined],
    ['two words', undefined],
  ])('%s is %s', (text, url) => {
    expect(ollamaBaseUrl(text)).toBe(url);
  });
  it('is a provider', () => {
    const found = configure([], { OLLAMA_HOST: 'gpu:8080' });
    expect(names(found)).toEqual(['ollama', 'sandbox']);
    const { kind, baseUrl, credential } = found.providers.get('ollama')!;
    expect([kind.id, baseUrl, credential]).toEqual(['ollama', 'http://gpu:8080', undefined]);
    expect(baseUrl + kind.path('ollama-chat', 'chat', { model: 'm', isStream: false })).toBe(
      'http://gpu:8080/api/chat',
    );
  });
  it.each(['', '  '])('"%s" is none', (text) => {
    expect(names(configure([], { OLLAMA_HOST: text }))).toEqual(['sandbox']);
  });
  it('comes before the address in the file, and leaves the rest of it', () => {
    const row = declared('ollama', { baseUrl: 'http://file:1', models: ['llama3'] });
    const { providers } = configure([row], { OLLAMA_HOST: 'gpu' });
    expect(providers.get('ollama')).toMatchObject({ baseUrl: 'http://gpu:11434', models: ['llama3'] });
  });
  it('is not for an Ollama of another name', () => {
    const row = declared('attic', { kind: 'ollama', baseUrl: 'http://attic:11434' });
    const { providers } = configure([row], { OLLAMA_HOST: 'gpu' });
    expect(providers.get('attic')!.baseUrl).toBe('http://attic:11434');
    expect(providers.get('ollama')!.baseUrl).toBe('http://gpu:11434');
  });
  it.each(['ftp://gpu', 'http://ada:hunter2@gpu'])('%s is a problem, not a crash', (text) => {
    const found = configure([], { OLLAMA_HOST: text });
    expect(names(found)).toEqual(['sandbox']);
    expect(found.problems).toEqual([expect.stringMatching(/^providers\.ollama: /)]);
    expect(found.problems[0]).not.toContain('hunter2');
  });
});
