/** What must stay inside: an upstream credential and a virtual key are in no answer, no log line, no metric and no file, even where the upstream itself says them aloud. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { openDesk, operatorToken } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats } from './support/plain-client.ts';
import { errorEvent, good, json, type Spoken, spoken, streamed } from './support/spoken.ts';
import {
  BOOTSTRAP_KEY,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from './support/turnpike-process.ts';

const CANARY = 'sk-canary-4Wm9ZqT7xK2bVn8LsRfD';
/** The whole, as base64, and from any of its middles. */
const traces = [CANARY, Buffer.from(CANARY).toString('base64').slice(0, 36), CANARY.slice(10, 22)];

/** The canary comes by the environment, so that even the configuration file does not hold it. */
const config = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: "\${CANARY_KEY}" }
  ant: { kind: anthropic, base_url: "${url}", api_key: "\${CANARY_KEY}" }
`;
const models = { 'openai-chat': 'oai/gpt-4o-mini', 'anthropic-messages': 'ant/claude-haiku-4-5' } as const;
const cells = clientFormats.flatMap((client) =>
  clientFormats.map((format) => ({ client, upstream: format })),
);

let upstream: FakeUpstream;
let turnpike: TurnpikeProcess;
let madeToken = '';
const answers: string[] = [];
beforeAll(async () => {
  upstream = await startFakeUpstream();
  turnpike = await startTurnpike({
    config: config(upstream.url),
    env: { LOG_LEVEL: 'debug', CANARY_KEY: CANARY },
  });
  const desk = openDesk(turnpike.url, turnpike.home);
  madeToken = (await desk.admin<{ token: string }>('POST', '/keys', { name: 'made' })).token;
});
// Providers that refuse our key in one test are to be asked in the next.
beforeEach(() => openDesk(turnpike.url, turnpike.home).forgetHealth());
afterAll(async () => {
  await turnpike.stop('SIGKILL');
  await upstream.close();
  removeHome(turnpike.home);
});

const told = `The key ${CANARY} is not valid (Bearer ${CANARY}).`;
const wholeErrors: readonly {
  name: string;
  answer: (voice: Spoken) => Parameters<FakeUpstream['answerWith']>[0];
}[] = [
  { name: 'a 401', answer: (voice) => json(voice.error('authentication_error', told), 401) },
  { name: 'a 401 of plain text', answer: () => ({ status: 401, chunks: [told] }) },
  {
    name: 'a 400 in a field of its own',
    answer: () => json({ error: { message: 'no', type: 'x', code: CANARY, key: told } }, 400),
  },
  { name: 'a 503', answer: (voice) => json(voice.error('api_error', told), 503) },
  {
    name: 'an early error event',
    answer: (voice) => streamed(errorEvent(voice, 'authentication_error', told)),
  },
];

function midStream(voice: Spoken): ReturnType<typeof streamed> {
  return streamed(voice.opening() + voice.words('Fine so far.') + errorEvent(voice, 'api_error', told));
}

function checkClean(text: string, where: string): void {
  for (const trace of traces) expect(text.includes(trace), `${trace} in ${where}`).toBe(false);
}

async function askAnd(
  format: ClientFormat,
  upstreamFormat: ClientFormat,
  isStream: boolean,
): Promise<string> {
  const seen = await ask(turnpike.url, { format, model: models[upstreamFormat], isStream });
  const all = `${JSON.stringify([...seen.headers])}\n${seen.raw}`;
  answers.push(all);
  return all;
}

describe.each(cells)('a client of $client on $upstream', ({ client, upstream: format }) => {
  const rows = wholeErrors.flatMap((row) => [true, false].map((isStream) => ({ ...row, isStream })));
  it.each(rows)(
    'does not see the key an upstream says in $name (stream: $isStream)',
    async ({ answer, isStream }) => {
      upstream.answerWith(answer(spoken[format]));
      checkClean(await askAnd(client, format, isStream), 'the answer');
    },
  );
  const midway = async (): Promise<void> => {
    upstream.answerWith(midStream(spoken[format]));
    const seen = await askAnd(client, format, true);
    expect(seen).toContain('Fine so far.');
    checkClean(seen, 'the stream');
  };
  it('does not see it in the middle of a stream', midway);
});

describe('what is forwarded', () => {
  it.each(cells)('holds our credential and nothing of the client’s ($client on $upstream)', async (cell) => {
    upstream.answerWith(good(spoken[cell.upstream], false));
    const headers = {
      cookie: 'session=secret-cookie',
      'x-forwarded-for': '10.9.8.7',
      'proxy-authorization': 'Basic secret-proxy',
      'metadata-flavor': 'Google',
      'x-turnpike-end-user': 'ann',
      'x-goog-api-key': BOOTSTRAP_KEY,
    };
    const seen = await ask(turnpike.url, { format: cell.client, model: models[cell.upstream], headers });
    expect(seen.status).toBe(200);
    const { headers: sent, path, body } = upstream.requests.at(-1)!;
    const all = `${path}\n${JSON.stringify(sent)}\n${body.toString('utf8')}`;
    expect(all).toContain(CANARY);
    for (const secret of [
      BOOTSTRAP_KEY,
      'secret-cookie',
      '10.9.8.7',
      'secret-proxy',
      'Google',
      'turnpike-end-user',
    ])
      expect(all).not.toContain(secret);
  });
  it('drops a key in the query', async () => {
    const url = `${turnpike.url}/v1/messages?beta=true&key=${madeToken}`;
    upstream.answerWith(good(spoken['anthropic-messages'], false));
    const body = {
      model: models['anthropic-messages'],
      max_tokens: 9,
      messages: [{ role: 'user', content: 'x' }],
    };
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    expect(upstream.requests.at(-1)!.path).toBe('/v1/messages?beta=true');
  });
});

describe('after all that traffic', () => {
  const keys = (): string[] => [...traces, BOOTSTRAP_KEY, madeToken];
  const checkNone = (text: string, where: string): void => {
    for (const key of keys()) expect(text.includes(key), `${key.slice(0, 12)}… in ${where}`).toBe(false);
  };
  it('no answer held a virtual key', () => {
    for (const text of answers) for (const key of [BOOTSTRAP_KEY, madeToken]) expect(text).not.toContain(key);
    expect(answers.length).toBeGreaterThan(40);
  });
  it('the log at its most talkative holds none', () => {
    expect(turnpike.output()).toContain('exchange ended');
    checkNone(turnpike.output(), 'the log');
    expect(turnpike.output()).not.toContain(operatorToken(turnpike.home));
  });
  it.each(['/metrics', '/ready', '/health', '/'])('%s holds none', async (path) => {
    checkNone(await (await fetch(turnpike.url + path)).text(), path);
  });
  it.each(['/providers', '/models', '/keys', '/exchanges?limit=500', '/usage?by=key', '/installation'])(
    'the admin API’s %s holds none',
    async (path) => {
      const headers = { authorization: `Bearer ${operatorToken(turnpike.home)}` };
      const answer = await fetch(`${turnpike.url}/api/v1${path}`, { headers });
      expect(answer.status, path).toBe(200);
      checkNone(await answer.text(), path);
    },
  );
  it('no file holds one, but the client file its own key', async () => {
    const desk = openDesk(turnpike.url, turnpike.home);
    await desk.entries(answers.length);
    const files = readdirSync(turnpike.home).filter((name) => name !== 'client.json');
    expect(files).toContain('turnpike.db');
    expect(files).toContain('turnpike.db-wal');
    const token = operatorToken(turnpike.home);
    for (const name of files) {
      const bytes = readFileSync(join(turnpike.home, name)).toString('latin1');
      checkNone(bytes, name);
      expect(bytes.includes(token), name).toBe(false);
    }
    checkClean(readFileSync(join(turnpike.home, 'client.json'), 'utf8'), 'client.json');
  });
});
