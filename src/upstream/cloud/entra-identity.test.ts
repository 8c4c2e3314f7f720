// Tokens of Microsoft Entra, asked of a login server of our own.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Environment } from '../provider.ts';
import { createEntraIdentity, hasEntraClient } from './entra-identity.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

interface Login {
  readonly host: string;
  readonly asked: { readonly path: string; readonly form: Readonly<Record<string, string>> }[];
}

async function startLogin(answer: (response: ServerResponse, nth: number) => void): Promise<Login> {
  const asked: Login['asked'] = [];
  const server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      asked.push({ path: request.url!, form: Object.fromEntries(new URLSearchParams(text)) });
      answer(response, asked.length);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const client: Environment = {
  AZURE_TENANT_ID: 'tenant/1',
  AZURE_CLIENT_ID: 'client-1',
  AZURE_CLIENT_SECRET: 's3cr&t=',
};

function startIdentity(environment: Environment) {
  const clock = { nowMs: 0, now: () => clock.nowMs, monotonic: () => clock.nowMs };
  return { clock, identity: createEntraIdentity({ clock, environment }) };
}

describe('createEntraIdentity', () => {
  it('asks as the grant has it, once for many', async () => {
    const login = await startLogin((response) =>
      json(response, 200, { access_token: 't-1', expires_in: 3599 }),
    );
    const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    const headers = await Promise.all([identity.current(), identity.current()]);
    expect(headers).toEqual([{ authorization: 'Bearer t-1' }, { authorization: 'Bearer t-1' }]);
    expect(identity.current()).toEqual({ authorization: 'Bearer t-1' });
    expect(login.asked).toEqual([
      {
        path: '/tenant%2F1/oauth2/v2.0/token',
        form: {
          grant_type: 'client_credentials',
          client_id: 'client-1',
          client_secret: 's3cr&t=',
          scope: 'https://cognitiveservices.azure.com/.default',
        },
      },
    ]);
  });

  it('asks again before the token ends', async () => {
    const login = await startLogin((response, nth) =>
      json(response, 200, { access_token: `t-${nth}`, expires_in: 3600 }),
    );
    const { clock, identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    await identity.current();
    clock.nowMs = 50 * 60_000;
    expect(identity.current()).toEqual({ authorization: 'Bearer t-1' });
    expect(login.asked).toHaveLength(1);
    clock.nowMs = 60 * 60_000;
    expect(await identity.current()).toEqual({ authorization: 'Bearer t-2' });
  });

  const description = 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2';
  it.each<[name: string, status: number, body: unknown, message: string]>([
    [
      'names the reason of a refusal, and no more of it',
      401,
      { error: 'invalid_client', error_description: description },
      'Entra gave no token: invalid_client: AADSTS7000215: Invalid client secret provided.',
    ],
    ['tells the status where there is no reason', 503, 'down', 'Entra gave no token: status 503'],
    ['takes no answer without a token', 200, { token: 'x' }, 'Entra gave no token: status 200'],
    ['takes no answer that is no object', 200, null, 'Entra gave no token: status 200'],
  ])('%s', async (_name, status, body, message) => {
    const login = await startLogin((response) => json(response, status, body));
    const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    const failure = await Promise.resolve(identity.current()).catch((error: Error) => error);
    expect((failure as Error).message).toBe(message);
    expect((failure as Error).message).not.toContain('s3cr');
  });

  it('says that nobody answers', async () => {
    const login = await startLogin(() => {});
    servers.pop()!.close();
    const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    await expect(identity.current()).rejects.toThrow('Entra could not be reached: ECONNREFUSED');
  });

  it('sends the secret nowhere else', async () => {
    const elsewhere = await startLogin((response) => json(response, 200, { access_token: 'stolen' }));
    const login = await startLogin((response) => response.writeHead(307, { location: elsewhere.host }).end());
    const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    await expect(identity.current()).rejects.toThrow();
    expect(elsewhere.asked).toEqual([]);
  });

  it('reads no endless answer', async () => {
    const login = await startLogin((response) => response.end(`{"access_token":"${'x'.repeat(100_000)}"}`));
    const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: login.host });
    await expect(identity.current()).rejects.toThrow('more than 65536 bytes');
  });

  it.each(['http://login.test', 'ftp://127.0.0.1', 'login.test'])(
    'does not send the secret to %s',
    async (host) => {
      const { identity } = startIdentity({ ...client, AZURE_AUTHORITY_HOST: host });
      await expect(identity.current()).rejects.toThrow('AZURE_AUTHORITY_HOST must be an https URL');
    },
  );
});

describe('hasEntraClient', () => {
  it.each<[Environment, boolean]>([
    [client, true],
    [{ ...client, AZURE_CLIENT_SECRET: ' ' }, false],
    [{ ...client, AZURE_TENANT_ID: undefined }, false],
    [{}, false],
  ])('%j: %s', (environment, has) => {
    expect(hasEntraClient(environment)).toBe(has);
  });
});
