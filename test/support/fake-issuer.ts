/** A small OpenID Connect issuer on this machine: signs in whoever it is told to, and can misbehave. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface FakeIssuer {
  readonly url: string;
  /** Claims of who signs in there; what is wrong with the answers. */
  person: Record<string, unknown>;
  faults: {
    /** Of the token: replaces what would be there. */
    claims?: Record<string, unknown>;
    /** Sends this path's caller elsewhere. */
    redirect?: { readonly path: string; readonly to: string };
    discovery?: Record<string, unknown>;
    signsWith?: 'another key' | 'our secret' | 'nothing';
  };
  /** `METHOD path` of all requests. */
  readonly asked: string[];
  /** Signs in from now on with a new key, under another name. */
  changeKey(): Promise<void>;
  close(): Promise<void>;
}

export const CLIENT_ID = 'turnpike';
export const CLIENT_SECRET = 'a secret of the issuer and us';

interface Visit {
  readonly redirectUri: string;
  readonly nonce: string;
  readonly challenge: string;
}

export async function openFakeIssuer(): Promise<FakeIssuer> {
  const state: State = {
    visits: new Map(),
    keys: await makeKeys('key-1'),
    stranger: await makeKeys('key-1'),
  };
  const issuer: FakeIssuer = {
    url: '',
    person: { sub: 'ada-1', email: 'ada@example.com', email_verified: true, name: 'Ada' },
    faults: {},
    asked: [],
    async changeKey() {
      state.keys = await makeKeys('key-2');
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', issuer.url);
    issuer.asked.push(`${request.method} ${url.pathname}`);
    const { redirect } = issuer.faults;
    if (redirect?.path === url.pathname) return void response.writeHead(302, { location: redirect.to }).end();
    const handler = handlers[url.pathname];
    if (!handler) return void response.writeHead(404).end();
    await handler({ issuer, state, url, request, response });
  };
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(issuer, { url: `http://127.0.0.1:${port}` });
}

interface State {
  readonly visits: Map<string, Visit>;
  keys: Keys;
  readonly stranger: Keys;
}

interface Question {
  readonly issuer: FakeIssuer;
  readonly state: State;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const handlers: Readonly<Record<string, (question: Question) => Promise<void> | void>> = {
  '/.well-known/openid-configuration': ({ issuer, response }) =>
    json(response, {
      issuer: issuer.url,
      authorization_endpoint: `${issuer.url}/authorize`,
      token_endpoint: `${issuer.url}/token`,
      jwks_uri: `${issuer.url}/keys`,
      userinfo_endpoint: `${issuer.url}/userinfo`,
      ...issuer.faults.discovery,
    }),
  '/keys': ({ state, response }) => json(response, { keys: [state.keys.publicKey] }),
  '/authorize'({ state, url: { searchParams: asked }, response }) {
    const code = randomBytes(16).toString('hex');
    const redirectUri = asked.get('redirect_uri')!;
    const visit = { redirectUri, nonce: asked.get('nonce')!, challenge: asked.get('code_challenge')! };
    state.visits.set(code, visit);
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state')!);
    response.writeHead(302, { location: back.href }).end();
  },
  '/token': giveTokens,
  '/userinfo': ({ issuer, request, response }) =>
    request.headers.authorization === 'Bearer opaque'
      ? json(response, { ...issuer.person, email: 'info@example.com', email_verified: true })
      : json(response, {}, 401),
};

async function giveTokens({ issuer, state, request, response }: Question): Promise<void> {
  const form = new URLSearchParams(await textOf(request));
  const basic = (request.headers.authorization ?? '').replace('Basic ', '');
  const pair = Buffer.from(basic, 'base64').toString();
  const code = form.get('code') ?? '';
  const visit = state.visits.get(code);
  state.visits.delete(code);
  const verifier = form.get('code_verifier') ?? '';
  const isGood =
    pair === `${CLIENT_ID}:${encodeURIComponent(CLIENT_SECRET)}` &&
    visit?.challenge === createHash('sha256').update(verifier).digest('base64url') &&
    visit.redirectUri === form.get('redirect_uri');
  if (!isGood) return json(response, { error: 'invalid_grant' }, 400);
  const idToken = await idTokenFor(issuer, state, visit.nonce);
  json(response, { id_token: idToken, access_token: 'opaque', token_type: 'Bearer' });
}

async function idTokenFor(issuer: FakeIssuer, state: State, nonce: string): Promise<string> {
  const { claims, signsWith } = issuer.faults;
  const now = Math.floor(Date.now() / 1000);
  const usual = { iss: issuer.url, aud: CLIENT_ID, iat: now, exp: now + 300, nonce };
  const content = { ...usual, ...issuer.person, ...claims };
  if (signsWith === 'nothing') {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part(content)}.`;
  }
  const token = new SignJWT(content);
  if (signsWith === 'our secret')
    return token.setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(CLIENT_SECRET.padEnd(32, '.')));
  const { name, privateKey } = signsWith === 'another key' ? state.stranger : state.keys;
  return token.setProtectedHeader({ alg: 'ES256', kid: name }).sign(privateKey);
}

function json(response: ServerResponse, value: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

type Keys = Awaited<ReturnType<typeof makeKeys>>;

async function makeKeys(name: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { name, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid: name, alg: 'ES256' } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
