/** Sizes read from the headers of images. */
import { describe, expect, it } from 'vitest';
import { readImageHeader } from './image-header.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const png = hex('89504e47 0d0a1a0a 0000000d 49484452 00000140 000000f0 0806000000');
const gif = Buffer.concat([Buffer.from('GIF89a'), hex('4001 f000')]);
const jpeg = hex(
  'ffd8 ffe0 0010 4a46494600010100000100010000 ffc4 0004 0000 ff ffc2 0011 08 00f0 0140 03 01220002110103',
);
const riff = (kind: string, rest: string): Buffer =>
  Buffer.concat([
    Buffer.from('RIFF'),
    hex('00000000'),
    Buffer.from(`WEBP${kind}`),
    hex('00000000'),
    hex(rest),
  ]);

describe('readImageHeader', () => {
  it.each([
    ['png', png, 'image/png'],
    ['gif', gif, 'image/gif'],
    ['jpeg, tables and fill bytes before the frame', jpeg, 'image/jpeg'],
    ['webp extended', riff('VP8X', '00000000 3f0100 ef0000'), 'image/webp'],
    ['webp lossless', riff('VP8L', '2f 3fc13b00 0000000000'), 'image/webp'],
    ['webp lossy', riff('VP8 ', '000000 9d012a 4001 f000'), 'image/webp'],
  ])('%s', (_name, bytes, mediaType) => {
    expect(readImageHeader(bytes)).toEqual({ mediaType, width: 320, height: 240 });
  });

  it('says nothing of what it does not know, and never throws on a cut', () => {
    expect(readImageHeader(Buffer.from('<svg></svg>'))).toBeUndefined();
    expect(readImageHeader(Buffer.alloc(0))).toBeUndefined();
    for (const whole of [png, gif, jpeg, riff('VP8X', '00000000 3f0100 ef0000'), riff('VP8Z', '00')]) {
      for (let end = 0; end < whole.length - 20; end++) {
        const facts = readImageHeader(whole.subarray(0, end));
        if (facts) expect(facts).toMatchObject({ width: 320, height: 240 });
      }
    }
  });
});
