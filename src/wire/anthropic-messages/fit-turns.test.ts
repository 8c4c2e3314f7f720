/** Turns of other formats as Anthropic messages: what is moved, merged, filled in or left out, and that it is said. */
import { describe, expect, it } from 'vitest';
import type { ChatTurn, JsonObject } from '../chat.ts';
import {
  assistant,
  call,
  chat,
  MODEL,
  render,
  result,
  tool,
  toolResult,
  toolUse,
  turn,
  user,
} from './__fixtures__/chats.ts';
import { anthropicMessages } from './index.ts';
import { NO_RESULT_TEXT, OPENING_TEXT } from './messages-fit.ts';

describe('turns', () => {
  const cases: [string, ChatTurn[], JsonObject, string[]][] = [
    [
      'leading system and developer turns become the system field',
      [turn('system', 'a'), turn('developer', 'b'), user('hi')],
      {
        system: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        messages: [{ role: 'user', content: 'hi' }],
      },
      [],
    ],
    [
      'one leading system turn becomes a string',
      [turn('system', 'a'), user('hi')],
      { system: 'a', messages: [{ role: 'user', content: 'hi' }] },
      [],
    ],
    [
      'a later system turn becomes user text',
      [user('hi'), assistant('yes'), turn('system', 'be brief'), user('go')],
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: 'yes' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'be brief' },
              { type: 'text', text: 'go' },
            ],
          },
        ],
      },
      ['approximated turns[2]'],
    ],
    [
      'neighbours of one role are merged, empty turns vanish',
      [user('a'), assistant(''), user('b'), assistant('c'), assistant('d'), user('e')],
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'c' },
              { type: 'text', text: 'd' },
            ],
          },
          { role: 'user', content: 'e' },
        ],
      },
      [],
    ],
    [
      'blank text is left out and named',
      [user(' \n'), user('a')],
      { messages: [{ role: 'user', content: 'a' }] },
      ['dropped turns[0].parts[0]'],
    ],
    [
      'an assistant that begins gets a user message before it',
      [assistant('Welcome.'), user('hi')],
      {
        messages: [
          { role: 'user', content: OPENING_TEXT },
          { role: 'assistant', content: 'Welcome.' },
          { role: 'user', content: 'hi' },
        ],
      },
      ['approximated turns'],
    ],
    [
      'a chat of system turns alone gets a user message',
      [turn('system', 'Tell a joke.')],
      { system: 'Tell a joke.', messages: [{ role: 'user', content: OPENING_TEXT }] },
      ['approximated turns'],
    ],
    [
      'a prefilled answer does not end in blanks',
      [user('hi'), assistant('{ ')],
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: '{' },
        ],
      },
      ['approximated turns'],
    ],
  ];
  it.each(cases)('%s', (_name, turns, expected, warned) => {
    const rendered = render(chat({ turns }));
    expect(rendered.body).toEqual({ model: MODEL, max_tokens: 1000, ...expected });
    expect(rendered.warned).toEqual(warned);
  });
});

describe('calls and results', () => {
  const cases: [string, ChatTurn[], unknown[], string[]][] = [
    [
      'results of several tool turns stand in one user message, before its text',
      [
        user('go'),
        assistant(call('a'), call('b')),
        user('wait'),
        turn('tool', result('a')),
        turn('tool', result('b')),
      ],
      [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [toolUse('a'), toolUse('b')] },
        { role: 'user', content: [toolResult('a'), toolResult('b'), { type: 'text', text: 'wait' }] },
      ],
      [],
    ],
    [
      'a result further on is moved to its call',
      [
        user('go'),
        assistant(call('a'), call('b')),
        turn('tool', result('a')),
        assistant('so'),
        turn('tool', result('b')),
      ],
      [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [toolUse('a'), toolUse('b')] },
        { role: 'user', content: [toolResult('a'), toolResult('b')] },
        { role: 'assistant', content: 'so' },
      ],
      [],
    ],
    [
      'a call without a result gets one, as an error',
      [user('go'), assistant(call('a')), user('never mind')],
      [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [toolUse('a')] },
        {
          role: 'user',
          content: [
            { ...toolResult('a', NO_RESULT_TEXT), is_error: true },
            { type: 'text', text: 'never mind' },
          ],
        },
      ],
      ['approximated turns'],
    ],
    [
      'a result without a call becomes text',
      [user('go'), turn('tool', result('zz', 'lost'))],
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'go' },
            { type: 'text', text: 'lost' },
          ],
        },
      ],
      ['approximated turns'],
    ],
    [
      'an id used twice is told apart',
      [
        user('go'),
        assistant(call('call_0')),
        turn('tool', result('call_0', '1')),
        assistant(call('call_0')),
        turn('tool', result('call_0', '2')),
      ],
      [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: [toolUse('call_0')] },
        { role: 'user', content: [toolResult('call_0', '1')] },
        { role: 'assistant', content: [toolUse('call_0_2')] },
        { role: 'user', content: [toolResult('call_0_2', '2')] },
      ],
      [],
    ],
    [
      'ids and names are written in the alphabet of the wire',
      [
        user('go'),
        assistant(call('functions.f:0', '{"a":1}', 'mcp.f')),
        turn('tool', result('functions.f:0')),
      ],
      [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: [{ ...toolUse('functions-x2e-f-x3a-0', { a: 1 }), name: 'mcp-x2e-f' }],
        },
        { role: 'user', content: [toolResult('functions-x2e-f-x3a-0')] },
      ],
      [],
    ],
    [
      'arguments that are no object are wrapped',
      [
        user('go'),
        assistant(call('a', '{"cut'), call('b', '[1]'), call('c', ' ')),
        turn('tool', result('a'), result('b'), result('c')),
      ],
      [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: [toolUse('a', { raw: '{"cut' }), toolUse('b', { raw: '[1]' }), toolUse('c')],
        },
        { role: 'user', content: [toolResult('a'), toolResult('b'), toolResult('c')] },
      ],
      ['approximated turns[1].parts[0].arguments', 'approximated turns[1].parts[1].arguments'],
    ],
  ];
  it.each(cases)('%s', (_name, turns, messages, warned) => {
    const rendered = render(chat({ turns, tools: [tool] }));
    expect(rendered.body.messages).toEqual(messages);
    expect(rendered.warned).toEqual(warned);
  });

  it('are paired in no time, however many there are and whatever their ids', () => {
    const calls = Array.from({ length: 150_000 }, () => call('same'));
    const results = Array.from({ length: 150_000 }, () => result('same'));
    const turns: ChatTurn[] = [
      user('go'),
      { role: 'assistant', parts: calls },
      { role: 'tool', parts: results },
    ];
    const { body } = render(chat({ turns, tools: [tool] }));
    const [, asked, answered] = body.messages as { content: JsonObject[] }[];
    expect(asked?.content.at(-1)).toEqual(toolUse('same_150000'));
    expect(answered?.content.at(-1)).toEqual(toolResult('same_150000'));
  });

  it('are read back to the same names and ids', () => {
    const turns = [
      user('go'),
      assistant(call('functions.f:0', '{}', 'mcp.f')),
      turn('tool', result('functions.f:0')),
    ];
    const { body } = render(chat({ turns, tools: [{ ...tool, name: 'mcp.f' }] }));
    const again = anthropicMessages.parseRequest(body);
    expect(again.tools[0]?.name).toBe('mcp.f');
    expect(again.turns[1]?.parts[0]).toMatchObject({ id: 'functions.f:0', name: 'mcp.f' });
    expect(again.turns[2]?.parts[0]).toMatchObject({ callId: 'functions.f:0' });
  });

  it('declare the called tools when the chat gives none', () => {
    const rendered = render(chat({ turns: [user('go'), assistant(call('a')), turn('tool', result('a'))] }));
    expect(rendered.body).toMatchObject({
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
    expect(rendered.warned).toEqual(['approximated tools']);
  });
});
