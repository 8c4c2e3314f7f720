/** Settings, tools and the choice among them of other formats. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, ChatTool, JsonObject } from '../chat.ts';
import { assistant, call, chat, NEW, OLD, render, tool } from './__fixtures__/chats.ts';
import { fitName } from './names.ts';

type Case = readonly [name: string, settings: Partial<ChatRequest>, body: JsonObject, warned: string[]];
const config = (fields: JsonObject): JsonObject => ({ generationConfig: fields });
const thinking = (thinkingConfig: JsonObject): JsonObject => config({ thinkingConfig });

const sampling: readonly Case[] = [
  ['nothing', {}, {}, []],
  [
    'numbers',
    { maxOutputTokens: 9, temperature: 1.5, topP: 0.5, topK: 40, seed: 7 },
    config({ maxOutputTokens: 9, temperature: 1.5, topP: 0.5, topK: 40, seed: 7 }),
    [],
  ],
  ['penalties', { presencePenalty: 0.5, frequencyPenalty: 0 }, {}, ['dropped presencePenalty']],
  [
    'penalties of old',
    { model: 'gemini-2.0-flash', presencePenalty: 0.5 },
    config({ presencePenalty: 0.5 }),
    [],
  ],
  ['stops', { stop: ['a', ''] }, config({ stopSequences: ['a'] }), ['approximated stop']],
  [
    'many stops',
    { stop: ['a', 'b', 'c', 'd', 'e', 'f'] },
    config({ stopSequences: ['a', 'b', 'c', 'd', 'e'] }),
    ['approximated stop'],
  ],
  ['no stops', { stop: [] }, {}, []],
  ['the end user', { endUser: 'u' }, {}, ['dropped endUser']],
  ['a tier', { serviceTier: 'flex' }, { serviceTier: 'flex' }, []],
  ['the usual tier', { serviceTier: 'default' }, { serviceTier: 'standard' }, []],
  ['any tier', { serviceTier: 'auto' }, {}, []],
  ['a tier of others', { serviceTier: 'scale' }, {}, ['dropped serviceTier']],
  ['free text', { output: { type: 'text' } }, {}, []],
  ['JSON', { output: { type: 'json' } }, config({ responseMimeType: 'application/json' }), []],
  [
    'a schema',
    {
      output: {
        type: 'json-schema',
        name: 'x',
        strict: true,
        schema: { type: 'array', items: { type: 'string' } },
      },
    },
    config({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'array', items: { type: 'string' } },
    }),
    [],
  ],
  [
    'a loose schema with words',
    { output: { type: 'json-schema', description: 'd', strict: false, schema: { const: 'a' } } },
    config({ responseMimeType: 'application/json', responseJsonSchema: { type: 'string', enum: ['a'] } }),
    ['dropped output.description', 'approximated output.strict', 'approximated output.schema'],
  ],
];

const PRO = 'gemini-2.5-pro';
const reasoning: readonly Case[] = [
  ['off, by budget', { model: OLD, reasoning: { mode: 'off' } }, thinking({ thinkingBudget: 0 }), []],
  [
    'off, where it cannot be',
    { model: PRO, reasoning: { mode: 'off' } },
    thinking({ thinkingBudget: 128 }),
    ['approximated reasoning'],
  ],
  [
    'off, by level',
    { model: NEW, reasoning: { mode: 'off' } },
    thinking({ thinkingLevel: 'minimal' }),
    ['approximated reasoning'],
  ],
  [
    'effort none',
    { model: OLD, reasoning: { mode: 'on', effort: 'none' } },
    thinking({ thinkingBudget: 0 }),
    [],
  ],
  [
    'adaptive, by budget',
    { model: OLD, reasoning: { mode: 'adaptive' } },
    thinking({ thinkingBudget: -1, includeThoughts: true }),
    [],
  ],
  [
    'adaptive, by level',
    { model: NEW, reasoning: { mode: 'adaptive' } },
    thinking({ includeThoughts: true }),
    [],
  ],
  [
    'a budget',
    { model: OLD, reasoning: { mode: 'on', budgetTokens: 2048 } },
    thinking({ thinkingBudget: 2048, includeThoughts: true }),
    [],
  ],
  [
    'too large a budget',
    { model: OLD, reasoning: { mode: 'on', budgetTokens: 99_999 } },
    thinking({ thinkingBudget: 24_576, includeThoughts: true }),
    ['approximated reasoning'],
  ],
  [
    'an effort as a budget',
    { model: OLD, reasoning: { mode: 'on', effort: 'medium' } },
    thinking({ thinkingBudget: 8192, includeThoughts: true }),
    ['approximated reasoning'],
  ],
  [
    'an effort as a level',
    { model: NEW, reasoning: { mode: 'adaptive', effort: 'high' } },
    thinking({ thinkingLevel: 'high', includeThoughts: true }),
    [],
  ],
  [
    'an effort beyond',
    { model: NEW, reasoning: { mode: 'adaptive', effort: 'max' } },
    thinking({ thinkingLevel: 'high', includeThoughts: true }),
    ['approximated reasoning'],
  ],
  [
    'an effort between',
    { model: 'gemini-3-pro-preview', reasoning: { mode: 'on', effort: 'medium' } },
    thinking({ thinkingLevel: 'low', includeThoughts: true }),
    ['approximated reasoning'],
  ],
  [
    'a budget as a level',
    { model: NEW, reasoning: { mode: 'on', budgetTokens: 4000 } },
    thinking({ thinkingLevel: 'low', includeThoughts: true }),
    ['approximated reasoning'],
  ],
  [
    'on, where nothing thinks',
    { model: 'gemini-2.0-flash', reasoning: { mode: 'on', effort: 'low' } },
    {},
    ['dropped reasoning'],
  ],
  ['off, where nothing thinks', { model: 'gemini-2.0-flash', reasoning: { mode: 'off' } }, {}, []],
];

const declared = (more: JsonObject = {}) => ({
  functionDeclarations: [{ name: 'f', parametersJsonSchema: tool.inputSchema, ...more }],
});
const mode = (word: string, more: JsonObject = {}) => ({
  toolConfig: { functionCallingConfig: { mode: word, ...more } },
});
const tools = [tool];

const choices: readonly Case[] = [
  ['a tool', { tools }, { tools: [declared()] }, []],
  ['auto', { tools, toolChoice: { type: 'auto' } }, { tools: [declared()], ...mode('AUTO') }, []],
  ['none', { tools, toolChoice: { type: 'none' } }, { tools: [declared()], ...mode('NONE') }, []],
  ['required', { tools, toolChoice: { type: 'required' } }, { tools: [declared()], ...mode('ANY') }, []],
  [
    'one',
    { tools, toolChoice: { type: 'tool', name: 'f' } },
    { tools: [declared()], ...mode('ANY', { allowedFunctionNames: ['f'] }) },
    [],
  ],
  ['required of nothing', { toolChoice: { type: 'required' } }, {}, ['dropped toolChoice']],
  [
    'one at a time',
    { tools, parallelToolCalls: false },
    { tools: [declared()] },
    ['dropped parallelToolCalls'],
  ],
  [
    'none at a time',
    { tools, toolChoice: { type: 'none' }, parallelToolCalls: false },
    { tools: [declared()], ...mode('NONE') },
    [],
  ],
  [
    'strict and cached',
    { tools: [{ ...tool, strict: true, cache: {} }] },
    { tools: [declared()] },
    ['dropped tools[0].strict', 'dropped tools[0].cache'],
  ],
  [
    'without a schema',
    { tools: [{ name: 'f', description: 'd' }] },
    { tools: [{ functionDeclarations: [{ name: 'f', description: 'd' }] }] },
    [],
  ],
  [
    'built-in tools',
    {
      tools: [
        { name: 'search', builtin: { format: 'openai-responses', value: { type: 'web_search' } } },
        { name: 'googleSearch', builtin: { format: 'gemini-generate', value: { googleSearch: {} } } },
        tool,
      ] satisfies ChatTool[],
    },
    { tools: [declared(), { googleSearch: {} }] },
    ['dropped tools[0]'],
  ],
];

describe.each([
  { name: 'sampling and output', cases: sampling },
  { name: 'reasoning', cases: reasoning },
  { name: 'tools', cases: choices },
])('$name', ({ cases }) => {
  it.each(cases)('%s', (_name, settings, body, warned) => {
    const rendered = render(chat(settings));
    expect(rendered.body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }], ...body });
    expect(rendered.warned).toEqual(warned);
  });
});

describe('tool names', () => {
  it.each([
    ['f', true],
    ['mcp__server__tool-1.read:all', true],
    ['_x', true],
    ['9lives', false],
    ['-x', false],
    ['', false],
    ['a b', false],
    ['größe', false],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
  ])('%j: good as it is is %s', (name, isGood) => {
    const fitted = fitName(name);
    expect(fitted).toMatch(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/);
    expect(fitted === name).toBe(isGood);
  });

  it('are different where the names were', () => {
    const names = ['a b', 'a_b', 'a\tb', 'a+b', `${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`];
    expect(new Set(names.map(fitName)).size).toBe(names.length);
  });

  it('are changed alike in tool, choice, call and result, said once, and restored', () => {
    const name = 'look up!';
    const fitted = fitName(name);
    const turns = [...chat().turns, assistant(call('1', '{}', name))];
    const { body, warned } = render(chat({ turns, tools: [{ name }], toolChoice: { type: 'tool', name } }));
    expect(JSON.stringify(body).split(fitted)).toHaveLength(5);
    expect(JSON.stringify(body)).not.toContain(name);
    expect(warned).toEqual(['approximated turns', 'approximated tools[0].name']);
    expect(render(chat({ turns })).warned).toContain('approximated turns[1].parts[0].name');
  });
});
