/** What streams mean, however their bytes are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { createSseReader } from '../frames.ts';
import { checkContract } from './__fixtures__/check-contract.ts';
import { decode, readStream, readStreams, withCrlf } from './__fixtures__/read-fixtures.ts';
import { openaiChat } from './index.ts';

/** Events as short lines: a part's text in one, its start and end shown by brackets. */
function tell(events: readonly ChatEvent[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    const line = tellEvent(event);
    const index = 'index' in event ? `${event.index}:` : '';
    const last = lines.at(-1);
    if (line.startsWith('+') && last?.startsWith(index) && !last.endsWith('»'))
      lines[lines.length - 1] += line.slice(1);
    else lines.push(`${index}${line.replace(/^\+/, '')}`);
  }
  return lines;
}

function tellEvent(event: ChatEvent): string {
  switch (event.type) {
    case 'start':
      return `start ${event.id}`;
    case 'tool-call-start':
      return `[${event.name} ${event.id} `;
    case 'text-start':
    case 'thinking-start':
    case 'refusal-start':
      return `[${event.type.replace('-start', '')} `;
    case 'text-delta':
    case 'thinking-delta':
    case 'refusal-delta':
      return `+${event.text}`;
    case 'tool-call-delta':
      return `+${event.arguments}`;
    case 'opaque-delta':
      return `+{${Object.keys(event.value)}}`;
    case 'thinking-signature':
      return `+~${Object.keys(event.signature.fields ?? {})}`;
    case 'usage':
      return `usage ${event.usage.input} ${event.usage.cacheRead ?? '-'} ${event.usage.output}`;
    case 'stop':
      return `stop ${event.stop.kind} ${event.stop.raw}`;
    case 'error':
      return `error ${event.error.kind} ${event.error.status} ${event.error.code}: ${event.error.message}`;
    default:
      return event.type.endsWith('-end') ? '+»' : event.type;
  }
}

describe('decoder', () => {
  const graz = '{"city":"Graz"}';
  const cases: Readonly<Record<string, readonly string[]>> = {
    text: ['0:[text Grüß Gott 🙏 "usage":{} [DONE]»', 'usage 4 16 7', 'stop end stop'],
    'no-usage': ['0:[text Hi»', 'stop length length'],
    'parallel-calls': [
      '0:[weather call_a {"city":',
      '1:[now call_b ',
      '0:"Gr',
      '1:{}',
      '0:az"}»',
      '1:»',
      'usage 4 16 7',
      'stop tool-calls tool_calls',
    ],
    'text-then-call': ['0:[text I look.»', `1:[weather call_a ${graz}»`, 'stop tool-calls tool_calls'],
    'gemini-same-index': [
      `0:[weather function-call-1 ${graz}»`,
      '1:[weather function-call-2 {"city":"Linz"}»',
      'usage 4 16 7',
      'stop tool-calls stop',
    ],
    'no-index-no-id': [
      `0:[weather call_0_chatcmpl9 ${graz}»`,
      '1:[weather call_1_chatcmpl9 {"city":"Linz"}»',
      'stop tool-calls stop',
    ],
    'repeated-id-and-name': ['0:[weather call_a {"city":1}»', 'stop tool-calls tool_calls'],
    'rotating-ids': ['0:[weather r1 {"a":1}»', 'stop tool-calls tool_calls'],
    'late-name': ['0:[now call_a {}»', 'stop tool-calls tool_calls'],
    'legacy-call': ['0:[weather call_0_chatcmpl9 {"city":1}»', 'stop tool-calls function_call'],
    'custom-call': ['0:[code call_c print(1)»', 'stop tool-calls tool_calls'],
    'thinking-deepseek': ['0:[thinking Hm, 12.~field»', '1:[text 12»', 'usage 20 10 9', 'stop end stop'],
    'thinking-openrouter': [
      '0:[thinking Multiply~field,details»',
      '1:[text 12»',
      'usage 30 50 12',
      'stop end stop',
    ],
    'thinking-magistral': ['0:[thinking hm~field»', '1:[text ok»', 'usage 4 - 3', 'stop end stop'],
    refusal: ["0:[refusal I can't.»", 'stop end stop'],
    logprobs: ['0:[text a{choices}b{annotations,choices}»', 'stop end stop'],
    azure: ['0:[text Hi{choices}»', 'usage 4 16 7', 'stop end stop'],
    groq: ['0:[text Hi»', 'usage 17 - 2', 'stop end stop'],
    crlf: ['0:[text é€😀»', 'usage 4 16 7', 'stop end stop'],
    'no-done': ['0:[text Hi»', 'usage 4 16 7', 'stop end stop'],
    'no-blank-line-at-end': ['0:[text Hi»', 'usage 4 16 7', 'stop end stop'],
    'no-finish': ['0:[now 0 {}»', 'stop tool-calls null'],
    'odd-finish': ['0:[text a»', 'stop end eos'],
    'two-choices': ['0:[text a»', 'usage 4 16 7', 'stop end stop'],
    malformed: ['0:[text Hi»', 'stop end stop'],
    image: ['0:[text Here»', '1:image-part', 'stop end stop'],
  };
  const failing: Readonly<Record<string, readonly string[]>> = {
    truncated: [
      '0:[text Hello»',
      'error upstream 502 stream_truncated: the upstream ended the stream before the reply was finished',
    ],
    'error-in-stream': ['0:[text Hel', 'error rate-limit 429 429: Provider returned error'],
    'many-malformed': [
      'error upstream 502 stream_invalid: more than 3 frames of the upstream are no JSON objects',
    ],
  };
  it.each(Object.entries(cases))('%s', (name, lines) => {
    expect(tell(decode(readStream(name)))).toEqual([
      expect.stringMatching(/^start (chatcmpl-9|gen-1)$/),
      ...lines,
      'end',
    ]);
  });
  it.each(Object.entries(failing))('%s', (name, lines) => {
    expect(tell(decode(readStream(name)))).toEqual(['start chatcmpl-9', ...lines]);
  });
  it('an error before anything has no start', () => {
    expect(tell(decode(readStream('error-at-once')))).toEqual(['error upstream 500 500: out of memory']);
  });
  it('has a case for every fixture', () => {
    expect(
      readStreams()
        .map(([name]) => name)
        .sort(),
    ).toEqual([...Object.keys(cases), ...Object.keys(failing), 'error-at-once'].sort());
  });

  it.each(readStreams())('reads the same however the bytes are cut: %s', (_name, bytes) => {
    const whole = decode(bytes);
    for (let size = 1; size < 8; size += 1) expect(decode(bytes, size)).toEqual(whole);
    expect(decode(withCrlf(bytes))).toEqual(whole);
    expect(decode(withCrlf(bytes), 1)).toEqual(whole);
  });
  it.each(readStreams())('reads the same cut in two anywhere: %s', (_name, bytes) => {
    const whole = decode(bytes);
    for (let at = 1; at < bytes.length; at += 1) {
      const reader = createSseReader();
      const decoder = openaiChat.createDecoder();
      const frames = [
        ...reader.push(bytes.subarray(0, at)),
        ...reader.push(bytes.subarray(at)),
        ...reader.end(),
      ];
      const events = frames.flatMap((frame) => decoder.push(frame));
      expect([...events, ...decoder.end()].length).toBe(whole.length);
    }
  });
  it('nothing follows an end or an error, and an end of no bytes is an error', () => {
    const decoder = openaiChat.createDecoder();
    expect(decoder.push({ data: '[DONE]' }).map(({ type }) => type)).toEqual(['start', 'stop', 'end']);
    expect(decoder.push({ data: '{"choices":[{"delta":{"content":"x"}}]}' })).toEqual([]);
    expect(decoder.end()).toEqual([]);
    expect(tell(openaiChat.createDecoder().end())[0]).toMatch(/^error upstream 502 stream_truncated/);
  });
  it('keeps the contract of events on any chunks', () => {
    fc.assert(
      fc.property(fc.array(anyChunk(), { maxLength: 12 }), (chunks) => {
        const decoder = openaiChat.createDecoder();
        const events = chunks.flatMap((chunk) => decoder.push({ data: JSON.stringify(chunk) }));
        checkContract([...events, ...decoder.push({ data: '[DONE]' }), ...decoder.end()]);
      }),
      { numRuns: 500 },
    );
  });
});

function anyChunk(): fc.Arbitrary<unknown> {
  const text = fc.constantFrom('', 'a', '{', '}', '{"x":1}', '"');
  const nullable = fc.option(text, { nil: null });
  const call = fc.record(
    {
      index: fc.nat(2),
      id: fc.constantFrom('i', 'j', '', null),
      function: fc.record(
        { name: nullable, arguments: fc.oneof(nullable, fc.constant({ a: 1 })) },
        { requiredKeys: [] },
      ),
      custom: fc.record({ name: text, input: text }),
      extra: text,
    },
    { requiredKeys: ['function'] },
  );
  const delta = fc.record(
    {
      content: fc.oneof(
        nullable,
        fc.constant([
          { type: 'thinking', thinking: [{ text: 't' }] },
          { type: 'text', text: 'u' },
          { type: 'x' },
        ]),
      ),
      reasoning: nullable,
      reasoning_content: nullable,
      reasoning_details: fc.constantFrom(null, [], [{ text: 'd' }]),
      refusal: nullable,
      tool_calls: fc.option(fc.array(call, { maxLength: 3 }), { nil: null }),
      function_call: fc.record({ name: text, arguments: text }),
      images: fc.constantFrom([{ type: 'image_url' }], [1]),
      note: fc.constantFrom([1], { a: 1 }),
    },
    { requiredKeys: [] },
  );
  const choice = fc.record(
    {
      index: fc.constantFrom(0, 0, 0, 1),
      delta,
      finish_reason: fc.constantFrom(null, null, null, 'stop', ''),
      logprobs: fc.constantFrom(null, { content: [1] }),
    },
    { requiredKeys: [] },
  );
  const chunk = fc.record(
    {
      id: text,
      choices: fc.array(choice, { maxLength: 2 }),
      usage: fc.constantFrom(null, { prompt_tokens: 1 }),
      error: fc.constantFrom(null, ''),
      citations: fc.constantFrom([], ['c']),
    },
    { requiredKeys: ['choices'] },
  );
  return fc.oneof({ weight: 20, arbitrary: chunk }, { weight: 1, arbitrary: fc.jsonValue() });
}
