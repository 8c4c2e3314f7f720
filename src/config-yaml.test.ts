/** Lines, refusals and the thread: the same from both ways of parsing. */
import { afterAll, describe, expect, it } from 'vitest';
import { parseYaml } from './config-yaml.ts';
import { createYamlParser } from './config-yaml-thread.ts';

const parser = createYamlParser();
afterAll(() => parser.close());

/** So much that it is parsed beside the event loop. */
const padding = `# ${'x'.repeat(16 * 1024)}\n`;

const ways: readonly (readonly [string, (text: string) => Promise<ReturnType<typeof parseYaml>>])[] = [
  ['here', async (text) => parseYaml(text)],
  ['in the thread', (text) => parser.parse(text)],
];

describe.each(ways)('%s', (_, parse) => {
  it('gives the values and the line of every setting', async () => {
    const { value, lineAt } = await parse(
      `${padding}port: 1\nroutes:\n  a:\n    models: [x, y]\nlist:\n  - b: 1\n`,
    );
    expect(value).toEqual({ port: 1, routes: { a: { models: ['x', 'y'] } }, list: [{ b: 1 }] });
    expect(lineAt(['port'])).toBe(2);
    expect(lineAt(['routes', 'a', 'models'])).toBe(5);
    expect(lineAt(['list', 0, 'b'])).toBe(7);
    expect(lineAt(['routes', 'a', 'strategy'])).toBe(4);
    expect(lineAt([])).toBe(1);
  });
  it.each([
    ['a bracket that is not closed', 'a: 1\nb: [1, 2\n', /^line \d/],
    ['a name that stands twice', 'a: 1\nb: 2\na: 3\n', /^line 4: a stands here twice$/],
    ['one further in', 'a:\n  b: 1\n  b: 2\n', /^line 4: b stands here twice$/],
    ['an alias in what it stands for', 'a: &a\n  b: [*a]\n', /^line 3: \*a stands in itself$/],
    ['an alias of nothing', 'a: *nowhere\n', /nowhere/],
    [
      'a bomb',
      `a: &a [x, x, x, x, x, x, x, x]\n${[...'bcdefg'].map((c, i) => `${c}: &${c} [${Array(8).fill(`*${'abcdef'[i]}`).join(', ')}]`).join('\n')}`,
      /alias/,
    ],
  ])('refuses %s in one line', async (_name, text, message) => {
    const error = await parse(padding + text).then(
      () => undefined,
      (problem: Error) => problem,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
  });
  it('shows nothing of the file', async () => {
    const error = await parse(`${padding}api_key: sk-secret: oops\n`).catch((problem: Error) => problem);
    expect(String(error)).toMatch(/line 2/);
    expect(String(error)).not.toContain('sk-secret');
  });
});

it('parses several texts at once, each with its own answer', async () => {
  const texts = [1, 2, 3].map((n) => parser.parse(`${padding}n: ${n}\n`));
  expect((await Promise.all(texts)).map(({ value }) => value)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

it('rejects what it was asked when it is closed', async () => {
  const other = createYamlParser();
  const asked = expect(other.parse(`${padding}n: 1\n`)).rejects.toThrow('is ended');
  await other.close();
  await asked;
});
