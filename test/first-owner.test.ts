/** The first owner: a link that the first start prints, and what other machines may not reach before somebody has followed it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { operatorToken } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

let home: string;
let server: RunningServer | undefined;
beforeEach(() => {
  home = newHome();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  removeHome(home);
});

async function start(
  flags: { host?: string } = {},
  env: Record<string, string> = {},
): Promise<RunningServer> {
  await server?.close();
  server = undefined;
  const config = loadConfig({
    flags: { port: 0, ...flags },
    env: { TURNPIKE_HOME: home, LOG_LEVEL: 'silent', ...env },
    cwd: home,
  });
  server = await startServer(config);
  return server;
}

const tokenOf = (link: string | undefined): string => new URL(link!).searchParams.get('token')!;

async function call(path: string, body: object | undefined, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server!.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { link: string; role: string; error: { code: string } },
  };
}

const ownerLink = () => call('/owner-link', undefined, { authorization: `Bearer ${operatorToken(home)}` });
const ada = { name: 'Ada', email: 'ada@example.com', password: 'a quiet harbour in march' };
const accept = (token: string, more: object = ada) => call('/invitations/accept', { token, ...more });

it('is who follows the link of the first start, or the one that took its place', async () => {
  const { firstStart, url } = await start();
  expect(firstStart?.ownerLink).toMatch(new RegExp(`^${url}/console/sign-up\\?token=[\\w-]{43}$`));
  const first = tokenOf(firstStart?.ownerLink);
  expect((await start()).firstStart).toBeUndefined();
  expect((await call('/invitations/show', { token: first })).body).toMatchObject({
    role: 'owner',
    email: null,
  });
  const second = tokenOf((await ownerLink()).body.link);
  expect((await accept(first)).body.error.code).toBe('invitation_unknown');
  const { email: _email, ...nameless } = ada;
  expect((await accept(second, nameless)).body.error.code).toBe('body_invalid');
  expect((await accept(second)).body.role).toBe('owner');
  expect((await accept(second, { ...ada, email: 'eve@example.com' })).status).toBe(404);
  expect((await ownerLink()).body.error.code).toBe('owner_exists');
});

it('is not asked for where the first key was chosen by hand', async () => {
  const { firstStart } = await start({}, { TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
  expect(firstStart).toEqual({ key: BOOTSTRAP_KEY });
});

it('is there before other machines can reach it', async () => {
  await expect(start({ host: '0.0.0.0' })).rejects.toThrow(/before an owner is configured/);
  // Not even a key was made by a start that came to nothing.
  const { firstStart } = await start();
  expect(firstStart?.key).toMatch(/^tp-/);
  await expect(start({ host: '0.0.0.0' })).rejects.toThrow(/turnpike console/);
  await start();
  expect((await accept(tokenOf((await ownerLink()).body.link))).status).toBe(201);
  const open = await start({ host: '0.0.0.0' });
  expect((await fetch(`${open.url}/health`)).status).toBe(200);
});
