/** Hard budgets on the road: what does not fit is not sent, what nearly fits is made to, and the client is told which and why. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { DecisionRecord } from '../src/admin/decision.ts';
import { type BudgetHouse, IN, OUT, openBudgetHouse } from './support/budget-house.ts';
import { untilTrue } from './support/open-house.ts';
import { ask, clientFormats } from './support/plain-client.ts';
import { good, spoken } from './support/spoken.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let at: BudgetHouse;
const open = async (budgets: string, more = ''): Promise<void> => {
  at = await openBudgetHouse(budgets, more);
};
afterEach(async () => {
  await at.house.verify();
  await at.close();
});

const budget = (usd: string, more = ''): string =>
  `{ name: team, scope: workspace, period: total, limit_usd: "${usd}"${more && `, ${more}`} }`;
const models = { 'openai-chat': 'oai/m', 'anthropic-messages': 'ant/m' } as const;
/** A reply of so many tokens. */
const answer = (format: keyof typeof models, input: number, output: number): void => {
  at.upstream.answerWith(good(spoken[format], false, 'Fine.', spoken[format].usage(input, output)));
};

describe.each(clientFormats)('%s under a hard budget', (format) => {
  it('is answered as long as there is room, and booked in its window', async () => {
    await open(budget('1'));
    answer(format, 100, 50);
    const seen = await ask(at.house.url, { format, model: models[format] });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-turnpike-max-tokens')).toBeNull();
    await at.house.entries(1);
    expect(at.window('team')).toMatchObject({
      settled_nano: 100 * IN + 50 * OUT,
      reserved_nano: 0,
      requests: 1,
    });
  });

  it('is refused in its own words when nothing of use fits, and nothing is sent', async () => {
    await open(budget('0.005', 'queue_ms: 0'));
    const seen = await ask(at.house.url, { format, model: models[format], more: { max_tokens: 4000 } });
    expect(seen.status).toBe(429);
    expect(seen.headers.get('x-should-retry')).toBe('false');
    const { type, code, message } = seen.error!;
    if (format === 'anthropic-messages') expect(type).toBe('billing_error');
    else expect([type, code]).toContain('insufficient_quota');
    expect(message).toMatch(/budget "team" \(workspace/);
    expect(message).toMatch(/\$0\.005 left of \$0\.005/);
    expect(message).toMatch(/may cost up to \$0\.04/);
    expect(message).toMatch(/does not reset/);
    expect(at.upstream.requests).toEqual([]);
    await untilTrue(() => at.window('team')?.refusals === 1);
    expect(at.window('team')).toMatchObject({ settled_nano: 0, reserved_nano: 0 });
  });

  it('is sent with the output there is room for', async () => {
    await open(budget('0.03'));
    answer(format, 10, 5);
    const seen = await ask(at.house.url, { format, model: models[format], more: { max_tokens: 4000 } });
    expect(seen.status).toBe(200);
    const [, asked, granted] = /^(\d+)->(\d+)$/.exec(seen.headers.get('x-turnpike-max-tokens') ?? '')!;
    expect(Number(asked)).toBe(4000);
    expect(Number(granted)).toBeGreaterThan(2_900);
    expect(Number(granted)).toBeLessThan(3_000);
    expect(at.sent()[0]).toMatchObject({ max_tokens: Number(granted) });
    await at.house.entries(1);
    const told = await at.house.admin<{ decision: DecisionRecord }>('GET', `/exchanges/${seen.exchangeId}`);
    expect(told.decision.attempts[0]?.requestLosses?.named).toEqual([
      expect.objectContaining({
        path: 'maxOutputTokens',
        note: `budgets had room for ${granted} of 4000 tokens`,
      }),
    ]);
  });

  it('waits for what runs to give back, and is answered then', async () => {
    await open(budget('0.02'));
    const voice = spoken[format];
    const text =
      voice.opening(voice.usage(10, 1)) + voice.words('Hello.') + voice.closing(voice.usage(10, 5));
    const headers = { 'content-type': 'text/event-stream' };
    at.upstream.answerWith({ headers, chunks: [{ bytes: text, delayMs: 300 }] });
    answer(format, 10, 5);
    const more = { max_tokens: 1_900 };
    const first = ask(at.house.url, { format, model: models[format], isStream: true, more });
    await at.upstream.waitForRequests(1);
    const second = ask(at.house.url, { format, model: models[format], more });
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    await at.house.entries(2);
    expect(at.window('team')).toMatchObject({ requests: 2, refusals: 0, reserved_nano: 0 });
  });

  it('23: of fifty at once as many are sent as the budget has room for', async () => {
    await open(budget('0.05', 'queue_ms: 0'));
    for (let n = 0; n < 50; n += 1) answer(format, 100, 1_000);
    const seen = await Promise.all(
      Array.from({ length: 50 }, () =>
        ask(at.house.url, { format, model: models[format], more: { max_tokens: 1_500 } }),
      ),
    );
    const sent = seen.filter(({ status }) => status === 200).length;
    expect(sent).toBeGreaterThanOrEqual(3);
    expect(sent).toBeLessThan(10);
    expect(seen.filter(({ status }) => status === 429)).toHaveLength(50 - sent);
    await at.house.entries(sent);
    expect(at.window('team')!.settled_nano).toBeLessThanOrEqual(50_000_000);
    expect(at.upstream.requests).toHaveLength(sent);
  });
});

describe('a request', () => {
  const format = 'openai-chat';

  it('lets its thinking be lowered with its output', async () => {
    await open(budget('0.03'));
    answer('anthropic-messages', 10, 5);
    const thinking = { type: 'enabled', budget_tokens: 10_000 };
    const seen = await ask(at.house.url, {
      format: 'anthropic-messages',
      model: 'ant/m',
      more: { max_tokens: 16_000, thinking },
    });
    expect(seen.status).toBe(200);
    const [body] = at.sent() as { max_tokens: number; thinking: { budget_tokens: number } }[];
    expect(body!.max_tokens).toBeLessThan(3_000);
    expect(body!.thinking.budget_tokens).toBeGreaterThanOrEqual(1_024);
    expect(body!.thinking.budget_tokens).toBeLessThan(body!.max_tokens);
  });

  it('without a limit of its own gets the one of policy, in the field its provider knows', async () => {
    await open(budget('10'));
    for (const model of ['oai/gpt-5', 'house/m']) {
      answer(format, 10, 5);
      const seen = await ask(at.house.url, { format, model, more: { max_tokens: undefined } });
      expect(seen.headers.get('x-turnpike-max-tokens')).toBe('8192');
    }
    const [openai, compatible] = at.sent();
    expect(openai).toMatchObject({ max_completion_tokens: 8192 });
    expect(compatible).toMatchObject({ max_tokens: 8192 });
  });

  it('counts against every budget that is meant, and none of them where one refuses (24)', async () => {
    const small = '{ name: small, scope: "agent:coder", period: day, limit_usd: "0.001", queue_ms: 0 }';
    await open(`${budget('1')}, ${small}`);
    const seen = await ask(at.house.url, {
      format,
      model: 'oai/m',
      headers: { 'x-turnpike-agent': 'coder' },
    });
    expect(seen.status).toBe(429);
    expect(seen.error?.message).toMatch(/budget "small" \(agent:coder/);
    expect(Number(seen.headers.get('retry-after'))).toBeLessThanOrEqual(86_400);
    expect(at.window('team')?.reserved_nano ?? 0).toBe(0);
    answer(format, 10, 5);
    expect((await ask(at.house.url, { format, model: 'oai/m' })).status).toBe(200);
  });

  it('for a model of unknown price is refused (25)', async () => {
    await open(budget('10'));
    const seen = await ask(at.house.url, { format, model: 'oai/unheard-of' });
    expect(seen.status).toBe(400);
    expect(seen.error?.message).toMatch(/nobody knows what oai\/unheard-of costs/i);
    expect(at.upstream.requests).toEqual([]);
  });

  it('for a model of unknown price goes on under a soft budget, and is flagged (25)', async () => {
    await open(budget('10', 'action: warn'));
    answer(format, 10, 5);
    expect((await ask(at.house.url, { format, model: 'oai/unheard-of' })).status).toBe(200);
    expect(await at.house.entries(1)).toMatchObject([{ price_state: 'unknown', flags: 'unpriced' }]);
  });

  it('may pass a soft budget, and is not touched', async () => {
    await open(budget('0.000001', 'action: warn'));
    answer(format, 100, 50);
    const seen = await ask(at.house.url, { format, model: 'oai/m', more: { max_tokens: undefined } });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-turnpike-max-tokens')).toBeNull();
    expect(at.sent()[0]).not.toHaveProperty('max_completion_tokens');
    await at.house.entries(1);
    expect(at.window('team')).toMatchObject({ settled_nano: 100 * IN + 50 * OUT });
  });

  it('goes to the next deployment where the budget of a provider is used up', async () => {
    const routes = 'routes: { any: { models: [oai/m, house/m] } }';
    await open('{ name: first, scope: "provider:oai", period: day, limit_usd: "0", queue_ms: 0 }', routes);
    answer(format, 10, 5);
    const seen = await ask(at.house.url, { format, model: 'any' });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-turnpike-model')).toBe('house/m');
  });

  it('that falls back is not refused half-way: what it holds does for the dearest of its plan', async () => {
    const routes = 'routes: { any: { models: [oai/m, ant/m] } }';
    await open(budget('0.011', 'queue_ms: 0'), routes);
    at.upstream.answerWith({ status: 500, chunks: ['{}'] });
    answer('anthropic-messages', 10, 5);
    const seen = await ask(at.house.url, { format, model: 'any' });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-turnpike-model')).toBe('ant/m');
    await at.house.entries(2);
    expect(at.window('team')).toMatchObject({ reserved_nano: 0, overruns: 0 });
  });

  it('costs no more than its own header allows', async () => {
    await open('');
    answer(format, 10, 5);
    const more = { max_tokens: 4000 };
    const limited = (usd: string) =>
      ask(at.house.url, { format, model: 'oai/m', more, headers: { 'x-turnpike-max-cost-usd': usd } });
    const seen = await limited('0.02');
    expect(seen.headers.get('x-turnpike-max-tokens')).toMatch(/^4000->19\d\d$/);
    const refused = await limited('0.001');
    expect(refused.status).toBe(400);
    expect(refused.error).toMatchObject({ code: 'cost_above_limit' });
    expect((await limited('a little')).error?.message).toMatch(/x-turnpike-max-cost-usd/);
    expect(at.upstream.requests).toHaveLength(1);
  });

  it('is booked as it is where the provider writes more than it was told to, and the overrun is counted (12)', async () => {
    await open(budget('1'));
    answer(format, 10, 900);
    await ask(at.house.url, { format, model: 'oai/m', more: { max_tokens: 10 } });
    expect(await at.house.entries(1)).toMatchObject([{ flags: 'overrun', cost_nano: 10 * IN + 900 * OUT }]);
    expect(at.window('team')).toMatchObject({ overruns: 1 });
  });
});

describe.each(clientFormats)('a stream of %s', (format) => {
  const voice = spoken[format];
  const stream = (usd: string, words: number, more = '') => {
    const text = 'word '.repeat(100);
    const chunks = [
      voice.opening(voice.usage(10, 1)),
      ...Array.from({ length: words / 100 }, () => ({ bytes: voice.words(text), delayMs: 2 })),
      voice.closing(voice.usage(10, words)),
    ];
    return open(budget(usd, more)).then(() =>
      at.upstream.answerWith({ headers: { 'content-type': 'text/event-stream' }, chunks }),
    );
  };

  it('14: is cut as if it had come to its limit when its provider does not keep to it', async () => {
    await stream('1', 20_000);
    const seen = await ask(at.house.url, {
      format,
      model: models[format],
      isStream: true,
      more: { max_tokens: 1_500 },
    });
    expect(seen.status).toBe(200);
    expect(seen.error).toBeUndefined();
    expect(seen.isComplete).toBe(true);
    expect(seen.raw).toMatch(
      format === 'openai-chat' ? /"finish_reason":"length"/ : /"stop_reason":"max_tokens"/,
    );
    // What one read brought goes out whole, so it is not cut to the token.
    expect(seen.text.length).toBeLessThan(20_000 * 5);
    const [entry] = await at.house.entries(1);
    expect(entry).toMatchObject({ status: 'ok', error_class: 'budget_cut', is_estimated: 1 });
  });

  it('that reserves as it goes asks for more ahead of need, and ends well', async () => {
    await stream('1', 6_000, 'mode: incremental');
    const seen = await ask(at.house.url, {
      format,
      model: models[format],
      isStream: true,
      more: { max_tokens: 20_000 },
    });
    expect(seen.isComplete).toBe(true);
    expect(seen.text.length).toBe(6_000 * 5);
    await at.house.entries(1);
    expect(at.window('team')).toMatchObject({ reserved_nano: 0, overruns: 0 });
  });

  it('that reserves as it goes does not wait for ever where its output is guessed beyond its limit', async () => {
    await stream('1', 1_400, 'mode: incremental');
    const seen = await ask(at.house.url, {
      format,
      model: models[format],
      isStream: true,
      more: { max_tokens: 1_500 },
      signal: AbortSignal.timeout(10_000),
    });
    expect(seen.isComplete).toBe(true);
    expect(seen.text.length).toBe(1_400 * 5);
    expect(await at.house.entries(1)).toMatchObject([{ output_tokens: 1_400, error_class: null }]);
  });

  it('that reserves as it goes is cut where its budget has no room for more', async () => {
    await stream('0.03', 20_000, 'mode: incremental');
    const seen = await ask(at.house.url, {
      format,
      model: models[format],
      isStream: true,
      more: { max_tokens: 30_000 },
    });
    expect(seen.status).toBe(200);
    expect(seen.isComplete).toBe(true);
    expect(at.sent()[0]).toMatchObject({ max_tokens: 30_000 });
    const [entry] = await at.house.entries(1);
    expect(entry).toMatchObject({ error_class: 'budget_cut' });
    expect(entry!.cost_nano).toBeLessThanOrEqual(30_000_000);
  });
});

describe('official clients', () => {
  it('do not try again what a budget stopped', async () => {
    await open(budget('0', 'queue_ms: 0'));
    const baseURL = at.house.url;
    const openai = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey: BOOTSTRAP_KEY });
    const anthropic = new Anthropic({ baseURL, apiKey: BOOTSTRAP_KEY });
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    await expect(openai.chat.completions.create({ model: 'oai/m', messages })).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
    await expect(
      anthropic.messages.create({ model: 'ant/m', max_tokens: 100, messages }),
    ).rejects.toMatchObject({ status: 429, error: { error: { type: 'billing_error' } } });
    await untilTrue(() => at.window('team')?.refusals === 2);
    expect(at.window('team')).toMatchObject({ refusals: 2 });
  });
});
