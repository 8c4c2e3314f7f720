/**
 * Attacks on what was done: ids of others leave a trace, nobody hears of another workspace, secrets that are shown once
 * are nowhere in plain, writes that are asked again are done once, and a killed process leaves no change untold.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, openBrowser } from '../support/browser.ts';
import { type Ear, hear } from '../support/heard.ts';
import { type OpenHouse, openHouse, operatorToken, untilTrue } from '../support/open-house.ts';
import { newHome, removeHome, startTurnpike } from '../support/turnpike-process.ts';

interface Event {
  readonly id: string;
  readonly actor: { readonly id: string; readonly address: string | null };
  readonly action: string;
  readonly target: string | null;
  readonly outcome: string;
  readonly detail: Record<string, unknown>;
  readonly position: number | null;
}

const CONFIG = 'providers: { sandbox: {} }\n';

let house: OpenHouse;
let workspaceA = '';
let workspaceB = '';
beforeAll(async () => {
  house = await openHouse(CONFIG);
  workspaceA = house.rows<{ id: string }>('select id from workspaces')[0]!.id;
  workspaceB = (await house.admin<{ id: string }>('POST', '/workspaces', { name: 'B' })).id;
});
afterAll(() => house.close());

function ask(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${house.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${operatorToken(house.home)}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}
const inB = (): Record<string, string> => ({ 'x-turnpike-workspace': workspaceB });
async function events(query = '', headers = {}): Promise<Event[]> {
  return (
    (await (await ask('GET', `/audit?limit=500&${query}`, undefined, headers)).json()) as { events: Event[] }
  ).events;
}
const budget = (name: string) => ({ name, scope: 'workspace', period: 'month', limitUsd: '5' });

describe('a trace of who tries', () => {
  it.each(['GET', 'PATCH', 'DELETE'])(
    'IDOR-01: %s with an id of another workspace is a 404 and an event',
    async (method) => {
      const made = (await (await ask('POST', '/budgets', budget(`of A ${method}`))).json()) as { id: string };
      const body = method === 'PATCH' ? { limitUsd: '1' } : undefined;
      const [theirs, unknown] = await Promise.all(
        [made.id, `${made.id.slice(0, -1)}0`].map((id) => ask(method, `/budgets/${id}`, body, inB())),
      );
      expect([theirs!.status, unknown!.status]).toEqual([404, 404]);
      expect((await theirs!.text()).replace(made.id, 'X')).toBe(
        (await unknown!.text()).replace(`${made.id.slice(0, -1)}0`, 'X'),
      );
      const [event] = await events(`target=${made.id}`, inB());
      expect(event).toMatchObject({ outcome: 'refused', detail: { status: 404, refusal: 'record_unknown' } });
      // In the workspace of who tried, and nothing of it where the record is.
      const own = await events(`target=${made.id}`);
      expect(own.map(({ action }) => action)).toEqual(['budgets.create']);
    },
  );

  it('IDOR-03: the audit of another workspace is out of reach, whatever is asked for', async () => {
    await ask('POST', '/budgets', budget('only of A'));
    const theirs = await events('', inB());
    expect(theirs.length).toBeGreaterThan(0);
    expect(JSON.stringify(theirs)).not.toContain('only of A');
    const [newest] = await events();
    const after = await events(`after=${newest!.id}`, inB());
    expect(after.every(({ id }) => theirs.some((own) => own.id === id))).toBe(true);
    for (const query of [`workspace=${workspaceA}`, 'all=true', 'limit=1000000000', "action='%25", 'sort=at'])
      expect((await ask('GET', `/audit?${query}`, undefined, inB())).status).toSatisfy((status) =>
        query.startsWith('action') ? status === 200 : status === 400,
      );
    expect(await events("action='%25", inB())).toEqual([]);
    const file = await (await ask('GET', '/audit/export', undefined, inB())).text();
    expect(file).not.toContain('only of A');
    expect(file).not.toContain(workspaceA);
  });

  it('CSP-01: what callers name themselves and their things is no formula in a spreadsheet', async () => {
    await ask('POST', '/budgets', budget('=cmd()|calc'));
    await ask('DELETE', `/budgets/${encodeURIComponent('=HYPERLINK("http://evil")')}`);
    await ask('DELETE', `/budgets/${encodeURIComponent('@SUM(1)')}`);
    const cells = (await (await ask('GET', '/audit/export?format=csv')).text()).split(/\r\n|,/);
    expect(cells.filter((cell) => /^"?[=@]/.test(cell))).toEqual([]);
    expect(cells.some((cell) => cell.startsWith("'@SUM"))).toBe(true);
  });
});

describe('live updates', () => {
  it('IDOR-01: nothing of another workspace, whatever happens there and wherever one says to go on', async () => {
    const listen = async (headers: Record<string, string>) =>
      hear((await ask('GET', '/events/live', undefined, headers)).body!);
    const [a, b] = [await listen({}), await listen({ ...inB(), 'last-event-id': '0.0.0.0' })];
    await Promise.all([a.until('hello'), b.until('hello')]);
    const key = JSON.parse(readFileSync(join(house.home, 'client.json'), 'utf8')).key as string;
    await fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sandbox/scribe', messages: [{ role: 'user', content: 'hi' }] }),
    });
    await ask('POST', '/budgets', budget('told to A alone'));
    await ask('POST', '/budgets', budget('told to B alone'), inB());
    await a.until('exchange');
    await a.until('registry');
    await b.until('registry');
    const [toA, toB] = [JSON.stringify(a.events), JSON.stringify(b.events)];
    expect(toA).toContain('told to A alone');
    expect(toA).not.toContain('told to B alone');
    expect(toB).toContain('told to B alone');
    expect(toB).not.toContain('told to A alone');
    expect(toB).not.toContain(workspaceA);
    expect(b.of('exchange')).toEqual([]);
    await Promise.all([a.close(), b.close()]);
  });
});

describe('who was shut out', () => {
  const PASSWORD = 'a quiet harbour in march';
  const newMember = async (role: string): Promise<Browser> => {
    const email = `${role}@example.com`;
    const { link } = await house.admin<{ link: string }>('POST', '/invitations', { email, role });
    const browser = openBrowser(house.url);
    const body = { token: new URL(link).searchParams.get('token'), name: role, password: PASSWORD };
    expect((await browser.call('POST', '/api/v1/invitations/accept', body)).status).toBe(201);
    return browser;
  };
  const listen = async ({ cookies }: Browser): Promise<Ear> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return hear((await fetch(`${house.url}/api/v1/events/live`, { headers: { cookie } })).body!);
  };

  it('KEY-04: hears no more within some seconds of signing out', async () => {
    const browser = await newMember('admin');
    const ear = await listen(browser);
    await ear.until('hello');
    expect((await browser.call('POST', '/api/v1/auth/sign-out')).status).toBe(204);
    expect(await ear.until('end')).toEqual([{ reason: 'revoked' }]);
    expect(ear.isOver).toBe(true);
  });

  it('MASS-03: a viewer hears that something was changed, and not who did what', async () => {
    const browser = await newMember('viewer');
    for (const path of ['/audit', '/audit/export'])
      expect((await browser.call('GET', `/api/v1${path}`)).status).toBe(403);
    expect((await browser.call('POST', '/api/v1/audit/verify', {})).status).toBe(403);
    const ear = await listen(browser);
    await ear.until('hello');
    await ask('POST', '/budgets', budget('seen by a viewer'));
    expect((await ear.until('registry')).map(({ kind }) => kind)).toContain('budgets');
    expect(ear.of('audit')).toEqual([]);
    expect(JSON.stringify(ear.events)).not.toContain('seen by');
    await ear.close();
  });

  it('signing in is told, and what was typed is not', async () => {
    const browser = openBrowser(house.url);
    const attempt = { email: 'viewer@example.com', password: 'not the harbour in march' };
    expect((await browser.call('POST', '/api/v1/auth/sign-in', attempt)).status).toBe(401);
    const [event] = await events('action=session.create');
    expect(event).toMatchObject({ outcome: 'refused', detail: { refusal: 'sign_in_wrong' } });
    expect(JSON.stringify(await events())).not.toContain('harbour');
  });
});

describe('writes that are asked again', () => {
  const again = (key: string, body: object, headers = {}) =>
    ask('POST', '/keys', body, { 'idempotency-key': key, ...headers });

  it('give the same answer, the secret in it too, and make one record', async () => {
    const first = await again('k-1', { name: 'once' });
    const second = await again('k-1', { name: 'once' });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(await second.json()).toEqual(await first.json());
    expect(house.rows("select 1 from keys where name = 'once'")).toHaveLength(1);
    // A repeat did nothing, so there is nothing to tell.
    const made = (await events('action=keys.create')).filter(({ detail }) =>
      JSON.stringify(detail).includes('once'),
    );
    expect(made).toHaveLength(1);
  });

  it('another request with the key is refused, another caller’s or workspace’s is another key', async () => {
    await again('k-2', { name: 'two' });
    const reused = await again('k-2', { name: 'three' });
    expect([reused.status, ((await reused.json()) as { error: { code: string } }).error.code]).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    expect((await again('k-2', { name: 'two' }, inB())).headers.get('idempotent-replayed')).toBeNull();
    expect(house.rows("select 1 from keys where name = 'two'")).toHaveLength(2);
  });

  it('BUD-06: twenty at once make one record', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => again('k-3', { name: 'raced' })));
    const statuses = answers.map(({ status }) => status);
    expect(house.rows("select 1 from keys where name = 'raced'")).toHaveLength(1);
    expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(
      answers.filter(({ headers, status }) => status === 201 && !headers.has('idempotent-replayed')),
    ).toHaveLength(1);
  });

  it('what was refused may be asked again', async () => {
    const wrong = () => ask('POST', '/budgets', { name: 'x' }, { 'idempotency-key': 'k-4' });
    expect([(await wrong()).status, (await wrong()).headers.get('idempotent-replayed')]).toEqual([400, null]);
    expect((await ask('POST', '/budgets', budget('later'), { 'idempotency-key': 'k-4' })).status).toBe(201);
  });

  it.each(['', ' ', 'x'.repeat(256), 'é'])('%j is no key', async (key) => {
    const answer = await again(key, { name: 'never' }).catch(() => undefined);
    expect([400, undefined]).toContain(answer?.status);
    expect(house.rows("select 1 from keys where name = 'never'")).toEqual([]);
  });

  it('VAULT-06: neither the database nor the audit holds what was shown once', async () => {
    const answer = (await (await again('k-5', { name: 'secret' })).json()) as { token: string };
    await again('k-5', { name: 'secret' });
    await ask('POST', '/credentials', {
      provider: 'sandbox',
      secret: 'sk-live-0123456789abcdef',
      isForced: true,
    });
    expect(answer.token).toMatch(/^tp-/);
    const files = readdirSync(house.home).filter((name) => name.startsWith('turnpike.db'));
    expect(files.length).toBeGreaterThan(1);
    for (const name of files) {
      const bytes = readFileSync(join(house.home, name));
      expect(bytes.includes(answer.token), name).toBe(false);
      expect(bytes.includes('sk-live-0123456789abcdef'), name).toBe(false);
      expect(bytes.includes('k-5'), name).toBe(false);
    }
    const told = await (await ask('GET', '/audit/export')).text();
    expect(told).not.toContain(answer.token.slice(0, 20));
    expect(told).not.toContain('sk-live');
  });
});

describe('somebody at the database', () => {
  it('is found out', async () => {
    const prove = async () =>
      (await (await ask('POST', '/audit/verify', {})).json()) as {
        isSound: boolean;
        chains: { problems: string[] }[];
      };
    expect((await prove()).isSound).toBe(true);
    const database = new Database(join(house.home, 'turnpike.db'));
    const was = database
      .prepare('select actor_id from audit_events where position = 2 and workspace_id = ?')
      .get(workspaceA) as {
      actor_id: string;
    };
    const put = (id: string) =>
      database
        .prepare('update audit_events set actor_id = ? where position = 2 and workspace_id = ?')
        .run(id, workspaceA);
    put('mem_somebody_else');
    const found = await prove();
    expect(found.isSound).toBe(false);
    expect(found.chains[0]!.problems).toEqual([
      expect.stringMatching(/^event 2 \(aud_\w+\) is not what was linked/),
    ]);
    put(was.actor_id);
    database.close();
    expect((await prove()).isSound).toBe(true);
  });
});

/** Rounds of a killed process; each takes about two seconds. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);

describe('kill -9', () => {
  it('AUDIT-01: leaves no change without its event, no event without its change, and a chain that is whole', async () => {
    const home = newHome();
    let count = 0;
    let made = 0;
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const turnpike = await startTurnpike({ home, config: CONFIG, env: { LOG_LEVEL: 'error' } });
        const headers = {
          authorization: `Bearer ${operatorToken(home)}`,
          'content-type': 'application/json',
        };
        let isOver = false;
        const client = async (): Promise<void> => {
          while (!isOver) {
            count += 1;
            const options = { method: 'POST', headers, body: JSON.stringify(budget(`b${count}`)) };
            const answer = await fetch(`${turnpike.url}/api/v1/budgets`, options).catch(() => undefined);
            if (answer?.ok) made += 1;
          }
        };
        const clients = Array.from({ length: 6 }, client);
        const from = made;
        await untilTrue(() => made >= from + 5 + round * 7);
        await turnpike.stop('SIGKILL');
        isOver = true;
        await Promise.all(clients);
        const database = new Database(join(home, 'turnpike.db'));
        const ids = (query: string) =>
          (database.prepare(query).all() as { id: string }[]).map(({ id }) => id);
        const budgets = ids('select id from budgets order by id');
        expect(
          ids(
            "select target as id from audit_events where action = 'budgets.create' and outcome = 'done' order by target",
          ),
        ).toEqual(budgets);
        expect(budgets.length).toBeGreaterThanOrEqual(made);
        database.close();
      }
      const last = await startTurnpike({ home, config: CONFIG });
      const answer = await fetch(`${last.url}/api/v1/audit/verify`, {
        method: 'POST',
        headers: { authorization: `Bearer ${operatorToken(home)}`, 'content-type': 'application/json' },
        body: '{}',
      });
      expect(await answer.json()).toMatchObject({ isSound: true });
      await last.stop();
    } finally {
      removeHome(home);
    }
  }, 120_000);
});
