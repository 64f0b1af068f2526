-- 拟哨, 拟令: what a draft must say, who calls and whom, and the door that opens it.

create or replace function cc.check_summons_args(of_kind text, args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text;
begin
  perform need(of_kind in ('whistle','order'), 'CC422', '召集类别不对', 'kind');
  perform need(jsonb_typeof(args) = 'object', 'CC422', '参数格式不对');
  for k in select jsonb_object_keys(args) loop
    perform need(k in ('caller_id','caller_kind','grid_id','scope','scenario','level','title','reason','place','lon','lat','meet_at','ends_at','cases','parties',
                       'checks','from_id'), 'CC422', '不接受此项：' || left(k, 40), left(k, 40));
    perform need(jsonb_typeof(args->k) = case when k in ('cases','parties','checks') then 'array' else jsonb_typeof(args->k) end
                 and (k in ('cases','parties','checks') or jsonb_typeof(args->k) not in ('object','array')), 'CC422', '参数格式不对', k);
    perform need(length(args->>k) <= 8000, 'CC422', '内容过长', k);
  end loop;
  perform need(jsonb_array_length(coalesce(args->'parties', '[]')) <= 60 and jsonb_array_length(coalesce(args->'cases', '[]')) <= 100
               and jsonb_array_length(coalesce(args->'checks', '[]')) <= 60, 'CC422', '单位、案件或清单项过多');
  perform need(of_kind = 'order' or (not args ? 'ends_at' and jsonb_array_length(coalesce(args->'checks', '[]')) = 0), 'CC422', '吹哨单没有结束时间和清单');
end $$;

-- Who calls, and the ground it stands on: a grid calls through its community or street, a district anywhere in it.
create or replace function cc.caller_of_summons(s cc.summons, args jsonb) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare o org; g grid;
begin
  select * into o from org where id = arg_int(args, 'caller_id') and active and kind in ('community','street','district');
  perform need(o.id is not null, 'CC422', '没有这个召集单位', 'caller_id');
  s.district_id := o.district_id; s.caller_id := o.id; s.caller_kind := coalesce(nullif(args->>'caller_kind', ''), o.kind);
  perform need(s.caller_kind = o.kind or (s.caller_kind = 'grid' and o.kind <> 'district'), 'CC422', '召集层级不对', 'caller_kind');
  perform need(s.kind = 'whistle' or o.kind = 'district', 'CC422', '联合执法令由区县发出', 'caller_id');
  select * into g from grid where district_id = o.district_id and id = arg_int(args, 'grid_id');
  perform need(g.id is not null or not args ? 'grid_id', 'CC422', '没有这个网格', 'grid_id');
  perform need(g.id is not null or s.caller_kind <> 'grid', 'CC422', '请选择网格', 'grid_id');
  perform need(g.id is null or o.kind = 'district' or o.id in (g.street_id, g.community_id), 'CC422', '该网格不在召集单位辖区内', 'grid_id');
  s.grid_id := g.id;
  s.street_id := case o.kind when 'street' then o.id when 'community' then o.parent_id else g.street_id end;
  s.community_id := case o.kind when 'community' then o.id else g.community_id end;
  return s;
end $$;

create or replace function cc.occasion_of_summons(s cc.summons, args jsonb) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare o whistle_scenario; wanted text := coalesce(nullif(args->>'level', ''), 'normal');
begin
  select * into o from whistle_scenario where district_id = shared(s.district_id) and code = args->>'scenario';
  perform need(o.code is not null or coalesce(args->>'scenario', '') = '', 'CC422', '没有这个吹哨场景', 'scenario');
  s.scenario := o.code; s.scope := coalesce(nullif(args->>'scope', ''), o.scope);
  perform need(s.scope in ('综合执法','重点工作','应急处置','兜底责任'), 'CC422', '请选择吹哨类别', 'scope');
  perform need(o.code is null or o.scope = s.scope, 'CC422', '该场景不属于这一类别', 'scenario');
  return at_level(s, wanted);
end $$;

create or replace function cc.place_of_summons(s cc.summons, args jsonb, t timestamptz) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform guard_place(args);
  s.lon := arg_float(args, 'lon'); s.lat := arg_float(args, 'lat');
  s.meet_at := arg_instant(args, 'meet_at'); s.ends_at := arg_instant(args, 'ends_at');
  perform guard_meet(s, args, t);
  perform guard_ends(s, args, t);
  return s;
end $$;

create or replace function cc.new_summons(of_kind text, args jsonb, actor cc.operator, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare s summons;
begin
  s.kind := of_kind;
  s := caller_of_summons(s, args);
  perform rules_of(s.district_id);
  perform need(exists (select from whistle_caller c where c.district_id = shared(s.district_id) and c.kind = s.caller_kind), 'CC422',
               '部署方案不允许这一层级召集', 'caller_kind');
  s := place_of_summons(occasion_of_summons(s, args), args, t);
  select n.id, n.no into s.id, s.no from joint_number(case of_kind when 'whistle' then 'CS' else 'LH' end, t) n;
  s.version := 1; s.events := 0; s.state := 'draft'; s.open := true; s.unit_ids := '{}'; s.ruled := false; s.missing := '{}';
  s.unticked := jsonb_array_length(coalesce(args->'checks', '[]'));
  s.drafted_by := actor.id; s.drafted_at := t; s.changed_at := t;
  return s;
end $$;

-- The whistle an order comes from must be seen, and lie in the district.
create or replace function cc.origin_of(s cc.summons, args jsonb) returns bigint
language plpgsql stable set search_path = cc, pg_temp as $$
declare o summons;
begin
  if not args ? 'from_id' then return null; end if;
  select * into o from summons where id = arg_int_big(args, 'from_id') and district_id = s.district_id;
  perform need(o.id is not null and sees_joint(scope_of_summons(o)), 'CC422', '没有这份吹哨单', 'from_id');
  return o.id;
end $$;

create or replace function cc.add_cases(s cc.summons, listed jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare e jsonb; c cases;
begin
  for e in select * from jsonb_array_elements(coalesce(listed, '[]')) loop
    select * into c from cases where id = arg_int_big(jsonb_build_object('cases', e), 'cases') and district_id = s.district_id;
    perform need(c.id is not null and sees(c), 'CC422', '没有这个案件，或它不在您的范围内', 'cases');
    insert into summons_case values (s.district_id, s.id, c.id) on conflict do nothing;
  end loop;
end $$;

create or replace function cc.add_checks(s cc.summons, listed jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare e jsonb; i int := 0;
begin
  for e in select * from jsonb_array_elements(coalesce(listed, '[]')) loop
    i := i + 1;
    insert into summons_check (district_id, summons_id, no, text) values (s.district_id, s.id, i, joint_words(jsonb_build_object('checks', e), 'checks', 200));
  end loop;
end $$;

-- Exactly one leads: whoever is named, otherwise the first.
create or replace function cc.add_parties(s cc.summons, listed jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare e jsonb; unit int; leads bigint := (select count(*) from jsonb_array_elements(coalesce(listed, '[]')) x where x->>'lead' = 'true');
begin
  perform need(leads <= 1, 'CC422', '只能有一个牵头单位', 'parties');
  for e in select * from jsonb_array_elements(coalesce(listed, '[]')) loop
    perform need(jsonb_typeof(e) = 'object', 'CC422', '参数格式不对', 'parties');
    unit := arg_int(e, 'unit_id');
    perform guard_call(s, unit);
    perform add_lane(s, unit, joint_count(e, 'heads', 1, 999), coalesce(e->>'lead' = 'true', false) or (leads = 0 and not exists (
      select from summons_party p where p.summons_id = s.id and p.district_id = s.district_id)));
  end loop;
end $$;

create or replace function cc.write_draft(s cc.summons, args jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into summons select s.*;
  insert into summons_detail (district_id, summons_id, title, reason, place)
  values (s.district_id, s.id, joint_words(args, 'title', 100), joint_words(args, 'reason', 2000, false), joint_words(args, 'place', 200, false));
  perform add_cases(s, args->'cases');
  perform add_checks(s, args->'checks');
  perform add_parties(s, args->'parties');
end $$;

-- A whistle of a caller whose head need not sign goes out at once; an order always waits for its supervisor.
create or replace function cc.issues_itself(s cc.summons) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return s.kind = 'whistle' and (select not c.signed from whistle_caller c where c.district_id = shared(s.district_id) and c.kind = s.caller_kind);
end $$;

-- args: caller_id, scope, title, [caller_kind, grid_id, scenario, level, reason, place, lon, lat, meet_at, ends_at, cases: [id], parties: [{unit_id, heads, lead}],
-- checks: [text], from_id]
create or replace function cc.open_summons(command uuid, of_kind text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); s summons; using_role text; done jsonb := claim(command); t timestamptz := city_now();
begin
  if done is not null then return done; end if;
  args := jsonb_strip_nulls(args);
  perform check_summons_args(of_kind, args);
  s := new_summons(of_kind, args, actor, t);
  using_role := joint_allowed(joint_action(of_kind, 'draft'), '', scope_of_summons(s), actor.id);
  s.from_id := origin_of(s, args);
  perform write_draft(s, args);
  s := log_summons(s, actor, using_role, 'draft', '', args - '{parties,reason}'::text[], t);
  if issues_itself(s) then
    perform guard_summons('has_parties', s, args, actor, using_role, t);
    s := issue_summons(s, t);
    s.state := 'issued';
    s := call_lanes(log_summons(s, actor, using_role, 'issue', 'draft', '{}', t), actor, using_role, t);
  end if;
  perform tell_summons(s, t);
  return remember(command, actor, summons_answer(s));
end $$;
