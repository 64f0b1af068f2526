-- 提醒: what somebody must do next. About a case, written by the duty round; about a whistle, meeting or task, written with the action
-- that makes it true. Acknowledged by whoever it is addressed to, closed by itself when it is no longer true.
-- No function here but acknowledge_notices and my_posts is granted to anybody.

-- What can be addressed to me: each role that I have, at its node and all below it by the line tree.
create or replace function cc.my_posts() returns table (role text, org_id int)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return query
  select distinct d.role, oc.descendant_id
  from operator o join duty d on d.operator_id = o.id and d.role not in ('screen','admin','gateway')
  join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
  where o.login = session_user and o.active;
end $$;

create or replace function cc.open_stage(c cc.cases) returns int
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select max(s.seq) from case_stage s where s.district_id = c.district_id and s.case_id = c.id and s.ended_at is null);
end $$;

-- When the supervisors are told that nobody acknowledged: counted by the matter's own clock, so nobody is called at night for office work.
create or replace function cc.answer_time(district int, by_clock text, t timestamptz) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
declare m int := (select acknowledge_minutes from wf_setting);
begin
  return work_add(district, by_clock, t, m * 60);
exception when sqlstate 'CC510' then
  return t + make_interval(mins => m);               -- beyond the calendar: the reminder must not stop the duty round
end $$;

-- Remind whoever has that role at that organisation or above it (null: in the case's territory) of the stage that runs now.
-- True when it is new: a second call for the same stage, kind, addressee, words and deadline does nothing, nor does one for a case
-- whose clock stands still. It takes the place of what the same addressee was told of the stage before; 超期 of all that said 临期.
-- kind_of: near_limit, overdue, escalation (unanswered is ours, about another notice). words_of must name nobody.
create or replace function cc.remind(c cc.cases, kind_of text, role_of text, org_of int, words_of text, t timestamptz, about bigint default null) returns boolean
language plpgsql set search_path = cc, pg_temp as $$
declare running int := open_stage(c); made bigint;
begin
  if running is null or c.deadline is null then return false; end if;
  insert into notice (district_id, case_id, case_no, stage_seq, kind, to_role, to_org, street_id, community_id, words, due, clock, made_at, answer_by, about_id)
  values (c.district_id, c.id, c.no, running, kind_of, role_of, org_of, c.street_id, c.community_id, words_of, c.deadline, c.clock, t, answer_time(c.district_id, c.clock, t), about)
  on conflict do nothing returning id into made;
  if made is null then return false; end if;
  update case_stage set reminded = true where district_id = c.district_id and case_id = c.id and seq = running and not reminded;
  update notice set closed_at = t
   where district_id = c.district_id and case_id = c.id and stage_seq = running and closed_at is null and id <> made
     and about is null and about_id is null
     and ((to_role = role_of and to_org is not distinct from org_of) or (kind_of = 'overdue' and kind = 'near_limit'));
  return true;
end $$;

-- Makes what is said about a summons, meeting or task equal to `steps`: says what is new, closes what is no longer true, leaves the rest.
-- A step that somebody has acknowledged stays known until it is past, and is not said again. Its matter is locked by the caller.
create or replace function cc.tell_joint(of_entity text, which bigint, of_no text, s cc.joint_scope, steps cc.joint_step[], t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  update notice n set past = true, closed_at = coalesce(n.closed_at, t)
   where n.entity_id = which and n.district_id = s.district_id and not n.past and n.about_id is null
     and not exists (select from unnest(steps) k where (k.party_no, k.kind, k.to_role, k.to_org, left(k.words, 200), k.due)
                       is not distinct from (n.party_no, n.kind, n.to_role, n.to_org, n.words, n.due));
  insert into notice (district_id, entity, entity_id, entity_no, party_no, kind, to_role, to_org, street_id, community_id, words, due, clock, made_at, answer_by)
  select s.district_id, of_entity, which, of_no, k.party_no, k.kind, k.to_role, k.to_org, s.street_id, s.community_id, left(k.words, 200), k.due, k.clock, t,
         answer_time(s.district_id, coalesce(k.clock, 'hours'), t)
    from unnest(steps) k
   where not exists (select from notice n where n.entity_id = which and n.district_id = s.district_id and not n.past and n.about_id is null
                       and (k.party_no, k.kind, k.to_role, k.to_org, left(k.words, 200), k.due)
                         is not distinct from (n.party_no, n.kind, n.to_role, n.to_org, n.words, n.due))
  on conflict do nothing;                            -- a step named twice
end $$;

-- Locks what a notice is about; false when somebody else has it in hands.
create or replace function cc.hold_matter(n cc.notice) returns boolean
language plpgsql set search_path = cc, pg_temp as $$
begin
  case coalesce(n.entity, 'case')
  when 'case' then perform from cases x where x.district_id = n.district_id and x.id = n.case_id for update skip locked;
  when 'summons' then perform from summons x where x.district_id = n.district_id and x.id = n.entity_id for update skip locked;
  when 'meeting' then perform from meeting x where x.district_id = n.district_id and x.id = n.entity_id for update skip locked;
  when 'task' then perform from task x where x.district_id = n.district_id and x.id = n.entity_id for update skip locked;
  end case;
  return found;
end $$;

-- Tells the supervisors of the territory that nobody took this one on. False when that says nothing new.
create or replace function cc.say_unanswered(n cc.notice, t timestamptz) returns boolean
language plpgsql set search_path = cc, pg_temp as $$
declare c cases; said text := left('无人确认：' || n.words, 200);
begin
  if n.case_id is not null then
    select * into c from cases where id = n.case_id and district_id = n.district_id;
    return remind(c, 'unanswered', 'supervisor', null, said, t, n.id);
  end if;
  insert into notice (district_id, entity, entity_id, entity_no, party_no, kind, to_role, street_id, community_id, words, due, clock, made_at, answer_by, about_id)
  values (n.district_id, n.entity, n.entity_id, n.entity_no, n.party_no, 'unanswered', 'supervisor', n.street_id, n.community_id, said, n.due, n.clock, t,
          answer_time(n.district_id, coalesce(n.clock, 'hours'), t), n.id)
  on conflict do nothing;
  return found;
end $$;

-- The round's part: tell the supervisors of the territory what nobody has acknowledged in time. Returns how many were told of.
-- A supervisor's own notices go no higher. A matter in somebody's hands is left to the next round, as everywhere in the round.
create or replace function cc.escalate_notices(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare n notice; told int := 0;
begin
  for n in select * from notice where closed_at is null and escalated_at is null and answer_by <= t and to_role <> 'supervisor'
            order by answer_by limit 500 loop
    continue when not hold_matter(n);
    update notice set escalated_at = t where id = n.id and district_id = n.district_id and closed_at is null;
    if found and say_unanswered(n, t) then told := told + 1; end if;
  end loop;
  return told;
end $$;

-- Closed ones go after a while: who acknowledged stands in the trace.
create or replace function cc.drop_old_notices(t timestamptz, keep_days int default 35) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare dropped int;
begin
  -- What was acknowledged of a lane and still holds must stay known, or it would be said again.
  delete from notice where closed_at < t - make_interval(days => keep_days) and (case_id is not null or past or about_id is not null);
  get diagnostics dropped = row_count;
  delete from notice_delivery d where d.taken_at < clock_timestamp() - make_interval(days => keep_days)
    and not exists (select from notice n where n.id = d.notice_id and n.district_id = d.district_id);
  return dropped;
end $$;

-- ------------------------------------------------------------------ acknowledging
create or replace function cc.acknowledge_of_case(district int, which bigint, ids bigint[], actor cc.operator, t timestamptz) returns bigint[]
language plpgsql set search_path = cc, pg_temp as $$
declare c cases; n cases; said notice[];
begin
  select * into c from cases where district_id = district and id = which for update;
  with taken as (
    update notice x set closed_at = t, acknowledged_by = actor.id
     where x.district_id = district and x.case_id = which and x.id = any(ids) and x.closed_at is null returning x.*)
  select array_agg(taken order by taken.id) into said from taken;
  if said is null then return '{}'; end if;
  n := c; n.events := c.events + 1; n.changed_at := t;
  update cases set events = n.events, changed_at = n.changed_at where district_id = n.district_id and id = n.id;
  perform write_event(c, n, actor, said[1].to_role, 'acknowledge',
                      jsonb_build_object('text', (select string_agg(s.words, '；') from unnest(said) s)), t);
  return (select array_agg(s.id) from unnest(said) s);
end $$;

-- The same for those of a summons, meeting or task: one event of it, or one of each lane, and no new version.
create or replace function cc.acknowledge_of_joint(district int, which bigint, ids bigint[], actor cc.operator, t timestamptz) returns bigint[]
language plpgsql set search_path = cc, pg_temp as $$
declare said notice[]; lane record; seq int; in_state text;
begin
  with taken as (
    update notice x set closed_at = t, acknowledged_by = actor.id
     where x.district_id = district and x.entity_id = which and x.id = any(ids) and x.closed_at is null returning x.*)
  select array_agg(taken order by taken.id) into said from taken;
  if said is null then return '{}'; end if;
  for lane in select s.party_no, string_agg(s.words, '；' order by s.id) as words from unnest(said) s group by 1 order by 1 nulls first loop
    case said[1].entity
    when 'summons' then update summons set events = events + 1 where id = which and district_id = district returning events, state into seq, in_state;
    when 'meeting' then update meeting set events = events + 1 where id = which and district_id = district returning events, state into seq, in_state;
    when 'task' then update task set events = events + 1 where id = which and district_id = district returning events, state into seq, in_state;
    end case;
    if said[1].entity = 'summons' and lane.party_no is not null then
      select p.state into in_state from summons_party p where p.summons_id = which and p.district_id = district and p.no = lane.party_no;
    end if;
    perform joint_log(said[1].entity, district, which, seq, actor, said[1].to_role, 'acknowledge', in_state, in_state, lane.party_no,
      (select p.unit_id from summons_party p where p.summons_id = which and p.district_id = district and p.no = lane.party_no),
      jsonb_build_object('text', lane.words), t);
  end loop;
  return (select array_agg(s.id) from unnest(said) s);
end $$;

-- Takes notices on oneself: the first of those addressed does it for all. Notices that are closed by now are passed over; one that
-- is not addressed to the caller refuses all, in the same words as one that does not exist.
create or replace function cc.acknowledge_notices(command uuid, ids bigint[]) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); k record; taken bigint[] := '{}';
begin
  if done is not null then return done; end if;
  perform need(cardinality(ids) between 1 and 500 and array_position(ids, null) is null, 'CC422', '一次最多确认 500 条提醒');
  perform need((select count(*) from notice n where n.id = any(ids)
                and (n.to_role, coalesce(n.to_org, n.community_id, n.street_id, n.district_id)) in (select p.role, p.org_id from my_posts() p))
               = (select count(distinct i) from unnest(ids) i), 'CC404', '没有这条提醒，或它不是发给您的');
  -- Locked in the same order as everywhere: cases, summons, meetings, tasks, each by its number.
  for k in select distinct n.district_id, n.case_id, n.entity_id, array_position('{summons,meeting,task}'::text[], n.entity) as place from notice n
            where n.id = any(ids) and n.closed_at is null order by place nulls first, n.case_id, n.entity_id loop
    if k.case_id is not null then
      taken := taken || acknowledge_of_case(k.district_id, k.case_id, ids, actor, city_now());
    else
      perform from summons x where k.place = 1 and x.district_id = k.district_id and x.id = k.entity_id for update;
      perform from meeting x where k.place = 2 and x.district_id = k.district_id and x.id = k.entity_id for update;
      perform from task x where k.place = 3 and x.district_id = k.district_id and x.id = k.entity_id for update;
      taken := taken || acknowledge_of_joint(k.district_id, k.entity_id, ids, actor, city_now());
    end if;
  end loop;
  return remember(command, actor, jsonb_build_object('acknowledged', to_jsonb(taken)));
end $$;

-- A stage that ended, stands still or has another deadline: what was said of it is no longer true. Stages that nobody was reminded
-- of, nearly all, do not come here.
create or replace function cc.close_with_stage() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  update notice set closed_at = city_now()
   where district_id = new.district_id and case_id = new.case_id and stage_seq = new.seq and closed_at is null
     and (new.ended_at is not null or new.paused_at is not null or due <> new.deadline);
  return null;
end $$;

-- A case that turns out to lie elsewhere takes its notices along.
create or replace function cc.move_notices() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  update notice set street_id = new.street_id, community_id = new.community_id
   where district_id = new.district_id and case_id = new.id and closed_at is null;
  return null;
end $$;

-- What told the supervisors of a notice goes with it.
create or replace function cc.close_unanswered() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  if new.case_id is null then
    update notice set closed_at = new.closed_at
     where district_id = new.district_id and entity_id = new.entity_id and about_id = new.id and closed_at is null;
  else
    update notice set closed_at = new.closed_at
     where district_id = new.district_id and case_id = new.case_id and about_id = new.id and closed_at is null;
  end if;
  return null;
end $$;

-- Addressed to a street or a community it is heard there, wherever the matter lies.
create or replace function cc.feed_notice() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
declare at_node int := case when new.entity is not null then new.to_org end;
begin
  insert into feed (kind, entity_id, district_id, street_id, community_id, handler_id)
  values ('notice', new.id, new.district_id, new.street_id, coalesce(at_node, new.community_id), new.to_org);
  if tg_op = 'UPDATE' and (old.street_id, old.community_id) is distinct from (new.street_id, new.community_id) then
    insert into feed (kind, entity_id, district_id, street_id, community_id, handler_id)
    values ('notice', new.id, new.district_id, old.street_id, coalesce(at_node, old.community_id), old.to_org);
  end if;
  return null;
end $$;

do $$
begin
  create trigger close_with_stage after update on cc.case_stage for each row
    when (old.reminded and (old.ended_at, old.paused_at, old.deadline) is distinct from (new.ended_at, new.paused_at, new.deadline))
    execute function cc.close_with_stage();
  create trigger move_notices after update on cc.cases for each row
    when ((old.street_id, old.community_id) is distinct from (new.street_id, new.community_id)) execute function cc.move_notices();
  create trigger close_unanswered after update on cc.notice for each row
    when (old.closed_at is null and new.closed_at is not null and new.escalated_at is not null) execute function cc.close_unanswered();
  create trigger feed_notice after insert on cc.notice for each row execute function cc.feed_notice();
  create trigger feed_notice_closed after update on cc.notice for each row
    when ((old.closed_at, old.street_id, old.community_id) is distinct from (new.closed_at, new.street_id, new.community_id))
    execute function cc.feed_notice();
end $$;
