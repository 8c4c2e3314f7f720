/**
 * Ids of another workspace: for every route of the document that takes one, an owner of the other workspace is answered
 * as for an id that nobody has, and nothing changes. A route that takes ids and is in no table here fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/admin/app.ts';
import { NEEDS_FIELD } from '../../src/admin/route.ts';
import { fakeHouse } from '../support/fake-house.ts';
import { openTwoWorkspaces, type TwoWorkspaces } from '../support/two-workspaces.ts';

/** In every text that alpha keeps: it is never to be read in beta. */
const MARK = 'canary-of-alpha';
const CONFIG = 'providers: { openai: { base_url: "http://127.0.0.1:9/v1" } }';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly needs: string;
}

const routes: Route[] = createApp(fakeHouse().deps).openAPIRegistry.definitions.flatMap((definition) => {
  if (definition.type !== 'route') return [];
  const { method, path } = definition.route;
  return [{ method: method.toUpperCase(), path, needs: String((definition.route as never)[NEEDS_FIELD]) }];
});

/** What stands for nobody: of the shape of an id, or a name. */
const NOBODY = 'zz_01k9zzzzzzzzzzzzzzzzzzzzzz';

/** Where ids are of no workspace, or names that each workspace has for itself: and where that is tested. */
const OTHERWISE: Readonly<Record<string, string>> = {
  '/auth/oidc/{name}': 'names of the configuration',
  '/auth/sessions/{id}': 'sessions are of persons: test/attacks/people.test.ts',
  '/ledger/proposals/{id}': 'for operators of the installation',
  '/routing/fallback-chain/{model}': 'names of models, for operators',
  '/routing/rules/{id}': 'names of prompts; the list below shows whose they are',
  '/workspaces/{id}': 'for operators of the installation',
};

type Make = (two: TwoWorkspaces) => Promise<Readonly<Record<string, string>>>;
const made = async (
  two: TwoWorkspaces,
  path: string,
  body: object,
  idOf: (answer: never) => string,
): Promise<{ id: string }> => ({ id: idOf(await two.must<never>('alpha', 'owner', 'POST', path, body)) });
const own = ({ id }: { id: string }): string => id;

/** How alpha gets something of each kind, by the path up to its id. */
const MAKERS: Readonly<Record<string, Make>> = {
  '/agents/{id}': (two) => made(two, '/agents', { name: `${MARK}-agent` }, own),
  '/agents/{id}/tasks/{taskId}': async (two) => {
    const { id } = await made(two, '/agents', { name: `${MARK}-worker` }, own);
    const task = await made(two, `/agents/${id}/tasks`, { title: MARK }, own);
    return { id, taskId: task.id };
  },
  '/aliases/{name}': async (two) => {
    await two.must('alpha', 'owner', 'PUT', `/aliases/${MARK}`, { ref: 'sandbox/scribe' });
    return { name: MARK };
  },
  '/analytics/sessions/{id}': async (two) => ({ id: await traffic(two).then(() => `${MARK}-session`) }),
  '/budgets/{id}': (two) =>
    made(two, '/budgets', { name: MARK, scope: 'workspace', period: 'month', limitUsd: '5' }, own),
  '/credentials/{id}': (two) =>
    made(
      two,
      '/credentials',
      { provider: 'openai', label: MARK, secret: `sk-${MARK}-0123456789abcdef`, isForced: true },
      ({ credential }: { credential: { id: string } }) => credential.id,
    ),
  '/exchanges/{id}': async (two) => ({ id: await traffic(two) }),
  '/invitations/{id}': (two) =>
    made(
      two,
      '/invitations',
      { email: `${MARK}@example.com`, role: 'viewer' },
      ({ invitation }: { invitation: { id: string } }) => invitation.id,
    ),
  '/keys/{id}': (two) => made(two, '/keys', { name: MARK }, ({ key }: { key: { id: string } }) => key.id),
  '/members/{id}': async (two) => ({ id: await joined(two) }),
  '/prices/{id}': (two) => made(two, '/prices', { provider: 'sandbox', model: MARK, isFree: true }, own),
  '/providers/{name}': async (two) => {
    const body = { name: MARK, kind: 'openai-compatible', baseUrl: 'https://models.example/v1' };
    await two.must('alpha', 'owner', 'POST', '/providers', body);
    return { name: MARK };
  },
  '/rate-limits/{id}': (two) =>
    made(two, '/rate-limits', { scope: 'workspace', requestsPerMinute: 100_000 }, own),
  '/routes/{name}': async (two) => {
    const body = { strategy: 'ordered', models: ['sandbox/scribe'] };
    await two.must('alpha', 'owner', 'PUT', `/routes/${MARK}-route`, body);
    return { name: `${MARK}-route` };
  },
};

/** Bodies that get as far as the id, where an empty one does not. */
const BODIES: Readonly<Record<string, object>> = {
  'PUT /agents/{id}/model': { model: null },
  'POST /agents/{id}/tasks': { title: 'x' },
  'PATCH /agents/{id}/tasks/{taskId}': { state: 'running' },
  'POST /agents/{id}/tasks/{taskId}/events': { message: 'x' },
  'PATCH /credentials/{id}': { weight: 2 },
  'PATCH /members/{id}': { role: 'viewer' },
  'PATCH /budgets/{id}': { limitUsd: '1' },
  'PATCH /rate-limits/{id}': { requestsPerMinute: 1 },
  'PATCH /keys/{id}': { name: 'x' },
  'PATCH /agents/{id}': { description: 'x' },
  'PATCH /providers/{name}': { models: ['x'] },
  'POST /members/{id}/erase': { confirm: '{id}' },
};

/** One exchange of alpha's, with its mark in every label; its id. */
async function traffic({ house, keys }: TwoWorkspaces): Promise<string> {
  const answer = await fetch(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keys.alpha}`,
      'content-type': 'application/json',
      'x-turnpike-session': `${MARK}-session`,
      'x-turnpike-agent': `${MARK}-label`,
    },
    body: JSON.stringify({ model: 'sandbox/scribe', messages: [{ role: 'user', content: MARK }] }),
  });
  expect(answer.status, await answer.text()).toBe(200);
  await house.entries(1);
  return answer.headers.get('x-turnpike-exchange-id')!;
}

const tokenIn = (link: string): string => /token=([^&]+)/.exec(link)![1]!;

/** Somebody who has joined alpha; the id of the member. */
async function joined(two: TwoWorkspaces): Promise<string> {
  const email = `joined-${MARK}@example.com`;
  const invited = await two.must<{ link: string }>('alpha', 'owner', 'POST', '/invitations', {
    email,
    role: 'member',
  });
  const answer = await fetch(`${two.house.url}/api/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: tokenIn(invited.link), name: MARK, password: 'a long enough passphrase' }),
  });
  expect(answer.status, await answer.text()).toBeLessThan(300);
  const { members } = await two.must<{ members: { id: string; email: string }[] }>(
    'alpha',
    'owner',
    'GET',
    '/members',
  );
  return members.find((member) => member.email === email)!.id;
}

const prefixOf = (path: string, table: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(table)
    .filter((prefix) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
const withIds = routes.filter(({ path }) => path.includes('{') && !prefixOf(path, OTHERWISE));
const fill = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(.+?)\}/g, (_all, name: string) => encodeURIComponent(ids[name] ?? NOBODY));
/** What beta is told, whichever id it was that it named. */
const without = (text: string, ids: Readonly<Record<string, string>>): string =>
  [...Object.values(ids), NOBODY].reduce((left, id) => left.replaceAll(id, '{id}'), text);

let two: TwoWorkspaces;
const things = new Map<string, Readonly<Record<string, string>>>();
beforeAll(async () => {
  two = await openTwoWorkspaces(CONFIG);
  for (const [prefix, make] of Object.entries(MAKERS)) things.set(prefix, await make(two));
}, 60_000);
afterAll(() => two.close());

describe('IDOR-01: an id of another workspace', () => {
  it('is known of every route that takes one', () => {
    expect(withIds.filter(({ path }) => !prefixOf(path, MAKERS))).toEqual([]);
    expect(withIds.length).toBeGreaterThan(30);
  });

  it.each(withIds.map((route) => [route.method, route.path] as const))('%s %s', async (method, path) => {
    const ids = things.get(prefixOf(path, MAKERS)!)!;
    const isNamed = path.includes('{name}');
    // Each workspace has its own names: to put one is to make one's own.
    if (isNamed && method === 'PUT') return;
    const bodyFor = (id: string | undefined) =>
      method === 'GET' || method === 'DELETE'
        ? undefined
        : JSON.parse(JSON.stringify(BODIES[`${method} ${path}`] ?? {}).replaceAll('{id}', id ?? NOBODY));
    const theirs = await two.call('beta', 'owner', method, fill(path, ids), bodyFor(ids.id));
    const nobodys = await two.call('beta', 'owner', method, fill(path, {}), bodyFor(undefined));
    expect([theirs.status, without(theirs.text, ids)]).toEqual([nobodys.status, without(nobodys.text, ids)]);
    expect([404, 403], theirs.text).toContain(theirs.status);
    expect(theirs.text).not.toContain(`${MARK}@`);
  });

  it('is told in the audit as refused, and never as done', async () => {
    const { text } = await two.call('beta', 'owner', 'GET', '/audit?outcome=done&limit=200');
    const { events } = JSON.parse(text) as { events: { action: string; target: string | null }[] };
    const theirs = new Set([...things.values()].flatMap((ids) => Object.values(ids)));
    const foreign = events.filter(({ target }) => target === NOBODY || (target && theirs.has(target)));
    expect(foreign.map(({ action }) => action)).toEqual([]);
  });

  it('has changed nothing', async () => {
    for (const route of withIds.filter(({ method, path }) => method === 'GET' && !path.endsWith('content'))) {
      const ids = things.get(prefixOf(route.path, MAKERS)!)!;
      const { status, text } = await two.call('alpha', 'owner', 'GET', fill(route.path, ids));
      expect(status, `${route.path}: ${text}`).toBe(200);
    }
    const { keys } = await two.must<{ keys: { name: string; revokedAt: string | null }[] }>(
      'alpha',
      'owner',
      'GET',
      '/keys',
    );
    expect(keys.find(({ name }) => name === MARK)).toMatchObject({ revokedAt: null });
  });
});

/** Without an end, or what beta itself has asked for above: ids of alpha stand there as its own words. */
const NO_LISTS = new Set(['/events/live', '/audit', '/audit/export']);
const lists = routes.filter(
  ({ method, path, needs }) =>
    method === 'GET' && !path.includes('{') && needs !== 'operator' && !NO_LISTS.has(path),
);

describe('IDOR-03: lists', () => {
  it.each(lists.map(({ path }) => path))('%s has nothing of another workspace', async (path) => {
    for (const query of [
      '',
      `?workspace=${two.ids.alpha}&all=true`,
      '?limit=1000000000',
      '?search=%25%25%25',
    ]) {
      const { status, text } = await two.call('beta', 'owner', 'GET', path + query);
      expect([200, 400, 403, 404, 409], text).toContain(status);
      expect(text.includes(MARK), `${MARK} at ${path}`).toBe(false);
      for (const ids of things.values())
        for (const id of Object.values(ids)) expect(text.includes(id), `${id} at ${path}`).toBe(false);
      expect(text.includes(two.ids.alpha), 'the id of alpha').toBe(false);
    }
  });
});

it.each(['/audit?limit=200', '/audit/export'])(
  'IDOR-03: %s tells of nobody who acts in another workspace',
  async (path) => {
    const { status, text } = await two.call('beta', 'owner', 'GET', path);
    expect(status).toBe(200);
    expect(text.includes('beta-owner'), 'what beta did').toBe(true);
    // What it asked of lists above, and was refused, are its own words.
    const said = text.replaceAll(`workspace=${two.ids.alpha}`, '');
    for (const foreign of ['alpha-owner', two.ids.alpha, `${MARK}@`])
      expect(said.includes(foreign), foreign).toBe(false);
  },
);

describe('IDOR-02: a reference to another workspace', () => {
  it('makes no key of a member, an agent or a budget that is not of this one', async () => {
    const { id: memberId } = things.get('/members/{id}')!;
    for (const body of [{ memberId }, { member: memberId }]) {
      const { status } = await two.call('beta', 'owner', 'POST', '/keys', { name: 'crossed', ...body });
      expect([400, 404, 422]).toContain(status);
    }
    const { text } = await two.call('beta', 'owner', 'GET', '/keys');
    expect(text).not.toContain('crossed');
  });

  it('lets nobody act in a workspace by its header', async () => {
    const answer = await fetch(`${two.house.url}/api/v1/keys`, {
      headers: { authorization: `Bearer ${two.keys.beta}`, 'x-turnpike-workspace': two.ids.alpha },
    });
    expect(answer.status).toBe(401);
  });
});
