/** The master key of a running house: where it may be, how another takes over, and what is done when it is lost. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MadeRecoveryKeyBody, VaultBody } from '../src/admin/vault.ts';
import { writeMasterKey } from '../src/base/master-key.ts';
import { ConfigError, loadConfig } from '../src/config.ts';
import { openOffline, type RunningServer, startServer } from '../src/server.ts';
import { type KeyCheckingUpstream, startKeyCheckingUpstream } from './support/key-checking-upstream.ts';
import { operatorToken, untilTrue } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

const SECRET = 'sk-one-canary-0123456789abcdefghijklmnop';
const PASSPHRASE = 'seven lazy otters ate my umbrella';
const ONE = writeMasterKey(randomBytes(32)).trim();
const TWO = writeMasterKey(randomBytes(32)).trim();

let upstream: KeyCheckingUpstream;
let home: string;
let server: RunningServer | undefined;
beforeEach(async () => {
  upstream = await startKeyCheckingUpstream(SECRET);
  home = newHome();
  write('');
});
afterEach(async () => {
  await stop();
  await upstream.close();
  removeHome(home);
});

function write(vault: string): void {
  const provider = `team: { kind: openai, base_url: "${upstream.url}", models: [m], formats: [openai-chat] }`;
  writeFileSync(join(home, 'config.yaml'), `providers:\n  ${provider}\n${vault}`);
}

const configOf = (env: Readonly<Record<string, string>> = {}) =>
  loadConfig({
    flags: { port: 0 },
    env: { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent', ...env },
    cwd: home,
  });

async function start(env?: Readonly<Record<string, string>>): Promise<void> {
  server = await startServer(configOf(env));
}

async function stop(): Promise<void> {
  await server?.close();
  server = undefined;
}

const headers = () => ({
  authorization: `Bearer ${operatorToken(home)}`,
  'content-type': 'application/json',
});

async function ask<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const request = { method, headers: headers(), ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${server!.url}/api/v1${path}`, request);
  return { status: answer.status, body: (await answer.json()) as T };
}

/** While nobody serves. */
async function askOffline<T>(
  method: string,
  path: string,
  body?: object,
  env?: Readonly<Record<string, string>>,
): Promise<{ status: number; body: T }> {
  const offline = await openOffline(configOf(env));
  try {
    const request = { method, headers: headers(), ...(body && { body: JSON.stringify(body) }) };
    const answer = await offline.fetch(new Request(`http://localhost/api/v1${path}`, request));
    return { status: answer.status, body: (await answer.json()) as T };
  } finally {
    await offline.close();
  }
}

const save = (label = 'default') =>
  ask('POST', '/credentials', { provider: 'team', label, secret: SECRET, isForced: true });
const vault = async () => (await ask<VaultBody>('GET', '/vault')).body;

async function chat(): Promise<string | undefined> {
  const before = upstream.chats.length;
  const answer = await fetch(`${server!.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'team/m', messages: [{ role: 'user', content: 'well?' }] }),
  });
  await answer.text();
  return upstream.chats.slice(before).at(-1);
}

const keyFile = () => join(home, 'master.key');
const fails = (env?: Readonly<Record<string, string>>, saying = /.*/) =>
  expect(start(env)).rejects.toSatisfy(
    (error) => error instanceof ConfigError && saying.test(error.message) && !error.message.includes(SECRET),
  );

describe('the master key may be', () => {
  it.each<[string, string, Record<string, string>]>([
    ['in the environment', '', { TURNPIKE_MASTER_KEY: ONE }],
    [
      'in the environment, hexadecimal',
      '',
      { TURNPIKE_MASTER_KEY: Buffer.from(ONE, 'base64').toString('hex') },
    ],
    ['in a file made here', '', {}],
    ['in a named file', 'vault: { key_file: other.key }\n', {}],
    ['made of a passphrase', '', { TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE }],
  ])('%s', async (_name, config, env) => {
    write(config);
    await start(env);
    expect(await vault()).toMatchObject({ state: 'empty', secrets: 0, recoveryKey: null });
    await save();
    const before = await vault();
    expect(before).toMatchObject({ state: 'open', secrets: 1, rows: [{ secrets: 1, isAtHand: true }] });
    await stop();
    await start(env);
    expect(await vault()).toEqual(before);
    expect(await chat()).toBe(SECRET);
    await stop();
    for (const file of ['master.key', 'other.key']) rmSync(join(home, file), { force: true });
    write('');
    await fails({}, /no master key/);
    expect(existsSync(keyFile())).toBe(false);
  });
  it('in a file with the passphrase', async () => {
    writeFileSync(join(home, 'words'), `${PASSPHRASE}\n`, { mode: 0o600 });
    write('vault: { master_key: passphrase, passphrase_file: words }\n');
    await start();
    await save();
    await stop();
    write('');
    await start({ TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE });
    expect(await chat()).toBe(SECRET);
    await stop();
    await fails({ TURNPIKE_MASTER_PASSPHRASE: `${PASSPHRASE}!` }, /another master key/);
  });
  it('in one place alone', async () => {
    await fails(
      { TURNPIKE_MASTER_KEY: ONE, TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE },
      /more than one master key/,
    );
    write('vault: { master_key: environment }\n');
    await start({ TURNPIKE_MASTER_KEY: ONE, TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE });
    expect(await vault()).toMatchObject({ kind: 'environment', place: 'TURNPIKE_MASTER_KEY' });
  });
  it.each(['too short', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'])(
    'of no passphrase like %s',
    async (passphrase) => {
      await fails({ TURNPIKE_MASTER_PASSPHRASE: passphrase }, /at least 16 characters/);
    },
  );
  it('in no keychain where there is none, which is said', async () => {
    write('vault: { master_key: keychain }\n');
    await fails({}, /keychain of this machine.*cannot be used.*master_key: file/);
  });
  it('made by people, where it is to be in the environment', async () => {
    write('vault: { master_key: environment }\n');
    await start();
    expect(await save()).toMatchObject({ status: 409, body: { error: { code: 'vault_closed' } } });
    expect(await ask('POST', '/vault/recovery-key')).toMatchObject({ status: 409 });
    expect(existsSync(keyFile())).toBe(false);
  });
});

describe('another master key takes over', () => {
  it('made here, where the key is in a file', async () => {
    await start();
    for (const label of ['a', 'b', 'c']) await save(label);
    const [before, oldKey] = [await vault(), readFileSync(keyFile(), 'utf8')];
    const { status, body } = await ask<VaultBody>('POST', '/vault/rotate');
    expect([status, body.state, body.secrets]).toEqual([200, 'open', 3]);
    expect(body.key).not.toBe(before.key);
    expect(body.rotation).toMatchObject({ from: before.key, to: body.key, endedAt: expect.any(String) });
    expect(await chat()).toBe(SECRET);
    expect(readFileSync(keyFile(), 'utf8')).not.toBe(oldKey);
    expect(existsSync(`${keyFile()}.next`)).toBe(false);
    await save('d');
    await stop();
    await start();
    expect(await vault()).toMatchObject({ state: 'open', key: body.key, secrets: 4 });
    expect(await chat()).toBe(SECRET);
  });
  it('set by people, by itself at the next start', async () => {
    await start({ TURNPIKE_MASTER_KEY: ONE });
    await save();
    const refused = await ask('POST', '/vault/rotate');
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'vault_refused' } } });
    await stop();
    await fails({ TURNPIKE_MASTER_KEY: TWO }, /TURNPIKE_MASTER_KEY_PREVIOUS/);
    await start({ TURNPIKE_MASTER_KEY: TWO, TURNPIKE_MASTER_KEY_PREVIOUS: ONE });
    let state = await vault();
    for (let tries = 0; tries < 200 && !state.rotation?.endedAt; tries += 1) state = await vault();
    expect(state).toMatchObject({ state: 'open', secrets: 1, rows: [{ secrets: 1, key: state.key }] });
    await stop();
    await start({ TURNPIKE_MASTER_KEY: TWO });
    expect(await chat()).toBe(SECRET);
    await stop();
    await fails({ TURNPIKE_MASTER_KEY: ONE }, /another master key/);
  });
  it.each<[string, Record<string, string>]>([
    ['a passphrase', { TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE }],
    ['the environment', { TURNPIKE_MASTER_KEY: TWO }],
  ])('from a file to %s', async (_name, env) => {
    await start();
    await save();
    await stop();
    renameSync(keyFile(), join(home, 'former'));
    await start({ ...env, TURNPIKE_MASTER_KEY_PREVIOUS_FILE: join(home, 'former') });
    for (let tries = 0; tries < 200 && !(await vault()).rotation?.endedAt; tries += 1);
    await stop();
    rmSync(join(home, 'former'));
    await start(env);
    expect(await chat()).toBe(SECRET);
  });
  it('is made nowhere as long as nothing is sealed', async () => {
    await start();
    expect(await ask('POST', '/vault/rotate')).toMatchObject({ status: 409 });
    expect(existsSync(keyFile())).toBe(false);
  });
  it.each([undefined, 1])(
    'is at its end after a start, whenever it was interrupted: %s',
    async (endedAtMs) => {
      await start();
      for (const label of ['a', 'b']) await save(label);
      await ask('POST', '/vault/rotate');
      const { key } = await vault();
      await stop();
      // As if it had been killed before the new key took the old one's place.
      renameSync(keyFile(), `${keyFile()}.next`);
      writeFileSync(keyFile(), `${ONE}\n`, { mode: 0o600 });
      const database = new Database(join(home, 'turnpike.db'));
      const rotation = { from: '0'.repeat(16), to: key, startedAtMs: 1, endedAtMs };
      database
        .prepare("update settings set value = ? where key = 'vault_rotation'")
        .run(JSON.stringify(rotation));
      database.close();
      await start();
      await untilTrue(() => !existsSync(`${keyFile()}.next`));
      expect(await vault()).toMatchObject({ state: 'open', key, rotation: { endedAt: expect.any(String) } });
      expect(readFileSync(keyFile(), 'utf8')).not.toContain(ONE);
    },
  );
});

describe('a lost master key', () => {
  const lose = async (): Promise<string> => {
    await start();
    await save('a');
    await save('b');
    const { status, body } = await ask<MadeRecoveryKeyBody>('POST', '/vault/recovery-key');
    expect([status, body.vault.recoveryKey?.isGood]).toEqual([201, true]);
    const { recoveryKey } = body;
    expect(JSON.stringify(await vault())).not.toContain(recoveryKey.slice(5, 14));
    await stop();
    rmSync(keyFile());
    return recoveryKey;
  };
  it.each<[string, () => void, Record<string, string>]>([
    ['a file made here', () => undefined, {}],
    ['the environment', () => undefined, { TURNPIKE_MASTER_KEY: TWO }],
    ['a passphrase', () => undefined, { TURNPIKE_MASTER_PASSPHRASE: PASSPHRASE }],
    ['a file in the place of what was no key', () => writeFileSync(keyFile(), 'spoilt'), {}],
  ])('is replaced with the recovery key by one in %s', async (_name, spoil, env) => {
    const recoveryKey = await lose();
    spoil();
    await fails(env, /turnpike vault recover|put back the key/i);
    const { status, body } = await askOffline<VaultBody>('POST', '/vault/recover', { recoveryKey }, env);
    expect([status, body.state, body.secrets, body.recoveryKey?.isGood]).toEqual([200, 'open', 2, true]);
    await start(env);
    expect(await chat()).toBe(SECRET);
    // And once more, with the same recovery key.
    expect(await ask('POST', '/vault/recover', { recoveryKey })).toMatchObject({ status: 409 });
  });
  it('needs the recovery key of this vault', async () => {
    const recoveryKey = await lose();
    const wrong = await askOffline('POST', '/vault/recover', { recoveryKey: `TPR1${'-7777'.repeat(14)}` });
    expect(wrong).toMatchObject({ status: 422, body: { error: { code: 'recovery_key_wrong' } } });
    expect(existsSync(keyFile())).toBe(false);
    expect((await askOffline('POST', '/vault/recover', { recoveryKey })).status).toBe(200);
  });
  it('without a recovery key is the end of what it sealed', async () => {
    await start();
    await save();
    await stop();
    rmSync(keyFile());
    await fails({}, /turnpike vault forget/);
    const text = `TPR1${'-7777'.repeat(14)}`;
    expect(await askOffline('POST', '/vault/recover', { recoveryKey: text })).toMatchObject({ status: 409 });
    expect(await askOffline('POST', '/vault/forget')).toMatchObject({ status: 200, body: { forgotten: 1 } });
    await start();
    await save();
    expect(await chat()).toBe(SECRET);
  });
  it('has a recovery key that is shown once, also to who asks twice, and is in no audit', async () => {
    await start();
    await save();
    const twice = async () => {
      const answer = await fetch(`${server!.url}/api/v1/vault/recovery-key`, {
        method: 'POST',
        headers: { ...headers(), 'idempotency-key': 'the-same' },
      });
      return { status: answer.status, text: await answer.text() };
    };
    const first = await twice();
    expect(first).toMatchObject({ status: 201, text: expect.stringContaining('TPR1-') });
    expect(await twice()).toMatchObject({ status: 409, text: expect.stringContaining('answer_lost') });
    const { recoveryKey } = JSON.parse(first.text) as MadeRecoveryKeyBody;
    await ask('POST', '/vault/recover', { recoveryKey });
    await ask('POST', '/vault/rotate');
    const audit = JSON.stringify((await ask('GET', '/audit?limit=100')).body);
    expect(audit).toContain('vault');
    expect(audit).not.toContain(recoveryKey.slice(5, 19));
  });
  it('forgotten with all that it sealed takes its recovery key along', async () => {
    await lose();
    await askOffline('POST', '/vault/forget');
    await start();
    expect(await vault()).toMatchObject({ state: 'empty', recoveryKey: null });
    await save();
    expect(await vault()).toMatchObject({ state: 'open', recoveryKey: null });
  });
  it('a recovery key opens what was sealed after a change of keys, too', async () => {
    await start();
    await save();
    const { body } = await ask<MadeRecoveryKeyBody>('POST', '/vault/recovery-key');
    await ask('POST', '/vault/rotate');
    await save('later');
    expect((await vault()).recoveryKey?.isGood).toBe(true);
    await stop();
    rmSync(keyFile());
    const { recoveryKey } = body;
    expect((await askOffline('POST', '/vault/recover', { recoveryKey })).status).toBe(200);
    await start();
    expect(await vault()).toMatchObject({ state: 'open', secrets: 2 });
    expect(await chat()).toBe(SECRET);
  });
});
