// AWS's framing undone: cut anywhere, damaged anywhere, and told as server-sent events.
import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  awsChecksum as checksum,
  awsChunk as chunk,
  awsException as exception,
  awsMessage as message,
} from '../../../test/support/aws-event-stream.ts';
import { createSseReader, type Frame, FrameTooLongError, MAX_FRAME_BYTES } from '../../wire/frames.ts';
import {
  createEventStreamUnframer,
  EventStreamError,
  type EventStreamReader,
  loadEventStreamReader,
} from './event-stream.ts';

let reader: EventStreamReader;
beforeAll(async () => {
  reader = await loadEventStreamReader();
});

const events = [
  { type: 'message_start', message: { id: 'msg_1', usage: { input_tokens: 3 } } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße \u{1f600}\nzwei' } },
  { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 3 } },
];

function unframe(...pieces: readonly Uint8Array[]): string {
  const unframer = createEventStreamUnframer(reader);
  const out = pieces.map((piece) => unframer.push(piece));
  return Buffer.concat([...out, unframer.end()]).toString();
}

function framesOf(text: string): Frame[] {
  const sse = createSseReader();
  return [...sse.push(Buffer.from(text)), ...sse.end()];
}

const expected = events.map((event) => ({ event: event.type, data: JSON.stringify(event) }));

describe('a stream of events', () => {
  it('is the same stream as server-sent events', () => {
    expect(framesOf(unframe(Buffer.concat(events.map(chunk))))).toEqual(expected);
  });

  it("is read the same from AWS's own encoder", () => {
    const codec = new EventStreamCodec(String, (text) => Buffer.from(text));
    const encoded = events.map((event) =>
      codec.encode({
        headers: {
          ':event-type': { type: 'string', value: 'chunk' },
          ':message-type': { type: 'string', value: 'event' },
        },
        body: Buffer.from(JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64') })),
      }),
    );
    expect(framesOf(unframe(Buffer.concat(encoded)))).toEqual(expected);
  });

  it('may be cut at every byte', () => {
    const bytes = Buffer.concat(events.map(chunk));
    const whole = unframe(bytes);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(unframe(bytes.subarray(0, at), bytes.subarray(at))).toBe(whole);
    }
    expect(unframe(...[...bytes].map((byte) => Uint8Array.of(byte)))).toBe(whole);
  });

  it('may be cut anywhere, often, and holds no bytes that are not its own', () => {
    const anyEvent = fc.record({ type: fc.constantFrom('ping', 'x'), text: fc.string({ unit: 'binary' }) });
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 8 }), fc.array(fc.nat(2_000)), (list, cuts) => {
        const bytes = Buffer.concat(list.map(chunk));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
          (a, b) => a - b,
        );
        const unframer = createEventStreamUnframer(reader);
        const out = places.slice(1).map((to, index) => {
          const piece = Buffer.from(bytes.subarray(places[index], to));
          const made = unframer.push(piece);
          piece.fill(0);
          return made;
        });
        const read = framesOf(Buffer.concat(out).toString()).map(({ data }) => JSON.parse(data));
        expect(read).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });

  it('hands an event on with its last byte', () => {
    const bytes = chunk(events[0]);
    const unframer = createEventStreamUnframer(reader);
    expect(unframer.push(bytes.subarray(0, -1))).toHaveLength(0);
    expect(unframer.push(bytes.subarray(-1)).toString()).toContain('event: message_start\n');
  });

  it('keeps the bytes of the event, but for line ends', () => {
    expect(unframe(chunk('{ "type":"ping",\r\n"n":12345678901234567890}'))).toBe(
      'event: ping\ndata: { "type":"ping", "n":12345678901234567890}\n\n',
    );
  });

  it('leaves out what is no event of a stream', () => {
    expect(unframe(chunk({ keepAlive: true }))).toBe('');
    expect(unframe(chunk({ type: 'a\nb' }))).toBe('');
    expect(unframe(message({ ':message-type': 'event', ':event-type': 'initial-response' }, '{}'))).toBe('');
    expect(unframe(message({ ':message-type': 'news' }, ''))).toBe('');
  });

  it('tells nothing of a message that was cut off', () => {
    expect(unframe(chunk(events[0]).subarray(0, -3))).toBe('');
  });
});

describe('an exception', () => {
  it.each([
    ['throttlingException', '{"message":"slow down"}', 'rate_limit_error', 'throttlingException: slow down'],
    ['serviceUnavailableException', '{"message":"m"}', 'overloaded_error', 'serviceUnavailableException: m'],
    ['modelTimeoutException', '{"Message":"m"}', 'timeout_error', 'modelTimeoutException: m'],
    ['ValidationException', '{"message":"m"}', 'invalid_request_error', 'ValidationException: m'],
    [
      'modelStreamErrorException',
      '{"message":"m","originalStatusCode":500}',
      'api_error',
      'modelStreamErrorException: m',
    ],
    ['internalServerException', 'no json', 'api_error', 'internalServerException'],
    ['somethingNew', '[]', 'api_error', 'somethingNew'],
    ['toString', 'null', 'api_error', 'toString'],
  ])('%s %s is an error event', (type, payload, errorType, text) => {
    const [frame] = framesOf(unframe(chunk(events[0]), exception(type, payload))).slice(1);
    expect(frame!.event).toBe('error');
    expect(JSON.parse(frame!.data)).toEqual({ type: 'error', error: { type: errorType, message: text } });
  });

  it('may be an error of no model', () => {
    const headers = { ':message-type': 'error', ':error-code': '500', ':error-message': 'oh\nno' };
    const [frame] = framesOf(unframe(message(headers, '')));
    expect(JSON.parse(frame!.data)).toMatchObject({ error: { type: 'api_error', message: '500: oh\nno' } });
  });
});

describe('damage', () => {
  it('is seen wherever a byte is wrong', () => {
    const bytes = chunk(events[0]);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0x40;
      expect(() => unframe(damaged), `byte ${at}`).toThrow(EventStreamError);
    }
  });

  it('of a length is seen before its bytes are waited for', () => {
    const bytes = chunk(events[0]);
    bytes.writeUInt32BE(bytes.length + 1_000);
    expect(() => unframe(bytes.subarray(0, 12))).toThrow(EventStreamError);
  });

  it('is any other text', () => {
    expect(() => unframe(Buffer.from('event: ping\ndata: {}\n\n'))).toThrow(EventStreamError);
  });

  it.each([
    ['a chunk without bytes', '{"p":"abc"}'],
    ['a chunk that is no object', '[]'],
    ['a chunk that is no JSON', 'bytes'],
    ['an event that is no JSON', `{"bytes":"${Buffer.from('oops').toString('base64')}"}`],
  ])('is %s', (_name, payload) => {
    const headers = { ':event-type': 'chunk', ':message-type': 'event' };
    expect(() => unframe(message(headers, payload))).toThrow(EventStreamError);
  });

  it('is a length below the least there is', () => {
    const prelude = Buffer.alloc(8);
    prelude.writeUInt32BE(15);
    expect(() => unframe(Buffer.concat([prelude, checksum(prelude)]))).toThrow(EventStreamError);
  });

  it('is a message longer than any event', () => {
    const prelude = Buffer.alloc(8);
    prelude.writeUInt32BE(MAX_FRAME_BYTES + 1);
    expect(() => unframe(Buffer.concat([prelude, checksum(prelude)]))).toThrow(FrameTooLongError);
  });
});
