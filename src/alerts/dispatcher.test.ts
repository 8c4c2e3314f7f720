/** The dispatcher on every store, with time in the hand: at least once to every sink, and once where they answer. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  budgetAlert,
  DAY_MS,
  type HandTime,
  HOUR_MS,
  handTime,
  NOW,
  putAlerts,
} from '../../test/support/outbox.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { type Log, silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { composeMessage } from './compose.ts';
import {
  createDispatcher,
  type Dispatcher,
  GIVE_UP_MS,
  KEEP_DONE_MS,
  LEASE_MS,
  retryAfter,
} from './dispatcher.ts';
import { failed, type Message, type Sink, type SinkAnswer, taken } from './sink.ts';

const MINUTE_MS = 60_000;
/** Each delivery is several round trips where the database is a server. */
const PATIENT = { timeout: 10_000 };

interface FakeSink extends Sink {
  readonly got: string[];
  answer: (message: Message, signal: AbortSignal) => SinkAnswer | Promise<SinkAnswer>;
}

function fakeSink(name: string): FakeSink {
  const sink: FakeSink = {
    name,
    got: [],
    answer: () => taken('ok'),
    async deliver(message, signal) {
      sink.got.push(message.id);
      return sink.answer(message, signal);
    },
    close: async () => undefined,
  };
  return sink;
}

it('waits twice as long each time, up to an hour, by a half at random', () => {
  expect([1, 2, 3, 9, 10, 500].map((attempt) => retryAfter(attempt, 0, HOUR_MS))).toEqual([
    5_000, 10_000, 20_000, 1_280_000, 1_800_000, 1_800_000,
  ]);
  expect(retryAfter(1, 0.5, HOUR_MS)).toBe(7_500);
  expect(retryAfter(500, 1, HOUR_MS)).toBe(HOUR_MS);
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    let time: HandTime;
    let all: Dispatcher[];
    beforeEach(async () => {
      ({ store } = await open());
      time = handTime();
      all = [];
    });
    afterEach(async () => {
      await Promise.all(all.map((dispatcher) => dispatcher.stop(0)));
      await store.close();
    });
    afterAll(() => remove());

    function start(sinks: readonly Sink[], log: Log = silentLog): Dispatcher {
      const compose = (due: Parameters<typeof composeMessage>[1]) =>
        composeMessage(store, due, time.clock.now());
      const dispatcher = createDispatcher({ store, sinks, compose, log, random: () => 0.5, ...time });
      all.push(dispatcher);
      dispatcher.start();
      return dispatcher;
    }
    const settled = () => Promise.all(all.map((dispatcher) => dispatcher.settled()));
    const step = async (byMs: number) => {
      time.jump(byMs);
      await settled();
    };
    const deliveries = () =>
      store.kysely.selectFrom('outbox_deliveries').selectAll().orderBy('outbox_id').orderBy('sink').execute();
    const isDone = async () => {
      const rows = await store.kysely.selectFrom('outbox').select('done_at').orderBy('id').execute();
      return rows.map(({ done_at }) => done_at);
    };

    it('takes what is due to every sink, once, and nothing before its time', async () => {
      const [mail, hook] = [fakeSink('email'), fakeSink('hook')];
      const ids = await putAlerts(
        store,
        budgetAlert({ threshold: 50, at: NOW - 2_000 }),
        budgetAlert({ threshold: 80, at: NOW - 1_000 }),
        budgetAlert({ threshold: 100, at: NOW + MINUTE_MS }),
      );
      start([mail, hook]);
      await settled();
      for (const { got } of [mail, hook]) expect([...got].sort()).toEqual(ids.slice(0, 2).sort());
      await step(MINUTE_MS);
      for (const { got } of [mail, hook]) expect([...got].sort()).toEqual([...ids].sort());
      await step(DAY_MS);
      expect(mail.got).toHaveLength(3);
      expect(await isDone()).toHaveLength(3);
      expect(await isDone()).not.toContain(null);
      expect(await deliveries()).toHaveLength(6);
      expect((await deliveries()).every((row) => row.attempts === 1 && row.done_at !== null)).toBe(true);
    });

    it('row 42: a sink that is down for a day loses nothing, and the others are not told again', async () => {
      const [mail, hook] = [fakeSink('email'), fakeSink('hook')];
      hook.answer = () => failed('answered 503');
      const ids = await putAlerts(store, budgetAlert({ threshold: 50 }), budgetAlert({ threshold: 80 }));
      start([mail, hook]);
      await settled();
      for (let gone = 0; gone < DAY_MS; gone += 10 * MINUTE_MS) await step(10 * MINUTE_MS);
      expect([...mail.got].sort()).toEqual([...ids].sort());
      const tries = hook.got.length;
      expect(tries).toBeGreaterThan(40);
      expect(tries).toBeLessThan(100);
      const waiting = (await deliveries()).filter(({ sink }) => sink === 'hook');
      expect(waiting.map(({ last_error, done_at }) => [last_error, done_at])).toEqual([
        ['answered 503', null],
        ['answered 503', null],
      ]);
      expect(await isDone()).toEqual([null, null]);
      hook.got.length = 0;
      hook.answer = () => taken('ok');
      for (let gone = 0; gone <= HOUR_MS; gone += 10 * MINUTE_MS) await step(10 * MINUTE_MS);
      expect([...hook.got].sort()).toEqual([...ids].sort());
      expect([...mail.got].sort()).toEqual([...ids].sort());
      expect(await isDone()).not.toContain(null);
    });

    it('gives up after two weeks, not before, and says so', async () => {
      const logged: object[] = [];
      const hook = fakeSink('hook');
      hook.answer = () => failed('answered 410');
      await putAlerts(store, budgetAlert({ at: NOW - GIVE_UP_MS + 10_000 }));
      start([hook], { ...silentLog, error: (fields) => logged.push(fields) });
      await settled();
      expect(await deliveries()).toMatchObject([{ given_up_at: null, last_error: 'answered 410' }]);
      expect(logged).toEqual([]);
      await step(HOUR_MS);
      expect(await deliveries()).toMatchObject([{ given_up_at: NOW + HOUR_MS, last_error: 'answered 410' }]);
      expect(logged).toMatchObject([{ sink: 'hook', error: 'answered 410' }]);
      await step(HOUR_MS);
      expect(hook.got).toHaveLength(2);
      expect(await isDone()).not.toContain(null);
    });

    it('waits as long as a sink asks it to', async () => {
      const hook = fakeSink('hook');
      hook.answer = () => failed('answered 429', 30 * MINUTE_MS);
      await putAlerts(store, budgetAlert());
      start([hook]);
      await settled();
      await step(29 * MINUTE_MS);
      expect(hook.got).toHaveLength(1);
      await step(2 * MINUTE_MS);
      expect(hook.got).toHaveLength(2);
    });

    it('lets no sink wait for a slow one, and takes silence for a failure', async () => {
      const [mail, slow] = [fakeSink('email'), fakeSink('slow')];
      slow.answer = () => new Promise(() => undefined);
      const alerts = Array.from({ length: 20 }, (_, at) => budgetAlert({ threshold: at + 1 }));
      await putAlerts(store, ...alerts);
      const dispatcher = start([mail, slow]);
      await vi.waitFor(() => expect(mail.got).toHaveLength(20), PATIENT);
      // As many as its lane takes, and no more.
      await vi.waitFor(() => expect(slow.got).toHaveLength(4), PATIENT);
      time.jump(10_000);
      await dispatcher.settled();
      const waiting = (await deliveries()).filter(({ sink, attempts }) => sink === 'slow' && attempts > 0);
      expect(waiting.map(({ last_error }) => last_error)).toEqual(Array(4).fill('no answer in time'));
    });

    it('sends each once when two dispatchers race for them', async () => {
      const [mail, hook] = [fakeSink('email'), fakeSink('hook')];
      const alerts = Array.from({ length: 40 }, (_, at) => budgetAlert({ threshold: at + 1 }));
      const ids = await putAlerts(store, ...alerts);
      for (const _ of [1, 2, 3]) start([mail, hook]);
      await settled();
      await step(2_000);
      for (const { got } of [mail, hook]) expect([...got].sort()).toEqual([...ids].sort());
      await step(2 * HOUR_MS);
      expect(mail.got).toHaveLength(40);
      expect(await isDone()).not.toContain(null);
    });

    it('sends again, under the same id, what a process that died may have sent', async () => {
      const hook = fakeSink('hook');
      hook.answer = () => new Promise(() => undefined);
      const [id] = await putAlerts(store, budgetAlert());
      const compose = (due: Parameters<typeof composeMessage>[1]) =>
        composeMessage(store, due, time.clock.now());
      const dead = createDispatcher({
        ...{ store, sinks: [hook], compose, log: silentLog, random: () => 0, clock: time.clock },
        wait: () => () => undefined,
      });
      dead.start();
      await vi.waitFor(() => expect(hook.got).toEqual([id]));
      hook.answer = () => taken('ok');
      start([hook]);
      await settled();
      // It may be alive, and sending.
      await step(LEASE_MS - 1_000);
      expect(hook.got).toEqual([id]);
      await step(2_000);
      expect(hook.got).toEqual([id, id]);
      expect(await deliveries()).toMatchObject([{ attempts: 2, last_error: null }]);
    });

    it('row 41: what is put into the outbox twice is sent once', async () => {
      const hook = fakeSink('hook');
      await putAlerts(store, budgetAlert());
      start([hook]);
      await settled();
      await putAlerts(store, budgetAlert({ settledNano: '21000000000' }));
      await step(DAY_MS);
      expect(hook.got).toHaveLength(1);
    });

    it('sets aside what it cannot read, and leaves other topics alone', async () => {
      const logged: object[] = [];
      const hook = fakeSink('hook');
      const row = { payload: '{"half":', next_at: NOW - 1, done_at: null };
      await store.write([
        store.kysely.insertInto('outbox').values([
          { ...row, id: 'bad', dedupe_key: 'bad', topic: 'budget.blocked' },
          { ...row, id: 'meter', dedupe_key: 'meter', topic: 'stripe.meter' },
        ]),
      ]);
      const [id] = await putAlerts(store, budgetAlert());
      start([hook], { ...silentLog, error: (fields) => logged.push(fields) });
      await settled();
      await step(DAY_MS);
      expect(hook.got).toEqual([id]);
      expect(logged).toEqual([{ alert: 'bad', topic: 'budget.blocked' }]);
      expect(await deliveries()).toMatchObject([{ outbox_id: 'bad', last_error: 'it cannot be read' }, {}]);
      const open = await store.kysely
        .selectFrom('outbox')
        .select('id')
        .where('done_at', 'is', null)
        .execute();
      expect(open).toEqual([{ id: 'meter' }]);
    });

    it('is done with what only a sink of another day was to take', async () => {
      const [mail, gone] = [fakeSink('email'), fakeSink('gone')];
      gone.answer = () => failed('answered 404');
      await putAlerts(store, budgetAlert());
      await start([mail, gone]).stop(0);
      expect(await isDone()).toEqual([null]);
      start([mail]);
      await settled();
      expect(await isDone()).toEqual([NOW]);
      expect(mail.got).toHaveLength(1);
    });

    it('tells a sink that is declared later only of what comes then', async () => {
      const [mail, late] = [fakeSink('email'), fakeSink('late')];
      mail.answer = () => failed('answered 500');
      await putAlerts(store, budgetAlert());
      await start([mail]).settled();
      await all[0]!.stop(0);
      mail.answer = () => taken('ok');
      start([mail, late]);
      await settled();
      const [next] = await putAlerts(store, budgetAlert({ threshold: 90, at: NOW + 1 }));
      await step(MINUTE_MS);
      expect(late.got).toEqual([next]);
      expect(mail.got).toHaveLength(3);
      expect(await isDone()).not.toContain(null);
    });

    it('waits for a database that is away, says so once, and goes on', async () => {
      const logged: object[] = [];
      const hook = fakeSink('hook');
      await putAlerts(store, budgetAlert());
      const { kysely } = store;
      let isAway = true;
      const flaky = Object.defineProperty({ ...store }, 'kysely', {
        get() {
          if (isAway) throw new Error('away');
          return kysely;
        },
      });
      const dispatcher = createDispatcher({
        ...{ store: flaky, sinks: [hook], random: () => 0, ...time },
        compose: (due) => composeMessage(store, due, time.clock.now()),
        log: { ...silentLog, warn: (fields) => logged.push(fields) },
      });
      all.push(dispatcher);
      dispatcher.start();
      for (const _ of [1, 2, 3]) await step(2_000);
      expect(logged).toEqual([{ error: 'Error: away' }]);
      isAway = false;
      await step(2_000);
      expect(hook.got).toHaveLength(1);
    });

    it('lets what is under way end when it is stopped, and begins no more', async () => {
      const hook = fakeSink('hook');
      let end: (answer: SinkAnswer) => void = () => undefined;
      hook.answer = () => new Promise((resolve) => (end = resolve));
      await putAlerts(store, budgetAlert());
      const dispatcher = start([hook]);
      await vi.waitFor(() => expect(hook.got).toHaveLength(1));
      const stopped = dispatcher.stop(5_000);
      end(taken('ok'));
      await stopped;
      expect(await isDone()).toEqual([NOW]);
      await putAlerts(store, budgetAlert({ threshold: 90 }));
      await step(HOUR_MS);
      expect(hook.got).toHaveLength(1);
    });

    it('cuts off what takes too long when it is stopped', async () => {
      const hook = fakeSink('hook');
      let wasTold = false;
      hook.answer = (_message, signal) => {
        signal.addEventListener('abort', () => (wasTold = true));
        return new Promise(() => undefined);
      };
      await putAlerts(store, budgetAlert());
      const dispatcher = start([hook]);
      await vi.waitFor(() => expect(hook.got).toHaveLength(1));
      const stopped = dispatcher.stop(5_000);
      time.jump(5_000);
      await stopped;
      expect(wasTold).toBe(true);
      expect(await deliveries()).toMatchObject([{ done_at: null, last_error: 'no answer in time' }]);
    });

    it('forgets what was done thirty days ago, some at a time', async () => {
      const old = Array.from({ length: 700 }, (_, at) =>
        budgetAlert({ threshold: at + 1, at: NOW - KEEP_DONE_MS - 1 }),
      );
      const [first] = await putAlerts(store, ...old);
      await putAlerts(store, budgetAlert({ subject: 'new' }));
      const doneAt = { done_at: NOW - KEEP_DONE_MS - 1 };
      await store.write([
        store.kysely.updateTable('outbox').set(doneAt).where('next_at', '<', NOW),
        store.kysely
          .insertInto('outbox_deliveries')
          .values({ outbox_id: first!, sink: 'hook', attempts: 1, next_at: 0, ...doneAt }),
      ]);
      const count = async () => (await isDone()).length;
      start([fakeSink('hook')]);
      await settled();
      expect(await count()).toBe(201);
      await step(2_000);
      expect(await count()).toBe(1);
      expect(await deliveries()).toMatchObject([{ outbox_id: expect.stringContaining('/new/') }]);
    });
  },
);
