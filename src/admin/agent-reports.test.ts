/** What agents report through the admin API: by members, and by the agent itself with its virtual key, and nobody else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentHouse, type Answer, openAgentHouse } from '../../test/support/agent-house.ts';
import { fakeHouse, NOW } from '../../test/support/fake-house.ts';
import { silentLog } from '../base/log.ts';
import { ROLES } from '../base/role.ts';
import { createWorkspace, ensureFirstWorkspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { AgentEventList, TaskBody, TaskList, type WholeAgentBody } from './agent-fields.ts';
import { createAdmin, createApp } from './app.ts';
import type { Caller } from './caller.ts';
import { Problem } from './problem.ts';
import { ALSO_FIELD } from './route.ts';

let store: SqliteStore;
let house: AgentHouse;
const coder = { agentKey: 'coder' };

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  const here = (await ensureFirstWorkspace(store, 1)).id;
  const there = (await createWorkspace(store, 'there', 2)).id;
  house = await openAgentHouse(store, here, there, NOW);
  for (const name of ['coder', 'other']) await house.call('POST', '/agents', { name });
  await house.callThere('POST', '/agents', { name: 'coder' });
});
afterEach(() => store.close());

const codeOf = ({ status, body }: Answer) => [status, Problem.parse(body).error.code];
const agent = async (): Promise<WholeAgentBody> =>
  (await house.call<WholeAgentBody>('GET', '/agents/coder')).body;

async function begin(more: object = {}): Promise<TaskBody> {
  const { status, body } = await house.call(
    'POST',
    '/agents/coder/tasks',
    { title: 'Fix #7', ...more },
    coder,
  );
  expect(status).toBe(201);
  return TaskBody.parse(body);
}

describe('a heartbeat', () => {
  it('shows the agent as there, until it is silent', async () => {
    expect(await house.call('POST', '/agents/coder/heartbeats', {}, coder)).toEqual({
      status: 200,
      body: { isHeard: true },
    });
    expect(await agent()).toMatchObject({ state: 'online', lastSeenAt: '2026-11-21T12:00:00.000Z' });
    house.now += 90_000;
    expect(await agent()).toMatchObject({ state: 'idle' });
    house.now += 900_000;
    expect(await agent()).toMatchObject({ state: 'offline', lastSeenAt: '2026-11-21T12:00:00.000Z' });
    expect((await house.callThere('GET', '/agents/coder')).body).toMatchObject({ lastSeenAt: null });
  });

  it('is kept where it says something', async () => {
    for (const message of ['one', undefined, 'two'])
      await house.call('POST', '/agents/coder/heartbeats', { ...(message && { message }) }, coder);
    const { body } = await house.call('GET', '/agents/coder/heartbeats?limit=1', undefined, coder);
    const { events, next } = AgentEventList.parse(body);
    expect(events).toMatchObject([{ kind: 'heartbeat', message: 'two' }]);
    const rest = await house.call('GET', `/agents/coder/heartbeats?after=${next}`);
    expect(rest.body).toMatchObject({ events: [{ message: 'one' }], next: null });
  });

  it.each([{ message: 'x'.repeat(2_001) }, { message: 'a\u0000' }, { at: 'now' }, []])(
    'refuses %j',
    async (body) => {
      const answer = await house.call('POST', '/agents/coder/heartbeats', body, coder);
      expect(codeOf(answer)).toEqual([400, 'body_invalid']);
    },
  );
});

describe('a task', () => {
  it('is reported, goes on and ends', async () => {
    const task = await begin({ session: 's-1' });
    expect(task).toEqual({
      id: expect.stringMatching(/^tsk_/),
      ...{ title: 'Fix #7', state: 'queued', session: 's-1', progress: null, result: null },
      ...{ createdAt: '2026-11-21T12:00:00.000Z', updatedAt: '2026-11-21T12:00:00.000Z' },
      ...{ startedAt: null, endedAt: null },
    });
    // Who reports is there.
    expect((await agent()).state).toBe('online');
    const path = `/agents/coder/tasks/${task.id}`;
    house.now += 1_000;
    const running = await house.call('PATCH', path, { state: 'running', progress: 5 }, coder);
    expect(running.body).toMatchObject({
      state: 'running',
      progress: 5,
      startedAt: '2026-11-21T12:00:01.000Z',
    });
    const event = await house.call('POST', `${path}/events`, { kind: 'tool', message: 'npm test' }, coder);
    expect(event).toMatchObject({ status: 201, body: { kind: 'tool', message: 'npm test' } });
    const ended = await house.call(
      'PATCH',
      path,
      { state: 'done', progress: 100, result: 'All green' },
      coder,
    );
    expect(ended.body).toMatchObject({
      state: 'done',
      endedAt: '2026-11-21T12:00:01.000Z',
      result: 'All green',
    });
    expect(await house.call('GET', path)).toEqual(ended);
    // The same report twice changes nothing; another one is refused.
    const same = await house.call(
      'PATCH',
      path,
      { state: 'done', progress: 100, result: 'All green' },
      coder,
    );
    expect(same).toEqual(ended);
    for (const change of [{ state: 'running' }, { state: 'failed' }, { progress: 50 }, { result: 'No' }])
      expect(codeOf(await house.call('PATCH', path, change, coder))).toEqual([409, 'task_fixed']);
    const events = AgentEventList.parse((await house.call('GET', `${path}/events`)).body).events;
    expect(events.map(({ kind, message }) => `${kind} ${message}`)).toEqual([
      'state done',
      'tool npm test',
      'state running',
      'state queued',
    ]);
  });

  it('is found among the newest, by state, in pages', async () => {
    for (const state of ['queued', 'done', 'failed', 'queued']) await begin({ title: state, state });
    const list = async (query: string) =>
      TaskList.parse((await house.call('GET', `/agents/coder/tasks${query}`, undefined, coder)).body);
    const first = await list('?limit=3');
    expect(first.tasks.map(({ title }) => title)).toEqual(['queued', 'failed', 'done']);
    expect((await list(`?after=${first.next}`)).tasks).toHaveLength(1);
    expect((await list('?state=queued')).tasks).toHaveLength(2);
  });

  it.each([
    {},
    { title: '' },
    { title: 'two\nlines' },
    { title: 'x'.repeat(301) },
    { title: 't', state: 'paused' },
    { title: 't', progress: 101 },
    { title: 't', progress: 1.5 },
    { title: 't', progress: -1 },
    { title: 't', result: 'x'.repeat(10_001) },
    { title: 't', session: 'x'.repeat(201) },
    { title: 't', agent: 'other' },
    { title: 't', id: 'tsk_mine' },
    { title: 't', createdAt: '2020-01-01' },
  ])('refuses %j', async (body) => {
    const answer = await house.call('POST', '/agents/coder/tasks', body, coder);
    expect(codeOf(answer)).toEqual([400, 'body_invalid']);
  });

  it('of two reports at once that end it one counts', async () => {
    const task = await begin({ state: 'running' });
    const path = `/agents/coder/tasks/${task.id}`;
    const answers = await Promise.all(
      ['done', 'failed', 'cancelled'].map((state) => house.call('PATCH', path, { state }, coder)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await house.call('GET', path)).body.state).toBe(winner?.body.state);
  });
});

describe('who may', () => {
  const paths = (task: string) =>
    [
      ['GET', '/heartbeats', undefined],
      ['GET', '/tasks', undefined],
      ['GET', `/tasks/${task}`, undefined],
      ['GET', `/tasks/${task}/events`, undefined],
      ['POST', '/heartbeats', {}],
      ['POST', '/tasks', { title: 't' }],
      ['PATCH', `/tasks/${task}`, { progress: 7 }],
      ['POST', `/tasks/${task}/events`, { message: 'm' }],
    ] as const;

  it.each(ROLES)('read as %s, and write where that may', async (role) => {
    const { id } = await begin();
    for (const [method, path, body] of paths(id)) {
      const { status } = await house.call(method, `/agents/coder${path}`, body, role);
      const may = method === 'GET' || role === 'admin' || role === 'owner';
      expect([method, path, status < 300]).toEqual([method, path, may]);
    }
    expect((await agent()).state).toBe('online');
  });

  it('IDOR-01: the key of an agent, only of that agent', async () => {
    const { id } = await begin();
    const whole = await agent();
    const ofOther = (await house.call('GET', '/agents/other')).body.id;
    for (const [method, path, body] of paths(id)) {
      expect((await house.call(method, `/agents/${whole.id}${path}`, body, coder)).status).toBeLessThan(300);
      for (const which of ['other', ofOther, 'filed', 'nobody', 'agt_none'])
        expect(codeOf(await house.call(method, `/agents/${which}${path}`, body, coder))).toEqual([
          404,
          'record_unknown',
        ]);
      const stranger = await house.call(method, `/agents/coder${path}`, body, { agentKey: 'other' });
      expect(codeOf(stranger)).toEqual([404, 'record_unknown']);
    }
  });

  it('IDOR-01: nobody of another workspace, not even the agent of the same name', async () => {
    const { id } = await begin();
    const { id: agentId } = await agent();
    for (const [method, path, body] of paths(id)) {
      for (const as of [undefined, coder])
        expect(codeOf(await house.callThere(method, `/agents/${agentId}${path}`, body, as))).toEqual([
          404,
          'record_unknown',
        ]);
      if (!path.includes(id)) continue;
      const byName = await house.callThere(method, `/agents/coder${path}`, body);
      expect(codeOf(byName)).toEqual([404, 'record_unknown']);
    }
    expect((await house.call('GET', `/agents/coder/tasks/${id}`)).body).toMatchObject({ progress: null });
  });

  it('nobody of an agent that is archived, or that only a file declares', async () => {
    const { id } = await begin();
    const { id: agentId } = await agent();
    await house.call('DELETE', '/agents/coder');
    for (const [method, path, body] of paths(id)) {
      const asMember = await house.call(method, `/agents/${agentId}${path}`, body);
      if (method === 'GET') expect(asMember.status).toBe(200);
      else expect(codeOf(asMember)).toEqual([409, 'agent_fixed']);
      expect((await house.call(method, `/agents/${agentId}${path}`, body, coder)).status).toBe(404);
      const ofFile = await house.call(method, `/agents/filed${path}`, body, { agentKey: 'filed' });
      expect(codeOf(ofFile)).toEqual([409, 'agent_fixed']);
    }
  });
});

describe('the key of an agent', () => {
  const routes = createApp(fakeHouse().deps).openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path } = definition.route;
    const { 'x-turnpike-needs': needs, [ALSO_FIELD]: also } = definition.route as Record<string, unknown>;
    return [{ method: method.toUpperCase(), path, needs, also }];
  });
  const closed = routes.filter(({ also, needs }) => also !== 'agent' && needs !== 'anyone');

  it('opens these routes and no other', () => {
    expect(
      routes.filter(({ also }) => also !== undefined).map(({ method, path }) => `${method} ${path}`),
    ).toEqual([
      'POST /agents/{id}/heartbeats',
      'GET /agents/{id}/heartbeats',
      'GET /agents/{id}/tasks',
      'POST /agents/{id}/tasks',
      'GET /agents/{id}/tasks/{taskId}',
      'PATCH /agents/{id}/tasks/{taskId}',
      'GET /agents/{id}/tasks/{taskId}/events',
      'POST /agents/{id}/tasks/{taskId}/events',
    ]);
    expect(closed.length).toBeGreaterThan(60);
  });

  const caller: Caller = {
    ...{ id: 'key_1', name: 'laptop', workspaceId: 'ws_1', role: undefined, isOperator: false },
    ...{ keyId: 'key_1', agentName: 'coder' },
  };
  const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const { deps, made } = fakeHouse();
    const admin = createAdmin({ ...deps, identifyAgent: () => ({ ok: true, caller }) });
    const body = method === 'GET' ? {} : { body: '{}' };
    const url = `http://localhost/api/v1${path.replaceAll(/\{.+?\}/g, 'x')}`;
    const all = { 'content-type': 'application/json', ...headers };
    const response = await admin.fetch(new Request(url, { method, headers: all, ...body }));
    return { status: response.status, code: Problem.parse(await response.json()).error.code, made };
  };

  it.each(closed.map(({ method, path }) => [method, path] as const))(
    'MASS-03: not %s %s',
    async (method, path) => {
      expect(await ask(method, path)).toEqual({ status: 403, code: 'role_insufficient', made: [] });
    },
  );

  it.each(['/openapi.json', '/nowhere'])('not %s', async (path) => {
    expect(await ask('GET', path)).toMatchObject({ status: 403, code: 'role_insufficient' });
  });

  it('is of its workspace, whatever the header says', async () => {
    const headers = { 'x-turnpike-workspace': 'ws_2' };
    expect(await ask('GET', '/agents/coder/tasks', headers)).toMatchObject({
      status: 404,
      code: 'record_unknown',
    });
  });
});
