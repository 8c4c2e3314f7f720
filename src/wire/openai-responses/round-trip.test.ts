/** Parse, then render, changes nothing: on the fixtures. Generated bodies are in `generated.test.ts`. */
import { describe, expect, it } from 'vitest';
import { foldEvents, unfoldReply } from '../fold.ts';
import {
  contextFor,
  dataOf,
  decodeBytes,
  encodeAll,
  expectReplyKept,
  expectRequestKept,
  expectStreamKept,
  fixtures,
  jsonFixtures,
  withoutSpelling,
} from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

describe('requests', () => {
  it.each(jsonFixtures('requests'))('$name comes back unchanged', ({ body }) => expectRequestKept(body));
});

describe('replies', () => {
  it.each(jsonFixtures('replies'))('$name comes back unchanged', ({ body }) => expectReplyKept(body));

  it.each(jsonFixtures('replies'))('$name played as a stream ends in the same response', ({ body }) => {
    const reply = openaiResponses.parseReply(body);
    const sent = dataOf(encodeAll(unfoldReply(reply), contextFor(reply.model)));
    const { response } = sent.at(-1) as { response: object };
    expect({ ...response, incomplete_details: null }).toMatchObject({ ...body, incomplete_details: null });
  });
});

/** Streams that tell of an item once only: what was told in pieces the first time is told whole the second. */
const UNEVEN = ['only-the-end', 'few-events', 'late-names'];

describe('streams', () => {
  it.each(fixtures('streams'))('$name says the same decoded again', ({ name, bytes }) => {
    expectStreamKept(bytes, { isSpelled: !UNEVEN.includes(name) });
  });

  const whole = fixtures('streams').filter(
    ({ name, bytes }) => foldEvents(decodeBytes(bytes)).type === 'reply' && !UNEVEN.includes(name),
  );

  it.each(whole)('$name ends in the response it came with', ({ bytes }) => {
    const events = decodeBytes(bytes);
    const [start] = events;
    const model = start?.type === 'start' ? start.model : '';
    const { response } = dataOf(bytes).findLast(({ type }) => /completed|incomplete/.test(String(type)))!;
    expect(dataOf(encodeAll(events, contextFor(model))).at(-1)).toMatchObject({ response });
  });

  it.each(whole)('$name folds into the reply a unary answer would be', ({ bytes }) => {
    const { response } = dataOf(bytes).findLast(({ type }) => /completed|incomplete/.test(String(type)))!;
    const folded = foldEvents(decodeBytes(bytes));
    const reply = openaiResponses.parseReply(response as never);
    expect(folded).toMatchObject({ type: 'reply', reply: withoutSpelling(reply) });
  });
});
