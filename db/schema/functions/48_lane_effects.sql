-- What an action in a lane needs beside the right states and role, and what it changes beside the state.

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
    perform need(s.lon is null or args ? 'lon', 'CC422', '请填写坐标，或请召集方登记报到', 'lon');
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
  when 'nothing_asked' then perform need(p.asked is null, 'CC423', format('已有待批的%s申请', case s.kind when 'order' then '退出' else '退哨' end));
  when 'release_asked' then perform need(p.asked = 'release', 'CC423', format('没有待批的%s申请', case s.kind when 'order' then '退出' else '退哨' end));
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
  elsif g in ('rater','not_rated','scores_whole','low_score_explained','scored','objection_once','objection_window','objection_open','not_the_rater','correction_fits',
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

-- Whoever asked in time to be released, and is, has missed nothing by waiting for the answer; what fell due before stays.
create or replace function cc.forgive_asked(p cc.summons_party) returns cc.summons_party
language plpgsql stable set search_path = cc, pg_temp as $$
declare asked_at timestamptz := (select max(e.at) from joint_event e where e.entity = 'summons' and e.entity_id = p.summons_id and e.district_id = p.district_id
                                  and e.party_no = p.no and e.action = 'ask_release');
begin
  if p.response = 'none' and p.confirm_due >= asked_at then p.response := null; end if;
  if p.arrival = 'absent' and p.arrive_due >= asked_at then p.arrival := null; end if;
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
  when 'release' then p := end_lane(s, forgive_asked(p), null);
  when 'withdraw_party' then p := end_lane(s, p, null);
  when 'replace' then
    heir := add_lane(s, arg_int(args, 'unit_id'), coalesce(joint_count(args, 'heads', 1, 999), p.heads), false);
    p := end_lane(s, p, heir.no);
  when 'witness' then p := arrive(s, p, args, t); p.witnessed := true;
  when 'dispute' then
    p.disputed := true;
    if p.response_score is not null then p.response_score := points_of(p, rules_of(s.district_id)); end if;
  when 'return_lane' then p.reworks := p.reworks + 1; p.done_at := null; p.signed_at := null; p.signed_by := null;
  when 'rate' then p := rate_lane(s, p, args, actor, t);
  when 'decide' then p := decide_objection(s, p, args, actor, t);
  when 'publish' then p := publish_bulletin(s, p, args, actor, using_role, t);
  else null;
  end case;
  return p;
end $$;

-- What the trace says beside the arguments: what the clock and the place made of it.
create or replace function cc.what_of_lane(a text, p cc.summons_party, args jsonb) returns jsonb
language sql immutable set search_path = cc, pg_temp as $$
  select args || case when a in ('arrive','witness') then jsonb_strip_nulls(jsonb_build_object('response', case when p.responded_at = p.arrived_at then p.response end, 'arrival', p.arrival, 'distance_m', p.distance_m))
                        -- Who calls without a point is told so: nobody measured where the unit was.
                        || case when a = 'arrive' and p.lon is null then '{"note": "无坐标"}'::jsonb else '{}' end
                      when a = 'respond' then jsonb_build_object('response', p.response)
                      when a = 'replace' then jsonb_build_object('replaced_by', p.replaced_by)
                      when a in ('rate','decide') then jsonb_strip_nulls(jsonb_build_object('score', p.score)) else '{}' end
$$;
