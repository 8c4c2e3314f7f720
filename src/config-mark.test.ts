/** What changes the mark of files and folders, and what does not. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { isSameMark, isThinner, takeMark } from './config-mark.ts';

const root = mkdtempSync(join(tmpdir(), 'turnpike-mark-'));
let folder = root;
let file = '';
let number = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  number += 1;
  folder = join(root, String(number));
  mkdirSync(join(folder, 'agents', 'deep'), { recursive: true });
  file = join(folder, 'turnpike.yaml');
  writeFileSync(file, 'port: 1\n');
  writeFileSync(join(folder, 'agents', 'coder.md'), 'You code.');
});

const paths = () => [file, join(folder, 'agents'), join(folder, 'not-there')];
const at = (...names: string[]) => join(folder, ...names);

it.each<[string, () => void, boolean]>([
  ['nothing', () => {}, true],
  ['a file that is written', () => writeFileSync(file, 'port: 2\n'), false],
  [
    'a file that is written with its old size and time',
    () => {
      utimesSync(file, 1, 1);
      writeFileSync(file, 'port: 2\n');
      utimesSync(file, 1, 1);
    },
    false,
  ],
  [
    'another file in its place',
    () => {
      writeFileSync(at('next'), 'port: 1\n');
      renameSync(at('next'), file);
    },
    false,
  ],
  ['a file that goes', () => rmSync(file), false],
  ['a file that comes', () => writeFileSync(at('not-there'), ''), false],
  ['a file in a folder', () => writeFileSync(at('agents', 'deep', 'new.md'), 'x'), false],
  ['a folder that goes', () => rmSync(at('agents'), { recursive: true }), false],
  ['what an editor keeps beside', () => writeFileSync(at('agents', '.coder.md.swp'), 'x'), true],
  ['a file beside those that matter', () => writeFileSync(at('other.yaml'), 'x'), true],
])('%s', async (_, change, isSame) => {
  const before = await takeMark(paths());
  change();
  expect(isSameMark(before, await takeMark(paths()))).toBe(isSame);
});

it('sees through a link to another set of files', async () => {
  mkdirSync(at('one'));
  mkdirSync(at('two'));
  for (const name of ['one', 'two']) writeFileSync(at(name, 'config.yaml'), 'port: 1\n');
  symlinkSync('one', at('..data'));
  symlinkSync(join('..data', 'config.yaml'), at('config.yaml'));
  const before = await takeMark([at('config.yaml')]);
  symlinkSync('two', at('..next'));
  renameSync(at('..next'), at('..data'));
  expect(isSameMark(before, await takeMark([at('config.yaml')]))).toBe(false);
});

it('ends in a folder that holds itself', async () => {
  symlinkSync('..', at('agents', 'deep', 'up'));
  expect((await takeMark(paths())).size).toBeLessThan(40);
});

it.each<[string, () => void, boolean]>([
  ['longer', () => writeFileSync(file, 'port: 1\nhost: a\n'), false],
  ['empty', () => writeFileSync(file, ''), true],
  ['gone', () => rmSync(file), true],
  ['more files', () => writeFileSync(at('not-there'), 'x'), false],
])('looks like the middle of a save where a file is %s', async (_, change, expected) => {
  const before = await takeMark(paths());
  change();
  expect(isThinner(before, await takeMark(paths()))).toBe(expected);
});
