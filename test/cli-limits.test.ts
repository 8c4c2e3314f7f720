/** `turnpike limits`: what is asked of the admin API, and what is shown of its answers. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

it('lists them, with what comes back last of each', async () => {
  const { code, out, err } = await turnpike('limits list', { columns: 200 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "scope      id     requests/min  input/min  output/min  at once  burst  by    in use now
    key:*      lim_1            60    100,000                   10   60 s  api   key_1: 25,000 of 100,000 input-tokens +8
    workspace  lim_2                               20,000             6 s  file
    "
  `);
});

it('lists them as JSON', async () => {
  const { code, out } = await turnpike('limits list --json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    rateLimits: [{ id: 'lim_1' }, { id: 'lim_2' }],
    isTruncated: false,
  });
});

it('says that there are none', async () => {
  behind.house.deps = {
    ...behind.house.deps,
    rateLimits: { ...behind.house.deps.rateLimits, list: async () => [] },
  };
  const { out } = await turnpike('limits list');
  expect(out).toBe('No rate limits. Make one with `turnpike limits set`.\n');
});

describe('set', () => {
  it('makes the limit of a scope that has none', async () => {
    const { code, out, err } = await turnpike(
      'limits set agent:* --requests 60 --input-tokens 100000 --output-tokens none --concurrent 10 --burst 6',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      '✓ Limited agent:*: 60 requests/min, 100,000 input tokens/min, 10 at once, burst 6 s.\n',
    );
    expect(behind.house.made).toEqual([
      {
        scope: { kind: 'agent', id: '*' },
        requestsPerMinute: 60,
        inputTokensPerMinute: 100_000,
        concurrent: 10,
        burstSeconds: 6,
      },
    ]);
  });

  it('changes what is named of the one there is', async () => {
    const { code, out } = await turnpike('limits set key:* --requests 90 --concurrent none');
    expect([code, out]).toEqual([
      0,
      '✓ Changed key:*: 90 requests/min, 100,000 input tokens/min, burst 60 s.\n',
    ]);
    expect(behind.house.made).toEqual([['lim_1', { requestsPerMinute: 90, concurrent: null }]]);
  });

  it('finds a key by its name', async () => {
    await turnpike('limits set key:laptop --concurrent 1');
    expect(behind.house.made).toMatchObject([{ scope: { kind: 'key', id: 'key_1' }, concurrent: 1 }]);
  });

  it.each([
    ['key:*', 'nothing is to be limited', 2],
    ['key:* --requests many', 'Write a whole number', 2],
    ['--requests 5', "missing required argument 'scope'", 2],
    ['agent:* --requests none', 'must limit at least one of', 1],
    ['agent:* --requests 0', 'requestsPerMinute: ', 1],
    ['team:x --requests 5', 'scope: must be workspace, or one of member', 1],
    ['key:nobody --requests 5', 'there is no key nobody', 1],
    ['workspace --requests 5', 'is declared in a configuration file', 1],
  ])('refuses %s', async (words, message, exit) => {
    const { code, out, err } = await turnpike(`limits set ${words}`);
    expect([code, out]).toEqual([exit, '']);
    expect(err).toContain(message);
  });
});

describe('remove', () => {
  it.each(['key:*', 'lim_1'])('ends %s', async (which) => {
    const { code, out } = await turnpike(`limits remove ${which}`);
    expect([code, out]).toEqual([
      0,
      '✓ key:* is limited no more (it was 60 requests/min, 100,000 input tokens/min, 10 at once, burst 60 s).\n',
    ]);
    expect(behind.house.made).toEqual(['lim_1']);
  });
  it.each([
    ['agent:*', 'there is no rate limit of agent:*'],
    ['lim_9', 'there is no rate limit of lim_9'],
    ['workspace', 'is declared in a configuration file'],
  ])('refuses %s', async (which, message) => {
    const { code, err } = await turnpike(`limits remove ${which}`);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
