/** The audit over the admin API: what is asked of it, what requests are called in it, and what is told of refusals. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeHead } from '../../test/support/fake-audit.ts';
import { type FakeHouse, fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import { AuditList, AuditProof } from './audit.ts';
import { actionOf } from './audit-action.ts';
import type { Caller } from './caller.ts';

let fake: FakeHouse;
beforeEach(() => {
  fake = fakeHouse();
});

const member: Caller = { id: 'mem_bob', name: 'Bob', workspaceId: 'ws_1', role: 'member', isOperator: false };

async function call(method: string, path: string, body?: unknown, caller?: Caller) {
  if (caller) fake.deps = { ...fake.deps, identify: async () => ({ ok: true, caller }) };
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return createAdmin(fake.deps).fetch(request, '192.0.2.7');
}

describe('what a request is called', () => {
  it.each([
    ['POST', '/api/v1/budgets', true, 'budgets.create'],
    ['PATCH', '/api/v1/budgets/:id', false, 'budgets.change'],
    ['DELETE', '/api/v1/keys/{id}', false, 'keys.remove'],
    ['POST', '/api/v1/keys/:id/rotate', false, 'keys.rotate'],
    ['PUT', '/api/v1/routing/rules/:id', true, 'routing.rules.set'],
    ['POST', '/api/v1/health/drain', false, 'health.drain'],
    ['POST', '/api/v1/agents/:id/notes', true, 'agents.notes.create'],
    ['POST', '/api/v1/workspaces', false, 'workspaces.create'],
    ['GET', '/api/v1/budgets/:id', true, 'budgets.read'],
  ])('%s %s', (method, path, isCollection, name) => {
    expect(actionOf(method, path, isCollection)).toEqual({ name, isQuestion: method === 'GET' });
  });
  it.each([
    ['POST', '/api/v1/agents/:id/heartbeats', true],
    ['POST', '/api/v1/agents/:id/tasks', true],
    ['PATCH', '/api/v1/agents/:id/tasks/:taskId', false],
    ['POST', '/api/v1/agents/:id/tasks/:taskId/events', true],
  ])('what agents report is no change: %s %s', (method, path, isCollection) => {
    expect(actionOf(method, path, isCollection).isQuestion).toBe(true);
  });
  it('a dry run is a question', () => {
    expect(actionOf('POST', '/api/v1/routing/explain', false).isQuestion).toBe(true);
  });
});

describe('what is told after a request', () => {
  it('who did what, where no row was changed', async () => {
    await call('POST', '/alerts/test');
    expect(fake.told).toEqual([
      {
        workspaceId: 'ws_1',
        actor: {
          id: 'operator',
          name: 'the operator token',
          role: 'owner',
          via: 'operator-token',
          address: '192.0.2.7',
        },
        action: 'alerts.test',
        outcome: 'done',
        detail: { method: 'POST', path: '/api/v1/alerts/test', status: 200 },
      },
    ]);
  });
  it('a refusal, with its code', async () => {
    expect((await call('POST', '/budgets', { name: 'x' }, member)).status).toBe(403);
    expect((await call('DELETE', '/keys/key_9', undefined, member)).status).toBe(404);
    expect((await call('GET', '/budgets/bud_9', undefined, member)).status).toBe(404);
    expect((await call('GET', '/audit', undefined, member)).status).toBe(403);
    expect(fake.told.map(({ action, target, outcome, detail }) => [action, target, outcome, detail])).toEqual(
      [
        [
          'budgets.create',
          undefined,
          'refused',
          expect.objectContaining({ status: 403, refusal: 'role_insufficient' }),
        ],
        [
          'keys.remove',
          'key_9',
          'refused',
          expect.objectContaining({ status: 404, refusal: 'record_unknown' }),
        ],
        ['budgets.read', 'bud_9', 'refused', expect.objectContaining({ status: 404 })],
        ['audit.read', undefined, 'refused', expect.objectContaining({ status: 403 })],
      ],
    );
  });
  it('what broke off', async () => {
    const { spending } = fake.deps;
    fake.deps = { ...fake.deps, spending: { ...spending, verify: () => Promise.reject(new Error('fire')) } };
    await call('POST', '/ledger/verify');
    expect(fake.told).toMatchObject([
      { action: 'ledger.verify', outcome: 'failed', detail: { refusal: 'internal' } },
    ]);
  });
  it('nothing of what was only read, of paths that are none, and of who is not known', async () => {
    await call('GET', '/keys');
    await call('GET', '/nowhere');
    await call('POST', '/nowhere', {});
    await call('POST', '/routing/explain', { model: 'fast' });
    fake.deps = { ...fake.deps, operatorTokenHash: () => '' };
    expect((await call('POST', '/alerts/test')).status).toBe(401);
    expect(fake.told).toEqual([]);
  });
  it('of one who tries ids sixty times a minute', async () => {
    const admin = createAdmin({ ...fake.deps, identify: async () => ({ ok: true, caller: member }) });
    for (let n = 0; n < 70; n += 1)
      await admin.fetch(new Request(`http://127.0.0.1/api/v1/budgets/bud_${n}`));
    expect(fake.told).toHaveLength(60);
  });
  it('an event that cannot be written takes nothing from the answer', async () => {
    const { audit } = fake.deps;
    fake.deps = { ...fake.deps, audit: { ...audit, record: () => Promise.reject(new Error('no disk')) } };
    expect((await call('POST', '/alerts/test')).status).toBe(200);
    expect(fake.logged).toHaveLength(1);
  });
});

describe('what is asked of it', () => {
  it('lists in pages', async () => {
    const first = AuditList.parse(await (await call('GET', '/audit?limit=1')).json());
    expect([first.events.length, first.next]).toEqual([1, 'aud_2']);
    const second = AuditList.parse(await (await call('GET', '/audit?after=aud_1')).json());
    expect([second.events, second.next]).toEqual([[], null]);
  });
  it.each(['after=x', 'limit=501', 'outcome=perhaps', 'since=yesterday', 'workspace=ws_2'])(
    'not %s',
    async (query) => {
      expect((await call('GET', `/audit?${query}`)).status).toBe(400);
    },
  );
  it('proves every chain to an operator, and its own to an admin', async () => {
    const all = AuditProof.parse(await (await call('POST', '/audit/verify', {})).json());
    expect([all.isSound, all.chains.map(({ workspace }) => workspace)]).toEqual([false, ['ws_1', 'ws_2']]);
    const admin = { ...member, role: 'admin' } as const;
    const own = AuditProof.parse(await (await call('POST', '/audit/verify', {}, admin)).json());
    expect([own.isSound, own.chains.length]).toEqual([true, 1]);
  });
  it('gives a file, and where its chain ends', async () => {
    const answer = await call('GET', '/audit/export?format=csv');
    expect(answer.headers.get('x-turnpike-audit-head')).toBe(`2:${fakeHead.hash}`);
    expect(answer.headers.get('content-disposition')).toContain('audit.csv');
    expect(await answer.text()).toBe('id,at\r\naud_1,x\r\n');
  });
});
