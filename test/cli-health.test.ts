/** `turnpike health`: what is asked of the admin API, and what is shown of its answers. */
import { expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

it('shows providers, then deployments with the worst first; exit code 1 for what is out of use', async () => {
  const { code, out, err } = await turnpike('health', { columns: 200 });
  expect([code, err]).toEqual([1, '']);
  expect(out).toMatchInlineSnapshot(`
    "provider   state    in flight  last probe          reason
    openai     healthy  2          status 200, 112 ms
    anthropic  open     0                              status 529
    house      unknown  0

    deployment                 credential  state     until     first byte  p95     in flight  reason
    anthropic/claude-opus-4-1  file:old    disabled  12:03:20                      0          status 401
    anthropic/claude-opus-4-1  file:team   open      12:00:25                      0          status 529
    openai/gpt-4o                          healthy             240 ms      413 ms  2
    retries left for what is unwell: 7
    "
  `);
});

it('shows what has changed', async () => {
  const { out } = await turnpike('health --events --provider anthropic', { columns: 200 });
  expect(out).toMatchInlineSnapshot(`
    "at                   deployment                 credential  from     to    until     reason
    2026-11-21 11:59:55  anthropic/claude-opus-4-1  file:team   healthy  open  12:00:25  status 529
    "
  `);
  expect(behind.house.asked).toEqual([{ limit: 50, provider: 'anthropic' }]);
});

it('is well for a provider that is', async () => {
  const { code, out } = await turnpike('health --provider openai --json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    providers: [{ provider: 'openai', state: 'healthy', probe: { tookMs: 112 } }],
    deployments: [{ ref: 'openai/gpt-4o', p95FirstByteMs: 413, inFlight: 2 }],
    retriesLeft: 7,
    changes: [],
  });
});

it('takes a provider out of use, and puts it back', async () => {
  expect(await turnpike('health drain openai')).toMatchObject({
    code: 0,
    out: 'Nothing more is sent to openai. 2 under way may end.\n',
  });
  expect(await turnpike('health drain openai --off')).toMatchObject({
    code: 0,
    out: 'openai is used again.\n',
  });
  const { out } = await turnpike('health drain openai --json');
  expect(JSON.parse(out)).toMatchObject({ provider: 'openai', isDraining: true, state: 'draining' });
  expect(behind.house.asked.slice(0, 2)).toEqual([
    { provider: 'openai', isDraining: true },
    { provider: 'openai', isDraining: false },
  ]);
});

it('refuses a provider there is not', async () => {
  const { code, err } = await turnpike('health drain nobody');
  expect(code).not.toBe(0);
  expect(err).toContain('no provider "nobody"');
});
