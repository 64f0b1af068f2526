-- What an action on a whistle or an order needs beside the right state and role, and what it changes beside the state.

-- ------------------------------------------------------------------ the city's rules
create or replace function cc.rules_of(district int) returns cc.whistle_rule
language plpgsql stable set search_path = cc, pg_temp as $$
declare r whistle_rule;
begin
  select * into r from whistle_rule where district_id = shared(district);
  perform need(r.district_id is not null, 'CC422', '本部署没有吹哨规则，请管理员在部署方案中补充');
  return r;
end $$;

create or replace function cc.level_of(s cc.summons) returns cc.whistle_level
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select l from whistle_level l where l.district_id = shared(s.district_id) and l.code = s.level);
end $$;

create or replace function cc.level_rank(level text) returns int
language sql immutable set search_path = cc, pg_temp as $$
  select array_position('{normal,key,hard}', level)
$$;

-- The level of a draft; that of its occasion is the least.
create or replace function cc.at_level(s cc.summons, wanted text) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare least_one text := (select o.level from whistle_scenario o where o.district_id = shared(s.district_id) and o.code = s.scenario);
begin
  s.level := case when level_rank(wanted) >= coalesce(level_rank(least_one), 1) then wanted else coalesce(least_one, wanted) end;
  perform need(level_rank(wanted) is not null and (level_of(s)).code is not null, 'CC422', '部署方案没有设定这一哨级', 'level');
  return s;
end $$;

-- The line a unit belongs to: its own, or that of the department above it.
create or replace function cc.line_of(unit int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select o.line from org_closure oc join org o on o.id = oc.ancestor_id
     where oc.descendant_id = unit and oc.via = 'line' and o.line is not null order by oc.depth limit 1);
end $$;

-- A specialist or partner who serves the grid, or the place, for the unit's line. What belongs to a street, this one or another, is not meant.
create or replace function cc.serves_grid(unit int, s cc.summons) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return not exists (select from org_closure oc join org o on o.id = oc.ancestor_id and o.kind = 'street' where oc.descendant_id = unit)
    and exists (
    select from grid_team g where g.district_id = s.district_id and g.role in ('specialist','partner') and g.line = line_of(unit)
      and (g.grid_id = s.grid_id or g.org_id in (s.street_id, s.community_id)));
end $$;

-- Below the street only those are called who serve the place.
create or replace function cc.callable_by(s cc.summons, unit int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare u org; calls text[] := (select c.calls from whistle_caller c where c.district_id = shared(s.district_id) and c.kind = s.caller_kind);
begin
  select * into u from org where id = unit and active and district_id in (s.district_id, shared(s.district_id));
  return u.id is not null and u.id <> s.caller_id and u.kind = any(calls)
    and (s.caller_kind in ('street','district') or above(s.street_id, u.id, '{line,serves}') or serves_grid(u.id, s));
end $$;

-- ------------------------------------------------------------------ guards
create or replace function cc.guard_call(s cc.summons, unit int) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(callable_by(s, unit), 'CC422', '该单位不在可召集的范围内', 'unit_id');
  perform need(not exists (select from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.unit_id = unit and p.live),
               'CC422', '该单位已在召集之列', 'unit_id');
  perform need((select count(*) from summons_party p where p.summons_id = s.id and p.district_id = s.district_id) < 200, 'CC422', '参与单位过多', 'unit_id');
end $$;

create or replace function cc.guard_place(args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need((args->>'lon' is null) = (args->>'lat' is null), 'CC422', '经纬度不完整', 'lon');
  perform need(not args ? 'lon' or (arg_float(args, 'lon') between -180 and 180 and arg_float(args, 'lat') between -90 and 90), 'CC422', '经纬度超出范围', 'lon');
end $$;

create or replace function cc.guard_meet(s cc.summons, args jsonb, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare meet timestamptz := coalesce(arg_instant(args, 'meet_at'), s.meet_at);
begin
  perform need(meet is null or meet between t and t + interval '4320 hours', 'CC422', '时间须在将来 180 天之内，请修改', 'meet_at');
end $$;

create or replace function cc.guard_ends(s cc.summons, args jsonb, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare meet timestamptz := coalesce(arg_instant(args, 'meet_at'), s.meet_at, t); ends timestamptz := coalesce(arg_instant(args, 'ends_at'), s.ends_at);
begin
  perform need(ends is null or (ends > meet and ends <= meet + interval '720 hours'), 'CC422', '结束时间须在集结时间之后 30 天之内', 'ends_at');
end $$;

create or replace function cc.guard_summons_facts(g text, s cc.summons, args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare
  live bigint; signed bigint; came bigint;
begin
  select count(*), count(*) filter (where p.state = 'signed'), count(*) filter (where p.arrived_at is not null) into live, signed, came
    from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.live;
  case g
  when 'has_parties' then perform need(live > 0, 'CC422', '请先选择参与单位', 'parties');
  when 'appointed' then
    perform need(s.meet_at is not null, 'CC422', '请填写集结时间', 'meet_at');
    perform need(s.lon is not null or exists (select from summons_detail d where d.summons_id = s.id and d.district_id = s.district_id and d.place <> ''),
                 'CC422', '请填写集结地点', 'place');
  when 'nobody_came' then perform need(came = 0, 'CC423', '已有单位报到，不能撤回，可裁定结束');
  when 'all_signed' then perform need(live > 0 and signed = live, 'CC423', format('还有 %s 个单位未签字，须全部签字或由值班长裁定', live - signed));
  when 'not_all_signed' then perform need(signed < live, 'CC423', '各单位均已签字，请直接结束');
  when 'all_ticked' then
    perform need(not exists (select from summons_check c where c.summons_id = s.id and c.district_id = s.district_id and c.done_at is null), 'CC423', '现场清单尚未全部完成');
  when 'check_open' then
    perform need(exists (select from summons_check c where c.summons_id = s.id and c.district_id = s.district_id and c.no = arg_int(args, 'check') and c.done_at is null),
                 'CC422', '没有这一清单项，或它已完成', 'check');
  when 'not_followed_up' then perform need(s.citizen_score is null, 'CC410', '已作过群众回访');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

-- Whether the actor is a head, also if he does the clerk's work beside it.
create or replace function cc.widens(s cc.summons, actor int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare k joint_scope := scope_of_summons(s);
begin
  return exists (
    select from duty d where d.operator_id = actor
       and (d.role = 'street_leader' and joint_reaches(d.org_id, 'caller', k) or d.role = 'supervisor' and joint_reaches(d.org_id, 'territory', k)));
end $$;

create or replace function cc.guard_summons(g text, s cc.summons, args jsonb, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case g
  when 'something' then perform need(args <> '{}', 'CC422', '没有填写任何内容');
  when 'place_whole' then perform guard_place(args);
  when 'meet_ahead' then perform guard_meet(s, args, t);
  when 'ends_after' then perform guard_ends(s, args, t);
  when 'may_widen' then
    perform need(s.state = 'draft' or s.signed_by is null or widens(s, actor.id), 'CC403', '发出后增派单位须由街道负责人或值班长办理');
  when 'callable', 'not_called' then perform guard_call(s, arg_int(args, 'unit_id')); perform joint_count(args, 'heads', 1, 999);
  when 'level_higher' then
    perform need(level_rank(args->>'level') > level_rank(s.level), 'CC422', '哨级只升不降', 'level');
    perform need(exists (select from whistle_level l where l.district_id = shared(s.district_id) and l.code = args->>'level'), 'CC422', '部署方案没有设定这一哨级', 'level');
  else perform guard_summons_facts(g, s, args);
  end case;
end $$;

-- ------------------------------------------------------------------ effects
-- What the level reached calls for, and every level that was passed on the way: whoever goes from 普通 to 疑难 at once leaves out none.
create or replace function cc.lines_up_to(s cc.summons) returns table (line text, of_level text, place bigint)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
  select k.line, (array_agg(k.code order by k.rank desc))[1], row_number() over (order by min(k.rank), min(k.position))
    from (select w.line, l.code, level_rank(l.code) as rank, w.position
            from whistle_level l, unnest(l.adds) with ordinality w(line, position)
           where l.district_id = shared(s.district_id) and level_rank(l.code) <= level_rank(s.level)) k
   group by k.line order by 3;
end $$;

-- Lines of these that the district has no unit of.
create or replace function cc.missing_lines(s cc.summons) returns text[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select coalesce(array_agg(w.line order by w.place), '{}') from lines_up_to(s) w where unit_of_line(s, w.line) is null);
end $$;

create or replace function cc.words_of_missing(s cc.summons, lines text[]) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return format('%s应召集 %s，本区无此单位', (level_of(s)).label, array_to_string(lines, '、'));
end $$;

-- For the trace of the step that raised it.
create or replace function cc.what_is_missing(n cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare lines text[] := missing_lines(n);
begin
  return case when lines = '{}' then '{}' else jsonb_build_object('missing', to_jsonb(lines), 'note', words_of_missing(n, lines)) end;
end $$;

-- What the trace says: the arguments, and of a new time what each lane was given, and who is measured by the old one still.
create or replace function cc.what_of_summons(a text, n cc.summons, args jsonb) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare moved jsonb; kept jsonb;
begin
  if a = 'raise_level' then return args || what_is_missing(n); end if;
  if a <> 'reschedule' then return args; end if;
  select coalesce(jsonb_agg(jsonb_build_array(p.no, p.arrive_from, p.arrive_due) order by p.no) filter (where p.arrival is null), '[]'),
         jsonb_agg(p.no order by p.no) filter (where p.arrival is not null) into moved, kept
    from summons_party p where p.summons_id = n.id and p.district_id = n.district_id and p.live and p.arrived_at is null;
  return args || jsonb_build_object('lanes', moved)
    || case when kept is null then '{}' else jsonb_build_object('kept', kept, 'note', '已超时未报到的单位，未到记录不变') end;
end $$;

-- What an action takes away, for the trace.
create or replace function cc.what_stood(a text, s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return case when a = 'reject_verify' then jsonb_build_object('ratings', ratings_given(s), 'note', '原评价作废，办结后重新评价') else '{}' end;
end $$;

create or replace function cc.edit_summons(n cc.summons, args jsonb) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.meet_at := coalesce(arg_instant(args, 'meet_at'), n.meet_at); n.ends_at := coalesce(arg_instant(args, 'ends_at'), n.ends_at);
  n.lon := coalesce(arg_float(args, 'lon'), n.lon); n.lat := coalesce(arg_float(args, 'lat'), n.lat);
  n := at_level(n, coalesce(args->>'level', n.level));
  update summons_detail set title = case when args ? 'title' then joint_words(args, 'title', 100) else title end,
         place = case when args ? 'place' then joint_words(args, 'place', 200, false) else place end
   where summons_id = n.id and district_id = n.district_id;
  return n;
end $$;

create or replace function cc.issue_summons(n cc.summons, t timestamptz) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare l whistle_level := level_of(n);
begin
  n.issued_at := t;
  n.handle_due := coalesce(n.ends_at, t + make_interval(hours => (select o.handle_hours from whistle_scenario o
                   where o.district_id = shared(n.district_id) and o.code = n.scenario)));
  n.raise_at := case when n.kind = 'whistle' and l.escalate_hours > 0 and n.level <> 'hard' then t + make_interval(hours => l.escalate_hours) end;
  return n;
end $$;

create or replace function cc.tick_check(n cc.summons, number int, actor int, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare of_party int;
begin
  select min(p.no) into of_party from summons_party p
   where p.summons_id = n.id and p.district_id = n.district_id and p.live and exists (
     select from org_closure oc join duty d on d.org_id = oc.ancestor_id and d.role = 'handler'
      where oc.descendant_id = p.unit_id and oc.via = 'line' and d.operator_id = actor);
  update summons_check set done_by = actor, done_at = t, done_party = of_party where summons_id = n.id and district_id = n.district_id and no = number;
  n.unticked := (select count(*) from summons_check c where c.summons_id = n.id and c.district_id = n.district_id and c.done_at is null);
  return n;
end $$;

create or replace function cc.effect_on_summons(a text, n cc.summons, args jsonb, actor cc.operator, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  case a
  when 'edit' then
    n := edit_summons(n, args);
    update summons_detail set reason = joint_words(args, 'reason', 2000, false) where args ? 'reason' and summons_id = n.id and district_id = n.district_id;
  when 'reschedule' then
    n := edit_summons(n, args);
    n.handle_due := coalesce(n.ends_at, n.handle_due);
  when 'sign' then n := issue_summons(n, t); n.signed_by := actor.id;
  when 'raise_level' then n := raise_to(n, args->>'level', t);
  when 'withdraw', 'discard' then n.raise_at := null;
  when 'close', 'rule_close' then
    n.closed_at := t; n.ruled := a = 'rule_close'; n.raise_at := null;
    update summons_detail set conclusion = args->>'conclusion' where summons_id = n.id and district_id = n.district_id;
  when 'reject_verify' then n.closed_at := null; n.ruled := false;
  when 'follow_up' then n.citizen_score := case args->>'satisfied' when 'satisfied' then 100 when 'basically' then 60 else 0 end;
  when 'tick' then n := tick_check(n, arg_int(args, 'check'), actor.id, t);
  else null;
  end case;
  return n;
end $$;

-- What an action on the whole does to its lanes. New ones are called after the action itself stands in the trace.
create or replace function cc.effect_on_lanes(a text, n cc.summons, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  case a
  when 'add_party' then perform add_lane(n, arg_int(args, 'unit_id'), joint_count(args, 'heads', 1, 999), false);
  when 'raise_level' then perform add_lines(n);
  when 'reschedule' then perform appoint_lanes(n);
  when 'reject_verify' then perform clear_ratings(n);
  when 'withdraw', 'discard' then
    update summons_party set live = false, state = 'withdrawn', version = version + 1 where summons_id = n.id and district_id = n.district_id and live;
    perform fix_scores(n, t);  -- what was missed until then stands
  when 'close', 'rule_close' then perform fix_scores(n, t);
  when 'follow_up' then
    update summons_party p set score = whole_score(p, n, rules_of(n.district_id))
     where p.summons_id = n.id and p.district_id = n.district_id and p.live and p.rated_at is not null;
  else null;
  end case;
  return n;
end $$;

-- Never down; the duty counts anew from here.
create or replace function cc.raise_to(n cc.summons, higher text, t timestamptz) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare l whistle_level;
begin
  perform need(level_rank(higher) > level_rank(n.level), 'CC422', '哨级只升不降', 'level');
  n.level := higher; l := level_of(n);
  n.missing := missing_lines(n);
  n.raise_at := case when l.escalate_hours > 0 and higher <> 'hard' then t + make_interval(hours => l.escalate_hours) end;
  return n;
end $$;

-- The unit that answers for a line: the district's department before the city's.
create or replace function cc.unit_of_line(s cc.summons, of_line text) returns int
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select o.id from org o where o.line = of_line and o.active and o.district_id in (s.district_id, shared(s.district_id)) and o.id <> s.caller_id
     order by o.district_id = s.district_id desc, o.kind = 'department' desc, o.kind in ('utility','enterprise') desc, o.position, o.id limit 1);
end $$;

-- The lines that join at the level that was reached. Whom a lower level had called and a head let go is not called for it again.
create or replace function cc.add_lines(n cc.summons) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare wanted record; unit int;
begin
  for wanted in select * from lines_up_to(n) order by place loop
    unit := unit_of_line(n, wanted.line);
    if unit is not null and not exists (select from summons_party p where p.summons_id = n.id and p.district_id = n.district_id and p.unit_id = unit
                                           and (p.live or wanted.of_level <> n.level)) then
      perform add_lane(n, unit, null, false);
    end if;
  end loop;
end $$;

create or replace function cc.consult_on(n cc.summons, args jsonb, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  perform new_meeting(case n.kind when 'whistle' then 'second' else 'consultation' end, n.id, scope_of_summons(n), joint_words(args, 'title', 100),
    coalesce(args->>'text', ''), coalesce(args->>'place', ''), arg_instant(args, 'meet_at'),
    (select array_agg(p.unit_id order by p.no) from summons_party p where p.summons_id = n.id and p.district_id = n.district_id and p.live),
    (select coalesce(array_agg(k.case_id), '{}') from summons_case k where k.summons_id = n.id and k.district_id = n.district_id), actor, using_role, t);
end $$;
