/** Commands that send traffic through the gateway: models, ask, run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { behind, frames, resetBehind, streamedAnswer, turnpike } from './support/cli-harness.ts';
import { type FakeHouse, VIRTUAL_KEY } from './support/fake-house.ts';
import { createFakeIo, FAKE_URL } from './support/fake-io.ts';

resetBehind();

describe('models', () => {
  it('lists them', async () => {
    const { out } = await turnpike('models list');
    expect(out).toMatchInlineSnapshot(`
      "model                      window  in / M  out / M  can
      openai 1 model
        openai/gpt-4o                     $2.50   $10.00
      aliases and routes 1 name
        fast -> openai/gpt-4o                             alias
      prices of a list as of 2026-09-01, 81 days old
      "
    `);
  });
  it('tests each by a real call', async () => {
    const stoodIn = {
      'x-turnpike-model': 'openai/gpt-4o',
      'x-turnpike-fallback': 'true',
      'x-turnpike-fallback-from': 'ollama/llama3; connect',
    };
    const answers = [
      () => Response.json({ choices: [{}] }, { headers: { 'x-turnpike-cost-usd': '0.00001' } }),
      () => Response.json({ choices: [{}] }, { headers: { 'x-turnpike-model': 'openai/gpt-4o' } }),
      () => Response.json({ error: { message: 'no model "x"' } }, { status: 404 }),
      () => Response.json({ choices: [] }),
      () => new Response('<html>'),
      () => new Response('<html>', { status: 502 }),
      () => Response.json({ choices: [{}] }, { headers: stoodIn }),
    ];
    behind.reply = () => answers[behind.asked.length - 1]!();
    const { code, out } = await turnpike('models test sandbox/echo fast x y z w v');
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "✓ sandbox/echo  250 ms · $0.00001
      ✓ fast  250 ms · cost unknown · served by openai/gpt-4o
      ✗ x  404: no model "x"
      ✗ y  the answer has no content
      ✗ z  the answer is not JSON
      ✗ w  502: the server answered 502
      ✗ v  ollama/llama3 did not answer (connect); openai/gpt-4o stood in
      "
    `);
    expect(behind.asked[0]?.headers.get('authorization')).toBe(`Bearer ${VIRTUAL_KEY}`);
  });
  it('is content when all answer', async () => {
    behind.reply = () => Response.json({ choices: [{}] });
    const { code, out } = await turnpike('models test a b --json');
    expect([code, JSON.parse(out).results.length]).toEqual([0, 2]);
  });
});

describe('ask', () => {
  it('streams the answer to stdout and the cost to stderr', async () => {
    const { code, out, err } = await turnpike('ask hi --model openai/gpt-4o --agent oss:bot --system short');
    expect([code, out, err]).toEqual([0, 'Hello\n', 'openai/gpt-4o · 1,200 in, 5 out · $0.00125\n']);
    const { path, headers, body } = behind.asked[0]!;
    expect(path).toBe('/v1/chat/completions');
    expect(headers.get('x-turnpike-prompt')).toBe('agent:oss:bot');
    expect(headers.get('x-turnpike-model')).toBe('openai/gpt-4o');
    expect(body).toEqual({
      messages: [
        { role: 'system', content: 'short' },
        { role: 'user', content: 'hi' },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });
  it('takes the question from a pipe and leaves the model to the server', async () => {
    await turnpike('ask', { stdin: 'from the pipe\n' });
    expect(behind.asked[0]?.body).toMatchObject({ messages: [{ role: 'user', content: 'from the pipe' }] });
    expect(behind.asked[0]?.body).not.toHaveProperty('model');
  });
  it('prints one JSON document', async () => {
    const { out, err } = await turnpike('ask hi --json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toEqual({
      text: 'Hello',
      model: 'openai/gpt-4o',
      exchangeId: 'exc_1',
      usage: { inputTokens: 1200, outputTokens: 5 },
      costUsd: '0.00125',
      prompt: null,
      choice: null,
      fallback: null,
      isCached: false,
    });
  });
  it.each([
    [{}, '⚠ the model that was chosen did not answer; openai/gpt-4o did\n'],
    [
      { 'x-turnpike-fallback-from': 'ollama/codellama; connection refused' },
      '⚠ ollama/codellama did not answer (connection refused); openai/gpt-4o did\n',
    ],
  ])('says that another model answered: %j', async (headers, notice) => {
    behind.reply = () => streamedAnswer({ 'x-turnpike-fallback': 'true', ...headers });
    expect((await turnpike('ask hi')).err).toBe(`${notice}openai/gpt-4o · 1,200 in, 5 out · $0.00125\n`);
  });
  it('says that it was answered from the cache', async () => {
    behind.reply = () => streamedAnswer({ 'x-turnpike-cache': 'hit' });
    expect((await turnpike('ask hi')).err).toContain('5 out · from the cache · $');
  });
  it('waits for the entry, but not for ever', async () => {
    behind.reply = () => streamedAnswer({ 'x-turnpike-exchange-id': 'exc_9' });
    const { code, err } = await turnpike('ask hi');
    expect([code, err]).toEqual([0, 'openai/gpt-4o · 1,200 in, 5 out\n']);
  });
  it.each<[string, () => Response, string, string]>([
    [
      'a refusal',
      () => Response.json({ error: { message: 'this key may not use "x"' } }, { status: 403 }),
      '',
      '✗ this key may not use "x"\n',
    ],
    [
      'an answer that is none',
      () => new Response('<html>', { status: 502 }),
      '',
      '✗ the server answered 502\n',
    ],
    [
      'an error inside the stream',
      () =>
        new Response(
          frames('{"choices":[{"delta":{"content":"He"}}]}', '{"error":{"message":"overloaded"}}'),
        ),
      'He\n',
      '✗ the answer broke off: overloaded\n',
    ],
    [
      'a stream that is cut',
      () => new Response(frames('{"choices":[{"delta":{"content":"He"}}]}')),
      'He\n',
      '✗ the answer broke off: the connection closed before the end\n',
    ],
    ['nonsense', () => new Response(frames('{')), '', '✗ the answer broke off: the server sent something'],
  ])('fails on %s', async (_name, answer, expectedOut, expectedErr) => {
    behind.reply = answer;
    const { code, out, err } = await turnpike('ask hi');
    expect([code, out]).toEqual([1, expectedOut]);
    expect(err).toContain(expectedErr);
  });
});

describe('run', () => {
  const bin = (fake: string, name: string): string => {
    mkdirSync(fake, { recursive: true });
    writeFileSync(join(fake, name), '#!/bin/sh\n', { mode: 0o755 });
    return fake;
  };
  it.each(['claude', 'codex', 'opencode', 'gemini'])(
    'prints what it would set for %s, the key masked',
    async (name) => {
      const { code, out } = await turnpike(
        `run ${name} --model openai/gpt-4o --agent oss:bot --print -- -p it's`,
      );
      expect(code).toBe(0);
      expect(out).toMatchSnapshot();
    },
  );
  it('prints the key where that is asked for', async () => {
    const { out } = await turnpike('run claude --print --show-key');
    expect(out).toContain(VIRTUAL_KEY);
  });
  it('prints JSON', async () => {
    const { out } = await turnpike('run claude --json -- -p hi');
    expect(JSON.parse(out)).toMatchObject({ command: 'claude', args: ['-p', 'hi'] });
    expect(out).not.toContain(VIRTUAL_KEY);
  });
  it('starts the client, its key in the environment only, and ends with its exit code', async () => {
    behind.house.deps = withFormats('openai-responses');
    const home = createFakeIo().home;
    const { code, fake } = await turnpike('run codex --model m -- exec hi', {
      childCode: 7,
      env: { PATH: bin(home, 'codex'), ANTHROPIC_API_KEY: 'sk-ant' },
    });
    expect(code).toBe(7);
    const { command, args, env } = fake.started[0]!;
    expect([command, args.slice(-2), env.TURNPIKE_KEY]).toEqual([
      join(home, 'codex'),
      ['exec', 'hi'],
      VIRTUAL_KEY,
    ]);
    expect(args.join(' ')).not.toContain(VIRTUAL_KEY);
  });
  it("takes a vendor's own credential out of the client's environment", async () => {
    behind.house.deps = withFormats('anthropic-messages');
    const home = createFakeIo().home;
    const { fake } = await turnpike('run claude', {
      env: { PATH: bin(home, 'claude'), ANTHROPIC_API_KEY: 'sk-ant' },
    });
    expect(fake.started[0]?.env.ANTHROPIC_API_KEY).toBeUndefined();
    expect(fake.started[0]?.env.ANTHROPIC_BASE_URL).toBe(FAKE_URL);
  });
  it.each(['TURNPIKE_MASTER_KEY', 'TURNPIKE_MASTER_PASSPHRASE_PREVIOUS', 'TURNPIKE_BOOTSTRAP_KEY'])(
    'keeps %s from the client',
    async (name) => {
      behind.house.deps = withFormats('anthropic-messages');
      const home = createFakeIo().home;
      const env = { PATH: bin(home, 'claude'), [name]: 'for operators alone' };
      const { fake } = await turnpike('run claude', { env });
      const [started] = fake.started;
      expect([started?.command, started?.env[name]]).toEqual([join(home, 'claude'), undefined]);
    },
  );
  it('offers opencode every model', async () => {
    const home = createFakeIo().home;
    const { fake } = await turnpike('run opencode', { env: { PATH: bin(home, 'opencode') } });
    const config = JSON.parse(fake.started[0]?.env.OPENCODE_CONFIG_CONTENT ?? '');
    expect(Object.keys(config.provider.turnpike.models)).toEqual(['openai/gpt-4o', 'sandbox/echo']);
    expect(config.model).toBe('turnpike/openai/gpt-4o');
  });
  it('warns of settings that would win', async () => {
    behind.house.deps = withFormats('anthropic-messages');
    const home = createFakeIo().home;
    bin(join(home, '.claude'), 'x');
    writeFileSync(join(home, '.claude', 'settings.json'), '{"env":{"ANTHROPIC_BASE_URL":"http://other"}}');
    const { err } = await turnpike('run claude', { env: { PATH: bin(home, 'claude'), HOME: home } });
    expect(err).toContain('sets ANTHROPIC_BASE_URL itself');
  });
  it('says how to install a client that is not there', async () => {
    const { code, err } = await turnpike('run claude');
    expect([code, err]).toEqual([
      1,
      '✗ Claude Code is not installed: there is no claude on the PATH\n  Install it with: npm install -g @anthropic-ai/claude-code\n',
    ]);
  });
  it('does not start a client whose format is not served', async () => {
    const home = createFakeIo().home;
    const { code, err, fake } = await turnpike('run gemini', { env: { PATH: bin(home, 'gemini') } });
    expect([code, fake.started]).toEqual([1, []]);
    expect(err).toContain('speaks gemini-generate, which Turnpike 0.1.0 does not serve yet');
  });

  function withFormats(...formats: readonly string[]): FakeHouse['deps'] {
    const facts = behind.house.deps.describeInstallation();
    return { ...behind.house.deps, describeInstallation: () => ({ ...facts, formats }) };
  }
});
