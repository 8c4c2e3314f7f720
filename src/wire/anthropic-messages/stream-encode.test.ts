/** Streams and replies of other formats as Anthropic's. */
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatReply, JsonObject, Usage } from '../chat.ts';
import { seal } from '../seal.ts';
import { contextFor, readFrames } from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';

const START: ChatEvent = {
  type: 'start',
  id: 'chatcmpl-1',
  model: 'gpt',
  extra: { format: 'openai-chat', fields: {} },
};
/** Only says whose the thought is. */
const openaiThought = seal({ format: 'openai-chat', value: '' });
const END: ChatEvent = { type: 'end' };
const stop = (kind: 'end' | 'length' | 'tool-calls' | 'content-filter'): ChatEvent => ({
  type: 'stop',
  stop: { kind, raw: 'x' },
});
const usage: Usage = {
  input: 7,
  cacheRead: 2,
  cacheWrite1h: 3,
  output: 5,
  reasoning: 4,
  calls: { web_search: 1 },
  serviceTier: 'flex',
  raw: { prompt_tokens: 9 },
};
const wireUsage = {
  input_tokens: 7,
  cache_creation_input_tokens: 3,
  cache_read_input_tokens: 2,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 3 },
  output_tokens: 5,
  output_tokens_details: { thinking_tokens: 4 },
  server_tool_use: { web_search_requests: 1 },
};
const zeros = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 0,
};

function encode(events: readonly ChatEvent[]): { sent: JsonObject[]; warned: string[] } {
  const encoder = anthropicMessages.createEncoder(contextFor('shown'));
  const text = events.map((event) => encoder.push(event)).join('');
  const frames = readFrames([Buffer.from(text)]);
  for (const frame of frames) expect(frame.event).toBe(JSON.parse(frame.data).type);
  return {
    sent: frames.map((frame) => JSON.parse(frame.data)),
    warned: encoder.warnings().map(({ kind, path }) => `${kind} ${path}`),
  };
}

/** The blocks between message_start and message_delta. */
function blocks(events: readonly ChatEvent[]): JsonObject[] {
  return encode([START, ...events, stop('end'), END]).sent.slice(1, -2);
}

const block = (index: number, content_block: JsonObject) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, fields: JsonObject) => ({ type: 'content_block_delta', index, delta: fields });
const end = (index: number) => ({ type: 'content_block_stop', index });

describe('the encoder', () => {
  it('writes a whole stream: usage at the end when it is known only then', () => {
    const { sent, warned } = encode([
      START,
      { type: 'text-start', index: 0 },
      { type: 'text-delta', index: 0, text: 'Hi' },
      { type: 'text-end', index: 0 },
      stop('length'),
      { type: 'usage', usage },
      END,
    ]);
    expect(sent).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'chatcmpl-1',
          type: 'message',
          role: 'assistant',
          model: 'shown',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: zeros,
        },
      },
      block(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Hi' }),
      end(0),
      { type: 'message_delta', delta: { stop_reason: 'max_tokens', stop_sequence: null }, usage: wireUsage },
      { type: 'message_stop' },
    ]);
    expect(warned).toEqual([]);
  });

  it('puts usage that comes at once into message_start, and waits for nothing else', () => {
    const encoder = anthropicMessages.createEncoder(contextFor('shown'));
    expect(encoder.push({ type: 'ping' })).toContain('ping');
    expect(encoder.push(START)).toBe('');
    expect(encoder.push({ type: 'usage', usage })).toContain('"input_tokens":7');
    expect(encoder.push({ type: 'ping' })).toBe('event: ping\ndata: {"type":"ping"}\n\n');
    expect(encoder.push({ type: 'text-start', index: 0 })).toBe('');
    expect(encoder.push({ type: 'text-delta', index: 0, text: 'a' })).toContain('content_block_start');
  });

  it('uses the fallback id and says tool_use when there were calls, whatever the upstream said', () => {
    const { sent } = encode([
      { ...START, id: '' },
      { type: 'tool-call-start', index: 0, id: 'a:b', name: 'x.y' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
      { type: 'tool-call-end', index: 0 },
      stop('end'),
      END,
    ]);
    expect(sent[0]).toMatchObject({ message: { id: 'msg_fallback' } });
    expect(sent[1]).toEqual(block(0, { type: 'tool_use', id: 'a-x3a-b', name: 'x-x2e-y', input: {} }));
    expect(sent.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });

  it('shows calls that arrive mixed one after the other, with indexes without gaps', () => {
    const call = (index: number): ChatEvent => ({
      type: 'tool-call-start',
      index,
      id: `c${index}`,
      name: 'f',
    });
    const args = (index: number, text: string): ChatEvent => ({
      type: 'tool-call-delta',
      index,
      arguments: text,
    });
    const sent = blocks([
      { type: 'text-start', index: 0 },
      { type: 'text-end', index: 0 },
      call(1),
      call(2),
      args(2, '{"b"'),
      args(1, '{"a":1}'),
      args(2, ':2}'),
      { type: 'tool-call-end', index: 1 },
      { type: 'tool-call-end', index: 2 },
    ]);
    expect(sent).toEqual([
      block(0, { type: 'tool_use', id: 'c1', name: 'f', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      end(0),
      block(1, { type: 'tool_use', id: 'c2', name: 'f', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"b"' }),
      delta(1, { type: 'input_json_delta', partial_json: ':2}' }),
      end(1),
    ]);
  });

  it('shows refusals as text, unsigned thinking under its maker, and names what it cannot show', () => {
    const events: ChatEvent[] = [
      { type: 'thinking-start', index: 0 },
      { type: 'thinking-delta', index: 0, text: 'hm' },
      { type: 'thinking-end', index: 0 },
      { type: 'refusal-start', index: 1 },
      { type: 'refusal-delta', index: 1, text: 'no' },
      { type: 'opaque-delta', index: 1, format: 'openai-chat', value: { annotations: [1] } },
      { type: 'refusal-end', index: 1 },
      {
        type: 'opaque-part',
        index: 2,
        part: { type: 'opaque', format: 'gemini-generate', value: { type: 'x' } },
      },
    ];
    expect(blocks(events)).toEqual([
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: openaiThought }),
      end(0),
      block(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'no' }),
      end(1),
    ]);
    expect(encode([START, ...events, END]).warned).toEqual([
      'approximated parts[1]',
      'dropped parts[1]',
      'dropped parts[2]',
    ]);
  });

  it('ends with an error event and nothing after it', () => {
    const error = { kind: 'timeout', status: 504, message: 'too slow', code: 'upstream_timeout' } as const;
    const { sent } = encode([START, { type: 'text-start', index: 0 }, { type: 'error', error }, END]);
    expect(sent.at(-1)).toEqual({
      type: 'error',
      error: { type: 'timeout_error', message: 'too slow', details: { error_code: 'upstream_timeout' } },
    });
  });
});

it('gives a stop of its own stream a word when it was cut on the way', () => {
  const own: ChatEvent = { ...START, extra: { format: 'anthropic-messages', fields: {} } };
  const cut: ChatEvent = { type: 'stop', stop: { kind: 'length', raw: null } };
  expect(encode([own, cut, END]).sent.at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
});

describe('renderReply', () => {
  const reply: ChatReply = {
    id: '',
    model: 'gpt',
    parts: [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: '' },
      { type: 'text', text: 'Hi' },
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{"a":1}' },
      { type: 'image', source: { kind: 'url', url: 'https://example.com' } },
    ],
    stop: { kind: 'unknown', raw: null },
    usage,
    extra: { format: 'openai-chat', fields: { system_fingerprint: 'fp' } },
  };

  it('shows a reply of another format', () => {
    const { body, warnings } = anthropicMessages.renderReply(reply, contextFor('shown'));
    expect(body).toEqual({
      id: 'msg_fallback',
      type: 'message',
      role: 'assistant',
      model: 'shown',
      content: [
        { type: 'thinking', thinking: 'hm', signature: openaiThought },
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: wireUsage,
    });
    expect(warnings.map(({ path }) => path)).toEqual(['parts[4]', 'extra.system_fingerprint']);
  });

  it('gives zeros where nothing was reported, and where it was no number', () => {
    const { usage: _none, ...silent } = reply;
    expect(anthropicMessages.renderReply(silent, contextFor('m')).body.usage).toEqual(zeros);
    const absurd = { ...reply, usage: { input: Number.NaN, output: Number.POSITIVE_INFINITY, raw: {} } };
    expect(anthropicMessages.renderReply(absurd, contextFor('m')).body.usage).toEqual(zeros);
  });
});

describe('parseReply', () => {
  it.each([[{ type: 'error', error: {} }], [{}], [{ content: 'x' }]])('refuses %j', (body) => {
    expect(() => anthropicMessages.parseReply(body)).toThrow(expect.objectContaining({ name: 'WireError' }));
  });

  it('is lenient otherwise', () => {
    const content = [{ type: 'text' }, 7, { type: 'tool_use' }];
    expect(anthropicMessages.parseReply({ content })).toEqual({
      id: '',
      model: '',
      parts: [
        { type: 'opaque', format: 'anthropic-messages', value: { type: 'text' } },
        { type: 'opaque', format: 'anthropic-messages', value: { type: 'tool_use' } },
      ],
      stop: { kind: 'unknown', raw: null },
      extra: { format: 'anthropic-messages', fields: {} },
    });
  });
});
