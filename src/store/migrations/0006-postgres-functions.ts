/**
 * What PostgreSQL does by itself for the ledger since budgets are enforced: one call judges and writes a batch.
 *
 * Locks are taken in one order by everybody: the replica's own turn, prices by id, reservations, purses of rolling
 * periods, windows, rates, entries, hours, days; each by key, in the order of bytes ("C"). Who reserves or ends holds
 * its windows from before it looks at them to its commit, so nobody admits by what another is about to take.
 * What stands in the reservations is locked first because only they know what they hold.
 */
import {
  addToRollup,
  difference,
  entryColumns,
  given,
  ledgerFunctions,
  reservationColumns,
} from './0003-postgres-functions.ts';
import { judge } from './0006-postgres-judge.ts';
import {
  lockRates,
  lockWindows,
  nextAlert,
  noteCrossing,
  reach,
  refundRates,
  refuse,
  settleWindows,
  tell,
  thresholdAt,
} from './0006-postgres-windows.ts';

const entries = [...entryColumns, 'windows'];
const reserved = [...reservationColumns, 'amount_nano', 'windows', 'rates'];

/** As granted. */
const asGranted = (columns: readonly string[]) =>
  given(columns)
    .replace('given.amount_nano', 'v_judged.amounts[given.ordinality]')
    .replace(
      'given.max_output_tokens',
      'coalesce(v_judged.outputs[given.ordinality], given.max_output_tokens)',
    );

/** What ended: reservations that held something are kept, for their windows and for their rates. */
const endReservations = `
  if p_releases is not null or p_posts is not null then
    with ended as (
      select exchange_id, attempt from json_populate_recordset(null::reservations, p_releases)
      union select exchange_id, attempt from unnest(v_posts)
    ), held as (
      select r.exchange_id, r.attempt from reservations r join ended using (exchange_id, attempt)
      order by r.exchange_id, r.attempt for update of r
    ), freed as (
      delete from reservations r using held
      where r.exchange_id = held.exchange_id and r.attempt = held.attempt returning r as was
    )
    select array_agg(was) filter (where (was).windows is not null),
      array_agg(was) filter (where (was).rates is not null)
    into v_freed, v_rated from freed;
  end if;`;

const bookPosts = `
  if p_posts is not null then
    with added as (
      insert into ledger_entries (${entries.join(', ')})
      select ${given(entries)} from unnest(v_posts) given
      order by given.exchange_id, given.attempt, given.sequence
      on conflict (exchange_id, attempt, sequence) do nothing returning seq
    )
    select coalesce(array_agg(seq), '{}') into v_seqs from added;

    if cardinality(v_seqs) < cardinality(v_posts) then
      with added as (
        insert into ledger_entries (${entries.join(', ')})
        select ${entries.map(difference).join(', ')}
        from unnest(v_posts) given
        join ledger_entries booked using (exchange_id, attempt, sequence)
        where booked.sequence = 0 and booked.status = 'interrupted' and given.status <> 'interrupted'
          and booked.seq <> all(v_seqs)
        order by given.exchange_id, given.attempt
        on conflict (exchange_id, attempt, sequence) do nothing returning seq
      )
      select coalesce(array_agg(seq), '{}') into v_late from added;
      select json_agg(json_build_object('exchangeId', given.exchange_id, 'attempt', given.attempt))
      into v_duplicates
      from unnest(v_posts) given
      join ledger_entries booked using (exchange_id, attempt, sequence)
      where booked.seq <> all(v_seqs);
      v_seqs := v_seqs || v_late;
    end if;

    if p_decisions is not null then
      insert into decisions select d.* from json_populate_recordset(null::decisions, p_decisions) d
      where exists (
        select from ledger_entries e
        where e.seq = any(v_seqs) and e.exchange_id = d.exchange_id and e.attempt = d.attempt
      )
      order by d.exchange_id, d.attempt on conflict do nothing;
    end if;
    ${addToRollup('usage_hours', 'hour', 3_600_000)}
    ${addToRollup('usage_days', 'day', 86_400_000)}
  end if;`;

/**
 * One batch; absent parts are null. \`p_reserves\` count against nothing, \`p_asked\` are the reservations of \`p_asks\`.
 * \`p_windows\` are the windows of the posts, as they name them, and \`p_claims\` all that is claimed, which the other
 * parts name by number from 1, of rolling periods with their `p_purses`; `p_is_new` = some of it, or of the rates, may
 * not be there yet. Answers what turnpike_judge says of holds and asks, \`{duplicates, late}\` (posts whose
 * entry was there already, and those of them that became a correction because the attempt had been booked as
 * interrupted), and how far ahead of \`p_now\`, which the caller's clock shows, the database is. A clock that is off by
 * more than network time can explain is set right.
 */
const applyBatch = `
create function turnpike_apply_batch(
  p_replica text, p_epoch bigint, p_now bigint, p_prices json, p_releases json, p_posts json, p_decisions json,
  p_reserves json, p_progress json, p_is_probe boolean, p_windows text[], p_claims json, p_holds json,
  p_refusals integer[], p_asks json, p_asked json, p_use_at integer[], p_use_claim integer[], p_rates json,
  p_rate_uses bigint[], p_purses text[], p_is_new boolean
) returns json language plpgsql as $$
declare
  v_now bigint := turnpike_now();
  v_skew bigint := v_now - p_now;
  v_posts ledger_entries[];
  v_freed reservations[];
  v_rated reservations[];
  v_held reservations[];
  v_seqs bigint[] := '{}';
  v_late bigint[] := '{}';
  v_duplicates json;
  v_judged record;
  v_answer json;
begin
  if abs(v_skew) <= 2000 then v_skew := 0; end if;
  -- The barrier flushes it; until then nobody holds a row for the length of a flush.
  perform set_config('synchronous_commit', 'off', true);
  -- Plans are kept, and some were made when these tables were small: no reading of whole tables by them.
  perform set_config('enable_seqscan', 'off', true);
  -- A batch whose caller gave up may still be running: what undoes it waits for its end.
  perform pg_advisory_xact_lock(hashtextextended('turnpike batch ' || p_replica, 0));

  if p_prices is not null then
    insert into price_snapshots select * from json_populate_recordset(null::price_snapshots, p_prices)
    order by id on conflict do nothing;
  end if;

  if p_posts is not null then
    select array_agg(given) into v_posts from json_populate_recordset(null::ledger_entries, p_posts) given;
  end if;
  ${endReservations}
  if p_holds is not null then
    select array_agg(held.was) into v_held from (
      select r as was from reservations r
      join (select distinct exchange_id, attempt from json_populate_recordset(null::reservations, p_holds)) h
        using (exchange_id, attempt)
      order by r.exchange_id, r.attempt for update of r
    ) held;
  end if;
  if p_windows is not null or p_claims is not null or v_freed is not null or v_held is not null then
    perform turnpike_lock_windows(p_windows, v_freed || v_held, p_claims, p_purses, p_is_new);
  end if;
  if p_rates is not null or v_rated is not null then
    perform turnpike_lock_rates(v_rated, p_rates, p_is_new);
  end if;
  ${bookPosts}
  if p_windows is not null or v_freed is not null then
    -- Whoever was waited for may have been slow.
    v_now := greatest(v_now, turnpike_now());
    perform turnpike_settle_windows(v_now, v_posts, v_seqs, v_freed);
  end if;
  if v_rated is not null then perform turnpike_refund_rates(v_rated, v_posts); end if;

  if p_reserves is not null then
    insert into reservations (${reserved.join(', ')}, replica_id, replica_epoch, state)
    select ${given(reserved)}, p_replica, p_epoch, 'pending'
    from json_populate_recordset(null::reservations, p_reserves) given order by given.exchange_id, given.attempt;
  end if;

  if p_claims is not null or p_holds is not null or p_asks is not null then
    select * into v_judged from turnpike_judge(
      greatest(v_now, turnpike_now()), v_held, p_claims, p_holds, p_refusals, p_asks, p_use_at, p_use_claim, p_rates, p_rate_uses
    );
    insert into reservations (${reserved.join(', ')}, replica_id, replica_epoch, state)
    select ${asGranted(reserved)}, p_replica, p_epoch, 'pending'
    from json_populate_recordset(null::reservations, p_asked) with ordinality given
    where v_judged.amounts[given.ordinality] is not null order by given.exchange_id, given.attempt;
    v_answer := json_build_object('amounts', v_judged.amounts::text[], 'outputs', v_judged.outputs,
      'refusals', v_judged.refusals, 'holds', v_judged.holds, 'rates', v_judged.rates_left, 'nowUs', v_judged.now_us);
  end if;

  if p_progress is not null then
    update reservations r set observed_output = noted.observed_output
    from json_populate_recordset(null::reservations, p_progress) noted
    where r.exchange_id = noted.exchange_id and r.attempt = noted.attempt
      and r.observed_output < noted.observed_output;
  end if;

  if p_is_probe then
    insert into settings (key, value) values ('ledger.probe', '1')
    on conflict (key) do update set value = (settings.value::bigint + 1)::text;
  end if;

  return json_build_object(
    'skewMs', v_skew,
    'duplicates', coalesce(v_duplicates, '[]'),
    'late', (
      select coalesce(json_agg(json_build_object('exchangeId', exchange_id, 'attempt', attempt)), '[]')
      from ledger_entries where seq = any(v_late)
    ),
    'judged', v_answer
  );
end
$$`;

const dropOld =
  'drop function turnpike_apply_batch(text, bigint, bigint, json, json, json, json, json, json, boolean)';

/** In the order in which they may be made. */
export const enforcingFunctions: readonly string[] = [
  dropOld,
  thresholdAt,
  nextAlert,
  reach,
  tell,
  noteCrossing,
  lockWindows,
  lockRates,
  settleWindows,
  refundRates,
  refuse,
  judge,
  applyBatch,
];

/** Puts back what was there before. */
export const dropEnforcing: readonly string[] = [
  ...[
    'turnpike_apply_batch',
    'turnpike_judge',
    'turnpike_refuse',
    'turnpike_refund_rates',
    'turnpike_settle_windows',
    'turnpike_lock_rates',
    'turnpike_lock_windows',
    'turnpike_note_crossing',
    'turnpike_tell',
    'turnpike_reach',
    'turnpike_next_alert',
    'turnpike_threshold_at',
  ].map((name) => `drop function ${name}`),
  ledgerFunctions.find((text) => text.includes('function turnpike_apply_batch('))!,
];
