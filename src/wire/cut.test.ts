/** What ends a relayed stream of each format at its output limit, byte for byte. */
import { describe, expect, it } from 'vitest';
import type { FormatId, Usage } from './chat.ts';
import type { CutContext } from './format.ts';
import { formats } from './formats.ts';

const usage: Usage = { input: 10, output: 7, raw: null };
const plain: CutContext = { streamShape: 'sse', streamUsage: true };

interface Case {
  readonly name: string;
  readonly format: FormatId;
  readonly before: readonly object[];
  /** Frames after the cut; undefined = nothing is to be ended. */
  readonly after: readonly object[] | undefined;
  readonly context?: Partial<CutContext>;
}

const chunk = (choices: readonly object[]): object => ({
  id: 'c',
  object: 'chunk',
  created: 1,
  model: 'm',
  choices,
});
const delta = (index: number, reason: string | null = null): object => ({
  index,
  delta: { content: 'a' },
  finish_reason: reason,
});
const finish = (index: number): object => ({ index, delta: {}, finish_reason: 'length' });
const counted = { prompt_tokens: 10, completion_tokens: 7, total_tokens: 17 };

const openai: readonly Case[] = [
  {
    name: 'finishes, counts where asked to, and says that it is done',
    format: 'openai-chat',
    before: [chunk([delta(0)])],
    after: [chunk([finish(0)]), { ...chunk([]), usage: counted }, ['DONE']],
  },
  {
    name: 'does not count where it was not asked to',
    format: 'openai-chat',
    before: [chunk([delta(0)])],
    after: [chunk([finish(0)]), ['DONE']],
    context: { streamUsage: false },
  },
  {
    name: 'finishes the choices that go on',
    format: 'openai-chat',
    before: [chunk([delta(0)]), chunk([delta(1)]), chunk([delta(2)]), chunk([delta(0, 'stop')])],
    after: [chunk([finish(1)]), chunk([finish(2)]), { ...chunk([]), usage: counted }, ['DONE']],
  },
  {
    name: 'adds what is missing after the reason',
    format: 'openai-chat',
    before: [chunk([delta(0, 'stop')]), { ...chunk([]), usage: counted }],
    after: [['DONE']],
  },
  { name: 'has nothing to end before the first chunk', format: 'openai-chat', before: [], after: undefined },
  {
    name: 'has nothing to end after an error',
    format: 'openai-chat',
    before: [chunk([delta(0)]), { error: { message: 'x', type: 'server_error' } }],
    after: undefined,
  },
];

const start = { type: 'message_start', message: { id: 'm', usage: { input_tokens: 10, output_tokens: 1 } } };
const opened = (index: number, type: string): object => ({
  type: 'content_block_start',
  index,
  content_block: { type },
});
const closed = (index: number): object => ({ type: 'content_block_stop', index });
const limit = {
  type: 'message_delta',
  delta: { stop_reason: 'max_tokens', stop_sequence: null },
  usage: { input_tokens: 10, output_tokens: 7 },
};
const stopped = { type: 'message_stop' };

const anthropic: readonly Case[] = [
  {
    name: 'closes the block that is open',
    format: 'anthropic-messages',
    before: [start, opened(0, 'thinking'), closed(0), opened(1, 'text')],
    after: [closed(1), limit, stopped],
  },
  { name: 'needs no block', format: 'anthropic-messages', before: [start], after: [limit, stopped] },
  {
    name: 'keeps the reason that was told',
    format: 'anthropic-messages',
    before: [start, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }],
    after: [stopped],
  },
  {
    name: 'has nothing to end after a ping',
    format: 'anthropic-messages',
    before: [{ type: 'ping' }],
    after: undefined,
  },
  {
    name: 'has nothing to end twice',
    format: 'anthropic-messages',
    before: [start, stopped],
    after: undefined,
  },
];

const gemini = (fields: object): object => ({ ...fields, modelVersion: 'm', responseId: 'r' });
const spoken = (index: number, finishReason?: string): object => ({
  content: { parts: [{ text: 'a' }], role: 'model' },
  ...(finishReason && { finishReason }),
  index,
});
const full = (index: number): object => ({
  content: { parts: [{ text: '' }], role: 'model' },
  finishReason: 'MAX_TOKENS',
  index,
});
const metadata = { promptTokenCount: 10, candidatesTokenCount: 7, totalTokenCount: 17 };

const google: readonly Case[] = [
  {
    name: 'says so in a frame of its own',
    format: 'gemini-generate',
    before: [gemini({ candidates: [spoken(0)] })],
    after: [{ candidates: [full(0)], usageMetadata: metadata, modelVersion: 'm', responseId: 'r' }],
  },
  {
    name: 'finishes the candidates that go on',
    format: 'gemini-generate',
    before: [gemini({ candidates: [spoken(0, 'STOP')] }), gemini({ candidates: [spoken(1)] })],
    after: [{ candidates: [full(1)], usageMetadata: metadata, modelVersion: 'm', responseId: 'r' }],
  },
  {
    name: 'has nothing to add after the reason',
    format: 'gemini-generate',
    before: [gemini({ candidates: [spoken(0, 'STOP')] })],
    after: [],
  },
  {
    name: 'has nothing to end where the prompt was blocked',
    format: 'gemini-generate',
    before: [gemini({ promptFeedback: { blockReason: 'SAFETY' } })],
    after: undefined,
  },
];

const line = { model: 'm', created_at: 't', message: { role: 'assistant', content: 'a' }, done: false };

const ollama: readonly Case[] = [
  {
    name: 'says so in the last line',
    format: 'ollama-chat',
    before: [line],
    after: [
      {
        ...line,
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'length',
        prompt_eval_count: 10,
        eval_count: 7,
      },
    ],
  },
  {
    name: 'has nothing to end twice',
    format: 'ollama-chat',
    before: [line, { ...line, done: true }],
    after: undefined,
  },
  {
    name: 'has nothing to end after an error',
    format: 'ollama-chat',
    before: [line, { error: 'x' }],
    after: undefined,
  },
];

const created = {
  type: 'response.created',
  response: { id: 'r', model: 'm', status: 'in_progress', output: [], usage: null },
  sequence_number: 0,
};
const added = (place: number, item: object, number: number): object => ({
  type: 'response.output_item.added',
  output_index: place,
  item,
  sequence_number: number,
});
const done = (place: number, item: object, number: number): object => ({
  type: 'response.output_item.done',
  output_index: place,
  item,
  sequence_number: number,
});
const incomplete = (output: readonly object[], number: number): object => ({
  type: 'response.incomplete',
  response: {
    id: 'r',
    model: 'm',
    status: 'incomplete',
    output,
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 7,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 17,
    },
    incomplete_details: { reason: 'max_output_tokens' },
  },
  sequence_number: number,
});

const thought = { id: 'rs', type: 'reasoning', summary: [] };
const thoughtPlace = { item_id: 'rs', output_index: 0, summary_index: 0 };
const summary = { type: 'summary_text', text: 'so' };
const message = { id: 'msg', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
const place = { item_id: 'msg', output_index: 0, content_index: 0 };
const part = { type: 'output_text', text: '', annotations: [] };
const said = { ...part, text: 'Hello' };
const called = {
  id: 'fc',
  type: 'function_call',
  status: 'in_progress',
  call_id: 'c',
  name: 'f',
  arguments: '',
};

const responses: readonly Case[] = [
  {
    name: 'closes a text',
    format: 'openai-responses',
    before: [
      created,
      added(0, message, 1),
      { type: 'response.content_part.added', ...place, part, sequence_number: 2 },
      { type: 'response.output_text.delta', ...place, delta: 'Hel', sequence_number: 3 },
      { type: 'response.output_text.delta', ...place, delta: 'lo', sequence_number: 4 },
    ],
    after: [
      { type: 'response.output_text.done', ...place, text: 'Hello', logprobs: [], sequence_number: 5 },
      { type: 'response.content_part.done', ...place, part: said, sequence_number: 6 },
      done(0, { ...message, status: 'incomplete', content: [said] }, 7),
      incomplete([{ ...message, status: 'incomplete', content: [said] }], 8),
    ],
  },
  {
    name: 'closes a thought',
    format: 'openai-responses',
    before: [
      created,
      added(0, thought, 1),
      {
        type: 'response.reasoning_summary_part.added',
        ...thoughtPlace,
        part: { ...summary, text: '' },
        sequence_number: 2,
      },
      { type: 'response.reasoning_summary_text.delta', ...thoughtPlace, delta: 'so', sequence_number: 3 },
    ],
    after: [
      { type: 'response.reasoning_summary_text.done', ...thoughtPlace, text: 'so', sequence_number: 4 },
      { type: 'response.reasoning_summary_part.done', ...thoughtPlace, part: summary, sequence_number: 5 },
      done(0, { ...thought, summary: [summary], status: 'incomplete' }, 6),
      incomplete([{ ...thought, summary: [summary], status: 'incomplete' }], 7),
    ],
  },
  {
    name: 'keeps what is done, and closes a call as far as it came',
    format: 'openai-responses',
    before: [
      created,
      added(0, message, 1),
      done(0, { ...message, status: 'completed', content: [said] }, 2),
      added(1, called, 3),
      {
        type: 'response.function_call_arguments.delta',
        item_id: 'fc',
        output_index: 1,
        delta: '{"a":',
        sequence_number: 4,
      },
    ],
    after: [
      {
        type: 'response.function_call_arguments.done',
        item_id: 'fc',
        output_index: 1,
        name: 'f',
        arguments: '{"a":',
        sequence_number: 5,
      },
      done(1, { ...called, status: 'incomplete', arguments: '{"a":' }, 6),
      incomplete(
        [
          { ...message, status: 'completed', content: [said] },
          { ...called, status: 'incomplete', arguments: '{"a":' },
        ],
        7,
      ),
    ],
  },
  { name: 'needs no item', format: 'openai-responses', before: [created], after: [incomplete([], 1)] },
  {
    name: 'has nothing to end after the end',
    format: 'openai-responses',
    before: [created, { type: 'response.completed', response: {}, sequence_number: 1 }],
    after: undefined,
  },
];

describe.each([openai, anthropic, google, ollama, responses])('$0.format', (...cases) => {
  it.each(cases)('$name', ({ format, before, after, context }) => {
    const cutter = formats[format].createCutter({ ...plain, ...context });
    for (const frame of before) cutter.read({ data: JSON.stringify(frame) });
    const rest = cutter.cut(usage);
    const reader = formats[format].createReader();
    const told = rest === undefined ? undefined : reader.push(Buffer.from(rest));
    expect(told?.map(({ data }) => (data === '[DONE]' ? ['DONE'] : JSON.parse(data)))).toEqual(after);
    // All of it is whole frames.
    expect(reader.end()).toEqual([]);
    for (const { event, data } of told ?? []) if (event) expect(JSON.parse(data).type).toBe(event);
  });
});

it('ends a growing array with its last element and its bracket', () => {
  const cutter = formats['gemini-generate'].createCutter({ ...plain, streamShape: 'array' });
  const first = gemini({ candidates: [spoken(0)] });
  cutter.read({ data: JSON.stringify(first) });
  const array = JSON.parse(`[${JSON.stringify(first)}${cutter.cut(usage)}`);
  expect(array[1].candidates).toEqual([full(0)]);
});

it('reads frames that are no JSON, or another thing than they seem, without a fault', () => {
  for (const format of Object.values(formats)) {
    const cutter = format.createCutter(plain);
    for (const data of [
      '',
      'null',
      '[]',
      '{"type":"response.output_text.delta","output_index":0}',
      '{"choices":7}',
    ]) {
      cutter.read({ data });
    }
    expect(() => cutter.cut(usage)).not.toThrow();
  }
});
