/** Laws of the format as checks, for the tests that run them over fixtures, recordings and generated input. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { expect } from 'vitest';
import type { ChatEvent, ChatReply, JsonObject } from '../../chat.ts';
import { foldEvents } from '../../fold.ts';
import type { ReplyContext, RequestPath, StreamShape } from '../../format.ts';
import type { Frame } from '../../frames.ts';
import { geminiGenerate } from '../index.ts';

export const MODEL = 'gemini-2.5-flash';
const PATH: RequestPath = { model: MODEL, isStream: false };

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

export function contextFor(model: string, streamShape?: StreamShape): ReplyContext {
  const context = { model, fallbackId: 'exc_fallback', nowMs: 0, streamUsage: true };
  return streamShape ? { ...context, streamShape } : context;
}

/** parse, then render, changes nothing and warns of nothing; the input included. */
export function expectRequestKept(body: JsonObject): void {
  const before = JSON.stringify(body);
  const chat = geminiGenerate.parseRequest(body, PATH);
  expect([chat.model, chat.stream]).toEqual([MODEL, false]);
  const { body: rendered, warnings } = geminiGenerate.renderRequest(chat);
  expect(rendered).toEqual(body);
  expect(warnings).toEqual([]);
  expect(JSON.stringify(body), 'the input is left alone').toBe(before);
}

export function expectReplyKept(body: JsonObject): ChatReply {
  const before = JSON.stringify(body);
  const reply = geminiGenerate.parseReply(body);
  expect(geminiGenerate.renderReply(reply, contextFor(reply.model))).toEqual({ body, warnings: [] });
  expect(JSON.stringify(body), 'the input is left alone').toBe(before);
  return reply;
}

export function readFrames(chunks: readonly Uint8Array[]): Frame[] {
  const reader = geminiGenerate.createReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}

export function decodeAll(frames: readonly Frame[], fallbackId = 'exc_1'): ChatEvent[] {
  const decoder = geminiGenerate.createDecoder({ fallbackId });
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

export function encodeAll(events: readonly ChatEvent[], model: string, shape?: StreamShape): string {
  const encoder = geminiGenerate.createEncoder(contextFor(model, shape));
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
  const isTruncated = error?.type === 'error' && error.error.code === 'stream_truncated' && !error.error.extra;
  return {
    usage: usage?.type === 'usage' ? usage.usage : undefined,
    isComplete: events.at(-1)?.type === 'end',
    error: error?.type === 'error' && !isTruncated ? error.error : undefined,
    stop: stop?.type === 'stop' ? (stop.stop.raw ?? undefined) : undefined,
    hasContent: events.some((event) => 'index' in event && !isOtherCandidate(event)),
  };
}

function isOtherCandidate(event: ChatEvent): boolean {
  return event.type === 'opaque-part' && event.part.value.candidate !== undefined;
}

export function tapReport(chunks: readonly Uint8Array[]): object {
  const tap = geminiGenerate.createTap();
  for (const chunk of chunks) tap.push(chunk);
  const { outputEstimate: _estimate, ...report } = tap.report();
  // A finish reason before an error ends nothing.
  return report.error ? { ...report, stop: undefined } : report;
}

/** An error is told as far as its kind and message; what usage came right before it, is not. */
function whole(events: readonly ChatEvent[]): object {
  const folded = foldEvents(events);
  if (folded.type === 'reply') return folded.reply;
  const { kind, message, code, status } = folded.error;
  return { error: { kind, message, code, status }, parts: folded.partial.parts };
}

/** All stream laws on one stream: tap = decoder, decode after encode = decode, fold after encode = fold; in both shapes. */
export function checkStream(bytes: Uint8Array, { hasError = false } = {}): ChatEvent[] {
  const events = decodeAll(readFrames([bytes]));
  expect(events.some((event) => event.type === 'error')).toBe(hasError);
  expect(tapReport([bytes])).toEqual(reportOf(readFrames([bytes])));
  for (const shape of ['sse', 'array'] as const) {
    const text = encodeAll(events, modelOf(events), shape);
    expect(text).not.toMatch(/[\u2028\u2029]/);
    if (shape === 'array') expect(Array.isArray(JSON.parse(text))).toBe(true);
    const again = decodeAll(readFrames([Buffer.from(text)]));
    expect(whole(again)).toEqual(whole(events));
    expect(tapReport([Buffer.from(text)])).toEqual(reportOf(readFrames([Buffer.from(text)])));
  }
  return events;
}

/** What every stream of chat events must keep (wire/chat.ts). */
export function checkContract(events: readonly ChatEvent[]): void {
  const open = new Map<number, string>();
  let next = 0;
  for (const event of events) {
    if (!('index' in event)) continue;
    const isWhole = ['opaque-part', 'image-part', 'redacted-thinking'].includes(event.type);
    if (event.type.endsWith('-start') || isWhole) {
      expect(event.index).toBe(next);
      next += 1;
      if (!isWhole) open.set(event.index, event.type.replace('-start', ''));
      continue;
    }
    expect(open.get(event.index), `${event.type} of a part that is not open`).toBeDefined();
    expect(event.type.startsWith(open.get(event.index)!)).toBe(true);
    if (event.type.endsWith('-end')) open.delete(event.index);
  }
  const types = events.map(({ type }) => type);
  if (types.at(-1) === 'error') return;
  expect(open.size).toBe(0);
  expect(types[0]).toBe('start');
  expect(types.slice(-2)).toEqual(['stop', 'end']);
  expect(types.filter((type) => ['start', 'stop', 'end', 'error'].includes(type))).toEqual(['start', 'stop', 'end']);
}
