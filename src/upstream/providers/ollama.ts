/**
 * The provider kind `ollama`: models on the operator's own machines, by Ollama's own API.
 *
 * The server has OpenAI's chat completions too, below `/v1`, and they are left alone on purpose: there a request has
 * no way to say how large its context window must be, so the server takes its default, which is 4096 tokens on most
 * machines, and cuts what does not fit without a word. In its own API it is told (`wire/ollama-chat/window.ts`), and
 * clients of every other format are translated to that. For the same reason legacy completions are not passed on.
 * Embeddings do not grow with a conversation, so `/v1` serves those to clients of OpenAI's API.
 */
import type { FormatId } from '../../wire/chat.ts';
import type { Operation, ProviderKind } from '../provider.ts';
import { bearer } from './openai-compatible.ts';

const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/api/chat',
  'list-models': '/api/tags',
  embeddings: '/api/embed',
};

export const ollama: ProviderKind = {
  id: 'ollama',
  formats: ['ollama-chat'],
  // The server's root, as in `OLLAMA_HOST`.
  defaultBaseUrl: 'http://127.0.0.1:11434',
  credentialEnv: [],
  // One is sent if given: Ollama's cloud and proxies in front of a server of one's own want it.
  needsCredential: false,
  catalogProvider: 'local',
  path: pathOf,
  authHeaders: bearer,
  cancelStopsBilling: true,
};

function pathOf(format: FormatId, operation: Operation): string | undefined {
  if (format === 'openai-chat') return operation === 'embeddings' ? '/v1/embeddings' : undefined;
  return format === 'ollama-chat' ? PATHS[operation] : undefined;
}
