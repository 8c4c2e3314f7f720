/**
 * The provider kind `vertex`: models on Google Cloud's Vertex AI, each family in its own format: Gemini in Gemini's,
 * Claude in Anthropic's (`rawPredict`), and other publishers' in OpenAI's chat format. Checked against what Google's and
 * Anthropic's own SDKs send, never against the live service.
 */
import type { Secret } from '../../base/secret.ts';
import type { FormatId } from '../../wire/chat.ts';
import { createGoogleIdentity, isGoogleApiKey, isGoogleJson, projectOf } from '../cloud/google-identity.ts';
import { pathSegment } from '../path-segment.ts';
import type {
  BodyRule,
  Environment,
  Operation,
  PathTarget,
  PlaceInput,
  Placement,
  ProviderKind,
} from '../provider.ts';
import { claudeVersion } from './claude-version.ts';
import { geminiMethod } from './gemini.ts';

const ANTHROPIC_VERSION = 'vertex-2023-10-16';

const CLAUDE_RULE: BodyRule = {
  removed: ['model'],
  added: { anthropic_version: ANTHROPIC_VERSION },
  fromHeaders: {},
  version: claudeVersion,
};
/** The count's path names no model, so the body does. */
const CLAUDE_COUNT_RULE: BodyRule = { ...CLAUDE_RULE, removed: [] };

/** A field of the Gemini API alone; here the tier is a header. */
const GEMINI_RULE: BodyRule = { removed: ['serviceTier'], added: {}, fromHeaders: {} };

export const vertex: ProviderKind = {
  id: 'vertex',
  formats: ['gemini-generate', 'anthropic-messages', 'openai-chat'],
  defaultBaseUrl: 'https://{location}-aiplatform.googleapis.com',
  credentialEnv: ['GOOGLE_ACCESS_TOKEN'],
  needsCredential: false,
  catalogProvider: 'vertex',
  formatsOf: (model) => [familyOf(model).format],
  path: vertexPath,
  authHeaders,
  // Not documented.
  cancelStopsBilling: false,
  isReseller: true,
  // It stands in the body.
  withheldHeaders: ['anthropic-version'],
  settings: ['project', 'location'],
  place,
  isAnnounced,
  // Google's own, which are Gemini's.
  hasOwnErrors: (format) => format !== 'gemini-generate',
  bodyRule(format, operation) {
    if (format === 'gemini-generate') return GEMINI_RULE;
    if (format !== 'anthropic-messages') return undefined;
    return operation === 'count-tokens' ? CLAUDE_COUNT_RULE : CLAUDE_RULE;
  },
  createAuthorizer({ credential, credentials }, means) {
    if (credential && !isGoogleJson(credential)) return { headersFor: () => ({}) };
    const isVaulted = credentials.some(({ secret, source }) => secret === credential && source === 'vault');
    const identity = createGoogleIdentity(credential, { ...means, isVaulted });
    return { headersFor: () => identity.current() };
  },
};

/** With an API key and no project (Google calls it express mode) only Google's own models are served. */
const express: ProviderKind = {
  ...vertex,
  formats: ['gemini-generate'],
  formatsOf: () => ['gemini-generate'],
};

interface Family {
  readonly format: FormatId;
  /** The name that stands in the path. */
  readonly name: string;
}

/** `publisher/model`, or `publishers/publisher/models/model` as Google writes it out. */
const PUBLISHED = /^(?:publishers\/)?([^/]+)\/(?:models\/)?(.+)$/s;

/** A model tuned or deployed by the operator. */
const ENDPOINT = /^endpoints\/[^/]+$/;

function familyOf(model: string): Family {
  if (ENDPOINT.test(model)) return { format: 'gemini-generate', name: model };
  const [, publisher, name = model] = PUBLISHED.exec(model) ?? [];
  if (publisher === 'anthropic' || (publisher === undefined && name.startsWith('claude'))) {
    return { format: 'anthropic-messages', name };
  }
  if (publisher === undefined || publisher === 'google') return { format: 'gemini-generate', name };
  return { format: 'openai-chat', name: model };
}

/** Below the base URL, which ends in project and location. */
function vertexPath(format: FormatId, operation: Operation, target: PathTarget): string | undefined {
  const family = familyOf(target.model);
  switch (format) {
    case 'gemini-generate':
      return geminiPath(family, operation, target);
    case 'anthropic-messages':
      return claudePath(family, operation, target);
    case 'openai-chat':
      return operation === 'chat' ? '/endpoints/openapi/chat/completions' : undefined;
    default:
      return undefined;
  }
}

function geminiPath({ name }: Family, operation: Operation, target: PathTarget): string | undefined {
  // Embeddings have another body here than in the Gemini API, and models are listed elsewhere.
  if (operation === 'list-models' || operation === 'embeddings') return undefined;
  const method = geminiMethod(operation, target);
  if (ENDPOINT.test(name)) {
    const endpoint = pathSegment(name.slice('endpoints/'.length));
    return endpoint && `/endpoints/${endpoint}:${method}`;
  }
  const segment = pathSegment(name);
  return segment && `/publishers/google/models/${segment}:${method}`;
}

function claudePath({ name }: Family, operation: Operation, { isStream }: PathTarget): string | undefined {
  const models = '/publishers/anthropic/models';
  if (operation === 'count-tokens') return `${models}/count-tokens:rawPredict`;
  const segment = operation === 'chat' ? pathSegment(name) : undefined;
  return segment && `${models}/${segment}:${isStream ? 'streamRawPredict' : 'rawPredict'}`;
}

/** A key says what it is; anything else that is no JSON is an access token. */
function authHeaders(credential: Secret | undefined): Readonly<Record<string, string>> {
  if (!credential || isGoogleJson(credential)) return {};
  if (isGoogleApiKey(credential)) return { 'x-goog-api-key': credential.reveal() };
  return { authorization: `Bearer ${credential.reveal()}` };
}

const PROJECT = /^[a-zA-Z0-9][a-zA-Z0-9.:-]*$/;
const LOCATION = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function place({ baseUrl, settings, environment, credential }: PlaceInput): Placement {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const project = settings.project ?? projectOf(credential) ?? projectIn(environment);
  const location = settings.location ?? read('GOOGLE_CLOUD_LOCATION') ?? read('CLOUD_ML_REGION') ?? 'global';
  if (!LOCATION.test(location)) {
    return { ok: false, problem: 'location must be one of Google Cloud, such as us-east5, eu or global' };
  }
  const root = versioned(baseUrl ?? `https://${hostOf(location)}`);
  if (root.includes('/projects/')) return { ok: true, baseUrl: root, kind: vertex };
  if (project === undefined) {
    return isGoogleApiKey(credential)
      ? { ok: true, baseUrl: baseUrl ? root : versioned(`https://${hostOf('global')}`), kind: express }
      : { ok: false, problem: 'no project; set project or GOOGLE_CLOUD_PROJECT' };
  }
  if (!PROJECT.test(project))
    return { ok: false, problem: 'project must be the id of a Google Cloud project' };
  return { ok: true, baseUrl: `${root}/projects/${project}/locations/${location}`, kind: vertex };
}

function projectIn(environment: Environment): string | undefined {
  return (
    environment.GOOGLE_CLOUD_PROJECT?.trim() || environment.ANTHROPIC_VERTEX_PROJECT_ID?.trim() || undefined
  );
}

/** Two spellings of one address: Google's SDK is given it without the version, Anthropic's with. */
function versioned(baseUrl: string): string {
  const root = baseUrl.replace(/\/+$/, '');
  return /\/v\d+[a-z0-9]*(\/|$)/.test(root) ? root : `${root}/v1`;
}

const MULTI_REGIONS: ReadonlySet<string> = new Set(['us', 'eu']);

function hostOf(location: string): string {
  if (location === 'global') return 'aiplatform.googleapis.com';
  if (MULTI_REGIONS.has(location)) return `aiplatform.${location}.rep.googleapis.com`;
  return `${location}-aiplatform.googleapis.com`;
}

/** A project alone is set on many machines that have nothing to do with Vertex; with a credential, or in the words of Claude Code, it is meant. */
function isAnnounced(environment: Environment): boolean {
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  if (isSet('ANTHROPIC_VERTEX_PROJECT_ID')) return true;
  const hasCredential = isSet('GOOGLE_APPLICATION_CREDENTIALS') || isSet('GOOGLE_ACCESS_TOKEN');
  return hasCredential && isSet('GOOGLE_CLOUD_PROJECT');
}
