/** A whole server on a libSQL database: it serves, enforces and books, alone, through a server that comes and goes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AdminClient, createClient } from '../src/cli/client.ts';
import { loadConfig } from '../src/config.ts';
import { openOffline, type RunningServer, startServer } from '../src/server.ts';
import { type FakeTurso, startFakeTurso, TURSO_TOKEN } from './support/fake-turso.ts';
import { HELD_TEXT, HELD_USAGE, type HeldUpstream, startHeldUpstream } from './support/held-upstream.ts';
import { operatorToken } from './support/open-house.ts';
import { ask, type Seen } from './support/plain-client.ts';
import { BOOTSTRAP_KEY, cleanEnv, newHome, removeHome } from './support/turnpike-process.ts';

/** Nano-dollars, from the vendor's price list. */
const HELD_COST = HELD_USAGE.input * 150 + HELD_USAGE.output * 600;
const PATIENT = { timeout: 15_000, interval: 20 };

let turso: FakeTurso;
let upstream: HeldUpstream;
const homes: string[] = [];
const running = new Set<RunningServer>();
beforeEach(async () => {
  turso = await startFakeTurso();
  upstream = await startHeldUpstream();
});
afterEach(async () => {
  turso.join();
  for (const server of running) await server.close();
  running.clear();
  for (const home of homes.splice(0)) removeHome(home);
  await upstream.close();
  await turso.close();
});

function configFor(home: string) {
  mkdirSync(home, { recursive: true });
  const provider = `{ kind: openai, base_url: "${upstream.url}/v1", api_key: upstream-key-oai }`;
  const budget = `{ name: tight, limit_usd: "0.01", scope: workspace, period: day, queue_ms: 0 }`;
  writeFileSync(join(home, 'config.yaml'), `providers:\n  oai: ${provider}\nbudgets:\n  - ${budget}\n`);
  const turnpike = { TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, TURSO_AUTH_TOKEN: TURSO_TOKEN };
  const env = cleanEnv(home, { DATABASE_URL: turso.url, ...turnpike });
  return loadConfig({ flags: { port: 0, logLevel: 'silent' }, env, cwd: home });
}

async function start(home = newHome()): Promise<{ home: string; server: RunningServer; admin: AdminClient }> {
  homes.push(home);
  const server = await startServer(configFor(home));
  running.add(server);
  return { home, server, admin: createClient(fetch, server.url, operatorToken(home)) };
}

const stream = (url: string): Promise<Seen> =>
  ask(url, { format: 'openai-chat', isStream: true, model: 'oai/gpt-4o-mini' });
const rows = (query: string) => turso.database.prepare(query).all();
const readiness = async (url: string): Promise<number> => (await fetch(`${url}/ready`)).status;

it('serves, books, and finds its books again after a restart', async () => {
  const { home, server } = await start();
  const asked = [stream(server.url), stream(server.url)];
  await upstream.untilHeld(2);
  expect(rows('select state from reservations')).toHaveLength(2);
  upstream.end();
  for (const seen of await Promise.all(asked)) expect(seen).toMatchObject({ status: 200, text: HELD_TEXT });
  await server.close();
  running.delete(server);
  expect(rows('select cost_nano from ledger_entries')).toEqual([
    { cost_nano: HELD_COST },
    { cost_nano: HELD_COST },
  ]);
  expect(rows('select settled_nano, reserved_nano from budget_windows')).toEqual([
    { settled_nano: 2 * HELD_COST, reserved_nano: 0 },
  ]);
  const { admin } = await start(home);
  expect(await admin.verifyLedger()).toMatchObject({ isSound: true, entries: 2 });
  expect(turso.database.prepare('select epoch, state from replicas').all()).toEqual([
    { epoch: 2, state: 'live' },
  ]);
});

it('holds a hard budget, whoever asks at the same time', async () => {
  const { server } = await start();
  const more = { max_tokens: 4_000 };
  const ended: Seen[] = [];
  const asked = Array.from({ length: 30 }, async () => {
    const asking = { format: 'openai-chat', model: 'oai/gpt-4o-mini', isStream: true, more } as const;
    ended.push(await ask(server.url, asking));
  });
  // Each may cost 2.4 thousandths of a dollar, and there are ten.
  await upstream.untilHeld(4);
  await expect.poll(() => ended.length, PATIENT).toBe(26);
  for (const seen of ended)
    expect(seen).toMatchObject({ status: 429, error: { code: 'insufficient_quota' } });
  expect(rows('select requests, reserved_nano <= limit_nano as fits from budget_windows')).toEqual([
    { requests: 4, fits: 1 },
  ]);
  upstream.end();
  await Promise.all(asked);
  expect(upstream.count()).toBe(4);
  await expect
    .poll(() => rows('select settled_nano, reserved_nano from budget_windows'), PATIENT)
    .toEqual([{ settled_nano: 4 * HELD_COST, reserved_nano: 0 }]);
});

it('is alone on its database: another server and a command are told who has it', async () => {
  const { server } = await start();
  await expect(start()).rejects.toThrow(/another Turnpike process .* is using this database/);
  await expect(openOffline(configFor(homes.at(-1)!))).rejects.toThrow(/is using this database/);
  await expect(startServer(configFor(homes[0]!))).rejects.toThrow(/one data folder serves one process/);
  expect(await readiness(server.url)).toBe(200);
});

it('36: down before reserve and between reserve and post: 503, the stream goes on, booked once', async () => {
  const { server, admin } = await start();
  const asked = stream(server.url);
  await upstream.untilHeld(1);
  turso.cut();
  upstream.end();
  expect(await asked).toMatchObject({ status: 200, text: HELD_TEXT, isComplete: true, isBroken: false });
  const refused = await stream(server.url);
  expect(refused).toMatchObject({ status: 503, error: { code: 'ledger_unavailable' } });
  expect(refused.headers.get('retry-after')).toBe('1');
  await expect.poll(() => readiness(server.url), PATIENT).toBe(503);
  await expect(admin.keys.create({ name: 'late' })).rejects.toThrow(/database cannot be used/);
  expect(upstream.count()).toBe(1);
  turso.join();
  await expect.poll(() => readiness(server.url), PATIENT).toBe(200);
  await expect.poll(() => rows('select cost_nano from ledger_entries'), PATIENT).toHaveLength(1);
  expect(rows('select 1 from reservations')).toEqual([]);
  expect(await admin.verifyLedger()).toMatchObject({ isSound: true, entries: 1 });
});
