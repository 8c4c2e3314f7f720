/** Settings and tools of other formats in requests of this one: what is sent, and what is said of the rest. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, ChatTool, ChatTurn, Warning } from '../chat.ts';
import { createOpenaiChat, openaiChat } from './index.ts';
import { readTraits } from './models.ts';

const text = (value: string): ChatPart => ({ type: 'text', text: value });
const user = (...parts: ChatPart[]): ChatTurn => ({ role: 'user', parts });
const foreign = (fields = {}) => ({ format: 'anthropic-messages', fields }) as const;

function chat(fields: Partial<ChatRequest>): ChatRequest {
  return { model: 'gpt-4o', turns: [user(text('x'))], tools: [], stream: false, ...fields };
}

function render(fields: Partial<ChatRequest>) {
  return openaiChat.renderRequest(chat(fields));
}

const say = ({ kind, path }: Warning): string => `${kind} ${path}`;

describe('settings of another format', () => {
  const tool: ChatTool = { name: 'f', inputSchema: { type: 'object' } };
  const rest = { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] };
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
  const cases: readonly [name: string, given: Partial<ChatRequest>, fields: object, warnings: string[]][] = [
    ['nothing', {}, {}, []],
    [
      'a stream always asks for usage',
      { stream: true },
      { stream: true, stream_options: { include_usage: true } },
      [],
    ],
    ['top_k', { topK: 5, topP: 0.5, temperature: 0 }, { top_p: 0.5, temperature: 0 }, ['dropped topK']],
    ['the limit', { maxOutputTokens: 9 }, { max_tokens: 9 }, []],
    [
      'the limit of a reasoning model',
      { model: 'openai/o3-mini', maxOutputTokens: 9 },
      { model: 'openai/o3-mini', max_completion_tokens: 9 },
      [],
    ],
    [
      'sampling of a reasoning model',
      { model: 'gpt-5', temperature: 0.3, topP: 1, stop: ['a'], seed: 1 },
      { model: 'gpt-5', seed: 1 },
      ['dropped temperature', 'dropped stop'],
    ],
    [
      'five stop texts',
      { stop: ['a', 'b', 'c', 'd', 'e'] },
      { stop: ['a', 'b', 'c', 'd'] },
      ['approximated stop'],
    ],
    ['no stop text', { stop: [] }, {}, []],
    [
      'tools',
      { tools: [tool], toolChoice: { type: 'tool', name: 'f' }, parallelToolCalls: false },
      { tools, tool_choice: { type: 'function', function: { name: 'f' } }, parallel_tool_calls: false },
      [],
    ],
    ['parallel calls as by default', { tools: [tool], parallelToolCalls: true }, { tools }, []],
    [
      'built-in tools, and a choice with none left',
      {
        tools: [{ name: 'web_search', builtin: { format: 'anthropic-messages', value: {} } }],
        toolChoice: { type: 'required' },
        parallelToolCalls: false,
      },
      {},
      ['dropped tools[0]'],
    ],
    [
      'marks and fields of a tool',
      { tools: [{ ...tool, cache: {}, extra: foreign({ defer_loading: true }) }] },
      { tools },
      ['dropped tools[0].extra.defer_loading', 'dropped tools[0].cache'],
    ],
    [
      'an output schema without a name',
      { output: { type: 'json-schema', schema: {} } },
      { response_format: { type: 'json_schema', json_schema: { name: 'output', schema: {} } } },
      [],
    ],
    [
      'reasoning for a model not known to',
      { reasoning: { mode: 'adaptive', effort: 'high' } },
      {},
      ['dropped reasoning'],
    ],
    [
      'a plain yes to reasoning, which this model does not do by itself',
      { model: 'gpt-5.1', reasoning: { mode: 'on' } },
      { model: 'gpt-5.1', reasoning_effort: 'medium' },
      ['approximated reasoning'],
    ],
    [
      'a plain yes to reasoning, which this model does by itself',
      { model: 'gpt-5', reasoning: { mode: 'on' } },
      { model: 'gpt-5' },
      [],
    ],
    ['adaptive reasoning without a wish', { reasoning: { mode: 'adaptive' } }, {}, []],
    [
      'an effort',
      { model: 'gpt-5', reasoning: { mode: 'on', effort: 'high' } },
      { model: 'gpt-5', reasoning_effort: 'high' },
      [],
    ],
    [
      'an effort too high',
      { model: 'o3', reasoning: { mode: 'on', effort: 'max' } },
      { model: 'o3', reasoning_effort: 'high' },
      ['approximated reasoning'],
    ],
    [
      'a small budget',
      { model: 'gpt-5', reasoning: { mode: 'on', budgetTokens: 2000 } },
      { model: 'gpt-5', reasoning_effort: 'low' },
      ['approximated reasoning'],
    ],
    [
      'a middling budget',
      { model: 'gpt-5', reasoning: { mode: 'on', budgetTokens: 10_000 } },
      { model: 'gpt-5', reasoning_effort: 'medium' },
      ['approximated reasoning'],
    ],
    [
      'a large budget',
      { model: 'gpt-5', reasoning: { mode: 'on', budgetTokens: 31_999 } },
      { model: 'gpt-5', reasoning_effort: 'high' },
      ['approximated reasoning'],
    ],
    [
      'no reasoning, which this model can',
      { model: 'gpt-5.1', reasoning: { mode: 'off' } },
      { model: 'gpt-5.1', reasoning_effort: 'none' },
      [],
    ],
    [
      'no reasoning, which this model cannot',
      { model: 'gpt-5', reasoning: { mode: 'off' } },
      { model: 'gpt-5', reasoning_effort: 'minimal' },
      ['approximated reasoning'],
    ],
    ['no reasoning, which is what it does', { reasoning: { mode: 'off' } }, {}, []],
    ['an end user', { endUser: 'u' }, { user: 'u' }, []],
    [
      'an end user too long',
      { endUser: 'u'.repeat(200) },
      { user: expect.stringMatching(/^u{55}_[0-9a-f]{8}$/) },
      ['approximated endUser'],
    ],
    ['the tier there is anyway', { serviceTier: 'auto' }, {}, []],
    ['a tier by another name', { serviceTier: 'standard_only' }, { service_tier: 'default' }, []],
    ['a tier there is not', { serviceTier: 'constructor' }, {}, ['dropped serviceTier']],
    [
      'unknown fields, but not spellings',
      { extra: { ...foreign({ container: 'c' }), spelling: { a: 1 } } },
      {},
      ['dropped extra.container'],
    ],
  ];
  it.each(cases)('%s', (_name, given, fields, warnings) => {
    const rendered = render(given);
    expect(rendered.body).toEqual({ ...rest, ...fields });
    expect(rendered.warnings.map(say)).toEqual(warnings);
  });

  it('traits given by the caller outweigh the name', () => {
    const format = createOpenaiChat({
      traits: (model) => ({ ...readTraits(model), outputLimitField: 'max_completion_tokens' }),
    });
    expect(format.renderRequest(chat({ maxOutputTokens: 9 })).body).toMatchObject({
      max_completion_tokens: 9,
    });
  });
});
