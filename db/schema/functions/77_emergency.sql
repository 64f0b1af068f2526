-- 应急: a supervisor turns wall and desks of a district to one event. What it is about is told by case, whistle and place, never by free words:
-- the hall reads it. Words stand in its log, which the hall does not read.

-- The actor's role in whose name he leads an emergency there; null: he may not.
create or replace function cc.emergency_role(actor cc.operator, district int, street int, wanted text[]) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select d.role from duty d where d.operator_id = actor.id and d.role = any(wanted) and (above(d.org_id, district) or above(d.org_id, street))
     order by array_position(wanted, d.role) limit 1);
end $$;

create or replace function cc.new_emergency(args jsonb) returns cc.emergency
language plpgsql stable set search_path = cc, pg_temp as $$
declare e emergency; c cases; s summons; g grid; k text;
begin
  perform need(jsonb_typeof(args) is not distinct from 'object', 'CC422', '参数格式不对');
  for k in select jsonb_object_keys(args) loop
    perform need(k in ('case_id','summons_id','lon','lat'), 'CC422', '不接受此项：' || left(k, 40), left(k, 40));
  end loop;
  if args ? 'case_id' then
    c := seen_case(arg_int_big(args, 'case_id'));
    e.case_id := c.id; e.item_id := c.item_id; e.street_id := c.street_id; e.grid_id := c.grid_id; e.district_id := c.district_id; e.lon := c.lon; e.lat := c.lat;
  elsif args ? 'summons_id' then
    s := seen_summons(arg_int_big(args, 'summons_id'));
    e.summons_id := s.id; e.street_id := s.street_id; e.grid_id := s.grid_id; e.district_id := s.district_id; e.lon := s.lon; e.lat := s.lat;
  end if;
  e.lon := coalesce(arg_float(args, 'lon'), e.lon); e.lat := coalesce(arg_float(args, 'lat'), e.lat);
  if e.lon is null and e.grid_id is not null then
    select (center(circle(x.shape)))[0], (center(circle(x.shape)))[1] into e.lon, e.lat from grid x where x.id = e.grid_id and x.district_id = e.district_id;
  end if;
  perform need(e.lon between -180 and 180 and e.lat between -90 and 90, 'CC422', '这里没有经纬度，请在地图上选定地点后再启动应急', 'lon');
  if e.street_id is null then
    select x.* into g from grid x where x.kind in ('unit','basic') and (e.district_id is null or x.district_id = e.district_id) and x.shape @> point(e.lon, e.lat)
     order by x.kind = 'unit' desc, x.id limit 1;
    perform need(g.id is not null, 'CC422', '该地点不在本市任何网格内', 'lon');
    e.street_id := g.street_id; e.grid_id := g.id; e.district_id := g.district_id;
  end if;
  return e;
end $$;

create or replace function cc.log_emergency(e cc.emergency, actor cc.operator, as_role text, what text, said text, unit int, team text) returns cc.emergency
language plpgsql set search_path = cc, pg_temp as $$
begin
  update emergency set events = e.events + 1, version = e.version + 1 where id = e.id and district_id = e.district_id returning * into e;
  insert into emergency_event (district_id, emergency_id, seq, at, actor_id, actor_name, role, action, unit_id, team_state, words)
  values (e.district_id, e.id, e.events, city_now(), actor.id, actor.name, as_role, what, unit, team, coalesce(btrim(said), ''));
  return e;
end $$;

create or replace function cc.emergency_answer(e cc.emergency) returns jsonb
language sql immutable set search_path = cc, pg_temp as $$
  select jsonb_build_object('emergency', e.id, 'version', e.version, 'event', e.events)
$$;

-- args: case_id, or summons_id, or lon and lat. One at a time in a district.
create or replace function cc.begin_emergency(command uuid, args jsonb, said text default '') returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); e emergency; as_role text;
begin
  if done is not null then return done; end if;
  e := new_emergency(args);
  as_role := emergency_role(actor, e.district_id, e.street_id, '{supervisor}');
  perform need(as_role is not null, 'CC403', '只有该地的值班长可以启动应急');
  perform need(coalesce(length(said), 0) <= 500, 'CC422', '说明最多 500 字', 'words');
  begin
    insert into emergency (district_id, case_id, summons_id, item_id, street_id, grid_id, lon, lat, began_at, began_by)
    values (e.district_id, e.case_id, e.summons_id, e.item_id, e.street_id, e.grid_id, e.lon, e.lat, city_now(), actor.id) returning * into e;
  exception when unique_violation then
    perform fail('CC409', '已有进行中的应急，请先结束它');
  end;
  e := log_emergency(e, actor, as_role, 'begin', said, null, null);
  return remember(command, actor, emergency_answer(e));
end $$;

-- As it is locked, still going on. Seen by everybody of the district before it is locked.
create or replace function cc.running_emergency(which int) returns cc.emergency
language plpgsql set search_path = cc, pg_temp as $$
declare e emergency;
begin
  select * into e from emergency where id = which and district_id = any(my_homes());
  perform need(e.id is not null, 'CC404', '没有这次应急，或它不在您的范围内');
  select * into e from emergency where id = which and district_id = e.district_id for update;
  perform need(e.ended_at is null, 'CC423', '这次应急已经结束');
  return e;
end $$;

-- A decision (said), or where a unit's team is: a handler tells of his own unit only.
create or replace function cc.note_emergency(command uuid, which int, said text default '', unit int default null, team text default null) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); e emergency; as_role text; lead text[] := '{supervisor,dispatcher,street_leader}';
begin
  if done is not null then return done; end if;
  e := running_emergency(which);
  as_role := emergency_role(actor, e.district_id, e.street_id, lead);
  if as_role is null and unit is not null then
    as_role := (select d.role from duty d where d.operator_id = actor.id and d.role = 'handler' and above(d.org_id, unit) limit 1);
    perform need(team is distinct from 'called', 'CC403', '调派队伍由值班长、派遣员或街道负责人决定');
  end if;
  perform need(as_role is not null, 'CC403', '您的岗位不记录这次应急');
  perform need(coalesce(length(said), 0) <= 500, 'CC422', '最多 500 字', 'words');
  perform need((unit is null) = (team is null), 'CC422', '请指明单位和队伍状态', 'unit_id');
  perform need(unit is not null or coalesce(btrim(said), '') <> '', 'CC422', '请写明决定的内容', 'words');
  perform need(team is null or team in ('called','on_way','arrived','left'), 'CC422', '队伍状态不对', 'team_state');
  perform need(unit is null or exists (select from org o where o.id = unit and o.active and o.kind in ('department','agency','section','utility','enterprise','street','community')
    and o.district_id in (e.district_id, shared(e.district_id))), 'CC422', '没有这个单位，或它不属于本区', 'unit_id');
  e := log_emergency(e, actor, as_role, case when unit is null then 'decide' else 'team' end, said, unit, team);
  return remember(command, actor, emergency_answer(e));
end $$;

create or replace function cc.end_emergency(command uuid, which int, said text default '') returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); e emergency; as_role text;
begin
  if done is not null then return done; end if;
  e := running_emergency(which);
  as_role := emergency_role(actor, e.district_id, e.street_id, '{supervisor}');
  perform need(as_role is not null, 'CC403', '只有该地的值班长可以结束应急');
  perform need(coalesce(length(said), 0) <= 500, 'CC422', '说明最多 500 字', 'words');
  e := log_emergency(e, actor, as_role, 'end', said, null, null);
  update emergency set ended_at = city_now(), ended_by = actor.id where id = e.id and district_id = e.district_id returning * into e;
  return remember(command, actor, emergency_answer(e));
end $$;

-- Its log; names and words for those who read words. The hall sees who is on the way and that something was decided.
create or replace function cc.emergency_log(which int) returns table (seq int, at double precision, actor_name text, role text, action text, unit_id int, team_state text, words text)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare e emergency; readable boolean := reads_text();
begin
  select * into e from emergency x where x.id = which and x.district_id = any(my_homes());
  perform need(e.id is not null and not has_role('{gateway}'), 'CC404', '没有这次应急，或它不在您的范围内');
  return query
  select v.seq, extract(epoch from v.at)::float8, case when readable then v.actor_name else '' end, v.role, v.action, v.unit_id, v.team_state,
         case when readable then v.words else '' end
    from emergency_event v where v.emergency_id = e.id and v.district_id = e.district_id order by v.seq;
end $$;

create or replace function cc.feed_emergency() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  insert into feed (kind, entity_id, district_id, street_id) values ('emergency', new.id, new.district_id, new.street_id);
  return null;
end $$;

do $$
begin
  create trigger feed_emergency after insert or update on cc.emergency for each row execute function cc.feed_emergency();
  create trigger append_only before update or delete on cc.emergency_event for each row execute function cc.never();
end $$;
