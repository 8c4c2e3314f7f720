/**
 * Google Cloud by its own identities: a service account's key, workload identity, or what `gcloud` and the machines of
 * Google hold (Application Default Credentials). Google's library finds and trades them; it is loaded when first
 * needed. Checked against the library and servers of ours, never against the live service.
 */
import type { AuthClient, GoogleAuthOptions } from 'google-auth-library';
import type { Secret } from '../../base/secret.ts';
import type { AuthorizerMeans } from '../provider.ts';
import { createLease, type Lease, type Lent } from './lease.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const MAX_REASON_CHARS = 300;

/** A service account's key, or another credential file's JSON, as text. */
export function isGoogleJson(credential: Secret | undefined): boolean {
  return credential?.reveal().trimStart().startsWith('{') ?? false;
}

/** `AIza…`, or the newer `AQ.…`: a key, where others are tokens. */
export function isGoogleApiKey(credential: Secret | undefined): boolean {
  return credential !== undefined && /^(AIza|AQ\.)/.test(credential.reveal());
}

/** Project a credential's JSON belongs to; undefined = it names none, or is no JSON. */
export function projectOf(credential: Secret | undefined): string | undefined {
  const json = credential && isGoogleJson(credential) ? readJson(credential) : undefined;
  const project = json?.project_id ?? json?.quota_project_id;
  return typeof project === 'string' && project !== '' ? project : undefined;
}

function readJson(credential: Secret): Record<string, unknown> | undefined {
  try {
    return JSON.parse(credential.reveal()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export interface GoogleMeans extends AuthorizerMeans {
  /** The credential came in through the API: only what leads to Google itself is read of it. */
  readonly isVaulted?: boolean;
}

/**
 * What the library is given of a credential that came in through the API. Other types of file (`external_account` and
 * its like) name addresses to ask, files to read and programs to run, and a universe is somebody's own domain.
 */
const VAULTED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  service_account: ['project_id', 'private_key_id', 'private_key', 'client_email', 'client_id'],
  authorized_user: ['client_id', 'client_secret', 'refresh_token', 'quota_project_id'],
};

function vaultedFields(json: Record<string, unknown>): Record<string, unknown> {
  const { type } = json;
  const fields =
    typeof type === 'string' && Object.hasOwn(VAULTED_FIELDS, type) ? VAULTED_FIELDS[type] : undefined;
  if (!fields)
    throw new Error('of the vault, only keys of service accounts and of authorized users are used');
  return { type, ...Object.fromEntries(fields.map((name) => [name, json[name]])) };
}

/** Headers with a token that is fetched when first asked for: by the JSON in `credential`, else by the default credentials. */
export function createGoogleIdentity(
  credential: Secret | undefined,
  means: GoogleMeans,
): Lease<Readonly<Record<string, string>>> {
  let client: AuthClient | undefined;
  const fetchHeaders = async (): Promise<Lent<Readonly<Record<string, string>>>> => {
    try {
      client ??= await findClient(credential, means);
      return await headersOf(client);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_CHARS);
      throw new Error(`Google gave no token: ${reason}`);
    }
  };
  return createLease(fetchHeaders, means.clock);
}

async function findClient(credential: Secret | undefined, means: GoogleMeans): Promise<AuthClient> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth(optionsOf(credential, means)).getClient();
}

function optionsOf(credential: Secret | undefined, means: GoogleMeans): GoogleAuthOptions {
  const file = means.environment.GOOGLE_APPLICATION_CREDENTIALS?.trim();
  const options: GoogleAuthOptions = {
    scopes: SCOPE,
    ...(means.fetch && { clientOptions: { transporterOptions: { fetchImplementation: means.fetch } } }),
  };
  if (credential && isGoogleJson(credential)) {
    const credentials = readJson(credential);
    if (!credentials) throw new Error('api_key begins like JSON but is none');
    return { ...options, credentials: means.isVaulted ? vaultedFields(credentials) : credentials };
  }
  return file ? { ...options, keyFilename: file } : options;
}

async function headersOf(client: AuthClient): Promise<Lent<Readonly<Record<string, string>>>> {
  const headers = await client.getRequestHeaders();
  const authorization = headers.get('authorization');
  if (!authorization) throw new Error('its library made no authorization header');
  // Credentials of a person have no project of their own: the call is counted against the one they name.
  const payer = headers.get('x-goog-user-project');
  return {
    value: { authorization, ...(payer && { 'x-goog-user-project': payer }) },
    expiresAtMs: client.credentials.expiry_date ?? undefined,
  };
}
