/**
 * Streams whose upstream is silent: the client's connection is kept open by comments that no SDK sees, never by
 * events, never inside a frame; and what was held back goes out when the wait is long.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { type ClientFormat, clientFormats } from './support/plain-client.ts';
import { spoken } from './support/spoken.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

/** A comment is due after this silence, give or take a third. */
const KEEP_ALIVE_MS = 100;
const SILENCE_MS = 350;
const COMMENT = ': keep-alive\n\n';

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(`limits: { keep_alive_ms: ${KEEP_ALIVE_MS} }
providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: upstream-key-ant }
`);
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

const paths: Readonly<Record<ClientFormat, string>> = {
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
};
const refs: Readonly<Record<ClientFormat, string>> = {
  'openai-chat': 'oai/gpt-4o-mini',
  'anthropic-messages': 'ant/claude-haiku-4-5',
};

function stream(client: ClientFormat, from: ClientFormat, signal?: AbortSignal): Promise<Response> {
  return fetch(house.url + paths[client], {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: refs[from],
      stream: true,
      stream_options: client === 'openai-chat' ? { include_usage: true } : undefined,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Hi' }],
    }),
    ...(signal && { signal }),
  });
}

const cells = clientFormats.flatMap((client) => clientFormats.map((from) => ({ client, from })));
const events = { 'content-type': 'text/event-stream' };

describe.each(cells)('$client from $from', ({ client, from }) => {
  const { opening, words, closing, usage } = spoken[from];

  it('writes comments while the upstream is silent, and nothing else', async () => {
    const said = opening(usage(3, 0)) + words('one');
    const rest = closing(usage(3, 1));
    const pause = { bytes: rest, delayMs: SILENCE_MS };
    upstream.answerWith({ headers: events, chunks: [said, pause] });
    const silent = await (await stream(client, from)).text();
    upstream.answerWith({ headers: events, chunks: [said, rest] });
    const quick = await (await stream(client, from)).text();
    expect(silent).toContain(COMMENT);
    expect(quick).not.toContain(COMMENT);
    const shape = (text: string): string =>
      text.replaceAll(COMMENT, '').replaceAll(/(exc_\w+|"created":\d+)/g, '');
    expect(shape(silent)).toBe(shape(quick));
  });

  it('sends the head and what was held when the first content is long in coming', async () => {
    upstream.answerWith({ headers: events, chunks: [opening(usage(3, 0))], ending: 'silence' });
    const stop = new AbortController();
    const answer = await stream(client, from, stop.signal);
    expect(answer.status).toBe(200);
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(COMMENT)) text += (await reader.read()).value;
    stop.abort();
  });
});

describe.each(clientFormats)('relayed %s', (format) => {
  it('never writes inside a frame', async () => {
    const { opening, words, closing, usage } = spoken[format];
    const whole = opening(usage(3, 0)) + words('one') + words('two') + closing(usage(3, 2));
    const cut = whole.indexOf('two');
    const pause = { bytes: whole.slice(cut), delayMs: SILENCE_MS };
    upstream.answerWith({ headers: events, chunks: [whole.slice(0, cut), pause] });
    expect(await (await stream(format, format)).text()).toBe(whole);
  });
});
