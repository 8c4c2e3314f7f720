/** The official SDK as a judge: what it makes of our streams is what we say the reply is. */
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatEvent, ChatReply, JsonObject } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import { contextFor, decodeBytes, encodeAll, fixtures, jsonFixtures } from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

function clientFor(text: string, type = 'text/event-stream', status = 200): OpenAI {
  const fetch = () => Promise.resolve(new Response(text, { status, headers: { 'content-type': type } }));
  return new OpenAI({ apiKey: 'none', maxRetries: 0, fetch });
}

/** By the helper that accumulates the events and checks them as it goes. */
async function readBySdk(text: string): Promise<JsonObject> {
  const stream = clientFor(text).responses.stream({ model: 'm', input: 'x' });
  return JSON.parse(JSON.stringify(await stream.finalResponse())) as JsonObject;
}

/** What the helper made of the events before the terminal one replaced it. */
async function accumulateBySdk(text: string): Promise<JsonObject> {
  const withoutEnd = text.slice(0, text.lastIndexOf('event: '));
  return await readBySdk(withoutEnd);
}

/** The SDK adds what it parses from texts and arguments. */
function plain(output: unknown): unknown {
  return JSON.parse(JSON.stringify(output), (key, value: unknown) =>
    key === 'parsed' || key === 'parsed_arguments' ? undefined : value,
  );
}

async function expectSame(reply: ChatReply, context = contextFor('shown')): Promise<void> {
  const { body } = openaiResponses.renderReply(reply, context);
  const text = encodeAll(unfoldReply(reply), context);
  const response = await readBySdk(text);
  for (const key of ['id', 'object', 'model', 'status', 'incomplete_details', 'error', 'created_at']) {
    expect(response[key] ?? null, key).toEqual(body[key] ?? null);
  }
  expect(plain(response.output)).toEqual(body.output);
  expect(response.usage ?? null).toEqual(body.usage ?? null);
  expect(plain((await accumulateBySdk(text)).output)).toEqual(body.output);
}

/** Statuses a stream cannot tell before its end are those of the end; ids are made where there were none. */
const UNEVEN = ['cut', 'filtered', 'bare'];

describe('the SDK reads the same reply from our stream as we do', () => {
  const whole = fixtures('streams').flatMap(({ name, bytes }) => {
    const folded = foldEvents(decodeBytes(bytes));
    return folded.type === 'reply' && !UNEVEN.includes(name) ? [{ name, reply: folded.reply }] : [];
  });
  it.each(whole)('stream $name', ({ reply }) => expectSame(reply));

  const replies = jsonFixtures('replies')
    .filter(({ name }) => !UNEVEN.includes(name))
    .map(({ name, body }) => ({ name, reply: openaiResponses.parseReply(body) }));
  it.each(replies)('reply $name', ({ reply }) => expectSame(reply));

  it('of another vendor: thoughts, texts, a refusal, parallel and custom calls', async () => {
    const { tools } = openaiResponses.parseRequest({
      model: 'm',
      input: 'x',
      tools: [{ type: 'custom', name: 'patch' }],
    });
    const reply: ChatReply = {
      id: 'msg_1',
      model: 'claude',
      parts: [
        { type: 'thinking', text: 'Hm.\n\nSo.', signature: { format: 'anthropic-messages', value: 'EqQB' } },
        { type: 'redacted-thinking', data: { format: 'anthropic-messages', value: 'EmwK' } },
        { type: 'text', text: 'I ' },
        { type: 'text', text: 'look.' },
        { type: 'refusal', text: 'Not there.' },
        { type: 'tool-call', id: 'toolu_1', name: 'find', arguments: '' },
        { type: 'tool-call', id: 'toolu_2', name: 'patch', arguments: '{"input":"*** \\u00e9\\n"}' },
      ],
      stop: { kind: 'tool-calls', raw: 'tool_use' },
      usage: { input: 10, cacheRead: 4, output: 7, raw: null },
      extra: { format: 'anthropic-messages', fields: {} },
    };
    await expectSame(reply, contextFor('shown', tools));
  });
});

const error: ChatError = {
  kind: 'rate-limit',
  status: 429,
  message: 'slow down',
  code: 'rate_limit_exceeded',
};
const broken: ChatEvent[] = [
  { type: 'start', id: 'a', model: 'm' },
  { type: 'text-start', index: 0 },
  { type: 'text-delta', index: 0, text: 'half' },
  { type: 'error', error },
];

describe('errors', () => {
  it.each([
    ['after content', encodeAll(broken, contextFor('m'))],
    ['at once', encodeAll(broken.slice(3), contextFor('m'))],
    ['in a stream of somebody else', openaiResponses.renderStreamError(error, 'req_1')],
  ])('in a stream throw, %s', async (_when, text) => {
    await expect(readBySdk(text)).rejects.toMatchObject({
      name: 'Error',
      constructor: OpenAI.APIError,
      code: 'rate_limit_exceeded',
      error: { message: 'slow down' },
    });
  });

  it.each([
    [401, 'authentication', OpenAI.AuthenticationError],
    [404, 'not-found', OpenAI.NotFoundError],
    [429, 'budget', OpenAI.RateLimitError],
    [503, 'overloaded', OpenAI.InternalServerError],
  ] as const)('as an answer of status %i are of the class for it', async (status, kind, type) => {
    const body = openaiResponses.renderError({ kind, status, message: 'no' }, 'req_1');
    const client = clientFor(JSON.stringify(body), 'application/json', status);
    await expect(client.responses.create({ model: 'm', input: 'x' })).rejects.toBeInstanceOf(type);
  });
});

it('passes over what keeps a silent connection open, as other parsers do', async () => {
  const events = decodeBytes(fixtures('streams').find(({ name }) => name === 'text')!.bytes);
  const plainText = encodeAll(events, contextFor('m'));
  const keepAlive = openaiResponses.keepAlive!;
  const text = keepAlive + plainText.replaceAll('\n\n', `\n\n${keepAlive}`);
  expect(await readBySdk(text)).toEqual(await readBySdk(plainText));
  const seen: (string | undefined)[] = [];
  const parser = createParser({ onEvent: ({ event }) => seen.push(event) });
  parser.feed(text);
  expect(seen).toHaveLength(plainText.split('\n\n').length - 1);
});
