-- Figures of the desk, each recomputable from the rows behind it.

-- Per unit of the caller's district: what it has open, what of it is past its limit, and how it did over 30 days.
create or replace function cc.unit_figures() returns table (unit_id int, open_cases bigint, overdue_cases bigint, handled bigint, mean_used_s double precision, dispatched bigint, returned bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare here int[] := array[(me()).district_id]; t timestamptz := city_now(); month_ago timestamptz := t - interval '30 days';
begin
  return query
  with now_open as (
    select c.handler_id as u, count(*) as n, count(*) filter (where c.deadline < t) as late from cases c
     where c.district_id = any(here) and c.open and c.state in ('dispatched','in_progress','suspended') and c.handler_id is not null group by 1),
  done as (
    select s.unit_id as u, count(*) as n, avg(s.used_s)::double precision as mean from case_stage s
     where s.district_id = any(here) and s.stage = 'handle' and s.ended_at >= month_ago and s.unit_id is not null group by 1),
  sent as (
    select e.unit_id as u, count(*) as n from case_event e
     where e.district_id = any(here) and e.action in ('dispatch','rule') and e.at >= month_ago group by 1),
  back as (
    select (e.what->>'from_unit')::int as u, count(*) as n from case_event e
     where e.district_id = any(here) and e.action = 'return_case' and e.at >= month_ago group by 1)
  select o.id, coalesce(now_open.n, 0), coalesce(now_open.late, 0), coalesce(done.n, 0), done.mean, coalesce(sent.n, 0), coalesce(back.n, 0)
  from org o left join now_open on now_open.u = o.id left join done on done.u = o.id left join sent on sent.u = o.id left join back on back.u = o.id
  where o.district_id = any(here) and (now_open.n > 0 or done.n > 0 or sent.n > 0 or back.n > 0);
end $$;

-- The caller's own shift: dispatched (undone ones taken off), mean time in the dispatch stage, share not returned.
create or replace function cc.shift_figures(since timestamptz) returns table (dispatched bigint, mean_s double precision, returned bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare who operator := me();
begin
  return query
  with mine as (
    select e.case_id, e.seq, e.at,
           (select n.action from case_event n where n.district_id = e.district_id and n.case_id = e.case_id and n.seq > e.seq
             and n.action in ('undo_dispatch','return_case','dispatch','rule') order by n.seq limit 1) as followed
    from case_event e where e.district_id = who.district_id and e.actor_id = who.id and e.action = 'dispatch' and e.at >= since)
  select count(*) filter (where followed is distinct from 'undo_dispatch'),
         (avg((select extract(epoch from m.at - s.since) from case_stage s where s.district_id = who.district_id and s.case_id = m.case_id
                and s.stage = 'dispatch' and s.ended_at = m.at limit 1)) filter (where followed is distinct from 'undo_dispatch'))::double precision,
         count(*) filter (where followed = 'return_case')
  from mine m;
end $$;
