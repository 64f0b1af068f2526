-- What whistles, joint orders, meetings and tasks have in common: who may do what by the workflow data (jw_*), arguments, numbers,
-- the append-only log, the feed. The doors are in 47_summons.sql, 48_lane.sql, 49_meeting.sql.

-- Whether who has a duty there speaks for one of these units: a department for what is below it, a district or a city for none of its departments.
create or replace function cc.answers_for(duty_org int, units int[]) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return exists (
    select from org_closure oc join org a on a.id = oc.ancestor_id
     where oc.ancestor_id = duty_org and oc.descendant_id = any(units) and oc.via = 'line' and (oc.depth = 0 or a.kind not in ('city','district')));
end $$;

create or replace function cc.joint_reaches(duty_org int, reach text, s cc.joint_scope) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select case reach
      when 'territory' then above(duty_org, s.district_id) or above(duty_org, s.street_id) or above(duty_org, s.community_id)
      when 'caller' then above(duty_org, s.caller_id)
      when 'issuer' then above(duty_org, s.caller_id)
      when 'lead' then above(duty_org, s.lead_id)
      else reach in ('party','attendee','unit') and answers_for(duty_org, s.unit_ids) end);
end $$;

-- The same rule as the policies on summons, meeting and task, for definer functions.
create or replace function cc.sees_joint(s cc.joint_scope) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare who int := (select id from operator where login = session_user and active);
begin
  return (
    select exists (
      select from org_closure oc join duty d on d.org_id = oc.ancestor_id join org a on a.id = d.org_id
      where d.operator_id = who and oc.via = 'line'
        and (d.role not in ('admin','gateway') and a.kind in ('city','district') and oc.descendant_id = s.district_id
          or d.role not in ('admin','gateway') and a.kind in ('street','community')
            and (oc.descendant_id in (s.street_id, s.community_id) or oc.descendant_id = any(s.seen_by))
          or d.role = 'handler' and oc.descendant_id = any(s.seen_by))));
end $$;

create or replace function cc.joint_role(of_machine text, a text, in_state text, s cc.joint_scope, actor int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select d.role from duty d join jw_rule r on r.role = d.role
    where d.operator_id = actor and r.machine = of_machine and r.action = a and r.from_state = in_state and joint_reaches(d.org_id, r.reach, s)
    order by d.role = 'supervisor', d.role limit 1);
end $$;

-- The action's row, or CC422.
create or replace function cc.joint_action(of_machine text, a text) returns cc.jw_action
language plpgsql stable set search_path = cc, pg_temp as $$
declare found_one jw_action;
begin
  select * into found_one from jw_action where machine = of_machine and code = a;
  perform need(found_one.code is not null, 'CC422', '没有这个操作');
  return found_one;
end $$;

-- The role by which the actor may, or why not: CC423 when nobody may in this state, CC403 otherwise.
create or replace function cc.joint_allowed(a cc.jw_action, in_state text, s cc.joint_scope, actor int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare found_role text := joint_role(a.machine, a.code, in_state, s, actor);
begin
  if found_role is not null then return found_role; end if;
  if not exists (select from jw_rule where machine = a.machine and action = a.code and from_state = in_state) then
    perform fail('CC423', format('%s，不能%s', coalesce((select label from jw_state where machine = a.machine and code = in_state), in_state), a.label),
                 jsonb_build_object('state', in_state, 'action', a.code));
  end if;
  perform fail('CC403', format('您的岗位或范围不能%s', a.label), jsonb_build_object('action', a.code));
end $$;

create or replace function cc.joint_check_args(a cc.jw_action, args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text;
begin
  if jsonb_typeof(args) is distinct from 'object' then perform fail('CC422', '参数格式不对'); end if;
  for k in select jsonb_object_keys(args) loop
    if not (k = any(a.required) or k = any(a.optional)) then
      perform fail('CC422', '该操作不接受此项：' || left(k, 40), jsonb_build_object('field', left(k, 40)));
    end if;
    if jsonb_typeof(args->k) in ('object','array') or length(args->>k) > 4000 then
      perform fail('CC422', '内容过长或格式不对', jsonb_build_object('field', k));
    end if;
    if exists (select from jw_choice c where c.machine = a.machine and c.field = k)
       and not exists (select from jw_choice c where c.machine = a.machine and c.field = k and c.value = args->>k) then
      perform fail('CC422', '取值不在可选范围内', jsonb_build_object('field', k));
    end if;
  end loop;
  foreach k in array a.required loop
    if coalesce(args->>k, '') !~ '[^[:space:]]' then
      perform fail('CC422', '请填写必填项', jsonb_build_object('field', k));
    end if;
  end loop;
end $$;

-- Words of a matter, 1 to `most` characters; short ones are a single line. Without the marks that turn the direction of writing: what a
-- title says must be what it shows.
create or replace function cc.joint_words(args jsonb, k text, most int, needed boolean default true) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare words text := regexp_replace(coalesce(args->>k, ''), '[\u200e\u200f\u202a-\u202e\u2066-\u2069]', '', 'g');
begin
  if most <= 200 then words := regexp_replace(words, '\s+', ' ', 'g'); end if;
  words := btrim(words, E' \t\r\n　');
  perform need(not needed or words <> '', 'CC422', '请填写必填项', k);
  perform need(length(words) <= most, 'CC422', '内容过长', k);
  return words;
end $$;

-- A whole number of an argument between two bounds; null when it is not given.
create or replace function cc.joint_count(args jsonb, k text, least_of int, most int) returns int
language plpgsql immutable set search_path = cc, pg_temp as $$
declare n int := arg_int(args, k);
begin
  perform need(n is null or n between least_of and most, 'CC422', format('须为 %s 至 %s 的整数', least_of, most), k);
  return n;
end $$;

create or replace function cc.joint_number(prefix text, t timestamptz, out id bigint, out no text)
language plpgsql set search_path = cc, pg_temp as $$
declare number bigint := nextval('joint_number');
begin
  id := case_id_at(t, number);
  no := format('%s-%s-%s', prefix, to_char(t at time zone 'Asia/Shanghai', 'YYYYMMDD'), lpad(number::text, greatest(4, length(number::text)), '0'));
end $$;

-- Appends to the log; the caller has raised `events` to seq and saved the matter before.
create or replace function cc.joint_log(of_entity text, district int, which bigint, seq int, actor cc.operator, using_role text, a text,
                                        from_state text, to_state text, party int, unit int, what jsonb, t timestamptz) returns void
language sql set search_path = cc, pg_temp as $$
  insert into joint_event (district_id, entity, entity_id, seq, at, actor_id, actor_login, actor_name, role, action, from_state, to_state, party_no, unit_id, what)
  values (district, of_entity, which, seq, t, actor.id, coalesce(actor.login, 'duty'), coalesce(actor.name, '值守任务'), using_role, a,
          coalesce(from_state, ''), to_state, party, unit, what)
$$;

-- Who made the version that stands, of the whole or of a lane: the winner whom a loser is told about. What leaves the version is passed over.
create or replace function cc.joint_last_deed(of_entity text, which bigint, party int) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare of_machine text := case when party is not null then 'party' when of_entity = 'summons' then (select s.kind from summons s where s.id = which) else of_entity end;
begin
  return (
    select jsonb_build_object('who', e.actor_name, 'login', e.actor_login, 'at', e.recorded_at, 'action', e.action, 'label', a.label)
    from joint_event e left join jw_action a on a.machine = of_machine and a.code = e.action
    where e.entity = of_entity and e.entity_id = which and (of_entity <> 'summons' or e.party_no is not distinct from party)
      and (not a.keeps_version or e.action in ('progress','all_rated','raise_by_clock','overdue','revoke'))
    order by e.seq desc limit 1);
end $$;

create or replace function cc.joint_check_version(a cc.jw_action, present int, expected int, of_entity text, which bigint, party int) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not a.keeps_version and present is distinct from expected then
    perform fail('CC409', '已被他人处理，请看最新状态', coalesce(joint_last_deed(of_entity, which, party), '{}'));
  end if;
end $$;
