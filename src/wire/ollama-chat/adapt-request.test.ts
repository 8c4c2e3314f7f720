// Requests of other formats: what becomes of their settings and tools.
import { describe, expect, it } from 'vitest';
import type { ChatRequest, ChatTool, JsonObject, Reasoning } from '../chat.ts';
import { ollamaChat } from './index.ts';

function render(more: Partial<ChatRequest>): { body: JsonObject; warnings: string[] } {
  const chat: ChatRequest = {
    model: 'llama3.2',
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'x' }] }],
    tools: [],
    stream: false,
    ...more,
  };
  const { body, warnings } = ollamaChat.renderRequest(chat);
  return { body, warnings: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('settings', () => {
  it('stand in their places', () => {
    const { body, warnings } = render({
      stream: true,
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      output: { type: 'json' },
      toolChoice: { type: 'auto' },
      parallelToolCalls: false,
      serviceTier: 'auto',
    });
    expect(warnings).toEqual([]);
    expect(body).toEqual({
      model: 'llama3.2',
      messages: [{ role: 'user', content: 'x' }],
      stream: true,
      format: 'json',
      truncate: false,
      shift: false,
      options: {
        num_ctx: 8_192,
        num_predict: 100,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        seed: 7,
        stop: ['END'],
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
      },
    });
  });

  it.each<[string, Partial<ChatRequest>, string[]]>([
    ['an end user', { endUser: 'u' }, ['dropped endUser']],
    ['a service tier', { serviceTier: 'flex' }, ['dropped serviceTier']],
    ['the ordinary tier', { serviceTier: 'standard' }, []],
    [
      'fields of the other format',
      { extra: { format: 'openai-chat', fields: { n: 2 } } },
      ['dropped extra.n'],
    ],
    ['a forced call', { toolChoice: { type: 'required' } }, ['dropped toolChoice']],
    ['a forced tool', { toolChoice: { type: 'tool', name: 'f' } }, ['dropped toolChoice']],
    [
      'one call at a time',
      { tools: [{ name: 'f' }], parallelToolCalls: false },
      ['dropped parallelToolCalls'],
    ],
    [
      "a schema's purpose",
      { output: { type: 'json-schema', schema: {}, name: 'n', description: 'd', strict: true } },
      ['dropped output.description'],
    ],
  ])('%s', (_name, more, warnings) => {
    expect(render(more).warnings).toEqual(warnings);
  });

  it('leaves out an empty list of stops', () => {
    expect(render({ stop: [] }).body.options).toEqual({ num_ctx: 8_192 });
  });
});

describe('thinking', () => {
  const off: Reasoning = { mode: 'off' };
  it.each<[string, string, Reasoning, unknown, string[]]>([
    ['off', 'llama3.2', off, false, []],
    ['off by effort', 'qwen3', { mode: 'on', effort: 'none' }, false, []],
    ['on where it can be', 'qwen3:8b', { mode: 'on' }, true, []],
    [
      'on where it has no levels',
      'deepseek-r1:14b',
      { mode: 'on', effort: 'high' },
      true,
      ['approximated reasoning'],
    ],
    [
      'by budget where it has no levels',
      'qwen3',
      { mode: 'on', budgetTokens: 9 },
      true,
      ['approximated reasoning'],
    ],
    ['on where it is not known', 'my-model', { mode: 'on' }, undefined, ['dropped reasoning']],
    ['as it likes where it is not known', 'my-model', { mode: 'adaptive' }, undefined, []],
    [
      'so much where it is not known',
      'my-model',
      { mode: 'adaptive', effort: 'high' },
      undefined,
      ['dropped reasoning'],
    ],
    ['not by those that cannot', 'qwen3-coder:30b', { mode: 'on' }, undefined, ['dropped reasoning']],
    ['in levels', 'gpt-oss:20b', { mode: 'on', effort: 'medium' }, 'medium', []],
    [
      'more than there is',
      'library/gpt-oss',
      { mode: 'on', effort: 'xhigh' },
      'high',
      ['approximated reasoning'],
    ],
    ['a little', 'gpt-oss', { mode: 'on', effort: 'minimal' }, 'low', ['approximated reasoning']],
    [
      'by a word nobody knows',
      'gpt-oss',
      { mode: 'on', effort: 'constructor' },
      'medium',
      ['approximated reasoning'],
    ],
    ['by a small budget', 'gpt-oss', { mode: 'on', budgetTokens: 2_000 }, 'low', ['approximated reasoning']],
    [
      'by a large budget',
      'gpt-oss',
      { mode: 'on', budgetTokens: 32_000 },
      'high',
      ['approximated reasoning'],
    ],
    ['on, in levels', 'gpt-oss', { mode: 'on' }, true, []],
    ['as it likes, in levels', 'gpt-oss', { mode: 'adaptive' }, undefined, []],
    ['off, where that cannot be', 'gpt-oss:120b', off, 'low', ['approximated reasoning']],
  ])('%s (%s)', (_name, model, reasoning, think, warnings) => {
    const { body, warnings: got } = render({ model, reasoning });
    expect([body.think, got]).toEqual([think, warnings]);
  });
});

describe('tools', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  it.each<[string, ChatTool, JsonObject | undefined, string[]]>([
    [
      'are functions',
      { name: 'f.g/h', description: 'd', inputSchema: schema, strict: false },
      { name: 'f.g/h', description: 'd', parameters: schema },
      [],
    ],
    [
      'always have a schema',
      { name: 'f' },
      { name: 'f', parameters: { type: 'object', properties: {} } },
      [],
    ],
    [
      'have no marks',
      {
        name: 'f',
        inputSchema: schema,
        strict: true,
        cache: {},
        extra: { format: 'openai-chat', fields: { a: 1 } },
      },
      { name: 'f', parameters: schema },
      ['dropped tools[0].extra.a', 'dropped tools[0].cache', 'dropped tools[0].strict'],
    ],
    [
      'are none of a vendor',
      { name: 'web', builtin: { format: 'openai-responses', value: {} } },
      undefined,
      ['dropped tools[0]'],
    ],
  ])('%s', (_name, tool, expected, warnings) => {
    const { body, warnings: got } = render({ tools: [tool] });
    expect(body.tools).toEqual(expected && [{ type: 'function', function: expected }]);
    expect(got).toEqual(warnings);
  });

  it('are left out where none may be called', () => {
    const { body, warnings } = render({
      tools: [{ name: 'f' }, { name: 'g' }],
      toolChoice: { type: 'none' },
    });
    expect([body.tools, warnings]).toEqual([undefined, ['approximated tools']]);
  });
});
