/** What the tests of this format read: own fixtures by name, and recordings where they are at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ChatEvent, JsonObject } from '../../chat.ts';
import { createSseReader } from '../../frames.ts';
import { createDecoder } from '../stream-decode.ts';

const HERE = new URL('./', import.meta.url);
/** Recordings are not part of the repository; tests skip without them. */
const RECORDINGS = new URL('../../../../../shared/data/wire/', import.meta.url);

export function readObjects(folder: 'requests' | 'replies'): (readonly [name: string, body: JsonObject])[] {
  return readdirSync(new URL(folder, HERE)).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(new URL(`${folder}/${file}`, HERE), 'utf8')) as JsonObject,
  ]);
}

export function readObject(folder: 'requests' | 'replies', name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, HERE), 'utf8')) as JsonObject;
}

export function readStream(name: string): Buffer {
  return readFileSync(new URL(`streams/${name}.sse`, HERE));
}

export function readStreams(): (readonly [name: string, bytes: Buffer])[] {
  return readdirSync(new URL('streams', HERE)).map((file) => {
    const name = file.replace('.sse', '');
    return [name, readStream(name)];
  });
}

interface Recording {
  readonly id: string;
  readonly format: string;
  readonly stream: boolean;
  readonly status: number;
  readonly file: string;
  readonly request: string | null;
}

const indexFile = new URL('index.json', RECORDINGS);
const recordings: readonly Recording[] = existsSync(indexFile)
  ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Recording[]).filter(({ format }) => format === 'chat')
  : [];

export const hasRecordings = recordings.length > 0;

function readRecording(file: string): Buffer {
  return readFileSync(new URL(file, RECORDINGS));
}

export const recordedStreams: readonly (readonly [string, Buffer])[] = recordings
  .filter(({ stream, status }) => stream && status === 200)
  .map(({ id, file }) => [id, readRecording(file)]);

export const recordedReplies: readonly (readonly [string, JsonObject])[] = recordings
  .filter(({ stream, status }) => !stream && status === 200)
  .map(({ id, file }) => [id, JSON.parse(readRecording(file).toString()) as JsonObject]);

export const recordedRequests: readonly (readonly [string, JsonObject])[] = recordings.flatMap(
  ({ id, request }) =>
    request === null ? [] : [[id, JSON.parse(readRecording(request).toString()) as JsonObject] as const],
);

/** Bytes to events, in pieces of this size. */
export function decode(bytes: Buffer, pieceBytes = bytes.length): ChatEvent[] {
  const reader = createSseReader();
  const decoder = createDecoder();
  const events: ChatEvent[] = [];
  for (const piece of cut(bytes, pieceBytes)) {
    for (const frame of reader.push(piece)) events.push(...decoder.push(frame));
  }
  for (const frame of reader.end()) events.push(...decoder.push(frame));
  return [...events, ...decoder.end()];
}

export function cut(bytes: Buffer, pieceBytes: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    pieces.push(bytes.subarray(from, from + pieceBytes));
  }
  return pieces;
}

/** LF to CRLF; JSON text has no raw line ends, so only the frames' own change. */
export function withCrlf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString().replace(/\r?\n/g, '\r\n'));
}
