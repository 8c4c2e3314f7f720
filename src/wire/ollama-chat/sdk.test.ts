/** The official clients as judges: what they make of what we write is what we say the reply is. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChatOllama } from '@langchain/ollama';
import { type ChatResponse, Ollama } from 'ollama';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatEvent, ChatReply, JsonObject } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import {
  CREATED_AT,
  context,
  decode,
  encode,
  readObjects,
  readStreams,
} from './__fixtures__/read-fixtures.ts';
import { ollamaChat, renderTags } from './index.ts';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  /** Written one after the other, each on its own. */
  readonly pieces: readonly string[];
}

let answer: Answer = { pieces: [] };
let asked: JsonObject = {};
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    asked = JSON.parse(Buffer.concat(chunks).toString() || '{}') as JsonObject;
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' });
    for (const piece of answer.pieces) await new Promise((done) => response.write(piece, done));
    response.end();
  });
});
let host = '';
const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});

beforeEach(async () => {
  warn.mockClear();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const NDJSON = 'application/x-ndjson';
const question = { model: 'm', messages: [{ role: 'user', content: 'x' }] };

async function streamed(pieces: readonly string[]): Promise<ChatResponse[]> {
  answer = { type: NDJSON, pieces };
  const parts: ChatResponse[] = [];
  for await (const part of await new Ollama({ host }).chat({ ...question, stream: true })) parts.push(part);
  return parts;
}

async function whole(body: JsonObject): Promise<ChatResponse> {
  answer = { pieces: [JSON.stringify(body)] };
  return new Ollama({ host }).chat(question);
}

/** A reply as a client that puts pieces together has it. */
function gather(parts: readonly ChatResponse[]) {
  const join = (pick: (part: ChatResponse) => string | undefined) =>
    parts.map((part) => pick(part) ?? '').join('');
  return {
    content: join(({ message }) => message.content),
    thinking: join(({ message }) => message.thinking),
    calls: parts.flatMap(({ message }) => message.tool_calls ?? []),
    last: parts.at(-1)!,
  };
}

function saidBy(reply: ChatReply) {
  const join = (type: 'text' | 'thinking') =>
    reply.parts.map((part) => (part.type === type ? part.text : '')).join('');
  return {
    content: join('text'),
    thinking: join('thinking'),
    calls: reply.parts.flatMap((part) =>
      part.type === 'tool-call' ? [[part.name, JSON.parse(part.arguments || '{}')]] : [],
    ),
    usage: [(reply.usage?.input ?? 0) + (reply.usage?.cacheRead ?? 0), reply.usage?.output ?? 0],
  };
}

function readBy({ content, thinking, calls, last }: ReturnType<typeof gather>) {
  return {
    content,
    thinking,
    calls: calls.map((call) => [call.function.name, call.function.arguments]),
    usage: [last.prompt_eval_count ?? 0, last.eval_count ?? 0],
  };
}

describe('the official package', () => {
  const finished = readStreams().flatMap(([name, bytes]) => {
    const folded = foldEvents(decode([bytes]));
    return folded.type === 'reply' ? [[name, folded.reply] as const] : [];
  });

  it.each(finished)('reads the stream %s as it was said', async (_name, reply) => {
    const parts = await streamed([encode(unfoldReply(reply)).text]);
    expect(readBy(gather(parts))).toEqual(saidBy(reply));
    expect(parts.every(({ model }) => model === 'shown')).toBe(true);
    expect(parts.map(({ done }) => done)).toEqual([...parts.slice(1).map(() => false), true]);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each(readObjects('replies'))('reads the reply %s as it was said', async (_name, body) => {
    const reply = ollamaChat.parseReply(body);
    // JSON has no NaN.
    if (Number.isNaN(reply.usage?.output)) return;
    const read = await whole(ollamaChat.renderReply(reply, context).body);
    expect(readBy(gather([read]))).toEqual(saidBy(reply));
  });

  const foreign: ChatReply = {
    id: 'msg_1',
    model: 'claude',
    parts: [
      { type: 'thinking', text: 'Hm.', signature: { format: 'anthropic-messages', value: 'c2ln' } },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":{"b":[1,"é"]}}' },
      { type: 'tool-call', id: 'toolu_2', name: 'g', arguments: '' },
    ],
    stop: { kind: 'tool-calls', raw: 'tool_use' },
    usage: { input: 5, cacheRead: 3, output: 7, raw: null },
    extra: { format: 'anthropic-messages', fields: {} },
  };

  it('reads a foreign reply, streamed and whole', async () => {
    const parts = await streamed([encode(unfoldReply(foreign)).text]);
    const read = await whole(ollamaChat.renderReply(foreign, context).body);
    expect(readBy(gather(parts))).toEqual(saidBy(foreign));
    expect(readBy(gather([read]))).toEqual(saidBy(foreign));
    expect(read).toMatchObject({ done: true, done_reason: 'stop', created_at: CREATED_AT });
    expect(gather(parts).calls).toEqual(read.message.tool_calls);
  });

  it('sends the reply back with all that is in it', async () => {
    const read = await whole(ollamaChat.renderReply(foreign, context).body);
    const calls = read.message.tool_calls ?? [];
    const results = calls.map((call) => ({ role: 'tool', content: 'done', tool_name: call.function.name }));
    answer = { pieces: [JSON.stringify(ollamaChat.renderReply(foreign, context).body)] };
    await new Ollama({ host }).chat({
      model: 'm',
      messages: [...question.messages, read.message, ...results],
    });
    const { turns, stream } = ollamaChat.parseRequest(asked);
    expect(stream).toBe(false);
    expect(turns[1]!.parts).toEqual([
      ...foreign.parts.slice(0, 3),
      { type: 'tool-call', id: 'toolu_2', name: 'g', arguments: '{}' },
    ]);
    expect(turns.slice(2).map(({ parts }) => parts[0])).toMatchObject([
      { callId: 'toolu_1' },
      { callId: 'toolu_2' },
    ]);
  });

  it('passes over what keeps a silent connection open', async () => {
    const { text } = encode(unfoldReply(foreign));
    const quiet = ollamaChat.keepAlive!;
    const pieces = [quiet, quiet, ...text.split(/(?<=\n)/).flatMap((line) => [line, quiet, quiet])];
    expect(readBy(gather(await streamed(pieces.slice(0, -2))))).toEqual(saidBy(foreign));
    // It says so of every line that is no JSON.
    expect(warn).not.toHaveBeenCalled();
  });

  it('throws an error answer with its status', async () => {
    const error = { kind: 'rate-limit', status: 429, message: 'slow down' } as const;
    answer = { status: 429, pieces: [JSON.stringify(ollamaChat.renderError(error, 'exc_1'))] };
    await expect(new Ollama({ host }).chat(question)).rejects.toMatchObject({
      name: 'ResponseError',
      message: 'slow down',
      status_code: 429,
    });
  });

  const failure: ChatEvent = {
    type: 'error',
    error: { kind: 'overloaded', status: 529, message: 'too much' },
  };
  it.each<[string, ChatEvent[]]>([
    ['at once', [failure]],
    ['within a text', [...unfoldReply(foreign).slice(0, 6), failure]],
    ['before the end', [...unfoldReply(foreign).slice(0, -1), failure]],
  ])('throws an error %s', async (_name, events) => {
    await expect(streamed([encode(events).text])).rejects.toThrow('too much');
  });

  it('throws a stream that was cut', async () => {
    const { text } = encode(unfoldReply(foreign));
    await expect(streamed([text.slice(0, text.lastIndexOf('{"model"'))])).rejects.toThrow(
      'Did not receive done',
    );
  });

  it('lists models', async () => {
    answer = { pieces: [JSON.stringify(renderTags([{ id: 'openai/gpt-4o', createdAtMs: 0 }]))] };
    const { models } = await new Ollama({ host }).list();
    expect(models.map(({ name, model, size }) => [name, model, size])).toEqual([
      ['openai/gpt-4o', 'openai/gpt-4o', 0],
    ]);
  });
});

describe('LangChain', () => {
  const events: ChatEvent[] = unfoldReply({
    id: '',
    model: 'm',
    parts: [
      { type: 'thinking', text: 'Hm.' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
    ],
    stop: { kind: 'tool-calls', raw: null },
    usage: { input: 5, output: 7, raw: null },
  });

  it('reads text, a call and the counts', async () => {
    answer = { type: NDJSON, pieces: [encode(events).text] };
    const message = await new ChatOllama({ model: 'm', baseUrl: host, maxRetries: 0 }).invoke('x');
    expect(message.text).toBe('I look.');
    expect(message.tool_calls).toMatchObject([{ name: 'f', args: { a: 1 } }]);
    expect(message.usage_metadata).toMatchObject({ input_tokens: 5, output_tokens: 7 });
    // What it sends is a request of ours.
    expect(ollamaChat.renderRequest(ollamaChat.parseRequest(asked))).toEqual({ body: asked, warnings: [] });
  });

  it('throws an error inside a stream', async () => {
    answer = {
      type: NDJSON,
      pieces: [ollamaChat.renderStreamError({ kind: 'upstream', status: 502, message: 'gone' }, '')],
    };
    await expect(new ChatOllama({ model: 'm', baseUrl: host, maxRetries: 0 }).invoke('x')).rejects.toThrow(
      'gone',
    );
  });
});
