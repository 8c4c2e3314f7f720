/** Real programs on a real PATH: found, started, signalled, and their exit codes. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from './find-program.ts';
import { createProcessIo } from './process-io.ts';
import { quote } from './run.ts';

const io = createProcessIo();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-bin-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode });
  return path;
}

describe('findProgram', () => {
  it('takes the first executable file on the PATH', () => {
    mkdirSync(join(folder, 'tool'));
    const other = join(folder, 'tool');
    const path = program('real', 'exit 0');
    program('plain', 'exit 0', 0o644);
    const env = { PATH: ['', other, folder].join(delimiter) };
    expect(findProgram('real', env)).toBe(path);
    expect(findProgram('plain', env)).toBeUndefined();
    expect(findProgram('tool', env)).toBeUndefined();
    expect(findProgram('real', { PATH: undefined })).toBeUndefined();
  });
});

describe('start', () => {
  it('gives the program its arguments and environment, and its exit code back', async () => {
    const seen = join(folder, 'seen');
    const path = program('tool', `printf '%s|%s|%s' "$1" "$2" "$KEY" > ${seen}; exit 7`);
    expect(await io.start(path, ['-p', "it's $HOME"], { KEY: 'tp-1', GONE: undefined })).toBe(7);
    expect(readFileSync(seen, 'utf8')).toBe("-p|it's $HOME|tp-1");
  });
  it('reports a program that a signal ended as a shell does', async () => {
    expect(await io.start(program('tool', 'kill -TERM $$'), [], {})).toBe(128 + 15);
  });
  it('passes a signal on', async () => {
    const ready = join(folder, 'ready');
    const script = `trap 'exit 9' TERM; : > ${ready}; while :; do sleep 0.02; done`;
    const ended = io.start(program('tool', script), [], { PATH: process.env.PATH });
    await expect.poll(() => existsSync(ready)).toBe(true);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(9);
  });
  it('says when it cannot be started', async () => {
    await expect(io.start(join(folder, 'none'), [], {})).rejects.toThrow('could not be started');
  });
});

describe('firstLine', () => {
  it.each([
    ['the first line', 'echo 1.2.3; echo more', '1.2.3'],
    ['nothing when the program fails', 'echo 1.2.3; exit 1', undefined],
    ['nothing when it says nothing', 'exit 0', undefined],
  ])('gives %s', async (_name, script, expected) => {
    expect(await io.firstLine(program('tool', script), ['--version'])).toBe(expected);
  });
});

describe('quote', () => {
  const words = [
    'plain',
    '/a/b-c_d.e:f=g,h@i%j+k',
    'two words',
    "it's",
    '$HOME `x` "y" \\z',
    '',
    'a\nb',
    '-c',
    '*',
  ];
  it.each(words)('%j comes back from a shell', async (word) => {
    const seen = join(folder, 'seen');
    await io.start(program('tool', `printf %s ${quote(word)} > ${seen}`), [], {});
    expect(readFileSync(seen, 'utf8')).toBe(word);
  });
});
