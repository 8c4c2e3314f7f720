/**
 * Which headers cross the house, in both directions. Both lists are allow-lists: what is not named here stays
 * outside, so the client's key, cookies and addresses never reach an upstream, and an upstream's cookies and
 * account names never reach a client.
 */
import type { FormatId } from '../wire/chat.ts';
import type { Provider } from './provider.ts';

/** Structurally Node's `IncomingHttpHeaders`: lower-case names. */
export type ClientHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Prefixes of client headers that mean something to upstreams of one family, versions and betas above all. */
const FAMILY_PREFIX: Readonly<Partial<Record<FormatId, string>>> = {
  'anthropic-messages': 'anthropic-',
  'openai-chat': 'openai-',
  'openai-responses': 'openai-',
};

/** They say whose account pays; that belongs to the credential, which is the operator's. */
const ACCOUNT_HEADERS: ReadonlySet<string> = new Set(['openai-organization', 'openai-project']);

/** No header of a client's whose name says secret goes anywhere, whatever family it belongs to. */
const SECRET_NAME = /(^|-)(auth|authorization|cookie|credential|key|password|secret|token)$/;

/** Set by the transport, or about one connection only. An operator cannot set them either. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const FALLBACK_USER_AGENT = 'turnpike';

/** What HTTP allows in a value: no CR, LF, NUL or other control character but the tab. */
const SAFE_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SAFE_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Why this header may not be sent to an upstream; undefined = it may. For checking an operator's words when they are read. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!SAFE_NAME.test(name)) return `"${name}" is no header name in lower case`;
  if (CONNECTION_HEADERS.has(name)) return `the header ${name} is set by the transport`;
  if (!SAFE_VALUE.test(value)) return `the value of the header ${name} holds a control character`;
  return undefined;
}

/**
 * Headers for one upstream request, built from nothing: ours, then the kind's with the credential, then the
 * client's few (its API version replaces the kind's), then the operator's own. `format` is the one spoken to the upstream. What could not be sent safely is left out.
 */
export function requestHeaders(
  client: ClientHeaders,
  provider: Provider,
  format: FormatId,
): Record<string, string> {
  const made = { ...unchanging(provider, format) };
  const withheld = provider.kind.withheldHeaders ?? [];
  // For every upstream; providers decide on features and limits by the user agent.
  if (!withheld.includes('accept')) addSafe(made, 'accept', client.accept);
  addSafe(made, 'user-agent', client['user-agent']);
  for (const name of provider.kind.forwardedHeaders ?? []) add(made, name, client[name]);
  const prefix = FAMILY_PREFIX[format];
  if (prefix !== undefined) addFamily(made, client, prefix, withheld);
  addAll(made, provider.headers);
  return made;
}

/** What is the same in every request to a provider; put together once, as requests are many. */
const known = new WeakMap<Provider, Map<FormatId, Readonly<Record<string, string>>>>();

function unchanging(provider: Provider, format: FormatId): Readonly<Record<string, string>> {
  const byFormat = known.get(provider) ?? new Map<FormatId, Readonly<Record<string, string>>>();
  known.set(provider, byFormat);
  const made = byFormat.get(format);
  if (made) return made;
  const fresh: Record<string, string> = {
    'content-type': 'application/json',
    // A compressed answer would have to be inflated to be read, under limits; asking for plain text is simpler.
    'accept-encoding': 'identity',
    'user-agent': FALLBACK_USER_AGENT,
  };
  addAll(fresh, provider.kind.authHeaders(provider.credential, format));
  byFormat.set(format, fresh);
  return fresh;
}

/** For a name of ours: only the value is somebody else's. */
function addSafe(
  made: Record<string, string>,
  name: 'accept' | 'user-agent',
  value: string | readonly string[] | undefined,
): void {
  if (typeof value === 'string' && SAFE_VALUE.test(value)) made[name] = value;
}

function addFamily(
  made: Record<string, string>,
  client: ClientHeaders,
  prefix: string,
  withheld: readonly string[],
): void {
  for (const name in client) {
    if (!name.startsWith(prefix) || ACCOUNT_HEADERS.has(name) || SECRET_NAME.test(name)) continue;
    if (withheld.includes(name)) continue;
    add(made, name, client[name]);
  }
}

function addAll(made: Record<string, string>, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) add(made, name, headers[name]);
}

function add(
  made: Record<string, string>,
  name: string,
  value: string | readonly string[] | undefined,
): void {
  if (value === undefined) return;
  const text = typeof value === 'string' ? value : value.join(', ');
  if (headerProblem(name, text) === undefined) made[name] = text;
}

const HANDED_ON: ReadonlySet<string> = new Set([
  'content-type',
  'openai-model',
  'openai-processing-ms',
  'openai-version',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
]);

const HANDED_ON_PREFIXES: readonly string[] = ['anthropic-', 'x-ratelimit-'];

/** It names the operator's account. */
const KEPT_BACK: ReadonlySet<string> = new Set(['anthropic-organization-id']);

/** Where upstreams put the id their support asks for, best first. */
const REQUEST_ID_HEADERS: readonly string[] = [
  'request-id',
  'x-request-id',
  'x-generation-id',
  'x-amzn-requestid',
  'apim-request-id',
];

/** What of an upstream's answer the client sees; the upstream's request id comes as `x-upstream-request-id`. */
export function replyHeaders(upstream: Readonly<Record<string, string>>): Record<string, string> {
  const made: Record<string, string> = {};
  for (const name in upstream) {
    const value = upstream[name]!;
    if (isHandedOn(name) && SAFE_VALUE.test(value)) made[name] = value;
  }
  const id = upstreamRequestId(upstream);
  if (id !== undefined) made['x-upstream-request-id'] = id;
  return made;
}

function isHandedOn(name: string): boolean {
  if (HANDED_ON.has(name)) return true;
  return HANDED_ON_PREFIXES.some((prefix) => name.startsWith(prefix)) && !KEPT_BACK.has(name);
}

/** The upstream's own id of the request, as its support knows it. */
export function upstreamRequestId(upstream: Readonly<Record<string, string>>): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const id = upstream[name];
    if (id !== undefined && id !== '' && SAFE_VALUE.test(id)) return id;
  }
  return undefined;
}
