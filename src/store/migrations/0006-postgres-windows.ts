/** Windows of budgets and rates on PostgreSQL: how they are locked, and what becomes of them when attempts end. */

/** As `thresholdAt` in ledger/alert.ts: spend at which a per cent of the limit is passed. */
export const thresholdAt = `
create function turnpike_threshold_at(p_limit bigint, p_percent text) returns numeric language sql immutable as $$
  select ceil(p_limit::numeric * p_percent::numeric / 100)
$$`;

/** Where the lowest threshold is that was not passed, by this limit or by the one before it; null = none is left. */
export const nextAlert = `
create function turnpike_next_alert(p_limit bigint, p_thresholds text, p_settled bigint, p_before bigint)
returns bigint language sql immutable as $$
  select min(turnpike_threshold_at(p_limit, percent))::bigint
  from json_array_elements_text(p_thresholds::json) percent
  where turnpike_threshold_at(greatest(p_limit, p_before), percent) > p_settled
    and turnpike_threshold_at(p_limit, percent) <= 9223372036854775807
$$`;

/** A row of the outbox, as `BudgetAlert` in ledger/alert.ts; nothing where it is there already. */
export const tell = `
create function turnpike_tell(
  p_now bigint, p_topic text, p_budget budgets, p_window budget_windows, p_threshold text, p_limit bigint,
  p_version bigint, p_settled bigint
) returns void language sql volatile as $$
  with told as (
    select p_topic || '/' || p_window.budget_id || '/' || p_window.subject || '/' || p_window.start_at
      || coalesce('/' || p_threshold || '/v' || p_version, '') as key
  )
  insert into outbox (id, topic, dedupe_key, payload, next_at)
  select key, p_topic, key, json_build_object('topic', p_topic, 'budgetId', p_window.budget_id,
    'budgetName', p_budget.name, 'workspaceId', p_budget.workspace_id, 'scopeKind', p_budget.scope_kind,
    'subject', p_window.subject, 'period', p_budget.period, 'windowStart', p_window.start_at,
    'windowEnd', p_window.end_at, 'threshold', p_threshold::bigint, 'limitVersion', p_version,
    'limitNano', p_limit::text, 'settledNano', p_settled::text, 'at', p_now)::text, p_now
  from told on conflict do nothing
$$`;

/** How long before a window others count with it, in milliseconds: of rolling periods. */
export const reach = `
create function turnpike_reach(p_period text) returns bigint language sql immutable as $$
  select case when p_period like 'rolling:%' then substring(p_period from 9)::bigint * 3600000 else 0 end
$$`;

/**
 * Windows of what is claimed are made where they may be missing, and all that are touched are locked.
 *
 * Of a rolling period an admission counts hours it does not write to, and two that come at the turn of an hour write
 * to different ones: neither would see what the other takes. So who claims hours of a budget and subject first takes
 * its purse, a lock that all of its hours share. Who only ends attempts need not: it takes nothing more than it holds.
 */
export const lockWindows = `
create function turnpike_lock_windows(
  p_windows text[], p_ended reservations[], p_claims json, p_purses text[], p_is_new boolean
) returns void language plpgsql as $$
begin
  if p_purses is not null then
    perform pg_advisory_xact_lock(purse) from (
      select distinct hashtextextended('turnpike purse ' || name, 0) as purse from unnest(p_purses) name order by 1
    ) purses;
  end if;
  if p_is_new and p_claims is not null then
    insert into budget_windows (budget_id, subject, start_at, end_at, limit_nano, limit_version, alert_nano)
    select distinct on (budget_id collate "C", subject collate "C", start_at)
      budget_id, subject, start_at, end_at, limit_nano, limit_version, alert_nano
    from rows from (json_to_recordset(p_claims) as (
      budget_id text, subject text, start_at bigint, end_at bigint, limit_nano bigint, limit_version bigint,
      alert_nano bigint
    )) with ordinality c (budget_id, subject, start_at, end_at, limit_nano, limit_version, alert_nano, n)
    order by budget_id collate "C", subject collate "C", start_at, n
    on conflict do nothing;
  end if;
  perform from (
    select k->>0 as budget_id, k->>1 as subject, (k->>2)::bigint as start_at
    from (select unnest(p_windows) as windows union select windows from unnest(p_ended)) texts,
      json_array_elements(texts.windows::json) k
    union
    select budget_id, subject, start_at
    from json_to_recordset(p_claims) c (budget_id text, subject text, start_at bigint)
  ) touched
  join budget_windows w
    on w.budget_id = touched.budget_id and w.subject = touched.subject and w.start_at = touched.start_at
  order by w.budget_id, w.subject, w.start_at for update of w;
end
$$`;

export const lockRates = `
create function turnpike_lock_rates(p_freed reservations[], p_rates json, p_is_new boolean) returns void
language plpgsql as $$
begin
  if p_is_new and p_rates is not null then
    insert into rate_limits (subject, metric)
    select subject, metric from json_to_recordset(p_rates) r (subject text, metric text)
    order by subject collate "C", metric collate "C" on conflict do nothing;
  end if;
  perform from (
    select k->>0 as subject, k->>1 as metric
    from (select distinct rates from unnest(p_freed)) texts, json_array_elements(texts.rates::json) k
    union
    select subject, metric from json_to_recordset(p_rates) r (subject text, metric text)
  ) touched
  join rate_limits l on l.subject = touched.subject and l.metric = touched.metric
  order by l.subject, l.metric for update of l;
end
$$`;

/**
 * What ended gives back what it held, and what was booked is spent where its entry says, corrections too. Windows that
 * may have crossed a threshold are looked at more closely.
 */
export const settleWindows = `
create function turnpike_settle_windows(
  p_now bigint, p_posts ledger_entries[], p_seqs bigint[], p_freed reservations[]
) returns void language plpgsql as $$
declare
  v_window budget_windows;
begin
  for v_window in
    with changes as (
      select windows, -amount_nano as reserved, 0::bigint as settled, 0::bigint as up, 0 as posts, 0 as overruns
      from unnest(p_freed)
      union all
      select e.windows, 0, e.cost_nano, greatest(e.cost_nano, 0), 1,
        case when e.cost_nano > coalesce(r.amount_nano, 0) then 1 else 0 end
      from ledger_entries e left join unnest(p_freed) r using (exchange_id, attempt)
      where e.seq = any(p_seqs) and e.windows is not null
    ), texts as (
      select windows, sum(reserved) as reserved, sum(settled) as settled, sum(up) as up, sum(posts) as posts,
        sum(overruns) as overruns
      from changes where windows is not null group by windows
    ), moved as (
      select k->>0 as budget_id, k->>1 as subject, (k->>2)::bigint as start_at, sum(reserved)::bigint as reserved,
        sum(settled)::bigint as settled, sum(up)::bigint as up, sum(posts) as posts, sum(overruns)::bigint as overruns
      from texts, json_array_elements(texts.windows::json) k group by 1, 2, 3
    ), updated as (
      update budget_windows w set settled_nano = w.settled_nano + moved.settled,
        reserved_nano = w.reserved_nano + moved.reserved, overruns = w.overruns + moved.overruns
      from moved
      where w.budget_id = moved.budget_id and w.subject = moved.subject and w.start_at = moved.start_at
      returning w as is_now, moved.posts, w.settled_nano - moved.settled + moved.up as most
    )
    select (is_now).* from updated
    -- A limit that was lowered may be passed already. Of rolling periods no single row can tell.
    where posts > 0 and coalesce((is_now).alert_nano <= most, (is_now).end_at - (is_now).start_at <= 3600000)
  loop
    perform turnpike_note_crossing(p_now, p_posts, p_seqs, v_window);
  end loop;
end
$$`;

/** Post by post, in their order: each threshold crossed is kept, and of what one post crosses the highest is told. */
export const noteCrossing = `
create function turnpike_note_crossing(
  p_now bigint, p_posts ledger_entries[], p_seqs bigint[], p_window budget_windows
) returns void language plpgsql as $$
declare
  v_budget budgets;
  v_limit bigint := p_window.limit_nano;
  v_version bigint := p_window.limit_version;
  v_alert bigint := p_window.alert_nano;
  v_is_calendar boolean := p_window.alert_nano is not null;
  v_from bigint := p_window.start_at;
  v_total bigint := p_window.settled_nano;
  v_cost bigint;
  v_after bigint;
  v_above bigint;
  v_top text;
begin
  select * into v_budget from budgets b where b.id = p_window.budget_id;
  if not found then return; end if;
  if not v_is_calendar then
    if turnpike_reach(v_budget.period) = 0 then return; end if;
    v_from := v_from - turnpike_reach(v_budget.period);
    select sum(w.settled_nano) into v_total from budget_windows w
    where w.budget_id = p_window.budget_id and w.subject = p_window.subject and w.start_at >= v_from;
    if v_budget.version > v_version then
      v_limit := v_budget.limit_nano;
      v_version := v_budget.version;
    end if;
  end if;
  for v_cost, v_after in
    with given as (
      select exchange_id, attempt, min(ordinality) as n from unnest(p_posts) with ordinality group by 1, 2
    ), spent as (
      select n, cost_nano, (k->>2)::bigint as start_at,
        sum(cost_nano) over (order by n rows between 1 following and unbounded following) as later
      from given join ledger_entries e using (exchange_id, attempt), json_array_elements(e.windows::json) k
      where e.seq = any(p_seqs) and k->>0 = p_window.budget_id and k->>1 = p_window.subject
        and (k->>2)::bigint >= v_from and ((k->>2)::bigint = p_window.start_at or not v_is_calendar)
    )
    select cost_nano, v_total - coalesce(later, 0) from spent where start_at = p_window.start_at order by n
  loop
    v_above := v_after - v_cost;
    if v_is_calendar then
      continue when v_alert is null or v_after < v_alert;
      -- The limit was changed, and no request has come since.
      if v_budget.version > v_version then
        v_alert := turnpike_next_alert(v_budget.limit_nano, v_budget.thresholds, v_above, v_limit);
        v_limit := v_budget.limit_nano;
        v_version := v_budget.version;
        continue when v_alert is null or v_after < v_alert;
      end if;
      v_above := v_alert - 1;
      v_alert := turnpike_next_alert(v_limit, v_budget.thresholds, v_after, v_limit);
    end if;
    with crossed as (
      insert into budget_alerts (budget_id, subject, start_at, threshold, limit_version, settled_nano, created_at)
      select p_window.budget_id, p_window.subject, p_window.start_at, percent::bigint, v_version, v_after, p_now
      from json_array_elements_text(v_budget.thresholds::json) percent
      where turnpike_threshold_at(v_limit, percent) > v_above and turnpike_threshold_at(v_limit, percent) <= v_after
      on conflict do nothing returning threshold
    )
    select max(threshold)::text into v_top from crossed;
    if v_top is not null then
      perform turnpike_tell(p_now, 'budget.threshold', v_budget, p_window, v_top, v_limit, v_version, v_after);
    end if;
  end loop;
  if v_is_calendar then
    update budget_windows w set alert_nano = v_alert, limit_nano = v_limit, limit_version = v_version
    where w.budget_id = p_window.budget_id and w.subject = p_window.subject and w.start_at = p_window.start_at;
  end if;
end
$$`;

/** Rates get back what was not used, all of it where nothing was sent; what was used beyond it is taken too. */
export const refundRates = `
create function turnpike_refund_rates(p_freed reservations[], p_posts ledger_entries[]) returns void
language plpgsql as $$
begin
  with held as (
    select k->>0 as subject, k->>1 as metric, (k->>2)::bigint as amount, (k->>3)::bigint as per_minute,
      case
        when p.exchange_id is null then 0
        when k->>1 = 'requests' then
          case when p.price_state = 'free' or p.status = 'not_sent' then 0 else (k->>2)::bigint end
        when k->>1 = 'input-tokens' then p.input_tokens + p.cache_read_tokens + p.cache_write_5m_tokens
          + p.cache_write_1h_tokens + p.audio_input_tokens
        else p.output_tokens + p.audio_output_tokens
      end as used
    from unnest(p_freed) r left join unnest(p_posts) p using (exchange_id, attempt),
      json_array_elements(r.rates::json) k
  ), moved as (
    select subject, metric, count(*) as attempts,
      sum(ceil(used * 60000000::float8 / per_minute) - ceil(amount * 60000000::float8 / per_minute))::bigint as us
    from held group by subject, metric
  )
  update rate_limits l set
    full_at_us = case when l.metric = 'streams' then l.full_at_us else l.full_at_us + moved.us end,
    in_flight = case when l.metric = 'streams' then greatest(0, l.in_flight - moved.attempts) else l.in_flight end
  from moved where l.subject = moved.subject and l.metric = moved.metric;
end
$$`;

/** Counts requests that were refused, and tells the first of each window. */
export const refuse = `
create function turnpike_refuse(p_now bigint, p_claims json, p_refusals integer[]) returns void
language plpgsql as $$
declare
  v_window budget_windows;
  v_budget budgets;
  v_settled bigint;
begin
  for v_window in
    with claims as (
      select * from rows from (json_to_recordset(p_claims) as (budget_id text, subject text, start_at bigint))
        with ordinality c (budget_id, subject, start_at, n)
    ), refused as (
      select budget_id, subject, start_at, count(*) as requests
      from unnest(p_refusals) r join claims c on c.n = r group by budget_id, subject, start_at
    ), counted as (
      update budget_windows w set refusals = w.refusals + refused.requests, blocked_at = coalesce(w.blocked_at, p_now)
      from refused
      where w.budget_id = refused.budget_id and w.subject = refused.subject and w.start_at = refused.start_at
      returning w as is_now, w.refusals = refused.requests as is_first
    )
    select (is_now).* from counted where is_first
  loop
    select * into v_budget from budgets b where b.id = v_window.budget_id;
    continue when not found;
    select sum(w.settled_nano) into v_settled from budget_windows w
    where w.budget_id = v_window.budget_id and w.subject = v_window.subject
      and w.start_at >= v_window.start_at - turnpike_reach(v_budget.period);
    perform turnpike_tell(
      p_now, 'budget.blocked', v_budget, v_window, null, v_window.limit_nano, v_window.limit_version, v_settled
    );
  end loop;
end
$$`;
