/** What holds of every request, whatever its plan, its client and its providers do: laws of attempts, fallbacks and hedges under random storms. */
import { afterEach, expect, it } from 'vitest';
import { ExplainedExchange } from '../src/admin/exchanges.ts';
import type { HealthBody } from '../src/admin/health.ts';
import {
  type AttemptStorm,
  type Mood,
  openAttemptStorm,
  pick,
  type Random,
  type Route,
  randomFrom,
} from './support/attempt-storm.ts';
import { type EntryRow, untilTrue } from './support/open-house.ts';
import { ask, type ClientFormat, clientFormats, type Seen } from './support/plain-client.ts';

const SEEDS: readonly [Mood, number][] = [
  ['any', 11],
  ['any', 23],
  ['late', 37],
];
const ROUNDS = 3;
const AT_ONCE = 20;
const MAX_MODELS = 3;
const MAX_SENDS = 5;

interface Asking {
  readonly tag: string;
  readonly route: Route;
  readonly format: ClientFormat;
  readonly isStream: boolean;
  /** undefined = the client stays. */
  readonly leavesAfterMs: number | undefined;
  readonly maxCostUsd: string | undefined;
}

interface Asked {
  readonly asking: Asking;
  /** undefined = the client left before it had all of it. */
  readonly seen: Seen | undefined;
}

let storm: AttemptStorm;
afterEach(() => storm.close());

it.each(SEEDS)('laws of attempts, mood %s, seed %i', async (mood, seed) => {
  storm = await openAttemptStorm(seed, mood);
  const random = randomFrom(seed + 1);
  for (let round = 0; round < ROUNDS; round += 1) {
    await storm.calm();
    const askings = Array.from({ length: AT_ONCE }, (_, nth) => askingOf(random, `${seed}-${round}-${nth}`));
    const asked = await Promise.all(askings.map(askOne));
    await settled();
    for (const one of asked) await judge(one);
  }
  await storm.house.verify();
  judgeStorm();
});

function askingOf(random: Random, name: string): Asking {
  return {
    tag: `asking-${name}`,
    route: pick(random, storm.routes),
    format: pick(random, clientFormats),
    isStream: random() < 0.6,
    leavesAfterMs: random() < 0.25 ? Math.floor(random() * 500) : undefined,
    // Room for about one answer and a half, or for many.
    maxCostUsd: random() < 0.3 ? pick(random, ['0.015', '1']) : undefined,
  };
}

async function askOne(asking: Asking): Promise<Asked> {
  const { tag, route, format, isStream, leavesAfterMs, maxCostUsd } = asking;
  const leaving = new AbortController();
  const timer = leavesAfterMs === undefined ? undefined : setTimeout(() => leaving.abort(), leavesAfterMs);
  try {
    const seen = await ask(storm.house.url, {
      ...{ format, isStream, model: route.name, prompt: tag, signal: leaving.signal },
      headers: {
        'x-turnpike-session': tag,
        ...(maxCostUsd !== undefined && { 'x-turnpike-max-cost-usd': maxCostUsd }),
      },
    });
    return { asking, seen: leaving.signal.aborted ? undefined : seen };
  } catch (fault) {
    if (!leaving.signal.aborted) throw fault;
    return { asking, seen: undefined };
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing is on its way and nothing held: what has been given up by its client was ended too. */
async function settled(): Promise<void> {
  const { house } = storm;
  await untilTrue(() => house.rows('select 1 from reservations').length === 0);
  let inFlight: unknown[] = [];
  for (let look = 0; look < 200; look += 1) {
    const { deployments } = await house.admin<HealthBody>('GET', '/health');
    inFlight = deployments.filter((one) => one.inFlight > 0).map(({ ref, inFlight: count }) => [ref, count]);
    if (inFlight.length === 0) break;
    await new Promise((done) => setTimeout(done, 10));
  }
  expect(inFlight).toEqual([]);
}

async function judge({ asking, seen }: Asked): Promise<void> {
  const entries = storm.house.rows<EntryRow>(
    `select * from ledger_entries where session_id = '${asking.tag}' order by attempt`,
  );
  judgeEntries(asking, entries);
  if (entries.length > 0) await judgeRecord(entries);
  if (seen) judgeAnswer(asking, seen, entries);
  else expect(new Set(entries.map(({ exchange_id }) => exchange_id)).size).toBeLessThanOrEqual(1);
}

/** It was a storm: a law that nothing tried says nothing. */
function judgeStorm(): void {
  const rows = storm.house.rows<EntryRow>("select * from ledger_entries where session_id like 'asking-%'");
  const statuses = new Set(rows.map(({ status }) => status));
  for (const status of ['ok', 'upstream_error', 'truncated']) expect(statuses).toContain(status);
  expect(Math.max(...rows.map(({ attempt }) => attempt))).toBeGreaterThanOrEqual(MAX_MODELS);
}

/** What was sent is booked once, and what is booked was sent. */
function judgeEntries({ tag, route }: Asking, entries: readonly EntryRow[]): void {
  const requests = storm.requestsOf(tag);
  const sent = entries.filter(({ status }) => status !== 'not_sent');
  const countOf = (name: string, ended: (entry: EntryRow) => boolean = () => true) =>
    sent.filter((entry) => entry.provider === name && ended(entry)).length;
  for (const name of new Set([...requests, ...sent].map(({ provider }) => provider))) {
    const received = requests.filter(({ provider }) => provider === name).length;
    // One that was given up at once may not have arrived.
    const given = countOf(name, ({ status }) => status === 'client_abort');
    expect(received, `${tag}: ${name}`).toBeLessThanOrEqual(countOf(name));
    expect(received, `${tag}: ${name}`).toBeGreaterThanOrEqual(countOf(name) - given);
    expect(route.refs).toContain(`${name}/m`);
  }
  expect(entries.map(({ attempt }) => attempt)).toEqual(entries.map((_, nth) => nth + 1));
  expect(sent.length).toBeLessThanOrEqual(MAX_SENDS);
  expect(new Set(sent.map(({ provider }) => provider)).size).toBeLessThanOrEqual(MAX_MODELS);
  expect(sent.filter(({ status }) => status === 'ok').length).toBeLessThanOrEqual(1);
}

async function judgeRecord(entries: readonly EntryRow[]): Promise<void> {
  const told = await storm.house.admin('GET', `/exchanges/${entries[0]!.exchange_id}`);
  const { decision } = ExplainedExchange.parse(told);
  expect(decision.attempts.map(({ number, model, status }) => [number, model, status])).toEqual(
    entries.map(({ attempt, provider, model, status }) => [attempt, `${provider}/${model}`, status]),
  );
}

/** One answer or one error, in the client's own format, of one attempt alone. */
function judgeAnswer({ tag, route, format }: Asking, seen: Seen, entries: readonly EntryRow[]): void {
  expect(seen.exchangeId, tag).not.toBe('');
  expect(seen.isBroken, tag).toBe(false);
  for (const { exchange_id } of entries) expect(exchange_id).toBe(seen.exchangeId);
  const ends = seen.raw.split(format === 'openai-chat' ? 'data: [DONE]' : 'event: message_stop').length - 1;
  expect(ends, tag).toBeLessThanOrEqual(1);
  if (seen.error) expect(seen.error.message, tag).not.toBe('');
  else expect([seen.status, seen.isComplete], `${tag}: ${seen.raw}`).toEqual([200, true]);
  if (seen.status !== 200) {
    expect([seen.text, seen.error !== undefined], `${tag}: ${seen.raw}`).toEqual(['', true]);
    return;
  }
  const model = seen.headers.get('x-turnpike-model')!;
  const speaker = model.split('/')[0]!;
  expect(seen.text, tag).toMatch(new RegExp(`^<${speaker} (\\d+)> one two three </${speaker} \\1>$`));
  expect(seen.headers.get('x-turnpike-fallback'), tag).toBe(String(model !== route.refs[0]));
  const attempt = Number(seen.headers.get('x-turnpike-attempts'));
  const booked = entries.find((entry) => entry.attempt === attempt);
  expect(booked?.provider, tag).toBe(speaker);
  if (!seen.error) expect(booked?.status, tag).toBe('ok');
}
