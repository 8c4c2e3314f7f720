/**
 * Bedrock's streams as server-sent events. AWS frames them its own way (`application/vnd.amazon.eventstream`): a
 * message has its length and a checksum, headers, a payload and another checksum. A `chunk` message holds one event
 * of the maker's stream in base64; an exception is a message too. AWS's own codec reads them.
 */
import { crc32 } from 'node:zlib';
import type { EventStreamCodec, Message } from '@smithy/eventstream-codec';
import { FrameTooLongError, MAX_FRAME_BYTES } from '../../wire/frames.ts';
import type { Unframer } from '../provider.ts';

/** The bytes are no event stream, or were damaged on their way: nothing after them can be read. */
export class EventStreamError extends Error {
  override readonly name = 'EventStreamError';
}

export type EventStreamReader = Pick<EventStreamCodec, 'decode'>;

/** Loads AWS's codec, once. */
export async function loadEventStreamReader(): Promise<EventStreamReader> {
  const { EventStreamCodec } = await import('@smithy/eventstream-codec');
  return new EventStreamCodec(
    (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
    (text) => Buffer.from(text, 'utf8'),
  );
}

/** Length of the message, length of its headers, and their checksum. */
const PRELUDE_BYTES = 12;
const CHECKED_BYTES = 8;
/** A message without headers and payload. */
const SHORTEST_BYTES = 16;

const NOTHING = Buffer.alloc(0);

interface State {
  held: Buffer[];
  heldBytes: number;
  /** With fewer bytes than these nothing can be read. */
  neededBytes: number;
}

/** Throws an {@link EventStreamError} where a message is damaged. What is left of one at the end is dropped: the stream was cut, and its format shows it. */
export function createEventStreamUnframer(reader: EventStreamReader): Unframer {
  const state: State = { held: [], heldBytes: 0, neededBytes: PRELUDE_BYTES };
  return {
    push(chunk) {
      state.held.push(Buffer.from(chunk));
      state.heldBytes += chunk.length;
      if (state.heldBytes < state.neededBytes) return NOTHING;
      return readMessages(state, reader);
    },
    end: () => NOTHING,
  };
}

function readMessages(state: State, reader: EventStreamReader): Buffer {
  const bytes = Buffer.concat(state.held);
  let text = '';
  let from = 0;
  for (;;) {
    const length = lengthAt(bytes, from);
    state.neededBytes = length ?? PRELUDE_BYTES;
    if (length === undefined || bytes.length - from < length) break;
    text += eventText(decode(reader, bytes.subarray(from, from + length)));
    from += length;
  }
  const rest = bytes.subarray(from);
  state.held = rest.length === 0 ? [] : [rest];
  state.heldBytes = rest.length;
  return Buffer.from(text, 'utf8');
}

/** Undefined = not enough bytes to tell. The length is believed only when its checksum is right: a wrong one would be waited for. */
function lengthAt(bytes: Buffer, from: number): number | undefined {
  if (bytes.length - from < PRELUDE_BYTES) return undefined;
  const length = bytes.readUInt32BE(from);
  const checksum = crc32(bytes.subarray(from, from + CHECKED_BYTES));
  if (checksum !== bytes.readUInt32BE(from + CHECKED_BYTES) || length < SHORTEST_BYTES) {
    throw new EventStreamError('a message of the event stream begins with a wrong checksum');
  }
  if (length > MAX_FRAME_BYTES) throw new FrameTooLongError();
  return length;
}

function decode(reader: EventStreamReader, bytes: Buffer): Message {
  try {
    return reader.decode(bytes);
  } catch {
    throw new EventStreamError('a message of the event stream is damaged');
  }
}

function eventText({ headers, body }: Message): string {
  const header = (name: string) => {
    const value = headers[name]?.value;
    return typeof value === 'string' ? value : '';
  };
  const payload = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  switch (header(':message-type')) {
    case 'event':
      return header(':event-type') === 'chunk' ? chunkText(payload) : '';
    case 'exception':
      return errorText(header(':exception-type'), messageIn(payload));
    case 'error':
      return errorText(header(':error-code'), header(':error-message'));
    default:
      return '';
  }
}

/** The event as its maker wrote it, under the name that its type gives it. One without a type is no event of a known stream. */
function chunkText(payload: string): string {
  const encoded = fieldsIn(payload).bytes;
  if (typeof encoded !== 'string') throw new EventStreamError('a chunk of the event stream holds no bytes');
  const event = Buffer.from(encoded, 'base64').toString('utf8');
  const { type } = fieldsIn(event);
  if (typeof type !== 'string' || /[\r\n]/.test(type)) return '';
  // Line ends stand between the tokens of JSON only, and would end the data.
  return `event: ${type}\ndata: ${event.replace(/[\r\n]+/g, ' ')}\n\n`;
}

function fieldsIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below: no object is as bad as no JSON.
  }
  throw new EventStreamError('a chunk of the event stream holds no JSON object');
}

/** AWS's names of what can go wrong in the middle, in the words of the format that clients of these models know. */
const ERROR_TYPES: ReadonlyMap<string, string> = new Map([
  ['accessDeniedException', 'permission_error'],
  ['modelNotReadyException', 'overloaded_error'],
  ['modelTimeoutException', 'timeout_error'],
  ['resourceNotFoundException', 'not_found_error'],
  ['serviceQuotaExceededException', 'rate_limit_error'],
  ['serviceUnavailableException', 'overloaded_error'],
  ['throttlingException', 'rate_limit_error'],
  ['validationException', 'invalid_request_error'],
]);

function errorText(name: string, message: string): string {
  const type = ERROR_TYPES.get(name.charAt(0).toLowerCase() + name.slice(1)) ?? 'api_error';
  const error = { type, message: [name, message].filter((part) => part !== '').join(': ') };
  return `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`;
}

function messageIn(payload: string): string {
  try {
    const { message, Message } = JSON.parse(payload) as Record<string, unknown>;
    return ([message, Message].find((text) => typeof text === 'string') as string | undefined) ?? '';
  } catch {
    return '';
  }
}
