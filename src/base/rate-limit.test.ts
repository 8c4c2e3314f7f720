/** How scopes of rate limits are written. */
import { describe, expect, it } from 'vitest';
import { hasFigures, readRateScope, writeRateScope } from './rate-limit.ts';

describe('a scope', () => {
  it.each([
    ['workspace', 'workspace', '*'],
    ['member:mem_1', 'member', 'mem_1'],
    ['agent:coder: the second', 'agent', 'coder: the second'],
    ['key:*', 'key', '*'],
    ['key:key_1', 'key', 'key_1'],
    ['deployment:openai/gpt-4o', 'deployment', 'openai/gpt-4o'],
    ['deployment:hub/org/model:tag', 'deployment', 'hub/org/model:tag'],
  ])('%s is read and written', (text, kind, id) => {
    expect(readRateScope(text)).toEqual({ kind, id });
    expect(writeRateScope({ kind, id } as never)).toBe(text);
  });
  it.each([
    '',
    'keys',
    'key',
    'key:',
    'key: ',
    'key:laptop',
    'deployment:gpt-4o',
    'deployment:openai/',
    'workspace:ws_1',
    'provider:openai',
    'model:openai/gpt-4o',
    `agent:${'a'.repeat(257)}`,
  ])('%s is none', (text) => {
    expect(readRateScope(text)).toBeUndefined();
  });
});

it.each([
  [{}, false],
  [{ requestsPerMinute: null, concurrent: undefined }, false],
  [{ concurrent: 1 }, true],
])('%j limits something: %s', (figures, expected) => {
  expect(hasFigures(figures)).toBe(expected);
});
