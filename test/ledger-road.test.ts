/** From a client's request to the books: every token class at its price, every label on its entry, every sum equal to its entries, and keys that open no more than they should. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type EntryRow, type OpenHouse, openHouse, untilTrue } from './support/open-house.ts';
import { ask, clientFormats, type Seen } from './support/plain-client.ts';
import { good, json, spoken, type UsageObject } from './support/spoken.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai, formats: [openai-chat] }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant }
  many: { kind: openrouter, base_url: "${url}/v1", api_key: upstream-key-many }
aliases:
  cheap: sandbox/echo
`;

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
  await house.verify();
});

async function entryOf(seen: Seen): Promise<EntryRow> {
  expect(seen.error).toBeUndefined();
  const rows = await house.entriesOf(seen.exchangeId, 1);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

function lines(row: EntryRow): number[] {
  return [row.input_cost_nano, row.cache_cost_nano, row.output_cost_nano, row.other_cost_nano];
}

/** Header, entry and admin API say the same amount. */
async function checkShown(seen: Seen, row: EntryRow): Promise<void> {
  const header = seen.headers.get('x-turnpike-cost-usd');
  const shown = await house.admin<{ costUsd: string }>('GET', `/exchanges/${seen.exchangeId}`);
  expect(Math.round(Number(shown.costUsd) * 1e9)).toBe(row.cost_nano);
  if (header !== null) expect(header).toBe(shown.costUsd);
}

/** Nano-dollars per token of sandbox/premium up to 200,000 input tokens; above, twice as much. */
const premium = {
  input: 15_000,
  output: 75_000,
  read: 1_500,
  write5m: 18_750,
  write1h: 30_000,
  reasoning: 90_000,
};

function premiumCost(row: EntryRow, factor: number): number[] {
  const input = row.input_tokens * premium.input;
  const cache =
    row.cache_read_tokens * premium.read +
    row.cache_write_5m_tokens * premium.write5m +
    row.cache_write_1h_tokens * premium.write1h;
  const output =
    (row.output_tokens - row.reasoning_tokens) * premium.output + row.reasoning_tokens * premium.reasoning;
  return [input * factor, cache * factor, output * factor, 0];
}

const bothWays = clientFormats.flatMap((format) => [true, false].map((isStream) => ({ format, isStream })));

describe.each(bothWays)('sandbox/premium for $format (stream: $isStream)', ({ format, isStream }) => {
  const order = 'cache-read-tokens=3000 cache-write-tokens=500 output-tokens=200 thinking=30 words=5';
  it.each([
    { name: 'below the long-context tier', input: 1000, factor: 1 },
    { name: 'at its edge', input: 196_500, factor: 1 },
    { name: 'one token above it', input: 196_501, factor: 2 },
  ])('prices every class $name', async ({ input, factor }) => {
    const prompt = `[[sandbox ttfb=0 pace=0 input-tokens=${input} ${order}]]`;
    const seen = await ask(house.url, { format, isStream, model: 'sandbox/premium', prompt });
    const row = await entryOf(seen);
    expect(row).toMatchObject({
      input_tokens: input,
      cache_read_tokens: 3000,
      cache_write_5m_tokens: 500,
      cache_write_1h_tokens: 0,
      output_tokens: 200,
      is_estimated: 0,
      flags: null,
      price_state: 'priced',
    });
    expect(row.reasoning_tokens).toBeGreaterThan(0);
    expect(lines(row)).toEqual(premiumCost(row, factor));
    expect(row.cost_nano).toBe(lines(row).reduce((sum, line) => sum + line));
    expect(seen.headers.has('x-turnpike-cost-usd')).toBe(!isStream);
    await checkShown(seen, row);
  });
});

describe('cache marks', () => {
  it.each([true, false])(
    'write for an hour and for five minutes, then are read (stream: %s)',
    async (isStream) => {
      const mark = (ttl: string, text: string): object => ({
        type: 'text',
        text: text.repeat(80),
        cache_control: { type: 'ephemeral', ttl },
      });
      const more = { system: [mark('1h', `long ${isStream} `), mark('5m', `short ${isStream} `)] };
      const asking = {
        format: 'anthropic-messages',
        isStream,
        model: 'sandbox/premium',
        prompt: '[[sandbox ttfb=0 pace=0 words=3 thinking=0]]',
        more,
      } as const;
      const first = await entryOf(await ask(house.url, asking));
      const second = await entryOf(await ask(house.url, asking));
      expect(first.cache_write_1h_tokens).toBeGreaterThan(100);
      expect(first.cache_write_5m_tokens).toBeGreaterThan(100);
      expect(first.cache_read_tokens).toBe(0);
      const written = first.cache_write_1h_tokens + first.cache_write_5m_tokens;
      expect([second.cache_read_tokens, second.cache_write_1h_tokens, second.cache_write_5m_tokens]).toEqual([
        written,
        0,
        0,
      ]);
      for (const row of [first, second]) expect(lines(row)).toEqual(premiumCost(row, 1));
    },
  );
});

interface Reported {
  readonly name: string;
  readonly model: string;
  readonly voice: (typeof spoken)[keyof typeof spoken];
  readonly usage: UsageObject;
  /** Nano-dollars by line: input, cache, output, other. */
  readonly lines: readonly number[];
  readonly state?: string;
}

/** Amounts worked out by hand from the vendors' price lists. */
const reports: readonly Reported[] = [
  {
    name: 'Anthropic: cache read and written, both lifetimes',
    model: 'ant/claude-haiku-4-5',
    voice: spoken['anthropic-messages'],
    usage: {
      input_tokens: 100,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 700,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
      output_tokens: 10,
    },
    // $1, 0.10, 1.25, 2, 5 per million.
    lines: [100_000, 100_000 + 375_000 + 800_000, 50_000, 0],
  },
  {
    name: 'Anthropic: two web searches',
    model: 'ant/claude-haiku-4-5',
    voice: spoken['anthropic-messages'],
    usage: { input_tokens: 7, output_tokens: 3, server_tool_use: { web_search_requests: 2 } },
    lines: [7_000, 0, 15_000, 20_000_000],
  },
  {
    name: 'Anthropic: long context, cached tokens counted in',
    model: 'ant/claude-sonnet-4-5',
    voice: spoken['anthropic-messages'],
    usage: { input_tokens: 1, cache_read_input_tokens: 200_000, output_tokens: 10 },
    // Above 200,000: $6, 0.60, 22.50 per million.
    lines: [6_000, 120_000_000, 225_000, 0],
  },
  {
    name: 'OpenAI: cached tokens are inside the prompt',
    model: 'oai/gpt-4o-mini',
    voice: spoken['openai-chat'],
    usage: { prompt_tokens: 1100, completion_tokens: 10, prompt_tokens_details: { cached_tokens: 1000 } },
    // $0.15, 0.075, 0.60 per million.
    lines: [15_000, 75_000, 6_000, 0],
  },
  {
    name: 'OpenAI: reasoning is inside the completion',
    model: 'oai/gpt-5-mini',
    voice: spoken['openai-chat'],
    usage: {
      prompt_tokens: 40,
      completion_tokens: 500,
      completion_tokens_details: { reasoning_tokens: 450 },
    },
    // $0.25, 2.00 per million.
    lines: [10_000, 0, 1_000_000, 0],
  },
  {
    name: 'OpenRouter: the cost it states',
    model: 'many/openai/gpt-4o-mini',
    voice: spoken['openai-chat'],
    usage: { prompt_tokens: 40, completion_tokens: 500, cost: 0.00123 },
    lines: [0, 0, 0, 1_230_000],
    state: 'reported',
  },
];
const reportRows = bothWays.flatMap((way) => reports.map((report) => ({ ...way, ...report })));

describe('reported usage', () => {
  it.each(reportRows)('$name, for $format (stream: $isStream)', async (row) => {
    upstream.answerWith(good(row.voice, row.isStream, 'Fine.', row.usage));
    const seen = await ask(house.url, { format: row.format, isStream: row.isStream, model: row.model });
    const entry = await entryOf(seen);
    expect(lines(entry)).toEqual(row.lines);
    expect(entry).toMatchObject({
      cost_nano: row.lines.reduce((sum, line) => sum + line),
      price_state: row.state ?? 'priced',
      is_estimated: 0,
      flags: null,
    });
    await checkShown(seen, entry);
  });

  it('is not believed where the stated cost is absurd', async () => {
    const usage = { prompt_tokens: 40, completion_tokens: 500, cost: -1 };
    upstream.answerWith(json(spoken['openai-chat'].whole('Fine.', usage)));
    const row = await entryOf(
      await ask(house.url, { format: 'openai-chat', model: 'many/openai/gpt-4o-mini' }),
    );
    expect(row).toMatchObject({ price_state: 'priced', cost_nano: 40 * 150 + 500 * 600 });
  });
});

describe('labels', () => {
  it.each([
    {
      headers: { 'x-turnpike-agent': 'builder', 'x-turnpike-session': 's-1', 'x-turnpike-end-user': 'ann' },
      labels: { agent_id: 'builder', session_id: 's-1', end_user: 'ann' },
    },
    {
      headers: { 'x-claude-code-agent-id': 'reviewer', 'x-claude-code-session-id': 's-2' },
      labels: { agent_id: 'reviewer', session_id: 's-2', end_user: null },
    },
    { headers: { 'x-turnpike-end-user': 'x'.repeat(5000) }, labels: { agent_id: null, end_user: null } },
  ])('$labels', async ({ headers, labels }) => {
    const row = await entryOf(await ask(house.url, { format: 'openai-chat', model: 'cheap', headers }));
    expect(row).toMatchObject({ ...labels, provider: 'sandbox', model: 'echo' });
  });
});

interface UsageSums {
  readonly entries: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: string;
}

describe('sums', () => {
  it('agree with the entries by every dimension, after 200 requests at once', async () => {
    const seen = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        ask(house.url, {
          format: clientFormats[index % 2]!,
          isStream: index % 3 === 0,
          model: ['sandbox/echo', 'ant/echo', 'oai/echo', 'sandbox/fault-503'][index % 4]!,
          prompt: `number ${index}`,
          headers: { 'x-turnpike-agent': `agent-${index % 5}`, 'x-turnpike-session': `session-${index % 7}` },
        }),
      ),
    );
    const ids = new Set(seen.map(({ exchangeId }) => exchangeId));
    expect(ids.size).toBe(200);
    const before = house.rows('select 1 from ledger_entries').length;
    const entries = await house.entries(before);
    const ours = entries.filter((row) => ids.has(row.exchange_id));
    expect(ours).toHaveLength(200);
    expect(new Set(ours.map((row) => row.exchange_id)).size).toBe(200);
    for (const by of ['model', 'provider', 'key', 'agent', 'day', 'session']) {
      const { rows, total } = await house.admin<{
        rows: (UsageSums & { value: string })[];
        total: UsageSums;
      }>('GET', `/usage?by=${by}`);
      expect(total.entries, by).toBe(entries.length);
      expect(total.inputTokens, by).toBe(sum(entries.map((row) => row.input_tokens)));
      expect(total.outputTokens, by).toBe(sum(entries.map((row) => row.output_tokens)));
      const cost = sum(entries.map((row) => (row.price_state === 'unknown' ? 0 : row.cost_nano)));
      expect(Math.round(Number(total.costUsd) * 1e9), by).toBe(cost);
      expect(sum(rows.map((row) => row.entries)), by).toBe(entries.length);
      for (const row of rows) {
        const same = entries.filter((entry) => dimensionOf(entry, by) === row.value);
        expect([by, row.value, row.entries]).toEqual([by, row.value, same.length]);
      }
    }
    expect((await house.verify()).entries).toBe(entries.length);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function dimensionOf(row: EntryRow, by: string): string {
  if (by === 'model') return `${row.provider}/${row.model}`;
  if (by === 'provider') return row.provider;
  if (by === 'key') return row.key_id;
  if (by === 'agent') return row.agent_id ?? '';
  if (by === 'session') return row.session_id ?? '';
  return new Date(row.created_at).toISOString().slice(0, 10);
}

interface MadeKey {
  readonly key: { readonly id: string };
  readonly token: string;
}

describe.each(clientFormats)('keys, for %s', (format) => {
  const make = (more: object): Promise<MadeKey> => house.admin('POST', '/keys', { name: 'test', ...more });

  it('open nothing from the moment they are revoked', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { key, token } = await make({});
      const asking = { format, model: 'cheap', key: token };
      expect((await ask(house.url, asking)).status).toBe(200);
      await house.admin('DELETE', `/keys/${key.id}`);
      const seen = await ask(house.url, asking);
      expect([round, seen.status, seen.error?.code]).toEqual([round, 401, 'key_unknown']);
    }
  });
  it('open nothing once they have expired', async () => {
    const { token } = await make({ expiresAt: new Date(Date.now() + 1000).toISOString() });
    const asking = { format, model: 'cheap', key: token };
    expect((await ask(house.url, asking)).status).toBe(200);
    const endsAt = Date.now() + 1000;
    await untilTrue(() => Date.now() > endsAt);
    expect((await ask(house.url, asking)).status).toBe(401);
  });
  it.each([
    { allowed: ['sandbox/echo'], model: 'sandbox/echo', status: 200 },
    { allowed: ['sandbox/echo'], model: 'cheap', status: 200 },
    { allowed: ['cheap'], model: 'cheap', status: 200 },
    { allowed: ['sandbox/*'], model: 'sandbox/free', status: 200 },
    { allowed: ['sandbox/*'], model: 'oai/echo', status: 403 },
    { allowed: ['sandbox/echo'], model: 'sandbox/premium', status: 403 },
    { allowed: ['cheap'], model: 'sandbox/premium', status: 403 },
  ])('that may use $allowed are answered with $status for $model', async ({ allowed, model, status }) => {
    const { token } = await make({ allowedModels: allowed });
    const seen = await ask(house.url, {
      format,
      model,
      key: token,
      prompt: '[[sandbox ttfb=0 pace=0 words=1]]',
    });
    expect(seen.status).toBe(status);
    if (status === 403) {
      expect(seen.error?.code).toBe('model_not_allowed');
      expect(house.rows(`select 1 from ledger_entries where exchange_id = '${seen.exchangeId}'`)).toEqual([]);
    }
  });
  it('have their model and their agent where the request names none', async () => {
    const { key, token } = await make({ defaultModel: 'cheap', agent: 'night-shift' });
    const row = await entryOf(await ask(house.url, { format, key: token }));
    expect(row).toMatchObject({
      key_id: key.id,
      agent_id: 'night-shift',
      provider: 'sandbox',
      model: 'echo',
    });
    const headers = { 'x-turnpike-agent': 'day-shift' };
    const named = await entryOf(await ask(house.url, { format, key: token, model: 'sandbox/free', headers }));
    expect(named).toMatchObject({ agent_id: 'day-shift', model: 'free' });
  });
  it('are refused where no model is named anywhere', async () => {
    const seen = await ask(house.url, { format, key: BOOTSTRAP_KEY });
    expect([seen.status, seen.error?.code]).toEqual([400, 'model_missing']);
  });
});
