/** What files and the registry say of models, compiled; and what is told of refs that lead nowhere. */
import { describe, expect, it } from 'vitest';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { createCatalog } from './catalog/catalog.ts';
import type { Config } from './config.ts';
import { promptModelsOf } from './config-models.ts';
import { fallbackOf } from './config-routing.ts';
import type { AgentRecord } from './registry/agents.ts';
import type { ModelRuleRecord } from './registry/model-rules.ts';
import { chainFor } from './route/chains.ts';
import { type ModelRules, noModelRules, type PromptRules } from './route/layers.ts';
import { choose } from './route/precedence.ts';
import type { RoutingTable } from './route/ref.ts';
import { noFallback } from './route/route-rule.ts';
import { type ModelPlaces, modelProblems, tellModelProblems } from './server-model-problems.ts';
import { compileFallback, compileModelRules, defaultRule } from './server-rules.ts';
import { configureProviders } from './upstream/configure.ts';
import { providerKinds } from './upstream/providers.ts';

const HERE = 'ws_here' as WorkspaceId;
const THERE = 'ws_there' as WorkspaceId;
const catalog = createCatalog();

const record = (promptId: string, ref: string, more: Partial<ModelRuleRecord> = {}): ModelRuleRecord => ({
  workspaceId: HERE,
  promptId,
  ref,
  createdBy: 'operator',
  createdAtMs: 1,
  ...more,
});

function filesOf(user: object, project: object): Pick<Config, 'promptModels'> {
  const files = [
    { path: '/home/config.yaml', content: { models: user } },
    { path: '/code/turnpike.yaml', content: { models: project } },
  ];
  return { promptModels: promptModelsOf(files, '/home/config.yaml', {}) };
}

const input = (name: string, workspaceId = HERE) => ({
  workspaceId,
  explicit: undefined,
  pipeline: undefined,
  step: undefined,
  prompt: { kind: 'agent', name } as const,
  request: undefined,
  key: undefined,
});

describe('rules', () => {
  const files = filesOf(
    { agents: { '*': 'user/all', mine: 'user/mine' } },
    { agents: { ours: { model: 'project/ours', fallback: ['fast'] } } },
  );
  const rules = compileModelRules(
    files,
    {
      rules: [
        record('agent:set', 'set/one', { fallback: ['a/b'] }),
        record('command:*', 'set/commands'),
        record('default', 'set/default'),
        record('agent:*', 'there/all', { workspaceId: THERE }),
        record('nonsense', 'set/nothing'),
      ],
      agents: [],
      preferences: [],
    },
    { ref: 'last/one', source: 'turnpike.yaml models.default' },
  );

  it.each([
    ['set', 'setting', 'set/one', 'setting agent:set'],
    ['ours', 'project', 'project/ours', 'turnpike.yaml models.agents.ours'],
    ['mine', 'user', 'user/mine', 'config.yaml models.agents.mine'],
    ['other', 'user', 'user/all', 'config.yaml models.agents.*'],
  ])('of the agent %s come from the %s', (name, layer, ref, source) => {
    expect(choose(rules, input(name))).toMatchObject({ layer, ref, rule: { source } });
  });

  it('of workspaces are apart', () => {
    expect(choose(rules, input('set', THERE))).toMatchObject({ layer: 'setting', ref: 'there/all' });
    const skill = { ...input('x'), prompt: { kind: 'skill', name: 'x' } as const };
    expect(choose(rules, skill)).toMatchObject({ layer: 'workspace', ref: 'set/default' });
    expect(choose(rules, { ...skill, workspaceId: THERE })).toMatchObject({
      layer: 'default',
      ref: 'last/one',
    });
  });

  it('carry their fallback', () => {
    expect(choose(rules, input('ours'))).toMatchObject({ rule: { fallback: ['fast'] } });
    expect(choose(rules, input('set'))).toMatchObject({ rule: { fallback: ['a/b'] } });
  });
});

describe('the last rule', () => {
  const sources = { 'aliases.default': '/code/turnpike.yaml', 'models.default': '/home/config.yaml' };
  it.each([
    [
      'the alias',
      { aliases: { default: 'a/b' }, defaultModel: 'c/d' },
      2,
      'a/b',
      'turnpike.yaml aliases.default',
    ],
    ['models.default', { aliases: {}, defaultModel: 'c/d' }, 2, 'c/d', 'config.yaml models.default'],
    ['the sandbox alone', { aliases: {}, defaultModel: undefined }, 1, 'sandbox/scribe', 'no provider but'],
  ])('is %s', (_, said, providers, ref, source) => {
    const rule = defaultRule({ ...said, sources }, providers);
    expect(rule).toEqual({ ref, source: expect.stringContaining(source) });
  });
  it('is none where nothing says so', () => {
    expect(defaultRule({ aliases: {}, defaultModel: undefined, sources: {} }, 2)).toBeUndefined();
  });
});

describe('fallback', () => {
  const { providers } = configureProviders([], providerKinds, { OPENAI_API_KEY: 'x', GEMINI_API_KEY: 'y' });
  const compiled = (fallback: object | undefined, stored: { model: string; refs: string[] }[] = []) =>
    compileFallback(
      { fallback: fallbackOf(fallback ? [{ path: 'turnpike.yaml', content: { fallback } }] : [], {}) },
      stored.map((chain) => ({ ...chain, source: 'setting' })),
      { providers, catalog },
    );
  const chain = (rules: ReturnType<typeof compiled>) =>
    chainFor(rules.chains, 'openai', 'gpt-4o-2024-08-06', catalog);

  it('is off unless declared, but for what a rule itself names', () => {
    expect(compiled(undefined)).toMatchObject({ isEnabled: false, allowsNamed: true });
    expect(compiled({ enabled: false })).toMatchObject({ isEnabled: false, allowsNamed: false });
    expect(compiled({ default: 'a/b', on_content_filter: true })).toMatchObject({
      isEnabled: true,
      allowsNamed: true,
      default: 'a/b',
      onContentFilter: true,
    });
  });

  it('has built-in chains, at the providers there are, unless told otherwise', () => {
    expect(chain(compiled({}))).toMatchObject({ source: 'built-in' });
    expect(chain(compiled({}))?.refs).toContain('gemini/gemini-3.8-flash');
    expect(chain(compiled({ built_in: false }))).toBeUndefined();
    expect(chain(compiled({ chains: { 'gpt-4o': ['a/b'] } }))).toMatchObject({ refs: ['a/b'] });
    expect(
      chain(compiled({ chains: { 'gpt-4o': ['a/b'] } }, [{ model: 'openai/gpt-4o', refs: ['c/d'] }])),
    ).toEqual({ model: 'openai/gpt-4o', refs: ['c/d'], source: 'setting' });
    expect(chain(compiled({}, [{ model: 'openai/gpt-4o', refs: [] }]))).toBeUndefined();
  });
});

describe('agents of the registry', () => {
  const agent = (name: string, preferredModel: string | undefined, workspaceId = HERE): AgentRecord => ({
    id: `agt_${name}`,
    workspaceId,
    name,
    ...(preferredModel !== undefined && { preferredModel }),
    createdBy: 'operator',
    createdAtMs: 1,
  });
  const agents = [
    agent('coder', 'here/coder'),
    agent('coder', 'there/coder', THERE),
    agent('idle', undefined),
  ];
  const yaml: PromptRules = {
    exact: new Map(
      ['coder', 'idle', 'filed'].map((name) => [
        `agent:${name}`,
        { ref: `yaml/${name}`, source: `agents.yaml, agent ${name}` },
      ]),
    ),
    wide: new Map(),
  };
  const declared = { ...noModelRules, agents: yaml };
  const rules = compileModelRules(
    filesOf({}, {}),
    { rules: [], agents, preferences: [] },
    undefined,
    declared,
  );

  it.each([
    ['coder', HERE, 'here/coder', 'agent coder of the registry'],
    ['coder', THERE, 'there/coder', 'agent coder of the registry'],
    ['idle', HERE, 'yaml/idle', 'agents.yaml, agent idle'],
    ['idle', THERE, 'yaml/idle', 'agents.yaml, agent idle'],
    ['filed', HERE, 'yaml/filed', 'agents.yaml, agent filed'],
  ])('%s in %s gets %s', (name, workspaceId, ref, source) => {
    expect(choose(rules, input(name, workspaceId))).toMatchObject({ layer: 'agent', ref, rule: { source } });
  });

  it('are known by name where they prefer no model, each workspace its own', () => {
    expect([...rules.registry.get(HERE)!.keys()]).toEqual(['agent:coder', 'agent:idle']);
    expect([...rules.registry.get(THERE)!.keys()]).toEqual(['agent:coder']);
  });
});

describe('problems', () => {
  const declared = [{ name: 'groq', headers: {}, models: [], timeouts: {}, apiKeys: [] }];
  const configured = configureProviders(declared, providerKinds, { OPENAI_API_KEY: 'x' });
  const routing = (more: Partial<RoutingTable> = {}): RoutingTable => ({
    providers: configured.providers,
    aliases: new Map(),
    routes: new Map(),
    fallback: noFallback,
    defaultRef: undefined,
    ...more,
  });
  const found = (rules: Partial<ModelRules>, table: Partial<RoutingTable> = {}) =>
    modelProblems({ rules: { ...noModelRules, ...rules }, routing: routing(table), catalog, configured });
  const last = (ref: string, fallback?: readonly string[]): Partial<ModelRules> => ({
    default: { ref, source: 'here', ...(fallback && { fallback }) },
  });

  it.each(['openai/gpt-4o', 'gpt-4o', 'openai/one-of-tomorrow', 'sandbox/scribe', 'inherit'])(
    '%s has none',
    (ref) => {
      expect(found(last(ref))).toEqual([]);
    },
  );

  it.each([
    [
      'anthropic/claude-sonnet-4-5',
      'no key of anthropic; set ANTHROPIC_API_KEY or providers.anthropic.api_key',
    ],
    ['claude-sonnet-4-5', 'no key of anthropic; set ANTHROPIC_API_KEY or providers.anthropic.api_key'],
    ['google/gemini-2.5-pro', 'no key of gemini; set GEMINI_API_KEY or providers.gemini.api_key'],
    ['ollama/codellama', 'no provider ollama is declared; set OLLAMA_HOST or providers.ollama'],
    ['vllm/any', 'no provider vllm is declared; set providers.vllm'],
    ['groq/llama-3.1-8b-instant', 'providers.groq: no key; set api_key or GROQ_API_KEY'],
    ['gpt-4p', 'did you mean'],
    ['nobody/knows', 'there is no model, alias or route "nobody/knows"'],
  ])('of %s says %s', (ref, problem) => {
    expect(found(last(ref))).toEqual([{ source: 'here', ref, problem: expect.stringContaining(problem) }]);
  });

  it('are looked for in every place, the built-in chains excepted', () => {
    const bad = 'anthropic/claude-sonnet-4-5';
    const rule = (source: string) => ({ ref: bad, source });
    const only = (source: string) => ({ exact: new Map([['agent:a', rule(source)]]), wide: new Map() });
    const places = found(
      {
        settings: new Map([[HERE, only('setting')]]),
        project: only('project'),
        user: { exact: new Map(), wide: new Map([['agent', rule('user')]]) },
        frontmatter: only('frontmatter'),
        agents: only('agents'),
        pipelines: new Map([['p', [{ name: 's', agent: undefined, rule: rule('step') }]]]),
        workspaces: new Map([[HERE, rule('workspace')]]),
        ...last('gpt-4o', [bad]),
      },
      {
        aliases: new Map([['strong', bad]]),
        routes: new Map([
          [
            'smart',
            {
              strategy: 'ordered',
              targets: ['gpt-4o', 'strong'].map((ref) => ({ ref, weight: 1 })),
              filter: undefined,
            },
          ],
        ]),
        fallback: {
          ...noFallback,
          default: bad,
          chains: new Map([
            ['a/b', { model: 'a/b', refs: [bad], source: 'built-in' }],
            ['c/d', { model: 'c/d', refs: [bad], source: 'setting' }],
          ]),
        },
      },
    );
    expect(places.map(({ source }) => source)).toEqual([
      ...['step', 'setting', 'project', 'user', 'frontmatter', 'agents', 'workspace', 'here'],
      ...['aliases.strong', 'routes.smart', 'fallback.default', 'fallback chain of c/d'],
    ]);
    expect(new Set(places.map(({ problem }) => problem)).size).toBe(1);
  });

  it('are looked for in the keys that are not revoked', () => {
    const key = { workspaceId: HERE, name: 'ci', defaultModel: 'ollama/a' };
    const keys: ModelPlaces['keys'] = {
      values: () => [key, { ...key, name: 'gone', revokedAtMs: 1 }, { workspaceId: HERE, name: 'any' }],
    };
    const places = { rules: noModelRules, routing: routing(), catalog, configured, keys };
    expect(modelProblems(places).map(({ source }) => source)).toEqual(['key ci']);
    expect(modelProblems({ ...places, workspaceId: THERE })).toEqual([]);
  });

  it('of one workspace are told with those of the files, and none of another', () => {
    const agents = (workspaceId: WorkspaceId) =>
      new Map([
        [workspaceId, new Map([['agent:a', { ref: 'ollama/a', source: `agent of ${workspaceId}` }]])],
      ]);
    const rules: ModelRules = {
      ...noModelRules,
      agents: { exact: new Map([['agent:f', { ref: 'ollama/f', source: 'a file' }]]), wide: new Map() },
      registry: new Map([...agents(HERE), ...agents(THERE)]),
      workspaces: new Map([[THERE, { ref: 'ollama/d', source: 'default of ws_there' }]]),
    };
    const places = { rules, routing: routing(), catalog, configured };
    const told = (more: Partial<ModelPlaces>) =>
      modelProblems({ ...places, ...more }).map(({ source }) => source);
    expect(told({ workspaceId: HERE })).toEqual(['a file', 'agent of ws_here']);
    expect(told({})).toEqual(['a file', 'agent of ws_here', 'agent of ws_there', 'default of ws_there']);
  });

  it('of many names are told without a hint, and at most two hundred of them', () => {
    const exact = new Map(
      Array.from({ length: 300 }, (_, at) => [`agent:${at}`, { ref: `gpt-4p${at}`, source: `${at}` }]),
    );
    const problems = found({ project: { exact, wide: new Map() } });
    expect(problems).toHaveLength(200);
    expect(problems.filter(({ problem }) => problem.includes('did you mean'))).toHaveLength(10);
  });

  it('are told of chains that no model has', () => {
    const chains = new Map([['strong', { model: 'strong', refs: ['gpt-4o'], source: 'turnpike.yaml' }]]);
    const table = { aliases: new Map([['strong', 'gpt-4o']]), fallback: { ...noFallback, chains } };
    expect(found({}, table)).toEqual([
      { source: 'turnpike.yaml', ref: 'strong', problem: expect.stringContaining('is an alias or a route') },
    ]);
  });

  it('are told once while they last', () => {
    const lines: string[] = [];
    const tell = tellModelProblems({ warn: (_: object, text: string) => lines.push(text) } as unknown as Log);
    const at = (ref: string) => ({
      rules: { ...noModelRules, ...last(ref) },
      routing: routing(),
      catalog,
      configured,
    });
    tell(at('ollama/a'));
    tell(at('ollama/a'));
    tell(at('gpt-4o'));
    tell(at('ollama/a'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('here: "ollama/a": no provider ollama is declared');
  });
});
