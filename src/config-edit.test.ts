// Models set in and taken out of configuration files: what changes, what stays, and what is refused.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fileToEdit, setModelInFile, unsetModelInFile } from './config-edit.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-edit-'));
  path = join(folder, 'turnpike.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = () => readFileSync(path, 'utf8');
const set = (promptId: string, ref: string, fallback?: readonly string[]) =>
  setModelInFile(path, promptId, { ref, ...(fallback && { fallback }) }, {});
const unset = (promptId: string) => unsetModelInFile(path, promptId, {});

const WRITTEN = `# Ours.
port: 8642 # the usual

models:
  # Whatever names none.
  default: anthropic/claude-sonnet-4-5 # good enough
  agents:
    # It reads much.
    "oss:code-reviewer": ollama/codellama # local

aliases: { fast: openai/gpt-4o-mini }
`;

describe('set', () => {
  it('changes one value, and nothing around it', () => {
    writeFileSync(path, WRITTEN);
    set('agent:oss:code-reviewer', 'openai/gpt-4o');
    expect(read()).toBe(WRITTEN.replace('ollama/codellama', 'openai/gpt-4o'));
    set('default', 'fast');
    expect(read()).toContain('  default: fast # good enough\n');
  });

  it('adds what is not there yet', () => {
    writeFileSync(path, WRITTEN);
    set('agents:new', 'fast');
    set('command:*', 'a/b', ['c/d', 'fast']);
    expect(read()).toBe(
      WRITTEN.replace(
        'codellama # local\n',
        'codellama # local\n    new: fast\n  commands:\n    "*":\n      model: a/b\n      fallback:\n        - c/d\n        - fast\n',
      ),
    );
  });

  it.each([
    ['no file', undefined, 'models:\n  skills:\n    s: a/b\n'],
    ['an empty file', '', 'models:\n  skills:\n    s: a/b\n'],
    ['comments alone', '# mine\n', '# mine\n\nmodels:\n  skills:\n    s: a/b\n'],
    ['an empty part', 'models:\n', 'models:\n  skills:\n    s: a/b\n'],
    ['an empty kind', 'models: { skills: }\n', 'models: { skills: { s: a/b } }\n'],
    ['flow style', 'models: { skills: { t: c/d } }\n', 'models: { skills: { t: c/d, s: a/b } }\n'],
    [
      'a rule with a fallback',
      'models: { skills: { s: { model: x/y, fallback: [z] } } }\n',
      'models: { skills: { s: a/b } }\n',
    ],
  ])('in %s', (_, before, after) => {
    if (before !== undefined) writeFileSync(path, before);
    set('skill:s', 'a/b');
    expect(read()).toBe(after);
  });

  it('leaves the spaces of other lines as they are', () => {
    const other =
      "aliases:   {fast: 'a/b'}   # odd\nroutes:\n    r:\n        models: [x/y,   { ref: z/z }]\n\n\n# end\n";
    writeFileSync(path, `${other}models:\n      default:   a/b\n`);
    set('default', 'c/d');
    expect(read()).toBe(`${other}models:\n  default: c/d\n`);
    set('agent:x', 'e/f');
    expect(read()).toBe(`${other}models:\n  default: c/d\n  agents:\n    x: e/f\n`);
    unset('agent:x');
    expect(read()).toBe(`${other}models:\n  default: c/d\n`);
  });

  it('keeps who may read the file, and makes a new one for its owner alone', () => {
    set('default', 'a/b');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    set('default', 'c/d');
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(['turnpike.yaml']);
  });

  it('writes through a link', () => {
    const real = join(folder, 'real.yaml');
    writeFileSync(real, 'models: { default: a/b }\n');
    symlinkSync(real, path);
    set('default', 'c/d');
    expect(readFileSync(real, 'utf8')).toBe('models: { default: c/d }\n');
  });

  it.each([
    ['robot:x', 'a/b', undefined, WRITTEN, 'is no prompt'],
    ['agent:x', '  ', undefined, WRITTEN, 'models.agents.x'],
    ['default', 'a/b', ['c/d'], WRITTEN, 'has no fallback'],
    ['agent:x', 'a/b', undefined, 'models: [a]\n', 'models is no map'],
    ['agent:x', 'a/b', undefined, 'models: *nowhere\n', 'nowhere'],
    ['agent:x', 'a/b', undefined, 'a: [1\n', 'line'],
  ])('%s %s %j is refused, and the file stays', (promptId, ref, fallback, before, part) => {
    writeFileSync(path, before);
    expect(() => set(promptId, ref, fallback)).toThrow(part);
    expect(read()).toBe(before);
    expect(readdirSync(folder)).toEqual(['turnpike.yaml']);
  });

  it('a file that is not valid here may be where the server runs', () => {
    const before = 'prices: { refresh: { url: "${' + 'LIST}" } }\n';
    writeFileSync(path, before);
    set('default', 'a/b');
    expect(read()).toBe(`${before}models:\n  default: a/b\n`);
  });
});

describe('unset', () => {
  it('takes one rule away, and what it leaves empty', () => {
    writeFileSync(path, WRITTEN);
    expect(unset('agent:other')).toBe(false);
    expect(read()).toBe(WRITTEN);
    expect(unset('agent:oss:code-reviewer')).toBe(true);
    expect(parse(read())).toEqual({
      port: 8642,
      models: { default: 'anthropic/claude-sonnet-4-5' },
      aliases: { fast: 'openai/gpt-4o-mini' },
    });
    expect(unset('default')).toBe(true);
    expect(parse(read())).not.toHaveProperty('models');
    expect(read()).toContain('port: 8642 # the usual');
  });

  it('of a file that is not there says so', () => {
    expect(unset('default')).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it('what is set is read back, and taking it away gives back what was, whatever the name', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
    .filter(
      (text) =>
        text.trim() !== '' && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) && text.trim() !== '__proto__',
    );
  fc.assert(
    fc.property(name, fc.constantFrom('agent', 'hook'), (text, kind) => {
      writeFileSync(path, WRITTEN);
      set(`${kind}:${text}`, 'x/y');
      expect(parse(read()).models[`${kind}s`][text.trim()]).toBe('x/y');
      expect(unset(`${kind}:${text}`)).toBe(true);
      expect(parse(read())).toEqual(parse(WRITTEN));
    }),
    { numRuns: 100 },
  );
});

describe('the file', () => {
  const place = (cwd: string, named?: string) => ({ cwd, named, home: join(folder, 'home') });
  it('of a project is the nearest, the named one, or a new one here', () => {
    const inner = join(folder, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    expect(fileToEdit('project', place(inner))).toBe(join(inner, 'turnpike.yaml'));
    writeFileSync(path, '');
    expect(fileToEdit('project', place(inner))).toBe(path);
    expect(fileToEdit('project', place(inner, 'named.yaml'))).toBe(join(inner, 'named.yaml'));
  });
  it('of the user is in the data folder', () => {
    expect(fileToEdit('user', place(folder))).toBe(join(folder, 'home', 'config.yaml'));
  });
});
