/** Attacks on the vault, by whoever can write to the database, read its files, or kill the process at the worst moment. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MadeRecoveryKeyBody } from '../../src/admin/vault.ts';
import { writeMasterKey } from '../../src/base/master-key.ts';
import { Secret } from '../../src/base/secret.ts';
import { createVault, type Vault } from '../../src/registry/vault.ts';
import { vaultKeyOf } from '../../src/registry/vault-key.ts';
import { type KeyCheckingUpstream, startKeyCheckingUpstream } from '../support/key-checking-upstream.ts';
import { untilTrue } from '../support/open-house.ts';
import { newHome, removeHome, startTurnpike, type TurnpikeProcess } from '../support/turnpike-process.ts';
import {
  inDatabase,
  type SealedCredential,
  sealedCredentials,
  startSteadyLoad,
  vaultClient,
} from '../support/vault-house.ts';

const OURS = 'sk-ours-canary-0123456789abcdefghijklmnop';
const THEIRS = 'sk-theirs-canary-98765432109876543210abc';
const ONE = randomBytes(32);
const TWO = randomBytes(32);
const textOf = (key: Buffer) => writeMasterKey(key).trim();

let upstream: KeyCheckingUpstream;
beforeAll(async () => {
  upstream = await startKeyCheckingUpstream(OURS, THEIRS);
});
afterAll(() => upstream.close());

let process: TurnpikeProcess | undefined;
const homes: string[] = [];
afterEach(async () => {
  await stop();
  for (const home of homes.splice(0)) removeHome(home);
});

function freshHome(): string {
  const home = newHome();
  homes.push(home);
  const provider = (name: string) =>
    `  ${name}: { kind: openai, base_url: "${upstream.url}", models: [m], formats: [openai-chat] }\n`;
  writeFileSync(join(home, 'config.yaml'), `providers:\n${provider('team')}${provider('house')}`);
  return home;
}

async function start(home: string, env: Record<string, string> = { TURNPIKE_MASTER_KEY: textOf(ONE) }) {
  process = await startTurnpike({ home, env });
  return process;
}

async function stop(signal?: NodeJS.Signals): Promise<void> {
  await process?.stop(signal);
  process = undefined;
}

const clientOf = (home: string) => vaultClient(() => process!.url, home);

function opened(vault: Vault, row: SealedCredential): string {
  const { workspace_id: workspaceId, member_id: memberId, provider, id: credentialId, sealed } = row;
  const one = vault.open(sealed, { workspaceId, memberId: memberId ?? undefined, provider, credentialId });
  return one.ok ? one.secret.reveal() : one.reason;
}

const changed = (part: 2 | 3, change: (bytes: Buffer) => Buffer) => (row: SealedCredential) => {
  const parts = row.sealed.split('.');
  parts[part] = change(Buffer.from(parts[part]!, 'base64url')).toString('base64url');
  return { sealed: parts.join('.') };
};

const flip = (at: number) => (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};

/** What becomes of a row of ours, given one of the others and another of ours. */
type Attack = (ours: SealedCredential, theirs: SealedCredential, second: SealedCredential) => object;

const mixed = (ours: SealedCredential, other: SealedCredential) => ({
  sealed: [...ours.sealed.split('.').slice(0, 3), other.sealed.split('.')[3]].join('.'),
});

const attacks: [string, Attack][] = [
  ['VAULT-01: the text of another workspace', (_ours, { sealed }) => ({ sealed })],
  ['VAULT-01: the text of another credential of ours', (_ours, _theirs, { sealed }) => ({ sealed })],
  ['VAULT-01: the secret of another workspace beside our data key', (ours, theirs) => mixed(ours, theirs)],
  ['VAULT-01: our other secret beside our data key', (ours, _theirs, second) => mixed(ours, second)],
  ['VAULT-01: another provider', () => ({ provider: 'house' })],
  ['VAULT-01: another id', () => ({ id: 'cred_00000000000000000000000000' })],
  ['VAULT-01: a member', () => ({ member_id: 'mem_0' })],
  ['VAULT-01: another workspace', (_ours, { workspace_id }) => ({ workspace_id, label: 'moved' })],
  ['VAULT-02: an IV with another bit', changed(3, flip(0))],
  ['VAULT-02: a secret with another bit', changed(3, flip(15))],
  ['VAULT-02: a tag with another bit', changed(3, flip(-1))],
  ['VAULT-02: a data key with another bit', changed(2, flip(20))],
  ['VAULT-02: a tag of 4 bytes', changed(3, (bytes) => bytes.subarray(0, -12))],
  ['VAULT-02: a data key with a tag of 4 bytes', changed(2, (bytes) => bytes.subarray(0, -12))],
  ['VAULT-02: the name of the first version', ({ sealed }) => ({ sealed: sealed.replace('v2.', 'v1.') })],
];

describe('whoever writes to the database', () => {
  let home: string;
  let others: string;
  /** Ids of the rows after the attack. */
  const ids: string[] = [];
  let victim: TurnpikeProcess;
  const client = () => vaultClient(() => victim.url, home);
  beforeAll(async () => {
    home = freshHome();
    homes.length = 0;
    victim = await startTurnpike({ home, env: { TURNPIKE_MASTER_KEY: textOf(ONE) } });
    for (const at of attacks.keys()) await client().save(OURS, { label: `row-${at}` });
    others = (await client().ask<{ id: string }>('POST', '/workspaces', { name: 'others' })).body.id;
    await client().save(THEIRS, {}, others);
    await victim.stop();
    const rows = sealedCredentials(home);
    const theirs = rows.find(({ workspace_id: id }) => id === others)!;
    const ours = attacks.map((_attack, at) => rows.find(({ label }) => label === `row-${at}`)!);
    for (const [at, [, attack]] of attacks.entries()) {
      const fields = Object.entries(attack(ours[at]!, theirs, ours.at(at - 1)!));
      const set = fields.map(([name]) => `${name} = ?`).join(', ');
      const values = fields.map(([, value]) => value);
      inDatabase(home, (database) =>
        database.prepare(`update credentials set ${set} where id = ?`).run(...values, ours[at]!.id),
      );
      ids.push(String(Object.fromEntries(fields).id ?? ours[at]!.id));
    }
    victim = await startTurnpike({ home, env: { TURNPIKE_MASTER_KEY: textOf(ONE) } });
  }, 120_000);
  afterAll(async () => {
    await victim.stop();
    removeHome(home);
  });

  it.each(attacks.map(([name], at) => [name, at] as const))(
    '%s in a row makes it unusable',
    async (_name, at) => {
      const all = [...(await client().list()), ...(await client().list(others))];
      expect(all.find(({ id }) => id === ids[at])).toMatchObject({ state: 'unreadable', rank: null });
      const events = victim
        .output()
        .split('\n')
        .filter((line) => line.includes('vault_integrity'));
      expect(events.some((line) => line.includes(ids[at]!))).toBe(true);
    },
  );
  it('VAULT-01: none of them is sent anywhere, and the others’ own serves on', async () => {
    const before = upstream.chats.length;
    expect(await client().chat()).not.toBe(200);
    expect(upstream.chats.slice(before)).toEqual([]);
    const theirs = (await client().list(others)).filter(({ state }) => state === 'active');
    expect(theirs).toMatchObject([{ label: 'default', rank: 0 }]);
    for (const secret of [OURS, THEIRS]) expect(victim.output()).not.toContain(secret.slice(7, 19));
  });
});

it('VAULT-03: a start with no or another master key is refused, and changes nothing', async () => {
  const home = freshHome();
  await start(home);
  await clientOf(home).save(OURS);
  await stop();
  const before = sealedCredentials(home);
  for (const key of [textOf(TWO), '0'.repeat(64), 'changeme', '']) {
    const failed = await start(home, { TURNPIKE_MASTER_KEY: key }).catch((error: Error) => error.message);
    expect(failed).toMatch(/ended with 1 at start/);
    expect(failed).toContain('TURNPIKE_MASTER_KEY');
    if (key) expect(failed).not.toContain(key);
    expect(sealedCredentials(home)).toEqual(before);
    expect(existsSync(join(home, 'master.key'))).toBe(false);
  }
  await start(home);
  expect(await clientOf(home).chat()).toBe(200);
}, 120_000);

/** Enough that a change of keys takes seconds, as 20 rows are a transaction. */
const ROWS = 1_500;

it.each<['file' | 'environment']>([['environment'], ['file']])(
  'VAULT-04: a change of master keys (%s) at 50 requests per second, killed in the middle, loses nothing',
  async (place) => {
    const home = freshHome();
    const isFile = place === 'file';
    const keyFile = join(home, 'master.key');
    if (isFile) writeFileSync(keyFile, writeMasterKey(ONE), { mode: 0o600 });
    await start(home, isFile ? {} : undefined);
    const client = clientOf(home);
    await client.save(OURS);
    await stop();
    fill(home, ROWS);
    const env = isFile ? {} : { TURNPIKE_MASTER_KEY: textOf(TWO), TURNPIKE_MASTER_KEY_PREVIOUS: textOf(ONE) };
    const former = vaultKeyOf(ONE).name;
    await start(home, env);
    const load = startSteadyLoad(client.chat, 50);
    // With a key that people set it begins by itself.
    const asked = isFile ? client.ask('POST', '/vault/rotate').catch(() => undefined) : undefined;
    await untilTrue(() => countOf(home, former) < ROWS - 200);
    await load.hold();
    const left = countOf(home, former);
    expect(left).toBeGreaterThan(0);
    await stop('SIGKILL');
    await asked;
    expect(countOf(home, former)).toBeGreaterThan(0);
    await start(home, env);
    load.go();
    await untilTrue(() => countOf(home, former) === 0, 30_000);
    let vault = await client.vault();
    for (let tries = 0; tries < 100 && vault.rotation?.endedAt === null; tries += 1)
      vault = await client.vault();
    expect(vault).toMatchObject({ state: 'open', secrets: ROWS + 1, rotation: { from: former } });
    await load.end();
    expect([...load.answers.keys()]).toEqual([200]);
    expect(load.answers.get(200)).toBeGreaterThan(20);
    await stop();
    // The former key is needed no longer, and is nowhere.
    const next = isFile ? Buffer.from(readFileSync(keyFile, 'utf8'), 'base64') : TWO;
    expect(readdirSync(home).filter((name) => name.startsWith('master.key'))).toEqual(
      isFile ? ['master.key'] : [],
    );
    expect(next.equals(ONE)).toBe(false);
    const alone = createVault(next, randomBytes);
    expect(sealedCredentials(home).filter((row) => !opened(alone, row).startsWith('sk-'))).toEqual([]);
    await start(home, isFile ? {} : { TURNPIKE_MASTER_KEY: textOf(TWO) });
    expect([await client.chat(), (await client.vault()).secrets]).toEqual([200, ROWS + 1]);
  },
  90_000,
);

/** More rows, sealed as those that are there, of a provider that nobody has declared. */
function fill(home: string, rows: number): void {
  const vault = createVault(ONE, randomBytes);
  const [one] = sealedCredentials(home);
  inDatabase(home, (database) => {
    const insert = database.prepare(
      `insert into credentials (id, workspace_id, provider, label, sealed, preview, weight, created_at)
       values (?, ?, 'spare', ?, ?, '', 1, 1)`,
    );
    database.transaction(() => {
      for (let index = 0; index < rows; index += 1) {
        const credentialId = `cred_${String(index).padStart(26, '0')}` as const;
        const workspaceId = one!.workspace_id;
        const belonging = { workspaceId, memberId: undefined, provider: 'spare', credentialId };
        insert.run(
          credentialId,
          workspaceId,
          `label-${index}`,
          vault.seal(new Secret(`sk-${index}`), belonging),
        );
      }
    })();
  });
}

function countOf(home: string, key: string): number {
  return inDatabase(home, (database) => {
    const query = database.prepare(
      "select count(*) as rows from credentials where sealed like '__.' || ? || '.%'",
    );
    return (query.get(key) as { rows: number }).rows;
  });
}

describe('VAULT-05: the same secret', () => {
  it('twice is two texts', async () => {
    const home = freshHome();
    await start(home);
    const client = clientOf(home);
    await client.save(OURS, { label: 'a' });
    await client.save(OURS, { label: 'b' });
    const parts = sealedCredentials(home).flatMap(({ sealed }) => sealed.split('.').slice(2));
    expect(new Set(parts).size).toBe(4);
  });
  it('10,000 times is sealed with 20,000 IVs and 10,000 data keys', () => {
    const drawn: string[] = [];
    const vault = createVault(ONE, (bytes) => {
      const random = randomBytes(bytes);
      drawn.push(random.toString('hex'));
      return random;
    });
    const mine = {
      workspaceId: 'ws_a',
      memberId: undefined,
      provider: 'openai',
      credentialId: 'cred_1',
    } as const;
    const secret = new Secret(OURS);
    const ivs = new Set<string>();
    for (let count = 0; count < 10_000; count += 1)
      for (const part of vault.seal(secret, mine).split('.').slice(2))
        ivs.add(Buffer.from(part, 'base64url').subarray(0, 12).toString('hex'));
    expect(ivs.size).toBe(20_000);
    expect(new Set(drawn).size).toBe(30_000);
    expect(drawn.filter(({ length }) => length === 64)).toHaveLength(10_000);
  });
});

it('VAULT-06: whoever reads all files and the log finds no key in them', async () => {
  const home = freshHome();
  await start(home, {});
  const client = clientOf(home);
  const { id } = await client.save(OURS, { label: 'a' });
  await client.save(THEIRS, { label: 'b' });
  await client.ask('POST', '/credentials/test', { provider: 'team' });
  for (let count = 0; count < 5; count += 1) await client.chat();
  const formerKey = readFileSync(join(home, 'master.key'), 'utf8').trim();
  const { body } = await client.ask<MadeRecoveryKeyBody>('POST', '/vault/recovery-key');
  await client.ask('POST', '/vault/rotate');
  await client.ask('DELETE', `/credentials/${id}`);
  await client.ask('POST', '/vault/recover', { recoveryKey: body.recoveryKey });
  const { output } = process!;
  const secrets = [OURS, THEIRS, body.recoveryKey, body.recoveryKey.replaceAll('-', ''), formerKey];
  const traces = secrets.flatMap((secret) => [
    secret.slice(7, 19),
    Buffer.from(secret).toString('base64').slice(8, 24),
    Buffer.from(secret).toString('hex').slice(16, 40),
  ]);
  const bytesOfKey = Buffer.from(formerKey, 'base64').toString('latin1').slice(4, 16);
  const look = () => {
    const files = readdirSync(home).filter((name) => name !== 'master.key');
    expect(files).toContain('turnpike.db');
    for (const name of files) {
      const text = readFileSync(join(home, name), 'latin1');
      for (const trace of [...traces, bytesOfKey])
        expect([name, text.includes(trace)]).toEqual([name, false]);
    }
    for (const trace of traces) expect(output()).not.toContain(trace);
  };
  // While it runs, with its WAL, and afterwards.
  look();
  await stop();
  look();
  rmSync(join(home, 'master.key'));
});
