/** Which models prompts get and who stands in for them: put together from files, the registry, and what ships. */
import { basename } from 'node:path';
import type { WorkspaceId } from './base/ids.ts';
import { PROMPT_KINDS, type PromptKind, parsePromptId, promptIdText } from './base/prompt-id.ts';
import type { Config } from './config.ts';
import { EVERY_PROMPT, type FilePromptRules } from './config-models.ts';
import { type AgentRecord, loadAgents } from './registry/agents.ts';
import { loadFallbackChains } from './registry/fallback-chains.ts';
import { loadModelRules, type ModelRuleRecord, WORKSPACE_DEFAULT } from './registry/model-rules.ts';
import { loadPreferences, type PreferenceRecord } from './registry/preferences.ts';
import { type ChainNames, compileChains } from './route/chains.ts';
import { builtInChains } from './route/chains-built-in.ts';
import { type ModelRules, noModelRules, type PromptRules, type Rule } from './route/layers.ts';
import { INHERIT } from './route/precedence.ts';
import type { RoutingTable } from './route/ref.ts';
import type { FallbackChain, FallbackRules } from './route/route-rule.ts';
import type { Store } from './store/store.ts';

/** What operators have set through the API. */
export interface StoredModels {
  readonly rules: readonly ModelRuleRecord[];
  readonly agents: readonly AgentRecord[];
  readonly chains: readonly FallbackChain[];
  readonly preferences: readonly PreferenceRecord[];
}

export async function loadStoredModels(store: Store): Promise<StoredModels> {
  const [rules, agents, chains, preferences] = await Promise.all([
    loadModelRules(store),
    loadAgents(store),
    loadFallbackChains(store),
    loadPreferences(store),
  ]);
  const set = chains.map(({ model, refs }) => ({ model, refs, source: 'setting' }));
  return { rules, agents, chains: set, preferences };
}

/** What prompt files, agents and pipelines say of models. */
export type PromptFileRules = Pick<ModelRules, 'frontmatter' | 'agents' | 'pipelines'>;

export function compileModelRules(
  { promptModels }: Pick<Config, 'promptModels'>,
  { rules: stored, agents, preferences }: Omit<StoredModels, 'chains'>,
  last: Rule | undefined,
  declared: PromptFileRules = noModelRules,
): ModelRules {
  return {
    settings: settingsOf(stored),
    members: preferredModels(preferences),
    project: fromFile(promptModels.project),
    user: fromFile(promptModels.user),
    frontmatter: declared.frontmatter,
    agents: declared.agents,
    registry: registryOf(agents),
    pipelines: declared.pipelines,
    workspaces: new Map(
      stored
        .filter(({ promptId }) => promptId === WORKSPACE_DEFAULT)
        .map((rule) => [rule.workspaceId, ruleOf(rule)]),
    ),
    default: last,
  };
}

/** The model where no other layer names one: the alias `default`, else `models.default`, else the sandbox where it is alone. */
export function defaultRule(
  { aliases, defaultModel, sources }: Pick<Config, 'aliases' | 'defaultModel' | 'sources'>,
  providers: number,
): Rule | undefined {
  const place = (setting: string) => `${basename(sources[setting] ?? '')} ${setting}`.trim();
  if (aliases.default !== undefined) return { ref: aliases.default, source: place('aliases.default') };
  if (defaultModel !== undefined) return { ref: defaultModel, source: place('models.default') };
  return providers === 1 ? { ref: 'sandbox/scribe', source: 'no provider but the sandbox' } : undefined;
}

export function compileFallback(
  { fallback }: Pick<Config, 'fallback'>,
  stored: readonly FallbackChain[],
  names: ChainNames,
): FallbackRules {
  return {
    isEnabled: fallback.isEnabled,
    allowsNamed: !fallback.isForbidden,
    default: fallback.default,
    chains: compileChains(fallback.usesBuiltIn ? builtInChains : [], fallback.chains, stored, names),
    onContentFilter: fallback.onContentFilter,
  };
}

interface OpenRules extends PromptRules {
  readonly exact: Map<string, Rule>;
  readonly wide: Map<PromptKind, Rule>;
}

function settingsOf(stored: readonly ModelRuleRecord[]): Map<WorkspaceId, PromptRules> {
  const settings = new Map<WorkspaceId, OpenRules>();
  for (const record of stored) {
    const id = parsePromptId(record.promptId);
    if (!id) continue;
    const said: OpenRules = settings.get(record.workspaceId) ?? { exact: new Map(), wide: new Map() };
    settings.set(record.workspaceId, said);
    if (id.name === EVERY_PROMPT) said.wide.set(id.kind, ruleOf(record));
    else said.exact.set(promptIdText(id), ruleOf(record));
  }
  return settings;
}

function preferredModels(preferences: readonly PreferenceRecord[]): Map<string, Rule> {
  const models = new Map<string, Rule>();
  for (const { memberId, model = INHERIT, fallback } of preferences) {
    if (model === INHERIT && !fallback) continue;
    models.set(memberId, { ref: model, source: `preference of ${memberId}`, ...(fallback && { fallback }) });
  }
  return models;
}

/** What a member prefers beyond the model: another way through the same providers. */
export type RoutingWish = Pick<PreferenceRecord, 'provider' | 'hasFallback'>;

/** By member. */
export function routingWishes(preferences: readonly PreferenceRecord[]): ReadonlyMap<string, RoutingWish> {
  const wishes = preferences.filter(
    ({ provider, hasFallback }) => provider !== undefined || hasFallback !== undefined,
  );
  return new Map(wishes.map((wish) => [wish.memberId, wish]));
}

export function withWish(table: RoutingTable, { provider, hasFallback }: RoutingWish): RoutingTable {
  const { fallback } = table;
  // What an operator has switched off by hand stays off.
  const isEnabled = hasFallback === undefined ? fallback.isEnabled : hasFallback && fallback.allowsNamed;
  const allowsNamed = hasFallback !== false && fallback.allowsNamed;
  return {
    ...table,
    fallback: { ...fallback, isEnabled, allowsNamed },
    ...(provider !== undefined && { preferredProvider: provider }),
  };
}

function registryOf(agents: readonly AgentRecord[]): Map<WorkspaceId, Map<string, Rule | undefined>> {
  const registry = new Map<WorkspaceId, Map<string, Rule | undefined>>();
  for (const { workspaceId, name, preferredModel: ref } of agents) {
    const known = registry.get(workspaceId) ?? new Map<string, Rule | undefined>();
    const rule = ref === undefined ? undefined : { ref, source: `agent ${name} of the registry` };
    registry.set(workspaceId, known.set(promptIdText({ kind: 'agent', name }), rule));
  }
  return registry;
}

function ruleOf({ promptId, ref, fallback }: ModelRuleRecord): Rule {
  return { ref, source: `setting ${promptId}`, ...(fallback && { fallback }) };
}

function fromFile({ exact, wide }: FilePromptRules): PromptRules {
  const kinds = PROMPT_KINDS.flatMap((kind): [PromptKind, Rule][] =>
    wide[kind] ? [[kind, wide[kind]]] : [],
  );
  return { exact: new Map(Object.entries(exact)), wide: new Map(kinds) };
}
