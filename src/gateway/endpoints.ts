/** Which path means which format and operation. The path is compared once, as the router reads it; nothing else decides. */
import type { FormatId } from '../wire/chat.ts';

export type Endpoint =
  | { readonly operation: 'chat' | 'count-tokens'; readonly format: FormatId; readonly method: 'POST' }
  | { readonly operation: 'models'; readonly method: 'GET' }
  | { readonly operation: 'model'; readonly method: 'GET'; readonly model: string };

const posts: Readonly<Record<string, Endpoint>> = {
  '/v1/messages': { operation: 'chat', format: 'anthropic-messages', method: 'POST' },
  '/v1/messages/count_tokens': { operation: 'count-tokens', format: 'anthropic-messages', method: 'POST' },
  '/v1/chat/completions': { operation: 'chat', format: 'openai-chat', method: 'POST' },
};

/** Prefixes under which the whole data plane is served again, for clients that want a vendor in the base URL. */
const PREFIXES = ['/anthropic', '/openai', '/gemini', '/ollama'] as const;

const table = new Map<string, Endpoint>();
for (const prefix of ['', ...PREFIXES]) {
  for (const [path, endpoint] of Object.entries(posts)) table.set(prefix + path, endpoint);
  table.set(`${prefix}/v1/models`, { operation: 'models', method: 'GET' });
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

export function endpointOf(path: string): Endpoint | undefined {
  const exact = table.get(path);
  if (exact) return exact;
  const start = path.indexOf('/v1/models/');
  if (
    start === -1 ||
    !(start === 0 || PREFIXES.some((prefix) => prefix.length === start && path.startsWith(prefix)))
  ) {
    return undefined;
  }
  const model = decodeSegment(path.slice(start + '/v1/models/'.length));
  return model ? { operation: 'model', method: 'GET', model } : undefined;
}

function decodeSegment(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The format a client most likely speaks when its path is none of ours: the error should be readable to it. */
export function guessFormat(path: string, hasAnthropicVersion: boolean): FormatId {
  const isAnthropic = hasAnthropicVersion || path.startsWith('/anthropic') || path.startsWith('/v1/messages');
  return isAnthropic ? 'anthropic-messages' : 'openai-chat';
}
