/** Turns of other formats as messages of this one: what is sent, and what is said of the rest. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, ChatTurn, Warning } from '../chat.ts';
import { openaiChat } from './index.ts';

const text = (value: string): ChatPart => ({ type: 'text', text: value });
const user = (...parts: ChatPart[]): ChatTurn => ({ role: 'user', parts });
const call = (id: string, args = '{}'): ChatPart => ({ type: 'tool-call', id, name: 'f', arguments: args });
const result = (callId: string, ...content: ChatPart[]): ChatPart =>
  ({ type: 'tool-result', callId, content }) as ChatPart;
const png: ChatPart = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } };
const pngOut = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } };
const foreign = (fields = {}) => ({ format: 'anthropic-messages', fields }) as const;

function chat(fields: Partial<ChatRequest>): ChatRequest {
  return { model: 'gpt-4o', turns: [user(text('x'))], tools: [], stream: false, ...fields };
}

function render(fields: Partial<ChatRequest>) {
  return openaiChat.renderRequest(chat(fields));
}

const say = ({ kind, path }: Warning): string => `${kind} ${path}`;

describe('turns of another format', () => {
  const calling: ChatTurn = { role: 'assistant', parts: [text('I look.'), call('c1'), call('c2', '')] };
  const callingOut = {
    role: 'assistant',
    content: 'I look.',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'c2', type: 'function', function: { name: 'f', arguments: '{}' } },
    ],
  };
  const cases: readonly [name: string, turns: ChatTurn[], messages: unknown[], warnings: string[]][] = [
    [
      'one message for the leading system text',
      [
        { role: 'system', lead: true, parts: [text('a'), text(''), text('b')] },
        { role: 'developer', parts: [text('c')] },
        user(text('x')),
      ],
      [
        { role: 'system', content: 'a\n\nb\n\nc' },
        { role: 'user', content: 'x' },
      ],
      [],
    ],
    [
      'a system turn in the middle stays there',
      [user(text('x')), { role: 'system', parts: [text('now')] }, user(text('y'))],
      [
        { role: 'user', content: 'x' },
        { role: 'system', content: 'now' },
        { role: 'user', content: 'y' },
      ],
      [],
    ],
    [
      'results before the rest of their user turn',
      [user(text('x')), calling, user(text('and'), result('c1', text('1'), text('2')), result('c2'))],
      [
        { role: 'user', content: 'x' },
        callingOut,
        { role: 'tool', tool_call_id: 'c1', content: '1\n\n2' },
        { role: 'tool', tool_call_id: 'c2', content: '' },
        { role: 'user', content: 'and' },
      ],
      [],
    ],
    [
      'results right after their calls, over a system turn in between',
      [
        calling,
        { role: 'system', parts: [text('note')] },
        user(result('c2', text('2')), result('c1', text('1'))),
      ],
      [
        callingOut,
        { role: 'tool', tool_call_id: 'c2', content: '2' },
        { role: 'tool', tool_call_id: 'c1', content: '1' },
        { role: 'system', content: 'note' },
      ],
      [],
    ],
    [
      'an image in a result moves to the user message behind it',
      [calling, user(result('c1', text('see'), png), result('c2', text('2')), text('go on'))],
      [
        callingOut,
        { role: 'tool', tool_call_id: 'c1', content: 'see\n\n[image: see the next user message]' },
        { role: 'tool', tool_call_id: 'c2', content: '2' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'The image returned by tool call c1:' },
            pngOut,
            { type: 'text', text: 'go on' },
          ],
        },
      ],
      ['approximated turns[1].parts[0].content[1]'],
    ],
    [
      'an image in a result of a tool turn waits for the other results',
      [
        calling,
        { role: 'tool', parts: [result('c1', png)] },
        { role: 'tool', parts: [result('c2', text('2'))] },
      ],
      [
        callingOut,
        { role: 'tool', tool_call_id: 'c1', content: '[image: see the next user message]' },
        { role: 'tool', tool_call_id: 'c2', content: '2' },
        { role: 'user', content: [{ type: 'text', text: 'The image returned by tool call c1:' }, pngOut] },
      ],
      ['approximated turns[1].parts[0].content[0]'],
    ],
    [
      'a failed tool says so',
      [
        calling,
        user({
          type: 'tool-result',
          callId: 'c1',
          content: [{ type: 'text', text: 'no file' }],
          isError: true,
        }),
        user(result('c2', text('2'))),
      ],
      [
        callingOut,
        { role: 'tool', tool_call_id: 'c1', content: '[the tool failed]\n\nno file' },
        { role: 'tool', tool_call_id: 'c2', content: '2' },
      ],
      ['approximated turns[1].parts[0].isError'],
    ],
    [
      'a call without a result gets one, a result without a call becomes text',
      [calling, user(result('c1', text('1')), result('c9', text('9')))],
      [
        callingOut,
        { role: 'tool', tool_call_id: 'c1', content: '1' },
        { role: 'tool', tool_call_id: 'c2', content: '(This call has no result.)' },
        { role: 'user', content: '9' },
      ],
      ['approximated turns[1].parts[1]', 'approximated turns[0].parts[2]'],
    ],
    [
      'thinking and foreign blocks go, each named; a turn of nothing else goes whole',
      [
        user(text('x')),
        {
          role: 'assistant',
          parts: [{ type: 'thinking', text: 'hm', signature: { format: 'anthropic-messages', value: 's' } }],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'redacted-thinking', data: { format: 'anthropic-messages', value: 'd' } },
            { type: 'opaque', format: 'anthropic-messages', value: { type: 'server_tool_use' } },
            text('a'),
            text('b'),
          ],
        },
        user(text('y')),
      ],
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'ab' },
        { role: 'user', content: 'y' },
      ],
      ['dropped turns[1].parts[0]', 'dropped turns[2].parts[0]', 'dropped turns[2].parts[1]'],
    ],
    [
      'documents by kind',
      [
        user(
          { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JV' } },
          { type: 'document', source: { kind: 'text', text: 'plain' }, title: 'T' },
          { type: 'document', source: { kind: 'url', url: 'https://x/a.pdf' }, title: 'A' },
          { type: 'document', source: { kind: 'file', fileId: 'file_1' } },
          { type: 'document', source: { kind: 'base64', mediaType: 'text/plain', data: 'aGk=' } },
        ),
      ],
      [
        {
          role: 'user',
          content: [
            { type: 'file', file: { file_data: 'data:application/pdf;base64,JV', filename: 'document.pdf' } },
            { type: 'text', text: 'T\n\nplain' },
            { type: 'text', text: 'Document "A": https://x/a.pdf' },
            { type: 'text', text: 'hi' },
          ],
        },
      ],
      ['approximated turns[0].parts[2]', 'dropped turns[0].parts[3]'],
    ],
    [
      'images and audio by kind',
      [
        user(
          { type: 'image', source: { kind: 'url', url: 'https://x/a.png' }, detail: 'high' },
          { type: 'image', source: { kind: 'file', fileId: 'file_1' } },
          { type: 'audio', source: { kind: 'base64', mediaType: 'audio/mpeg', data: 'AA' } },
          { type: 'audio', source: { kind: 'url', url: 'https://x/a.mp3' } },
        ),
      ],
      [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'https://x/a.png', detail: 'high' } },
            { type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } },
          ],
        },
      ],
      ['dropped turns[0].parts[1]', 'dropped turns[0].parts[3]'],
    ],
    [
      'cache marks and unknown fields are named at each level',
      [
        {
          role: 'user',
          extra: foreign({ mood: 1 }),
          parts: [{ type: 'text', text: 'x', cache: {}, extra: foreign({ citations: [1] }) }],
        },
      ],
      [{ role: 'user', content: 'x' }],
      [
        'dropped turns[0].extra.mood',
        'dropped turns[0].parts[0].extra.citations',
        'dropped turns[0].parts[0].cache',
      ],
    ],
    [
      'a last assistant turn is no prefill here',
      [user(text('x')), { role: 'assistant', parts: [text('{')] }],
      [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '{' },
      ],
      ['approximated turns[1]'],
    ],
  ];
  it.each(cases)('%s', (_name, turns, messages, warnings) => {
    const rendered = render({ turns });
    expect(rendered.body.messages).toEqual(messages);
    expect(rendered.warnings.map(say)).toEqual(warnings);
  });
});
