-- 地图: how many workers are out, where one has been, and whose number one may look at.

-- The same rule as the policy on worker_position, for use inside definer functions.
create or replace function cc.sees_place(district int, street int, community int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare areas int[] := my_areas();
begin
  return coalesce(district = any(my_districts()) or street = any(areas) or community = any(areas), false);
end $$;

-- A worker's track for whoever may follow him: his street's head, dispatchers, supervisors, evaluators; himself. Thinned evenly to 5,000 points.
create or replace function cc.worker_track(worker int, since timestamptz, until timestamptz) returns table (lon double precision, lat double precision, at timestamptz)
language plpgsql stable security definer set search_path = cc, pg_temp set plan_cache_mode = force_custom_plan as $$
declare actor operator := me(); m record;
begin
  select * into m from member_place(worker);
  if m.login_id is distinct from actor.id then
    perform need(m.district is not null and sees_place(m.district, m.street, m.community), 'CC404', '没有这位网格人员，或他不在您的范围内');
    perform need(stands_above(actor.id, '{supervisor,dispatcher,evaluator,street_leader}', m.district, m.street, m.community), 'CC403', '您的岗位不能查看巡查轨迹');
  end if;
  return query
  select k.lon, k.lat, k.at
    from (select t.*, row_number() over (order by t.at) - 1 as i, count(*) over () as n from patrol_track t
           where t.district_id = m.district and t.worker_id = worker and t.at >= since and t.at <= until and not t.noise) k
   where k.i % (1 + (k.n - 1) / 5000) = 0 order by k.at;
end $$;

-- Workers in sight: on duty (heard of within half an hour), patrolling (moved within ten minutes), and all of them (网格长 and 网格员 of grids). Where a
-- sample city's clock runs fast, within a minute of ours at least: phones do not report faster then.
create or replace function cc.workers_now() returns table (on_duty int, patrolling int, total int)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare districts int[] := my_districts(); areas int[] := my_areas(); t timestamptz := city_now(); fast double precision := (select speed from clock);
begin
  return query
  select (count(*) filter (where w.at > t - make_interval(secs => greatest(1800, 60 * fast))))::int,
         (count(*) filter (where w.at > t - make_interval(secs => greatest(1800, 60 * fast)) and w.moved_at > t - make_interval(secs => greatest(600, 60 * fast))))::int,
         (select count(*)::int from grid_team m join grid g on g.id = m.grid_id and g.district_id = m.district_id
           where m.role in ('leader','worker') and (g.district_id = any(districts) or g.street_id = any(areas) or g.community_id = any(areas)))
    from worker_position w
   where w.role in ('leader','worker') and (w.district_id = any(districts) or w.street_id = any(areas) or w.community_id = any(areas));
end $$;

-- ------------------------------------------------------------------ the phones of the grids' people
create or replace function cc.need_phone_of(actor int, member int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare m record; number text;
begin
  select * into m from member_place(member);
  perform need(m.district is not null and sees_place(m.district, m.street, m.community), 'CC404', '没有这位网格人员，或他不在您的范围内');
  perform need(stands_above(actor, '{acceptor,dispatcher,verifier,supervisor,street_leader,handler}', m.district, m.street, m.community),
               'CC403', '您的岗位不能查看网格人员的电话');
  select p.phone into number from grid_phone p where p.district_id = m.district and p.member_id = member;
  perform need(number is not null, 'CC404', '没有登记这位网格人员的电话');
  return number;
end $$;

-- As with reporters, a look takes two transactions: the first records who wants whose number and why, only a later one gives it.
create or replace function cc.ask_phone(member int, why text) returns bigint
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); look bigint;
begin
  perform need(coalesce(length(btrim(why)), 0) >= 4, 'CC422', '请填写查看理由（至少 4 个字）', 'reason');
  perform need_phone_of(actor.id, member);
  insert into phone_look (district_id, actor_id, member_id, reason)
  select m.district_id, actor.id, m.id, left(why, 200) from grid_team m where m.id = member returning id into look;
  return look;
end $$;

create or replace function cc.reveal_phone(look bigint) returns text
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); l phone_look;
begin
  select * into l from phone_look k where k.id = look and k.actor_id = actor.id and k.at > clock_timestamp() - interval '2 minutes';
  perform need(l.id is not null, 'CC404', '没有这次查看登记，或它已过期');
  perform need(l.xid is distinct from pg_current_xact_id_if_assigned(), 'CC422', '须先提交查看登记');
  return need_phone_of(actor.id, l.member_id);
end $$;

create or replace function cc.phone_look_digest(l cc.phone_look) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('phone_look', l.district_id, l.id, extract(epoch from l.at), l.actor_id, l.actor_login,
    l.member_id, l.reason, l.xid::text)::text, 'UTF8')), 'hex')
$$;
