/** The provider kind `openai`: chat completions and responses of api.openai.com. */
import type { FormatId } from '../../wire/chat.ts';
import type { Operation, ProviderKind } from '../provider.ts';
import { openaiRelays } from '../relays.ts';
import { bearer, chatPath } from './openai-compatible.ts';

const RESPONSES_PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/responses',
  'count-tokens': '/responses/input_tokens',
  'list-models': '/models',
};

export const openai: ProviderKind = {
  id: 'openai',
  formats: ['openai-chat', 'openai-responses'],
  defaultBaseUrl: 'https://api.openai.com/v1',
  credentialEnv: ['OPENAI_API_KEY'],
  needsCredential: true,
  catalogProvider: 'openai',
  path: (format: FormatId, operation: Operation) =>
    format === 'openai-responses' ? RESPONSES_PATHS[operation] : chatPath(format, operation),
  relays: openaiRelays,
  authHeaders: bearer,
  cancelStopsBilling: true,
};
