/** `turnpike init claude`: what it writes, what it leaves alone, and that what it writes can be run. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { claudeCommands } from '../src/cli/init-claude.ts';
import { buildProgram } from '../src/cli/program.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { createFakeIo, type FakeIo } from './support/fake-io.ts';

const FOLDER = '.claude/commands/turnpike';
const FILES = ['models.md', 'costs.md', 'explain.md', 'health.md'];

async function init(fake: FakeIo, ...words: string[]) {
  const before = [fake.out().length, fake.err().length];
  const code = await runCli(['init', ...words], fake.io);
  return { code, out: fake.out().slice(before[0]), err: fake.err().slice(before[1]) };
}

const file = (fake: FakeIo, name = 'models.md') => join(fake.home, FOLDER, name);
const read = (fake: FakeIo, name?: string) => readFileSync(file(fake, name), 'utf8');

describe('init claude', () => {
  it('writes a file for each command and says so', async () => {
    const fake = createFakeIo();
    const { code, out, err } = await init(fake, 'claude');
    expect(code).toBe(0);
    expect(out).toBe(
      `${FILES.map((name) => `✓ wrote ${FOLDER}/${name}\n`).join('')}` +
        'Claude Code has /turnpike:models, /turnpike:costs, /turnpike:explain, /turnpike:health from its next start on.\n',
    );
    expect(err).toContain('There is no turnpike on the PATH');
    expect(readdirSync(join(fake.home, FOLDER)).sort()).toEqual([...FILES].sort());
    expect(read(fake)).toContain('!`turnpike models config`');
  });

  it('changes nothing the second time', async () => {
    const fake = createFakeIo();
    await init(fake, 'claude');
    const { code, out } = await init(fake, 'claude', '--json');
    expect(code).toBe(0);
    const deeds = JSON.parse(out).files.map(({ deed }: { deed: string }) => deed);
    expect(deeds).toEqual(FILES.map(() => 'unchanged'));
  });

  it('writes into the caller’s own folder', async () => {
    const own = createFakeIo().home;
    const fake = createFakeIo({ env: { HOME: own } });
    const { code, out } = await init(fake, 'claude', '--user');
    expect(code).toBe(0);
    expect(out).toContain(`✓ wrote ${join(own, FOLDER, 'models.md')}`);
    expect(readdirSync(fake.home)).not.toContain('.claude');
  });

  it('writes nothing on a dry run', async () => {
    const fake = createFakeIo();
    const { code, out } = await init(fake, 'claude', '--dry-run');
    expect([code, out]).toEqual([0, FILES.map((name) => `+ would write ${FOLDER}/${name}\n`).join('')]);
    expect(readdirSync(fake.home)).not.toContain('.claude');
  });

  it('leaves alone what was changed by hand, unless it is forced', async () => {
    const fake = createFakeIo();
    await init(fake, 'claude');
    const written = read(fake);
    const changed = written.replace('In force now', 'What is in force');
    writeFileSync(file(fake), changed);
    rmSync(file(fake, 'costs.md'));
    const first = await init(fake, 'claude');
    expect(first.code).toBe(1);
    expect(first.out).toContain(`! left alone ${FOLDER}/models.md (it was changed by hand; --force`);
    expect(first.out).toContain(`✓ wrote ${FOLDER}/costs.md`);
    expect(read(fake)).toBe(changed);
    const forced = await init(fake, 'claude', '--force');
    expect(forced.code).toBe(0);
    expect(forced.out).toContain(`✓ overwrote ${FOLDER}/models.md`);
    expect(read(fake)).toBe(written);
  });

  it('leaves alone a file of that name that it never wrote', async () => {
    const fake = createFakeIo();
    mkdirSync(join(fake.home, FOLDER), { recursive: true });
    writeFileSync(file(fake), 'Mine.\n');
    expect((await init(fake, 'claude')).code).toBe(1);
    expect(read(fake)).toBe('Mine.\n');
  });

  it('brings what an older version wrote up to date', async () => {
    const fake = createFakeIo();
    await init(fake, 'claude');
    const other = read(fake, 'costs.md');
    writeFileSync(file(fake), other);
    const { code, out } = await init(fake, 'claude');
    expect(code).toBe(0);
    expect(out).toContain(`✓ updated ${FOLDER}/models.md`);
  });

  it('does not write through a link', async () => {
    const fake = createFakeIo();
    mkdirSync(join(fake.home, FOLDER), { recursive: true });
    const target = join(fake.home, 'elsewhere.md');
    writeFileSync(target, 'Mine.\n');
    symlinkSync(target, file(fake));
    const { code, err } = await init(fake, 'claude', '--force');
    expect(code).toBe(1);
    expect(err).toContain('is no file of its own');
    expect(readFileSync(target, 'utf8')).toBe('Mine.\n');
  });

  it.each([
    [['codex'], 2, 'there is nothing to set up for codex'],
    [['claude', '--user', '--project'], 2, 'either --project or --user'],
  ] as const)('refuses %j', async (words, code, message) => {
    const told = await init(createFakeIo(), ...words);
    expect(told.code).toBe(code);
    expect(told.err).toContain(message);
  });

  it('says where it may not write', async () => {
    const fake = createFakeIo();
    writeFileSync(join(fake.home, '.claude'), 'a file in the way');
    const { code, err } = await init(fake, 'claude');
    expect(code).toBe(1);
    expect(err).toMatch(/cannot (read|write) .*ENOTDIR/);
  });
});

describe.each(claudeCommands)('/turnpike:$name', ({ text }) => {
  const [, head = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  const allowed = [...head.matchAll(/Bash\((turnpike [a-z ]+):\*\)/g)].map(([, command]) => command!);
  const named = [...body.matchAll(/`(turnpike [^`]+)`/g)].map(([, command]) => command!);

  it('says what it is for', () => expect(head).toMatch(/^description: "[^"]+"$/m));

  it('may run the commands it names, and those exist', () => {
    expect(named.length).toBeGreaterThan(0);
    const program = buildProgram(createFakeIo().io, async () => {});
    for (const command of named) {
      expect(allowed.some((start) => command === start || command.startsWith(`${start} `))).toBe(true);
      expect(problemOf(program, command.split(' ').slice(1))).toBeUndefined();
    }
  });
});

/** What is wrong with the words of a command: a name that is none, or an option. */
function problemOf(program: Command, words: readonly string[]): string | undefined {
  const [name, ...rest] = words;
  if (name === undefined) return undefined;
  const found = program.commands.find((command) => command.name() === name);
  if (found) return problemOf(found, rest);
  if (program.commands.length > 0 && !name.startsWith('-')) return `no command ${name}`;
  const options = words.flatMap((word) => /--[a-z-]+/.exec(word)?.[0] ?? []);
  const unknown = options.filter((option) => !program.options.some(({ long }) => long === option));
  return unknown.length > 0 ? `no option ${unknown.join(', ')} of ${program.name()}` : undefined;
}
