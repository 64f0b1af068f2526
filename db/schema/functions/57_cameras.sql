-- 视频: which cameras somebody sees, which pictures he may look at, and that he looked. Names and places stand in `camera`, addresses and
-- passwords in `camera_secret`, out of which cc.stream_address alone answers.

-- What each rule role:reach means for the person asking: in which places a camera must stand, or whose it must be.
-- territory: a duty stands above the place. area: it stands in that street or community, or its unit serves it (派出机构). owner: it stands
-- with the owner or above, though a district answers for none of its departments.
create or replace function cc.camera_sights() returns table (rule text, places int[], owners int[])
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return query
  with below as (
    select d.role, a.kind as duty_kind, oc.depth, g.id, g.kind, g.serves_id
      from operator o join duty d on d.operator_id = o.id and d.role not in ('admin','gateway') join org a on a.id = d.org_id
      join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line' join org g on g.id = oc.descendant_id
     where o.login = session_user and o.active)
  select b.role || ':territory', array_agg(b.id), '{}'::int[] from below b
   where b.kind = 'district' or b.depth = 0 and b.kind in ('street','community') group by b.role
  union all
  select b.role || ':area', array_agg(coalesce(b.serves_id, b.id)), '{}'::int[] from below b
   where b.depth = 0 and b.kind in ('street','community') or b.serves_id is not null and b.duty_kind not in ('city','district') group by b.role
  union all
  select b.role || ':owner', '{}'::int[], array_agg(b.id) from below b where b.depth = 0 or b.duty_kind not in ('city','district') group by b.role;
end $$;

-- Cameras whose picture the person asking may look at; only_one: of all, whether this one.
create or replace function cc.viewable_cameras(only_one int default null) returns setof int
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return query
  select c.id from camera c join district d on d.district_id = c.district_id
    left join camera_category k on k.district_id = d.shared_id and k.code = c.category
   where (only_one is null or c.id = only_one) and exists (
     select from camera_sights() s where s.rule = any(coalesce(c.view, k.view))
        and (c.district_id = any(s.places) or c.street_id = any(s.places) or c.community_id = any(s.places) or c.owner_id = any(s.owners)));
end $$;

-- The same rule as the policy on camera, for use inside definer functions.
create or replace function cc.sees_camera(c cc.camera) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare areas int[] := my_areas(); units int[] := my_units();
begin
  return c.district_id = any(my_districts()) or c.street_id = any(areas) or c.community_id = any(areas) or c.owner_id = any(units) or c.owner_id = any(areas)
      or exists (select from org o where o.id = any(units) and o.serves_id = c.street_id);
end $$;

create or replace function cc.seen_camera(which int) returns cc.camera
language plpgsql stable set search_path = cc, pg_temp as $$
declare c camera;
begin
  select * into c from camera where id = which;
  if c.id is null or sees_camera(c) is not true then
    perform fail('CC404', '没有这个摄像机，或它不在您的范围内');
  end if;
  return c;
end $$;

-- All in sight of the person asking, under his own policy.
create or replace function cc.camera_list() returns table (id int, no text, name text, category text, lon double precision, lat double precision, place text,
  owner_id int, street_id int, community_id int, grid_id int, streams text[], may_view boolean, in_use boolean, version int)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
  select c.id, c.no, c.name, c.category, c.lon, c.lat, c.place, c.owner_id, c.street_id, c.community_id, c.grid_id, c.streams,
         c.id in (select viewable_cameras()), c.in_use, c.version
    from camera c order by c.name, c.id;
end $$;

-- The nearest in use and in sight, within 64 km. The box grows until its middle holds enough: those are nearer than its edge.
create or replace function cc.camera_near(at_lon double precision, at_lat double precision, at_most int) returns table (camera_id int, metres double precision)
language plpgsql stable set search_path = cc, pg_temp as $$
declare reach double precision := 500; high double precision; wide double precision; wanted int := least(greatest(at_most, 0), 100);
begin
  if at_lon is null or at_lat is null or not (at_lon between -180 and 180 and at_lat between -85 and 85) then
    raise exception using errcode = 'CC422', message = '经纬度超出范围', detail = '{"field": "lon"}';
  end if;
  loop
    high := reach / 111000; wide := high / cos(radians(abs(at_lat) + high));
    exit when reach >= 64000 or wanted <= (select count(*) from camera c where c.in_use and c.lat between at_lat - 0.65 * high and at_lat + 0.65 * high
                                              and c.lon between at_lon - 0.65 * wide and at_lon + 0.65 * wide);
    reach := reach * 2;
  end loop;
  return query
  select n.id, n.m from (
    select c.id, 12742000 * asin(least(1, sqrt(sin(radians(c.lat - at_lat) / 2) ^ 2 + cos(radians(at_lat)) * cos(radians(c.lat)) * sin(radians(c.lon - at_lon) / 2) ^ 2))) as m
      from camera c where c.in_use and c.lat between at_lat - high and at_lat + high and c.lon between at_lon - wide and at_lon + wide) n
   where n.m <= reach order by n.m, n.id limit wanted;
end $$;

create or replace function cc.need_viewable(c cc.camera) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(exists (select viewable_cameras(c.id)), 'CC403', '您的岗位无权查看该摄像机的画面');
  perform need(c.in_use, 'CC423', '该摄像机已停用');
end $$;

-- 轮巡 comes back to a camera every minute or two: a look at it that goes on serves for an hour, or one screen would write 138,000 records a day.
create or replace function cc.rotation_look(c cc.camera, actor int, wanted text, of_case bigint) returns bigint
language plpgsql stable set search_path = cc, pg_temp as $$
declare hour_ago timestamptz := city_now() - make_interval(secs => 3600 * greatest(1, (select k.speed from clock k)));
begin
  return (
    select v.id from camera_viewing v
     where v.camera_id = c.id and v.district_id = c.district_id and v.actor_id = actor and v.stream = wanted and v.purpose = 'rotation'
       and v.case_id is not distinct from of_case and v.began_at > hour_ago and v.recorded_at > clock_timestamp() - interval '58 minutes'
       and not exists (select from camera_viewing_end e where e.id = v.id and e.district_id = v.district_id)
     order by v.began_at desc limit 1);
end $$;

-- A look takes two transactions, as with personal data: the first records who looks at what, and only a later one gives the address.
create or replace function cc.open_stream(which int, wanted text, for_what text, of_case bigint default null) returns bigint
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c camera := seen_camera(which); number bigint;
begin
  perform need_viewable(c);
  perform need(wanted in ('main','sub'), 'CC422', '码流只有 main 和 sub', 'stream');
  perform need(wanted = any(c.streams), 'CC422', format('该摄像机没有%s', case wanted when 'main' then '主码流' else '子码流' end), 'stream');
  perform need(for_what in ('desk','case','wall','rotation'), 'CC422', '查看用途不对', 'purpose');
  perform need(for_what <> 'case' or of_case is not null, 'CC422', '请指明案件', 'case_id');
  if of_case is not null then perform seen_case(of_case); end if;
  if for_what = 'rotation' then number := rotation_look(c, actor.id, wanted, of_case); end if;
  if number is not null then return number; end if;
  insert into camera_viewing (district_id, camera_id, actor_id, stream, purpose, case_id, began_at)
  values (c.district_id, c.id, actor.id, wanted, for_what, of_case, city_now()) returning id into number;
  return number;
end $$;

create or replace function cc.stream_address(viewing bigint) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare actor operator := writer(); v camera_viewing; c camera; s camera_secret;
begin
  select * into v from camera_viewing where id = viewing and actor_id = actor.id
     and recorded_at > clock_timestamp() - case purpose when 'rotation' then interval '1 hour' else interval '2 minutes' end;
  perform need(v.id is not null, 'CC404', '没有这次查看登记，或它已过期');
  perform need(v.xid is distinct from pg_current_xact_id_if_assigned(), 'CC422', '须先提交查看登记');
  perform need(not exists (select from camera_viewing_end e where e.id = v.id and e.district_id = v.district_id), 'CC423', '这次查看已结束，请重新打开');
  c := seen_camera(v.camera_id);
  perform need_viewable(c);
  perform need(v.stream = any(c.streams), 'CC423', '该摄像机已没有这一码流，请重新打开');
  select * into s from camera_secret where camera_id = v.camera_id and district_id = v.district_id;
  return jsonb_build_object('url', case v.stream when 'main' then s.main_url else s.sub_url end, 'user', s.user_name, 'password', s.password,
                            'transport', s.transport);
end $$;

create or replace function cc.close_viewings(which bigint[]) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); t timestamptz := city_now(); ended int;
begin
  perform need(coalesce(cardinality(which), 0) <= 1000, 'CC422', '一次最多结束 1000 条');
  insert into camera_viewing_end (district_id, id, actor_id, ended_at)
  select v.district_id, v.id, actor.id, greatest(t, v.began_at) from camera_viewing v where v.id = any(which) and v.actor_id = actor.id
  on conflict do nothing;
  get diagnostics ended = row_count;
  return ended;
end $$;

create or replace function cc.set_favourite(which int, marked boolean) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c camera;
begin
  if marked then
    c := seen_camera(which);
    insert into camera_favourite values (c.district_id, actor.id, c.id) on conflict do nothing;
  else
    delete from camera_favourite where operator_id = actor.id and camera_id = which;
  end if;
end $$;
