/** A provider that a workspace wants to declare through the API: what is wrong with it, before it is kept. */
import type { EgressPolicy, EgressVerdict } from '../base/egress.ts';
import { judgeUrl } from '../base/egress.ts';
import { configureProviders, type DeclaredProvider } from './configure.ts';
import { noVaulted } from './credentials.ts';
import type { Provider, ProviderKind } from './provider.ts';

export type DeclaredVerdict =
  | { readonly kind: 'done'; readonly provider: Provider }
  /** Its address is none that may be sent to. */
  | { readonly kind: 'egress_refused'; readonly message: string }
  /** Its name is one that the kind of the name has, with keys that were not given for another address. */
  | { readonly kind: 'reserved'; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** They say who sends, or whose account pays: that is the vault's to give. */
const SECRET_HEADER =
  /(^|-)(auth|authorization|authentication|cookie|credential|credentials|key|apikey|password|secret|signature|session|sid|token|jwt|bearer)s?(-|$)/;
/** What vendors begin their keys with, or a long text as no plain word is. */
const SECRET_VALUE =
  /(^|\s)(bearer\s|basic\s)|(sk|rk|pk)[-_][A-Za-z0-9]|AIza|gsk_|xai-|hf_|pplx-|nvapi-|eyJ[A-Za-z0-9]|AKIA|tpo?-[A-Za-z0-9]|(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Za-z])[A-Za-z0-9+/_-]{24,}/i;

/** @param row with its owner */
export function judgeDeclared(
  row: DeclaredProvider,
  kinds: ReadonlyMap<string, ProviderKind>,
  policy: EgressPolicy,
): DeclaredVerdict {
  if (kinds.has(row.name))
    return { kind: 'reserved', message: `${row.name} is the name of a kind; call yours otherwise` };
  if (row.kind === 'sandbox') return { kind: 'invalid', message: 'the sandbox is always there' };
  const header = Object.entries(row.headers).map(headerProblem).find(isText);
  if (header !== undefined) return { kind: 'invalid', message: header };
  const written = row.baseUrl === undefined ? undefined : judgeUrl(row.baseUrl, policy);
  if (written && !written.ok) return refusedAddress(written);
  const { providers, keyless, problems } = configureProviders([row], kinds, {}, noVaulted);
  const provider = providers.get(row.name) ?? keyless.find(({ name }) => name === row.name);
  if (!provider) {
    const prefix = `providers.${row.name}: `;
    const problem = problems.find((text) => text.startsWith(prefix))?.slice(prefix.length);
    return { kind: 'invalid', message: problem ?? 'it cannot be used' };
  }
  // The kind's own address may be one of this machine too.
  const placed = judgeUrl(provider.baseUrl, policy);
  return placed.ok ? { kind: 'done', provider } : refusedAddress(placed);
}

function refusedAddress({ reason }: EgressVerdict & { ok: false }): DeclaredVerdict {
  return { kind: 'egress_refused', message: `its base URL may not be used: ${reason}` };
}

function headerProblem([name, value]: readonly [string, string]): string | undefined {
  const hint = 'keys are saved in the vault, not in headers';
  if (SECRET_HEADER.test(name.toLowerCase())) return `the header ${name} may carry a secret; ${hint}`;
  return SECRET_VALUE.test(value)
    ? `the value of the header ${name} looks like a secret; ${hint}`
    : undefined;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
