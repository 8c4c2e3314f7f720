/** The provider kind `openai`: chat completions and responses of api.openai.com. */
import type { FormatId } from '../../wire/chat.ts';
import type { ProviderKind } from '../provider.ts';
import { openaiRelays } from '../relays.ts';
import { bearer, openaiPath } from './openai-compatible.ts';

const FORMATS: readonly FormatId[] = ['openai-chat', 'openai-responses'];

/**
 * Models that think first: only Responses gives their thoughts back, encrypted, for the next turn, and the newest are
 * served nowhere else. Clients of chat completions are relayed to them all the same.
 */
function isReasoner(model: string): boolean {
  return /^(o\d|gpt-5(?!.*chat)|codex|computer-use)|(-codex|-deep-research)/.test(model);
}

export const openai: ProviderKind = {
  id: 'openai',
  formats: FORMATS,
  formatsOf: (model) => (isReasoner(model) ? [...FORMATS].reverse() : FORMATS),
  defaultBaseUrl: 'https://api.openai.com/v1',
  credentialEnv: ['OPENAI_API_KEY'],
  needsCredential: true,
  catalogProvider: 'openai',
  path: openaiPath,
  relays: openaiRelays,
  authHeaders: bearer,
  cancelStopsBilling: true,
};
