/**
 * Started servers whose PostgreSQL goes away, crashes, or goes on without them: rows 36, 37 and 40 of the fault
 * matrix, as clients see them. `src/ledger/postgres-faults.test.ts` looks at the same rows from inside.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/base/clock.ts';
import { silentLog } from '../src/base/log.ts';
import { loadConfig } from '../src/config.ts';
import { SILENT_MS } from '../src/ledger/postgres-ledger-store.ts';
import { sweepLedger } from '../src/ledger/recover.ts';
import { verifyLedger } from '../src/ledger/verify.ts';
import { type RunningServer, startServer } from '../src/server.ts';
import { openPostgres, type PostgresStore } from '../src/store/postgres.ts';
import { type CutLine, openLine } from './support/cut-line.ts';
import { HELD_TEXT, HELD_USAGE, type HeldUpstream, startHeldUpstream } from './support/held-upstream.ts';
import { operatorToken } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats, type Seen } from './support/plain-client.ts';
import { hasPostgres } from './support/postgres.ts';
import type { PostgresServer } from './support/postgres-server.ts';
import { takeTime } from './support/replica-lives.ts';
import { openReplica } from './support/stores.ts';
import { BOOTSTRAP_KEY, cleanEnv, newHome, removeHome, startTurnpike } from './support/turnpike-process.ts';

const MODEL = 'oai/gpt-4o-mini';
/** Nano-dollars, from the vendor's price list. */
const HELD_COST = BigInt(HELD_USAGE.input * 150 + HELD_USAGE.output * 600);
const PATIENT = { timeout: 15_000, interval: 20 };

let server: PostgresServer;
let line: CutLine;
let database: string;
let upstream: HeldUpstream;
let watcher: PostgresStore;
let home: string;
let serving: RunningServer | undefined;

const config = (): string => `providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: upstream-key-oai }
`;

/** In this process, by the line that a test can cut. */
async function serve(): Promise<string> {
  writeFileSync(join(home, 'config.yaml'), config());
  const env = cleanEnv(home, { DATABASE_URL: line.url(database), TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
  const loaded = loadConfig({ flags: { port: 0, logLevel: 'silent' }, env, cwd: home });
  serving = await startServer(loaded);
  return serving.url;
}

const stream = (url: string, format: ClientFormat = 'openai-chat'): Promise<Seen> =>
  ask(url, { format, isStream: true, model: MODEL });
const statusOf = async (url: string, path: string): Promise<number> => (await fetch(url + path)).status;
const listHeld = () => watcher.kysely.selectFrom('reservations').select(['exchange_id', 'state']).execute();
const listEntries = () =>
  watcher.kysely
    .selectFrom('ledger_entries')
    .select(['exchange_id', 'status', 'sequence', 'cost_nano', 'flags'])
    .orderBy('seq')
    .execute();

function expectRefused(seen: Seen): void {
  expect(seen).toMatchObject({ status: 503, error: { code: 'ledger_unavailable' } });
  expect(seen.headers.get('retry-after')).toBe('1');
}

async function expectHealth(url: string, is: 'red' | 'green'): Promise<void> {
  await expect.poll(() => statusOf(url, '/ready'), PATIENT).toBe(is === 'red' ? 503 : 200);
  expect(await statusOf(url, '/health')).toBe(200);
}

describe.runIf(hasPostgres)('a server on PostgreSQL', () => {
  beforeAll(async () => {
    const { startPostgres } = await import('./support/postgres-server.ts');
    // What is committed without waiting stays in memory for long: a crash loses it for certain.
    server = await startPostgres({ wal_writer_delay: '10s', wal_writer_flush_after: '100MB' });
    line = await openLine(server.socketPath);
  });
  beforeEach(async () => {
    database = await server.createDatabase();
    watcher = await openPostgres(database, { durability: 'power', log: silentLog });
    upstream = await startHeldUpstream();
    home = newHome();
  });
  afterEach(async () => {
    line.join();
    await serving?.close();
    serving = undefined;
    await upstream.close();
    await watcher.close();
    removeHome(home);
  });
  afterAll(async () => {
    await line?.close();
    await server?.stop();
  });

  it.each(clientFormats)(
    '36: down before reserve: 503, nothing forwarded, green again (%s)',
    async (format) => {
      const url = await serve();
      line.cut();
      expectRefused(await stream(url, format));
      await expectHealth(url, 'red');
      expectRefused(await stream(url, format));
      const headers = { authorization: `Bearer ${operatorToken(home)}` };
      const listed = await fetch(`${url}/api/v1/keys`, { headers });
      expect(listed.status).toBe(503);
      expect(await listed.text()).toContain('database_unavailable');
      expect(upstream.count()).toBe(0);
      line.join();
      await expectHealth(url, 'green');
      const asked = stream(url, format);
      await upstream.untilHeld(1);
      upstream.end();
      expect(await asked).toMatchObject({ status: 200, isComplete: true });
      await expect.poll(listEntries, PATIENT).toMatchObject([{ status: 'ok', cost_nano: HELD_COST }]);
      expect(await listHeld()).toEqual([]);
    },
  );

  it('36: down between reserve and post: the stream goes on, and is booked once when it is back', async () => {
    const url = await serve();
    const asked = [stream(url), stream(url)];
    await upstream.untilHeld(2);
    line.cut();
    upstream.end();
    for (const seen of await Promise.all(asked))
      expect(seen).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true, isBroken: false });
    await expectHealth(url, 'red');
    expectRefused(await stream(url));
    expect(await listEntries()).toEqual([]);
    line.join();
    await expectHealth(url, 'green');
    const booked = { status: 'ok', sequence: 0, cost_nano: HELD_COST };
    await expect.poll(listEntries, PATIENT).toMatchObject([booked, booked]);
    expect(await listHeld()).toEqual([]);
    expect(await verifyLedger(watcher)).toMatchObject({ isSound: true, entries: 2 });
  });

  it('37: crashed after the commit and before the barrier: not forwarded, and nothing of it is left', async () => {
    const url = await serve();
    let crashed: Promise<void> | undefined;
    line.insteadOf('turnpike_beat', () => {
      crashed = server.crash();
    });
    const refused = await stream(url);
    await crashed;
    expectRefused(refused);
    await expectHealth(url, 'red');
    expect(upstream.count()).toBe(0);
    await server.restart();
    await watcher.close();
    watcher = await openPostgres(database, { durability: 'power', log: silentLog });
    await expectHealth(url, 'green');
    expect(await listHeld()).toEqual([]);
    expect(await listEntries()).toEqual([]);
    const asked = stream(url);
    await upstream.untilHeld(1);
    expect(await listHeld()).toHaveLength(1);
    upstream.end();
    expect(await asked).toMatchObject({ status: 200, isComplete: true });
    await expect.poll(listEntries, PATIENT).toMatchObject([{ status: 'ok', cost_nano: HELD_COST }]);
  });

  it('40: paused for 90 s, then resumed: fenced, its streams go on, and are booked at what they cost', async () => {
    const other = await openReplica(database, 'other');
    await takeTime(watcher.kysely);
    let nowMs = Date.now();
    const pass = async (ms: number) => {
      nowMs += ms;
      await sql`delete from test_clock`.execute(watcher.kysely);
      await sql`insert into test_clock values (${nowMs})`.execute(watcher.kysely);
      await other.ledgerStore.makeDurable();
    };
    const sweep = () => sweepLedger({ store: other.ledgerStore, clock: systemClock, log: silentLog });
    await pass(0);
    const env = { DATABASE_URL: database, TURNPIKE_REPLICA_ID: 'sleeper' };
    const sleeper = await startTurnpike({ home, config: config(), env });
    try {
      const [early, late] = [stream(sleeper.url), stream(sleeper.url)];
      await upstream.untilHeld(2);
      sleeper.child.kill('SIGSTOP');
      await pass(3 * SILENT_MS);
      expect(await sweep()).toEqual({ interrupted: 0, settled: 0 });
      expect(await listHeld()).toMatchObject([{ state: 'orphaned' }, { state: 'orphaned' }]);
      sleeper.child.kill('SIGCONT');
      // Whatever it is asked before it has noticed is not forwarded.
      const seen = await ask(sleeper.url, { format: 'openai-chat', model: 'sandbox/echo' });
      if (seen.status !== 200) expectRefused(seen);
      await expectHealth(sleeper.url, 'green');
      const lives = watcher.kysely.selectFrom('replicas').select(['epoch', 'state']);
      expect(await lives.where('id', '=', 'sleeper').execute()).toEqual([{ epoch: 2, state: 'live' }]);
      upstream.end(1);
      expect(await early).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true });
      await expect.poll(async () => (await listHeld()).length, PATIENT).toBe(1);
      await pass(3_600_000);
      // It lives, and has just said so.
      expect((await ask(sleeper.url, { format: 'openai-chat', model: 'sandbox/echo' })).status).toBe(200);
      expect(await sweep()).toEqual({ interrupted: 1, settled: 0 });
      upstream.end();
      const { exchangeId } = await late;
      expect(await late).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true });
      const entriesOf = async (id: string) => (await listEntries()).filter((row) => row.exchange_id === id);
      await expect
        .poll(() => entriesOf(exchangeId), PATIENT)
        .toMatchObject([
          { status: 'interrupted', flags: 'interrupted,worst_case' },
          { sequence: 1, flags: 'late_settle' },
        ]);
      const sum = (rows: Awaited<ReturnType<typeof listEntries>>) =>
        rows.reduce((total, row) => total + (row.cost_nano ?? 0n), 0n);
      expect(sum(await entriesOf(exchangeId))).toBe(HELD_COST);
      expect(await entriesOf((await early).exchangeId)).toMatchObject([
        { status: 'ok', cost_nano: HELD_COST },
      ]);
      expect(await verifyLedger(watcher)).toMatchObject({ isSound: true, problems: [] });
      expect(upstream.count()).toBe(2);
    } finally {
      await sleeper.stop('SIGKILL');
      await other.store.close();
    }
  }, 60_000);
});
