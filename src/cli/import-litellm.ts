/** What a configuration of LiteLLM's proxy says, in our words. Pure. */
import { createDraft, type Draft, type Fields, type Imported, plainName } from './import-draft.ts';
import { type Deployment, readDeployments } from './import-litellm-models.ts';
import { createSecretNames } from './import-secrets.ts';
import { budgetPeriod, fieldsOf, leaveOthers, listOf, numberOf, textOf, wordsOf } from './import-values.ts';

/** LiteLLM's ways to choose among the deployments of one name. */
const STRATEGIES: Readonly<Record<string, 'weighted' | 'fastest' | 'cheapest'>> = {
  'simple-shuffle': 'weighted',
  'latency-based-routing': 'fastest',
  'cost-based-routing': 'cheapest',
};
/** A route has no more. */
const MAX_MEMBERS = 20;
const MAX_WEIGHT = 1_000;

interface Group {
  /** As ours may be called. */
  readonly name: string;
  readonly deployments: readonly Deployment[];
  readonly fallbacks: string[];
}

export function importLitellm(content: unknown): Imported {
  const draft = createDraft();
  const file = fieldsOf(content);
  const settings = fieldsOf(file.litellm_settings);
  const router = fieldsOf(file.router_settings);
  const groups = groupsOf(draft, readDeployments(draft, createSecretNames(draft), file));
  readFallbacks(draft, groups, settings, router);
  const strategy = strategyOf(draft, router.routing_strategy);
  for (const group of groups.values()) writeGroup(draft, group, groups, strategy);
  readAliases(draft, groups, router.model_group_alias);
  readBudgets(draft, settings, router, groups);
  readGeneral(draft, fieldsOf(file.general_settings));
  for (const name of Object.keys(fieldsOf(file.environment_variables)))
    draft.variable(name, 'its value stands under environment_variables of the old file');
  leaveOthers(draft, '', file, [
    'model_list',
    'litellm_settings',
    'router_settings',
    'general_settings',
    'environment_variables',
  ]);
  leaveOthers(draft, 'litellm_settings', settings, [
    ...['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks', 'default_fallbacks'],
    ...['max_budget', 'budget_duration', 'max_end_user_budget', 'request_timeout'],
  ]);
  leaveOthers(draft, 'router_settings', router, [
    ...['fallbacks', 'context_window_fallbacks', 'content_policy_fallbacks', 'default_fallbacks'],
    ...[
      'routing_strategy',
      'model_group_alias',
      'provider_budget_config',
      'timeout',
      'enable_pre_call_checks',
    ],
  ]);
  return draft.finish();
}

function groupsOf(draft: Draft, deployments: readonly Deployment[]): Map<string, Group> {
  const groups = new Map<string, { name: string; deployments: Deployment[]; fallbacks: string[] }>();
  for (const deployment of deployments) {
    const known = groups.get(deployment.group);
    if (known) known.deployments.push(deployment);
    else {
      const name = freeName(plainName(deployment.group), [...groups.values()]);
      groups.set(deployment.group, { name, deployments: [deployment], fallbacks: [] });
    }
  }
  for (const [asked, group] of groups) {
    const isItself = group.deployments.length === 1 && group.deployments[0]!.ref === asked;
    if (group.name !== asked && !isItself)
      draft.note(`model_name "${asked}" is called "${group.name}" here: names have no other characters.`);
  }
  return groups;
}

/** Two names of theirs may come to the same of ours. */
function freeName(name: string, taken: readonly { readonly name: string }[]): string {
  const isTaken = (wish: string) => taken.some((group) => group.name === wish);
  let free = name;
  for (let number = 2; isTaken(free); number += 1) free = `${name.slice(0, 58)}-${number}`;
  return free;
}

function strategyOf(draft: Draft, value: unknown): 'weighted' | 'fastest' | 'cheapest' {
  const text = textOf(value) ?? 'simple-shuffle';
  const strategy = STRATEGIES[text];
  if (!strategy) draft.note(`routing_strategy ${text} is not known here; routes are weighted instead.`);
  return strategy ?? 'weighted';
}

/** What stands in for a name: the lists of four settings, in the order in which they would be tried. */
function readFallbacks(
  draft: Draft,
  groups: ReadonlyMap<string, Group>,
  settings: Fields,
  router: Fields,
): void {
  const read = (setting: string, note?: string) => {
    for (const [part, fields] of [
      ['litellm_settings', settings],
      ['router_settings', router],
    ] as const) {
      for (const [from, to] of listOf(fields[setting]).flatMap((entry) => Object.entries(fieldsOf(entry)))) {
        const group = groups.get(from);
        const refs = wordsOf(to);
        const unknown = [...(group ? [] : [from]), ...refs.filter((ref) => !groups.has(ref))];
        for (const name of unknown) draft.leave(`${part}.${setting}`, `there is no model_name "${name}"`);
        if (!group) continue;
        for (const ref of refs)
          if (groups.has(ref) && ref !== from && !group.fallbacks.includes(ref)) group.fallbacks.push(ref);
        if (note !== undefined) draft.note(`${setting} of ${from}: ${note}`);
      }
    }
  };
  read('fallbacks');
  read('context_window_fallbacks', 'they stand last in its route, and serve after other failures too.');
  const content = [settings, router].flatMap((fields) => listOf(fields.content_policy_fallbacks));
  read('content_policy_fallbacks', 'they stand last in its route, and serve after other failures too.');
  const last = [settings, router].flatMap((fields) => wordsOf(fields.default_fallbacks));
  const [first, ...others] = last.filter((name) => groups.has(name));
  if (others.length > 0) draft.leave('default_fallbacks', `only the first (${first}) is tried last here`);
  if (first === undefined && content.length === 0) return;
  draft.set('fallback', {
    built_in: false,
    ...(first !== undefined && { default: groups.get(first)!.name }),
    ...(content.length > 0 && { on_content_filter: true }),
  });
}

/** A name with one deployment is an alias; with several, or with others behind it, a route. */
function writeGroup(
  draft: Draft,
  group: Group,
  groups: ReadonlyMap<string, Group>,
  strategy: 'weighted' | 'fastest' | 'cheapest',
): void {
  const { name, deployments, fallbacks } = group;
  const [only] = deployments;
  if (deployments.length > 1) {
    const models = membersOf(draft, group, strategy);
    draft.add('routes', poolOf(group), { strategy: strategyFor(group, strategy), models });
  } else if (fallbacks.length === 0 && only!.ref !== only!.group) draft.add('aliases', name, only!.ref);
  if (fallbacks.length === 0) return;
  const behind = fallbacks.map((other) => baseOf(groups.get(other)!));
  draft.add('routes', name, { models: [baseOf(group), ...behind].slice(0, MAX_MEMBERS) });
}

/** Without what stands behind it: fallbacks of fallbacks would lead in circles. */
function baseOf(group: Group): string {
  return group.deployments.length === 1 ? group.deployments[0]!.ref : poolOf(group);
}

function poolOf({ name, fallbacks }: Group): string {
  return fallbacks.length === 0 ? name : plainName(`${name.slice(0, 60)}.all`);
}

function strategyFor({ deployments }: Group, strategy: string): string {
  return deployments.some(({ order }) => order !== undefined) ? 'ordered' : strategy;
}

function membersOf(draft: Draft, group: Group, strategy: string): unknown[] {
  const last = Number.MAX_SAFE_INTEGER;
  const sorted = group.deployments.toSorted((a, b) => (a.order ?? last) - (b.order ?? last));
  const kept = sorted.slice(0, MAX_MEMBERS);
  if (sorted.length > kept.length)
    draft.leave(`model_name ${group.name}`, `a route has ${MAX_MEMBERS} models; the rest is left out`);
  if (strategyFor(group, strategy) !== 'weighted') return kept.map(({ ref }) => ref);
  const weights = weightsOf(kept);
  return kept.map(({ ref }, index) => (weights[index] === 1 ? ref : { ref, weight: weights[index] }));
}

/** By `weight`, else by `rpm`, else by `tpm`, as LiteLLM has it: the first that stands anywhere. */
function weightsOf(deployments: readonly Deployment[]): number[] {
  const field = (['weight', 'rpm', 'tpm'] as const).find((name) =>
    deployments.some((deployment) => deployment[name] !== undefined),
  );
  if (!field) return deployments.map(() => 1);
  const given = deployments.map((deployment) => deployment[field] ?? 0);
  const most = Math.max(...given, 1e-9);
  const isSmall = given.every((weight) => Number.isInteger(weight) && weight <= MAX_WEIGHT);
  const scale = isSmall ? 1 : most <= 10 ? 100 : MAX_WEIGHT / most;
  const scaled = given.map((weight) => Math.round(weight * scale));
  const divisor = scaled.reduce(greatestDivisor, 0);
  return scaled.map((weight) => (divisor > 1 ? weight / divisor : weight));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function readAliases(draft: Draft, groups: ReadonlyMap<string, Group>, value: unknown): void {
  for (const [asked, target] of Object.entries(fieldsOf(value))) {
    const place = `router_settings.model_group_alias.${asked}`;
    const group = groups.get(textOf(typeof target === 'string' ? target : fieldsOf(target).model) ?? '');
    const name = plainName(asked);
    if (!group) draft.leave(place, 'it leads to no model_name');
    else if (draft.has(name)) draft.leave(place, `"${name}" is taken`);
    else draft.add('aliases', name, isNamed(draft, group) ? group.name : baseOf(group));
  }
}

function isNamed(draft: Draft, { name }: Group): boolean {
  return draft.has(name);
}

function readBudgets(
  draft: Draft,
  settings: Fields,
  router: Fields,
  groups: ReadonlyMap<string, Group>,
): void {
  const add = (scope: string, limit: unknown, duration: unknown, place: string) => {
    const limitUsd = numberOf(limit);
    if (limitUsd === undefined) return;
    const period = budgetPeriod(draft, textOf(duration), place);
    if (period !== undefined) draft.push('budgets', { scope, period, limit_usd: limitUsd });
  };
  add('workspace', settings.max_budget, settings.budget_duration, 'litellm_settings.budget_duration');
  add('end-user:*', settings.max_end_user_budget, undefined, 'litellm_settings.max_end_user_budget');
  const deployments = [...groups.values()].flatMap((group) => group.deployments);
  for (const [vendor, value] of Object.entries(fieldsOf(router.provider_budget_config))) {
    const place = `router_settings.provider_budget_config.${vendor}`;
    const { budget_limit, max_budget, time_period, budget_duration, ...rest } = fieldsOf(value);
    const names = new Set(deployments.filter((one) => one.vendor === vendor).map(({ provider }) => provider));
    if (names.size !== 1)
      draft.leave(place, names.size === 0 ? 'no model is of it' : 'it is several providers here');
    for (const name of names.size === 1 ? names : [])
      add(`provider:${name}`, budget_limit ?? max_budget, time_period ?? budget_duration, place);
    leaveOthers(draft, place, rest, []);
  }
  const told = new Set<string>();
  for (const { ref, maxBudget, budgetDuration, place } of deployments) {
    if (maxBudget === undefined || told.has(ref)) continue;
    told.add(ref);
    add(`model:${ref}`, maxBudget, budgetDuration, place);
  }
}

function readGeneral(draft: Draft, general: Fields): void {
  if (general.master_key !== undefined)
    draft.leave(
      'general_settings.master_key',
      'clients need keys of Turnpike: `turnpike keys create`, or TURNPIKE_BOOTSTRAP_KEY',
    );
  if (general.database_url !== undefined)
    draft.leave('general_settings.database_url', 'keys, teams, users and spend of that database stay there');
  leaveOthers(draft, 'general_settings', general, ['master_key', 'database_url']);
}
