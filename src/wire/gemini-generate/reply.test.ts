/** Whole replies: of other formats as Google's clients read them, of this format after an edit, and what is none. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatReply, JsonObject } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import { contextFor, decodeAll, fixtures, jsonFixtures, readFrames } from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';

const { parseReply, renderReply } = geminiGenerate;
const fixture = (name: string): JsonObject => jsonFixtures('replies').find((one) => one.name === name)!.body;

function foreign(parts: ChatPart[], more: Partial<ChatReply> = {}): ChatReply {
  return { id: 'msg_1', model: 'claude', parts, stop: { kind: 'end', raw: 'end_turn' }, ...more };
}

function show(reply: ChatReply): { body: JsonObject; warned: string[] } {
  const { body, warnings } = renderReply(reply, contextFor('shown'));
  return { body, warned: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('renderReply', () => {
  it('shows a reply of another format', () => {
    const extra = { format: 'openai-chat', fields: { system_fingerprint: 'fp' } } as const;
    const { body, warned } = show(
      foreign(
        [
          { type: 'thinking', text: 'hm' },
          { type: 'text', text: '' },
          { type: 'text', text: 'Hi' },
          { type: 'image', source: { kind: 'url', url: 'https://example.test/a.png' } },
          { type: 'tool-result', callId: 'a', content: [] },
        ],
        { id: '', extra, usage: { input: 1, output: 2, raw: {} }, createdAtMs: 1_700_000_000_000 },
      ),
    );
    expect(body).toEqual({
      candidates: [
        {
          content: {
            parts: [
              { text: 'hm', thought: true },
              { text: 'Hi' },
              { fileData: { mimeType: 'image/png', fileUri: 'https://example.test/a.png' } },
            ],
            role: 'model',
          },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
      modelVersion: 'shown',
      responseId: 'exc_fallback',
      createTime: '2023-11-14T22:13:20.000Z',
    });
    expect(warned).toEqual(['dropped parts[4]', 'dropped extra.system_fingerprint']);
  });

  it('never shows a content without parts: clients drop the whole turn for it', () => {
    expect(show(foreign([])).body).toMatchObject({ candidates: [{ content: { parts: [{ text: '' }] } }] });
  });

  it('tells a refusal by the reason, unless the answer goes on', () => {
    const refusal: ChatPart = { type: 'refusal', text: 'no' };
    const call: ChatPart = { type: 'tool-call', id: 'a', name: 'f', arguments: '{}' };
    expect(show(foreign([refusal])).body).toMatchObject({ candidates: [{ finishReason: 'SAFETY' }] });
    expect(show(foreign([refusal, call])).body).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
    expect(show(foreign([refusal], { stop: { kind: 'length', raw: null } })).body).toMatchObject({
      candidates: [{ finishReason: 'MAX_TOKENS' }],
    });
  });

  it('names the stop text that was met', () => {
    expect(show(foreign([], { stop: { kind: 'stop-sequence', raw: null, sequence: 'END' } })).warned).toEqual(
      ['dropped stop.sequence'],
    );
  });

  it('gives one of its own the name that was asked for, and nothing else that was not there', () => {
    expect(show(parseReply(fixture('text'))).body).toEqual({ ...fixture('text'), modelVersion: 'shown' });
    expect(show(parseReply(fixture('no-finish'))).body).toEqual(fixture('no-finish'));
  });

  it('keeps what stands around the parts of one of its own when a text in it is changed', () => {
    const reply = parseReply(fixture('grounded'));
    const edited = { ...reply, parts: [{ type: 'text', text: '[redacted]' } as const] };
    const [before] = fixture('grounded').candidates as JsonObject[];
    const { body, warned } = show(edited);
    expect(body).toEqual({
      ...fixture('grounded'),
      modelVersion: 'shown',
      candidates: [{ ...before, content: { parts: [{ text: '[redacted]' }], role: 'model' } }],
    });
    expect(warned).toEqual([]);
  });
});

describe('parseReply', () => {
  it.each([[{}], [{ error: { code: 500 } }], [{ candidates: [], error: {} }], [{ choices: [] }]])(
    'refuses %j',
    (body) => {
      expect(() => parseReply(body as JsonObject)).toThrow(expect.objectContaining({ name: 'WireError' }));
    },
  );

  it('is lenient otherwise', () => {
    const candidates = [
      7,
      { content: { parts: [1, { text: 7 }, {}, { functionCall: { args: {} } }] } },
    ] as never[];
    expect(parseReply({ candidates })).toMatchObject({
      id: '',
      model: '',
      parts: [
        { type: 'opaque', value: { text: 7 } },
        { type: 'opaque', value: {} },
        { type: 'opaque', value: { functionCall: { args: {} } } },
      ],
      stop: { kind: 'unknown', raw: null },
    });
  });

  it.each([
    [{ fallbackId: 'exc_9' }, ['exc_9_1', 'exc_9_2', 'exc_9_3']],
    [undefined, ['resp_1_1', 'resp_1_2', 'resp_1_3']],
  ])('makes ids for calls that have none: %j', (context, ids) => {
    const { parts } = parseReply(fixture('calls'), context);
    expect(parts.flatMap((part) => (part.type === 'tool-call' ? part.id : []))).toEqual(ids);
  });

  it('keeps sound, pictures that were only thought, and other candidates', () => {
    expect(parseReply(fixture('audio')).parts).toMatchObject([{ type: 'audio' }]);
    expect(parseReply(fixture('image')).parts).toMatchObject([
      { type: 'text' },
      { type: 'image', extra: { fields: { thoughtSignature: expect.any(String) } } },
      { type: 'opaque' },
    ]);
    expect(parseReply(fixture('two-candidates')).extra?.fields.candidates).toMatchObject([{}, { index: 1 }]);
  });
});

it('a folded stream with several candidates has them all as a whole reply', () => {
  const bytes = fixtures('streams').find(({ name }) => name === 'two-candidates')!.bytes;
  const folded = foldEvents(decodeAll(readFrames([bytes])));
  if (folded.type !== 'reply') throw new Error('no reply');
  const { body } = renderReply(folded.reply, contextFor('m'));
  const texts = (body.candidates as { index: number; content: { parts: JsonObject[] } }[]).map(
    ({ index, content }) => [index, content.parts.map((part) => JSON.stringify(part)).join()],
  );
  expect(texts).toEqual([
    [0, '{"text":"a"},{"text":"aa"}'],
    [1, '{"text":"b"}'],
    [1, '{"text":"bb"}'],
  ]);
});
