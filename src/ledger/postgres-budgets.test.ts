/** Budgets that several replicas of one PostgreSQL database share: what only races can break. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attempt,
  apply,
  ask,
  changeBudget,
  type Desk,
  openDesk,
  reserveAll,
  setTime,
  settled,
  type Terms,
  TOKEN_NANO,
  tokensOf,
  windowsOf,
} from '../../test/support/budget-desk.ts';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { takeTime } from '../../test/support/replica-lives.ts';
import { openReplica } from '../../test/support/stores.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { nanoUsd } from '../base/money.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';
import { SILENT_MS } from './postgres-ledger-store.ts';
import { sweepLedger } from './recover.ts';
import { verifyLedger } from './verify.ts';

type Replica = Awaited<ReturnType<typeof openReplica>>;

/** Races that a mistake loses often enough. */
const ROUNDS = 25;

let url: string;
let desk: Desk;
let replicas: Replica[];
/** What the clocks of replicas show beyond the desk's time. */
let aheadMs: number[];

async function openWith(...budgets: Terms[]): Promise<void> {
  const now = (at: number) => (desk?.nowMs ?? 0) + aheadMs[at]!;
  const open = async (at: number) =>
    openReplica(url, `replica-${at}`, { now: () => now(at), monotonic: systemClock.monotonic });
  replicas = [await open(0)];
  const [{ store, ledgerStore }] = replicas as [Replica];
  await takeTime(store.kysely);
  const setDatabaseTime = async (ms: number) => {
    await sql`delete from test_clock`.execute(store.kysely);
    await sql`insert into test_clock values (${ms})`.execute(store.kysely);
  };
  const die = () => Promise.reject(new Error('nobody dies here'));
  desk = await openDesk(async () => ({ store, ledgerStore, setTime: setDatabaseTime, die }), budgets);
  for (const at of [1, 2, 3]) replicas.push(await open(at));
}

async function reserveOn(store: LedgerStore, attempts: readonly Attempt[]) {
  const reserves = attempts.map(({ reserve }) => reserve);
  const result = await store.applyBatch({ ...emptyBatch, reserves });
  if (!result.ok) throw new Error(result.message);
  return result.grants;
}

/** All at once, each from a replica of its own; the tokens each was granted. */
async function race(attempts: readonly (readonly Attempt[])[]): Promise<number> {
  const grants = await Promise.all(attempts.map((mine, at) => reserveOn(replicas[at]!.ledgerStore, mine)));
  return grants.flat().reduce((sum, grant) => sum + Number(tokensOf(grant)), 0);
}

const releaseAll = (attempts: readonly (readonly Attempt[])[]) =>
  apply(desk, { releases: attempts.flat().map(({ request }) => request) });

describe.runIf(hasPostgres)('replicas that share budgets', () => {
  beforeEach(async () => {
    url = await freshPostgres();
    aheadMs = [0, 0, 0, 0];
  });
  afterEach(async () => {
    expect((await verifyLedger(desk.at.store)).problems).toEqual([]);
    for (const { store } of replicas) await store.close();
  });

  it('23: admit together what one budget has room for, and not a token more', async () => {
    await openWith({ limit: 1_000 }, { limit: 700, scope: { kind: 'agent', id: '*' } });
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = { agentId: `agent-${round}` };
      const some = () => Array.from({ length: 5 }, () => ask(desk, { output: 100, floor: 1, owner }));
      const attempts = [some(), some(), some(), some()];
      expect(await race(attempts)).toBe(700);
      await releaseAll(attempts);
    }
    for (const window of await windowsOf(desk)) expect(window.reserved).toBe(0);
  });

  it('23: at the turn of an hour, when they write to different hours of a rolling period', async () => {
    await openWith({ limit: 100, period: 'rolling:3', scope: { kind: 'agent', id: '*' } });
    const hourMs = desk.nowMs;
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = { agentId: `agent-${round}` };
      const attempts = [0, 1, 0, 1].map((later) => {
        desk.nowMs = hourMs - 1 + later;
        return [ask(desk, { output: 100, floor: 100, owner })];
      });
      expect(new Set(attempts.map(([one]) => one!.reserve.claims[0]!.windowStart)).size).toBe(2);
      expect(await race(attempts)).toBe(100);
    }
  });

  it('23: raise what they hold only where there is room, at the turn of an hour too', async () => {
    await openWith({ limit: 100, period: 'rolling:3', scope: { kind: 'agent', id: '*' } });
    const hourMs = desk.nowMs;
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = { agentId: `agent-${round}` };
      desk.nowMs = hourMs - 1;
      const early = ask(desk, { output: 10, owner });
      desk.nowMs = hourMs;
      const late = ask(desk, { output: 10, owner });
      await reserveAll(desk, [early, late]);
      const raise = ({ request, reserve: { claims } }: Attempt) => {
        const hold = {
          exchangeId: request.exchangeId,
          attempt: 1,
          amount: nanoUsd(90n * TOKEN_NANO),
          claims,
        };
        return { ...emptyBatch, holds: [hold] };
      };
      const results = await Promise.all(
        [early, late].map((one, at) => replicas[at]!.ledgerStore.applyBatch(raise(one))),
      );
      expect(results.flatMap((result) => (result.ok ? result.holds : [])).toSorted()).toEqual([false, true]);
    }
  });

  it('30: a threshold crossed by two at once is one alert and one message', async () => {
    await openWith({ limit: 100, scope: { kind: 'agent', id: '*' }, thresholds: [50, 80] });
    for (let round = 0; round < ROUNDS; round += 1) {
      const owner = { agentId: `agent-${round}` };
      const attempts = replicas.map(() => ask(desk, { output: 25, owner }));
      await reserveAll(desk, attempts);
      await Promise.all(
        attempts.map((one, at) =>
          replicas[at]!.ledgerStore.applyBatch({ ...emptyBatch, posts: [settled(desk, one, 25)] }),
        ),
      );
    }
    const { kysely } = desk.at.store;
    const alerts = await kysely.selectFrom('budget_alerts').selectAll().execute();
    expect(alerts.map(({ subject, threshold }) => `${subject} ${threshold}`).toSorted()).toEqual(
      Array.from({ length: ROUNDS }, (_, n) => [`agent-${n} 50`, `agent-${n} 80`])
        .flat()
        .toSorted(),
    );
    const told = await kysely.selectFrom('outbox').select('dedupe_key').execute();
    expect(told).toHaveLength(2 * ROUNDS);
  });

  it('30: a limit that was lowered below what is spent is told by the next post, though that costs nothing', async () => {
    await openWith({ limit: 1_000, thresholds: [80] });
    const [spent, free] = [ask(desk, { output: 500 }), ask(desk, { output: 10 })];
    await reserveAll(desk, [spent, free]);
    await apply(desk, { posts: [settled(desk, spent, 500)] });
    await changeBudget(desk, 0, 600);
    const { claims } = ask(desk, {}).reserve;
    await apply(desk, { refusals: [claims[0]!] });
    const told = desk.at.store.kysely.selectFrom('budget_alerts').select('threshold');
    expect(await told.execute()).toEqual([]);
    await apply(desk, { posts: [settled(desk, free, 0)] });
    expect(await told.execute()).toEqual([{ threshold: 80 }]);
  });

  it('30: who is refused first tells it, and no other', async () => {
    await openWith({ limit: 1 });
    const { claims } = ask(desk, { output: 10 }).reserve;
    const refusals = [claims[0]!, claims[0]!];
    for (let round = 0; round < ROUNDS; round += 1)
      await Promise.all(
        replicas.map(({ ledgerStore }) => ledgerStore.applyBatch({ ...emptyBatch, refusals })),
      );
    expect(await windowsOf(desk)).toMatchObject([{ refusals: 2 * ROUNDS * replicas.length }]);
    const told = await desk.at.store.kysely.selectFrom('outbox').selectAll().execute();
    expect(told.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      { topic: 'budget.blocked', threshold: null, limitNano: '1000', at: desk.nowMs },
    ]);
  });

  it('take windows and rates in one order, however their names sort', async () => {
    // In UTF-16 the second comes before the first, in bytes after it; the third only differs in its last letter.
    const names = ['\uFF5A', '\u{1F600}', 'agent', 'Agent', 'agenu'];
    await openWith(
      { limit: 1_000_000, scope: { kind: 'agent', id: '*' } },
      { limit: 1_000_000, scope: { kind: 'session', id: '*' }, period: 'rolling:2' },
    );
    const askAll = (turned: boolean) => {
      const inOrder = turned ? names.toReversed() : names;
      return inOrder.map((name) =>
        ask(desk, {
          output: 1,
          owner: { agentId: name, sessionId: name },
          rates: [
            { subject: `agent:${name}`, metric: 'streams', limit: 1_000_000, burstMs: 60_000, amount: 1 },
          ],
        }),
      );
    };
    let before: (readonly Attempt[])[] = replicas.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = replicas.map((_, at) => askAll(at % 2 === 0));
      const results = await Promise.all(
        replicas.map(({ ledgerStore }, at) =>
          ledgerStore.applyBatch({
            ...emptyBatch,
            posts: before[at]!.map((one) => settled(desk, one, 1)),
            reserves: asked[at]!.map(({ reserve }) => reserve),
          }),
        ),
      );
      // A deadlock would be `busy`.
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      before = asked;
    }
    const rates = await desk.at.store.kysely.selectFrom('rate_limits').select('in_flight').execute();
    expect(rates).toEqual(names.map(() => ({ in_flight: replicas.length })));
  });

  it('limit streams and rates together', async () => {
    await openWith({ limit: 1_000 });
    for (let round = 0; round < ROUNDS; round += 1) {
      const claimed = { burstMs: 60_000, amount: 1, subject: `key:key_${round}` };
      const rates = [
        { ...claimed, metric: 'requests', limit: 5 },
        { ...claimed, metric: 'streams', limit: round % 2 ? 3 : 9 },
      ] as const;
      const some = () => [ask(desk, { rates }), ask(desk, { rates })];
      const grants = await Promise.all(replicas.map(({ ledgerStore }) => reserveOn(ledgerStore, some())));
      expect(grants.flat().filter(({ ok }) => ok)).toHaveLength(round % 2 ? 3 : 5);
    }
  });

  it('29: one that knows the newer limit tells it to the window, and binds those that do not', async () => {
    await openWith({ limit: 1_000 });
    const late = [ask(desk, { output: 100, floor: 1 }), ask(desk, { output: 100, floor: 1 })];
    await changeBudget(desk, 0, 150);
    const [grant] = await reserveOn(replicas[1]!.ledgerStore, [ask(desk, { output: 100 })]);
    expect(tokensOf(grant!)).toBe(100);
    expect((await reserveOn(replicas[2]!.ledgerStore, late)).map(tokensOf)).toEqual([50, false]);
    expect(await windowsOf(desk)).toMatchObject([{ limit: 150, reserved: 150 }]);
  });

  it("32: are told how far their clocks are off, and are limited by the database's", async () => {
    await openWith({ limit: 1_000 });
    aheadMs = [0, 5 * 60_000, -5 * 60_000, 1_500];
    const rates = [
      { subject: 'key:key_1', metric: 'requests', limit: 1, burstMs: 1_000, amount: 1 },
    ] as const;
    const results = [];
    for (const { ledgerStore } of replicas) {
      const reserves = [ask(desk, { output: 1, rates }).reserve];
      results.push(await ledgerStore.applyBatch({ ...emptyBatch, reserves }));
    }
    expect(results).toMatchObject([
      { skewMs: 0, grants: [{ ok: true }] },
      { skewMs: -5 * 60_000, grants: [{ reason: 'rate_limited', retryMs: 60_000 }] },
      { skewMs: 5 * 60_000, grants: [{ reason: 'rate_limited', retryMs: 60_000 }] },
      { skewMs: 0, grants: [{ reason: 'rate_limited', retryMs: 60_000 }] },
    ]);
  });

  it('40: hold what a lost one held until its deadline, then count it at its worst', async () => {
    await openWith({ limit: 1_000 });
    const rates = [{ subject: 'key:key_1', metric: 'streams', limit: 1, burstMs: 0, amount: 1 }] as const;
    const lost = ask(desk, { input: 100, output: 200, rates });
    await reserveOn(replicas[1]!.ledgerStore, [lost]);
    const clock = { now: () => desk.nowMs, monotonic: () => 0 };
    const options = { store: desk.at.ledgerStore, clock, log: silentLog };
    await setTime(desk, desk.nowMs + SILENT_MS + 1);
    await desk.at.ledgerStore.makeDurable();
    expect(await sweepLedger(options)).toEqual({ interrupted: 0, settled: 0 });
    expect(await windowsOf(desk)).toMatchObject([{ reserved: 300, settled: 0 }]);
    expect(await reserveAll(desk, [ask(desk, { rates })])).toMatchObject([{ reason: 'rate_limited' }]);
    await setTime(desk, lost.request.deadlineAtMs + 1);
    await desk.at.ledgerStore.makeDurable();
    expect(await sweepLedger(options)).toEqual({ interrupted: 1, settled: 0 });
    expect(await windowsOf(desk)).toMatchObject([{ reserved: 0, settled: 300 }]);
    expect(await reserveAll(desk, [ask(desk, { rates })])).toMatchObject([{ ok: true }]);
    // It lives after all: what it did not use is given back, and nothing is released a second time.
    const late = { ...emptyBatch, posts: [settled(desk, lost, 50)] };
    expect(await replicas[1]!.ledgerStore.applyBatch(late)).toMatchObject({ late: [{ attempt: 1 }] });
    expect(await windowsOf(desk)).toMatchObject([{ reserved: 0, settled: 150, overruns: 0 }]);
  });
});
