/** The provider kind `sandbox`: simulated models inside this process, without network, key or bill. */
import type { FormatId } from '../../wire/chat.ts';
import { formats } from '../../wire/formats.ts';
import type { ProviderKind } from '../provider.ts';
import { pathOf } from '../sandbox/endpoint.ts';
import { DIRECTIVE_HEADER } from '../sandbox/engine.ts';

export const sandbox: ProviderKind = {
  id: 'sandbox',
  formats: Object.keys(formats) as FormatId[],
  defaultBaseUrl: 'sandbox:',
  credentialEnv: [],
  needsCredential: false,
  catalogProvider: 'sandbox',
  path: pathOf,
  authHeaders: () => ({}),
  cancelStopsBilling: true,
  // Orders to the simulation, for clients whose prompt is not theirs to write.
  forwardedHeaders: [DIRECTIVE_HEADER],
};
