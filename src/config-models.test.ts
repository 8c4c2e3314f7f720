// What files may say of the models of prompts, of routes and of falling back, and how two files add up.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from './config.ts';
import { describePromptModels } from './config-models.ts';
import { describeFallback, describeRoute } from './config-routing.ts';

let folder: string;
let home: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-models-'));
  home = join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load({ project, user, named }: { project?: string; user?: string; named?: string }): Config {
  if (user !== undefined) writeFileSync(join(home, 'config.yaml'), user);
  if (project !== undefined) writeFileSync(join(folder, 'turnpike.yaml'), project);
  if (named !== undefined) writeFileSync(join(folder, 'named.yaml'), named);
  const flags = named === undefined ? {} : { config: 'named.yaml' };
  return loadConfig({ flags, env: { TURNPIKE_HOME: home }, cwd: folder });
}

const oneRule = (ref: string) => `models: { agents: { a: ${ref} } }`;
const agentA = (config: Config) => {
  const { project, user } = config.promptModels;
  return { project: project.exact['agent:a']?.ref, user: user.exact['agent:a']?.ref };
};

describe('models of prompts', () => {
  it('are kept by kind, with a rule for the kind, where they stand and what comes after them', () => {
    const config = load({
      project: `
        models:
          agents: { "oss:code-reviewer": ollama/codellama, "*": anthropic/claude-sonnet-4-5 }
          commands: { "oss:ship": { model: gemini/gemini-2.5-flash, fallback: [a/b, fast] } }
          skills: { " spaced ": inherit }
          hooks: {}`,
    });
    expect(config.promptModels.project).toMatchObject({
      path: join(folder, 'turnpike.yaml'),
      exact: {
        'agent:oss:code-reviewer': {
          ref: 'ollama/codellama',
          source: 'turnpike.yaml models.agents.oss:code-reviewer',
        },
        'command:oss:ship': {
          ref: 'gemini/gemini-2.5-flash',
          source: 'turnpike.yaml models.commands.oss:ship',
          fallback: ['a/b', 'fast'],
        },
        'skill:spaced': { ref: 'inherit' },
      },
      wide: { agent: { ref: 'anthropic/claude-sonnet-4-5', source: 'turnpike.yaml models.agents.*' } },
    });
    expect(config.promptModels.user).toMatchObject({ path: undefined });
    expect(config.warnings).toEqual([]);
    expect(config.sources['models.commands.oss:ship']).toBe(join(folder, 'turnpike.yaml'));
  });

  it('of two files are kept apart', () => {
    const config = load({ project: oneRule('a/project'), user: oneRule('a/user') });
    expect(agentA(config)).toEqual({ project: 'a/project', user: 'a/user' });
    expect(describePromptModels(config.promptModels)).toEqual([
      { setting: 'models.agents.a', value: 'a/user', path: join(home, 'config.yaml') },
      { setting: 'models.agents.a', value: 'a/project', path: join(folder, 'turnpike.yaml') },
    ]);
  });

  it.each([
    ['only a user file', { user: oneRule('a/user') }, { project: undefined, user: 'a/user' }],
    ['only a project file', { project: oneRule('a/p') }, { project: 'a/p', user: undefined }],
    [
      'a named file, which is the project then',
      { project: oneRule('a/p'), named: oneRule('a/named'), user: oneRule('a/user') },
      { project: 'a/named', user: 'a/user' },
    ],
  ])('%s', (_, files, expected) => {
    expect(agentA(load(files))).toEqual(expected);
  });

  it.each([
    ['agents: { "": a/b }', 'models.agents'],
    [`agents: { "${'x'.repeat(201)}": a/b }`, 'models.agents'],
    ['agents: { a: "" }', 'models.agents.a'],
    ['agents: { a: { fallback: [a/b] } }', 'models.agents.a'],
    ['agents: { a: { model: b/c, then: d } }', 'models.agents.a'],
    ['agents: [a]', 'models.agents'],
    ['agent: { a: b/c }', 'models'],
  ])('%s is refused with its place', (text, place) => {
    expect(() => load({ project: `models: { ${text} }` })).toThrow(place);
  });
});

describe('routes', () => {
  it('have weights, filters and a cache', () => {
    const { routes } = load({
      project: `
        routes:
          plain: { models: [a/b] }
          full:
            strategy: weighted
            models: [{ ref: a/b, weight: 3 }, { ref: c/d }, e/f, { ref: g/h, weight: 0 }]
            require:
              { tools: true, vision: false, structured_output: true, context_window: 200000, region: eu,
                max_price: { input: 3, output: "0.075" } }
            cache_ttl_s: 60
            hedge: true`,
    });
    expect(routes.plain).toEqual({
      strategy: 'ordered',
      targets: [{ ref: 'a/b', weight: 1 }],
      filter: undefined,
    });
    expect(routes.full).toEqual({
      strategy: 'weighted',
      targets: [
        { ref: 'a/b', weight: 3 },
        { ref: 'c/d', weight: 1 },
        { ref: 'e/f', weight: 1 },
        { ref: 'g/h', weight: 0 },
      ],
      filter: {
        capabilities: ['tools', 'structured-output'],
        contextWindow: 200_000,
        region: 'eu',
        maxInputRate: 3_000_000_000,
        maxOutputRate: 75_000_000,
      },
      cacheTtlMs: 60_000,
      isHedged: true,
    });
    expect(describeRoute(routes.plain!)).toBe('a/b');
    expect(describeRoute(routes.full!)).toBe(
      'weighted: a/b (3) > c/d > e/f > g/h (0), tools, structured-output, window 200000, region eu, input up to $3/M, output up to $0.075/M, cached 60 s, hedged',
    );
  });

  it.each(['{}', '{ tools: false }', '{ max_price: {} }'])('that require %s require nothing', (require) => {
    const { routes } = load({ project: `routes: { r: { models: [a/b], require: ${require} } }` });
    expect(routes.r?.filter).toBeUndefined();
  });

  it.each([
    ['strategy: fastest-ish, models: [a/b]', 'strategy'],
    ['models: [{ ref: a/b, weight: -1 }]', 'routes.r.models.0'],
    ['models: [a/b], require: { toools: true }', 'toools'],
    ['models: [a/b], require: { max_price: { input: -1 } }', 'max_price.input'],
    ['models: [a/b], require: { context_window: 0 }', 'context_window'],
    ['models: [a/b], cache_ttl_s: 0', 'cache_ttl_s'],
  ])('%s is refused with its place', (text, place) => {
    expect(() => load({ project: `routes: { r: { ${text} } }` })).toThrow(place);
  });
});

describe('falling back', () => {
  const off = { isEnabled: false, isForbidden: false, usesBuiltIn: true, onContentFilter: false, chains: [] };

  it.each<[string, Parameters<typeof load>[0], Partial<Config['fallback']>]>([
    ['without the part', {}, off],
    ['an empty part', { project: 'fallback: {}' }, { ...off, isEnabled: true }],
    ['switched off', { project: 'fallback: { enabled: false }' }, { ...off, isForbidden: true }],
    [
      'what one file switches off another does not switch on by speaking of it',
      { user: 'fallback: { enabled: false }', project: 'fallback: { default: a/b }' },
      { ...off, isForbidden: true, default: 'a/b' },
    ],
    [
      'the project has the last word',
      {
        user: 'fallback: { enabled: false, default: a/user, on_content_filter: true }',
        project: 'fallback: { enabled: true, built_in: false }',
      },
      { ...off, isEnabled: true, default: 'a/user', usesBuiltIn: false, onContentFilter: true },
    ],
  ])('%s', (_, files, expected) => {
    expect(load(files).fallback).toMatchObject(expected);
  });

  it('chains of both files, the later ones last, an empty one too', () => {
    const { fallback } = load({
      user: 'fallback: { chains: { gpt-4o: [a/b], x/y: [c/d] } }',
      project: 'fallback: { chains: { gpt-4o: [] } }',
    });
    expect(fallback.chains).toEqual([
      { model: 'gpt-4o', refs: ['a/b'], source: 'config.yaml fallback.chains.gpt-4o' },
      { model: 'x/y', refs: ['c/d'], source: 'config.yaml fallback.chains.x/y' },
      { model: 'gpt-4o', refs: [], source: 'turnpike.yaml fallback.chains.gpt-4o' },
    ]);
    expect(describeFallback(fallback)).toBe('on, 3 chains declared, built-in ones used');
  });

  it.each(['enabled: "yes"', 'chains: { a: b/c }', 'chains: { a: [""] }', 'default: 3', 'chain: {}'])(
    '%s is refused',
    (text) => {
      expect(() => load({ project: `fallback: { ${text} }` })).toThrow('fallback');
    },
  );
});
