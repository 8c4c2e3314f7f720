/** `turnpike config print`: the effective value of every setting and where it came from. Secrets are masked. */
import { type Config, loadConfig } from '../config.ts';
import { describeAlerts } from '../config-alerts.ts';
import { describeBudget } from '../config-budgets.ts';
import { maskDatabaseUrl } from '../config-database.ts';
import { describePromptModels } from '../config-models.ts';
import { describePrice, describeRefresh } from '../config-prices.ts';
import { describeRateLimit, nameOfRateLimit } from '../config-rate-limits.ts';
import { describeFallback, describeRoute } from '../config-routing.ts';
import type { ExitCode, Io } from './io.ts';
import { paintFor, printJson, printLine, printTable } from './print.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export interface Setting {
  readonly setting: string;
  readonly value: string;
  readonly source: string;
}

export async function printConfig(io: Io, options: ConfigOptions): Promise<ExitCode> {
  const flags = options.config === undefined ? {} : { config: options.config };
  const config = loadConfig({ flags, env: io.env, cwd: io.cwd });
  const settings = explainSettings(config);
  if (options.json) {
    printJson(io, { settings, files: config.files, warnings: config.warnings });
    return 0;
  }
  printTable(
    io,
    ['setting', 'value', 'from'].map((title) => ({ title })),
    settings.map(({ setting, value, source }) => [setting, value, source]),
  );
  const paint = paintFor(io.stdout, io.env);
  if (config.files.length === 0) printLine(io.stdout, paint.dim('no configuration file was found'));
  for (const warning of config.warnings) printLine(io.stdout, `${paint.yellow('!')} ${warning}`);
  return 0;
}

/** Named where they are set; never shown. */
const MASTER_KEYS = [
  'TURNPIKE_MASTER_KEY',
  'TURNPIKE_MASTER_KEY_PREVIOUS',
  'TURNPIKE_MASTER_PASSPHRASE',
  'TURNPIKE_MASTER_PASSPHRASE_PREVIOUS',
];

/** One row per setting, in the order of the record. */
export function explainSettings(config: Config): Setting[] {
  const { sources, env } = config;
  const row = (setting: string, value: unknown, source = sources[setting] ?? 'default'): Setting => ({
    setting,
    value: value === undefined ? '(none)' : String(value),
    source,
  });
  return [
    row('home', config.home, env.TURNPIKE_HOME ? 'env TURNPIKE_HOME' : 'default'),
    row('host', config.host),
    row('port', config.port),
    row('databaseUrl', maskDatabaseUrl(config.databaseUrl)),
    row('replicaId', config.replicaId),
    row('durability', config.durability),
    row('logLevel', config.logLevel),
    row(
      'bootstrapKey',
      config.bootstrapKey?.masked(),
      config.bootstrapKey ? 'env TURNPIKE_BOOTSTRAP_KEY' : 'default',
    ),
    row('vault.masterKey', config.vault.masterKey),
    row('vault.keyFile', config.vault.keyFile),
    row('vault.passphraseFile', config.vault.passphraseFile),
    ...MASTER_KEYS.filter((name) => env[name]?.trim()).map((name) => row(name, '••••', `env ${name}`)),
    row('limits.bodyBytes', config.limits.bodyBytes),
    row('limits.exchanges', config.limits.exchanges),
    row('limits.keepAliveMs', config.limits.keepAliveMs),
    row('limits.storedResponsesBytes', config.limits.storedResponsesBytes),
    row('limits.cacheBytes', config.limits.cacheBytes),
    row('egress.allow', config.egress.allow.join(', ') || undefined),
    row('keys.prefer', config.preferredKeys),
    row('models.default', config.defaultModel),
    ...config.providers.flatMap((provider) => {
      const name = `providers.${provider.name}`;
      const source = sources[name] ?? 'default';
      return [
        row(`${name}.kind`, provider.kind ?? provider.name, source),
        ...(provider.baseUrl === undefined
          ? []
          : [row(`${name}.base_url`, withoutSecrets(provider.baseUrl), source)]),
        ...(provider.apiKey === undefined ? [] : [row(`${name}.api_key`, provider.apiKey.masked(), source)]),
        ...provider.apiKeys.map(({ secret, weight, name: label }, index) => {
          const share = weight === 1 ? '' : `, weight ${weight}`;
          return row(`${name}.api_keys.${label ?? index + 1}`, `${secret.masked()}${share}`, source);
        }),
        ...(provider.adminKey === undefined
          ? []
          : [row(`${name}.admin_key`, provider.adminKey.masked(), source)]),
        ...(provider.models.length === 0 ? [] : [row(`${name}.models`, provider.models.join(', '), source)]),
        ...Object.keys(provider.headers).map((header) => row(`${name}.headers.${header}`, '••••', source)),
      ];
    }),
    ...Object.entries(config.aliases).map(([name, ref]) => row(`aliases.${name}`, ref)),
    ...describePromptModels(config.promptModels).map(({ setting, value, path }) => row(setting, value, path)),
    ...Object.entries(config.routes).map(([name, rule]) => row(`routes.${name}`, describeRoute(rule))),
    row('fallback', describeFallback(config.fallback), sources['fallback.enabled']),
    ...config.fallback.chains.map(({ model, refs }) =>
      row(`fallback.chains.${model}`, refs.length > 0 ? refs.join(' > ') : 'nobody'),
    ),
    ...config.budgets.map((terms) => row(`budgets.${terms.name}`, describeBudget(terms))),
    row('alerts', describeAlerts(config.alerts)),
    row('health.probes', config.health.probes),
    row('health.probeEveryMs', config.health.probeEveryMs),
    row('prices.refresh', describeRefresh(config.prices.refresh)),
    ...config.prices.overrides.map((terms) =>
      row(`prices.overrides.${terms.provider}/${terms.model}`, describePrice(terms)),
    ),
    ...config.rateLimits.map((terms) => row(nameOfRateLimit(terms), describeRateLimit(terms))),
  ];
}

/** A base URL may carry a password or a key. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  return url.username || url.password || url.search ? `${url.origin}${url.pathname} (rest masked)` : text;
}
