/**
 * `kill -9` at random moments under load: every attempt the upstream received is in the ledger exactly once,
 * and the books add up. The promise this project is built on.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { roadConfig } from './support/cells.ts';
import {
  BOOTSTRAP_KEY,
  cleanEnv,
  newHome,
  removeHome,
  startTurnpike,
  type TurnpikeProcess,
} from './support/turnpike-process.ts';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 50);
const CLIENTS = 12;
const cli = resolve(fileURLToPath(import.meta.url), '../../dist/cli/main.js');

let upstream: FakeUpstream;
const home = newHome();

beforeAll(async () => {
  upstream = await startFakeUpstream();
});
afterAll(async () => {
  await upstream.close();
  removeHome(home);
});

/** Deterministic randomness: a failing run can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

let asked = 0;

async function client(turnpike: TurnpikeProcess, isOver: () => boolean, random: () => number): Promise<void> {
  while (!isOver()) {
    asked += 1;
    const marker = `m${asked}`;
    const isStream = random() < 0.6;
    const prompt = `[[sandbox ttfb=${Math.floor(random() * 8)} pace=${isStream ? 1 : 0} words=${Math.floor(random() * 60)}]] ${marker}`;
    const model = random() < 0.5 ? 'oai/scribe' : 'ant/scribe';
    try {
      const answer = await fetch(`${turnpike.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${BOOTSTRAP_KEY}`,
          'content-type': 'application/json',
          'x-turnpike-end-user': marker,
        },
        body: JSON.stringify({ model, stream: isStream, messages: [{ role: 'user', content: prompt }] }),
      });
      await answer.arrayBuffer();
    } catch {
      // The process died under the request: what this test is about.
    }
  }
}

async function oneRound(round: number): Promise<void> {
  const random = randomFrom(round + 1);
  const turnpike = await startTurnpike({
    home,
    config: roadConfig(upstream.url),
    env: { LOG_LEVEL: 'error' },
  });
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, () => client(turnpike, () => isOver, random));
  await new Promise((done) => setTimeout(done, 30 + random() * 250));
  await turnpike.stop('SIGKILL');
  isOver = true;
  await Promise.all(clients);
}

it(`keeps every attempt exactly once through ${ROUNDS} kills`, { timeout: 300_000 }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) await oneRound(round);
  // One more start recovers what the last kill left; it ends in good order.
  const last = await startTurnpike({ home, config: roadConfig(upstream.url), env: { LOG_LEVEL: 'error' } });
  expect(await last.stop()).toBe(0);

  const received = new Map<string, number>();
  for (const request of upstream.requests) {
    const marker = / (m\d+)"/.exec(request.body.toString('utf8'))?.[1];
    if (marker !== undefined) received.set(marker, (received.get(marker) ?? 0) + 1);
  }
  const database = new Database(`${home}/turnpike.db`, { readonly: true });
  const rows = database
    .prepare('SELECT end_user AS marker, count(*) AS entries FROM ledger_entries GROUP BY end_user')
    .all() as { marker: string; entries: number }[];
  const open = database.prepare('SELECT count(*) AS n FROM reservations').get() as { n: number };
  const interrupted = database
    .prepare("SELECT count(*) AS n FROM ledger_entries WHERE status = 'interrupted'")
    .get() as { n: number };
  const undecided = database
    .prepare(
      `SELECT e.exchange_id FROM ledger_entries e LEFT JOIN decisions d USING (exchange_id, attempt)
       WHERE (d.exchange_id IS NULL) = (e.lane = 'translate' AND e.status <> 'interrupted')`,
    )
    .all();
  const decided = database.prepare('SELECT count(*) AS n FROM decisions').get() as { n: number };
  database.close();
  const booked = new Map(rows.map((row) => [row.marker, row.entries]));

  expect(received.size).toBeGreaterThan(ROUNDS);
  expect(interrupted.n).toBeGreaterThan(0);
  expect(open.n).toBe(0);
  // A decision record where the entry does not say all, and nowhere else: it came with its entry.
  expect(undecided).toEqual([]);
  expect(decided.n).toBeGreaterThan(0);
  const wrong = [...received].filter(([marker, times]) => booked.get(marker) !== times);
  expect(wrong).toEqual([]);
  expect([...booked].filter(([, entries]) => entries !== 1)).toEqual([]);

  const verify = spawnSync(process.execPath, [cli, 'ledger', 'verify', '--json'], {
    env: cleanEnv(home),
    encoding: 'utf8',
  });
  expect(verify.stderr + verify.stdout).toMatch(/true/);
  expect(verify.status).toBe(0);
});
