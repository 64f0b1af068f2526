-- 投屏: a supervisor's seat shows something on a wall of the hall and takes it back. A wall says that it is there; what is pushed to it is a
-- kind and an id, which the wall reads under its own login: no words and no names travel.

-- What a wall shows now; nothing after its end, or when it was taken back. Who pushed it is told to those who read words.
create or replace function cc.wall_shows(w cc.wall) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare p wall_push;
begin
  select * into p from wall_push x where x.id = w.push_id and x.district_id = w.district_id and x.action = 'push' and (x.until is null or x.until > city_now());
  if p.id is null then return null; end if;
  return jsonb_build_object('kind', p.kind, 'entity_id', p.entity_id, 'scene', coalesce(p.scene, ''), 'at', extract(epoch from p.at), 'until', extract(epoch from p.until),
    'by', case when reads_text() then coalesce((select o.name from operator o where o.id = p.actor_id), '') else '' end);
end $$;

create or replace function cc.wall_seen_s(w cc.wall) returns double precision
language sql stable set search_path = cc, pg_temp as $$
  select greatest(0, extract(epoch from clock_timestamp() - w.seen_at))::float8
$$;

create or replace function cc.wall_answer(w cc.wall) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return jsonb_build_object('id', w.id, 'name', w.name, 'org_id', w.org_id, 'seen_s', wall_seen_s(w), 'alive', wall_seen_s(w) < 90, 'push', wall_shows(w));
end $$;

-- Told where the wall stands; of a wall of the whole city in one of its districts, for nobody else's rows reach the city's own people.
create or replace function cc.tell_wall(w cc.wall) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare o org;
begin
  select * into o from org where id = w.org_id;
  insert into feed (kind, entity_id, district_id, street_id, community_id)
  select 'wall', w.id, coalesce((select min(g.id) from org_closure oc join org g on g.id = oc.descendant_id and g.kind = 'district'
                                  where o.kind = 'city' and oc.ancestor_id = o.id and oc.via = 'line'), o.district_id),
         case o.kind when 'street' then o.id when 'community' then o.parent_id end, case o.kind when 'community' then o.id end;
end $$;

-- A wall of the caller's territory is there, under this name; what is pushed to it. Told to the seats when it was not there before.
create or replace function cc.wall_announce(wall_name text) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); o org; w wall; was timestamptz; called text := btrim(coalesce(wall_name, ''));
begin
  select g.* into o from duty d join org g on g.id = d.org_id
   where d.operator_id = actor.id and d.role in ('screen','supervisor') and g.kind in ('city','district','street','community')
   order by d.role = 'screen' desc, g.id limit 1;
  perform need(o.id is not null, 'CC403', '只有大屏或值班长的账号可以运行大屏');
  perform need(length(called) between 1 and 40 and called !~ '[[:cntrl:]]', 'CC422', '大屏名称须为 1 至 40 个字', 'name');
  select * into w from wall where district_id = o.district_id and org_id = o.id and name = called for update;
  if w.id is null then
    perform need((select count(*) from wall where district_id = o.district_id and org_id = o.id) < 50, 'CC422', '大屏已满 50 块，请让管理员清理不用的');
    insert into wall (district_id, org_id, name, operator_id) values (o.district_id, o.id, called, actor.id)
    on conflict (district_id, org_id, name) do update set seen_at = clock_timestamp() returning * into w;
    perform tell_wall(w);
  else
    was := w.seen_at;
    update wall set seen_at = clock_timestamp(), operator_id = actor.id where id = w.id and district_id = w.district_id returning * into w;
    if was < clock_timestamp() - interval '90 s' then perform tell_wall(w); end if;
  end if;
  return wall_answer(w);
end $$;

-- Walls that the caller's duties as screen or supervisor stand above, those alive first.
create or replace function cc.walls() returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare actor operator := me();
begin
  return (
    select coalesce(jsonb_agg(wall_answer(w) order by wall_seen_s(w) >= 90, w.name, w.id), '[]') from wall w
     where exists (select from duty d where d.operator_id = actor.id and d.role in ('screen','supervisor') and above(d.org_id, w.org_id)));
end $$;

-- The wall, locked, if the actor may push to it: a supervisor above whose territory it shows.
create or replace function cc.wall_for_push(which int, actor cc.operator) returns cc.wall
language plpgsql set search_path = cc, pg_temp as $$
declare w wall;
begin
  perform need(exists (select from duty d where d.operator_id = actor.id and d.role = 'supervisor'), 'CC403', '只有值班长可以投屏');
  select * into w from wall where id = which;
  perform need(w.id is not null and exists (select from duty d where d.operator_id = actor.id and d.role = 'supervisor' and above(d.org_id, w.org_id)),
               'CC404', '没有这块大屏，或它不在您的范围内');
  select * into w from wall where id = which and district_id = w.district_id for update;
  return w;
end $$;

-- Both must see it: the actor, and the wall, whose login sees its own territory. What it may not show is said here, not discovered in the hall.
create or replace function cc.need_showable(w cc.wall, kind text, entity bigint, scene text) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare c cases; s summons; m camera; plan jsonb;
begin
  perform need(kind in ('case','summons','camera','street','scene'), 'CC422', '可以投案件、吹哨、视频、街道或场景', 'kind');
  perform need((kind = 'scene') = (coalesce(scene, '') <> '') and (kind = 'scene') = (entity is null), 'CC422', '请指明要投的内容', 'entity_id');
  case kind
  when 'case' then
    c := seen_case(entity);
    perform need(above(w.org_id, c.district_id) or above(w.org_id, c.street_id) or above(w.org_id, c.community_id), 'CC422', '该案件不在这块大屏的辖区内', 'entity_id');
  when 'summons' then
    s := seen_summons(entity);
    perform need(above(w.org_id, s.district_id) or above(w.org_id, s.street_id) or above(w.org_id, s.community_id), 'CC422', '该吹哨不在这块大屏的辖区内', 'entity_id');
  when 'camera' then
    perform need(entity between 1 and 2147483647, 'CC404', '没有这个摄像机，或它不在您的范围内');
    m := seen_camera(entity::int);
    perform need_viewable(m);
    perform need(above(w.org_id, m.district_id) or above(w.org_id, m.street_id) or above(w.org_id, m.community_id), 'CC422', '该摄像机不在这块大屏的辖区内', 'entity_id');
    perform need('screen:territory' = any(coalesce(m.view, (select k.view from camera_category k where k.district_id = shared(m.district_id) and k.code = m.category))),
                 'CC422', '大屏的岗位无权查看该摄像机，不能投屏', 'entity_id');
  when 'street' then
    perform need(exists (select from org o where o.id = entity and o.kind = 'street' and o.active and above(w.org_id, o.id)), 'CC422', '该街道不在这块大屏的辖区内', 'entity_id');
  else
    select p.plan into plan from wall_plan p where p.district_id = shared(w.district_id);
    perform need(case when plan is null then scene ~ '^[a-z][a-z0-9_]{0,39}$' else plan->'scenes' @> jsonb_build_array(jsonb_build_object('code', scene)) end,
                 'CC422', '没有这个场景', 'scene');
  end case;
end $$;

create or replace function cc.log_push(w cc.wall, actor cc.operator, deed text, kind text, entity bigint, scene text, until timestamptz) returns bigint
language plpgsql set search_path = cc, pg_temp as $$
declare number bigint;
begin
  insert into wall_push (district_id, wall_id, action, kind, entity_id, scene, until, at, actor_id)
  values (w.district_id, w.id, deed, kind, entity, nullif(scene, ''), until, city_now(), actor.id) returning id into number;
  update wall set push_id = number where id = w.id and district_id = w.district_id;
  perform tell_wall(w);
  return number;
end $$;

create or replace function cc.push_to_wall(command uuid, which int, kind text, entity bigint default null, scene text default null, until timestamptz default null) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); w wall; t timestamptz := city_now();
begin
  if done is not null then return done; end if;
  w := wall_for_push(which, actor);
  perform need(wall_seen_s(w) < 90, 'CC423', '这块大屏没有在运行，请先启动它');
  perform need(until is null or until > t and until <= t + interval '7 days', 'CC422', '结束时间须在现在之后、七天之内', 'until');
  perform need_showable(w, kind, entity, scene);
  return remember(command, actor, jsonb_build_object('wall', w.id, 'push', log_push(w, actor, 'push', kind, entity, scene, until)));
end $$;

create or replace function cc.take_back(command uuid, which int) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); w wall;
begin
  if done is not null then return done; end if;
  w := wall_for_push(which, actor);
  perform need(wall_shows(w) is not null, 'CC423', '这块大屏上没有投屏的内容');
  return remember(command, actor, jsonb_build_object('wall', w.id, 'push', log_push(w, actor, 'take_back', null, null, null, null)));
end $$;
