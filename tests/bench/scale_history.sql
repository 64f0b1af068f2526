-- Years of cases with everything that belongs to them, made in the database: one call fills one month's partitions while they stand
-- apart, another attaches them (which builds their indexes). Values are worked out from the case's number, so every run is the same.
create schema bench;

create table bench.kit as
select d.district_id as district,
  (select array_agg(g.id order by g.id) from cc.grid g where g.kind = 'unit') as grids,
  (select array_agg(g.street_id order by g.id) from cc.grid g where g.kind = 'unit') as streets,
  (select array_agg(coalesce(g.community_id, 0) order by g.id) from cc.grid g where g.kind = 'unit') as communities,
  (select array_agg((point(g.shape))[0] order by g.id) from cc.grid g where g.kind = 'unit') as lons,
  (select array_agg((point(g.shape))[1] order by g.id) from cc.grid g where g.kind = 'unit') as lats,
  (select array_agg(i.id order by i.id) from cc.catalogue_item i) as items,
  (select array_agg(i.urgent order by i.id) from cc.catalogue_item i) as urgent,
  (select array_agg(o.id order by o.id) from cc.org o where o.kind = 'department') as units,
  (select array_agg(c.id order by c.id) from cc.channel c) as channels,
  (select array_agg(c.citizen order by c.id) from cc.channel c) as citizens,
  (select array_agg(who.id order by n) from unnest('{channel,acceptor,acceptor,dispatcher,handler,handler,verifier,acceptor}'::text[]) with ordinality r(role, n),
     lateral (select min(u.operator_id) as id from cc.duty u where u.role = r.role) who) as actors,
  '{channel,acceptor,acceptor,dispatcher,handler,handler,verifier,acceptor}'::text[] as roles,
  '{report,accept,file,dispatch,receive,feedback,verify,close}'::text[] as actions,
  '{"",reported,accepted,filed,dispatched,in_progress,feedback,verified,closed}'::text[] as states,
  '{accept,file,dispatch,receive,handle,verify,close}'::text[] as stages,
  '{1800,1800,1800,1800,14400,7200,7200}'::int[] as limits,
  '{0,600,1200,2400,4200,22200,25800,29400}'::int[] as steps
from cc.district d limit 1;

-- `steps_done`: events that an open case has, by turns: 3 waits for dispatch, 5 is being handled …
create function bench.fill_month(month date, total int, still_open int, first_number bigint, steps_done int[], done_at timestamptz, per_day int) returns void
language plpgsql set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' as $$
declare k bench.kit; code text := to_char(month, 'YYYYMM'); t text; base bigint := code::bigint * 1000000000 + first_number;
  last_at timestamptz := least(done_at - interval '42 hours', (month + interval '1 month')::timestamptz);
  spread float8 := greatest(3600, least(extract(epoch from last_at - month::timestamptz), (total - still_open) * 86400.0 / per_day));
  first_at timestamptz := last_at - make_interval(secs => spread);
  steps int; g int := 0;
begin
  select * into k from bench.kit;
  foreach t in array '{cases,case_detail,case_event,case_stage,seal_leaf}'::text[] loop
    execute format('create table %I (like %I including defaults including constraints)', t || '_' || code, t);
  end loop;
  create temp table made on commit drop as
  select base + n as id, n, array_length(k.grids, 1) as grids, 1 + (n * 7919) % array_length(k.grids, 1) as g, 1 + (n * 613) % array_length(k.items, 1) as i,
         k.units[1 + (n * 31) % array_length(k.units, 1)] as unit, 1 + n % array_length(k.channels, 1) as ch,
         n > total - still_open as is_open, 1 + n % 5 as pace,
         case when n > total - still_open then steps_done[1 + n % array_length(steps_done, 1)] when n % 2 = 0 then 8 else 6 end as events,
         case when n > total - still_open then done_at - make_interval(secs => k.steps[steps_done[1 + n % array_length(steps_done, 1)]] * (1 + n % 5) + n % 3600)
              else first_at + make_interval(secs => spread * n / greatest(1, total - still_open)) end as at
  from generate_series(1, total) n;
  execute format($f$insert into %I (district_id, id, no, version, events, state, open, grade, circulation, priority, urgent, item_id, channel_id, citizen, street_id, community_id, grid_id, lon, lat,
      unit_id, handler_id, reported_at, changed_at, stage_since, deadline, warn_at, clock, dispatched_by, dispatched_at, answered, followed_up, closed_at, photos)
    select $1.district, m.id, to_char($2, 'YYMM') || '-' || lpad((m.id %% 1000000000)::text, greatest(6, length((m.id %% 1000000000)::text)), '0'), m.events, m.events,
      case when m.is_open then $1.states[1 + m.events] when m.events = 8 then 'closed' else 'force_closed' end, m.is_open, 'clear', 'large',
      case when $1.urgent[m.i] then 1 else 3 + m.n %% 5 end, $1.urgent[m.i], $1.items[m.i], $1.channels[m.ch], $1.citizens[m.ch],
      $1.streets[m.g], nullif($1.communities[m.g], 0), $1.grids[m.g], $1.lons[m.g] + (m.n %% 100) * 1e-5, $1.lats[m.g],
      case when m.events > 3 then m.unit end, case when m.events > 3 then m.unit end, m.at, m.at + make_interval(secs => $1.steps[m.events] * m.pace),
      m.at + make_interval(secs => $1.steps[m.events] * m.pace), due.at, due.at - interval '30 min', case when m.is_open then 'urgent' end,
      case when m.events > 3 then $1.actors[4] end, case when m.events > 3 then m.at + make_interval(secs => $1.steps[4] * m.pace) end,
      not m.is_open, not m.is_open, case when not m.is_open then m.at + make_interval(secs => $1.steps[m.events] * m.pace) end, 0
    from made m, lateral (select case when m.is_open then $3 + make_interval(secs => (m.n * 7919) %% 172800 - 20000) end as at) due$f$, 'cases_' || code) using k, month, done_at;
  execute format($f$insert into %I (district_id, case_id, summary, description, address, source_no, occurred_at, result)
    select $1.district, m.id, '有人反映路边堆放杂物影响通行' || m.n, '来电人反映该处长期堆放杂物，影响行人和车辆通行，希望有关部门尽快到现场处理并反馈结果。编号' || m.id, '某街道某社区' || m.n || '号门前',
      'S' || m.id, m.at, case when m.is_open then '' else '已安排人员到现场清理完毕，恢复通行。' end from made m$f$, 'case_detail_' || code) using k;
  execute format($f$insert into %I (district_id, case_id, seq, at, recorded_at, actor_id, actor_login, actor_name, role, action, from_state, to_state, unit_id, what, street_id, community_id)
    select $1.district, m.id, s, e.at, e.at, $1.actors[s], 'u' || $1.actors[s], '操作员' || $1.actors[s], $1.roles[s],
      case when s = 6 and m.events = 6 and not m.is_open then 'force_close' else $1.actions[s] end, $1.states[s],
      case when s = 6 and m.events = 6 and not m.is_open then 'force_closed' else $1.states[s + 1] end, case when s > 3 then m.unit end,
      case when s = 4 then jsonb_build_object('unit_id', m.unit) else '{"note": "按流程办理"}'::jsonb end, $1.streets[m.g], nullif($1.communities[m.g], 0)
    from made m, generate_series(1, m.events) s, lateral (select m.at + make_interval(secs => $1.steps[s] * m.pace) as at) e$f$, 'case_event_' || code) using k;
  execute format($f$insert into %I (district_id, case_id, seq, stage, unit_id, since, clock, limit_s, deadline, warn_at, ended_at, used_s, overdue, ended_by)
    select $1.district, m.id, s, $1.stages[s], case when s in (4, 5) then m.unit end, m.at + make_interval(secs => $1.steps[s] * m.pace), 'urgent', $1.limits[s], e.due, e.due - interval '10 min',
      case when s < m.events then m.at + make_interval(secs => $1.steps[s + 1] * m.pace) end, case when s < m.events then ($1.steps[s + 1] - $1.steps[s]) * m.pace end,
      s < m.events and ($1.steps[s + 1] - $1.steps[s]) * m.pace > $1.limits[s], case when s < m.events then s + 1 end
    from made m, generate_series(1, least(m.events, case when m.is_open then 7 else m.events - 1 end)) s,
      lateral (select m.at + make_interval(secs => $1.steps[s] * m.pace + $1.limits[s] + case when m.is_open and s = m.events then 864000 else 0 end) as due) e$f$, 'case_stage_' || code) using k;
  execute format($f$insert into %I (district_id, case_id, seq, seal_id, digest)
    select $1.district, m.id, s, 1 + (m.id %% 1000000000 / 700)::int, md5(m.id::text) || md5(s::text) from made m, generate_series(1, m.events) s$f$, 'seal_leaf_' || code) using k;
  insert into case_reporter (district_id, case_id, reporter_id, name_masked, phone_masked) select k.district, m.id, m.id, '王**', '139****0000' from made m where k.citizens[m.ch];
end $$;

create function bench.attach_month(month date) returns void
language plpgsql set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' as $$
declare t text; code text := to_char(month, 'YYYYMM'); next text := to_char(month + interval '1 month', 'YYYYMM');
begin
  foreach t in array '{cases,case_detail,case_event,case_stage,seal_leaf}'::text[] loop
    execute format('alter table %I owner to cc_owner', t || '_' || code);
    execute format('alter table %I enable row level security', t || '_' || code);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', t, t || '_' || code, code || '000000000', next || '000000000');
  end loop;
end $$;

-- Counters of the cases from this id on, as the duty would have folded them, hour after hour.
create function bench.count_from(first_case bigint) returns void
language plpgsql set search_path = cc, pg_temp set enable_partitionwise_join = on as $$
begin
  insert into hourly
  select district_id, hour_of(at), measure, street_id, community_id, unit_id, channel_id, count(*), sum(used_s), sum(late)
  from (select * from measured_event where case_id >= first_case union all select * from measured_stage where case_id >= first_case) facts group by 1, 2, 3, 4, 5, 6, 7 order by 2;
  insert into unit_day
  select h.district_id, (h.hour at time zone d.time_zone)::date, h.unit_id, h.measure, sum(h.n), sum(h.used_s), sum(h.late)
  from hourly h join district d on d.district_id = h.district_id where h.unit_id <> 0 group by 1, 2, 3, 4;
  update rollup_state set seen = pg_current_snapshot(), own = pg_current_xact_id(), epoch = (select epoch from feed_epoch), at = clock_timestamp();
end $$;
