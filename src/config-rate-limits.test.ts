/** Rate limits declared in files: read, merged by scope, refused with the place and the mend. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from './config.ts';
import { describeRateLimit } from './config-rate-limits.ts';

function load(project: string, user?: string) {
  const root = mkdtempSync(join(tmpdir(), 'turnpike-config-rate-limits-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const home = join(root, 'home');
  mkdirSync(home);
  writeFileSync(join(root, 'turnpike.yaml'), project);
  if (user !== undefined) writeFileSync(join(home, 'config.yaml'), user);
  return loadConfig({ flags: {}, env: { TURNPIKE_HOME: home }, cwd: root });
}

it('takes the shortest there is', () => {
  const { rateLimits, warnings } = load('rate_limits: [ { scope: workspace, concurrent: 5 } ]');
  expect(rateLimits).toEqual([{ scope: { kind: 'workspace', id: '*' }, concurrent: 5, burstSeconds: 60 }]);
  expect(warnings).toEqual([]);
});

it('takes all there is', () => {
  const { rateLimits, sources } = load(`
rate_limits:
  - scope: key:*
    requests_per_minute: 60
    input_tokens_per_minute: 100000
    output_tokens_per_minute: 20000
    concurrent: 10
    burst_seconds: 6
`);
  expect(rateLimits).toEqual([
    {
      scope: { kind: 'key', id: '*' },
      requestsPerMinute: 60,
      inputTokensPerMinute: 100_000,
      outputTokensPerMinute: 20_000,
      concurrent: 10,
      burstSeconds: 6,
    },
  ]);
  expect(sources['rateLimits.key:*']).toMatch(/turnpike\.yaml$/);
  expect(describeRateLimit(rateLimits[0]!)).toBe(
    '60 requests/min, 100000 input tokens/min, 20000 output tokens/min, 10 at once, burst 6 s',
  );
});

it('lets the entry of the project replace the one of the user of the same scope', () => {
  const entry = (scope: string, concurrent: number) => `{ scope: "${scope}", concurrent: ${concurrent} }`;
  const { rateLimits } = load(
    `rate_limits: [ ${entry('key:*', 1)} ]`,
    `rate_limits: [ ${entry('key:*', 2)}, ${entry('agent:*', 3)} ]`,
  );
  expect(rateLimits.map(({ scope, concurrent }) => [scope.kind, concurrent])).toEqual([
    ['key', 1],
    ['agent', 3],
  ]);
});

it('has none where no file has', () => {
  expect(load('{}').rateLimits).toEqual([]);
});

it.each([
  ['scope: "team:x", concurrent: 1', /rate_limits\.0\.scope: must be workspace, or one of member, /],
  ['scope: "key:laptop", concurrent: 1', /rate_limits\.0\.scope: must be workspace/],
  ['concurrent: 1', /rate_limits\.0\.scope/],
  ['scope: workspace', /rate_limits\.0: must limit something/],
  ['scope: workspace, burst_seconds: 6', /rate_limits\.0: must limit something/],
  ['scope: workspace, requests_per_minute: 0', /rate_limits\.0\.requests_per_minute/],
  ['scope: workspace, requests_per_minute: 1.5', /rate_limits\.0\.requests_per_minute/],
  ['scope: workspace, requests_per_minute: 1000001', /rate_limits\.0\.requests_per_minute/],
  ['scope: workspace, concurrent: 1, burst_seconds: 0', /rate_limits\.0\.burst_seconds/],
  ['scope: workspace, concurrent: 1, burst_seconds: 3601', /rate_limits\.0\.burst_seconds/],
  ['scope: workspace, concurrent: 1, color: red', /rate_limits\.0/],
])('refuses { %s }', (entry, message) => {
  expect(() => load(`rate_limits: [ { ${entry} } ]`)).toThrow(message);
});

it('refuses two of one scope', () => {
  const entry = '{ scope: "key:*", concurrent: 1 }';
  expect(() => load(`rate_limits: [ ${entry}, ${entry} ]`)).toThrow(/two rate limits are of "key:\*"/);
});
