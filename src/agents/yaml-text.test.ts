/** The fast way of reading plain lines says what the whole parser says, or leaves it to that. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainYaml, readYaml } from './yaml-text.ts';

describe('readPlainYaml', () => {
  it.each([
    'name: code-reviewer\ndescription: Use it, often! (really)\nmodel: openai:gpt-4o\ntools: Read, Grep\n',
    'name:\nmodel: m  \n\ncolor: red\r\n',
    '',
  ])('reads %j as readYaml does', (text) => {
    const plain = readPlainYaml(text);
    const whole = readYaml(text);
    if (!plain?.ok || !whole.ok) throw new Error('not read');
    expect({ ...(plain.value as object) }).toEqual(whole.value ?? {});
    for (const name of ['name', 'model']) expect(plain.lineAt([name])).toBe(whole.lineAt([name]));
  });

  it.each([
    'a: "b"',
    "a: 'b'",
    'a: 1',
    'a: True',
    'a: null',
    'a: b # c',
    'a: b: c',
    'a: b:',
    'a: [b]',
    'a: b\n  c',
    'a: |\n  b',
    'a: b\na: c',
    'a:b',
    ' a: b',
    'a: *b',
    'a: b\n---\nc: d',
    'a: é',
    'a: b\tc',
  ])('leaves %j to readYaml', (text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it('never says anything else than readYaml', () => {
    const piece = fc.constantFrom(
      'a',
      'b1',
      'name',
      ':',
      ': ',
      ' ',
      '\n',
      '\r\n',
      '#',
      ' #',
      '"',
      "'",
      '-',
      '- ',
      '[',
      '{',
      '&x',
      '*x',
      '!t',
      '%',
      '@',
      '`',
      'null',
      'true',
      '1',
      '.5',
      '~',
      ',',
      '|',
      '>',
      '?',
      '? ',
      '=',
      '<<',
      '/',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const plain = readPlainYaml(text);
        if (!plain?.ok) return;
        const whole = readYaml(text);
        expect(whole).toMatchObject({ ok: true });
        if (whole.ok) expect({ ...(plain.value as object) }).toEqual(whole.value ?? {});
      }),
      { numRuns: 20_000 },
    );
  });
});
