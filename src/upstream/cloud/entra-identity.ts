/**
 * Azure by an identity of Microsoft Entra: tokens for a client id and secret (the OAuth client-credentials grant),
 * from the environment variables that Microsoft's own libraries read. Checked against their documentation and a
 * server of ours, never against the live service.
 */
import type { AuthorizerMeans, Environment } from '../provider.ts';
import { createLease, type Lease, type Lent } from './lease.ts';

interface Client {
  /** Address of the login server, without a trailing slash. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}

const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com';
/** Of the public cloud; it covers Azure OpenAI and Foundry alike. */
const SCOPE = 'https://cognitiveservices.azure.com/.default';
/** The login server answers within a second; three of them in a row, or none. */
const ANSWER_MS = 10_000;
/** Tokens have about 2,000 characters; an error has a page of text. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_REASON_CHARS = 300;

/** All three variables are set. */
export function hasEntraClient(environment: Environment): boolean {
  return clientOf(environment) !== undefined;
}

/** Headers with a token that is fetched when first asked for. */
export function createEntraIdentity(means: AuthorizerMeans): Lease<Readonly<Record<string, string>>> {
  const client = clientOf(means.environment);
  return createLease(() => fetchToken(client, means), means.clock);
}

function clientOf(environment: Environment): Client | undefined {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const tenantId = read('AZURE_TENANT_ID');
  const clientId = read('AZURE_CLIENT_ID');
  const secret = read('AZURE_CLIENT_SECRET');
  if (!tenantId || !clientId || !secret) return undefined;
  const authority = (read('AZURE_AUTHORITY_HOST') ?? PUBLIC_AUTHORITY).replace(/\/+$/, '');
  return { authority, tenantId, clientId, secret };
}

async function fetchToken(
  client: Client | undefined,
  { clock, ...means }: AuthorizerMeans,
): Promise<Lent<Readonly<Record<string, string>>>> {
  if (!client) throw new Error('AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not all set');
  refuseCleartext(client.authority);
  const response = await askLogin(client, means.fetch ?? fetch);
  const answer = readAnswer(await readText(response));
  if (!response.ok || typeof answer.access_token !== 'string') {
    throw new Error(`Entra gave no token: ${reasonOf(answer, response.status)}`);
  }
  const seconds = Number(answer.expires_in);
  const expiresAtMs = seconds > 0 ? clock.now() + seconds * 1000 : undefined;
  return { value: { authorization: `Bearer ${answer.access_token}` }, expiresAtMs };
}

async function askLogin(client: Client, send: typeof fetch): Promise<Response> {
  return send(`${client.authority}/${encodeURIComponent(client.tenantId)}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.secret,
      scope: SCOPE,
    }).toString(),
    // A secret is not sent on to wherever an answer points.
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: Error & { readonly cause?: { readonly code?: string } }) => {
    // What fetch says itself is no more than that it failed.
    throw new Error(`Entra could not be reached: ${error.cause?.code ?? error.message}`);
  });
}

/** A client secret goes over TLS, or stays on this machine. */
function refuseCleartext(authority: string): void {
  const url = URL.canParse(authority) ? new URL(authority) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return;
  throw new Error('AZURE_AUTHORITY_HOST must be an https URL');
}

interface Answer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
}

function readAnswer(text: string): Answer {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`Entra answered with more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The first line of the description says what is wrong; the rest are ids for Microsoft's support. */
function reasonOf({ error, error_description: description }: Answer, status: number): string {
  const line = typeof description === 'string' ? description.split(/\r?\n/)[0]! : '';
  const code = typeof error === 'string' ? error : `status ${status}`;
  return (line === '' ? code : `${code}: ${line}`).slice(0, MAX_REASON_CHARS);
}
