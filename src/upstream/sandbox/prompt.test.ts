/** Which words of a conversation count as the prompt, and which order is for which answer. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, ChatTurn } from '../../wire/chat.ts';
import { readPrompt, resultText } from './prompt.ts';

const text = (words: string): ChatPart => ({ type: 'text', text: words });
const user = (...parts: ChatPart[]): ChatTurn => ({ role: 'user', parts });
const call: ChatTurn = {
  role: 'assistant',
  parts: [{ type: 'tool-call', id: 'c1', name: 'Bash', arguments: '{}' }],
};
const result = (words: string): ChatPart => ({
  type: 'tool-result',
  callId: 'c1',
  content: [{ type: 'text', text: words }],
});
const ask = (...turns: ChatTurn[]): ChatRequest => ({ model: 'echo', turns, tools: [], stream: false });

describe('the prompt', () => {
  const reminder = text('<system-reminder>be kind</system-reminder>');
  it.each<[string, ChatRequest, string]>([
    ['of a plain question', ask(user(text('hi'))), 'hi'],
    [
      'of a later question',
      ask(user(text('hi')), { role: 'assistant', parts: [text('yes')] }, user(text('why'))),
      'why',
    ],
    ['without what the agent adds', ask(user(reminder, text('hi'))), 'hi'],
    [
      'sharing one text with it',
      ask(user(text('<system-reminder>a</system-reminder>\nhi\n<system-reminder>b</system-reminder>'))),
      'hi',
    ],
    ['with a tag that never closes', ask(user(text('<system-reminder> hi'))), '<system-reminder> hi'],
    ['of nothing but what the agent adds', ask(user(reminder)), '<system-reminder>be kind</system-reminder>'],
    ['before tool results', ask(user(text('hi')), call, user(result('ok'), reminder)), 'hi'],
    [
      'before tool results in turns of their own',
      ask(user(text('hi')), call, { role: 'tool', parts: [result('ok')] }),
      'hi',
    ],
    ['told together with a result', ask(user(text('hi')), call, user(result('ok'), text('stop'))), 'stop'],
    ['before a system turn', ask(user(text('hi')), { role: 'system', parts: [text('now')] }), 'hi'],
    ['of none', ask(), ''],
  ])('%s', (_name, chat, expected) => {
    expect(readPrompt(chat, undefined).text).toBe(expected);
  });
});

describe('results', () => {
  it.each<[string, ChatRequest, string[]]>([
    ['none', ask(user(text('hi'))), []],
    ['of the last round', ask(user(text('hi')), call, user(result('a')), call, user(result('b'))), ['b']],
    [
      'over several turns',
      ask(
        user(text('hi')),
        call,
        { role: 'tool', parts: [result('a')] },
        { role: 'tool', parts: [result('b')] },
      ),
      ['a', 'b'],
    ],
    [
      'before a system turn',
      ask(user(text('hi')), call, user(result('a')), { role: 'system', parts: [text('x')] }),
      ['a'],
    ],
    [
      'before reminders and pictures in a turn of their own',
      ask(
        user(text('hi')),
        call,
        { role: 'tool', parts: [result('a')] },
        user(text('<system-reminder>x</system-reminder>'), {
          type: 'image',
          source: { kind: 'url', url: 'https://example.com/' },
        }),
      ),
      ['a'],
    ],
    ['not once the user went on', ask(user(text('hi')), call, user(result('a'), text('go on'))), []],
  ])('%s', (_name, chat, expected) => {
    expect(readPrompt(chat, undefined).results.map(resultText)).toEqual(expected);
  });
});

describe('orders', () => {
  const prompt = user(text('go [[sandbox tool=Write]] [[sandbox tool=Bash words=1]]'));
  it.each<[string, ChatTurn[], object]>([
    ['the first for the first answer', [prompt], { tools: ['Write'] }],
    ['the second after one round of tools', [prompt, call, user(result('a'))], { tools: ['Bash'], words: 1 }],
    ['none after that', [prompt, call, user(result('a')), call, user(result('b'))], {}],
  ])('%s', (_name, turns, expected) => {
    expect(readPrompt(ask(...turns), undefined).directive).toEqual(expected);
  });
  it('of the header go over those of the prompt', () => {
    expect(readPrompt(ask(prompt), 'tool=Read pace=3').directive).toEqual({ tools: ['Read'], pieceMs: 3 });
  });
  it('in tool results and system texts are no orders', () => {
    const order = '[[sandbox fail=500]]';
    const chat = ask({ role: 'system', parts: [text(order)] }, user(text('hi')), call, user(result(order)));
    expect(readPrompt(chat, undefined).directive).toEqual({});
  });
});
