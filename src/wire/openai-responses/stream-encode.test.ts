/** What a client is sent, event by event, and what is said to be lost. */
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatTool, Extra, JsonObject, Signature } from '../chat.ts';
import { seal, sealId } from '../seal.ts';
import { contextFor, dataOf } from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

const start: ChatEvent = { type: 'start', id: 'msg_1', model: 'up', createdAtMs: 1_760_000_000_500 };
const end: ChatEvent[] = [{ type: 'stop', stop: { kind: 'end', raw: null } }, { type: 'end' }];
const claude: Signature = { format: 'anthropic-messages', value: 'EqQB' };

function encode(events: readonly ChatEvent[], tools?: readonly ChatTool[]) {
  const encoder = openaiResponses.createEncoder(contextFor('shown', tools));
  const sent = dataOf([start, ...events].map((event) => encoder.push(event)).join(''));
  return { sent, warned: encoder.warnings().map(({ kind, path }) => `${kind} ${path}`) };
}

/** The events in short, between the two that open and the one that ends. */
function middle(events: readonly ChatEvent[], tools?: readonly ChatTool[]): unknown[] {
  return encode([...events, ...end], tools)
    .sent.slice(2, -1)
    .map(({ type, delta, item, part }) => [
      String(type).replace('response.', ''),
      delta ?? item ?? part ?? null,
    ]);
}

function output(events: readonly ChatEvent[], tools?: readonly ChatTool[]): JsonObject[] {
  return (encode([...events, ...end], tools).sent.at(-1)!.response as JsonObject).output as JsonObject[];
}

const text = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: 'text-start', index },
  ...pieces.map((piece) => ({ type: 'text-delta', index, text: piece }) as const),
  { type: 'text-end', index },
];
const call = (index: number, name: string, ...pieces: string[]): ChatEvent[] => [
  { type: 'tool-call-start', index, id: `call_${index}`, name },
  ...pieces.map((piece) => ({ type: 'tool-call-delta', index, arguments: piece }) as const),
  { type: 'tool-call-end', index },
];

describe('the frame of a stream', () => {
  it('opens with a response and ends with it whole', () => {
    const usage = { input: 3, output: 2, raw: null };
    const { sent } = encode([...text(0, 'Hi'), { type: 'usage', usage }, ...end]);
    expect(sent.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(sent[0]!.response).toMatchObject({
      id: 'msg_1',
      model: 'shown',
      status: 'in_progress',
      created_at: 1_760_000_000,
      usage: null,
    });
    expect(sent.at(-1)!.response).toMatchObject({
      status: 'completed',
      usage: {
        input_tokens: 3,
        output_tokens: 2,
        total_tokens: 5,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens_details: { reasoning_tokens: 0 },
      },
      // What SDKs declare to be there.
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      parallel_tool_calls: true,
      tool_choice: 'auto',
      tools: [],
      temperature: null,
      top_p: null,
    });
  });

  it.each<[string, string, object]>([
    [
      'length',
      'response.incomplete',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    ],
    ['context-window', 'response.incomplete', { incomplete_details: { reason: 'max_output_tokens' } }],
    ['refusal', 'response.incomplete', { incomplete_details: { reason: 'content_filter' } }],
    ['tool-calls', 'response.completed', { status: 'completed', incomplete_details: null }],
    ['stop-sequence', 'response.completed', {}],
    ['pause', 'response.completed', {}],
  ])('says that it ended by %s', (kind, type, response) => {
    const { sent } = encode([
      ...text(0, 'a'),
      { type: 'stop', stop: { kind: kind as 'end', raw: null } },
      { type: 'end' },
    ]);
    expect(sent.at(-1)).toMatchObject({ type, response });
    const [item] = (sent.at(-1)!.response as JsonObject).output as JsonObject[];
    expect(item!.status).toBe(type === 'response.incomplete' ? 'incomplete' : 'completed');
  });

  it('tells an error twice: as its SDK throws it, and as Codex waits for it', () => {
    const error = { kind: 'overloaded', status: 529, message: 'busy' } as const;
    const { sent } = encode([...text(0, 'a'), { type: 'error', error }, ...end]);
    expect(sent.slice(-2)).toMatchObject([
      {
        type: 'error',
        code: 'overloaded',
        message: 'busy',
        param: null,
        error: { type: 'server_error', message: 'busy' },
      },
      {
        type: 'response.failed',
        response: { id: 'msg_1', status: 'failed', error: { code: 'server_is_overloaded', message: 'busy' } },
      },
    ]);
    expect(sent.map(({ sequence_number: number }) => number)).toEqual(sent.map((_, at) => at));
  });

  it('warns of the stop text, which has no place', () => {
    const stop = { kind: 'stop-sequence', raw: 'stop_sequence', sequence: 'END' } as const;
    expect(encode([{ type: 'stop', stop }, { type: 'end' }]).warned).toEqual(['dropped stop.sequence']);
  });
});

describe('messages', () => {
  it('hold texts in a row, and a refusal among them', () => {
    const events: ChatEvent[] = [
      ...text(0, 'a'),
      ...text(1),
      { type: 'refusal-start', index: 2 },
      { type: 'refusal-delta', index: 2, text: 'no' },
      { type: 'refusal-end', index: 2 },
      ...call(3, 'f', '{}'),
      ...text(4, 'b'),
    ];
    expect(output(events)).toMatchObject([
      {
        type: 'message',
        id: 'msg_msg_1_0',
        content: [
          { type: 'output_text', text: 'a', annotations: [] },
          { type: 'refusal', refusal: 'no' },
        ],
      },
      { type: 'function_call', id: 'fc_msg_1_1' },
      { type: 'message', id: 'msg_msg_1_2', content: [{ text: 'b' }] },
    ]);
  });

  it('of another format have no empty texts', () => {
    expect(middle(text(0))).toEqual([]);
  });

  it('say what only others know in a warning', () => {
    const extra: Extra = { format: 'anthropic-messages', fields: { citations: [] } };
    const events: ChatEvent[] = [
      { type: 'text-start', index: 0, extra },
      { type: 'text-delta', index: 0, text: 'a' },
      { type: 'opaque-delta', index: 0, format: 'anthropic-messages', value: { citations: [{}] } },
      { type: 'text-end', index: 0 },
      { type: 'opaque-part', index: 1, part: { type: 'opaque', format: 'gemini-generate', value: {} } },
    ];
    expect(encode([...events, ...end]).warned).toEqual([
      'dropped parts[0].extra.citations',
      'dropped parts[0].extra',
      'dropped parts[1]',
    ]);
  });
});

describe('thoughts', () => {
  const thought = (...more: ChatEvent[]): ChatEvent[] => [
    { type: 'thinking-start', index: 0 },
    ...more,
    { type: 'thinking-end', index: 0 },
  ];
  const id = 'rs_msg_1_0';

  it('are a summary, with the state of their maker sealed', () => {
    const events = thought(
      { type: 'thinking-delta', index: 0, text: 'Hm.' },
      { type: 'thinking-signature', index: 0, signature: claude },
    );
    const part = { type: 'summary_text', text: 'Hm.' };
    expect(middle(events)).toEqual([
      ['output_item.added', { id, type: 'reasoning', summary: [] }],
      ['reasoning_summary_part.added', { type: 'summary_text', text: '' }],
      ['reasoning_summary_text.delta', 'Hm.'],
      ['reasoning_summary_text.done', null],
      ['reasoning_summary_part.done', part],
      ['output_item.done', { id, type: 'reasoning', summary: [part], encrypted_content: seal(claude) }],
    ]);
  });

  it.each<[string, ChatEvent[], unknown[]]>([
    [
      'without text are state alone',
      thought({ type: 'thinking-signature', index: 0, signature: claude }),
      [{ id, type: 'reasoning', summary: [], encrypted_content: seal(claude) }],
    ],
    [
      'without state are text alone',
      thought({ type: 'thinking-delta', index: 0, text: 'Hm.' }),
      [{ id, type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] }],
    ],
    ['with neither are nothing', thought(), []],
    [
      'that nobody may read say so under the seal',
      [{ type: 'redacted-thinking', index: 0, data: claude }],
      [
        {
          id,
          type: 'reasoning',
          summary: [],
          encrypted_content: seal({ ...claude, fields: { redacted: true } }),
        },
      ],
    ],
  ])('%s', (_name, events, items) => {
    expect(output(events)).toEqual(items);
  });

  it('end in what the turn goes on with', () => {
    expect(
      output([...thought({ type: 'thinking-delta', index: 0, text: 'Hm.' }), ...text(1, 'a')]).map(
        ({ type }) => type,
      ),
    ).toEqual(['reasoning', 'message']);
  });
});

describe('calls', () => {
  const { tools } = openaiResponses.parseRequest({
    model: 'm',
    input: 'x',
    tools: [
      { type: 'function', name: 'plain', parameters: {} },
      { type: 'custom', name: 'patch' },
      {
        type: 'namespace',
        name: 'mcp__docs',
        tools: [
          { type: 'function', name: 'find' },
          { type: 'custom', name: 'ask' },
        ],
      },
    ],
  });

  it('of a function', () => {
    const item = {
      id: 'fc_msg_1_0',
      type: 'function_call',
      status: 'completed',
      name: 'plain',
      call_id: 'call_0',
      arguments: '{"a":1}',
    };
    expect(middle(call(0, 'plain', '{"a"', ':1}'), tools)).toEqual([
      ['output_item.added', { ...item, status: 'in_progress', arguments: '' }],
      ['function_call_arguments.delta', '{"a"'],
      ['function_call_arguments.delta', ':1}'],
      ['function_call_arguments.done', null],
      ['output_item.done', item],
    ]);
    expect(encode([...call(0, 'plain', '{}'), ...end]).sent).toContainEqual(
      expect.objectContaining({
        type: 'response.function_call_arguments.done',
        name: 'plain',
        arguments: '{}',
      }),
    );
  });

  it('without arguments have some', () => {
    expect(output(call(0, 'plain'), tools)).toMatchObject([{ arguments: '{}' }]);
  });

  it('of a custom tool are its text, as it comes', () => {
    const pieces = ['{"inp', 'ut": "*** Be', 'gin\\', 'n\\u00', 'e9 \\"', 'x\\""', '}'];
    const item = {
      id: 'ctc_msg_1_0',
      type: 'custom_tool_call',
      status: 'completed',
      name: 'patch',
      call_id: 'call_0',
    };
    expect(middle(call(0, 'patch', ...pieces), tools)).toEqual([
      ['output_item.added', { ...item, status: 'in_progress', input: '' }],
      ['custom_tool_call_input.delta', '*** Be'],
      ['custom_tool_call_input.delta', 'gin'],
      ['custom_tool_call_input.delta', '\n'],
      ['custom_tool_call_input.delta', 'é "'],
      ['custom_tool_call_input.delta', 'x"'],
      ['custom_tool_call_input.done', null],
      ['output_item.done', { ...item, input: '*** Begin\né "x"' }],
    ]);
  });

  it.each([
    ['no object', 'plain text', 'plain text'],
    ['another field', '{"text":"a"}', '{"text":"a"}'],
    ['the field last', '{"why":"so","input":"a"}', 'a'],
    ['half of it', '{"input":"a', '{"input":"a'],
    ['nothing', '', ''],
  ])('of a custom tool with %s give the best there is', (_name, args, input) => {
    expect(output(call(0, 'patch', args), tools)).toMatchObject([{ type: 'custom_tool_call', input }]);
  });

  it('of a namespace have both names again', () => {
    expect(
      output([...call(0, 'mcp__docs__find', '{}'), ...call(1, 'mcp__docs__ask', '{"input":"a"}')], tools),
    ).toMatchObject([
      { type: 'function_call', namespace: 'mcp__docs', name: 'find' },
      { type: 'custom_tool_call', namespace: 'mcp__docs', name: 'ask', input: 'a' },
    ]);
  });

  it('carry the state of others in their ids', () => {
    const signature: Signature = { format: 'gemini-generate', value: 'CvQB' };
    const events: ChatEvent[] = [
      { type: 'tool-call-start', index: 0, id: 'c1', name: 'f', signature },
      { type: 'tool-call-end', index: 0 },
    ];
    expect(output(events)).toMatchObject([{ call_id: sealId('c1', signature) }]);
  });

  it('that run beside each other come one after the other', () => {
    const events: ChatEvent[] = [
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-start', index: 1, id: 'b', name: 'g' },
      { type: 'tool-call-delta', index: 1, arguments: '{"b":1}' },
      { type: 'tool-call-delta', index: 0, arguments: '{"a":1}' },
      { type: 'tool-call-end', index: 1 },
      { type: 'tool-call-end', index: 0 },
    ];
    expect(output(events).map(({ call_id: id, arguments: args }) => [id, args])).toEqual([
      ['a', '{"a":1}'],
      ['b', '{"b":1}'],
    ]);
  });

  it('of custom tools are written so in whole replies, too', () => {
    const parts = [{ type: 'tool-call', id: 'c1', name: 'patch', arguments: '{"input":"a"}' }] as const;
    const reply = { id: 'r', model: 'up', parts, stop: { kind: 'tool-calls', raw: null } } as const;
    expect(openaiResponses.renderReply(reply, contextFor('shown', tools)).body.output).toEqual([
      {
        id: 'ctc_r_0',
        type: 'custom_tool_call',
        status: 'completed',
        name: 'patch',
        call_id: 'c1',
        input: 'a',
      },
    ]);
  });
});

describe('images', () => {
  const part = { type: 'image', source: { kind: 'base64', mediaType: 'image/webp', data: 'UklG' } } as const;

  it('are what the image tool would have drawn', () => {
    expect(output([{ type: 'image-part', index: 0, part }])).toEqual([
      {
        id: 'ig_msg_1_0',
        type: 'image_generation_call',
        status: 'completed',
        result: 'UklG',
        output_format: 'webp',
      },
    ]);
  });

  it('that are not here as bytes are lost', () => {
    const away = { type: 'image', source: { kind: 'url', url: 'https://example.test/a' } } as const;
    expect(encode([{ type: 'image-part', index: 0, part: away }, ...end]).warned).toEqual([
      'dropped parts[0]',
    ]);
  });
});
