-- A lane (参与单位): how a unit is called, and one door for everything that is done in it or to it. No unit acts in another's lane:
-- the reach "party" is measured by this lane's unit alone. What the actions need and change: 48_lane_effects.sql.

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
      response_score, efficiency, cooperation, professional, responsibility, rated_at, rated_by, score, objection, published)
    = (p.lead, p.version, p.state, p.live, p.called_at, p.clock, p.confirm_due, p.arrive_from, p.arrive_due, p.handle_due, p.responded_at, p.response, p.arrived_at,
      p.arrival, p.lon, p.lat, p.distance_m, p.witnessed, p.disputed, p.came, p.acted_at, p.done_at, p.signed_at, p.signed_by, p.reworks, p.asked, p.replaced_by,
      p.people, p.goods, p.response_score, p.efficiency, p.cooperation, p.professional, p.responsibility, p.rated_at, p.rated_by, p.score,
      p.objection, p.published)
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
  -- Whoever must be there sooner than the limit ends answers by then: an appointed hour comes by the clock on the wall.
  if p.confirm_due > p.arrive_due - make_interval(mins => (rules_of(s.district_id)).late_minutes) then
    p.confirm_due := p.arrive_due - make_interval(mins => (rules_of(s.district_id)).late_minutes); p.clock := 'urgent';
  end if;
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

-- Another time: whoever is not there yet is measured by it, but for those who have missed the old one.
create or replace function cc.appoint_lanes(n cc.summons) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and x.live and x.called_at is not null and x.arrived_at is null
            and x.arrival is null loop
    p := appoint_lane(n, p);
    p.handle_due := coalesce(n.ends_at, p.handle_due);
    perform save_lane(p);
  end loop;
end $$;

-- ------------------------------------------------------------------ what was missed
-- 超时未响应, 未按时报到: told by the clock, whether the duty came in time or not.
create or replace function cc.mark_misses(n cc.summons, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and x.live
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

-- ------------------------------------------------------------------ the door
create or replace function cc.apply_to_lane(a cc.jw_action, s cc.summons, o cc.summons_party, args jsonb, actor cc.operator, using_role text, t timestamptz)
returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare n summons := s; p summons_party; was summons_party;
begin
  if a.code in ('replace','withdraw_party','release') then n := mark_misses(n, t); end if;
  select * into p from summons_party where summons_id = o.summons_id and no = o.no and district_id = o.district_id;
  was := p;
  if not a.keeps_version then p.version := p.version + 1; end if;
  p := effect_of_unit_on_lane(a.code, n, p, args, actor, t);
  p := effect_of_caller_on_lane(a.code, n, p, args, actor, using_role, t);
  if a.to_state <> '=' then p.state := a.to_state; end if;
  perform save_lane(p);
  n := log_lane(n, p, actor, using_role, a.code, o.state, what_of_lane(a.code, p, args), t);
  -- What was published of a mark that was corrected now goes, and what is true instead comes.
  if a.code in ('decide','release') then n := publish_faults(revoke_false(n, was, actor, using_role, t), p.no, t); end if;
  return raise_for_misses(follow_lanes(call_lanes(n, actor, using_role, t), actor, using_role, t), s.events, t);
end $$;

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
