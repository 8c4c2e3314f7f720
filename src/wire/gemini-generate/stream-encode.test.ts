/** What the encoder writes for events of other formats, in both shapes. */
import { describe, expect, it } from 'vitest';
import type { ChatError, ChatEvent, JsonObject, Signature, StopKind } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import type { StreamShape } from '../format.ts';
import { unseal } from '../seal.ts';
import { contextFor, decodeAll, readFrames } from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';
import { MAX_ARGUMENT_CHARS } from './partial-args.ts';

const START: ChatEvent = { type: 'start', id: 'msg_1', model: 'claude' };
const END: ChatEvent = { type: 'end' };
const stop = (kind: StopKind): ChatEvent => ({ type: 'stop', stop: { kind, raw: 'theirs' } });
const claude: Signature = { format: 'anthropic-messages', value: 'EqQBCg==', fields: { id: 'x' } };

function write(events: readonly ChatEvent[], shape?: StreamShape): { text: string; warned: string[] } {
  const encoder = geminiGenerate.createEncoder(contextFor('shown', shape));
  const text = events.map((event) => encoder.push(event)).join('');
  return { text, warned: encoder.warnings().map(({ kind, path }) => `${kind} ${path}`) };
}

function encode(events: readonly ChatEvent[]): { sent: JsonObject[]; warned: string[] } {
  const { text, warned } = write(events);
  return { sent: readFrames([Buffer.from(text)]).map(({ data }) => JSON.parse(data)), warned };
}

/** The parts of all frames but the last. */
function parts(events: readonly ChatEvent[]): JsonObject[] {
  return encode([START, ...events, stop('end'), END])
    .sent.slice(0, -1)
    .map(partOf);
}

function partOf(body: JsonObject): JsonObject {
  const [candidate] = body.candidates as { content: { parts: JsonObject[] } }[];
  expect(candidate!.content.parts).toHaveLength(1);
  return candidate!.content.parts[0]!;
}

const text = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: 'text-start', index },
  ...pieces.map((piece): ChatEvent => ({ type: 'text-delta', index, text: piece })),
  { type: 'text-end', index },
];
const thought = (index: number, pieces: string[], signature?: Signature): ChatEvent[] => [
  { type: 'thinking-start', index },
  ...pieces.map((piece): ChatEvent => ({ type: 'thinking-delta', index, text: piece })),
  ...(signature ? [{ type: 'thinking-signature', index, signature } as const] : []),
  { type: 'thinking-end', index },
];
const call = (index: number, args: string, more: object = {}): ChatEvent[] => [
  { type: 'tool-call-start', index, id: `c${index}`, name: 'f', ...more },
  { type: 'tool-call-delta', index, arguments: args },
  { type: 'tool-call-end', index },
];

describe('the encoder', () => {
  it('writes a whole stream: the finish reason and the usage in the last frame', () => {
    const { sent, warned } = encode([
      START,
      ...text(0, 'Hi', ' there'),
      stop('length'),
      { type: 'usage', usage: { input: 7, cacheRead: 2, output: 5, reasoning: 1, raw: {} } },
      END,
    ]);
    const head = { modelVersion: 'shown', responseId: 'msg_1' };
    const frame = (part: JsonObject, more = {}, around = {}) => ({
      candidates: [{ content: { parts: [part], role: 'model' }, index: 0, ...more }],
      ...around,
      ...head,
    });
    const usageMetadata = {
      promptTokenCount: 9,
      candidatesTokenCount: 4,
      totalTokenCount: 14,
      cachedContentTokenCount: 2,
      thoughtsTokenCount: 1,
    };
    expect(sent).toEqual([
      frame({ text: 'Hi' }),
      frame({ text: ' there' }),
      frame({ text: '' }, { finishReason: 'MAX_TOKENS' }, { usageMetadata }),
    ]);
    expect(warned).toEqual([]);
  });

  it('shows usage in each frame from where it is known, as Google does', () => {
    const usage = { input: 7, output: 1, raw: null };
    const later = { ...usage, output: 5 };
    const { sent } = encode([
      START,
      ...text(0, 'a'),
      { type: 'usage', usage },
      ...text(1, 'b', 'c'),
      { type: 'usage', usage: later },
      stop('end'),
      END,
    ]);
    const shown = sent.map(({ usageMetadata }) => (usageMetadata as JsonObject | undefined)?.totalTokenCount);
    expect(shown).toEqual([undefined, 8, 8, 12]);
  });

  it('writes nothing for a sign of life: no client of this format passes over it', () => {
    expect(write([START, { type: 'ping' }]).text).toBe('');
  });

  it('writes calls whole and in the order of their parts, however they are mixed', () => {
    const [a, b] = [call(1, '{"a":1}'), call(2, '{"b":2}')];
    const mixed = [a[0]!, b[0]!, b[1]!, a[1]!, b[2]!, a[2]!];
    const { sent } = encode([START, ...mixed, stop('tool-calls'), END]);
    expect(
      sent
        .slice(0, -1)
        .map(partOf)
        .map(({ functionCall }) => functionCall),
    ).toEqual([
      { id: 'c1', name: 'f', args: { a: 1 } },
      { id: 'c2', name: 'f', args: { b: 2 } },
    ]);
    expect(sent.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
  });

  it('gives a call without arguments an empty object, and one with half of them their text', () => {
    expect(parts([...call(0, ''), ...call(1, '{"a":')]).map(({ functionCall }) => functionCall)).toEqual([
      { id: 'c0', name: 'f', args: {} },
      { id: 'c1', name: 'f', args: { raw: '{"a":' } },
    ]);
  });

  it('marks the first call of another vendor, and that one alone, as one without a signature', () => {
    const [first, second] = parts([...call(0, '{}'), ...call(1, '{}')]);
    expect(unseal(String(first!.thoughtSignature))).toMatchObject({
      format: 'gemini-generate',
      value: 'skip_thought_signature_validator',
    });
    expect(second!.thoughtSignature).toBeUndefined();
  });

  it('puts another maker’s state into the field for signatures, in the alphabet every client knows', () => {
    const [first] = parts(call(0, '{}', { signature: claude }));
    expect(first!.thoughtSignature).toMatch(/^TPSEAL1x[A-Za-z0-9+/]+$/);
    expect(unseal(String(first!.thoughtSignature))).toMatchObject(claude);
  });

  it('keeps the last character of a thought for its signature', () => {
    const sent = parts(thought(0, ['Let me ', 'think', '😀'], claude));
    expect(sent.map(({ text: piece, thought: isThought }) => [piece, isThought])).toEqual([
      ['Let me', true],
      [' thin', true],
      ['k', true],
      ['😀', true],
    ]);
    expect(sent.map(({ thoughtSignature }) => thoughtSignature !== undefined)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(parts(thought(0, ['ab']))).toEqual([
      { text: 'a', thought: true },
      { text: 'b', thought: true },
    ]);
  });

  it('writes state without a text beside an empty one', () => {
    const redacted: ChatEvent = { type: 'redacted-thinking', index: 1, data: claude };
    const [empty, closed] = parts([...thought(0, [], claude), redacted]);
    for (const part of [empty!, closed!]) {
      expect(part).toMatchObject({
        text: '',
        thought: true,
        thoughtSignature: expect.stringContaining('TPSEAL1x'),
      });
    }
  });

  it('brings all of it back: what a decoder reads is what was said', () => {
    const events: ChatEvent[] = [
      START,
      ...thought(0, ['one ', 'two'], claude),
      { type: 'redacted-thinking', index: 1, data: claude },
      ...thought(2, [], claude),
      ...text(3, 'So: '),
      ...call(4, '{"a":[1]}', { signature: claude }),
      stop('tool-calls'),
      END,
    ];
    const folded = foldEvents(events);
    const again = foldEvents(decodeAll(readFrames([Buffer.from(write(events).text)])));
    if (folded.type !== 'reply' || again.type !== 'reply') throw new Error('no reply');
    const plain = again.reply.parts.map((part) => ({ ...part, extra: undefined }));
    expect(plain).toEqual(folded.reply.parts);
  });

  it('shows a picture, a refusal as text with the reason for it, and names what it cannot show', () => {
    const source = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const;
    const events: ChatEvent[] = [
      { type: 'image-part', index: 0, part: { type: 'image', source } },
      { type: 'refusal-start', index: 1 },
      { type: 'refusal-delta', index: 1, text: 'no' },
      { type: 'opaque-delta', index: 1, format: 'openai-chat', value: { annotations: [1] } },
      { type: 'refusal-end', index: 1 },
      {
        type: 'opaque-part',
        index: 2,
        part: { type: 'opaque', format: 'ollama-chat', value: { type: 'x' } },
      },
    ];
    const { sent, warned } = encode([START, ...events, stop('end'), END]);
    expect(sent.slice(0, -1).map(partOf)).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
      { text: 'no' },
    ]);
    expect(sent.at(-1)).toMatchObject({ candidates: [{ finishReason: 'SAFETY' }] });
    expect(warned).toEqual(['approximated parts[1]', 'dropped parts[1]', 'dropped parts[2]']);
  });

  it.each<[StopKind, string]>([
    ['end', 'STOP'],
    ['tool-calls', 'STOP'],
    ['stop-sequence', 'STOP'],
    ['length', 'MAX_TOKENS'],
    ['context-window', 'MAX_TOKENS'],
    ['refusal', 'SAFETY'],
    ['content-filter', 'SAFETY'],
    ['pause', 'STOP'],
    ['unknown', 'STOP'],
  ])('says %s as %s', (kind, word) => {
    expect(encode([START, stop(kind), END]).sent).toMatchObject([{ candidates: [{ finishReason: word }] }]);
  });

  it('escapes the line ends that cut events in some clients', () => {
    const { text: wire } = write([START, ...text(0, 'a\u2028b\u2029'), stop('end'), END]);
    expect(wire).not.toMatch(/[\u2028\u2029]/);
    expect(parts(text(0, 'a\u2028b\u2029'))).toEqual([{ text: 'a\u2028b\u2029' }]);
  });

  it('gives up a call whose arguments are longer than any', () => {
    const long = 'x'.repeat(MAX_ARGUMENT_CHARS);
    const { sent } = encode([
      START,
      call(0, '')[0]!,
      ...[long, long].map((piece): ChatEvent => ({ type: 'tool-call-delta', index: 0, arguments: piece })),
    ]);
    expect(sent).toMatchObject([{ error: { code: 502, status: 'INTERNAL' } }, 'the stream failed']);
  });
});

describe('the array shape', () => {
  const error: ChatError = { kind: 'overloaded', status: 529, message: 'too\u2028much', code: 'overloaded' };

  it('is one array from the first byte to the last', () => {
    const { text: wire } = write([START, ...text(0, 'a', 'b'), stop('end'), END], 'array');
    expect(JSON.parse(wire)).toHaveLength(3);
    expect(wire).toMatch(/^\[\{.*\},\n\{.*\},\n\{.*\}\n\]$/);
  });

  it.each<[string, ChatEvent[], number]>([
    ['at once', [{ type: 'error', error }], 1],
    ['after the start', [START, { type: 'error', error }], 1],
    ['later', [START, ...text(0, 'a'), { type: 'error', error }, END], 2],
  ])('stays an array where an error ends it %s', (_when, events, length) => {
    const bodies = JSON.parse(write(events, 'array').text) as JsonObject[];
    expect(bodies).toHaveLength(length);
    expect(bodies.at(-1)).toMatchObject({
      error: { code: 529, status: 'UNAVAILABLE', message: 'too\u2028much' },
    });
  });

  it('stays an array where somebody else ends it', () => {
    const begun = write([START, ...text(0, 'a')], 'array').text;
    const whole = begun + geminiGenerate.renderStreamError(error, 'exc_1', 'array');
    expect(JSON.parse(whole)).toHaveLength(2);
    expect(whole).not.toMatch(/[\u2028\u2029]/);
  });
});
