/** The provider kind `openai-compatible`: any server that speaks chat completions below a base URL, and what its relatives share. */
import type { Secret } from '../../base/secret.ts';
import type { FormatId } from '../../wire/chat.ts';
import type { Operation, ProviderKind } from '../provider.ts';
import { compatibleRelays } from '../relays.ts';

export const openaiCompatible: ProviderKind = {
  id: 'openai-compatible',
  formats: ['openai-chat'],
  // There is no house of this name: the operator says where it is.
  defaultBaseUrl: '',
  credentialEnv: [],
  needsCredential: false,
  catalogProvider: 'openai-compatible',
  path: openaiPath,
  relays: compatibleRelays,
  authHeaders: bearer,
  // Servers people run themselves (vLLM, llama.cpp, SGLang, TGI) stop generating when the connection is cut.
  cancelStopsBilling: true,
};

/** Below a base URL that ends in the API's version, as the vendor's SDK takes it. */
export function openaiPath(format: FormatId, operation: Operation): string | undefined {
  if (format === 'openai-responses') return RESPONSES_PATHS[operation];
  return format === 'openai-chat' ? CHAT_PATHS[operation] : undefined;
}

const CHAT_PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/chat/completions',
  'list-models': '/models',
  embeddings: '/embeddings',
};

/** Served by a growing number of servers beside OpenAI's own; spoken where the operator says so. */
const RESPONSES_PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/responses',
  'count-tokens': '/responses/input_tokens',
  'list-models': '/models',
};

export function bearer(credential: Secret | undefined): Readonly<Record<string, string>> {
  return credential ? { authorization: `Bearer ${credential.reveal()}` } : {};
}
