/** The desk for models by prompt and for who stands in, on top of the registry and of what serves now: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { PROMPT_KINDS, parsePromptId, promptIdText } from '../base/prompt-id.ts';
import { setFallbackChain, unsetFallbackChain } from '../registry/fallback-chains.ts';
import {
  findModelRule,
  loadModelRules,
  type ModelRuleRecord,
  setModelRule,
  unsetModelRule,
  WORKSPACE_DEFAULT,
} from '../registry/model-rules.ts';
import { canonicalModel, chainFor } from '../route/chains.ts';
import type { ChoiceInput } from '../route/layers.ts';
import { choose, consult, INHERIT } from '../route/precedence.ts';
import { resolveRef, splitRef } from '../route/ref.ts';
import type { FallbackChain } from '../route/route-rule.ts';
import type { Store } from '../store/store.ts';
import type {
  ChainFacts,
  NameFacts,
  RefProblem,
  RoutingDesk,
  RoutingState,
  RuleFacts,
  RuleSubject,
  StandIn,
  StepFacts,
  WhoAnswers,
} from './deps-routing.ts';

export interface RoutingMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  state(): RoutingState;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
  /** Setting -> the file it is from. */
  sources(): Readonly<Record<string, string>>;
  problems(): readonly RefProblem[];
  /** undefined = it leads somewhere. `hasHints`: with what is near to it, which takes milliseconds. */
  problemOf(ref: string, hasHints: boolean): string | undefined;
}

/** The API knows one operator. */
const BY = 'operator';

export function createRoutingDesk(means: RoutingMeans): RoutingDesk {
  return { ...ruleDesk(means), ...nameDesk(means), ...chainDesk(means) };
}

function ruleDesk(
  means: RoutingMeans,
): Pick<RoutingDesk, 'rules' | 'rule' | 'setRule' | 'unsetRule' | 'steps'> {
  const { store, workspaceId, clock } = means;
  const find = async (subject: RuleSubject): Promise<RuleFacts> =>
    factsOf(means, subject, await findModelRule(store, subjectText(subject), workspaceId));
  return {
    async rules() {
      const stored = (await loadModelRules(store)).filter((rule) => rule.workspaceId === workspaceId);
      const settings = new Map(stored.map((rule) => [rule.promptId, rule]));
      return subjectsOf(means, settings).map((subject) =>
        factsOf(means, subject, settings.get(subjectText(subject))),
      );
    },
    rule: find,
    async setRule(subject, { ref, fallback }, force) {
      const problem = force ? undefined : firstProblem(means, [ref, ...(fallback ?? [])]);
      if (problem !== undefined) return { kind: 'unreachable', message: problem };
      const terms = { promptId: subjectText(subject), ref, ...(fallback?.length && { fallback }) };
      await setModelRule(store, terms, { workspaceId, nowMs: clock.now(), by: BY });
      await means.recompile();
      return { kind: 'done', facts: await find(subject) };
    },
    async unsetRule(subject) {
      const was = await unsetModelRule(store, subjectText(subject), workspaceId);
      if (!was) return undefined;
      await means.recompile();
      return { was, facts: await find(subject) };
    },
    steps: () => stepsOf(means.state()),
  };
}

function subjectText(subject: RuleSubject): string {
  return subject.kind === 'default' ? WORKSPACE_DEFAULT : promptIdText(subject.id);
}

function subjectsOf(
  { state, workspaceId }: RoutingMeans,
  settings: ReadonlyMap<string, ModelRuleRecord>,
): RuleSubject[] {
  const { rules } = state();
  const layers = [
    rules.settings.get(workspaceId),
    rules.project,
    rules.user,
    rules.frontmatter,
    rules.agents,
  ];
  const texts = new Set([...settings.keys()]);
  for (const [text, rule] of rules.registry.get(workspaceId) ?? []) if (rule) texts.add(text);
  for (const said of layers) {
    for (const text of said?.exact.keys() ?? []) texts.add(text);
    for (const kind of said?.wide.keys() ?? []) texts.add(promptIdText({ kind, name: '*' }));
  }
  const ids = [...texts].flatMap((text) => parsePromptId(text) ?? []);
  ids.sort(
    (a, b) => PROMPT_KINDS.indexOf(a.kind) - PROMPT_KINDS.indexOf(b.kind) || (a.name < b.name ? -1 : 1),
  );
  return [...ids.map((id): RuleSubject => ({ kind: 'prompt', id })), { kind: 'default' }];
}

function factsOf(
  { state, workspaceId, problemOf }: RoutingMeans,
  subject: RuleSubject,
  setting: ModelRuleRecord | undefined,
): RuleFacts {
  const { rules } = state();
  const input: ChoiceInput = {
    workspaceId,
    explicit: undefined,
    pipeline: undefined,
    step: undefined,
    prompt: subject.kind === 'default' ? undefined : subject.id,
    request: undefined,
    key: undefined,
  };
  const choice = choose(rules, input);
  return {
    id: subjectText(subject),
    effective: choice.ok ? { layer: choice.layer, rule: choice.rule } : undefined,
    layers: consult(rules, input).filter(({ ref }) => ref !== undefined),
    setting,
    problem: choice.ok ? problemOf(choice.ref, false) : undefined,
  };
}

function firstProblem({ problemOf }: RoutingMeans, refs: readonly string[]): string | undefined {
  for (const ref of refs) {
    const problem = ref.trim() === INHERIT ? undefined : problemOf(ref, true);
    if (problem !== undefined) return `${ref}: ${problem}`;
  }
  return undefined;
}

function stepsOf({ rules }: RoutingState): StepFacts[] {
  return [...rules.pipelines].flatMap(([pipeline, steps]) =>
    steps.map(({ name, agent, rule }, at) => ({ pipeline, number: at + 1, name, agent, rule })),
  );
}

function nameDesk({ state, sources, problems }: RoutingMeans): Pick<RoutingDesk, 'names' | 'problems'> {
  return {
    problems,
    names() {
      const { aliases, routes } = state().routing;
      const from = sources();
      const named = [...aliases].map(
        ([name, ref]): NameFacts => ({
          name,
          kind: 'alias',
          refs: [ref],
          strategy: undefined,
          source: from[`aliases.${name}`],
        }),
      );
      const routed = [...routes].map(
        ([name, { targets, strategy }]): NameFacts => ({
          name,
          kind: 'route',
          refs: targets.map(({ ref }) => ref),
          strategy,
          source: from[`routes.${name}`],
        }),
      );
      return [...named, ...routed];
    },
  };
}

function chainDesk(
  means: RoutingMeans,
): Pick<RoutingDesk, 'fallback' | 'chains' | 'chain' | 'setChain' | 'unsetChain' | 'whoAnswers'> {
  const { store, clock, state, problemOf } = means;
  const namesNow = () => ({ providers: state().routing.providers, catalog: state().catalog });
  const standIn = (ref: string): StandIn => ({ ref, problem: problemOf(ref, false) });
  const render = ({ model, refs, source }: FallbackChain): ChainFacts => ({
    model: canonicalModel(model, namesNow()),
    standIns: refs.map(standIn),
    source,
  });
  const find = (model: string): ChainFacts | undefined => {
    const { chains } = state().routing.fallback;
    const canonical = canonicalModel(model, namesNow());
    const split = splitRef(canonical);
    const chain =
      chains.get(canonical) ?? (split && chainFor(chains, split.provider, split.model, state().catalog));
    return chain && render(chain);
  };
  return {
    fallback() {
      const { isEnabled, allowsNamed, onContentFilter, default: last } = state().routing.fallback;
      return {
        isEnabled,
        allowsNamed,
        onContentFilter,
        default: last === undefined ? undefined : standIn(last),
      };
    },
    chains: () => [...state().routing.fallback.chains.values()].map(render),
    chain: find,
    async setChain(model, refs, force) {
      const { aliases, routes } = state().routing;
      if (aliases.has(model) || routes.has(model)) {
        const message = `${model} is an alias or a route; a chain is of the model that it leads to`;
        return { kind: 'unreachable', message };
      }
      const problem = force ? undefined : firstProblem(means, refs);
      if (problem !== undefined) return { kind: 'unreachable', message: problem };
      const canonical = canonicalModel(model, namesNow());
      const chain = await setFallbackChain(store, { model: canonical, refs }, { nowMs: clock.now(), by: BY });
      await means.recompile();
      return { kind: 'done', facts: render({ ...chain, source: 'setting' }) };
    },
    async unsetChain(model) {
      const canonical = canonicalModel(model, namesNow());
      const chain = await unsetFallbackChain(store, canonical);
      if (!chain) return undefined;
      await means.recompile();
      return { model: canonical, was: chain.refs, now: find(canonical) };
    },
    whoAnswers: (ref) => whoAnswers(state(), ref, standIn),
  };
}

/** As the road plans it: a chain is of a model, not of a route, which is a chain itself. */
function whoAnswers(
  { routing, catalog }: RoutingState,
  ref: string,
  standIn: (ref: string) => StandIn,
): WhoAnswers {
  const resolved = resolveRef(ref, routing, catalog);
  if (!resolved.ok) return { ok: false, message: resolved.message };
  const { fallback, providers } = routing;
  const [first] = resolved.targets;
  const { provider, model } = first!;
  const vendor = providers.get(provider)?.catalogProvider ?? provider;
  const tried: (StandIn & { by: 'ref' | 'chain' | 'default'; source: string })[] = resolved.targets.map(
    (target) => ({
      ref: `${target.provider}/${target.model}`,
      problem: undefined,
      by: 'ref',
      source: ref,
    }),
  );
  if (fallback.isEnabled) {
    const isModel = resolved.candidates.kind === 'target';
    const chain = isModel ? chainFor(fallback.chains, vendor, model, catalog) : undefined;
    for (const next of chain?.refs ?? [])
      tried.push({ ...standIn(next), by: 'chain', source: chain!.source });
    if (fallback.default !== undefined)
      tried.push({ ...standIn(fallback.default), by: 'default', source: 'fallback.default' });
  }
  return { ok: true, canonical: canonicalModel(`${provider}/${model}`, { providers, catalog }), tried };
}
