/** Workspaces, members, invitations, the caller itself and what it prefers, over `fetch` with a fake house behind. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeHouse, fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { INVITATION_TOKEN } from '../../test/support/fake-members.ts';
import type { Role } from '../base/role.ts';
import { createAdmin } from './app.ts';
import type { Caller } from './caller.ts';
import { InvitationList, MadeInvitation } from './invitations.ts';
import { Me } from './me.ts';
import { MemberBody, MemberList } from './members.ts';
import { Preferences } from './preferences.ts';
import { WorkspaceList } from './workspaces.ts';

let fake: FakeHouse;
beforeEach(() => {
  fake = fakeHouse();
});

function ada(role: Role | undefined = 'owner'): Caller {
  const ids = { id: 'mem_1', personId: 'per_1', memberId: 'mem_1', workspaceId: 'ws_1' } as const;
  return { ...ids, name: 'Ada', role, isOperator: false };
}

/** As the operator token, or as somebody else; `null` = nobody. */
async function call(method: string, path: string, body?: unknown, caller?: Caller | null) {
  const identify = async () => (caller ? ({ ok: true, caller } as const) : undefined);
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(caller === undefined && { authorization: `Bearer ${TOKEN}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await createAdmin({ ...fake.deps, identify }).fetch(request);
  const cookies = response.headers.getSetCookie();
  return { status: response.status, body: (await response.json()) as never, cookies };
}

const codeOf = ({ body }: { body: { error?: { code: string } } }) => body.error?.code;

describe('workspaces', () => {
  it('are listed with the caller\u2019s role', async () => {
    const own = WorkspaceList.parse((await call('GET', '/workspaces', undefined, ada())).body);
    expect(own.workspaces).toMatchObject([{ id: 'ws_1', role: 'owner', isCurrent: true, suspendedAt: null }]);
    const stranger: Caller = {
      id: 'per_2',
      personId: 'per_2',
      name: 'Eve',
      workspaceId: 'ws_1',
      role: undefined,
      isOperator: false,
    };
    expect((await call('GET', '/workspaces', undefined, stranger)).body).toEqual({ workspaces: [] });
    expect((await call('GET', '/workspaces')).body).toMatchObject({
      workspaces: [{ id: 'ws_1', role: 'owner' }],
    });
    const service: Caller = {
      id: 'service:i/s',
      name: 's',
      workspaceId: 'ws_1',
      role: 'viewer',
      isOperator: false,
    };
    expect((await call('GET', '/workspaces', undefined, service)).body).toMatchObject({
      workspaces: [{ id: 'ws_1', role: 'viewer' }],
    });
  });

  it('belong to the person who makes them', async () => {
    expect((await call('POST', '/workspaces', { name: ' Research ' })).status).toBe(201);
    await call('POST', '/workspaces', { name: 'x' }, { ...ada(), isOperator: true });
    expect(fake.made).toEqual([
      ['create', 'Research', undefined],
      ['create', 'x', 'per_1'],
    ]);
  });

  it.each<[string, string, unknown, number, string]>([
    ['POST', '/workspaces', { name: 'taken' }, 400, 'body_invalid'],
    ['POST', '/workspaces', { name: 'a\u202eb' }, 400, 'body_invalid'],
    ['POST', '/workspaces', { name: 'x', owner: 'per_1' }, 400, 'body_invalid'],
    ['PATCH', '/workspaces/current', { name: 'taken' }, 400, 'body_invalid'],
    ['POST', '/workspaces/ws_first/suspend', undefined, 409, 'workspace_fixed'],
    ['DELETE', '/workspaces/ws_first', undefined, 409, 'workspace_fixed'],
    ['POST', '/workspaces/ws_9/resume', undefined, 404, 'record_unknown'],
    ['DELETE', '/workspaces/ws_9', undefined, 404, 'record_unknown'],
  ])('%s %s %j: %i', async (method, path, body, status, code) => {
    const found = await call(method, path, body);
    expect([found.status, codeOf(found)]).toEqual([status, code]);
    expect(fake.made).toEqual([]);
  });

  it('are shown, renamed, suspended, resumed and deleted', async () => {
    expect((await call('GET', '/workspaces/current', undefined, ada('viewer'))).status).toBe(200);
    expect((await call('PATCH', '/workspaces/current', { name: 'New' }, ada('admin'))).body).toMatchObject({
      name: 'New',
    });
    for (const path of ['/workspaces/ws_1/suspend', '/workspaces/ws_1/resume'])
      expect((await call('POST', path)).status).toBe(200);
    expect((await call('DELETE', '/workspaces/current', undefined, ada())).status).toBe(200);
    expect(fake.made).toEqual([
      ['rename', 'New'],
      ['suspend', 'ws_1'],
      ['resume', 'ws_1'],
      ['remove', 'ws_1'],
    ]);
  });
});

describe('members', () => {
  it('are listed; addresses are for admins and for oneself', async () => {
    const list = async (caller?: Caller) =>
      MemberList.parse((await call('GET', '/members', undefined, caller)).body).members;
    expect(await list()).toMatchObject([
      { id: 'mem_1', name: 'Ada', email: 'ada@example.com', role: 'owner', isSelf: false },
    ]);
    const bob: Caller = { ...ada('member'), memberId: 'mem_2' };
    expect(await list(bob)).toMatchObject([{ name: 'Ada', email: null, lastSignInAt: null }]);
    expect(await list(ada('viewer'))).toMatchObject([{ email: 'ada@example.com', isSelf: true }]);
  });

  it('are changed one thing at a time', async () => {
    for (const change of [{ role: 'admin' }, { isSuspended: true }, { isSuspended: false }])
      MemberBody.parse((await call('PATCH', '/members/mem_1', change, ada('admin'))).body);
    await call('DELETE', '/members/mem_1', undefined, ada('admin'));
    expect(fake.made).toEqual([
      ['role', 'admin', 'mem_1'],
      ['suspend', 'mem_1'],
      ['resume', 'mem_1'],
      ['remove', 'mem_1'],
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['mem_9', { role: 'admin' }, 404, 'record_unknown'],
    ['mem_above', { role: 'admin' }, 403, 'role_insufficient'],
    ['mem_last', { role: 'admin' }, 409, 'owner_last'],
    ['mem_1', {}, 400, 'body_invalid'],
    ['mem_1', { role: 'admin', isSuspended: true }, 400, 'body_invalid'],
    ['mem_1', { role: 'god' }, 400, 'body_invalid'],
    ['mem_1', { role: 'admin', workspaceId: 'ws_2' }, 400, 'body_invalid'],
    ['mem_1', { personId: 'per_2' }, 400, 'body_invalid'],
  ])('PATCH %s %j: %i', async (id, body, status, code) => {
    const found = await call('PATCH', `/members/${id}`, body, ada('admin'));
    expect([found.status, codeOf(found)]).toEqual([status, code]);
    expect(fake.made).toEqual([]);
  });
});

describe('invitations', () => {
  it('are made with a link that is in no list', async () => {
    const wanted = { email: 'Bob@Example.com', role: 'member' };
    const { status, body } = await call('POST', '/invitations', wanted, ada('admin'));
    expect(status).toBe(201);
    const made = MadeInvitation.parse(body);
    expect(made.link).toBe(`http://127.0.0.1:8642/console/sign-up?token=${INVITATION_TOKEN}`);
    expect(made.invitation).toMatchObject({ email: 'bob@example.com', state: 'open' });
    const listed = (await call('GET', '/invitations', undefined, ada('admin'))).body;
    expect(InvitationList.parse(listed).invitations).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain(INVITATION_TOKEN);
    expect((await call('DELETE', '/invitations/inv_1', undefined, ada('admin'))).body).toMatchObject({
      state: 'revoked',
    });
    expect((await call('DELETE', '/invitations/inv_9', undefined, ada('admin'))).status).toBe(404);
    expect(codeOf(await call('POST', '/invitations', { email: 'ada@example.com', role: 'viewer' }))).toBe(
      'member_already',
    );
    expect(codeOf(await call('POST', '/owner-link'))).toBe('owner_exists');
  });

  it('are shown and accepted by whoever has the link, signed in or new', async () => {
    const token = INVITATION_TOKEN;
    const shown = await call('POST', '/invitations/show', { token }, null);
    expect(shown.body).toMatchObject({
      workspace: 'default',
      role: 'member',
      email: 'bob@example.com',
      isKnown: false,
    });
    const guest = { token, name: 'Bob', password: 'correct horse battery' };
    const made = await call('POST', '/invitations/accept', guest, null);
    expect([made.status, made.body]).toMatchObject([201, { memberId: 'mem_2', isSignedIn: true }]);
    expect(made.cookies).toEqual(['a=1; HttpOnly', 'b=2; HttpOnly']);
    const joined = await call('POST', '/invitations/accept', { token }, ada());
    expect([joined.status, joined.cookies]).toEqual([201, []]);
    expect(fake.made).toEqual([
      ['welcome', 'Bob', undefined],
      ['accept', 'per_1'],
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['a link that is no good', { token: 'x' }, 404, 'invitation_unknown'],
    ['nobody in particular', { token: INVITATION_TOKEN }, 409, 'sign_in_first'],
    ['a name alone', { token: INVITATION_TOKEN, name: 'x' }, 400, 'body_invalid'],
    ['a weak password', { token: INVITATION_TOKEN, name: 'x', password: 'short' }, 400, 'body_invalid'],
    ['a role of one\u2019s own', { token: INVITATION_TOKEN, role: 'owner' }, 400, 'body_invalid'],
  ])('are not accepted with %s', async (what, body, status, code) => {
    const found = await call('POST', '/invitations/accept', body, what.startsWith('a link') ? ada() : null);
    expect([found.status, codeOf(found)]).toEqual([status, code]);
    expect(fake.made).toEqual([]);
  });
});

describe('the caller itself', () => {
  it.each<[string, Caller | undefined, object]>([
    [
      'a person',
      ada('admin'),
      { kind: 'person', role: 'admin', person: { email: 'ada@example.com' }, workspaces: [{ id: 'ws_1' }] },
    ],
    ['the operator token', undefined, { kind: 'operator', isOperator: true, person: null, workspaces: [] }],
    [
      'a service',
      { id: 'service:i/s', name: 's', workspaceId: 'ws_1', role: 'viewer', isOperator: false },
      { kind: 'service', name: 's', memberId: null },
    ],
  ])('is told: %s', async (_what, caller, expected) => {
    expect(Me.parse((await call('GET', '/me', undefined, caller)).body)).toMatchObject(expected);
  });

  it('changes its name', async () => {
    expect((await call('PATCH', '/me', { name: 'Ada L.' }, ada())).body).toMatchObject({ name: 'Ada L.' });
    expect(fake.made).toEqual([['rename', 'per_1', 'Ada L.']]);
    expect(codeOf(await call('PATCH', '/me', { name: 'x' }))).toBe('no_person');
  });

  it.each([
    'role',
    'workspaceId',
    'workspace_id',
    'isOperator',
    'email',
    'emailVerified',
    'budgetUsd',
    '__proto__',
  ])('MASS-01: changes nothing else: %s', async (field) => {
    const text = `{"name":"x","${field}":"owner"}`;
    const identify = async () => ({ ok: true, caller: ada('viewer') }) as const;
    const request = new Request('http://127.0.0.1/api/v1/me', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    const response = await createAdmin({ ...fake.deps, identify }).fetch(request);
    expect(response.status).toBe(400);
    expect(fake.made).toEqual([]);
  });
});

describe('preferences', () => {
  it('are nothing at first, set as a whole, and cleared', async () => {
    const nothing = {
      provider: null,
      model: null,
      fallback: { isEnabled: null, models: null },
      monthlyBudgetUsd: null,
      budgetId: null,
      updatedAt: null,
    };
    expect((await call('GET', '/me/preferences', undefined, ada())).body).toEqual(nothing);
    const body = {
      provider: 'openai',
      model: 'gpt-4o',
      fallback: { models: ['fast'] },
      monthlyBudgetUsd: '25.50',
    };
    const set = await call('PUT', '/me/preferences', body, ada());
    expect(Preferences.parse(set.body)).toMatchObject({
      provider: 'openai',
      fallback: { isEnabled: null, models: ['fast'] },
    });
    await call('PUT', '/me/preferences', { fallback: { isEnabled: false } }, ada());
    expect((await call('DELETE', '/me/preferences', undefined, ada())).body).toEqual(nothing);
    expect(fake.made).toEqual([
      ['prefer', { provider: 'openai', model: 'gpt-4o', fallback: ['fast'] }, 25_500_000_000n],
      ['prefer', { hasFallback: false }, undefined],
      ['clear', 'mem_1'],
    ]);
  });

  it.each<[string, unknown, number, string]>([
    ['leads nowhere', { model: 'nowhere' }, 400, 'body_invalid'],
    ['is no money', { monthlyBudgetUsd: '-1' }, 400, 'body_invalid'],
    ['is of somebody else', { memberId: 'mem_2' }, 400, 'body_invalid'],
    ['is of another workspace', { workspaceId: 'ws_2', model: 'x' }, 400, 'body_invalid'],
  ])('refuse what %s', async (_what, body, status, code) => {
    const found = await call('PUT', '/me/preferences', body, ada('member'));
    expect([found.status, codeOf(found)]).toEqual([status, code]);
    expect(fake.made).toEqual([]);
  });

  it('are of members alone', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(codeOf(await call(method, '/me/preferences', method === 'PUT' ? {} : undefined))).toBe(
        'no_person',
      );
    expect((await call('PUT', '/me/preferences', { model: 'nowhere', force: true }, ada())).status).toBe(200);
  });
});
