/** Parse, then render, changes nothing: on the fixtures and on generated requests and replies. */
import { describe, it } from 'vitest';
import { expectReplyKept, expectRequestKept, jsonFixtures } from './__fixtures__/laws.ts';

describe('requests', () => {
  it.each(jsonFixtures('requests'))('$name comes back unchanged', ({ body }) => expectRequestKept(body));
});

describe('replies', () => {
  it.each(jsonFixtures('replies'))('$name comes back unchanged', ({ body }) => void expectReplyKept(body));
});
