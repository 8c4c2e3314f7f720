// What workspaces declared, put beside what the vault holds: of names that files have too, the file's counts.
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { storesUnderTest } from '../test/support/stores.ts';
import type { WorkspaceId } from './base/ids.ts';
import { isSameValue } from './base/same-value.ts';
import { loadConfig } from './config.ts';
import { setName } from './registry/names.ts';
import { createProvider, type ProviderTerms } from './registry/providers.ts';
import { createWorkspace, ensureFirstWorkspace } from './registry/workspaces.ts';
import { loadHeld } from './server-held.ts';
import { type HeldByAll, noHolding } from './server-reach.ts';
import type { Store } from './store/store.ts';

const [under] = storesUnderTest();
let store: Store;
let here: WorkspaceId;
let there: WorkspaceId;
beforeEach(async () => {
  store = (await under!.open()).store;
  here = (await ensureFirstWorkspace(store, 1)).id;
  there = (await createWorkspace(store, 'other', 2)).id;
});
afterEach(() => store.close());
afterAll(() => under!.remove());

const terms: ProviderTerms = {
  kind: 'openai-compatible',
  baseUrl: 'https://models.example/v1',
  headers: { 'x-team': 'blue' },
  models: [],
  timeouts: {},
  settings: {},
};
const held: HeldByAll = {
  workspaces: new Map([['ws_vault', { ...noHolding, credentials: new Map([['openai', []]]) }]]),
  members: new Map(),
  isPreferred: false,
};
const credentials = { load: async () => held };
const config = {
  ...loadConfig({ flags: {}, env: { TURNPIKE_HOME: '/nowhere' }, cwd: '/nowhere' }),
  providers: [{ name: 'taken', apiKeys: [], headers: {}, models: [], settings: {}, timeouts: {} }],
};
const load = () => loadHeld(config, { store, credentials });

it('is of each workspace its own, and what the vault holds stays', async () => {
  const context = { workspaceId: here, nowMs: 1, by: 'operator' };
  await createProvider(store, { name: 'house', terms }, context);
  await setName(
    store,
    'alias',
    { name: 'fast', terms: { ref: 'house/m' } },
    { ...context, workspaceId: there },
  );
  const { workspaces } = await load();
  expect(workspaces.get('ws_vault')).toBe(held.workspaces.get('ws_vault'));
  expect(workspaces.get(here)).toMatchObject({
    providers: [{ name: 'house', ownerId: here, baseUrl: terms.baseUrl, headers: { 'x-team': 'blue' } }],
  });
  expect(workspaces.get(here)!.aliases.size).toBe(0);
  expect(workspaces.get(there)!.providers).toEqual([]);
  expect(workspaces.get(there)!.aliases).toEqual(new Map([['fast', 'house/m']]));
  expect(JSON.stringify([...workspaces.values()].map(({ providers }) => providers))).not.toContain('blue');
});

it.each(['taken', 'openai', 'ollama'])('leaves out a provider by the name %s', async (name) => {
  const context = { workspaceId: here, nowMs: 1, by: 'operator' };
  await createProvider(store, { name, terms }, context);
  expect((await load()).workspaces.get(here)!.providers).toEqual([]);
});

it('is the same when nothing has changed, so that what hangs on it is kept', async () => {
  await createProvider(store, { name: 'house', terms }, { workspaceId: here, nowMs: 1, by: 'operator' });
  expect(isSameValue(await load(), await load())).toBe(true);
});
