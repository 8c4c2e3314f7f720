/** Holds `docs/guide/rate-limits.md` to the program: its examples load and run, its scopes, figures and headers are the ones there are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAdmin } from '../src/admin/app.ts';
import { createRateLimitDesk } from '../src/admin/rate-limits-desk.ts';
import { silentLog } from '../src/base/log.ts';
import { DEFAULT_BURST_SECONDS, rateScopeKinds } from '../src/base/rate-limit.ts';
import { loadConfig } from '../src/config.ts';
import { rateHeaders } from '../src/gateway/rate-headers.ts';
import { DEFAULT_MAX_OUTPUT } from '../src/ledger/bound.ts';
import { rateMetrics } from '../src/ledger/rate.ts';
import { loadRateLimits } from '../src/registry/rate-limits.ts';
import { createWorkspace } from '../src/registry/workspaces.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { turnpike } from './support/cli-harness.ts';
import { fakeHouse } from './support/fake-house.ts';
import { ROOT } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/guide/rate-limits.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((found) => found[1]!);

/** Words in code of the first column of a table, in order. */
function firstColumn(title: string): string[] {
  const [, rest = ''] = page.split(`| ${title} |`);
  const rows = rest.slice(0, rest.indexOf('\n\n')).split('\n').slice(2);
  return rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word!),
  );
}

function load(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-rate-limits-doc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'turnpike.yaml'), text);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: folder }, cwd: folder });
}

it('shows a file that loads', () => {
  const [text, ...more] = blocks('yaml');
  expect(more).toEqual([]);
  const { rateLimits, warnings } = load(text!);
  expect(warnings).toEqual([]);
  expect(rateLimits).toEqual([
    {
      scope: { kind: 'key', id: '*' },
      requestsPerMinute: 60,
      inputTokensPerMinute: 100_000,
      outputTokensPerMinute: 20_000,
      concurrent: 10,
      burstSeconds: 60,
    },
    {
      scope: { kind: 'deployment', id: 'openai/gpt-4o' },
      inputTokensPerMinute: 1_800_000,
      burstSeconds: 6,
    },
  ]);
});

it('shows commands that do what is said', async () => {
  const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  onTestFinished(() => store.close());
  const { id } = await createWorkspace(store, 'mine', 1);
  const clock = { now: () => 1_000, monotonic: () => 0 };
  const rateLimits = createRateLimitDesk(store, id, clock, clock.now);
  const admin = createAdmin({ ...fakeHouse().deps, rateLimits });
  const seen: unknown[] = [];
  for (const command of blocks('sh')[0]!.trim().split('\n')) {
    const { code, err } = await turnpike(command.replace(/^turnpike /, ''), {
      fetch: (request) => admin.fetch(request),
    });
    expect([command, code, err]).toEqual([command, 0, '']);
    const [limit] = await loadRateLimits(store);
    seen.push(limit && [limit.requestsPerMinute, limit.concurrent]);
  }
  expect(seen).toEqual([[30, 4], [30, undefined], [30, undefined], undefined]);
});

it('names every scope and every figure', () => {
  const scopes = firstColumn('`scope`').map((text) => text.split(':')[0]);
  expect(scopes.sort()).toEqual([...rateScopeKinds].sort());
  const figures = firstColumn('figure');
  const entries = figures.map((figure, at) => `{ scope: "agent:${at}", ${figure}: 1 }`);
  expect(load(`rate_limits: [ ${entries.join(', ')} ]`).rateLimits).toHaveLength(rateMetrics.length);
});

it('names the defaults', () => {
  expect(firstColumn('`burst_seconds`')).toEqual([]);
  expect(page).toContain(`| ${DEFAULT_BURST_SECONDS} (default) | 60 |`);
  expect(page).toContain(`or ${DEFAULT_MAX_OUTPUT.toLocaleString('en-US')} where it names none`);
});

it('names every header', () => {
  const left = { subject: 'key:key_1', limit: 9, remaining: 3, resetMs: 5 };
  const lefts = rateMetrics.map((metric) => ({ ...left, metric }));
  for (const name of Object.keys(rateHeaders('openai-chat', lefts, 0))) expect(page).toContain(`\`${name}\``);
  const anthropic = Object.keys(rateHeaders('anthropic-messages', lefts, 0));
  const told = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((metric) =>
    ['limit', 'remaining', 'reset'].map((what) => `anthropic-ratelimit-${metric}-${what}`),
  );
  expect(anthropic).toEqual(told);
  for (const name of told.slice(0, 3)) expect(page).toContain(`\`${name}\``);
});
