/** Streams that break off, relayed and translated: the error says what to ask after in formats with a place for it. */
import { describe, expect, it } from 'vitest';
import type { ChatError, FormatId } from '../src/wire/chat.ts';
import { formats } from '../src/wire/formats.ts';
import { openLane } from './support/cut-lane.ts';
import { voices } from './support/voices/index.ts';

const ids = Object.keys(formats) as FormatId[];
const error: ChatError = { kind: 'upstream', status: 502, message: 'it broke', code: 'stream_truncated' };
const said = { text: 'Half of an answer.', stop: 'end', usage: { input: 1, output: 1 } } as const;

const placesOf = {
  'anthropic-messages': '"request_id":"exc_1"',
  'gemini-generate': '"requestId":"exc_1"',
} as const;

describe.each(ids)('from %s', (upstream) => {
  it.each(Object.entries(placesOf))('to %s', (client, place) => {
    const { opening, content } = voices[upstream].stream(said);
    const lane = openLane(formats[upstream], formats[client as FormatId]);
    for (const frame of [...opening, ...content]) lane.take(Buffer.from(frame));
    expect(lane.breakOff(error)).toContain(place);
  });
});

it('leaves a half frame out where it could be cut, and ends it first where it could not', () => {
  const format = formats['openai-chat'];
  const frame = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
  const written = (isCuttable: boolean): string => {
    const lane = openLane(format, format, { isCuttable });
    const taken = lane.take(Buffer.from(`${frame}data: {"cho`)).toString();
    return taken + lane.breakOff(error);
  };
  expect(written(true)).toMatch(/\}\n\ndata: \{"error"/);
  expect(written(false)).toMatch(/\}\n\ndata: \{"cho\n\ndata: \{"error"/);
});

it('cannot be cut where nobody said that it may be, before it begins, and after its end', () => {
  const format = formats['openai-chat'];
  const { opening, content, closing } = voices['openai-chat'].stream(said);
  const bytes = Buffer.from([...opening, ...content].join(''));
  const kept = openLane(format, format, { isCuttable: false });
  kept.take(bytes);
  expect(kept.cut?.()).toBeUndefined();
  for (const upstream of ids) {
    const lane = openLane(formats[upstream], format);
    expect(lane.cut?.()).toBeUndefined();
  }
  const ended = openLane(format, format);
  ended.take(Buffer.concat([bytes, Buffer.from(closing.join(''))]));
  expect(ended.cut?.()).toBeUndefined();
});

it('tells no usage that was asked for on behalf of the client alone', () => {
  const format = formats['openai-chat'];
  const { opening, content, closing } = voices['openai-chat'].stream(said);
  const whole = openLane(format, format, { isUsageHidden: true, streamUsage: false });
  const all = [...opening, ...content, ...closing].map((frame) => whole.take(Buffer.from(frame)).toString());
  expect(all.join('')).toContain('[DONE]');
  expect(all.join('')).not.toContain('"prompt_tokens":');
  expect(whole.observed().usage).toMatchObject({ input: 1, output: 1 });
  const lane = openLane(format, format, { isUsageHidden: true, streamUsage: false });
  for (const frame of [...opening, ...content]) lane.take(Buffer.from(frame));
  expect(Buffer.from(lane.cut!()!.rest).toString()).not.toContain('usage');
});
