/** Laws of the format as checks, for the tests that run them over fixtures, recordings and generated input. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { expect } from 'vitest';
import type { ChatEvent, JsonObject } from '../../chat.ts';
import { foldEvents } from '../../fold.ts';
import type { ReplyContext } from '../../format.ts';
import { createSseReader, type Frame } from '../../frames.ts';
import { anthropicMessages } from '../index.ts';

/** The fixtures of a folder by name. */
export function fixtures(folder: 'requests' | 'replies' | 'streams'): { name: string; bytes: Buffer }[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path).map((file) => ({
    name: basename(file, extname(file)),
    bytes: readFileSync(join(path, file)),
  }));
}

export function jsonFixtures(folder: 'requests' | 'replies'): { name: string; body: JsonObject }[] {
  return fixtures(folder).map(({ name, bytes }) => ({ name, body: JSON.parse(bytes.toString()) as JsonObject }));
}

export function contextFor(model: string): ReplyContext {
  return { model, fallbackId: 'msg_fallback', nowMs: 0, streamUsage: true };
}

/** parse, then render, changes nothing and warns of nothing; the text of the body included. */
export function expectRequestKept(body: JsonObject): void {
  const before = JSON.stringify(body);
  const { body: rendered, warnings } = anthropicMessages.renderRequest(anthropicMessages.parseRequest(body));
  expect(rendered).toEqual(body);
  expect(warnings).toEqual([]);
  expect(JSON.stringify(body), 'the input is left alone').toBe(before);
}

export function readFrames(chunks: readonly Uint8Array[]): Frame[] {
  const reader = createSseReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

export function decodeAll(frames: readonly Frame[]): ChatEvent[] {
  const decoder = anthropicMessages.createDecoder();
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

export function encodeAll(events: readonly ChatEvent[], model: string): string {
  const encoder = anthropicMessages.createEncoder(contextFor(model));
  return events.map((event) => encoder.push(event)).join('');
}

export function modelOf(events: readonly ChatEvent[]): string {
  const start = events.find((event) => event.type === 'start');
  return start?.type === 'start' ? start.model : '';
}

/** What decoding says of what a tap reports, apart from the estimate. */
export function reportOf(frames: readonly Frame[]): object {
  const events = decodeAll(frames);
  const usage = events.findLast((event) => event.type === 'usage');
  const stop = events.find((event) => event.type === 'stop');
  const error = events.find((event) => event.type === 'error');
  const isTruncated = error?.type === 'error' && error.error.code === 'stream_truncated';
  return {
    usage: usage?.type === 'usage' ? usage.usage : undefined,
    isComplete: events.at(-1)?.type === 'end',
    error: error?.type === 'error' && !isTruncated ? error.error : undefined,
    stop: stop?.type === 'stop' ? (stop.stop.raw ?? undefined) : undefined,
    // A block that is handed on whole makes no event until it ends, but is content all the same.
    hasContent: events.some((event) => 'index' in event) || beforeEnd(frames).some(isBlockStart),
  };
}

function beforeEnd(frames: readonly Frame[]): readonly Frame[] {
  const end = frames.findIndex(({ event }) => event === 'message_stop' || event === 'error');
  return end === -1 ? frames : frames.slice(0, end);
}

function isBlockStart({ event, data }: Frame): boolean {
  return event === 'content_block_start' && data.endsWith('}}');
}

export function tapReport(chunks: readonly Uint8Array[]): object {
  const tap = anthropicMessages.createTap();
  for (const chunk of chunks) tap.push(chunk);
  const { outputEstimate: _estimate, ...report } = tap.report();
  return report;
}

/** All stream laws on one stream: tap = decoder, decode after encode = decode, fold after encode = fold. */
export function checkStream(bytes: Uint8Array, { hasError = false } = {}): ChatEvent[] {
  const events = decodeAll(readFrames([bytes])).map(withoutStatus);
  expect(events.some((event) => event.type === 'error')).toBe(hasError);
  expect(tapReport([bytes])).toEqual(reportOf(readFrames([bytes])));
  const model = modelOf(events);
  const text = encodeAll(events, model);
  const again = decodeAll(readFrames([Buffer.from(text)])).map(withoutStatus);
  expect(mergeDeltas(again)).toEqual(mergeDeltas(events));
  expect(foldEvents(again)).toEqual(foldEvents(events));
  return events;
}

/** A stream's error event has no place for a status. */
function withoutStatus(event: ChatEvent): ChatEvent {
  return event.type === 'error' ? { ...event, error: { ...event.error, status: 0 } } : event;
}

/** Arguments that came in one piece or several are the same; of usage reports in a row only the last counts. */
export function mergeDeltas(events: readonly ChatEvent[]): ChatEvent[] {
  const merged: ChatEvent[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    if (event.type === 'tool-call-delta' && last?.type === event.type && last.index === event.index) {
      merged[merged.length - 1] = { ...last, arguments: last.arguments + event.arguments };
    } else if (event.type === 'usage' && last?.type === 'usage') merged[merged.length - 1] = event;
    else merged.push(event);
  }
  return merged;
}
