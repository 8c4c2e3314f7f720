/** `turnpike alerts`: what is asked of the admin API, and what is shown of its answers. */
import { expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

it('lists them, with who took them and who did not', async () => {
  const { code, out, err } = await turnpike('alerts list', { columns: 300 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "at                alert                                                          taken by  waits for
    2026-11-21 11:59  Budget "coders": 80 % of $25.00 is spent                       log       email (not sent (EAUTH 535), 3 tries), slack:hooks.slack.com:1f6b2a90
    2026-11-21 11:00  openai/gpt-4o on 2026-11-20: billed $2.60 more than is booked  log       webhook:hooks.example:00c0ffee (given up: it cannot be read, 1 try)
    "
  `);
});

it('lists as many as it is told to', async () => {
  const { code, out } = await turnpike('alerts list --limit 1 --json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    alerts: [{ topic: 'budget.threshold' }],
    next: expect.any(String),
  });
  expect(behind.house.asked).toEqual([{ limit: 2, isOperator: true }]);
});

it.each(['0', '201', 'ten', '-1'])('refuses --limit %s', async (limit) => {
  const { code, err } = await turnpike(`alerts list --limit=${limit}`);
  expect(code).toBe(2);
  expect(err).toContain('from 1 to 200');
});

it('tells of each sink what it said, and by its exit code whether all took it', async () => {
  const { code, out } = await turnpike('alerts test');
  expect([code, out]).toEqual([1, '✓ log: written (0 ms)\n✗ email: not sent (EAUTH 535) (113 ms)\n']);
  const { alerts } = behind.house.deps;
  Object.assign(behind.house.deps, {
    alerts: { ...alerts, test: async () => (await alerts.test()).slice(0, 1) },
  });
  expect((await turnpike('alerts test --json')).code).toBe(0);
});
