/** Row 20 of the fault matrix: a request too long for a model goes to those known to hold more, at their price. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { allFormats, expectNativeError } from './support/fault-matrix.ts';
import { ask } from './support/native-client.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { goodOf, jsonOf, voices } from './support/spoken-formats.ts';

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(`providers:
  oai: { kind: openai, formats: [openai-chat], base_url: "${upstream.url}/oai/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${upstream.url}/ant", api_key: upstream-key-ant }
  gem: { kind: gemini, base_url: "${upstream.url}/gem/v1beta", api_key: upstream-key-gem }
routes:
  growing: { models: [oai/gpt-4o-mini, oai/gpt-4o, ant/claude-haiku-4-5] }
  shrinking: { models: [gem/gemini-2.5-flash, ant/claude-haiku-4-5, oai/gpt-4o] }
`);
});
afterAll(async () => {
  await house.verify();
  await house.close();
  await upstream.close();
});

interface Told {
  readonly decision: { readonly skipped: readonly { readonly ref: string; readonly reason: string }[] };
}

const rows = allFormats.flatMap((format) => [true, false].map((isStream) => ({ format, isStream })));

describe.each(rows)('20: a request too long, of $format (stream: $isStream)', ({ format, isStream }) => {
  it('is answered by a model that holds more, and not sent to one that holds the same', async () => {
    const { status, body } = voices['openai-chat'].tooLong;
    const sentBefore = upstream.requests.length;
    upstream.answerWith({ ...jsonOf(body, status), path: '/oai/' });
    upstream.answerWith({ ...goodOf(voices['anthropic-messages'], isStream, 'It fits.'), path: '/ant/' });
    const shown = await ask(house.url, { format, model: 'growing', isStream });
    expect([shown.status, shown.text, shown.attempts]).toEqual([200, 'It fits.', 2]);
    expect(shown.headers.get('x-turnpike-model')).toBe('ant/claude-haiku-4-5');
    expect(upstream.requests.length - sentBefore).toBe(2);
    const entries = await house.entriesOf(shown.exchangeId, 2);
    expect(entries).toMatchObject([
      { model: 'gpt-4o-mini', status: 'upstream_error', price_state: 'free', cost_nano: 0 },
      { model: 'claude-haiku-4-5', status: 'ok', price_state: 'priced', cost_nano: 100 * 1_000 + 10 * 5_000 },
    ]);
    const { decision } = await house.admin<Told>('GET', `/exchanges/${shown.exchangeId}`);
    expect(decision.skipped).toMatchObject([{ ref: 'oai/gpt-4o', reason: 'context_too_long' }]);
  });

  it('is told so where no other model holds more', async () => {
    const { status, body } = voices['gemini-generate'].tooLong;
    const sentBefore = upstream.requests.length;
    upstream.answerWith({ ...jsonOf(body, status), path: '/gem/' });
    const shown = await ask(house.url, { format, model: 'shrinking', isStream });
    expect([shown.status, shown.attempts]).toEqual([400, 1]);
    expectNativeError(shown, format);
    expect(shown.error?.message).toMatch(/exceeds the maximum number of tokens/);
    expect(upstream.requests.length - sentBefore).toBe(1);
  });
});
