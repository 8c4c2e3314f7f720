/** PRIV-01 for one member, over HTTP: all of its data handed over without a secret, and nothing that tells who it was afterwards. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErasedMemberBody } from '../../src/admin/member-data.ts';
import { type OpenHouse, openHouse, operatorToken, untilTrue } from '../support/open-house.ts';
import { ask } from '../support/plain-client.ts';

const ANN = {
  name: 'Ann Unusual-Name',
  email: 'ann.unusual@member.example',
  password: 'correct horse 42 staple',
};
const PROVIDER_KEY = 'sk-members-own-key-0123456789abcdef';
const WORDS = 'peregrine abacus';

let house: OpenHouse;
let ann: { memberId: string; cookie: string };
let token: string;
let entryId: string;

interface Line {
  readonly kind: string;
  readonly [field: string]: unknown;
}

async function call(
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<Response> {
  return fetch(`${house.url}/api/v1${path}`, {
    method,
    headers: {
      ...(headers ?? { authorization: `Bearer ${operatorToken(house.home)}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function exportOf(path: string, headers?: Record<string, string>): Promise<Line[]> {
  const answer = await call('GET', path, undefined, headers);
  const text = await answer.text();
  expect([answer.status, text.slice(0, 200)]).toEqual([200, expect.any(String)]);
  for (const secret of [PROVIDER_KEY, token, ANN.password, 'token_hash', 'sealed'])
    expect(text).not.toContain(secret);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

beforeAll(async () => {
  house = await openHouse('');
  const { link } = await house.admin<{ link: string }>('POST', '/invitations', {
    email: ANN.email,
    role: 'member',
  });
  const invited = /[#?=/]([\w-]{20,})$/.exec(link)![1]!;
  const accepted = await call(
    'POST',
    '/invitations/accept',
    { token: invited, name: ANN.name, password: ANN.password },
    { origin: house.url },
  );
  expect(accepted.status).toBe(201);
  const cookie = accepted.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  ann = { ...((await accepted.json()) as { memberId: string }), cookie };
  await house.admin('PUT', '/privacy', { content: 'full' });
  const own = { cookie: ann.cookie, origin: house.url };
  const made = await call('POST', '/keys', { name: 'ann-laptop' }, own);
  expect(made.status).toBe(201);
  token = ((await made.json()) as { token: string }).token;
  const saved = await call(
    'POST',
    '/credentials',
    { provider: 'openai', secret: PROVIDER_KEY, isForced: true, holder: 'me' },
    own,
  );
  expect(saved.status).toBe(201);
  const seen = await ask(house.url, {
    format: 'openai-chat',
    model: 'sandbox/echo',
    key: token,
    prompt: WORDS,
  });
  expect(seen.status).toBe(200);
  entryId = seen.exchangeId;
  await house.entriesOf(entryId, 1);
  await untilTrue(() => house.rows(`select 1 from contents where exchange_id = '${entryId}'`).length > 0);
}, 60_000);
afterAll(() => house?.close());

describe('PRIV-01: the data of a member', () => {
  it('PRIV-01: is handed over whole, to itself and to the owner', async () => {
    const mine = await exportOf('/me/export', { cookie: ann.cookie, origin: house.url });
    const kinds = new Set(mine.map(({ kind }) => kind));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'member',
        'person',
        'session',
        'key',
        'credential',
        'entry',
        'content',
        'event',
      ]),
    );
    const lineOf = (kind: string) => mine.find((line) => line.kind === kind);
    expect(lineOf('person')).toMatchObject({ name: ANN.name, email: ANN.email });
    expect(lineOf('key')).toMatchObject({
      name: 'ann-laptop',
      preview: expect.stringMatching(/^tp-.{4}….{4}$/),
    });
    expect(lineOf('entry')).toMatchObject({ exchange_id: entryId, member_id: ann.memberId });
    expect(JSON.stringify(lineOf('content'))).toContain(WORDS);
    const theirs = await exportOf(`/members/${ann.memberId}/export`);
    expect(theirs.filter(({ kind }) => kind !== 'event' && kind !== 'session')).toEqual(
      mine.filter(({ kind }) => kind !== 'event' && kind !== 'session'),
    );
  });

  it('PRIV-01: is told in the audit when it is handed over', () => {
    const told = house.rows<{ actor_id: string }>(
      "select actor_id from audit_events where action = 'members.export.read' order by id",
    );
    expect(told.map(({ actor_id }) => actor_id)).toEqual([ann.memberId, 'operator']);
  });

  it.each([
    ['GET', 'export', undefined, 403],
    ['POST', 'erase', 'own', 403],
    ['POST', 'erase', 'nobody', 403],
  ])('PRIV-01: a member may not %s …/%s', async (method, what, body, status) => {
    const headers = { cookie: ann.cookie, origin: house.url };
    const answer = await call(
      method,
      `/members/${ann.memberId}/${what}`,
      body === undefined ? undefined : { confirm: ann.memberId },
      headers,
    );
    expect(answer.status).toBe(status);
  });

  it.each([
    ['another id', 'mem_other', 400],
    ['nothing', '', 400],
  ])('PRIV-01: is not erased when %s is confirmed', async (_name, confirm, status) => {
    const answer = await call('POST', `/members/${ann.memberId}/erase`, { confirm });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining('confirm')]);
  });

  it('PRIV-01: erased, nothing tells who it was; its entries stay, under an id that leads nowhere', async () => {
    const cost = house.rows('select member_id, cost_nano from ledger_entries');
    const answer = await call('POST', `/members/${ann.memberId}/erase`, { confirm: ann.memberId });
    const erased = (await answer.json()) as ErasedMemberBody;
    expect(erased).toMatchObject({
      memberId: ann.memberId,
      isPersonErased: true,
      keys: 1,
      credentials: 1,
      contents: 1,
    });
    // Its key and its session are good no more.
    const refused = await ask(house.url, { format: 'openai-chat', model: 'sandbox/echo', key: token });
    expect(refused.status).toBe(401);
    expect((await call('GET', '/me', undefined, { cookie: ann.cookie, origin: house.url })).status).toBe(401);
    expect(house.rows('select member_id, cost_nano from ledger_entries')).toEqual(cost);
    expect(house.rows(`select 1 from contents where member_id = '${ann.memberId}'`)).toEqual([]);
    expect(house.rows(`select 1 from persons where email = '${ann.memberId}'`)).toEqual([]);
    const tables = house.rows<{ name: string }>("select name from sqlite_master where type = 'table'");
    for (const { name } of tables.filter((table) => table.name !== 'audit_events')) {
      const rows = JSON.stringify(house.rows(`select * from "${name}"`));
      for (const text of [ANN.name, ANN.email, 'ann-laptop', PROVIDER_KEY, WORDS])
        expect(rows.includes(text), `${text} in ${name}`).toBe(false);
    }
    const again = await call('POST', `/members/${ann.memberId}/erase`, { confirm: ann.memberId });
    expect(await again.json()).toMatchObject({ isPersonErased: false, contents: 0 });
    const left = await exportOf(`/members/${ann.memberId}/export`);
    expect(new Set(left.map(({ kind }) => kind))).toEqual(new Set(['member', 'key', 'entry', 'event']));
    await house.verify();
  });

  it('PRIV-01: no file holds what was said', () => {
    for (const name of readdirSync(house.home)) {
      const bytes = readFileSync(join(house.home, name)).toString('latin1');
      for (const text of [WORDS, ANN.password, PROVIDER_KEY]) expect(bytes.includes(text), name).toBe(false);
    }
  });
});
