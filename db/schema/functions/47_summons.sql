-- 吹哨 and 联合执法令: one door for every action on the whole. What may be done by whom stands in the workflow
-- data (whistle.toml, order.toml); how one is opened in 47_summons_opening.sql, what the actions need and change in 47_summons_guards.sql,
-- what is to be done next in 47_summons_steps.sql; lanes are in 48_lane.sql.

-- ------------------------------------------------------------------ one summons and how far it reaches
create or replace function cc.scope_of_summons(s cc.summons) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return row(s.district_id, s.street_id, s.community_id, s.caller_id,
    (select coalesce(array_agg(p.unit_id), '{}') from summons_party p
      where p.summons_id = s.id and p.district_id = s.district_id and p.live and p.called_at is not null),
    (select p.unit_id from summons_party p
      where p.summons_id = s.id and p.district_id = s.district_id and p.live and p.lead and p.called_at is not null),
    s.unit_ids)::joint_scope;
end $$;

create or replace function cc.summons_scope(which bigint) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare s summons;
begin
  select * into s from summons where id = which;
  return scope_of_summons(s);
end $$;

create or replace function cc.need_summons(s cc.summons) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if s.id is null or not sees_joint(scope_of_summons(s)) then
    perform fail('CC404', '没有这份吹哨单或联合执法令，或它不在您的范围内');
  end if;
end $$;

create or replace function cc.seen_summons(which bigint) returns cc.summons
language plpgsql stable set search_path = cc, pg_temp as $$
declare s summons;
begin
  select * into s from summons where id = which;
  perform need_summons(s);
  return s;
end $$;

-- Looked at before it is locked, as cases are: see case_for_update.
create or replace function cc.summons_for_update(which bigint) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare s summons := seen_summons(which);
begin
  select * into s from summons where id = which and district_id = s.district_id for update;
  perform need_summons(s);
  return s;
end $$;

create or replace function cc.save_summons(n cc.summons, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.changed_at := t; n.open := (select j.open from jw_state j where j.machine = n.kind and j.code = n.state);
  n.archived_at := case when not n.open then coalesce(n.archived_at, t) end;
  update summons set (version, events, state, open, level, lon, lat, unit_ids, signed_by, issued_at, changed_at, meet_at, ends_at, handle_due,
      raise_at, ruled, closed_at, archived_at, citizen_score, missing, unticked)
    = (n.version, n.events, n.state, n.open, n.level, n.lon, n.lat, n.unit_ids, n.signed_by, n.issued_at, n.changed_at, n.meet_at, n.ends_at, n.handle_due,
      n.raise_at, n.ruled, n.closed_at, n.archived_at, n.citizen_score, n.missing, n.unticked)
   where id = n.id and district_id = n.district_id;
  return n;
end $$;

-- The next entry of the trace about the whole, or about a lane; saves the summons with it.
create or replace function cc.log_summons(n cc.summons, actor cc.operator, using_role text, a text, from_state text, what jsonb, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.events := n.events + 1;
  n := save_summons(n, t);
  perform joint_log('summons', n.district_id, n.id, n.events, actor, using_role, a, from_state, n.state, null, null, what, t);
  return n;
end $$;

create or replace function cc.log_lane(n cc.summons, p cc.summons_party, actor cc.operator, using_role text, a text, from_state text, what jsonb, t timestamptz)
returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.events := n.events + 1;
  n := save_summons(n, t);
  perform joint_log('summons', n.district_id, n.id, n.events, actor, using_role, a, from_state, p.state, p.no, p.unit_id, what, t);
  return n;
end $$;

create or replace function cc.tell_summons(s cc.summons, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  perform tell_joint('summons', s.id, s.no, scope_of_summons(s), steps_for(s), t);
end $$;

create or replace function cc.summons_answer(n cc.summons) returns jsonb
language sql immutable set search_path = cc, pg_temp as $$
  select jsonb_build_object('entity', 'summons', 'entity_id', n.id, 'no', n.no, 'version', n.version, 'state', n.state, 'event', n.events)
$$;

-- ------------------------------------------------------------------ the state of the whole
create or replace function cc.all_rated(s cc.summons) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return not exists (select from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.live and p.rated_at is null);
end $$;

-- As far as the slowest live lane is; a draft stays one.
create or replace function cc.state_by_lanes(s cc.summons) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare slowest text[] := (select array_agg(distinct p.state) from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.live);
begin
  return case when s.state = 'draft' then 'draft' when 'pending' = any(slowest) then 'issued' when 'responded' = any(slowest) then 'responded' else 'acting' end;
end $$;

-- Where an action leads: a state by name, "=", "lanes", or "over": to the ratings, or past them when all are given already.
create or replace function cc.state_after(n cc.summons, to_state text) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return case to_state
    when '=' then n.state
    when 'lanes' then state_by_lanes(n)
    when 'over' then case when not all_rated(n) then 'rating' when n.kind = 'whistle' then 'verifying' else 'archived' end
    else to_state end;
end $$;

-- After a lane moved: whether the whole went on with it.
create or replace function cc.follow_lanes(n cc.summons, actor cc.operator, using_role text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare before text := n.state; a text := 'progress';
begin
  if n.state = 'rating' and all_rated(n) then
    n.state := state_after(n, 'over'); a := 'all_rated';
  elsif n.state in ('issued','responded','acting') then
    n.state := state_by_lanes(n);
  end if;
  if n.state = before then return n; end if;
  n.version := n.version + 1;
  return log_summons(n, actor, using_role, a, before, '{}', t);
end $$;

-- ------------------------------------------------------------------ acting
create or replace function cc.apply_to_summons(a cc.jw_action, s cc.summons, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare n summons := s; stood jsonb := what_stood(a.code, s);
begin
  if a.code in ('close','rule_close','reschedule','withdraw') then n := mark_misses(n, t); end if;
  if not a.keeps_version then n.version := n.version + 1; end if;
  n := effect_on_lanes(a.code, effect_on_summons(a.code, n, args, actor, t), args, actor, using_role, t);
  n.state := state_after(n, a.to_state);
  n := log_summons(n, actor, using_role, a.code, s.state, what_of_summons(a.code, n, args) || stood, t);
  n := call_lanes(n, actor, using_role, t);
  if a.code = 'consult' then perform consult_on(n, args, actor, using_role, t); end if;
  if a.code in ('close','rule_close','withdraw') then n := publish_faults(n, null, t); end if;
  return raise_for_misses(n, s.events, t);
end $$;

create or replace function cc.summons_act(command uuid, which bigint, expected int, a text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); act_row jw_action; s summons; using_role text; g text; t timestamptz; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  s := summons_for_update(which);
  t := city_now();
  perform need(a is distinct from 'draft' and a is distinct from 'attach', 'CC422', '没有这个操作');
  act_row := joint_action(s.kind, a);
  perform joint_check_version(act_row, s.version, expected, 'summons', s.id, null);
  using_role := joint_allowed(act_row, s.state, scope_of_summons(s), actor.id);
  args := jsonb_strip_nulls(args);
  perform joint_check_args(act_row, args);
  foreach g in array act_row.guards loop
    perform guard_summons(g, s, args, actor, using_role, t);
  end loop;
  s := apply_to_summons(act_row, s, args, actor, using_role, t);
  perform tell_summons(s, t);
  return remember(command, actor, summons_answer(s));
end $$;
