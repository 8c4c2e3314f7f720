/**
 * What questions of operators cost on books of 10 million requests in 90 days. By hand:
 * `npx tsx bench/analytics.ts [--workspaces 40] [--entries 1000000] [--days 90] [--folder F] [--postgres]`
 *
 * The rollups are filled as those requests would have left them (2 million hours, 140 thousand days); of the entries
 * only the newest are made, which is all that these questions read. Asked is the workspace that has the most.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createAnalyticsDesk } from '../src/admin/analytics-desk.ts';
import { createSpendingDesk } from '../src/admin/spending-desk.ts';
import type { WorkspaceId } from '../src/base/ids.ts';
import { silentLog } from '../src/base/log.ts';
import { comparePeriod } from '../src/ledger/analytics/trends.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { startPostgres } from '../test/support/postgres-server.ts';

const { values: options } = parseArgs({
  options: {
    workspaces: { type: 'string', default: '1' },
    entries: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '90' },
    rounds: { type: 'string', default: '20' },
    folder: { type: 'string', default: tmpdir() },
    postgres: { type: 'boolean', default: false },
  },
});
const workspaces = Number(options.workspaces);
const days = Number(options.days);
const rounds = Number(options.rounds);

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The afternoon of the last day, so that all of its pieces are in play. */
const END_MS = Date.UTC(2026, 10, 21);
const NOW_MS = END_MS - 7 * HOUR_MS - 1_234_567;
const START_MS = END_MS - days * DAY_MS;
/** Combinations of key, agent, provider and model with a row on each day; three of five are active in an hour. */
const COMBINATIONS = 1_550;
const ACTIVE_PER_MILLE = 597;
const KEYS = 155;
/** Entries a day, by the sums below. */
const ENTRIES_PER_DAY = 111_000;

const padded = (prefix: string, number: string) =>
  sql.raw(`'${prefix}_01k9h8x7zq3v5m2n4p6r8' || (1000 + ${number})`);
const workspaceName = padded('ws', `n % ${workspaces}`);
const firstWorkspace = 'ws_01k9h8x7zq3v5m2n4p6r81000' as WorkspaceId;

async function fill(store: Store): Promise<void> {
  const { kysely } = store;
  for (let n = 0; n < workspaces; n += 1) {
    const id = `ws_01k9h8x7zq3v5m2n4p6r8${1000 + n}` as WorkspaceId;
    await kysely
      .insertInto('workspaces')
      .values({ id, name: `w${n}`, created_at: 0 })
      .execute();
  }
  for (let dayMs = START_MS; dayMs < END_MS; dayMs += DAY_MS) {
    await fillHours(store, dayMs);
    await fillDay(store, dayMs);
  }
  const firstMs = END_MS - Math.ceil(Number(options.entries) / ENTRIES_PER_DAY) * DAY_MS;
  for (let dayMs = Math.max(firstMs, START_MS); dayMs < END_MS; dayMs += DAY_MS)
    await fillEntries(store, dayMs);
  // As after a quiet moment: see store/wal.ts.
  await (store.dialect === 'sqlite' ? sql`pragma wal_checkpoint(truncate)` : sql`analyze`).execute(kysely);
}

const sumColumns = sql.raw(
  `entries, errors, estimated, unpriced, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
  output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano, latency_ms, ttft_ms, ttft_entries`,
);

/** The combination that spends least spends a ninth of the one that spends most; a fourth of all is slow. */
async function fillHours({ kysely }: Store, dayMs: number): Promise<void> {
  const lastHour = dayMs === END_MS - DAY_MS ? Math.floor((NOW_MS - dayMs) / HOUR_MS) : 23;
  await sql`
    insert into usage_hours (workspace_id, hour, key_id, member_id, agent_id, provider, model, ${sumColumns}, latency_histogram)
    with recursive hours(h) as (select 0 union all select h + 1 from hours where h < ${sql.lit(lastHour)}),
      combinations(n) as (select 0 union all select n + 1 from combinations where n < ${sql.lit(COMBINATIONS - 1)}),
      active as (
        select ${sql.lit(dayMs)} + h * ${sql.lit(HOUR_MS)} as hour, n, 1 + (h * 31 + n * 17) % 9 as e
        from hours cross join combinations
        where (h * 7919 + n * 104729 + ${sql.lit(dayMs / DAY_MS)} * 31) % 1000 < ${sql.lit(ACTIVE_PER_MILLE)})
    select ${workspaceName}, hour, ${padded('key', `n % ${KEYS}`)}, ${padded('mem', `n % ${KEYS} % 31`)},
      'agent-' || (n / ${sql.lit(KEYS)} % 5), case n / ${sql.lit(KEYS)} % 4 when 0 then 'anthropic' when 1 then 'openai'
        when 2 then 'gemini' else 'openrouter' end, 'model-of-some-length-' || (n / ${sql.lit(KEYS)}),
      e, e / 9, e / 8, 0, e * 12000, e * 40000, e * 900, 0, e * 700, e * 90, 0, 0, e * 21345678, e * 5000, e * 800, e,
      '[0,0,0,0,0,0,0,0,0,0,0,' || (e - e / 4) || ',' || (e / 4) || ']'
    from active`.execute(kysely);
}

async function fillDay({ kysely }: Store, dayMs: number): Promise<void> {
  const sums = sql.raw(
    [
      'entries',
      'errors',
      'estimated',
      'unpriced',
      'input_tokens',
      'cache_read_tokens',
      'cache_write_5m_tokens',
    ]
      .concat(['cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens', 'audio_input_tokens'])
      .concat(['audio_output_tokens', 'cost_nano', 'latency_ms', 'ttft_ms', 'ttft_entries'])
      .map((column) => `sum(${column})`)
      .join(', '),
  );
  const dimensions = sql.raw('key_id, member_id, agent_id, provider, model');
  await sql`
    insert into usage_days (workspace_id, day, ${dimensions}, ${sumColumns}, latency_histogram)
    select workspace_id, ${sql.lit(dayMs)}, ${dimensions}, ${sums},
      '[0,0,0,0,0,0,0,0,0,0,0,' || sum(entries - entries / 4) || ',' || sum(entries / 4) || ']'
    from usage_hours where workspace_id in (select id from workspaces)
      and hour >= ${sql.lit(dayMs)} and hour < ${sql.lit(dayMs + DAY_MS)}
    group by workspace_id, ${dimensions}`.execute(kysely);
}

async function fillEntries({ kysely }: Store, dayMs: number): Promise<void> {
  await sql`
    insert into ledger_entries (exchange_id, attempt, sequence, workspace_id, key_id, member_id, agent_id, session_id,
      provider, model, client_format, lane, status, price_state, input_tokens, cache_read_tokens, cache_write_5m_tokens,
      cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano,
      input_cost_nano, cache_cost_nano, output_cost_nano, other_cost_nano, is_estimated, ttft_ms, latency_ms, started_at, created_at)
    with recursive numbers(k) as (select 1 union all select k + 1 from numbers where k < 9),
      made as (
        select *, hour + k * 390000 as at from usage_hours cross join numbers
        where workspace_id in (select id from workspaces) and k <= entries
          and hour >= ${sql.lit(dayMs)} and hour < ${sql.lit(dayMs + DAY_MS)})
    select 'exc_' || key_id || agent_id || model || at, 1, 0, workspace_id, key_id, member_id, agent_id,
      'session-' || key_id || '-' || (hour / ${sql.lit(4 * HOUR_MS)}), provider, model, 'anthropic-messages', 'relay',
      'ok', 'priced', 12000, 40000, 900, 0, 700, 90, 0, 0, 21345678, 12000000, 5345678, 4000000, 0, 0, 800, 5000, at, at
    from made where at < ${sql.lit(NOW_MS)} order by at`.execute(kysely);
}

type Question = readonly [string, () => Promise<unknown>];

function questionsOf(store: Store): readonly Question[] {
  const desk = createAnalyticsDesk(store, firstWorkspace);
  const spending = createSpendingDesk(store, firstWorkspace);
  const untilMs = NOW_MS + 1;
  /** Today and the whole days before, as is asked where nothing else is said. */
  const last = (count: number) => ({ sinceMs: END_MS - count * DAY_MS, untilMs });
  const month = last(30);
  const odd = { sinceMs: NOW_MS - 30 * DAY_MS, untilMs: NOW_MS - 100 * HOUR_MS };
  const keyId = 'key_01k9h8x7zq3v5m2n4p6r81000';
  const compared = comparePeriod('month', 'Europe/Berlin', untilMs);
  const sessionId = `session-${keyId}-${Math.floor(NOW_MS / (4 * HOUR_MS))}`;
  return [
    ['overview, today', () => desk.overview(last(1))],
    ['overview, 30 days', () => desk.overview(month)],
    ['overview, 90 days', () => desk.overview(last(90))],
    ['by model, 30 days', () => desk.spend('model', month, 100)],
    ['by model, a month from and to odd minutes', () => desk.spend('model', odd, 100)],
    ['by provider, 30 days', () => desk.spend('provider', month, 100)],
    ['by agent, 30 days', () => desk.spend('agent', month, 100)],
    ['by key, 30 days', () => desk.spend('key', month, 100)],
    ['by member, 30 days', () => desk.spend('member', month, 100)],
    ['by model, 90 days', () => desk.spend('model', last(90), 100)],
    ['by model of one key, 90 days', () => desk.spend('model', { ...last(90), keyId }, 100)],
    ['by day, 30 days', () => desk.days(month, 'UTC')],
    ['by day, 90 days', () => desk.days(last(90), 'UTC')],
    ['by day in Berlin, 30 days', () => desk.days(month, 'Europe/Berlin')],
    ['by day in Los Angeles, 30 days', () => desk.days(month, 'America/Los_Angeles')],
    ['by day in Kolkata, 7 days', () => desk.days(last(7), 'Asia/Kolkata')],
    ['by hour, today', () => desk.hours(last(1))],
    ['by hour, 7 days', () => desk.hours(last(7))],
    ['errors and latencies by model, 7 days', () => desk.services({ ...last(7), by: 'model', limit: 100 })],
    ['errors and latencies by model, 30 days', () => desk.services({ ...month, by: 'model', limit: 100 })],
    ['trends by model, month', () => desk.trends('model', compared, 20)],
    ['summary (6 sums)', () => desk.summary({}, 'Europe/Berlin', untilMs)],
    ['projections (7 sums)', () => desk.projections({}, 'Europe/Berlin', untilMs)],
    ['sessions by cost, 7 days', () => desk.sessions({ ...last(7), order: 'cost', limit: 50 })],
    ['one session', () => desk.session(sessionId, last(7))],
    ['the newest 50 requests', () => spending.recent({ sinceMs: 0, untilMs, limit: 50 })],
    ['the newest 50 requests of a key', () => spending.recent({ sinceMs: 0, untilMs, keyId, limit: 50 })],
  ];
}

async function bench(store: Store): Promise<void> {
  const startMs = performance.now();
  await fill(store);
  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from usage_hours) as hours, (select count(*) from usage_days) as days,
      (select count(*) from ledger_entries) as entries, (select sum(entries) from usage_days) as requests`.execute(
    store.kysely,
  );
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(
    `${store.dialect}: ${JSON.stringify(rows[0])}, ${workspaces} workspaces, filled in ${seconds} s`,
  );
  console.log(`${'question'.padEnd(48)} median ms   p99 ms   CPU ms`);
  for (const [name, ask] of questionsOf(store)) {
    await ask();
    const times: number[] = [];
    const cpu = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      const beganMs = performance.now();
      await ask();
      times.push(performance.now() - beganMs);
    }
    // Of all threads: on a machine that others use it says more than the clock.
    const { user, system } = process.cpuUsage(cpu);
    times.sort((a, b) => a - b);
    const at = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1);
    const cpuMs = ((user + system) / 1000 / rounds).toFixed(1);
    console.log(`${name.padEnd(48)} ${at(0.5).padStart(9)} ${at(0.99).padStart(8)} ${cpuMs.padStart(8)}`);
  }
  await store.close();
}

const folder = mkdtempSync(join(options.folder, 'turnpike-analytics-'));
try {
  if (options.postgres) {
    const server = await startPostgres({});
    const url = await server.createDatabase();
    await bench(await openPostgres(url, { durability: 'process', log: silentLog })).finally(() =>
      server.stop(),
    );
  } else {
    const path = join(folder, 'bench.db');
    await bench(await openSqlite(path, { durability: 'process', log: silentLog }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
