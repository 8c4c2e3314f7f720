/** Model refs that lead nowhere here, and what is missing: said at the start, by `doctor` and by `models config`. */
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Catalog } from './catalog/model.ts';
import type { ModelRules, PromptRules, Rule } from './route/layers.ts';
import { INHERIT } from './route/precedence.ts';
import { type RoutingTable, resolveRef, splitRef } from './route/ref.ts';
import type { ConfiguredProviders } from './upstream/configure.ts';
import type { ProviderKind } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';

export interface ModelProblem {
  /** Where it is written. */
  readonly source: string;
  readonly ref: string;
  /** For people, with the variable or setting that is missing where there is one. */
  readonly problem: string;
}

export interface ModelPlaces {
  readonly rules: ModelRules;
  readonly routing: RoutingTable;
  readonly catalog: Catalog;
  readonly configured: Pick<ConfiguredProviders, 'problems'>;
  readonly keys?: {
    values(): Iterable<{
      readonly workspaceId: WorkspaceId;
      readonly name: string;
      readonly defaultModel?: string | undefined;
      readonly revokedAtMs?: number;
    }>;
  };
  /** Whose keys, settings and agents are looked at, beside the files; undefined = those of every workspace. */
  readonly workspaceId?: WorkspaceId;
}

/** More than anybody reads; what is wrong in one place is often wrong in hundreds. */
const MAX_PROBLEMS = 200;
/** What is near to a name takes milliseconds to find, and this is looked for with each revision. */
const MAX_HINTED = 10;

/** Each place once, in the order of precedence. Built-in chains name vendors whoever has no key of theirs need not know. */
export function modelProblems(places: ModelPlaces): readonly ModelProblem[] {
  const problems = new Map<string, ModelProblem>();
  const known = new Map<string, string | undefined>([[INHERIT, undefined]]);
  for (const { source, ref } of writtenRefs(places)) {
    const text = ref.trim();
    if (!known.has(text)) known.set(text, problemOf(text, places, problems.size < MAX_HINTED));
    const problem = known.get(text);
    if (problem !== undefined) problems.set(`${source}\n${ref}`, { source, ref, problem });
    if (problems.size >= MAX_PROBLEMS) break;
  }
  return [...problems.values(), ...chainsOfNames(places.routing)];
}

/** They would never be looked for: what a name leads to may change, and a route is a chain itself. */
function chainsOfNames({ aliases, routes, fallback }: RoutingTable): ModelProblem[] {
  return [...fallback.chains.values()]
    .filter(({ model }) => aliases.has(model) || routes.has(model))
    .map(({ model, source }) => ({
      source,
      ref: model,
      problem: 'it is an alias or a route; a chain is of the model that it leads to',
    }));
}

interface Written {
  readonly source: string;
  readonly ref: string;
}

function* writtenRefs({ rules, routing, keys, workspaceId }: ModelPlaces): Iterable<Written> {
  const of = <T>(all: ReadonlyMap<WorkspaceId, T>): T[] =>
    [...all].filter(([id]) => workspaceId === undefined || id === workspaceId).map(([, one]) => one);
  const steps = [...rules.pipelines.values()].flat();
  for (const { rule } of steps) if (rule) yield* refsOf(rule);
  const layers = [...of(rules.settings), rules.project, rules.user, rules.frontmatter, rules.agents];
  for (const layer of layers) for (const rule of rulesIn(layer)) yield* refsOf(rule);
  for (const agents of of(rules.registry)) for (const rule of agents.values()) if (rule) yield* refsOf(rule);
  for (const { name, defaultModel, revokedAtMs, workspaceId: owner } of keys?.values() ?? [])
    if (defaultModel !== undefined && revokedAtMs === undefined && (workspaceId ?? owner) === owner)
      yield { source: `key ${name}`, ref: defaultModel };
  for (const rule of of(rules.workspaces)) yield* refsOf(rule);
  if (rules.default) yield* refsOf(rules.default);
  // The alias `default` is the last rule itself.
  for (const [name, ref] of routing.aliases) if (name !== 'default') yield { source: `aliases.${name}`, ref };
  for (const [name, { targets }] of routing.routes) {
    for (const { ref } of targets) yield { source: `routes.${name}`, ref };
  }
  const { chains, default: last } = routing.fallback;
  if (last !== undefined) yield { source: 'fallback.default', ref: last };
  for (const { source, model, refs } of chains.values()) {
    if (source === 'built-in') continue;
    for (const ref of refs)
      yield { source: source === 'setting' ? `fallback chain of ${model}` : source, ref };
  }
}

function rulesIn({ exact, wide }: PromptRules): Rule[] {
  return [...wide.values(), ...exact.values()];
}

function* refsOf({ ref, source, fallback = [] }: Rule): Iterable<Written> {
  yield { source, ref };
  for (const next of fallback) yield { source, ref: next };
}

/** undefined = it leads somewhere. `hasHints`: a name that nobody knows is told with what is near to it. */
export function problemOf(
  ref: string,
  { routing, catalog, configured }: Omit<ModelPlaces, 'rules'>,
  hasHints = true,
): string | undefined {
  const resolved = resolveRef(ref, routing, catalog, false);
  if (resolved.ok) return undefined;
  const last = lastName(ref, routing);
  const split = splitRef(last);
  const names = split ? [split.provider] : catalog.findBare(last).map((model) => model.provider);
  for (const name of names) {
    const missing = whatIsMissing(name, configured.problems);
    if (missing !== undefined) return missing;
  }
  if (!hasHints) return resolved.message;
  const hinted = resolveRef(ref, routing, catalog);
  return hinted.ok ? undefined : hinted.message;
}

/** Names that lead on to another one; the walk of `resolveRef` ends there too. */
const MAX_NAMES = 8;

function lastName(ref: string, { aliases, routes }: RoutingTable): string {
  let name = ref.trim();
  for (let step = 0; step < MAX_NAMES; step += 1) {
    const next = aliases.get(name) ?? routes.get(name)?.targets[0]?.ref;
    if (next === undefined) break;
    name = next.trim();
  }
  return name;
}

/** Of a provider, or of a vendor whose models one serves; undefined = it is none that Turnpike knows. */
function whatIsMissing(name: string, problems: readonly string[]): string | undefined {
  const declared = problems.find((problem) => problem.startsWith(`providers.${name}: `));
  if (declared !== undefined) return declared;
  const kind = providerKinds.get(name) ?? servedBy(name);
  if (!kind) return undefined;
  const [variable] = kind.id === 'ollama' ? ['OLLAMA_HOST'] : kind.credentialEnv;
  const what = kind.needsCredential ? `no key of ${kind.id}` : `no provider ${kind.id} is declared`;
  const setting = `providers.${kind.id}${kind.needsCredential ? '.api_key' : ''}`;
  const isEnough = kind.needsCredential || kind.id === 'ollama';
  return `${what}; set ${isEnough && variable ? `${variable} or ` : ''}${setting}`;
}

function servedBy(vendor: string): ProviderKind | undefined {
  return [...providerKinds.values()].find((kind) => kind.catalogProvider === vendor);
}

/** Logs what was not there before: a state that lasts is told once. */
export function tellModelProblems(log: Log): (places: ModelPlaces) => void {
  let told: ReadonlySet<string> = new Set();
  return (places) => {
    const lines = modelProblems(places).map(({ source, ref, problem }) => `${source}: "${ref}": ${problem}`);
    for (const line of lines) if (!told.has(line)) log.warn({}, line);
    told = new Set(lines);
  };
}
