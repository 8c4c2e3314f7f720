/** The provider kind `openai`: chat completions and responses of api.openai.com. */
import type { ProviderKind } from '../provider.ts';
import { openaiRelays } from '../relays.ts';
import { bearer, openaiPath } from './openai-compatible.ts';

export const openai: ProviderKind = {
  id: 'openai',
  formats: ['openai-chat', 'openai-responses'],
  defaultBaseUrl: 'https://api.openai.com/v1',
  credentialEnv: ['OPENAI_API_KEY'],
  needsCredential: true,
  catalogProvider: 'openai',
  path: openaiPath,
  relays: openaiRelays,
  authHeaders: bearer,
  cancelStopsBilling: true,
};
