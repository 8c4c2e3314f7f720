/** The laws of the matrix on random chats: grammar of what each format sends, and nothing lost in silence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatEvents, chatRequest } from './__fixtures__/arbitrary-chat.ts';
import {
  context,
  cutAt,
  decode,
  encode,
  framesOf,
  pairs,
  readAgain,
  readRequest,
  samplesOf,
} from './__fixtures__/corpus.ts';
import { grammars } from './__fixtures__/grammar.ts';
import { silentLosses } from './__fixtures__/meaning.ts';
import { asShownBy, lostState, whatIsSaid } from './__fixtures__/said.ts';
import { foldEvents } from './fold.ts';
import type { Format } from './format.ts';
import { formats } from './formats.ts';
import { SEAL_MARK } from './seal.ts';

const all: readonly Format[] = Object.values(formats);

/** Ollama's replies have no ids; readers make one. */
function hasIds(format: Format): boolean {
  return format.id !== 'ollama-chat';
}

describe.each(all)('$id', (format) => {
  const grammar = grammars[format.id]!;

  it('sends streams that keep its grammar and say what was said, however they are cut', () => {
    fc.assert(
      fc.property(chatEvents, fc.array(fc.nat(), { maxLength: 8 }), (events, places) => {
        const { bytes, warnings } = encode(format, events);
        grammar.checkStream(framesOf(format, [bytes]));
        const before = foldEvents(events);
        const after = foldEvents(decode(format, cutAt(bytes, places)));
        expect(after.type).toBe(before.type);
        if (before.type === 'error' || after.type === 'error') return;
        expect(whatIsSaid(after.reply)).toEqual(asShownBy(format.id, whatIsSaid(before.reply)));
        expect(lostState(before.reply, after.reply, warnings)).toEqual([]);
        expect(after.reply.id).toBe((hasIds(format) && before.reply.id) || context.fallbackId);
        expect(after.reply.model).toBe(context.model);
      }),
      { numRuns: 250 },
    );
  });

  it('reports by its tap what its decoder reads', () => {
    fc.assert(
      fc.property(chatEvents, fc.array(fc.nat(), { maxLength: 8 }), (events, places) => {
        const { bytes } = encode(format, events);
        const tap = format.createTap();
        for (const chunk of cutAt(bytes, places)) tap.push(chunk);
        const report = tap.report();
        const folded = foldEvents(decode(format, [bytes]));
        const reply = folded.type === 'reply' ? folded.reply : folded.partial;
        expect(report.isComplete).toBe(folded.type === 'reply');
        expect(report.usage).toEqual(reply.usage);
        expect(report.error?.message).toBe(folded.type === 'error' ? folded.error.message : undefined);
        if (folded.type === 'reply') expect(report.stop).toBe(reply.stop.raw ?? undefined);
      }),
      { numRuns: 200 },
    );
  });

  it('renders requests that keep its grammar and lose nothing in silence', () => {
    fc.assert(
      fc.property(chatRequest, (chat) => {
        const { body, warnings } = format.renderRequest(chat);
        grammar.checkRequest(body);
        expect(JSON.stringify(body)).not.toContain(SEAL_MARK);
        const again = readAgain(format, body, chat);
        expect(silentLosses(chat, again, warnings)).toEqual([]);
        expect(format.renderRequest(again)).toEqual({ body, warnings: [] });
      }),
      { numRuns: 250 },
    );
  });
});

describe.each(pairs)('$name', ({ source, target }) => {
  it.each(samplesOf(source, 'streams'))('$name keeps the grammar', (sample) => {
    // What a format sends of its own may be as odd as it came; what is translated may not.
    if (source === target) return;
    grammars[target.id]!.checkStream(
      framesOf(target, [encode(target, decode(source, [sample.bytes])).bytes]),
    );
  });

  it.each(samplesOf(source, 'requests'))('$name keeps the grammar of requests', (sample) => {
    if (source === target) return;
    grammars[target.id]!.checkRequest(target.renderRequest(readRequest(sample)).body);
  });
});
