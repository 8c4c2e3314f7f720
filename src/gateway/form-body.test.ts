/** Forms as SDKs and browsers write them, and forms that two readers could read differently, which are refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spliceValues } from '../wire/walk.ts';
import { boundaryOf, readForm, setField } from './form-body.ts';

const part = (headers: string, content: string): string => `--B\r\n${headers}\r\n\r\n${content}\r\n`;
const named = (name: string, content: string): string =>
  part(`Content-Disposition: form-data; name="${name}"`, content);
const file = part(
  'Content-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg',
  '\0\xff--A\r\n--',
);
const read = (text: string) => readForm(Buffer.from(text, 'latin1'), 'B', 'model');

describe('the boundary', () => {
  it.each([
    ['multipart/form-data; boundary=----WebKit1', '----WebKit1'],
    ['Multipart/Form-Data; charset=utf-8; Boundary="a b"', 'a b'],
    ['multipart/form-data', undefined],
    ['multipart/form-data; boundary=', undefined],
    ['multipart/form-data; boundary="x\u0001"', undefined],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
    ['multipart/form-data; boundary=a; boundary=b', undefined],
    ['multipart/mixed; boundary=a', undefined],
    ['application/json', undefined],
    [undefined, undefined],
  ])('of %j is %j', (contentType, expected) => {
    expect(boundaryOf(contentType)).toBe(expected);
  });
});

describe('a field', () => {
  it.each([
    ['among files', file + named('model', 'whisper-1') + named('language', 'de'), 'whisper-1'],
    ['first', named('model', 'm') + file, 'm'],
    ['empty', named('model', ''), ''],
    ['in other letters', part('content-disposition: form-data; NAME=model', 'm'), 'm'],
    [
      'with a type',
      part('Content-Type: text/plain\r\nContent-Disposition: form-data; name="model"', 'm'),
      'm',
    ],
  ])('is found %s', (_name, parts, expected) => {
    const body = `${parts}--B--\r\n`;
    const form = read(body);
    if (!form.ok) expect.fail(form.message);
    expect(body.slice(form.field!.start, form.field!.end)).toBe(expected);
  });
  it.each([
    ['not there', file],
    ['of another name', named('Model', 'm') + named('model[]', 'm')],
  ])('is absent when %s', (_name, parts) => {
    expect(read(`${parts}--B--`)).toMatchObject({ ok: true, field: undefined });
  });
});

describe('a form is refused', () => {
  const inner = '\n--B\nContent-Disposition: form-data; name="model"\n\nx';
  it.each([
    ['that is none', 'model=x'],
    ['that is empty', ''],
    ['of another boundary', '--C\r\n\r\n'],
    ['with something before it', `\r\n${named('model', 'm')}--B--`],
    ['with something after it', `${named('a', 'm')}--B--\r\n${named('model', 'm')}--B--`],
    ['without an end', named('model', 'm')],
    ['cut in its headers', '--B\r\nContent-Disposition: form-data; name="model"'],
    ['cut in its content', '--B\r\nContent-Disposition: form-data; name="model"\r\n\r\nm'],
    ['that names the model twice', `${named('model', 'a')}${named('model', 'b')}--B--`],
    [
      'whose model is a file',
      `${part('Content-Disposition: form-data; name="model"; filename="m"', 'a')}--B--`,
    ],
    [
      'whose model is encoded',
      `${part('Content-Disposition: form-data; name="model"\r\nContent-Transfer-Encoding: base64', 'YQ==')}--B--`,
    ],
    ['with a part without a name', `${part('Content-Disposition: form-data', 'm')}--B--`],
    ['with a part without a disposition', `${part('Content-Type: text/plain', 'm')}--B--`],
    ['with two names', `${part('Content-Disposition: form-data; name="a"; name="model"', 'm')}--B--`],
    [
      'with an extended name',
      `${part('Content-Disposition: form-data; name="a"; name*=UTF-8\'\'model', 'm')}--B--`,
    ],
    ['with an escape in a name', `${named('mod\\el', 'm')}--B--`],
    ['with a folded header', `${part('Content-Disposition: form-data;\r\n name="model"', 'm')}--B--`],
    [
      'with two dispositions',
      `${part('Content-Disposition: x; name="a"\r\nContent-Disposition: x; name="model"', 'm')}--B--`,
    ],
    ['with a boundary after a bare line feed', `${named('a', inner)}--B--`],
    [
      'with a boundary where content should be',
      '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n--B\r\n',
    ],
    ['with a boundary that goes on', `${named('a', 'm')}--Bx\r\n`],
    ['with a boundary and spaces', `${named('a', 'm')}--B  \r\n`],
    ['with too many parts', `${named('a', '').repeat(257)}--B--`],
    [
      'with endless headers',
      `${part(`Content-Disposition: form-data; name="a"\r\nX: ${'x'.repeat(9000)}`, '')}--B--`,
    ],
  ])('%s', (_name, text) => {
    expect(read(text)).toMatchObject({ ok: false, message: expect.stringMatching(/^the multipart form/) });
  });
  it('or read, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('--B', '\r\n', 'name="model"', 'Content-Disposition: form-data; ', '--', 'x'),
        ),
        (words) => {
          expect(typeof read(words.join('')).ok).toBe('boolean');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a value is set', () => {
  const edited = (text: string, value: string): string => {
    const form = read(text);
    if (!form.ok) expect.fail(form.message);
    return Buffer.concat(
      spliceValues(Buffer.from(text, 'latin1'), [setField(form, 'model', value)]),
    ).toString('latin1');
  };
  it('in the place of the old one, every other byte kept', () => {
    const text = `${file}${named('model', 'openai/whisper-1')}--B--\r\n`;
    expect(edited(text, 'whisper-1')).toBe(`${file}${named('model', 'whisper-1')}--B--\r\n`);
  });
  it('as a part of its own', () => {
    const text = edited(`${file}--B--\r\n`, 'm');
    expect(text.endsWith(`${file}--B--\r\n`)).toBe(true);
    const form = read(text);
    expect(form.ok && form.field && text.slice(form.field.start, form.field.end)).toBe('m');
  });
  it('as FormData of this very runtime is written', async () => {
    const data = new FormData();
    data.set('file', new Blob([new Uint8Array([0, 13, 10, 45, 45])]), 'a "b".bin');
    data.set('model', 'openai/whisper-1');
    const sent = new Response(data);
    const boundary = boundaryOf(sent.headers.get('content-type') ?? '')!;
    const body = Buffer.from(await sent.arrayBuffer());
    const form = readForm(body, boundary, 'model');
    if (!form.ok) expect.fail(form.message);
    const bytes = Buffer.concat(spliceValues(body, [setField(form, 'model', 'm')]));
    const again = await new Response(bytes, {
      headers: { 'content-type': sent.headers.get('content-type')! },
    }).formData();
    expect(again.get('model')).toBe('m');
    expect((again.get('file') as File).size).toBe(5);
  });
});
