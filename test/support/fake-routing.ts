/** Models by prompt behind the admin API that hold still: one set by a person, one of a file that leads nowhere. */
import type {
  ChainFacts,
  NameFacts,
  RoutingDesk,
  RuleFacts,
  StepFacts,
} from '../../src/admin/deps-routing.ts';
import { promptIdText } from '../../src/base/prompt-id.ts';

const MISSING = 'no provider ollama is declared; set OLLAMA_HOST or providers.ollama';

const chain: ChainFacts = {
  model: 'anthropic/claude-sonnet-4-5',
  standIns: [
    { ref: 'openai/gpt-6-sol', problem: undefined },
    { ref: 'ollama/codellama', problem: MISSING },
  ],
  source: 'built-in',
};

const steps: readonly StepFacts[] = [
  { pipeline: 'ship', number: 1, name: 'plan', agent: 'planner', rule: undefined },
  {
    pipeline: 'ship',
    number: 2,
    name: 'do',
    agent: 'coder',
    rule: { ref: 'fast', source: 'agents.yaml, pipeline ship, step 2' },
  },
];

const names: readonly NameFacts[] = [
  {
    name: 'fast',
    kind: 'alias',
    refs: ['openai/gpt-4o'],
    strategy: undefined,
    source: '/code/turnpike.yaml',
  },
  {
    name: 'smart',
    kind: 'route',
    refs: ['openai/gpt-4o', 'fast'],
    strategy: 'cheapest',
    source: '/code/turnpike.yaml',
  },
];

function factsAt(nowMs: number): readonly RuleFacts[] {
  const setting = {
    workspaceId: 'ws_1',
    promptId: 'agent:coder',
    ref: 'openai/gpt-4o',
    fallback: ['fast'],
    createdBy: 'operator',
    createdAtMs: nowMs - 1_000,
  } as const;
  const set = { ref: setting.ref, source: 'setting agent:coder' };
  const wide = { ref: 'ollama/codellama', source: 'turnpike.yaml models.agents.*' };
  return [
    {
      id: 'agent:*',
      effective: { layer: 'project', rule: wide },
      layers: [{ layer: 'project', ...wide }],
      setting: undefined,
      problem: MISSING,
    },
    {
      id: 'agent:coder',
      effective: { layer: 'setting', rule: { ...set, fallback: ['fast'] } },
      layers: [
        { layer: 'setting', ...set },
        { layer: 'project', ...wide },
      ],
      setting,
      problem: undefined,
    },
    { id: 'default', effective: undefined, layers: [], setting: undefined, problem: undefined },
  ];
}

/** `made` collects what it was told. Refs that begin with `nowhere` lead nowhere. */
export function fakeRoutingDesk(made: unknown[], nowMs: number): RoutingDesk {
  const all = factsAt(nowMs);
  const coder = all[1]!;
  const textOf: (subject: Parameters<RoutingDesk['rule']>[0]) => string = (subject) =>
    subject.kind === 'default' ? 'default' : promptIdText(subject.id);
  return {
    rules: async () => all,
    rule: async (subject) =>
      all.find(({ id }) => id === textOf(subject)) ?? { ...all[2]!, id: textOf(subject) },
    async setRule(subject, rule, force) {
      made.push([textOf(subject), rule, force]);
      if (rule.ref.startsWith('nowhere') && !force)
        return { kind: 'unreachable', message: `${rule.ref}: ${MISSING}` };
      const effective = {
        layer: 'setting',
        rule: { ...rule, source: `setting ${textOf(subject)}` },
      } as const;
      return { kind: 'done', facts: { ...coder, id: textOf(subject), effective } };
    },
    async unsetRule(subject) {
      made.push(textOf(subject));
      if (textOf(subject) !== 'agent:coder') return undefined;
      return { was: coder.setting!, facts: { ...all[0]!, id: 'agent:coder' } };
    },
    steps: () => steps,
    names: () => names,
    problems: () => [{ source: 'turnpike.yaml models.agents.*', ref: 'ollama/codellama', problem: MISSING }],
    fallback: () => ({
      isEnabled: true,
      allowsNamed: true,
      onContentFilter: false,
      default: { ref: 'openai/gpt-4o', problem: undefined },
    }),
    chains: () => [chain],
    chain: (model) => (model.endsWith('claude-sonnet-4-5') ? chain : undefined),
    async setChain(model, refs, force) {
      made.push([model, refs, force]);
      const standIns = refs.map((ref) => ({ ref, problem: undefined }));
      return { kind: 'done', facts: { model, standIns, source: 'setting' } };
    },
    async unsetChain(model) {
      made.push(model);
      return model === 'openai/o3' ? undefined : { model, was: ['a/b'], now: chain };
    },
    whoAnswers: (ref) => ({
      ok: true,
      canonical: ref,
      tried: [
        { ref, problem: undefined, by: 'ref', source: ref },
        ...chain.standIns.map((standIn) => ({ ...standIn, by: 'chain' as const, source: 'built-in' })),
      ],
    }),
  };
}
