/** Two whole servers on one PostgreSQL database: one set of keys, one set of books, each with a life of its own. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../src/base/log.ts';
import { type AdminClient, createClient } from '../src/cli/client.ts';
import { loadConfig } from '../src/config.ts';
import { openOffline, type RunningServer, startServer } from '../src/server.ts';
import { openPostgres, type PostgresStore } from '../src/store/postgres.ts';
import { freshPostgres, hasPostgres } from './support/postgres.ts';
import { BOOTSTRAP_KEY, cleanEnv, newHome } from './support/turnpike-process.ts';

interface Running {
  readonly home: string;
  readonly server: RunningServer;
  readonly admin: AdminClient;
}

let url: string;
let watcher: PostgresStore;
const homes: string[] = [];
const running = new Set<Running>();

beforeEach(async () => {
  if (!hasPostgres) return;
  url = await freshPostgres();
  watcher = await openPostgres(url, { durability: 'power', log: silentLog });
});
afterEach(async () => {
  for (const one of running) await stop(one);
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
  await watcher?.close();
});

function configFor(home: string, env: Record<string, string> = {}) {
  return loadConfig({
    flags: { port: 0, logLevel: 'silent' },
    env: cleanEnv(home, { DATABASE_URL: url, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, ...env }),
    cwd: home,
  });
}

async function start(home = newHome(), env: Record<string, string> = {}): Promise<Running> {
  homes.push(home);
  const server = await startServer(configFor(home, env));
  const { operatorToken } = JSON.parse(readFileSync(join(home, 'client.json'), 'utf8'));
  const one = { home, server, admin: createClient(fetch, server.url, operatorToken) };
  running.add(one);
  return one;
}

async function stop(one: Running): Promise<void> {
  running.delete(one);
  await one.server.close();
}

const ask = (one: Running, key = BOOTSTRAP_KEY): Promise<number> => askFor(one, 'Hello', key);

async function askFor({ server }: Running, content: string, key = BOOTSTRAP_KEY): Promise<number> {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'sandbox/scribe',
      max_tokens: 1_000,
      messages: [{ role: 'user', content }],
    }),
  });
  await response.text();
  return response.status;
}

const replicas = () =>
  watcher.kysely.selectFrom('replicas').select(['id', 'epoch', 'state']).orderBy('id').execute();

describe.runIf(hasPostgres)('two servers on one database', () => {
  it('started together on an empty one make one workspace, and book into one ledger', async () => {
    const [one, other] = await Promise.all([
      start(newHome(), { TURNPIKE_REPLICA_ID: 'a' }),
      start(newHome(), { TURNPIKE_REPLICA_ID: 'b' }),
    ]);
    expect(await watcher.kysely.selectFrom('workspaces').select('name').execute()).toHaveLength(1);
    expect(await Promise.all([ask(one), ask(other), ask(one)])).toEqual([200, 200, 200]);
    await Promise.all([stop(one), stop(other)]);
    expect(await replicas()).toEqual([
      { id: 'a', epoch: 1, state: 'stopped' },
      { id: 'b', epoch: 1, state: 'stopped' },
    ]);
    const again = await start(one.home, { TURNPIKE_REPLICA_ID: 'a' });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const usage = await again.admin.usage({ by: 'model', since });
    expect(usage.total.entries).toBe(3);
    expect(await again.admin.verifyLedger()).toMatchObject({ isSound: true, entries: 3 });
    expect(await watcher.kysely.selectFrom('reservations').selectAll().execute()).toEqual([]);
  });

  it('obey a key made or revoked at the other within five seconds', async () => {
    const [one, other] = [await start(), await start()];
    const { key, token } = await one.admin.keys.create({ name: 'laptop' });
    await expect.poll(() => ask(other, token), { timeout: 5_000 }).toBe(200);
    await other.admin.keys.revoke(key.id);
    // The replica that was asked reads the keys anew as well, which takes a moment.
    await expect.poll(() => ask(other, token), { timeout: 1_000 }).toBe(401);
    await expect.poll(() => ask(one, token), { timeout: 5_000 }).toBe(401);
  });

  it('may be looked at by a command while the other serves, without taking part', async () => {
    const [one, other] = [await start(), await start()];
    expect(await ask(one)).toBe(200);
    await stop(one);
    const before = await replicas();
    const offline = await openOffline(configFor(one.home));
    const { operatorToken } = JSON.parse(readFileSync(join(one.home, 'client.json'), 'utf8'));
    const admin = createClient(offline.fetch, one.server.url, operatorToken);
    expect(await admin.verifyLedger()).toMatchObject({ isSound: true, entries: 1 });
    await offline.close();
    expect(await replicas()).toEqual(before);
    expect(await ask(other)).toBe(200);
  });

  it('share a budget that many clients of both run into, and it is never passed', async () => {
    const [one, other] = [await start(), await start()];
    const made = await one.admin.createBudget({
      scope: 'workspace',
      period: 'day',
      limitUsd: '0.06',
      queueMs: 500,
    });
    const windowOf = async () => {
      const [window] =
        (await other.admin.budgets({ archived: false })).budgets.find(({ id }) => id === made.id)?.windows ??
        [];
      return { spent: Number(window?.spentUsd), held: Number(window?.reservedUsd) };
    };
    // The other has to hear of it first.
    await expect.poll(() => windowOf().then(({ spent }) => spent), { timeout: 5_000 }).toBe(0);
    await new Promise((done) => setTimeout(done, 3_000));
    const order = '[[sandbox words=5 pace=0 output-tokens=900]] Hello';
    const seen: number[] = [];
    const looks: { spent: number; held: number }[] = [];
    const client = async (server: Running): Promise<void> => {
      for (let n = 0; n < 4; n += 1) seen.push(await askFor(server, order));
    };
    const watching = setInterval(() => void windowOf().then((look) => looks.push(look)), 50);
    await Promise.all(Array.from({ length: 20 }, (_, n) => client(n % 2 === 0 ? one : other)));
    clearInterval(watching);
    expect(new Set(seen)).toEqual(new Set([200, 429]));
    for (const { spent, held } of looks) expect(spent + held).toBeLessThanOrEqual(0.06);
    const { spent } = await windowOf();
    expect(spent).toBeLessThanOrEqual(0.06);
    expect(spent).toBeGreaterThan(0.05);
    expect(await other.admin.verifyLedger()).toMatchObject({ isSound: true });
  }, 60_000);

  it('refuse a second server of one data folder', async () => {
    const one = await start();
    await expect(startServer(configFor(one.home))).rejects.toThrow(/another Turnpike process is running/);
    expect(await ask(one)).toBe(200);
  }, 20_000);
});
