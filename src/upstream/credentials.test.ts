// Where the credentials of a provider come from, their order of use, and the provider as each of them makes it.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { configureProviders, type DeclaredProvider } from './configure.ts';
import { type DeclaredKey, noVaulted, type VaultedCredentials, withCredential } from './credentials.ts';
import { requestHeaders } from './headers.ts';
import type { ProviderCredential } from './provider.ts';
import { providerKinds } from './providers.ts';

const key = (text: string, more: Partial<DeclaredKey> = {}): DeclaredKey => ({
  secret: new Secret(text),
  weight: 1,
  ...more,
});

function vault(provider: string, texts: readonly string[], isPreferred = false): VaultedCredentials {
  const credentials = texts.map(
    (text): ProviderCredential => ({
      id: `cred_${text}`,
      secret: new Secret(text),
      weight: 1,
      rank: 0,
      source: 'vault',
      label: text,
    }),
  );
  return { tiers: [new Map([[provider, credentials]])], isPreferred };
}

function configure(
  row: Partial<DeclaredProvider> | undefined,
  env: Readonly<Record<string, string>> = {},
  vaulted = noVaulted,
) {
  const declared = row ? [{ name: 'openai', headers: {}, models: [], timeouts: {}, ...row }] : [];
  return configureProviders(declared, providerKinds, env, vaulted);
}

/** `rank id weight` of each, in the order of use. */
function orderOf(...input: Parameters<typeof configure>): string[] {
  const provider = configure(...input).providers.get(input[0]?.name ?? 'openai');
  return (provider?.credentials ?? []).map(({ rank, id, weight }) => `${rank} ${id} ${weight}`);
}

const environment = { OPENAI_API_KEY: 'e' };
const apiKey = new Secret('f');

describe('the order of use', () => {
  it.each<[string, Parameters<typeof configure>, readonly string[]]>([
    ['nothing', [{}], []],
    ['the variable', [undefined, environment], ['0 env:OPENAI_API_KEY 1']],
    ['the file', [{ apiKey }], ['0 file:api_key 1']],
    ['the vault, of a kind that nobody declares', [undefined, {}, vault('openai', ['v'])], ['0 cred_v 1']],
    [
      'environment, vault, file',
      [{ apiKey }, environment, vault('openai', ['v', 'w'])],
      ['0 env:OPENAI_API_KEY 1', '1 cred_v 1', '1 cred_w 1', '2 file:api_key 1'],
    ],
    [
      'the vault first, where it is preferred',
      [{ apiKey }, environment, vault('openai', ['v'], true)],
      ['0 cred_v 1', '1 env:OPENAI_API_KEY 1', '2 file:api_key 1'],
    ],
    [
      'several of the file',
      [{ apiKey, apiKeys: [key('g'), key('h', { weight: 3, name: 'team' })] }],
      ['0 file:api_key 1', '0 file:1 1', '0 file:team 3'],
    ],
    [
      'a list that names the key of the environment',
      [{ apiKeys: [key('e', { weight: 5 }), key('g')] }, environment, vault('openai', ['v'])],
      ['0 file:1 5', '0 file:2 1', '1 cred_v 1'],
    ],
    ['the same key twice', [{ apiKey: new Secret('e') }, environment], ['0 env:OPENAI_API_KEY 1']],
    [
      'a provider of another name, which has no variable',
      [{ name: 'team', kind: 'openai', apiKey }, environment, vault('team', ['v'])],
      ['0 cred_v 1', '1 file:api_key 1'],
    ],
  ])('%s', (_name, input, expected) => {
    expect(orderOf(...input)).toEqual(expected);
  });
  it('begins with the one that is used where one is', () => {
    const { providers, credentialSources } = configure({ apiKey }, environment, vault('openai', ['v'], true));
    expect(providers.get('openai')!.credential!.reveal()).toBe('v');
    expect(credentialSources.get('openai')).toBe('vault');
  });
  it('says of a provider that nobody knows that the vault has its key', () => {
    const { problems } = configure(undefined, {}, vault('opanai', ['v']));
    expect(problems).toEqual([
      'providers.opanai: the vault holds a key of it, but it is neither declared nor a kind',
    ]);
  });
});

describe('a provider with one of its credentials', () => {
  const provider = configure({ apiKeys: [key('one'), key('two')] }).providers.get('openai')!;
  const [first, second] = provider.credentials;
  it('is called with that one', () => {
    const sent = [first!, second!].map(
      (credential) => requestHeaders({}, withCredential(provider, credential), 'openai-chat').authorization,
    );
    expect(sent).toEqual(['Bearer one', 'Bearer two']);
  });
  it('is the same object each time', () => {
    const one = withCredential(provider, second!);
    expect(withCredential(provider, second!)).toBe(one);
    expect(withCredential(one, second!)).toBe(one);
    expect(withCredential(provider, first!)).not.toBe(one);
  });
  it('is itself where it has no other', () => {
    const alone = configure({ apiKey }).providers.get('openai')!;
    expect(withCredential(alone, alone.credentials[0]!)).toBe(alone);
  });
  it('keeps everything else', () => {
    const { credential: _a, credentials: _b, ...rest } = withCredential(provider, second!);
    const { credential: _c, credentials: _d, ...expected } = provider;
    expect(rest).toEqual(expected);
  });
  it('shows no secret', () => {
    for (const text of [JSON.stringify(provider), inspect(provider, { depth: 10, showHidden: true })])
      expect(text).not.toMatch(/"one"|'one'|"two"|'two'/);
  });
});

describe('a kind whose address depends on the credential', () => {
  const account = (project: string) =>
    JSON.stringify({ type: 'service_account', project_id: project, client_email: 'a@b', private_key: 'x' });
  it('is placed for each', () => {
    const row = { name: 'vertex', apiKeys: [key(account('north')), key(account('south'))] };
    const { providers, problems } = configure(row);
    const provider = providers.get('vertex')!;
    const paths = provider.credentials.map((credential) => withCredential(provider, credential).baseUrl);
    expect(problems).toEqual([]);
    expect(paths).toEqual([
      expect.stringContaining('projects/north'),
      expect.stringContaining('projects/south'),
    ]);
  });
  it('leaves out one that leads nowhere, and says so', () => {
    const row = { name: 'vertex', apiKeys: [key(account('north')), key('ya29.token')] };
    const { providers, problems } = configure(row);
    expect(providers.get('vertex')!.credentials).toHaveLength(1);
    expect(problems).toEqual([expect.stringContaining('providers.vertex: the key 2 is left out: ')]);
  });
});
