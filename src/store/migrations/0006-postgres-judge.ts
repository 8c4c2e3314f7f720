/**
 * Judges what wants money or rates on PostgreSQL, in order, on rows that turnpike_lock_windows and turnpike_lock_rates
 * have locked. The rows are read once into arrays, the decisions are made on these, and what came of them is written
 * once: a statement for each reserve would cost more than all the rest of a batch.
 */

/** Claims by number, with the windows they count and how each stands. */
const loadClaims = `
    select array_agg(settled order by n), array_agg(reserved order by n), array_agg(held_limit order by n),
      array_agg(held_version order by n), array_agg(limit_nano order by n), array_agg(limit_version order by n),
      array_agg(is_hard order by n), array_agg(may_wait order by n), array_agg(false), bool_or(limit_version > held_version),
      count(*) > count(distinct (budget_id, subject))
    into v_settled, v_reserved, v_limit, v_version, v_own_limit, v_own_version, v_is_hard, v_may_wait, v_is_closed, v_is_newer,
      v_has_kin
    from (
      select c.*, w.limit_nano as held_limit, w.limit_version as held_version, s.settled, s.reserved
      from rows from (json_to_recordset(p_claims) as (
        budget_id text, subject text, start_at bigint, counted_from bigint, limit_nano bigint, limit_version bigint,
        is_hard boolean, may_wait boolean
      )) with ordinality c (
        budget_id, subject, start_at, counted_from, limit_nano, limit_version, is_hard, may_wait, n
      )
      join budget_windows w on w.budget_id = c.budget_id and w.subject = c.subject and w.start_at = c.start_at
      cross join lateral (
        select sum(o.settled_nano)::bigint as settled, sum(o.reserved_nano)::bigint as reserved
        from budget_windows o
        where o.budget_id = c.budget_id and o.subject = c.subject and o.start_at >= c.counted_from
      ) s
    ) loaded;
    if cardinality(v_settled) is distinct from json_array_length(p_claims) then
      raise exception 'a window that was there is gone' using errcode = 'serialization_failure';
    end if;
    v_own := array(select generate_series(1, cardinality(v_settled)));`;

/**
 * What is taken of one claim's window is taken of every claim that counts it: v_kin[v_kin_from[c]..v_kin_to[c]], of
 * which v_is_same are of the very window. Mostly each claim alone.
 */
const findKin = `
    v_kin := v_own; v_kin_from := v_own; v_kin_to := v_own; v_is_same := array_fill(true, array[cardinality(v_own)]);
    if v_has_kin then
      with claims as (
        select * from rows from (json_to_recordset(p_claims) as (
          budget_id text, subject text, start_at bigint, counted_from bigint
        )) with ordinality c (budget_id, subject, start_at, counted_from, n)
      ), pairs as (
        select c.n as c, d.n as d, c.start_at = d.start_at as is_same, row_number() over (order by c.n, d.n) as at
        from claims c join claims d on d.budget_id = c.budget_id and d.subject = c.subject
          and (c.start_at >= d.counted_from or c.start_at = d.start_at)
      ), bounds as (select c, min(at)::integer as first, max(at)::integer as last from pairs group by c)
      select (select array_agg(d::integer order by at) from pairs), (select array_agg(is_same order by at) from pairs),
        (select array_agg(first order by c) from bounds), (select array_agg(last order by c) from bounds)
      into v_kin, v_is_same, v_kin_from, v_kin_to;
    end if;`;

/** A newer version of the budget than the window's brings its limit with it. */
const bringLimit = `
        if v_own_version[v_c] > v_version[v_c] then
          v_is_raised := true;
          for v_k in v_kin_from[v_c]..v_kin_to[v_c] loop
            if v_is_same[v_k] then
              v_version[v_kin[v_k]] := v_own_version[v_c];
              v_limit[v_kin[v_k]] := v_own_limit[v_c];
            end if;
          end loop;
        end if;`;

const take = (amount: string) => `
          for v_k in v_kin_from[v_c]..v_kin_to[v_c] loop
            v_reserved[v_kin[v_k]] := v_reserved[v_kin[v_k]] + ${amount};
          end loop;`;

const judgeHolds = `
    select array_agg(h.amount_nano order by n), array_agg(r.amount_nano order by n), array_agg(h.before order by n),
      count(*)
    into v_holds, v_held_amounts, v_before, v_hold_count
    from (
      select x.*, lag(n) over (partition by exchange_id, attempt order by n) as before
      from rows from (json_to_recordset(p_holds) as (exchange_id text, attempt bigint, amount_nano bigint))
        with ordinality x (exchange_id, attempt, amount_nano, n)
    ) h left join unnest(p_held) r using (exchange_id, attempt);
    for v_at in 1..v_hold_count loop
      if v_before[v_at] is not null then v_held_amounts[v_at] := v_holds[v_before[v_at]]; end if;
      v_need := v_holds[v_at] - v_held_amounts[v_at];
      v_fits := v_need is not null;
      v_first := v_use;
      while p_use_at[v_use] = v_at loop
        if v_need > 0 then
          v_c := p_use_claim[v_use];
          ${bringLimit}
          if v_is_hard[v_c] and v_limit[v_c] - v_settled[v_c] - v_reserved[v_c] < v_need then v_fits := false; end if;
        end if;
        v_use := v_use + 1;
      end loop;
      holds[v_at] := v_fits;
      -- From here on what it holds: of the next change of the same it is what was before.
      if v_fits then
        for v_u in v_first..v_use - 1 loop
          v_c := p_use_claim[v_u];
          ${take('v_need')}
        end loop;
      else
        v_holds[v_at] := v_held_amounts[v_at];
      end if;
    end loop;

    with held as (
      select distinct on (exchange_id, attempt) exchange_id, attempt, v_holds[n] as amount_nano
      from rows from (json_to_recordset(p_holds) as (exchange_id text, attempt bigint))
        with ordinality x (exchange_id, attempt, n)
      where v_holds[n] is not null order by exchange_id, attempt, n desc
    ), changed as (
      update reservations r set amount_nano = held.amount_nano from held, unnest(p_held) was
      where r.exchange_id = held.exchange_id and r.attempt = held.attempt and r.amount_nano <> held.amount_nano
        and was.exchange_id = held.exchange_id and was.attempt = held.attempt
      returning r.windows, r.amount_nano - was.amount_nano as more
    ), moved as (
      select k->>0 as budget_id, k->>1 as subject, (k->>2)::bigint as start_at, sum(more)::bigint as more
      from changed, json_array_elements(changed.windows::json) k group by 1, 2, 3
    )
    update budget_windows w set reserved_nano = w.reserved_nano + moved.more from moved
    where w.budget_id = moved.budget_id and w.subject = moved.subject and w.start_at = moved.start_at;`;

/** As \`takeRate\` in ledger/rate.ts. What is taken is noted only when the budgets have room too. */
const judgeRates = `
      v_rate_first := v_rate;
      v_retry := null;
      while v_rate <= v_rate_count and p_rate_uses[v_rate][1] = v_at loop
        v_r := p_rate_uses[v_rate][2];
        if v_retry is not null then
          null;
        elsif v_is_stream[v_r] then
          if v_in_flight[v_r] + 1 > p_rate_uses[v_rate][3] then
            v_retry := 0;
            v_short := v_rate - v_rate_first;
          end if;
        else
          v_begin := greatest(v_full_at[v_r], v_now_us);
          v_over := v_begin + ceil(p_rate_uses[v_rate][5] * 60000000::float8 / p_rate_uses[v_rate][3])::bigint
            - v_now_us - p_rate_uses[v_rate][4] * 1000;
          if v_over > 0 and v_begin > v_now_us then
            v_retry := ceil(least(v_over, v_begin - v_now_us) / 1000.0);
            v_short := v_rate - v_rate_first;
          end if;
        end if;
        v_rate := v_rate + 1;
      end loop;`;

const takeRates = `
      for v_u in v_rate_first..v_rate - 1 loop
        v_r := p_rate_uses[v_u][2];
        if v_is_stream[v_r] then
          v_in_flight[v_r] := v_in_flight[v_r] + 1;
          rates_left[v_u] := v_in_flight[v_r];
        else
          v_full_at[v_r] := greatest(v_full_at[v_r], v_now_us)
            + ceil(p_rate_uses[v_u][5] * 60000000::float8 / p_rate_uses[v_u][3])::bigint;
          rates_left[v_u] := v_full_at[v_r];
        end if;
      end loop;`;

/** The smallest headroom, and the first claim that has not even room for the least. */
const judgeClaims = `
      v_first := v_use;
      v_room := null;
      v_is_crowded := false;
      v_is_lost := false;
      v_short := 0;
      while p_use_at[v_use] = v_hold_count + v_at loop
        v_c := p_use_claim[v_use];
        ${bringLimit}
        if v_is_hard[v_c] then
          v_left := v_limit[v_c] - v_settled[v_c] - v_reserved[v_c];
          if v_is_closed[v_c] or v_left < v_smallest[v_at] then
            v_is_hopeless := v_settled[v_c] + v_smallest[v_at] > v_limit[v_c];
            if v_short = 0 or (v_is_hopeless and not v_is_lost) then v_short := v_use; end if;
            v_is_lost := v_is_lost or v_is_hopeless;
          end if;
          if v_room is null or v_left < v_room then v_room := v_left; end if;
          -- As \`CROWDED_PART\` in ledger/bound.ts.
          if v_reserved[v_c] * 4 > v_limit[v_c] - v_settled[v_c] then v_is_crowded := true; end if;
        end if;
        v_use := v_use + 1;
      end loop;`;

/** What came later may not overtake it where it may wait, and waiting helps in all of its windows. */
const refuseAsk = `
        v_c := p_use_claim[v_short];
        refusals := refusals || json_build_object('at', v_at, 'claim', v_short - v_first, 'limit', v_limit[v_c]::text,
          'settled', v_settled[v_c]::text, 'reserved', v_reserved[v_c]::text, 'needed', v_smallest[v_at]::text);
        amounts[v_at] := null;
        v_fits := v_may_wait[v_c] and not v_is_lost;
        for v_u in v_first..v_use - 1 loop
          v_c := p_use_claim[v_u];
          continue when not v_fits or not v_is_hard[v_c];
          continue when not v_is_closed[v_c]
            and v_limit[v_c] - v_settled[v_c] - v_reserved[v_c] >= v_smallest[v_at];
          for v_k in v_kin_from[v_c]..v_kin_to[v_c] loop
            if v_is_same[v_k] then v_is_closed[v_kin[v_k]] := true; end if;
          end loop;
        end loop;`;

const grantAsk = `
        v_need := v_needs[v_at];
        if v_is_crowded and v_modest[v_at] < outputs[v_at] then
          v_need := v_modest_needs[v_at];
          outputs[v_at] := v_modest[v_at];
        end if;
        if v_room < v_need then
          -- As \`affordableOutput\` and \`withOutput\` in ledger/bound.ts.
          v_tokens := trunc((v_room::numeric * 1000 - v_base[v_at]) / v_rate_pico[v_at]);
          v_need := ceil((v_base[v_at] + v_tokens * v_rate_pico[v_at]) / 1000);
          outputs[v_at] := v_tokens;
        end if;
        amounts[v_at] := v_need;
        for v_u in v_first..v_use - 1 loop
          v_c := p_use_claim[v_u];
          ${take('v_need')}
        end loop;
        ${takeRates}`;

/** Where nothing is limited but money, and there is enough for all, nobody need wait for a turn. */
const grantAll = `
    v_fits := false;
    if p_rates is null and not v_has_kin and not v_is_newer then
      select coalesce(bool_and(v_limit[claim] - v_settled[claim] - v_reserved[claim] >= need
        and (is_modest or (v_reserved[claim] + need) * 4 <= v_limit[claim] - v_settled[claim])), true) into v_fits
      from (
        select u.claim, sum(v_needs[u.at - v_hold_count]) as need,
          bool_and(v_modest[u.at - v_hold_count] is not distinct from outputs[u.at - v_hold_count]) as is_modest
        from unnest(p_use_at, p_use_claim) u (at, claim)
        where u.at > v_hold_count and v_is_hard[u.claim] group by u.claim
      ) wanted;
    end if;`;

const writeWindows = `
  with claims as (
    select * from rows from (json_to_recordset(p_claims) as (budget_id text, subject text, start_at bigint))
      with ordinality c (budget_id, subject, start_at, n)
  ), used as (
    select claim, sum(amounts[at - v_hold_count]) as amount, count(*) as requests
    from unnest(p_use_at, p_use_claim) u (at, claim)
    where at > v_hold_count and amounts[at - v_hold_count] is not null group by claim
  ), taken as (
    select budget_id, subject, start_at, sum(amount)::bigint as amount, sum(requests)::bigint as requests
    from used join claims on claims.n = used.claim group by budget_id, subject, start_at
  )
  update budget_windows w set reserved_nano = w.reserved_nano + taken.amount, requests = w.requests + taken.requests
  from taken where w.budget_id = taken.budget_id and w.subject = taken.subject and w.start_at = taken.start_at;`;

const writeLimits = `
    if v_is_raised then
      with newest as (
        select distinct on (budget_id, subject, start_at) c.*, v_limit[c.n] as new_limit, v_version[c.n] as version
        from rows from (json_to_recordset(p_claims) as (
          budget_id text, subject text, start_at bigint, counted_from bigint, limit_version bigint, thresholds text
        )) with ordinality c (budget_id, subject, start_at, counted_from, limit_version, thresholds, n)
        where limit_version = v_version[c.n]
        order by budget_id, subject, start_at
      )
      update budget_windows w set limit_nano = newest.new_limit, limit_version = newest.version,
        alert_nano = case when newest.counted_from = newest.start_at then
          turnpike_next_alert(newest.new_limit, newest.thresholds, w.settled_nano, w.limit_nano)
        end
      from newest
      where w.budget_id = newest.budget_id and w.subject = newest.subject and w.start_at = newest.start_at
        and w.limit_version < newest.version;
      v_is_raised := false;
    end if;`;

/** What they were refused for may say something new of its limit too. */
const countRefusals = `
    foreach v_c in array p_refusals loop
      ${bringLimit}
    end loop;
    ${writeLimits}
    perform turnpike_refuse(p_now, p_claims, p_refusals);`;

const writeRates = `
    update rate_limits l set full_at_us = v_full_at[r.n], in_flight = v_in_flight[r.n]
    from rows from (json_to_recordset(p_rates) as (subject text, metric text)) with ordinality r (subject, metric, n)
    where l.subject = r.subject and l.metric = r.metric;`;

/**
 * Changes of holds, then refusals, then asks, in order. \`p_use_at\` and \`p_use_claim\` say which of them uses which claim, holds counted
 * first; \`p_rate_uses\` are rows of ask, rate, limit, burst in milliseconds and amount. Of each ask the amount granted,
 * null where it was refused, and the output that it may ask for; of each use of a rate what the rate was
 * moved to.
 */
export const judge = `
create function turnpike_judge(
  p_now bigint, p_held reservations[], p_claims json, p_holds json, p_refusals integer[], p_asks json,
  p_use_at integer[], p_use_claim integer[], p_rates json, p_rate_uses bigint[],
  out amounts bigint[], out outputs bigint[], out refusals json[], out holds boolean[], out rates_left bigint[],
  out now_us bigint
) language plpgsql as $$
declare
  v_now_us bigint := p_now * 1000;
  v_settled bigint[]; v_reserved bigint[]; v_limit bigint[]; v_version bigint[]; v_own_limit bigint[];
  v_own_version bigint[]; v_is_hard boolean[]; v_may_wait boolean[]; v_is_closed boolean[];
  v_is_raised boolean := false; v_is_newer boolean := false; v_has_kin boolean := false;
  v_own integer[]; v_kin integer[]; v_kin_from integer[]; v_kin_to integer[]; v_is_same boolean[];
  v_holds bigint[]; v_held_amounts bigint[]; v_before integer[]; v_hold_count integer := 0;
  v_needs bigint[]; v_smallest bigint[]; v_base numeric[]; v_rate_pico numeric[]; v_ask_count integer := 0;
  v_full_at bigint[]; v_in_flight bigint[]; v_is_stream boolean[];
  v_rate integer := 1; v_rate_count integer := coalesce(array_length(p_rate_uses, 1), 0); v_rate_first integer;
  v_retry bigint; v_begin bigint; v_over bigint; v_r integer;
  v_use integer := 1; v_first integer; v_u integer; v_c integer; v_k integer; v_at integer;
  v_need bigint; v_room bigint; v_left bigint; v_tokens numeric; v_short integer; v_fits boolean;
  v_modest bigint[]; v_modest_needs bigint[]; v_is_crowded boolean; v_is_hopeless boolean; v_is_lost boolean;
begin
  now_us := v_now_us;
  if p_claims is not null then
    ${loadClaims}
    ${findKin}
  end if;
  if p_holds is not null then
    ${judgeHolds}
  end if;
  if p_refusals is not null then
    ${countRefusals}
  end if;
  if p_asks is not null then
    select array_agg(need order by n), array_agg(smallest order by n), array_agg(base order by n),
      array_agg(rate order by n), array_agg(most order by n), array_agg(modest order by n),
      array_agg(modest_need order by n), count(*)
    into v_needs, v_smallest, v_base, v_rate_pico, outputs, v_modest, v_modest_needs, v_ask_count
    from rows from (
      json_to_recordset(p_asks) as (
        need bigint, smallest bigint, base numeric, rate numeric, most bigint, modest bigint, modest_need bigint
      )
    ) with ordinality a (need, smallest, base, rate, most, modest, modest_need, n);
    amounts := v_needs;
    rates_left := array_fill(null::bigint, array[v_rate_count]);
    ${grantAll}
    if p_rates is not null then
      select array_agg(l.full_at_us order by n), array_agg(l.in_flight order by n), array_agg(l.metric = 'streams' order by n)
      into v_full_at, v_in_flight, v_is_stream
      from rows from (json_to_recordset(p_rates) as (subject text, metric text)) with ordinality r (subject, metric, n)
      join rate_limits l on l.subject = r.subject and l.metric = r.metric;
      if cardinality(v_full_at) is distinct from json_array_length(p_rates) then
        raise exception 'a rate that was there is gone' using errcode = 'serialization_failure';
      end if;
    end if;
  end if;
  if not v_fits then
    for v_at in 1..v_ask_count loop
      ${judgeRates}
      if v_retry is not null then
        refusals := refusals || json_build_object('at', v_at, 'rate', v_short, 'retryMs', v_retry);
        amounts[v_at] := null;
        while p_use_at[v_use] = v_hold_count + v_at loop v_use := v_use + 1; end loop;
        continue;
      end if;
      ${judgeClaims}
      if v_short > 0 then
        ${refuseAsk}
      else
        ${grantAsk}
      end if;
    end loop;
  end if;
  if p_claims is not null then
    ${writeWindows}
    ${writeLimits}
  end if;
  if p_rates is not null then
    ${writeRates}
  end if;
end
$$`;
