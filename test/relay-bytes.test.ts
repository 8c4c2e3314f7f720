/**
 * The relay lane touches nothing: the upstream gets the client's bytes but for the value of `model`, and the
 * client gets the upstream's bytes. Compared as bytes, over our fixtures, recordings and fuzzed JSON.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CannedAnswer } from './fake-upstream.ts';
import { openRoad, type Road } from './support/cells.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());
beforeEach(() => road.forgetHealth());

const root = fileURLToPath(new URL('..', import.meta.url));
const wireFolder = join(root, '../shared/data/wire');

interface RelayRoad {
  /** `{}` is the method, where the path says the model and whether to stream. */
  readonly path: string;
  readonly provider: string;
  /** The body but for the opening brace and the model. */
  readonly body: string;
  readonly streamType?: string;
}

const roads = {
  'openai-chat': {
    path: '/v1/chat/completions',
    provider: 'oai',
    body: '"max_tokens":5,"stream_options":{"include_usage":true},"stream":{},"messages":[]}',
  },
  'anthropic-messages': {
    path: '/v1/messages',
    provider: 'ant',
    body: '"max_tokens":5,"stream":{},"messages":[]}',
  },
  'openai-responses': {
    path: '/v1/responses',
    provider: 'rsp',
    body: '"max_output_tokens":16,"stream":{},"input":[]}',
  },
  'gemini-generate': {
    path: '/v1beta/models/gem/m:{}',
    provider: 'gem',
    body: '"contents":[],"generationConfig":{"maxOutputTokens":5}}',
  },
  'ollama-chat': {
    path: '/api/chat',
    provider: 'oll',
    // With a window of its own, nothing is put in.
    body: '"stream":{},"options":{"num_ctx":8192},"messages":[]}',
    streamType: 'application/x-ndjson',
  },
} as const satisfies Record<string, RelayRoad>;
type RelayFormat = keyof typeof roads;

function roadOf(format: RelayFormat): RelayRoad {
  return roads[format];
}

function methodOf(sample: Pick<Sample, 'isStream' | 'bytes'>): string {
  if (!sample.isStream) return 'generateContent';
  return `streamGenerateContent${isArray(sample) ? '' : '?alt=sse'}`;
}

function isArray({ isStream, bytes }: Pick<Sample, 'isStream' | 'bytes'>): boolean {
  return isStream && bytes.toString('latin1', 0, 8).trimStart().startsWith('[');
}

interface Exchanged {
  readonly status: number;
  readonly headers: Headers;
  readonly reply: Buffer;
  readonly sent: Buffer;
}

async function relay(
  format: RelayFormat,
  body: Buffer,
  answer: CannedAnswer,
  method = '',
): Promise<Exchanged> {
  const isAsked = format === 'ollama-chat';
  // Its server is asked for the model's window too.
  road.upstream.answerWith(isAsked ? { ...answer, path: '/api/chat' } : answer);
  const received = await fetch(road.url + roadOf(format).path.replace('{}', method), {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: new Uint8Array(body),
  });
  const reply = Buffer.from(await received.arrayBuffer());
  return {
    status: received.status,
    headers: received.headers,
    reply,
    sent: road.upstream.requests.at(-1)!.body,
  };
}

const okJson: CannedAnswer = {
  headers: { 'content-type': 'application/json' },
  chunks: [
    '{ "id":"x" , "usage":{"prompt_tokens":1,"completion_tokens":1,"input_tokens":1,"output_tokens":1} }',
  ],
};

describe('requests', () => {
  const spellings: [string, RelayFormat, string][] = [
    [
      'unknown fields, odd spacing and key order',
      'openai-chat',
      '{\n "zeta" : [ 1.0, 1E+2, -0, 1e-7 ] ,\t"messages":[{"content":"\\u00e9\\/","role":"user"}],"model" : "oai/m" ,"x":{"model":"inner"}}\r\n',
    ],
    [
      'numbers no float can hold',
      'anthropic-messages',
      '{"model":"ant/m","max_tokens":9007199254740993,"temperature":0.10000000000000000555,"messages":[]}',
    ],
    [
      'model last, and escapes in it',
      'anthropic-messages',
      '{"messages":[{"role":"user","content":"a \\"model\\":\\"x\\" b"}],"max_tokens":5,"model":"ant\\/m"}',
    ],
    [
      'text in many scripts, unescaped',
      'openai-chat',
      '{"model":"oai/m","messages":[{"role":"user","content":"Grüße 世界 🚀 \u2028"}]}',
    ],
    [
      'fields of betas not known yet',
      'anthropic-messages',
      '{"model":"ant/m","max_tokens":1,"messages":[],"context_management":{"edits":[{"type":"clear_2099"}]},"future":null}',
    ],
  ];
  it.each(spellings)('%s', async (_, format, text) => {
    const { sent, status } = await relay(format, Buffer.from(text), okJson);
    expect(status).toBe(200);
    const asked = text.match(/"(?:oai|ant)(?:\\\/|\/)m"/)![0];
    expect(sent.toString('utf8')).toBe(text.replace(asked, '"m"'));
  });

  it.each([
    ['{}', '{"model":"m"}'],
    [' { } ', ' {"model":"m" } '],
    ['{"messages":[]}', '{"model":"m","messages":[]}'],
  ])('a model named only in our header, in %s', async (body, expected) => {
    road.upstream.answerWith(okJson);
    const received = await fetch(`${road.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'x-turnpike-model': 'oai/m' },
      body,
    });
    expect(received.status).toBe(200);
    await received.arrayBuffer();
    expect(road.upstream.requests.at(-1)!.body.toString()).toBe(expected);
  });

  it('any JSON object at all', { timeout: 60_000 }, async () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const fields = fc.dictionary(
      fc
        .string({ maxLength: 12 })
        .filter(
          (key) =>
            !['model', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens'].includes(
              key.toLowerCase(),
            ),
        ),
      value,
      { maxKeys: 8 },
    );
    const space = fc.constantFrom('', ' ', '\n', '\t ', '\r\n');
    await fc.assert(
      fc.asyncProperty(fields, fields, space, space, async (before, after, one, two) => {
        const parts = (record: Record<string, unknown>): string[] =>
          Object.entries(record).map(
            ([key, item]) => `${JSON.stringify(key)}${one}:${two}${JSON.stringify(item)}`,
          );
        const make = (model: string): string =>
          `${one}{${two}${[...parts(before), `"model"${two}:${one}${model}`, ...parts(after)].join(`${one},${two}`)}}${two}`;
        const { sent, status } = await relay('openai-chat', Buffer.from(make('"oai/some-model"')), okJson);
        expect(status).toBe(200);
        expect(sent.toString('utf8')).toBe(make('"some-model"'));
      }),
      { numRuns: 150 },
    );
  });

  it('asks a stream for its usage where the client did not, and hides the answer to that again', async () => {
    const frames = [
      'data: {"id":"c","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}\n\n',
      'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    ];
    const usage =
      'data: {"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}\n\n';
    const done = 'data: [DONE]\n\n';
    const answer: CannedAnswer = {
      headers: { 'content-type': 'text/event-stream' },
      chunks: [...frames, usage, done],
    };
    const { sent, reply } = await relay(
      'openai-chat',
      Buffer.from('{"model":"oai/m","stream":true,"messages":[]}'),
      answer,
    );
    expect(sent.toString()).toBe(
      '{"stream_options":{"include_usage":true},"model":"m","stream":true,"messages":[]}',
    );
    expect(reply.toString()).toBe(frames.join('') + done);
    const asked = Buffer.from(
      '{"model":"oai/m","stream":true,"stream_options":{"include_usage":true},"messages":[]}',
    );
    const kept = await relay('openai-chat', asked, answer);
    expect(kept.sent.toString()).toBe(asked.toString().replace('oai/m', 'm'));
    expect(kept.reply.toString()).toBe(frames.join('') + usage + done);
  });
});

interface Sample {
  readonly name: string;
  readonly format: RelayFormat;
  readonly bytes: Buffer;
  readonly isStream: boolean;
  readonly status: number;
}

function ownFixtures(): Sample[] {
  const found: Sample[] = [];
  for (const format of Object.keys(roads) as RelayFormat[]) {
    const folder = join(root, 'src/wire', format, '__fixtures__');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const isStream = /^streams[/\\]/.test(name);
      if (!isStream && !/^replies[/\\].*\.json$/.test(name)) continue;
      found.push({
        name: `${format} ${name}`,
        format,
        bytes: readFileSync(join(folder, name)),
        isStream,
        status: 200,
      });
    }
  }
  return found;
}

interface IndexRow {
  readonly id: string;
  readonly format: string;
  readonly stream: boolean;
  readonly status: number;
  readonly file: string;
  readonly request: string | null;
}

const recordedFormats: Record<string, RelayFormat> = {
  anthropic: 'anthropic-messages',
  chat: 'openai-chat',
  responses: 'openai-responses',
  gemini: 'gemini-generate',
  ollama: 'ollama-chat',
};

function recordings(): (Sample & { request: Buffer | undefined })[] {
  if (!existsSync(join(wireFolder, 'index.json'))) return [];
  const rows = JSON.parse(readFileSync(join(wireFolder, 'index.json'), 'utf8')) as IndexRow[];
  return rows.flatMap((row) => {
    const format = recordedFormats[row.format];
    if (!format) return [];
    const request = row.request === null ? undefined : readFileSync(join(wireFolder, row.request));
    return [
      {
        name: row.id,
        format,
        bytes: readFileSync(join(wireFolder, row.file)),
        isStream: row.stream,
        status: row.status ?? 200,
        request,
      },
    ];
  });
}

/** Cut into pieces of a size that is no multiple of anything. */
function pieces(bytes: Buffer): Buffer[] {
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 977) cut.push(bytes.subarray(at, at + 977));
  return cut;
}

async function passesUnchanged(sample: Sample, request: Buffer): Promise<void> {
  const streamType = roadOf(sample.format).streamType ?? 'text/event-stream; charset=utf-8';
  const contentType = sample.isStream && !isArray(sample) ? streamType : 'application/json';
  const answer: CannedAnswer = {
    status: sample.status,
    headers: { 'content-type': contentType },
    chunks: pieces(sample.bytes),
  };
  const { reply, status, headers } = await relay(sample.format, request, answer, methodOf(sample));
  // A stream that was recorded cut or failing is followed by our own error event, or answered as the error it is.
  if (sample.isStream && status !== 200) return;
  expect(status).toBe(sample.status);
  expect(headers.get('content-type')).toBe(contentType);
  expect(reply.subarray(0, sample.bytes.length).equals(sample.bytes)).toBe(true);
  if (reply.length > sample.bytes.length)
    expect(reply.subarray(sample.bytes.length).toString()).toContain('error');
}

function requestFor(sample: Sample): Buffer {
  const { provider, body, path } = roadOf(sample.format);
  const model = path.includes('{}') ? '' : `"model":"${provider}/m",`;
  return Buffer.from(`{${model}${body.replace('{}', String(sample.isStream))}`);
}

describe('replies', () => {
  it('has fixtures of all formats to try', () => {
    const formats = (isStream: boolean) =>
      new Set(ownFixtures().flatMap((sample) => (sample.isStream === isStream ? sample.format : [])));
    expect([formats(true).size, formats(false).size]).toEqual([5, 5]);
  });
  it.each(ownFixtures())('$name', (sample) => passesUnchanged(sample, requestFor(sample)));
});

describe.skipIf(recordings().length === 0)('recordings of ../shared/data/wire', () => {
  it.each(recordings())('$name', (sample) => passesUnchanged(sample, requestFor(sample)));

  it.each(recordings().filter((sample) => sample.request))(
    'request of $name',
    async ({ format, request }) => {
      const text = request!.toString('utf8');
      const model = (JSON.parse(text) as { model?: string }).model;
      if (model === undefined) return;
      const ref = JSON.stringify(`${roadOf(format).provider}/${model}`);
      const asked = text.replace(/("model"\s*:\s*)"(?:[^"\\]|\\.)*"/, (_, key: string) => key + ref);
      const { sent } = await relay(format, Buffer.from(asked), okJson);
      const isUnasked =
        format === 'openai-chat' &&
        /"stream"\s*:\s*true/.test(text) &&
        !/include_usage"\s*:\s*true/.test(text);
      if (isUnasked)
        expect(JSON.parse(sent.toString())).toEqual({
          ...JSON.parse(text),
          stream_options: { include_usage: true },
        });
      else expect(sent.toString('utf8')).toBe(text);
    },
  );
});
