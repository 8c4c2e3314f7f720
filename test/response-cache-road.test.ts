/** What a kept answer meets on its way: rate limits, budgets, slow clients, clients that leave, and its end. */
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { orders } from './support/cells.ts';
import { type KeptHouse, openKept } from './support/kept-answers.ts';
import { type EntryRow, untilTrue } from './support/open-house.ts';

const HOUR = 3_600_000;

let kept: KeptHouse;
beforeAll(async () => {
  kept = await openKept();
});
afterAll(() => kept.close());
afterEach(async () => {
  await kept.house.entries(0);
  await kept.house.verify();
});

interface Sent {
  readonly key: string;
  readonly prompt: string;
  readonly isStream?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const bodyOf = ({ prompt, isStream = false }: Sent): string =>
  JSON.stringify({
    model: 'oai/scribe',
    messages: [{ role: 'user', content: prompt }],
    ...(isStream && { stream: true }),
  });

async function send(sent: Sent): Promise<{ status: number; told: string | null; text: string }> {
  const response = await fetch(`${kept.house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${sent.key}`, 'content-type': 'application/json' },
      ...sent.headers,
    },
    body: bodyOf(sent),
  });
  const told = response.headers.get('x-turnpike-cache');
  return { status: response.status, told, text: await response.text() };
}

async function keyIdOf(key: string): Promise<string> {
  const { keys } = await kept.house.admin<{ keys: { id: string; preview: string }[] }>('GET', '/keys');
  return keys.find(({ preview }) => preview.slice(-4) === key.slice(-4))!.id;
}

it('counts as a request to the rate limits', async () => {
  const key = await kept.makeKey({ cacheTtlMs: HOUR });
  const scope = `key:${await keyIdOf(key)}`;
  await kept.house.admin('POST', '/rate-limits', { scope, requestsPerMinute: 3 });
  const prompt = orders('text="Rates."');
  await untilLimited(key);
  const told = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { status, told: cache } = await send({ key, prompt });
    told.push([status, cache]);
  }
  // One of the three went into finding out that the limit is in force.
  expect(told).toEqual([
    [200, 'miss'],
    [200, 'hit'],
    [429, null],
    [429, null],
  ]);
});

/** A change reaches the road a moment after it is answered. */
async function untilLimited(key: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${kept.house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: bodyOf({ key, prompt: orders('text="Is it limited?"'), isStream: true }),
    });
    await response.text();
    if (response.headers.get('x-ratelimit-limit-requests') === '3') return;
  }
}

it('asks no budget: one that is used up does not stand in its way', async () => {
  const key = await kept.makeKey({ cacheTtlMs: HOUR });
  await kept.house.admin('POST', '/prices', {
    ...{ provider: 'oai', model: 'scribe' },
    tiers: [{ aboveInputTokens: 0, usdPerMillion: { input: '1', output: '1000' } }],
  });
  const prompt = orders('text="Budgets." output-tokens=20');
  expect((await send({ key, prompt })).told).toBe('miss');
  const scope = `key:${await keyIdOf(key)}`;
  const budget = await kept.house.admin<{ id: string }>('POST', '/budgets', {
    ...{ scope, period: 'day', limitUsd: '0.01', action: 'block', name: 'small' },
  });
  await untilAnswered(429, { key, prompt: orders('text="Another." output-tokens=20') });
  expect(await send({ key, prompt })).toMatchObject({ status: 200, told: 'hit' });
  const rows = kept.house.rows<{ settled_nano: number }>(
    `select settled_nano from budget_windows where budget_id = '${budget.id}' and settled_nano > 0`,
  );
  expect(rows).toEqual([]);
});

async function untilAnswered(status: number, sent: Sent): Promise<void> {
  while ((await send({ ...sent, headers: { 'x-turnpike-no-cache': '1' } })).status !== status);
}

/** Long enough that no socket holds all of it. */
const long = { prompt: orders('words=10000'), isStream: true };

function openDeaf(sent: Sent): Socket {
  const body = bodyOf(sent);
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(kept.house.url).port) });
  socket.pause();
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${sent.key}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  return socket;
}

it('waits for a slow client, and gives it every frame', async () => {
  const key = await kept.makeKey({ cacheTtlMs: HOUR });
  const first = await send({ ...long, key });
  expect(first).toMatchObject({ status: 200, told: 'miss' });
  expect(first.text.length).toBeGreaterThan(1_000_000);
  const asked = kept.asked();
  const socket = openDeaf({ ...long, key });
  await untilTrue(() => kept.house.rows('select 1 from reservations').length === 1);
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  const [head, ...rest] = Buffer.concat(pieces).toString('utf8').split('\r\n\r\n');
  expect(head).toContain('x-turnpike-cache: hit');
  expect(unchunked(rest.join('\r\n\r\n'))).toBe(first.text);
  expect(kept.asked()).toBe(asked);
});

function unchunked(body: string): string {
  let text = '';
  let at = 0;
  const bytes = Buffer.from(body);
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (length === 0) return text;
    text += bytes.toString('utf8', end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
}

it('books a client that leaves, at a cost of nothing', async () => {
  const key = await kept.makeKey({ cacheTtlMs: HOUR });
  await send({ ...long, key });
  const socket = openDeaf({ ...long, key });
  await untilTrue(() => kept.house.rows('select 1 from reservations').length === 1);
  socket.destroy();
  await untilTrue(() => kept.house.rows('select 1 from reservations').length === 0);
  const entry = kept.house.rows<EntryRow>('select * from ledger_entries order by seq').at(-1);
  // A machine that is fast enough has given all of it to the socket before that.
  expect(['ok', 'client_abort']).toContain(entry?.status);
  expect(entry).toMatchObject({ flags: 'cached', cost_nano: 0, output_tokens: 0 });
});

it('comes to its end', async () => {
  const key = await kept.makeKey({ cacheTtlMs: 30 });
  const prompt = orders('text="Soon over."');
  expect((await send({ key, prompt })).told).toBe('miss');
  await new Promise((done) => setTimeout(done, 35));
  expect((await send({ key, prompt })).told).toBe('miss');
});

it('is not kept where the memory for it is none, or where it is too large for it', async () => {
  const [none, small] = [
    await openKept('limits: { cache_bytes: 0 }\n'),
    await openKept('limits: { cache_bytes: 20000 }\n'),
  ];
  try {
    const tellOf = async (house: KeptHouse, prompt: string) => {
      const key = await house.makeKey({ cacheTtlMs: HOUR });
      const told = [];
      for (let turn = 0; turn < 2; turn += 1) {
        const response = await fetch(`${house.house.url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: bodyOf({ key, prompt }),
        });
        await response.text();
        told.push(response.headers.get('x-turnpike-cache'));
      }
      return told;
    };
    expect(await tellOf(none, orders('text="Short."'))).toEqual(['off', 'off']);
    expect(await tellOf(small, orders('text="Short."'))).toEqual(['miss', 'hit']);
    expect(await tellOf(small, orders('words=2000'))).toEqual(['miss', 'miss']);
  } finally {
    await Promise.all([none.close(), small.close()]);
  }
});
