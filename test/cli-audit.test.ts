/** `turnpike audit`: what is asked of the admin API, and what is shown of its answers. */
import { expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { fakeHead } from './support/fake-audit.ts';

resetBehind();
const head = `2:${fakeHead.hash}`;

it('lists who did what', async () => {
  const { code, out, err } = await turnpike('audit list --limit 1', { columns: 300 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "at                who  did             to     outcome
    2026-11-21 12:00  Ada  budgets.create  bud_1  done
    there are more
    "
  `);
});

it('asks for what it was told to', async () => {
  const asked: unknown[] = [];
  const note = (one: unknown): never[] => {
    asked.push(one);
    return [];
  };
  const { audit } = behind.house.deps;
  Object.assign(behind.house.deps, {
    audit: { ...audit, list: async (query: unknown) => note(query) },
  });
  const { code, out } = await turnpike(
    'audit list --actor mem_ada --action budgets.* --target bud_1 --outcome refused --since 1d --until 2026-11-21',
  );
  expect([code, out]).toEqual([0, 'No such events.\n']);
  expect(asked).toEqual([
    {
      ...{ actor: 'mem_ada', action: 'budgets.*', target: 'bud_1', outcome: 'refused', limit: 21 },
      sinceMs: Date.parse('2026-11-20T12:00:00Z'),
      untilMs: Date.parse('2026-11-21T00:00:00Z'),
    },
  ]);
});

it.each([
  'audit list --limit 0',
  'audit list --outcome maybe',
  'audit verify --expect 12',
  'audit export --format xml',
])('refuses %s', async (line) => expect((await turnpike(line)).code).toBe(2));

it('proves every chain, and says by its exit code whether all are whole', async () => {
  const { code, out } = await turnpike('audit verify');
  expect(code).toBe(1);
  expect(out).toBe(
    `✓ ws_1: 2 events\n  ends at ${head}\n✗ ws_2: 2 events\n  ends at ${head}\n  event 1 is missing\n`,
  );
});

it('compares with an end that was noted', async () => {
  const asked: unknown[] = [];
  const note = (one: unknown): never[] => {
    asked.push(one);
    return [];
  };
  const { audit } = behind.house.deps;
  Object.assign(behind.house.deps, {
    audit: { ...audit, verify: async (...given: unknown[]) => note(given) },
  });
  expect((await turnpike(`audit verify --expect ${head} --json`)).code).toBe(0);
  expect(asked).toEqual([[true, fakeHead]]);
});

it('writes it out, and where the chain ends beside it', async () => {
  const { code, out, err } = await turnpike('audit export --format csv');
  expect([code, out]).toEqual([0, 'id,at\r\naud_1,x\r\n']);
  expect(err).toContain(`the chain ends at ${head}`);
});
