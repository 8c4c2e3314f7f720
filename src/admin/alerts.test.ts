/** The admin API of alerts: pages that follow on one another, tests of the sinks, places that are none. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { budgetAlert, handTime, NOW, putAlerts } from '../../test/support/outbox.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { composeMessage } from '../alerts/compose.ts';
import { createAlertDesk } from '../alerts/desk.ts';
import { createDispatcher } from '../alerts/dispatcher.ts';
import { healthKeyOf, putHealthAlert } from '../alerts/health-alert.ts';
import { failed, type Message, type Sink, taken } from '../alerts/sink.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import type { AlertList } from './alerts.ts';
import { createAdmin } from './app.ts';

function ask(deps: Parameters<typeof createAdmin>[0], path: string, method = 'GET') {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return createAdmin(deps).fetch(new Request(`http://localhost/api/v1${path}`, { method, headers }));
}

it('shows alerts with what became of them', async () => {
  const { deps } = fakeHouse();
  const { alerts, next } = (await (await ask(deps, '/alerts?limit=1')).json()) as AlertList;
  expect(alerts).toMatchInlineSnapshot(`
    [
      {
        "at": "2026-11-21T11:59:00.000Z",
        "data": {
          "budgetId": "bud_1",
          "spentUsd": "20.000000001",
        },
        "deliveries": [
          {
            "attempts": 3,
            "lastError": "not sent (EAUTH 535)",
            "nextAt": "2026-11-21T12:00:40.000Z",
            "sink": "email",
            "state": "failing",
            "takenAt": null,
          },
          {
            "attempts": 1,
            "lastError": null,
            "nextAt": null,
            "sink": "log",
            "state": "taken",
            "takenAt": "2026-11-21T11:59:01.000Z",
          },
          {
            "attempts": 0,
            "lastError": null,
            "nextAt": null,
            "sink": "slack:hooks.slack.com:1f6b2a90",
            "state": "waiting",
            "takenAt": null,
          },
        ],
        "id": "budget.threshold/bud_1/coder/1/80/v3",
        "isDone": false,
        "title": "Budget "coders": 80 % of $25.00 is spent",
        "topic": "budget.threshold",
      },
    ]
  `);
  const second = await ask(deps, `/alerts?limit=1&after=${next}`);
  expect(await second.json()).toMatchObject({ alerts: [{ topic: 'reconciliation.drift' }], next: null });
});

it('says what each sink said to a test', async () => {
  const answer = await ask(fakeHouse().deps, '/alerts/test', 'POST');
  expect(await answer.json()).toEqual({
    sinks: [
      { sink: 'log', isTaken: true, said: 'written', tookMs: 0 },
      { sink: 'email', isTaken: false, said: 'not sent (EAUTH 535)', tookMs: 113 },
    ],
  });
});

it.each(['x', 'W10', 'WzEsMl0', 'WyIxIiwiYSJd', 'bnVsbA', 'a'.repeat(3_001)])(
  'takes after=%s for no place',
  async (after) => {
    const answer = await ask(fakeHouse().deps, `/alerts?after=${after}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: 'query_invalid' } });
  },
);

it.each(['0', '201', 'many'])('refuses limit=%s', async (limit) => {
  expect((await ask(fakeHouse().deps, `/alerts?limit=${limit}`)).status).toBe(400);
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'on $name',
  ({ open, remove }) => {
    let store: Store;
    beforeEach(async () => {
      ({ store } = await open());
    });
    afterEach(() => store.close());
    afterAll(() => remove());

    const told: Message[] = [];
    const sinkOf = (name: string, deliver: Sink['deliver']): Sink => ({
      name,
      deliver,
      close: async () => undefined,
    });
    const good = sinkOf('good', async (message) => {
      told.push(message);
      return taken('ok');
    });
    const bad = sinkOf('bad', async () => failed('answered 500'));
    const houseOf = (sinks: readonly Sink[]) => {
      const { deps } = fakeHouse();
      const { clock, wait } = handTime();
      const whose = { workspaceId: 'ws_1', isFirst: true } as const;
      return {
        ...deps,
        alerts: createAlertDesk({ store, sinks, ...whose, clock, wait, newTestId: () => 'one' }),
      };
    };

    it('goes through the pages of a list in which many happened at once', async () => {
      const alerts = Array.from({ length: 9 }, (_, at) =>
        budgetAlert({ threshold: at + 1, at: NOW - (at % 2) }),
      );
      const ids = await putAlerts(store, ...alerts);
      const deps = houseOf([good]);
      const seen: string[] = [];
      for (let after = ''; ; ) {
        const page = (await (await ask(deps, `/alerts?limit=2${after}`)).json()) as AlertList;
        seen.push(...page.alerts.map(({ id }) => id));
        if (page.next === null) break;
        after = `&after=${page.next}`;
      }
      expect(seen).toHaveLength(9);
      expect([...seen].sort()).toEqual([...ids].sort());
      expect(
        seen.slice(0, 5).every((id) => [1, 3, 5, 7, 9].some((threshold) => id.endsWith(`/${threshold}/v3`))),
      ).toBe(true);
    });

    it('are of one workspace; what is of none is for operators of the first', async () => {
      const [own] = await putAlerts(store, budgetAlert());
      const [other] = await putAlerts(store, budgetAlert({ budgetId: 'bud_2', workspaceId: 'ws_2' }));
      const place = { ref: 'anthropic/opus', provider: 'anthropic', credential: '' };
      const down = { topic: 'deployment.down', ...place, reason: 'down', since: NOW, at: NOW } as const;
      const half = { payload: '{"half":', next_at: NOW, done_at: null };
      await store.write([
        putHealthAlert(store, down, undefined),
        store.kysely
          .insertInto('outbox')
          .values({ ...half, id: 'half', dedupe_key: 'half', topic: 'budget.blocked' }),
      ]);
      const shared = [healthKeyOf(down, undefined), 'half'];
      const { clock, wait } = handTime();
      const seen = async (workspaceId: WorkspaceId, isFirst: boolean, isOperator: boolean) => {
        const newTestId = () => 'one';
        const desk = createAlertDesk({ store, sinks: [], workspaceId, isFirst, clock, wait, newTestId });
        return new Set((await desk.list({ limit: 9, isOperator })).map(({ id }) => id));
      };
      expect(await seen('ws_1', true, true)).toEqual(new Set([own, ...shared]));
      expect(await seen('ws_1', true, false)).toEqual(new Set([own]));
      expect(await seen('ws_2', false, true)).toEqual(new Set([other]));
      expect(await seen('ws_3', false, true)).toEqual(new Set());
    });

    it('shows each sink what it has, before and after', async () => {
      await putAlerts(store, budgetAlert());
      const deps = houseOf([good, bad]);
      const states = async () => {
        const { alerts } = (await (await ask(deps, '/alerts')).json()) as AlertList;
        return alerts[0]!.deliveries.map(({ sink, state, attempts, lastError }) => [
          sink,
          state,
          attempts,
          lastError,
        ]);
      };
      expect(await states()).toEqual([
        ['bad', 'waiting', 0, null],
        ['good', 'waiting', 0, null],
      ]);
      const compose = (due: Parameters<typeof composeMessage>[1]) => composeMessage(store, due, NOW);
      const time = handTime();
      const dispatcher = createDispatcher({
        store,
        sinks: [good, bad],
        compose,
        log: silentLog,
        random: () => 0,
        ...time,
      });
      dispatcher.start();
      await dispatcher.settled();
      await dispatcher.stop(0);
      expect(await states()).toEqual([
        ['bad', 'failing', 1, 'answered 500'],
        ['good', 'taken', 1, null],
      ]);
    });

    it('sends a test that leaves nothing behind', async () => {
      told.length = 0;
      const answer = await ask(houseOf([good, bad]), '/alerts/test', 'POST');
      expect(await answer.json()).toMatchObject({
        sinks: [
          { sink: 'good', isTaken: true, said: 'ok' },
          { sink: 'bad', isTaken: false, said: 'answered 500' },
        ],
      });
      expect(told).toMatchObject([{ id: 'test/one', topic: 'test' }]);
      expect(await store.kysely.selectFrom('outbox').selectAll().execute()).toEqual([]);
    });
  },
);
