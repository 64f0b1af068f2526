-- A lane (参与单位): how a unit is called, and one door for everything that is done in it or to it. No unit acts in another's lane:
-- the reach "party" is measured by this lane's unit alone.

-- ------------------------------------------------------------------ calling
create or replace function cc.add_lane(s cc.summons, unit int, wanted_heads int, leads boolean) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  insert into summons_party (district_id, summons_id, no, unit_id, line, lead, heads, state)
  values (s.district_id, s.id, 1 + coalesce((select max(x.no) from summons_party x where x.summons_id = s.id and x.district_id = s.district_id), 0),
          unit, line_of(unit), leads, wanted_heads, 'pending') returning * into p;
  insert into summons_party_detail (district_id, summons_id, no) values (s.district_id, s.id, p.no);
  return p;
end $$;

-- When it must be there: at the appointed time, else so long after the issue; whoever is called later has at least the time to answer.
create or replace function cc.appoint_lane(s cc.summons, p cc.summons_party) returns cc.summons_party
language plpgsql stable set search_path = cc, pg_temp as $$
declare r whistle_rule := rules_of(s.district_id); l whistle_level := level_of(s); minutes int; meet timestamptz := s.meet_at;
begin
  if meet is null then
    minutes := coalesce((select o.arrive_minutes from whistle_scenario o where o.district_id = shared(s.district_id) and o.code = s.scenario), l.arrive_minutes);
    meet := work_add(s.district_id, l.clock, s.issued_at, minutes * 60);
  end if;
  if p.called_at > s.issued_at then meet := greatest(meet, p.confirm_due); end if;
  p.arrive_from := greatest(p.called_at, s.meet_at - make_interval(mins => r.early_minutes));
  p.arrive_due := meet + make_interval(mins => r.late_minutes);
  return p;
end $$;

create or replace function cc.save_lane(p cc.summons_party) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  update summons_party set (lead, version, state, live, called_at, clock, confirm_due, arrive_from, arrive_due, handle_due, responded_at, response, arrived_at,
      arrival, lon, lat, distance_m, witnessed, disputed, came, acted_at, done_at, signed_at, signed_by, reworks, asked, replaced_by, people, goods,
      response_score, efficiency, cooperation, professional, responsibility, rated_at, rated_by, score, objection)
    = (p.lead, p.version, p.state, p.live, p.called_at, p.clock, p.confirm_due, p.arrive_from, p.arrive_due, p.handle_due, p.responded_at, p.response, p.arrived_at,
      p.arrival, p.lon, p.lat, p.distance_m, p.witnessed, p.disputed, p.came, p.acted_at, p.done_at, p.signed_at, p.signed_by, p.reworks, p.asked, p.replaced_by,
      p.people, p.goods, p.response_score, p.efficiency, p.cooperation, p.professional, p.responsibility, p.rated_at, p.rated_by, p.score, p.objection)
   where summons_id = p.summons_id and no = p.no and district_id = p.district_id;
end $$;

-- From now on its clock runs and its unit sees the summons.
create or replace function cc.call_lane(s cc.summons, p cc.summons_party, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
declare l whistle_level := level_of(s); o whistle_scenario;
begin
  select * into o from whistle_scenario where district_id = shared(s.district_id) and code = s.scenario;
  p.called_at := t; p.clock := l.clock;
  p.confirm_due := work_add(s.district_id, l.clock, t, coalesce(o.confirm_minutes, l.confirm_minutes) * 60);
  p.handle_due := coalesce(s.ends_at, t + make_interval(hours => o.handle_hours));
  p := appoint_lane(s, p);
  perform save_lane(p);
  return p;
end $$;

-- Calls every lane that waits for it, once the summons has been issued.
create or replace function cc.call_lanes(n cc.summons, actor cc.operator, using_role text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  if n.issued_at is null then return n; end if;
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and x.live and x.called_at is null order by x.no loop
    p := call_lane(n, p, t);
    if not p.unit_id = any(n.unit_ids) then n.unit_ids := n.unit_ids || p.unit_id; end if;
    n := log_lane(n, p, actor, using_role, 'join', '', jsonb_strip_nulls(jsonb_build_object('confirm_due', p.confirm_due, 'arrive_from', p.arrive_from,
      'arrive_due', p.arrive_due, 'handle_due', p.handle_due, 'heads', p.heads, 'lead', nullif(p.lead, false))), t);
  end loop;
  return n;
end $$;

-- Another time: whoever is not there yet is measured by it alone.
create or replace function cc.appoint_lanes(n cc.summons) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and x.live and x.called_at is not null and x.arrived_at is null loop
    p := appoint_lane(n, p);
    p.arrival := null;
    p.handle_due := coalesce(n.ends_at, p.handle_due);
    perform save_lane(p);
  end loop;
end $$;

-- ------------------------------------------------------------------ what was missed
-- 超时未响应, 未按时报到: told by the clock, whether the duty came in time or not. One lane, or all (null).
create or replace function cc.mark_misses(n cc.summons, one int, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and x.live and (one is null or x.no = one)
            and (x.state = 'pending' and x.response is null and x.confirm_due < t or x.arrived_at is null and x.arrival is null and x.arrive_due < t) order by x.no loop
    if p.state = 'pending' and p.response is null and p.confirm_due < t then
      p.response := 'none';
      perform save_lane(p);
      n := log_lane(n, p, null, 'duty', 'missed_confirm', p.state, jsonb_build_object('due', p.confirm_due), t);
    end if;
    if p.arrived_at is null and p.arrival is null and p.arrive_due < t then
      p.arrival := 'absent';
      perform save_lane(p);
      n := log_lane(n, p, null, 'duty', 'missed_arrival', p.state, jsonb_build_object('due', p.arrive_due), t);
    end if;
  end loop;
  return n;
end $$;

-- ------------------------------------------------------------------ guards
-- Null when a place is not known.
create or replace function cc.metres_between(lon_a double precision, lat_a double precision, lon_b double precision, lat_b double precision) returns int
language sql immutable strict set search_path = cc, pg_temp as $$
  select round(12742000 * asin(least(1, sqrt(sin(radians(lat_b - lat_a) / 2) ^ 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(radians(lon_b - lon_a) / 2) ^ 2))))::int
$$;

create or replace function cc.guard_on_spot(g text, s cc.summons, p cc.summons_party, args jsonb, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare r whistle_rule := rules_of(s.district_id); away int; last_return int;
begin
  case g
  when 'window_open' then
    perform need(t >= p.arrive_from, 'CC410', format('报到尚未开始，%s 起可报到',
      to_char(p.arrive_from at time zone (select d.time_zone from district d where d.district_id = s.district_id), 'MM-DD HH24:MI')));
  when 'within_radius' then
    perform guard_place(args);
    away := metres_between(s.lon, s.lat, arg_float(args, 'lon'), arg_float(args, 'lat'));
    perform need(away is null or away <= r.radius_m, 'CC422', format('距集结地点 %s 米，须在 %s 米之内报到', away, r.radius_m), 'lon');
  when 'not_disputed' then perform need(not p.disputed, 'CC423', '已标记到场存疑');
  when 'lane_photo' then
    last_return := coalesce((select max(e.seq) from joint_event e where e.entity = 'summons' and e.entity_id = s.id and e.district_id = s.district_id
                            and e.party_no = p.no and e.action = 'return_lane'), 0);
    perform need(exists (select from joint_file f where f.entity = 'summons' and f.entity_id = s.id and f.district_id = s.district_id and f.party_no = p.no
                          and f.kind in ('scene','after') and f.seq > last_return), 'CC422', '办结反馈须先上传现场照片');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.guard_lane_of(g text, s cc.summons, p cc.summons_party, args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case g
  when 'callable', 'not_called' then perform guard_call(s, arg_int(args, 'unit_id')); perform joint_count(args, 'heads', 1, 999);
  when 'nothing_asked' then perform need(p.asked is null, 'CC423', '已有待批的退哨申请');
  when 'release_asked' then perform need(p.asked = 'release', 'CC423', '没有待批的退哨申请');
  when 'not_the_last' then
    perform need(p.live and exists (select from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and x.live and x.no <> p.no),
                 'CC423', '至少须留一个单位，请替换或撤回');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.guard_lane(g text, s cc.summons, p cc.summons_party, args jsonb, using_role text, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if g in ('window_open','within_radius','not_disputed','lane_photo') then
    perform guard_on_spot(g, s, p, args, t);
  elsif g in ('rater','not_rated','scores_whole','low_score_explained','scored','objection_once','objection_window','objection_open','correction_fits',
              'fault_is_true','published_once') then
    perform guard_score(g, s, p, args, using_role, t);
  else
    perform guard_lane_of(g, s, p, args);
  end if;
end $$;

-- ------------------------------------------------------------------ effects
create or replace function cc.respond(p cc.summons_party, t timestamptz) returns cc.summons_party
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  if p.responded_at is not null then return p; end if;
  p.responded_at := t; p.response := case when t <= p.confirm_due then 'on_time' else 'late' end;
  return p;
end $$;

-- Whoever comes without having answered answers by coming.
create or replace function cc.arrive(s cc.summons, p cc.summons_party, args jsonb, t timestamptz) returns cc.summons_party
language plpgsql stable set search_path = cc, pg_temp as $$
declare meet timestamptz := p.arrive_due - make_interval(mins => (rules_of(s.district_id)).late_minutes);
begin
  p := respond(p, t);
  p.arrived_at := t; p.asked := null; p.came := joint_count(args, 'came', 0, 999);
  p.arrival := case when t < meet then 'early' when t <= p.arrive_due then 'on_time' else 'late' end;
  p.lon := arg_float(args, 'lon'); p.lat := arg_float(args, 'lat');
  p.distance_m := metres_between(s.lon, s.lat, p.lon, p.lat);
  return p;
end $$;

create or replace function cc.finish_lane(p cc.summons_party, args jsonb, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
begin
  p.done_at := t; p.acted_at := coalesce(p.acted_at, t);
  p.people := joint_count(args, 'people', 0, 100000); p.goods := joint_count(args, 'goods', 0, 1000000);
  update summons_party_detail set result = args->>'result', documents = coalesce(args->>'documents', '')
   where summons_id = p.summons_id and no = p.no and district_id = p.district_id;
  return p;
end $$;

-- The lane ends; whoever led hands on: to the one that takes over, else to the first that is left.
create or replace function cc.end_lane(s cc.summons, p cc.summons_party, heir int) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
begin
  if p.lead then
    update summons_party set lead = true where summons_id = s.id and district_id = s.district_id and no = coalesce(heir, (
      select min(x.no) from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and x.live and x.no <> p.no));
  end if;
  p.live := false; p.lead := false; p.asked := null; p.replaced_by := heir;
  return p;
end $$;

create or replace function cc.effect_of_unit_on_lane(a text, s cc.summons, p cc.summons_party, args jsonb, actor cc.operator, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
begin
  case a
  when 'respond' then p := respond(p, t);
  when 'ask_release' then
    p.asked := 'release';
    update summons_party_detail set asked_reason = concat_ws('；依据：', args->>'reason', args->>'legal_basis')
     where summons_id = p.summons_id and no = p.no and district_id = p.district_id;
  when 'arrive' then p := arrive(s, p, args, t);
  when 'act' then p.acted_at := coalesce(p.acted_at, t);
  when 'finish' then p := finish_lane(p, args, t);
  when 'sign_off' then p.signed_at := t; p.signed_by := actor.id;
  when 'object' then p.objection := 'open'; perform add_objection(p, args->>'reason', actor, t);
  else null;
  end case;
  return p;
end $$;

create or replace function cc.effect_of_caller_on_lane(a text, s cc.summons, p cc.summons_party, args jsonb, actor cc.operator, using_role text, t timestamptz)
returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
declare heir summons_party;
begin
  case a
  when 'insist' then p.asked := null;
  when 'release', 'withdraw_party' then p := end_lane(s, p, null);
  when 'replace' then
    heir := add_lane(s, arg_int(args, 'unit_id'), coalesce(joint_count(args, 'heads', 1, 999), p.heads), false);
    p := end_lane(s, p, heir.no);
  when 'witness' then p := arrive(s, p, args, t); p.witnessed := true;
  when 'dispute' then p.disputed := true;
  when 'return_lane' then p.reworks := p.reworks + 1; p.done_at := null; p.signed_at := null; p.signed_by := null;
  when 'rate' then p := rate_lane(s, p, args, actor, t);
  when 'decide' then p := decide_objection(s, p, args, actor, t);
  when 'publish' then perform publish_bulletin(s, p, args, actor, using_role, t);
  else null;
  end case;
  return p;
end $$;

-- What the trace says beside the arguments: what the clock and the place made of it.
create or replace function cc.what_of_lane(a text, p cc.summons_party, args jsonb) returns jsonb
language sql immutable set search_path = cc, pg_temp as $$
  select args || case when a in ('arrive','witness') then jsonb_strip_nulls(jsonb_build_object('response', p.response, 'arrival', p.arrival, 'distance_m', p.distance_m))
                      when a = 'respond' then jsonb_build_object('response', p.response)
                      when a = 'replace' then jsonb_build_object('replaced_by', p.replaced_by)
                      when a in ('rate','decide') then jsonb_strip_nulls(jsonb_build_object('score', p.score)) else '{}' end
$$;

create or replace function cc.apply_to_lane(a cc.jw_action, s cc.summons, o cc.summons_party, args jsonb, actor cc.operator, using_role text, t timestamptz)
returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare n summons := s; p summons_party;
begin
  if a.code in ('replace','withdraw_party') then n := mark_misses(n, o.no, t); end if;
  select * into p from summons_party where summons_id = o.summons_id and no = o.no and district_id = o.district_id;
  if not a.keeps_version then p.version := p.version + 1; end if;
  p := effect_of_unit_on_lane(a.code, n, p, args, actor, t);
  p := effect_of_caller_on_lane(a.code, n, p, args, actor, using_role, t);
  if a.to_state <> '=' then p.state := a.to_state; end if;
  perform save_lane(p);
  n := log_lane(n, p, actor, using_role, a.code, o.state, what_of_lane(a.code, p, args), t);
  return follow_lanes(call_lanes(n, actor, using_role, t), actor, using_role, t);
end $$;

-- ------------------------------------------------------------------ the door
create or replace function cc.lane_scope(s cc.summons, p cc.summons_party) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare k joint_scope := scope_of_summons(s);
begin
  k.unit_ids := array[p.unit_id];
  return k;
end $$;

create or replace function cc.lane_of(s cc.summons, number int) returns cc.summons_party
language plpgsql stable set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  select * into p from summons_party where summons_id = s.id and district_id = s.district_id and no = number;
  perform need(p.no is not null, 'CC404', '没有这个参与单位');
  return p;
end $$;

-- The role by which the actor may, in the state of the lane and of the whole.
create or replace function cc.lane_allowed(a cc.jw_action, s cc.summons, p cc.summons_party, actor int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not s.state = any(a.head) then
    perform fail('CC423', format('%s，不能%s', (select label from jw_state where machine = s.kind and code = s.state), a.label),
                 jsonb_build_object('state', s.state, 'action', a.code));
  end if;
  return joint_allowed(a, p.state, lane_scope(s, p), actor);
end $$;

create or replace function cc.lane_act(command uuid, which bigint, party int, expected int, a text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); act_row jw_action; s summons; p summons_party; using_role text; g text; t timestamptz; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  s := summons_for_update(which);
  p := lane_of(s, party);
  t := city_now();
  perform need(a is distinct from 'attach', 'CC422', '没有这个操作');
  act_row := joint_action('party', a);
  perform joint_check_version(act_row, p.version, expected, 'summons', s.id, p.no);
  using_role := lane_allowed(act_row, s, p, actor.id);
  args := jsonb_strip_nulls(args);
  perform joint_check_args(act_row, args);
  foreach g in array act_row.guards loop
    perform guard_lane(g, s, p, args, using_role, t);
  end loop;
  s := apply_to_lane(act_row, s, p, args, actor, using_role, t);
  perform tell_summons(s, t);
  p := lane_of(s, party);
  return remember(command, actor, summons_answer(s) || jsonb_build_object('party_no', p.no, 'party_version', p.version, 'party_state', p.state));
end $$;
