/** The admin API of models by prompt and of fallback over real databases: what it takes, answers and refuses. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { parsePromptId } from '../base/prompt-id.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { loadFallbackChains } from '../registry/fallback-chains.ts';
import { loadModelRules, setModelRule } from '../registry/model-rules.ts';
import { createWorkspace } from '../registry/workspaces.ts';
import { compileChains } from '../route/chains.ts';
import { builtInChains } from '../route/chains-built-in.ts';
import { noModelRules, type Rule } from '../route/layers.ts';
import { type RoutingTable, resolveRef } from '../route/ref.ts';
import { noFallback } from '../route/route-rule.ts';
import type { Store } from '../store/store.ts';
import { type Admin, createAdmin } from './app.ts';
import type { RoutingState } from './deps-routing.ts';
import { ModelRuleBody, ModelRuleList, ModelsConfig, UnsetModelRule } from './routing.ts';
import { createRoutingDesk } from './routing-desk.ts';
import {
  FallbackBody,
  FallbackChainBody,
  FallbackChainList,
  UnsetFallbackChain,
} from './routing-fallback.ts';

const clock = { now: () => NOW, monotonic: () => 0 };
const catalog = createCatalog();
const provider = (name: string, catalogProvider: string) => ({ name, catalogProvider, models: [] });
const providers = new Map([
  ['openai', provider('openai', 'openai')],
  ['anthropic', provider('anthropic', 'anthropic')],
]);

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  /** What no store has a say in is asked of one. */
  const once = <T>(rows: readonly T[]): readonly T[] => (under.name.startsWith('SQLite') ? rows : []);
  let store: Store;
  let here: WorkspaceId;
  let isEnabled: boolean;
  let state: RoutingState;
  let admin: Admin | undefined;
  beforeEach(async () => {
    store = (await under.open()).store;
    here = (await createWorkspace(store, 'mine', 1)).id;
    isEnabled = true;
    admin = undefined;
    await recompile();
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  /** As the server compiles it, in small. */
  async function recompile(): Promise<void> {
    const stored = (await loadModelRules(store)).filter(({ workspaceId }) => workspaceId === here);
    const chains = (await loadFallbackChains(store)).map((chain) => ({ ...chain, source: 'setting' }));
    const ruleOf = ({ ref, promptId, fallback }: (typeof stored)[number]): Rule => ({
      ref,
      source: `setting ${promptId}`,
      ...(fallback && { fallback }),
    });
    const prompts = stored.filter(({ promptId }) => parsePromptId(promptId));
    const isWide = ({ promptId }: { promptId: string }) => promptId.endsWith(':*');
    const routing: RoutingTable = {
      providers,
      aliases: new Map([['fast', 'openai/gpt-4o-mini']]),
      routes: new Map([
        ['smart', { strategy: 'cheapest', targets: [{ ref: 'fast', weight: 1 }], filter: undefined }],
      ]),
      fallback: {
        ...noFallback,
        isEnabled,
        default: 'fast',
        chains: compileChains(builtInChains, [], chains, { providers, catalog }),
      },
      defaultRef: undefined,
    };
    state = {
      catalog,
      routing,
      rules: {
        ...noModelRules,
        settings: new Map([
          [
            here,
            {
              exact: new Map(
                prompts.filter((rule) => !isWide(rule)).map((rule) => [rule.promptId, ruleOf(rule)]),
              ),
              wide: new Map(
                prompts.filter(isWide).map((rule) => [parsePromptId(rule.promptId)!.kind, ruleOf(rule)]),
              ),
            },
          ],
        ]),
        project: {
          exact: new Map([
            ['agent:filed', { ref: 'openai/gpt-4o', source: 'turnpike.yaml models.agents.filed' }],
          ]),
          wide: new Map(),
        },
        workspaces: new Map(
          stored.filter(({ promptId }) => promptId === 'default').map((rule) => [here, ruleOf(rule)]),
        ),
        pipelines: new Map([['ship', [{ name: 'go', agent: 'filed', rule: undefined }]]]),
      },
    };
  }

  const problemOf = (ref: string, hasHints: boolean) => {
    const resolved = resolveRef(ref, state.routing, catalog, hasHints);
    return resolved.ok ? undefined : resolved.message;
  };

  const adminOf = () =>
    createAdmin({
      ...fakeHouse().deps,
      routing: createRoutingDesk({
        store,
        workspaceId: here,
        clock,
        state: () => state,
        recompile,
        sources: () => ({ 'aliases.fast': '/code/turnpike.yaml' }),
        problems: () => [],
        problemOf,
      }),
    });

  async function call(method: string, path: string, body?: unknown) {
    const request = new Request(`http://127.0.0.1/api/v1/routing${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    admin ??= adminOf();
    const response = await admin.fetch(request);
    return { status: response.status, body: (await response.json()) as { error?: { message: string } } };
  }
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const message = async (status: number, method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    return answer.body.error?.message;
  };

  describe('rules', () => {
    it('are set, shown, listed with their layers, and taken away', async () => {
      const body = { model: 'openai/gpt-4.1', fallback: ['fast'] };
      const set = ModelRuleBody.parse(await ok('PUT', '/rules/agent:filed', body));
      expect(set).toEqual({
        id: 'agent:filed',
        effective: {
          ref: 'openai/gpt-4.1',
          layer: 'setting',
          source: 'setting agent:filed',
          fallback: ['fast'],
        },
        layers: [
          { layer: 'setting', ref: 'openai/gpt-4.1', source: 'setting agent:filed' },
          { layer: 'project', ref: 'openai/gpt-4o', source: 'turnpike.yaml models.agents.filed' },
        ],
        setting: {
          ref: 'openai/gpt-4.1',
          fallback: ['fast'],
          createdBy: 'operator',
          createdAt: '2026-11-21T12:00:00.000Z',
        },
        problem: null,
      });
      expect(await ok('GET', '/rules/agents:filed')).toEqual(set);
      expect(ModelRuleList.parse(await ok('GET', '/rules')).rules.map(({ id }) => id)).toEqual([
        'agent:filed',
        'default',
      ]);
      const { was, now } = UnsetModelRule.parse(await ok('DELETE', '/rules/agent:filed'));
      expect(was).toEqual({ ref: 'openai/gpt-4.1' });
      expect(now).toMatchObject({ effective: { layer: 'project' }, setting: null });
      expect(await message(404, 'DELETE', '/rules/agent:filed')).toBe('nothing was set of agent:filed');
    });

    it('for a kind and for the default', async () => {
      await ok('PUT', '/rules/command:*', { model: 'fast' });
      await ok('PUT', '/rules/default', { model: 'smart' });
      const one = ModelRuleBody.parse(await ok('GET', '/rules/command:any'));
      expect(one).toMatchObject({ effective: { ref: 'fast', source: 'setting command:*' }, setting: null });
      const other = ModelRuleBody.parse(await ok('GET', '/rules/skill:any'));
      expect(other).toMatchObject({ effective: { ref: 'smart', layer: 'workspace' } });
      const { rules, isTruncated } = ModelRuleList.parse(await ok('GET', '/rules?limit=2'));
      expect([rules.map(({ id }) => id), isTruncated]).toEqual([['agent:filed', 'command:*'], true]);
    });

    it('with a slash in the name, encoded or not', async () => {
      await ok('PUT', '/rules/command:git/commit', { model: 'fast' });
      expect(await ok('GET', '/rules/command:git%2Fcommit')).toMatchObject({
        id: 'command:git/commit',
        effective: { ref: 'fast' },
      });
    });

    it('without one say that nothing is named', async () => {
      const body = ModelRuleBody.parse(await ok('GET', '/rules/hook:any'));
      expect(body).toEqual({ id: 'hook:any', effective: null, layers: [], setting: null, problem: null });
    });

    it('that lead nowhere are refused with a hint, unless forced', async () => {
      const model = 'openai-/gpt-4oo';
      expect(await message(400, 'PUT', '/rules/agent:a', { model })).toContain('did you mean');
      expect(
        await message(400, 'PUT', '/rules/agent:a', { model: 'fast', fallback: ['nobody/x'] }),
      ).toContain('nobody/x: ');
      expect(await loadModelRules(store)).toEqual([]);
      const forced = ModelRuleBody.parse(await ok('PUT', '/rules/agent:a', { model, force: true }));
      expect(forced.problem).toContain('there is no model');
      expect(await ok('PUT', '/rules/agent:b', { model: 'inherit' })).toMatchObject({ effective: null });
    });

    it.each(
      once([
        ['PUT', '/rules/robot:x', { model: 'fast' }, 404, 'is no prompt'],
        ['GET', '/rules/agent', undefined, 404, 'is no prompt'],
        ['DELETE', '/rules/agent:', undefined, 404, 'is no prompt'],
        ['PUT', '/rules/agent:x', {}, 400, 'model'],
        ['PUT', '/rules/agent:x', { model: '' }, 400, 'model'],
        ['PUT', '/rules/agent:x', { model: 'fast', fallbacks: [] }, 400, 'fallbacks'],
        ['PUT', '/rules/agent:x', { model: 'fast', fallback: Array(11).fill('fast') }, 400, 'fallback'],
        ['GET', '/rules?limit=0', undefined, 400, 'limit'],
      ]),
    )('%s %s %j is refused', async (method, path, body, status, part) => {
      expect(await message(status, method, path, body)).toContain(part);
    });

    it('of another workspace are not seen', async () => {
      const other = (await createWorkspace(store, 'other', 2)).id;
      const context = { workspaceId: other, nowMs: 1, by: 'x' };
      await setModelRule(store, { promptId: 'agent:theirs', ref: 'fast' }, context);
      const { rules } = ModelRuleList.parse(await ok('GET', '/rules'));
      expect(rules.map(({ id }) => id)).toEqual(['agent:filed', 'default']);
    });
  });

  it('the configuration has all of it', async () => {
    const config = ModelsConfig.parse(await ok('GET', '/config'));
    expect(config).toMatchObject({
      rules: [{ id: 'agent:filed' }, { id: 'default' }],
      steps: [{ pipeline: 'ship', number: 1, name: 'go', agent: 'filed', ref: null, source: null }],
      names: [
        { name: 'fast', kind: 'alias', refs: ['openai/gpt-4o-mini'], source: '/code/turnpike.yaml' },
        { name: 'smart', kind: 'route', strategy: 'cheapest', refs: ['fast'], source: null },
      ],
      fallback: { isEnabled: true, allowsNamed: true, default: { ref: 'fast', problem: null } },
      problems: [],
      isTruncated: false,
    });
  });

  describe('fallback chains', () => {
    it('are shown with what of them leads nowhere', async () => {
      const { chains, isEnabled: isOn } = FallbackChainList.parse(await ok('GET', '/fallback-chains'));
      expect([isOn, chains.length]).toEqual([true, builtInChains.length]);
      const chain = FallbackChainBody.parse(await ok('GET', '/fallback-chain/anthropic%2Fclaude-sonnet-4-5'));
      expect(chain).toMatchObject({ model: 'anthropic/claude-sonnet-4-5', source: 'built-in' });
      expect(chain.standIns.map(({ ref, problem }) => [ref, problem === null])).toEqual([
        ['openai/gpt-6-sol', true],
        ['google/gemini-3.8-flash', false],
        ['x-ai/grok-4.6', false],
        ['anthropic/claude-sonnet-5', true],
      ]);
    });

    it.each(
      once(['claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5-20250929', 'anthropic:claude-sonnet-4-5']),
    )('of one model by any of its names: %s', async (name) => {
      expect(await ok('GET', `/fallback-chain/${name}`)).toMatchObject({
        model: 'anthropic/claude-sonnet-4-5',
      });
    });

    it('are set, switched off and given back', async () => {
      const path = '/fallback-chain/anthropic/claude-sonnet-4-5';
      const set = FallbackChainBody.parse(await ok('PUT', path, { refs: ['fast', 'smart'] }));
      expect(set).toMatchObject({ source: 'setting', standIns: [{ ref: 'fast' }, { ref: 'smart' }] });
      expect(await ok('GET', path)).toEqual(set);
      expect(await ok('PUT', '/fallback-chain/claude-sonnet-4-5', { refs: [] })).toMatchObject({
        standIns: [],
      });
      expect(await loadFallbackChains(store)).toHaveLength(1);
      const { was, now } = UnsetFallbackChain.parse(await ok('DELETE', path));
      expect([was, now?.source]).toEqual([[], 'built-in']);
      expect(await message(404, 'DELETE', path)).toContain('no chain was set');
    });

    it('of any model may be set, and nothing holds without it', async () => {
      await ok('PUT', '/fallback-chain/house/our-own', { refs: ['fast'] });
      expect(await ok('DELETE', '/fallback-chain/house/our-own')).toEqual({
        model: 'house/our-own',
        was: ['fast'],
        now: null,
      });
      expect(await message(404, 'GET', '/fallback-chain/house/our-own')).toContain('nobody stands in');
    });

    it.each(
      once([
        [{ refs: ['nobody/x'] }, 'nobody/x'],
        [{}, 'refs'],
        [{ refs: 'fast' }, 'refs'],
        [{ refs: Array(11).fill('fast') }, 'refs'],
      ]),
    )('%j is refused', async (body, part) => {
      expect(await message(400, 'PUT', '/fallback-chain/gpt-4o', body)).toContain(part);
    });

    it.each(once(['fast', 'smart']))('of a name that leads on are refused: %s', async (name) => {
      const body = { refs: ['openai/gpt-4o'], force: true };
      expect(await message(400, 'PUT', `/fallback-chain/${name}`, body)).toContain('is an alias or a route');
    });

    it('that lead nowhere may be forced', async () => {
      const set = await ok('PUT', '/fallback-chain/gpt-4o', { refs: ['nobody/x'], force: true });
      expect(FallbackChainBody.parse(set).standIns[0]?.problem).toContain('nobody/x');
    });
  });

  describe('who answers', () => {
    const tried = async (model: string) =>
      FallbackBody.parse(await ok('GET', `/fallback?model=${encodeURIComponent(model)}`)).tried?.map(
        ({ ref, by }) => `${by} ${ref}`,
      );

    it('is told for a model: itself, its chain, the default', async () => {
      await ok('PUT', '/fallback-chain/openai/gpt-4.1', { refs: ['anthropic/claude-sonnet-4-5'] });
      expect(await tried('gpt-4.1')).toEqual([
        'ref openai/gpt-4.1',
        'chain anthropic/claude-sonnet-4-5',
        'default fast',
      ]);
    });

    it('is told for a route, which is a chain itself', async () => {
      expect(await tried('smart')).toEqual(['ref openai/gpt-4o-mini', 'default fast']);
    });

    it('is nobody else where it is switched off', async () => {
      isEnabled = false;
      await recompile();
      expect(await tried('gpt-4.1')).toEqual(['ref openai/gpt-4.1']);
    });

    it('without a model only the settings are told', async () => {
      expect(FallbackBody.parse(await ok('GET', '/fallback'))).toEqual({
        isEnabled: true,
        allowsNamed: true,
        onContentFilter: false,
        default: { ref: 'fast', problem: null },
        tried: null,
      });
      expect(await message(400, 'GET', '/fallback?model=nobody')).toContain('there is no model');
    });
  });
});
