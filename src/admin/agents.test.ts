/** The admin API of agents over a real database: what it takes, what it answers, what it refuses, and to whom. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AgentHouse, type Answer, openAgentHouse } from '../../test/support/agent-house.ts';
import { NOW } from '../../test/support/fake-house.ts';
import { silentLog } from '../base/log.ts';
import { ROLES } from '../base/role.ts';
import { createWorkspace, ensureFirstWorkspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { AgentList, WholeAgentBody } from './agent-fields.ts';
import { Problem } from './problem.ts';

let store: SqliteStore;
let house: AgentHouse;

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  const here = (await ensureFirstWorkspace(store, 1)).id;
  const there = (await createWorkspace(store, 'there', 2)).id;
  house = await openAgentHouse(store, here, there, NOW);
});
afterEach(() => store.close());

const codeOf = ({ status, body }: Answer) => [status, Problem.parse(body).error.code];
const messageOf = ({ body }: Answer) => Problem.parse(body).error.message;

async function make(more: object = {}): Promise<WholeAgentBody> {
  const { status, body } = await house.call('POST', '/agents', { name: 'coder', ...more });
  expect([status, body]).toEqual([201, expect.anything()]);
  return WholeAgentBody.parse(body);
}

async function list(query = ''): Promise<AgentList> {
  const { status, body } = await house.call('GET', `/agents${query}`);
  expect([status, body]).toEqual([200, expect.anything()]);
  return AgentList.parse(body);
}
const namesIn = ({ agents }: AgentList) => agents.map(({ name, source }) => `${name} ${source}`);

describe('making an agent', () => {
  it('takes the shortest there is', async () => {
    const spend = { monthUsd: '0.00', monthRequests: 0, totalUsd: '0.00', totalRequests: 0, unpriced: 0 };
    expect(await make()).toEqual({
      id: expect.stringMatching(/^agt_/),
      name: 'coder',
      source: 'registry',
      file: null,
      description: null,
      preferredModel: null,
      model: null,
      problem: null,
      state: 'offline',
      lastSeenAt: null,
      spend,
      createdAt: '2026-11-21T12:00:00.000Z',
      createdBy: 'operator',
      archivedAt: null,
      systemPrompt: null,
      budgets: [],
    });
  });

  it('takes all there is, with budgets of its own', async () => {
    const made = await make({
      name: 'oss:coder/2',
      description: 'Writes\ncode',
      systemPrompt: 'You write code.\n'.repeat(2_000),
      model: 'openai/gpt-4o',
      budgets: [
        { period: 'month', limitUsd: '25' },
        { period: 'day', limitUsd: '2.50', name: 'daily', action: 'warn' },
      ],
    });
    expect(made).toMatchObject({
      preferredModel: 'openai/gpt-4o',
      model: { ref: 'openai/gpt-4o', layer: 'agent', source: 'agent oss:coder/2 of the registry' },
      budgets: [
        { name: 'agent:oss:coder/2 month', scope: 'agent:oss:coder/2', limitUsd: '25.00' },
        { name: 'daily', scope: 'agent:oss:coder/2', action: 'warn', period: 'day' },
      ],
    });
    expect(await house.call('GET', `/agents/${made.id}`)).toEqual({ status: 200, body: made });
    expect(await house.call('GET', `/agents/${encodeURIComponent(made.name)}`)).toEqual({
      status: 200,
      body: made,
    });
  });

  it.each([
    ['no name', { name: undefined }, 'name'],
    ['a name with a blank', { name: 'two words' }, 'name: must be'],
    ['a name that is an id', { name: 'agt_1' }, 'name: must be'],
    ['a name of another kind of prompt', { name: 'command:ship' }, 'name: must be'],
    ['every agent', { name: '*' }, 'name: must be'],
    ['a field nobody knows', { workspaceId: 'ws_1' }, 'workspaceId'],
    ['an id of its own', { id: 'agt_mine' }, 'id'],
    ['spend', { spend: { totalUsd: '-5' } }, 'spend'],
    ['a prompt that is too long', { systemPrompt: 'x'.repeat(50_001) }, 'systemPrompt'],
    ['a description that is too long', { description: 'x'.repeat(2_001) }, 'description'],
    ['text that no database keeps', { description: 'a\u0000b' }, 'U+0000'],
    ['a model that leads nowhere', { model: 'nowhere/one' }, 'nowhere/one: no provider nowhere'],
    [
      'a budget of another scope',
      { budgets: [{ scope: 'workspace', period: 'day', limitUsd: '1' }] },
      'scope',
    ],
    ['a budget that is none', { budgets: [{ period: 'day' }] }, 'limitUsd'],
    ['too many budgets', { budgets: Array(11).fill({ period: 'day', limitUsd: '1' }) }, 'budgets'],
    [
      'two budgets of one name',
      { budgets: Array(2).fill({ period: 'day', limitUsd: '1' }) },
      'one of these names is that of another budget',
    ],
  ])('refuses %s, and makes nothing', async (_, more, message) => {
    const answer = await house.call('POST', '/agents', { name: 'coder', ...more });
    expect(codeOf(answer)).toEqual([400, 'body_invalid']);
    expect(messageOf(answer)).toContain(message);
    expect(namesIn(await list('?source=registry'))).toEqual([]);
    expect((await house.call('GET', '/budgets')).body.budgets).toEqual([]);
  });

  it('takes a model that leads nowhere where it is told to, and says so', async () => {
    const made = await make({ model: 'nowhere/one', force: true });
    expect(made).toMatchObject({ preferredModel: 'nowhere/one', problem: 'no provider nowhere' });
  });

  it('refuses a name that is taken here, not one that is taken elsewhere', async () => {
    await make();
    const again = await house.call('POST', '/agents', { name: 'coder' });
    expect([codeOf(again), messageOf(again)]).toEqual([
      [400, 'body_invalid'],
      'name: another agent is called "coder"',
    ]);
    expect((await house.callThere('POST', '/agents', { name: 'coder' })).status).toBe(201);
  });
});

describe('the list', () => {
  it('has agents of files and of the registry, each name once', async () => {
    await make({ name: 'zebra' });
    expect(namesIn(await list())).toEqual(['filed file', 'oss:reviewer file', 'zebra registry']);
    await make({ name: 'filed', description: 'Ours' });
    const found = await list();
    expect(namesIn(found)).toEqual(['filed registry', 'oss:reviewer file', 'zebra registry']);
    // The file still says which model, as nothing better is preferred.
    expect(found.agents[0]).toMatchObject({
      model: { ref: 'ollama/filed', layer: 'agent' },
      preferredModel: null,
    });
    expect(found.agents[1]).toMatchObject({
      id: 'oss:reviewer',
      file: '/repo/.claude/agents/reviewer.md',
      description: 'Reads changes',
      createdAt: null,
    });
    expect(namesIn(await list('?source=file'))).toEqual(['oss:reviewer file']);
    expect(namesIn(await list('?source=registry'))).toEqual(['filed registry', 'zebra registry']);
    expect(namesIn(await list('?q=REV'))).toEqual(['oss:reviewer file']);
    expect((await house.callThere<AgentList>('GET', '/agents')).body.agents.map(({ name }) => name)).toEqual([
      'filed',
      'oss:reviewer',
    ]);
  });

  it.each([1, 2, 3, 100])('comes whole in pages of %i', async (limit) => {
    for (const name of ['a', 'b', 'g', 'oss:x', 'zz']) await make({ name });
    await house.call('DELETE', '/agents/g');
    await make({ name: 'g' });
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: AgentList = await list(`?archived=true&limit=${limit}${after && `&after=${after}`}`);
      expect(page.agents.length).toBeLessThanOrEqual(limit);
      seen.push(...page.agents.map(({ name, archivedAt }) => (archivedAt ? `${name}!` : name)));
      after = page.next;
    }
    expect(seen).toEqual(['a', 'b', 'filed', 'g!', 'g', 'oss:reviewer', 'oss:x', 'zz']);
  });

  it('is of those in one state, in pages too', async () => {
    for (let at = 0; at < 7; at += 1) await make({ name: `agent-${at}` });
    for (const at of [1, 3, 5]) await house.call('POST', `/agents/agent-${at}/heartbeats`, {});
    house.now += 100_000;
    await house.call('POST', '/agents/agent-6/heartbeats', {});
    expect(namesIn(await list('?state=online'))).toEqual(['agent-6 registry']);
    const first = await list('?state=idle&limit=2');
    expect(namesIn(first)).toEqual(['agent-1 registry', 'agent-3 registry']);
    const second = await list(`?state=idle&limit=2&after=${first.next}`);
    expect([namesIn(second), second.next]).toEqual([['agent-5 registry'], null]);
    expect(namesIn(await list('?state=offline'))).toContain('filed file');
  });

  it.each([
    '?limit=0',
    '?limit=201',
    '?limit=1e9',
    '?state=away',
    '?after=x',
    '?workspace=ws_1',
    '?q=',
    '?q=%00',
    '?source=all',
  ])('refuses %s', async (query) => {
    expect(codeOf(await house.call('GET', `/agents${query}`))).toEqual([400, 'query_invalid']);
  });
});

describe('changing an agent', () => {
  it('changes what is named and leaves the rest', async () => {
    const made = await make({ description: 'old', systemPrompt: 'Old.' });
    const { status, body } = await house.call('PATCH', '/agents/coder', { description: null });
    expect([status, body]).toEqual([200, { ...made, description: null }]);
    expect((await house.call('PATCH', `/agents/${made.id}`, { systemPrompt: 'New.' })).body).toMatchObject({
      systemPrompt: 'New.',
      description: null,
    });
  });

  it.each([{}, { name: 'other' }, { archivedAt: null }, { createdBy: 'me' }, { description: 7 }])(
    'refuses %j',
    async (change) => {
      await make();
      expect(codeOf(await house.call('PATCH', '/agents/coder', change))).toEqual([400, 'body_invalid']);
    },
  );

  it('prefers a model, and uses the default again', async () => {
    await make({ name: 'filed' });
    const set = await house.call('PUT', '/agents/filed/model', { model: 'openai/gpt-4o' });
    expect(set.body).toMatchObject({ preferredModel: 'openai/gpt-4o', model: { ref: 'openai/gpt-4o' } });
    const nowhere = await house.call('PUT', '/agents/filed/model', { model: 'nowhere/x' });
    expect([codeOf(nowhere), messageOf(nowhere)]).toEqual([
      [400, 'body_invalid'],
      'nowhere/x: no provider nowhere',
    ]);
    const forced = await house.call('PUT', '/agents/filed/model', { model: 'nowhere/x', force: true });
    expect(forced.body).toMatchObject({ preferredModel: 'nowhere/x', problem: 'no provider nowhere' });
    const cleared = await house.call('PUT', '/agents/filed/model', { model: null });
    expect(cleared.body).toMatchObject({
      preferredModel: null,
      model: { ref: 'ollama/filed', layer: 'agent' },
    });
  });

  it('of an agent of a file is a rule on top of it', async () => {
    const set = await house.call('PUT', '/agents/filed/model', { model: 'openai/gpt-4o' });
    expect(set).toMatchObject({
      status: 200,
      body: {
        source: 'file',
        preferredModel: 'openai/gpt-4o',
        model: { ref: 'openai/gpt-4o', layer: 'setting', source: 'setting agent:filed' },
      },
    });
    const cleared = await house.call('PUT', '/agents/filed/model', { model: null });
    expect(cleared.body).toMatchObject({ preferredModel: null, model: { ref: 'ollama/filed' } });
    // Nothing was set: that is so already.
    expect((await house.call('PUT', '/agents/filed/model', { model: null })).status).toBe(200);
    for (const [method, body] of [
      ['PATCH', { description: 'x' }],
      ['DELETE', undefined],
    ] as const)
      expect(codeOf(await house.call(method, '/agents/filed', body))).toEqual([409, 'agent_fixed']);
  });

  it('archives it once and for all; its budgets stay', async () => {
    const made = await make({ budgets: [{ period: 'day', limitUsd: '1' }], model: 'openai/gpt-4o' });
    const archived = await house.call('DELETE', '/agents/coder');
    expect(archived.body).toMatchObject({
      archivedAt: '2026-11-21T12:00:00.000Z',
      model: null,
      budgets: [{}],
    });
    expect(await house.call('DELETE', `/agents/${made.id}`)).toEqual(archived);
    expect(codeOf(await house.call('PATCH', `/agents/${made.id}`, { description: 'x' }))).toEqual([
      409,
      'agent_fixed',
    ]);
    expect(codeOf(await house.call('PUT', `/agents/${made.id}/model`, { model: null }))).toEqual([
      409,
      'agent_fixed',
    ]);
    expect(codeOf(await house.call('GET', '/agents/coder'))).toEqual([404, 'record_unknown']);
  });
});

describe('who may', () => {
  const reads = [
    ['GET', '/agents', undefined],
    ['GET', '/agents/coder', undefined],
  ] as const;
  const writes = [
    ['POST', '/agents', { name: 'other' }],
    ['PATCH', '/agents/coder', { description: 'x' }],
    ['PUT', '/agents/coder/model', { model: null }],
    ['DELETE', '/agents/coder', undefined],
  ] as const;

  it.each(ROLES)('%s', async (role) => {
    await make();
    for (const [method, path, body] of reads)
      expect((await house.call(method, path, body, role)).status).toBe(200);
    for (const [method, path, body] of writes) {
      const { status } = await house.call(method, path, body, role);
      expect([path, status < 300]).toEqual([path, role === 'admin' || role === 'owner']);
    }
  });

  it("not the agent's own key", async () => {
    await make();
    for (const [method, path, body] of [...reads, ...writes])
      expect(codeOf(await house.call(method, path, body, { agentKey: 'coder' }))).toEqual([
        403,
        'role_insufficient',
      ]);
  });

  it('IDOR-01: nobody of another workspace, whatever it names', async () => {
    const made = await make();
    for (const which of [made.id, 'coder', 'agt_none', 'nobody', '%00', 'x'.repeat(300)]) {
      const answers = [
        await house.callThere('GET', `/agents/${which}`),
        await house.callThere('PATCH', `/agents/${which}`, { description: 'mine' }),
        await house.callThere('PUT', `/agents/${which}/model`, { model: 'openai/gpt-4o' }),
        await house.callThere('DELETE', `/agents/${which}`),
      ];
      for (const answer of answers) expect(codeOf(answer)).toEqual([404, 'record_unknown']);
    }
    expect((await house.call('GET', '/agents/coder')).body).toEqual(made);
  });
});
