/** Definitions as the server keeps them: told once, compiled once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { noDefinitions } from './agents/definition.ts';
import type { Log } from './base/log.ts';
import { noModelRules } from './route/layers.ts';
import { openDefinitions, promptFinderOf } from './server-agents.ts';

it('tells what is wrong once, and again when it has changed', async () => {
  const home = mkdtempSync(join(tmpdir(), 'turnpike-agents-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const config = { home, prompts: { projectFolder: home, userFolder: undefined, folders: [] } };
  const lines: string[] = [];
  const note = (_: object, message: string) => void lines.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const source = openDefinitions(log);
  mkdirSync(join(home, 'agents'));
  writeFileSync(join(home, 'agents/a.md'), '---\nmodel: 4\n---\nDo.');
  expect((await source.load(config)).prompts).toHaveLength(1);
  await source.load(config);
  expect(lines).toEqual([expect.stringMatching(/a\.md:2: model must be text/)]);
  writeFileSync(join(home, 'agents/a.md'), '---\nname: a\nmodel: 4\n---\nDo.');
  await source.load(config);
  expect(lines).toHaveLength(2);
});

it('compiles a finder once for the same definitions and names', () => {
  const definitions = { ...noDefinitions };
  const exact = new Map([['command:oss:ship', { ref: 'm', source: 'f' }]]);
  const rules = { ...noModelRules, project: { exact, wide: new Map() } };
  const finder = promptFinderOf(definitions, rules);
  expect(finder.isEmpty).toBe(false);
  expect(promptFinderOf(definitions, { ...rules })).toBe(finder);
  expect(promptFinderOf(definitions, noModelRules)).not.toBe(finder);
  expect(promptFinderOf(definitions, noModelRules).isEmpty).toBe(true);
  const wide = new Map([['command', { ref: 'm', source: 'f' }]] as const);
  expect(promptFinderOf(definitions, { ...noModelRules, user: { exact: new Map(), wide } }).isEmpty).toBe(
    false,
  );
});
