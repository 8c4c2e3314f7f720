/** Events as chunks: valid ones, and what was decoded says the same encoded. */
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import type { ReplyContext } from '../format.ts';
import { createSseReader } from '../frames.ts';
import { seal } from '../seal.ts';
import { checkContract } from './__fixtures__/check-contract.ts';
import {
  decode,
  hasRecordings,
  readStream,
  readStreams,
  recordedStreams,
} from './__fixtures__/read-fixtures.ts';
import { openaiChat } from './index.ts';

const context: ReplyContext = {
  model: 'alias',
  fallbackId: 'exc_1',
  nowMs: 1_760_000_000_500,
  streamUsage: true,
};

function encode(events: readonly ChatEvent[], more: Partial<ReplyContext> = {}) {
  const encoder = openaiChat.createEncoder({ ...context, ...more });
  const text = events.map((event) => encoder.push(event)).join('');
  return { text, warnings: encoder.warnings().map(({ path }) => path) };
}

/** The chunks of a stream, checked for what must hold in every one. */
function readChunks(text: string): Record<string, unknown>[] {
  const reader = createSseReader();
  return [...reader.push(Buffer.from(text)), ...reader.end()]
    .filter(({ data }) => data !== '[DONE]')
    .map(({ data }) => JSON.parse(data) as Record<string, unknown>);
}

/** What encoding may not keep: progress reports of usage, and words for a stop that had none. */
function comparable(events: readonly ChatEvent[]): unknown[] {
  const last = events.findLast(({ type }) => type === 'usage');
  return events.flatMap((event) => {
    if (event.type === 'usage' && event !== last) return [];
    // Sanitised recordings have no time.
    if (event.type === 'start') return { ...event, model: '', createdAtMs: 0 };
    if (event.type === 'error') return { type: 'error', message: event.error.message };
    return event;
  });
}

describe('encoder', () => {
  const finished = readStreams().filter(
    ([name]) => !['no-finish', 'truncated', 'many-malformed'].includes(name),
  );
  it.each(finished)('what was decoded says the same encoded: %s', (_name, bytes) => {
    const events = decode(bytes);
    expect(comparable(decode(Buffer.from(encode(events).text)))).toEqual(comparable(events));
    expect(encode(events).warnings).toEqual([]);
  });
  it.skipIf(!hasRecordings)(
    'what was decoded says the same encoded, recorded (skipped without recordings)',
    () => {
      expect(recordedStreams.length).toBeGreaterThan(15);
      for (const [id, bytes] of recordedStreams) {
        const events = decode(bytes);
        checkContract(events);
        expect(decode(bytes, 7), id).toEqual(events);
        // A recording without a finish reason gets one, and with it an earlier end of its parts.
        if (events.some((event) => event.type === 'stop' && event.stop.raw === null)) continue;
        expect(comparable(decode(Buffer.from(encode(events).text))), id).toEqual(comparable(events));
      }
    },
  );
  it.each(readStreams())('writes valid chunks: %s', (name, bytes) => {
    const events = decode(bytes);
    const { text } = encode(events);
    const chunks = readChunks(text).filter((chunk) => !('error' in chunk));
    expect(
      new Set(chunks.map(({ id, created, model, object }) => `${id} ${created} ${model} ${object}`)).size,
    ).toBeLessThan(2);
    const hasEnded = events.at(-1)?.type === 'end';
    expect(text.endsWith('data: [DONE]\n\n'), name).toBe(hasEnded);
    expect(text.includes('[DONE]\n')).toBe(hasEnded);
    expect(chunks.every(({ model }) => model === 'alias')).toBe(true);
  });
  it('gives usage only to clients that asked for it', () => {
    const events = decode(readStream('text'));
    expect(encode(events, { streamUsage: false }).text).not.toContain('prompt_tokens');
    expect(readChunks(encode(events).text).at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 20 },
    });
  });
  const foreign: ChatEvent[] = [
    {
      type: 'start',
      id: 'msg_1',
      model: 'claude',
      extra: { format: 'anthropic-messages', fields: { container: 'c' } },
    },
    { type: 'ping' },
    { type: 'thinking-start', index: 0 },
    { type: 'thinking-delta', index: 0, text: 'Hm.' },
    { type: 'thinking-signature', index: 0, signature: { format: 'anthropic-messages', value: 's' } },
    { type: 'thinking-end', index: 0 },
    { type: 'redacted-thinking', index: 1, data: { format: 'anthropic-messages', value: 'd' } },
    { type: 'text-start', index: 2 },
    { type: 'text-delta', index: 2, text: 'Look' },
    { type: 'opaque-delta', index: 2, format: 'anthropic-messages', value: { citations: [1] } },
    { type: 'text-end', index: 2 },
    { type: 'opaque-part', index: 3, part: { type: 'opaque', format: 'anthropic-messages', value: {} } },
    { type: 'tool-call-start', index: 4, id: 'toolu_1', name: 'now' },
    { type: 'tool-call-end', index: 4 },
    { type: 'tool-call-start', index: 5, id: 'toolu_2', name: 'f' },
    { type: 'tool-call-delta', index: 5, arguments: '{"a":1}' },
    { type: 'tool-call-end', index: 5 },
    { type: 'usage', usage: { input: 1, cacheRead: 2, output: 3, raw: {} } },
    { type: 'stop', stop: { kind: 'tool-calls', raw: 'tool_use' } },
    { type: 'end' },
  ];
  it('shows the events of another format', () => {
    const { text, warnings } = encode(foreign);
    const head = { id: 'msg_1', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'alias' };
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, finish_reason }],
    });
    const call = (index: number, entry: object) => chunk({ tool_calls: [{ index, ...entry }] });
    expect(readChunks(text)).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ reasoning_content: 'Hm.' }),
      chunk({ content: 'Look' }),
      call(0, { id: 'toolu_1', type: 'function', function: { name: 'now', arguments: '' } }),
      call(0, { function: { arguments: '{}' } }),
      call(1, { id: 'toolu_2', type: 'function', function: { name: 'f', arguments: '' } }),
      call(1, { function: { arguments: '{"a":1}' } }),
      chunk({
        reasoning_details: [
          {
            type: 'reasoning.text',
            text: 'Hm.',
            signature: seal({ format: 'anthropic-messages', value: 's' }),
            format: 'turnpike',
            index: 0,
          },
          {
            type: 'reasoning.encrypted',
            data: seal({ format: 'anthropic-messages', value: 'd' }),
            format: 'turnpike',
            index: 1,
          },
        ],
      }),
      chunk({}, 'tool_calls'),
      {
        ...head,
        choices: [],
        usage: {
          prompt_tokens: 3,
          completion_tokens: 3,
          total_tokens: 6,
          prompt_tokens_details: { cached_tokens: 2 },
        },
      },
    ]);
    expect(text).toContain('\n\n: ping\n\n');
    expect(warnings).toEqual(['extra.container', 'parts[2].extra', 'parts[3]']);
  });
  it('ends with the error and nothing else', () => {
    const error = { kind: 'upstream', status: 502, message: 'cut' } as const;
    const { text } = encode([...foreign.slice(0, 9), { type: 'error', error }]);
    expect(
      text.endsWith(
        'data: {"error":{"message":"cut","type":"server_error","param":null,"code":"upstream_error"}}\n\n',
      ),
    ).toBe(true);
    expect(text).not.toContain('[DONE]');
    expect(encode([{ type: 'error', error }]).text.startsWith('data: {"error"')).toBe(true);
  });
  it('is read by the official SDK', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const fetch = async () => new Response(encode(foreign).text, { headers });
    const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
    const stream = client.chat.completions.stream({
      model: 'alias',
      messages: [{ role: 'user', content: 'x' }],
    });
    const reply = await stream.finalChatCompletion();
    expect(reply.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'Look',
        tool_calls: [
          { id: 'toolu_1', function: { name: 'now', arguments: '{}' } },
          { id: 'toolu_2', function: { name: 'f', arguments: '{"a":1}' } },
        ],
      },
    });
    expect(reply.usage?.total_tokens).toBe(6);
  });
  it('is an error to the official SDK where it ended in one', async () => {
    const error = { kind: 'overloaded', status: 503, message: 'busy' } as const;
    const { text } = encode([...foreign.slice(0, 9), { type: 'error', error }]);
    const fetch = async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
    const stream = client.chat.completions.stream({
      model: 'alias',
      messages: [{ role: 'user', content: 'x' }],
    });
    await expect(stream.finalChatCompletion()).rejects.toThrow('busy');
  });
});
