/** Parse, then render, changes nothing: whatever the bodies hold. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChatPart } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import { anyReply, anyRequest } from './__fixtures__/any-body.ts';
import {
  contextFor,
  dataOf,
  decodeBytes,
  encodeAll,
  expectReplyKept,
  expectRequestKept,
  withoutSpelling,
} from './__fixtures__/laws.ts';
import { openaiResponses } from './index.ts';

it('requests come back unchanged', () => {
  fc.assert(fc.property(anyRequest, expectRequestKept), { numRuns: 800 });
});

it('replies come back unchanged', () => {
  fc.assert(fc.property(anyReply, expectReplyKept), { numRuns: 400 });
});

it('replies played as a stream say the same, read by us again', () => {
  fc.assert(
    fc.property(anyReply, (body) => {
      const reply = openaiResponses.parseReply(body);
      const bytes = Buffer.from(encodeAll(unfoldReply(reply), contextFor(reply.model)));
      const folded = foldEvents(decodeBytes(bytes));
      const { parts } = openaiResponses.parseReply(dataOf(bytes).at(-1)!.response as never);
      expect(folded.type).toBe('reply');
      if (folded.type === 'reply') {
        expect(said(folded.reply.parts)).toEqual(said(parts));
        expect(folded.reply.stop).toEqual(reply.stop);
      }
    }),
    { numRuns: 300 },
  );
});

/** A stream tells the status of a message when it is over, too late for those of its parts that are told before. */
function said(parts: readonly ChatPart[]): unknown {
  return withoutSpelling(
    parts.map((part) => {
      if (part.type !== 'opaque') return part;
      const { status: _status, ...value } = part.value;
      return { ...part, value };
    }),
  );
}
