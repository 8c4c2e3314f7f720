/** The official SDK as a judge: what it makes of our streams is what we say the reply is. */
import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { ChatReply, JsonObject } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import { contextFor, decodeAll, encodeAll, fixtures, jsonFixtures, readFrames } from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';

async function readBySdk(text: string): Promise<JsonObject> {
  const fetch = () =>
    Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }));
  const client = new Anthropic({ apiKey: 'none', maxRetries: 0, fetch });
  const stream = client.messages.stream({
    model: 'm',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'x' }],
  });
  return JSON.parse(JSON.stringify(await stream.finalMessage())) as JsonObject;
}

/** The SDK opens texts that are JSON, and knows no deltas of the future; neither is ours to answer for. */
const SDK_CANNOT = ['unknown-things', 'compaction'];

describe('the SDK reads the same reply from our stream as we do', () => {
  const whole = fixtures('streams').flatMap(({ name, bytes }) => {
    const folded = foldEvents(decodeAll(readFrames([bytes])));
    return folded.type === 'reply' && !SDK_CANNOT.includes(name) ? [{ name, reply: folded.reply }] : [];
  });
  it.each(whole)('stream $name', async ({ reply }) => {
    await expectSame(reply);
  });

  const replies = jsonFixtures('replies')
    .filter(({ name }) => !SDK_CANNOT.includes(name))
    .map(({ name, body }) => ({ name, reply: anthropicMessages.parseReply(body) }));
  it.each(replies)('reply $name', async ({ reply }) => {
    await expectSame(reply);
  });
});

async function expectSame(reply: ChatReply): Promise<void> {
  const message = await readBySdk(encodeAll(unfoldReply(reply), 'shown'));
  const { body } = anthropicMessages.renderReply(reply, contextFor('shown'));
  for (const key of ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence']) {
    expect(message[key], key).toEqual(body[key]);
  }
  expect(message.usage).toMatchObject(pickCounts(body.usage as JsonObject));
}

/** The counters the SDK takes over from the last report. */
function pickCounts(usage: JsonObject): JsonObject {
  const counted = Object.entries(usage).filter(([key]) => /_tokens$|server_tool_use/.test(key));
  return Object.fromEntries(counted);
}

it('gets back from a client of the SDK all state it was shown, of whatever maker', async () => {
  const reply: ChatReply = {
    id: 'resp_1',
    model: 'gpt-5',
    parts: [
      {
        type: 'thinking',
        text: 'Hm.',
        signature: { format: 'openai-responses', value: 'gA', fields: { id: 'rs' } },
      },
      { type: 'redacted-thinking', data: { format: 'openai-responses', value: 'gB' } },
      {
        type: 'tool-call',
        id: 'call_1',
        name: 'look',
        arguments: '{}',
        signature: { format: 'gemini-generate', value: 'Cv' },
      },
    ],
    stop: { kind: 'tool-calls', raw: null },
  };
  const { content } = await readBySdk(encodeAll(unfoldReply(reply), 'shown'));
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', content: content! },
  ];
  const { turns } = anthropicMessages.parseRequest({ model: 'm', max_tokens: 9, messages });
  expect(turns[1]!.parts).toEqual(reply.parts);
});

it('gives the SDK an error it can name', async () => {
  const error = { kind: 'overloaded', status: 529, message: 'full' } as const;
  const text = encodeAll(
    [
      { type: 'start', id: 'a', model: 'm' },
      { type: 'error', error },
    ],
    'm',
  );
  await expect(readBySdk(text)).rejects.toThrow('overloaded_error');
});
