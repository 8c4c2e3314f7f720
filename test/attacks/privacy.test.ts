/** PRIV-01 over HTTP: each mode keeps what it says and nothing more, also in files, logs and metrics; what is over is gone. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExchangeContent } from '../../src/admin/contents.ts';
import type { Privacy } from '../../src/admin/privacy.ts';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type Desk, openDesk, operatorToken, untilTrue } from '../support/open-house.ts';
import { ask, type ClientFormat, clientFormats } from '../support/plain-client.ts';
import { errorEvent, json, spoken, streamed } from '../support/spoken.ts';
import { removeHome, startTurnpike, type TurnpikeProcess } from '../support/turnpike-process.ts';

const SECRET = 'sk-proj-9Xw2LmQ8vT5rYb3NcKd7';
const MAIL = 'ann.lee@customer.example';
const CARD = '4111 1111 1111 1111';
/** No secret, and no word of ours: where it lies, content lies. */
const WORDS = 'heliotrope quagmire xylophonist';
const PROMPT = `${WORDS} asked ${SECRET} from ${MAIL} paid ${CARD}`;
const CLEAN = `${WORDS} asked [api-key] from [e-mail] paid [card]`;

let upstream: FakeUpstream;
let turnpike: TurnpikeProcess;
let desk: Desk;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const config = `providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: "sk-upstream-0123456789abcdef" }
  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: "sk-upstream-0123456789abcdef" }
privacy: { retention_days: 20 }
`;
  turnpike = await startTurnpike({ config, env: { LOG_LEVEL: 'debug' } });
  desk = openDesk(turnpike.url, turnpike.home);
});
afterAll(async () => {
  await turnpike?.stop('SIGKILL');
  await upstream?.close();
  if (turnpike) removeHome(turnpike.home);
});

const models = { 'openai-chat': 'oai/gpt-4o-mini', 'anthropic-messages': 'ant/claude-haiku-4-5' } as const;
const cells = clientFormats.flatMap((client) =>
  clientFormats.flatMap((provider) => [true, false].map((isStream) => ({ client, provider, isStream }))),
);

async function setMode(content: string, retentionDays?: number): Promise<Privacy> {
  return desk.admin<Privacy>('PUT', '/privacy', { content, ...(retentionDays && { retentionDays }) });
}

/** The upstream repeats the prompt, in streams in pieces of four characters. */
async function converse(client: ClientFormat, provider: ClientFormat, isStream: boolean): Promise<string> {
  const voice = spoken[provider];
  const pieces = PROMPT.match(/.{1,4}/g)!;
  const stream = voice.opening() + pieces.map((text) => voice.words(text)).join('') + voice.closing();
  upstream.answerWith(isStream ? streamed(stream) : json(voice.whole(PROMPT)));
  const seen = await ask(turnpike.url, { format: client, model: models[provider], prompt: PROMPT, isStream });
  expect(seen.status).toBe(200);
  expect(seen.text).toBe(PROMPT);
  return seen.exchangeId;
}

const isKept = (id: string): boolean =>
  desk.rows(`select 1 from contents where exchange_id = '${id}'`).length > 0;

async function contentOf(id: string): Promise<ExchangeContent> {
  await untilTrue(() => isKept(id));
  return desk.admin<ExchangeContent>('GET', `/exchanges/${id}/content`);
}

/** All bytes of the data folder. */
function files(): Buffer {
  return Buffer.concat(readdirSync(turnpike.home).map((name) => readFileSync(join(turnpike.home, name))));
}

async function expectNowhere(...texts: string[]): Promise<void> {
  const metrics = await (await fetch(`${turnpike.url}/metrics`)).text();
  const bytes = files();
  for (const text of texts) {
    expect(bytes.includes(text), `${text} in the files`).toBe(false);
    expect(turnpike.output().includes(text), `${text} in the log`).toBe(false);
    expect(metrics.includes(text), `${text} in the metrics`).toBe(false);
  }
}

describe('PRIV-01: what is kept of requests and replies', () => {
  it('PRIV-01: nothing, until an owner says so', async () => {
    expect(await desk.admin<Privacy>('GET', '/privacy')).toMatchObject({
      content: 'metadata',
      effective: { content: 'metadata', retentionDays: 20 },
      stored: { exchanges: 0 },
    });
    const ids: string[] = [];
    for (const { client, provider, isStream } of cells) ids.push(await converse(client, provider, isStream));
    await desk.entries(ids.length);
    expect(desk.rows('select 1 from contents')).toEqual([]);
    await expect(contentNow(ids[0]!)).resolves.toBe(404);
    await expectNowhere(WORDS, SECRET, MAIL, 'heliotrope');
  });

  it.each(cells)('PRIV-01: redacted, a client of $client on $provider (stream: $isStream)', async (cell) => {
    await setMode('redacted');
    const kept = await contentOf(await converse(cell.client, cell.provider, cell.isStream));
    expect(kept).toMatchObject({ mode: 'redacted', clientFormat: cell.client, httpStatus: 200 });
    const { messages } = JSON.parse(kept.request.text) as { messages: object[] };
    expect(messages).toEqual([{ role: 'user', content: CLEAN }]);
    expect(JSON.stringify(JSON.parse(kept.reply.text))).toContain(CLEAN);
    expect(kept.request.redactions).toBe(3);
    expect(kept.reply).toMatchObject({ redactions: 3, isFolded: cell.isStream, isCut: false });
    await expectNowhere(WORDS, SECRET, MAIL);
  });

  it.each(cells)('PRIV-01: full, a client of $client on $provider (stream: $isStream)', async (cell) => {
    await setMode('full');
    const kept = await contentOf(await converse(cell.client, cell.provider, cell.isStream));
    expect(kept.mode).toBe('full');
    expect(kept.request.text).toContain(JSON.stringify(PROMPT));
    if (!cell.isStream) expect(kept.reply.text).toContain(PROMPT);
    expect(kept.reply.kind).toBe('text');
    // In the database it is sealed, and the logs are none of the places it is kept at.
    await expectNowhere(WORDS, SECRET, MAIL);
  });

  it('PRIV-01: what went wrong is kept as well, in its own words', async () => {
    await setMode('redacted');
    upstream.answerWith(json(spoken['openai-chat'].error('invalid', `no such thing: ${PROMPT}`), 400));
    const refused = await ask(turnpike.url, { format: 'openai-chat', model: models['openai-chat'] });
    const kept = await contentOf(refused.exchangeId);
    expect(kept.httpStatus).toBe(400);
    expect(kept.reply.text).toContain(`no such thing: ${CLEAN}`);
    const voice = spoken['anthropic-messages'];
    upstream.answerWith(
      streamed(voice.opening() + voice.words('Well ') + errorEvent(voice, 'api_error', PROMPT)),
    );
    const cut = await ask(turnpike.url, {
      format: 'anthropic-messages',
      model: models['anthropic-messages'],
      isStream: true,
    });
    const half = await contentOf(cut.exchangeId);
    expect(half.reply.text).toContain('Well ');
    expect(half.reply.text).toContain('[api-key]');
    await expectNowhere(WORDS, SECRET, MAIL);
  });

  it('PRIV-01: each reading is told in the audit, and nobody reads without the role', async () => {
    await setMode('full');
    const id = await converse('openai-chat', 'openai-chat', false);
    await contentOf(id);
    const told = desk.rows<{ actor_id: string; detail: string }>(
      `select actor_id, detail from audit_events where action = 'exchanges.content.read' and target = '${id}'`,
    );
    expect(told.map(({ actor_id }) => actor_id)).toEqual(['operator']);
    expect(told[0]!.detail).not.toContain(WORDS);
    const answer = await fetch(`${turnpike.url}/api/v1/exchanges/${id}/content`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(WORDS);
  });

  it('PRIV-01: nothing above what the installation allows', async () => {
    await expect(setMode('full', 21)).rejects.toThrow(/no more than full, for 20 days/);
    await expect(setMode('everything')).rejects.toThrow('400');
    await expect(desk.admin('PUT', '/privacy', { content: 'full', mode: 'full' })).rejects.toThrow('400');
  });

  it('PRIV-01: who wants less is obeyed at once, and what is shredded is gone for good', async () => {
    await setMode('full');
    const before = await converse('openai-chat', 'openai-chat', false);
    await contentOf(before);
    const sealed = desk.rows<{ sealed: string }>('select sealed from content_keys')[0]!.sealed;
    const { exchanges } = await desk.admin<{ exchanges: number }>('DELETE', '/privacy/content');
    expect(exchanges).toBeGreaterThan(10);
    expect(await contentNow(before)).toBe(404);
    expect(desk.rows('select 1 from contents union all select 1 from content_keys')).toEqual([]);
    // The next one gets a key of its own.
    const after = await converse('openai-chat', 'openai-chat', false);
    expect((await contentOf(after)).mode).toBe('full');
    expect(desk.rows<{ sealed: string }>('select sealed from content_keys')[0]!.sealed).not.toBe(sealed);
    await setMode('metadata');
    const none = await converse('openai-chat', 'openai-chat', false);
    await desk.entriesOf(none, 1);
    await new Promise((done) => setTimeout(done, 40));
    expect(await contentNow(none)).toBe(404);
  });
});

async function contentNow(id: string): Promise<number> {
  const headers = { authorization: `Bearer ${operatorToken(turnpike.home)}` };
  const answer = await fetch(`${turnpike.url}/api/v1/exchanges/${id}/content`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}
