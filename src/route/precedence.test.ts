/** The layers that choose a model: each pair of neighbours, exact over wide, steps, and what losing layers may not do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkspaceId } from '../base/ids.ts';
import { PROMPT_KINDS, type PromptId, type PromptKind, promptIdText } from '../base/prompt-id.ts';
import {
  type ChoiceInput,
  LAYERS,
  type Layer,
  type ModelRules,
  noModelRules,
  type PromptRules,
  type Rule,
} from './layers.ts';
import { choose, consult } from './precedence.ts';

const HERE = 'ws_here' as WorkspaceId;
const PIPELINE = 'ship';

interface Case {
  rules: ModelRules;
  input: ChoiceInput;
}

const ask = (prompt: PromptId | undefined, more: Partial<ChoiceInput> = {}): ChoiceInput => ({
  workspaceId: HERE,
  explicit: undefined,
  pipeline: undefined,
  step: undefined,
  prompt,
  request: undefined,
  key: undefined,
  ...more,
});
const rule = (ref: string): Rule => ({ ref, source: `source of ${ref}` });
const exactly = (prompt: PromptId, ref: string): PromptRules => ({
  exact: new Map([[promptIdText(prompt), rule(ref)]]),
  wide: new Map(),
});
const widely = (kind: PromptKind, ref: string): PromptRules => ({
  exact: new Map(),
  wide: new Map([[kind, rule(ref)]]),
});
const both = (one: PromptRules, other: PromptRules): PromptRules => ({
  exact: new Map([...one.exact, ...other.exact]),
  wide: new Map([...one.wide, ...other.wide]),
});

/** Makes one layer say `ref` of this prompt. */
const sayings: Record<Layer, (at: Case, prompt: PromptId, ref: string) => Case> = {
  explicit: ({ rules, input }, _, ref) => ({ rules, input: { ...input, explicit: ref } }),
  step: ({ rules, input }, _, ref) => ({
    rules: {
      ...rules,
      pipelines: new Map([[PIPELINE, [{ name: 'go', agent: undefined, rule: rule(ref) }]]]),
    },
    input: { ...input, pipeline: PIPELINE, step: '1' },
  }),
  setting: ({ rules, input }, prompt, ref) => ({
    rules: { ...rules, settings: new Map([[HERE, exactly(prompt, ref)]]) },
    input,
  }),
  project: ({ rules, input }, prompt, ref) => ({ rules: { ...rules, project: exactly(prompt, ref) }, input }),
  user: ({ rules, input }, prompt, ref) => ({ rules: { ...rules, user: exactly(prompt, ref) }, input }),
  frontmatter: ({ rules, input }, prompt, ref) => ({
    rules: { ...rules, frontmatter: exactly(prompt, ref) },
    input,
  }),
  agent: ({ rules, input }, prompt, ref) => ({ rules: { ...rules, agents: exactly(prompt, ref) }, input }),
  request: ({ rules, input }, _, ref) => ({ rules, input: { ...input, request: ref } }),
  key: ({ rules, input }, _, ref) => ({ rules, input: { ...input, key: rule(ref) } }),
  workspace: ({ rules, input }, _, ref) => ({
    rules: { ...rules, workspaces: new Map([[HERE, rule(ref)]]) },
    input,
  }),
  default: ({ rules, input }, _, ref) => ({ rules: { ...rules, default: rule(ref) }, input }),
};

/** Layers that hold rules by prompt, with the way to put a whole set into each. */
const promptLayers: readonly [Layer, (said: PromptRules) => ModelRules][] = [
  ['setting', (said) => ({ ...noModelRules, settings: new Map([[HERE, said]]) })],
  ['project', (said) => ({ ...noModelRules, project: said })],
  ['user', (said) => ({ ...noModelRules, user: said })],
  ['frontmatter', (said) => ({ ...noModelRules, frontmatter: said })],
  ['agent', (said) => ({ ...noModelRules, agents: said })],
];

const prompts = PROMPT_KINDS.map((kind): PromptId => ({ kind, name: `oss:${kind}-one` }));

function saying(prompt: PromptId, layers: readonly Layer[], by = sayings): Case {
  const nothing: Case = { rules: noModelRules, input: ask(prompt) };
  return layers.reduce((at, layer) => by[layer](at, prompt, `says/${layer}`), nothing);
}

/** The layer `agent` has two places: the laws hold for either. */
const registrySaying: typeof sayings = {
  ...sayings,
  agent: ({ rules, input }, prompt, ref) => ({
    rules: { ...rules, registry: new Map([[HERE, new Map([[promptIdText(prompt), rule(ref)]])]]) },
    input,
  }),
};

/** So has the layer `setting`: what the member prefers, whose key it is. */
const memberSaying: typeof sayings = {
  ...sayings,
  setting: ({ rules, input }, _, ref) => ({
    rules: { ...rules, members: new Map([['mem_1', rule(ref)]]) },
    input: { ...input, memberId: 'mem_1' },
  }),
};

const pairs = LAYERS.slice(1).map((lower, index) => [LAYERS[index]!, lower] as const);

describe.each(prompts)('of the $kind $name', (prompt) => {
  describe.each([
    ['by files', sayings],
    ['by the registry', registrySaying],
    ['by members', memberSaying],
  ])('%s', (_name, by) => {
    it.each(pairs)('%s wins over %s', (upper, lower) => {
      const { rules, input } = saying(prompt, [lower, upper], by);
      expect(choose(rules, input)).toMatchObject({ ok: true, layer: upper, ref: `says/${upper}` });
    });

    it.each(pairs)('without %s, %s is what counts', (_, lower) => {
      const { rules, input } = saying(prompt, [lower], by);
      expect(choose(rules, input)).toMatchObject({ ok: true, layer: lower, ref: `says/${lower}`, prompt });
    });

    it.each(pairs)('%s alone needs no %s', (upper) => {
      const { rules, input } = saying(prompt, [upper], by);
      expect(choose(rules, input)).toMatchObject({ ok: true, layer: upper, ref: `says/${upper}` });
    });
  });

  it.each(promptLayers)('the exact id wins over the rule for the kind in the layer %s', (layer, put) => {
    const said = both(exactly(prompt, 'an/exact'), widely(prompt.kind, 'a/wide'));
    expect(choose(put(said), ask(prompt))).toMatchObject({ layer, ref: 'an/exact' });
    const other = { ...prompt, name: 'another' };
    expect(choose(put(said), ask(other))).toMatchObject({ layer, ref: 'a/wide' });
  });

  it.each(promptLayers)(
    'an exact `inherit` in the layer %s takes it out of the rule for its kind',
    (_, put) => {
      const said = both(exactly(prompt, 'inherit'), widely(prompt.kind, 'a/wide'));
      expect(choose(put(said), ask(prompt, { request: 'the/body' }))).toMatchObject({ layer: 'request' });
    },
  );

  it.each(promptLayers)('a rule for another kind says nothing in the layer %s', (_, put) => {
    const other = PROMPT_KINDS.find((kind) => kind !== prompt.kind)!;
    const said = both(widely(other, 'a/wide'), exactly({ ...prompt, kind: other }, 'an/exact'));
    expect(choose(put(said), ask(prompt))).toEqual({ ok: false, prompt });
  });
});

describe('a higher layer for the whole kind', () => {
  it('wins over a lower one for the very id', () => {
    const prompt = prompts[0]!;
    const rules = { ...noModelRules, project: widely('agent', 'a/wide'), user: exactly(prompt, 'an/exact') };
    expect(choose(rules, ask(prompt))).toMatchObject({ layer: 'project', ref: 'a/wide' });
  });
});

describe('what names no model', () => {
  it.each(['', '   ', '\t', 'inherit', ' inherit '])('%j says nothing, in any layer', (ref) => {
    for (const prompt of prompts) {
      for (const layer of LAYERS) {
        const { rules, input } = sayings[layer]({ rules: noModelRules, input: ask(prompt) }, prompt, ref);
        expect(choose(rules, input)).toEqual({ ok: false, prompt });
      }
    }
  });

  it('blanks around a ref are none of it', () => {
    expect(choose(noModelRules, ask(undefined, { explicit: ' a/b ' }))).toMatchObject({ ref: 'a/b' });
  });

  it('settings of another workspace count for nothing', () => {
    const [prompt] = prompts as [PromptId];
    const there = 'ws_there' as WorkspaceId;
    const rules: ModelRules = {
      ...noModelRules,
      settings: new Map([[there, exactly(prompt, 'an/exact')]]),
      workspaces: new Map([[there, rule('its/own')]]),
    };
    expect(choose(rules, ask(prompt))).toEqual({ ok: false, prompt });
  });

  it('without a prompt no rule for prompts counts', () => {
    const everywhere = prompts.map(({ kind }) => widely(kind, 'a/wide')).reduce(both);
    const rules = { ...noModelRules, project: everywhere, user: everywhere, agents: everywhere };
    expect(choose(rules, ask(undefined, { request: 'the/body' }))).toMatchObject({ layer: 'request' });
  });
});

describe('agents of the registry', () => {
  const name = (id: PromptId) => promptIdText(id);
  const [prompt] = prompts as [PromptId];
  const there = 'ws_there' as WorkspaceId;
  const registered = (workspaceId: WorkspaceId, said: Rule | undefined): ModelRules['registry'] =>
    new Map([[workspaceId, new Map([[name(prompt), said]])]]);
  const files = both(exactly(prompt, 'of/file'), widely('agent', 'of/agents'));

  it('come before what agents.yaml says of them, in the same layer', () => {
    const rules = { ...noModelRules, agents: files, registry: registered(HERE, rule('of/registry')) };
    expect(choose(rules, ask(prompt))).toMatchObject({ layer: 'agent', ref: 'of/registry' });
    const record = consult(rules, ask(prompt)).find(({ layer }) => layer === 'agent');
    expect(record).toMatchObject({ ref: 'of/registry', source: 'source of of/registry' });
  });

  it.each([
    ['that prefer no model', registered(HERE, undefined)],
    ['of another workspace', registered(there, rule('of/theirs'))],
    ['of another name', new Map([[HERE, new Map([['agent:other', rule('of/other')]])]])],
  ])('%s leave it to the file', (_, registry) => {
    expect(choose({ ...noModelRules, agents: files, registry }, ask(prompt))).toMatchObject({
      ref: 'of/file',
    });
  });

  it('say nothing of a request without a prompt, nor of another kind of the same name', () => {
    const rules = { ...noModelRules, registry: registered(HERE, rule('of/registry')) };
    const more = { request: 'the/body' };
    expect(choose(rules, ask(undefined, more))).toMatchObject({ layer: 'request' });
    expect(choose(rules, ask({ kind: 'command', name: prompt.name }, more))).toMatchObject({
      layer: 'request',
    });
  });

  it.each(['', '  ', 'inherit'])('that prefer %j name none', (ref) => {
    const rules = { ...noModelRules, registry: registered(HERE, rule(ref)) };
    expect(choose(rules, ask(prompt, { request: 'the/body' }))).toMatchObject({ layer: 'request' });
  });
});

describe('steps', () => {
  const steps = [
    { name: 'write the plan', agent: 'planner', rule: rule('of/step') },
    { name: 'do it', agent: 'coder', rule: undefined },
    { name: 'look at it', agent: undefined, rule: rule('inherit') },
  ];
  const rules: ModelRules = {
    ...noModelRules,
    pipelines: new Map([[PIPELINE, steps]]),
    project: both(exactly({ kind: 'agent', name: 'coder' }, 'of/coder'), widely('agent', 'of/agents')),
  };
  const at = (step: string, more: Partial<ChoiceInput> = {}) =>
    choose(rules, ask(undefined, { pipeline: PIPELINE, step, ...more }));

  it.each(['1', ' 1 ', '01', 'write the plan', 'planner'])('%j is the first', (step) => {
    expect(at(step)).toMatchObject({ layer: 'step', ref: 'of/step' });
  });

  it('one without a model gives its agent as the prompt', () => {
    const prompt = { kind: 'agent', name: 'coder' };
    expect(at('2')).toMatchObject({ layer: 'project', ref: 'of/coder', prompt });
    expect(at('do it')).toMatchObject({ layer: 'project', ref: 'of/coder', prompt });
  });

  it('one with a model of its own still says whose prompt it is', () => {
    expect(at('1')).toMatchObject({ prompt: { kind: 'agent', name: 'planner' } });
  });

  it('a prompt that the request names is the prompt', () => {
    const prompt: PromptId = { kind: 'agent', name: 'other' };
    expect(at('2', { prompt })).toMatchObject({ ref: 'of/agents', prompt });
  });

  it.each(['0', '4', '-1', '1.5', '99999999999999999999', '', 'nothing', '__proto__'])(
    '%j is none',
    (step) => {
      expect(at(step, { request: 'the/body' })).toMatchObject({ layer: 'request', prompt: undefined });
    },
  );

  it('one that inherits, and one of another pipeline, say nothing', () => {
    expect(at('3', { request: 'the/body' })).toMatchObject({ layer: 'request' });
    expect(at('1', { pipeline: 'other', request: 'the/body' })).toMatchObject({ layer: 'request' });
    expect(at('1', { pipeline: undefined, request: 'the/body' })).toMatchObject({ layer: 'request' });
  });
});

describe('what the winning place adds', () => {
  it('its fallback goes with it, and none of a losing place', () => {
    const [prompt] = prompts as [PromptId];
    const withFallback = (ref: string): Rule => ({ ...rule(ref), fallback: [`after/${ref}`] });
    const rules: ModelRules = {
      ...noModelRules,
      project: { exact: new Map([[promptIdText(prompt), rule('a/b')]]), wide: new Map() },
      user: { exact: new Map([[promptIdText(prompt), withFallback('c/d')]]), wide: new Map() },
    };
    const choice = choose(rules, ask(prompt));
    expect(choice.ok && choice.rule).toEqual(rule('a/b'));
    const lower = choose({ ...rules, project: noModelRules.project }, ask(prompt));
    expect(lower.ok && lower.rule.fallback).toEqual(['after/c/d']);
  });
});

describe('a rule that inherits', () => {
  const [prompt] = prompts as [PromptId];
  const inheriting = (...fallback: string[]): PromptRules => ({
    exact: new Map([[promptIdText(prompt), { ref: 'inherit', source: 'a.md', fallback }]]),
    wide: new Map(),
  });
  const ruleFor = (rules: Partial<ModelRules>, request?: string) => {
    const choice = choose({ ...noModelRules, ...rules }, ask(prompt, { request }));
    return choice.ok ? choice.rule : undefined;
  };

  it('still says what to try after the model that others choose', () => {
    const rules = { frontmatter: inheriting('then/this') };
    expect(ruleFor(rules, 'the/body')).toMatchObject({ ref: 'the/body', fallback: ['then/this'] });
    expect(ruleFor(rules)).toBeUndefined();
  });

  it('says it unless the one that names the model does, and the highest of several', () => {
    const named = { ref: 'a/b', source: 'agents.yaml', fallback: ['of/its own'] };
    const agents = { exact: new Map([[promptIdText(prompt), named]]), wide: new Map() };
    expect(ruleFor({ frontmatter: inheriting('then/this'), agents })).toEqual(named);
    const two = { project: inheriting('first'), user: inheriting('second') };
    expect(ruleFor(two, 'the/body')).toMatchObject({ fallback: ['first'] });
  });
});

describe('laws', () => {
  const someLayers = fc.subarray([...LAYERS], { minLength: 1 });
  const somePrompt = fc.constantFrom(...prompts);
  const someWay = fc.constantFrom(sayings, registrySaying);

  it('removing any losing layer changes nothing', () => {
    fc.assert(
      fc.property(somePrompt, someLayers, fc.nat(), someWay, (prompt, layers, pick, by) => {
        const whole = saying(prompt, layers, by);
        const choice = choose(whole.rules, whole.input);
        const winner = LAYERS.find((layer) => layers.includes(layer))!;
        expect(choice).toMatchObject({ ok: true, layer: winner });
        const losers = layers.filter((layer) => layer !== winner);
        const gone = losers[pick % Math.max(1, losers.length)];
        const less = saying(
          prompt,
          layers.filter((layer) => layer !== gone),
          by,
        );
        expect(choose(less.rules, less.input)).toEqual(choice);
      }),
      { numRuns: 500 },
    );
  });

  it('the record names every layer once, and its first ref is the choice', () => {
    fc.assert(
      fc.property(somePrompt, fc.subarray([...LAYERS]), someWay, (prompt, layers, by) => {
        const { rules, input } = saying(prompt, layers, by);
        const record = consult(rules, input);
        expect(record.map(({ layer }) => layer)).toEqual([...LAYERS]);
        expect(record.filter(({ ref }) => ref !== undefined).map(({ layer }) => layer)).toEqual(
          LAYERS.filter((layer) => layers.includes(layer)),
        );
        const choice = choose(rules, input);
        const first = record.find(({ ref }) => ref !== undefined);
        expect(
          choice.ok ? { layer: choice.layer, ref: choice.ref, source: choice.rule.source } : undefined,
        ).toEqual(first);
      }),
      { numRuns: 500 },
    );
  });
});
