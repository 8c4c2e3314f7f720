/** Which providers stay the objects they were when they are configured anew. */
import { expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { configureProviders, type DeclaredProvider } from './configure.ts';
import { noVaulted, type VaultedCredentials } from './credentials.ts';
import { keepUnchanged } from './keep-unchanged.ts';
import { providerKinds } from './providers.ts';

const row = (name: string, more: Partial<DeclaredProvider> = {}): DeclaredProvider => ({
  name,
  headers: {},
  models: [],
  timeouts: {},
  ...more,
});

function configured(declared: readonly DeclaredProvider[], vaulted: VaultedCredentials = noVaulted) {
  const env = { ANTHROPIC_API_KEY: 'sk-ant' };
  return {
    sources: { declared, vaulted },
    configured: configureProviders(declared, providerKinds, env, vaulted),
  };
}

const vaultOf = (provider: string, key: string): VaultedCredentials => ({
  isPreferred: false,
  tiers: [
    new Map([
      [
        provider,
        [{ id: 'cred_1', secret: new Secret(key), weight: 1, rank: 0, source: 'vault' as const, label: 'a' }],
      ],
    ]),
  ],
});

const openai = () => row('openai', { apiKey: new Secret('sk-1') });
const groq = () => row('groq', { apiKey: new Secret('gsk-1') });

it.each<[string, ReturnType<typeof configured>, ReturnType<typeof configured>, string[]]>([
  [
    'the same in other objects',
    configured([openai(), groq()]),
    configured([openai(), groq()]),
    ['anthropic', 'groq', 'openai', 'sandbox'],
  ],
  [
    'another key of one',
    configured([openai(), groq()]),
    configured([row('openai', { apiKey: new Secret('sk-2') }), groq()]),
    ['anthropic', 'groq', 'sandbox'],
  ],
  [
    'one more, and another order',
    configured([openai()]),
    configured([groq(), openai()]),
    ['anthropic', 'openai', 'sandbox'],
  ],
  [
    "one of the environment's that is declared now",
    configured([openai()]),
    configured([openai(), row('anthropic', { models: ['m'] })]),
    ['openai', 'sandbox'],
  ],
  [
    'a key that comes into the vault',
    configured([openai(), groq()]),
    configured([openai(), groq()], vaultOf('groq', 'gsk-2')),
    ['anthropic', 'openai', 'sandbox'],
  ],
  [
    'the same vault read again',
    configured([openai()], vaultOf('groq', 'gsk-2')),
    configured([openai()], vaultOf('groq', 'gsk-2')),
    ['anthropic', 'groq', 'openai', 'sandbox'],
  ],
])('%s', (_, before, next, kept) => {
  const { providers } = keepUnchanged(before, next);
  expect([...providers.keys()]).toEqual([...next.configured.providers.keys()]);
  const same = [...providers].filter(
    ([name, provider]) => provider === before.configured.providers.get(name),
  );
  expect(same.map(([name]) => name).sort()).toEqual(kept);
});
