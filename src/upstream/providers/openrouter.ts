/** The provider kind `openrouter`: many vendors' models behind one chat-completions API; ids are `vendor/model[:variant]`. */
import type { ProviderKind } from '../provider.ts';
import { COMPLETIONS, relaysOf } from '../relays.ts';
import { bearer, openaiPath } from './openai-compatible.ts';

export const openrouter: ProviderKind = {
  id: 'openrouter',
  formats: ['openai-chat'],
  defaultBaseUrl: 'https://openrouter.ai/api/v1',
  credentialEnv: ['OPENROUTER_API_KEY'],
  needsCredential: true,
  catalogProvider: 'openrouter',
  path: openaiPath,
  relays: relaysOf(COMPLETIONS),
  authHeaders: bearer,
  // It depends on who serves the model behind it, which is not known before the answer.
  cancelStopsBilling: false,
};
