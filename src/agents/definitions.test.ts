/** Prompt files in real folders: what is found, what counts, what is never opened, what is read again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { promptIdText } from '../base/prompt-id.ts';
import { createDefinitionReader, readDefinitions } from './definitions.ts';
import { type PlaceSettings, placesOf, watchedPaths } from './places.ts';

/** A folder with these files in it, gone after the test. */
function house(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'turnpike-definitions-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const settings: PlaceSettings = {
    projectFolder: join(root, 'project'),
    home: join(root, 'home'),
    userFolder: join(root, 'person'),
    folders: [],
  };
  const read = (more: Partial<PlaceSettings> = {}) => readDefinitions(placesOf({ ...settings, ...more }));
  /** Paths of the test, not of the machine. */
  const short = (text: string) => text.replaceAll(`${root}/`, '');
  return { root, write, read, settings, short };
}

const withModel = (model: string) => `---\nmodel: ${model}\n---\nDo what ${model} does best, and say so.`;

describe('readDefinitions', () => {
  it('finds every kind of prompt where it lies', async () => {
    const { read, short } = house({
      'project/.claude/agents/code-reviewer.md': '---\nname: reviewer\nmodel: a\n---\nReview.',
      'project/.claude/agents/team/tester.md': 'Test.',
      'project/.claude/agents/notes.txt': 'no prompt',
      'project/.claude/commands/ship.md': withModel('b'),
      'project/.claude/commands/front/deep/page.MD': 'Make a page.',
      'project/.claude/commands/front/named.md': '---\nname: other\n---\nDo.',
      'project/.claude/skills/pdf/SKILL.md': withModel('c'),
      'project/.claude/skills/pdf/reference.md': 'part of the skill',
      'project/.claude/skills/pdf/more/SKILL.md': 'part of the skill too',
      'project/.claude/skills/group/doc/SKILL.md': '---\nname: docx\n---\nWrite.',
      'project/.claude/skills/loose.md': 'no skill',
      'project/.turnpike/hooks/before.md': 'Look first.',
      'project/.turnpike/agents/node_modules/x/readme.md': 'a package',
      'home/agents/helper.md': 'Help.',
      'person/.claude/commands/mine.md': 'Mine.',
    });
    const { prompts, problems } = await read();
    expect(problems).toEqual([]);
    expect(prompts.map(({ id, file, side }) => [promptIdText(id), short(file), side])).toEqual([
      ['hook:before', 'project/.turnpike/hooks/before.md', 'project'],
      ['agent:reviewer', 'project/.claude/agents/code-reviewer.md', 'project'],
      ['agent:tester', 'project/.claude/agents/team/tester.md', 'project'],
      ['command:front:deep:page', 'project/.claude/commands/front/deep/page.MD', 'project'],
      ['command:front:other', 'project/.claude/commands/front/named.md', 'project'],
      ['command:ship', 'project/.claude/commands/ship.md', 'project'],
      ['skill:docx', 'project/.claude/skills/group/doc/SKILL.md', 'project'],
      ['skill:pdf', 'project/.claude/skills/pdf/SKILL.md', 'project'],
      ['agent:helper', 'home/agents/helper.md', 'user'],
      ['command:mine', 'person/.claude/commands/mine.md', 'user'],
    ]);
  });

  it('gives the prompts of a declared folder its namespace', async () => {
    const { root, read } = house({
      'plugin/agents/code-reviewer.md': 'Review.',
      'plugin/commands/ship.md': 'Ship.',
      'plugin/skills/pdf/SKILL.md': 'Read.',
    });
    const { prompts } = await read({
      folders: [{ path: join(root, 'plugin'), namespace: 'oss', side: 'user' }],
    });
    expect(prompts.map(({ id }) => promptIdText(id))).toEqual([
      'agent:oss:code-reviewer',
      'command:oss:ship',
      'skill:oss:pdf',
    ]);
  });

  it('takes the file of the project before that of the user, and says what one place has twice', async () => {
    const { read, short } = house({
      'project/.claude/agents/reviewer.md': withModel('project'),
      'project/.turnpike/agents/tester.md': withModel('own'),
      'project/.claude/agents/tester.md': withModel('claude'),
      'person/.claude/agents/reviewer.md': withModel('person'),
      'person/.claude/agents/a.md': '---\nname: twice\nmodel: first\n---\n',
      'person/.claude/agents/b.md': '---\nname: twice\nmodel: second\n---\n',
    });
    const { prompts, problems } = await read();
    expect(prompts.map(({ id, model }) => [id.name, model])).toEqual([
      ['tester', 'own'],
      ['reviewer', 'project'],
      ['twice', 'first'],
    ]);
    expect(problems.map(({ file, reason }) => [short(file), short(reason)])).toEqual([
      ['person/.claude/agents/b.md', 'agent:twice is in person/.claude/agents/a.md already, which counts'],
    ]);
  });

  it.each([
    ['too large', 'project/.claude/agents/a.md', 'x'.repeat(256 * 1024 + 1), /larger than 262144 bytes/],
    ['broken', 'project/.claude/agents/a.md', '---\nmodel: [\n---\n', /no YAML/],
    ['named impossibly', 'project/.claude/agents/a.md', `---\nname: "a\\u0007"\n---\n`, /not printed/],
    ['too deep', `project/.claude/agents/${'d/'.repeat(10)}a.md`, 'x', /deeper than 8 folders/],
  ])('says which file is %s, and reads the others', async (_, name, text, reason) => {
    const { read } = house({ [name]: text, 'project/.claude/agents/good.md': 'Good.' });
    const { prompts, problems } = await read();
    expect(prompts.map(({ id }) => id.name)).toContain('good');
    expect(problems).toEqual([
      { file: expect.any(String), line: problems[0]?.line, reason: expect.stringMatching(reason) },
    ]);
  });

  it('reads no file that is not text', async () => {
    const { root, read } = house({ 'project/.claude/agents/good.md': 'Good.' });
    writeFileSync(join(root, 'project/.claude/agents/latin.md'), Buffer.from([0x66, 0xfc, 0x72]));
    const { prompts, problems } = await read();
    expect(prompts).toHaveLength(1);
    expect(problems[0]?.reason).toMatch(/UTF-8/);
  });

  it.skipIf(process.platform === 'win32')(
    'opens neither pipes nor what leads out of the folder',
    async () => {
      const { root, read, short } = house({
        'project/.claude/agents/good.md': 'Good.',
        'secret/other.md': 'Not yours.',
      });
      const agents = join(root, 'project/.claude/agents');
      execFileSync('mkfifo', [join(agents, 'pipe.md')]);
      symlinkSync(join(root, 'secret/other.md'), join(agents, 'out.md'));
      symlinkSync(join(root, 'secret'), join(agents, 'outer'));
      symlinkSync(join(agents, 'good.md'), join(agents, 'inside.md'));
      symlinkSync(agents, join(agents, 'circle'));
      symlinkSync('nowhere', join(agents, 'dangling.md'));
      const { prompts, problems } = await read();
      expect(prompts.map(({ id }) => id.name)).toEqual(['good', 'inside']);
      expect(problems.map(({ file }) => short(file))).toEqual([
        'project/.claude/agents/circle',
        'project/.claude/agents/out.md',
        'project/.claude/agents/outer',
      ]);
    },
  );

  it('follows a link that is the place itself', async () => {
    const { root, read } = house({ 'dotfiles/agents/good.md': 'Good.', 'person/.claude/x': '' });
    symlinkSync(join(root, 'dotfiles/agents'), join(root, 'person/.claude/agents'));
    const { prompts, problems } = await read();
    expect(prompts).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('says what may not be read', async () => {
    const { root, read } = house({ 'project/.claude/agents/shut.md': 'Shut.' });
    chmodSync(join(root, 'project/.claude/agents/shut.md'), 0);
    expect((await read()).problems[0]?.reason).toMatch(/EACCES/);
  });

  it('finds nothing where nothing is', async () => {
    const { read } = house({});
    expect(await read()).toEqual({ prompts: [], agents: [], pipelines: [], problems: [] });
  });
});

describe('createDefinitionReader', () => {
  it('reads again only what has changed', async () => {
    const { root, settings, write } = house({
      'project/.claude/agents/same.md': withModel('same'),
      'project/.claude/agents/other.md': withModel('before'),
      'project/.claude/agents/gone.md': withModel('gone'),
    });
    const reader = createDefinitionReader();
    const first = await reader.read(placesOf(settings));
    write('project/.claude/agents/other.md', withModel('afterwards'));
    rmSync(join(root, 'project/.claude/agents/gone.md'));
    write('project/.claude/agents/new.md', withModel('new'));
    const second = await reader.read(placesOf(settings));
    expect(second.prompts.map(({ model }) => model)).toEqual(['new', 'afterwards', 'same']);
    const textOf = (name: string, { prompts }: typeof first) =>
      prompts.find(({ id }) => id.name === name)?.fallback;
    // The very same object: it was not parsed again.
    expect(textOf('same', second)).toBe(textOf('same', first));
    expect(textOf('other', second)).not.toBe(textOf('other', first));
  });

  it('notices another text of the same length and time', async () => {
    const { root, settings, write } = house({ 'project/.claude/agents/a.md': withModel('one') });
    const reader = createDefinitionReader();
    await reader.read(placesOf(settings));
    const file = join(root, 'project/.claude/agents/a.md');
    const time = new Date(1_700_000_000_000);
    write('project/.claude/agents/a.md', withModel('two'));
    utimesSync(file, time, time);
    expect((await reader.read(placesOf(settings))).prompts[0]?.model).toBe('two');
  });

  it('keeps what agents.yaml said while it is broken', async () => {
    const good = 'agents:\n  - { name: a, description: A, default_model: m }\n';
    const { settings, write } = house({ 'project/agents.yaml': good });
    const reader = createDefinitionReader();
    await reader.read(placesOf(settings));
    write('project/agents.yaml', 'agents: [');
    const broken = await reader.read(placesOf(settings));
    expect(broken.agents.map(({ name }) => name)).toEqual(['a']);
    expect(broken.problems[0]?.reason).toMatch(/still counts/);
    write('project/agents.yaml', 'agents: []');
    expect(await reader.read(placesOf(settings))).toMatchObject({ agents: [], problems: [] });
  });
});

describe('watchedPaths', () => {
  it('names the files and the folders of every place', () => {
    const { settings, short } = house({});
    const paths = watchedPaths(placesOf(settings)).map(short);
    expect(paths).toHaveLength(2 + 4 * 4);
    expect(paths).toEqual(
      expect.arrayContaining(['project/agents.yaml', 'project/.claude/agents', 'home/skills']),
    );
  });
});
