/** Attacks on what agents report with their own keys, over HTTP against a started server with two workspaces. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskBody } from '../../src/admin/agent-fields.ts';
import { openTwoWorkspaces, type TwoWorkspaces } from '../support/two-workspaces.ts';

let two: TwoWorkspaces;
/** Of alpha. */
let coder: string;
let task: TaskBody;
/** By whose it is. */
const keys: Record<string, string> = {};

beforeAll(async () => {
  two = await openTwoWorkspaces('');
  coder = (await two.must<{ id: string }>('alpha', 'admin', 'POST', '/agents', { name: 'coder' })).id;
  for (const name of ['other', 'gone']) await two.must('alpha', 'admin', 'POST', '/agents', { name });
  await two.must('beta', 'admin', 'POST', '/agents', { name: 'coder' });
  const makeKey = async (side: 'alpha' | 'beta', agent: string, more: object = {}) =>
    two.must<{ token: string; key: { id: string } }>(side, 'admin', 'POST', '/keys', {
      name: 'k',
      agent,
      ...more,
    });
  keys.own = (await makeKey('alpha', 'coder')).token;
  keys.other = (await makeKey('alpha', 'other')).token;
  keys.theirs = (await makeKey('beta', 'coder')).token;
  keys.none = two.keys.alpha;
  keys.elsewhere = (await makeKey('alpha', 'coder', { allowedRanges: ['203.0.113.0/24'] })).token;
  keys.here = (await makeKey('alpha', 'coder', { allowedRanges: ['127.0.0.0/8', '::1/128'] })).token;
  keys.honeypot = (await makeKey('alpha', 'coder', { isHoneypot: true })).token;
  const revoked = await makeKey('alpha', 'coder');
  await two.must('alpha', 'admin', 'DELETE', `/keys/${revoked.key.id}`);
  keys.revoked = revoked.token;
  task = await two.must<TaskBody>('alpha', 'admin', 'POST', '/agents/coder/tasks', { title: 'Fix it' });
});
afterAll(() => two.close());

async function call(key: string, method: string, path: string, body?: unknown, headers: object = {}) {
  const answer = await fetch(`${two.house.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, code: /"code":"(\w+)"/.exec(text)?.[1], text };
}

const reports = (which: string, taskId: string) =>
  [
    ['POST', `/agents/${which}/heartbeats`, { message: 'here' }],
    ['GET', `/agents/${which}/heartbeats`, undefined],
    ['POST', `/agents/${which}/tasks`, { title: 'Another' }],
    ['GET', `/agents/${which}/tasks`, undefined],
    ['GET', `/agents/${which}/tasks/${taskId}`, undefined],
    ['PATCH', `/agents/${which}/tasks/${taskId}`, { state: 'running' }],
    ['POST', `/agents/${which}/tasks/${taskId}/events`, { message: 'on it' }],
    ['GET', `/agents/${which}/tasks/${taskId}/events`, undefined],
  ] as const;

describe('an agent that reports with its own key', () => {
  it('is heard, by its name and by its id', async () => {
    for (const which of ['coder', coder])
      for (const [method, path, body] of reports(which, task.id))
        expect([path, (await call('own', method, path, body)).status]).toEqual([
          path,
          method === 'POST' && !path.endsWith('heartbeats') ? 201 : 200,
        ]);
    const shown = await two.must<{ state: string }>('alpha', 'viewer', 'GET', '/agents/coder');
    expect(shown.state).toBe('online');
    const theirs = await two.must<{ state: string }>('beta', 'viewer', 'GET', '/agents/coder');
    expect(theirs.state).toBe('offline');
  });

  it('may be bound to where it runs', async () => {
    expect((await call('here', 'POST', '/agents/coder/heartbeats', {})).status).toBe(200);
  });

  it.each(['other', 'theirs'])(
    'IDOR-01: %s cannot report for another, and learns nothing of it',
    async (key) => {
      for (const which of key === 'other' ? ['coder', coder] : [coder])
        for (const [method, path, body] of reports(which, task.id)) {
          const answer = await call(key, method, path, body);
          const unknown = await call(key, method, path.replace(which, 'nobody'), body);
          expect([path, answer.status, answer.code]).toEqual([path, 404, 'record_unknown']);
          expect(answer.text.replace(which, 'nobody')).toBe(unknown.text);
        }
      // The name is its own there; the task is not.
      if (key === 'theirs')
        for (const [method, path, body] of reports('coder', task.id))
          if (path.includes(task.id)) expect((await call(key, method, path, body)).status).toBe(404);
    },
  );

  it('IDOR-02: cannot name another agent, task or workspace in what it sends', async () => {
    for (const body of [
      { title: 't', agentId: 'other' },
      { title: 't', id: task.id },
      { title: 't', workspaceId: two.ids.beta },
    ])
      expect((await call('own', 'POST', '/agents/coder/tasks', body)).code).toBe('body_invalid');
    const there = { 'x-turnpike-workspace': two.ids.beta };
    expect(await call('own', 'GET', '/agents/coder/tasks', undefined, there)).toMatchObject({ status: 404 });
  });

  it('IDOR-03: sees no more than a page of its own, whatever it asks for', async () => {
    for (const query of ['limit=1e9', 'limit=501', 'workspace=x', 'all=true', 'after=%00'])
      expect((await call('own', 'GET', `/agents/coder/tasks?${query}`)).code).toBe('query_invalid');
    const { text } = await call(
      'own',
      'GET',
      `/agents/coder/tasks?after=${encodeURIComponent("' or 1=1 --")}`,
    );
    expect(JSON.parse(text)).toEqual({ tasks: [], next: null });
  });
});

describe('other keys', () => {
  it.each(['none', 'revoked', 'honeypot', 'elsewhere'])(
    'KEY-04, HONEY-01: %s reports nothing',
    async (key) => {
      for (const [method, path, body] of reports('coder', task.id))
        expect(await call(key, method, path, body)).toMatchObject({
          status: 401,
          code: 'operator_token_unknown',
        });
    },
  );

  it('HONEY-01: the use of a honeypot here raises the alert, too', async () => {
    const answer = await call('honeypot', 'POST', '/agents/coder/heartbeats', {});
    const stranger = await fetch(`${two.house.url}/api/v1/agents/coder/heartbeats`, {
      method: 'POST',
      headers: { authorization: `Bearer tp-${'x'.repeat(49)}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([answer.status, answer.text]).toEqual([stranger.status, await stranger.text()]);
    const told = () => two.house.rows("select 1 from outbox where topic = 'security.honeypot'").length > 0;
    await expect.poll(told, { timeout: 5_000 }).toBe(true);
  });

  it('MASS-03: the key of an agent opens nothing else', async () => {
    for (const [method, path, body] of [
      ['GET', '/agents', undefined],
      ['GET', '/agents/coder', undefined],
      ['PUT', '/agents/coder/model', { model: 'sandbox/echo' }],
      ['PATCH', '/agents/coder', { systemPrompt: 'Obey me.' }],
      ['DELETE', '/agents/coder', undefined],
      ['POST', '/keys', { name: 'more' }],
      ['GET', '/keys', undefined],
      ['GET', '/me', undefined],
      ['GET', '/openapi.json', undefined],
      ['GET', '/events/live', undefined],
    ] as const)
      expect([path, await call('own', method, path, body)]).toMatchObject([
        path,
        { status: 403, code: 'role_insufficient' },
      ]);
  });
});

describe('reports without end', () => {
  it('DOS: heartbeats that say nothing fill neither the events nor the audit', async () => {
    const rows = () => [
      two.house.rows('select 1 from agent_events').length,
      two.house.rows("select 1 from audit_events where action like 'agents.heartbeats%'").length,
    ];
    const before = rows();
    for (let beat = 0; beat < 100; beat += 1)
      expect((await call('own', 'POST', '/agents/coder/heartbeats', {})).status).toBe(200);
    expect(rows()).toEqual(before);
  });

  it('DOS-01: texts and bodies beyond their limits are refused', async () => {
    const long = await call('own', 'POST', `/agents/coder/tasks/${task.id}/events`, {
      message: 'x'.repeat(2_001),
    });
    expect(long.code).toBe('body_invalid');
    const large = await call('own', 'POST', '/agents/coder/tasks', {
      title: 't',
      result: 'x'.repeat(70_000),
    });
    expect([large.status, large.code]).toEqual([413, 'body_too_large']);
  });

  it('of many ends of one task at once one counts', async () => {
    const { text } = await call('own', 'POST', '/agents/coder/tasks', { title: 'raced', state: 'running' });
    const { id } = JSON.parse(text) as TaskBody;
    const ends = ['done', 'failed', 'cancelled', 'done', 'failed', 'cancelled'];
    const answers = await Promise.all(
      ends.map((state, at) => call('own', 'PATCH', `/agents/coder/tasks/${id}`, { state, result: `${at}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const winner = answers.findIndex(({ status }) => status === 200);
    const now = JSON.parse((await call('own', 'GET', `/agents/coder/tasks/${id}`)).text) as TaskBody;
    expect([now.state, now.result]).toEqual([ends[winner], `${winner}`]);
  });
});
