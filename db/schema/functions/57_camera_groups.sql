-- 轮巡组: a person's own, or the district's, which its supervisors keep.

-- The group as it is locked, or why the actor may not change it. Another person's group is answered as one that does not exist.
create or replace function cc.own_camera_group(which int, expected int, actor cc.operator) returns cc.camera_group
language plpgsql set search_path = cc, pg_temp as $$
declare g camera_group;
begin
  select * into g from camera_group where id = which and (owner_id = actor.id or owner_id is null and district_id = any(my_homes()));
  if g.id is not null and g.owner_id is null then perform need_camera_keeper(g.district_id); end if;
  select * into g from camera_group where id = g.id and district_id = g.district_id for update;
  perform need(g.id is not null, 'CC404', '没有这个轮巡组');
  perform need(g.version = expected, 'CC409', '轮巡组已被他人修改，请看最新内容');
  return g;
end $$;

create or replace function cc.need_camera_keeper(district int) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(exists (select from duty d where d.operator_id = (me()).id and d.role = 'supervisor' and above(d.org_id, district)),
               'CC403', '只有值班长可以管理全区的轮巡组');
end $$;

create or replace function cc.check_camera_group(args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text; which jsonb;
begin
  perform need(jsonb_typeof(args) is not distinct from 'object', 'CC422', '参数格式不对');
  for k in select jsonb_object_keys(args) loop
    perform need(k in ('id','version','name','dwell_s','cameras','shared'), 'CC422', '不接受此项：' || left(k, 40), left(k, 40));
  end loop;
  perform need(coalesce(length(btrim(args->>'name')), 0) between 1 and 40, 'CC422', '名称须为 1 至 40 个字', 'name');
  perform need(coalesce(arg_int(args, 'dwell_s'), 0) between 5 and 3600, 'CC422', '停留时间须为 5 至 3600 秒', 'dwell_s');
  perform need(jsonb_typeof(coalesce(args->'shared', 'false')) = 'boolean', 'CC422', '参数格式不对', 'shared');
  perform need(jsonb_typeof(args->'cameras') is not distinct from 'array', 'CC422', '参数格式不对', 'cameras');
  perform need(jsonb_array_length(args->'cameras') between 1 and 200, 'CC422', '轮巡组须有 1 至 200 个摄像机', 'cameras');
  for which in select * from jsonb_array_elements(args->'cameras') loop
    perform seen_camera(arg_int(jsonb_build_object('cameras', which), 'cameras'));
  end loop;
  perform need((select count(distinct x) from jsonb_array_elements(args->'cameras') x) = jsonb_array_length(args->'cameras'),
               'CC422', '同一摄像机不能重复', 'cameras');
end $$;

create or replace function cc.new_camera_group(args jsonb, actor cc.operator) returns cc.camera_group
language plpgsql set search_path = cc, pg_temp as $$
declare g camera_group; whole boolean := coalesce((args->>'shared')::boolean, false);
begin
  if whole then perform need_camera_keeper(actor.district_id); end if;
  perform need((select count(*) from camera_group where owner_id is not distinct from case when whole then null else actor.id end
                 and district_id = actor.district_id) < 50, 'CC422', '轮巡组已满 50 个，请先删除不用的');
  insert into camera_group (district_id, name, dwell_s, owner_id)
  values (actor.district_id, btrim(args->>'name'), arg_int(args, 'dwell_s'), case when whole then null else actor.id end) returning * into g;
  return g;
end $$;

-- args: name, dwell_s, cameras [ids]; of a new one [shared]; of one that stands id, version.
create or replace function cc.save_camera_group(command uuid, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); g camera_group; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  perform check_camera_group(args);
  begin
    if coalesce(arg_int(args, 'id'), 0) = 0 then
      g := new_camera_group(args, actor);
    else
      g := own_camera_group(arg_int(args, 'id'), arg_int(args, 'version'), actor);
      update camera_group set name = btrim(args->>'name'), dwell_s = arg_int(args, 'dwell_s'), version = g.version + 1
       where id = g.id and district_id = g.district_id returning * into g;
    end if;
  exception when unique_violation then
    perform fail('CC422', '已有同名的轮巡组', '{"field": "name"}');
  end;
  delete from camera_group_member where group_id = g.id and district_id = g.district_id;
  insert into camera_group_member (district_id, group_id, position, camera_id)
  select g.district_id, g.id, x.n, x.which::int from jsonb_array_elements_text(args->'cameras') with ordinality x(which, n);
  return remember(command, actor, jsonb_build_object('camera_group', g.id, 'version', g.version, 'owner_id', g.owner_id));
end $$;

create or replace function cc.delete_camera_group(command uuid, which int, expected int) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); g camera_group; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  g := own_camera_group(which, expected, actor);
  delete from camera_group_member where group_id = g.id and district_id = g.district_id;
  delete from camera_group where id = g.id and district_id = g.district_id;
  return remember(command, actor, jsonb_build_object('camera_group', g.id));
end $$;
