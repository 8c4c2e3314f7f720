/**
 * The fault matrix on real sockets: whatever an upstream does, the client gets an answer in its own format, each
 * attempt is booked exactly once at the right amount, and the sums agree with the entries.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type Fault, faults, type Lane } from './support/fault-table.ts';
import { type EntryRow, type OpenHouse, openHouse } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats, type Seen } from './support/plain-client.ts';
import { errorEvent, good, json, spoken, streamed } from './support/spoken.ts';

/** Long enough for a busy machine, short enough to wait for. */
const SHORT = '{ first_byte_ms: 400, idle_ms: 400, total_ms: 1500 }';
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai, timeouts: ${SHORT} }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant, timeouts: ${SHORT} }
  local: { kind: openai-compatible, base_url: "${url}/v1" }
  gone-oai: { kind: openai, base_url: "${NOWHERE}/v1", api_key: x }
  gone-ant: { kind: anthropic, base_url: "${NOWHERE}", api_key: x }
routes:
  oai-first: { models: [oai/gpt-4o-mini, ant/claude-haiku-4-5] }
  ant-first: { models: [ant/claude-haiku-4-5, oai/gpt-4o-mini] }
  gone-first: { models: [gone-oai/gpt-4o-mini, ant/claude-haiku-4-5] }
`;

interface Cell {
  readonly client: ClientFormat;
  readonly upstream: ClientFormat;
  readonly lane: Lane;
}

/** Nano-dollars per token, from the vendors' price lists. */
const deployments = {
  'openai-chat': { provider: 'oai', model: 'gpt-4o-mini', input: 150, output: 600 },
  'anthropic-messages': { provider: 'ant', model: 'claude-haiku-4-5', input: 1000, output: 5000 },
} as const;

const cells: readonly Cell[] = clientFormats.flatMap((client) =>
  clientFormats.map(
    (upstream) => ({ client, upstream, lane: client === upstream ? 'relay' : 'translate' }) as const,
  ),
);

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(config(upstream.url));
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});
afterEach(async () => {
  upstream.forgetAnswers();
  await house.forgetHealth();
  await house.verify();
});

function refOf(format: ClientFormat): string {
  return `${deployments[format].provider}/${deployments[format].model}`;
}

function checkClient(seen: Seen, { client }: Fault, format: ClientFormat): void {
  if (client.status === 'failure') expect(seen.status).toBeGreaterThanOrEqual(500);
  else expect(seen.status).toBe(client.status);
  expect(seen.text).toBe(client.text ?? '');
  const isError = client.code !== undefined || client.isError === true;
  expect(seen.isComplete).toBe(!isError);
  expect(seen.isBroken).toBe(false);
  expect(seen.headers.get('retry-after') ?? undefined).toBe(client.retryAfter);
  if (!isError) return expect(seen.error).toBeUndefined();
  expect(seen.error).toMatchObject({ type: expect.stringMatching(/./), message: expect.stringMatching(/./) });
  if (client.code !== undefined) expect(seen.error?.code).toBe(client.code);
  expect(seen.raw.match(/"error":\{/g), 'one error, said once').toHaveLength(1);
  // Each format says in its own way that a body or an event is an error.
  if (format === 'anthropic-messages') expect(seen.raw).toContain('"type":"error"');
  else expect(seen.raw).not.toContain('event: error');
}

function checkEntry(row: EntryRow, { entry }: Fault, { upstream: format, client, lane }: Cell): void {
  const { provider, model, input, output } = deployments[format];
  expect(row).toMatchObject({
    provider,
    model,
    lane,
    client_format: client,
    status: entry.status,
    attempt: 1,
  });
  if (entry.errorClass === undefined) {
    if (entry.status === 'ok') expect(row.error_class).toBeNull();
  } else if (typeof entry.errorClass === 'string') expect(row.error_class).toBe(entry.errorClass);
  else expect(row.error_class).toMatch(entry.errorClass);
  expect(row.flags).toBe(entry.flags ?? null);
  expect(row.is_estimated).toBe(entry.tokens === 'estimated' ? 1 : 0);
  if (entry.tokens === 'nothing') {
    expect(row).toMatchObject({
      price_state: 'free',
      cost_nano: 0,
      input_tokens: 0,
      output_tokens: 0,
      price_id: null,
    });
    return;
  }
  expect(row.price_state).toBe('priced');
  expect(row.price_id).not.toBeNull();
  if (entry.tokens === 'estimated') {
    expect(row.input_tokens).toBeGreaterThan(10);
    expect(row.input_tokens).toBeLessThan(200);
    expect(row.output_tokens > 0, `${row.output_tokens} output tokens`).toBe(entry.hasOutput === true);
  } else expect([row.input_tokens, row.output_tokens]).toEqual(entry.tokens);
  expect(row.cost_nano).toBe(row.input_tokens * input + row.output_tokens * output);
}

describe.each(cells)('a client of $client on $upstream ($lane)', (cell) => {
  const fitting = faults.filter(({ only }) => only === undefined || only === cell.lane);
  const passes = async (fault: Fault): Promise<void> => {
    const sentBefore = upstream.requests.length;
    upstream.answerWith(fault.answer(spoken[cell.upstream]));
    const seen = await ask(house.url, {
      format: cell.client,
      model: refOf(cell.upstream),
      isStream: fault.isStream,
    });
    checkClient(seen, fault, cell.client);
    const rows = await house.entriesOf(seen.exchangeId, 1);
    expect(rows).toHaveLength(1);
    checkEntry(rows[0]!, fault, cell);
    expect(upstream.requests.length - sentBefore, 'sent once').toBe(1);
  };
  it.each(fitting)('$name', passes);

  it.each([true, false])('1: refuses connections (stream: %s)', async (isStream) => {
    const { provider, model } = deployments[cell.upstream];
    const seen = await ask(house.url, { format: cell.client, model: `gone-${provider}/${model}`, isStream });
    expect(seen.status).toBe(502);
    expect(seen.error?.code).toBe('upstream_unreachable');
    const rows = await house.entriesOf(seen.exchangeId, 1);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 'not_sent', price_state: 'free', cost_nano: 0, is_estimated: 0 });
  });

  it('keeps the price it was booked at', async () => {
    upstream.answerWith(good(spoken[cell.upstream], false));
    const seen = await ask(house.url, { format: cell.client, model: refOf(cell.upstream) });
    const [row] = await house.entriesOf(seen.exchangeId, 1);
    const prices = house.rows<{ id: string; model: string; tiers: string }>('select * from price_snapshots');
    const { input, output, model } = deployments[cell.upstream];
    const price = prices.find(({ id }) => id === row!.price_id);
    expect(price?.model).toBe(model);
    expect(JSON.parse(price!.tiers)[0].rates).toMatchObject({ input: input * 1000, output: output * 1000 });
  });

  it('books an output report from the beginning no lower than what came after it', async () => {
    const voice = spoken[cell.upstream];
    const opening = voice.opening(voice.usage(100, 1));
    const early = cell.upstream === 'openai-chat' ? opening + voice.report(voice.usage(100, 1)) : opening;
    upstream.answerWith({ ...streamed(early + voice.words('word '.repeat(400))), ending: 'cut' });
    const seen = await ask(house.url, { format: cell.client, model: refOf(cell.upstream), isStream: true });
    expect(seen.error?.code).toBe('upstream_truncated');
    const [row] = await house.entriesOf(seen.exchangeId, 1);
    expect(row).toMatchObject({ status: 'truncated', input_tokens: 100, is_estimated: 1 });
    expect(row!.output_tokens).toBeGreaterThan(250);
  });

  it('gives up a line that never ends', async () => {
    const line = Buffer.alloc(1024 * 1024, 'x');
    const chunks = ['data: ', ...Array.from({ length: 50 }, () => line)];
    upstream.answerWith(streamed(...chunks));
    const seen = await ask(house.url, { format: cell.client, model: refOf(cell.upstream), isStream: true });
    const rows = await house.entriesOf(seen.exchangeId, 1);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.status).not.toBe('ok');
    expect(seen.isComplete).toBe(false);
    if (cell.lane === 'translate') expect(seen.error?.code).toBe('upstream_invalid');
  });
});

describe('the relay lane', () => {
  it.each(clientFormats)('passes on the body of an error as it came (%s)', async (format) => {
    const body =
      '{ "error" : {"message":"Ünusual  spacing","type":"invalid_request_error"}, "type":"error" }';
    upstream.answerWith({ status: 400, headers: { 'content-type': 'application/json' }, chunks: [body] });
    const seen = await ask(house.url, { format, model: refOf(format) });
    expect([seen.status, seen.raw]).toEqual([400, body]);
  });
});

describe('prices nobody knows', () => {
  it.each(clientFormats)('are unknown in the books, and never 0 (%s)', async (format) => {
    upstream.answerWith(good(spoken['openai-chat'], false));
    const seen = await ask(house.url, { format, model: 'local/my-own' });
    expect(seen.status).toBe(200);
    expect(seen.headers.get('x-turnpike-cost-usd')).toBeNull();
    const [row] = await house.entriesOf(seen.exchangeId, 1);
    expect(row).toMatchObject({
      price_state: 'unknown',
      flags: 'unpriced',
      input_tokens: 100,
      output_tokens: 10,
    });
    const shown = await house.admin<{ costUsd: string | null }>('GET', `/exchanges/${seen.exchangeId}`);
    expect(shown.costUsd).toBeNull();
  });
});

describe('a redirect', () => {
  it.each(clientFormats)('is not followed: nothing of ours reaches the second host (%s)', async (format) => {
    const second = await startFakeUpstream();
    upstream.answerWith({ status: 307, headers: { location: `${second.url}/v1/x` } });
    const seen = await ask(house.url, { format, model: refOf(format) });
    expect(seen.status).toBe(502);
    expect(seen.headers.get('location')).toBeNull();
    expect(second.requests).toHaveLength(0);
    await second.close();
  });
});

describe.each(clientFormats)('a route of two for a client of %s', (format) => {
  const routes = [
    { model: 'oai-first', first: spoken['openai-chat'], second: spoken['anthropic-messages'] },
    { model: 'ant-first', first: spoken['anthropic-messages'], second: spoken['openai-chat'] },
  ] as const;
  const early: readonly [string, (voice: (typeof routes)[number]['first']) => object, string, string][] = [
    ['503', (voice) => json(voice.error('api_error', 'no'), 503), 'upstream_error', 'free'],
    ['429', (voice) => json(voice.error('rate_limit_error', 'no'), 429), 'upstream_error', 'free'],
    ['401', (voice) => json(voice.error('authentication_error', 'no'), 401), 'upstream_error', 'free'],
    [
      'a prompt too long for it',
      (voice) => json(voice.error('invalid_request_error', 'prompt is too long: 300000 tokens'), 400),
      'upstream_error',
      'free',
    ],
    [
      'an early error event',
      (voice) => streamed(errorEvent(voice, 'overloaded_error', 'no')),
      'upstream_error',
      'free',
    ],
    ['a hang', () => ({ headAfterMs: Number.POSITIVE_INFINITY }), 'timeout', 'priced'],
    ['an early end', (voice) => streamed(voice.opening()), 'truncated', 'priced'],
  ];
  // The window of the other one is known to be smaller: it is not asked.
  const isHopeless = (model: string, name: string) =>
    model === 'ant-first' && name.startsWith('a prompt too');
  const rows = routes.flatMap((route) =>
    early
      .filter(([name]) => !isHopeless(route.model, name))
      .map(([name, answer, status, state]) => ({ route, name, answer, status, state })),
  );

  it.each(rows)(
    '$route.model: $name leads to the second, both booked',
    async ({ route, answer, status, state }) => {
      upstream.answerWith(answer(route.first));
      upstream.answerWith(good(route.second, true, 'The second speaks.'));
      const seen = await ask(house.url, { format, model: route.model, isStream: true });
      expect([seen.status, seen.text, seen.isComplete]).toEqual([200, 'The second speaks.', true]);
      expect(seen.headers.get('x-turnpike-attempts')).toBe('2');
      const entries = await house.entriesOf(seen.exchangeId, 2);
      expect(entries.map((row) => [row.attempt, row.status, row.price_state])).toEqual([
        [1, status, state],
        [2, 'ok', 'priced'],
      ]);
      const { input, output } = deployments[route.second.format];
      expect(entries[1]!.cost_nano).toBe(100 * input + 10 * output);
    },
  );

  it.each(routes)('$model: after the first word there is no second', async ({ model, first }) => {
    const sentBefore = upstream.requests.length;
    upstream.answerWith({ ...streamed(first.opening() + first.words('One ')), ending: 'cut' });
    const seen = await ask(house.url, { format, model, isStream: true });
    expect([seen.text, seen.error?.code]).toEqual(['One ', 'upstream_truncated']);
    expect(await house.entriesOf(seen.exchangeId, 1)).toHaveLength(1);
    expect(upstream.requests.length - sentBefore).toBe(1);
  });

  it.each(routes)('$model: what the request got wrong is wrong everywhere', async ({ model, first }) => {
    const sentBefore = upstream.requests.length;
    upstream.answerWith(json(first.error('invalid_request_error', 'no'), 400));
    const seen = await ask(house.url, { format, model });
    expect(seen.status).toBe(400);
    expect(await house.entriesOf(seen.exchangeId, 1)).toHaveLength(1);
    expect(upstream.requests.length - sentBefore).toBe(1);
  });

  it('goes past one that cannot be reached', async () => {
    upstream.answerWith(good(spoken['anthropic-messages'], false));
    const seen = await ask(house.url, { format, model: 'gone-first' });
    expect([seen.status, seen.text]).toEqual([200, 'Fine.']);
    const entries = await house.entriesOf(seen.exchangeId, 2);
    expect(entries.map((row) => [row.status, row.price_state])).toEqual([
      ['not_sent', 'free'],
      ['ok', 'priced'],
    ]);
  });
});
