/** The built command line against a running process, and against its database once the process has gone. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BOOTSTRAP_KEY,
  cleanEnv,
  newHome,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from './support/turnpike-process.ts';

const entry = resolve(fileURLToPath(import.meta.url), '../../dist/cli/main.js');
const home = newHome();
let server: TurnpikeProcess;

beforeAll(async () => {
  server = await startTurnpike({ home, env: { LOG_LEVEL: 'error' } });
});
afterAll(async () => {
  await server.stop('SIGKILL');
  removeHome(home);
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function turnpike(words: readonly string[], input?: string): Ended {
  const ended = spawnSync(process.execPath, [entry, ...words], {
    env: cleanEnv(home),
    encoding: 'utf8',
    ...(input !== undefined && { input }),
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

const json = (words: readonly string[]) => JSON.parse(turnpike([...words, '--json']).out);

describe('while the server runs', () => {
  it('asks, and books what it cost', () => {
    const { code, out, err } = turnpike(
      ['ask', '--model', 'sandbox/echo', '--agent', 'tester'],
      'hello from a pipe',
    );
    expect([code, out]).toEqual([0, 'hello from a pipe\n']);
    expect(err).toMatch(
      /^There is no file of the agent tester here.*\nsandbox\/echo · by explicit \(x-turnpike-model\) · \d+ in, \d+ out · \$0\.0+\d+\n$/,
    );
    const usage = json(['usage', '--by', 'agent']);
    expect(usage.rows).toMatchObject([{ value: 'tester', entries: 1 }]);
    expect(Number(usage.total.costUsd)).toBeGreaterThan(0);
  });
  it('says what a model that fails does', () => {
    const { code, out } = turnpike(['models', 'test', 'sandbox/echo', 'sandbox/fault-503']);
    expect(code).toBe(1);
    expect(out).toMatch(/^✓ sandbox\/echo {2}\d+ ms · \$0\.0+\d+\n✗ sandbox\/fault-503 {2}503: .+\n$/);
  });
  it('makes a key that works until it is revoked', async () => {
    const made = json(['keys', 'create', 'ci', '--models', 'sandbox/*']);
    const chat = async () => {
      const answer = await fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
        body: '{"model":"sandbox/echo","messages":[{"role":"user","content":"hi"}]}',
      });
      return answer.status;
    };
    expect(await chat()).toBe(200);
    expect(turnpike(['keys', 'revoke', 'ci', '--yes']).code).toBe(0);
    await expect.poll(chat).toBe(401);
  });
  it('serves what the doctor finds sound', () => {
    const { findings } = json(['doctor']);
    expect(findings.filter(({ state }: { state: string }) => state === 'fail')).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'ledger', state: 'ok' }));
  });
  it('keeps the client file for its owner alone, and says no secret', () => {
    expect(statSync(join(home, 'client.json')).mode & 0o777).toBe(0o600);
    const { key, operatorToken } = JSON.parse(readFileSync(join(home, 'client.json'), 'utf8'));
    expect(key).toBe(BOOTSTRAP_KEY);
    for (const secret of [key, operatorToken]) expect(server.output()).not.toContain(secret);
  });
  it('does not start a second time on the same database', () => {
    const { code, err } = turnpike(['serve', '--port', '0']);
    expect(code).toBe(1);
    expect(err).toMatch(/^✗ .*(lock|another|already)/im);
  });
});

describe('when the server has gone', () => {
  beforeAll(async () => {
    expect(await server.stop('SIGTERM')).toBe(0);
  });
  it('reads the books itself', () => {
    expect(json(['usage', '--by', 'agent']).rows).toContainEqual(
      expect.objectContaining({ value: 'tester' }),
    );
    expect(turnpike(['ledger', 'verify'])).toMatchObject({ code: 0, err: '' });
    expect(turnpike(['keys', 'create', 'offline']).code).toBe(0);
    expect(json(['keys', 'list']).keys.map(({ name }: { name: string }) => name)).toContain('offline');
  });
  it('says how to start it where it is needed', () => {
    const { code, err } = turnpike(['ask', 'hi']);
    expect(code).toBe(1);
    expect(err).toContain('Start it with `turnpike serve`');
  });
});
