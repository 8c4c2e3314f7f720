/** The API of keys, over a real database: who sees and changes whose, and what no body can bring in. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { silentLog } from '../base/log.ts';
import type { Role } from '../base/role.ts';
import { createAgent } from '../registry/agents.ts';
import { createWorkspace, type Workspace } from '../registry/workspaces.ts';
import { openSqlite, type SqliteStore } from '../store/sqlite.ts';
import { createAdmin } from './app.ts';
import type { Caller } from './caller.ts';
import type { AdminDeps } from './deps.ts';
import { createKeyDesk } from './key-desk.ts';
import { Key, MadeKey } from './key-fields.ts';
import { KeyList } from './keys.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

let store: SqliteStore;
let mine: Workspace;
let theirs: Workspace;
/** Who asks next; undefined = the operator token. */
let caller: Caller | undefined;

beforeEach(async () => {
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  mine = await createWorkspace(store, 'mine', 1);
  theirs = await createWorkspace(store, 'theirs', 2);
  for (const [id, workspace] of [
    ['mem_1', mine],
    ['mem_2', mine],
    ['mem_3', theirs],
  ] as const) {
    const row = {
      id,
      workspace_id: workspace.id,
      person_id: `per_${id}`,
      role: 'member',
      created_at: 1,
    } as const;
    const never = { suspended_at: null, removed_at: null, used_at: null };
    await store.change([store.kysely.insertInto('members').values({ ...row, ...never })]);
  }
  caller = undefined;
});
afterEach(() => store.close());

function as(role: Role, memberId?: `mem_${string}`, workspace = mine): void {
  const of = memberId !== undefined && { memberId };
  caller = {
    id: memberId ?? 'service',
    name: role,
    workspaceId: workspace.id,
    role,
    isOperator: false,
    ...of,
  };
}

function depsOf(workspaceId: Workspace['id']): AdminDeps {
  const { deps } = fakeHouse();
  const clock = { now: () => NOW, monotonic: () => 0 };
  const calls = ['openai-chat', 'embeddings'];
  return {
    ...deps,
    clock,
    workspaceId,
    inWorkspace: depsOf,
    findWorkspace: async (id) => [mine, theirs].find((one) => one.id === id)?.id,
    identify: async () => caller && { ok: true, caller },
    keys: createKeyDesk({
      store,
      workspaceId,
      clock,
      random: randomBytes,
      calls,
      recompile: async () => undefined,
    }),
  };
}

async function call(method: string, path: string, body?: unknown, workspace = mine) {
  const request = new Request(`http://127.0.0.1/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'x-turnpike-workspace': workspace.id,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answer = await createAdmin(depsOf(mine.id)).fetch(request);
  const read = (await answer.json()) as { error?: { code: string; message: string } };
  return { status: answer.status, body: read, code: read.error?.code };
}

const make = async (body: object = {}, workspace = mine) => {
  const made = await call('POST', '/keys', { name: 'laptop', ...body }, workspace);
  expect([made.status, made.body]).toEqual([201, expect.anything()]);
  return MadeKey.parse(made.body);
};
const list = async (query = '') => KeyList.parse((await call('GET', `/keys?${query}`)).body);
const rows = () => store.kysely.selectFrom('keys').selectAll().execute();

it('gives a key all that may be said of one, and shows it with it', async () => {
  const agent = await createAgent(store, { name: 'coder' }, [], { workspaceId: mine.id, nowMs: 1, by: 'x' });
  const { key } = await make({
    description: 'of the build',
    tags: ['ci'],
    member: 'mem_1',
    agent: agent.kind === 'done' ? agent.agent.id : '',
    defaultModel: 'a/b',
    allowedModels: ['a/*'],
    allowedFormats: ['openai-chat', 'embeddings'],
    allowedRanges: ['10.0.0.0/8', '::ffff:192.0.2.7', '10.0.0.0/8'],
    expiresAt: '2027-01-01T00:00:00Z',
    cacheTtlMs: 60_000,
    budgets: [{ limitUsd: '25', period: 'month', action: 'warn' }],
    rateLimit: { requestsPerMinute: 60 },
  });
  expect(key).toMatchObject({
    member: 'mem_1',
    agent: 'coder',
    allowedRanges: ['10.0.0.0/8', '192.0.2.7/32'],
    state: 'active',
    isHoneypot: false,
    budgets: [{ name: `key:${key.id} month`, limitUsd: '25.00', period: 'month', action: 'warn' }],
    rateLimit: { requestsPerMinute: 60, concurrent: null, burstSeconds: 60 },
  });
  expect(Key.parse((await call('GET', `/keys/${key.id}`)).body)).toEqual(key);
  expect((await list()).keys).toEqual([key]);
  const change = { name: 'desk', agent: null, allowedFormats: null, expiresAt: null };
  const changed = Key.parse((await call('PATCH', `/keys/${key.id}`, change)).body);
  expect(changed).toEqual({ ...key, name: 'desk', agent: null, allowedFormats: null, expiresAt: null });
});

it('rotates with an overlap, and says so when it cannot', async () => {
  const { key, token } = await make();
  const rotated = MadeKey.parse((await call('POST', `/keys/${key.id}/rotate`, { overlapSeconds: 60 })).body);
  expect(rotated.token).not.toBe(token);
  expect(rotated.key.oldTokens).toEqual([
    {
      preview: key.preview,
      replacedAt: '2026-11-21T12:00:00.000Z',
      worksUntil: '2026-11-21T12:01:00.000Z',
      lastUsedAt: null,
    },
  ]);
  expect((await call('POST', `/keys/${key.id}/rotate`, { overlapSeconds: 30 * 86_400 + 1 })).code).toBe(
    'body_invalid',
  );
  expect((await call('DELETE', `/keys/${key.id}`)).body).toMatchObject({ state: 'revoked', oldTokens: [] });
  expect((await call('POST', `/keys/${key.id}/rotate`, {})).code).toBe('key_ended');
  expect((await call('PATCH', `/keys/${key.id}`, { name: 'x' })).code).toBe('key_ended');
});

it('lists page by page', async () => {
  for (const name of ['a', 'b', 'c']) await make({ name });
  const first = await list('limit=2');
  expect([first.keys.map(({ name }) => name), first.next]).toEqual([['c', 'b'], first.keys[1]!.id]);
  const second = await list(`limit=2&after=${first.next}`);
  expect([second.keys.map(({ name }) => name), second.next]).toEqual([['a'], null]);
});

describe('what is refused', () => {
  it.each<[string, object, string]>([
    ['a call that is not there', { allowedFormats: ['smoke-signals'] }, 'smoke-signals'],
    ['a range that is none', { allowedRanges: ['10.0.0.5/8'] }, 'prefix'],
    ['no range at all', { allowedRanges: [] }, 'allowedRanges'],
    ['a budget with an id of its own', { budgets: [{ limitUsd: '1', period: 'day', id: 'bud_1' }] }, 'id'],
    [
      'a budget of another scope',
      { budgets: [{ limitUsd: '1', period: 'day', scope: 'workspace' }] },
      'scope',
    ],
    ['a rate limit of nothing', { rateLimit: {} }, 'rateLimit'],
    [
      'two budgets of one name',
      {
        budgets: [
          { limitUsd: '1', period: 'day' },
          { limitUsd: '2', period: 'day' },
        ],
      },
      'name',
    ],
    ['a honeypot with an owner', { isHoneypot: true, member: 'mem_1' }, 'nobody'],
    ['a name that no database keeps', { name: 'a\u0000b' }, 'control'],
    ['a tag that no database keeps', { tags: ['a\u0000'] }, 'control'],
    ['a name that clears terminals', { name: '\u001b[2Jx' }, 'control'],
    ['a name that turns around', { name: 'a\u202eb' }, 'control'],
    ['MASS-01: scopes', { scopes: ['admin'] }, 'scopes'],
    ['MASS-01: routes', { allowed_routes: ['/*'] }, 'allowed_routes'],
    ['MASS-01: what was spent', { spent_usd: -100 }, 'spent_usd'],
    ['MASS-01: a role', { user_role: 'admin' }, 'user_role'],
    ['MASS-01: a workspace', { workspaceId: 'ws_2' }, 'workspaceId'],
    ['MASS-01: a token', { token: 'tp-of-my-choice' }, 'token'],
    ['MASS-01: an id', { id: 'key_x' }, 'id'],
    ['MASS-01: a hash', { tokenHash: 'a'.repeat(64) }, 'tokenHash'],
  ])('%s', async (_name, body, part) => {
    const { code, body: answer } = await call('POST', '/keys', { name: 'x', ...body });
    expect(code).toBe('body_invalid');
    expect(answer.error!.message).toContain(part);
    expect(await rows()).toEqual([]);
    expect(await store.kysely.selectFrom('budgets').selectAll().execute()).toEqual([]);
  });

  it.each([
    'isHoneypot',
    'id',
    'revokedAt',
    'createdAt',
    'lastUsedAt',
    'workspace',
    'budgets',
    'state',
    'version',
  ])('MASS-01: a change of %s', async (field) => {
    const { key } = await make();
    const before = await rows();
    expect((await call('PATCH', `/keys/${key.id}`, { name: 'y', [field]: true })).code).toBe('body_invalid');
    expect(await rows()).toEqual(before);
  });

  it('MASS-02: a prototype', async () => {
    const pollution = '"__proto__":{"isHoneypot":true},"constructor":{"prototype":{"role":"admin"}}';
    for (const text of [`{"name":"x",${pollution}}`, '{"name":"x","__proto__":{"isHoneypot":true}}'])
      expect((await call('POST', '/keys', text)).code).toBe('body_invalid');
    expect(({} as { isHoneypot?: true }).isHoneypot).toBeUndefined();
    expect(await rows()).toEqual([]);
  });

  it.each([
    'limit=1e9',
    'limit=0',
    'workspace=ws_2',
    'all=true',
    'sort=name;drop',
    'after=key_1%20or%201',
    'search=%00',
    'name=a%00',
    'state=live',
  ])('IDOR-03: a list by %s', async (query) =>
    expect((await call('GET', `/keys?${query}`)).code).toBe('query_invalid'),
  );
});

describe('what another workspace has', () => {
  it('IDOR-01, IDOR-02: is not there: not to be seen, changed, rotated, revoked, or bound to', async () => {
    const { key } = await make({}, theirs);
    const agent = await createAgent(store, { name: 'coder' }, [], {
      workspaceId: theirs.id,
      nowMs: 1,
      by: 'x',
    });
    const before = await rows();
    const unknown = await call('GET', '/keys/key_none');
    const asked: [string, string, unknown?][] = [
      ['GET', `/keys/${key.id}`],
      ['PATCH', `/keys/${key.id}`, { name: 'mine' }],
      ['POST', `/keys/${key.id}/rotate`, {}],
      ['DELETE', `/keys/${key.id}`],
    ];
    for (const [method, path, body] of asked) {
      const answer = await call(method, path, body);
      expect(answer.status).toBe(404);
      expect(JSON.stringify(answer.body).replace(key.id, 'key_none')).toBe(JSON.stringify(unknown.body));
    }
    const bound = [{ member: 'mem_3' }, { agent: agent.kind === 'done' ? agent.agent.id : '' }];
    for (const body of bound) expect((await call('POST', '/keys', { name: 'x', ...body })).status).toBe(404);
    expect(await rows()).toEqual(before);
    expect((await list()).keys).toEqual([]);
    expect((await list(`after=${key.id}`)).keys).toEqual([]);
    expect((await list('member=mem_3')).keys).toEqual([]);
    const own = await make();
    for (const body of bound) expect((await call('PATCH', `/keys/${own.key.id}`, body)).status).toBe(404);
  });
});

describe('a member', () => {
  it('makes, sees and changes its own keys, and no others', async () => {
    const shared = await make();
    const other = await make({ member: 'mem_2' });
    as('member', 'mem_1');
    const { key } = await make({ name: 'own' });
    expect(key.member).toBe('mem_1');
    expect((await list()).keys.map(({ id }) => id)).toEqual([key.id]);
    expect((await list('member=mem_2')).keys).toEqual([]);
    expect((await list('search=laptop')).keys).toEqual([]);
    for (const { id } of [shared.key, other.key]) {
      expect((await call('GET', `/keys/${id}`)).status).toBe(404);
      expect((await call('PATCH', `/keys/${id}`, { name: 'x' })).status).toBe(404);
      expect((await call('POST', `/keys/${id}/rotate`, {})).status).toBe(404);
      expect((await call('DELETE', `/keys/${id}`)).status).toBe(404);
    }
    expect((await call('PATCH', `/keys/${key.id}`, { name: 'x' })).status).toBe(200);
    expect((await call('POST', `/keys/${key.id}/rotate`, {})).status).toBe(200);
    expect((await call('DELETE', `/keys/${key.id}`)).status).toBe(200);
  });

  it('gives no key to others, takes none, and knows of no honeypots', async () => {
    const bait = await make({ name: 'bait', isHoneypot: true });
    as('member', 'mem_1');
    const own = await make({ member: 'mem_1' });
    const before = await rows();
    expect((await call('POST', '/keys', { name: 'x', member: 'mem_2' })).code).toBe('role_insufficient');
    expect((await call('POST', '/keys', { name: 'x', isHoneypot: true })).code).toBe('role_insufficient');
    expect((await call('PATCH', `/keys/${own.key.id}`, { member: 'mem_2' })).code).toBe('role_insufficient');
    expect((await call('PATCH', `/keys/${own.key.id}`, { member: null })).code).toBe('role_insufficient');
    expect((await call('GET', '/keys?honeypots=true')).code).toBe('role_insufficient');
    expect((await call('GET', `/keys/${bait.key.id}`)).status).toBe(404);
    expect(await rows()).toEqual(before);
  });

  it('has two hundred keys that live, and no more', async () => {
    as('member', 'mem_1');
    const { key } = await make();
    const [row] = await rows();
    const more = Array.from({ length: 199 }, (_, at) => ({
      ...row!,
      id: `key_x${at}` as const,
      token_hash: `${at}`,
    }));
    await store.write([store.kysely.insertInto('keys').values(more)]);
    expect((await call('POST', '/keys', { name: 'x' })).code).toBe('key_limit');
    expect((await call('DELETE', `/keys/${key.id}`)).status).toBe(200);
    expect((await call('POST', '/keys', { name: 'x' })).status).toBe(201);
  });

  it('that is a service and nobody’s has no keys', async () => {
    await make();
    as('member');
    expect((await list()).keys).toEqual([]);
    expect((await call('POST', '/keys', { name: 'x' })).code).toBe('role_insufficient');
  });
});

it('a viewer sees no keys', async () => {
  as('viewer', 'mem_1');
  for (const [method, path] of [
    ['GET', '/keys'],
    ['GET', '/keys/key_1'],
    ['POST', '/keys'],
    ['PATCH', '/keys/key_1'],
    ['POST', '/keys/key_1/rotate'],
    ['DELETE', '/keys/key_1'],
  ] as const)
    expect((await call(method, path, method === 'GET' ? undefined : {})).code).toBe('role_insufficient');
});

it('an admin lists honeypots apart from keys', async () => {
  as('admin', 'mem_1');
  await make();
  const { key, token } = await make({ name: 'bait', isHoneypot: true });
  expect(token).toMatch(/^tp-\w{49}$/);
  expect((await list()).keys.map(({ name }) => name)).toEqual(['laptop']);
  expect((await list('honeypots=true')).keys).toEqual([key]);
  expect((await call('PATCH', `/keys/${key.id}`, { member: 'mem_1' })).code).toBe('body_invalid');
  expect((await call('PATCH', `/keys/${key.id}`, { name: 'other bait', member: null })).status).toBe(200);
});
