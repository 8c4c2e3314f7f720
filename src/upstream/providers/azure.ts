/**
 * The provider kind `azure`: OpenAI's models as deployments of an Azure resource (Azure OpenAI, Foundry). A model's name
 * is the deployment's. The v1 API is OpenAI's below `/openai/v1`; the classic one has the deployment in its path and
 * wants a dated version. Checked against Microsoft's documentation, never against the live service.
 */
import type { Secret } from '../../base/secret.ts';
import type { FormatId } from '../../wire/chat.ts';
import { createEntraIdentity, hasEntraClient } from '../cloud/entra-identity.ts';
import { pathSegment } from '../path-segment.ts';
import type { Environment, Operation, PlaceInput, Placement, ProviderKind } from '../provider.ts';
import { openaiRelays } from '../relays.ts';

type Paths = Readonly<Partial<Record<FormatId, Readonly<Partial<Record<Operation, string>>>>>>;

const V1_PATHS: Paths = {
  'openai-chat': {
    chat: '/openai/v1/chat/completions',
    embeddings: '/openai/v1/embeddings',
    'list-models': '/openai/v1/models',
  },
  'openai-responses': { chat: '/openai/v1/responses', 'list-models': '/openai/v1/models' },
};

/** `{}` is the deployment. */
const CLASSIC_PATHS: Paths = {
  'openai-chat': {
    chat: '/openai/deployments/{}/chat/completions',
    embeddings: '/openai/deployments/{}/embeddings',
    'list-models': '/openai/models',
  },
  'openai-responses': { chat: '/openai/responses', 'list-models': '/openai/models' },
};

const CREDENTIAL_VARIABLES = ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY', 'AZURE_OPENAI_AD_TOKEN'];

/** With a version of the classic API its paths are used; `v1` and none mean the v1 API. */
const CLASSIC_VERSION = /^20\d\d-\d\d-\d\d(-preview)?$/;
const V1_VERSIONS: ReadonlySet<string> = new Set(['', 'v1', 'latest']);

export const azure: ProviderKind = azureKind(V1_PATHS, '');

function azureKind(paths: Paths, query: string): ProviderKind {
  return {
    id: 'azure',
    formats: ['openai-chat', 'openai-responses'],
    defaultBaseUrl: 'https://{resource}.openai.azure.com',
    credentialEnv: CREDENTIAL_VARIABLES,
    needsCredential: true,
    catalogProvider: 'azure',
    path(format, operation, { model }) {
      const path = paths[format]?.[operation];
      if (!path?.includes('{}')) return path && path + query;
      const deployment = pathSegment(model);
      return deployment && path.replace('{}', () => deployment) + query;
    },
    // The classic API has the deployment in the path of each of these calls too.
    ...(paths === V1_PATHS && { relays: { ...openaiRelays, prefix: '/openai/v1' } }),
    authHeaders,
    // Not documented.
    cancelStopsBilling: false,
    isReseller: true,
    settings: ['apiVersion'],
    place,
    isAnnounced: (environment) =>
      CREDENTIAL_VARIABLES.some((name) => environment[name]?.trim()) ||
      (hasEntraClient(environment) && addressIn(environment) !== undefined),
  };
}

/** A token of Entra's is a JSON web token, which no key looks like. */
function authHeaders(credential: Secret | undefined): Readonly<Record<string, string>> {
  if (!credential) return {};
  const text = credential.reveal();
  return /^eyJ[\w-]+\.[\w-]+\./.test(text) ? { authorization: `Bearer ${text}` } : { 'api-key': text };
}

function place(input: PlaceInput): Placement {
  const { environment, settings, credential } = input;
  const baseUrl = input.baseUrl ?? (input.isNamesake ? addressIn(environment) : undefined);
  if (!baseUrl) {
    const variables = input.isNamesake ? ', AZURE_OPENAI_ENDPOINT or AZURE_RESOURCE_NAME' : '';
    return { ok: false, problem: `no address; set base_url${variables}` };
  }
  const version =
    settings.apiVersion ??
    (input.isNamesake ? environment.AZURE_OPENAI_API_VERSION?.trim() : undefined) ??
    '';
  const isClassic = CLASSIC_VERSION.test(version);
  if (!isClassic && !V1_VERSIONS.has(version)) {
    return { ok: false, problem: 'api_version must be a date such as 2024-10-21, or v1' };
  }
  const kind = isClassic ? azureKind(CLASSIC_PATHS, `?api-version=${version}`) : azure;
  return {
    ok: true,
    // As OpenAI's SDK is given it, the address has the API's path already.
    baseUrl: baseUrl.replace(/\/+$/, '').replace(/\/openai(\/v1)?$/, ''),
    kind: !credential && hasEntraClient(environment) ? withEntra(kind) : kind,
  };
}

/** No key is needed where an identity is in the environment, which serves every provider of the kind. */
function withEntra(kind: ProviderKind): ProviderKind {
  return {
    ...kind,
    needsCredential: false,
    createAuthorizer(_provider, means) {
      const identity = createEntraIdentity(means);
      return { headersFor: () => identity.current() };
    },
  };
}

function addressIn(environment: Environment): string | undefined {
  const endpoint = environment.AZURE_OPENAI_ENDPOINT?.trim();
  if (endpoint) return endpoint;
  const resource = environment.AZURE_RESOURCE_NAME?.trim();
  return resource ? `https://${encodeURIComponent(resource)}.openai.azure.com` : undefined;
}
