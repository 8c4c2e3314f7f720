/** Turns what the operator declared, and what the environment holds, into providers that can be called. */
import { Secret } from '../base/secret.ts';
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
  for (const row of declared) {
    const provider = configureOne(row, kinds, env);
    if (typeof provider === 'string') problems.push(provider);
    else providers.set(row.name, provider);
  }
  for (const kind of kinds.values()) {
    if (providers.has(kind.id) || isDeclared(declared, kind.id)) continue;
    const found = kind.needsCredential ? credentialFrom(kind, env) : undefined;
    if (found) providers.set(kind.id, assemble(bare(kind.id), kind, kind.defaultBaseUrl, found));
  }
  const sandbox = kinds.get('sandbox');
  if (sandbox && !providers.has('sandbox')) {
    providers.set('sandbox', assemble(bare('sandbox'), sandbox, sandbox.defaultBaseUrl, undefined));
  }
  return { providers, problems };
}

function isDeclared(declared: readonly DeclaredProvider[], name: string): boolean {
  return declared.some((row) => row.name === name);
}

function bare(name: string): DeclaredProvider {
  return { name, headers: {}, models: [], timeouts: {} };
}

/** A text is the reason why not. */
function configureOne(
  row: DeclaredProvider,
  kinds: ReadonlyMap<string, ProviderKind>,
  env: Environment,
): Provider | string {
  const kind = kinds.get(row.kind ?? row.name);
  if (!kind) {
    const known = [...kinds.keys()].join(', ');
    return `providers.${row.name}: there is no kind "${row.kind ?? row.name}"; set kind to one of ${known}`;
  }
  const baseUrl = row.baseUrl ?? kind.defaultBaseUrl;
  const problem = baseUrlProblem(baseUrl, kind);
  if (problem) return `providers.${row.name}: ${problem}`;
  // A provider of its own name has its own key; the kind's variable belongs to the vendor's own provider.
  const fromEnv = row.name === kind.id ? credentialFrom(kind, env) : undefined;
  const credential = fromEnv ?? row.apiKey;
  if (kind.needsCredential && !credential) {
    const variable = row.name === kind.id && kind.credentialEnv[0] ? ` or ${kind.credentialEnv[0]}` : '';
    return `providers.${row.name}: no key; set api_key${variable}`;
  }
  return assemble(row, kind, baseUrl, credential);
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

function credentialFrom(kind: ProviderKind, env: Environment): Secret | undefined {
  for (const name of kind.credentialEnv) {
    const value = env[name]?.trim();
    if (value) return new Secret(value);
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
