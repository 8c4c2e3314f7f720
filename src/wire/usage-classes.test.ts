/**
 * Token usage over both formats that tell the cache apart, class by class: what an upstream reported, and what a
 * client of the other format is told of it, whole and streamed. Sums stay right where a wire has fewer classes.
 */
import { describe, expect, it } from 'vitest';
import { context, decode, encode } from './__fixtures__/corpus.ts';
import type { ChatReply, JsonObject, Usage } from './chat.ts';
import { unfoldReply } from './fold.ts';
import type { Format } from './format.ts';
import { formats } from './formats.ts';

const { 'anthropic-messages': anthropic, 'openai-chat': openai } = formats;

function replyWith(format: Format, usage: Usage): ChatReply {
  return {
    id: 'reply_1',
    model: 'upstream-model',
    parts: [{ type: 'text', text: 'Hi' }],
    stop: { kind: 'end', raw: null },
    usage,
    extra: { format: format.id, fields: {} },
  };
}

function readWire(format: Format, wire: JsonObject): Usage {
  const usage = format.readUsage({ usage: wire });
  if (!usage) throw new Error('no usage was read');
  return usage;
}

/** What a client is told, as a whole answer and at the end of a stream. */
function shown(source: Format, target: Format, usage: Usage): readonly (JsonObject | undefined)[] {
  const reply = replyWith(source, usage);
  const whole = target.renderReply(reply, context).body.usage as JsonObject;
  const { bytes } = encode(target, unfoldReply(reply));
  const reports = decode(target, [bytes]).flatMap((event) => (event.type === 'usage' ? event.usage.raw : []));
  return [whole, reports.at(-1) as JsonObject];
}

/** A class nobody reported, and one that is nought, are the same to whoever pays. */
function classes({ input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning }: Usage): JsonObject {
  const counts = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
  return Object.fromEntries(Object.entries(counts).flatMap(([key, count]) => (count ? [[key, count]] : [])));
}

interface Row {
  readonly name: string;
  readonly from: Format;
  readonly wire: JsonObject;
  readonly read: JsonObject;
  readonly to: Format;
  readonly told: JsonObject;
  /** What the other end reads where it has no class of its own for something. */
  readonly again?: JsonObject;
}

const rows: readonly Row[] = [
  {
    name: 'nothing cached',
    from: anthropic,
    wire: { input_tokens: 10, output_tokens: 5 },
    read: { input: 10, output: 5 },
    to: openai,
    told: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  },
  {
    name: 'a read',
    from: anthropic,
    wire: {
      input_tokens: 10,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 0,
      output_tokens: 5,
    },
    read: { input: 10, cacheRead: 1000, output: 5 },
    to: openai,
    told: { prompt_tokens: 1010, prompt_tokens_details: { cached_tokens: 1000 }, total_tokens: 1015 },
  },
  {
    name: 'a write, of five minutes where nothing else is said',
    from: anthropic,
    wire: { input_tokens: 10, cache_creation_input_tokens: 200, output_tokens: 5 },
    read: { input: 10, cacheWrite5m: 200, output: 5 },
    to: openai,
    told: { prompt_tokens: 210, prompt_tokens_details: { cache_write_tokens: 200 }, total_tokens: 215 },
  },
  {
    name: 'writes of both lifetimes, which are one class there',
    from: anthropic,
    wire: {
      input_tokens: 10,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 },
    },
    read: { input: 10, cacheRead: 1000, cacheWrite5m: 100, cacheWrite1h: 200, output: 5, reasoning: 3 },
    to: openai,
    told: {
      prompt_tokens: 1310,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 300 },
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 1315,
    },
    again: { input: 10, cacheRead: 1000, cacheWrite5m: 300, output: 5, reasoning: 3 },
  },
  {
    name: 'nothing cached',
    from: openai,
    wire: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    read: { input: 10, output: 5 },
    to: anthropic,
    told: { input_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 5 },
  },
  {
    name: 'OpenAI, cached and reasoned',
    from: openai,
    wire: {
      prompt_tokens: 1010,
      completion_tokens: 5,
      total_tokens: 1015,
      prompt_tokens_details: { cached_tokens: 1000 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    read: { input: 10, cacheRead: 1000, output: 5, reasoning: 3 },
    to: anthropic,
    told: {
      input_tokens: 10,
      cache_read_input_tokens: 1000,
      output_tokens: 5,
      output_tokens_details: { thinking_tokens: 3 },
    },
  },
  {
    name: 'OpenRouter, with a write',
    from: openai,
    wire: {
      prompt_tokens: 1310,
      completion_tokens: 5,
      total_tokens: 1315,
      prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 300 },
    },
    read: { input: 10, cacheRead: 1000, cacheWrite5m: 300, output: 5 },
    to: anthropic,
    told: {
      input_tokens: 10,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 300,
      output_tokens: 5,
    },
  },
  {
    name: 'DeepSeek, hits and misses',
    from: openai,
    wire: {
      prompt_tokens: 30,
      completion_tokens: 5,
      prompt_cache_hit_tokens: 20,
      prompt_cache_miss_tokens: 10,
    },
    read: { input: 10, cacheRead: 20, output: 5 },
    to: anthropic,
    told: { input_tokens: 10, cache_read_input_tokens: 20, output_tokens: 5 },
  },
];

describe('usage, class by class', () => {
  it.each(rows)('$from.id to $to.id: $name', ({ from, wire, read, to, told, again }) => {
    const usage = readWire(from, wire);
    expect(classes(usage)).toEqual(read);
    for (const one of shown(from, to, usage)) {
      expect(one).toMatchObject(told);
      expect(classes(readWire(to, one!))).toEqual(again ?? read);
    }
    // Its own clients see what it said, to the letter.
    expect(shown(from, from, usage)[0]).toEqual(wire);
  });
});

describe('usage of any upstream to any client', () => {
  const all: readonly Format[] = Object.values(formats);
  const usage: Usage = { input: 10, cacheRead: 1000, output: 5, raw: null };

  it.each(all.flatMap((from) => all.map((to) => ({ from, to }))))('$from.id to $to.id', ({ from, to }) => {
    const native = from.parseReply(from.renderReply(replyWith(from, usage), context).body);
    const again = to.parseReply(to.renderReply(native, context).body).usage;
    const inputs = [again?.input, again?.cacheRead, again?.cacheWrite5m, again?.cacheWrite1h];
    expect(inputs.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(1010);
    expect(again?.output).toBe(5);
  });
});
