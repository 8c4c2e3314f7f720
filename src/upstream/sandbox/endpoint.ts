/** Which format and operation a path means at the simulated upstream. */
import type { FormatId } from '../../wire/chat.ts';
import type { EmbeddingShapeId } from '../../wire/embeddings/index.ts';
import { pathSegment } from '../path-segment.ts';
import type { Operation, PathTarget } from '../provider.ts';

export interface EmbeddingEndpoint {
  readonly operation: 'embeddings';
  readonly format: FormatId;
  readonly shape: EmbeddingShapeId;
  /** Where the path and not the body tells. */
  readonly model?: string;
}

export type SandboxEndpoint =
  | EmbeddingEndpoint
  | {
      readonly operation: 'chat' | 'count-tokens';
      readonly format: FormatId;
      /** Where the path and not the body tells. */
      readonly model?: string;
      readonly isStream?: boolean;
      /** A stream that was not asked for as events. */
      readonly isArray?: boolean;
    }
  | { readonly operation: 'list-models'; readonly shape: 'v1' | 'v1beta' | 'tags' };

const posts: Readonly<Record<string, SandboxEndpoint>> = {
  '/v1/messages': { operation: 'chat', format: 'anthropic-messages' },
  '/v1/messages/count_tokens': { operation: 'count-tokens', format: 'anthropic-messages' },
  '/v1/chat/completions': { operation: 'chat', format: 'openai-chat' },
  '/v1/responses': { operation: 'chat', format: 'openai-responses' },
  '/v1/responses/input_tokens': { operation: 'count-tokens', format: 'openai-responses' },
  '/api/chat': { operation: 'chat', format: 'ollama-chat' },
  '/v1/embeddings': { operation: 'embeddings', format: 'openai-chat', shape: 'openai-embeddings' },
  '/api/embed': { operation: 'embeddings', format: 'ollama-chat', shape: 'ollama-embed' },
  '/api/embeddings': { operation: 'embeddings', format: 'ollama-chat', shape: 'ollama-embeddings' },
};

const gets: Readonly<Record<string, SandboxEndpoint>> = {
  '/v1/models': { operation: 'list-models', shape: 'v1' },
  '/v1beta/models': { operation: 'list-models', shape: 'v1beta' },
  '/api/tags': { operation: 'list-models', shape: 'tags' },
};

const GEMINI = /^\/v1(?:beta)?\/models\/(.+):(\w+)$/;

const geminiCalls: Readonly<Record<string, (model: string) => SandboxEndpoint>> = {
  generateContent: (model) => ({ operation: 'chat', format: 'gemini-generate', model, isStream: false }),
  streamGenerateContent: (model) => ({ operation: 'chat', format: 'gemini-generate', model, isStream: true }),
  countTokens: (model) => ({ operation: 'count-tokens', format: 'gemini-generate', model, isStream: false }),
  embedContent: (model) => geminiEmbedding('gemini-embed', model),
  batchEmbedContents: (model) => geminiEmbedding('gemini-batch-embed', model),
};

function geminiEmbedding(shape: EmbeddingShapeId, model: string): EmbeddingEndpoint {
  return { operation: 'embeddings', format: 'gemini-generate', shape, model };
}

/** undefined = no such path, or not with this method. */
export function findEndpoint(method: string, path: string): SandboxEndpoint | undefined {
  const mark = path.indexOf('?');
  const bare = mark === -1 ? path : path.slice(0, mark);
  if (method === 'GET') return Object.hasOwn(gets, bare) ? gets[bare] : undefined;
  if (method !== 'POST') return undefined;
  if (Object.hasOwn(posts, bare)) return posts[bare];
  const match = GEMINI.exec(bare);
  if (!match) return undefined;
  const [, model, call] = match;
  const endpoint = Object.hasOwn(geminiCalls, call!) ? geminiCalls[call!]!(decoded(model!)) : undefined;
  const isArray = call === 'streamGenerateContent' && !/[?&]alt=sse(&|$)/.test(path);
  return endpoint?.operation === 'chat' && isArray ? { ...endpoint, isArray } : endpoint;
}

/** As it stands where the percent signs are none of an encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const lists: Readonly<Partial<Record<FormatId, string>>> = {
  'gemini-generate': '/v1beta/models',
  'ollama-chat': '/api/tags',
};

/** The path of an operation below the base URL; undefined = the format has no such operation. */
export function pathOf(format: FormatId, operation: Operation, target: PathTarget): string | undefined {
  if (operation === 'list-models') return lists[format] ?? '/v1/models';
  if (format === 'gemini-generate') return geminiPathOf(operation, target);
  const found = Object.entries(posts).find(
    ([, endpoint]) => endpoint.operation === operation && 'format' in endpoint && endpoint.format === format,
  );
  return found?.[0];
}

function geminiPathOf(operation: Operation, { model, isStream }: PathTarget): string | undefined {
  const segment = pathSegment(model);
  if (segment === undefined) return undefined;
  if (operation === 'embeddings') return `/v1beta/models/${segment}:embedContent`;
  if (operation === 'count-tokens') return `/v1beta/models/${segment}:countTokens`;
  return `/v1beta/models/${segment}:${isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
}
