/** Parts and media of other formats as parts of a content. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, JsonObject } from '../chat.ts';
import { chat, render, user } from './__fixtures__/chats.ts';

const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
const inline = (mimeType: string, data: string) => ({ inlineData: { mimeType, data } });
const file = (mimeType: string, fileUri: string) => ({ fileData: { mimeType, fileUri } });
const foreign = { format: 'openai-chat', fields: { logprobs: 3 }, spelling: { a: null } } as const;
const AT = 'turns[0].parts[1]';

const cases: readonly (readonly [string, ChatPart, JsonObject | undefined, string[]])[] = [
  ['image', { type: 'image', source: png, detail: 'auto' }, inline('image/png', 'AAAA'), []],
  [
    'image detail',
    { type: 'image', source: png, detail: 'high' },
    inline('image/png', 'AAAA'),
    [`dropped ${AT}.detail`],
  ],
  ['gif', { type: 'image', source: { ...png, mediaType: 'image/gif' } }, undefined, [`dropped ${AT}`]],
  [
    'data url',
    { type: 'image', source: { kind: 'url', url: 'data:image/png;base64,AAAA' } },
    inline('image/png', 'AAAA'),
    [],
  ],
  [
    'url with a type',
    { type: 'image', source: { kind: 'url', url: 'https://example.test/a.WebP?x=1' } },
    file('image/webp', 'https://example.test/a.WebP?x=1'),
    [],
  ],
  [
    'url without',
    { type: 'image', source: { kind: 'url', url: 'https://example.test/a' } },
    file('image/jpeg', 'https://example.test/a'),
    [`approximated ${AT}.source`],
  ],
  [
    "another vendor's file",
    { type: 'document', source: { kind: 'file', fileId: 'file-1' } },
    undefined,
    [`dropped ${AT}`],
  ],
  [
    "Google's own file",
    { type: 'document', source: { kind: 'file', fileId: 'gs://bucket/a.pdf' } },
    file('application/pdf', 'gs://bucket/a.pdf'),
    [],
  ],
  [
    'pdf with a title',
    {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
      title: 'a.pdf',
    },
    inline('application/pdf', 'JVBE'),
    [`dropped ${AT}.title`],
  ],
  [
    'text file',
    { type: 'document', source: { kind: 'base64', mediaType: 'text/csv', data: 'YSxi' } },
    inline('text/csv', 'YSxi'),
    [],
  ],
  [
    'zip',
    { type: 'document', source: { kind: 'base64', mediaType: 'application/zip', data: '' } },
    undefined,
    [`dropped ${AT}`],
  ],
  [
    'plain text with a title',
    { type: 'document', source: { kind: 'text', text: 'words' }, title: 'a.txt' },
    { text: 'a.txt\n\nwords' },
    [],
  ],
  [
    'audio',
    { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
    inline('audio/wav', 'UklG'),
    [],
  ],
  ['refusal', { type: 'refusal', text: 'no' }, { text: 'no' }, [`approximated ${AT}`]],
  [
    'foreign block',
    { type: 'opaque', format: 'anthropic-messages', value: { type: 'x' } },
    undefined,
    [`dropped ${AT}`],
  ],
  ['own block', { type: 'opaque', format: 'gemini-generate', value: { hologram: 1 } }, { hologram: 1 }, []],
  [
    'foreign fields',
    { type: 'text', text: 'a', extra: foreign },
    { text: 'a' },
    [`dropped ${AT}.extra.logprobs`],
  ],
  ['cache mark', { type: 'text', text: 'a', cache: { ttl: '1h' } }, { text: 'a' }, [`dropped ${AT}.cache`]],
];

describe('parts', () => {
  it.each(cases)('%s', (_name, part, wire, warned) => {
    const rendered = render(chat({ turns: [user('first', part)] }));
    const parts = [{ text: 'first' }, ...(wire ? [wire] : [])];
    expect(rendered.body.contents).toEqual([{ role: 'user', parts }]);
    expect(rendered.warned).toEqual(warned);
  });
});
