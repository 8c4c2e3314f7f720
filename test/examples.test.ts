/** Every example does what its page says: run as it stands, with its vendors' servers replaced by a fake one. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { parsePromptFile } from '../src/agents/prompt-file.ts';
import { runCli } from '../src/cli/run-cli.ts';
import { EXAMPLES, type ExampleHouse, openExample } from './support/example-house.ts';
import { createFakeIo } from './support/fake-io.ts';

let house: ExampleHouse;
/** A change of a file is seen within a second or two. */
const MAX_TURNS = 100;
afterEach(async () => {
  await house.verify();
  await house.close();
});

interface Asking {
  readonly model?: string;
  readonly headers?: Record<string, string>;
  readonly key?: string;
  readonly prompt?: string;
}

/** By a client of OpenAI's. */
async function ask({ model, headers, key = house.key, prompt = 'Hi' }: Asking = {}) {
  const client = new OpenAI({ apiKey: key, baseURL: `${house.url}/v1`, maxRetries: 0 });
  const params = { model: model as string, messages: [{ role: 'user' as const, content: prompt }] };
  const { data, response } = await client.chat.completions.create(params, { headers }).withResponse();
  const told = (name: string) => response.headers.get(`x-turnpike-${name}`);
  return { text: data.choices[0]!.message.content, model: told('model'), told };
}

const textOf = (file: string): string => parsePromptFile(readFileSync(join(house.folder, file), 'utf8')).text;

async function turnpike(...words: string[]) {
  const fake = createFakeIo({ fetch: (request) => fetch(request), client: house.client });
  const code = await runCli(words, fake.io);
  return { code, out: fake.out(), err: fake.err() };
}

describe('cheap-reviewer', () => {
  /** As a coding agent calls a subagent: with a model of its own choice, and the agent's text in the system prompt. */
  async function review(diff: string) {
    const client = new Anthropic({ apiKey: house.key, baseURL: house.url, maxRetries: 0 });
    const { data, response } = await client.messages
      .create({
        model: 'claude-sonnet-5',
        max_tokens: 500,
        system: [
          { type: 'text', text: 'You are a coding agent.' },
          { type: 'text', text: textOf('agents/code-reviewer.md') },
        ],
        messages: [{ role: 'user', content: diff }],
      })
      .withResponse();
    const [part] = data.content;
    return { text: part?.type === 'text' ? part.text : undefined, headers: response.headers };
  }

  it('sends reviews to the cheapest model, known by the text of the prompt file', async () => {
    house = await openExample('cheap-reviewer');
    house.says({ text: 'No findings.' });
    const { text, headers } = await review('+1');
    expect([text, headers.get('x-turnpike-model')]).toEqual(['No findings.', 'openai/gpt-5-mini']);
    house.says();
    expect((await ask({ model: 'claude-sonnet-5' })).model).toBe('anthropic/claude-sonnet-5');
  });

  it('asks the next one when that fails', async () => {
    house = await openExample('cheap-reviewer', { gone: ['openai'] });
    house.says();
    const { headers } = await review('+1');
    expect(headers.get('x-turnpike-model')).toBe('gemini/gemini-2.5-flash');
    expect(headers.get('x-turnpike-fallback')).toBe('true');
  });

  it('gives the same review again at no cost, and shows what the agent has cost', async () => {
    house = await openExample('cheap-reviewer');
    house.says({ text: 'No findings.' });
    await review('+1');
    const { text, headers } = await review('+1');
    expect([text, headers.get('x-turnpike-cache')]).toEqual(['No findings.', 'hit']);
    expect(house.upstream.requests).toHaveLength(1);
    await house.entries(2);
    const { code, out } = await turnpike('models', 'costs', '--by', 'agent');
    expect(code).toBe(0);
    expect(out).toMatch(/code-reviewer/);
  });

  it('takes another model for one call', async () => {
    house = await openExample('cheap-reviewer');
    house.says();
    const file = join(house.folder, 'agents/code-reviewer.md');
    const { err } = await turnpike('ask', '--model', 'anthropic/claude-sonnet-5', '--prompt', file, '+1');
    expect(err).toContain('anthropic/claude-sonnet-5 · by explicit');
  });
});

describe('local-first', () => {
  it('asks Ollama, which costs nothing', async () => {
    house = await openExample('local-first');
    house.says();
    expect((await ask()).model).toBe('ollama/qwen3:8b');
    house.says();
    const asked = await ask({ headers: { 'x-turnpike-prompt': 'agent:code-reviewer' } });
    expect([asked.model, asked.told('cost-usd')]).toEqual(['ollama/codellama', '0.00']);
  });

  it('asks Claude when Ollama is not running, and says so', async () => {
    house = await openExample('local-first', { gone: ['ollama'] });
    house.says({ text: 'Because of Rayleigh.' });
    const { text, model, told } = await ask({ prompt: 'Why is the sky blue?' });
    expect([text, model]).toEqual(['Because of Rayleigh.', 'anthropic/claude-haiku-4-5']);
    expect(told('fallback')).toBe('true');
    expect(told('fallback-from')).toMatch(/^ollama\/qwen3:8b; /);
    house.says();
    const { err } = await turnpike('ask', '--agent', 'code-reviewer', 'Hi');
    expect(err).toMatch(/^⚠ ollama\/codellama did not answer \(.+\); anthropic\/claude-haiku-4-5 did$/m);
  });

  it('sends the command ship to Claude', async () => {
    house = await openExample('local-first');
    house.says();
    const file = join(house.folder, 'commands/ship.md');
    const { err } = await turnpike('ask', '--prompt', file, 'v1.2.0');
    expect(err).toContain('anthropic/claude-sonnet-5 · by project');
    const sent = house.upstream.requests.at(-1)!.body.toString('utf8');
    expect(sent).toContain('Write the notes of release v1.2.0 from');
  });

  it('leaves nothing to Claude where that is forbidden', async () => {
    house = await openExample('local-first', {
      gone: ['ollama'],
      edit: (text) => text.replace('fallback:\n', 'fallback:\n  enabled: false\n'),
    });
    await expect(ask()).rejects.toThrow(/cannot be reached/);
    expect(house.upstream.requests).toEqual([]);
  });
});

describe('vendor-switch', () => {
  it('answers a client of one vendor by the model of another', async () => {
    house = await openExample('vendor-switch');
    house.says({ text: 'Hello.' });
    const { text, model, told } = await ask({ model: 'smart' });
    expect([text, model]).toEqual(['Hello.', 'anthropic/claude-sonnet-5']);
    expect(told('lane')).toBe('translate');
    house.says();
    expect((await ask()).model).toBe('anthropic/claude-sonnet-5');
  });

  it('has another vendor as soon as that line is changed, while it runs', async () => {
    house = await openExample('vendor-switch');
    house.says();
    expect((await ask({ model: 'smart' })).model).toBe('anthropic/claude-sonnet-5');
    const file = join(house.folder, 'turnpike.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('smart: anthropic/claude-sonnet-5', 'smart: openai/gpt-5'));
    let model: string | null = null;
    for (let turn = 0; turn < MAX_TURNS && model !== 'openai/gpt-5'; turn += 1) {
      await new Promise((done) => setTimeout(done, 40));
      house.says();
      model = (await ask({ model: 'smart' })).model;
    }
    expect(model).toBe('openai/gpt-5');
  });

  it('gives one request in ten to the other', async () => {
    house = await openExample('vendor-switch');
    const asked = { 'openai/gpt-5-mini': 0, 'gemini/gemini-2.5-flash': 0 };
    for (let turn = 0; turn < 100; turn += 1) {
      house.says();
      asked[(await ask({ model: 'fast' })).model as keyof typeof asked] += 1;
    }
    // Farther off than this once in a million runs.
    expect(asked['openai/gpt-5-mini'] + asked['gemini/gemini-2.5-flash']).toBe(100);
    expect(asked['openai/gpt-5-mini']).toBeGreaterThan(72);
  });
});

describe('team-budgets', () => {
  const million = { text: 'Done.', usage: { input: 100_000, output: 350_000 } };

  it('stops the agent of the night at its limit, and nobody else', async () => {
    house = await openExample('team-budgets');
    const headers = { 'x-turnpike-agent': 'night-builder' };
    house.says(million);
    const first = await ask({ headers });
    expect(first.model).toBe('anthropic/claude-haiku-4-5');
    expect(Number(first.told('cost-usd'))).toBeGreaterThan(1.8);
    await house.entries(1);
    house.says({ usage: { input: 100_000, output: 20_000 } });
    await ask({ headers });
    await house.entries(2);
    const refused = ask({ headers, prompt: 'Again' });
    await expect(refused).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
    await expect(refused).rejects.toThrow(/nights/);
    house.upstream.forgetAnswers();
    house.says();
    expect((await ask()).model).toBe('anthropic/claude-sonnet-5');
  });

  it('only tells of what an experiment costs', async () => {
    house = await openExample('team-budgets');
    for (let turn = 0; turn < 2; turn += 1) {
      house.says({ usage: { input: 100_000, output: 350_000 } });
      await ask({ headers: { 'x-turnpike-agent': 'experiment' } });
    }
    await house.entries(2);
    const { budgets } = await house.admin<{ budgets: { name: string; action: string }[] }>('GET', '/budgets');
    expect(budgets.map(({ name }) => name).sort()).toEqual(['everyone', 'experiments', 'nights', 'team']);
    expect((await turnpike('budgets', 'list')).out).toMatch(/experiments/);
  });

  it('limits each key by itself', async () => {
    house = await openExample('team-budgets');
    const { token } = await house.admin<{ token: string }>('POST', '/keys', { name: 'ann' });
    for (let turn = 0; turn < 3; turn += 1) {
      house.says(million);
      await ask({ key: token });
    }
    await house.entries(3);
    house.upstream.forgetAnswers();
    await untilRefused(token);
    house.says();
    expect((await ask()).text).toBe('Fine.');
  });

  /** Twenty dollars a day are four answers of such a size. */
  async function untilRefused(key: string): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) {
      house.says(million);
      const refused = await ask({ key }).then(
        () => undefined,
        (error: { status?: number; message?: string }) => error,
      );
      if (!refused) continue;
      expect([refused.status, refused.message]).toEqual([429, expect.stringContaining('everyone')]);
      house.upstream.forgetAnswers();
      return;
    }
    throw new Error('it was never refused');
  }
});

describe('the folder', () => {
  const names = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

  it.each(names)('%s has a page, a configuration, and a row in the list', async (name) => {
    house = await openExample(name);
    expect(existsSync(join(EXAMPLES, name, 'README.md'))).toBe(true);
    expect(readFileSync(join(EXAMPLES, 'README.md'), 'utf8')).toContain(`[${name}](${name}/)`);
  });
});
