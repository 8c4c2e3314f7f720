/** Thoughts and their state: read from each field servers have for them, written back, sealed for clients. */
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatPart, ChatRequest, JsonObject, Signature } from '../chat.ts';
import { seal } from '../seal.ts';
import { openaiChat } from './index.ts';
import { mergeDetails } from './thinking.ts';
import { MAX_THOUGHT_CHARS } from './thoughts-encode.ts';

const context = { model: 'alias', fallbackId: 'exc_1', nowMs: 0, streamUsage: false };
const own = (fields: JsonObject): Signature => ({ format: 'openai-chat', value: '', fields });
const claude: Signature = { format: 'anthropic-messages', value: 'EqQB' };
const gemini: Signature = { format: 'gemini-generate', value: 'CvQB' };
const encrypted = { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', index: 0 };
const signed = { type: 'reasoning.text', text: 'Hm.', signature: 'c2ln', index: 0 };

function readParts(message: JsonObject): readonly ChatPart[] {
  const messages = [
    { role: 'user', content: 'x' },
    { role: 'assistant', ...message },
  ];
  return openaiChat.parseRequest({ model: 'm', messages }).turns[1]!.parts;
}

/** The assistant's message in a request whose client speaks another format. */
function writeMessage(model: string, parts: readonly ChatPart[]) {
  const chat: ChatRequest = {
    model,
    turns: [
      { role: 'user', parts: [{ type: 'text', text: 'x' }] },
      { role: 'assistant', parts },
      { role: 'user', parts: [{ type: 'text', text: 'y' }] },
    ],
    tools: [],
    stream: false,
  };
  const { body, warnings } = openaiChat.renderRequest(chat);
  return { message: (body.messages as JsonObject[])[1]!, warnings: warnings.map(({ path }) => path) };
}

describe('the thinking of compatible servers', () => {
  const text: ChatPart = { type: 'text', text: 'ok' };
  const thinking = (signature: Signature): ChatPart => ({ type: 'thinking', text: 'Hm.', signature });
  const cases: readonly [name: string, message: JsonObject, part: ChatPart][] = [
    [
      'DeepSeek, Moonshot, Zhipu',
      { content: 'ok', reasoning_content: 'Hm.' },
      thinking(own({ field: 'reasoning_content' })),
    ],
    ['Groq', { content: 'ok', reasoning: 'Hm.' }, thinking(own({ field: 'reasoning' }))],
    [
      'OpenRouter',
      { content: 'ok', reasoning: 'Hm.', reasoning_details: [signed] },
      thinking(own({ field: 'reasoning', details: [signed] })),
    ],
    [
      'OpenRouter, details alone',
      { content: 'ok', reasoning_details: [signed] },
      thinking(own({ details: [signed] })),
    ],
    [
      'OpenRouter, encrypted',
      { content: 'ok', reasoning_details: [encrypted] },
      { type: 'redacted-thinking', data: own({ details: [encrypted] }) },
    ],
  ];

  it.each(cases)('is read with what writes it back: %s', (_name, message, part) => {
    expect(readParts(message)).toEqual([part, text]);
    expect(writeMessage('some-model', [part, text]).message).toEqual({ role: 'assistant', ...message });
  });

  it.each(cases.slice(1))(
    'goes to every model OpenRouter serves, where it is in its fields: %s',
    (_name, message, part) => {
      expect(writeMessage('openai/gpt-5-mini', [part, text]).message).toEqual({
        role: 'assistant',
        ...message,
      });
    },
  );

  it('stands among the content for Mistral', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'ok' },
    ];
    const part = thinking(own({ field: 'content' }));
    expect(readParts({ content })).toEqual([part, text]);
    expect(writeMessage('magistral-medium', [part, text]).message).toEqual({ role: 'assistant', content });
  });

  it.each([
    ['gpt-5-mini', cases[0]![2]],
    ['o3', cases[1]![2]],
    ['gpt-4o', cases[2]![2]],
    ['openai/gpt-5-mini', cases[0]![2]],
    ['mistral-large', cases[0]![2]],
    ['deepseek-chat', thinking(own({ field: 'content' }))],
    ['some-model', thinking(claude)],
    ['some-model', { type: 'redacted-thinking', data: claude } as const],
    ['some-model', { type: 'thinking', text: 'Hm.' } as const],
  ])('is not sent where it would be refused: %s, %j', (model, part) => {
    expect(writeMessage(model, [part, text])).toEqual({
      message: { role: 'assistant', content: 'ok' },
      warnings: ['turns[1].parts[0]'],
    });
  });

  it('keeps a thought signature with its call, of Gemini behind a compatible endpoint', () => {
    const extra_content = { google: { thought_signature: 'CiQB' } };
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
    const [part] = readParts({ content: null, tool_calls: [{ ...call, extra_content }] });
    expect(part).toEqual({
      type: 'tool-call',
      id: 'c',
      name: 'f',
      arguments: '{}',
      signature: own({ extra_content }),
    });
    expect(writeMessage('gemini-3-pro', [part!]).message.tool_calls).toEqual([{ ...call, extra_content }]);
    const foreign = writeMessage('gemini-3-pro', [{ ...part, signature: gemini } as ChatPart]);
    expect(foreign.message.tool_calls).toEqual([call]);
    expect(foreign.warnings).toContain('turns[1].parts[0].signature');
  });
});

describe('a request of this format whose client carries state of others', () => {
  const sealedDetails = [
    { type: 'reasoning.text', text: 'Hm.', signature: seal(claude), format: 'turnpike', index: 0 },
    { type: 'reasoning.encrypted', data: seal(claude), format: 'turnpike', index: 1 },
  ];
  const user = { role: 'user', content: 'x' };
  const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '' } });
  const relay = (messages: JsonObject[]) =>
    openaiChat.renderRequest(openaiChat.parseRequest({ model: 'm', messages, seed: null }));

  it('goes on without it, all else as it came', () => {
    const { body, warnings } = relay([
      user,
      {
        role: 'assistant',
        content: null,
        refusal: null,
        annotations: [],
        reasoning_content: 'Hm.',
        reasoning_details: sealedDetails,
        tool_calls: [call(`a_${seal(gemini)}`), call('b')],
      },
      { role: 'tool', tool_call_id: `a_${seal(gemini)}`, content: '1', odd: null },
      { role: 'tool', tool_call_id: 'b', content: '2' },
    ]);
    expect(body).toEqual({
      model: 'm',
      messages: [
        user,
        {
          role: 'assistant',
          content: null,
          refusal: null,
          annotations: [],
          tool_calls: [call('a'), call('b')],
        },
        { role: 'tool', tool_call_id: 'a', content: '1', odd: null },
        { role: 'tool', tool_call_id: 'b', content: '2' },
      ],
      seed: null,
    });
    expect(warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'dropped turns[1].parts[0]',
      'dropped turns[1].parts[1]',
      'dropped turns[1].parts[2].signature',
    ]);
  });

  it('goes on without a message of which nothing is left', () => {
    const thought = { role: 'assistant', content: null, reasoning_details: sealedDetails };
    expect(relay([user, thought, user]).body.messages).toEqual([user, user]);
  });

  it('reads a damaged seal as nothing, and sends none of it', () => {
    const damaged = `${seal(claude).slice(0, 20)}!`;
    const details = [
      { type: 'reasoning.text', text: 'Hm.', signature: damaged, format: 'turnpike', index: 0 },
    ];
    const { body } = relay([
      user,
      { role: 'assistant', content: 'ok', reasoning_content: 'Hm.', reasoning_details: details },
    ]);
    expect(body.messages).toEqual([user, { role: 'assistant', content: 'ok' }]);
  });
});

describe('a client that keeps what the official SDK gives it', () => {
  const events: ChatEvent[] = [
    { type: 'start', id: 'msg_1', model: 'claude', extra: { format: 'anthropic-messages', fields: {} } },
    { type: 'thinking-start', index: 0 },
    { type: 'thinking-delta', index: 0, text: 'One. ' },
    { type: 'thinking-delta', index: 0, text: 'Two.' },
    { type: 'thinking-signature', index: 0, signature: claude },
    { type: 'thinking-end', index: 0 },
    { type: 'redacted-thinking', index: 1, data: { ...claude, value: 'EmwK' } },
    { type: 'thinking-start', index: 2 },
    { type: 'thinking-delta', index: 2, text: 'Three.' },
    { type: 'thinking-end', index: 2 },
    { type: 'tool-call-start', index: 3, id: 'toolu_1', name: 'f', signature: gemini },
    { type: 'tool-call-end', index: 3 },
    { type: 'stop', stop: { kind: 'tool-calls', raw: 'tool_use' } },
    { type: 'end' },
  ];

  it('gives back every thought of a stream with its state', async () => {
    const encoder = openaiChat.createEncoder(context);
    const text = events.map((event) => encoder.push(event)).join('');
    expect(encoder.warnings()).toEqual([]);
    const headers = { 'content-type': 'text/event-stream' };
    const client = new OpenAI({
      apiKey: 'k',
      fetch: async () => new Response(text, { headers }),
      maxRetries: 0,
    });
    const messages = [{ role: 'user', content: 'x' }] as const;
    const stream = client.chat.completions.stream({ model: 'alias', messages: [...messages] });
    const message = JSON.parse(JSON.stringify(await stream.finalMessage())) as JsonObject;
    expect(readParts(message)).toEqual([
      { type: 'thinking', text: 'One. Two.', signature: claude },
      { type: 'redacted-thinking', data: { ...claude, value: 'EmwK' } },
      // Not signed, but whose it is was known.
      { type: 'thinking', text: 'Three.', signature: { format: 'anthropic-messages', value: '' } },
      { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{}', signature: gemini },
    ]);
  });
});

describe('a stream of very long thoughts', () => {
  const thinkFor = (chars: number): ChatEvent[] => [
    { type: 'start', id: 'msg_1', model: 'claude' },
    { type: 'thinking-start', index: 0 },
    { type: 'thinking-delta', index: 0, text: 'x'.repeat(chars) },
    { type: 'thinking-signature', index: 0, signature: claude },
    { type: 'thinking-end', index: 0 },
    { type: 'stop', stop: { kind: 'end', raw: null } },
  ];

  it.each([
    ['as much as is kept', MAX_THOUGHT_CHARS - claude.value.length, true],
    ['more', MAX_THOUGHT_CHARS, false],
  ])('shows them, and their state up to a limit: %s', (_name, chars, isKept) => {
    const encoder = openaiChat.createEncoder(context);
    const text = thinkFor(chars)
      .map((event) => encoder.push(event))
      .join('');
    expect(text).toContain('"reasoning_content":"xxx');
    expect(text.includes('reasoning_details')).toBe(isKept);
    expect(encoder.warnings().map(({ path }) => path)).toEqual(isKept ? [] : ['parts[0].signature']);
  });
});

describe('mergeDetails', () => {
  it.each<[string, JsonObject[], JsonObject[]]>([
    [
      'puts the pieces of one entry together',
      [
        { type: 'reasoning.text', text: 'H', index: 0, format: null },
        { type: 'reasoning.text', text: 'm.', index: 0 },
        { type: 'reasoning.text', signature: 'c2ln', text: null, index: 0 },
      ],
      [{ ...signed, format: null }],
    ],
    [
      'keeps entries apart that are not one',
      [signed, { ...signed, index: 1 }, encrypted, encrypted, { type: 'reasoning.summary', summary: 's' }],
      [signed, { ...signed, index: 1 }, encrypted, encrypted, { type: 'reasoning.summary', summary: 's' }],
    ],
  ])('%s', (_name, pieces, whole) => {
    expect(mergeDetails(pieces)).toEqual(whole);
    expect(mergeDetails(whole)).toEqual(whole);
  });
});
