/** Which path means which format and operation. The path is compared once, as the router reads it; nothing else decides. */
import type { FormatId } from '../wire/chat.ts';
import { type EmbeddingShapeId, embeddingShapes } from '../wire/embeddings/index.ts';
import type { StreamShape } from '../wire/format.ts';
import { type RelayMethod, type RelayOnlyEndpoint, relayOnlyEndpoint } from './relay-only-calls.ts';

/** How a list of models is written: OpenAI and Anthropic clients read one shape, Gemini and Ollama have their own. */
export type ListShape = 'v1' | 'v1beta' | 'tags';

/** What the URL itself says of a request, where a format puts it there. */
export interface UrlTarget {
  readonly model: string;
  readonly isStream: boolean;
}

export interface ChatEndpoint {
  readonly operation: 'chat' | 'count-tokens';
  readonly format: FormatId;
  /** Absent where the body says it. */
  readonly target?: UrlTarget;
}

export interface EmbeddingEndpoint {
  readonly operation: 'embeddings';
  /** The format its clients read errors in. */
  readonly format: FormatId;
  readonly shape: EmbeddingShapeId;
  readonly target?: UrlTarget;
}

/** What is sent on to an upstream. */
export type CallEndpoint = ChatEndpoint | EmbeddingEndpoint | RelayOnlyEndpoint;

export type Endpoint =
  | CallEndpoint
  | { readonly operation: 'models'; readonly method: 'GET'; readonly shape: ListShape }
  | { readonly operation: 'model'; readonly method: 'GET'; readonly shape: ListShape; readonly model: string }
  /** What Ollama's clients ask a server before they talk to it. */
  | { readonly operation: 'version'; readonly method: 'GET' }
  | { readonly operation: 'show'; readonly method: 'POST' };

/** Paths that are one endpoint each, as they stand. */
export const fixedEndpoints: Readonly<Record<string, Endpoint>> = {
  '/v1/messages': { operation: 'chat', format: 'anthropic-messages' },
  '/v1/messages/count_tokens': { operation: 'count-tokens', format: 'anthropic-messages' },
  '/v1/chat/completions': { operation: 'chat', format: 'openai-chat' },
  '/v1/embeddings': embedding('openai-embeddings'),
  '/v1/responses': { operation: 'chat', format: 'openai-responses' },
  '/v1/responses/input_tokens': { operation: 'count-tokens', format: 'openai-responses' },
  '/api/chat': { operation: 'chat', format: 'ollama-chat' },
  '/api/embed': embedding('ollama-embed'),
  '/api/embeddings': embedding('ollama-embeddings'),
  '/v1/models': { operation: 'models', method: 'GET', shape: 'v1' },
  '/v1beta/models': { operation: 'models', method: 'GET', shape: 'v1beta' },
  '/api/tags': { operation: 'models', method: 'GET', shape: 'tags' },
  '/api/version': { operation: 'version', method: 'GET' },
  '/api/show': { operation: 'show', method: 'POST' },
};

function embedding(shape: EmbeddingShapeId, target?: UrlTarget): EmbeddingEndpoint {
  const { format } = embeddingShapes[shape];
  return { operation: 'embeddings', format, shape, ...(target && { target }) };
}

/** Prefixes under which the whole data plane is served again, for clients that want a vendor in the base URL. */
export const PREFIXES = ['/anthropic', '/openai', '/gemini', '/ollama'] as const;

const table = new Map<string, Endpoint>();
for (const prefix of ['', ...PREFIXES]) {
  for (const [path, endpoint] of Object.entries(fixedEndpoints)) table.set(prefix + path, endpoint);
}

export interface SplitUrl {
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
}

export function splitUrl(url: string): SplitUrl {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** @param isAnthropic the client sends `anthropic-version`: some paths exist at two vendors */
export function endpointOf(path: string, isAnthropic = false): Endpoint | undefined {
  const exact = table.get(path);
  if (exact) return exact;
  const bare = withoutPrefix(path);
  return geminiEndpoint(bare) ?? oneModel(bare) ?? otherCall(path, bare, isAnthropic);
}

/** Some clients of Anthropic's name their API by the prefix only, and nobody else's send the header. */
function otherCall(path: string, bare: string, isAnthropic: boolean): RelayOnlyEndpoint | undefined {
  const isTheirs = isAnthropic || path.startsWith('/anthropic/');
  return relayOnlyEndpoint(bare, isTheirs ? ['anthropic', 'openai'] : ['openai', 'anthropic', 'gemini']);
}

/** What may be asked of an endpoint, for the `Allow` header. */
export function methodsOf(endpoint: Endpoint): readonly string[] {
  if (endpoint.operation === 'relay-only') return Object.keys(endpoint.call.methods);
  return 'method' in endpoint ? (endpoint.method === 'GET' ? ['GET', 'HEAD'] : [endpoint.method]) : ['POST'];
}

/** What the client asked with, in the ledger and the metrics. */
export function callNameOf(endpoint: CallEndpoint): string {
  switch (endpoint.operation) {
    case 'chat':
    case 'count-tokens':
      return endpoint.format;
    case 'embeddings':
      return endpoint.shape;
    case 'relay-only':
      return endpoint.call.name;
    default:
      return endpoint satisfies never;
  }
}

/** Vendors bill for it, or may. */
export function isMeteredCall(endpoint: CallEndpoint, method: string | undefined): boolean {
  if (endpoint.operation !== 'relay-only') return endpoint.operation !== 'count-tokens';
  return endpoint.call.methods[method as RelayMethod] !== 'free';
}

function withoutPrefix(path: string): string {
  for (const prefix of PREFIXES) {
    if (path.startsWith(prefix) && path[prefix.length] === '/') return path.slice(prefix.length);
  }
  return path;
}

const GEMINI_VERSION = /^\/v1(?:beta|alpha)?\//;

/** What stands after the colon in `/v1beta/models/{model}:method`. */
export const geminiMethods: Readonly<Record<string, (model: string) => CallEndpoint>> = {
  generateContent: (model) => geminiCall('chat', { model, isStream: false }),
  streamGenerateContent: (model) => geminiCall('chat', { model, isStream: true }),
  countTokens: (model) => geminiCall('count-tokens', { model, isStream: false }),
  embedContent: (model) => embedding('gemini-embed', { model, isStream: false }),
  batchEmbedContents: (model) => embedding('gemini-batch-embed', { model, isStream: false }),
};

function geminiCall(operation: ChatEndpoint['operation'], target: UrlTarget): ChatEndpoint {
  return { operation, format: 'gemini-generate', target };
}

/**
 * `/v1beta/models/{model}:method`. The last colon starts the method, as a model ref may hold one of its own; some
 * SDKs leave out `models/` when the id has a slash.
 */
function geminiEndpoint(path: string): Endpoint | undefined {
  const version = GEMINI_VERSION.exec(path);
  const colon = path.lastIndexOf(':');
  if (!version || colon === -1) return undefined;
  const name = path.slice(colon + 1);
  const method = Object.hasOwn(geminiMethods, name) ? geminiMethods[name] : undefined;
  if (!method) return undefined;
  const model = decodePath(path.slice(version[0].length, colon).replace(/^models\//, ''));
  return model ? method(model) : undefined;
}

/** `/v1/models/{id}` and `/v1beta/models/{id}`; ids hold slashes. */
function oneModel(path: string): Endpoint | undefined {
  const version = GEMINI_VERSION.exec(path);
  if (!version || !path.startsWith('models/', version[0].length)) return undefined;
  const model = decodePath(path.slice(version[0].length + 'models/'.length));
  const shape = version[0] === '/v1/' ? 'v1' : 'v1beta';
  return model ? { operation: 'model', method: 'GET', shape, model } : undefined;
}

function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Gemini streams come as server-sent events only when asked for; without it they are one JSON array. */
export function streamShapeOf(format: FormatId, query: string): StreamShape {
  return format === 'gemini-generate' && !/(?:^|&)alt=sse(?:&|$)/i.test(query) ? 'array' : 'sse';
}

/** The format a client most likely speaks when its path is none of ours: the error should be readable to it. */
export function guessFormat(path: string, hasAnthropicVersion: boolean): FormatId {
  if (hasAnthropicVersion || path.startsWith('/anthropic') || path.startsWith('/v1/messages'))
    return 'anthropic-messages';
  if (path.startsWith('/gemini') || path.startsWith('/v1beta')) return 'gemini-generate';
  if (path.startsWith('/ollama') || /^\/api\/(?!v\d)/.test(path)) return 'ollama-chat';
  return path.startsWith('/v1/responses') || path.startsWith('/openai/v1/responses')
    ? 'openai-responses'
    : 'openai-chat';
}
