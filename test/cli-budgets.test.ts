/** `turnpike budgets`: what is asked of the admin API, and what is shown of its answers. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import type { FakeIoOptions } from './support/fake-io.ts';

resetBehind();

it('lists them, with the fullest window of each', async () => {
  const { code, out, err } = await turnpike('budgets list', { columns: 200 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "name    id     scope      period  at limit   limit   spent  reserved    left  resets            fullest   at this pace
    coders  bud_1  agent:*    day     block     $25.00  $20.00     $1.50   $3.50  2026-11-22 00:00  coder +6  $31.20, limit 2026-11-21 18:00
    house   bud_2  workspace  total   warn      $25.00  $26.00     $1.50  $-2.50  never             ws_1
    "
  `);
});

it('shows one', async () => {
  const { code, out, err } = await turnpike('budgets show coders', { columns: 120 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "coders
      id            bud_1
      scope         agent:*
      limit         $25.00, day
      at the limit  block
      alerts        50 %, 80 %, 100 %
      calendar      UTC, months from day 1
      output        the policy of the gateway
      queue         30,000 ms
      mode          worst-case
      version       3, by api

    subject  resets             spent  reserved   left  requests  refused  overruns  at this pace
    coder    2026-11-22 00:00  $20.00     $1.50  $3.50     1,234        2         1  $31.20, limit 2026-11-21 18:00
    and 6 more
    "
  `);
});

it.each(['bud_1', 'coders'])('finds %s as JSON', async (which) => {
  const { code, out, err } = await turnpike(`budgets show ${which} --json`);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ id: 'bud_1' });
});

describe('create', () => {
  it('sends the amount as it was written', async () => {
    const words = 'budgets create night --scope agent:* --period rolling:24 --limit 0.000000001';
    const { code, out, err } = await turnpike(
      `${words} --action warn --alerts 90,10 --time-zone Asia/Tokyo --anchor-day 5 --output-cap 4096 --queue-ms 0 --mode incremental`,
    );
    expect([code, out, err]).toEqual([0, '✓ Budget night (bud_1).\n', '']);
    expect(behind.house.made).toEqual([
      {
        name: 'night',
        scope: { kind: 'agent', id: '*' },
        period: 'rolling:24',
        limit: 1n,
        enforcement: 'soft',
        thresholds: [10, 90],
        timeZone: 'Asia/Tokyo',
        anchorDay: 5,
        outputCap: 4096,
        queueMs: 0,
        mode: 'incremental',
      },
    ]);
  });
  it('finds a key by its name', async () => {
    await turnpike('budgets create --scope key:laptop --period day --limit 5 --alerts none');
    expect(behind.house.made).toMatchObject([
      { name: 'key:key_1 day', scope: { kind: 'key', id: 'key_1' }, thresholds: [] },
    ]);
  });
  it.each([
    ['--period day --limit 5', "required option '--scope <scope>' not specified", 2],
    ['--scope workspace --period day', "required option '--limit <usd>' not specified", 2],
    ['--scope workspace --period day --limit 5 --alerts 5,x', 'Write a whole number', 2],
    ['--scope workspace --period day --limit 5 --action explode', 'Allowed choices are block, warn', 2],
    ['--scope team:x --period day --limit 5', 'scope: must be workspace, or one of member', 1],
    ['--scope workspace --period day --limit 5e3', 'limitUsd: must be US dollars', 1],
    ['--scope key:nobody --period day --limit 5', 'there is no key nobody', 1],
  ])('refuses %s', async (words, message, exit) => {
    const { code, out, err } = await turnpike(`budgets create ${words}`);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toContain(message);
    expect(behind.house.made).toEqual([]);
  });
  it('says that a name is taken', async () => {
    const { code, err } = await turnpike('budgets create taken --scope workspace --period day --limit 5');
    expect(code).toBe(1);
    expect(err).toContain('another budget is called "taken"');
  });
});

describe('change', () => {
  it('sends what is to be changed and nothing else', async () => {
    const { code, out, err } = await turnpike(
      'budgets change coders --limit 30 --output-cap none --alerts none',
    );
    expect([code, out, err]).toEqual([0, '✓ Changed coders (version 4).\n', '']);
    expect(behind.house.made).toEqual([
      ['bud_1', { limit: 30_000_000_000n, outputCap: null, thresholds: [] }],
    ]);
  });
  it.each([
    ['coders', 'nothing is to be changed', 2],
    ['nobody --limit 5', 'there is no budget nobody', 1],
    ['bud_9 --limit 5', 'there is no budget bud_9', 1],
    ['house --limit 5', 'is declared in a configuration file', 1],
  ])('refuses %s', async (words, message, exit) => {
    const { code, err } = await turnpike(`budgets change ${words}`);
    expect(code).toBe(exit);
    expect(err).toContain(message);
  });
});

describe('archive', () => {
  it.each([
    ['without asking', 'budgets archive bud_1 --yes', {}],
    ['after asking', 'budgets archive coders', { confirms: true }],
  ] as [string, string, FakeIoOptions][])('ends it %s', async (_name, words, options) => {
    const { code, out } = await turnpike(words, options);
    expect([code, out]).toEqual([0, '✓ Archived coders (bud_1).\n']);
    expect(behind.house.made).toEqual(['bud_1']);
  });
  it.each([
    ['when the answer is no', 'budgets archive coders', { confirms: false }, 1, 'Nothing was archived.'],
    ['when nobody can answer', 'budgets archive coders', { stdin: '' }, 2, 'Add --yes'],
  ] as [string, string, FakeIoOptions, number, string][])(
    'keeps it %s',
    async (_name, words, options, exit, message) => {
      const { code, err } = await turnpike(words, options);
      expect(code).toBe(exit);
      expect(err).toContain(message);
      expect(behind.house.made).toEqual([]);
    },
  );
});
