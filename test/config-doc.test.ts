/**
 * Holds `docs/reference/configuration.md` and the published JSON Schema equal to the schema the files are read by, and
 * the defaults written there equal to those in force. After a change: `npx vitest run test/config-doc.test.ts -u`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../src/config.ts';
import { alertSettingsOf } from '../src/config-alerts.ts';
import { budgetList, budgetTermsOf } from '../src/config-budgets.ts';
import { keyList, keySettingsOf } from '../src/config-keys.ts';
import { mergePrices, pricesSchema } from '../src/config-prices.ts';
import { promptSettingsOf } from '../src/config-prompts.ts';
import { mergeRateLimits, rateLimitList } from '../src/config-rate-limits.ts';
import { fallbackOf, routeSchema, routesOf } from '../src/config-routing.ts';
import { fileSchema } from '../src/config-schema.ts';
import { servicesOf, servicesSchema } from '../src/config-services.ts';
import { signInOf, signInSchema } from '../src/config-sign-in.ts';
import { configureProviders } from '../src/upstream/configure.ts';
import { providerKinds } from '../src/upstream/providers.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

/** What a file may say is the input of the schema: what has a default may be left out. */
const published = {
  title: 'turnpike.yaml',
  description: 'Configuration of Turnpike.',
  ...z.toJSONSchema(fileSchema, { io: 'input' }),
};

const HEAD = `# Configuration

Settings are looked for in this order, and the first found is used:

1. flags of \`turnpike serve\` ([the command line](cli.md))
2. the environment
3. the project's file: the nearest \`turnpike.yaml\` from the working folder upward, or the file that \`--config\` or
   \`TURNPIKE_CONFIG\` names
4. the user's file: \`config.yaml\` in the data folder
5. the default

Both files say the same things in the same words. Of providers, aliases and routes the project's file replaces whole
entries of the user's; [models of prompts](../guide/routing.md) are kept apart, those of the project first.
\`turnpike config print\` shows what is in force and where each setting came from.

\`\${NAME}\` in any text of a file is replaced by the environment variable; where it is not set, the setting is left out
and the start says so. A word that is not in the tables below is an error that names its place. Editors check and
complete the file by [its JSON Schema](turnpike.schema.json), named in the file's first line:
\`# yaml-language-server: $schema=path/to/turnpike.schema.json\`.

This page and the schema are held equal to the program by a test.

## Environment

| variable | setting | default |
|---|---|---|
| \`TURNPIKE_HOME\` | data folder: database, user's file, \`client.json\` | \`~/.turnpike\` |
| \`TURNPIKE_CONFIG\` | configuration file instead of the nearest \`turnpike.yaml\` | |
| \`TURNPIKE_HOST\`, \`TURNPIKE_PORT\` | where to listen | \`127.0.0.1\`, \`8642\` |
| \`TURNPIKE_DURABILITY\` | \`power\` or \`process\` ([the ledger](../guide/ledger.md)) | \`power\` |
| \`TURNPIKE_BOOTSTRAP_KEY\` | a virtual key of your own, at least 8 characters; needed to listen beyond this machine | |
| \`TURNPIKE_MASTER_KEY\` | key of the vault: 32 random bytes in base64 or hexadecimal ([the vault](../guide/vault.md)) | \`master.key\` in the data folder, made at first use |
| \`TURNPIKE_MASTER_KEY_FILE\` | file with that key, before \`vault.key_file\` | |
| \`TURNPIKE_MASTER_PASSPHRASE\`, \`TURNPIKE_MASTER_PASSPHRASE_FILE\` | a passphrase to make that key of, or the file with it | |
| \`TURNPIKE_MASTER_KEY_PREVIOUS\`, \`TURNPIKE_MASTER_KEY_PREVIOUS_FILE\`, \`TURNPIKE_MASTER_PASSPHRASE_PREVIOUS\` | the former one, until a new one has taken over | |
| \`DATABASE_URL\` | \`file:/path/to/turnpike.db\` (SQLite), \`postgres://user:password@host/database\` or \`libsql://host\` (Turso, with its token in \`TURSO_AUTH_TOKEN\`): [which one](../guide/databases.md) | SQLite in the data folder |
| \`TURNPIKE_REPLICA_ID\` | PostgreSQL only: the name of this process among those that share the database | made up, kept in the data folder |
| \`ANTHROPIC_ADMIN_KEY\`, \`OPENAI_ADMIN_KEY\`, \`OPENROUTER_PROVISIONING_KEY\` | \`admin_key\` of the provider of that name ([reconciliation](../guide/reconciliation.md)) | |
| \`LOG_LEVEL\` | \`debug\`, \`info\`, \`warn\`, \`error\`, \`silent\` | \`info\` (\`warn\` on a terminal) |
`;

/** One row per setting, the folders of settings resolved into dotted names. */
function settingRows(schema: JsonSchema, path: string): string[] {
  const object = objectIn(schema);
  return Object.entries(object.properties ?? {}).flatMap(([name, setting]) => {
    const own = path === '' ? name : `${path}.${name}`;
    const inner = objectIn(setting);
    if (inner.properties) return settingRows(inner, own);
    const { additionalProperties } = inner;
    const entry = typeof additionalProperties === 'object' ? objectIn(additionalProperties) : undefined;
    const item = inner.items && objectIn(inner.items);
    const row = `| \`${own}\` | ${kindOfValue(setting)} | ${defaultOf(setting)} | ${setting.description ?? ''} |`;
    if (item?.properties) return [row, ...settingRows(item, `${own}[]`)];
    return entry?.properties ? [row, ...settingRows(entry, `${own}.<name>`)] : [row];
  });
}

/** The object of a schema that also allows null. */
function objectIn(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find((one) => one.type === 'object') ?? schema;
}

function kindOfValue(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.minimum !== undefined) return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'boolean') return '`true` or `false`';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return 'by name';
  if (Array.isArray(schema.type)) return schema.type.join(' or ').replace('string', 'text');
  return schema.type === 'string' ? 'text' : 'anything';
}

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined ? '' : `\`${schema.default}\``;
}

const HIDDEN_KINDS = ['sandbox', 'openai-compatible'];

function kindRows(): string[] {
  return [...providerKinds.values()]
    .filter(({ id }) => !HIDDEN_KINDS.includes(id))
    .map(({ id, defaultBaseUrl, credentialEnv, needsCredential }) => {
      const found = credentialEnv.map((name) => `\`${name}\``).join(', ');
      const variable = id === 'ollama' ? '`OLLAMA_HOST` (its address)' : found;
      return `| \`${id}\` | ${defaultBaseUrl} | ${variable} | ${needsCredential ? 'yes' : 'no'} |`;
    });
}

function renderPage(): string {
  return [
    HEAD,
    '## Files',
    '',
    '| setting | value | default | meaning |',
    '|---|---|---|---|',
    ...settingRows(published as JsonSchema, ''),
    '',
    '## Kinds of providers',
    '',
    'A provider is of the kind of its name unless it says otherwise: `groq: {}` is enough. A vendor whose variable is set,',
    'and an Ollama that `OLLAMA_HOST` names, need not be in the file at all; local servers of the other kinds do. The',
    'variable belongs to the provider of that very name; a second one, say `team: { kind: openai }`, needs its own `api_key`.',
    'Any other server that speaks OpenAI Chat is `kind: openai-compatible` with a `base_url`; `sandbox` is always there.',
    'Azure, Bedrock and Vertex have addresses and identities of their own: [providers](../guide/providers.md).',
    '',
    '| kind | default `base_url` | variable | needs a key |',
    '|---|---|---|---|',
    ...kindRows(),
    '',
  ].join('\n');
}

it('publishes the schema', async () => {
  const text = `${JSON.stringify(published, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../docs/reference/turnpike.schema.json');
});

it('lists every setting and every kind', async () => {
  await expect(renderPage()).toMatchFileSnapshot('../docs/reference/configuration.md');
});

it('explains every setting', () => {
  const silent = settingRows(published as JsonSchema, '').filter((row) => / \| *\|$/.test(row));
  expect(silent).toEqual([]);
});

function routingDefaults(): Record<string, unknown> {
  const routes = { any: routeSchema.parse({ models: [{ ref: 'a/b' }] }) };
  const route = routesOf([{ path: '', content: { routes } }], {}).any!;
  const fallback = fallbackOf([{ path: '', content: { fallback: {} } }], {});
  return {
    'routes.<name>.strategy': route.strategy,
    'routes.<name>.models[].weight': route.targets[0]!.weight,
    'routes.<name>.hedge': route.isHedged ?? false,
    'fallback.enabled': fallback.isEnabled,
    'fallback.built_in': fallback.usesBuiltIn,
    'fallback.on_content_filter': fallback.onContentFilter,
  };
}

function signInDefaults(): Record<string, unknown> {
  const url = 'https://login.example';
  const services = [{ issuer: 'i', audience: 'a', jwks_url: url, workspace: 'w' }];
  const work = { issuer: url, client_id: 'c', allowed_domains: ['a.example'], workspace: 'w' };
  const sign_in = signInSchema.parse({ oidc: { work } });
  const { issuers, takesPasswords } = signInOf([{ path: '', content: { sign_in } }], {});
  return {
    'sign_in.password': takesPasswords,
    'sign_in.oidc.<name>.trust_email': issuers[0]!.trustsEmail,
    'sign_in.oidc.<name>.role': issuers[0]!.joins!.role,
    'sign_in.services[].role': servicesOf(servicesSchema.parse(services))[0]!.role,
  };
}

it('names the defaults that are in force', () => {
  const home = mkdtempSync(join(tmpdir(), 'turnpike-config-doc-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const config = loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: home });
  const row = { name: 'vllm', headers: {}, models: [], timeouts: {} };
  const { timeouts, autoCache } = configureProviders([row], providerKinds, {}).providers.get('vllm')!;
  const [plainBudget] = budgetList
    .parse([{ scope: 'workspace', period: 'day', limit_usd: 1 }])
    .map(budgetTermsOf);
  const rate_limits = rateLimitList.parse([{ scope: 'workspace', concurrent: 1 }]);
  const [plainRateLimit] = mergeRateLimits([{ path: '', content: { rate_limits } }], {});
  const url = 'https://hooks.example';
  const alerts = { webhooks: [{ url, secret: '' }], slack: [{ url }] };
  const { webhooks, slack } = alertSettingsOf([{ path: '', content: { alerts } }], {});
  const prices = pricesSchema.parse({
    overrides: [{ provider: 'a', model: '*', free: true }],
    refresh: { file: 'prices.json' },
  });
  const plainPrices = mergePrices([{ path: '', content: { prices } }], {});
  const prompts = promptSettingsOf([], {}, { cwd: home, home, env: { HOME: home } });
  const inForce: Readonly<Record<string, unknown>> = {
    'alerts.webhooks[].allow_private': webhooks[0]!.allowPrivate,
    'alerts.slack[].allow_private': slack[0]!.allowPrivate,
    host: config.host,
    port: config.port,
    durability: config.durability,
    log_level: config.logLevel,
    'privacy.content': config.privacy.content,
    'privacy.retention_days': config.privacy.retentionDays,
    'retention.entries_days': config.retention.entriesDays,
    'retention.audit_days': config.retention.auditDays,
    'retention.hours_days': config.retention.hoursDays,
    'retention.decisions_days': config.retention.decisionsDays,
    'health.probes': config.health.probes,
    'health.probe_every_s': config.health.probeEveryMs / 1000,
    'limits.body_bytes': config.limits.bodyBytes,
    'limits.exchanges': config.limits.exchanges,
    'limits.keep_alive_ms': config.limits.keepAliveMs,
    'limits.stored_responses_bytes': config.limits.storedResponsesBytes,
    'limits.cache_bytes': config.limits.cacheBytes,
    'prompts.home': prompts.userFolder !== undefined,
    'keys.prefer': config.preferredKeys,
    'providers.<name>.api_keys[].weight': keySettingsOf(keyList.parse(['key']))[0]!.weight,
    'providers.<name>.auto_cache': autoCache,
    'providers.<name>.timeouts.connect_ms': timeouts.connectMs,
    'providers.<name>.timeouts.first_byte_ms': timeouts.firstByteMs,
    'providers.<name>.timeouts.idle_ms': timeouts.idleMs,
    'providers.<name>.timeouts.content_ms': timeouts.contentMs,
    'providers.<name>.timeouts.total_ms': timeouts.totalMs,
    ...routingDefaults(),
    ...signInDefaults(),
    'budgets[].action': plainBudget!.enforcement === 'hard' ? 'block' : 'warn',
    'budgets[].alerts': plainBudget!.thresholds,
    'budgets[].time_zone': plainBudget!.timeZone,
    'budgets[].anchor_day': plainBudget!.anchorDay,
    'budgets[].queue_ms': plainBudget!.queueMs,
    'budgets[].mode': plainBudget!.mode,
    'rate_limits[].burst_seconds': plainRateLimit!.burstSeconds,
    'prices.overrides[].service_tier': plainPrices.overrides[0]!.serviceTier,
    'prices.refresh.every_hours': plainPrices.refresh!.everyMs / 3_600_000,
  };
  const written = settingRows(published as JsonSchema, '').flatMap((text) => {
    const [, setting = '', , value = ''] = text.split(' | ').join('|').split('|');
    const plain = (cell: string) => cell.replaceAll('`', '').trim();
    return plain(value) === '' ? [] : [[plain(setting), plain(value)]];
  });
  expect(Object.fromEntries(written)).toEqual(
    Object.fromEntries(Object.entries(inForce).map(([name, value]) => [name, String(value)])),
  );
});
