/** Settings of other formats as Anthropic fields: tools, sampling, output, reasoning. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { assistant, call, chat, render, result, tool, turn, user } from './__fixtures__/chats.ts';
import { DEFAULT_MAX_TOKENS } from './request-fit.ts';

describe('parameters', () => {
  const schema = { type: 'object', properties: { a: { type: 'object', properties: {} } } };
  const closed = {
    type: 'object',
    properties: { a: { type: 'object', properties: {}, additionalProperties: false } },
    additionalProperties: false,
  };
  const cases: [string, Partial<ChatRequest>, JsonObject, string[]][] = [
    [
      'max_tokens',
      { maxOutputTokens: undefined as never },
      { max_tokens: DEFAULT_MAX_TOKENS },
      ['approximated maxOutputTokens'],
    ],
    ['temperature', { temperature: 0.3 }, { temperature: 0.3 }, []],
    ['temperature above 1', { temperature: 1.7 }, { temperature: 1 }, ['approximated temperature']],
    ['temperature and top_p', { temperature: 0.3, topP: 0.5 }, { temperature: 0.3 }, ['dropped topP']],
    ['defaults', { temperature: 1, topP: 1 }, { temperature: 1 }, []],
    ['top_p', { temperature: 1, topP: 0.5, topK: 3 }, { top_p: 0.5, top_k: 3 }, []],
    [
      'sampling of a newer model',
      { model: 'claude-opus-4-7', temperature: 0.3, topP: 0.5, topK: 3 },
      {},
      ['dropped topK', 'dropped temperature', 'dropped topP'],
    ],
    ['stops', { stop: ['END', ' ', ''] }, { stop_sequences: ['END'] }, ['dropped stop']],
    [
      'strangers',
      { seed: 1, presencePenalty: 0.1, frequencyPenalty: 0.2 },
      {},
      ['dropped seed', 'dropped presencePenalty', 'dropped frequencyPenalty'],
    ],
    ['end user', { endUser: 'u1' }, { metadata: { user_id: 'u1' } }, []],
    ['long end user', { endUser: 'u'.repeat(300) }, {}, ['dropped endUser']],
    ['tier', { serviceTier: 'default' }, { service_tier: 'standard_only' }, []],
    ['unknown tier', { serviceTier: 'flex' }, {}, ['dropped serviceTier']],
    ['stream', { stream: true, streamUsage: true }, { stream: true }, []],
    [
      'foreign fields',
      { extra: { format: 'openai-chat', fields: { logit_bias: { a: 1 } } } },
      {},
      ['dropped extra.logit_bias'],
    ],
    [
      'tools',
      { tools: [tool], toolChoice: { type: 'required' } },
      { tools: [{ name: 'f', input_schema: tool.inputSchema }], tool_choice: { type: 'any' } },
      [],
    ],
    [
      'named tool',
      { tools: [tool], toolChoice: { type: 'tool', name: 'f' } },
      { tools: [{ name: 'f', input_schema: tool.inputSchema }], tool_choice: { type: 'tool', name: 'f' } },
      [],
    ],
    [
      'serial calls',
      { tools: [tool], parallelToolCalls: false },
      {
        tools: [{ name: 'f', input_schema: tool.inputSchema }],
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      },
      [],
    ],
    [
      'parallel calls',
      { tools: [tool], parallelToolCalls: true },
      { tools: [{ name: 'f', input_schema: tool.inputSchema }] },
      [],
    ],
    ['choice without tools', { toolChoice: { type: 'required' } }, {}, ['dropped toolChoice']],
    [
      'tool without schema',
      { tools: [{ name: 'f', strict: false }] },
      { tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }] },
      [],
    ],
    [
      'strict tool',
      { tools: [{ ...tool, strict: true }] },
      { tools: [{ name: 'f', input_schema: tool.inputSchema, strict: true }] },
      [],
    ],
    [
      'schema of alternatives',
      { tools: [{ name: 'f', inputSchema: { anyOf: [] } }] },
      { tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }] },
      ['approximated tools[0].inputSchema.anyOf'],
    ],
    [
      'foreign built-in tool',
      { tools: [{ name: 'web', builtin: { format: 'openai-responses', value: {} } }] },
      {},
      ['dropped tools[0]'],
    ],
    ['output text', { output: { type: 'text' } }, {}, []],
    ['output json', { output: { type: 'json' } }, {}, ['dropped output']],
    [
      'output schema',
      { output: { type: 'json-schema', schema: closed, name: 'x', strict: true } },
      { output_config: { format: { type: 'json_schema', schema: closed } } },
      [],
    ],
    [
      'output open schema',
      { output: { type: 'json-schema', schema, description: 'd', strict: false } },
      { output_config: { format: { type: 'json_schema', schema: closed } } },
      ['dropped output.description', 'approximated output.strict', 'approximated output.schema'],
    ],
  ];
  it.each(cases)('%s', (_name, more, expected, warned) => {
    const request = JSON.parse(JSON.stringify(chat(more))) as ChatRequest;
    const rendered = render(request);
    const base = { model: request.model, max_tokens: 1000, messages: [{ role: 'user', content: 'hi' }] };
    expect(rendered.body).toEqual({ ...base, ...expected });
    expect(rendered.warned).toEqual(warned);
  });

  it('cuts tool names that are too long, wherever they stand', () => {
    const name = 'n'.repeat(130);
    const turns = [user('go'), assistant(call('a', '{}', name)), turn('tool', result('a'))];
    const choice = { type: 'tool', name } as const;
    const { body, warned } = render(chat({ turns, tools: [{ name, inputSchema: {} }], toolChoice: choice }));
    const cut = expect.stringMatching(/^n{119}_[0-9a-f]{8}$/);
    expect(body).toMatchObject({ tools: [{ name: cut }], tool_choice: { name: cut } });
    expect(body.messages).toMatchObject([{}, { content: [{ type: 'tool_use', name: cut }] }, {}]);
    expect(warned).toEqual(['approximated tools[0].name', 'approximated toolChoice.name']);
  });
});

describe('reasoning', () => {
  const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } });
  const cases: [string, Partial<ChatRequest>, JsonObject, string[]][] = [
    ['off', { reasoning: { mode: 'off' } }, { max_tokens: 1000, thinking: { type: 'disabled' } }, []],
    [
      'effort none',
      { reasoning: { mode: 'on', effort: 'none' } },
      { max_tokens: 1000, thinking: { type: 'disabled' } },
      [],
    ],
    [
      'effort as a budget',
      { maxOutputTokens: 32000, reasoning: { mode: 'on', effort: 'low' } },
      { max_tokens: 32000, ...budget(2048) },
      ['approximated reasoning'],
    ],
    [
      'effort under a small limit',
      { maxOutputTokens: 4000, reasoning: { mode: 'on', effort: 'high' } },
      { max_tokens: 4000, ...budget(3200) },
      ['approximated reasoning'],
    ],
    [
      'no room to think',
      { maxOutputTokens: 1000, reasoning: { mode: 'on', effort: 'high' } },
      { max_tokens: 1000 },
      ['dropped reasoning'],
    ],
    [
      'a budget',
      { maxOutputTokens: 4000, reasoning: { mode: 'on', budgetTokens: 3999 } },
      { max_tokens: 4000, ...budget(3999) },
      [],
    ],
    [
      'a budget over the limit',
      { maxOutputTokens: 4000, reasoning: { mode: 'on', budgetTokens: 4000 } },
      { max_tokens: 4000, ...budget(3200) },
      ['approximated reasoning'],
    ],
    [
      'a tiny budget',
      { maxOutputTokens: 4000, reasoning: { mode: 'on', budgetTokens: 10 } },
      { max_tokens: 4000, ...budget(1024) },
      ['approximated reasoning'],
    ],
    [
      'a model that does not think',
      { model: 'claude-3-5-haiku-latest', reasoning: { mode: 'on' } },
      { max_tokens: 1000 },
      ['dropped reasoning'],
    ],
    [
      'an adaptive model',
      { model: 'claude-opus-4-6', reasoning: { mode: 'on', effort: 'xhigh' } },
      { max_tokens: 1000, thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } },
      [],
    ],
    [
      'an adaptive model and minimal',
      { model: 'claude-sonnet-5', reasoning: { mode: 'on', effort: 'minimal' } },
      { max_tokens: 1000, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      ['approximated reasoning.effort'],
    ],
    [
      'an adaptive model and a budget',
      { model: 'claude-opus-4-10', reasoning: { mode: 'on', budgetTokens: 9000 } },
      { max_tokens: 1000, thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ['approximated reasoning.budgetTokens'],
    ],
    [
      'beside sampling',
      {
        maxOutputTokens: 9000,
        temperature: 0.2,
        topP: 0.96,
        topK: 3,
        reasoning: { mode: 'on', budgetTokens: 2000 },
      },
      { max_tokens: 9000, top_p: 0.96, ...budget(2000) },
      ['dropped topK', 'dropped temperature'],
    ],
    [
      'before a forced call',
      {
        maxOutputTokens: 9000,
        tools: [tool],
        toolChoice: { type: 'required' },
        reasoning: { mode: 'on', budgetTokens: 2000 },
      },
      {
        max_tokens: 9000,
        tools: [{ name: 'f', input_schema: tool.inputSchema }],
        tool_choice: { type: 'any' },
      },
      ['dropped reasoning'],
    ],
  ];
  it.each(cases)('%s', (_name, more, expected, warned) => {
    const request = chat(more);
    const rendered = render(request);
    expect(rendered.body).toEqual({
      model: request.model,
      messages: [{ role: 'user', content: 'hi' }],
      ...expected,
    });
    expect(rendered.warned).toEqual(warned);
  });

  it('raises the default limit by the budget', () => {
    const { maxOutputTokens: _none, ...request } = chat({ reasoning: { mode: 'on', budgetTokens: 5000 } });
    expect(render(request).body).toMatchObject({ max_tokens: DEFAULT_MAX_TOKENS + 5000 });
  });

  it.each([
    ['unsigned', { type: 'thinking', text: 'hm' } as const, undefined],
    [
      'signed',
      { type: 'thinking', text: 'hm', signature: { format: 'anthropic-messages', value: 'Eq' } } as const,
      { type: 'enabled', budget_tokens: 2000 },
    ],
  ])('in a running tool loop needs the loop to begin with thinking: %s', (_name, thinking, expected) => {
    const turns = [user('go'), assistant(thinking, call('a')), turn('tool', result('a'))];
    const { body } = render(
      chat({ turns, tools: [tool], maxOutputTokens: 9000, reasoning: { mode: 'on', budgetTokens: 2000 } }),
    );
    expect(body.thinking).toEqual(expected);
  });
});
