/** Frontmatters: right, wrong, hostile. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePromptFile } from './prompt-file.ts';

describe('parsePromptFile', () => {
  it.each([
    ['no frontmatter', '# Do\n---\nmodel: x\n---\n', {}, '# Do\n---\nmodel: x\n---\n'],
    ['an empty one', '---\n---\nDo it.', {}, 'Do it.'],
    [
      'a name and a model',
      '---\nname: a\nmodel: openai/gpt-4o\n---\nDo',
      { name: 'a', model: 'openai/gpt-4o' },
      'Do',
    ],
    ['Windows line ends', '---\r\nmodel: m\r\n---\r\nDo\r\n', { model: 'm' }, 'Do\r\n'],
    ['a byte order mark', '\uFEFF---\nmodel: m\n---\nDo', { model: 'm' }, 'Do'],
    ['blanks after the dashes', '---  \nmodel: m\n--- \t\nDo', { model: 'm' }, 'Do'],
    ['nothing after it', '---\nmodel: m\n---', { model: 'm' }, ''],
    ['dashes in the text', '---\nmodel: m\n---\na\n---\nb', { model: 'm' }, 'a\n---\nb'],
    ['dashes in a value', '---\nname: a---b\n---\nDo', { name: 'a---b' }, 'Do'],
    ['quotes and a comment', `---\nmodel: "a:b" # why\n---\nDo`, { model: 'a:b' }, 'Do'],
    ['one fallback', '---\nmodel: m\nmodel_fallback: n\n---\n', { model: 'm', fallback: ['n'] }, ''],
    [
      'a list of fallbacks',
      '---\nmodel: m\nmodel_fallback: [n, " o "]\n---\n',
      { model: 'm', fallback: ['n', 'o'] },
      '',
    ],
    ['nothing behind a name', '---\nmodel:\nname: ""\n---\nDo', {}, 'Do'],
    ['what others put there', '---\ntools: [Read]\ncolor: red\nmodel: m\n---\nDo', { model: 'm' }, 'Do'],
    ['a name of JavaScript', '---\n__proto__: { model: evil }\nconstructor: x\n---\nDo', {}, 'Do'],
    ['an alias', '---\nname: &n m\nmodel: *n\n---\nDo', { name: 'm', model: 'm' }, 'Do'],
  ])('reads %s', (_, source, fields, text) => {
    const none = { name: undefined, model: undefined, fallback: [], description: undefined, problems: [] };
    expect(parsePromptFile(source)).toEqual({ ...none, ...fields, text });
  });

  it.each([
    ['no end', '---\nmodel: m\nDo', 1, /no end/],
    ['no mapping', '---\n- a\n---\n', 2, /must be names with values/],
    ['a model that is a number', '---\nname: a\nmodel: 4\n---\n', 3, /model must be text/],
    ['a model that is a list', '---\nmodel: [a]\n---\n', 2, /model must be text/],
    [
      'a fallback that is a mapping',
      '---\nmodel: m\nmodel_fallback: { a: b }\n---\n',
      3,
      /model_fallback must be/,
    ],
    ['too many fallbacks', `---\nmodel: m\nmodel_fallback: [${'n,'.repeat(21)}]\n---\n`, 3, /at most 20/],
    ['a fallback alone', '---\nmodel_fallback: n\n---\n', 2, /no effect without model/],
    ['a long model', `---\nmodel: ${'m'.repeat(301)}\n---\n`, 2, /at most 300/],
    ['a long frontmatter', `---\nx: ${'m'.repeat(33_000)}\n---\n`, 1, /longer than/],
    ['a tag', '---\nname: a\nmodel: !run m\n---\n', 3, /no YAML/],
    ['binary', '---\nmodel: !!binary aGk=\n---\n', 2, /no YAML/],
    ['a name twice', '---\nmodel: m\nmodel: n\n---\n', 3, /no YAML/],
    ['an unknown alias', '---\nname: *a\n---\n', 2, /no YAML/],
  ])('says what is wrong with %s', (_, source, line, reason) => {
    expect(parsePromptFile(source).problems).toEqual([{ line, reason: expect.stringMatching(reason) }]);
  });

  it('reads the lines of a frontmatter that is no YAML, as coding agents do', () => {
    const source =
      '---\nname: reviewer\ndescription: Use it. Context: a user\nmodel: "m"\nmodel_fallback: [n]\n---\nDo';
    const { problems, ...read } = parsePromptFile(source);
    expect(read).toEqual({
      name: 'reviewer',
      model: 'm',
      fallback: ['n'],
      description: undefined,
      text: 'Do',
    });
    expect(problems).toEqual([{ line: 3, reason: expect.stringContaining('no YAML') }]);
  });

  it('does not unfold a bomb of aliases', () => {
    const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 12; at += 1)
      rows.push(`a${at}: &a${at} [${`*a${at > 1 ? at - 1 : ''},`.repeat(9)}]`);
    const { model, problems } = parsePromptFile(`---\nmodel: m\n${rows.join('\n')}\n---\nDo`);
    expect(problems[0]?.reason).toContain('alias');
    expect(model).toBe('m');
  });

  it('survives brackets without end', () => {
    expect(parsePromptFile(`---\na: ${'['.repeat(30_000)}\n---\nDo`).problems).toHaveLength(1);
  });

  it('gives back the text of any file', () => {
    const field = fc.constantFrom(
      'name: a\n',
      'model: m\n',
      'description: what: ever\n',
      '{\n',
      '%YAML 1.1\n',
      '!!js x\n',
    );
    fc.assert(
      fc.property(fc.array(field), fc.string({ unit: 'binary' }), (fields, text) => {
        expect(parsePromptFile(`---\n${fields.join('')}---\n${text}`).text).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('reads whatever stands there', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        const { text } = parsePromptFile(`---\n${source}`);
        expect(`---\n${source}`.endsWith(text)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
