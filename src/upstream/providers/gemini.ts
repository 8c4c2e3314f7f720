/** The provider kind `gemini`: Google's Gemini API (generativelanguage.googleapis.com) by an API key. */
import type { FormatId } from '../../wire/chat.ts';
import { pathSegment } from '../path-segment.ts';
import type { Operation, PathTarget, ProviderKind } from '../provider.ts';
import { geminiRelays } from '../relays.ts';

/** Collections a model's name may begin with; without one it is a model. */
const COLLECTION = /^(models|tunedModels)\/(.+)$/s;

type Method = (target: PathTarget) => string;

const METHODS: Readonly<Record<Exclude<Operation, 'list-models'>, Method>> = {
  chat: ({ isStream }) => (isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'),
  'count-tokens': () => 'countTokens',
  embeddings: () => 'embedContent',
};

export const gemini: ProviderKind = {
  id: 'gemini',
  formats: ['gemini-generate'],
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  credentialEnv: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  needsCredential: true,
  catalogProvider: 'google',
  path: geminiPath,
  relays: geminiRelays,
  authHeaders: (credential) => (credential ? { 'x-goog-api-key': credential.reveal() } : {}),
  // Not documented.
  cancelStopsBilling: false,
};

function geminiPath(format: FormatId, operation: Operation, target: PathTarget): string | undefined {
  if (format !== 'gemini-generate') return undefined;
  if (operation === 'list-models') return '/models';
  const [, collection = 'models', name = target.model] = COLLECTION.exec(target.model) ?? [];
  const segment = pathSegment(name);
  return segment === undefined ? undefined : `/${collection}/${segment}:${geminiMethod(operation, target)}`;
}

/** What stands after the colon, with its query; Vertex names its methods the same. */
export function geminiMethod(operation: Exclude<Operation, 'list-models'>, target: PathTarget): string {
  return METHODS[operation](target);
}
