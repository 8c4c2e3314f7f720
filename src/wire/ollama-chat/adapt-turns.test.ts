// Requests of other formats: what becomes of their turns.
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatTurn, JsonObject } from '../chat.ts';
import { ollamaChat } from './index.ts';

const text = (one: string): ChatPart => ({ type: 'text', text: one });
const turn = (role: ChatTurn['role'], ...parts: ChatPart[]): ChatTurn => ({ role, parts });
const user = (...parts: ChatPart[]) => turn('user', ...parts);
const assistant = (...parts: ChatPart[]) => turn('assistant', ...parts);
const call = (id: string, name = 'f', args = '{}'): ChatPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: args,
});
const result = (callId: string, ...content: ChatPart[]): ChatPart => ({
  type: 'tool-result',
  callId,
  content: content as never,
});
const PNG = 'iVBORw0KGgo=';
const png: ChatPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: PNG } };

function render(turns: readonly ChatTurn[]): { body: JsonObject; warnings: string[] } {
  const { body, warnings } = ollamaChat.renderRequest({ model: 'llama3.2', turns, tools: [], stream: false });
  return { body, warnings: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('turns', () => {
  it.each<[string, ChatTurn[], JsonObject[], string[]]>([
    [
      'the leading system prompt is one',
      [turn('system', text('a'), text('b')), turn('developer', text('c')), user(text('x'))],
      [
        { role: 'system', content: 'a\n\nb\n\nc' },
        { role: 'user', content: 'x' },
      ],
      [],
    ],
    [
      'a later one stays where it is',
      [user(text('x')), turn('developer', text('s')), user(text('y'))],
      [
        { role: 'user', content: 'x' },
        { role: 'system', content: 's' },
        { role: 'user', content: 'y' },
      ],
      [],
    ],
    [
      'a system prompt has no images',
      [turn('system', text('a'), png), user(text('x'))],
      [
        { role: 'system', content: 'a' },
        { role: 'user', content: 'x' },
      ],
      ['dropped turns[0]'],
    ],
    [
      'blocks of a user are parted, those of an answer not',
      [user(text('a'), text(''), text('b')), assistant(text('c'), text('d'))],
      [
        { role: 'user', content: 'a\n\nb' },
        { role: 'assistant', content: 'cd' },
      ],
      [],
    ],
    [
      'images stand beside the text',
      [user(png, text('what?'))],
      [{ role: 'user', content: 'what?', images: [PNG] }],
      [],
    ],
    [
      'after it they say the same',
      [user(text('what?'), png, png)],
      [{ role: 'user', content: 'what?', images: [PNG, PNG] }],
      [],
    ],
    [
      'among texts they do not',
      [user(text('this'), png, text('and this'), png)],
      [{ role: 'user', content: 'this\n\nand this', images: [PNG, PNG] }],
      ['approximated turns[0]'],
    ],
    [
      'what has no bytes goes',
      [
        user(
          text('x'),
          { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } },
          { type: 'image', source: { kind: 'file', fileId: 'f' } },
          { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
          { type: 'document', source: { kind: 'url', url: 'https://x.test/a.pdf' } },
          { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA' } },
          { type: 'opaque', format: 'gemini-generate', value: {} },
        ),
      ],
      [{ role: 'user', content: 'x' }],
      [1, 2, 3, 4, 5, 6].map((at) => `dropped turns[0].parts[${at}]`),
    ],
    [
      'documents of text are text',
      [
        user(
          { type: 'document', source: { kind: 'text', text: 'plain' }, title: 'T' },
          { type: 'document', source: { kind: 'base64', mediaType: 'text/csv', data: 'YTti' } },
        ),
      ],
      [{ role: 'user', content: 'T\n\nplain\n\na;b' }],
      [],
    ],
    [
      'names and marks go',
      [
        {
          ...user({ ...text('x'), cache: {} } as ChatPart),
          name: 'ada',
          extra: { format: 'openai-chat', fields: { a: 1 } },
        },
      ],
      [{ role: 'user', content: 'x' }],
      ['dropped turns[0].extra.a', 'dropped turns[0].name', 'dropped turns[0].parts[0].cache'],
    ],
    [
      'a refusal is text',
      [user(text('x')), assistant({ type: 'refusal', text: 'no' })],
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'no' },
      ],
      ['approximated turns[1].parts[0]'],
    ],
    [
      "thoughts are kept, but for other vendors'",
      [
        user(text('x')),
        assistant(
          { type: 'thinking', text: 'a' },
          { type: 'thinking', text: 'b', signature: { format: 'ollama-chat', value: '' } },
          { type: 'thinking', text: 'c', signature: { format: 'anthropic-messages', value: 's' } },
          { type: 'redacted-thinking', data: { format: 'openai-responses', value: 'd' } },
          text('y'),
        ),
      ],
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y', thinking: 'ab' },
      ],
      ['dropped turns[1].parts[2]', 'dropped turns[1].parts[3]'],
    ],
    [
      'a turn of which nothing is left goes whole',
      [
        user(text('x')),
        assistant({ type: 'redacted-thinking', data: { format: 'openai-chat', value: '' } }),
        user(text('y')),
      ],
      [
        { role: 'user', content: 'x' },
        { role: 'user', content: 'y' },
      ],
      ['dropped turns[1].parts[0]'],
    ],
    [
      'where nothing is left at all, something stands in',
      [turn('user', { type: 'audio', source: { kind: 'file', fileId: 'f' } })],
      [{ role: 'user', content: '' }],
      ['dropped turns[0].parts[0]', 'approximated turns'],
    ],
    ['of no turns too', [], [{ role: 'user', content: '' }], ['approximated turns']],
  ])('%s', (_name, turns, messages, warnings) => {
    const { body, warnings: got } = render(turns);
    expect(body.messages).toEqual(messages);
    expect(got).toEqual(warnings);
  });
});

describe('calls and results', () => {
  const called = (...calls: [id: string, name: string][]) => ({
    role: 'assistant',
    content: '',
    tool_calls: calls.map(([id, name]) => ({ id, function: { name, arguments: {} } })),
  });
  const answered = (id: string, name: string, content: string) => ({
    role: 'tool',
    content,
    tool_name: name,
    tool_call_id: id,
  });

  it.each<[string, ChatTurn[], JsonObject[], string[]]>([
    [
      'results stand in the order of their calls',
      [
        assistant(call('a', 'f'), call('b', 'g')),
        user(result('b', text('2')), result('a', text('1')), text('go on')),
      ],
      [
        called(['a', 'f'], ['b', 'g']),
        answered('a', 'f', '1'),
        answered('b', 'g', '2'),
        { role: 'user', content: 'go on' },
      ],
      [],
    ],
    [
      'and right after them, whatever came between',
      [assistant(call('a')), user(text('wait')), turn('tool', result('a', text('1'), text('2')))],
      [called(['a', 'f']), answered('a', 'f', '1\n\n2'), { role: 'user', content: 'wait' }],
      [],
    ],
    [
      'a call without a result is given one',
      [assistant(call('a'), call('b', 'g')), turn('tool', result('b', text('2')))],
      [
        called(['a', 'f'], ['b', 'g']),
        answered('a', 'f', '(This call has no result.)'),
        answered('b', 'g', '2'),
      ],
      ['approximated turns[0].parts[0]'],
    ],
    [
      'a result without a call is what the user says',
      [user(text('x')), turn('tool', result('a', text('1'))), assistant(text('y'))],
      [
        { role: 'user', content: 'x' },
        { role: 'user', content: '1' },
        { role: 'assistant', content: 'y' },
      ],
      ['approximated turns[1].parts[0]'],
    ],
    [
      'ids may come again',
      [
        assistant(call('a', 'f')),
        turn('tool', result('a', text('1'))),
        assistant(call('a', 'g')),
        turn('tool', result('a', text('2'))),
      ],
      [called(['a', 'f']), answered('a', 'f', '1'), called(['a', 'g']), answered('a', 'g', '2')],
      [],
    ],
    [
      'even in one turn',
      [
        assistant(call('a', 'f'), call('a', 'g')),
        turn('tool', result('a', text('1')), result('a', text('2'))),
      ],
      [called(['a', 'f'], ['a', 'g']), answered('a', 'f', '1'), answered('a', 'g', '2')],
      [],
    ],
    [
      'a failure says so',
      [assistant(call('a')), turn('tool', { ...result('a', text('1')), isError: true } as ChatPart)],
      [called(['a', 'f']), answered('a', 'f', '[the tool failed]\n\n1')],
      ['approximated turns[1].parts[0].isError'],
    ],
    [
      'an image goes to the next user message',
      [assistant(call('a')), turn('tool', result('a', text('1'), png)), user(text('so?'))],
      [
        called(['a', 'f']),
        answered('a', 'f', '1\n\n[image: see the next user message]'),
        { role: 'user', content: 'so?', images: [PNG] },
      ],
      ['approximated turns[1].parts[0].content[1]'],
    ],
    [
      'or to one of its own',
      [assistant(call('a')), turn('tool', result('a', png)), assistant(text('ah'))],
      [
        called(['a', 'f']),
        answered('a', 'f', '[image: see the next user message]'),
        { role: 'user', content: '', images: [PNG] },
        { role: 'assistant', content: 'ah' },
      ],
      ['approximated turns[1].parts[0].content[0]'],
    ],
    [
      "another vendor's state goes",
      [
        assistant({ ...call('a'), signature: { format: 'gemini-generate', value: 's' } } as ChatPart),
        turn('tool', result('a', text('1'))),
      ],
      [called(['a', 'f']), answered('a', 'f', '1')],
      ['dropped turns[0].parts[0].signature'],
    ],
  ])('%s', (_name, turns, messages, warnings) => {
    const { body, warnings: got } = render(turns);
    expect(body.messages).toEqual(messages);
    expect(got).toEqual(warnings);
  });

  it.each<[string, JsonObject, string[]]>([
    ['{"a":{"b":[1]}}', { a: { b: [1] } }, []],
    ['', {}, []],
    [' ', {}, []],
    ['{"a":', { raw: '{"a":' }, ['approximated turns[0].parts[0].arguments']],
    ['[1]', { raw: '[1]' }, ['approximated turns[0].parts[0].arguments']],
    ['"text"', { raw: '"text"' }, ['approximated turns[0].parts[0].arguments']],
  ])('arguments %s', (args, expected, warnings) => {
    const turns = [assistant(call('a', 'f', args)), turn('tool', result('a'))];
    const { body, warnings: got } = render(turns);
    expect(body.messages).toMatchObject([{ tool_calls: [{ function: { arguments: expected } }] }, {}]);
    expect(got).toEqual(warnings);
  });
});
