/** Questions to an OpenID Connect issuer: where it is, its keys, a code's tokens. Answers are read with care. */
import type { IssuerSettings } from '../base/sign-in-settings.ts';

/** The issuer is at fault, or cannot be reached; the message holds no secret. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
}

/** Where an issuer answers what. */
export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly keys: string;
  readonly userinfo: string | undefined;
  /** It takes our secret in the body only. */
  readonly isSecretInBody: boolean;
}

export interface Tokens {
  readonly idToken: string;
  readonly accessToken: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Issuers answer in well under a second; a person waits. */
const TIMEOUT_MS = 10_000;
/** The largest sets of keys are some 20 KB. */
const MAX_ANSWER_BYTES = 256 * 1024;

export async function discover(ask: typeof fetch, { issuer }: IssuerSettings): Promise<Endpoints> {
  const found = await askJson(ask, `${issuer}/.well-known/openid-configuration`, {});
  // Else any issuer could speak for any other.
  if (found.issuer !== issuer && found.issuer !== `${issuer}/`)
    throw new IssuerError('the issuer calls itself by another name than the configuration does');
  const at = (name: string): string => {
    const url = found[name];
    if (typeof url !== 'string' || !isItsOwn(url, issuer))
      throw new IssuerError(`the issuer names no ${name} that can be used`);
    return url;
  };
  const methods = found.token_endpoint_auth_methods_supported;
  return {
    authorization: at('authorization_endpoint'),
    token: at('token_endpoint'),
    keys: at('jwks_uri'),
    userinfo: found.userinfo_endpoint === undefined ? undefined : at('userinfo_endpoint'),
    isSecretInBody:
      Array.isArray(methods) &&
      methods.includes('client_secret_post') &&
      !methods.includes('client_secret_basic'),
  };
}

/**
 * The host the operator named, or another one over https by its name: an issuer's word must not lead us to a machine of
 * our own network, which has an address and no certificate.
 */
function isItsOwn(text: string, issuer: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const named = new URL(issuer);
  if (url.username || url.password || url.hash) return false;
  if (url.protocol === named.protocol && url.host === named.host) return true;
  const isAddress = /^[\d.]+$|^\[/.test(url.hostname);
  return url.protocol === 'https:' && url.port === '' && !isAddress && url.hostname.includes('.');
}

export interface CodeExchange {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

export async function exchangeCode(
  ask: typeof fetch,
  { clientId, clientSecret }: IssuerSettings,
  { token, isSecretInBody }: Endpoints,
  { code, verifier, redirectUri }: CodeExchange,
): Promise<Tokens> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  const headers: Record<string, string> = {};
  const secret = clientSecret?.reveal();
  if (secret === undefined || isSecretInBody) {
    form.set('client_id', clientId);
    if (secret !== undefined) form.set('client_secret', secret);
  } else {
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  const answer = await askJson(ask, token, { method: 'POST', headers, body: form });
  const { id_token: idToken, access_token: accessToken } = answer;
  if (typeof idToken !== 'string') throw new IssuerError('the issuer gave no id_token');
  return { idToken, accessToken: typeof accessToken === 'string' ? accessToken : undefined };
}

export async function askUserinfo(ask: typeof fetch, url: string, accessToken: string): Promise<Fields> {
  return askJson(ask, url, { headers: { authorization: `Bearer ${accessToken}` } });
}

/** @throws {IssuerError} */
export async function askJson(
  ask: typeof fetch,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
): Promise<Fields> {
  const { host } = new URL(url);
  try {
    const answer = await ask(url, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      // Nobody but the operator says whom we ask.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw new IssuerError(`${host} answered ${answer.status}`);
    }
    const value: unknown = JSON.parse(await readText(answer));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    throw new IssuerError(`${host} answered with something else than an object`);
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new IssuerError(
      isLate ? `${host} did not answer in time` : `${host} could not be asked, or its answer not be read`,
      { cause: error },
    );
  }
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new IssuerError('the answer is longer than any issuer\u2019s');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
