/** Attacks on virtual keys, over HTTP against a started server. Streams of revoked keys are in revoked-streams.test.ts. */
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type OpenHouse, openHouse, operatorToken } from '../support/open-house.ts';
import { freshPostgres, hasPostgres } from '../support/postgres.ts';
import { BOOTSTRAP_KEY, cleanEnv, newHome } from '../support/turnpike-process.ts';

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse('providers: {}\n');
});
afterAll(() => house.close());

interface Made {
  readonly token: string;
  readonly key: { readonly id: string; readonly name: string };
}
const make = (body: object = {}) => house.admin<Made>('POST', '/keys', { name: 'ka', ...body });

const CHAT = JSON.stringify({
  model: 'sandbox/scribe',
  max_tokens: 5,
  messages: [{ role: 'user', content: '[[sandbox words=1 pace=0]] Hi' }],
});

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
  readonly headers: Headers;
}

async function ask(
  headers: Record<string, string>,
  path = '/v1/chat/completions',
  url = house.url,
): Promise<Answer> {
  const isList = path.startsWith('/v1/models');
  const answer = await fetch(url + path, {
    method: isList ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(!isList && { body: CHAT }),
  });
  const text = await answer.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  return { status: answer.status, code, text, headers: answer.headers };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What `fetch` would not send. The status line of the answer. */
function askRaw(lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(house.url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\r\n')) socket.destroy();
    });
    socket.on('close', () => done(text.split('\r\n')[0]!));
    socket.on('error', (error) => (text === '' ? fail(error) : done(text.split('\r\n')[0]!)));
    const head = ['POST /v1/chat/completions HTTP/1.1', 'host: x', 'content-length: 0', ...lines, '', ''];
    socket.end(Buffer.from(head.join('\r\n'), 'latin1'));
  });
}

const booked = () =>
  house.rows<{ n: number }>(
    'select (select count(*) from ledger_entries) + (select count(*) from reservations) as n',
  )[0]!.n;

describe('KEY-02: what is no key', () => {
  it.each([
    ["' OR 1=1 --", 'header'],
    ["tp_%'", 'header'],
    ['tp-%', 'header'],
    [`tp-${'a'.repeat(49)}`, 'header'],
    [`tp-${'a'.repeat(8_000)}`, 'header'],
    ['tp-["x"]', 'header'],
    ['__proto__', 'header'],
    ['%00', 'query'],
    ['tp-%00abc', 'query'],
    ['tp-%F0%9F%94%91', 'query'],
    ["'%20OR%201=1", 'query'],
    ['%ff%fe', 'query'],
  ])('%s in the %s is refused as unknown, and costs nothing', async (text, where) => {
    const before = booked();
    const { status, code } =
      where === 'header' ? await ask(bearer(text)) : await ask({}, `/v1/chat/completions?key=${text}`);
    expect([status, code]).toEqual([401, 'key_unknown']);
    expect(booked()).toBe(before);
  });

  it.each([
    ['a NUL', [`authorization: Bearer tp-\u0000abc`], /^HTTP\/1\.1 400/],
    ['a megabyte', [`authorization: Bearer tp-${'a'.repeat(1_000_000)}`], /^HTTP\/1\.1 431/],
    ['bytes beyond ASCII', ['authorization: Bearer tp-\u00e9\u00ff'], /^HTTP\/1\.1 401/],
    ['an array-like header', ['x-api-key[]: tp-a', 'x-api-key[]: tp-b'], /^HTTP\/1\.1 400/],
  ])('%s is refused', async (_name, lines, status) => {
    expect(await askRaw(lines)).toMatch(status);
    expect((await ask(bearer(BOOTSTRAP_KEY))).status).toBe(200);
  });
});

describe('HDR-04: several credentials', () => {
  it('that differ are refused, whatever their order', async () => {
    const [revoked, ka] = [await make(), await make()];
    await house.admin('DELETE', `/keys/${revoked.key.id}`);
    const both = { ...bearer(revoked.token), 'x-api-key': ka.token };
    expect(await ask(both)).toMatchObject({ status: 400, code: 'key_conflict' });
    expect(await ask({ ...bearer(ka.token), 'x-api-key': revoked.token })).toMatchObject({ status: 400 });
    expect(await ask({ ...bearer(ka.token), 'x-api-key': ka.token })).toMatchObject({ status: 200 });
    const twice = [`authorization: Bearer ${ka.token}`, `authorization: Bearer ${revoked.token}`];
    expect(await askRaw(twice)).toMatch(/^HTTP\/1\.1 400/);
    expect(await askRaw(twice.reverse())).toMatch(/^HTTP\/1\.1 400/);
  });

  it('carry the same restrictions, whichever header has the key', async () => {
    const { token } = await make({ allowedFormats: ['embeddings'] });
    for (const headers of [
      bearer(token),
      { 'x-api-key': token },
      { 'x-goog-api-key': token },
      { 'api-key': token },
    ])
      expect(await ask(headers)).toMatchObject({ status: 403, code: 'format_not_allowed' });
    expect(await ask({}, `/v1/chat/completions?key=${token}`)).toMatchObject({ status: 403 });
    expect(await ask(bearer(token), '/v1/messages')).toMatchObject({ status: 403 });
    expect((await ask(bearer(token), '/v1/models')).status).toBe(200);
  });
});

describe('scopes', () => {
  it('bind a key to addresses, and a header nobody vouches for changes nothing', async () => {
    const here = await make({ allowedRanges: ['127.0.0.0/8', '::1'] });
    const elsewhere = await make({ allowedRanges: ['203.0.113.0/24'] });
    expect((await ask(bearer(here.token))).status).toBe(200);
    const forged = { ...bearer(elsewhere.token), 'x-forwarded-for': '203.0.113.7' };
    for (const headers of [bearer(elsewhere.token), forged])
      expect(await ask(headers)).toMatchObject({ status: 403, code: 'address_not_allowed' });
    expect((await ask(bearer(elsewhere.token), '/v1/models')).status).toBe(403);
  });

  it('are read in the format of the caller', async () => {
    const { token } = await make({ allowedFormats: ['openai-responses'] });
    const { text } = await ask({ 'x-api-key': token, 'anthropic-version': '2023-06-01' }, '/v1/messages');
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'permission_error' } });
  });

  it('count from the first request on: a key is never quicker than its budget', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { token } = await make({
        name: `poor ${round}`,
        budgets: [{ limitUsd: '0', period: 'day' }],
        rateLimit: { requestsPerMinute: 1 },
      });
      expect((await ask(bearer(token))).status).toBe(429);
    }
  });

  it('change for the next request', async () => {
    const { key, token } = await make();
    expect((await ask(bearer(token))).status).toBe(200);
    await patch(`/keys/${key.id}`, { allowedFormats: ['embeddings'] });
    expect((await ask(bearer(token))).status).toBe(403);
  });
});

async function patch(path: string, body: object): Promise<number> {
  const answer = await fetch(`${house.url}/api/v1${path}`, {
    method: 'PATCH',
    headers: { ...bearer(operatorToken(house.home)), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
}

describe('KEY-04: a revoked key', () => {
  it('is refused at once, with its old token', async () => {
    const { key, token } = await make();
    const rotated = await house.admin<Made>('POST', `/keys/${key.id}/rotate`, { overlapSeconds: 3_600 });
    expect((await ask(bearer(token))).status).toBe(200);
    expect((await ask(bearer(rotated.token))).status).toBe(200);
    await house.admin('DELETE', `/keys/${key.id}`);
    // What is answered is in force.
    for (const text of [token, rotated.token]) expect((await ask(bearer(text))).status).toBe(401);
  });

  it('without an overlap ends with its rotation', async () => {
    const { key, token } = await make();
    await house.admin('POST', `/keys/${key.id}/rotate`, {});
    expect((await ask(bearer(token))).status).toBe(401);
  });

  it.runIf(hasPostgres)('is refused by another process within five seconds', async () => {
    const url = await freshPostgres();
    const start = async (): Promise<{ server: RunningServer; home: string }> => {
      const home = newHome();
      const env = cleanEnv(home, { DATABASE_URL: url, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
      const flags = { port: 0, logLevel: 'silent' } as const;
      const server = await startServer(loadConfig({ flags, env, cwd: home }));
      onTestFinished(async () => {
        await server.close();
        rmSync(home, { recursive: true, force: true });
      });
      return { server, home };
    };
    const [one, other] = [await start(), await start()];
    const admin = async (method: string, path: string, body?: object) => {
      const { operatorToken: token } = JSON.parse(readFileSync(join(one.home, 'client.json'), 'utf8'));
      const answer = await fetch(`${one.server.url}/api/v1${path}`, {
        method,
        headers: { ...bearer(token), 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return (await answer.json()) as Made;
    };
    const { key, token } = await admin('POST', '/keys', { name: 'ka' });
    const status = () =>
      ask(bearer(token), '/v1/chat/completions', other.server.url).then((one) => one.status);
    await expect.poll(status, { timeout: 5_000 }).toBe(200);
    await admin('DELETE', `/keys/${key.id}`);
    await expect.poll(status, { timeout: 5_000, interval: 10 }).toBe(401);
  });
});

describe('KEY-05: a key that may not be used', () => {
  it('because it has expired is refused, and nothing is booked', async () => {
    const { token } = await make({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
    expect((await ask(bearer(token))).status).toBe(200);
    await expect.poll(() => ask(bearer(token)).then(({ status }) => status), { timeout: 5_000 }).toBe(401);
    const before = await house.entries(1);
    expect(await ask(bearer(token))).toMatchObject({ status: 401, code: 'key_unknown' });
    expect(await house.entries(1)).toHaveLength(before.length);
  });

  it('because its workspace is suspended is refused, until that is over', async () => {
    const workspace = await house.admin<{ id: string }>('POST', '/workspaces', { name: 'kept waiting' });
    const answer = await fetch(`${house.url}/api/v1/keys`, {
      method: 'POST',
      headers: {
        ...bearer(operatorToken(house.home)),
        'content-type': 'application/json',
        'x-turnpike-workspace': workspace.id,
      },
      body: '{"name":"theirs"}',
    });
    const { token } = (await answer.json()) as Made;
    const status = () => ask(bearer(token)).then((one) => one.status);
    await expect.poll(status, { timeout: 1_000 }).toBe(200);
    await house.admin('POST', `/workspaces/${workspace.id}/suspend`);
    await expect.poll(status, { timeout: 1_000 }).toBe(401);
    await house.admin('POST', `/workspaces/${workspace.id}/resume`);
    await expect.poll(status, { timeout: 1_000 }).toBe(200);
    await house.admin('DELETE', `/workspaces/${workspace.id}`);
    await expect.poll(status, { timeout: 1_000 }).toBe(401);
  });
});

describe('HONEY-01: a honeypot', () => {
  interface Alerts {
    readonly alerts: readonly { topic: string; title: string; data: Record<string, unknown> }[];
  }
  const alertsOf = async (keyId: string) =>
    (await house.admin<Alerts>('GET', '/alerts?limit=50')).alerts.filter(({ data }) => data.keyId === keyId);

  /** All that a client sees, but what differs between any two requests. */
  async function seen(token: string, path: string) {
    const { status, text, headers } = await ask({ ...bearer(token), 'user-agent': 'thief/1.0' }, path);
    const all = [...headers].filter(([name]) => name !== 'date');
    return JSON.stringify([status, text, all]).replaceAll(/exc_\w+/g, 'exc');
  }

  it('answers as an unknown key does, tells of it within seconds, and locks nobody out', async () => {
    const { key, token } = await make({
      name: 'backup.env',
      isHoneypot: true,
      description: 'on the old laptop',
    });
    const unknown = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
    for (const path of [
      '/v1/chat/completions',
      '/v1/messages',
      '/v1/responses',
      '/v1/models',
      '/v1/embeddings',
    ])
      expect(await seen(token, path)).toBe(await seen(unknown, path));
    await expect.poll(() => alertsOf(key.id), { timeout: 5_000 }).toHaveLength(1);
    const [alert] = await alertsOf(key.id);
    expect(alert).toMatchObject({
      topic: 'security.honeypot',
      title: 'Honeypot "backup.env" was used',
      data: { address: '127.0.0.1', userAgent: 'thief/1.0', preview: expect.stringContaining('…') },
    });
    expect(JSON.stringify(alert)).not.toContain(token);
    for (let n = 0; n < 20; n += 1) await ask(bearer(token));
    expect((await ask(bearer(BOOTSTRAP_KEY))).status).toBe(200);
    expect(await alertsOf(key.id)).toHaveLength(1);
    const listed = await house.admin<{ keys: { id: string }[] }>('GET', '/keys?honeypots=true');
    expect(listed.keys.map(({ id }) => id)).toEqual([key.id]);
    const keys = await house.admin<{ keys: { id: string }[] }>('GET', '/keys?limit=1000');
    expect(keys.keys.map(({ id }) => id)).not.toContain(key.id);
  });

  it('is not told of by what is known of it: its scopes and its end say nothing', async () => {
    const { token } = await make({ name: 'bait', isHoneypot: true, allowedRanges: ['203.0.113.0/24'] });
    expect(await seen(token, '/v1/messages')).toBe(await seen(`tp-${'a'.repeat(49)}`, '/v1/messages'));
  });
});

describe('MASS-01, IDOR-03: the admin API', () => {
  it('takes no field that is not a key’s to give, and no list without an end', async () => {
    const before = house.rows('select * from keys');
    const admin = (method: string, path: string, body?: object) =>
      fetch(`${house.url}/api/v1${path}`, {
        method,
        headers: { ...bearer(operatorToken(house.home)), 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    for (const surplus of [
      { allowed_routes: ['/*'] },
      { scopes: ['admin'] },
      { spent_usd: -100 },
      { user_role: 'admin' },
      { workspaceId: 'ws_x' },
    ])
      expect((await admin('POST', '/keys', { name: 'x', ...surplus })).status).toBe(400);
    for (const query of ['limit=1e9', 'tenant_id=A', 'all=true', 'sort=name;drop table keys', 'after=x'])
      expect((await admin('GET', `/keys?${query}`)).status).toBe(400);
    const wild = await admin('GET', `/keys?search=${encodeURIComponent('%'.repeat(200))}`);
    expect(await wild.json()).toEqual({ keys: [], next: null });
    expect(house.rows('select * from keys')).toEqual(before);
  });
});
