/** The gauges of health: what is told, that a state that was left is gone, and that there are not too many. */
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createBoard } from '../health/board.ts';
import { addHealthMetrics } from './health-metrics.ts';

function openHouse() {
  let nowMono = 0;
  const opened = new Map<string, number>();
  const board = createBoard({
    clock: { now: () => nowMono, monotonic: () => nowMono },
    random: () => 0.5,
    onEvent: ({ to, place: { provider } }) => {
      if (to === 'open') opened.set(provider, (opened.get(provider) ?? 0) + 1);
    },
  });
  const registry = new Registry();
  addHealthMetrics([registry], { board, opened });
  const placeOf = (number: number) => ({ ref: `p${number}/opus`, provider: `p${number}`, credential: '' });
  return {
    registry,
    fail(number: number) {
      const trial = board.admit(placeOf(number));
      trial?.observe({ kind: 'down', reason: 'status 529' });
      trial?.end();
    },
    hold: (number: number) => void board.admit(placeOf(number)),
    pass: (ms: number) => {
      nowMono += ms;
    },
    lines: async () => (await registry.metrics()).split('\n').filter((line) => /^\w/.test(line)),
  };
}

it('tells the state of each deployment, and forgets the one it has left', async () => {
  const { fail, hold, pass, lines } = openHouse();
  for (let time = 0; time < 5; time += 1) fail(1);
  hold(2);
  expect(await lines()).toEqual([
    'turnpike_deployment_state{deployment="p1/opus",credential="",state="open"} 1',
    'turnpike_deployment_state{deployment="p2/opus",credential="",state="healthy"} 1',
    'turnpike_deployment_in_flight{deployment="p1/opus",credential=""} 0',
    'turnpike_deployment_in_flight{deployment="p2/opus",credential=""} 1',
    'turnpike_breaker_opens_total{provider="p1"} 1',
    'turnpike_retry_budget_left 3',
  ]);
  pass(30_000);
  const [state, ...rest] = await lines();
  expect(state).toContain('state="half-open"');
  expect(rest.join()).not.toContain('state="open"');
  expect(rest).toContain('turnpike_breaker_opens_total{provider="p1"} 1');
});

it('tells of five hundred at most, the worst off among them', async () => {
  const { fail, hold, lines } = openHouse();
  for (let number = 0; number < 600; number += 1) hold(number);
  for (let time = 0; time < 5; time += 1) fail(599);
  const states = (await lines()).filter((line) => line.startsWith('turnpike_deployment_state'));
  expect(states).toHaveLength(500);
  expect(states.filter((line) => line.includes('state="open"'))).toHaveLength(1);
});
