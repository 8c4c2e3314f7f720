/** Holds `docs/guide/routing.md` to the program: its examples load and run, its layers and paths are the ones there are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAdmin } from '../src/admin/app.ts';
import { loadConfig } from '../src/config.ts';
import { LAYERS } from '../src/route/layers.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { fakeHouse, TOKEN } from './support/fake-house.ts';
import { ROOT } from './support/source-tree.ts';

resetBehind();

const page = readFileSync(join(ROOT, 'docs/guide/routing.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((found) => found[1]!);

it('shows files that load', () => {
  const shown = blocks('yaml');
  expect(shown.length).toBeGreaterThan(1);
  for (const text of shown) {
    const folder = mkdtempSync(join(tmpdir(), 'turnpike-routing-doc-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'turnpike.yaml'), text);
    const config = loadConfig({ flags: {}, env: { TURNPIKE_HOME: folder }, cwd: folder });
    expect(config.warnings).toEqual([]);
  }
});

it('shows commands that do what is said', async () => {
  for (const command of blocks('sh').flatMap((block) => block.trim().split('\n'))) {
    const words = command
      .replace(/^turnpike /, '')
      .replaceAll('"', '')
      .replaceAll('oss:code-reviewer', 'coder');
    const { code } = await turnpike(words);
    expect([command, code]).toEqual([command, 0]);
  }
  expect(behind.house.made).toHaveLength(2);
});

it('names every layer, highest first', () => {
  const [, table = ''] = page.split('| layer |');
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(2);
  expect(rows.map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual([...LAYERS]);
});

it('names paths that are there', async () => {
  const admin = createAdmin(fakeHouse().deps);
  const request = new Request('http://127.0.0.1/api/v1/openapi.json', {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const { paths } = (await (await admin.fetch(request)).json()) as { paths: Record<string, object> };
  const named = [...page.matchAll(/`(?:[A-Z]+ )?(\/api\/v1\/routing\/[^`?]+)/g)].map(([, path]) =>
    path!.replace('{prompt}', '{id}'),
  );
  expect(named.length).toBeGreaterThan(5);
  for (const path of named) expect(Object.keys(paths)).toContain(path);
});
