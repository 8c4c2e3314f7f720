/** Every fixture of every format, and the recordings where they are at hand, for the tests that cross them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { ChatEvent, ChatRequest, FormatId, JsonObject } from '../chat.ts';
import type { Format, ReplyContext } from '../format.ts';
import { formats } from '../formats.ts';
import type { Frame } from '../frames.ts';

export interface Sample {
  readonly name: string;
  readonly source: Format;
  readonly bytes: Buffer;
}

/** One pair to cross: from each format to each, itself included. */
export interface Pair {
  readonly name: string;
  readonly source: Format;
  readonly target: Format;
}

const all: readonly Format[] = Object.values(formats);

export const pairs: readonly Pair[] = all.flatMap((source) =>
  all.map((target) => ({ name: `${source.id}-to-${target.id}`, source, target })),
);

export const crossPairs: readonly Pair[] = pairs.filter(({ source, target }) => source !== target);

/** The fixtures that stand in a format's own folder. */
export function samplesOf(source: Format, folder: 'requests' | 'replies' | 'streams'): Sample[] {
  const path = new URL(`../${source.id}/__fixtures__/${folder}/`, import.meta.url);
  return readdirSync(path)
    .sort()
    .map((file) => ({
      name: basename(file, extname(file)),
      source,
      bytes: readFileSync(new URL(file, path)),
    }));
}

/** Recordings are not part of the repository; tests skip without them. */
const recordings = new URL('../../../../shared/data/wire/', import.meta.url);
const indexFile = new URL('index.json', recordings);

interface Recording {
  readonly id: string;
  readonly format: string;
  readonly status: number;
  readonly stream: boolean;
  readonly file: string;
  readonly request: string | null;
}

/** How the recordings' index calls the formats. */
const recordedAs: Partial<Record<FormatId, string>> = {
  'anthropic-messages': 'anthropic',
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'gemini-generate': 'gemini',
  'ollama-chat': 'ollama',
};

const index: readonly Recording[] = existsSync(indexFile)
  ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Recording[])
  : [];

export const hasRecordings = index.length > 0;

export function recordedOf(source: Format, folder: 'requests' | 'replies' | 'streams'): Sample[] {
  return index
    .filter(({ format, status }) => format === recordedAs[source.id] && status === 200)
    .flatMap(({ id, stream, file, request }) => {
      const bytes = readFileSync(new URL(folder === 'requests' ? (request ?? file) : file, recordings));
      if (folder === 'requests') return request === null ? [] : [{ name: id, source, bytes }];
      // Gemini's streams may be one array, which the index takes for a whole reply.
      const isStream = stream || bytes[0] === '['.charCodeAt(0);
      return isStream === (folder === 'streams') ? [{ name: id, source, bytes }] : [];
    });
}

export function readJson(sample: Sample): JsonObject {
  return JSON.parse(sample.bytes.toString()) as JsonObject;
}

/** The request of a sample, under a model that the path names in formats where it does. */
export function readRequest({ source, bytes }: Sample): ChatRequest {
  const body = JSON.parse(bytes.toString()) as JsonObject;
  return source.parseRequest(body, { model: 'gemini-2.5-flash', isStream: false });
}

/** A rendered request as its own format reads it, with what only the path says. */
export function readAgain(target: Format, body: JsonObject, { model, stream }: ChatRequest): ChatRequest {
  return target.parseRequest(JSON.parse(JSON.stringify(body)), { model, isStream: stream });
}

export const context: ReplyContext = {
  model: 'shown-model',
  fallbackId: 'fallback_id',
  nowMs: 1_700_000_000_000,
  streamUsage: true,
};

export function framesOf(format: Format, chunks: readonly Uint8Array[]): Frame[] {
  const reader = format.createReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

export function decode(format: Format, chunks: readonly Uint8Array[]): ChatEvent[] {
  const decoder = format.createDecoder({ fallbackId: context.fallbackId });
  return [...framesOf(format, chunks).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

export function encode(format: Format, events: readonly ChatEvent[], options: ReplyContext = context) {
  const encoder = format.createEncoder(options);
  const bytes = Buffer.from(events.map((event) => encoder.push(event)).join(''));
  return { bytes, warnings: encoder.warnings() };
}

/** Cuts at these places, taken modulo the length. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...sorted].map((from, at) => bytes.subarray(from, sorted[at] ?? bytes.length));
}
