/** What tells two configurations apart, by the names of settings alone, and what of a new one a running process can take. */
import { isSameValue } from './base/same-value.ts';
import type { Config } from './config.ts';
import { describePromptModels } from './config-models.ts';
import { nameOfRateLimit } from './config-rate-limits.ts';

/** Settings as `turnpike config print` names them; never their values. */
export interface ConfigDiff {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

type Setting = readonly [name: string, value: unknown];
type Name = keyof Config;

interface Part {
  settings(config: Config): readonly Setting[];
  /** What the process has opened, bound or sized by it stays as it is until the next start. */
  readonly isFixed: boolean;
}

const one =
  (part: Name, name: string = part) =>
  (config: Config): readonly Setting[] => [[name, config[part]]];

const each =
  (part: Name, name: string = part) =>
  (config: Config): readonly Setting[] =>
    Object.entries(config[part] ?? {}).map(([key, value]) => [`${name}.${key}`, value]);

const fixed = (settings: Part['settings']): Part => ({ settings, isFixed: true });
const live = (settings: Part['settings']): Part => ({ settings, isFixed: false });
/** No setting, but how the others were found. */
const about = live(() => []);

/** Whoever adds a setting says here whether a running process can take another value of it. */
const parts: Readonly<Record<Name, Part>> = {
  home: fixed(one('home')),
  host: fixed(one('host')),
  port: fixed(one('port')),
  databaseUrl: fixed(one('databaseUrl')),
  replicaId: fixed(one('replicaId')),
  durability: fixed(one('durability')),
  logLevel: fixed(one('logLevel')),
  bootstrapKey: fixed(one('bootstrapKey')),
  limits: fixed(each('limits')),
  providers: live(({ providers }) => providers.map((row) => [`providers.${row.name}`, row])),
  preferredKeys: live(one('preferredKeys', 'keys.prefer')),
  vault: fixed(each('vault')),
  defaultModel: live(one('defaultModel', 'models.default')),
  promptModels: live(({ promptModels }) =>
    describePromptModels(promptModels).map(({ setting, value, path }) => [`${setting} of ${path}`, value]),
  ),
  aliases: live(each('aliases')),
  routes: live(each('routes')),
  fallback: live(({ fallback: { chains, ...rest } }) => [
    ['fallback.enabled', [rest.isEnabled, rest.isForbidden]],
    ['fallback.default', rest.default],
    ['fallback.built_in', rest.usesBuiltIn],
    ['fallback.on_content_filter', rest.onContentFilter],
    ...chains.map(({ model, refs }) => [`fallback.chains.${model}`, refs] as const),
  ]),
  prompts: live(each('prompts')),
  budgets: live(({ budgets }) => budgets.map((row) => [`budgets.${row.name}`, row])),
  prices: live(({ prices }) => [['prices.refresh', prices.refresh], ...overridesOf(prices)]),
  rateLimits: live(({ rateLimits }) => rateLimits.map((row) => [nameOfRateLimit(row), row])),
  egress: fixed(each('egress')),
  signIn: live(({ signIn }) => [
    ['sign_in.password', signIn.takesPasswords],
    ...signIn.issuers.map((row) => [`sign_in.oidc.${row.name}`, row] as const),
    ...(signIn.services ?? []).map((row, at) => [`sign_in.services[${at}]`, row] as const),
  ]),
  publicUrl: live(one('publicUrl', 'public_url')),
  trustedProxies: live(one('trustedProxies', 'trusted_proxies')),
  alerts: fixed(one('alerts')),
  retention: live(each('retention')),
  privacy: live(each('privacy')),
  health: live(each('health')),
  env: about,
  flags: about,
  cwd: about,
  files: about,
  sources: about,
  warnings: about,
};

/** A model has one for each tier and moment. */
function overridesOf({ overrides }: Config['prices']): readonly Setting[] {
  const byModel = new Map<string, unknown[]>();
  for (const terms of overrides) {
    const name = `prices.overrides.${terms.provider}/${terms.model}`;
    const known = byModel.get(name);
    if (known) known.push(terms);
    else byModel.set(name, [terms]);
  }
  return [...byModel];
}

const names = Object.keys(parts) as readonly Name[];
/** Those of which a running process keeps something. */
const keptNames = names.filter((name) => parts[name].isFixed || name === 'prices');

function settingsOf(config: Config, of: readonly Name[]): Map<string, unknown> {
  const all = of.flatMap((name) => parts[name].settings(config));
  return new Map(all.filter(([, value]) => value !== undefined));
}

function diffConfig(before: Config, after: Config, of: readonly Name[]): ConfigDiff {
  return diffSettings(settingsOf(before, of), settingsOf(after, of));
}

/** By name. */
export function diffSettings(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): ConfigDiff {
  const inBoth = [...after.keys()].filter((name) => before.has(name));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)),
    changed: inBoth.filter((name) => !isSameValue(before.get(name), after.get(name))),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  };
}

export interface Taken {
  readonly config: Config;
  readonly diff: ConfigDiff;
  /** Settings that stay as they are until the next start. */
  readonly pendingRestart: readonly string[];
}

/** `next` as a process that runs with `running` can take it. */
export function takeConfig(running: Config, next: Config): Taken {
  const kept = names.filter((name) => parts[name].isFixed).map((name) => [name, running[name]] as const);
  const config: Config = Object.freeze({
    ...next,
    ...Object.fromEntries(kept),
    // What was read of the list is priced with; reading another one begins at the start.
    prices: { ...next.prices, refresh: running.prices.refresh },
  });
  const { added, changed, removed } = diffConfig(config, next, keptNames);
  return {
    config,
    diff: diffConfig(running, config, names),
    pendingRestart: [...added, ...changed, ...removed],
  };
}
