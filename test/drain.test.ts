/** How a real process starts and stops: what is open finishes, what is booked stays, and every refusal to start says why. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openDesk, operatorToken, untilTrue } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats, type Seen, send } from './support/plain-client.ts';
import {
  BOOTSTRAP_KEY,
  cleanEnv,
  newHome,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from './support/turnpike-process.ts';

const entry = resolve(fileURLToPath(import.meta.url), '../../dist/cli/main.js');

const homes: string[] = [];
const running: TurnpikeProcess[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const turnpike of running.splice(0)) await turnpike.stop('SIGKILL');
  for (const home of homes.splice(0)) removeHome(home);
});

function freshHome(): string {
  const home = newHome();
  homes.push(home);
  return home;
}

async function start(options: Parameters<typeof startTurnpike>[0]): Promise<TurnpikeProcess> {
  const turnpike = await startTurnpike({ ...options, home: options.home ?? freshHome() });
  running.push(turnpike);
  return turnpike;
}

/** Runs `turnpike serve` that is expected to end by itself. */
async function serveInVain(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child: ChildProcess = spawn(process.execPath, [entry, 'serve', ...args], {
    env: cleanEnv(home, env),
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(giveUp);
  return { code, output };
}

/** A start that keeps what lies in the home folder; `startTurnpike` removes the client file. */
async function startBeside(
  home: string,
  env: Record<string, string> = {},
): Promise<{ url: string; child: ChildProcess }> {
  const before = JSON.stringify(readClientFile(home));
  const child = spawn(process.execPath, [entry, 'serve', '--port', '0'], {
    env: cleanEnv(home, env),
    stdio: 'ignore',
  });
  children.push(child);
  // Written twice where something in it is new: with what must not be lost at once, and with the address in the end.
  await untilTrue(
    () => readClientFile(home).url !== undefined && JSON.stringify(readClientFile(home)) !== before,
  );
  return { url: readClientFile(home).url!, child };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
}

function readClientFile(home: string): { readonly url?: string; readonly key?: string } {
  try {
    return JSON.parse(readFileSync(join(home, 'client.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** About a second of words, and the promise of what the client sees of them in the end. */
function openStream(url: string, format: ClientFormat, isStream = true): Promise<Seen> {
  const prompt = '[[sandbox ttfb=0 pace=15 words=70]] Tell me about rivers.';
  return ask(url, { format, isStream, model: 'sandbox/scribe', prompt });
}

async function waitForOpen(url: string, count: number): Promise<void> {
  for (;;) {
    const ready = await fetch(`${url}/ready`);
    if (((await ready.json()) as { openExchanges: number }).openExchanges >= count) return;
  }
}

describe('SIGTERM', () => {
  it('lets what is open finish, takes nothing new, and leaves with everything in the books', async () => {
    const turnpike = await start({ env: { LOG_LEVEL: 'info' } });
    const desk = openDesk(turnpike.url, turnpike.home);
    const open = clientFormats.flatMap((format) => [
      openStream(turnpike.url, format),
      openStream(turnpike.url, format, false),
    ]);
    await waitForOpen(turnpike.url, open.length);
    const exited = turnpike.stop('SIGTERM');
    await untilTrue(() => turnpike.output().includes('stopping'));
    // Refused at the door, or by the process where a connection was open already.
    const late = await send(turnpike.url, { format: 'openai-chat', model: 'sandbox/echo' }).catch(
      () => undefined,
    );
    if (late) expect(late.status).toBe(503);
    await late?.arrayBuffer();
    for (const seen of await Promise.all(open)) {
      expect(seen).toMatchObject({ status: 200, isComplete: true, isBroken: false, error: undefined });
      expect(seen.text.split(' ').length).toBeGreaterThan(60);
    }
    expect(await exited).toBe(0);
    const rows = desk.rows<{ status: string; is_estimated: number }>('select * from ledger_entries');
    expect(rows.map((row) => [row.status, row.is_estimated])).toEqual(open.map(() => ['ok', 0]));
    expect(desk.rows('select 1 from reservations')).toEqual([]);
    const again = await start({ home: turnpike.home });
    expect((await openDesk(again.url, again.home).verify()).entries).toBe(open.length);
  });

  it('sent twice ends at once; what was cut off is booked at the next start', async () => {
    const turnpike = await start({});
    const prompt = '[[sandbox ttfb=0 pace=20 words=4000]]';
    const cut = await send(turnpike.url, {
      format: 'openai-chat',
      isStream: true,
      model: 'sandbox/scribe',
      prompt,
    });
    turnpike.child.kill('SIGTERM');
    await untilTrue(() => turnpike.output().includes('stopping'));
    expect(await turnpike.stop('SIGTERM')).toBe(1);
    await expect(cut.text()).rejects.toThrow();
    const again = await start({ home: turnpike.home });
    const desk = openDesk(again.url, again.home);
    const rows = await desk.entries(1);
    expect(rows.map((row) => [row.status, row.is_estimated, row.flags])).toEqual([
      ['interrupted', 1, 'interrupted'],
    ]);
    expect(rows[0]!.cost_nano).toBeGreaterThan(0);
    await desk.verify();
  });
});

describe('a second process', () => {
  it('does not start on a database in use, says whose it is, and disturbs nothing', async () => {
    const turnpike = await start({});
    const before = readFileSync(join(turnpike.home, 'client.json'), 'utf8');
    const { code, output } = await serveInVain(turnpike.home, ['--port', '0'], {
      TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY,
    });
    expect(code).toBeGreaterThan(0);
    expect(output).toContain(`pid ${turnpike.child.pid}`);
    expect(output).toContain('one SQLite database serves one process');
    expect(output).not.toMatch(/^\s+at .*\.js/m);
    expect(readFileSync(join(turnpike.home, 'client.json'), 'utf8')).toBe(before);
    expect((await ask(turnpike.url, { format: 'openai-chat', model: 'sandbox/echo' })).status).toBe(200);
  });
});

describe('client.json', () => {
  it.each([
    { left: 'nonsense', content: '{ "url": "http://127' },
    {
      left: 'a token of another installation',
      content: JSON.stringify({
        url: 'http://127.0.0.1:1',
        operatorToken: 'tpo-stale-stale-stale',
        key: 'tp-stale',
      }),
    },
  ])('is written anew over $left', async ({ content }) => {
    const home = freshHome();
    const first = await start({ home });
    expect(await first.stop()).toBe(0);
    const stale = join(home, 'client.json');
    writeFileSync(stale, content);
    const { url, child } = await startBeside(home, { TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY });
    expect(statSync(stale).mode & 0o777).toBe(0o600);
    expect(operatorToken(home)).not.toContain('stale');
    expect((await ask(url, { format: 'openai-chat', model: 'sandbox/echo' })).status).toBe(200);
    await openDesk(url, home).verify();
    const old = await fetch(`${url}/api/v1/keys`, {
      headers: { authorization: 'Bearer tpo-stale-stale-stale' },
    });
    expect(old.status).toBe(401);
    await end(child);
  });
});

describe('the first key', () => {
  const shown = (text: string): string[] => text.match(/tp-[A-Za-z0-9_-]{20,}/g) ?? [];

  it('is shown by the first start, works, and is never shown again', async () => {
    const first = await start({ bootstrapKey: undefined });
    await untilTrue(() => shown(first.output()).length > 0);
    const [key, ...more] = shown(first.output());
    expect(more).toEqual([]);
    const seen = await ask(first.url, { format: 'openai-chat', model: 'sandbox/echo', key: key! });
    expect(seen.status).toBe(200);
    expect(await first.stop()).toBe(0);
    const second = await start({ home: first.home, bootstrapKey: undefined });
    expect(shown(second.output())).toEqual([]);
    expect((await ask(second.url, { format: 'openai-chat', model: 'sandbox/echo', key: key! })).status).toBe(
      200,
    );
    expect(await second.stop()).toBe(0);
    expect(shown(second.output())).toEqual([]);
  });

  it('is not lost to a start that failed', async () => {
    const home = freshHome();
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, output } = await serveInVain(home, ['--port', String(port)]);
    other.close();
    expect(code).toBeGreaterThan(0);
    expect(output).toContain(`something already listens at 127.0.0.1:${port}`);
    expect(output).not.toMatch(/^\s+at .*\.js/m);
    const { url, child } = await startBeside(home);
    const { key } = readClientFile(home);
    expect(key).toBeDefined();
    const seen = await ask(url, { format: 'openai-chat', model: 'sandbox/echo', key: key! });
    expect(seen.status).toBe(200);
    await end(child);
  });
});

describe('an address that others can reach', () => {
  it.each(['0.0.0.0', '::'])('is refused without a key of the operator: %s', async (host) => {
    const home = freshHome();
    const { code, output } = await serveInVain(home, ['--port', '0', '--host', host]);
    expect(code).toBeGreaterThan(0);
    expect(output).toContain('TURNPIKE_BOOTSTRAP_KEY');
    expect(output).not.toMatch(/tp-[A-Za-z0-9_-]{20,}/);
  });
  it('is served with one', async () => {
    const turnpike = await start({ args: ['--host', '0.0.0.0'] });
    expect((await ask(turnpike.url, { format: 'openai-chat', model: 'sandbox/echo' })).status).toBe(200);
    expect(await turnpike.stop()).toBe(0);
  });
});
