/** Whole replies: what they mean, edits, and what of other formats is shown. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatReply, Extra, JsonObject } from '../chat.ts';
import { contextFor, jsonFixtures } from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

const { parseReply, renderReply, readStop } = openaiResponses;
const fixture = (name: string): JsonObject => jsonFixtures('replies').find((one) => one.name === name)!.body;

describe('parseReply', () => {
  it.each<[string, string[], object]>([
    ['text', ['opaque', 'text'], { kind: 'end', raw: 'completed' }],
    ['calls', ['thinking', 'text', 'tool-call', 'tool-call'], { kind: 'tool-calls', raw: 'completed' }],
    ['custom-call', ['tool-call'], { kind: 'tool-calls', raw: 'completed' }],
    ['summary', ['thinking', 'text'], { kind: 'end' }],
    ['cited', ['opaque', 'opaque', 'text', 'text'], { kind: 'end' }],
    ['refusal', ['refusal'], { kind: 'end', raw: 'completed' }],
    ['cut', ['text'], { kind: 'length', raw: 'max_output_tokens' }],
    ['filtered', ['text'], { kind: 'content-filter', raw: 'content_filter' }],
    ['odd-status', ['text'], { kind: 'unknown', raw: 'cancelled' }],
    ['image', ['image', 'text'], { kind: 'end' }],
    ['built-in', ['opaque', 'opaque', 'opaque', 'opaque', 'text'], { kind: 'end' }],
    ['empty', [], { kind: 'end' }],
  ])('%s', (name, types, stop) => {
    const reply = parseReply(fixture(name));
    expect(reply.parts.map(({ type }) => type)).toEqual(types);
    expect(reply.stop).toMatchObject(stop);
    expect(readStop(fixture(name))).toBe(reply.stop.raw);
    expect(reply).toMatchObject({ id: 'resp_1', createdAtMs: 1_760_000_000_000 });
  });

  it('names what is about the answer and not in the chat, and nothing else', () => {
    expect(parseReply(fixture('cited')).extra!.fields).toEqual({ moderation: { flagged: false } });
    expect(parseReply(fixture('text')).extra!.fields).toEqual({});
  });

  it.each<[JsonObject, string]>([
    [{}, 'output'],
    [{ output: 'x' }, 'output'],
    [{ output: [], status: 'failed', error: { code: 'server_error', message: 'Broken.' } }, 'error'],
  ])('refuses %j', (body, param) => {
    expect(() => parseReply(body)).toThrow(expect.objectContaining({ name: 'WireError', param }));
  });
});

describe('renderReply', () => {
  it('keeps edits of an own reply', () => {
    const reply = parseReply(fixture('calls'));
    const parts = reply.parts.map((part): ChatPart => {
      if (part.type === 'text') return { ...part, text: '[redacted]' };
      return part.type === 'tool-call' ? { ...part, name: `x_${part.name}` } : part;
    });
    const { body, warnings } = renderReply(
      { ...reply, parts, stop: { kind: 'length', raw: null } },
      contextFor('shown'),
    );
    expect(warnings).toEqual([]);
    expect(body).toMatchObject({
      model: 'shown',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [
        { id: 'rs_1', encrypted_content: 'gAAAA1' },
        { id: 'msg_1', content: [{ text: '[redacted]', annotations: [] }] },
        { id: 'fc_1', name: 'x_weather', call_id: 'call_1' },
        { id: 'fc_2', name: 'x_mcp__fs__weather' },
      ],
    });
  });

  it('says of another format’s what it drops', () => {
    const foreign: Extra = { format: 'anthropic-messages', fields: { citations: [{}] } };
    const reply: ChatReply = {
      id: '',
      model: 'up',
      parts: [
        { type: 'text', text: 'a', extra: foreign },
        { type: 'text', text: '' },
        { type: 'opaque', format: 'anthropic-messages', value: { type: 'server_tool_use' } },
        { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
        { type: 'image', source: { kind: 'url', url: 'https://example.test/a' } },
        { type: 'thinking', text: '' },
      ],
      stop: { kind: 'stop-sequence', raw: 'stop_sequence', sequence: 'END' },
      extra: { format: 'anthropic-messages', fields: { container: {} } },
    };
    const { body, warnings } = renderReply(reply, contextFor('shown'));
    expect(body).toMatchObject({
      id: 'resp_fallback',
      status: 'completed',
      output: [{ id: 'msg_resp_fallback_0', content: [{ text: 'a' }] }],
    });
    expect(warnings.map(({ path }) => path)).toEqual([
      'parts[0].extra.citations',
      'parts[2]',
      'parts[3]',
      'parts[4]',
      'extra.container',
      'stop.sequence',
    ]);
  });

  it('makes ids of a length that comes back', () => {
    const reply: ChatReply = {
      id: `chatcmpl-${'x'.repeat(90)}`,
      model: 'm',
      parts: [{ type: 'text', text: 'a' }],
      stop: { kind: 'end', raw: null },
    };
    const [item] = renderReply(reply, contextFor('shown')).body.output as JsonObject[];
    expect(item!.id).toMatch(/^msg_x{48}_0$/);
  });
});
