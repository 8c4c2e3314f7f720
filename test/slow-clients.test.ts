/** Clients that do not read, that leave, and that never finish asking: bounded memory, upstreams let go, and one entry for each attempt all the same. */
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../src/gateway/exchange.ts';
import { createHttpServer } from '../src/gateway/http.ts';
import {
  type CannedAnswer,
  type FakeUpstream,
  type RecordedRequest,
  startFakeUpstream,
} from './fake-upstream.ts';
import { type EntryRow, type OpenHouse, openHouse, untilTrue } from './support/open-house.ts';
import { type Asking, ask, type ClientFormat, clientFormats, send } from './support/plain-client.ts';
import { type Spoken, spoken, streamed } from './support/spoken.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

const MB = 1024 * 1024;

const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant }
  many: { kind: openrouter, base_url: "${url}/v1", api_key: upstream-key-many }
`;
const models = { 'openai-chat': 'oai/gpt-4o-mini', 'anthropic-messages': 'ant/claude-haiku-4-5' } as const;
const cells = clientFormats.flatMap((client) =>
  clientFormats.map((format) => ({ client, upstream: format })),
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
  await untilTrue(() => house.rows('select 1 from reservations').length === 0);
  await house.verify();
});

function bookedRows(): EntryRow[] {
  return house.rows<EntryRow>('select * from ledger_entries order by seq');
}

/** The one entry that comes after so many. */
async function nextEntry(before: number): Promise<EntryRow> {
  await untilTrue(() => bookedRows().length > before);
  const rows = bookedRows();
  expect(rows).toHaveLength(before + 1);
  return rows.at(-1)!;
}

const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

/** Bytes this process holds for itself: all that a hoarded stream would show in. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Sends a request and reads nothing of the answer until told to. */
function openDeaf(format: ClientFormat, model: string): Socket {
  const body = JSON.stringify({
    model,
    max_tokens: 1000,
    stream: true,
    messages: [{ role: 'user', content: 'Say very much.' }],
  });
  const path = format === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages';
  const { port } = new URL(house.url);
  const socket = connect({ host: '127.0.0.1', port: Number(port) });
  socket.pause();
  socket.on('error', () => {});
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BOOTSTRAP_KEY}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return socket;
}

/** A stream of so many megabytes; the pieces are one buffer, so that only those who keep them hold memory. */
function longAnswer(voice: Spoken, megabytes: number): CannedAnswer {
  const frame = voice.words('x'.repeat(1000));
  const piece = Buffer.from(frame.repeat(Math.ceil(MB / frame.length)));
  return streamed(
    voice.opening(),
    ...Array.from({ length: megabytes }, () => piece),
    voice.closing(voice.usage(100, 1_000_000)),
  );
}

/** Once nothing has been sent for a while. */
async function untilStill(request: RecordedRequest): Promise<void> {
  let last = -1;
  let stillSince = Date.now();
  await untilTrue(() => {
    if (request.sentBytes !== last) {
      last = request.sentBytes;
      stillSince = Date.now();
    }
    return last > 0 && Date.now() - stillSince > 300;
  });
}

describe.each(cells)(
  'a client of $client that does not read, on $upstream',
  ({ client, upstream: format }) => {
    it('stops the upstream and fills no memory with 100 MB', async () => {
      const before = bookedRows().length;
      const base = heldBytes();
      upstream.answerWith(longAnswer(spoken[format], 100));
      const received = upstream.requests.length + 1;
      const socket = openDeaf(client, models[format]);
      await upstream.waitForRequests(received);
      const request = upstream.requests.at(-1)!;
      await untilStill(request);
      expect(request.sentBytes).toBeLessThan(30 * MB);
      expect(heldBytes() - base).toBeLessThan(30 * MB);
      socket.destroy();
      await untilTrue(() => request.aborted);
      const row = await nextEntry(before);
      expect(row).toMatchObject({ status: 'client_abort', is_estimated: 1, price_state: 'priced' });
      // What went by was counted: a token is about four characters.
      expect(row.output_tokens).toBeGreaterThan(request.sentBytes / 20);
    });

    it('gets all of it when it reads on', async () => {
      const before = bookedRows().length;
      upstream.answerWith(longAnswer(spoken[format], 20));
      const received = upstream.requests.length + 1;
      const socket = openDeaf(client, models[format]);
      await upstream.waitForRequests(received);
      await untilStill(upstream.requests.at(-1)!);
      let letters = 0;
      socket.on('data', (chunk) => {
        for (const byte of chunk) if (byte === 0x78) letters += 1;
      });
      socket.resume();
      const row = await nextEntry(before);
      expect(row).toMatchObject({
        status: 'ok',
        is_estimated: 0,
        input_tokens: 100,
        output_tokens: 1_000_000,
      });
      const sent = Math.ceil(MB / spoken[format].words('x'.repeat(1000)).length) * 1000 * 20;
      await untilTrue(() => letters >= sent);
      socket.destroy();
    });
  },
);

const leavings: readonly {
  name: string;
  isStream: boolean;
  answer(voice: Spoken): CannedAnswer;
  hasOutput: boolean;
}[] = [
  {
    name: 'before the head',
    isStream: true,
    answer: () => ({ headAfterMs: Number.POSITIVE_INFINITY }),
    hasOutput: false,
  },
  {
    name: 'while the stream is held back',
    isStream: true,
    answer: (voice) => ({ ...streamed(voice.opening()), ending: 'silence' }),
    hasOutput: false,
  },
  {
    name: 'in the middle of the stream',
    isStream: true,
    answer: (voice) => ({ ...streamed(voice.opening() + voice.words('Some words.')), ending: 'silence' }),
    hasOutput: true,
  },
  {
    name: 'in the middle of a whole reply',
    isStream: false,
    answer: (voice) => ({
      headers: { 'content-type': 'application/json' },
      chunks: [JSON.stringify(voice.whole('Some words.')).slice(0, 80)],
      ending: 'silence',
    }),
    hasOutput: true,
  },
];

/** Asks, waits until the upstream has said all it will say, and goes. */
async function askAndLeave(asking: Asking): Promise<RecordedRequest> {
  const received = upstream.requests.length + 1;
  const leaving = new AbortController();
  const gone = send(house.url, { ...asking, signal: leaving.signal })
    .then((answer) => answer.text())
    .catch(() => 'gone');
  await upstream.waitForRequests(received);
  await new Promise((done) => setTimeout(done, 40));
  leaving.abort();
  expect(await gone).toBe('gone');
  return upstream.requests.at(-1)!;
}

describe.each(cells)('a client of $client that leaves, on $upstream', ({ client, upstream: format }) => {
  it.each(leavings)(
    '$name: the upstream is let go, and booked once',
    async ({ isStream, answer, hasOutput }) => {
      const before = bookedRows().length;
      upstream.answerWith(answer(spoken[format]));
      const request = await askAndLeave({ format: client, model: models[format], isStream });
      await untilTrue(() => request.aborted, 3000);
      const row = await nextEntry(before);
      expect(row).toMatchObject({
        status: 'client_abort',
        price_state: 'priced',
        is_estimated: 1,
        flags: 'missing',
      });
      expect(row.input_tokens).toBeGreaterThan(10);
      expect(row.output_tokens > 0).toBe(hasOutput);
      expect(row.cost_nano).toBeGreaterThan(0);
    },
  );

  it('inside its own request is booked nowhere: nothing was sent', async () => {
    const before = [bookedRows().length, upstream.requests.length];
    const { port } = new URL(house.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    const path = client === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages';
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BOOTSTRAP_KEY}\r\ncontent-length: 500\r\n\r\n{"model":`,
    );
    await openExchanges(1);
    socket.destroy();
    await openExchanges(0);
    expect([bookedRows().length, upstream.requests.length]).toEqual(before);
  });
});

async function openExchanges(count: number): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (Date.now() < giveUpAt) {
    const ready = await fetch(`${house.url}/ready`);
    if (((await ready.json()) as { openExchanges: number }).openExchanges === count) return;
  }
  throw new Error(`there never were ${count} open exchanges`);
}

describe.each(clientFormats)('a client of %s that leaves a provider that bills on', (client) => {
  it('is booked at what the provider reports in the end', async () => {
    const before = bookedRows().length;
    const voice = spoken['openai-chat'];
    upstream.answerWith(
      streamed(voice.opening() + voice.words('Some words.'), {
        bytes: voice.words('More words.') + voice.closing({ ...voice.usage(100, 50), cost: 0.002 }),
        delayMs: 300,
      }),
    );
    const request = await askAndLeave({ format: client, model: 'many/openai/gpt-4o-mini', isStream: true });
    const row = await nextEntry(before);
    expect(row).toMatchObject({
      status: 'client_abort',
      price_state: 'reported',
      cost_nano: 2_000_000,
      input_tokens: 100,
      output_tokens: 50,
      is_estimated: 0,
    });
    expect(request.aborted).toBe(false);
  });
});

describe('300 clients that leave at once', () => {
  it('leave no connection behind, and 300 entries', async () => {
    const before = bookedRows().length;
    const leaving = new AbortController();
    const prompt = '[[sandbox ttfb=0 pace=50 words=5000]]';
    const opened = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        send(house.url, {
          format: clientFormats[index % 2]!,
          model: index % 4 < 2 ? 'oai/scribe' : 'ant/scribe',
          isStream: true,
          prompt,
          signal: leaving.signal,
        }),
      ),
    );
    expect(opened.map((answer) => answer.status)).toEqual(opened.map(() => 200));
    expect(upstream.connections()).toBeGreaterThanOrEqual(300);
    leaving.abort();
    await untilTrue(() => upstream.connections() === 0, 3000);
    await openExchanges(0);
    await untilTrue(() => bookedRows().length >= before + 300);
    const rows = bookedRows().slice(before);
    expect(rows).toHaveLength(300);
    expect(new Set(rows.map((row) => row.exchange_id)).size).toBe(300);
    expect(rows.filter((row) => row.status !== 'client_abort')).toEqual([]);
    expect(rows.filter((row) => row.output_tokens === 0)).toEqual([]);
    expect((await ask(house.url, { format: 'openai-chat', model: 'sandbox/echo' })).status).toBe(200);
  });
});

describe('a client that never finishes its head', () => {
  // Waiting for it would take ten seconds; Node closes by these limits.
  it('is closed by limits far below those of Node', () => {
    const server = createHttpServer({ limits: { exchanges: 10 } } as Gateway, {});
    expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
    expect(server.requestTimeout).toBeLessThanOrEqual(120_000);
    expect(server.requestTimeout).toBeGreaterThan(server.headersTimeout);
    expect(server.maxConnections).toBeGreaterThan(10);
  });
});
