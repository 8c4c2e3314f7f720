/** Read by entries is read the same: random files, edited again and again, and those that cannot be cut. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ParsedYaml, parseYaml } from './config-yaml.ts';
import { createEntryParser } from './config-yaml-entries.ts';

/** Small enough that what is written here is cut, on both levels. */
const SMALL = 40;

function counting(smallBytes: number | undefined = SMALL) {
  let bytes = 0;
  const { parse } = createEntryParser(async (text) => {
    bytes += text.length;
    return parseYaml(text);
  }, smallBytes);
  return { parse, bytes: () => bytes };
}

const outcome = (read: () => ParsedYaml | Promise<ParsedYaml>) =>
  Promise.resolve()
    .then(read)
    .then(
      ({ value }) => ({ value }),
      (error: Error) => ({ message: error.message }),
    );

const routes = (count: number, edit: (at: number) => string = () => '') =>
  `routes:\n${Array.from({ length: count }, (_, at) => `  r${at}:\n    strategy: ordered\n    models: [p/m-${at}, p/n]${edit(at)}\n`).join('')}`;

it('parses again only what is another', async () => {
  const { parse, bytes } = counting(8 * 1024);
  await parse(`port: 1\n${routes(500)}aliases: { a: x/y }\n`);
  const whole = bytes();
  const text = `port: 2\n# a comment\n${routes(500, (at) => (at === 77 ? ' # new' : ''))}aliases: { a: x/y }\n`;
  const { value, lineAt } = await parse(text);
  expect(value).toEqual(parseYaml(text).value);
  expect(bytes() - whole).toBeLessThan(200);
  expect(lineAt(['routes', 'r77'])).toBe(parseYaml(text).lineAt(['routes', 'r77']));
  for (const path of [['routes', 'r77', 'models', 0], ['aliases', 'a'], ['routes', 'none'], ['none'], []])
    expect(lineAt(path)).toBe(parseYaml(text).lineAt(path));
});

const pad = `pad:\n${Array.from({ length: 6 }, (_, at) => `  p${at}: some text\n`).join('')}`;

it.each([
  ['a list at the margin', `${pad}list:\n- a\n- b: 1\n`],
  [
    'texts of several lines',
    `${pad}a: |\n  one\n  # two\n\n  three\nb: >-\n  x\n  y\nc: "u\n  v"\nd: plain\n  goes on\n`,
  ],
  ['flow over lines', `${pad}a: {\n  b: 1,\n  c: [2,\n    3] }\nd: 1\n`],
  ['an anchor and its alias', `${pad}a: &x { b: 1 }\nc: *x\n`],
  ['an alias behind a name in quotes', `${pad}a: &x 1\nc: {"d":*x}\n`],
  ['a name in quotes', `${pad}"a b": 1\n`],
  ['a name that is asked for', `${pad}? a\n: 1\n`],
  ['two documents', `${pad}---\na: 1\n`],
  ['a tab', `${pad}a:\t1\n`],
  ['a name twice', `${pad}a: 1\nb: 2\na: 3\n`],
  ['a name twice, further in', `${pad}b:\n  c: 1\n  c: 2\n`],
  ['a text that is not closed', `${pad}a: "x\nb: y\n`],
  ['a text over the margin', `${pad}a: "x\nb: y\nc: z"\n`],
  ['a bracket over the margin', `${pad}a: [1,\nb: 2]\n`],
  ['a line of nothing known', `${pad}what\n`],
  ['no line at the end', `${pad}a: 1`],
  ['lines that end as on Windows', `${pad}a:\n  b: 1\nc: 2\n`.replaceAll('\n', '\r\n')],
  ['a mapping in the name only', `${pad}a: b: 1\n`],
  ['a larger indent first', `big:\n    a: 1\n${pad.replaceAll('\n', '\n  ').trimEnd()}\n`],
  ['nothing', `# ${'x'.repeat(9_000)}\n`],
])('%s', async (_, text) => {
  const { parse } = counting();
  // Read before, so that much of it is remembered.
  await outcome(() => parse(`${pad}a: 1\nb: y\nc: 2\nd: plain\n`));
  const expected = await outcome(() => parseYaml(text));
  expect(await outcome(() => parse(text))).toEqual(expected);
  expect(await outcome(() => parse(text))).toEqual(expected);
});

it('is the same for any edits of any file', async () => {
  const piece = fc.constantFrom(
    'a: 1\n',
    'b:\n  c: [x, y]\n  d: e\n',
    'b:\n',
    '  f: 2\n',
    'list:\n- 1\n',
    '# note\n',
    '\n',
    'q: "two\n  lines"\n',
    'r: |\n  text\n',
    's: {t: 1,\n  u: 2}\n',
    'v: "open\n',
    '- item\n',
    'key:*: 1\n',
    'w: x & y\n',
    'z: *n\n',
    '"x": 1\n',
    '  g: h # i\n',
    'j: k: l\n',
  );
  const texts = fc.array(fc.array(piece, { maxLength: 12 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(texts, async (files) => {
      const { parse } = counting();
      for (const pieces of files) {
        const text = pad + pieces.join('');
        expect(await outcome(() => parse(text))).toEqual(await outcome(() => parseYaml(text)));
      }
    }),
    { numRuns: 300 },
  );
});
