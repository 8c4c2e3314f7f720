/** From a request to a receiver: spend crosses a threshold, one is refused, and whoever was to be told is told once. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AlertList, AlertTest } from '../src/admin/alerts.ts';
import { type BudgetHouse, openBudgetHouse } from './support/budget-house.ts';
import { type HookServer, startHookServer } from './support/hook-server.ts';
import { untilTrue } from './support/open-house.ts';
import { ask } from './support/plain-client.ts';
import { good, spoken } from './support/spoken.ts';

const format = 'openai-chat';

let hooks: HookServer;
let at: BudgetHouse;
beforeEach(async () => {
  hooks = await startHookServer();
  const hook = `{ url: "${hooks.url}/in", secret: "a secret of some length", allow_private: true }`;
  const chat = `{ url: "${hooks.url}/chat", allow_private: true }`;
  // Ten dollars a million tokens: a reply of 450 is 45 % of it.
  at = await openBudgetHouse(
    '{ name: team, scope: workspace, period: day, limit_usd: "0.010", alerts: [50, 80], queue_ms: 0 }',
    `alerts: { webhooks: [ ${hook} ], slack: [ ${chat} ] }`,
  );
});
afterEach(async () => {
  await at.house.verify();
  await at.close();
  await hooks.close();
});

const spend = async (outputTokens: number): Promise<number> => {
  at.upstream.answerWith(good(spoken[format], false, 'Fine.', spoken[format].usage(0, outputTokens)));
  return (await ask(at.house.url, { format, model: 'oai/m', more: { max_tokens: 500 } })).status;
};
const alerts = () => at.house.admin<AlertList>('GET', '/alerts');
const topicsAt = (path: string) => hooks.received.filter((one) => one.path === path).length;

it('tells of what was crossed and of the first refusal, to each receiver once', async () => {
  expect(await spend(450)).toBe(200);
  expect(await spend(450)).toBe(200);
  expect(await spend(450)).toBe(429);
  expect(await spend(450)).toBe(429);
  await untilTrue(() => topicsAt('/in') === 2 && topicsAt('/chat') === 2);
  const webhooks = hooks.received.filter(({ path }) => path === '/in').map(({ body }) => JSON.parse(body));
  // 45 % and then 90 %: of both thresholds only the higher is told.
  expect(webhooks.map(({ type, data }) => [type, data.thresholdPercent]).sort()).toEqual([
    ['budget.blocked', null],
    ['budget.threshold', 80],
  ]);
  const crossed = webhooks.find(({ type }) => type === 'budget.threshold');
  expect(crossed).toMatchObject({
    title: 'Budget "team": 80 % of $0.01 is spent',
    data: { budgetName: 'team', scope: 'workspace', limitUsd: '0.01', action: 'block' },
  });
  expect(crossed.text).toMatch(/^\$0\.009\d* of \$0\.01 \(9\d %\) is spent by the workspace\./);
  await untilTrue(() => at.house.rows('select 1 from outbox where done_at is null').length === 0);
  const { alerts: listed, next } = await alerts();
  expect(next).toBeNull();
  expect(listed.map(({ topic }) => topic).sort()).toEqual(['budget.blocked', 'budget.threshold']);
  for (const { isDone, deliveries } of listed) {
    expect(isDone).toBe(true);
    expect(deliveries.map(({ sink, state }) => [sink.split(':')[0], state])).toEqual([
      ['log', 'taken'],
      ['slack', 'taken'],
      ['webhook', 'taken'],
    ]);
  }
});

it('tests its receivers, and says what each said', async () => {
  hooks.answer = (response, { path }) => response.writeHead(path === '/chat' ? 404 : 204).end();
  const { sinks } = await at.house.admin<AlertTest>('POST', '/alerts/test');
  expect(sinks.map(({ sink, said }) => [sink.split(':')[0], said])).toEqual([
    ['log', 'written'],
    ['webhook', 'answered 204'],
    ['slack', 'answered 404'],
  ]);
  expect((await alerts()).alerts).toEqual([]);
});
