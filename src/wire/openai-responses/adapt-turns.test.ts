/** Turns of other formats as items: speakers, calls and their outputs, media, thoughts, marks. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { openaiResponses } from './index.ts';

type Said = ChatPart | string;
const turn = (role: ChatTurn['role'], ...parts: Said[]): ChatTurn => ({
  role,
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const user = (...parts: Said[]) => turn('user', ...parts);
const assistant = (...parts: Said[]) => turn('assistant', ...parts);
const call = (id: string, args = '{}', more: Partial<ChatPart & { type: 'tool-call' }> = {}): ChatPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  arguments: args,
  ...more,
});
const result = (
  callId: string,
  ...content: (ChatPart & { type: 'text' | 'image' | 'document' })[]
): ChatPart => ({ type: 'tool-result', callId, content });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBO' } } as const;

function render(turns: ChatTurn[], model = 'gpt-4o') {
  const chat: ChatRequest = {
    model,
    turns,
    tools: [],
    stream: false,
    extra: { format: 'anthropic-messages', fields: {} },
  };
  const { body, warnings } = openaiResponses.renderRequest(chat);
  return { input: body.input as JsonObject[], warned: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

const message = (role: string, content: unknown) => ({ type: 'message', role, content });
const said = (...texts: string[]) =>
  message(
    'assistant',
    texts.map((value) => ({ type: 'output_text', text: value })),
  );
const fc = (id: string, args = '{}') => ({ type: 'function_call', call_id: id, name: 'f', arguments: args });
const out = (id: string, output: unknown = 'ok') => ({ type: 'function_call_output', call_id: id, output });
const input_image = { type: 'input_image', image_url: 'data:image/png;base64,iVBO' };

describe('speakers', () => {
  it('keep their places and roles', () => {
    const turns = [
      turn('system', 'a'),
      turn('developer', 'b'),
      user('c'),
      assistant('d', 'e'),
      turn('system', 'f'),
      user('g', 'h'),
    ];
    expect(render(turns)).toEqual({
      input: [
        message('system', 'a'),
        message('developer', 'b'),
        message('user', 'c'),
        said('d', 'e'),
        message('system', 'f'),
        message('user', [
          { type: 'input_text', text: 'g' },
          { type: 'input_text', text: 'h' },
        ]),
      ],
      warned: [],
    });
  });

  it.each<[string, ChatTurn[], unknown[], string[]]>([
    [
      'texts that say nothing are left out',
      [user(''), assistant('', 'a'), user('b')],
      [said('a'), message('user', 'b')],
      [],
    ],
    [
      'nothing at all stands for itself',
      [assistant('')],
      [message('user', '')],
      ['approximated turns[0]', 'approximated turns'],
    ],
    [
      'an empty turn of a user is one',
      [user(), assistant('a'), user('b')],
      [message('user', ''), said('a'), message('user', 'b')],
      [],
    ],
    ['names are lost', [{ ...user('a'), name: 'Eva' }], [message('user', 'a')], ['dropped turns[0].name']],
    [
      'a last answer is not continued',
      [user('a'), assistant('{')],
      [message('user', 'a'), said('{')],
      ['approximated turns[1]'],
    ],
    [
      'refusals',
      [user('a'), assistant({ type: 'refusal', text: 'no' }), user('b')],
      [
        message('user', 'a'),
        message('assistant', [{ type: 'refusal', refusal: 'no' }]),
        message('user', 'b'),
      ],
      [],
    ],
    [
      'what only others know',
      [user({ type: 'opaque', format: 'anthropic-messages', value: {} }, 'a')],
      [message('user', 'a')],
      ['dropped turns[0].parts[0]'],
    ],
  ])('%s', (_name, turns, input, warned) => {
    expect(render(turns)).toEqual({ input, warned });
  });
});

describe('calls and their outputs', () => {
  it.each<[string, ChatTurn[], unknown[], string[]]>([
    [
      'results stand right after the calls',
      [
        user('a'),
        assistant('b', call('1'), call('2', '')),
        user('wait', result('2', text('ok')), result('1', text('ok'))),
      ],
      [message('user', 'a'), said('b'), fc('1'), fc('2'), out('2'), out('1'), message('user', 'wait')],
      [],
    ],
    [
      'a result that is missing is filled in',
      [user('a'), assistant(call('1')), user('b')],
      [message('user', 'a'), fc('1'), out('1', '(This call has no result.)'), message('user', 'b')],
      ['approximated turns[1].parts[0]'],
    ],
    [
      'a result without its call is what the user says',
      [user('a'), turn('tool', result('9', text('x')))],
      [message('user', 'a'), message('user', 'x')],
      ['approximated turns[1].parts[0]'],
    ],
    [
      'an id that occurs twice is made two',
      [
        user('a'),
        assistant(call('1')),
        turn('tool', result('1', text('x'))),
        assistant(call('1')),
        turn('tool', result('1', text('y'))),
      ],
      [message('user', 'a'), fc('1'), out('1', 'x'), fc('1_2'), out('1_2', 'y')],
      [],
    ],
    [
      'two calls of one id have their results in order',
      [
        user('a'),
        assistant(call('1'), call('1', '{"b":1}')),
        turn('tool', result('1', text('x')), result('1', text('y'))),
      ],
      [message('user', 'a'), fc('1'), fc('1_2', '{"b":1}'), out('1', 'x'), out('1_2', 'y')],
      [],
    ],
    [
      'failure is said',
      [
        user('a'),
        assistant(call('1')),
        turn('tool', { ...result('1', text('x')), isError: true } as ChatPart),
      ],
      [message('user', 'a'), fc('1'), out('1', '[the tool failed]\n\nx')],
      ['approximated turns[2].parts[0].isError'],
    ],
    [
      'nothing is a result',
      [user('a'), assistant(call('1')), turn('tool', result('1'))],
      [message('user', 'a'), fc('1'), out('1', '')],
      [],
    ],
    [
      'images stay in it',
      [user('a'), assistant(call('1')), turn('tool', result('1', text('x'), image))],
      [message('user', 'a'), fc('1'), out('1', [{ type: 'input_text', text: 'x' }, input_image])],
      [],
    ],
  ])('%s', (_name, turns, input, warned) => {
    expect(render(turns)).toEqual({ input, warned });
  });

  it('ids and names too long are cut alike', () => {
    const long = 'x'.repeat(80);
    const { input } = render([
      user('a'),
      assistant(call(long, '{}', { name: 'a.b' })),
      turn('tool', result(long)),
    ]);
    expect(input[1]).toMatchObject({
      call_id: expect.stringMatching(/^x{55}_[0-9a-f]{8}$/),
      name: expect.stringMatching(/^a_b_/),
    });
    expect(input[2]!.call_id).toBe(input[1]!.call_id);
  });
});

describe('media', () => {
  it.each<[string, ChatPart, unknown[], string[]]>([
    [
      'an image by URL',
      { type: 'image', source: { kind: 'url', url: 'https://example.test/a' }, detail: 'low' },
      [{ type: 'input_image', image_url: 'https://example.test/a', detail: 'low' }],
      [],
    ],
    ['a level of detail nobody knows', { ...image, detail: 'ultra' }, [input_image], []],
    [
      'a file of OpenAI',
      { type: 'image', source: { kind: 'file', fileId: 'file-1', vendor: 'openai' } },
      [{ type: 'input_image', file_id: 'file-1' }],
      [],
    ],
    [
      'a file of another vendor',
      { type: 'document', source: { kind: 'file', fileId: 'file_011' } },
      [],
      ['dropped turns[0].parts[1]'],
    ],
    [
      'a document',
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' } },
      [{ type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' }],
      [],
    ],
    [
      'a document by URL',
      { type: 'document', source: { kind: 'url', url: 'https://example.test/a.pdf' }, title: 'a' },
      [{ type: 'input_file', file_url: 'https://example.test/a.pdf' }],
      ['dropped turns[0].parts[1].title'],
    ],
    [
      'a document that is a text',
      { type: 'document', source: { kind: 'text', text: 'words' }, title: 'T' },
      [{ type: 'input_text', text: 'T\n\nwords' }],
      [],
    ],
    [
      'a document of a text’s bytes',
      { type: 'document', source: { kind: 'base64', mediaType: 'text/csv', data: 'YSxi' } },
      [{ type: 'input_text', text: 'a,b' }],
      ['approximated turns[0].parts[1]'],
    ],
    [
      'audio',
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
      [],
      ['dropped turns[0].parts[1]'],
    ],
  ])('%s', (_name, part, content, warned) => {
    const [sent] = render([user('see', part)]).input;
    const all = [{ type: 'input_text', text: 'see' }, ...content];
    expect(sent!.content).toEqual(content.length === 0 ? 'see' : all);
    expect(render([user('see', part)]).warned).toEqual(warned);
  });

  it('an assistant shows none', () => {
    expect(render([user('a'), assistant('b', image), user('c')]).warned).toEqual([
      'dropped turns[1].parts[1]',
    ]);
  });
});

describe('thoughts', () => {
  const fields = { id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], status: 'completed' };
  const own: ChatPart = {
    type: 'thinking',
    text: 'Hm.',
    signature: { format: 'openai-responses', value: 'gAAA', fields },
  };
  const item = { type: 'reasoning', ...fields, encrypted_content: 'gAAA' };
  const foreign: ChatPart = {
    type: 'thinking',
    text: 'So.',
    signature: { format: 'anthropic-messages', value: 'Eq' },
  };

  it.each<[string, ChatPart[], unknown[], string[]]>([
    [
      'of this format are the items they were',
      [own, call('1')],
      [item, fc('1'), out('1', '(This call has no result.)')],
      ['approximated turns[1].parts[1]'],
    ],
    [
      'of this format that nobody may read, too',
      [
        {
          type: 'redacted-thinking',
          data: { format: 'openai-responses', value: 'gB', fields: { id: 'rs_2' } },
        },
        text('b'),
      ],
      [{ type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'gB' }, said('b')],
      [],
    ],
    [
      'whose text was lost on the way are whole all the same',
      [{ ...own, text: '' } as ChatPart, text('b')],
      [item, said('b')],
      [],
    ],
    [
      'of others are not taken',
      [foreign, { type: 'thinking', text: 'x' }, text('b')],
      [said('b')],
      ['dropped turns[1].parts[0]', 'dropped turns[1].parts[1]'],
    ],
    ['that led to nothing are refused', [text('b'), own], [said('b')], ['dropped turns[1].parts[1]']],
  ])('%s', (_name, parts, items, warned) => {
    expect(render([user('a'), assistant(...parts), user('c')])).toEqual({
      input: [message('user', 'a'), ...items, message('user', 'c')],
      warned,
    });
  });
});

describe('cache marks', () => {
  const marked = { ...text('a'), cache: { ttl: '1h' } };
  it('are lost on models that take none', () => {
    expect(render([user(marked)])).toEqual({
      input: [message('user', 'a')],
      warned: ['dropped turns[0].parts[0].cache'],
    });
  });

  it('stand on parts of those that do, but for what the assistant said', () => {
    const turns = [turn('system', marked), user({ ...image, cache: {} }), assistant(marked), user('b')];
    const mark = { prompt_cache_breakpoint: { mode: 'explicit' } };
    expect(render(turns, 'gpt-5.6-sol')).toEqual({
      input: [
        message('system', [{ type: 'input_text', text: 'a', ...mark }]),
        message('user', [{ ...input_image, ...mark }]),
        said('a'),
        message('user', 'b'),
      ],
      warned: ['approximated turns[0].parts[0].cache.ttl', 'dropped turns[2].parts[0].cache'],
    });
  });
});
