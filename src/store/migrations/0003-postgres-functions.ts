/**
 * What PostgreSQL does by itself for the ledger: one call writes a batch, one proves that it is on disk.
 *
 * Locks are taken in one order by everybody: the replica's own turn, prices by id, reservations, entries, hours,
 * days, each by key. Text of applied migrations: what changes comes as `create or replace` in a later one.
 */

/** Time of the database, epoch milliseconds: the only clock that replicas are judged by. */
const now = `
create function turnpike_now() returns bigint language sql volatile as $$
  select floor(extract(epoch from clock_timestamp()) * 1000)::bigint
$$`;

/** As `bucketOf` in ledger/rollup.ts: the number of bits of the latency. */
const latencyBucket = `
create function latency_bucket(ms bigint) returns integer language sql immutable as $$
  select case
    when ms >= 2147483648 then 31
    when ms <= 0 then 0
    else length(ltrim(ms::integer::bit(32)::text, '0'))
  end
$$`;

/** The JSON of a histogram, trailing zeros left out. */
const histogramOf = `
create function histogram_of(latencies bigint[]) returns text language sql immutable as $$
  with counted as (
    select latency_bucket(ms) as bucket, count(*) as entries
    from unnest(latencies) as ms where ms is not null group by 1
  )
  select '[' || coalesce(string_agg(coalesce(counted.entries, 0)::text, ',' order by bucket), '') || ']'
  from generate_series(0, (select max(bucket) from counted)) as series(bucket) left join counted using (bucket)
$$`;

const mergeHistograms = `
create function merge_histograms(a text, b text) returns text language sql immutable as $$
  select '[' || coalesce(string_agg(entries::text, ',' order by bucket), '') || ']'
  from (
    select bucket, sum(count::bigint) as entries from (
      select * from json_array_elements_text(a::json) with ordinality as x(count, bucket)
      union all select * from json_array_elements_text(b::json) with ordinality as y(count, bucket)
    ) as both_sides group by bucket
  ) as merged
$$`;

export const reservationColumns = [
  'exchange_id',
  'attempt',
  'workspace_id',
  'key_id',
  'member_id',
  'agent_id',
  'session_id',
  'end_user',
  'provider',
  'model',
  'client_format',
  'lane',
  'price_id',
  'input_estimate',
  'max_output_tokens',
  'observed_output',
  'created_at',
  'deadline_at',
];

const tokenColumns = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
  'audio_input_tokens',
  'audio_output_tokens',
];
const costColumns = [
  'cost_nano',
  'input_cost_nano',
  'cache_cost_nano',
  'output_cost_nano',
  'other_cost_nano',
];

export const entryColumns = [
  'exchange_id',
  'attempt',
  'sequence',
  'workspace_id',
  'key_id',
  'member_id',
  'agent_id',
  'session_id',
  'end_user',
  'provider',
  'model',
  'client_format',
  'lane',
  'status',
  'http_status',
  'stop',
  'error_class',
  'upstream_request_id',
  'service_tier',
  'price_id',
  'price_state',
  ...tokenColumns,
  'calls',
  ...costColumns,
  'is_estimated',
  'flags',
  'raw_usage',
  'ttft_ms',
  'latency_ms',
  'started_at',
  'created_at',
];

const times = ['created_at', 'started_at'];
/** Where a clock is off, it may have jumped since: what is left of the time is all that counts. */
const deadline =
  'case when v_skew = 0 then given.deadline_at else v_now + given.deadline_at - given.created_at end';

/** The columns of a row named `given`, with its times moved to the clock of the database. */
export function given(columns: readonly string[]): string {
  return columns
    .map((column) => {
      if (column === 'deadline_at') return deadline;
      return times.includes(column) ? `given.${column} + v_skew` : `given.${column}`;
    })
    .join(', ');
}

/** What a late settle books: itself, less what was booked while nobody knew of it. */
export function difference(column: string): string {
  if (column === 'sequence') return '1';
  if (column === 'flags') return `concat_ws(',', given.flags, 'late_settle')`;
  const isSum = tokenColumns.includes(column) || costColumns.includes(column);
  return isSum ? `given.${column} - booked.${column}` : given([column]);
}

export function addToRollup(table: string, period: string, lengthMs: number): string {
  const key = ['workspace_id', period, 'key_id', 'member_id', 'agent_id', 'provider', 'model'];
  const attempts = (condition: string) => `count(*) filter (where sequence = 0 and ${condition})`;
  const sums: Readonly<Record<string, string>> = {
    entries: attempts('true'),
    errors: attempts(`status in ('upstream_error', 'truncated', 'timeout', 'interrupted', 'not_sent')`),
    estimated: attempts('is_estimated = 1'),
    unpriced: attempts(`price_state = 'unknown'`),
    ...Object.fromEntries([...tokenColumns, 'cost_nano'].map((column) => [column, `sum(${column})`])),
    latency_ms: 'coalesce(sum(latency_ms), 0)',
    ttft_ms: 'coalesce(sum(ttft_ms), 0)',
    ttft_entries: 'count(ttft_ms)',
  };
  const added = Object.keys(sums).map((column) => `${column} = ${table}.${column} + excluded.${column}`);
  return `
    insert into ${table} (${[...key, ...Object.keys(sums), 'latency_histogram'].join(', ')})
    select workspace_id, created_at - created_at % ${lengthMs}, key_id, coalesce(member_id, ''),
      coalesce(agent_id, ''), provider, model, ${Object.values(sums).join(', ')}, histogram_of(array_agg(latency_ms))
    from ledger_entries where seq = any(v_seqs)
    group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (${key.join(', ')}) do update set ${added.join(', ')},
      latency_histogram = merge_histograms(${table}.latency_histogram, excluded.latency_histogram);`;
}

/**
 * One batch; absent parts are null. Answers `{duplicates, late}`: posts whose entry was there already, and those
 * of them that became a correction because the attempt had been booked as interrupted.
 * A clock that is off by more than network time can explain is set right: `p_now` is what the caller's shows.
 */
const applyBatch = `
create function turnpike_apply_batch(
  p_replica text, p_epoch bigint, p_now bigint, p_prices json, p_releases json, p_posts json, p_decisions json,
  p_reserves json, p_progress json, p_is_probe boolean
) returns json language plpgsql as $$
declare
  v_now bigint := turnpike_now();
  v_skew bigint := v_now - p_now;
  v_posts ledger_entries[];
  v_seqs bigint[] := '{}';
  v_late bigint[] := '{}';
  v_duplicates json;
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

  if p_releases is not null or p_posts is not null then
    with ended as (
      select exchange_id, attempt from json_populate_recordset(null::reservations, p_releases)
      union select exchange_id, attempt from unnest(v_posts)
    ), held as (
      select r.exchange_id, r.attempt from reservations r join ended using (exchange_id, attempt)
      order by r.exchange_id, r.attempt for update of r
    )
    delete from reservations r using held
    where r.exchange_id = held.exchange_id and r.attempt = held.attempt;
  end if;

  if p_posts is not null then
    with added as (
      insert into ledger_entries (${entryColumns.join(', ')})
      select ${given(entryColumns)} from unnest(v_posts) given
      order by given.exchange_id, given.attempt, given.sequence
      on conflict (exchange_id, attempt, sequence) do nothing returning seq
    )
    select coalesce(array_agg(seq), '{}') into v_seqs from added;

    if cardinality(v_seqs) < cardinality(v_posts) then
      with added as (
        insert into ledger_entries (${entryColumns.join(', ')})
        select ${entryColumns.map(difference).join(', ')}
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
  end if;

  if p_reserves is not null then
    insert into reservations (${reservationColumns.join(', ')}, replica_id, replica_epoch, state)
    select ${given(reservationColumns)}, p_replica, p_epoch, 'pending'
    from json_populate_recordset(null::reservations, p_reserves) given order by given.exchange_id, given.attempt;
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
    'duplicates', coalesce(v_duplicates, '[]'),
    'late', (
      select coalesce(json_agg(json_build_object('exchangeId', exchange_id, 'attempt', attempt)), '[]')
      from ledger_entries where seq = any(v_late)
    )
  );
end
$$`;

/**
 * The barrier: its commit flushes every commit before it, and it touches a row that nobody else does.
 * False = the replica has been fenced, or lives again under another epoch.
 */
const beat = `
create function turnpike_beat(p_replica text, p_epoch bigint) returns boolean language plpgsql as $$
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  update replicas set heartbeat_at = turnpike_now(), seq = seq + 1
  where id = p_replica and epoch = p_epoch and state = 'live';
  return found;
end
$$`;

/**
 * Fences replicas that are silent for longer than `p_silent_ms`, marks what the dead and the fenced hold as
 * orphaned, forgets replicas that are long gone, and answers the orphans whose deadline has passed.
 */
const sweep = `
create function turnpike_sweep(p_silent_ms bigint, p_forget_ms bigint, p_limit bigint)
returns setof reservations language plpgsql as $$
declare
  v_now bigint := turnpike_now();
begin
  if not pg_try_advisory_xact_lock(hashtextextended('turnpike sweep', 0)) then return; end if;
  update replicas set state = 'fenced' where state = 'live' and heartbeat_at < v_now - p_silent_ms;
  with lost as (
    select r.exchange_id, r.attempt from reservations r
    where r.state = 'pending' and not exists (
      select from replicas o where o.id = r.replica_id and o.epoch = r.replica_epoch and o.state = 'live'
    )
    order by r.exchange_id, r.attempt for update of r skip locked
  )
  update reservations r set state = 'orphaned' from lost
  where r.exchange_id = lost.exchange_id and r.attempt = lost.attempt;
  delete from replicas o where o.state <> 'live' and o.heartbeat_at < v_now - p_forget_ms
    and not exists (select from reservations r where r.replica_id = o.id);
  return query select * from reservations r
    where r.state = 'orphaned' and r.deadline_at < v_now
    order by r.exchange_id, r.attempt limit p_limit;
end
$$`;

/** In the order in which they may be made. */
export const ledgerFunctions: readonly string[] = [
  now,
  latencyBucket,
  histogramOf,
  mergeHistograms,
  applyBatch,
  beat,
  sweep,
];

export const dropFunctions: readonly string[] = [
  'turnpike_sweep',
  'turnpike_beat',
  'turnpike_apply_batch',
  'merge_histograms',
  'histogram_of',
  'latency_bucket',
  'turnpike_now',
].map((name) => `drop function ${name}`);
