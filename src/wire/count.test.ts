/** Estimates against what providers reported for recorded replies, and the rules for what is no text. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, JsonObject } from './chat.ts';
import { estimateBodyTokens, estimateChatTokens, estimateTokens, sampleBodyTokens } from './count.ts';
import { formatOf } from './formats.ts';
import { createSseReader } from './frames.ts';
import { walkTopLevel } from './walk.ts';

describe('estimateTokens', () => {
  // Real counts lie a little below: the words of a text are known to be about so many tokens.
  it.each([
    ['nothing', '', 0, 0],
    ['one word', 'hello', 1, 2],
    ['English', 'The quick brown fox jumps over the lazy dog. '.repeat(10), 100, 130],
    ['code', 'const total = items.reduce((sum, item) => sum + item.price, 0);\n'.repeat(10), 170, 290],
    ['JSON', '{"type":"text","index":12,"ok":true},'.repeat(10), 120, 210],
    ['indentation', `${' '.repeat(400)}x`, 1, 4],
    ['digits', '1234567890'.repeat(30), 100, 130],
    ['Chinese', '\u4f60\u597d\u4e16\u754c'.repeat(25), 70, 160],
    ['Russian', '\u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 '.repeat(20), 60, 150],
    ['French', 'd\u00e9j\u00e0 vu \u00e0 la fen\u00eatre '.repeat(10), 70, 130],
    ['emoji', '\u{1f600}'.repeat(20), 40, 80],
    ['a random key', 'sk4Tz9QpLm2Xv8RbNw3KcYd7HfGj5Ua6'.repeat(10), 150, 340],
  ])('%s', (_name, text, least, most) => {
    const tokens = estimateTokens(text);
    expect(tokens).toBeGreaterThanOrEqual(least);
    expect(tokens).toBeLessThanOrEqual(most);
  });

  it('grows with the text, and never counts more than three tokens a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ maxLength: 50 }),
        (text, more) => {
          expect(Number.isInteger(estimateTokens(text))).toBe(true);
          expect(estimateTokens(text + more)).toBeGreaterThanOrEqual(estimateTokens(text));
          expect(estimateTokens(text)).toBeLessThanOrEqual(text.length * 3 + 1);
        },
      ),
    );
  });
});

const recordings = new URL('../../../shared/data/wire/', import.meta.url);

/** Replies in which every reported token is a token of visible text. */
const replies = [
  ['anthropic-messages', 'anthropic/anthropic-n-vercel-anthropic-compaction.1.json'],
  ['anthropic-messages', 'anthropic/anthropic-s-vercel-anthropic-compaction.1.sse'],
  ['anthropic-messages', 'anthropic/anthropic-s-parts_thinking.sse'],
  ['openai-chat', 'openai/chat-s-vercel-openai-text.sse'],
  ['openai-chat', 'compat/alibaba-chat-n-vercel-alibaba-text.json'],
  ['openai-chat', 'compat/alibaba-chat-n-vercel-alibaba-reasoning.json'],
  ['openai-chat', 'compat/deepseek-chat-n-vercel-deepseek-json.json'],
  ['openai-chat', 'compat/groq-chat-n-vercel-groq-reasoning.json'],
  ['openai-chat', 'compat/groq-chat-s-vercel-groq-reasoning.sse'],
  ['openai-chat', 'compat/perplexity-chat-n-vercel-perplexity-citations.json'],
  ['openai-chat', 'compat/perplexity-chat-n-vercel-perplexity-text.json'],
] as const;

describe.skipIf(!existsSync(recordings))('against recorded replies (skipped where they are absent)', () => {
  it.each(replies)('%s %s', (id, file) => {
    const format = formatOf(id)!;
    const bytes = readFileSync(new URL(file, recordings));
    const { text, reported } = file.endsWith('.sse') ? streamText(format, bytes) : replyText(format, bytes);
    expect(estimateTokens(text) / reported).toBeGreaterThan(1);
    expect(estimateTokens(text) / reported).toBeLessThan(1.6);
  });
});

type Format = NonNullable<ReturnType<typeof formatOf>>;

function replyText(format: Format, bytes: Buffer) {
  const reply = format.parseReply(JSON.parse(bytes.toString()) as JsonObject);
  return { text: reply.parts.map(visibleText).join(' '), reported: reply.usage!.output! };
}

function visibleText(part: ChatPart): string {
  if (part.type === 'text' || part.type === 'thinking') return part.text;
  return part.type === 'opaque' ? JSON.stringify(part.value.content ?? '') : '';
}

function streamText(format: Format, bytes: Buffer) {
  const reader = createSseReader();
  const decoder = format.createDecoder();
  let text = '';
  let reported = 0;
  for (const frame of [...reader.push(bytes), ...reader.end()]) {
    for (const event of decoder.push(frame)) {
      if (event.type === 'text-delta' || event.type === 'thinking-delta') text += event.text;
      if (event.type === 'usage') reported = event.usage.output ?? reported;
    }
  }
  return { text, reported };
}

function request(parts: readonly ChatPart[], more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'm', turns: [{ role: 'user', parts }], tools: [], stream: false, ...more };
}

const prose = 'Please look at this and say what is wrong with it. '.repeat(20);

describe('estimateChatTokens', () => {
  const empty = estimateChatTokens(request([]));
  const added = (part: ChatPart) => estimateChatTokens(request([part])) - empty;

  it('counts text as text, wherever it stands', () => {
    const text = estimateTokens(prose);
    expect(added({ type: 'text', text: prose })).toBe(text);
    expect(
      added({ type: 'thinking', text: prose, signature: { format: 'openai-chat', value: 'x'.repeat(5000) } }),
    ).toBe(text);
    expect(added({ type: 'tool-call', id: 'c', name: 'f', arguments: prose })).toBeGreaterThan(text);
    const result = { type: 'tool-result', callId: 'c', content: [{ type: 'text', text: prose }] } as const;
    expect(added(result)).toBeGreaterThan(text);
    expect(added({ type: 'opaque', format: 'openai-chat', value: { prose } })).toBeGreaterThan(text);
  });

  it('counts media by their own rules, not by their bytes', () => {
    const data = 'A'.repeat(2_000_000);
    const source = { kind: 'base64', mediaType: 'x/y', data } as const;
    const page = { kind: 'url', url: 'https://example.test/a.pdf' } as const;
    expect(added({ type: 'image', source })).toBe(1600);
    expect(added({ type: 'image', source, detail: 'low' })).toBe(85);
    expect(added({ type: 'document', source: page })).toBe(4600);
    expect(added({ type: 'document', source })).toBe(34 * 4600);
    expect(added({ type: 'document', source: { kind: 'text', text: prose } })).toBe(estimateTokens(prose));
    expect(added({ type: 'audio', source })).toBeGreaterThan(5000);
  });

  it('counts tools with their schemas and the preface vendors put before them', () => {
    const inputSchema = { type: 'object', properties: { path: { type: 'string', description: prose } } };
    const tool = { name: 'read', description: prose, inputSchema };
    const one = estimateChatTokens(request([], { tools: [tool] }));
    const two = estimateChatTokens(request([], { tools: [tool, tool] }));
    expect(one - empty).toBeGreaterThan(2 * estimateTokens(prose));
    expect(two - one).toBeLessThan(one - empty);
  });
});

describe('sampleBodyTokens', () => {
  const image = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    Buffer.alloc(600_000, 'j\u00e9k\u00ff'),
  ]);
  const data = image.toString('base64');
  const body = (content: unknown) =>
    Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }));
  const sampled = (bytes: Buffer) => {
    const walk = walkTopLevel(bytes, []);
    return walk.ok ? sampleBodyTokens(bytes, walk.media) : Number.NaN;
  };

  it.each([
    ['short', prose],
    ['long', prose.repeat(200)],
    ['mixed', `${prose.repeat(50)}${'{"a":[1,2,{"b":"c"}]}\n'.repeat(2000)}${'\u4f60\u597d'.repeat(9000)}`],
  ])('comes near the full count of a %s text', (_name, text) => {
    const bytes = body(text);
    const full = estimateTokens(bytes.toString());
    expect(sampled(bytes) / full).toBeGreaterThan(0.85);
    expect(sampled(bytes) / full).toBeLessThan(1.15);
  });

  it.each([
    ['Anthropic block', { type: 'image', source: { type: 'base64', media_type: 'image/png', data } }],
    ['data URL', { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } }],
  ])('counts an image in its %s as an image', (_name, block) => {
    const bytes = body([{ type: 'text', text: prose }, block, block]);
    const text = estimateTokens(body([{ type: 'text', text: prose }]).toString());
    expect(sampled(bytes)).toBeGreaterThan(text + 3200);
    expect(sampled(bytes)).toBeLessThan(text + 3400);
    expect(estimateBodyTokens(bytes.length)).toBeGreaterThan(500_000);
  });

  it.each([
    ['prose that begins like an image', `iVBORw0KGg ${prose.repeat(20)}`],
    ['letters of no known file type', 'abcd'.repeat(3000)],
  ])('counts %s as text', (_name, text) => {
    const walk = walkTopLevel(body(text), []);
    expect(walk).toMatchObject({ ok: true, media: [] });
  });
});
