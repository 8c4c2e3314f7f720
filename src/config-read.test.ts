/** Reading the same files again: what is new is seen, what is not is not parsed, and what is wrong is told by file and line. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { type ConfigReader, createConfigReader } from './config-read.ts';

const root = mkdtempSync(join(tmpdir(), 'turnpike-read-'));
const home = join(root, 'home');
const project = join(root, 'work', 'project');
const user = join(home, 'config.yaml');
const env = { TURNPIKE_HOME: home, KEY: 'sk-1' };
let reader: ConfigReader;
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(async () => {
  await reader?.close();
  rmSync(root, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  mkdirSync(project, { recursive: true });
  writeFileSync(user, 'aliases: { a: x/user }\n');
  reader = createConfigReader({ flags: { port: 1 }, env, cwd: project });
});

it('reads what loadConfig reads', async () => {
  writeFileSync(join(project, 'turnpike.yaml'), `providers: { openai: { api_key: "\${KEY}" } }\n`);
  const config = await reader.read();
  expect(config).toEqual(loadConfig({ flags: { port: 1 }, env, cwd: project }));
  expect(config.port).toBe(1);
  expect(config.providers[0]?.apiKey?.reveal()).toBe('sk-1');
});

it('sees files that come, the nearest one first, and that go', async () => {
  const aliases = async () => (await reader.read()).aliases;
  expect(await aliases()).toEqual({ a: 'x/user' });
  writeFileSync(join(root, 'work', 'turnpike.yaml'), 'aliases: { a: x/above }\n');
  expect(await aliases()).toEqual({ a: 'x/above' });
  writeFileSync(join(project, 'turnpike.yaml'), 'aliases: { a: x/project }\n');
  expect(await aliases()).toEqual({ a: 'x/project' });
  rmSync(join(project, 'turnpike.yaml'));
  rmSync(user);
  expect(await aliases()).toEqual({ a: 'x/above' });
});

it('names where files are and would be', () => {
  expect(reader.paths()).toEqual(
    expect.arrayContaining([user, join(project, 'turnpike.yaml'), join(root, 'work', 'turnpike.yaml')]),
  );
  const named = createConfigReader({ flags: { config: 'my.yaml' }, env, cwd: project });
  expect(named.paths()).toEqual([user, join(project, 'my.yaml')]);
});

it('tells file and line, of large files too, and is as good as new when they are mended', async () => {
  const path = join(project, 'turnpike.yaml');
  const padding = `# ${'x'.repeat(20_000)}\n`;
  writeFileSync(path, `${padding}aliases:\n  a: [b]\n`);
  await expect(reader.read()).rejects.toThrow(/turnpike\.yaml is not valid:\n {2}aliases\.a: .* \(line 3\)/);
  const digest = reader.digest();
  await expect(reader.read()).rejects.toThrow();
  expect(reader.digest()).toBe(digest);
  writeFileSync(path, `${padding}aliases:\n  a: "b\n`);
  await expect(reader.read()).rejects.toThrow(/turnpike\.yaml: line \d/);
  expect(reader.digest()).not.toBe(digest);
  writeFileSync(join(project, 'next'), `${padding}aliases: { a: x/mended }\n`);
  renameSync(join(project, 'next'), path);
  expect((await reader.read()).aliases).toEqual({ a: 'x/mended' });
});

it.each([
  ['a folder in its place', () => mkdirSync(join(project, 'turnpike.yaml')), /EISDIR/],
  [
    'a book in its place',
    () => writeFileSync(join(project, 'turnpike.yaml'), `# ${'x'.repeat(1024 * 1024)}`),
    /larger than/,
  ],
])('refuses %s', async (_, make, message) => {
  make();
  await expect(reader.read()).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringMatching(message),
  });
});
