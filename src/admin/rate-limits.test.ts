/** The admin API of rate limits over a real database: what it takes, what it answers, what it refuses. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import { silentLog } from '../base/log.ts';
import { loadRateLimits, reconcileRateLimits } from '../registry/rate-limits.ts';
import { createWorkspace, type Workspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { createAdmin } from './app.ts';
import { Problem } from './problem.ts';
import { RateLimitBody, RateLimitList } from './rate-limits.ts';
import { createRateLimitDesk } from './rate-limits-desk.ts';

let store: SqliteStore;
let workspace: Workspace;
const clock = { now: () => NOW, monotonic: () => 0 };

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  workspace = await createWorkspace(store, 'mine', 1);
});
afterEach(() => store.close());

async function call(method: string, path: string, body?: unknown, of = workspace) {
  const rateLimits = createRateLimitDesk(store, of.id, clock, () => NOW + 1_000);
  const deps = { ...fakeHouse().deps, rateLimits };
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await createAdmin(deps).fetch(request);
  return { status: response.status, body: (await response.json()) as unknown };
}

const shortest = { scope: 'key:*', requestsPerMinute: 60 };

async function make(more: object = {}): Promise<RateLimitBody> {
  const { status, body } = await call('POST', '/rate-limits', { ...shortest, ...more });
  expect(status).toBe(201);
  return RateLimitBody.parse(body);
}

describe('making a rate limit', () => {
  it('takes the shortest there is', async () => {
    expect(await make()).toEqual({
      id: expect.stringMatching(/^lim_/),
      scope: 'key:*',
      requestsPerMinute: 60,
      inputTokensPerMinute: null,
      outputTokensPerMinute: null,
      concurrent: null,
      burstSeconds: 60,
      version: 1,
      source: 'api',
      createdAt: '2026-11-21T12:00:00.000Z',
      uses: [],
      useCount: 0,
    });
  });

  it('takes all there is', async () => {
    const all = {
      scope: 'deployment:openai/gpt-4o',
      requestsPerMinute: 1,
      inputTokensPerMinute: 2,
      outputTokensPerMinute: 3,
      concurrent: 4,
      burstSeconds: 5,
    };
    expect(await make(all)).toMatchObject(all);
  });

  it.each([
    ['nothing limited', { requestsPerMinute: undefined }, 'must limit at least one of requestsPerMinute'],
    ['a scope nobody knows', { scope: 'team:x' }, 'scope: must be workspace, or one of member'],
    ['a key by its name', { scope: 'key:laptop' }, 'scope: must be'],
    ['no scope', { scope: undefined }, 'scope: '],
    ['none at all', { requestsPerMinute: 0 }, 'requestsPerMinute: '],
    ['half a request', { requestsPerMinute: 0.5 }, 'requestsPerMinute: '],
    ['more than can be counted', { concurrent: 1_000_001 }, 'concurrent: '],
    ['a long burst', { burstSeconds: 3_601 }, 'burstSeconds: '],
    ['a word nobody knows', { color: 'red' }, 'color'],
  ])('refuses %s, and keeps nothing', async (_name, more, message) => {
    const { status, body } = await call('POST', '/rate-limits', { ...shortest, ...more });
    expect(status).toBe(400);
    const { error } = Problem.parse(body);
    expect(error.code).toBe('body_invalid');
    expect(error.message).toContain(message);
    expect(await loadRateLimits(store)).toEqual([]);
  });

  it('refuses a second one of a scope', async () => {
    await make();
    const { status, body } = await call('POST', '/rate-limits', { scope: 'key:*', concurrent: 1 });
    expect([status, Problem.parse(body).error.message]).toEqual([
      400,
      'scope: there is a rate limit of key:* already',
    ]);
  });
});

describe('looking at rate limits', () => {
  it('shows what is used by the clock of the ledger', async () => {
    await make({ scope: 'agent:*', concurrent: 3 });
    const row = (metric: 'requests' | 'streams', seconds: number, in_flight: number) =>
      store.kysely.insertInto('rate_limits').values({
        subject: `agent:${workspace.id}:coder`,
        metric,
        full_at_us: seconds === 0 ? 0 : (NOW + seconds * 1_000) * 1_000,
        in_flight,
      });
    await store.write([row('requests', 5, 0), row('streams', 0, 2)]);
    const { body } = await call('GET', '/rate-limits');
    expect(RateLimitList.parse(body).rateLimits).toMatchObject([
      {
        uses: [
          {
            subject: 'coder',
            metric: 'requests',
            limit: 60,
            used: 4,
            fullAt: '2026-11-21T12:00:05.000Z',
          },
          { subject: 'coder', metric: 'streams', limit: 3, used: 2, fullAt: null },
        ],
        useCount: 2,
      },
    ]);
  });

  it('lists by scope, and no more than asked', async () => {
    for (const scope of ['workspace', 'key:*', 'agent:*']) await make({ scope });
    const list = async (query: string) => {
      const { rateLimits, isTruncated } = RateLimitList.parse(
        (await call('GET', `/rate-limits${query}`)).body,
      );
      return [rateLimits.map(({ scope }) => scope).join(' '), isTruncated];
    };
    expect(await list('')).toEqual(['agent:* key:* workspace', false]);
    expect(await list('?limit=2')).toEqual(['agent:* key:*', true]);
    expect((await call('GET', '/rate-limits?limit=0')).status).toBe(400);
  });
});

describe('changing a rate limit', () => {
  it('changes what is named and leaves the rest', async () => {
    const made = await make({ concurrent: 5 });
    const change = { requestsPerMinute: null, inputTokensPerMinute: 9 };
    const { status, body } = await call('PATCH', `/rate-limits/${made.id}`, change);
    expect([status, body]).toEqual([200, { ...made, ...change, version: 2 }]);
  });

  it.each([
    ['nothing', {}, 'names nothing to change'],
    ['its scope', { scope: 'workspace' }, 'scope'],
    ['its last figure', { requestsPerMinute: null }, 'must limit at least one of'],
  ])('refuses to change %s', async (_name, change, message) => {
    const { id } = await make();
    const { status, body } = await call('PATCH', `/rate-limits/${id}`, change);
    expect([status, Problem.parse(body).error.code]).toEqual([400, 'body_invalid']);
    expect(Problem.parse(body).error.message).toContain(message);
  });

  it.each(['PATCH', 'DELETE'])('refuses %s of what is not there, not ours, or of a file', async (method) => {
    const change = method === 'PATCH' ? { concurrent: 1 } : undefined;
    const of = async (id: string, by = workspace) => {
      const { status, body } = await call(method, `/rate-limits/${id}`, change, by);
      return [status, Problem.parse(body).error.code];
    };
    expect(await of('lim_none')).toEqual([404, 'record_unknown']);
    const other = await createWorkspace(store, 'other', 1);
    expect(await of((await make()).id, other)).toEqual([404, 'record_unknown']);
    const terms = { scope: { kind: 'workspace', id: '*' }, concurrent: 1, burstSeconds: 60 } as const;
    await reconcileRateLimits(store, [terms], { workspaceId: workspace.id, nowMs: 1 });
    const declared = (await loadRateLimits(store)).find(({ source }) => source === 'file')!;
    expect(await of(declared.id)).toEqual([409, 'rate_limit_fixed']);
  });

  it('deletes once', async () => {
    const made = await make();
    expect((await call('DELETE', `/rate-limits/${made.id}`)).body).toEqual(made);
    expect((await call('DELETE', `/rate-limits/${made.id}`)).status).toBe(404);
    expect(RateLimitList.parse((await call('GET', '/rate-limits')).body).rateLimits).toEqual([]);
  });
});
