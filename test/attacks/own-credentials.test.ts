/** What a member has in the vault is spent by keys that this member alone has seen: not by one that an admin has drawn for it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { type OpenHouse, openHouse } from '../support/open-house.ts';
import { ask } from '../support/plain-client.ts';
import { spoken } from '../support/spoken.ts';

const API = '/api/v1';
const SHARED = 'sk-of-the-workspace-0123456789';
const OWN = 'sk-of-the-member-0123456789';
const voice = spoken['openai-chat'];

interface Made {
  readonly token: string;
  readonly key: { readonly id: string };
}

const seen: string[] = [];
let upstream: Server;
let house: OpenHouse;
let memberId = '';
let member: ReturnType<typeof openBrowser>;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(voice.whole('Fine.', voice.usage(1, 1))));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  house = await openHouse(
    `providers: { team: { kind: openai-compatible, base_url: "http://127.0.0.1:${port}/v1", models: [m] } }\n`,
  );
  await house.admin('POST', '/credentials', { provider: 'team', secret: SHARED, isForced: true });
  const invited = await house.admin<{ link: string }>('POST', '/invitations', {
    email: 'ada@example.com',
    role: 'member',
  });
  member = openBrowser(house.url);
  const token = new URL(invited.link).searchParams.get('token')!;
  const joined = await member.call('POST', `${API}/invitations/accept`, {
    token,
    name: 'Ada',
    password: 'a quiet harbour in march',
  });
  memberId = (joined.json as unknown as { memberId: string }).memberId;
  await call('POST', '/credentials', { provider: 'team', secret: OWN, holder: 'me', isForced: true });
}, 30_000);
afterAll(async () => {
  await house.close();
  upstream.closeAllConnections();
  upstream.close();
});

/** As the member. */
async function call<T>(method: string, path: string, body: object): Promise<T> {
  const { status, text } = await member.call(method, API + path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

/** Which secret a chat with the key is sent with. */
async function spentBy(token: string): Promise<string> {
  const { status, raw } = await ask(house.url, { format: 'openai-chat', model: 'team/m', key: token });
  expect(status, raw).toBe(200);
  return seen.at(-1)!.replace('Bearer ', '');
}

it('a key of the member’s own spends what is the member’s', async () => {
  const { token } = await call<Made>('POST', '/keys', { name: 'mine' });
  expect(await spentBy(token)).toBe(OWN);
});

it('a key that an admin has drawn for the member spends what is the workspace’s', async () => {
  const { token } = await house.admin<Made>('POST', '/keys', { name: 'for ada', member: memberId });
  expect(await spentBy(token)).toBe(SHARED);
});

it('so does one that an admin has rotated, also its old token', async () => {
  const made = await call<Made>('POST', '/keys', { name: 'taken' });
  const rotated = await house.admin<Made>('POST', `/keys/${made.key.id}/rotate`, { overlapSeconds: 600 });
  expect(await spentBy(rotated.token)).toBe(SHARED);
  expect(await spentBy(made.token)).toBe(SHARED);
});

it('the member takes a key back by rotating it, once no other token of it works', async () => {
  const made = await house.admin<Made>('POST', '/keys', { name: 'given', member: memberId });
  const both = await call<Made>('POST', `/keys/${made.key.id}/rotate`, { overlapSeconds: 600 });
  expect(await spentBy(both.token)).toBe(SHARED);
  // The one that an admin has seen works yet.
  const third = await call<Made>('POST', `/keys/${made.key.id}/rotate`, { overlapSeconds: 0 });
  expect([await spentBy(made.token), await spentBy(third.token)]).toEqual([SHARED, SHARED]);
  const other = await house.admin<Made>('POST', '/keys', { name: 'given too', member: memberId });
  const alone = await call<Made>('POST', `/keys/${other.key.id}/rotate`, { overlapSeconds: 0 });
  expect(await spentBy(alone.token)).toBe(OWN);
  const next = await call<Made>('POST', `/keys/${other.key.id}/rotate`, { overlapSeconds: 600 });
  expect([await spentBy(alone.token), await spentBy(next.token)]).toEqual([OWN, OWN]);
});

it('a member who is made a viewer spends nothing any more', async () => {
  const { token } = await call<Made>('POST', '/keys', { name: 'before' });
  const asking = { format: 'openai-chat', model: 'team/m', key: token } as const;
  expect((await ask(house.url, asking)).status).toBe(200);
  await house.admin('PATCH', `/members/${memberId}`, { role: 'viewer' });
  await expect.poll(async () => (await ask(house.url, asking)).status, { timeout: 2_000 }).toBe(401);
});
