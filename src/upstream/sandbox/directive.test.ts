/** Directives: what is understood, what is refused, and what is left of the prompt. */
import { describe, expect, it } from 'vitest';
import { DirectiveError, directiveKeys, extractDirectives, parseDirectiveHeader } from './directive.ts';

describe('extractDirectives', () => {
  it.each([
    ['hello', 'hello', []],
    ['[[sandbox]] hello', 'hello', [{}]],
    ['[[sandbox words=40 ttfb=20 pace=5]]', '', [{ words: 40, firstByteMs: 20, pieceMs: 5 }]],
    ['a [[sandbox fail=529]] b', 'a  b', [{ fail: '529' }]],
    ['[[sandbox cut=10]]', '', [{ fail: 'cut', after: 10 }]],
    [
      '[[sandbox tool=Bash args={"command":"ls ]] }"} ]]x',
      'x',
      [{ tools: ['Bash'], args: { command: 'ls ]] }' } }],
    ],
    ['[[sandbox tool=Read,Bash parallel=2]]', '', [{ tools: ['Read', 'Bash'], parallel: 2 }]],
    ['[[sandbox text="two words, \\"quoted\\""]]', '', [{ text: 'two words, "quoted"' }]],
    ['[[sandbox words=1]] go [[sandbox words=2]]', 'go', [{ words: 1 }, { words: 2 }]],
    ['[[sandbox\n words=3\n]]', '', [{ words: 3 }]],
    ['[[sandboxes words=3]]', '[[sandboxes words=3]]', []],
    ['see [[sandbox', undefined, undefined],
  ])('%s', (source, text, directives) => {
    if (text === undefined) expect(() => extractDirectives(source)).toThrow(DirectiveError);
    else expect(extractDirectives(source)).toEqual({ text, directives });
  });

  it.each([
    ['word=4', `unknown sandbox directive "word"; known are ${Object.keys(directiveKeys).join(', ')}`],
    ['words', '"words" needs a value'],
    ['words=', 'whole number from 0 to'],
    ['words=4.5', 'whole number'],
    ['words=-1', 'whole number'],
    ['words=99999999', 'whole number'],
    ['words=1 words=2', '"words" stands twice'],
    ['parallel=0', 'from 1 to 32'],
    ['fail=500x', 'knows no "500x"; it knows 400, 401'],
    ['fail=toString', 'knows no "toString"'],
    ['toString=1', 'unknown sandbox directive "toString"'],
    ['args=[1]', 'takes a JSON object'],
    ['args={"a":}', 'not valid JSON'],
    ['args={"a":1', 'not valid JSON'],
    ['text="open', 'not valid JSON'],
    ['tool=', 'takes a tool name'],
    ['=4', 'unknown sandbox directive "="'],
  ])('refuses %s', (pairs, message) => {
    expect(() => extractDirectives(`[[sandbox ${pairs}]]`)).toThrow(message);
  });

  it('has a limit', () => {
    expect(() => extractDirectives('[[sandbox]]'.repeat(65))).toThrow('at most 64');
    expect(extractDirectives('[[sandbox]]'.repeat(64)).directives).toHaveLength(64);
  });
});

describe('parseDirectiveHeader', () => {
  it('reads pairs without brackets', () => {
    expect(parseDirectiveHeader(' fail=429 retry-after=3 ')).toEqual({ fail: '429', retryAfterS: 3 });
    expect(parseDirectiveHeader('')).toEqual({});
    expect(() => parseDirectiveHeader('nonsense=1')).toThrow(DirectiveError);
  });
});
