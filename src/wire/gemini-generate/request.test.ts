/** Requests of this format: what is read of them, edits between parse and render, what is refused. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { jsonFixtures, MODEL } from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';

const PATH = { model: MODEL, isStream: true };
const hi = { role: 'user', parts: [{ text: 'hi' }] };
const parse = (body: JsonObject): ChatRequest => geminiGenerate.parseRequest(body, PATH);
const fixture = (name: string): JsonObject => jsonFixtures('requests').find((one) => one.name === name)!.body;
const partsOf = (chat: ChatRequest) => chat.turns.flatMap(({ parts }) => parts);

describe('parseRequest', () => {
  it('takes model and stream from the path, and does without', () => {
    expect(parse({ contents: [hi] })).toMatchObject({ model: MODEL, stream: true });
    expect(geminiGenerate.parseRequest({ contents: [hi] })).toMatchObject({ model: '', stream: false });
  });

  it('reads both spellings alike', () => {
    const chat = parse(fixture('snake-case'));
    expect(chat).toMatchObject({
      maxOutputTokens: 64,
      topP: 0.5,
      stop: ['END'],
      reasoning: { mode: 'on', budgetTokens: 128 },
      toolChoice: { type: 'tool', name: 'look' },
      serverState: ['cachedContent'],
      turns: [
        { role: 'system', lead: true, parts: [{ text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'image', source: { mediaType: 'image/png' } }, { type: 'text' }] },
        { role: 'assistant', parts: [{ type: 'tool-call', name: 'look', arguments: '{"closer":true}' }] },
        { role: 'user', parts: [{ type: 'tool-result', content: [{ text: 'a mill' }] }] },
      ],
    });
    expect(chat.tools.map(({ name, builtin }) => [name, builtin?.value])).toEqual([
      ['look', undefined],
      ['googleSearch', { googleSearch: {} }],
    ]);
    expect(chat.tools[0]!.inputSchema).toEqual({
      type: 'object',
      properties: {
        closer: { type: ['boolean', 'null'] },
        many: { type: 'array', items: { type: 'string' }, minItems: 1 },
        where: {
          anyOf: [{ type: 'string' }, { type: 'object', properties: { any_of: { type: 'integer' } } }],
        },
      },
    });
  });

  it('pairs results with calls: by id, else by name and order', () => {
    const calls = partsOf(parse(fixture('thinking-history')));
    const ids = calls.flatMap((part) => (part.type === 'tool-call' ? part.id : []));
    const answered = calls.flatMap((part) => (part.type === 'tool-result' ? part.callId : []));
    expect(ids).toEqual(['call_gemini_1', 'call_gemini_2']);
    expect(answered).toEqual(ids);
    expect(
      partsOf(parse(fixture('gemini-cli'))).flatMap((part) =>
        part.type === 'tool-result' ? part.callId : [],
      ),
    ).toEqual(['list_directory-1', 'read_file-2']);
  });

  it('makes the same ids while a conversation grows', () => {
    const call = { role: 'model', parts: [{ functionCall: { name: 'f' } }] };
    const answer = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
    const first = partsOf(parse({ contents: [hi, call, answer] }));
    const later = partsOf(parse({ contents: [hi, call, answer, call, answer] }));
    expect(later.slice(0, first.length)).toEqual(first);
    const ids = later.flatMap((part) => (part.type === 'tool-call' ? part.id : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads the state of its own thinking where it stands', () => {
    const [, thought, text, onText, signed, call] = partsOf(parse(fixture('thinking-history')));
    const own = (value: string) => ({ format: 'gemini-generate', value });
    expect(thought).toEqual({ type: 'thinking', text: 'I add.' });
    expect([text, onText]).toMatchObject([
      { type: 'text', text: '4' },
      { type: 'thinking', text: '', signature: { ...own('CiQBVKhc7oMr1n2k'), fields: { on: 'text' } } },
    ]);
    expect(signed).toEqual({ type: 'thinking', text: 'Now the weather.', signature: own('CiQBabc+/==') });
    expect(call).toMatchObject({ type: 'tool-call', signature: own('CiQBdef=') });
  });

  it('takes Google’s word for "no signature" for none', () => {
    const calls = partsOf(parse(fixture('gemini-cli'))).filter((part) => part.type === 'tool-call');
    expect(calls.map(({ signature }) => signature?.value)).toEqual(['CiQBVKhc7oMr1n2k', undefined]);
  });

  it.each<[string, ChatRequest['reasoning']]>([
    ['thinking-budget', { mode: 'on', budgetTokens: 2048 }],
    ['thinking-dynamic', { mode: 'adaptive' }],
    ['thinking-level', { mode: 'adaptive', effort: 'low' }],
    ['thinking-thoughts', { mode: 'adaptive' }],
    ['thinking-future', { mode: 'adaptive', effort: 'medium' }],
    ['settings', { mode: 'off' }],
    ['thinking-hidden', undefined],
  ])('reads the wish of %s', (name, reasoning) => {
    const { extra: _extra, ...words } = parse(fixture(name)).reasoning ?? { extra: undefined };
    expect(words).toEqual(reasoning ?? {});
  });

  it.each<[JsonObject, string, boolean]>([
    [{ output: 'plain' }, 'plain', false],
    [{ result: 'plain' }, 'plain', false],
    [{ name: 'f', content: 'plain' }, 'plain', false],
    [{ error: 'broke' }, 'broke', true],
    [{ error: { code: 7 } }, '{"error":{"code":7}}', true],
    [{ error: 'broke', more: 1 }, '{"error":"broke","more":1}', false],
    [{ temp: 20, sky: 'clear' }, '{"temp":20,"sky":"clear"}', false],
    [{ other: 'text' }, '{"other":"text"}', false],
  ])('reads the response %j', (response, text, isError) => {
    const [, part] = partsOf(
      parse({ contents: [hi, { role: 'user', parts: [{ functionResponse: { name: 'f', response } }] }] }),
    );
    expect(part).toMatchObject({ type: 'tool-result', content: [{ type: 'text', text }] });
    expect('isError' in part!).toBe(isError);
  });

  it.each<[string, JsonObject]>([
    ['plain', { contents: [hi] }],
    ['wrapped', { generateContentRequest: { model: 'models/x', contents: [hi] } }],
    ['wrapped in snake case', { generate_content_request: { contents: [hi] } }],
  ])('reads what countTokens asks about: %s', (_name, body) => {
    expect(parse(body).turns).toMatchObject([{ role: 'user', parts: [{ text: 'hi' }] }]);
  });

  it.each<[JsonObject, string]>([
    [{}, 'contents'],
    [{ contents: 'hi' }, 'contents'],
    [{ contents: [1] }, 'contents[0]'],
    [{ contents: [{ role: 'assistant', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ role: 'constructor', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ role: 'user', parts: {} }] }, 'contents[0].parts'],
    [{ contents: [{ role: 'user', parts: ['hi'] }] }, 'contents[0].parts[0]'],
    [{ contents: [], systemInstruction: 7 }, 'systemInstruction'],
    [{ contents: [], systemInstruction: { parts: 'x' } }, 'systemInstruction.parts'],
    [{ contents: [], tools: {} }, 'tools'],
    [{ contents: [], tools: [1] }, 'tools[0]'],
    [{ contents: [], tools: [{ functionDeclarations: {} }] }, 'tools[0].functionDeclarations'],
    [{ contents: [], tools: [{ functionDeclarations: [1] }] }, 'tools[0].functionDeclarations[0]'],
    [{ contents: [], tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
    [{ contents: [], toolConfig: [] }, 'toolConfig'],
    [{ contents: [], generationConfig: 'x' }, 'generationConfig'],
    [{ contents: [], generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    [{ contents: [], generation_config: { max_output_tokens: '9' } }, 'generationConfig.maxOutputTokens'],
    [{ contents: [], generationConfig: { stopSequences: 'x' } }, 'generationConfig.stopSequences'],
  ])('refuses %j', (body, param) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ name: 'WireError', param }));
  });
});

describe('a request of this format that was edited', () => {
  it('keeps a lower limit, redacted text and another model, and all the rest as it came', () => {
    const chat = parse(fixture('snake-case'));
    const turns = chat.turns.map((turn) => ({
      ...turn,
      parts: turn.parts.map((part) => (part.type === 'text' ? { ...part, text: '[redacted]' } : part)),
    }));
    const { body, warnings } = geminiGenerate.renderRequest({
      ...chat,
      model: 'other',
      maxOutputTokens: 5,
      turns,
    });
    const {
      generation_config: _config,
      system_instruction: _system,
      contents,
      ...rest
    } = fixture('snake-case');
    const [, model, answer] = contents as JsonObject[];
    expect(body).toEqual({
      ...rest,
      systemInstruction: { parts: [{ text: '[redacted]' }] },
      contents: [
        {
          role: 'user',
          parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }, { text: '[redacted]' }],
        },
        model,
        answer,
      ],
      generationConfig: {
        maxOutputTokens: 5,
        topP: 0.5,
        stopSequences: ['END'],
        thinkingConfig: { thinkingBudget: 128 },
      },
    });
    expect(warnings).toEqual([]);
  });

  it('keeps the structure of a response whose text is still JSON', () => {
    const contents = [
      hi,
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { a: 'secret', b: 1 } } }] },
    ];
    const chat = parse({ contents });
    const edited = (text: string) => {
      const [, turn] = chat.turns;
      const [part] = turn!.parts as [ChatRequest['turns'][number]['parts'][number] & { type: 'tool-result' }];
      const parts = [{ ...part, content: [{ type: 'text', text } as const] }];
      const { body } = geminiGenerate.renderRequest({
        ...chat,
        turns: [chat.turns[0]!, { ...turn!, parts }],
      });
      return (body.contents as { parts: { functionResponse: JsonObject }[] }[])[1]!.parts[0]!.functionResponse
        .response;
    };
    expect(edited('{"a":"[redacted]","b":1}')).toEqual({ a: '[redacted]', b: 1 });
    expect(edited('[redacted]')).toEqual({ output: '[redacted]' });
  });

  it('keeps thoughts hidden when another setting of the group changes', () => {
    const chat = parse({
      contents: [hi],
      generationConfig: { thinkingConfig: { includeThoughts: true }, responseModalities: ['TEXT', 'IMAGE'] },
    });
    expect(geminiGenerate.renderRequest({ ...chat, maxOutputTokens: 5 }).body.generationConfig).toEqual({
      maxOutputTokens: 5,
      thinkingConfig: { includeThoughts: true },
      responseModalities: ['TEXT', 'IMAGE'],
    });
  });

  it('does not say another model inside than the path does', () => {
    const chat = parse(fixture('model-inside'));
    expect(geminiGenerate.renderRequest(chat).body.model).toBe('models/gemini-2.5-flash');
    expect(geminiGenerate.renderRequest({ ...chat, model: 'other' }).body.model).toBeUndefined();
  });
});
