/** The fake upstream: canned bytes arrive as they are, everything asked is on record, and it answers as the sandbox does. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../src/base/clock.ts';
import type { Model } from '../src/catalog/model.ts';
import { providerKinds } from '../src/upstream/providers.ts';
import { createSandboxTransport, sandboxModels } from '../src/upstream/sandbox/index.ts';
import { createTransport } from '../src/upstream/send.ts';
import type { Transport } from '../src/upstream/transport.ts';
import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from './fake-upstream.ts';
import { collect } from './support/collect.ts';
import { allFormats, chatPath, requestBody } from './support/sandbox-ask.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function start(
  options: FakeUpstreamOptions = {},
): Promise<{ upstream: FakeUpstream; network: Transport }> {
  const upstream = await startFakeUpstream(options);
  const network = createTransport({ clock: systemClock });
  open.push(network, upstream);
  return { upstream, network };
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

it('sends canned bytes, status and headers unchanged, then the sandbox answers again', async () => {
  const { upstream, network } = await start();
  const headers = { 'content-type': 'text/event-stream', 'x-odd': 'a b' };
  upstream.answerWith({ status: 299, headers, chunks: [everyByte, 'ä', { bytes: everyByte, delayMs: 5 }] });
  const ask = () => collect(network, { origin: upstream.url, path: '/v1/models' });
  const canned = ask();
  await canned.over;
  expect(canned).toMatchObject({ status: 299, outcome: 'end' });
  expect(canned.headers).toMatchObject(headers);
  expect(Buffer.concat(canned.chunks)).toEqual(Buffer.concat([everyByte, Buffer.from('ä'), everyByte]));
  const next = ask();
  await next.over;
  expect(JSON.parse(next.text()).data[0].id).toBe('echo');
});

it('uses canned answers in their order, each for its path and as often as told', async () => {
  const { upstream, network } = await start();
  upstream.answerWith({ path: '/v1/messages', chunks: ['m'] });
  upstream.answerWith({ chunks: ['twice'], times: 2 });
  const texts: string[] = [];
  for (const path of ['/a', '/v1/messages?beta=true', '/b', '/c']) {
    const got = collect(network, { origin: upstream.url, path });
    await got.over;
    texts.push(got.status === 404 ? '404' : got.text());
  }
  expect(texts).toEqual(['twice', 'm', 'twice', '404']);
});

it('cuts a canned stream after its last chunk, which still arrives', async () => {
  const { upstream, network } = await start();
  for (let i = 0; i < 20; i++) {
    upstream.answerWith({ chunks: ['one', { bytes: 'two', delayMs: 2 }], ending: 'cut' });
    const got = collect(network, { origin: upstream.url, path: '/' });
    await got.over;
    expect(got.text()).toBe('onetwo');
    expect(got.outcome).toMatchObject({ kind: 'cut', wasSent: true });
  }
});

it('records what it was asked', async () => {
  const { upstream, network } = await start();
  const body = '{"model":"echo", "messages":[{"role":"user","content":"ü"}],"unknown":1e400}';
  const path = '/v1/chat/completions?beta=true';
  const got = collect(network, { origin: upstream.url, path, body, headers: { 'x-mark': '7' } });
  await Promise.all([got.over, upstream.waitForRequests(1)]);
  expect(upstream.requests).toHaveLength(1);
  expect(upstream.requests[0]).toMatchObject({
    method: 'POST',
    path,
    aborted: false,
    headers: { 'x-mark': '7' },
  });
  expect(upstream.requests[0]!.body.equals(Buffer.from(body))).toBe(true);
  expect(Math.abs(upstream.requests[0]!.receivedAtMs - Date.now())).toBeLessThan(60_000);
});

it('knows that a client went away, and stops', async () => {
  const { upstream, network } = await start();
  const prompt = '[[sandbox words=5000 pace=1]]';
  const body = requestBody(allFormats[0]!, 'scribe', prompt, { stream: true, maxOutputTokens: 20_000 });
  const got = collect(network, { origin: upstream.url, path: chatPath(allFormats[0]!), body });
  await expect.poll(() => got.chunks.length).toBeGreaterThan(2);
  got.call.abort();
  await expect.poll(() => upstream.requests[0]!.aborted).toBe(true);
  const { sentBytes } = upstream.requests[0]!;
  await new Promise((later) => setTimeout(later, 20));
  expect(upstream.requests[0]!.sentBytes).toBe(sentBytes);
});

it('waits for a slow reader instead of filling the memory', async () => {
  const { upstream } = await start();
  const chunk = Buffer.alloc(1024 * 1024);
  upstream.answerWith({ chunks: Array.from({ length: 64 }, () => chunk) });
  const socket = connect(upstream.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
  let received = 0;
  await once(socket, 'readable');
  await new Promise((later) => setTimeout(later, 50));
  expect(upstream.requests[0]!.sentBytes).toBeLessThan(32 * chunk.length);
  socket.on('data', (data) => {
    received += data.length;
  });
  await expect.poll(() => received, { timeout: 10_000 }).toBeGreaterThan(64 * chunk.length);
  socket.destroy();
});

it('answers with the same bytes as the sandbox inside the process', async () => {
  const clock = { now: () => Date.parse('2026-01-15T12:00:00Z'), monotonic: systemClock.monotonic };
  const { upstream, network } = await start({ clock });
  const inside = createSandboxTransport({ formats: allFormats, clock, timing: 'none' });
  open.push(inside);
  for (const format of allFormats) {
    for (const model of sandboxModels.filter((one) => !one.fault || one.fault.includes('usage'))) {
      for (const stream of [true, false]) {
        const body = requestBody(format, model.id, 'tell me of rivers', { stream });
        const ask = { path: chatPath(format, model.id, stream), body };
        const here = collect(inside, { ...ask, origin: 'sandbox:' });
        const there = collect(network, { ...ask, origin: upstream.url });
        await Promise.all([here.over, there.over]);
        expect(here.outcome).toBe('end');
        expect(there.status).toBe(here.status);
        expect(there.headers).toMatchObject(here.headers);
        expect(sha256(there.chunks)).toBe(sha256(here.chunks));
      }
    }
  }
});

function sha256(chunks: readonly Buffer[]): string {
  return createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
}

it('its models are models of the catalog, and its kind speaks every format there is', () => {
  const models: readonly Model[] = sandboxModels;
  expect(new Set(models.map((model) => model.id)).size).toBe(models.length);
  for (const model of models) {
    for (const price of model.prices) {
      const rates = price.tiers.flatMap((tier) =>
        Object.values(tier.rates).filter((rate) => typeof rate === 'number'),
      );
      expect(rates.every((rate) => Number.isSafeInteger(rate) && rate >= 0)).toBe(true);
      expect(price).toMatchObject({ provider: model.provider, model: model.id, source: 'sandbox' });
    }
  }
  const priced = (id: string) =>
    models.find((model) => model.id === id)!.prices[0]?.tiers.map((tier) => tier.rates.output);
  expect(priced('free')).toEqual([0]);
  expect(priced('unpriced')).toBeUndefined();
  expect(priced('premium')).toEqual([75_000_000, 150_000_000]);
  const kind = providerKinds.get('sandbox')!;
  expect(kind.formats).toEqual(allFormats.map((format) => format.id));
  for (const format of kind.formats)
    expect(kind.path(format, 'chat', { model: 'scribe', isStream: false })).toMatch(/^\//);
});
