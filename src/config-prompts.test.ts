/** Where the settings say that prompts are looked for. */
import { describe, expect, it } from 'vitest';
import { promptSettingsOf, promptsSchema } from './config-prompts.ts';

const around = { cwd: '/work', home: '/data', env: { HOME: '/person' } };
const user = (prompts: object) => ({
  path: '/data/config.yaml',
  content: { prompts: promptsSchema.parse(prompts) },
});
const project = (prompts: object) => ({
  path: '/repo/turnpike.yaml',
  content: { prompts: promptsSchema.parse(prompts) },
});

describe('promptSettingsOf', () => {
  it.each([
    ['no file', [], '/work'],
    ['a file of the user', [user({})], '/work'],
    ['a file of the project', [user({}), project({})], '/repo'],
  ])('finds the folder of the project with %s', (_, files, folder) => {
    expect(promptSettingsOf(files, {}, around).projectFolder).toBe(folder);
  });

  it.each([
    ['nothing', {}, '/person'],
    ['true', { home: true }, '/person'],
    ['false', { home: false }, undefined],
  ])("reads the person's own folder by home: %s", (_, prompts, folder) => {
    expect(promptSettingsOf([project(prompts)], {}, around).userFolder).toBe(folder);
  });

  it('knows no folder of a person where the environment has none', () => {
    expect(promptSettingsOf([], {}, { ...around, env: {} }).userFolder).toBeUndefined();
  });

  it('adds up the folders of all files, the project first, from where each file stands', () => {
    const files = [
      user({ folders: [{ path: '~/plugins/oss', namespace: 'oss' }] }),
      project({ folders: [{ path: 'prompts' }, { path: '/shared', namespace: 'team' }] }),
    ];
    const sources = {};
    expect(promptSettingsOf(files, sources, around).folders).toEqual([
      { path: '/repo/prompts', side: 'project' },
      { path: '/shared', side: 'project', namespace: 'team' },
      { path: '/person/plugins/oss', side: 'user', namespace: 'oss' },
    ]);
    expect(sources).toMatchObject({ 'prompts.folders.oss': '/data/config.yaml' });
  });

  it.each([
    ['a name with a colon', { folders: [{ path: 'x', namespace: 'a:b' }] }],
    ['no path', { folders: [{ namespace: 'a' }] }],
    ['another word', { folder: 'x' }],
  ])('refuses %s', (_, prompts) => {
    expect(promptsSchema.safeParse(prompts).success).toBe(false);
  });
});
