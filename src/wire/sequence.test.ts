/** Interleaved parts made sequential. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatEvent } from './chat.ts';
import { foldEvents } from './fold.ts';
import { MAX_WAITING_CHARS, sequenceEvents } from './sequence.ts';

const begin = (index: number): ChatEvent => ({ type: 'text-start', index });
const say = (index: number, text: string): ChatEvent => ({ type: 'text-delta', index, text });
const end = (index: number): ChatEvent => ({ type: 'text-end', index });
const opaque = (index: number): ChatEvent => ({
  type: 'opaque-part',
  index,
  part: { type: 'opaque', format: 'openai-chat', value: {} },
});
const START: ChatEvent = { type: 'start', id: 'a', model: 'm' };
const STOP: ChatEvent = { type: 'stop', stop: { kind: 'end', raw: null } };
const END: ChatEvent = { type: 'end' };
const PING: ChatEvent = { type: 'ping' };

function run(events: readonly ChatEvent[]): ChatEvent[] {
  const sequence = sequenceEvents();
  return events.flatMap((event) => sequence.push(event));
}

describe('sequenceEvents', () => {
  it('lets sequential events through at once', () => {
    const sequence = sequenceEvents();
    for (const event of [START, begin(0), say(0, 'a'), end(0), opaque(1), begin(2), end(2), STOP, END]) {
      expect(sequence.push(event)).toEqual([event]);
    }
  });

  it('holds what belongs to other parts until the first has ended', () => {
    const events = [
      begin(0),
      begin(1),
      say(1, 'b'),
      opaque(2),
      PING,
      say(0, 'a'),
      end(0),
      say(1, 'c'),
      end(1),
      END,
    ];
    expect(run(events)).toEqual([
      begin(0),
      PING,
      say(0, 'a'),
      end(0),
      begin(1),
      say(1, 'b'),
      say(1, 'c'),
      end(1),
      opaque(2),
      END,
    ]);
  });

  it.each<[string, ChatEvent]>([
    [
      'an image',
      { type: 'image-part', index: 1, part: { type: 'image', source: { kind: 'url', url: 'u' } } },
    ],
    [
      'a hidden thought',
      { type: 'redacted-thinking', index: 1, data: { format: 'openai-chat', value: 'x' } },
    ],
    [
      'a foreign block',
      { type: 'opaque-part', index: 1, part: { type: 'opaque', format: 'openai-chat', value: {} } },
    ],
  ])('lets %s wait for the open part, and ends it with itself', (_name, whole) => {
    expect(run([begin(0), whole, begin(2), end(0), end(2), STOP])).toEqual([
      begin(0),
      end(0),
      whole,
      begin(2),
      end(2),
      STOP,
    ]);
  });

  it('weighs images and signatures that wait', () => {
    const most = 'x'.repeat(MAX_WAITING_CHARS);
    const image: ChatEvent = {
      type: 'image-part',
      index: 1,
      part: { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: most } },
    };
    const call: ChatEvent = {
      type: 'tool-call-start',
      index: 1,
      id: 'c',
      name: 'f',
      signature: { format: 'gemini-generate', value: '', fields: { most } },
    };
    for (const event of [image, call]) expect(run([begin(0), event]).at(-1)).toMatchObject({ type: 'error' });
  });

  it('ends parts that never end before the stop', () => {
    expect(run([begin(0), begin(1), say(1, 'b'), STOP, END])).toEqual([
      begin(0),
      end(0),
      begin(1),
      say(1, 'b'),
      end(1),
      STOP,
      END,
    ]);
  });

  it('passes an error on at once and nothing after it', () => {
    const error: ChatEvent = { type: 'error', error: { kind: 'upstream', status: 502, message: 'x' } };
    expect(run([begin(0), begin(1), error, end(0), END])).toEqual([begin(0), error]);
  });

  it('gives up when too much waits', () => {
    const half = 'x'.repeat(MAX_WAITING_CHARS / 2);
    const events = run([begin(0), begin(1), say(1, half), say(1, half), end(0), END]);
    expect(events).toEqual([begin(0), expect.objectContaining({ type: 'error' })]);
  });

  it('forgets the weight of what it has let through', () => {
    const most = 'x'.repeat(MAX_WAITING_CHARS - 1_000);
    const events = [0, 2, 4].flatMap((index) => [
      begin(index),
      begin(index + 1),
      say(index + 1, most),
      end(index),
      end(index + 1),
    ]);
    expect(run([...events, END])).toHaveLength(events.length + 1);
  });

  it('changes no reply, whatever the mixture, and lets no part begin inside another', () => {
    const parts = fc.array(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }), { maxLength: 5 });
    fc.assert(
      fc.property(parts, fc.infiniteStream(fc.nat()), (texts, picks) => {
        const queues = texts.map((list, index) => [
          begin(index),
          ...list.map((text) => say(index, text)),
          end(index),
        ]);
        const mixed: ChatEvent[] = [START];
        while (queues.some((queue) => queue.length > 0)) {
          const open = queues.filter((queue) => queue.length > 0);
          mixed.push(open[(picks.next().value ?? 0) % open.length]!.shift()!);
        }
        mixed.push(STOP, END);
        const sequenced = run(mixed);
        expect(foldEvents(sequenced)).toEqual(foldEvents(mixed));
        let current: number | undefined;
        for (const event of sequenced) {
          if (event.type === 'text-start') {
            expect(current).toBeUndefined();
            current = event.index;
          } else if (event.type === 'text-end') current = undefined;
          else if (event.type === 'text-delta') expect(event.index).toBe(current);
        }
      }),
      { numRuns: 300 },
    );
  });
});
