-- 定位: phones of workers say where they are, by their own login or through a phone platform; the last place stands in worker_position, all in
-- patrol_track. A worker is one of grid_team.

-- Where a member of a grid's team belongs; id null when there is none of this number.
create or replace function cc.member_place(which int, out district int, out street int, out community int, out grid int, out member_role text, out login_id int)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  select m.district_id, coalesce(g.street_id, case o.kind when 'community' then o.parent_id else o.id end),
         coalesce(g.community_id, case o.kind when 'community' then o.id end), m.grid_id, m.role, m.operator_id
    into district, street, community, grid, member_role, login_id
    from grid_team m left join grid g on g.id = m.grid_id and g.district_id = m.district_id left join org o on o.id = m.org_id
   where m.id = which;
end $$;

-- Whether somebody has one of these roles where a place lies, or above it.
create or replace function cc.stands_above(who int, roles text[], district int, street int, community int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return exists (select from duty d join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line' and oc.descendant_id in (district, street, community)
                  where d.operator_id = who and d.role = any(roles));
end $$;

-- How far two places are from each other, in metres; good for what one can walk or ride.
create or replace function cc.apart(lon_a double precision, lat_a double precision, lon_b double precision, lat_b double precision) returns double precision
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return 111195 * sqrt(((lon_a - lon_b) * cos(radians((lat_a + lat_b) / 2))) ^ 2 + (lat_a - lat_b) ^ 2);
end $$;

-- Farther than somebody gets in that time on any road (30 m/s), a fix being up to 50 m wrong.
create or replace function cc.out_of_reach(lon_a double precision, lat_a double precision, at_a timestamptz, lon_b double precision, lat_b double precision, at_b timestamptz) returns boolean
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return coalesce(apart(lon_a, lat_a, lon_b, lat_b) - 50 > 30 * abs(extract(epoch from at_b - at_a)), false);
end $$;

create or replace function cc.check_points(lons double precision[], lats double precision[], ats timestamptz[]) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare n int := coalesce(cardinality(ats), 0); t timestamptz := city_now(); bad record;
begin
  perform need(n between 1 and 500, 'CC422', '一次须上报 1 至 500 个定位点', 'at');
  perform need(cardinality(lons) = n and cardinality(lats) = n and array_ndims(ats) = 1 and array_ndims(lons) = 1 and array_ndims(lats) = 1,
               'CC422', '定位点的经度、纬度与时间须一一对应', 'lon');
  -- NaN is above every number, and nothing is between when one side is not known.
  select * into bad from unnest(lons, lats, ats) with ordinality k(lon, lat, at, i)
   where (k.lon between -180 and 180 and k.lat between -90 and 90 and k.at <= t + interval '2 minutes' and k.at > t - interval '1 day') is not true limit 1;
  if bad.i is null then return; end if;
  perform need((bad.lon between -180 and 180 and bad.lat between -90 and 90) is true, 'CC422', format('第 %s 个定位点的经纬度超出范围', bad.i), 'lon');
  perform need((bad.at <= t + interval '2 minutes') is true, 'CC422', format('第 %s 个定位点的时间晚于现在，请校准手机时钟', bad.i), 'at');
  perform fail('CC422', format('第 %s 个定位点早于一天以前，不再接收', bad.i), '{"field": "at"}');
end $$;

-- Somebody who was at p and is heard of again: where he is now, and whether he moved. A place that he cannot have reached is noise (doubts > 0), unless two
-- more follow that agree with it: then he was there all along.
create or replace function cc.step_on(p cc.worker_position, lon double precision, lat double precision, at timestamptz) returns cc.worker_position
language plpgsql immutable set search_path = cc, pg_temp as $$
declare n worker_position := p;
begin
  if out_of_reach(p.lon, p.lat, p.at, lon, lat, at) then
    n.doubts := case when p.doubts = 0 or out_of_reach(p.doubt_lon, p.doubt_lat, p.doubt_at, lon, lat, at) then 1 else p.doubts + 1 end;
    n.doubt_lon := lon; n.doubt_lat := lat; n.doubt_at := at;
    if n.doubts < 3 then return n; end if;
  end if;
  n.lon := lon; n.lat := lat; n.at := at; n.doubts := 0;
  if apart(p.stood_lon, p.stood_lat, lon, lat) > 30 then
    n.stood_lon := lon; n.stood_lat := lat; n.moved_at := at;
  end if;
  return n;
end $$;

-- The point before one that comes late, of the hour before it. Planned each time: only the days in question are looked at.
create or replace function cc.point_before(district int, worker int, t timestamptz) returns cc.patrol_track
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_custom_plan as $$
declare b patrol_track;
begin
  select * into b from patrol_track k where k.district_id = district and k.worker_id = worker and k.at < t and k.at > t - interval '1 hour' and not k.noise
   order by k.at desc limit 1;
  return b;
end $$;

-- Points of one worker, each once by its second; how many were new. Waits for nobody but another report of the same worker.
create or replace function cc.store_points(worker int, lons double precision[], lats double precision[], ats timestamptz[]) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare p worker_position; n worker_position; b patrol_track; k record; m record; noise boolean; stored int := 0; changed boolean := false;
begin
  select * into m from member_place(worker);
  select * into p from worker_position w where w.district_id = m.district and w.worker_id = worker for update;
  for k in select date_trunc('second', u.at) as at, u.lon, u.lat from unnest(lons, lats, ats) u(lon, lat, at) order by 1 loop
    if p.worker_id is null then
      p.lon := k.lon; p.lat := k.lat; p.at := k.at; p.moved_at := k.at; p.stood_lon := k.lon; p.stood_lat := k.lat; p.doubts := 0; p.worker_id := worker;
      n := p; noise := false;
    elsif k.at > p.at then
      n := step_on(p, k.lon, k.lat, k.at); noise := n.doubts > 0;
    else
      if b.worker_id is null then b := point_before(m.district, worker, k.at); end if;
      n := p; noise := out_of_reach(b.lon, b.lat, b.at, k.lon, k.lat, k.at);
    end if;
    insert into patrol_track values (m.district, worker, k.at, k.lon, k.lat, noise) on conflict do nothing;
    if found then
      stored := stored + 1; changed := true; p := n;
      if k.at < p.at and not noise then b := (m.district, worker, k.at, k.lon, k.lat, false); end if;
    end if;
  end loop;
  if changed then
    insert into worker_position as w select m.district, worker, m.member_role, m.grid, m.street, m.community, p.lon, p.lat, p.at, p.moved_at, p.stood_lon, p.stood_lat,
      p.doubts, p.doubt_lon, p.doubt_lat, p.doubt_at
    on conflict (district_id, worker_id) do update set role = excluded.role, grid_id = excluded.grid_id, street_id = excluded.street_id, community_id = excluded.community_id,
      lon = excluded.lon, lat = excluded.lat, at = excluded.at, moved_at = excluded.moved_at, stood_lon = excluded.stood_lon, stood_lat = excluded.stood_lat,
      doubts = excluded.doubts, doubt_lon = excluded.doubt_lon, doubt_lat = excluded.doubt_lat, doubt_at = excluded.doubt_at, heard_at = clock_timestamp()
      where excluded.at >= w.at;
  end if;
  return stored;
end $$;

-- The feed says that workers of these streets moved: once a street in 3 s. Nobody waits for anybody: what counts is what others have committed, and two who
-- report in the same moment may both say it. What is held back is said by the duty (tell_late). Its plan is made once a session, as feed_since's.
create or replace function cc.tell_positions(workers int[]) returns void
language plpgsql set search_path = cc, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare since timestamptz := clock_timestamp() - interval '3 s'; districts int[]; told bigint[];
begin
  districts := array(select distinct w.district_id from worker_position w where w.worker_id = any(workers));
  told := array(select f.entity_id from feed f where f.district_id = any(districts) and f.at > since and f.kind = 'position');
  insert into feed (kind, entity_id, district_id, street_id)
  select distinct 'position', w.street_id, w.district_id, w.street_id from worker_position w where w.worker_id = any(workers) and w.street_id <> all(told);
end $$;

-- Streets of which a position came after the last word on them. Part of the duty round.
create or replace function cc.tell_late() returns int
language plpgsql set search_path = cc, pg_temp as $$
declare since timestamptz := clock_timestamp() - interval '1 minute'; told int;
begin
  insert into feed (kind, entity_id, district_id, street_id)
  with heard as (select w.district_id, w.street_id, max(w.heard_at) as at from worker_position w where w.heard_at > since group by w.district_id, w.street_id),
       said as (select f.entity_id, max(f.at) as at from feed f where f.at > since and f.kind = 'position' group by f.entity_id)
  select 'position', h.street_id, h.district_id, h.street_id from heard h left join said s on s.entity_id = h.street_id
   where s.at is null or s.at < h.at and s.at < clock_timestamp() - interval '3 s';
  get diagnostics told = row_count;
  return told;
end $$;

-- A worker's phone, under his own login: up to 500 points, WGS-84 degrees and the city's time, in any order, of the last day. The number of new ones.
create or replace function cc.report_positions(lons double precision[], lats double precision[], ats timestamptz[]) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); worker int; m record; stored int;
begin
  perform need(has_role('{grid_worker}'), 'CC403', '只有网格员可以上报自己的位置');
  select t.id into worker from grid_team t where t.operator_id = actor.id;
  perform need(worker is not null, 'CC403', '您的账号还没有对应到网格队伍中的人员，请联系管理员');
  select * into m from member_place(worker);
  perform need(stands_above(actor.id, '{grid_worker}', m.district, m.street, m.community), 'CC403', '您的岗位不在该网格，请联系管理员');
  perform check_points(lons, lats, ats);
  stored := store_points(worker, lons, lats, ats);
  if stored > 0 then perform tell_positions(array[worker]); end if;
  return stored;
end $$;

create or replace function cc.report_position(lon double precision, lat double precision, at timestamptz) returns boolean
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  return report_positions(array[lon], array[lat], array[at]) > 0;
end $$;

-- A phone platform, which has a login of role channel, for workers of its district: point i is of workers[i]. In the order of their ids, so that two
-- platforms wait for each other and do not block each other.
create or replace function cc.report_workers(workers int[], lons double precision[], lats double precision[], ats timestamptz[]) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); stored int := 0; w record; m record;
begin
  perform need(has_role('{channel}'), 'CC403', '只有接入渠道可以代人上报位置');
  perform check_points(lons, lats, ats);
  perform need(cardinality(workers) = cardinality(ats) and array_ndims(workers) = 1, 'CC422', '每个定位点须写明人员', 'worker');
  for w in select k.worker, array_agg(k.lon) as lons, array_agg(k.lat) as lats, array_agg(k.at) as ats
             from unnest(workers, lons, lats, ats) k(worker, lon, lat, at) group by k.worker order by k.worker loop
    select * into m from member_place(w.worker);
    perform need(m.district is not null and stands_above(actor.id, '{channel}', m.district, m.street, m.community), 'CC404',
                 format('没有编号为 %s 的网格人员，或他不在您的范围内', w.worker), 'worker');
    stored := stored + store_points(w.worker, w.lons, w.lats, w.ats);
  end loop;
  if stored > 0 then perform tell_positions(workers); end if;
  return stored;
end $$;

-- Which of the grids' people a login is; one login is one person. null: nobody any more.
create or replace function cc.link_worker(which text, member int) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare o operator := managed_operator(which); m record;
begin
  perform need(current_setting('transaction_isolation') = 'read committed', 'CC422', '写操作须在 READ COMMITTED 隔离级别下执行');
  update grid_team set operator_id = null where operator_id = o.id;
  if member is not null then
    select * into m from member_place(member);
    perform need(m.district is not null and (is_superuser() or above((me()).district_id, m.district)), 'CC404', '没有这位网格人员，或他不在您的范围内', 'member');
    perform need(stands_above(o.id, '{grid_worker}', m.district, m.street, m.community), 'CC422', '该账号不是此处的网格员', 'login');
    perform need(m.login_id is null or m.login_id = o.id, 'CC422', '这位网格人员已对应另一个账号', 'member');
    update grid_team set operator_id = o.id where id = member;
  end if;
  perform log_admin(o.district_id, 'link_worker', which, jsonb_build_object('member', member));
end $$;

-- Days of tracks that are older than that, by the city's clock. As drop_old_feed, it waits for the blink of an eye only.
create or replace function cc.drop_old_tracks(t timestamptz, keep_days int default 90) returns int
language plpgsql set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' set lock_timeout = '50ms' as $$
declare part text; dropped int := 0;
begin
  for part in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'cc.patrol_track'::regclass
               and c.relname ~ '^patrol_track_[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < least(t, clock_timestamp())::date - keep_days loop
    execute format('drop table cc.%I', part);
    dropped := dropped + 1;
  end loop;
  return dropped;
exception when lock_not_available then
  return 0;
end $$;
