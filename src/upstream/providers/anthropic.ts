/** The provider kind `anthropic`: Messages, token counting and the model list of api.anthropic.com and its doubles. */
import type { Operation, ProviderKind } from '../provider.ts';
import { anthropicRelays } from '../relays.ts';

/** Sent when the client names no version. The API refuses requests without one, and this is the only version there is. */
const DEFAULT_VERSION = '2023-06-01';

const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  chat: '/v1/messages',
  'count-tokens': '/v1/messages/count_tokens',
  'list-models': '/v1/models',
};

export const anthropic: ProviderKind = {
  id: 'anthropic',
  formats: ['anthropic-messages'],
  defaultBaseUrl: 'https://api.anthropic.com',
  credentialEnv: ['ANTHROPIC_API_KEY'],
  needsCredential: true,
  catalogProvider: 'anthropic',
  path: (format, operation) => (format === 'anthropic-messages' ? PATHS[operation] : undefined),
  relays: anthropicRelays,
  authHeaders: (credential) => ({
    'anthropic-version': DEFAULT_VERSION,
    ...(credential && { 'x-api-key': credential.reveal() }),
  }),
  cancelStopsBilling: true,
};
