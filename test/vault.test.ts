/** The vault in a running house: keys that are saved serve at once, and what was changed, swapped or sealed otherwise does not open. */

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential, CredentialList, MadeCredential } from '../src/admin/credentials.ts';
import { ConfigError, loadConfig } from '../src/config.ts';
import { openOffline, type RunningServer, startServer } from '../src/server.ts';
import { type KeyCheckingUpstream, startKeyCheckingUpstream } from './support/key-checking-upstream.ts';
import { operatorToken } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

const ONE = 'sk-one-canary-0123456789abcdefghijklmnop';
const TWO = 'sk-two-canary-0123456789abcdefghijklmnop';
const FILE = 'sk-file-canary-0123456789abcdefghijklmno';

let upstream: KeyCheckingUpstream;
let home: string;
let server: RunningServer | undefined;
beforeEach(async () => {
  upstream = await startKeyCheckingUpstream(ONE, TWO, FILE);
  home = newHome();
  write('');
});
afterEach(async () => {
  await stop();
  await upstream.close();
  removeHome(home);
});

/** A provider of two names: `house` needs no key by its kind, `team` does. */
function write(more: string): void {
  const base = `base_url: "${upstream.url}", models: [m]`;
  writeFileSync(
    join(home, 'config.yaml'),
    `providers:\n  house: { kind: openai-compatible, ${base} }\n  team: { kind: openai, ${base}, formats: [openai-chat]${more} }\n`,
  );
}

const configOf = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({
    flags: { port: 0 },
    env: { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent', ...env },
    cwd: home,
  });

async function start(env?: Readonly<Record<string, string>>): Promise<RunningServer> {
  server = await startServer(configOf(env));
  return server;
}

async function stop(): Promise<void> {
  await server?.close();
  server = undefined;
}

async function admin<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${server!.url}/api/v1/credentials${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorToken(home)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

async function save(secret: string, more: object = {}): Promise<Credential> {
  const { status, body } = await admin<MadeCredential>('POST', '', { provider: 'team', secret, ...more });
  expect(status).toBe(201);
  return body.credential;
}

const list = async () => (await admin<CredentialList>('GET', '')).body.credentials;

/** Status of a chat, and the key it was sent with. */
async function chat(model = 'team/m'): Promise<{ status: number; key: string | undefined }> {
  const before = upstream.chats.length;
  const answer = await fetch(`${server!.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'well?' }] }),
  });
  await answer.text();
  return { status: answer.status, key: upstream.chats.slice(before).at(-1) };
}

function inDatabase<T>(work: (database: Database.Database) => T): T {
  const database = new Database(join(home, 'turnpike.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('a key in the vault', () => {
  it('makes its provider usable at once, and takes it away again', async () => {
    const { problems } = await start();
    expect(problems).toEqual([expect.stringContaining('providers.team: no key')]);
    expect((await chat()).status).not.toBe(200);
    const made = await save(ONE);
    expect(made).toMatchObject({ state: 'active', rank: 0, source: 'vault' });
    expect(await chat()).toEqual({ status: 200, key: ONE });
    await admin('PATCH', `/${made.id}`, { isDisabled: true });
    expect((await chat()).status).not.toBe(200);
    await admin('PATCH', `/${made.id}`, { isDisabled: false });
    expect((await chat()).status).toBe(200);
    await admin('DELETE', `/${made.id}`);
    expect((await chat()).status).not.toBe(200);
  });
  it('serves after a restart', async () => {
    await start();
    await save(ONE);
    await stop();
    expect((await start()).problems).toEqual([]);
    expect(await chat()).toEqual({ status: 200, key: ONE });
  });
  it('of a vendor that nobody has declared announces it', async () => {
    await start();
    const refused = await admin('POST', '', { provider: 'groq', secret: ONE, isForced: true });
    expect(refused.status).toBe(201);
    const models = await fetch(`${server!.url}/v1/models`, {
      headers: { authorization: `Bearer ${BOOTSTRAP_KEY}` },
    });
    expect(await models.text()).toContain('"groq/');
  });
  it('is kept only when its provider takes it, or when it must be', async () => {
    await start();
    const body = { provider: 'team', secret: 'sk-wrong-canary-0123456789abcdefghijk' };
    const refused = await admin<{ error: { code: string; message: string } }>('POST', '', body);
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'credential_not_proven' } } });
    expect(refused.body.error.message).not.toContain('canary');
    expect(await list()).toEqual([]);
    expect((await admin('POST', '', { ...body, isForced: true })).status).toBe(201);
  });
  it('takes the place of one that was refused, without waiting', async () => {
    await start();
    await save(ONE);
    upstream.take(TWO);
    // Refused often enough to be taken out of use.
    for (let n = 0; n < 3; n += 1) expect((await chat()).status).not.toBe(200);
    await save(TWO);
    expect(await chat()).toEqual({ status: 200, key: TWO });
  });
  it('shares the traffic with another by weight, and serves alone where that one is refused', async () => {
    await start();
    await save(ONE, { label: 'one' });
    await save(TWO, { label: 'two' });
    for (let n = 0; n < 40; n += 1) await chat();
    expect(new Set(upstream.chats)).toEqual(new Set([ONE, TWO]));
    upstream.take(ONE);
    const statuses = [];
    for (let n = 0; n < 10; n += 1) statuses.push((await chat()).status);
    expect(statuses.at(-1)).toBe(200);
    expect(upstream.chats.at(-1)).toBe(ONE);
  });
  it.each([
    ['', FILE],
    [`, api_key: ${FILE}`, ONE],
  ])('comes before the file: %s', async (more, key) => {
    write(more === '' ? `, api_key: ${FILE}` : more);
    await start();
    if (more !== '') await save(ONE);
    expect((await chat()).key).toBe(key);
  });
  it.each([
    ['', ONE, TWO],
    ['keys: { prefer: vault }\n', TWO, ONE],
  ])(
    'and the one of the environment are used in the order that is asked for: %s',
    async (keys, first, spare) => {
      const provider = `openai: { base_url: "${upstream.url}", formats: [openai-chat] }`;
      writeFileSync(join(home, 'config.yaml'), `providers: { ${provider} }\n${keys}`);
      await start({ OPENAI_API_KEY: ONE });
      await save(TWO, { provider: 'openai' });
      expect((await list()).map(({ rank, source }) => [rank, source])).toEqual(
        first === ONE
          ? [
              [0, 'env OPENAI_API_KEY'],
              [1, 'vault'],
            ]
          : [
              [0, 'vault'],
              [1, 'env OPENAI_API_KEY'],
            ],
      );
      expect((await chat('openai/gpt-4o')).key).toBe(first);
      upstream.take(spare);
      const keysAsked = [];
      for (let n = 0; n < 4; n += 1) keysAsked.push((await chat('openai/gpt-4o')).key);
      expect(keysAsked.at(-1)).toBe(spare);
    },
  );
  it('is noted as used', async () => {
    await start();
    const { id } = await save(ONE);
    await chat();
    await stop();
    const [row] = inDatabase((database) =>
      database.prepare('select id, last_used_at as used from credentials').all(),
    ) as { id: string; used: number | null }[];
    expect(row).toEqual({ id, used: expect.any(Number) });
  });
});

describe('what was changed in the database', () => {
  it.each<[string, (database: Database.Database) => void]>([
    [
      'a bit of it',
      (database) => {
        const { sealed } = database.prepare('select sealed from credentials').get() as { sealed: string };
        const bytes = Buffer.from(sealed.split('.')[3]!, 'base64url');
        bytes[20]! ^= 1;
        const changed = [...sealed.split('.').slice(0, 3), bytes.toString('base64url')].join('.');
        database.prepare('update credentials set sealed = ?').run(changed);
      },
    ],
    ['its provider', (database) => database.exec("update credentials set provider = 'house'")],
    ['its id', (database) => database.exec("update credentials set id = 'cred_other'")],
    ['its member', (database) => database.exec("update credentials set member_id = 'mem_1'")],
    [
      'its workspace',
      (database) => {
        database.exec("insert into workspaces (id, name, created_at) values ('ws_other', 'other', 1)");
        database.exec("update credentials set workspace_id = 'ws_other'");
      },
    ],
  ])('is not used: %s (VAULT-01, VAULT-02)', async (_name, change) => {
    await start();
    await save(ONE);
    await stop();
    inDatabase(change);
    const { problems } = await start();
    for (const model of ['team/m', 'house/m']) {
      const { key } = await chat(model);
      expect(key ?? '').toBe('');
    }
    // Told whosever it seems to be now.
    expect(problems.filter((problem) => /cannot be opened/.test(problem))).toHaveLength(1);
  });
});

describe('the master key (VAULT-03)', () => {
  const keyFile = () => join(home, 'master.key');
  async function sealOne(env?: Readonly<Record<string, string>>): Promise<void> {
    await start(env);
    await save(ONE);
    await stop();
  }
  const fails = async (env?: Readonly<Record<string, string>>) => {
    const error = await start(env).then(
      () => undefined,
      (fault: unknown) => fault,
    );
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  };
  it('is made when the first secret is sealed, for its owner alone', async () => {
    await start();
    expect(existsSync(keyFile())).toBe(false);
    await save(ONE);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile(), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });
  it('is never made where the environment names one', async () => {
    const TURNPIKE_MASTER_KEY = randomBytes(32).toString('hex');
    await sealOne({ TURNPIKE_MASTER_KEY });
    expect(existsSync(keyFile())).toBe(false);
    await start({ TURNPIKE_MASTER_KEY });
    expect((await chat()).key).toBe(ONE);
  });
  it('that is missing stops the start, and says what to do', async () => {
    await sealOne();
    renameSync(keyFile(), `${keyFile()}.away`);
    const message = await fails();
    expect(message).toContain('The vault holds a secret');
    expect(message).toContain('TURNPIKE_MASTER_KEY');
    expect(message).toContain(keyFile());
    expect(existsSync(keyFile())).toBe(false);
    renameSync(`${keyFile()}.away`, keyFile());
    await start();
    expect((await chat()).key).toBe(ONE);
  });
  it('that is another one stops the start', async () => {
    await sealOne();
    expect(await fails({ TURNPIKE_MASTER_KEY: randomBytes(32).toString('base64') })).toContain(
      'sealed with another master key than the one in TURNPIKE_MASTER_KEY',
    );
    writeFileSync(keyFile(), randomBytes(32).toString('base64'));
    expect(await fails()).toContain(`another master key than the one in ${keyFile()}`);
  });
  it.each(['changeme', '0'.repeat(64), 'password'.repeat(5)])('is not %s', async (text) => {
    const message = await fails({ TURNPIKE_MASTER_KEY: text });
    expect(message).toContain('The master key of the vault in TURNPIKE_MASTER_KEY must be');
    expect(message).not.toContain(text);
  });
  it.each<[string, () => void]>([
    ['lost', () => rmSync(keyFile())],
    ['cut off', () => writeFileSync(keyFile(), '')],
    [
      'no file',
      () => {
        rmSync(keyFile());
        mkdirSync(keyFile());
      },
    ],
  ])('that is %s stops the start, until what it has sealed is taken out', async (name, lose) => {
    await sealOne();
    lose();
    await fails();
    const offline = await openOffline(configOf());
    const ask = (method: string, path: string) =>
      offline.fetch(
        new Request(`http://localhost/api/v1/credentials${path}`, {
          method,
          headers: { authorization: `Bearer ${operatorToken(home)}` },
        }),
      );
    const { credentials } = (await (await ask('GET', '')).json()) as CredentialList;
    expect(credentials).toMatchObject([{ state: 'unreadable', preview: 'sk-one-…mnop' }]);
    expect((await ask('DELETE', `/${credentials[0]!.id}`)).status).toBe(200);
    await offline.close();
    if (name !== 'lost') {
      await fails();
      rmSync(keyFile(), { recursive: true });
    }
    await start();
    await save(TWO);
    expect((await chat()).key).toBe(TWO);
  });
  it('of two first secrets at once is one', async () => {
    await start();
    await Promise.all([save(ONE, { label: 'a' }), save(TWO, { label: 'b' })]);
    expect(readdirSync(home).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
    await stop();
    expect((await start()).problems).toEqual([]);
    expect(await list()).toHaveLength(2);
  });
  it('that others may read is warned of, and read', async () => {
    await sealOne();
    chmodSync(keyFile(), 0o644);
    await start();
    expect((await chat()).key).toBe(ONE);
  });
  it('seals nothing beside what another has sealed', async () => {
    await sealOne();
    rmSync(keyFile());
    const offline = await openOffline(configOf());
    const answer = await offline.fetch(
      new Request('http://localhost/api/v1/credentials', {
        method: 'POST',
        headers: { authorization: `Bearer ${operatorToken(home)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ provider: 'team', label: 'b', secret: TWO }),
      }),
    );
    await offline.close();
    expect([answer.status, existsSync(keyFile())]).toEqual([409, false]);
  });
});

it('leaves no secret in any file (VAULT-06)', async () => {
  await start();
  const made = await save(ONE);
  await save(TWO, { label: 'b' });
  await admin('POST', '/test', { provider: 'team' });
  await chat();
  await admin('DELETE', `/${made.id}`);
  const traces = [ONE, TWO].flatMap((secret) => [
    secret.slice(7, 19),
    Buffer.from(secret).toString('base64').slice(8, 24),
    Buffer.from(secret).toString('hex').slice(16, 40),
  ]);
  const look = () => {
    const files = readdirSync(home).map((name) => join(home, name));
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const text = readFileSync(file, 'latin1');
      for (const trace of traces) expect([file, text.includes(trace)]).toEqual([file, false]);
    }
  };
  look();
  await stop();
  look();
});
