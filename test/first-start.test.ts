/** What an installation is given at its starts: keys, the operator token, and the client file. The process around it is in drain.test.ts. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../src/base/log.ts';
import { loadConfig } from '../src/config.ts';
import { listKeys } from '../src/registry/key-list.ts';
import { findByHash, revokeKey } from '../src/registry/keys.ts';
import { hashToken } from '../src/registry/token.ts';
import { ensureFirstWorkspace } from '../src/registry/workspaces.ts';
import { type Installation, makeHome, prepareInstallation } from '../src/server-first-start.ts';
import { openSqlite, type SqliteStore } from '../src/store/sqlite.ts';
import { newHome, removeHome } from './support/turnpike-process.ts';

const ADDRESS = 'http://127.0.0.1:1';
const OWN_KEY = 'a-key-of-the-operator';
const clock = { now: () => 1000, monotonic: () => 0 };

let folder: string;
let home: string;
let store: SqliteStore;

beforeEach(async () => {
  folder = newHome();
  home = join(folder, 'deep', 'data');
  makeHome(home);
  store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
});
afterEach(() => {
  store.close();
  removeHome(folder);
});

interface Started {
  readonly installation: Installation;
  readonly client: { url: string; key?: string; operatorToken: string };
}

/** One start, up to the moment when the port is known. */
async function start(bootstrapKey?: string): Promise<Started> {
  const env = { TURNPIKE_HOME: home, ...(bootstrapKey && { TURNPIKE_BOOTSTRAP_KEY: bootstrapKey }) };
  const config = loadConfig({ flags: {}, env, cwd: folder });
  const installation = await prepareInstallation(config, store, clock);
  installation.writeClientFile(ADDRESS);
  return { installation, client: JSON.parse(readFileSync(join(home, 'client.json'), 'utf8')) };
}

const listAll = async () => {
  const { id: workspaceId } = await ensureFirstWorkspace(store, 1);
  return listKeys(store, { workspaceId, limit: 100, isHoneypot: false, nowMs: 1000 });
};

const isKnown = async (token: string): Promise<boolean> =>
  (await findByHash(store, hashToken(token))) !== undefined;

describe('the first start', () => {
  it('makes one key and the operator token, and notes both for their owner alone', async () => {
    const { installation, client } = await start();
    expect(client).toEqual({
      url: ADDRESS,
      key: installation.firstKey,
      operatorToken: expect.stringMatching(/^tpo-/),
    });
    expect((await listAll()).map(({ name }) => name)).toEqual(['first']);
    expect(await isKnown(client.key!)).toBe(true);
    expect(hashToken(client.operatorToken)).toBe(installation.operatorTokenHash);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'client.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(home, 'client.json.new'))).toBe(false);
  });
  it("takes the operator's own key in place of one of its own", async () => {
    const { client } = await start(OWN_KEY);
    expect(client.key).toBe(OWN_KEY);
    expect((await listAll()).map(({ name }) => name)).toEqual(['bootstrap']);
  });
});

describe('a later start', () => {
  it('changes nothing', async () => {
    const { client } = await start();
    const again = await start();
    expect(again.client).toEqual(client);
    expect(again.installation.firstKey).toBeUndefined();
    expect(await listAll()).toHaveLength(1);
  });
  it("adds the operator's own key once, and the others stay", async () => {
    const { client } = await start();
    const added = await start(OWN_KEY);
    await start(OWN_KEY);
    expect(added.client).toEqual({ ...client, key: OWN_KEY });
    expect((await listAll()).map(({ name }) => name).sort()).toEqual(['bootstrap', 'first']);
    expect(await isKnown(client.key!)).toBe(true);
  });
  it("does not revive the operator's own key once it was revoked", async () => {
    await start(OWN_KEY);
    const [key] = await listAll();
    await revokeKey(store, key!.id, clock.now(), { workspaceId: key!.workspaceId });
    await start(OWN_KEY);
    const after = await listAll();
    expect(after.map(({ revokedAtMs }) => revokedAtMs)).toEqual([1000]);
  });
  it.each<[string, (path: string) => void]>([
    ['is gone', (path) => rmSync(path)],
    ['is no object', (path) => writeFileSync(path, '7')],
    ['names no token', (path) => writeFileSync(path, '{}')],
    ['names the token of another installation', (path) => writeFileSync(path, '{"operatorToken":"tpo-x"}')],
  ])('voids the operator token when the client file %s, and makes no second key', async (_name, lose) => {
    const { installation, client } = await start();
    lose(join(home, 'client.json'));
    const after = await start();
    expect(after.client.operatorToken).not.toBe(client.operatorToken);
    expect(after.installation.operatorTokenHash).not.toBe(installation.operatorTokenHash);
    expect(after.client).not.toHaveProperty('key');
    expect(await listAll()).toHaveLength(1);
  });
});
