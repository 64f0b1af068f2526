-- 一屏观天下: figures of the caller's territory, from counters by place (73_wall_counters.sql) and what is not folded yet: exact at every
-- moment, without a word of what was written. Days, months and shifts by the district's time zone.

-- The places that the caller's duties stand on, each fact being counted once: whole districts, then streets and communities outside them.
create or replace function cc.wall_places() returns int[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare who operator := me(); whole int[] := my_districts(); duties int[]; found_ones int[];
begin
  select coalesce(array_agg(distinct o.id), '{}') into duties from duty d join org o on o.id = d.org_id
   where d.operator_id = who.id and d.role not in ('admin','gateway') and o.kind in ('street','community');
  select whole || coalesce(array_agg(o.id), '{}') into found_ones from org o
   where o.id = any(duties) and not o.district_id = any(whole)
     and not exists (select from org_closure oc where oc.descendant_id = o.id and oc.via = 'line' and oc.depth > 0 and oc.ancestor_id = any(duties));
  perform need(cardinality(found_ones) > 0, 'CC403', '大屏按辖区统计，您的岗位没有辖区，请用大屏或值班长的账号登录');
  return found_ones;
end $$;

-- The day, month and clock of the caller's territory; of a city of several districts, the city's.
create or replace function cc.wall_zone() returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select d.time_zone from district d where d.district_id = (me()).district_id);
end $$;

create or replace function cc.is_at(places int[], district int, street int, community int) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select coalesce(district = any(places) or street = any(places) or community = any(places), false)
$$;

-- The shift (班次) that is on at t by the plan of the deployment; nothing when it has none.
create or replace function cc.wall_shift(t timestamptz, zone text) returns table (label text, began timestamptz, ends timestamptz)
language plpgsql stable set search_path = cc, pg_temp as $$
declare there timestamp := t at time zone zone;
begin
  return query
  with shifts as (
    select s.shift->>'label' as label, there::date + k as day, (s.shift->>'from_s')::int as from_s, (s.shift->>'to_s')::int as to_s
      from wall_plan p, jsonb_array_elements(coalesce(p.plan->'shifts', '[]')) with ordinality s(shift, n), generate_series(-1, 0) k
     where p.district_id = shared((me()).district_id)),
  turns as (
    select x.label, (x.day + make_interval(secs => x.from_s)) at time zone zone as began,
           (x.day + make_interval(secs => x.to_s + case when x.to_s <= x.from_s then 86400 else 0 end)) at time zone zone as ends from shifts x)
  select x.label, x.began, x.ends from turns x where t >= x.began and t < x.ends order by x.began desc limit 1;
end $$;

-- What of these places is not folded yet, looked up once for all parts of an answer.
create or replace function cc.fresh_facts(places int[]) returns cc.wall_fact[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return array(select u from unfolded_wall() u
                where u.district_id = any(places) or u.street_id = any(places) or u.community_id = any(places));
end $$;

-- Reports and closings of these places in [since, until), exact to the instant: whole ten minutes from the counters and what is not folded
-- yet, what lies at both ends from the events themselves.
create or replace function cc.flow(places int[], fresh cc.wall_fact[], since timestamptz, until timestamptz, out reported bigint, out closed bigint)
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  every_one int[] := array(select d.district_id from district d);
  lo timestamptz := slot_of(since + interval '10 minutes' - interval '1 microsecond'); hi timestamptz := slot_of(until); r bigint; c bigint;
begin
  if lo >= hi then
    select f.reported, f.closed into reported, closed from flow_of_events(places, since, until) f;
    return;
  end if;
  with parts as (
    select s.closing, s.n from place_slot s where s.district_id = any(every_one) and s.place_id = any(places) and s.slot >= lo and s.slot < hi
    union all
    select is_closing(u.measure), 1 from unnest(fresh) u where u.at >= lo and u.at < hi and (u.measure = 'report' or is_closing(u.measure)))
  select coalesce(sum(p.n) filter (where not p.closing), 0), coalesce(sum(p.n) filter (where p.closing), 0) into reported, closed from parts p;
  if since < lo then
    select f.reported, f.closed into r, c from flow_of_events(places, since, lo) f;
    reported := reported + r; closed := closed + c;
  end if;
  if hi < until then
    select f.reported, f.closed into r, c from flow_of_events(places, hi, until) f;
    reported := reported + r; closed := closed + c;
  end if;
end $$;

create or replace function cc.flow_of_events(places int[], since timestamptz, until timestamptz, out reported bigint, out closed bigint)
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  select count(*) filter (where e.action = 'report'), count(*) filter (where e.action <> 'report') into reported, closed from case_event e
   where e.at >= since and e.at < until and e.action in ('report','close','self_handle','force_close')
     and is_at(places, e.district_id, e.street_id, e.community_id);
end $$;

-- 24 hours by ten minutes from `begins`: [[reported …], [closed …]].
create or replace function cc.wall_trend(places int[], fresh cc.wall_fact[], begins timestamptz) returns jsonb
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare every_one int[] := array(select d.district_id from district d); ends timestamptz := begins + interval '24 hours';
begin
  return (
    with parts as (
      select s.slot, s.closing, s.n from place_slot s
       where s.district_id = any(every_one) and s.place_id = any(places) and s.slot >= begins and s.slot < ends
      union all
      select slot_of(u.at), is_closing(u.measure), 1 from unnest(fresh) u
       where u.at >= begins and u.at < ends and (u.measure = 'report' or is_closing(u.measure))),
    summed as (
      select p.slot, sum(p.n) filter (where not p.closing) as reported, sum(p.n) filter (where p.closing) as closed from parts p group by 1)
    select jsonb_build_object('begins', extract(epoch from begins), 'reported', jsonb_agg(coalesce(x.reported, 0) order by k.slot),
                              'closed', jsonb_agg(coalesce(x.closed, 0) order by k.slot))
      from generate_series(begins, ends - interval '10 minutes', interval '10 minutes') k(slot) left join summed x on x.slot = k.slot);
end $$;

-- What of these places was counted since a day began: measure, channel, n, used_s, late.
create or replace function cc.counted_since(places int[], fresh cc.wall_fact[], first_day date, zone text, channels boolean)
returns table (measure text, channel_id int, n bigint, used_s bigint, late bigint)
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare every_one int[] := array(select d.district_id from district d); began timestamptz := first_day::timestamp at time zone zone;
begin
  return query
  with parts as (
    select d.measure, d.channel_id, d.n, d.used_s, d.late from place_day d
     where d.district_id = any(every_one) and d.place_id = any(places) and d.day >= first_day
    union all
    select u.measure, u.channel_id, 1, u.used_s, u.late from unnest(fresh) u where u.at >= began)
  select p.measure, case when channels then p.channel_id else 0 end, sum(p.n)::bigint, sum(p.used_s)::bigint, sum(p.late)::bigint from parts p group by 1, 2;
end $$;

-- What the day brought: {as_of, day_began, day_ends, measures: {action: n}, channels: {id: n}, reported_before, trend, shift}.
create or replace function cc.wall_today() returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare
  places int[] := wall_places(); zone text := wall_zone(); t timestamptz := city_now(); there timestamp := t at time zone zone; today date := there::date;
  found_ones jsonb; before bigint; shift record; in_shift record; fresh wall_fact[];
begin
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  fresh := fresh_facts(places);
  with counted as (select * from counted_since(places, fresh, today, zone, true))
  select jsonb_build_object(
           'measures', (select coalesce(jsonb_object_agg(m.measure, m.n), '{}') from (
              select c.measure, sum(c.n) as n from counted c where c.measure not like 'stage.%' group by 1) m),
           'channels', (select coalesce(jsonb_object_agg(c.channel_id, c.n), '{}') from counted c where c.measure = 'report')) into found_ones;
  select f.reported into before from flow(places, fresh, (today - 1)::timestamp at time zone zone, (there - interval '1 day') at time zone zone) f;
  select s.label, s.began, s.ends into shift from wall_shift(t, zone) s;
  if shift.began is not null then
    select f.reported, f.closed into in_shift from flow(places, fresh, shift.began, shift.ends) f;
    found_ones := found_ones || jsonb_build_object('shift', jsonb_build_object('label', shift.label, 'began', extract(epoch from shift.began),
      'ends', extract(epoch from shift.ends), 'reported', in_shift.reported, 'closed', in_shift.closed));
  end if;
  return found_ones || jsonb_build_object('as_of', extract(epoch from t), 'day_began', extract(epoch from today::timestamp at time zone zone),
    'day_ends', extract(epoch from (today + 1)::timestamp at time zone zone), 'reported_before', before,
    'trend', wall_trend(places, fresh, slot_of(t) - interval '1430 minutes'));
end $$;

-- What the month brought of cases: {as_of, month_began, month_ends, day_began, handled, handled_late, followed_up, satisfied, stages: [[stage, n, used_s, late]]}.
create or replace function cc.wall_month() returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare
  places int[] := wall_places(); zone text := wall_zone(); t timestamptz := city_now(); today date := (t at time zone zone)::date;
  first_day date := date_trunc('month', today)::date; found_ones jsonb; fresh wall_fact[];
begin
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  fresh := fresh_facts(places);
  with counted as (select * from counted_since(places, fresh, first_day, zone, false))
  select jsonb_build_object(
           'handled', coalesce(sum(c.n) filter (where c.measure = 'stage.handle'), 0), 'handled_late', coalesce(sum(c.late) filter (where c.measure = 'stage.handle'), 0),
           'followed_up', coalesce(sum(c.n) filter (where c.measure = 'follow_up'), 0),
           'satisfied', coalesce(sum(c.n - c.late) filter (where c.measure = 'follow_up'), 0),
           'stages', (select coalesce(jsonb_agg(jsonb_build_array(w.code, s.n, s.used_s, s.late) order by w.position), '[]')
                        from counted s join wf_stage w on s.measure = 'stage.' || w.code)) into found_ones from counted c;
  return found_ones || jsonb_build_object('as_of', extract(epoch from t), 'month_began', extract(epoch from first_day::timestamp at time zone zone),
    'month_ends', extract(epoch from (first_day + interval '1 month') at time zone zone), 'day_began', extract(epoch from today::timestamp at time zone zone));
end $$;

-- The same 24 hours a week and a year ago: {last_week, last_year}, null where the records of these places do not reach back to its beginning.
create or replace function cc.wall_past() returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare
  places int[] := wall_places(); zone text := wall_zone(); begins timestamptz := slot_of(city_now()) - interval '1430 minutes';
  week timestamptz := begins - interval '168 hours'; year timestamptz := slot_of(((begins at time zone zone) - interval '1 year') at time zone zone); earliest timestamptz; fresh wall_fact[];
begin
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  fresh := fresh_facts(places);
  select min(first.slot) into earliest from district d cross join unnest(places) p(id) cross join lateral (
    select s.slot from place_slot s where s.district_id = d.district_id and s.place_id = p.id order by s.slot limit 1) first;
  select least(earliest, min(slot_of(u.at))) into earliest from unnest(fresh) u where u.measure = 'report' or is_closing(u.measure);
  return jsonb_build_object('last_week', case when earliest <= week then wall_trend(places, fresh, week) end,
                            'last_year', case when earliest <= year then wall_trend(places, fresh, year) end);
end $$;

-- Of whistles, under the caller's own policies: issued since the day began; of those issued since the month began, lanes whose answer is
-- judged, and how many of them answered in time.
create or replace function cc.wall_whistles(day_began timestamptz, month_began timestamptz, out today bigint, out answers bigint, out in_time bigint)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  select count(*) into today from summons s where s.kind = 'whistle' and s.issued_at >= day_began;
  select count(*), count(*) filter (where p.response = 'on_time') into answers, in_time
    from summons s join summons_party p on p.summons_id = s.id and p.district_id = s.district_id
   where s.kind = 'whistle' and s.issued_at >= month_began and p.response is not null;
end $$;

-- ------------------------------------------------------------------ 实时动态
-- What of a case is told in the hall; the unit only where it was sent to one.
create or replace function cc.wall_steps() returns text[] language sql immutable set search_path = cc, pg_temp as $$
  select '{report,file,reopen,self_handle,dispatch,rule,return_case,suspend,feedback,verify,rework,close,force_close,overdue,supervise}'::text[]
$$;

-- The newest rows of the feed that tell of an event here, district by district by its key; `deep`: how many of each.
create or replace function cc.newest_news(places int[], deep int) returns setof cc.feed
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query
  select f.* from district d cross join lateral (
    select x.* from feed x where x.district_id = d.district_id and x.event_seq is not null
       and (x.district_id = any(places) or x.street_id = any(places) or x.community_id = any(places)) order by x.at desc, x.id desc limit deep) f;
end $$;

create or replace function cc.newest_steps(places int[], deep int) returns table (at timestamptz, case_id bigint, seq int, street_id int, item_id int, action text, unit_id int, urgent boolean)
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
begin
  return query
  select e.at, e.case_id, e.seq, e.street_id, c.item_id, e.action, case when e.action in ('dispatch','rule') then e.unit_id end, c.urgent
    from newest_news(places, deep) n join case_event e on e.case_id = n.entity_id and e.seq = n.event_seq and e.district_id = n.district_id
    join cases c on c.id = e.case_id and c.district_id = e.district_id
   where is_at(places, e.district_id, e.street_id, e.community_id) and e.action = any(wall_steps());
end $$;

-- The latest steps of cases and whistles, newest first: what the feed of the last days holds.
create or replace function cc.wall_latest(at_most int default 20)
returns table (at double precision, matter text, entity_id bigint, seq int, street_id int, item_id int, action text, unit_id int, urgent boolean)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare places int[] := wall_places(); wanted int := least(greatest(at_most, 0), 100); deep int := 10 * least(greatest(at_most, 1), 100);
begin
  loop
    exit when deep > 20000 or (select count(*) from newest_steps(places, deep)) >= wanted or (select count(*) from newest_news(places, deep)) < deep;
    deep := deep * 8;
  end loop;
  return query
  select extract(epoch from k.at)::float8, k.matter, k.id, k.seq, k.street_id, k.item_id, k.action, k.unit_id, k.urgent from (
    select s.at, 'case' as matter, s.case_id as id, s.seq, s.street_id, s.item_id, s.action, s.unit_id, s.urgent from newest_steps(places, deep) s
    union all
    (select w.issued_at, 'whistle', w.id, 0, w.street_id, null::int, 'issue', null::int, false from summons w
      where w.kind = 'whistle' and w.issued_at > city_now() - interval '3 days' and is_at(places, w.district_id, w.street_id, w.community_id)
      order by w.issued_at desc limit wanted)) k
  order by k.at desc, k.id desc, k.seq desc limit wanted;
end $$;
