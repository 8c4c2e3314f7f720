/** What is kept of an exchange in each mode: the bytes of both sides, or both without what is sensitive. */
import { describe, expect, it } from 'vitest';
import { type KeptContent, unpackContent } from '../ledger/content-pack.ts';
import type { ChatEvent, ChatReply, FormatId } from '../wire/chat.ts';
import { foldEvents, unfoldReply } from '../wire/fold.ts';
import { formats } from '../wire/formats.ts';
import type { NotedContent } from './content-noted.ts';
import { prepareContent } from './content-prepare.ts';

const SECRET = 'sk-proj-4Wm9ZqT7xK2bVn8LsRfD5hJ1';

const said = (text: string | Buffer, totalBytes?: number) => {
  const bytes = Buffer.from(text);
  return { bytes, totalBytes: totalBytes ?? bytes.length };
};

const noted = (more: Partial<NotedContent>): NotedContent => ({
  exchangeId: 'exc_1',
  workspaceId: 'ws_1',
  memberId: undefined,
  keyId: 'key_1',
  mode: 'redacted',
  startedAtMs: 1,
  format: 'openai-chat',
  isChat: true,
  status: 200,
  contentType: 'application/json',
  request: said(`{"messages":[{"role":"user","content":"my key is ${SECRET}"}]}`),
  reply: said('{"choices":[]}'),
  ...more,
});

const prepared = (more: Partial<NotedContent>): Promise<KeptContent> =>
  unpackContent(prepareContent(noted(more)));

const reply: ChatReply = {
  id: 'r',
  model: 'm',
  parts: [
    { type: 'text', text: `You have ${SECRET}, mail ann@example.org.` },
    {
      type: 'tool-call',
      id: 'call_1',
      name: 'send',
      arguments: `{"to":"ann@example.org","key":"${SECRET}"}`,
    },
  ],
  stop: { kind: 'end', raw: null },
};

/** Its text in pieces of three characters. */
function streamOf(id: FormatId, shape?: 'array'): Buffer {
  const context = {
    model: 'm',
    fallbackId: 'r',
    nowMs: 0,
    streamUsage: true,
    ...(shape && { streamShape: shape }),
  };
  const encoder = formats[id].createEncoder(context);
  const pieces = unfoldReply(reply).flatMap((event): ChatEvent[] => {
    if (event.type !== 'text-delta') return [event];
    return (event.text.match(/[\s\S]{1,3}/g) ?? []).map((text) => ({ ...event, text }));
  });
  return Buffer.from(pieces.map((event) => encoder.push(event)).join(''));
}

describe('mode full', () => {
  it('keeps both sides as they were', async () => {
    const reply = said('data: {"a":1}\n\n');
    const kept = await prepared({ mode: 'full', reply, contentType: 'text/event-stream' });
    expect(kept.request.text).toContain(SECRET);
    expect(kept.reply).toEqual({
      kind: 'text',
      text: 'data: {"a":1}\n\n',
      bytes: 15,
      isCut: false,
      isFolded: false,
      redactions: 0,
    });
  });
  it('keeps what is no text as base64', async () => {
    const kept = await prepared({ mode: 'full', reply: said(Buffer.from([0xff, 0x00, 0x80])) });
    expect(kept.reply).toMatchObject({ kind: 'base64', text: '/wCA', bytes: 3 });
  });
  it('says what is cut, also in the middle of a character', async () => {
    const bytes = Buffer.from('ab€').subarray(0, 4);
    const kept = await prepared({ mode: 'full', reply: said(bytes, 100) });
    expect(kept.reply).toMatchObject({ kind: 'text', text: 'ab', bytes: 100, isCut: true });
  });
});

describe('mode redacted', () => {
  it('takes secrets out of both sides, which stay JSON', async () => {
    const kept = await prepared({ reply: said(JSON.stringify({ text: `mail ann@example.org ${SECRET}` })) });
    expect(JSON.parse(kept.request.text)).toEqual({
      messages: [{ role: 'user', content: 'my key is [api-key]' }],
    });
    expect(kept.request.redactions).toBe(1);
    expect(JSON.parse(kept.reply.text)).toEqual({ text: 'mail [e-mail] [api-key]' });
    expect(kept.reply.redactions).toBe(2);
  });
  const ids = Object.keys(formats) as FormatId[];
  it.each(ids)('puts the pieces of a stream of %s together first', async (format) => {
    const bytes = streamOf(format);
    const contentType = formats[format].streamContentType;
    const kept = await prepared({ format, contentType, reply: said(bytes) });
    expect(kept.reply).toMatchObject({ kind: 'text', isFolded: true, bytes: bytes.length });
    const folded = formats[format].parseReply(JSON.parse(kept.reply.text));
    expect(folded.parts[0]).toMatchObject({ type: 'text', text: 'You have [api-key], mail [e-mail].' });
    expect(kept.reply.text).not.toContain('ann@');
    for (let at = 8; at + 8 < SECRET.length; at += 1)
      expect(kept.reply.text).not.toContain(SECRET.slice(at, at + 8));
  });
  it('knows a stream in a JSON array', async () => {
    const reply = said(streamOf('gemini-generate', 'array'));
    const kept = await prepared({ format: 'gemini-generate', reply });
    expect(kept.reply.isFolded).toBe(true);
    expect(kept.reply.text).toContain('You have [api-key], mail [e-mail].');
  });
  it('keeps what came of a stream that was cut', async () => {
    const bytes = streamOf('anthropic-messages').subarray(0, 900);
    const reply = said(bytes, 5_000);
    const kept = await prepared({ format: 'anthropic-messages', contentType: 'text/event-stream', reply });
    expect(kept.reply).toMatchObject({ isCut: true, isFolded: true });
    expect(kept.reply.text).toContain('You');
    expect(kept.reply.text).not.toContain('sk-p');
  });
  it('keeps nothing of a cut secret', async () => {
    const text = `{"messages":[{"content":"x ${SECRET.slice(0, 18)}`;
    const kept = await prepared({ request: said(text, 9_999) });
    expect(kept.request.text).toBe('{"messages":[{"content":"x');
    expect(kept.request.isCut).toBe(true);
  });
  it.each([
    ['no text', said(Buffer.from([0xff, 0x00])), true, 'audio/mpeg'],
    ['a stream of something else', said('data: {"x":1}\n\n'), false, 'text/event-stream'],
  ])('leaves out %s', async (_name, reply, isChat, contentType) => {
    const kept = await prepared({ reply, isChat, contentType });
    expect(kept.reply).toMatchObject({ kind: 'left-out', text: '', bytes: reply.bytes.length });
  });
  it('keeps the error that ended a stream', async () => {
    const format = formats['openai-chat'];
    const error = format.renderStreamError(
      { kind: 'upstream', status: 502, message: `bad key ${SECRET}` },
      'exc_1',
    );
    const kept = await prepared({ contentType: 'text/event-stream', reply: said(error) });
    expect(kept.reply.text).toContain('bad key [api-key]');
  });
  it('is no fault whatever there is', async () => {
    const odd = ['', '[', '{"a', 'data:', 'data: {"choices":[{"delta":{}}]}\n\n', '[]', 'null', '\u0000'];
    for (const text of odd) {
      const kept = await prepared({
        request: said(text),
        reply: said(text),
        contentType: 'text/event-stream',
      });
      expect(kept.request.kind).toBe('text');
    }
    expect(foldEvents([]).type).toBe('error');
  });
});
