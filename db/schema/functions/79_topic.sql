-- 专题 (每月一题): cases gathered under one campaign by supervisors, evaluators and street leaders; each gathers what he sees.

create or replace function cc.may_gather(actor cc.operator) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from duty d where d.operator_id = actor.id and d.role in ('supervisor','evaluator','street_leader')));
end $$;

-- As it is locked, still open, of one's own district and not of a version that somebody else has changed.
create or replace function cc.open_topic(which int, expected int, actor cc.operator) returns cc.topic
language plpgsql set search_path = cc, pg_temp as $$
declare k topic;
begin
  perform need(may_gather(actor), 'CC403', '专题由值班长、考评员和街道负责人管理');
  select * into k from topic where id = which and district_id = any(my_homes());
  perform need(k.id is not null, 'CC404', '没有这个专题，或它不在您的范围内');
  select * into k from topic where id = which and district_id = k.district_id for update;
  perform need(expected is null or k.version = expected, 'CC409', '专题已被他人修改，请看最新内容');
  perform need(k.closed_at is null, 'CC423', '专题已结束');
  return k;
end $$;

create or replace function cc.topic_answer(k cc.topic) returns jsonb
language sql immutable set search_path = cc, pg_temp as $$
  select jsonb_build_object('topic', k.id, 'version', k.version)
$$;

-- In the district of the cases, which must be one; else in one's own.
create or replace function cc.begin_topic(command uuid, title text, of_month date default null, cases_in bigint[] default '{}') returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); k topic; homes int[]; c bigint;
begin
  if done is not null then return done; end if;
  perform need(may_gather(actor), 'CC403', '专题由值班长、考评员和街道负责人管理');
  perform need(coalesce(length(btrim(title)), 0) between 1 and 40, 'CC422', '名称须为 1 至 40 个字', 'name');
  perform need(of_month is null or isfinite(of_month) and extract(day from of_month) = 1, 'CC422', '月份不对', 'month');
  perform need(coalesce(cardinality(cases_in), 0) <= 1000, 'CC422', '一次最多 1,000 件', 'cases');
  select array_agg(distinct x.district_id) into homes from unnest(cases_in) i(id) cross join lateral seen_case(i.id) x;
  perform need(coalesce(cardinality(homes), 0) <= 1, 'CC422', '案件分属不同区县，请分别建立专题', 'cases');
  begin
    insert into topic (district_id, name, month, began_at, began_by) values (coalesce(homes[1], actor.district_id), btrim(title), of_month, city_now(), actor.id)
    returning * into k;
  exception when unique_violation then
    perform fail('CC422', '已有同名的专题', '{"field": "name"}');
  end;
  foreach c in array coalesce(cases_in, '{}') loop
    perform put_in_topic(k, c, actor);
  end loop;
  return remember(command, actor, topic_answer(k));
end $$;

create or replace function cc.put_in_topic(k cc.topic, which bigint, actor cc.operator) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  perform need(c.district_id = k.district_id, 'CC422', '案件不属于专题所在的区县', 'cases');
  insert into topic_case (district_id, topic_id, case_id, added_at, added_by) values (k.district_id, k.id, c.id, city_now(), actor.id)
  on conflict (topic_id, case_id, district_id) do update set removed_at = null, removed_by = null;
end $$;

create or replace function cc.change_topic(command uuid, which int, added bigint[] default '{}', removed bigint[] default '{}') returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); k topic; c bigint;
begin
  if done is not null then return done; end if;
  k := open_topic(which, null, actor);
  perform need(coalesce(cardinality(added), 0) + coalesce(cardinality(removed), 0) between 1 and 1000, 'CC422', '一次 1 至 1,000 件', 'cases');
  foreach c in array coalesce(added, '{}') loop
    perform put_in_topic(k, c, actor);
  end loop;
  foreach c in array coalesce(removed, '{}') loop
    perform seen_case(c);
    update topic_case set removed_at = city_now(), removed_by = actor.id where topic_id = k.id and case_id = c and district_id = k.district_id and removed_at is null;
  end loop;
  update topic set version = k.version + 1 where id = k.id and district_id = k.district_id returning * into k;
  return remember(command, actor, topic_answer(k));
end $$;

create or replace function cc.rename_topic(command uuid, which int, expected int, title text, of_month date default null) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); k topic;
begin
  if done is not null then return done; end if;
  k := open_topic(which, expected, actor);
  perform need(coalesce(length(btrim(title)), 0) between 1 and 40, 'CC422', '名称须为 1 至 40 个字', 'name');
  perform need(of_month is null or isfinite(of_month) and extract(day from of_month) = 1, 'CC422', '月份不对', 'month');
  begin
    update topic set name = btrim(title), month = of_month, version = k.version + 1 where id = k.id and district_id = k.district_id returning * into k;
  exception when unique_violation then
    perform fail('CC422', '已有同名的专题', '{"field": "name"}');
  end;
  return remember(command, actor, topic_answer(k));
end $$;

create or replace function cc.close_topic(command uuid, which int, expected int) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); k topic;
begin
  if done is not null then return done; end if;
  k := open_topic(which, expected, actor);
  update topic set closed_at = city_now(), closed_by = actor.id, version = k.version + 1 where id = k.id and district_id = k.district_id returning * into k;
  return remember(command, actor, topic_answer(k));
end $$;

create or replace function cc.feed_topic() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  insert into feed (kind, entity_id, district_id) values ('topic', new.id, new.district_id);
  return null;
end $$;

do $$
begin
  create trigger feed_topic after insert or update on cc.topic for each row execute function cc.feed_topic();
end $$;
