// Tokens of Google, by the real library against answers of our own.
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { Secret } from '../../base/secret.ts';
import type { Environment } from '../provider.ts';
import { createGoogleIdentity, isGoogleApiKey, isGoogleJson, projectOf } from './google-identity.ts';

let publicKey: string;
let serviceAccount: Readonly<Record<string, string>>;
beforeAll(() => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  publicKey = pair.publicKey;
  serviceAccount = {
    type: 'service_account',
    project_id: 'house-project',
    private_key_id: 'key-1',
    private_key: pair.privateKey,
    client_email: 'turnpike@house-project.iam.gserviceaccount.com',
  };
});

interface Asked {
  readonly url: string;
  readonly form: URLSearchParams;
}

/** Stands where the network would be, and notes what is asked. */
function tokenGiver(answer: (nth: number) => Response) {
  const asked: Asked[] = [];
  const give: typeof fetch = async (input, init) => {
    asked.push({ url: String(input), form: new URLSearchParams(String(init?.body)) });
    return answer(asked.length);
  };
  return { asked, fetch: give };
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function startIdentity(credential: string | undefined, fetcher: typeof fetch, environment: Environment = {}) {
  return createGoogleIdentity(credential === undefined ? undefined : new Secret(credential), {
    clock: systemClock,
    environment,
    fetch: fetcher,
  });
}

function temporaryFile(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-google-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'credential');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** Whether the assertion is signed with our key, and what it says. */
function claimsOf(assertion: string): Record<string, unknown> {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const isSigned = createVerify('RSA-SHA256')
    .update(`${head}.${claims}`)
    .verify(publicKey, Buffer.from(signature, 'base64url'));
  expect(isSigned).toBe(true);
  return JSON.parse(Buffer.from(claims, 'base64url').toString());
}

describe('a service account', () => {
  it('trades an assertion signed with its key for a token, once for many', async () => {
    const giver = tokenGiver(() => json(200, { access_token: 'ya29.one', expires_in: 3600 }));
    const identity = startIdentity(JSON.stringify(serviceAccount), giver.fetch);
    const headers = await Promise.all([identity.current(), identity.current()]);
    expect(headers[0]).toEqual({ authorization: 'Bearer ya29.one' });
    expect(headers[1]).toEqual(headers[0]);
    expect(identity.current()).toEqual(headers[0]);
    expect(giver.asked).toHaveLength(1);
    const { url, form } = giver.asked[0]!;
    expect(url).toBe('https://oauth2.googleapis.com/token');
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(claimsOf(form.get('assertion')!)).toMatchObject({
      iss: serviceAccount.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      aud: 'https://oauth2.googleapis.com/token',
    });
  });

  it('may lie in the file that the variable names', async () => {
    const giver = tokenGiver(() => json(200, { access_token: 'ya29.file', expires_in: 3600 }));
    const path = temporaryFile(serviceAccount);
    const identity = startIdentity(undefined, giver.fetch, { GOOGLE_APPLICATION_CREDENTIALS: path });
    expect(await identity.current()).toEqual({ authorization: 'Bearer ya29.file' });
  });

  it('gets a new token before the old one ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const giver = tokenGiver((nth) => json(200, { access_token: `t-${nth}`, expires_in: 3600 }));
    const identity = startIdentity(JSON.stringify(serviceAccount), giver.fetch);
    expect(await identity.current()).toEqual({ authorization: 'Bearer t-1' });
    vi.setSystemTime(Date.now() + 57 * 60_000);
    expect(identity.current()).toEqual({ authorization: 'Bearer t-1' });
    await vi.waitFor(() => expect(identity.current()).toEqual({ authorization: 'Bearer t-2' }));
    expect(giver.asked).toHaveLength(2);
  });

  it('says why it got none', async () => {
    const giver = tokenGiver(() => json(400, { error: 'invalid_grant', error_description: 'Invalid JWT' }));
    const identity = startIdentity(JSON.stringify(serviceAccount), giver.fetch);
    const failure = await Promise.resolve(identity.current()).catch((error: Error) => error);
    expect((failure as Error).message).toBe('Google gave no token: invalid_grant: Invalid JWT');
  });
});

describe('other credentials', () => {
  it("of a person count against the person's project", async () => {
    const giver = tokenGiver(() => json(200, { access_token: 'ya29.person', expires_in: 3600 }));
    const person = {
      type: 'authorized_user',
      client_id: 'c',
      client_secret: 's',
      refresh_token: 'r',
      quota_project_id: 'paying-project',
    };
    const identity = startIdentity(JSON.stringify(person), giver.fetch);
    expect(await identity.current()).toEqual({
      authorization: 'Bearer ya29.person',
      'x-goog-user-project': 'paying-project',
    });
    expect(giver.asked[0]!.form.get('refresh_token')).toBe('r');
  });

  it('of another cloud are traded where their file says', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk) => asked.push(`${request.url} ${chunk}`));
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          '{"access_token":"federated","expires_in":3600,"token_type":"Bearer","issued_token_type":"x"}',
        );
      });
    });
    onTestFinished(() => void server.close().closeAllConnections());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const path = temporaryFile({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/token`,
      credential_source: { file: temporaryFile('the-subject-token') },
    });
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: path };
    const identity = createGoogleIdentity(undefined, { clock: systemClock, environment });
    expect(await identity.current()).toEqual({ authorization: 'Bearer federated' });
    expect(asked.join()).toContain('/v1/token');
    expect(asked.join()).toContain('the-subject-token');
  });

  it.each([
    ['are no JSON', '{"type":', 'api_key begins like JSON but is none'],
    ['are of no known type', '{"type":"toll_booth"}', 'Google gave no token: '],
  ])('%s', async (_name, credential, message) => {
    const identity = startIdentity(credential, tokenGiver(() => json(500, {})).fetch);
    await expect(Promise.resolve(identity.current())).rejects.toThrow(message);
  });
});

describe('what a credential is', () => {
  it.each([
    ['{"type":"service_account","project_id":"p-1"}', true, false, 'p-1'],
    ['\n {"quota_project_id":"p-2"}', true, false, 'p-2'],
    ['{"project_id":7}', true, false, undefined],
    ['{broken', true, false, undefined],
    ['AIzaSyA', false, true, undefined],
    ['AQ.Ab8', false, true, undefined],
    ['ya29.a0', false, false, undefined],
  ])('%s', (text, isJson, isKey, project) => {
    const secret = new Secret(text);
    expect([isGoogleJson(secret), isGoogleApiKey(secret), projectOf(secret)]).toEqual([
      isJson,
      isKey,
      project,
    ]);
  });
  it('is nothing without one', () => {
    expect([isGoogleJson(undefined), isGoogleApiKey(undefined), projectOf(undefined)]).toEqual([
      false,
      false,
      undefined,
    ]);
  });
});

describe('a credential that came in through the API', () => {
  const start = (json: object, fetcher: typeof fetch) =>
    createGoogleIdentity(new Secret(JSON.stringify(json)), {
      clock: systemClock,
      environment: {},
      fetch: fetcher,
      isVaulted: true,
    });

  it('asks Google alone, whatever addresses stand in it', async () => {
    const giver = tokenGiver(() => json(200, { access_token: 'ya29.one', expires_in: 3600 }));
    const hostile = {
      ...serviceAccount,
      token_uri: 'http://169.254.169.254/token',
      universe_domain: 'evil.example',
      audience: 'http://evil.example',
    };
    await start(hostile, giver.fetch).current();
    expect(giver.asked.map(({ url }) => new URL(url).host)).toEqual(['oauth2.googleapis.com']);
  });

  it.each([
    {
      type: 'external_account',
      token_url: 'http://127.0.0.1/',
      credential_source: { url: 'http://127.0.0.1/' },
    },
    { type: 'external_account', credential_source: { file: '/etc/passwd' } },
    { type: 'external_account', credential_source: { executable: { command: '/bin/true' } } },
    { type: 'external_account_authorized_user', token_url: 'http://127.0.0.1/' },
    { type: 'impersonated_service_account', service_account_impersonation_url: 'http://127.0.0.1/' },
    { type: 'gdch_service_account', token_uri: 'http://127.0.0.1/' },
    { type: '__proto__' },
    {},
  ])('of type $type is not read: it may name addresses, files and programs', async (hostile) => {
    const giver = tokenGiver(() => json(200, { access_token: 'ya29.one', expires_in: 3600 }));
    const identity = start(hostile, giver.fetch);
    await expect((async () => identity.current())()).rejects.toThrow(/only keys of service accounts/);
    expect(giver.asked).toEqual([]);
  });
});
