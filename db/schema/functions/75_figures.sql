-- Figures of the desk, each recomputable from the rows behind it. Those that look at every month keep their plan for the session.

-- What happened in whole hours (`since` down, `until` up to one), per measure: actions and events of the trace by their code, and
-- stage.<code> for stages that ended (used_s in working seconds, late: overdue ones). Only where the caller's scope reaches: by the
-- place of the case at that moment, or by the unit that the event is about.
create or replace function cc.figures(since timestamptz, until timestamptz default 'infinity')
returns table (measure text, n bigint, used_s bigint, late bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare
  who operator := me(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units();
  every_one int[] := array(select d.district_id from district d);
  lo timestamptz := hour_of(since); hi timestamptz := hour_of(until + interval '1 hour' - interval '1 microsecond');
begin
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  return query
  with parts as (
    select h.measure, h.n, h.used_s, h.late from hourly h
     where h.district_id = any(every_one) and h.hour >= lo and h.hour < hi
       and (h.district_id = any(whole) or h.street_id = any(areas) or h.community_id = any(areas) or h.unit_id = any(units))
    union all
    select u.measure, 1, u.used_s, u.late from unfolded() u
     where u.at >= lo and u.at < hi
       and (u.district_id = any(whole) or u.street_id = any(areas) or u.community_id = any(areas) or u.unit_id = any(units)))
  select p.measure, sum(p.n)::bigint, sum(p.used_s)::bigint, sum(p.late)::bigint from parts p group by 1;
end $$;

-- Per unit of the caller's district, or of his city: what it has open, what of it is past its limit, and how it did since the
-- midnight 30 days ago.
create or replace function cc.unit_figures() returns table (unit_id int, open_cases bigint, overdue_cases bigint, handled bigint, mean_used_s double precision, dispatched bigint, returned bigint)
language plpgsql stable security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare here int[] := my_homes(); t timestamptz := city_now(); zone text; first_day date;
begin
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  select min(d.time_zone) into zone from district d where d.district_id = any(here);
  first_day := (t at time zone zone)::date - 30;
  return query
  with now_open as (
    select c.handler_id as u, count(*) as n, count(*) filter (where c.deadline < t) as late from cases c
     where c.district_id = any(here) and c.open and c.state in ('dispatched','in_progress','suspended') and c.handler_id is not null group by 1),
  counted as (
    select d.unit_id as u, d.measure, d.n, d.used_s from unit_day d
     where d.district_id = any(here) and d.day >= first_day and d.measure in ('stage.handle','dispatch','rule','return_case')
    union all
    select r.unit_id, r.measure, 1, r.used_s from unfolded() r
     where r.district_id = any(here) and r.at >= first_day::timestamp at time zone zone and r.unit_id <> 0),
  past as (
    select u, sum(n) filter (where measure = 'stage.handle') as done, sum(used_s) filter (where measure = 'stage.handle') as used,
           sum(n) filter (where measure in ('dispatch','rule')) as sent, sum(n) filter (where measure = 'return_case') as back
    from counted group by 1 having bool_or(measure in ('stage.handle','dispatch','rule','return_case')))
  select o.id, coalesce(now_open.n, 0), coalesce(now_open.late, 0), coalesce(past.done, 0)::bigint, (past.used / past.done)::double precision,
         coalesce(past.sent, 0)::bigint, coalesce(past.back, 0)::bigint
  from org o left join now_open on now_open.u = o.id left join past on past.u = o.id
  where o.district_id = any(here) and (now_open.u is not null or past.u is not null);
end $$;

-- The caller's own shift: dispatched (undone ones taken off), mean time in the dispatch stage, share not returned.
create or replace function cc.shift_figures(since timestamptz) returns table (dispatched bigint, mean_s double precision, returned bigint)
language plpgsql stable security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare who operator := me();
begin
  return query
  with mine as (
    select e.district_id, e.case_id, e.seq, e.at,
           (select n.action from case_event n where n.district_id = e.district_id and n.case_id = e.case_id and n.seq > e.seq
             and n.action in ('undo_dispatch','return_case','dispatch','rule') order by n.seq limit 1) as followed
    from case_event e where e.actor_id = who.id and e.action = 'dispatch' and e.at >= since)
  select count(*) filter (where followed is distinct from 'undo_dispatch'),
         (avg((select extract(epoch from m.at - s.since) from case_stage s where s.district_id = m.district_id and s.case_id = m.case_id
                and s.stage = 'dispatch' and s.ended_at = m.at limit 1)) filter (where followed is distinct from 'undo_dispatch'))::double precision,
         count(*) filter (where followed = 'return_case')
  from mine m;
end $$;
