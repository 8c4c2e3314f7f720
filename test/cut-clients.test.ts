/**
 * Every official client against a stream of every upstream format that is cut: each reads it to its end without an
 * error, with all that was said, and reports the stop reason its vendor has for a reply at its output limit.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormatId } from '../src/wire/chat.ts';
import { foldEvents } from '../src/wire/fold.ts';
import { formats } from '../src/wire/formats.ts';
import { cutStream, openLane } from './support/cut-lane.ts';
import { type Conversation, drivers } from './support/drivers/index.ts';
import { type Said, voices } from './support/voices/index.ts';

const ids = Object.keys(formats) as FormatId[];
const cells = ids.flatMap((client) => ids.map((upstream) => ({ client, upstream })));

let server: Server;
/** What the next request is answered. */
let answer: { readonly type: string; readonly parts: readonly Buffer[] };

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': answer.type });
      for (const part of answer.parts) response.write(part);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

const placeOf = () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'key' });

/** Of a call or a text; what merely ends one is none. */
const PIECE = /_delta"|\.delta"|"choices"|"parts"|"message"/;

/** The upstream's stream up to its last piece of content, of which only a half arrives, and then the cut. */
function cutIn(
  upstream: FormatId,
  client: FormatId,
  said: Said,
): { readonly seen: Said; readonly text: string } {
  const source = formats[upstream];
  const { opening, content } = voices[upstream].stream(said);
  const last = content.findLastIndex((piece) => PIECE.test(piece));
  const half = content[last]!.slice(0, content[last]!.length / 2);
  const reads = [...opening, ...content.slice(0, last), half].map((piece) => Buffer.from(piece));
  const { before, rest } = cutStream(openLane(source, formats[client]), reads);
  answer = { type: formats[client].streamContentType, parts: [before, rest!] };
  const reader = source.createReader();
  const decoder = source.createDecoder();
  const events = reads.flatMap((read) => reader.push(read)).flatMap((frame) => decoder.push(frame));
  const folded = foldEvents(events);
  const parts = folded.type === 'reply' ? folded.reply.parts : folded.partial.parts;
  const textOf = (type: 'text' | 'thinking'): string =>
    parts.map((part) => (part.type === type ? part.text : '')).join('');
  return { seen: { ...said, text: textOf('text'), thinking: textOf('thinking') }, text: textOf('text') };
}

const question: Conversation = { turns: [{ role: 'user', text: 'Tell me.' }] };

const words: Said = {
  thinking: 'First I look at the question, and then I answer.',
  text: 'The answer begins here, goes on for a while and never comes to its end.',
  stop: 'end',
  usage: { input: 40, output: 30 },
};

describe('cut inside a text', () => {
  it.each(cells)('$client from $upstream', async ({ client, upstream }) => {
    const driver = drivers[client];
    const { text } = cutIn(upstream, client, words);
    expect(text).not.toBe('');
    const heard = await driver.connect(placeOf()).say('gemini-2.5-flash', question, { isStream: true });
    expect(heard.text).toBe(text);
    expect(heard.stop).toBe(driver.stopWords.length);
    expect(heard.calls).toEqual([]);
    expect(heard.usage.output).toBeGreaterThan(0);
  });
});

describe('cut inside a thought', () => {
  it.each(cells)('$client from $upstream', async ({ client, upstream }) => {
    const driver = drivers[client];
    const { text: _text, ...thought } = words;
    const { seen } = cutIn(upstream, client, thought);
    const heard = await driver.connect(placeOf()).say('gemini-2.5-flash', question, { isStream: true });
    expect(heard.text).toBe('');
    expect(heard.stop).toBe(driver.stopWords.length);
    if (heard.thinking !== '') expect(seen.thinking).toContain(heard.thinking.trim());
  });
});

const call: Said = {
  text: 'I look it up.',
  calls: [{ id: 'call_1', name: 'look_up', input: { city: 'Reykjavík', days: [1, 2, 3] } }],
  stop: 'tool-calls',
  usage: { input: 40, output: 30 },
};

/** Formats that show the arguments of a call piece by piece. */
const showing: readonly FormatId[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];

describe.each(ids)('cut inside a call of %s', (upstream) => {
  const isShown = showing.includes(upstream);
  const whole = JSON.stringify(call.calls![0]!.input);

  it('shows OpenAI chat clients the half of it', async () => {
    cutIn(upstream, 'openai-chat', call);
    const openai = new OpenAI({ apiKey: 'key', baseURL: `${placeOf().url}/v1`, maxRetries: 0 });
    const stream = openai.chat.completions.stream({ model: 'm', messages: [] });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]!.finish_reason).toBe('length');
    expect(choices[0]!.message.content).toContain('I look');
    const [shown] = choices[0]!.message.tool_calls ?? [];
    expect(shown !== undefined).toBe(isShown);
    const half = shown?.type === 'function' ? shown.function.arguments : '';
    expect(whole.startsWith(half) && half.length < whole.length).toBe(true);
  });

  it('shows Responses clients the half of it', async () => {
    cutIn(upstream, 'openai-responses', call);
    const openai = new OpenAI({ apiKey: 'key', baseURL: `${placeOf().url}/v1`, maxRetries: 0 });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    const stream = await openai.responses.create({ model: 'm', input: 'x', stream: true });
    for await (const event of stream) events.push(event);
    const numbers = events.map(({ sequence_number: number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => numbers[0]! + at));
    const last = events.at(-1)!;
    if (last.type !== 'response.incomplete') throw new Error(`ended with ${last.type}`);
    expect(last.response.incomplete_details).toEqual({ reason: 'max_output_tokens' });
    const done = events.flatMap((event) => (event.type === 'response.output_item.done' ? [event.item] : []));
    expect(last.response.output).toEqual(done);
    const shown = done.find((item) => item.type === 'function_call');
    expect(shown !== undefined).toBe(isShown);
    if (shown) expect(shown.status).toBe('incomplete');
    const half = shown?.arguments ?? '';
    expect(whole.startsWith(half) && half.length < whole.length).toBe(true);
  });

  it('shows Anthropic clients the half of it', async () => {
    cutIn(upstream, 'anthropic-messages', call);
    const anthropic = new Anthropic({ apiKey: 'key', baseURL: placeOf().url, maxRetries: 0 });
    const stream = anthropic.messages.stream({ model: 'm', max_tokens: 9, messages: [] });
    const { stop_reason: reason, content } = await stream.finalMessage();
    expect(reason).toBe('max_tokens');
    expect(content.map(({ type }) => type)).toEqual(isShown ? ['text', 'tool_use'] : ['text']);
  });

  it.each(['gemini-generate', 'ollama-chat'] as const)('shows %s clients no half of it', async (client) => {
    cutIn(upstream, client, call);
    const driver = drivers[client];
    const heard = await driver.connect(placeOf()).say('gemini-2.5-flash', question, { isStream: true });
    expect(heard.calls).toEqual([]);
    expect(heard.text).toContain('I look');
    expect(heard.stop).toBe(driver.stopWords.length);
  });
});
