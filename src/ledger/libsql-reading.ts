/** Which rows a batch may touch, as one query for each table: all that is judged by must be among them. */
import { MAX_ROLLING_HOURS } from '../base/budget.ts';
import type { Statement } from '../store/libsql-client.ts';
import { readWindows } from './claims.ts';
import type { Batch } from './ledger-store.ts';
import { HOUR_MS } from './rollup.ts';

/** Windows that are counted together with one may be older than it by this. */
const COUNTED_MS = MAX_ROLLING_HOURS * HOUR_MS;

/** Pairs of the attempts whose reservations are touched. */
const attempts = 'select value ->> 0, value ->> 1 from json_each(?)';

/** The budgets and subjects that are named by claims, by entries, and by reservations in the database. */
const subjects = `subjects (budget, subject, since) as (
    select named.value ->> 0, named.value ->> 1, named.value ->> 2 from json_each(?) as named
    union all
    select held.value ->> 0, held.value ->> 1, held.value ->> 2 from reservations, json_each(reservations.windows) as held
    where (exchange_id, attempt) in (${attempts}))`;
const ranges = `${subjects},
  ranges (budget, subject, since) as (select budget, subject, min(since) - ${COUNTED_MS} from subjects group by 1, 2)`;

/** By table. */
export function readingOf(batch: Batch): ReadonlyMap<string, Statement> {
  const touched = JSON.stringify(listAttempts(batch));
  const named = JSON.stringify(listWindows(batch));
  const rates = JSON.stringify(
    batch.reserves.flatMap(({ rates: of }) => of.map((rate) => [rate.subject, rate.metric])),
  );
  const byAttempt = (table: string): Statement => ({
    sql: `select * from ${table} where (exchange_id, attempt) in (${attempts})`,
    parameters: [touched],
  });
  const byRange = (table: string): Statement => ({
    sql: `with ${ranges} select ${table}.* from ranges join ${table} on ${table}.budget_id = ranges.budget
      and ${table}.subject = ranges.subject and ${table}.start_at >= ranges.since`,
    parameters: [named, touched],
  });
  return new Map([
    ['reservations', byAttempt('reservations')],
    ['ledger_entries', byAttempt('ledger_entries')],
    ['decisions', byAttempt('decisions')],
    ['budget_windows', byRange('budget_windows')],
    ['budget_alerts', byRange('budget_alerts')],
    [
      'budgets',
      {
        sql: `with ${subjects} select * from budgets where id in (select budget from subjects)`,
        parameters: [named, touched],
      },
    ],
    [
      'rate_limits',
      {
        sql: `select * from rate_limits where (subject, metric) in (${attempts}
          union select held.value ->> 0, held.value ->> 1 from reservations, json_each(reservations.rates) as held
          where (exchange_id, attempt) in (${attempts}))`,
        parameters: [rates, touched],
      },
    ],
  ]);
}

function listAttempts({ releases, posts, holds, reserves, progress }: Batch): (readonly [string, number])[] {
  const keys = [...releases, ...holds, ...progress];
  const rows = [...posts.map(({ entry }) => entry), ...reserves.map(({ reservation }) => reservation)];
  return [
    ...keys.map(({ exchangeId, attempt }) => [exchangeId, attempt] as const),
    ...rows.map(({ exchange_id, attempt }) => [exchange_id, attempt] as const),
  ];
}

function listWindows({ posts, holds, refusals, reserves }: Batch): (readonly [string, string, number])[] {
  const claims = [...holds, ...reserves].flatMap((each) => each.claims).concat(refusals);
  return [
    ...claims.map(({ budgetId, subject, windowStart, countedFrom }) => {
      return [budgetId, subject, Math.min(windowStart, countedFrom)] as const;
    }),
    ...posts.flatMap(({ entry }) => readWindows(entry.windows)),
  ];
}
