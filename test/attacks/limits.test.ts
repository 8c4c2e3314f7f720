// DOS: bodies, connections and upstreams that are made to cost more than they are worth, against a process of its own.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operatorToken } from '../support/open-house.ts';
import {
  BOOTSTRAP_KEY,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from '../support/turnpike-process.ts';

const MB = 1024 * 1024;
/** More than the buffers of the system take for a connection on each side. */
const FLOOD_BYTES = 8 * MB;
const STREAMS = 60;

/** What the upstream does with a request, by the model that it names. */
type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

const event = (text: string) =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`;
const streamHead = { 'content-type': 'text/event-stream' };

/** As fast as the other side reads, up to so many bytes; then it says nothing more. */
function pour(response: ServerResponse, piece: string | Buffer, mostBytes: number): void {
  let left = mostBytes;
  const write = () => {
    while (!response.destroyed && left > 0) {
      left -= piece.length;
      if (!response.write(piece)) return response.once('drain', write);
    }
    return response;
  };
  write();
}

const every = (ms: number, response: ServerResponse, work: () => void): void => {
  const timer = setInterval(work, ms);
  response.on('close', () => clearInterval(timer));
};

/** Streams that wait for the word to begin. */
const flooding: (() => void)[] = [];
const bomb = gzipSync(Buffer.alloc(200 * MB));
const behaviours: Record<string, Behaviour> = {
  good: (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'x',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    ),
  bomb: (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(bomb),
  'bomb-unsaid': (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(bomb),
  'bomb-stream': (response) =>
    void response.writeHead(200, { ...streamHead, 'content-encoding': 'gzip' }).end(bomb),
  flood: (response) => {
    response.writeHead(200, streamHead).write(event('one'));
    flooding.push(() => pour(response, event('x'.repeat(16_000)), FLOOD_BYTES));
  },
  endless: (response) => {
    response.writeHead(200, streamHead);
    every(20, response, () => response.write(event('and ')));
  },
  drip: (response) => {
    response.writeHead(200, streamHead);
    response.write(event('one'));
  },
  'drip-bytes': (response) => {
    response.writeHead(200, streamHead);
    response.write(event('one'));
    every(100, response, () => response.write(' '));
  },
  pings: (response) => {
    response.writeHead(200, streamHead);
    response.write(event('one'));
    every(50, response, () => response.write(': ping\n\n'));
  },
  line: (response) => {
    response.writeHead(200, streamHead);
    response.write(event('one'));
    response.write('data: "');
    response.write('x'.repeat(50 * MB));
  },
  whole: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"pad":"');
    pour(response, Buffer.alloc(256 * 1024, 'x'), 60 * MB);
  },
};

interface Upstream {
  readonly url: string;
  readonly connections: () => number;
  close(): void;
}

async function startUpstream(): Promise<Upstream> {
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    let text = '';
    response.on('error', () => {});
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { model = '' } = JSON.parse(text || '{}') as { model?: string };
      (behaviours[model] ?? behaviours.good)!(response, request);
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => open.size,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

let upstream: Upstream;
let turnpike: TurnpikeProcess;

beforeAll(async () => {
  upstream = await startUpstream();
  const timeouts =
    '{ connect_ms: 2000, first_byte_ms: 2000, idle_ms: 800, content_ms: 1200, total_ms: 2500 }';
  const provider = (kind: string, more: string) =>
    `{ kind: ${kind}, base_url: "${upstream.url}/v1", timeouts: ${more} }`;
  turnpike = await startTurnpike({
    config: [
      'limits: { body_bytes: 33554432 }',
      'providers:',
      `  up: ${provider('openai-compatible', timeouts)}`,
      `  slow: ${provider('openai-compatible', '{ idle_ms: 60000, total_ms: 60000 }')}`,
      '',
    ].join('\n'),
    env: { LOG_LEVEL: 'silent', TURNPIKE_DURABILITY: 'process' },
  });
}, 30_000);
afterAll(async () => {
  await turnpike?.stop('SIGKILL');
  upstream?.close();
  if (turnpike) removeHome(turnpike.home);
});
afterEach(async () => {
  expect(turnpike.child.exitCode, 'the process must be alive').toBeNull();
  const answer = await post('/v1/chat/completions', request('up/good'));
  expect(answer.status, 'and answer others').toBe(200);
});

const request = (model: string, more: object = {}): string =>
  JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 5, ...more });

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(turnpike.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  // An answer that is broken off on purpose ends with an error.
  return {
    status: answer.status,
    text: await answer.text().catch((error: Error) => `broken off: ${error.name}`),
  };
}

/** Bytes that the process holds in memory; undefined where the system does not say. */
function residentBytes(): number | undefined {
  try {
    const status = readFileSync(`/proc/${turnpike.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** The most that it holds while `work` goes on, beyond what it held before. */
async function growthWhile(work: () => Promise<void>): Promise<number> {
  const before = residentBytes() ?? 0;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes() ?? 0);
  }, 20);
  await work().finally(() => clearInterval(timer));
  return Math.max(most, residentBytes() ?? 0) - before;
}

async function until(isTrue: () => boolean, limitMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + limitMs;
  while (!isTrue() && Date.now() < giveUpAt) await new Promise((done) => setTimeout(done, 20));
  return isTrue();
}

const PATHS = ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/api/chat', '/v1/embeddings'];
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const manyKeys = () => Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":0`).join();

describe('DOS-01', () => {
  const bodies: readonly (readonly [string, () => string, readonly number[]])[] = [
    ['10,000 levels', () => `{"model":"up/good","messages":${nested(10_000)}}`, [400]],
    ['100,000 levels', () => `{"model":"up/good","messages":${nested(100_000)}}`, [400]],
    ['a million levels', () => `{"model":"up/good","messages":${nested(1_000_000)}}`, [400]],
    ['a million levels of objects', () => `{"model":"up/good","x":${'{"a":'.repeat(1_000_000)}`, [400]],
    ['a million fields', () => `{"model":"up/good",${manyKeys()}}`, [400]],
    ['a million keys', () => `{"model":"up/good","messages":[],"metadata":{${manyKeys()}}}`, [400]],
    ['50 MB', () => request('up/good', { pad: 'x'.repeat(50 * MB) }), [413]],
    ['two models', () => '{"model":"up/good","model":"up/bomb","messages":[]}', [400]],
    ['1e400 tokens', () => '{"model":"up/good","max_tokens":1e400,"messages":[]}', [400]],
    ['a nested 1e400', () => '{"model":"up/good","messages":[],"metadata":{"a":[-1e400]}}', [400]],
  ];
  it.each(bodies)('DOS-01: a body of %s is refused, in every format', async (_name, make, statuses) => {
    const body = make();
    // Those that are large are read by the same code, whatever the path.
    for (const path of body.length > 4 * MB ? PATHS.slice(0, 2) : PATHS) {
      expect(statuses, path).toContain((await post(path, body)).status);
    }
  });

  it.each([
    ['64 levels and more', () => `{"name":"a","headers":${nested(10_000)}}`, 400],
    ['30,000 levels of objects', () => `{"a":${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}}`, 413],
    ['a million keys', () => `{${manyKeys()}}`, 413],
    ['50 MB', () => `{"name":"${'x'.repeat(50 * MB)}"}`, 413],
  ])('DOS-01: the admin API refuses %s', async (_name, make, status) => {
    const headers = { authorization: `Bearer ${operatorToken(turnpike.home)}` };
    const body = make();
    const paths = ['/providers', '/keys', '/budgets', '/routing/explain'];
    for (const path of body.length > MB ? paths.slice(0, 1) : paths) {
      const answer = await post(`/api/v1${path}`, body, headers);
      expect(answer.status, `${path}: ${answer.text.slice(0, 100)}`).toBe(status);
    }
  });
});

describe('DOS-02', () => {
  // 200 MB of one letter, in a body that would be read.
  const text = Buffer.from(request('up/good', { pad: 'x'.repeat(200 * MB) }));
  const packed: readonly (readonly [string, Buffer])[] = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ];
  it.each(packed)('DOS-02: a bomb of %s is not unpacked', async (encoding, body) => {
    const growth = await growthWhile(async () => {
      const answer = await post('/v1/chat/completions', body, { 'content-encoding': encoding });
      expect(answer.status).toBe(413);
    });
    expect(growth).toBeLessThan(100 * MB);
  });

  it.each(['gzip, gzip', 'compress', 'gzip;q=1', 'xyz'])('DOS-02: %s is no encoding', async (encoding) => {
    const answer = await post('/v1/chat/completions', gzipSync('{}'), { 'content-encoding': encoding });
    expect(answer.status).toBe(415);
  });

  it('DOS-02: the admin API takes plain bodies alone', async () => {
    const headers = { authorization: `Bearer ${operatorToken(turnpike.home)}`, 'content-encoding': 'gzip' };
    expect((await post('/api/v1/keys', packed[0]![1], headers)).status).toBe(415);
  });
});

describe('DOS-03', () => {
  it.each(['bomb', 'bomb-unsaid', 'bomb-stream'])(
    'DOS-03: a %s of an upstream stays packed',
    async (model) => {
      const growth = await growthWhile(async () => {
        const answer = await post(
          '/v1/chat/completions',
          request(`up/${model}`, { stream: model === 'bomb-stream' }),
        );
        // Who does not say that it is packed is passed on as it came.
        expect(answer.status).toBe(model === 'bomb-unsaid' ? 200 : 502);
        expect(answer.text.length).toBeLessThan(MB);
      });
      expect(growth).toBeLessThan(50 * MB);
    },
  );

  it('DOS-03: a whole answer that does not end is cut', async () => {
    const answer = await post('/v1/chat/completions', request('up/whole'));
    expect([502, 504, 200], answer.text.slice(-200)).toContain(answer.status);
    expect(answer.text.length).toBeLessThan(200 * MB);
  });
});

/** A connection that was opened and said something; `isClosed` by the other side. */
interface Held {
  readonly socket: Socket;
  isClosed: boolean;
  answer: string;
}

function hold(text: string): Held {
  const socket = connect(Number(new URL(turnpike.url).port), '127.0.0.1', () => socket.write(text));
  const held: Held = { socket, isClosed: false, answer: '' };
  socket.on('data', (chunk) => {
    held.answer += chunk.toString('latin1').slice(0, 200);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    held.isClosed = true;
  });
  return held;
}

describe('DOS-04', () => {
  it('DOS-04: heads and bodies that drip are hung up on, and others do not notice', async () => {
    const heads = Array.from({ length: 1_000 }, () => hold('POST /v1/chat/completions HTTP/1.1\r\nx-a: '));
    const bodies = Array.from({ length: 100 }, () =>
      hold(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BOOTSTRAP_KEY}\r\ncontent-length: 1000000\r\n\r\n{"model":`,
      ),
    );
    const all = [...heads, ...bodies];
    const timer = setInterval(() => {
      for (const { socket, isClosed } of all) if (!isClosed) socket.write('a');
    }, 1_000);
    const seen: number[] = [];
    const areClosed = () => all.every(({ isClosed, answer }) => isClosed || answer.includes(' 408 '));
    const giveUpAt = Date.now() + 28_000;
    while (!areClosed() && Date.now() < giveUpAt) {
      seen.push((await post('/v1/chat/completions', request('up/good'))).status);
      await new Promise((done) => setTimeout(done, 250));
    }
    clearInterval(timer);
    for (const { socket } of all) socket.destroy();
    expect(all.filter(({ isClosed, answer }) => !isClosed && !answer.includes(' 408 '))).toHaveLength(0);
    expect(new Set(seen)).toEqual(new Set([200]));
  }, 35_000);
});

describe('DOS-05', () => {
  it('DOS-05: streams that nobody reads hold little, and their upstreams are let go with them', async () => {
    const body = request('slow/flood', { stream: true });
    const text = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BOOTSTRAP_KEY}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    let held: Held[] = [];
    const growth = await growthWhile(async () => {
      held = Array.from({ length: STREAMS }, () => {
        const one = hold(text);
        one.socket.pause();
        return one;
      });
      expect(await until(() => flooding.length === STREAMS, 15_000)).toBe(true);
      for (const begin of flooding) begin();
      // Long enough to fill whatever would be filled.
      await new Promise((done) => setTimeout(done, 1_500));
    });
    for (const { socket } of held) socket.destroy();
    // The heap takes its room in steps.
    expect(growth).toBeLessThan(STREAMS * 256 * 1024 + 32 * MB);
    expect(await until(() => upstream.connections() <= 10, 5_000)).toBe(true);
  }, 30_000);
});

describe('DOS-06', () => {
  it.each([
    ['one that says nothing more', 'drip', 100],
    ['one that drips bytes without a meaning', 'drip-bytes', 100],
    ['one that is full of pings', 'pings', 100],
    ['one that does not end', 'endless', 100],
    // Its first 16 MB are held by each of those who read along, and all of it waits for the collector.
    ['a line of 50 MB', 'line', 400],
  ])('DOS-06: a stream, %s, is ended', async (_name, model, mostMb) => {
    const growth = await growthWhile(async () => {
      const answer = await post('/v1/chat/completions', request(`up/${model}`, { stream: true }));
      expect(answer.status).toBe(200);
      expect(answer.text).toMatch(/"error"|broken off/);
      expect(answer.text).not.toContain('[DONE]');
    });
    expect(growth).toBeLessThan(mostMb * MB);
    expect(await until(() => upstream.connections() <= 10, 5_000)).toBe(true);
  });
});
