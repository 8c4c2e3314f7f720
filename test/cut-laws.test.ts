/**
 * Streams that are cut at any byte, relayed and translated: what the client has reads as a reply that came to its output
 * limit, with everything the upstream had said in whole frames.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossPairs, cutAt, decode, type Sample, samplesOf } from '../src/wire/__fixtures__/corpus.ts';
import type { ChatEvent, ChatPart } from '../src/wire/chat.ts';
import { foldEvents } from '../src/wire/fold.ts';
import type { Format } from '../src/wire/format.ts';
import { formats } from '../src/wire/formats.ts';
import { cutStream, type LaneOptions, openLane } from './support/cut-lane.ts';

const all: readonly Format[] = Object.values(formats);

/** Of a stream that is not ended: what came of each part. */
function partsOf(events: readonly ChatEvent[]): readonly ChatPart[] {
  const folded = foldEvents(events);
  return folded.type === 'reply' ? folded.reply.parts : folded.partial.parts;
}

function textOf(parts: readonly ChatPart[], type: 'text' | 'thinking'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

function isOver(events: readonly ChatEvent[]): boolean {
  return events.some((event) => event.type === 'end') || failed(events) !== undefined;
}

/** The error of a stream, but for the one that says that it has no end. */
function failed(events: readonly ChatEvent[]): string | undefined {
  const error = events.find((event) => event.type === 'error');
  return error?.type === 'error' && error.error.code !== 'stream_truncated' ? error.error.message : undefined;
}

function stopOf(events: readonly ChatEvent[]): string | undefined {
  const stop = events.find((event) => event.type === 'stop');
  return stop?.type === 'stop' ? stop.stop.kind : undefined;
}

/** Of the frames that have ended. */
function decodeWhole(format: Format, reads: readonly Uint8Array[]): ChatEvent[] {
  const reader = format.createReader();
  const decoder = format.createDecoder();
  const frames = reads.flatMap((read) => reader.push(read));
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

const optionsOf = ({ bytes }: Sample): LaneOptions => ({
  streamShape: bytes[0] === '['.charCodeAt(0) ? 'array' : 'sse',
});

const RUNS = 12;

const places = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 });

describe.each(all)('relayed: $id', (format) => {
  it.each(samplesOf(format, 'streams'))('$name', (sample) => {
    fc.assert(
      fc.property(places, (cuts) => {
        const reads = cutAt(sample.bytes, cuts).slice(0, -1);
        const { before, rest } = cutStream(openLane(format, format, optionsOf(sample)), reads);
        const seen = decode(format, [before]);
        if (rest === undefined) {
          const hasBegun = seen.some((event) => event.type === 'start');
          expect(!hasBegun || isOver(seen)).toBe(true);
          return;
        }
        // Whole frames, byte for byte.
        expect(sample.bytes.indexOf(before)).toBe(0);
        const told = decode(format, [Buffer.concat([before, rest])]);
        expect(failed(told)).toBe(failed(seen));
        if (failed(seen) !== undefined) return;
        expect(told.at(-1)).toEqual({ type: 'end' });
        expect(told.filter((event) => event.type === 'error')).toEqual([]);
        expect(stopOf(told)).toBe(stopOf(seen) ?? 'length');
        expect(textOf(partsOf(told), 'text')).toBe(textOf(partsOf(seen), 'text'));
        // A paragraph of a summary that was announced stands there without a text.
        expect(textOf(partsOf(told), 'thinking').trim()).toBe(textOf(partsOf(seen), 'thinking').trim());
        // Items that had only been announced may be shown as they stand.
        const types = partsOf(told).map(({ type }) => type);
        expect(types.slice(0, partsOf(seen).length)).toEqual(partsOf(seen).map(({ type }) => type));
      }),
      { numRuns: RUNS },
    );
  });
});

describe.each(crossPairs)('translated: $name', ({ source, target }) => {
  it.each(samplesOf(source, 'streams'))('$name', (sample) => {
    fc.assert(
      fc.property(places, (cuts) => {
        const reads = cutAt(sample.bytes, cuts).slice(0, -1);
        const { before, rest } = cutStream(openLane(source, target), reads);
        if (rest === undefined) {
          expect(before.length === 0 || isOver(decode(target, [before]))).toBe(true);
          return;
        }
        const told = decode(target, [Buffer.concat([before, rest])]);
        expect(told.filter((event) => event.type === 'error')).toEqual([]);
        expect(told.at(-1)).toEqual({ type: 'end' });
        const seen = decodeWhole(source, reads);
        expect(textOf(partsOf(told), 'text')).toContain(textOf(partsOf(decode(target, [before])), 'text'));
        if (stopOf(seen) === undefined) expect(stopOf(told)).toBe('length');
      }),
      { numRuns: 5 },
    );
  });
});
