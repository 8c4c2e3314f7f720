/** LEAK-01, LEAK-04 and LEAK-06 over HTTP: nothing of a provider's key, of a header or of our insides in any answer, log, file or metric. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CannedAnswer, type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { openDesk, operatorToken, untilTrue } from '../support/open-house.ts';
import { ask, clientFormats, send } from '../support/plain-client.ts';
import { errorEvent, json, spoken, streamed } from '../support/spoken.ts';
import {
  BOOTSTRAP_KEY,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from '../support/turnpike-process.ts';

const CANARY = 'sk-canary-7Hq2WxN9pLz4RtVb6KmYsJ3d';
/** What clients send along: none of it is anybody's business. */
const HEADERS = {
  cookie: 'session=cookie-canary-51ab',
  'x-secret-header': 'header-canary-77cd',
  'x-forwarded-for': '198.51.100.23',
  'x-turnpike-session': 'a session',
};
/** Whoever reads them could go on from there. */
const INSIDES = [
  /\n\s+at /,
  /node_modules/,
  /\.[jt]s:\d+/,
  /\/dist\//,
  /select .* from/i,
  /SQLITE/,
  /kysely/,
];

let upstream: FakeUpstream;
let turnpike: TurnpikeProcess;
const answers: string[] = [];

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const config = `providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: "\${CANARY_KEY}" }
  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: "\${CANARY_KEY}" }
`;
  turnpike = await startTurnpike({ config, env: { LOG_LEVEL: 'debug', CANARY_KEY: CANARY } });
  // The mode in which the most is written down.
  await openDesk(turnpike.url, turnpike.home).admin('PUT', '/privacy', { content: 'full' });
});
beforeEach(() => openDesk(turnpike.url, turnpike.home).forgetHealth());
afterAll(async () => {
  await turnpike?.stop('SIGKILL');
  await upstream?.close();
  if (turnpike) removeHome(turnpike.home);
});

const parts = (text: string): string[] =>
  Array.from({ length: text.length - 11 }, (_, at) => text.slice(at, at + 12));
const traces = [
  ...parts(CANARY),
  // The middle of its base64, wherever in a text it began.
  ...[0, 1, 2].flatMap((at) =>
    parts(
      Buffer.from('u'.repeat(at) + CANARY)
        .toString('base64')
        .slice(4, -4),
    ),
  ),
];

function expectClean(text: string, where: string): void {
  for (const trace of traces) expect(text.includes(trace), `${trace} in ${where}`).toBe(false);
}

const models = { 'openai-chat': 'oai/gpt-4o-mini', 'anthropic-messages': 'ant/claude-haiku-4-5' } as const;
const cells = clientFormats.flatMap((client) =>
  clientFormats.flatMap((provider) => [true, false].map((isStream) => ({ client, provider, isStream }))),
);
const echoes = [
  ['whole', `Incorrect API key provided: ${CANARY}.`],
  ['as it was sent', `You sent "Authorization: Bearer ${CANARY}" and "x-api-key: ${CANARY}".`],
  ['in base64', `You sent Basic ${Buffer.from(`u:${CANARY}`).toString('base64')}`],
  ['cut in the middle', `The key ${CANARY.slice(0, 20)}... is not known`],
  ['its end', `No key ends in ${CANARY.slice(-16)}`],
] as const;

describe('LEAK-01: an upstream that repeats the key it was sent', () => {
  describe.each(cells)(
    'a client of $client on $provider (stream: $isStream)',
    ({ client, provider, isStream }) => {
      it.each(echoes)('LEAK-01: %s, in a 401', async (_name, message) => {
        upstream.answerWith(json(spoken[provider].error('authentication_error', message), 401));
        await check({ format: client, model: models[provider], isStream });
      });
      it.each(echoes)('LEAK-01: %s, in the middle of what it says', async (_name, message) => {
        const voice = spoken[provider];
        const broken = voice.opening() + voice.words('So far. ') + errorEvent(voice, 'api_error', message);
        upstream.answerWith(isStream ? streamed(broken) : json(voice.error('api_error', message), 500));
        await check({ format: client, model: models[provider], isStream });
      });
    },
  );

  async function check(asking: Parameters<typeof ask>[1]): Promise<void> {
    const seen = await ask(turnpike.url, { ...asking, headers: HEADERS });
    const all = `${JSON.stringify([...seen.headers])}\n${seen.raw}`;
    answers.push(all);
    expect(seen.error).toBeDefined();
    expectClean(all, 'the answer');
  }
});

const key = { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' };
const invalid = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const mistakes: readonly (readonly [name: string, path: string, init: RequestInit, status: number])[] = [
  ['JSON that is none', '/v1/messages', { method: 'POST', headers: key, body: '{"model": ' }, 400],
  [
    'invalid UTF-8',
    '/v1/chat/completions',
    { method: 'POST', headers: key, body: new Uint8Array(invalid) },
    400,
  ],
  ['nesting', '/v1/messages', { method: 'POST', headers: key, body: `{"messages":${deep}}` }, 400],
  ['an unknown path', '/v1/what/is/there?key=secret-query-8d', { headers: key }, 404],
  [
    'an unknown key',
    '/v1/messages',
    { method: 'POST', headers: { 'x-api-key': 'tp-unknown-3c' }, body: '{}' },
    401,
  ],
  ['an id that is SQL', "/v1/models/x'%20or%201=1--", { headers: key }, 404],
  ['admin: JSON that is none', '/api/v1/keys', { method: 'POST', body: '{"name": ' }, 400],
  ['admin: nesting', '/api/v1/keys', { method: 'POST', body: `{"name":${deep}}` }, 400],
  ['admin: an unknown field', '/api/v1/privacy', { method: 'PUT', body: '{"content":"full","x":1}' }, 400],
  ['admin: a path that is none', '/api/v1/nothing/here', {}, 404],
  ['admin: an id that is SQL', "/api/v1/exchanges/exc_'%20or%20'1'='1", {}, 404],
  ['admin: an id with a NUL', '/api/v1/exchanges/exc_%00/content', {}, 404],
];

describe('LEAK-04: mistakes are answered without a look inside', () => {
  it.each(mistakes)('LEAK-04: %s', async (_name, path, init, status) => {
    const headers = path.startsWith('/api/')
      ? { authorization: `Bearer ${operatorToken(turnpike.home)}`, 'content-type': 'application/json' }
      : init.headers;
    const answer = await fetch(turnpike.url + path, { ...init, ...(headers && { headers }) });
    const text = await answer.text();
    answers.push(text);
    expect([status, answer.status]).toEqual([status, status]);
    expect(answer.headers.get('content-type')).toContain('json');
    expect(() => JSON.parse(text)).not.toThrow();
    for (const inside of INSIDES) expect(text).not.toMatch(inside);
    for (const text of [turnpike.home, 'tp-unknown-3c', 'secret-query-8d', process.version])
      expect(answers.at(-1)).not.toContain(text);
    expect(answer.headers.get('server') ?? answer.headers.get('x-powered-by')).toBeNull();
  });
  it('LEAK-04: what is no HTTP at all', async () => {
    const { port } = new URL(turnpike.url);
    const said = await new Promise<string>((done) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET / HTTP/9.9\r\nx: \u0001\r\n\r\n'),
      );
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('close', () => done(text));
    });
    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    for (const inside of INSIDES) expect(said).not.toMatch(inside);
  });
  it('LEAK-04: a fault of ours names the exchange and nothing else', async () => {
    // An upstream that says nonsense, and one that goes away.
    const oddities: readonly CannedAnswer[] = [
      { chunks: ['\u0000'], status: 299 },
      { ending: 'cut', chunks: ['{'] },
    ];
    for (const canned of oddities) {
      upstream.answerWith(canned);
      const answer = await send(turnpike.url, { format: 'openai-chat', model: models['openai-chat'] });
      const text = await answer.text().catch(() => '');
      for (const inside of INSIDES) expect(text).not.toMatch(inside);
      expect(answer.headers.get('x-turnpike-exchange-id')).toMatch(/^exc_/);
    }
  });
});

describe('LEAK-06: what is written down of a request', () => {
  it('LEAK-06: content that is kept holds the body and no header', async () => {
    upstream.answerWith(json(spoken['openai-chat'].whole('Hello.')));
    const seen = await ask(turnpike.url, {
      format: 'openai-chat',
      model: models['openai-chat'],
      headers: HEADERS,
    });
    const desk = openDesk(turnpike.url, turnpike.home);
    const query = `select 1 from contents where exchange_id = '${seen.exchangeId}'`;
    await untilTrue(() => desk.rows(query).length > 0);
    const content = JSON.stringify(await desk.admin('GET', `/exchanges/${seen.exchangeId}/content`));
    expect(content).toContain('Hello.');
    const decided = JSON.stringify(await desk.admin('GET', `/exchanges/${seen.exchangeId}`));
    for (const text of [BOOTSTRAP_KEY, CANARY, 'cookie-canary-51ab', 'header-canary-77cd', '198.51.100.23'])
      for (const told of [content, decided]) expect(told).not.toContain(text);
  });
  it('LEAK-06: logs, metrics, files and the admin API hold neither the key nor a header', async () => {
    expect(answers.length).toBeGreaterThan(40);
    const admin = { authorization: `Bearer ${operatorToken(turnpike.home)}` };
    const paths = [
      '/exchanges?limit=500',
      '/providers',
      '/credentials',
      '/keys',
      '/audit',
      '/config',
      '/health',
    ];
    const places: [where: string, text: string][] = [
      ['the log', turnpike.output()],
      ['the metrics', await (await fetch(`${turnpike.url}/metrics`)).text()],
    ];
    for (const path of paths) {
      const answer = await fetch(`${turnpike.url}/api/v1${path}`, { headers: admin });
      expect(answer.status, path).toBe(200);
      places.push([path, await answer.text()]);
    }
    for (const name of readdirSync(turnpike.home).filter((file) => file !== 'client.json'))
      places.push([name, readFileSync(join(turnpike.home, name)).toString('latin1')]);
    expect(places.map(([where]) => where)).toContain('turnpike.db-wal');
    for (const [where, text] of places) {
      expectClean(text, where);
      for (const secret of [BOOTSTRAP_KEY, 'cookie-canary-51ab', 'header-canary-77cd', 'tp-unknown-3c'])
        expect(text.includes(secret), `${secret} in ${where}`).toBe(false);
    }
  });
});
