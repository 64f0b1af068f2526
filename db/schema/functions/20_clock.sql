-- Time: the city's clock, and working time by the three clocks (紧急工作时, 工作时, 工作日).
-- A clerk's own transaction cannot hold the time back: clock_timestamp(), not now().

create or replace function cc.city_now() returns timestamptz
language plpgsql volatile security definer set search_path = cc, pg_temp as $$
begin
  return (
    select case when speed = 1 and real_base = shown_base then clock_timestamp()
              else shown_base + (clock_timestamp() - real_base) * speed end
  from clock);
end $$;

create or replace function cc.clock_state() returns table (city_time timestamptz, clock_speed double precision)
language sql volatile security definer set search_path = cc, pg_temp as $$
  select city_now(), speed from clock
$$;

-- Only the owner of sample data may let the clock run fast; nobody may on a real city.
create or replace function cc.set_clock(shown timestamptz, fast double precision) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  if exists (select from district where not sample) then
    perform fail('CC403', '真实数据不允许模拟时钟');
  end if;
  update clock set real_base = clock_timestamp(), shown_base = shown, speed = fast;
  perform ensure_partitions();
end $$;

create or replace function cc.real_clock() returns void
language sql security definer set search_path = cc, pg_temp as $$
  update clock set real_base = t, shown_base = t, speed = 1 from (select clock_timestamp() t) s
$$;

-- Working seconds from the calendar's first day to t.
create or replace function cc.work_position(district int, by_clock text, t timestamptz) returns bigint
language plpgsql stable set search_path = cc, pg_temp as $$
declare
  here district := (select d from district d where d.district_id = district);
  there timestamp := t at time zone here.time_zone;
  s int := floor(extract(epoch from there - there::date))::int;
  pos bigint;
begin
  select c.before_s + case when c.working then
           (select coalesce(sum(greatest(0, least(s, w.to_s) - w.from_s)), 0) from office_window w where w.district_id = here.shared_id and w.clock = by_clock)
         else 0 end
    into pos from calendar_day c where c.district_id = here.shared_id and c.clock = by_clock and c.day = there::date;
  if pos is null then perform fail('CC510', '工作日历没有覆盖 ' || there::date || '，请管理员补充日历'); end if;
  return pos;
end $$;

-- The first instant at which that many working seconds have passed.
create or replace function cc.work_instant(district int, by_clock text, pos bigint) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
declare here district := (select x from district x where x.district_id = district); d record; w record; rest bigint;
begin
  select c.day, c.before_s into d from calendar_day c
   where c.district_id = here.shared_id and c.clock = by_clock and c.before_s < greatest(pos, 1) and c.open_s > 0
   order by c.before_s desc limit 1;
  if not found then perform fail('CC510', '工作日历没有覆盖所需日期，请管理员补充日历'); end if;
  rest := greatest(pos, 1) - d.before_s;
  for w in select * from office_window where district_id = here.shared_id and office_window.clock = by_clock order by seq loop
    if rest <= w.to_s - w.from_s then
      return (d.day + make_interval(secs => w.from_s + rest)) at time zone here.time_zone;
    end if;
    rest := rest - (w.to_s - w.from_s);
  end loop;
  perform fail('CC510', '工作日历没有覆盖所需日期，请管理员补充日历');
end $$;

create or replace function cc.work_add(district int, by_clock text, t timestamptz, seconds bigint) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select case when by_clock = 'urgent' then t + make_interval(secs => seconds)
              else work_instant(district, by_clock, work_position(district, by_clock, t) + seconds) end);
end $$;

create or replace function cc.work_between(district int, by_clock text, a timestamptz, b timestamptz) returns bigint
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select case when by_clock = 'urgent' then extract(epoch from b - a)::bigint
              else work_position(district, by_clock, b) - work_position(district, by_clock, a) end);
end $$;

create or replace function cc.stage_limit(c cc.cases, wanted text, out limit_s bigint, out by_clock text)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  select l.minutes * 60, l.clock into limit_s, by_clock from catalogue_limit l
   where l.district_id = shared(c.district_id) and l.item_id = c.item_id and l.stage = wanted;
  if not found then
    select s.minutes * 60, s.clock into limit_s, by_clock from wf_stage s where s.code = wanted;
  end if;
end $$;

-- Recomputes the prefix sums of the calendar kept under this id; called by whoever loads days or windows.
create or replace function cc.recount_calendar(district int) returns void
language sql set search_path = cc, pg_temp as $$
  with opened as (
    select cd.clock, cd.day, case when cd.working then
             (select coalesce(sum(w.to_s - w.from_s), 0) from office_window w where w.district_id = district and w.clock = cd.clock)
           else 0 end as open_s
    from calendar_day cd where cd.district_id = district),
  summed as (
    select clock, day, open_s, sum(open_s) over (partition by clock order by day) - open_s as before_s from opened)
  update calendar_day c set open_s = n.open_s, before_s = n.before_s
  from summed n where c.district_id = district and c.clock = n.clock and c.day = n.day
$$;
