/** Turns of other formats as contents: order, pairing, ids, placeholders, and signatures for calls that have none. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatTurn, JsonObject } from '../chat.ts';
import {
  assistant,
  call,
  chat,
  functionCall,
  functionResponse,
  NEW,
  OLD,
  render,
  result,
  SKIP,
  turn,
  user,
  wireModel,
  wireUser,
} from './__fixtures__/chats.ts';
import { NO_RESULT_TEXT, OPENING_TEXT } from './contents-fit.ts';

type Case = readonly [name: string, turns: ChatTurn[], contents: JsonObject[], warned: string[]];

const cases: readonly Case[] = [
  ['one turn', [user('a')], [wireUser('a')], []],
  [
    'neighbours of one speaker',
    [user('a'), user('b'), assistant('c')],
    [wireUser('a', 'b'), wireModel('c')],
    [],
  ],
  ['empty texts', [user('a', ''), assistant(''), user('b')], [wireUser('a', 'b')], []],
  [
    'a model that begins',
    [assistant('a'), user('b')],
    [wireUser(OPENING_TEXT), wireModel('a'), wireUser('b')],
    ['approximated turns'],
  ],
  ['nothing at all', [], [wireUser(OPENING_TEXT)], ['approximated turns']],
  [
    'a later system turn',
    [user('a'), turn('system', 'be brief'), assistant('b')],
    [wireUser('a', 'be brief'), wireModel('b')],
    ['approximated turns[1]'],
  ],
  [
    'a call and its result',
    [user('a'), assistant('b', call('1', '{"x":1}')), turn('tool', result('1'))],
    [wireUser('a'), wireModel('b', functionCall({ x: 1 })), wireUser(functionResponse())],
    [],
  ],
  [
    'results reversed, in turns of their own, with words between',
    [
      user('a'),
      assistant(call('1'), call('2')),
      turn('tool', result('2', 'two')),
      user('so?'),
      turn('tool', result('1')),
    ],
    [
      wireUser('a'),
      wireModel(functionCall(), functionCall()),
      wireUser(functionResponse(), functionResponse({ output: 'two' }), 'so?'),
    ],
    [],
  ],
  [
    'a result that failed, and one that is missing',
    [user('a'), assistant(call('1'), call('2')), user({ ...result('1', 'broke'), isError: true })],
    [
      wireUser('a'),
      wireModel(functionCall(), functionCall()),
      wireUser(functionResponse({ error: 'broke' }), functionResponse({ error: NO_RESULT_TEXT })),
    ],
    ['approximated turns'],
  ],
  [
    'a result without a call',
    [user('a'), turn('tool', result('9', 'lost'))],
    [wireUser('a', 'lost')],
    ['approximated turns'],
  ],
  [
    'one id for two calls',
    [
      user('a'),
      assistant(call('1')),
      turn('tool', result('1')),
      assistant(call('1')),
      turn('tool', result('1', 'b')),
    ],
    [
      wireUser('a'),
      wireModel(functionCall()),
      wireUser(functionResponse()),
      wireModel(functionCall()),
      wireUser(functionResponse({ output: 'b' })),
    ],
    [],
  ],
  [
    'several texts in a result',
    [
      user('a'),
      assistant(call('1')),
      user({
        type: 'tool-result',
        callId: '1',
        content: [
          { type: 'text', text: 'x' },
          { type: 'text', text: 'y' },
        ],
      }),
    ],
    [wireUser('a'), wireModel(functionCall()), wireUser(functionResponse({ output: 'x\n\ny' }))],
    [],
  ],
  [
    'unsigned thinking, and another vendor’s',
    [
      user('a'),
      assistant(
        { type: 'thinking', text: 'hm' },
        { type: 'thinking', text: 'hm', signature: { format: 'anthropic-messages', value: 'Eq' } },
        { type: 'redacted-thinking', data: { format: 'anthropic-messages', value: 'Eq' } },
        'b',
      ),
      user('c'),
    ],
    [wireUser('a'), wireModel('b'), wireUser('c')],
    ['dropped turns[1].parts[0]', 'dropped turns[1].parts[1]', 'dropped turns[1].parts[2]'],
  ],
  [
    'its own thinking, on each kind of part',
    [
      user('a'),
      assistant(
        { type: 'thinking', text: 'hm', signature: { format: 'gemini-generate', value: 'A=' } },
        'b',
        {
          type: 'thinking',
          text: '',
          signature: { format: 'gemini-generate', value: 'B=', fields: { on: 'text' } },
        },
        { ...call('1'), signature: { format: 'gemini-generate', value: 'C=' } },
      ),
      turn('tool', result('1')),
    ],
    [
      wireUser('a'),
      wireModel(
        { text: 'hm', thought: true, thoughtSignature: 'A=' },
        'b',
        { text: '', thoughtSignature: 'B=' },
        functionCall({}, 'C='),
      ),
      wireUser(functionResponse()),
    ],
    [],
  ],
  [
    'ids the model gave: all of an answer, each once',
    [
      user('a'),
      assistant(signed('1'), call('2')),
      turn('tool', result('2', 'two'), result('1')),
      assistant(signed('1'), call('2')),
      turn('tool', result('1')),
      assistant(call('3')),
      turn('tool', result('3')),
    ],
    [
      wireUser('a'),
      wireModel(withId('1', functionCall({}, 'C=')), withId('2', functionCall())),
      wireUser(withId('1', functionResponse()), withId('2', functionResponse({ output: 'two' }))),
      wireModel(withId('1_2', functionCall({}, 'C=')), withId('2_2', functionCall())),
      wireUser(withId('1_2', functionResponse()), withId('2_2', functionResponse({ error: NO_RESULT_TEXT }))),
      wireModel(functionCall()),
      wireUser(functionResponse()),
    ],
    ['approximated turns'],
  ],
];

function signed(id: string): ChatPart {
  return { ...call(id), signature: { format: 'gemini-generate', value: 'C=', fields: { id: 'given' } } };
}

function withId(id: string, part: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, typeof value === 'object' ? { id, ...value } : value]),
  );
}

describe('turns', () => {
  it.each(cases)('%s', (_name, turns, contents, warned) => {
    expect(render(chat({ model: OLD, turns }))).toEqual({ body: { contents }, warned });
  });

  it('puts leading system and developer turns into the system instruction', () => {
    const { body, warned } = render(
      chat({ turns: [turn('system', 'a', 'b'), turn('developer', 'c'), user('d')] }),
    );
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] },
      contents: [wireUser('d')],
    });
    expect(warned).toEqual([]);
  });

  it('puts them before the first words where the model takes no instruction', () => {
    const { body, warned } = render(
      chat({ model: 'gemma-3-27b-it', turns: [turn('system', 'a'), user('b')] }),
    );
    expect(body).toEqual({ contents: [wireUser('a', 'b')] });
    expect(warned).toEqual(['approximated turns']);
  });

  it('names a speaker, and what else Google has no word for', () => {
    const extra = { format: 'openai-chat', fields: { weight: 0 } } as const;
    const { warned } = render(chat({ turns: [{ ...user('a'), name: 'Ana', extra }] }));
    expect(warned).toEqual(['dropped turns[0].extra.weight', 'dropped turns[0].name']);
  });
});

describe('calls without a signature', () => {
  const steps = [
    user('old'),
    assistant(call('1')),
    turn('tool', result('1')),
    assistant('done'),
    user('new'),
    assistant(call('2'), call('3')),
    turn('tool', result('2'), result('3')),
    assistant('and', call('4')),
    turn('tool', result('4')),
  ];
  const signatures = (body: JsonObject): unknown[] =>
    (body.contents as { parts: JsonObject[] }[]).flatMap(({ parts }) =>
      parts.flatMap((part) => (part.functionCall ? [part.thoughtSignature] : [])),
    );

  it('get Google’s word for it on the first call of each step of the running turn', () => {
    const { body, warned } = render(chat({ model: NEW, turns: steps }));
    expect(signatures(body)).toEqual([undefined, SKIP, undefined, SKIP]);
    expect(warned).toEqual([]);
  });

  it('get it in a turn whose words stand beside results: those begin no new turn', () => {
    const turns = [
      user('new'),
      assistant(call('2')),
      user(result('2'), 'hurry'),
      assistant(call('4')),
      user(result('4')),
    ];
    expect(signatures(render(chat({ turns })).body)).toEqual([SKIP, SKIP]);
  });

  it('get none where the first call is signed, or where the model does not look', () => {
    const signed = { ...call('2'), signature: { format: 'gemini-generate', value: 'S=' } as const };
    const turns = [user('new'), assistant(signed, call('3')), turn('tool', result('2'), result('3'))];
    expect(signatures(render(chat({ turns })).body)).toEqual(['S=', undefined]);
    expect(signatures(render(chat({ model: OLD, turns: steps })).body)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('media in results', () => {
  const picture = {
    type: 'image',
    source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
  } as const;
  const turns = [
    user('a'),
    assistant(call('1'), call('2')),
    user(
      { type: 'tool-result', callId: '1', content: [{ type: 'text', text: 'see' }, picture] },
      result('2'),
    ),
  ];
  const inline = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };

  it('stand inside the response where the model takes them', () => {
    const { body, warned } = render(chat({ model: NEW, turns }));
    const [, , answer] = body.contents as [JsonObject, JsonObject, { parts: JsonObject[] }];
    expect(answer.parts).toEqual([
      { functionResponse: { name: 'f', response: { output: 'see' }, parts: [inline] } },
      functionResponse(),
    ]);
    expect(warned).toEqual([]);
  });

  it('stand after all responses where it does not', () => {
    const { body, warned } = render(chat({ model: OLD, turns }));
    const [, , answer] = body.contents as [JsonObject, JsonObject, { parts: JsonObject[] }];
    expect(answer.parts).toEqual([
      functionResponse({ output: 'see' }),
      functionResponse(),
      { text: 'The files returned by f:' },
      inline,
    ]);
    expect(warned).toEqual(['approximated turns']);
  });
});
