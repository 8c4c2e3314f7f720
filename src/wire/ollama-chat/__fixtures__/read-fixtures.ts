/** What the tests of this format read, and how they read it. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ChatEvent, JsonObject } from '../../chat.ts';
import type { ReplyContext } from '../../format.ts';
import { createLineReader } from '../../frames-lines.ts';
import { ollamaChat } from '../index.ts';

const HERE = new URL('./', import.meta.url);

export function readObjects(folder: 'requests' | 'replies'): (readonly [name: string, body: JsonObject])[] {
  return readdirSync(new URL(folder, HERE)).map((file) => [
    file.replace('.json', ''),
    readObject(folder, file.replace('.json', '')),
  ]);
}

export function readObject(folder: 'requests' | 'replies', name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, HERE), 'utf8')) as JsonObject;
}

export function readStream(name: string): Buffer {
  return readFileSync(new URL(`streams/${name}.ndjson`, HERE));
}

export function readStreams(): (readonly [name: string, bytes: Buffer])[] {
  return readdirSync(new URL('streams', HERE)).map((file) => {
    const name = file.replace('.ndjson', '');
    return [name, readStream(name)];
  });
}

export const context: ReplyContext = {
  model: 'shown',
  fallbackId: 'exc_1',
  nowMs: Date.parse('2026-02-03T04:05:06.007Z'),
  streamUsage: true,
};
export const CREATED_AT = '2026-02-03T04:05:06.007Z';

/** Bytes to events. */
export function decode(chunks: readonly Uint8Array[], fallbackId = 'exc_1'): ChatEvent[] {
  const reader = createLineReader();
  const decoder = ollamaChat.createDecoder({ fallbackId });
  const frames = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

export function encode(events: readonly ChatEvent[]) {
  const encoder = ollamaChat.createEncoder(context);
  const text = events.map((event) => encoder.push(event)).join('');
  const lines = text.split('\n').filter((line) => line !== '');
  return {
    text,
    lines: lines.map((line) => JSON.parse(line) as JsonObject),
    warnings: encoder.warnings().map(({ kind, path }) => `${kind} ${path}`),
  };
}
