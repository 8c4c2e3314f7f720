// AWS's framing of streams written out by the book: what a Bedrock of our own sends.
import { crc32 } from 'node:zlib';

/** One message: lengths, headers of the type string, payload, two checksums. */
export function awsMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => headerBytes(name, value)));
  const body = Buffer.from(payload);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length);
  prelude.writeUInt32BE(head.length, 4);
  const start = Buffer.concat([prelude, awsChecksum(prelude), head, body]);
  return Buffer.concat([start, awsChecksum(start)]);
}

function headerBytes(name: string, value: string): Buffer {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(3);
  size.writeUInt8(7);
  size.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, bytes]);
}

export function awsChecksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

/** One event of a model's stream, as JSON or as a text that stands for it. */
export function awsChunk(event: unknown): Buffer {
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
  return awsMessage(headers, JSON.stringify({ bytes: Buffer.from(text).toString('base64'), p: 'abcdefgh' }));
}

export function awsException(type: string, payload: string): Buffer {
  return awsMessage({ ':exception-type': type, ':message-type': 'exception' }, payload);
}
