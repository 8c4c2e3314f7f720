/**
 * Google's clients as judges: what they make of our streams and replies is what we say the reply is. The present one
 * (`@google/genai`) in depth; the former one, on which LangChain stands, and the AI SDK for what they are known to break on.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { streamText } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatEvent, ChatReply, JsonObject } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import {
  contextFor,
  decodeAll,
  encodeAll,
  fixtures,
  jsonFixtures,
  MODEL,
  readFrames,
} from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';

/** What the next answer is; set by each test. */
let answer: { readonly status: number; readonly type: string; readonly pieces: readonly string[] };
let asked: { readonly url: string; readonly body: JsonObject };
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked = { url: request.url!, body: JSON.parse(Buffer.concat(chunks).toString()) as JsonObject };
      response.writeHead(answer.status, { 'content-type': answer.type });
      for (const piece of answer.pieces) response.write(piece);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const sse = (text: string) => {
  answer = { status: 200, type: 'text/event-stream', pieces: text.match(/.{1,97}/gs) ?? [] };
};
const json = (body: JsonObject, status = 200) => {
  answer = { status, type: 'application/json', pieces: [JSON.stringify(body)] };
};
const client = () => new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: url } });
const ask = { model: MODEL, contents: 'x' };

async function readStream(text: string): Promise<GenerateContentResponse[]> {
  sse(text);
  const responses: GenerateContentResponse[] = [];
  for await (const response of await client().models.generateContentStream(ask)) responses.push(response);
  return responses;
}

/** What the client's own words for a reply are, of one response or of all of a stream. */
function told(responses: readonly GenerateContentResponse[]) {
  const parts = responses.flatMap((response) => response.candidates?.[0]?.content?.parts ?? []);
  const last = responses.at(-1)!;
  return {
    text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    thinking: parts.map((part) => (part.thought ? (part.text ?? '') : '')).join(''),
    calls: responses
      .flatMap((response) => response.functionCalls ?? [])
      .map(({ name, args }) => [name, args ?? {}]),
    finish: last.candidates?.[0]?.finishReason,
    usage: last.usageMetadata && {
      prompt: last.usageMetadata.promptTokenCount,
      candidates: last.usageMetadata.candidatesTokenCount,
      thoughts: last.usageMetadata.thoughtsTokenCount,
      total: last.usageMetadata.totalTokenCount,
    },
    id: last.responseId,
    model: last.modelVersion,
  };
}

/** The same words of the body we would answer with as a whole. */
function expected(reply: ChatReply) {
  const { body } = geminiGenerate.renderReply(reply, contextFor('shown'));
  const [candidate] = (body.candidates ?? []) as {
    content?: { parts?: JsonObject[] };
    finishReason?: string;
  }[];
  const parts = candidate?.content?.parts ?? [];
  const usage = body.usageMetadata as Record<string, number> | undefined;
  const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall as JsonObject] : []));
  return {
    text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    thinking: parts.map((part) => (part.thought ? (part.text ?? '') : '')).join(''),
    calls: calls.map(({ name, args }) => [name, args ?? {}]),
    finish: candidate?.finishReason,
    usage: usage && {
      prompt: usage.promptTokenCount,
      candidates: usage.candidatesTokenCount,
      thoughts: usage.thoughtsTokenCount,
      total: usage.totalTokenCount,
    },
    id: body.responseId,
    model: body.modelVersion,
  };
}

const wholeStreams = fixtures('streams').flatMap(({ name, bytes }) => {
  const folded = foldEvents(decodeAll(readFrames([bytes])));
  return folded.type === 'reply' && name !== 'two-candidates' ? [{ name, reply: folded.reply }] : [];
});
const replies = jsonFixtures('replies')
  // Not whole, not one, or asked for again by the client itself until it is.
  .filter(({ name }) => !['no-finish', 'empty', 'two-candidates', 'continuation'].includes(name))
  .map(({ name, body }) => ({ name, reply: geminiGenerate.parseReply(body) }));

describe('@google/genai', () => {
  it.each(wholeStreams)('reads stream $name as we do', async ({ reply }) => {
    expect(told(await readStream(encodeAll(unfoldReply(reply), 'shown')))).toEqual(expected(reply));
  });

  it.each(replies)('reads reply $name as we do', async ({ reply }) => {
    const { body } = geminiGenerate.renderReply(reply, contextFor('shown'));
    json(body);
    const whole = told([await client().models.generateContent(ask)]);
    const wanted = expected(reply);
    expect(whole).toEqual({ ...wanted, model: body.modelVersion, id: body.responseId });
  });

  it('sends what we read, under the path that names the model', async () => {
    json({ totalTokens: 7 });
    const counted = await client().models.countTokens({
      ...ask,
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    });
    expect(counted.totalTokens).toBe(7);
    expect(asked.url).toBe(`/v1beta/models/${MODEL}:countTokens`);
    expect(geminiGenerate.parseRequest(asked.body).turns).toMatchObject([{ parts: [{ text: 'hi' }] }]);
    json({ candidates: [] });
    await client().models.generateContent({
      ...ask,
      config: {
        systemInstruction: 'Be brief.',
        temperature: 0.5,
        tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object' } }] }],
        thinkingConfig: { thinkingBudget: 64 },
      },
    });
    expect(geminiGenerate.parseRequest(asked.body)).toMatchObject({
      temperature: 0.5,
      tools: [{ name: 'f', inputSchema: { type: 'object' } }],
      reasoning: { mode: 'on', budgetTokens: 64 },
      turns: [{ role: 'system', lead: true, parts: [{ text: 'Be brief.' }] }, { parts: [{ text: 'x' }] }],
    });
  });

  const error = { kind: 'overloaded', status: 503, message: 'too much' } as const;

  it('throws the error of an answer, and of a stream', async () => {
    json(geminiGenerate.renderError(error, 'exc_1'), 503);
    await expect(client().models.generateContent(ask)).rejects.toMatchObject({
      name: 'ApiError',
      status: 503,
      message: expect.stringContaining('too much'),
    });
    const events: ChatEvent[] = [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'text-start', index: 0 },
      { type: 'text-delta', index: 0, text: 'So' },
      { type: 'error', error },
    ];
    const failed = readStream(encodeAll(events, 'm'));
    await expect(failed).rejects.toBeInstanceOf(ApiError);
    await expect(failed).rejects.toMatchObject({ status: 503 });
  });

  it('gives back all state of another vendor’s model from its own chat', async () => {
    const signature = { format: 'anthropic-messages', value: 'EqQBCg==' } as const;
    const said: ChatReply = {
      id: 'a',
      model: 'claude',
      parts: [
        { type: 'thinking', text: 'Let me see.', signature },
        { type: 'redacted-thinking', data: signature },
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
      ],
      stop: { kind: 'tool-calls', raw: null },
    };
    const events = unfoldReply(said).flatMap<ChatEvent>((event) =>
      event.type === 'thinking-delta' || event.type === 'text-delta'
        ? [...event.text].map((text) => ({ ...event, text }))
        : [event],
    );
    const chat = client().chats.create({ model: MODEL });
    sse(encodeAll(events, 'm'));
    for await (const _response of await chat.sendMessageStream({ message: 'hi' }));
    json({ candidates: [] });
    await chat.sendMessage({
      message: [{ functionResponse: { id: 'toolu_1', name: 'f', response: { output: 'ok' } } }],
    });
    const parts = geminiGenerate.parseRequest(asked.body).turns.flatMap((turn) => turn.parts);
    const [, thought, redacted] = parts;
    expect([thought, redacted]).toEqual(said.parts.slice(0, 2));
    expect(parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('')).toBe('hiI look.');
    expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({
      id: 'toolu_1',
      arguments: '{"a":1}',
    });
    expect(parts.at(-1)).toMatchObject({ type: 'tool-result', callId: 'toolu_1' });
  });
});

describe('the former client, by way of LangChain', () => {
  const langchain = () =>
    new ChatGoogleGenerativeAI({ model: MODEL, apiKey: 'none', baseUrl: url, maxRetries: 0 });
  async function readText(): Promise<string> {
    let text = '';
    for await (const chunk of await langchain().stream('x')) text += chunk.text;
    return text;
  }
  const text = (piece: string): ChatEvent[] => [
    { type: 'start', id: 'a', model: 'm' },
    { type: 'text-start', index: 0 },
    { type: 'text-delta', index: 0, text: piece },
  ];
  const end: ChatEvent[] = [
    { type: 'text-end', index: 0 },
    { type: 'stop', stop: { kind: 'end', raw: null } },
    { type: 'end' },
  ];

  it('reads a text with line ends that JSON leaves alone', async () => {
    sse(encodeAll([...text('a\u2028b\u2029c'), ...end], 'm'));
    expect(await readText()).toBe('a\u2028b\u2029c');
  });

  it('does not take a stream that failed for a whole one', async () => {
    sse(
      encodeAll(
        [...text('So'), { type: 'error', error: { kind: 'upstream', status: 502, message: 'no' } }],
        'm',
      ),
    );
    await expect(readText()).rejects.toThrow('the stream failed');
  });

  it('reads nothing after a comment or a blank line: so nothing keeps a silent stream of this format open', async () => {
    expect(geminiGenerate.keepAlive).toBeUndefined();
    const stream = encodeAll([...text('So'), ...end], 'm');
    for (const beat of [': beat\n\n', '\n']) {
      const { stream: responses, response } = await formerClient(beat + stream);
      const whole = response.catch((error: unknown) => error);
      const read = async () => {
        for await (const _response of responses);
      };
      await expect(read()).rejects.toThrow('Failed to parse stream');
      expect(await whole).toBeInstanceOf(Error);
    }
  });

  /** Itself, since LangChain leaves the promise of the whole unwatched. */
  function formerClient(body: string) {
    sse(body);
    return Reflect.get(langchain(), 'client').generateContentStream('x');
  }
});

describe('the AI SDK', () => {
  const model = () => createGoogleGenerativeAI({ apiKey: 'none', baseURL: `${url}/v1beta` })(MODEL);

  it('keeps another maker’s signature with its thought', async () => {
    const signature = { format: 'anthropic-messages', value: 'EqQBCg==' } as const;
    const said: ChatReply = {
      id: 'a',
      model: 'claude',
      parts: [
        { type: 'thinking', text: 'Let me see.', signature },
        { type: 'text', text: 'So.' },
      ],
      stop: { kind: 'end', raw: null },
    };
    sse(encodeAll(unfoldReply(said), 'm'));
    const { messages } = await streamText({ model: model(), prompt: 'x' }).response;
    await streamText({
      model: model(),
      messages: [{ role: 'user', content: 'x' }, ...messages, { role: 'user', content: 'y' }],
    }).text;
    const parts = geminiGenerate.parseRequest(asked.body).turns.flatMap((turn) => turn.parts);
    expect(parts).toEqual(expect.arrayContaining([{ type: 'thinking', text: 'Let me see.', signature }]));
  });
});
