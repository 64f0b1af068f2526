-- 回放: the rows of any moment, from the events. Each event of a case carries the row that it left (became), so a case at t is what its last
-- event until t says; of whistles, orders, meetings and tasks joint_past keeps the same once a transaction. Who sees what: by the caller's
-- present duties and the row of then, as the policies say of a row of now.

-- ------------------------------------------------------------------ what an event leaves
create or replace function cc.image_of(n cc.cases) returns cc.case_image
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return row(n.version, n.open, n.grade, n.priority, n.urgent, n.citizen, n.item_id, n.grid_id, n.unit_id, n.handler_id,
    n.ruled, n.stage_since, n.deadline, n.warn_at, n.clock, n.paused_left_s, n.resume_at, n.dispatched_by, n.dispatched_at, n.returns, n.reworks, n.asked,
    n.supervised, n.on_ledger, n.answered, n.followed_up, n.photos)::case_image;
end $$;

create or replace function cc.past_of_summons(s cc.summons) returns cc.joint_past
language plpgsql stable set search_path = cc, pg_temp as $$
declare k joint_past; d summons_detail;
begin
  select * into d from summons_detail x where x.summons_id = s.id and x.district_id = s.district_id;
  k.seq := s.events; k.open := s.open; k.street_id := s.street_id; k.community_id := s.community_id; k.unit_ids := s.unit_ids;
  k.image := to_jsonb(s) - '{unit_ids,drafted_by,missing}'::text[] || jsonb_build_object(
    'cases', (select coalesce(jsonb_agg(c.case_id order by c.case_id), '[]') from summons_case c where c.summons_id = s.id and c.district_id = s.district_id),
    -- Where a unit's people signed in is nobody's business in a replay, only whether it was near.
    'parties', (select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(p) - '{district_id,summons_id,lon,lat,signed_by}'::text[]) order by p.no), '[]')
                  from summons_party p where p.summons_id = s.id and p.district_id = s.district_id));
  k.words := jsonb_build_object('title', d.title, 'place', d.place);
  return k;
end $$;

create or replace function cc.past_of_meeting(m cc.meeting) returns cc.joint_past
language plpgsql stable set search_path = cc, pg_temp as $$
declare k joint_past; d meeting_detail;
begin
  select * into d from meeting_detail x where x.meeting_id = m.id and x.district_id = m.district_id;
  k.seq := m.events; k.open := m.open; k.street_id := m.street_id; k.community_id := m.community_id; k.unit_ids := m.unit_ids;
  k.image := to_jsonb(m) - '{unit_ids,called_by}'::text[] || jsonb_build_object(
    'cases', (select coalesce(jsonb_agg(c.case_id order by c.case_id), '[]') from meeting_case c where c.meeting_id = m.id and c.district_id = m.district_id),
    'attendees', (select coalesce(jsonb_agg(jsonb_build_array(a.unit_id, a.state) order by a.unit_id), '[]') from meeting_attendee a
                    where a.meeting_id = m.id and a.district_id = m.district_id));
  k.words := jsonb_build_object('title', d.title, 'place', d.place);
  return k;
end $$;

create or replace function cc.past_of_task(j cc.task) returns cc.joint_past
language plpgsql stable set search_path = cc, pg_temp as $$
declare k joint_past; d task_detail;
begin
  select * into d from task_detail x where x.task_id = j.id and x.district_id = j.district_id;
  k.seq := j.events; k.open := j.open; k.street_id := j.street_id; k.unit_ids := array[j.unit_id];
  k.image := to_jsonb(j) - '{issued_by}'::text[];
  k.words := jsonb_build_object('title', d.title, 'leader', d.leader);
  return k;
end $$;

create or replace function cc.past_of(of_entity text, which bigint) returns cc.joint_past
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case of_entity
  when 'summons' then return (select past_of_summons(s) from summons s where s.id = which);
  when 'meeting' then return (select past_of_meeting(m) from meeting m where m.id = which);
  else return (select past_of_task(j) from task j where j.id = which);
  end case;
end $$;

create or replace function cc.events_of(of_entity text, which bigint) returns int
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case of_entity
  when 'summons' then return (select s.events from summons s where s.id = which);
  when 'meeting' then return (select m.events from meeting m where m.id = which);
  else return (select j.events from task j where j.id = which);
  end case;
end $$;

-- At commit, when all lanes stand as they will be seen; of sixty calls at once the last one alone keeps them.
create or replace function cc.keep_joint() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
declare k joint_past;
begin
  if new.seq <> events_of(new.entity, new.entity_id) then return null; end if;
  k := past_of(new.entity, new.entity_id);
  k.district_id := new.district_id; k.entity := new.entity; k.entity_id := new.entity_id; k.at := new.at;
  insert into joint_past select k.* on conflict do nothing;
  return null;
end $$;

do $$
begin
  create constraint trigger keep_joint after insert on cc.joint_event deferrable initially deferred for each row execute function cc.keep_joint();
  create trigger append_only before update or delete on cc.joint_past for each row execute function cc.never();
end $$;

-- ------------------------------------------------------------------ how far back
-- Districts in which the caller may see something.
create or replace function cc.replayed_districts() returns int[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare whole int[] := my_districts(); places int[] := my_areas() || my_units();
begin
  return (
    select coalesce(array_agg(d.district_id), '{}') from district d
     where d.district_id = any(whole) or exists (select from org o where o.id = any(places) and o.district_id in (d.district_id, d.shared_id)));
end $$;

-- The moments that can be shown: the last 90 days, but nothing from before the events told enough.
create or replace function cc.replay_limits(out since timestamptz, out until timestamptz)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare who operator := me();
begin
  until := city_now();
  since := greatest(until - interval '90 days', (select max(r.at) from replay_start r where r.district_id = any(replayed_districts())));
end $$;

create or replace function cc.need_replayable(t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k record;
begin
  select * into k from replay_limits();
  -- A client that asks for the first moment asks a little later than it was told.
  perform need(t >= k.since - interval '10 minutes', 'CC422', format('只能回放 %s 之后的情形', to_char(k.since at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')));
  perform need(t <= k.until, 'CC422', '还没有到这个时刻');
end $$;

-- Events by the hour in the caller's scope, from the counters and what they have not folded yet.
create or replace function cc.replay_density(since timestamptz, until timestamptz) returns table (hour timestamptz, n bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare who operator := me(); here int[] := replayed_districts(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units();
begin
  perform need(replay_density.until - replay_density.since <= interval '100 days', 'CC422', '时间范围过大');
  perform need(rollup_sound(), 'CC510', '统计正在重建，请稍候');
  return query
  with parts as (
    select h.hour, h.n from hourly h
     where h.district_id = any(here) and h.hour >= hour_of(replay_density.since) and h.hour < replay_density.until and h.measure not like 'stage.%'
       and (h.district_id = any(whole) or h.street_id = any(areas) or h.community_id = any(areas) or h.unit_id = any(units))
    union all
    select hour_of(u.at), 1 from unfolded() u
     where u.at >= hour_of(replay_density.since) and u.at < replay_density.until and u.measure not like 'stage.%'
       and (u.district_id = any(whole) or u.street_id = any(areas) or u.community_id = any(areas) or u.unit_id = any(units)))
  select p.hour, sum(p.n)::bigint from parts p group by p.hour order by p.hour;
end $$;

-- ------------------------------------------------------------------ cases
-- The row as this event left it. What CaseRow does not hold is empty: nothing of today comes along.
create or replace function cc.row_then(c cc.cases, e cc.case_event) returns cc.cases
language plpgsql immutable set search_path = cc, pg_temp as $$
declare r cases; k case_image := e.became;
begin
  r.district_id := c.district_id; r.id := c.id; r.no := c.no; r.channel_id := c.channel_id; r.lon := c.lon; r.lat := c.lat; r.reported_at := c.reported_at;
  r.state := e.to_state; r.street_id := e.street_id; r.community_id := e.community_id; r.changed_at := e.at; r.events := e.seq;
  r.version := k.version; r.open := k.open; r.grade := k.grade; r.priority := k.priority; r.urgent := k.urgent; r.citizen := k.citizen; r.item_id := k.item_id;
  r.grid_id := k.grid_id; r.unit_id := k.unit_id; r.handler_id := k.handler_id; r.ruled := k.ruled; r.stage_since := k.stage_since; r.deadline := k.deadline;
  r.warn_at := k.warn_at; r.clock := k.clock; r.paused_left_s := k.paused_left_s; r.resume_at := k.resume_at; r.dispatched_by := k.dispatched_by;
  r.dispatched_at := k.dispatched_at; r.returns := k.returns; r.reworks := k.reworks; r.asked := k.asked; r.supervised := k.supervised;
  r.on_ledger := k.on_ledger; r.answered := k.answered; r.followed_up := k.followed_up; r.photos := k.photos;
  return r;
end $$;

-- Cases that may have been open, or on the ledger, at t: what is now closed was closed later, or lay on the ledger for longer. More than
-- were; the events decide.
create or replace function cc.maybe_open_at(t timestamptz, here int[]) returns setof cc.cases
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare last_id bigint := case_id_at(t, 999999999);
begin
  return query
  select c.* from cases c where c.district_id = any(here) and c.open and c.id <= last_id and c.reported_at <= t
  union all
  select c.* from cases c where c.district_id = any(here) and not c.open and c.closed_at > t and c.id <= last_id and c.reported_at <= t
  union all
  select c.* from cases c where c.district_id = any(here) and c.on_ledger and not c.open and c.closed_at <= t and c.id <= last_id
  union all
  select c.* from (select distinct l.case_id, l.district_id from ledger l
                    where l.kind = 'force_close' and l.cleared_at > t and l.opened_at <= t and l.district_id = any(here)) l
    join cases c on c.id = l.case_id and c.district_id = l.district_id where not c.on_ledger and not c.open and c.closed_at <= t;
end $$;

-- Every case in scope that was open, or a forced closure not yet cleared, at t, with its row of then.
create or replace function cc.cases_at(t timestamptz) returns setof cc.cases
language plpgsql stable security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare who operator := me(); here int[] := replayed_districts(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units();
begin
  perform need_replayable(t);
  return query
  select was.* from maybe_open_at(t, here) c
    cross join lateral (select x.* from case_event x where x.case_id = c.id and x.district_id = c.district_id and x.at <= t order by x.seq desc limit 1) e
    cross join lateral row_then(c, e) was
   where ((e.became).open or (e.became).on_ledger)
     and (e.district_id = any(whole) or e.street_id = any(areas) or e.community_id = any(areas)
          or (e.became).handler_id = any(units) or (e.became).unit_id = any(units));
end $$;

-- What happened after `since` until `until`, in the order of the city's clock, with the row that each event left; of what happened to a case at one
-- moment the last. gone: it left the caller's scope (of the row only the id). at_most rows; whoever gets as many asks on from the last.
create or replace function cc.case_changes(since timestamptz, until timestamptz, at_most int) returns table (at timestamptz, gone boolean, was cc.cases)
language plpgsql stable security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare who operator := me(); here int[] := replayed_districts(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units(); hidden cases;
begin
  perform need_replayable(since);
  return query
  with told as (
    select e, seen.ok from case_event e
      cross join lateral (select coalesce(e.district_id = any(whole) or e.street_id = any(areas) or e.community_id = any(areas)
                                  or (e.became).handler_id = any(units) or (e.became).unit_id = any(units), false) as ok) seen
     where e.at > since and e.at <= until and e.district_id = any(here) and (e.became).version is not null
       and not exists (select from case_event x where x.case_id = e.case_id and x.district_id = e.district_id and x.seq > e.seq and x.at <= e.at)
       and (seen.ok or exists (select from case_event x where x.case_id = e.case_id and x.district_id = e.district_id and x.seq < e.seq
             and (x.street_id = any(areas) or x.community_id = any(areas) or (x.became).handler_id = any(units) or (x.became).unit_id = any(units))))
     order by e.at, e.case_id limit at_most)
  select (told.e).at, not told.ok, case when told.ok then row_then(c, told.e) else only_id(c) end
    from told join cases c on c.id = (told.e).case_id and c.district_id = (told.e).district_id
   order by (told.e).at, (told.e).case_id;
end $$;

create or replace function cc.only_id(c cc.cases) returns cc.cases
language plpgsql immutable set search_path = cc, pg_temp as $$
declare r cases;
begin
  r.id := c.id; r.district_id := c.district_id;
  return r;
end $$;

-- ------------------------------------------------------------------ whistles, orders, meetings, tasks
-- Without the words for who reads none.
create or replace function cc.told_then(k cc.joint_past, words boolean) returns jsonb
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return k.image || case when words then k.words when k.entity = 'task' then '{"title": "", "leader": ""}' else '{"title": "", "place": ""}'::jsonb end;
end $$;

-- All in scope that were open at t.
create or replace function cc.joint_at(t timestamptz) returns table (entity text, told jsonb)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare who operator := me(); here int[] := replayed_districts(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units(); may_read boolean := reads_text();
begin
  perform need_replayable(t);
  return query
  with maybe as (
    select s.id, s.district_id from summons s where s.district_id = any(here) and s.drafted_at <= t and (s.open or s.archived_at > t)
    union all select m.id, m.district_id from meeting m where m.district_id = any(here) and m.called_at <= t and (m.open or m.closed_at > t)
    union all select j.id, j.district_id from task j where j.district_id = any(here) and j.issued_at <= t and (j.open or j.closed_at > t))
  select k.entity, told_then(k, may_read) from maybe
    cross join lateral (select x.* from joint_past x where x.entity_id = maybe.id and x.district_id = maybe.district_id and x.at <= t order by x.seq desc limit 1) k
   where k.open and (k.district_id = any(whole) or k.street_id = any(areas) or k.community_id = any(areas) or k.unit_ids && units or k.unit_ids && areas);
end $$;

create or replace function cc.joint_changes(since timestamptz, until timestamptz, at_most int) returns table (at timestamptz, entity text, told jsonb)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare who operator := me(); here int[] := replayed_districts(); whole int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units(); may_read boolean := reads_text();
begin
  perform need_replayable(since);
  return query
  select k.at, k.entity, told_then(k, may_read) from joint_past k
   where k.at > since and k.at <= until and k.district_id = any(here)
     and (k.district_id = any(whole) or k.street_id = any(areas) or k.community_id = any(areas) or k.unit_ids && units or k.unit_ids && areas)
     and not exists (select from joint_past x where x.entity_id = k.entity_id and x.district_id = k.district_id and x.seq > k.seq and x.at <= k.at)
   order by k.at, k.entity_id limit at_most;
end $$;
