/** Requests of this format: what they mean, edits between parse and render, and what is refused. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { jsonFixtures } from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

const { parseRequest, renderRequest } = openaiResponses;

function parseFixture(name: string): ChatRequest {
  return parseRequest(jsonFixtures('requests').find((one) => one.name === name)!.body);
}

function parse(input: unknown[], more: JsonObject = {}): ChatRequest {
  return parseRequest({ model: 'm', input, ...more } as JsonObject);
}

describe('items become turns', () => {
  it.each<[string, (string | undefined)[][]]>([
    ['minimal', [['user', 'text']]],
    [
      'instructions',
      [
        ['system', 'text'],
        ['user', 'text'],
        ['developer', 'text'],
        ['user', 'text'],
      ],
    ],
    [
      'tools',
      [
        ['user', 'text'],
        ['assistant', 'tool-call', 'tool-call'],
        ['tool', 'tool-result'],
        ['tool', 'tool-result'],
        ['assistant', 'text'],
        ['user', 'text'],
      ],
    ],
    [
      'phases',
      [
        ['user', 'text'],
        ['assistant', 'text'],
        ['assistant', 'text'],
        ['user', 'text'],
        ['assistant', 'text', 'tool-call', 'text', 'text'],
        ['tool', 'tool-result'],
      ],
    ],
    [
      'built-in-tools',
      [
        ['user', 'text'],
        ['assistant', 'opaque', 'opaque'],
        ['tool', 'opaque'],
        ['assistant', 'opaque'],
        ['tool', 'opaque'],
        ['assistant', 'opaque', 'image', 'opaque', 'tool-call', 'opaque'],
        ['tool', 'tool-result'],
      ],
    ],
    [
      'reasoning-history',
      [
        ['user', 'text'],
        ['assistant', 'thinking', 'tool-call'],
        ['tool', 'tool-result'],
        ['assistant', 'thinking', 'text'],
        ['user', 'text'],
        ['assistant', 'opaque', 'thinking', 'text'],
        ['user', 'text'],
      ],
    ],
  ])('%s', (name, turns) => {
    expect(
      parseFixture(name).turns.map(({ role, parts }) => [role, ...parts.map(({ type }) => type)]),
    ).toEqual(turns);
  });

  it('instructions lead', () => {
    expect(parseFixture('instructions').turns[0]).toMatchObject({
      role: 'system',
      lead: true,
      shape: 'string',
    });
  });

  it('thoughts carry their whole item', () => {
    const [, first, , second, , third] = parseFixture('reasoning-history').turns;
    expect(first!.parts[0]).toMatchObject({
      text: '**Looking**\n\nat it\n\n**Calling**',
      signature: { format: 'openai-responses', value: 'gAAAA1', fields: { id: 'rs_1', summary: [{}, {}] } },
    });
    expect(second!.parts[0]).toMatchObject({
      text: '',
      signature: { value: 'gAAAA2', fields: { content: [] } },
    });
    expect(third!.parts[1]).toMatchObject({ text: 'Let me see.', signature: { value: '' } });
  });

  it('files and images say where they are', () => {
    const [, ...media] = parseFixture('images-and-files').turns[0]!.parts;
    expect(media.map((part) => ('source' in part ? part.source.kind : part.type))).toEqual([
      'base64',
      'url',
      'file',
      'base64',
      'url',
      'file',
      'base64',
    ]);
  });
});

describe('tools', () => {
  it('of a namespace stand one by one, under both names', () => {
    const { tools, toolChoice, turns } = parseFixture('namespaces');
    expect(tools.map(({ name }) => name)).toEqual([
      'shell',
      'mcp__docs__search',
      'mcp__docs__ask',
      'crm__find',
      'empty',
    ]);
    expect(toolChoice).toEqual({ type: 'tool', name: 'mcp__docs__search' });
    expect(
      turns.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? part.name : []))),
    ).toEqual(['mcp__docs__search', 'crm__find']);
  });

  it('that take free text take an object with it', () => {
    const { tools, turns } = parseFixture('custom-tools');
    expect(tools[0]!.inputSchema).toMatchObject({
      properties: { input: { type: 'string' } },
      required: ['input'],
    });
    expect(JSON.stringify(tools[0]!.inputSchema)).toContain('*** Begin Patch');
    const [call] = turns[1]!.parts;
    expect(JSON.parse(call?.type === 'tool-call' ? call.arguments : '')).toEqual({
      input: '*** Begin Patch\n"a"\n*** End Patch',
    });
  });

  it('are strict only where they say so', () => {
    expect(parseFixture('tools').tools.map(({ strict }) => strict)).toEqual([
      undefined,
      true,
      false,
      undefined,
    ]);
  });
});

describe('server state is named', () => {
  it.each<[string, string[] | undefined]>([
    ['minimal', undefined],
    ['explicit-nulls', undefined],
    ['state-alone', ['previous_response_id']],
    ['no-input', ['prompt']],
    [
      'server-state',
      [
        'previous_response_id',
        'conversation',
        'prompt',
        'background',
        'input[0].item_reference',
        'input[1].item_reference',
        'input[2].compaction',
      ],
    ],
  ])('%s', (name, state) => {
    expect(parseFixture(name).serverState).toEqual(state);
  });
});

describe('what others need not be told', () => {
  it.each<[JsonObject, string[]]>([
    [{ store: false, background: false, truncation: 'disabled', top_logprobs: 0 }, []],
    [{ include: ['reasoning.encrypted_content'], stream_options: { include_obfuscation: true } }, []],
    [
      { store: true, include: ['message.output_text.logprobs'], truncation: 'auto', top_logprobs: 2 },
      ['store', 'include', 'truncation', 'top_logprobs'],
    ],
    [
      {
        text: { verbosity: 'medium', format: { type: 'text' } },
        reasoning: { effort: 'low', summary: 'auto' },
      },
      [],
    ],
    [
      {
        text: { verbosity: 'low' },
        reasoning: { context: 'all' },
        tool_choice: { type: 'mcp', server_label: 'x' },
      },
      ['text', 'reasoning', 'tool_choice'],
    ],
  ])('%j', (more, lost) => {
    const { extra } = parse([{ role: 'user', content: 'x' }], more);
    expect(Object.keys(extra!.fields).sort()).toEqual(lost.sort());
  });
});

describe('edits are kept', () => {
  const edit = (name: string, change: (chat: ChatRequest) => ChatRequest): JsonObject => {
    const { body, warnings } = renderRequest(change(parseFixture(name)));
    expect(warnings).toEqual([]);
    return body;
  };
  const fixture = (name: string): JsonObject =>
    jsonFixtures('requests').find((one) => one.name === name)!.body;
  const redact = (chat: ChatRequest): ChatRequest =>
    JSON.parse(JSON.stringify(chat), function (this: { type?: string }, key, value: unknown) {
      // As a guard does it: the text of parts, nothing else.
      return key === 'text' && ['text', 'thinking', 'refusal'].includes(this.type ?? '')
        ? '[redacted]'
        : value;
    }) as ChatRequest;

  it('settings, each on its own', () => {
    const changed = { model: 'b', temperature: 0.9, maxOutputTokens: 5, stream: false, endUser: 'v' };
    const { stream: _, ...rest } = fixture('settings');
    expect(edit('settings', (chat) => ({ ...chat, ...changed }))).toEqual({
      ...rest,
      model: 'b',
      temperature: 0.9,
      max_output_tokens: 5,
      user: 'v',
    });
    expect(edit('both-users', (chat) => ({ ...chat, endUser: 'v' }))).toMatchObject({
      safety_identifier: 'v',
    });
  });

  it('effort, schema and choice, without what stands beside them', () => {
    expect(
      edit('reasoning-efforts', (chat) => ({ ...chat, reasoning: { mode: 'on', effort: 'low' } })),
    ).toMatchObject({
      reasoning: { effort: 'low', summary: 'detailed', context: 'all_turns' },
      text: { verbosity: 'low' },
    });
    expect(edit('json-schema', (chat) => ({ ...chat, output: { type: 'json' } })).text).toEqual({
      format: { type: 'json_object' },
      verbosity: 'medium',
    });
    expect(edit('tools', (chat) => ({ ...chat, toolChoice: { type: 'required' } })).tool_choice).toBe(
      'required',
    );
  });

  it('texts, wherever they stand', () => {
    const body = edit('annotated-history', redact);
    expect(body.input).toMatchObject([
      { content: '[redacted]' },
      { type: 'web_search_call' },
      {
        id: 'msg_1',
        content: [{ text: '[redacted]', annotations: [{ title: 'T' }] }, { refusal: '[redacted]' }],
      },
      { content: '[redacted]' },
    ]);
    expect(edit('instructions', redact).instructions).toBe('[redacted]');
    expect(edit('minimal', redact).input).toBe('[redacted]');
    const [, , , image] = edit('tool-results', redact).input as JsonObject[];
    expect(image).toMatchObject({ arguments: '' });
    expect((edit('reasoning-history', redact).input as JsonObject[]).slice(1, 2)).toMatchObject([
      { id: 'rs_1', encrypted_content: 'gAAAA1', summary: [{ text: '[redacted]' }] },
    ]);
  });

  it('calls, outputs and tools', () => {
    const rename = (chat: ChatRequest): ChatRequest =>
      JSON.parse(
        JSON.stringify(chat).replaceAll('"name":"mcp__docs__search"', '"name":"other"'),
      ) as ChatRequest;
    const body = edit('namespaces', rename);
    expect((body.input as JsonObject[])[1]).toEqual({
      type: 'function_call',
      id: 'fc_1',
      call_id: 'call_1',
      name: 'other',
      arguments: '{}',
    });
    expect((body.tools as { tools: JsonObject[] }[])[1]!.tools[0]).toMatchObject({
      name: 'other',
      strict: false,
    });
    const described = edit('tools', (chat) => ({
      ...chat,
      tools: [{ ...chat.tools[0]!, description: 'New.' }],
    }));
    expect(described.tools).toEqual([
      { ...(fixture('tools').tools as JsonObject[])[0], description: 'New.', strict: false },
    ]);
  });
});

describe('parseRequest refuses', () => {
  const good = { model: 'm', input: 'x' };
  const item = (value: unknown) => ({ model: 'm', input: [value] }) as JsonObject;
  it.each<[JsonObject, string]>([
    [{}, 'model'],
    [{ input: 'x' }, 'model'],
    [{ model: 'm' }, 'input'],
    [{ model: 'm', input: [] }, 'input'],
    [{ model: 'm', input: 7 }, 'input'],
    [item(7), 'input[0]'],
    [item({ role: 'robot', content: 'x' }), 'input[0].role'],
    [item({ role: 'user', content: 7 }), 'input[0].content'],
    [item({ role: 'user', content: [7] }), 'input[0].content[0]'],
    [item({ role: 'assistant', content: {} }), 'input[0].content'],
    [item({ type: 'function_call', name: 'f', arguments: '{}' }), 'input[0].call_id'],
    [item({ type: 'function_call', call_id: 'c', arguments: '{}' }), 'input[0].name'],
    [item({ type: 'custom_tool_call', name: 'f' }), 'input[0].call_id'],
    [item({ type: 'function_call_output', output: 'x' }), 'input[0].call_id'],
    [item({ type: 'function_call_output', call_id: 'c', output: [7] }), 'input[0].output[0]'],
    [{ ...good, instructions: 7 }, 'instructions'],
    [{ ...good, temperature: 'hot' }, 'temperature'],
    [{ ...good, max_output_tokens: '9' }, 'max_output_tokens'],
    [{ ...good, stream: 'yes' }, 'stream'],
    [{ ...good, reasoning: 'much' }, 'reasoning'],
    [{ ...good, text: 'json' }, 'text'],
    [{ ...good, tools: {} }, 'tools'],
    [{ ...good, tools: [7] }, 'tools[0]'],
    [{ ...good, tools: [{ name: 'f' }] }, 'tools[0].type'],
    [{ ...good, tools: [{ type: 'function' }] }, 'tools[0].name'],
    [{ ...good, tools: [{ type: 'namespace', name: 'n', tools: [7] }] }, 'tools[0].tools[0]'],
    [{ ...good, tools: [{ type: 'namespace', tools: [{ type: 'custom', name: 'f' }] }] }, 'tools[0].name'],
  ])('%j', (body, param) => {
    expect(() => parseRequest(body)).toThrow(expect.objectContaining({ name: 'WireError', param }));
  });
});
