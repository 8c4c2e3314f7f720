/** From an agent of the registry to the model that answers its requests and the cent that is booked for it, over real sockets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentList, WholeAgentBody } from '../src/admin/agent-fields.ts';
import type { ExplainedExchange } from '../src/admin/exchanges.ts';
import type { ModelsConfig } from '../src/admin/routing.ts';
import { type Asking, ask, type Seen } from './support/plain-client.ts';
import { openTwoWorkspaces, type TwoWorkspaces } from './support/two-workspaces.ts';

let two: TwoWorkspaces;
beforeAll(async () => {
  two = await openTwoWorkspaces('');
  // The same name in both: each has its own.
  await two.must('alpha', 'admin', 'POST', '/agents', { name: 'coder', model: 'sandbox/echo' });
  await two.must('beta', 'admin', 'POST', '/agents', { name: 'coder', model: 'sandbox/toolsmith' });
});
afterAll(() => two.close());

type Side = 'alpha' | 'beta';
const send = (side: Side, more: Partial<Asking> = {}): Promise<Seen> =>
  ask(two.house.url, { format: 'openai-chat', model: 'sandbox/scribe', key: two.keys[side], ...more });
const as = (agent: string) => ({ headers: { 'x-turnpike-agent': agent } });
const servedBy = ({ headers, error }: Seen) => headers.get('x-turnpike-model') ?? error?.message;
const find = (side: Side, name: string) => two.must<WholeAgentBody>(side, 'viewer', 'GET', `/agents/${name}`);

describe('the model that an agent prefers', () => {
  it('answers its requests, in each workspace its own', async () => {
    expect(servedBy(await send('alpha', as('coder')))).toBe('sandbox/echo');
    expect(servedBy(await send('beta', as('coder')))).toBe('sandbox/toolsmith');
    expect(servedBy(await send('alpha', { headers: { 'x-turnpike-prompt': 'agent:coder' } }))).toBe(
      'sandbox/echo',
    );
    expect(servedBy(await send('alpha', as('somebody')))).toBe('sandbox/scribe');
    expect(servedBy(await send('alpha'))).toBe('sandbox/scribe');
  });

  it('answers whoever has a key of the agent, and an override comes before it', async () => {
    const { token } = await two.must<{ token: string }>('alpha', 'admin', 'POST', '/keys', {
      name: 'of the coder',
      agent: 'coder',
    });
    expect(servedBy(await send('alpha', { key: token }))).toBe('sandbox/echo');
    const headers = { 'x-turnpike-model': 'sandbox/toolsmith' };
    expect(servedBy(await send('alpha', { key: token, headers }))).toBe('sandbox/toolsmith');
  });

  it('answers where a client names the agent by its own header, as somebody declared that name', async () => {
    const headers = { 'x-claude-code-agent-id': 'coder' };
    expect(servedBy(await send('alpha', { headers }))).toBe('sandbox/echo');
  });

  it('is what explain and the list of rules say', async () => {
    const seen = await send('alpha', as('coder'));
    await two.house.entriesOf(seen.exchangeId, 1);
    const explained = await two.must<ExplainedExchange>(
      'alpha',
      'viewer',
      'GET',
      `/exchanges/${seen.exchangeId}`,
    );
    expect(JSON.stringify(explained)).toContain('"source":"agent coder of the registry"');
    const dry = await two.must<object>('alpha', 'member', 'POST', '/routing/explain', {
      prompt: 'agent:coder',
    });
    expect(JSON.stringify(dry)).toContain('"source":"agent coder of the registry"');
    const { rules } = await two.must<ModelsConfig>('alpha', 'viewer', 'GET', '/routing/config');
    expect(rules.find(({ id }) => id === 'agent:coder')?.effective).toMatchObject({
      ref: 'sandbox/echo',
      layer: 'agent',
    });
  });

  it('counts from the next request on, and not after it was cleared or the agent archived', async () => {
    const name = 'changing';
    await two.must('alpha', 'admin', 'POST', '/agents', { name });
    expect(servedBy(await send('alpha', as(name)))).toBe('sandbox/scribe');
    for (const [model, served] of [
      ['sandbox/echo', 'sandbox/echo'],
      [null, 'sandbox/scribe'],
      ['sandbox/toolsmith', 'sandbox/toolsmith'],
    ] as const) {
      await two.must('alpha', 'admin', 'PUT', `/agents/${name}/model`, { model });
      expect(servedBy(await send('alpha', as(name)))).toBe(served);
    }
    await two.must('alpha', 'admin', 'DELETE', `/agents/${name}`);
    expect(servedBy(await send('alpha', as(name)))).toBe('sandbox/scribe');
  });

  it('that leads nowhere is refused unless it is forced, and says who named it', async () => {
    const refused = await two.call('alpha', 'admin', 'PUT', '/agents/coder/model', { model: 'nobody/here' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('nobody/here')]);
    await two.must('alpha', 'admin', 'POST', '/agents', { name: 'lost', model: 'nobody/here', force: true });
    expect((await send('alpha', as('lost'))).error?.message).toContain('agent lost of the registry');
    const problemsOf = async (side: Side) =>
      (await two.must<ModelsConfig>(side, 'viewer', 'GET', '/routing/config')).problems.map(
        ({ source }) => source,
      );
    expect(await problemsOf('alpha')).toContain('agent lost of the registry');
    expect(await problemsOf('beta')).not.toContain('agent lost of the registry');
  });
});

describe('what an agent spends', () => {
  it('is shown with it, and by it that it is there', async () => {
    const name = 'spender';
    await two.must('alpha', 'admin', 'POST', '/agents', { name });
    expect(await find('alpha', name)).toMatchObject({ state: 'offline', lastSeenAt: null });
    const seen = await send('alpha', as(name));
    const [entry] = await two.house.entriesOf(seen.exchangeId, 1);
    expect(await find('alpha', name)).toMatchObject({
      state: 'online',
      lastSeenAt: new Date(entry!.created_at).toISOString(),
      spend: { monthRequests: 1, totalRequests: 1, unpriced: 0 },
    });
    const { agents } = await two.must<AgentList>('alpha', 'viewer', 'GET', '/agents?state=online');
    expect(agents.map((agent) => agent.name)).toContain(name);
    expect(
      (await two.must<AgentList>('beta', 'viewer', 'GET', '/agents')).agents.map((agent) => agent.name),
    ).toEqual(['coder']);
  });

  it('is held against the budgets that it was made with, from its first request on', async () => {
    const budgets = [{ period: 'month', limitUsd: '0' }];
    await two.must('alpha', 'admin', 'POST', '/agents', { name: 'frugal', budgets });
    const seen = await send('alpha', as('frugal'));
    expect([seen.status, seen.error?.message]).toEqual([429, expect.stringContaining('agent:frugal month')]);
    expect((await send('alpha', as('other'))).status).toBe(200);
    expect((await send('beta', as('frugal'))).status).toBe(200);
  });
});
