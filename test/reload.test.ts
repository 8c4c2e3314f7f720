/** The configuration files of a running server: changed, broken, mended, replaced and taken away, and what serves meanwhile. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReloadHouse, type ReloadHouse } from './support/reload-house.ts';

const FIRST = 'aliases: { a: sandbox/scribe }\n';
let house: ReloadHouse;
beforeEach(async () => {
  house = await openReloadHouse(FIRST);
  await house.reload();
});
afterEach(() => house.close());

const changes = async () => (await house.configuration()).reloads;

describe('a change', () => {
  it.each([
    ['written', () => house.write('aliases: { a: sandbox/echo }\n')],
    ['put in its place', () => house.replace('aliases: { a: sandbox/echo }\n')],
    [
      'written in a file of the project that was not there',
      () => house.write('aliases: { a: sandbox/echo }\n', 'turnpike.yaml'),
    ],
  ])('%s is in force by itself, under a revision of its own', async (_, change) => {
    const before = await house.configuration();
    expect((await house.ask('a')).model).toBe('sandbox/scribe');
    change();
    const after = await house.until(({ reloads }) => reloads.done === 1);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect((await house.ask('a')).model).toBe('sandbox/echo');
  });
  it('of ten quick writes is one', async () => {
    for (let n = 0; n < 10; n += 1) {
      house.write(`aliases: { a: sandbox/echo, n${n}: sandbox/echo }\n`);
      await new Promise((done) => setImmediate(done));
    }
    await house.until(({ reloads }) => reloads.done > 0);
    // What was not read by now is read by this.
    expect((await house.reload()).isChanged).toBe(false);
    expect(await changes()).toEqual({ done: 1, failed: 0 });
    expect((await house.ask('n9')).status).toBe(200);
    expect((await house.ask('n8')).status).toBe(404);
  });
  it('is told by name, and asked for when nobody watches', async () => {
    house.write('aliases: { b: sandbox/echo }\nmodels: { default: sandbox/echo }\n');
    const { isChanged, added, changed, removed } = await house.reload();
    expect({ isChanged, added, changed, removed }).toEqual({
      isChanged: true,
      added: ['models.default', 'aliases.b'],
      changed: [],
      removed: ['aliases.a'],
    });
  });
  it('of what needs a start waits for it, and is named as long as it waits', async () => {
    house.write(`${FIRST}limits: { exchanges: 7 }\n`);
    expect((await house.reload()).configuration.pendingRestart).toEqual(['limits.exchanges']);
    house.write(FIRST);
    expect((await house.reload()).configuration.pendingRestart).toEqual([]);
  });
  it('of budgets, prices and rate limits is one of the database', async () => {
    house.write(
      `${FIRST}budgets: [{ name: all, scope: workspace, period: day, limit_usd: 5 }]\nrate_limits: [{ scope: "key:*", requests_per_minute: 100 }]\n`,
    );
    await house.reload();
    const budgets = async () =>
      house.admin<{ budgets: { name: string; limitUsd: string }[] }>('GET', '/budgets');
    expect((await budgets()).budgets).toMatchObject([{ name: 'all' }]);
    house.write(FIRST);
    await house.reload();
    expect((await budgets()).budgets).toEqual([]);
  });
  it('of a prompt file counts for the next request', async () => {
    const prompt = (model: string) =>
      `---\nmodel: ${model}\n---\nYou look at code and find what is wrong with it.\n`;
    house.write(prompt('sandbox/scribe'), 'agents/reviewer.md');
    await house.until(({ reloads }) => reloads.done === 1);
    const asked = async () => {
      const record = await house.admin<{ choice: unknown }>('POST', '/routing/explain', {
        agent: 'reviewer',
      });
      return JSON.stringify(record);
    };
    expect(await asked()).toContain('sandbox/scribe');
    house.write(prompt('sandbox/echo'), 'agents/reviewer.md');
    await house.until(({ reloads }) => reloads.done === 2);
    expect(await asked()).toContain('sandbox/echo');
    rmSync(join(house.home, 'agents'), { recursive: true });
    await house.until(({ reloads }) => reloads.done === 3);
    expect(await asked()).not.toContain('reviewer.md');
  });
});

describe('a file that is not right', () => {
  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['no YAML', 'aliases: { a: [\n', /config\.yaml: line \d/],
    ['a setting there is none of', `${FIRST}prot: 1\n`, /config\.yaml is not valid:\n.*prot.*\(line 1\)/],
    ['a wrong kind', `${FIRST}port: many\n`, /port: .*\(line 2\)/],
  ];
  it.each(broken)(
    '%s: the last good state serves on, and says so, until it is mended',
    async (_, text, message) => {
      house.write(text);
      const { problem, revision } = await house.until((now) => now.problem !== null);
      expect(problem!.message).toMatch(message);
      expect((await house.ask('a')).model).toBe('sandbox/scribe');
      expect((await fetch(`${house.url}/ready`)).status).toBe(200);
      expect(await (await fetch(`${house.url}/metrics`)).text()).toContain('\nturnpike_config_ok 0\n');
      await expect(house.reload()).rejects.toThrow(/422.*config_not_taken/);
      expect(await changes()).toEqual({ done: 0, failed: 1 });
      house.write('aliases: { a: sandbox/echo }\n');
      const mended = await house.until((now) => now.problem === null);
      expect(mended.revision).toBeGreaterThan(revision);
      expect((await house.ask('a')).model).toBe('sandbox/echo');
      expect(await (await fetch(`${house.url}/metrics`)).text()).toContain('\nturnpike_config_ok 1\n');
    },
  );
  it('that is written again as it was is told once', async () => {
    house.write('aliases: 1\n');
    await house.until((now) => now.problem !== null);
    house.write('aliases: 1\n');
    await expect(house.reload()).rejects.toThrow('config_not_taken');
    expect(await changes()).toEqual({ done: 0, failed: 1 });
    house.write('aliases: 2\nport: 1\nprot: 2\n');
    await expect(house.reload()).rejects.toThrow('config_not_taken');
    expect(await changes()).toEqual({ done: 0, failed: 2 });
  });
  it('that is emptied for a moment, as by a slow writer, changes nothing', async () => {
    house.write('');
    // Longer than it takes to become quiet, shorter than what looks like a save is waited for.
    const until = Date.now() + 300;
    while (Date.now() < until) await new Promise((done) => setTimeout(done, 30));
    house.write(`${FIRST}models: { default: sandbox/echo }\n`);
    await house.until(({ reloads }) => reloads.done > 0);
    expect(await changes()).toEqual({ done: 1, failed: 0 });
  });
  it('that cannot be in force for what the API has made changes nothing, and is once that is gone', async () => {
    const body = { name: 'mine', scope: 'workspace', period: 'day', limitUsd: '1' };
    const { id } = await house.admin<{ id: string }>('POST', '/budgets', body);
    const budgets = ['other', 'mine'].map(
      (name) => `{ name: ${name}, scope: workspace, period: day, limit_usd: 5 }`,
    );
    house.write(`aliases: { a: sandbox/echo }\nbudgets: [ ${budgets.join(', ')} ]\n`);
    const { problem } = await house.until((now) => now.problem !== null);
    expect(problem!.message).toMatch(/budgets\.mine|"mine".*admin API already/);
    expect((await house.ask('a')).model).toBe('sandbox/scribe');
    await house.admin('DELETE', `/budgets/${id}`);
    await house.until((now) => now.problem === null);
    expect((await house.ask('a')).model).toBe('sandbox/echo');
  });
});

describe('a file that goes', () => {
  it('leaves what the others say', async () => {
    house.write('aliases: { a: sandbox/echo }\n', 'turnpike.yaml');
    await house.until(({ reloads }) => reloads.done === 1);
    rmSync(join(house.home, 'turnpike.yaml'));
    const { files } = await house.until(({ reloads }) => reloads.done === 2);
    expect(files).toEqual([join(house.home, 'config.yaml')]);
    expect((await house.ask('a')).model).toBe('sandbox/scribe');
  });
  it('and comes back as a folder is a problem, not an end', async () => {
    rmSync(join(house.home, 'config.yaml'));
    mkdirSync(join(house.home, 'config.yaml'));
    const { problem } = await house.until((now) => now.problem !== null);
    expect(problem!.message).toContain('EISDIR');
    rmSync(join(house.home, 'config.yaml'), { recursive: true });
    writeFileSync(join(house.home, 'config.yaml'), FIRST);
    await house.until((now) => now.problem === null);
  });
});
