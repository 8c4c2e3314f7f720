// Attacks on roles, invitations and keys of members, over HTTP. Ids as in the threat model.
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type OpenHouse, openHouse, operatorToken } from '../support/open-house.ts';

const API = '/api/v1';
const PASSWORD = 'a quiet harbour in march';
const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = issuerKeys.publicKey.export({ type: 'spki', format: 'pem' }) as string;

let house: OpenHouse;
let counter = 0;
beforeAll(async () => {
  house = await openHouse(`
providers: {}
aliases: { quick: sandbox/echo }
trusted_proxies: [127.0.0.1/32]
sign_in:
  services:
    - issuer: https://ci.example
      audience: turnpike
      public_key: ${JSON.stringify(PEM)}
      workspace: default
      role: member
`);
}, 30_000);
afterAll(() => house.close());

const newBrowser = (): Browser => openBrowser(house.url, { 'x-forwarded-for': `2001:db8:${++counter}::1` });
const as = async <T>(browser: Browser, method: string, path: string, body?: object) => {
  const answer = await browser.call(method, API + path, body);
  return { status: answer.status, code: answer.json.error?.code, body: answer.json as unknown as T };
};

/** As the operator token. */
async function operate<T>(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await fetch(`${house.url}${API}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${operatorToken(house.home)}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

const LIMIT_MS = 5_000;
/** Within the limit that is promised for what is taken away. */
async function untilTrue(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Somebody {
  readonly browser: Browser;
  readonly memberId: string;
  readonly email: string;
}

const invite = async (role: string, email = `p${++counter}@example.com`, by?: Browser) => {
  const body = { email, role };
  const made = by
    ? (await as<{ link: string }>(by, 'POST', '/invitations', body)).body
    : await operate<{ link: string }>('POST', '/invitations', body);
  return { email, token: new URL(made.link).searchParams.get('token')! };
};

async function join(role: string): Promise<Somebody> {
  const { email, token } = await invite(role);
  const browser = newBrowser();
  const guest = { token, name: email, password: PASSWORD };
  const { status, body } = await as<{ memberId: string }>(browser, 'POST', '/invitations/accept', guest);
  expect(status).toBe(201);
  return { browser, memberId: body.memberId, email };
}

const memberNamed = async (memberId: string) => {
  const { members } = await operate<{ members: { id: string; role: string }[] }>('GET', '/members');
  return members.find(({ id }) => id === memberId);
};

async function chat(key: string, model: string | undefined = 'sandbox/echo') {
  const answer = await fetch(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...(model && { model }), messages: [{ role: 'user', content: 'hello' }] }),
  });
  await answer.text();
  return { status: answer.status, model: answer.headers.get('x-turnpike-model') };
}

const newKey = async ({ browser }: Somebody): Promise<string> =>
  (await as<{ token: string }>(browser, 'POST', '/keys', { name: `k${++counter}` })).body.token;

const row = <T>(query: string): T => house.rows<T>(query)[0]!;

describe('roles', () => {
  it('are not given above the own, and who is above is not touched', async () => {
    const owner = await join('owner');
    const admin = await join('admin');
    const member = await join('member');
    for (const [path, body] of [
      [`/members/${admin.memberId}`, { role: 'owner' }],
      [`/members/${member.memberId}`, { role: 'owner' }],
      [`/members/${owner.memberId}`, { role: 'viewer' }],
      [`/members/${owner.memberId}`, { isSuspended: true }],
    ] as const)
      expect(await as(admin.browser, 'PATCH', path, body)).toMatchObject({
        status: 403,
        code: 'role_insufficient',
      });
    expect((await as(admin.browser, 'DELETE', `/members/${owner.memberId}`)).status).toBe(403);
    const guest = { email: 'friend@example.com', role: 'owner' };
    expect((await as(admin.browser, 'POST', '/invitations', guest)).status).toBe(403);
    for (const [method, path, body] of [
      ['PATCH', `/members/${member.memberId}`, { role: 'admin' }],
      ['DELETE', `/members/${admin.memberId}`, undefined],
      ['POST', '/invitations', { email: 'friend@example.com', role: 'viewer' }],
      ['GET', '/invitations', undefined],
      ['PATCH', '/workspaces/current', { name: 'mine' }],
    ] as const)
      expect((await as(member.browser, method, path, body)).status).toBe(403);
    for (const { memberId } of [owner, admin, member]) expect(await memberNamed(memberId)).toBeDefined();
    expect((await memberNamed(admin.memberId))?.role).toBe('admin');
  });

  it('count from the next request on', async () => {
    const admin = await join('admin');
    expect((await as(admin.browser, 'GET', '/invitations')).status).toBe(200);
    await operate('PATCH', `/members/${admin.memberId}`, { role: 'viewer' });
    expect((await as(admin.browser, 'GET', '/invitations')).status).toBe(403);
    await operate('PATCH', `/members/${admin.memberId}`, { isSuspended: true });
    expect(await as(admin.browser, 'GET', '/members')).toMatchObject({
      status: 403,
      code: 'member_suspended',
    });
    await operate('DELETE', `/members/${admin.memberId}`);
    expect((await as(admin.browser, 'GET', '/members')).status).toBe(403);
    expect((await as<{ role: null }>(admin.browser, 'GET', '/me')).body.role).toBeNull();
  });

  it('leave one owner when two demote each other at once', async () => {
    const name = `race${++counter}`;
    const { id } = await operate<{ id: string }>('POST', '/workspaces', { name });
    const inside = { 'x-turnpike-workspace': id };
    const owners = await Promise.all([join('viewer'), join('viewer')]);
    const ids: string[] = [];
    for (const { browser, email } of owners) {
      const operator = await operate<{ link: string }>(
        'POST',
        '/invitations',
        { email, role: 'owner' },
        inside,
      );
      const token = new URL(operator.link).searchParams.get('token');
      const joined = await as<{ memberId: string }>(browser, 'POST', '/invitations/accept', { token });
      expect(joined.status).toBe(201);
      ids.push(joined.body.memberId);
    }
    const [first, second] = owners as [Somebody, Somebody];
    const lower = (by: Browser, which: string) =>
      by.call('PATCH', `${API}/members/${which}`, { role: 'viewer' }, { origin: house.url, ...inside });
    const outcomes = await Promise.all([lower(first.browser, ids[1]!), lower(second.browser, ids[0]!)]);
    expect(outcomes.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const { count } = row<{ count: number }>(
      `select count(*) as count from members where workspace_id = '${id}' and role = 'owner' and removed_at is null`,
    );
    expect(count).toBeGreaterThanOrEqual(1);
  });
});

describe('MASS-01: /me', () => {
  it.each<object>([
    { role: 'owner' },
    { workspaceId: 'ws_x' },
    { isOperator: true },
    { email: 'root@example.com' },
    { emailVerified: true },
    { monthlyBudgetUsd: '1000000' },
    { name: 'x', memberId: 'mem_x' },
    { name: 'x', constructor: { prototype: { role: 'owner' } } },
  ])('changes nothing with %j', async (body) => {
    const viewer = await join('viewer');
    const before = row(`select * from persons where email = '${viewer.email}'`);
    expect((await as(viewer.browser, 'PATCH', '/me', body)).status).toBe(400);
    expect(row(`select * from persons where email = '${viewer.email}'`)).toEqual(before);
    expect(await memberNamed(viewer.memberId)).toMatchObject({ role: 'viewer' });
  });

  it('says what it is, and takes a name', async () => {
    const viewer = await join('viewer');
    const { body } = await as<{ name: string; role: string }>(viewer.browser, 'PATCH', '/me', {
      name: 'Grace',
    });
    expect(body).toMatchObject({ name: 'Grace', role: 'viewer', isOperator: false });
  });
});

describe('invitations', () => {
  it('are good for the address they were made for, once', async () => {
    const stranger = await join('viewer');
    const { token, email } = await invite('admin');
    expect(await as(stranger.browser, 'POST', '/invitations/accept', { token })).toMatchObject({
      status: 403,
      code: 'invitation_other',
    });
    const guest = { token, name: 'Guest', password: PASSWORD };
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => as<{ memberId: string }>(newBrowser(), 'POST', '/invitations/accept', guest)),
    );
    expect(outcomes.filter(({ status }) => status === 201)).toHaveLength(1);
    const { count } = row<{ count: number }>(
      `select count(*) as count from persons where email = '${email}'`,
    );
    expect(count).toBe(1);
    expect((await as(newBrowser(), 'POST', '/invitations/accept', guest)).status).toBe(404);
  });

  it('set nobody\u2019s password anew', async () => {
    const known = await join('viewer');
    await operate('DELETE', `/members/${known.memberId}`);
    const { token } = await invite('viewer', known.email);
    const guest = { token, name: 'Thief', password: 'another long passphrase' };
    expect(await as(newBrowser(), 'POST', '/invitations/accept', guest)).toMatchObject({
      status: 409,
      code: 'sign_in_first',
    });
    const signIn = { email: known.email, password: guest.password };
    expect((await as(newBrowser(), 'POST', '/auth/sign-in', signIn)).status).toBe(401);
    expect((await as(known.browser, 'POST', '/invitations/accept', { token })).status).toBe(201);
  });

  it('of who is lowered or removed open nothing', async () => {
    const admin = await join('admin');
    const { token } = await invite('admin', undefined, admin.browser);
    await operate('PATCH', `/members/${admin.memberId}`, { role: 'member' });
    const guest = { token, name: 'Friend', password: PASSWORD };
    expect((await as(newBrowser(), 'POST', '/invitations/accept', guest)).status).toBe(404);
  });

  it('are told in the audit of the workspace that they are to, and in no other', async () => {
    const { id } = await operate<{ id: string }>('POST', '/workspaces', { name: `told${++counter}` });
    const inside = { 'x-turnpike-workspace': id };
    const email = `p${++counter}@example.com`;
    const body = { email, role: 'viewer' };
    const { link } = await operate<{ link: string }>('POST', '/invitations', body, inside);
    const guest = { token: new URL(link).searchParams.get('token'), name: 'Told', password: PASSWORD };
    expect((await as(newBrowser(), 'POST', '/invitations/accept', guest)).status).toBe(201);
    const events = house.rows<{ workspace_id: string; actor_id: string; detail: string }>(
      `select workspace_id, actor_id, detail from audit_events where action = 'invitations.accept'`,
    );
    const told = events.filter(({ workspace_id }) => workspace_id === id);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      actor_id: expect.stringMatching(/^per_/),
      detail: expect.stringContaining('viewer'),
    });
    const others = events.filter(({ workspace_id }) => workspace_id !== id);
    expect(JSON.stringify(others)).not.toContain(email);
    expect(JSON.stringify(house.rows('select * from audit_events'))).not.toContain(PASSWORD);
  });

  it('keep no token in the database', async () => {
    const { token } = await invite('viewer');
    const dump = JSON.stringify([
      ...house.rows('select * from invitations'),
      ...house.rows('select * from audit_events'),
    ]);
    expect(dump).toContain('@example.com');
    expect(dump).not.toContain(token);
  });

  it('of the first owner are not made where there is one', async () => {
    await join('owner');
    const answer = await fetch(`${house.url}${API}/owner-link`, { method: 'POST' });
    expect(answer.status).toBe(401);
    const admin = await join('member');
    expect((await as(admin.browser, 'POST', '/owner-link')).status).toBe(403);
    await expect(operate('POST', '/owner-link')).rejects.toThrow(/409|owner_exists/);
  });
});

describe('KEY-05: keys of who is out', () => {
  it('are refused while the member is suspended, and for good once it is removed', async () => {
    const member = await join('member');
    const key = await newKey(member);
    expect((await chat(key)).status).toBe(200);
    const booked = house.rows('select 1 from ledger_entries').length;
    await operate('PATCH', `/members/${member.memberId}`, { isSuspended: true });
    await untilTrue(async () => (await chat(key)).status === 401);
    await operate('PATCH', `/members/${member.memberId}`, { isSuspended: false });
    await untilTrue(async () => (await chat(key)).status === 200);
    await operate('DELETE', `/members/${member.memberId}`);
    await untilTrue(async () => (await chat(key)).status === 401);
    await house.entries(booked + 1);
    const after = house.rows('select 1 from ledger_entries').length;
    expect((await chat(key)).status).toBe(401);
    expect(house.rows('select 1 from ledger_entries')).toHaveLength(after);
  });

  it('are refused while the workspace is suspended, and its members with them', async () => {
    const { id } = await operate<{ id: string }>('POST', '/workspaces', { name: `out${++counter}` });
    const inside = { 'x-turnpike-workspace': id };
    const { token } = await operate<{ token: string }>('POST', '/keys', { name: 'x' }, inside);
    expect((await chat(token)).status).toBe(200);
    await operate('POST', `/workspaces/${id}/suspend`, {});
    await untilTrue(async () => (await chat(token)).status === 401);
    await operate('POST', `/workspaces/${id}/resume`, {});
    await untilTrue(async () => (await chat(token)).status === 200);
    await operate('DELETE', `/workspaces/${id}`);
    await untilTrue(async () => (await chat(token)).status === 401);
  });
});

describe('KEY-03: tokens of services', () => {
  const make = (subject: string) =>
    new SignJWT({ iss: 'https://ci.example', aud: 'turnpike', sub: subject })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(issuerKeys.privateKey);
  const me = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${house.url}${API}/me`, { headers });
    return { status: answer.status, body: (await answer.json()) as { id: string; role: string } };
  };

  it('of the same first 64 characters are two identities', async () => {
    const [first, second] = [await make('deploy-1'), await make('deploy-2')];
    expect(first.slice(0, 64)).toBe(second.slice(0, 64));
    for (let round = 0; round < 3; round += 1) {
      expect((await me(first)).body).toMatchObject({
        id: 'service:https://ci.example/deploy-1',
        role: 'member',
      });
      expect((await me(second)).body).toMatchObject({ id: 'service:https://ci.example/deploy-2' });
    }
  });

  it('have the role of the configuration, whatever they say', async () => {
    const forged = await new SignJWT({
      iss: 'https://ci.example',
      aud: 'turnpike',
      sub: 'x',
      role: 'owner',
      isOperator: true,
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(issuerKeys.privateKey);
    expect((await me(forged)).body).toMatchObject({ role: 'member', isOperator: false });
    expect((await me(`${forged.slice(0, -4)}AAAA`)).status).toBe(401);
  });
});

describe('preferences', () => {
  it('count for the own keys alone, and only until the default is used again', async () => {
    const ada = await join('member');
    const bob = await join('member');
    const [hers, his] = [await newKey(ada), await newKey(bob)];
    expect((await chat(hers)).model).toBe('sandbox/echo');
    const body = { model: 'sandbox/scribe', monthlyBudgetUsd: '5' };
    expect((await as(ada.browser, 'PUT', '/me/preferences', body)).status).toBe(200);
    await untilTrue(async () => (await chat(hers)).model === 'sandbox/scribe');
    expect((await chat(his)).model).toBe('sandbox/echo');
    const budgets = house.rows<{ scope_id: string; archived_at: number | null }>(
      `select scope_id, archived_at from budgets where scope_kind = 'member'`,
    );
    expect(budgets).toEqual([{ scope_id: ada.memberId, archived_at: null }]);
    expect((await as(ada.browser, 'DELETE', '/me/preferences')).status).toBe(200);
    await untilTrue(async () => (await chat(hers)).model === 'sandbox/echo');
  });

  it('hold the own monthly limit', async () => {
    const ada = await join('member');
    const key = await newKey(ada);
    await as(ada.browser, 'PUT', '/me/preferences', { monthlyBudgetUsd: '0' });
    await untilTrue(async () => (await chat(key, 'sandbox/scribe')).status === 429);
  });
});
