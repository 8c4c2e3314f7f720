/** Process settings: flags > environment > project file > user file > defaults, read once into one frozen record. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AlertSettings } from './base/alert-settings.ts';
import type { BudgetTerms } from './base/budget.ts';
import type { RateLimitTerms } from './base/rate-limit.ts';
import type { RouteSettings } from './base/route-settings.ts';
import { Secret } from './base/secret.ts';
import type { SignInSettings } from './base/sign-in-settings.ts';
import { unprintable } from './base/unprintable.ts';
import { alertSettingsOf } from './config-alerts.ts';
import { mergeBudgets } from './config-budgets.ts';
import { judgeDatabaseUrl, judgeReplicaId } from './config-database.ts';
import { type EgressSettings, egressOf } from './config-egress.ts';
import {
  ConfigError,
  type ConfigPlace,
  configPaths,
  type LoadedFile,
  merged,
  readConfigFile,
} from './config-files.ts';
import { type HealthConfig, healthConfigOf } from './config-health.ts';
import { type KeyPreference, type KeySettings, keySettingsOf } from './config-keys.ts';
import { type PromptModels, promptModelsOf } from './config-models.ts';
import { mergePrices, type PriceSettings } from './config-prices.ts';
import { type PrivacySettings, privacyOf } from './config-privacy.ts';
import { type PromptSettings, promptSettingsOf } from './config-prompts.ts';
import { mergeRateLimits } from './config-rate-limits.ts';
import { type RetentionSettings, retentionOf } from './config-retention.ts';
import { type FallbackSettings, fallbackOf, routesOf } from './config-routing.ts';
import { type ConfigFile, type FORMATS, LOG_LEVELS, laterParts } from './config-schema.ts';
import { signInOf } from './config-sign-in.ts';
import { type VaultSettings, vaultSettingsOf } from './config-vault.ts';
import type { ParsedYaml } from './config-yaml.ts';

/** A provider as declared: unresolved kind, secret wrapped. `server.ts` makes a `Provider` of it. */
export interface ProviderSettings {
  readonly name: string;
  readonly kind?: string;
  readonly baseUrl?: string;
  readonly apiKey?: Secret;
  /** Further ones, which share its traffic. */
  readonly apiKeys: readonly KeySettings[];
  readonly adminKey?: Secret;
  readonly billUrl?: string;
  readonly billScope?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  readonly streamUsage?: 'ask' | 'leave';
  /** Wire formats to speak to it, preferred one first; absent = those of its kind. */
  readonly formats?: readonly (typeof FORMATS)[number][];
  readonly autoCache?: boolean;
  /** What some kinds need beside an address. */
  readonly settings: {
    readonly apiVersion?: string;
    readonly region?: string;
    readonly profile?: string;
    readonly project?: string;
    readonly location?: string;
  };
  readonly timeouts: {
    readonly connectMs?: number;
    readonly firstByteMs?: number;
    readonly idleMs?: number;
    readonly contentMs?: number;
    readonly totalMs?: number;
  };
}

export interface Config {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  /** `file:/path` (SQLite) or `postgres://…`, which may hold a password: print it by `maskDatabaseUrl` only. */
  readonly databaseUrl: string;
  /** Name of this process among those that share the database; undefined = one of its own is made up and kept. */
  readonly replicaId: string | undefined;
  readonly durability: 'power' | 'process';
  readonly logLevel: string;
  readonly bootstrapKey: Secret | undefined;
  readonly limits: {
    /** Largest request body, after decompression: 64 MiB holds the largest documented provider limit (Anthropic 32 MB) twice. */
    readonly bodyBytes: number;
    /** Exchanges open at once; more are refused with 503 rather than held in memory. */
    readonly exchanges: number;
    /** Silence of a stream after which its connection is kept open by a comment; well under the 60 s of common balancers. */
    readonly keepAliveMs: number;
    /** Memory for the responses that clients of the Responses API may go on from; 64 MiB hold thousands of turns. 0 = none. */
    readonly storedResponsesBytes: number;
    /** Memory for answers that are given again; 0 = none are. */
    readonly cacheBytes: number;
  };
  readonly providers: readonly ProviderSettings[];
  readonly preferredKeys: KeyPreference;
  readonly vault: VaultSettings;
  readonly defaultModel: string | undefined;
  readonly aliases: Readonly<Record<string, string>>;
  readonly routes: Readonly<Record<string, RouteSettings>>;
  /** Models of prompts, by the file that names them. */
  readonly promptModels: PromptModels;
  readonly fallback: FallbackSettings;
  /** Declared in files, each name once. */
  readonly budgets: readonly BudgetTerms[];
  readonly prices: PriceSettings;
  /** Beside the public internet, for providers declared through the API. */
  readonly egress: EgressSettings;
  readonly signIn: SignInSettings;
  /** Where browsers open it; undefined = at the address they name themselves. */
  readonly publicUrl: string | undefined;
  /** Whose `X-Forwarded-For` is believed: addresses and ranges, as `parseProxy` reads them. */
  readonly trustedProxies: readonly string[];
  /** Declared in files, each scope once. */
  readonly rateLimits: readonly RateLimitTerms[];
  /** Who is told of alerts, beside the log. */
  readonly alerts: AlertSettings;
  readonly retention: RetentionSettings;
  readonly privacy: PrivacySettings;
  readonly health: HealthConfig;
  /** Where prompt files and agents.yaml are looked for. */
  readonly prompts: PromptSettings;
  /** Environment the credentials of provider kinds are looked up in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How it was asked for, so that the same may be asked again. */
  readonly flags: ConfigInput['flags'];
  readonly cwd: string;
  /** Files read, in rising precedence. */
  readonly files: readonly string[];
  /** Setting -> where its value came from: `flag`, `env NAME`, a file path, `default`. */
  readonly sources: Readonly<Record<string, string>>;
  /** What the operator should know: settings without effect, missing variables. */
  readonly warnings: readonly string[];
}

export interface ConfigInput {
  readonly flags: {
    readonly host?: string;
    readonly port?: number;
    readonly config?: string;
    readonly durability?: 'power' | 'process';
    readonly logLevel?: string;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** The operator's mistake, with the place and the mend. Shown without a stack. */
export { ConfigError } from './config-files.ts';

export const DEFAULT_PORT = 8642;

/** Where the files are looked for. */
export function configPlace({ flags, env, cwd }: ConfigInput): ConfigPlace {
  const home = resolve(cwd, env.TURNPIKE_HOME || join(homedir(), '.turnpike'));
  return { cwd, named: flags.config ?? env.TURNPIKE_CONFIG, home };
}

/**
 * @param parsed by path, what is in files that were read already
 * @throws {ConfigError}
 */
export function loadConfig(input: ConfigInput, parsed?: ReadonlyMap<string, ParsedYaml>): Config {
  const { flags, env } = input;
  const place = configPlace(input);
  const { home } = place;
  const warnings: string[] = [];
  const files = configPaths(place).map((path) => readConfigFile(path, env, warnings, parsed?.get(path)));
  const sources: Record<string, string> = {};
  const pick = picker(files, sources);
  const config: Config = {
    home,
    ...doorOf(pick, input),
    ...databaseOf(pick, env, home),
    durability: pick(
      'durability',
      flags.durability,
      durabilityOf(env.TURNPIKE_DURABILITY),
      'TURNPIKE_DURABILITY',
      (f) => f.durability,
      'power',
    ),
    logLevel: pick(
      'logLevel',
      flags.logLevel,
      logLevelOf(env.LOG_LEVEL),
      'LOG_LEVEL',
      (f) => f.log_level,
      'info',
    ),
    bootstrapKey: bootstrapKeyOf(env.TURNPIKE_BOOTSTRAP_KEY),
    limits: limitsOf(pick),
    providers: mergeProviders(files, sources),
    preferredKeys: pick('keys.prefer', undefined, undefined, '', (f) => f.keys?.prefer, 'environment'),
    vault: vaultSettingsOf(files, sources, { env, cwd: input.cwd }),
    defaultModel: pick('models.default', undefined, undefined, '', (f) => f.models?.default, undefined),
    aliases: merged(files, (f) => f.aliases, 'aliases', sources),
    routes: routesOf(files, sources),
    promptModels: promptModelsOf(files, join(home, 'config.yaml'), sources),
    fallback: fallbackOf(files, sources),
    budgets: mergeBudgets(files, sources),
    prices: mergePrices(files, sources),
    rateLimits: mergeRateLimits(files, sources),
    egress: egressOf(files, sources),
    signIn: signInOf(files, sources),
    alerts: alertSettingsOf(files, sources),
    retention: retentionOf(files, sources),
    privacy: privacyOf(files, sources),
    health: healthConfigOf(files, sources),
    prompts: promptSettingsOf(files, sources, { cwd: input.cwd, home, env }),
    env: unprintable(env),
    flags: { ...flags },
    cwd: input.cwd,
    files: files.map((file) => file.path),
    sources,
    warnings: [
      ...warnings,
      ...files.flatMap((file) => laterParts(file.content).map((text) => `${file.path}: ${text}`)),
    ],
  };
  const problem = judgeDatabaseUrl(config.databaseUrl) ?? judgeReplicaId(config.replicaId);
  if (problem !== undefined) throw new ConfigError(problem);
  return deepFreeze(config);
}

/** Where it listens, and what stands in front of it. */
function doorOf(pick: Pick, { flags, env }: ConfigInput) {
  const port = env.TURNPIKE_PORT && portOf(env.TURNPIKE_PORT);
  return {
    host: pick('host', flags.host, env.TURNPIKE_HOST, 'TURNPIKE_HOST', (f) => f.host, '127.0.0.1'),
    port: pick('port', flags.port, port, 'TURNPIKE_PORT', (f) => f.port, DEFAULT_PORT),
    publicUrl: pick('publicUrl', undefined, undefined, '', (f) => f.public_url, undefined),
    trustedProxies: pick('trustedProxies', undefined, undefined, '', (f) => f.trusted_proxies, []),
  };
}

function databaseOf(
  pick: Pick,
  env: ConfigInput['env'],
  home: string,
): { databaseUrl: string; replicaId: string | undefined } {
  const fromEnv = <T>(setting: string, name: string, fallback: T) =>
    pick<string | T>(setting, undefined, env[name] || undefined, name, () => undefined, fallback);
  return {
    databaseUrl: fromEnv('databaseUrl', 'DATABASE_URL', `file:${join(home, 'turnpike.db')}`),
    replicaId: fromEnv('replicaId', 'TURNPIKE_REPLICA_ID', undefined),
  };
}

function limitsOf(pick: Pick): Config['limits'] {
  const limit = (name: string, fromFile: (file: ConfigFile) => number | undefined, fallback: number) =>
    pick(`limits.${name}`, undefined, undefined, '', fromFile, fallback);
  return {
    bodyBytes: limit('bodyBytes', (file) => file.limits?.body_bytes, 64 * 1024 * 1024),
    exchanges: limit('exchanges', (file) => file.limits?.exchanges, 10_000),
    keepAliveMs: limit('keepAliveMs', (file) => file.limits?.keep_alive_ms, 15_000),
    storedResponsesBytes: limit(
      'storedResponsesBytes',
      (file) => file.limits?.stored_responses_bytes,
      64 * 1024 * 1024,
    ),
    cacheBytes: limit('cacheBytes', (file) => file.limits?.cache_bytes, 64 * 1024 * 1024),
  };
}

type Pick = ReturnType<typeof picker>;

/** One setting through all layers, its source noted. */
function picker(files: readonly LoadedFile[], sources: Record<string, string>) {
  return <T>(
    setting: string,
    flag: T | undefined,
    fromEnv: T | '' | undefined,
    envName: string,
    fromFile: (file: ConfigFile) => T | undefined,
    fallback: T,
  ): T => {
    if (flag !== undefined) {
      sources[setting] = 'flag';
      return flag;
    }
    if (fromEnv !== undefined && fromEnv !== '') {
      sources[setting] = `env ${envName}`;
      return fromEnv;
    }
    for (const file of [...files].reverse()) {
      const value = fromFile(file.content);
      if (value !== undefined) {
        sources[setting] = file.path;
        return value;
      }
    }
    sources[setting] = 'default';
    return fallback;
  };
}

function mergeProviders(files: readonly LoadedFile[], sources: Record<string, string>): ProviderSettings[] {
  const entries = Object.entries(merged(files, (f) => f.providers, 'providers', sources));
  return entries.map(([name, row]) => ({
    name,
    headers: unprintable(row?.headers ?? {}),
    models: row?.models ?? [],
    apiKeys: keySettingsOf(row?.api_keys),
    timeouts: {
      ...(row?.timeouts?.connect_ms !== undefined && { connectMs: row.timeouts.connect_ms }),
      ...(row?.timeouts?.first_byte_ms !== undefined && { firstByteMs: row.timeouts.first_byte_ms }),
      ...(row?.timeouts?.idle_ms !== undefined && { idleMs: row.timeouts.idle_ms }),
      ...(row?.timeouts?.content_ms !== undefined && { contentMs: row.timeouts.content_ms }),
      ...(row?.timeouts?.total_ms !== undefined && { totalMs: row.timeouts.total_ms }),
    },
    settings: {
      ...(row?.api_version !== undefined && { apiVersion: row.api_version }),
      ...(row?.region !== undefined && { region: row.region }),
      ...(row?.profile !== undefined && { profile: row.profile }),
      ...(row?.project !== undefined && { project: row.project }),
      ...(row?.location !== undefined && { location: row.location }),
    },
    ...(row?.stream_usage !== undefined && { streamUsage: row.stream_usage }),
    ...(row?.formats !== undefined && { formats: row.formats }),
    ...(row?.auto_cache !== undefined && { autoCache: row.auto_cache }),
    ...(row?.kind !== undefined && { kind: row.kind }),
    ...(row?.base_url !== undefined && { baseUrl: row.base_url.replace(/\/+$/, '') }),
    ...(row?.api_key !== undefined && { apiKey: new Secret(row.api_key) }),
    ...(row?.admin_key !== undefined && { adminKey: new Secret(row.admin_key) }),
    ...(row?.bill_url !== undefined && { billUrl: row.bill_url }),
    ...(row?.bill_scope !== undefined && { billScope: row.bill_scope }),
  }));
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new ConfigError(`TURNPIKE_PORT is "${text}"; it must be a whole number from 0 to 65535.`);
  }
  return port;
}

/** Other programs read this variable too, some of them in capitals. */
function logLevelOf(text: string | undefined): string | undefined {
  const level = text?.toLowerCase();
  if (!level || (LOG_LEVELS as readonly string[]).includes(level)) return level;
  throw new ConfigError(`LOG_LEVEL is "${text}"; it must be one of ${LOG_LEVELS.join(', ')}.`);
}

function durabilityOf(text: string | undefined): 'power' | 'process' | undefined {
  if (text === undefined || text === '' || text === 'power' || text === 'process') return text || undefined;
  throw new ConfigError(`TURNPIKE_DURABILITY is "${text}"; it must be power or process.`);
}

/** Shorter keys are guessed in no time; ours have 43 random characters. */
const MIN_BOOTSTRAP_KEY = 8;

function bootstrapKeyOf(text: string | undefined): Secret | undefined {
  if (!text) return undefined;
  if (text.length < MIN_BOOTSTRAP_KEY || !/^[\x21-\x7e]+$/.test(text)) {
    throw new ConfigError(
      `TURNPIKE_BOOTSTRAP_KEY must be at least ${MIN_BOOTSTRAP_KEY} printable characters without spaces.`,
    );
  }
  return new Secret(text);
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !(value instanceof Secret) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
