/** The tap must say what the decoder says, however the bytes are cut, and cost far less. */
import { describe, expect, it, vi } from 'vitest';
import type { ChatEvent } from '../chat.ts';
import type { TapReport } from '../format.ts';
import {
  cut,
  decode,
  hasRecordings,
  readStream,
  readStreams,
  recordedStreams,
  withCrlf,
} from './__fixtures__/read-fixtures.ts';
import { openaiChat } from './index.ts';

function tap(pieces: readonly Buffer[]): TapReport {
  const created = openaiChat.createTap();
  for (const piece of pieces) created.push(piece);
  return created.report();
}

type Facts = Omit<TapReport, 'outputEstimate'>;

function factsOf({ outputEstimate: _, ...facts }: TapReport): Facts {
  return facts;
}

function factsOfEvents(events: readonly ChatEvent[]): Facts {
  const usage = events.findLast((event) => event.type === 'usage');
  const stop = events.find((event) => event.type === 'stop');
  const error = events.find((event) => event.type === 'error');
  return {
    usage: usage?.usage,
    isComplete: events.at(-1)?.type === 'end',
    // A cut stream is the gateway's to report: no error went by.
    error: error?.error.code === 'stream_truncated' ? undefined : error?.error,
    stop: stop?.stop.raw ?? undefined,
    hasContent: events.some(({ type }) => /-delta$|-call-start$|^opaque-part$/.test(type)),
  };
}

describe('the tap', () => {
  // More malformed frames than the decoder bears mean nothing to a relay: they go to the client as they came.
  const streams = readStreams().filter(([name]) => name !== 'many-malformed');
  it.each(streams)('says what the decoder says, in pieces of any size: %s', (_name, bytes) => {
    const facts = factsOfEvents(decode(bytes));
    for (const size of [1, 2, 3, 5, 7, 64, 1000, bytes.length]) {
      expect(factsOf(tap(cut(bytes, size)))).toEqual(facts);
      expect(factsOf(tap(cut(withCrlf(bytes), size)))).toEqual(facts);
    }
  });
  it.each(streams)('says what the decoder says, cut in two anywhere: %s', (_name, bytes) => {
    const facts = factsOfEvents(decode(bytes));
    for (let at = 0; at < bytes.length; at += 1) {
      expect(factsOf(tap([bytes.subarray(0, at), bytes.subarray(at)]))).toEqual(facts);
    }
  });
  it.each(streams)('may be asked at any time: %s', (_name, bytes) => {
    const created = openaiChat.createTap();
    for (const piece of cut(bytes, 50)) {
      created.push(piece);
      created.report();
    }
    expect(created.report()).toEqual(tap(cut(bytes, 50)));
  });
  it.skipIf(!hasRecordings)('says what the decoder says, recorded (skipped without recordings)', () => {
    for (const [id, bytes] of recordedStreams) {
      const facts = factsOfEvents(decode(bytes));
      for (const size of [13, 4096]) expect(factsOf(tap(cut(bytes, size))), id).toEqual(facts);
    }
  });

  it('has content from the first token on', () => {
    const bytes = readStream('text');
    const created = openaiChat.createTap();
    const first = bytes.indexOf('Gr');
    created.push(bytes.subarray(0, first));
    expect(created.report().hasContent).toBe(false);
    created.push(bytes.subarray(first));
    expect(created.report().hasContent).toBe(true);
  });
  it.each([
    ['each with usage null', ',"usage":null'],
    ['none with usage', ''],
  ])('does not parse the frames of a long stream, %s', (_name, more) => {
    const frames = 2_000;
    const frame = `data: {"id":"x","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]${more}}\n\n`;
    const bytes = Buffer.from(frame.repeat(frames));
    const parse = vi.spyOn(JSON, 'parse');
    const report = tap(cut(bytes, 1_460));
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(parsed).toBeLessThan(frames / 15);
    expect(report.hasContent).toBe(true);
    // Five bytes each: by bytes 1.25 tokens a frame.
    expect(report.outputEstimate).toBe((frames * 5) / 4);
  });
  it.skipIf(!hasRecordings)(
    'estimates within a factor of two of all text (skipped without recordings)',
    () => {
      for (const [id, bytes] of recordedStreams) {
        const tokens = textBytes(decode(bytes)) / 4;
        if (tokens < 50) continue;
        const { outputEstimate } = tap(cut(bytes, 1_000));
        expect(outputEstimate, id).toBeGreaterThan(tokens / 2);
        expect(outputEstimate, id).toBeLessThan(tokens * 2);
      }
    },
  );
});

function textBytes(events: readonly ChatEvent[]): number {
  const texts = events.map((event) =>
    event.type === 'tool-call-delta' ? event.arguments : 'text' in event ? event.text : '',
  );
  return Buffer.byteLength(texts.join(''));
}
