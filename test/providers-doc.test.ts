/** Holds `docs/guide/providers.md` to the program: its examples work, its formats and variables are the ones there are. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { configureProviders } from '../src/upstream/configure.ts';
import { providerKinds } from '../src/upstream/providers.ts';
import { ROOT } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/guide/providers.md'), 'utf8');
const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map((found) => found[1]!);
const sections = page.split(/^## /m).slice(1);
const clouds = ['gemini', 'azure', 'bedrock', 'vertex'];

/** Every variable of an example is set. */
function configured(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-providers-doc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'turnpike.yaml'), text);
  const named = [...text.matchAll(/\$\{(\w+)\}/g)].map((found) => [found[1]!, 'value']);
  const env = { TURNPIKE_HOME: folder, GEMINI_API_KEY: 'k', ...Object.fromEntries(named) };
  const config = loadConfig({ flags: {}, env, cwd: folder });
  const { providers, problems } = configureProviders(config.providers, providerKinds, env);
  return {
    declared: config.providers.map(({ name }) => name),
    warnings: config.warnings,
    providers,
    problems,
  };
}

it('has an example of every kind it is about', () => {
  const kinds = examples.flatMap((text) =>
    [...configured(text).providers.values()].map(({ kind }) => kind.id),
  );
  expect(new Set(kinds)).toEqual(new Set([...clouds, 'sandbox']));
});

it.each(examples)('shows what works: %s', (text) => {
  const { declared, warnings, providers, problems } = configured(text);
  expect([warnings, problems]).toEqual([[], []]);
  expect([...providers.keys()]).toEqual(expect.arrayContaining(declared));
});

describe.each(clouds)('%s', (id) => {
  const kind = providerKinds.get(id)!;
  it('has its formats in the table', () => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`))!;
    expect(row.split('|')[3]!.trim()).toBe(kind.formats.map((format) => `\`${format}\``).join(', '));
  });
  it('has its variables in its section', () => {
    const section = sections[clouds.indexOf(id)]!;
    const variables = kind.credentialEnv.map((name) => `\`${name}\``);
    for (const variable of variables) expect(section).toContain(variable);
    const places = variables.map((variable) => section.indexOf(variable));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
