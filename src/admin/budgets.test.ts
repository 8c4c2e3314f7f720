/** The admin API of budgets over a real database: what it takes, what it answers, what it refuses. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import { silentLog } from '../base/log.ts';
import { loadBudgets, reconcileBudgets } from '../registry/budgets.ts';
import { createWorkspace, type Workspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { createAdmin } from './app.ts';
import { BudgetBody, BudgetList } from './budgets.ts';
import { createBudgetDesk } from './budgets-desk.ts';
import { Problem } from './problem.ts';

let store: SqliteStore;
let workspace: Workspace;
const clock = { now: () => NOW, monotonic: () => 0 };

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  workspace = await createWorkspace(store, 'mine', 1);
});
afterEach(() => store.close());

async function call(method: string, path: string, body?: unknown, of = workspace) {
  const deps = { ...fakeHouse().deps, budgets: createBudgetDesk(store, of.id, clock) };
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await createAdmin(deps).fetch(request);
  return { status: response.status, body: (await response.json()) as unknown };
}

const shortest = { scope: 'agent:coder', period: 'month', limitUsd: '25' };

async function make(more: object = {}): Promise<BudgetBody> {
  const { status, body } = await call('POST', '/budgets', { ...shortest, ...more });
  expect(status).toBe(201);
  return BudgetBody.parse(body);
}

describe('making a budget', () => {
  it('takes the shortest there is', async () => {
    expect(await make()).toEqual({
      id: expect.stringMatching(/^bud_/),
      name: 'agent:coder month',
      scope: 'agent:coder',
      period: 'month',
      limitUsd: '25.00',
      action: 'block',
      alerts: [50, 80, 100],
      timeZone: 'UTC',
      anchorDay: 1,
      calendarChangesAt: null,
      outputCap: null,
      queueMs: 30_000,
      mode: 'worst-case',
      version: 1,
      source: 'api',
      createdAt: '2026-11-21T12:00:00.000Z',
      archivedAt: null,
      windows: [
        {
          subject: 'coder',
          start: '2026-11-01T00:00:00.000Z',
          resetsAt: '2026-12-01T00:00:00.000Z',
          limitUsd: '25.00',
          spentUsd: '0.00',
          reservedUsd: '0.00',
          remainingUsd: '25.00',
          requests: 0,
          refusals: 0,
          overruns: 0,
          blockedAt: null,
          projection: null,
        },
      ],
      windowCount: 1,
    });
  });

  it('takes all there is', async () => {
    const all = {
      name: 'night',
      scope: 'session:*',
      period: 'rolling:24',
      limitUsd: '0.000000001',
      action: 'warn',
      alerts: [10],
      timeZone: 'Europe/Berlin',
      anchorDay: 28,
      outputCap: 4096,
      queueMs: 0,
      mode: 'incremental',
    };
    expect(await make(all)).toMatchObject({ ...all, windows: [], windowCount: 0 });
  });

  it.each([
    ['no limit', { limitUsd: undefined }, 'limitUsd: '],
    ['a limit that is a number', { limitUsd: 25 }, 'limitUsd: '],
    ['a limit below nothing', { limitUsd: '-1' }, 'limitUsd: must be US dollars as a plain decimal'],
    ['a limit finer than a nano-dollar', { limitUsd: '0.0000000001' }, 'limitUsd: must be'],
    ['a scope nobody knows', { scope: 'team:x' }, 'scope: must be workspace, or one of member'],
    ['a key by its name', { scope: 'key:laptop' }, 'scope: must be'],
    ['a period nobody knows', { period: 'year' }, 'period: must be day, week'],
    ['a zone nobody knows', { timeZone: 'Mars/Olympus' }, 'timeZone: must be the IANA name'],
    ['the 29th', { anchorDay: 29 }, 'anchorDay: '],
    ['a long wait', { queueMs: 30_001 }, 'queueMs: '],
    ['half a per cent', { alerts: [0.5] }, 'alerts.0: '],
    ['a word nobody knows', { color: 'red' }, 'color'],
  ])('refuses %s, and keeps nothing', async (_name, more, message) => {
    const { status, body } = await call('POST', '/budgets', { ...shortest, ...more });
    expect(status).toBe(400);
    const { error } = Problem.parse(body);
    expect(error.code).toBe('body_invalid');
    expect(error.message).toContain(message);
    expect(await loadBudgets(store)).toEqual([]);
  });

  it('refuses a name that another has', async () => {
    await make({ name: 'a' });
    const { status, body } = await call('POST', '/budgets', { ...shortest, name: 'a' });
    expect([status, Problem.parse(body).error.message]).toEqual([400, 'name: another budget is called "a"']);
  });
});

describe('looking at budgets', () => {
  it('shows what is spent, held and left', async () => {
    const { id } = await make({ scope: 'agent:*', period: 'total', name: 'a' });
    await store.write([
      store.kysely.insertInto('budget_windows').values({
        budget_id: id as 'bud_1',
        subject: 'coder',
        start_at: 0,
        end_at: 8_640_000_000_000_000,
        limit_nano: 25_000_000_000n,
        settled_nano: 26_000_000_000n,
        reserved_nano: 500_000_001n,
        blocked_at: NOW,
        refusals: 2,
        requests: 3,
      }),
    ]);
    const { body } = await call('GET', `/budgets/${id}`);
    expect(BudgetBody.parse(body).windows).toMatchObject([
      {
        subject: 'coder',
        start: '1970-01-01T00:00:00.000Z',
        resetsAt: null,
        spentUsd: '26.00',
        reservedUsd: '0.500000001',
        remainingUsd: '-1.500000001',
        requests: 3,
        refusals: 2,
        blockedAt: '2026-11-21T12:00:00.000Z',
      },
    ]);
  });

  it('lists by name, archived ones when asked, and no more than asked', async () => {
    for (const name of ['b', 'a', 'c']) await make({ name });
    const list = async (query = '') => {
      const { body } = await call('GET', `/budgets${query}`);
      const { budgets, isTruncated } = BudgetList.parse(body);
      return [budgets.map(({ name }) => name).join(''), isTruncated];
    };
    expect(await list()).toEqual(['abc', false]);
    expect(await list('?limit=2')).toEqual(['ab', true]);
    const { body } = await call('GET', '/budgets');
    await call('DELETE', `/budgets/${BudgetList.parse(body).budgets[0]!.id}`);
    expect(await list()).toEqual(['bc', false]);
    expect(await list('?archived=true')).toEqual(['abc', false]);
    expect((await call('GET', '/budgets?archived=maybe')).status).toBe(400);
  });
});

describe('changing a budget', () => {
  it('changes what is named and leaves the rest', async () => {
    const made = await make({ outputCap: 5, alerts: [1] });
    const { status, body } = await call('PATCH', `/budgets/${made.id}`, { limitUsd: '0.5', outputCap: null });
    expect(status).toBe(200);
    const windows = [{ ...made.windows[0]!, limitUsd: '0.50', remainingUsd: '0.50' }];
    expect(body).toEqual({ ...made, limitUsd: '0.50', outputCap: null, version: 2, windows });
  });

  it('row 28: begins a new calendar with the next window', async () => {
    const made = await make();
    const { body } = await call('PATCH', `/budgets/${made.id}`, { timeZone: 'Asia/Tokyo', anchorDay: 15 });
    expect(body).toMatchObject({
      timeZone: 'Asia/Tokyo',
      calendarChangesAt: '2026-12-01T00:00:00.000Z',
      windows: [{ start: '2026-11-01T00:00:00.000Z', resetsAt: '2026-12-01T00:00:00.000Z' }],
    });
  });

  it.each([
    ['nothing', {}, 400, 'body_invalid'],
    ['its scope', { scope: 'workspace' }, 400, 'body_invalid'],
    ['its period', { period: 'day' }, 400, 'body_invalid'],
    ['its name to that of another', { name: 'other' }, 400, 'body_invalid'],
  ])('refuses to change %s', async (_name, change, code, word) => {
    await make({ name: 'other' });
    const { id } = await make();
    const { status, body } = await call('PATCH', `/budgets/${id}`, change);
    expect([status, Problem.parse(body).error.code]).toEqual([code, word]);
  });

  it.each(['PATCH', 'DELETE'])('refuses %s of what is not there, not ours, or of a file', async (method) => {
    const change = method === 'PATCH' ? { queueMs: 1 } : undefined;
    const of = async (id: string, by = workspace) => {
      const { status, body } = await call(method, `/budgets/${id}`, change, by);
      return [status, Problem.parse(body).error.code];
    };
    expect(await of('bud_none')).toEqual([404, 'record_unknown']);
    const other = await createWorkspace(store, 'other', 1);
    expect(await of((await make()).id, other)).toEqual([404, 'record_unknown']);
    const [terms] = await loadBudgets(store);
    const context = { workspaceId: workspace.id, nowMs: 1, calendarChangeAt: () => undefined };
    await reconcileBudgets(store, [{ ...terms!, name: 'of the file' }], context);
    const declared = (await loadBudgets(store)).find(({ source }) => source === 'file')!;
    expect(await of(declared.id)).toEqual([409, 'budget_fixed']);
  });

  it('archives once, and then nothing can be changed', async () => {
    const { id } = await make();
    const { body } = await call('DELETE', `/budgets/${id}`);
    expect(body).toMatchObject({ archivedAt: '2026-11-21T12:00:00.000Z' });
    expect((await call('DELETE', `/budgets/${id}`)).body).toEqual(body);
    expect((await call('PATCH', `/budgets/${id}`, { queueMs: 1 })).status).toBe(409);
  });
});
