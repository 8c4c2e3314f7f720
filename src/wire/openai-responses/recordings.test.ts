/** What real servers sent: read without loss, and written again as it was. Skipped where recordings are absent. */
import { describe, expect, it } from 'vitest';
import { hasRecordings, recordedOf } from '../__fixtures__/corpus.ts';
import { foldEvents } from '../fold.ts';
import {
  contextFor,
  dataOf,
  decodeBytes,
  encodeAll,
  expectReplyKept,
  expectRequestKept,
  expectStreamKept,
  factsOf,
  modelOf,
  tapFacts,
  withoutSpelling,
} from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

const requests = recordedOf(openaiResponses, 'requests');
const replies = recordedOf(openaiResponses, 'replies');
const streams = recordedOf(openaiResponses, 'streams');

/** Servers whose terminal event says otherwise than the events before it: ids made anew, state encrypted anew, items in another order. */
const UNLIKE_THEMSELVES = /id-rotation|compaction|x-search-tool$|programmatic-tool-calling\.1/;

describe.skipIf(!hasRecordings)('recorded', () => {
  it.each(requests)('request $name', ({ bytes }) => expectRequestKept(JSON.parse(bytes.toString())));
  it.each(replies)('reply $name', ({ bytes }) => expectReplyKept(JSON.parse(bytes.toString())));

  describe.each(streams)('stream $name', ({ name, bytes }) => {
    it('says the same decoded again, and to the tap', () => {
      const events = expectStreamKept(bytes);
      expect(tapFacts([bytes.subarray(0, 7777), bytes.subarray(7777)])).toEqual(factsOf(events, bytes));
    });

    const terminal = dataOf(bytes).findLast(({ type }) => /completed|incomplete/.test(String(type)));

    it.skipIf(!terminal || UNLIKE_THEMSELVES.test(name))('ends in the response it came with', () => {
      const events = decodeBytes(bytes);
      const { response } = dataOf(encodeAll(events, contextFor(modelOf(events)))).at(-1)!;
      expect(response).toEqual(terminal!.response);
      const folded = foldEvents(events);
      const { id: _id, ...reply } = openaiResponses.parseReply(terminal!.response as never);
      expect(withoutSpelling(folded)).toMatchObject({
        type: 'reply',
        reply: withoutSpelling(reply) as object,
      });
    });
  });
});
