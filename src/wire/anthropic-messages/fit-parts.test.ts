/** Parts of other formats as Anthropic blocks. */
import { describe, expect, it } from 'vitest';
import type { ChatPart } from '../chat.ts';
import { chat, render, user } from './__fixtures__/chats.ts';

describe('parts', () => {
  const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
  const wirePng = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
  const foreign = { format: 'openai-chat', fields: { logprobs: 3 }, spelling: { a: null } } as const;
  const cases: [string, ChatPart, unknown, string[]][] = [
    ['image', { type: 'image', source: png, detail: 'auto' }, { type: 'image', source: wirePng }, []],
    [
      'image detail',
      { type: 'image', source: png, detail: 'high' },
      { type: 'image', source: wirePng },
      ['dropped turns[0].parts[1].detail'],
    ],
    [
      'data url',
      { type: 'image', source: { kind: 'url', url: 'data:image/png;base64,AAAA' } },
      { type: 'image', source: wirePng },
      [],
    ],
    [
      'url',
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a' } },
      [],
    ],
    [
      'bmp',
      { type: 'image', source: { ...png, mediaType: 'image/bmp' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      "another vendor's file",
      { type: 'document', source: { kind: 'file', fileId: 'file-1' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      'pdf',
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
        title: 'a.pdf',
      },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
        title: 'a.pdf',
      },
      [],
    ],
    [
      'text file',
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'text/csv', data: Buffer.from('a,ä').toString('base64') },
      },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,ä' } },
      ['approximated turns[0].parts[1].source'],
    ],
    [
      'zip',
      { type: 'document', source: { kind: 'base64', mediaType: 'application/zip', data: '' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      'audio',
      { type: 'audio', source: { kind: 'base64', mediaType: 'audio/wav', data: '' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    ['unsigned thinking', { type: 'thinking', text: 'hm' }, undefined, ['dropped turns[0].parts[1]']],
    [
      'empty signature',
      { type: 'thinking', text: 'hm', signature: { format: 'anthropic-messages', value: '' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      'signed thinking',
      { type: 'thinking', text: 'hm', signature: { format: 'anthropic-messages', value: 'Eq' } },
      { type: 'thinking', thinking: 'hm', signature: 'Eq' },
      [],
    ],
    [
      'encrypted thinking',
      { type: 'redacted-thinking', data: { format: 'openai-responses', value: 'gAAA' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      'refusal',
      { type: 'refusal', text: 'no' },
      { type: 'text', text: 'no' },
      ['approximated turns[0].parts[1]'],
    ],
    [
      'foreign block',
      { type: 'opaque', format: 'gemini-generate', value: { type: 'x' } },
      undefined,
      ['dropped turns[0].parts[1]'],
    ],
    [
      'foreign fields',
      { type: 'text', text: 'a', extra: foreign },
      { type: 'text', text: 'a' },
      ['dropped turns[0].parts[1].extra.logprobs'],
    ],
    [
      'cache mark',
      { type: 'text', text: 'a', cache: { ttl: '1h' } },
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
      [],
    ],
  ];
  it.each(cases)('%s', (_name, part, block, warned) => {
    const rendered = render(chat({ turns: [user('first', part)] }));
    const first = { type: 'text', text: 'first' };
    expect(rendered.body.messages).toEqual([{ role: 'user', content: block ? [first, block] : 'first' }]);
    expect(rendered.warned).toEqual(warned);
  });
});
