/** Laws of the format as checks, for the tests that run them over fixtures, recordings and generated input. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { expect } from 'vitest';
import type { ChatEvent, ChatTool, JsonObject } from '../../chat.ts';
import { foldEvents } from '../../fold.ts';
import type { ReplyContext, TapReport } from '../../format.ts';
import { createSseReader, type Frame } from '../../frames.ts';
import { openaiResponses } from '../index.ts';

/** The fixtures of a folder by name. */
export function fixtures(folder: 'requests' | 'replies' | 'streams'): { name: string; bytes: Buffer }[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .sort()
    .map((file) => ({ name: basename(file, extname(file)), bytes: readFileSync(join(path, file)) }));
}

export function jsonFixtures(folder: 'requests' | 'replies'): { name: string; body: JsonObject }[] {
  return fixtures(folder).map(({ name, bytes }) => ({ name, body: JSON.parse(bytes.toString()) as JsonObject }));
}

export function streamFixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'streams', `${name}.sse`));
}

export function contextFor(model: string, tools?: readonly ChatTool[]): ReplyContext {
  const context = { model, fallbackId: 'resp_fallback', nowMs: 1_700_000_000_000, streamUsage: true };
  return tools ? { ...context, tools } : context;
}

/** parse, then render, changes nothing and warns of nothing; the body is left alone. */
export function expectRequestKept(body: JsonObject): void {
  const before = JSON.stringify(body);
  const rendered = openaiResponses.renderRequest(openaiResponses.parseRequest(body));
  expect(rendered).toEqual({ body, warnings: [] });
  expect(JSON.stringify(body), 'the input is left alone').toBe(before);
}

export function expectReplyKept(body: JsonObject): void {
  const reply = openaiResponses.parseReply(body);
  expect(openaiResponses.renderReply(reply, contextFor(reply.model))).toEqual({ body, warnings: [] });
}

export function readFrames(chunks: readonly Uint8Array[]): Frame[] {
  const reader = createSseReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

export function decodeAll(frames: readonly Frame[]): ChatEvent[] {
  const decoder = openaiResponses.createDecoder();
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

export function decodeBytes(...chunks: readonly Uint8Array[]): ChatEvent[] {
  return decodeAll(readFrames(chunks));
}

export function encodeAll(events: readonly ChatEvent[], context: ReplyContext): string {
  const encoder = openaiResponses.createEncoder(context);
  return events.map((event) => encoder.push(event)).join('');
}

/** The data of each frame of a stream; the terminal word some servers add is left out. */
export function dataOf(text: string | Buffer): JsonObject[] {
  return readFrames([Buffer.from(text)]).flatMap(({ data }) => {
    try {
      const value = JSON.parse(data) as JsonObject;
      return typeof value === 'object' ? [value] : [];
    } catch {
      return [];
    }
  });
}

export function modelOf(events: readonly ChatEvent[]): string {
  const start = events.find((event) => event.type === 'start');
  return start?.type === 'start' ? start.model : '';
}

export type Facts = Omit<TapReport, 'outputEstimate'>;

/** What decoding says of what a tap reports. */
export function factsOf(events: readonly ChatEvent[], bytes: Uint8Array): Facts {
  const usage = events.findLast((event) => event.type === 'usage');
  const stop = events.find((event) => event.type === 'stop');
  const error = events.find((event) => event.type === 'error');
  return {
    usage: usage?.usage,
    isComplete: events.at(-1)?.type === 'end',
    // A cut stream is the gateway's to report: no error went by.
    error: error?.error.code === 'stream_truncated' ? undefined : error?.error,
    stop: stop?.stop.raw ?? undefined,
    hasContent: dataOf(Buffer.from(bytes)).some(
      ({ type, delta }) => String(type).includes('.output_item.') || (typeof delta === 'string' && delta !== ''),
    ),
  };
}

export function tap(pieces: readonly Uint8Array[]): TapReport {
  const created = openaiResponses.createTap();
  for (const piece of pieces) created.push(piece);
  return created.report();
}

export function tapFacts(pieces: readonly Uint8Array[]): Facts {
  const { outputEstimate: _estimate, ...facts } = tap(pieces);
  return facts;
}

/** All laws of one stream that came to its end: what is encoded says what was decoded. */
export function expectStreamKept(bytes: Uint8Array, { isSpelled = true } = {}): ChatEvent[] {
  const events = decodeBytes(bytes);
  const encoder = openaiResponses.createEncoder(contextFor(modelOf(events)));
  const text = events.map((event) => encoder.push(event)).join('');
  expect(encoder.warnings()).toEqual([]);
  const again = decodeBytes(Buffer.from(text));
  const [before, after] = [foldEvents(events), foldEvents(again)];
  if (before.type === 'error') {
    const { extra: _a, ...error } = before.error;
    // A client that is shown the error reads the same in it.
    if (error.code !== 'stream_truncated') expect(after).toMatchObject({ type: 'error', error });
    return events;
  }
  expect(isSpelled ? after : withoutSpelling(after)).toEqual(isSpelled ? before : withoutSpelling(before));
  return events;
}

/** What is said, apart from how the wire spelled it: of that, pieces and whole tell in different detail. */
export function withoutSpelling(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpelling);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, one]) => {
    const rest = withoutSpelling(one);
    if (key === 'spelling' || (key === 'extra' && isEmptyExtra(rest))) return [];
    return [[key, rest] as const];
  });
  return Object.fromEntries(entries);
}

function isEmptyExtra(extra: unknown): boolean {
  return Object.keys((extra as { fields?: object }).fields ?? {}).length === 0;
}
