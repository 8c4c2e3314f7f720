/** The official clients before one Turnpike that keeps answers; what went over the wire last is noted on the way. */
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type OpenHouse, openHouse } from './open-house.ts';

export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  /** The body, to the byte. */
  readonly raw: Buffer;
}

export interface KeptHouse {
  readonly house: OpenHouse;
  readonly upstream: FakeUpstream;
  /** A new key, and its token. */
  makeKey(more?: object): Promise<string>;
  /** Requests that reached the provider. */
  asked(): number;
  close(): Promise<void>;
}

/** @param more configuration beside the providers, and their fields */
export async function openKept(more = '', home?: string): Promise<KeptHouse> {
  const upstream = await startFakeUpstream();
  const { url } = upstream;
  const config = `providers:
  oai: { kind: openai-compatible, base_url: "${url}/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant }
  rsp: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-rsp, formats: [openai-responses] }
  gem: { kind: gemini, base_url: "${url}/v1beta", api_key: upstream-key-gem }
  oll: { kind: ollama, base_url: "${url}" }
${more}`;
  const house = await openHouse(config, home);
  let keys = 0;
  return {
    house,
    upstream,
    async makeKey(fields = {}) {
      keys += 1;
      const made = await house.admin<{ token: string }>('POST', '/keys', { name: `key ${keys}`, ...fields });
      return made.token;
    },
    asked: () => upstream.requests.length,
    async close() {
      await house.close();
      await upstream.close();
    },
  };
}

export interface Client {
  readonly name: string;
  readonly canStream: boolean;
  /** What its library makes of the answer, all of it. */
  ask(to: Asked): Promise<{ readonly read: unknown; readonly shown: Shown }>;
}

export interface Asked {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
  readonly isStream: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Calls with what the library is given for `fetch`, and gives back what went over it. */
async function noted(
  call: (fetch: typeof globalThis.fetch) => Promise<unknown>,
): Promise<{ read: unknown; shown: Shown }> {
  let coming: Promise<Shown> | undefined;
  const read = await call(async (input, init) => {
    const response = await fetch(input, init);
    const raw = response.clone().arrayBuffer();
    coming = raw.then((bytes) => ({
      status: response.status,
      headers: response.headers,
      raw: Buffer.from(bytes),
    }));
    return response;
  });
  return { read, shown: await coming! };
}

export const clients: readonly Client[] = [
  {
    name: 'openai, chat',
    canStream: true,
    ask: ({ url, key, model, prompt, isStream, headers }) =>
      noted(async (fetch) => {
        const client = openai(url, key, fetch);
        const params = { model, messages: [{ role: 'user' as const, content: prompt }] };
        if (!isStream) return client.chat.completions.create(params, { headers });
        return collect(await client.chat.completions.create({ ...params, stream: true }, { headers }));
      }),
  },
  {
    name: 'openai, responses',
    canStream: true,
    ask: ({ url, key, model, prompt, isStream, headers }) =>
      noted(async (fetch) => {
        const client = openai(url, key, fetch);
        const params = { model, input: prompt, store: false };
        if (!isStream) return client.responses.create(params, { headers });
        return collect(await client.responses.create({ ...params, stream: true }, { headers }));
      }),
  },
  {
    name: '@anthropic-ai/sdk',
    canStream: true,
    ask: ({ url, key, model, prompt, isStream, headers }) =>
      noted(async (fetch) => {
        const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0, fetch });
        const messages = [{ role: 'user' as const, content: prompt }];
        const params = { model, max_tokens: 500, messages };
        if (!isStream) return client.messages.create(params, { headers });
        return collect(await client.messages.create({ ...params, stream: true }, { headers }));
      }),
  },
  {
    name: '@google/genai',
    canStream: true,
    ask: ({ url, key, model, prompt, isStream, headers }) =>
      notedGlobally(async () => {
        const httpOptions = { baseUrl: url, ...(headers && { headers }) };
        const client = new GoogleGenAI({ apiKey: key, vertexai: false, httpOptions });
        const params = { model, contents: prompt };
        if (!isStream) return withoutHttp(await client.models.generateContent(params));
        const chunks = await collect(await client.models.generateContentStream(params));
        return chunks.map(withoutHttp);
      }),
  },
  {
    name: 'openai, embeddings',
    canStream: false,
    ask: ({ url, key, model, prompt, headers }) =>
      noted((fetch) => {
        const embedder = `${model.split('/')[0]}/embedder`;
        return openai(url, key, fetch).embeddings.create({ model: embedder, input: prompt }, { headers });
      }),
  },
];

function openai(url: string, apiKey: string, fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0, fetch });
}

/** This library takes no `fetch` of ours. */
async function notedGlobally(call: () => Promise<unknown>): ReturnType<typeof noted> {
  const real = globalThis.fetch;
  try {
    return await noted((fetch) => {
      const ours: typeof globalThis.fetch = async (input, init) => {
        globalThis.fetch = real;
        try {
          return await fetch(input, init);
        } finally {
          globalThis.fetch = ours;
        }
      };
      globalThis.fetch = ours;
      return call();
    });
  } finally {
    globalThis.fetch = real;
  }
}

/** What its library notes of the connection is another's each time. */
function withoutHttp(response: object): unknown {
  const { sdkHttpResponse: _, ...rest } = response as { sdkHttpResponse?: unknown };
  return rest;
}
