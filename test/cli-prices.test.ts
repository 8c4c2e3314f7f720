/** `turnpike prices`: what is asked of the admin API, and what is shown of its answers. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

const aged = '! these prices are 81 days old; set prices.refresh in turnpike.yaml, or use a newer version\n';

it('lists prices of your own, and warns of an old list', async () => {
  const { code, out, err } = await turnpike('prices list --archived', { columns: 200 });
  expect([code, err]).toEqual([0, aged]);
  expect(out).toMatchInlineSnapshot(`
    "model          tier  from              until  in / M  out / M      id
    openai/gpt-4o  *     2026-11-01 00:00          $2.50   $10.00  +1  ovr_1
    openai/o3      *     2026-11-01 00:00          $2.50   $10.00  +1  ovr_file (file)
    prices of a list as of 2026-09-01, 81 days old
    "
  `);
  expect(behind.house.asked).toEqual([{ withArchived: true }]);
});

it('shows what a model costs, and what nobody knows', async () => {
  const { code, out } = await turnpike('prices show openai/gpt-4o', { columns: 200 });
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "openai/gpt-4o
      standard  operator
                input $2.50/M, output $10.00/M, web_search $0.01 each
                above 200,000 input tokens: input $5.00/M, output $20.00/M
      flex      unknown

    model          tier  from              until  in / M  out / M      id
    openai/gpt-4o  *     2026-11-01 00:00          $2.50   $10.00  +1  ovr_1
    prices of a list as of 2026-09-01, 81 days old
    "
  `);
});

it.each(['prices list', 'prices show openai/gpt-4o', 'models list'])(
  '%s as JSON says how old',
  async (command) => {
    const { code, out } = await turnpike(`${command} --json`);
    const { list, priceList } = JSON.parse(out) as Record<string, { ageDays: number }>;
    expect([code, (list ?? priceList)?.ageDays]).toEqual([0, 81]);
  },
);

describe('set', () => {
  it('sends every rate as it was written', async () => {
    const { code, out, err } = await turnpike(
      'prices set many/acme/x --input 0.000001 --output 15 --cache-read 0.3 --cache-write-5m 3.75 --cache-write-1h 6 ' +
        '--reasoning 16 --audio-input 40 --audio-output 80 --per-request 0.000000000001 --per-call web_search=0.01 ' +
        '--per-call fetch=0 --service-tier flex --from 2026-11-01 --above 272000:input=6,output=22.5,cache-write-1h=12 ' +
        '--above 200000:input=5,output=20',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^✓ many\/acme\/x from 2026-11-01 00:00 UTC \(ovr_new\):\n/);
    expect(behind.house.asked).toEqual([
      {
        provider: 'many',
        model: 'acme/x',
        serviceTier: 'flex',
        effectiveFromMs: Date.UTC(2026, 10, 1),
        tiers: [
          {
            aboveInputTokens: 0,
            rates: {
              input: 1,
              output: 15_000_000,
              cacheRead: 300_000,
              cacheWrite5m: 3_750_000,
              cacheWrite1h: 6_000_000,
              reasoning: 16_000_000,
              audioInput: 40_000_000,
              audioOutput: 80_000_000,
              perRequest: 1,
              calls: { web_search: 10_000_000_000, fetch: 0 },
            },
          },
          { aboveInputTokens: 200_000, rates: { input: 5_000_000, output: 20_000_000 } },
          {
            aboveInputTokens: 272_000,
            rates: { input: 6_000_000, output: 22_500_000, cacheWrite1h: 12_000_000 },
          },
        ],
      },
    ]);
  });

  it('knows an explicit zero', async () => {
    expect((await turnpike('prices set gpu/* --free --json')).code).toBe(0);
    expect(behind.house.asked).toMatchObject([
      { model: '*', tiers: [{ rates: { input: 0, audioOutput: 0 } }] },
    ]);
  });

  it.each([
    ['gpt-4o --input 1 --output 1', 2, /gpt-4o names no model of a provider/],
    ['openai/gpt-4o --input 1', 2, /needs --input and --output, or --free/],
    ['openai/gpt-4o --input 1 --output 1 --above 9', 2, /Write tokens:rates/],
    ['openai/gpt-4o --input 1 --output 1 --per-call web_search', 2, /Write tool=dollars/],
    ['openai/gpt-4o --input $1 --output 1', 1, /usdPerMillion.input: must be US dollars/],
    ['openai/gpt-4o --input 1 --output 1 --above 9:inptu=1,output=2', 1, /inptu/],
    ['openai/taken --input 1 --output 1', 1, /another price of openai\/taken begins at that moment/],
  ])('refuses %s', async (words, code, message) => {
    const seen = await turnpike(`prices set ${words}`);
    expect([seen.code, seen.out]).toEqual([code, '']);
    expect(seen.err).toMatch(message);
  });
});

it.each([
  ['ovr_1 --yes', 0, /openai\/gpt-4o holds until 1970-01-01 00:00 UTC/, false],
  ['ovr_1 --yes --never-held', 0, /openai\/gpt-4o has never held/, true],
  ['ovr_file --yes', 1, /declared in a configuration file/, false],
  ['ovr_none --yes', 1, /there is no price ovr_none/, false],
])('remove %s', async (words, code, message, neverHeld) => {
  const { code: was, out, err } = await turnpike(`prices remove ${words}`);
  expect(was).toBe(code);
  expect(out + err).toMatch(message);
  expect(behind.house.asked).toMatchObject([{ neverHeld }]);
});

it.each([
  ['when the answer is no', { confirms: false }, 1, 'Nothing was removed.'],
  ['when nobody can answer', { stdin: '' }, 2, 'Add --yes'],
])('removes nothing %s', async (_when, options, code, message) => {
  const seen = await turnpike('prices remove ovr_1', options);
  expect([seen.code, behind.house.asked]).toEqual([code, []]);
  expect(seen.err).toContain(message);
});

it('says what a refresh brought', async () => {
  const { code, out } = await turnpike('prices refresh');
  expect(code).toBe(0);
  expect(out).toMatch(/^✓ Read 10 models: 1 new, 2 changed, 3 not readable\.\n/);
});

describe('rerate', () => {
  it('shows what it would book', async () => {
    const { code, out, err } = await turnpike('prices rerate --since 7d --model openai/gpt-4o --unpriced');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "model          entries  unpriced  booked    now
      openai/gpt-4o        5         2   $0.50  $2.00
      the price of 1 entries is still unknown
      +$1.50 would be booked; nothing was. Add --apply.
      "
    `);
    expect(behind.house.asked).toMatchObject([
      { provider: 'openai', model: 'gpt-4o', isUnpricedOnly: true, apply: false },
    ]);
  });

  it('books when it is told to', async () => {
    const { out } = await turnpike(
      'prices rerate --since 2026-11-01 --until 2026-11-02 --apply --reason contract',
    );
    expect(out).toMatch(/✓ Booked \+\$1\.50 \(rer_1\)\.\n$/);
    expect(behind.house.asked).toMatchObject([
      { sinceMs: Date.UTC(2026, 10, 1), untilMs: Date.UTC(2026, 10, 2), apply: true, reason: 'contract' },
    ]);
  });

  it('is refused while another goes on', async () => {
    const { code, err } = await turnpike('prices rerate --since 7d --model busy');
    expect(code).toBe(1);
    expect(err).toMatch(/being priced anew already/);
  });
});
