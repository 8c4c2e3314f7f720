/** Who reaches which provider with whose credential: everything of a workspace's own stays its own. */
import { expect, it } from 'vitest';
import type { WorkspaceId } from './base/ids.ts';
import { silentLog } from './base/log.ts';
import { Secret } from './base/secret.ts';
import { loadConfig } from './config.ts';
import {
  declareReaches,
  everyProvider,
  type HeldByAll,
  noHolding,
  type Reaches,
  reachOf,
} from './server-reach.ts';
import { hasPlace, placeOf } from './upstream/credentials.ts';
import type { ProviderCredential } from './upstream/provider.ts';

const A: WorkspaceId = 'ws_a';
const B: WorkspaceId = 'ws_b';
const clock = { now: () => 0, monotonic: () => 0 };
const env = { OPENAI_API_KEY: 'sk-env', TURNPIKE_HOME: '/nowhere', OLLAMA_HOST: '127.0.0.1:11434' };
const config = loadConfig({ flags: {}, env, cwd: '/nowhere' });

const held = (provider: string, key: string): Map<string, ProviderCredential[]> => {
  const credential = { id: `cred_${key}`, secret: new Secret(key), weight: 1, rank: 0, label: 'default' };
  return new Map([[provider, [{ ...credential, source: 'vault' }]]]);
};
const nothing: HeldByAll = { workspaces: new Map(), members: new Map(), isPreferred: false };
const all = (isPreferred = false): HeldByAll => ({
  workspaces: new Map([
    [A, { ...noHolding, credentials: held('openai', 'sk-a') }],
    [B, { ...noHolding, credentials: held('groq', 'gsk-b') }],
  ]),
  members: new Map([['mem_1', { workspaceId: A, held: held('openai', 'sk-mine') }]]),
  isPreferred,
});
const declare = (by: HeldByAll, before?: Reaches) =>
  declareReaches(config, by, { clock, log: silentLog }, before);

const keysOf = (
  reaches: Reaches,
  provider: string,
  holder: { workspaceId: WorkspaceId; memberId?: string },
) =>
  reachOf(reaches, holder)
    .configured.providers.get(provider)
    ?.credentials.map(({ secret }) => secret.reveal());

it.each<[string, boolean, { workspaceId: WorkspaceId; memberId?: string }, string, string[] | undefined]>([
  ['a workspace: the environment, then its own', false, { workspaceId: A }, 'openai', ['sk-env', 'sk-a']],
  [
    'a member: the environment, its own, the workspace',
    false,
    { workspaceId: A, memberId: 'mem_1' },
    'openai',
    ['sk-env', 'sk-mine', 'sk-a'],
  ],
  [
    'a member where the vault is preferred: its own first, the environment last',
    true,
    { workspaceId: A, memberId: 'mem_1' },
    'openai',
    ['sk-mine', 'sk-a', 'sk-env'],
  ],
  [
    'a member without one: as the workspace',
    false,
    { workspaceId: A, memberId: 'mem_2' },
    'openai',
    ['sk-env', 'sk-a'],
  ],
  ['another workspace: nothing of the first', false, { workspaceId: B }, 'openai', ['sk-env']],
  ['a provider that the vault alone announces', false, { workspaceId: B }, 'groq', ['gsk-b']],
  ['and is nobody else’s', false, { workspaceId: A }, 'groq', undefined],
  ['a workspace that has nothing', false, { workspaceId: 'ws_c' }, 'openai', ['sk-env']],
  ['and sees no provider of another', false, { workspaceId: 'ws_c' }, 'groq', undefined],
])('%s', (_name, isPreferred, holder, provider, keys) => {
  expect(keysOf(declare(all(isPreferred)), provider, holder)).toEqual(keys);
});

it('shares the objects of what is the same for all', () => {
  const reaches = declare(all());
  const { common } = reaches;
  const ofB = reachOf(reaches, { workspaceId: B }).configured.providers;
  expect(ofB.get('openai')).toBe(common.configured.providers.get('openai'));
  expect(ofB.get('sandbox')).toBe(common.configured.providers.get('sandbox'));
});

it('keeps the objects of what has not changed, and no others', () => {
  const before = declare(all());
  const changed = all();
  const after = declare(
    {
      ...changed,
      workspaces: new Map([
        ...changed.workspaces,
        [B, { ...noHolding, credentials: held('groq', 'gsk-new') }],
      ]),
    },
    before,
  );
  const provider = (reaches: Reaches, workspaceId: WorkspaceId, name: string) =>
    reachOf(reaches, { workspaceId }).configured.providers.get(name);
  expect(provider(after, A, 'openai')).toBe(provider(before, A, 'openai'));
  expect(provider(after, B, 'groq')).not.toBe(provider(before, B, 'groq'));
  expect(after.common.configured.providers.get('openai')).toBe(
    before.common.configured.providers.get('openai'),
  );
});

it('gives a provider that a workspace declared nothing of the environment', () => {
  const declared = { headers: {}, models: [], timeouts: {}, ownerId: B };
  const providers = [
    { ...declared, name: 'openai', baseUrl: 'https://evil.example/v1' },
    { ...declared, name: 'ollama', baseUrl: 'https://evil.example' },
  ];
  const reaches = declare({
    ...nothing,
    workspaces: new Map([[B, { ...noHolding, providers, credentials: held('openai', 'sk-b') }]]),
  });
  expect(keysOf(reaches, 'openai', { workspaceId: B })).toEqual(['sk-b']);
  const { providers: own } = reachOf(reaches, { workspaceId: B }).configured;
  expect(own.get('ollama')).toMatchObject({ baseUrl: 'https://evil.example', credentials: [] });
});

it('tells the health of one name in two workspaces apart', () => {
  const reaches = declare({
    ...nothing,
    workspaces: new Map([
      [A, { ...noHolding, credentials: held('groq', 'gsk-a') }],
      [B, { ...noHolding, credentials: held('groq', 'gsk-b') }],
    ]),
  });
  const groqOf = (workspaceId: WorkspaceId) =>
    reachOf(reaches, { workspaceId }).configured.providers.get('groq')!;
  expect(placeOf(groqOf(A))).toBe('cred_gsk-a');
  expect(hasPlace(groqOf(A), 'cred_gsk-b')).toBe(false);
  expect([...everyProvider(reaches)].filter(([, { name }]) => name === 'groq').map(([id]) => id)).toEqual([
    'groq of ws_a',
    'groq of ws_b',
  ]);
  expect(everyProvider(reaches)).toBe(everyProvider(reaches));
});
