/** Alerts of one workspace are no other's: neither budgets, nor honeypots, nor what is of the installation. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../../src/base/role.ts';
import { untilTrue } from '../support/open-house.ts';
import { openTwoWorkspaces, SIDES, type Side, type TwoWorkspaces } from '../support/two-workspaces.ts';

let two: TwoWorkspaces;
beforeAll(async () => {
  two = await openTwoWorkspaces('');
  for (const side of SIDES) await setOff(side);
  await untilTrue(() => two.house.rows("select 1 from outbox where topic like 'budget%'").length === 2);
  await untilTrue(
    () => two.house.rows("select 1 from outbox where topic = 'security.honeypot'").length === 2,
  );
}, 60_000);
afterAll(() => two.close());

/** A budget that is refused by, and a honeypot that is used. */
async function setOff(side: Side): Promise<void> {
  const budget = { name: `${side} budget`, scope: 'workspace', period: 'month', limitUsd: '0' };
  await two.must(side, 'owner', 'POST', '/budgets', budget);
  const pot = { name: `${side} pot`, isHoneypot: true };
  const { token } = await two.must<{ token: string }>(side, 'owner', 'POST', '/keys', pot);
  for (const key of [two.keys[side], token]) {
    const answer = await fetch(`${two.house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sandbox/scribe', messages: [{ role: 'user', content: 'x' }] }),
    });
    expect([401, 429], await answer.text()).toContain(answer.status);
  }
}

const titles = (text: string) =>
  (JSON.parse(text) as { alerts: { title: string }[] }).alerts.map(({ title }) => title).sort();

it.each(SIDES.flatMap((side) => ROLES.map((role) => [side, role] as const)))(
  'IDOR-03: /alerts shows the %s %s those of its own workspace',
  async (side, role) => {
    for (const query of ['', `?limit=200`]) {
      const { status, text } = await two.call(side, role, 'GET', `/alerts${query}`);
      expect(status, text).toBe(200);
      expect(titles(text)).toEqual([
        expect.stringContaining(`${side} budget`),
        expect.stringContaining(`${side} pot`),
      ]);
      for (const other of SIDES.filter((one) => one !== side)) {
        expect(text).not.toContain(other);
        expect(text).not.toContain(two.ids[other]);
      }
    }
  },
);

it('IDOR-03: a place in the list of another workspace leads to one’s own alerts alone', async () => {
  const first = await two.must<{ next: string }>('alpha', 'viewer', 'GET', '/alerts?limit=1');
  const { text } = await two.call('beta', 'viewer', 'GET', `/alerts?after=${first.next}`);
  expect(text).not.toContain('alpha');
});

it('operators see those of no workspace in the first, and of others what those have', async () => {
  const seen = await two.house.admin<object>('GET', '/alerts');
  expect(JSON.stringify(seen)).not.toMatch(/alpha|beta/);
});
