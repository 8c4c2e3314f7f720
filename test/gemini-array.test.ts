/** Gemini streams that were not asked for as events are one JSON array, whoever speaks behind, and also when they break. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openHouse(`providers:
  gem: { kind: gemini, base_url: "${upstream.url}/v1beta", api_key: upstream-key-gem }
  ant: { kind: anthropic, base_url: "${upstream.url}", api_key: upstream-key-ant }
`);
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});

interface Chunk {
  readonly candidates?: readonly { readonly content?: { readonly parts?: readonly { text?: string }[] } }[];
  readonly usageMetadata?: { readonly candidatesTokenCount?: number };
  readonly error?: { readonly code: number; readonly message: string };
}

async function stream(model: string, directive: string, query = ''): Promise<Response> {
  return fetch(`${house.url}/v1beta/models/${model}:streamGenerateContent${query}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': BOOTSTRAP_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: `go [[sandbox ${directive}]]` }] }] }),
  });
}

const textOf = (chunks: readonly Chunk[]): string =>
  chunks
    .flatMap(({ candidates }) => candidates ?? [])
    .flatMap(({ content }) => content?.parts ?? [])
    .map(({ text }) => text ?? '')
    .join('');

describe.each([
  ['sandbox/scribe', 'relay'],
  ['gem/scribe', 'relay'],
  ['ant/scribe', 'translate'],
])('%s', (model, lane) => {
  it('streams one array', async () => {
    const answer = await stream(model, 'words=5');
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('x-turnpike-lane')).toBe(lane);
    const chunks = (await answer.json()) as Chunk[];
    expect(chunks.length).toBeGreaterThan(3);
    expect(textOf(chunks).split(' ')).toHaveLength(5);
    expect(chunks.at(-1)?.usageMetadata?.candidatesTokenCount).toBe(5);
  });

  it('is an array with the error as its last element when the provider fails in the middle', async () => {
    const answer = await stream(model, 'words=20 fail=error-event after=3');
    const chunks = (await answer.json()) as Chunk[];
    expect(textOf(chunks).trim().split(' ')).toHaveLength(3);
    expect(chunks.at(-1)?.error?.message).toContain('simulated');
  });

  it('says so when the stream ends too early', async () => {
    const answer = await stream(model, 'words=20 fail=eof after=3');
    const chunks = (await answer.json()) as Chunk[];
    expect(chunks.at(-1)?.error?.message).toMatch(/ended before/);
  });

  it('is events where those were asked for', async () => {
    const answer = await stream(model, 'words=5', '?alt=sse');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('data: '));
    expect(textOf(lines.map((line) => JSON.parse(line.slice(6)) as Chunk)).split(' ')).toHaveLength(5);
  });

  it('is booked alike either way', async () => {
    await house.verify();
    const entries = (await house.entries(4)).filter(({ provider }) => provider === model.split('/')[0]);
    expect(entries.filter(({ status }) => status === 'ok').map((entry) => entry.output_tokens)).toEqual([
      5, 5,
    ]);
    expect(entries).toHaveLength(4);
  });
});
