/** Holds docs/guide/prompts.md to the program: its files are read as it says, and nothing is wrong with them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDefinitionReader } from '../src/agents/definitions.ts';
import { placesOf } from '../src/agents/places.ts';
import { MAX_PROMPT_BYTES } from '../src/agents/prompt-file.ts';
import { MAX_FILES } from '../src/agents/prompt-folder.ts';
import { promptIdText } from '../src/base/prompt-id.ts';
import { loadConfig } from '../src/config.ts';
import { KEY_CHARACTERS, MAX_PIECE } from '../src/gateway/find-prompt-index.ts';
import { ROOT } from './support/source-tree.ts';

const page = readFileSync(join(ROOT, 'docs/guide/prompts.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((found) => found[1]!);

it('shows files that are read without a problem', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-prompts-doc-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [settings, agents, ...more] = blocks('yaml');
  expect(more).toEqual([]);
  mkdirSync(join(folder, 'plugins/oss/agents'), { recursive: true });
  writeFileSync(join(folder, 'plugins/oss/agents/code-reviewer.md'), blocks('markdown')[0]!);
  writeFileSync(join(folder, 'turnpike.yaml'), settings!);
  writeFileSync(join(folder, 'agents.yaml'), agents!);
  const env = { TURNPIKE_HOME: join(folder, '.turnpike'), HOME: folder };
  const config = loadConfig({ flags: {}, env, cwd: folder });
  expect(config.warnings).toEqual([]);
  expect(config.prompts).toMatchObject({ projectFolder: folder, userFolder: undefined });
  const found = await createDefinitionReader().read(placesOf({ home: config.home, ...config.prompts }));
  expect(found.problems).toEqual([]);
  expect(found.prompts.map(({ id, model, fallback }) => [promptIdText(id), model, fallback.length])).toEqual([
    ['agent:oss:code-reviewer', 'ollama/codellama', 2],
  ]);
  expect(found.agents).toHaveLength(1);
  expect(found.pipelines[0]?.steps).toHaveLength(3);
});

it('names the limits there are', () => {
  expect(page).toContain(`fewer than ${KEY_CHARACTERS} characters`);
  expect(page.replaceAll(',', '')).toContain(`first ${MAX_PIECE} characters`);
  expect(page).toContain(`${MAX_PROMPT_BYTES / 1024} KiB`);
  expect(page.replaceAll(',', '')).toContain(`At most ${MAX_FILES} files`);
});
