// Streams: what their lines mean, however they are cut, and that tap and decoder agree.
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import { context, decode, encode, readStream, readStreams } from './__fixtures__/read-fixtures.ts';
import { ollamaChat } from './index.ts';

const OWN = { format: 'ollama-chat', value: '' } as const;
const START: ChatEvent = {
  type: 'start',
  id: 'exc_1',
  model: 'llama3.2',
  createdAtMs: Date.parse('2025-07-07T20:22:19.184Z'),
  extra: { format: 'ollama-chat', fields: {} },
};
const METRICS = {
  total_duration: 883_583_458,
  load_duration: 41_250_709,
  prompt_eval_count: 165,
  prompt_eval_duration: 165_000_000,
  eval_count: 42,
  eval_duration: 700_000_000,
};
const USAGE: ChatEvent = { type: 'usage', usage: { input: 165, output: 42, raw: METRICS } };

function pieces(kind: 'text' | 'thinking', index: number, ...texts: string[]): ChatEvent[] {
  return [
    { type: `${kind}-start`, index },
    ...texts.map((text): ChatEvent => ({ type: `${kind}-delta`, index, text })),
    ...(kind === 'thinking' ? [{ type: 'thinking-signature', index, signature: OWN } as const] : []),
    { type: `${kind}-end`, index },
  ];
}
function called(index: number, id: string, name: string, args: string): ChatEvent[] {
  return [
    { type: 'tool-call-start', index, id, name },
    { type: 'tool-call-delta', index, arguments: args },
    { type: 'tool-call-end', index },
  ];
}
const truncated = {
  type: 'error',
  error: {
    kind: 'upstream',
    code: 'stream_truncated',
    status: 502,
    message: 'the upstream ended the stream before the reply was finished',
  },
} as const;
/** The end of a stream, without what is the same in all of them. */
const ended = (kind: 'end' | 'tool-calls' | 'length', raw: string | null): ChatEvent[] => [
  USAGE,
  { type: 'stop', stop: { kind, raw } },
  { type: 'end' },
];

const expected: Readonly<Record<string, ChatEvent[]>> = {
  text: [START, ...pieces('text', 0, 'The', ' sky', ' is blue.'), ...ended('end', 'stop')],
  thinking: [
    START,
    ...pieces('thinking', 0, 'Let me ', 'think… 17×3'),
    ...pieces('text', 1, 'Es ist ', '51 ✅'),
    ...ended('end', 'stop'),
  ],
  tools: [
    START,
    ...pieces('thinking', 0, 'Two.'),
    ...pieces('text', 1, 'I look.'),
    ...called(2, 'call_exc_1_1', 'get_weather', '{"city":"Graz"}'),
    ...called(3, 'call_exc_1_2', 'get_weather', '{"city":"Linz"}'),
    ...called(4, 'call_exc_1_3', 'now', '{}'),
    ...ended('tool-calls', 'stop'),
  ],
  'tools-with-ids': [
    START,
    ...called(0, 'call_x1', 'get_weather', '{"city":"Graz"}'),
    ...called(1, 'call_x2', 'now', '{}'),
    ...pieces('text', 2, 'More.'),
    ...ended('tool-calls', 'stop'),
  ],
  length: [START, ...pieces('text', 0, 'Once upon a'), ...ended('length', 'length')],
  'last-line-with-text': [START, ...pieces('text', 0, 'Hel', 'lo.'), ...ended('end', 'stop')],
  'no-line-end': [START, ...pieces('text', 0, 'Hi'), ...ended('end', 'stop')],
  crlf: [START, ...pieces('text', 0, 'Hi'), ...ended('end', 'stop')],
  'blank-lines': [START, ...pieces('text', 0, 'Hi'), ...ended('end', 'stop')],
  malformed: [START, ...pieces('text', 0, 'Hi'), ...ended('end', 'stop')],
  truncated: [START, ...pieces('text', 0, 'Hi', ' th'), truncated],
  'cut-line': [START, ...pieces('text', 0, 'Hi'), truncated],
};

describe('decoder', () => {
  it.each(Object.entries(expected))('%s', (name, events) => {
    expect(decode([readStream(name)])).toEqual(events);
  });

  it.each(readStreams())('%s says the same, cut at every byte', (_name, bytes) => {
    const whole = decode([bytes]);
    for (let at = 1; at < bytes.length; at += 1) {
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it.each(readStreams())('%s keeps the order of events', (_name, bytes) => {
    const events = decode([bytes]);
    const open = new Set<number>();
    let next = 0;
    for (const event of events) {
      if (!('index' in event)) continue;
      const isWhole = event.type === 'image-part';
      if (event.type.endsWith('-start') || isWhole) {
        expect(event.index).toBe(next);
        next += 1;
        if (!isWhole) open.add(event.index);
        continue;
      }
      expect(open.has(event.index), event.type).toBe(true);
      if (event.type.endsWith('-end')) open.delete(event.index);
    }
    const last = events.at(-1)!.type;
    expect(['end', 'error']).toContain(last);
    if (last === 'end')
      expect([open.size, events.filter(({ type }) => type === 'stop').length]).toEqual([0, 1]);
  });

  it('tells an error with what stands beside it', () => {
    expect(decode([readStream('error-in-stream')]).at(-1)).toEqual({
      type: 'error',
      error: {
        kind: 'upstream',
        status: 502,
        message: 'an error was encountered while running the model: unexpected EOF',
        extra: { format: 'ollama-chat', fields: {} },
      },
    });
    expect(decode([readStream('error-at-once')])).toMatchObject([
      {
        type: 'error',
        error: { kind: 'overloaded', status: 503, message: 'model runner has unexpectedly stopped' },
      },
    ]);
  });

  it('gives up a stream of anything but JSON', () => {
    const events = decode([readStream('many-malformed')]);
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_invalid', status: 502 } });
    expect(events.filter(({ type }) => type === 'error')).toHaveLength(1);
  });

  it('ends with the last line, whatever follows', () => {
    const bytes = Buffer.concat([readStream('text'), readStream('tools'), readStream('error-in-stream')]);
    expect(decode([bytes])).toEqual(expected.text);
  });

  it('tells an empty stream from a finished one', () => {
    expect(decode([])).toEqual([truncated]);
  });

  it('tells what nobody knows with the part it came with, or with the stop', () => {
    const events = decode([readStream('unknown')]);
    expect(events.filter(({ type }) => type === 'opaque-delta')).toEqual([
      { type: 'opaque-delta', index: 0, format: 'ollama-chat', value: { message: { mood: 'good' } } },
      { type: 'opaque-delta', index: 0, format: 'ollama-chat', value: { extra: { a: 1 } } },
    ]);
    const [, , logprobs] = decode([readStream('logprobs')]).filter(({ type }) => type !== 'text-delta');
    expect(logprobs).toMatchObject({ type: 'opaque-delta', value: { logprobs: [{ token: 'Hi' }] } });
  });

  it('keeps the names of the servers for clients of this format', () => {
    const stop = decode([readStream('cloud')]).find(({ type }) => type === 'stop');
    expect(stop).toMatchObject({ extra: { fields: {}, spelling: { remote_model: 'gpt-oss:120b' } } });
  });
});

describe('a stream that came from here', () => {
  it.each(readStreams())('%s goes on saying the same', (_name, bytes) => {
    const before = foldEvents(decode([bytes]));
    const after = foldEvents(decode([Buffer.from(encode(decode([bytes])).text)]));
    expect(after.type).toBe(before.type);
    if (before.type === 'error' || after.type === 'error') return;
    expect(after.reply).toEqual({ ...before.reply, model: context.model });
  });
});

describe('tap', () => {
  it.each(readStreams())('%s: reports what the decoder reads, however it is cut', (name, bytes) => {
    // It does not count the lines that are none.
    if (name === 'many-malformed') return;
    const folded = foldEvents(decode([bytes]));
    const reply = folded.type === 'reply' ? folded.reply : folded.partial;
    const error =
      folded.type === 'error' && folded.error.code !== 'stream_truncated' ? folded.error : undefined;
    for (const size of [1, 7, 100, bytes.length]) {
      const tap = ollamaChat.createTap();
      for (let at = 0; at < bytes.length; at += size) {
        tap.push(bytes.subarray(at, at + size));
        // Asking in between changes nothing.
        if (at % 3 === 0) tap.report();
      }
      const report = tap.report();
      expect(report).toMatchObject({
        isComplete: folded.type === 'reply',
        usage: reply.usage,
        stop: folded.type === 'reply' ? (reply.stop.raw ?? undefined) : undefined,
        hasContent: reply.parts.length > 0,
      });
      expect(report.error).toEqual(error);
    }
  });

  it('is not fooled by what a model writes', () => {
    const line = (message: unknown) => `${JSON.stringify({ model: 'm', message, done: false })}\n`;
    const tap = ollamaChat.createTap();
    tap.push(Buffer.from(line({ content: '"done":true, "error":"x"' })));
    tap.push(
      Buffer.from(
        line({
          content: '',
          tool_calls: [{ function: { name: 'f', arguments: { done: true, error: 'x' } } }],
        }),
      ),
    );
    expect(tap.report()).toMatchObject({ isComplete: false, error: undefined, hasContent: true });
  });

  it('sees a last line among thousands', () => {
    const tap = ollamaChat.createTap();
    const line = `${JSON.stringify({ model: 'm', message: { role: 'assistant', content: 'word ' }, done: false })}\n`;
    for (let nth = 0; nth < 5_000; nth += 1) tap.push(Buffer.from(line));
    expect(tap.report()).toMatchObject({ isComplete: false, hasContent: true });
    tap.push(
      Buffer.from(`{"done" : true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 5000}`),
    );
    expect(tap.report()).toMatchObject({
      isComplete: true,
      stop: 'stop',
      usage: { input: 3, output: 5_000 },
    });
  });

  it.each([97, 1_500, 16_384, 10_000_000])('estimates the output, in chunks of %i bytes', (size) => {
    const words = Array.from({ length: 5_000 }, (_none, nth) => 'x'.repeat(1 + ((nth * 7) % 23)));
    const lines = words.map(
      (content) => `${JSON.stringify({ model: 'm', message: { content }, done: false })}\n`,
    );
    const bytes = Buffer.from(lines.join(''));
    const tap = ollamaChat.createTap();
    for (let at = 0; at < bytes.length; at += size) tap.push(bytes.subarray(at, at + size));
    const ratio = tap.report().outputEstimate / (words.join('').length / 4);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it('estimates nothing of nothing', () => {
    expect(ollamaChat.createTap().report()).toEqual({
      usage: undefined,
      isComplete: false,
      error: undefined,
      stop: undefined,
      outputEstimate: 0,
      hasContent: false,
    });
  });

  it('looks at nothing after the last line', () => {
    const tap = ollamaChat.createTap();
    tap.push(readStream('length'));
    const before = tap.report();
    tap.push(readStream('error-in-stream'));
    tap.push(readStream('text'));
    const { outputEstimate, ...after } = tap.report();
    expect({ ...after, outputEstimate: before.outputEstimate }).toEqual(before);
  });

  it('takes the rest of a line that is too long for no line', () => {
    const tap = ollamaChat.createTap();
    tap.push(Buffer.alloc(17 * 1024 * 1024, 'x'));
    tap.push(Buffer.from('{"message":{"content":"hi"},"done":true}\n'));
    expect(tap.report()).toMatchObject({ isComplete: false, hasContent: false });
  });

  it('goes on after a line that is too long', () => {
    const tap = ollamaChat.createTap();
    const piece = Buffer.alloc(9 * 1024 * 1024, 'x');
    tap.push(piece);
    tap.push(piece);
    tap.push(Buffer.from(`\n{"message":{"content":"hi"},"done":true,"eval_count":1}\n`));
    expect(tap.report()).toMatchObject({ isComplete: true, hasContent: true, usage: { output: 1 } });
  });
});
