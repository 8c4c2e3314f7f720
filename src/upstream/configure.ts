/** Turns what the operator declared, and what the environment holds, into providers that can be called. */
import type { Secret } from '../base/secret.ts';
import { unprintable } from '../base/unprintable.ts';
import type { FormatId } from '../wire/chat.ts';
import {
  credentialFrom,
  credentialsOf,
  type DeclaredKey,
  noVaulted,
  type VaultedCredentials,
  vaultedNames,
} from './credentials.ts';
import { headerProblem } from './headers.ts';
import { ollamaBaseUrl } from './ollama-host.ts';
import type {
  Environment,
  KindSettings,
  Placement,
  Provider,
  ProviderCredential,
  ProviderKind,
  ProviderTimeouts,
} from './provider.ts';

/** A provider as declared in a file; everything but the name may be left out. */
export interface DeclaredProvider {
  readonly name: string;
  /** The workspace that declared it through the API: it gets nothing of the environment. Absent = a file did. */
  readonly ownerId?: string;
  readonly kind?: string;
  readonly baseUrl?: string;
  readonly apiKey?: Secret;
  /** Further ones, which share its traffic. */
  readonly apiKeys?: readonly DeclaredKey[];
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  /** Absent = as the kind has it. */
  readonly streamUsage?: 'ask' | 'leave';
  /** Wire formats to speak to it, preferred one first; absent = those of its kind. */
  readonly formats?: readonly FormatId[];
  readonly autoCache?: boolean;
  readonly timeouts: Partial<ProviderTimeouts>;
  /** What some kinds need beside an address. */
  readonly settings?: KindSettings;
}

export interface ConfiguredProviders {
  readonly providers: ReadonlyMap<string, Provider>;
  /** Declared providers that cannot be used, and why; said at start and by `doctor`. */
  readonly problems: readonly string[];
  /** Those of them that lack nothing but a key. */
  readonly keyless: readonly Provider[];
  /** Provider -> where the key it uses first came from: `env NAME`, `vault` or `file`. */
  readonly credentialSources: ReadonlyMap<string, string>;
}

/** A connection that takes 5 s will not come; models that think long need minutes to their first byte, and from one word to the next; nothing lives longer than 15 minutes. */
export const DEFAULT_TIMEOUTS: ProviderTimeouts = {
  connectMs: 5_000,
  firstByteMs: 300_000,
  idleMs: 120_000,
  contentMs: 300_000,
  totalMs: 900_000,
};

/** Variables by which the vendor's own tools are told where the server is; they come before the file, as keys do. */
const ADDRESS_VARIABLES: Readonly<Record<string, { name: string; read(text: string): string | undefined }>> =
  {
    ollama: { name: 'OLLAMA_HOST', read: ollamaBaseUrl },
  };

/**
 * In the order in which a bare model id looks for a server: declared providers, then those whose key or address is in
 * the environment or whose key is in the vault, each after them who serve only what others make, then the sandbox,
 * which is always there. What cannot be used is left out and becomes a problem; nothing is thrown.
 */
export function configureProviders(
  declared: readonly DeclaredProvider[],
  kinds: ReadonlyMap<string, ProviderKind>,
  env: Environment,
  vaulted: VaultedCredentials = noVaulted,
): ConfiguredProviders {
  const providers = new Map<string, Provider>();
  const problems: string[] = [];
  const keyless: Provider[] = [];
  const held = vaultedNames(vaulted);
  for (const row of declared) {
    const { provider, problem, notes = [] } = configureOne(row, kinds, row.ownerId ? {} : env, vaulted);
    problems.push(...notes);
    if (problem !== undefined) problems.push(problem);
    if (provider && problem === undefined) providers.set(row.name, provider);
    else if (provider) keyless.push(provider);
  }
  for (const kind of kinds.values()) {
    if (providers.has(kind.id) || isDeclared(declared, kind.id)) continue;
    if (!isInEnvironment(kind, env) && !held.has(kind.id)) continue;
    const { provider, problem, notes = [] } = configureOne(bare(kind.id), kinds, env, vaulted);
    problems.push(...notes);
    if (problem !== undefined) problems.push(problem);
    else if (provider) providers.set(kind.id, provider);
  }
  const sandbox = kinds.get('sandbox');
  if (sandbox && !providers.has('sandbox')) {
    providers.set('sandbox', assemble(bare('sandbox'), sandbox, sandbox.defaultBaseUrl, []));
  }
  for (const name of held) {
    if (kinds.has(name) || isDeclared(declared, name)) continue;
    problems.push(`providers.${name}: the vault holds a key of it, but it is neither declared nor a kind`);
  }
  return { providers: inOrder(providers), problems, keyless, credentialSources: sourcesOf(providers) };
}

function inOrder(providers: ReadonlyMap<string, Provider>): ReadonlyMap<string, Provider> {
  const rank = ({ kind }: Provider) => (kind.isReseller ? 1 : kind.id === 'sandbox' ? 2 : 0);
  return new Map([...providers].sort(([, a], [, b]) => rank(a) - rank(b)));
}

/** A local server's key alone says nothing: it is set for the server, on the server's own machine. */
function isInEnvironment(kind: ProviderKind, env: Environment): boolean {
  if (kind.isAnnounced) return kind.isAnnounced(env);
  if (kind.needsCredential && credentialFrom(kind, env)) return true;
  return addressText(kind.id, env) !== undefined;
}

function isDeclared(declared: readonly DeclaredProvider[], name: string): boolean {
  return declared.some((row) => row.name === name);
}

function bare(name: string): DeclaredProvider {
  return { name, headers: {}, models: [], timeouts: {} };
}

function sourcesOf(providers: ReadonlyMap<string, Provider>): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { name, credentials } of providers.values()) {
    if (credentials[0]) sources.set(name, credentials[0].source);
  }
  return sources;
}

interface Configured {
  readonly provider?: Provider;
  /** Why it cannot be used. */
  readonly problem?: string;
  /** What of it cannot be used. */
  readonly notes?: readonly string[];
}

function configureOne(
  row: DeclaredProvider,
  kinds: ReadonlyMap<string, ProviderKind>,
  env: Environment,
  vaulted: VaultedCredentials,
): Configured {
  const kind = kinds.get(row.kind ?? row.name);
  if (!kind) {
    const known = [...kinds.keys()].join(', ');
    return {
      problem: `providers.${row.name}: there is no kind "${row.kind ?? row.name}"; set kind to one of ${known}`,
    };
  }
  const found = credentialsOf({ kind, declared: row, env, vaulted });
  const { placed, credentials, notes } = placeAll(row, kind, env, found);
  const problem = placed.ok
    ? (settingsProblem(row, kind) ?? baseUrlProblem(placed.baseUrl, kind) ?? headersProblem(row.headers))
    : placed.problem;
  if (!placed.ok || problem) return { problem: `providers.${row.name}: ${problem}` };
  const provider = assemble(row, placed.kind, placed.baseUrl, credentials);
  // Without one of its own, such a kind signs with whatever identity this machine has.
  const signsForMachine = row.ownerId !== undefined && placed.kind.createAuthorizer !== undefined;
  if ((placed.kind.needsCredential || signsForMachine) && credentials.length === 0) {
    const variable = row.name === kind.id && kind.credentialEnv[0] ? ` or ${kind.credentialEnv[0]}` : '';
    const mend = row.ownerId === undefined ? `set api_key${variable}` : 'save one in the vault';
    return { provider, problem: `providers.${row.name}: no key; ${mend}` };
  }
  return { provider, notes };
}

interface Placed {
  readonly placed: Placement;
  readonly credentials: readonly ProviderCredential[];
  readonly notes: readonly string[];
}

/** Some kinds find their address in the credential: each has its own then, and one that leads nowhere is no spare. */
function placeAll(
  row: DeclaredProvider,
  kind: ProviderKind,
  env: Environment,
  found: readonly ProviderCredential[],
): Placed {
  const [first, ...rest] = found;
  const placed = placeOf(row, kind, env, first?.secret);
  if (!kind.place || !first) return { placed, credentials: found, notes: [] };
  const credentials = [first];
  const notes: string[] = [];
  for (const credential of rest) {
    const own = placeOf(row, kind, env, credential.secret);
    if (own.ok)
      credentials.push({ ...credential, placement: { baseUrl: trimmed(own.baseUrl), kind: own.kind } });
    else notes.push(`providers.${row.name}: the key ${credential.label} is left out: ${own.problem}`);
  }
  return { placed, credentials, notes };
}

function placeOf(
  row: DeclaredProvider,
  kind: ProviderKind,
  environment: Environment,
  credential: Secret | undefined,
): Placement {
  const isNamesake = row.name === kind.id;
  if (kind.place) {
    const { baseUrl, settings = {} } = row;
    return kind.place({ baseUrl, settings, environment, credential, isNamesake });
  }
  const address = addressFrom(row.name, kind, environment);
  if (address.problem !== undefined) return { ok: false, problem: address.problem };
  return { ok: true, baseUrl: address.baseUrl ?? row.baseUrl ?? kind.defaultBaseUrl, kind };
}

/** In the words of the file. */
const SETTING_NAMES: Readonly<Record<keyof KindSettings, string>> = {
  apiVersion: 'api_version',
  region: 'region',
  profile: 'profile',
  project: 'project',
  location: 'location',
};

function settingsProblem(
  { settings = {}, formats = [] }: DeclaredProvider,
  kind: ProviderKind,
): string | undefined {
  const unknown = formats.find((format) => !canSpeak(kind, format));
  if (unknown !== undefined) return `the kind ${kind.id} does not speak ${unknown}`;
  for (const name of Object.keys(settings) as (keyof KindSettings)[]) {
    // Of every kind a region may be said, for routes that demand one.
    if (name !== 'region' && !kind.settings?.includes(name))
      return `${SETTING_NAMES[name]} is no setting of the kind ${kind.id}`;
  }
  return undefined;
}

/** It has a path for chats in this format. */
function canSpeak(kind: ProviderKind, format: FormatId): boolean {
  return kind.path(format, 'chat', { model: 'any', isStream: false }) !== undefined;
}

/** Like a key, a variable's address is for the provider of the kind's own name. */
function addressFrom(
  name: string,
  kind: ProviderKind,
  env: Environment,
): { baseUrl?: string; problem?: string } {
  const text = name === kind.id ? addressText(kind.id, env) : undefined;
  const variable = ADDRESS_VARIABLES[kind.id];
  if (text === undefined || !variable) return {};
  const baseUrl = variable.read(text);
  return baseUrl === undefined
    ? { problem: `${variable.name} must be host:port or an http or https URL` }
    : { baseUrl };
}

function addressText(kindId: string, env: Environment): string | undefined {
  const variable = ADDRESS_VARIABLES[kindId];
  return (variable && env[variable.name]?.trim()) || undefined;
}

function headersProblem(headers: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const problem = headerProblem(name.toLowerCase(), value);
    if (problem) return problem;
  }
  return undefined;
}

function baseUrlProblem(baseUrl: string, kind: ProviderKind): string | undefined {
  if (baseUrl === '') return `the kind ${kind.id} needs a base_url`;
  if (kind.id === 'sandbox') return undefined;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return 'base_url must be an http or https URL';
  if (url.username !== '' || url.password !== '')
    return 'base_url must not hold a user name or password; use api_key';
  if (url.search !== '' || url.hash !== '') return 'base_url must end with its path, without ? or #';
  if (kind.id === 'anthropic' && /\/v1\/*$/.test(url.pathname))
    return 'base_url must end before /v1, which the kind anthropic adds itself';
  if (kind.id === 'gemini' && !/\/v\d+[a-z0-9]*\/*$/.test(url.pathname))
    return 'base_url must end in the version of the API, such as /v1beta';
  return undefined;
}

function assemble(
  row: DeclaredProvider,
  kind: ProviderKind,
  baseUrl: string,
  credentials: readonly ProviderCredential[],
): Provider {
  return {
    name: row.name,
    ownerId: row.ownerId,
    kind,
    baseUrl: trimmed(baseUrl),
    credential: credentials[0]?.secret,
    credentials,
    catalogProvider: kind.catalogProvider,
    headers: lowered(row.headers),
    models: row.models,
    timeouts: { ...DEFAULT_TIMEOUTS, ...row.timeouts },
    streamUsage: row.streamUsage ?? kind.streamUsage ?? 'ask',
    autoCache: row.autoCache ?? false,
    formats: row.formats,
    region: row.settings?.region ?? row.settings?.location,
  };
}

function trimmed(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  // Operators put keys into headers too.
  return unprintable(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  );
}
