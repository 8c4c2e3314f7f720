/** The hourly look at bills, as the server wires it: with an admin key only, and drift that is told once. */
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ReconcileAnswer, ReconciliationDesk } from '../src/admin/deps.ts';
import { type Log, silentLog } from '../src/base/log.ts';
import { Secret } from '../src/base/secret.ts';
import { loadConfig } from '../src/config.ts';
import { openAlerts } from '../src/server-alerts.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { fakeHouse } from './support/fake-house.ts';
import { DAY_MS, HOUR_MS, handTime, NOW } from './support/outbox.ts';
import { newHome, removeHome } from './support/turnpike-process.ts';

async function open(
  adminKey: Secret | undefined,
  change: (answer: ReconcileAnswer) => ReconcileAnswer = (one) => one,
) {
  const home = newHome();
  const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  onTestFinished(async () => {
    await store.close();
    removeHome(home);
  });
  const provider = { name: 'openai', headers: {}, models: [], apiKeys: [], settings: {}, timeouts: {} };
  const config = {
    ...loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: home }),
    providers: [{ ...provider, ...(adminKey && { adminKey }) }],
  };
  const said: unknown[] = [];
  const note = (...words: unknown[]) => said.push(words);
  const log: Log = { ...silentLog, warn: note, error: note };
  const time = handTime();
  const asked: unknown[] = [];
  const desk: ReconciliationDesk = {
    ...fakeHouse().deps.reconciliation,
    async run(query) {
      asked.push(query);
      return change(await fakeHouse().deps.reconciliation.run(query));
    },
  };
  const alerts = openAlerts({ config, store, log, ...time, random: () => 0 });
  alerts.start(desk);
  const topics = async () => {
    const rows = await store.kysely.selectFrom('outbox').select(['id', 'done_at']).execute();
    return rows.map(({ id }) => id);
  };
  return { time, asked, said, alerts, topics };
}

/** The machine may be busy. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000 });

const adminKey = new Secret('admin-key-of-the-test');

it('looks at the last days every hour, and tells of drift once', async () => {
  const { time, asked, said, alerts, topics } = await open(adminKey);
  for (const hours of [1, 2, 3]) {
    time.jump(hours === 1 ? 0 : HOUR_MS);
    await until(() => expect(asked).toHaveLength(hours));
  }
  expect(asked[0]).toEqual({ width: 'day', sinceMs: NOW - 7 * DAY_MS, untilMs: NOW });
  await until(async () => expect(await topics()).toHaveLength(1));
  expect((await topics())[0]).toMatch(/^reconciliation\.drift\//);
  time.jump(2_000);
  await until(() => expect(JSON.stringify(said)).toContain('reconciliation.drift'));
  await alerts.stop();
  expect(said.filter((one) => JSON.stringify(one).includes('"topic"'))).toHaveLength(1);
});

it('says which bill could not be had, and tries again the next hour', async () => {
  const failures = [{ provider: 'openai', message: 'the bill of openai: answered 401' }];
  const { time, asked, said, alerts, topics } = await open(adminKey, (answer) =>
    answer.kind === 'done' ? { ...answer, run: { ...answer.run, rows: [] }, failures } : answer,
  );
  time.jump(0);
  await until(() => expect(said).toEqual([[failures[0], 'a bill could not be had']]));
  time.jump(HOUR_MS);
  await until(() => expect(asked).toHaveLength(2));
  await alerts.stop();
  expect(await topics()).toEqual([]);
});

it('is quiet while somebody compares by hand, and without an admin key', async () => {
  const busy = await open(adminKey, () => ({ kind: 'running', message: 'a reconciliation is going on' }));
  busy.time.jump(0);
  await until(() => expect(busy.asked).toHaveLength(1));
  await busy.alerts.stop();
  const keyless = await open(undefined);
  keyless.time.jump(DAY_MS);
  await keyless.alerts.stop();
  expect([busy.said, keyless.said, keyless.asked]).toEqual([[], [], []]);
});
