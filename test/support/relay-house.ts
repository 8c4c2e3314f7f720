/** A Turnpike before a canned provider, for tests of calls that are relayed as they are: what was sent, what was answered, what was booked. */
import { expect } from 'vitest';
import {
  type CannedAnswer,
  type FakeUpstream,
  type RecordedRequest,
  startFakeUpstream,
} from '../fake-upstream.ts';
import { type EntryRow, type OpenHouse, openHouse } from './open-house.ts';
import { BOOTSTRAP_KEY } from './turnpike-process.ts';

export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly error?: { readonly message: string; readonly code?: string; readonly type?: string };
  };
}

export interface RelayHouse {
  readonly upstream: FakeUpstream;
  readonly house: OpenHouse;
  /** The next request is answered with this: JSON, text or bytes. */
  answer(body: unknown, more?: CannedAnswer): void;
  lastRequest(): RecordedRequest;
  /** The form it carried. */
  lastForm(): Promise<FormData>;
  call(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Posted>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Posted>;
  /** One entry more than before, as expected; `also` more before it that are not looked at. */
  expectBooked(expected: Partial<EntryRow>, also?: number): Promise<void>;
  /** A call that cannot cost leaves no entry. */
  expectUnbooked(): Promise<void>;
  /** Closes it, once all that was expected is there and adds up. */
  close(): Promise<void>;
}

/** Booked, with nothing known of what it cost. */
export const unknownCost = {
  price_state: 'unknown',
  cost_nano: 0,
  input_tokens: 0,
  output_tokens: 0,
} as const;

/** Two providers with all of OpenAI's calls, one with none of them, Anthropic's and Google's. */
export function relayConfig(url: string): string {
  return `providers:
  openai: { base_url: "${url}/v1", api_key: upstream-key-openai }
  house: { kind: openai-compatible, base_url: "${url}/house/v1", api_key: upstream-key-house }
  deepseek: { base_url: "${url}/v1", api_key: upstream-key-deepseek }
  anthropic: { base_url: "${url}", api_key: upstream-key-ant }
  gemini: { base_url: "${url}/v1beta", api_key: upstream-key-gem }
models: { default: openai/gpt-4o }
aliases: { painter: openai/gpt-image-1 }
routes: { ears: { models: [deepseek/none, openai/whisper-1, house/whisper] } }
`;
}

/** @param config the configuration file, from the address of the upstream */
export async function openRelayHouse(config: (url: string) => string): Promise<RelayHouse> {
  const upstream = await startFakeUpstream();
  const house = await openHouse(config(upstream.url));
  const lastRequest = (): RecordedRequest => upstream.requests.at(-1)!;
  let booked = 0;
  const expectUnbooked = async (): Promise<void> => {
    expect(await house.entries(booked)).toHaveLength(booked);
  };
  const call: RelayHouse['call'] = (method, path, headers, body) =>
    callHouse(house.url, method, path, headers, body);
  return {
    upstream,
    house,
    answer: (body, more) => answerWith(upstream, body, more),
    lastRequest,
    lastForm() {
      const { body, headers } = lastRequest();
      const sent = { 'content-type': headers['content-type']! };
      return new Response(new Uint8Array(body), { headers: sent }).formData();
    },
    call,
    post: (path, body, headers) =>
      call('POST', path, { 'content-type': 'application/json', ...headers }, body),
    async expectBooked(expected, also = 0) {
      booked += 1 + also;
      const entries = await house.entries(booked);
      expect(entries).toHaveLength(booked);
      expect(entries.at(-1)).toMatchObject({ status: 'ok', lane: 'relay', ...expected });
    },
    expectUnbooked,
    async close() {
      try {
        await expectUnbooked();
        expect((await house.verify()).entries).toBe(booked);
      } finally {
        await house.close();
        await upstream.close();
      }
    },
  };
}

function answerWith(upstream: FakeUpstream, body: unknown, more: CannedAnswer = {}): void {
  const chunk = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  upstream.answerWith({ headers: { 'content-type': 'application/json' }, chunks: [chunk], ...more });
}

async function callHouse(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Posted> {
  const answered = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answered.text();
  return { status: answered.status, headers: answered.headers, body: JSON.parse(text) as Posted['body'] };
}
