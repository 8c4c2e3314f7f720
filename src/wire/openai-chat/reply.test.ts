/** Whole replies, usage, stops and errors: read leniently, rendered exactly. */
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatReply, JsonObject, StopReason, Usage } from '../chat.ts';
import { WireError } from '../format.ts';
import { seal } from '../seal.ts';
import { hasRecordings, readObject, readObjects, recordedReplies } from './__fixtures__/read-fixtures.ts';
import { openaiChat } from './index.ts';

const { parseReply, renderReply, readUsage, readStop, parseError, renderError, renderStreamError } =
  openaiChat;
const context = { model: 'alias', fallbackId: 'exc_1', nowMs: 1_760_000_000_500, streamUsage: false };

function rerender(body: JsonObject): JsonObject {
  return renderReply(parseReply(body), { ...context, model: String(body.model) }).body;
}

describe('a reply of this format', () => {
  it.each(readObjects('replies'))('comes back as it was: %s', (_name, body) => {
    expect(rerender(body)).toEqual(body);
  });
  it.skipIf(!hasRecordings)('comes back as it was, recorded (skipped without recordings)', () => {
    for (const [id, body] of recordedReplies) expect(rerender(body), id).toEqual(body);
    expect(recordedReplies.length).toBeGreaterThan(10);
  });
  it('shows the model the client asked for, and an id where there was none', () => {
    const body = { ...readObject('replies', 'text'), id: '' };
    expect(renderReply(parseReply(body), context).body).toEqual({ ...body, id: 'exc_1', model: 'alias' });
  });
  it('keeps the rest when a text was redacted', () => {
    const body = readObject('replies', 'annotated');
    const reply = parseReply(body);
    const rendered = renderReply({ ...reply, parts: [{ type: 'text', text: '***' }] }, context).body;
    const redacted = JSON.stringify({ ...body, model: 'alias' })
      .replace('See it.', '***')
      .replace('"audio":null,', '');
    expect(rendered).toEqual(JSON.parse(redacted.replace(',"audio":null', '')));
  });
});

describe('parseReply', () => {
  it.each([
    ['text', (reply: ChatReply) => reply.parts, [{ type: 'text', text: 'Hello.' }]],
    ['text', (reply: ChatReply) => reply.extra?.fields, {}],
    [
      'tool-calls',
      (reply: ChatReply) => reply.parts.map((part) => part.type === 'tool-call' && part.arguments),
      ['{"city": "Graz"}', ''],
    ],
    [
      'stop-with-calls',
      (reply: ChatReply) => [reply.stop, reply.parts],
      [
        { kind: 'tool-calls', raw: 'stop' },
        [{ type: 'tool-call', id: '0', name: 'now', arguments: '{"zone":"UTC"}' }],
      ],
    ],
    ['legacy-call', (reply: ChatReply) => reply.parts[0]?.type, 'tool-call'],
    ['refusal', (reply: ChatReply) => reply.parts, [{ type: 'refusal', text: "I can't help with that." }]],
    ['openrouter', (reply: ChatReply) => reply.parts.map(({ type }) => type), ['thinking', 'text']],
    ['image', (reply: ChatReply) => reply.parts.map(({ type }) => type), ['text', 'image']],
    [
      'magistral',
      (reply: ChatReply) => reply.parts.map((part) => 'text' in part && part.text),
      ['hm ok', 'y'],
    ],
    ['vllm-stop', (reply: ChatReply) => reply.stop, { kind: 'stop-sequence', raw: 'stop', sequence: 'END' }],
    ['two-choices', (reply: ChatReply) => reply.parts, [{ type: 'text', text: 'one' }]],
    ['two-choices', (reply: ChatReply) => (reply.extra?.fields.choices as unknown[] | undefined)?.length, 2],
    [
      'filtered',
      (reply: ChatReply) => Object.keys(reply.extra?.fields ?? {}).sort(),
      ['choices', 'prompt_filter_results'],
    ],
  ] as const)('%s %#', (name, read, expected) => {
    expect(read(parseReply(readObject('replies', name)))).toEqual(expected);
  });
  it.each([{}, { choices: null }, { error: { message: 'x' } }])('refuses what is no reply: %j', (body) => {
    expect(() => parseReply(body as JsonObject)).toThrow(WireError);
  });
  it.each([
    { choices: [] },
    { choices: [null] },
    { choices: [{ message: { content: 5, tool_calls: [1] } }] },
  ])('bears what is hardly one: %j', (body) => {
    expect(parseReply(body as JsonObject)).toMatchObject({
      id: '',
      parts: [],
      stop: { kind: 'unknown', raw: null },
    });
  });
});

describe('a reply of another format', () => {
  const base = { id: 'msg_1', model: 'claude', stop: { kind: 'end', raw: 'end_turn' } } as const;
  it('is shown as OpenAI shows it, with what is lost', () => {
    const { body, warnings } = renderReply(
      {
        ...base,
        stop: { kind: 'tool-calls', raw: 'tool_use' },
        parts: [
          { type: 'thinking', text: 'Hm.', signature: { format: 'anthropic-messages', value: 'c2ln' } },
          { type: 'redacted-thinking', data: { format: 'anthropic-messages', value: 'x' } },
          { type: 'text', text: 'I ' },
          { type: 'text', text: 'look.', extra: { format: 'anthropic-messages', fields: { citations: [] } } },
          { type: 'tool-call', id: 'toolu_1', name: 'now', arguments: '' },
          { type: 'opaque', format: 'anthropic-messages', value: { type: 'server_tool_use' } },
        ],
        usage: { input: 100, cacheRead: 1000, cacheWrite5m: 10, cacheWrite1h: 5, output: 50, raw: {} },
        extra: { format: 'anthropic-messages', fields: { container: 'c' } },
      },
      context,
    );
    expect(body).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_760_000_000,
      model: 'alias',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'I look.',
            refusal: null,
            reasoning_content: 'Hm.',
            reasoning_details: [
              {
                type: 'reasoning.text',
                text: 'Hm.',
                signature: seal({ format: 'anthropic-messages', value: 'c2ln' }),
                format: 'turnpike',
                index: 0,
              },
              {
                type: 'reasoning.encrypted',
                data: seal({ format: 'anthropic-messages', value: 'x' }),
                format: 'turnpike',
                index: 1,
              },
            ],
            tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'now', arguments: '{}' } }],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 1115,
        completion_tokens: 50,
        total_tokens: 1165,
        prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 15 },
      },
    });
    expect(warnings.map(({ path }) => path)).toEqual([
      'extra.container',
      'parts[3].extra.citations',
      'parts[5]',
    ]);
  });
  it.each([
    [{ kind: 'end', raw: 'end_turn' }, 'stop'],
    [{ kind: 'stop-sequence', raw: 'stop_sequence', sequence: 'X' }, 'stop'],
    [{ kind: 'length', raw: 'MAX_TOKENS' }, 'length'],
    [{ kind: 'context-window', raw: 'x' }, 'length'],
    [{ kind: 'refusal', raw: 'refusal' }, 'content_filter'],
    [{ kind: 'content-filter', raw: 'SAFETY' }, 'content_filter'],
    [{ kind: 'pause', raw: 'pause_turn' }, 'stop'],
    [{ kind: 'unknown', raw: null }, 'stop'],
  ] as const)('says %j as %s', (stop: StopReason, word) => {
    const { body } = renderReply({ ...base, stop, parts: [{ type: 'text', text: 'x' }] }, context);
    expect(readStop(body)).toBe(word);
  });
  it('says tool_calls where calls are, and null content where nothing is said', () => {
    const parts = [{ type: 'tool-call', id: 'i', name: 'f', arguments: '{}' }] as const;
    const { body } = renderReply({ ...base, parts }, context);
    expect(body.choices).toMatchObject([{ message: { content: null }, finish_reason: 'tool_calls' }]);
  });
  it('writes numbers JSON has, whatever the usage', () => {
    const usage = { input: Number.NaN, output: 5, audioInput: 3, audioOutput: 2, reasoning: 1, raw: null };
    expect(renderReply({ ...base, parts: [], usage }, context).body.usage).toEqual({
      prompt_tokens: 3,
      completion_tokens: 7,
      total_tokens: 10,
      prompt_tokens_details: { audio_tokens: 3 },
      completion_tokens_details: { reasoning_tokens: 1, audio_tokens: 2 },
    });
  });
});

describe('readUsage', () => {
  const cases: readonly [name: string, usage: JsonObject, read: Omit<Usage, 'raw'>][] = [
    ['plain', { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }, { input: 9, output: 4 }],
    [
      'cached and audio',
      {
        prompt_tokens: 100,
        completion_tokens: 20,
        prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 3 },
      },
      { input: 30, cacheRead: 60, audioInput: 10, output: 17, reasoning: 5, audioOutput: 3 },
    ],
    [
      'DeepSeek',
      { prompt_tokens: 30, completion_tokens: 9, prompt_cache_hit_tokens: 10, prompt_cache_miss_tokens: 20 },
      { input: 20, cacheRead: 10, output: 9 },
    ],
    [
      'Moonshot',
      { prompt_tokens: 20, completion_tokens: 3, cached_tokens: 10 },
      { input: 10, cacheRead: 10, output: 3 },
    ],
    [
      'OpenRouter',
      {
        prompt_tokens: 100,
        completion_tokens: 1,
        cost: 0.0000123,
        prompt_tokens_details: { cached_tokens: 50, cache_write_tokens: 20 },
      },
      { input: 30, cacheRead: 50, cacheWrite5m: 20, output: 1, reportedCostUsd: '0.0000123' },
    ],
    [
      'xAI: reasoning beside, ticks',
      {
        prompt_tokens: 12,
        completion_tokens: 2,
        total_tokens: 334,
        completion_tokens_details: { reasoning_tokens: 320 },
        num_sources_used: 3,
        cost_in_usd_ticks: 1_641_500,
      },
      { input: 12, output: 322, reasoning: 320, calls: { search_source: 3 }, reportedCostUsd: '0.00016415' },
    ],
    [
      'Perplexity',
      {
        prompt_tokens: 1,
        completion_tokens: 2,
        total_tokens: 3,
        num_search_queries: 4,
        cost: { total_cost: 0.005 },
      },
      { input: 1, output: 2, calls: { web_search: 4 }, reportedCostUsd: '0.005' },
    ],
    [
      'null details',
      { prompt_tokens: 5, completion_tokens: 2, prompt_tokens_details: null },
      { input: 5, output: 2 },
    ],
    [
      'what is no number',
      { prompt_tokens: '5', completion_tokens: {} },
      { input: Number.NaN, output: Number.NaN },
    ],
    [
      'more cached than there is',
      { prompt_tokens: 5, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 9 } },
      { input: -4, cacheRead: 9, output: 0 },
    ],
    ['nothing', {}, {}],
  ];
  it.each(cases)('%s', (_name, usage, read) => {
    expect(readUsage({ usage })).toEqual({ ...read, raw: usage });
  });
  it.each([
    [1e-7, '0.0000001'],
    [1.5e-9, '0.0000000015'],
    [0.1, '0.1'],
    [12, '12'],
    [1e21, '1000000000000000000000'],
    [0, '0'],
    ['0.25', '0.25'],
    [-1, undefined],
    ['free', undefined],
  ])('cost %j is %s dollars', (cost, text) => {
    expect(readUsage({ usage: { cost } })?.reportedCostUsd).toBe(text);
  });
  it.each([
    [{ x_groq: { usage: { prompt_tokens: 1 } } }, { input: 1, raw: { prompt_tokens: 1 } }],
    [
      { usage: { prompt_tokens: 1 }, service_tier: 'flex' },
      { input: 1, serviceTier: 'flex', raw: { prompt_tokens: 1 } },
    ],
    [{ usage: null }, undefined],
    [{}, undefined],
  ] as [JsonObject, Usage | undefined][])('of %j', (body, usage) => {
    expect(readUsage(body)).toEqual(usage);
  });
  it('reads reported classes back after rendering them', () => {
    const usage: Usage = {
      input: 5,
      cacheRead: 6,
      cacheWrite5m: 7,
      output: 9,
      reasoning: 4,
      audioInput: 1,
      audioOutput: 2,
      raw: {},
    };
    const { body } = renderReply(
      { id: 'a', model: 'm', parts: [], stop: { kind: 'end', raw: null }, usage },
      context,
    );
    expect({ ...readUsage(body), raw: {} }).toEqual(usage);
  });
});

describe('errors', () => {
  it.each([
    [{ message: 'm', type: 'invalid_request_error', param: 'p', code: 'c' }],
    [{ message: 'm', type: 'requests', param: null, code: 'rate_limit_exceeded' }],
    [{ message: 'm', type: 't', param: null, code: 429, metadata: { provider_name: 'X' } }],
  ])('come back as they were: %j', (error) => {
    expect(renderError(parseError(400, { error }), 'req_1')).toEqual({ error });
  });
  const shapes: readonly [status: number, body: unknown, kind: ChatError['kind'], message: string][] = [
    [400, { error: { message: 'm', type: 'invalid_request_error' } }, 'invalid-request', 'm'],
    [
      401,
      { error: { message: 'm', type: 'invalid_request_error', code: 'invalid_api_key' } },
      'authentication',
      'm',
    ],
    [404, { error: { message: 'm', type: 'invalid_request_error', code: null } }, 'not-found', 'm'],
    [429, { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'budget', 'm'],
    [402, { error: { message: 'm', code: 402 } }, 'budget', 'm'],
    [429, { error: { message: 'm', code: '429' } }, 'rate-limit', 'm'],
    [400, { error: { message: 'm', code: 'content_filter' } }, 'blocked', 'm'],
    [403, { error: 'm' }, 'permission', 'm'],
    [422, { detail: [{ loc: ['body'], msg: 'm', type: 't' }] }, 'invalid-request', 'm'],
    [400, { object: 'error', message: 'm', type: 'BadRequestError', code: 400 }, 'invalid-request', 'm'],
    [500, [{ error: { code: 500, message: 'm', status: 'INTERNAL' } }], 'upstream', 'm'],
    [502, '<html>Bad gateway</html>', 'upstream', '<html>Bad gateway</html>'],
    [503, '{"error":{"message":"m"}}', 'overloaded', 'm'],
    [504, undefined, 'timeout', 'the upstream answered with status 504'],
    [413, null, 'too-large', 'the upstream answered with status 413'],
    [529, { errors: [{ message: 'm' }] }, 'overloaded', 'm'],
    [418, { error: { message: 'm', type: 'constructor', code: 'toString' } }, 'invalid-request', 'm'],
  ];
  it.each(shapes)('%i %j', (status, body, kind, message) => {
    expect(parseError(status, body)).toMatchObject({ kind, message, status });
  });
  it.each([
    ['overloaded', 529],
    ['timeout', 504],
    ['rate-limit', 429],
    ['budget', 402],
    ['authentication', 401],
    ['blocked', 400],
    ['too-large', 413],
  ] as const)('of our own read back as what they were: %s', (kind, status) => {
    const body = renderError({ kind, status, message: 'm' }, 'r');
    expect(parseError(status, body).kind).toBe(kind);
    // Inside a stream there is no status to go by.
    expect(parseError(502, body).kind).toBe(kind);
  });
  it('are cut where they are pages', () => {
    expect(parseError(500, 'x'.repeat(100_000)).message).toHaveLength(2_000);
  });
  it('a budget stop ends the retries of SDKs', () => {
    const error: ChatError = { kind: 'budget', status: 429, message: 'spent', code: 'budget_exceeded' };
    expect(renderError(error, 'r')).toEqual({
      error: { message: 'spent', type: 'insufficient_quota', param: null, code: 'insufficient_quota' },
    });
  });
  it('a rate limit is told by the code that clients wait for', () => {
    const error: ChatError = { kind: 'rate-limit', status: 429, message: 'slow', code: 'rate_limited' };
    expect(renderError(error, 'r')).toEqual({
      error: { message: 'slow', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
    });
  });
  it('a refusal shows its own code', () => {
    const error: ChatError = {
      kind: 'not-found',
      status: 404,
      message: 'no',
      code: 'model_unknown',
      param: 'model',
    };
    expect(renderStreamError(error, 'r')).toBe(
      'data: {"error":{"message":"no","type":"invalid_request_error","param":"model","code":"model_unknown"}}\n\n',
    );
  });
});
