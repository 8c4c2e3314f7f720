/** What a budget stops, in the words of the formats whose clients read more than a status: when there is more is in the body. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse(`budgets:
  - { name: daily, scope: "agent:daily", period: day, limit_usd: 0, queue_ms: 0 }
  - { name: whole, scope: "agent:whole", period: total, limit_usd: 0, queue_ms: 0 }
`);
});
afterAll(() => house.close());

const gemini = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
const messages = [{ role: 'user', content: 'hi' }];

async function ask(path: string, agent: string, body: object) {
  const answer = await fetch(house.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${BOOTSTRAP_KEY}`,
      'content-type': 'application/json',
      'x-turnpike-agent': agent,
      'x-turnpike-model': 'sandbox/scribe',
    },
    body: JSON.stringify(body),
  });
  const { headers, status } = answer;
  return { status, headers, body: (await answer.json()) as unknown };
}

const retryInfo = 'type.googleapis.com/google.rpc.RetryInfo';

interface GoogleError {
  readonly error: {
    readonly status: string;
    readonly details: readonly { readonly '@type': string; readonly retryDelay?: string }[];
  };
}

it.each(['generateContent', 'streamGenerateContent?alt=sse'])(
  "tells Google's clients in %s to wait until the window ends",
  async (call) => {
    const { status, body, headers } = await ask(`/v1beta/models/any:${call}`, 'daily', gemini);
    const { error } = body as GoogleError;
    expect([status, error.status]).toEqual([429, 'RESOURCE_EXHAUSTED']);
    const seconds = Number(error.details.find((one) => one['@type'] === retryInfo)?.retryDelay?.slice(0, -1));
    const now = Date.now();
    const midnight = new Date(now).setUTCHours(24, 0, 0, 0);
    // Sooner, they would try again for nothing.
    expect(seconds * 1_000).toBeGreaterThanOrEqual(midnight - now);
    expect(seconds * 1_000).toBeLessThan(midnight - now + 60_000);
    expect(headers.get('retry-after')).toBe(String(seconds));
  },
);

it("tells Google's clients of no time where there is none", async () => {
  const { status, body, headers } = await ask('/v1beta/models/any:generateContent', 'whole', gemini);
  const { error } = body as GoogleError;
  expect([status, error.status]).toEqual([429, 'RESOURCE_EXHAUSTED']);
  expect(error.details.map((one) => one['@type'])).not.toContain(retryInfo);
  expect(headers.get('retry-after')).toBeNull();
});

it.each([
  ['/v1/responses', { input: 'hi' }],
  ['/v1/responses', { input: 'hi', stream: true }],
  ['/v1/chat/completions', { messages, stream: true }],
])("tells OpenAI's clients at %s, %j that the quota is used up", async (path, body) => {
  const seen = await ask(path, 'daily', body);
  expect(seen.status).toBe(429);
  expect(seen.body).toMatchObject({
    error: {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: expect.stringContaining('daily'),
    },
  });
  expect(seen.headers.get('x-should-retry')).toBe('false');
});

it("tells Ollama's clients in a sentence", async () => {
  const { status, body } = await ask('/api/chat', 'daily', { model: 'any', messages });
  expect([status, body]).toEqual([
    429,
    { error: expect.stringMatching(/^The budget "daily" .* is used up/) },
  ]);
});
