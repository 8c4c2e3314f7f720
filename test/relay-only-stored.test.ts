/** What vendors keep for their clients (files, batches, stored responses), with the official clients of OpenAI and Anthropic. */
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRelayHouse, type RelayHouse, relayConfig, unknownCost } from './support/relay-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let relay: RelayHouse;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  relay = await openRelayHouse(relayConfig);
  openai = new OpenAI({ apiKey: BOOTSTRAP_KEY, baseURL: `${relay.house.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: BOOTSTRAP_KEY, baseURL: relay.house.url, maxRetries: 0 });
});
afterAll(() => relay.close());

describe('files, batches and stored responses', () => {
  it('are sent to the provider of the default model, uploads booked at unknown cost', async () => {
    relay.answer({ id: 'file-1', object: 'file' });
    await openai.files.create({ purpose: 'batch', file: await toFile(Buffer.from('{}\n'), 'a.jsonl') });
    expect((await relay.lastForm()).get('purpose')).toBe('batch');
    await relay.expectBooked({
      ...unknownCost,
      client_format: 'openai-files',
      provider: 'openai',
      model: 'files',
    });
    relay.answer({ id: 'batch_1', object: 'batch', usage: { input_tokens: 5, output_tokens: 5 } });
    await openai.batches.create({
      input_file_id: 'file-1',
      endpoint: '/v1/responses',
      completion_window: '24h',
    });
    await relay.expectBooked({ ...unknownCost, client_format: 'openai-batches' });
  });

  it('are looked at without an entry, but counted', async () => {
    relay.answer({ object: 'list', data: [{ id: 'file-1' }], has_more: false });
    expect((await openai.files.list({ limit: 5 })).data).toHaveLength(1);
    expect(relay.lastRequest()).toMatchObject({ method: 'GET', path: '/v1/files?limit=5' });
    expect(relay.lastRequest().headers['content-type']).toBeUndefined();
    const bytes = Buffer.alloc(700_000, 0xfe);
    relay.upstream.answerWith({ headers: { 'content-type': 'application/octet-stream' }, chunks: [bytes] });
    const content = await openai.files.content('file-1');
    expect(bytes.equals(Buffer.from(await content.arrayBuffer()))).toBe(true);
    expect(relay.lastRequest().path).toBe('/v1/files/file-1/content');
    relay.answer({ id: 'file-1', deleted: true });
    await openai.files.delete('file-1');
    expect(relay.lastRequest()).toMatchObject({ method: 'DELETE', path: '/v1/files/file-1' });
    relay.answer({ id: 'batch_1' });
    await openai.batches.cancel('batch_1');
    expect(relay.lastRequest()).toMatchObject({ method: 'POST', path: '/v1/batches/batch_1/cancel' });
    await relay.expectUnbooked();
    const metrics = await (await fetch(`${relay.house.url}/metrics`)).text();
    expect(metrics).toMatch(/turnpike_exchanges_total\{format="openai-files-content",outcome="ok"\} 1/);
    expect(metrics).toMatch(/turnpike_attempts_total\{deployment="openai\/files",status="ok"\} \d/);
  });

  it('keep what the Responses API stores in reach', async () => {
    relay.answer({ id: 'resp_1', output: [] });
    await openai.responses.retrieve('resp_1');
    expect(relay.lastRequest()).toMatchObject({ method: 'GET', path: '/v1/responses/resp_1' });
    relay.answer({ object: 'list', data: [], has_more: false });
    await openai.responses.inputItems.list('resp_1');
    expect(relay.lastRequest().path).toMatch(/^\/v1\/responses\/resp_1\/input_items/);
    relay.answer({ id: 'resp_1', status: 'cancelled' });
    await openai.responses.cancel('resp_1');
    relay.answer({ id: 'resp_1', deleted: true });
    await openai.responses.delete('resp_1');
    await relay.expectUnbooked();
    relay.answer({
      id: 'resp_2',
      output: [],
      usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, output_tokens: 10 },
    });
    await openai.responses.compact({ model: 'openai/gpt-4o', input: 'long' });
    expect(JSON.parse(relay.lastRequest().body.toString()).model).toBe('gpt-4o');
    await relay.expectBooked({
      client_format: 'openai-responses-compact',
      input_tokens: 60,
      cache_read_tokens: 40,
      output_tokens: 10,
      cost_nano: 60 * 2500 + 40 * 1250 + 10 * 10_000,
    });
  });

  it('are Anthropic’s for a client of Anthropic’s', async () => {
    const message = { id: 'msgbatch_1', type: 'message_batch', processing_status: 'in_progress' };
    relay.answer(message);
    const params = {
      model: 'claude-sonnet-4-5',
      max_tokens: 5,
      messages: [{ role: 'user' as const, content: 'hi' }],
    };
    await anthropic.messages.batches.create({ requests: [{ custom_id: 'a', params }] });
    expect(relay.lastRequest()).toMatchObject({ method: 'POST', path: '/v1/messages/batches' });
    expect(relay.lastRequest().headers['x-api-key']).toBe('upstream-key-ant');
    await relay.expectBooked({
      ...unknownCost,
      client_format: 'anthropic-messages-batches',
      provider: 'anthropic',
    });
    relay.answer(message);
    await anthropic.messages.batches.retrieve('msgbatch_1');
    expect(relay.lastRequest().path).toBe('/v1/messages/batches/msgbatch_1');
    const results_url = 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results';
    relay.answer({ ...message, results_url });
    relay.answer('{"custom_id":"a","result":{"type":"expired"}}\n', {
      headers: { 'content-type': 'application/x-jsonl' },
    });
    const results: unknown[] = [];
    for await (const result of await anthropic.messages.batches.results('msgbatch_1')) results.push(result);
    expect(results).toEqual([{ custom_id: 'a', result: { type: 'expired' } }]);
    expect(relay.lastRequest().path).toBe('/v1/messages/batches/msgbatch_1/results');
    relay.answer({ id: 'msgbatch_1', type: 'message_batch' });
    await anthropic.messages.batches.cancel('msgbatch_1');
    relay.answer({ data: [], has_more: false });
    await anthropic.beta.files.list({ betas: ['files-api-2025-04-14'] });
    expect(relay.lastRequest()).toMatchObject({ path: '/v1/files' });
    expect(relay.lastRequest().headers['anthropic-beta']).toMatch(/files-api/);
    await relay.expectUnbooked();
  });

  it('are Google’s for a client of Google’s', async () => {
    const gemini = new GoogleGenAI({ apiKey: BOOTSTRAP_KEY, httpOptions: { baseUrl: relay.house.url } });
    relay.answer({ name: 'cachedContents/abc', usageMetadata: { totalTokenCount: 5000 } });
    await gemini.caches.create({ model: 'gemini-2.5-flash', config: { contents: 'long', ttl: '60s' } });
    expect(relay.lastRequest()).toMatchObject({ method: 'POST', path: '/v1beta/cachedContents' });
    expect(relay.lastRequest().headers['x-goog-api-key']).toBe('upstream-key-gem');
    expect(JSON.parse(relay.lastRequest().body.toString())).toMatchObject({
      model: 'models/gemini-2.5-flash',
      ttl: '60s',
    });
    await relay.expectBooked({
      ...unknownCost,
      client_format: 'gemini-cachedContents',
      model: 'gemini-2.5-flash',
    });
    relay.answer({ name: 'cachedContents/abc' });
    await gemini.caches.get({ name: 'cachedContents/abc' });
    expect(relay.lastRequest().path).toBe('/v1beta/cachedContents/abc');
    relay.answer({});
    await gemini.files.delete({ name: 'files/f-1' });
    expect(relay.lastRequest()).toMatchObject({ method: 'DELETE', path: '/v1beta/files/f-1' });
    await relay.expectUnbooked();
  });
});
