/** A whole Turnpike whose prices change: from the next request on, never in one that runs, and in old entries only beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  PricedModelBody,
  PriceOverrideBody,
  Prices,
  RefreshedPrices,
  Rerated,
} from '../src/admin/prices.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { ask } from './support/plain-client.ts';
import { json, spoken, type UsageObject } from './support/spoken.ts';
import { BOOTSTRAP_KEY, newHome } from './support/turnpike-process.ts';

const usage = { prompt_tokens: 1000, completion_tokens: 100 };

/** A provider that answers when it is told to. */
async function startSlow() {
  let told: (answer: () => void) => void = () => undefined;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const body = JSON.stringify(spoken['openai-chat'].whole('Hi.', usage));
      told(() => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next request is there; call what it resolves to and it is answered. */
    received: () =>
      new Promise<() => void>((resolve) => {
        told = resolve;
      }),
    close: () => new Promise((closed) => server.close(closed)),
  };
}

let slow: Awaited<ReturnType<typeof startSlow>>;
let upstream: FakeUpstream;
let house: OpenHouse;
let list: string;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  slow = await startSlow();
  const home = newHome();
  list = join(home, 'lists', 'prices.json');
  mkdirSync(join(home, 'lists'));
  house = await openHouse(
    `providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: k, formats: [openai-chat] }
  many: { kind: openrouter, base_url: "${upstream.url}/v1", api_key: k }
  gpu: { kind: openai-compatible, base_url: "${upstream.url}/v1" }
  slow: { kind: openai-compatible, base_url: "${slow.url}/v1" }
prices:
  refresh: { file: lists/prices.json }
  overrides:
    - { provider: many, model: contract, input_usd_per_mtok: 1, output_usd_per_mtok: "2" }
`,
    home,
  );
});
afterAll(async () => {
  await house.verify();
  await house.close();
  await upstream.close();
  await slow.close();
});

/** Answers one chat with this usage and waits for its entry. */
async function spend(
  model: string,
  reported: object = usage,
  more: { isStream?: boolean; tier?: string } = {},
) {
  const { isStream = false, tier } = more;
  const voice = spoken['openai-chat'];
  const top = tier === undefined ? {} : { service_tier: tier };
  if (isStream) {
    const chunk = (part: object) =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', ...top, ...part })}\n\n`;
    upstream.answerWith({
      headers: { 'content-type': 'text/event-stream' },
      chunks: [
        chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi.' }, finish_reason: null }] }),
        chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        chunk({ choices: [], usage: reported }),
        'data: [DONE]\n\n',
      ],
    });
  } else upstream.answerWith(json({ ...(voice.whole('Hi.', reported as UsageObject) as object), ...top }));
  const seen = await ask(house.url, { format: 'openai-chat', model, isStream });
  expect(seen.error).toBeUndefined();
  const [row] = await house.entriesOf(seen.exchangeId, 1);
  return row!;
}

const set = (model: string, input: string, output: string, more: object = {}) => {
  const [provider, ...rest] = model.split('/');
  return house.admin<PriceOverrideBody>('POST', '/prices', {
    provider,
    model: rest.join('/'),
    tiers: [{ usdPerMillion: { input, output } }],
    ...more,
  });
};
const revisionNow = async () => (await house.admin<{ revision: number }>('GET', '/installation')).revision;

/** Prices of a registry that has changed are compiled behind the answer. */
async function applied<T>(change: () => Promise<T>): Promise<T> {
  const before = await revisionNow();
  const done = await change();
  while ((await revisionNow()) === before) await new Promise((next) => setTimeout(next, 5));
  return done;
}

describe('a price of the operator', () => {
  it('counts from the next request on, and no longer than it holds', async () => {
    expect(await spend('oai/gpt-4o')).toMatchObject({ cost_nano: 1000 * 2500 + 100 * 10_000 });
    const { id } = await applied(() => set('oai/gpt-4o', '1', '2'));
    expect(await spend('oai/gpt-4o-2024-08-06')).toMatchObject({
      cost_nano: 1000 * 1000 + 100 * 2000,
      flags: null,
    });
    expect(await spend('oai/gpt-4o', usage, { isStream: true })).toMatchObject({ cost_nano: 1_200_000 });
    expect(await spend('oai/gpt-4o', usage, { tier: 'flex' })).toMatchObject({
      cost_nano: 1_200_000,
      service_tier: 'flex',
      flags: null,
    });
    await applied(() => house.admin('DELETE', `/prices/${id}`));
    expect(await spend('oai/gpt-4o')).toMatchObject({ cost_nano: 3_500_000 });
  });

  it('of one tier counts for answers that came in it', async () => {
    expect(await spend('oai/gpt-4o-mini', usage, { tier: 'priority' })).toMatchObject({
      cost_nano: 1000 * 150 + 100 * 600,
      flags: 'price_gap',
    });
    await applied(() => set('oai/gpt-4o-mini', '3', '6', { serviceTier: 'priority' }));
    expect(await spend('oai/gpt-4o-mini', usage, { tier: 'priority' })).toMatchObject({
      cost_nano: 1000 * 3000 + 100 * 6000,
      flags: null,
    });
    expect(await spend('oai/gpt-4o-mini')).toMatchObject({ cost_nano: 210_000 });
  });

  it.each([false, true])('comes before what the upstream says it costs (stream: %s)', async (isStream) => {
    const priced = { ...usage, cost: 0.00042 };
    expect(await spend('many/openai/gpt-4o', priced, { isStream })).toMatchObject({
      price_state: 'reported',
      cost_nano: 420_000,
    });
    expect(await spend('many/contract', priced, { isStream })).toMatchObject({
      price_state: 'priced',
      cost_nano: 1_200_000,
    });
  });

  it('gives seconds of sound a price', async () => {
    const transcribe = async () => {
      upstream.answerWith(json({ text: 'Hi.', usage: { type: 'duration', seconds: 12.3 } }));
      const form = new FormData();
      form.set('model', 'gpu/whisper');
      form.set('file', new Blob(['RIFF']), 'a.wav');
      const headers = { authorization: `Bearer ${BOOTSTRAP_KEY}` };
      const answer = await fetch(`${house.url}/v1/audio/transcriptions`, {
        method: 'POST',
        headers,
        body: form,
      });
      expect(answer.status).toBe(200);
      const [row] = await house.entriesOf(answer.headers.get('x-turnpike-exchange-id')!, 1);
      return row!;
    };
    expect(await transcribe()).toMatchObject({ price_state: 'unknown' });
    const usdPerMillion = { input: '0', output: '0' };
    await applied(() =>
      set('gpu/whisper', '', '', { tiers: [{ usdPerMillion, usdPerCall: { second: '0.0001' } }] }),
    );
    expect(await transcribe()).toMatchObject({ price_state: 'priced', cost_nano: 13 * 100_000, flags: null });
  });

  it('makes known what nobody knows, and is shown with its reason', async () => {
    expect(await spend('gpu/llama')).toMatchObject({ price_state: 'unknown', cost_nano: 0 });
    await applied(() =>
      house.admin('POST', '/prices', { provider: 'gpu', model: '*', isFree: true, serviceTier: 'standard' }),
    );
    expect(await spend('gpu/llama')).toMatchObject({ price_state: 'priced', cost_nano: 0, flags: null });
    const shown = await house.admin<PricedModelBody>('GET', '/prices/model?ref=gpu/llama');
    expect(shown.effective[0]).toMatchObject({ serviceTier: 'standard', price: { source: 'operator' } });
    const { overrides } = await house.admin<Prices>('GET', '/prices');
    expect(overrides.map(({ provider, source }) => `${provider} ${source}`)).toContain('many file');
  });
});

it('26 price changes mid-request: settled at the snapshot reserved with', async () => {
  await applied(() => set('slow/model', '1', '1'));
  const received = slow.received();
  const running = ask(house.url, { format: 'openai-chat', model: 'slow/model' });
  const answer = await received;
  await applied(() => set('slow/model', '9', '9'));
  answer();
  const [row] = await house.entriesOf((await running).exchangeId, 1);
  expect(row).toMatchObject({ cost_nano: 1_100_000, price_state: 'priced' });
  const next = slow.received();
  const after = ask(house.url, { format: 'openai-chat', model: 'slow/model' });
  (await next)();
  const [dearer] = await house.entriesOf((await after).exchangeId, 1);
  expect(dearer).toMatchObject({ cost_nano: 9_900_000 });
});

describe('a price list', () => {
  const write = (inputUsd: number) => {
    const rows = [1, 2, 3, 4, 5].map((n) => [
      `filler-${n}`,
      { litellm_provider: 'openai', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
    ]);
    const gpt = {
      litellm_provider: 'openai',
      input_cost_per_token: inputUsd / 1e6,
      output_cost_per_token: 1e-5,
      input_cost_per_token_flex: inputUsd / 2e6,
      output_cost_per_token_flex: 5e-6,
    };
    writeFileSync(list, JSON.stringify({ ...Object.fromEntries(rows), 'gpt-4o': gpt }));
  };
  const refresh = () => house.admin<RefreshedPrices>('POST', '/prices/refresh');

  it('counts once it is read, without a new start', async () => {
    write(2);
    const found = await applied(refresh);
    expect(found).toMatchObject({
      models: 6,
      skipped: 0,
      list: { isRefreshed: true, ageDays: 0, readFrom: list },
    });
    expect(await spend('oai/gpt-4o')).toMatchObject({ cost_nano: 1000 * 2000 + 100 * 10_000 });
    expect(await spend('oai/gpt-4o', usage, { tier: 'flex' })).toMatchObject({
      cost_nano: 1000 * 1000 + 100 * 5000,
      flags: null,
    });
  });

  it('that cannot be right leaves the last good one, and says so', async () => {
    writeFileSync(list, '{"half": ');
    await expect(refresh()).rejects.toThrow(/502.*no price list that can be read/s);
    const { list: facts } = await house.admin<Prices>('GET', '/prices');
    expect(facts).toMatchObject({ isRefreshed: true, problem: expect.stringContaining('no price list') });
    expect(await spend('oai/gpt-4o')).toMatchObject({ cost_nano: 3_000_000 });
    write(2);
    expect((await applied(refresh)).list.problem).toBeNull();
  });
});

it('prices anew what was booked by a wrong price, and the books stay sound', async () => {
  const row = await spend('oai/o3-unheard-of');
  expect(row.price_state).toBe('unknown');
  const model = 'o3-unheard-of';
  await set(`oai/${model}`, '4', '8', { effectiveFrom: '2026-01-01' });
  const rerate = (apply: boolean) =>
    house.admin<Rerated>('POST', '/prices/rerate', {
      since: '2026-01-01',
      model,
      isUnpricedOnly: true,
      apply,
    });
  expect(await rerate(false)).toMatchObject({ differenceUsd: '0.0048', isApplied: false, entries: 1 });
  expect(await rerate(true)).toMatchObject({ differenceUsd: '0.0048', isApplied: true });
  expect(await rerate(true)).toMatchObject({ differenceUsd: '0.00', sums: [] });
  const shown = await house.admin<{ costUsd: string; entries: { kind: string }[] }>(
    'GET',
    `/exchanges/${row.exchange_id}`,
  );
  expect(shown.entries.map(({ kind }) => kind)).toEqual(['settle', 'adjustment']);
  expect(shown.costUsd).toBe('0.0048');
  await house.verify();
});
