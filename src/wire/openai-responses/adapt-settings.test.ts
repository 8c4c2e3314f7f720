/** Settings and tools of other formats: what is sent, and what is said to be lost. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { openaiResponses } from './index.ts';

const base: ChatRequest = {
  model: 'gpt-4o',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: [],
  stream: false,
  extra: { format: 'anthropic-messages', fields: {} },
};
const tool = { name: 'f', inputSchema: { type: 'object' } };

function render(more: Partial<ChatRequest>) {
  const { body, warnings } = openaiResponses.renderRequest({ ...base, ...more });
  const { model: _model, input: _input, store: _store, ...rest } = body;
  return { rest, warned: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

it('is not stored, as nobody could point at it', () => {
  expect(openaiResponses.renderRequest(base)).toEqual({
    body: { model: 'gpt-4o', store: false, input: [{ type: 'message', role: 'user', content: 'hi' }] },
    warnings: [],
  });
});

describe('settings', () => {
  it.each<[Partial<ChatRequest>, JsonObject, string[]]>([
    [
      { temperature: 0.5, topP: 0.9, maxOutputTokens: 100, stream: true },
      { temperature: 0.5, top_p: 0.9, max_output_tokens: 100, stream: true },
      [],
    ],
    [{ maxOutputTokens: 5 }, { max_output_tokens: 16 }, ['approximated maxOutputTokens']],
    [
      { topK: 4, stop: ['a'], seed: 7, presencePenalty: 1, frequencyPenalty: 1 },
      {},
      ['dropped topK', 'dropped stop', 'dropped seed', 'dropped presencePenalty', 'dropped frequencyPenalty'],
    ],
    [{ stop: [], presencePenalty: 0, frequencyPenalty: 0 }, {}, []],
    [{ serviceTier: 'auto' }, {}, []],
    [{ serviceTier: 'standard_only' }, { service_tier: 'default' }, []],
    [{ serviceTier: 'batch' }, {}, ['dropped serviceTier']],
    [{ endUser: 'u' }, { user: 'u' }, []],
    [
      { endUser: 'u'.repeat(65) },
      { user: expect.stringMatching(/^u{55}_[0-9a-f]{8}$/) as never },
      ['approximated endUser'],
    ],
    [{ output: { type: 'json' } }, { text: { format: { type: 'json_object' } } }, []],
    [
      { output: { type: 'json-schema', schema: { type: 'object' } } },
      { text: { format: { type: 'json_schema', name: 'output', schema: { type: 'object' } } } },
      [],
    ],
    [
      { output: { type: 'json-schema', schema: {}, name: 'a b', strict: true, description: 'd' } },
      {
        text: {
          format: {
            type: 'json_schema',
            name: expect.stringMatching(/^a_b_/) as never,
            schema: {},
            strict: true,
            description: 'd',
          },
        },
      },
      ['approximated output.name'],
    ],
    [
      { extra: { format: 'openai-chat', fields: { logit_bias: { a: 1 } } } },
      {},
      ['dropped extra.logit_bias'],
    ],
    [{ parallelToolCalls: false, toolChoice: { type: 'auto' } }, {}, []],
  ])('%j', (more, rest, warned) => {
    expect(render(more)).toEqual({ rest, warned });
  });
});

describe('tools', () => {
  it.each<[Partial<ChatRequest>, JsonObject, string[]]>([
    [
      { tools: [tool, { name: 'g', strict: true, description: 'd' }] },
      {
        tools: [
          { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false },
          { type: 'function', name: 'g', description: 'd', parameters: null, strict: true },
        ],
      },
      [],
    ],
    [
      { tools: [{ ...tool, cache: {} }], parallelToolCalls: false, toolChoice: { type: 'required' } },
      {
        tools: [expect.objectContaining({ name: 'f' }) as never],
        parallel_tool_calls: false,
        tool_choice: 'required',
      },
      ['dropped tools[0].cache'],
    ],
    [
      { tools: [{ name: 'a.b' }], toolChoice: { type: 'tool', name: 'a.b' } },
      {
        tools: [expect.objectContaining({ name: expect.stringMatching(/^a_b_/) as string }) as never],
        tool_choice: { type: 'function', name: expect.stringMatching(/^a_b_/) as never },
      },
      ['approximated tools[0].name'],
    ],
    [
      {
        tools: [{ name: 'web', builtin: { format: 'anthropic-messages', value: {} } }],
        toolChoice: { type: 'required' },
      },
      {},
      ['dropped tools[0]'],
    ],
    [
      { tools: [tool], toolChoice: { type: 'tool', name: 'gone' } },
      { tools: [expect.anything() as never], tool_choice: 'required' },
      [],
    ],
  ])('%j', (more, rest, warned) => {
    expect(render(more)).toEqual({ rest, warned });
  });

  it('get their names back', () => {
    const restore = openaiResponses.createNameRestorer([{ name: 'a.b' }, { name: 'c' }]);
    const [sent] = render({ tools: [{ name: 'a.b' }] }).rest.tools as JsonObject[];
    expect([restore(String(sent!.name)), restore('c'), restore('d')]).toEqual(['a.b', 'c', 'd']);
  });
});

describe('reasoning', () => {
  const include = ['reasoning.encrypted_content'];
  it.each<[string, ChatRequest['reasoning'], JsonObject, string[]]>([
    ['gpt-4o', undefined, {}, []],
    ['gpt-5', undefined, { include }, []],
    ['gpt-4o', { mode: 'off' }, {}, []],
    ['gpt-4o', { mode: 'on', effort: 'high' }, {}, ['dropped reasoning']],
    ['gpt-5', { mode: 'on', effort: 'high' }, { include, reasoning: { effort: 'high' } }, []],
    [
      'gpt-5',
      { mode: 'adaptive', effort: 'high' },
      { include, reasoning: { effort: 'high', summary: 'auto' } },
      [],
    ],
    ['gpt-5', { mode: 'adaptive' }, { include, reasoning: { summary: 'auto' } }, []],
    ['gpt-5', { mode: 'on' }, { include, reasoning: { summary: 'auto' } }, []],
    [
      'gpt-5.2',
      { mode: 'on' },
      { include, reasoning: { effort: 'medium', summary: 'auto' } },
      ['approximated reasoning'],
    ],
    [
      'gpt-5',
      { mode: 'on', budgetTokens: 8000 },
      { include, reasoning: { effort: 'medium', summary: 'auto' } },
      ['approximated reasoning'],
    ],
    ['gpt-5', { mode: 'off' }, { include, reasoning: { effort: 'minimal' } }, ['approximated reasoning']],
    ['gpt-5.2', { mode: 'off' }, { include, reasoning: { effort: 'none' } }, []],
    [
      'o3-mini',
      { mode: 'on', effort: 'xhigh' },
      { include, reasoning: { effort: 'high' } },
      ['approximated reasoning'],
    ],
    ['openai/gpt-oss-120b', { mode: 'adaptive', effort: 'low' }, { reasoning: { effort: 'low' } }, []],
    ['some-model', { mode: 'adaptive' }, {}, ['dropped reasoning']],
    [
      'gpt-5',
      { mode: 'on', effort: 'low', extra: { format: 'anthropic-messages', fields: { display: 'omitted' } } },
      { include, reasoning: { effort: 'low' } },
      ['dropped reasoning.extra.display'],
    ],
  ])('%s %j', (model, reasoning, rest, warned) => {
    expect(render({ model, ...(reasoning && { reasoning }) })).toEqual({ rest, warned });
  });

  it('makes sampling impossible', () => {
    expect(render({ model: 'o3-mini', temperature: 0.5, topP: 1 })).toEqual({
      rest: { include },
      warned: ['dropped temperature'],
    });
  });
});
