/** Which models prompts get and who stands in for them: put together from files, the registry, and what ships. */
import { basename } from 'node:path';
import type { WorkspaceId } from './base/ids.ts';
import { PROMPT_KINDS, type PromptKind, parsePromptId, promptIdText } from './base/prompt-id.ts';
import type { Config } from './config.ts';
import { EVERY_PROMPT, type FilePromptRules } from './config-models.ts';
import { type AgentRecord, loadAgents } from './registry/agents.ts';
import { loadFallbackChains } from './registry/fallback-chains.ts';
import { loadModelRules, type ModelRuleRecord, WORKSPACE_DEFAULT } from './registry/model-rules.ts';
import { type ChainNames, compileChains } from './route/chains.ts';
import { builtInChains } from './route/chains-built-in.ts';
import { type ModelRules, noModelRules, type PromptRules, type Rule } from './route/layers.ts';
import type { FallbackChain, FallbackRules } from './route/route-rule.ts';
import type { Store } from './store/store.ts';

/** What operators have set through the API. */
export interface StoredModels {
  readonly rules: readonly ModelRuleRecord[];
  readonly agents: readonly AgentRecord[];
  readonly chains: readonly FallbackChain[];
}

export async function loadStoredModels(store: Store): Promise<StoredModels> {
  const [rules, agents, chains] = await Promise.all([
    loadModelRules(store),
    loadAgents(store),
    loadFallbackChains(store),
  ]);
  return { rules, agents, chains: chains.map(({ model, refs }) => ({ model, refs, source: 'setting' })) };
}

/** What prompt files, agents and pipelines say of models. */
export type PromptFileRules = Pick<ModelRules, 'frontmatter' | 'agents' | 'pipelines'>;

export function compileModelRules(
  { promptModels }: Pick<Config, 'promptModels'>,
  { rules: stored, agents }: Pick<StoredModels, 'rules' | 'agents'>,
  last: Rule | undefined,
  declared: PromptFileRules = noModelRules,
): ModelRules {
  return {
    settings: settingsOf(stored),
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
