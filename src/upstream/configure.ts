/** Turns what the operator declared, and what the environment holds, into providers that can be called. */
import { Secret } from '../base/secret.ts';
import { headerProblem } from './headers.ts';
import type { Provider, ProviderKind, Timeouts } from './provider.ts';

/** A provider as declared in a file; everything but the name may be left out. */
export interface DeclaredProvider {
  readonly name: string;
  readonly kind?: string;
  readonly baseUrl?: string;
  readonly apiKey?: Secret;
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  /** Absent = as the kind has it. */
  readonly streamUsage?: 'ask' | 'leave';
  readonly timeouts: Partial<Timeouts>;
}

export interface ConfiguredProviders {
  readonly providers: ReadonlyMap<string, Provider>;
  /** Declared providers that cannot be used, and why; said at start and by `doctor`. */
  readonly problems: readonly string[];
  /** Those of them that lack nothing but a key. */
  readonly keyless: readonly Provider[];
  /** Provider -> where its key came from: `env NAME` or `file`. */
  readonly credentialSources: ReadonlyMap<string, string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** LEDGER: connect 3 s; models that think long before their first byte need minutes; nothing lives longer than 15 minutes. */
const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  firstByteMs: 300_000,
  idleMs: 120_000,
  totalMs: 900_000,
};

export function configureProviders(
  declared: readonly DeclaredProvider[],
  kinds: ReadonlyMap<string, ProviderKind>,
  env: Environment,
): ConfiguredProviders {
  const providers = new Map<string, Provider>();
  const problems: string[] = [];
  const keyless: Provider[] = [];
  for (const row of declared) {
    const { provider, problem } = configureOne(row, kinds, env);
    if (problem !== undefined) problems.push(problem);
    if (provider && problem === undefined) providers.set(row.name, provider);
    else if (provider) keyless.push(provider);
  }
  for (const kind of kinds.values()) {
    if (providers.has(kind.id) || isDeclared(declared, kind.id)) continue;
    const found = kind.needsCredential ? credentialFrom(kind, env) : undefined;
    if (found) providers.set(kind.id, assemble(bare(kind.id), kind, kind.defaultBaseUrl, found.secret));
  }
  const sandbox = kinds.get('sandbox');
  if (sandbox && !providers.has('sandbox')) {
    providers.set('sandbox', assemble(bare('sandbox'), sandbox, sandbox.defaultBaseUrl, undefined));
  }
  return { providers, problems, keyless, credentialSources: sourcesOf(providers, env) };
}

function isDeclared(declared: readonly DeclaredProvider[], name: string): boolean {
  return declared.some((row) => row.name === name);
}

function bare(name: string): DeclaredProvider {
  return { name, headers: {}, models: [], timeouts: {} };
}

function sourcesOf(providers: ReadonlyMap<string, Provider>, env: Environment): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { name, kind, credential } of providers.values()) {
    const fromEnv = name === kind.id ? credentialFrom(kind, env) : undefined;
    if (credential) sources.set(name, fromEnv ? `env ${fromEnv.variable}` : 'file');
  }
  return sources;
}

interface Configured {
  readonly provider?: Provider;
  /** Why it cannot be used. */
  readonly problem?: string;
}

function configureOne(
  row: DeclaredProvider,
  kinds: ReadonlyMap<string, ProviderKind>,
  env: Environment,
): Configured {
  const kind = kinds.get(row.kind ?? row.name);
  if (!kind) {
    const known = [...kinds.keys()].join(', ');
    return {
      problem: `providers.${row.name}: there is no kind "${row.kind ?? row.name}"; set kind to one of ${known}`,
    };
  }
  const baseUrl = row.baseUrl ?? kind.defaultBaseUrl;
  const problem = baseUrlProblem(baseUrl, kind) ?? headersProblem(row.headers);
  if (problem) return { problem: `providers.${row.name}: ${problem}` };
  // A provider of its own name has its own key; the kind's variable belongs to the vendor's own provider.
  const fromEnv = row.name === kind.id ? credentialFrom(kind, env) : undefined;
  const provider = assemble(row, kind, baseUrl, fromEnv?.secret ?? row.apiKey);
  if (kind.needsCredential && !provider.credential) {
    const variable = row.name === kind.id && kind.credentialEnv[0] ? ` or ${kind.credentialEnv[0]}` : '';
    return { provider, problem: `providers.${row.name}: no key; set api_key${variable}` };
  }
  return { provider };
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
  return undefined;
}

function credentialFrom(
  kind: ProviderKind,
  env: Environment,
): { secret: Secret; variable: string } | undefined {
  for (const variable of kind.credentialEnv) {
    const value = env[variable]?.trim();
    if (value) return { secret: new Secret(value), variable };
  }
  return undefined;
}

function assemble(
  row: DeclaredProvider,
  kind: ProviderKind,
  baseUrl: string,
  credential: Secret | undefined,
): Provider {
  return {
    name: row.name,
    kind,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    credential,
    catalogProvider: kind.catalogProvider,
    headers: lowered(row.headers),
    models: row.models,
    timeouts: { ...DEFAULT_TIMEOUTS, ...row.timeouts },
    streamUsage: row.streamUsage ?? kind.streamUsage ?? 'ask',
  };
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
