/** Budgets declared in files: read exactly, merged by name, refused with the place and the mend. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from './config.ts';
import { describeBudget } from './config-budgets.ts';

function load(project: string, user?: string) {
  const root = mkdtempSync(join(tmpdir(), 'turnpike-config-budgets-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, 'home');
  mkdirSync(home);
  writeFileSync(join(root, 'turnpike.yaml'), project);
  if (user !== undefined) writeFileSync(join(home, 'config.yaml'), user);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: root });
}

it('takes the shortest there is', () => {
  const { budgets, warnings } = load('budgets: [ { scope: workspace, period: month, limit_usd: 100 } ]');
  expect(budgets).toEqual([
    {
      name: 'workspace month',
      scope: { kind: 'workspace', id: '*' },
      period: 'month',
      limit: 100_000_000_000n,
      enforcement: 'hard',
      thresholds: [50, 80, 100],
      timeZone: 'UTC',
      anchorDay: 1,
      queueMs: 30_000,
      mode: 'worst-case',
    },
  ]);
  expect(warnings).toEqual([]);
});

it('takes all there is', () => {
  const { budgets, sources } = load(`
budgets:
  - name: coders
    scope: agent:*
    period: rolling:24
    limit_usd: "0.000000001"
    action: warn
    alerts: [100, 10, 10]
    time_zone: Asia/Kathmandu
    anchor_day: 28
    output_cap: 4096
    queue_ms: 0
    mode: incremental
`);
  expect(budgets).toEqual([
    {
      name: 'coders',
      scope: { kind: 'agent', id: '*' },
      period: 'rolling:24',
      limit: 1n,
      enforcement: 'soft',
      thresholds: [10, 100],
      timeZone: 'Asia/Kathmandu',
      anchorDay: 28,
      outputCap: 4096,
      queueMs: 0,
      mode: 'incremental',
    },
  ]);
  expect(sources['budgets.coders']).toMatch(/turnpike\.yaml$/);
  expect(describeBudget(budgets[0]!)).toBe('agent:*, $0.000000001, rolling:24, warn');
});

it.each([
  ['0.1', 100_000_000n],
  ['25', 25_000_000_000n],
  ['"1234567.123456789"', 1_234_567_123_456_789n],
])('reads %s dollars exactly', (text, nano) => {
  expect(load(`budgets: [ { scope: workspace, period: day, limit_usd: ${text} } ]`).budgets[0]!.limit).toBe(
    nano,
  );
});

it('lets the entry of the project replace the one of the user of the same name', () => {
  const entry = (name: string, limit: number) =>
    `{ name: ${name}, scope: workspace, period: day, limit_usd: ${limit} }`;
  const { budgets } = load(
    `budgets: [ ${entry('a', 1)} ]`,
    `budgets: [ ${entry('a', 2)}, ${entry('b', 3)} ]`,
  );
  expect(budgets.map(({ name, limit }) => [name, limit])).toEqual([
    ['a', 1_000_000_000n],
    ['b', 3_000_000_000n],
  ]);
});

it.each([
  ['scope: team:x, period: day, limit_usd: 1', /budgets\.0\.scope: must be workspace, or one of member, /],
  [
    'scope: workspace, period: year, limit_usd: 1',
    /budgets\.0\.period: must be day, week, month, total or rolling:<hours>/,
  ],
  ['scope: workspace, period: day, limit_usd: -1', /budgets\.0\.limit_usd: must be US dollars/],
  ['scope: workspace, period: day, limit_usd: 0.0000001', /budgets\.0\.limit_usd: must be US dollars/],
  ['scope: workspace, period: day', /budgets\.0\.limit_usd/],
  [
    'scope: workspace, period: day, limit_usd: 1, time_zone: Mars/Olympus',
    /budgets\.0\.time_zone: must be the IANA name/,
  ],
  ['scope: workspace, period: day, limit_usd: 1, anchor_day: 29', /budgets\.0\.anchor_day/],
  ['scope: workspace, period: day, limit_usd: 1, alerts: [0]', /budgets\.0\.alerts\.0/],
  ['scope: workspace, period: day, limit_usd: 1, queue_ms: 30001', /budgets\.0\.queue_ms/],
  ['scope: workspace, period: day, limit_usd: 1, color: red', /budgets\.0/],
])('refuses { %s }', (entry, message) => {
  expect(() => load(`budgets: [ { ${entry} } ]`)).toThrow(message);
});

it('refuses two of one name', () => {
  const entry = '{ scope: workspace, period: day, limit_usd: 1 }';
  expect(() => load(`budgets: [ ${entry}, ${entry} ]`)).toThrow(/two budgets are called "workspace day"/);
});
