-- Counters by the hour, folded from the feed: no counter row is hot, none is ever counted twice (ADR 008).
-- What has not been folded yet is added when figures are asked for, so they are exact at every moment.

-- Everything that is counted of one event, computed from the events alone: a rebuild finds the same.
drop view if exists cc.measured_stage;
drop view if exists cc.measured_event;
create view cc.measured_event as
  select e.district_id, e.case_id, e.seq, e.at, e.action as measure,
         coalesce(e.street_id, 0) as street_id, coalesce(e.community_id, 0) as community_id,
         coalesce(case when e.action = 'return_case' then (e.what->>'from_unit')::int else e.unit_id end, 0) as unit_id,
         c.channel_id, 0::bigint as used_s, 0 as late
  from cc.case_event e join cc.cases c on c.id = e.case_id and c.district_id = e.district_id;

-- And of a stage, counted with the event that ended it.
create view cc.measured_stage as
  select e.district_id, e.case_id, e.seq, e.at, 'stage.' || s.stage as measure,
         coalesce(e.street_id, 0) as street_id, coalesce(e.community_id, 0) as community_id, coalesce(s.unit_id, 0) as unit_id,
         c.channel_id, coalesce(s.used_s, 0) as used_s, s.overdue::int as late
  from cc.case_event e
  join cc.case_stage s on s.case_id = e.case_id and s.ended_by = e.seq and s.district_id = e.district_id
  join cc.cases c on c.id = e.case_id and c.district_id = e.district_id;

create or replace function cc.hour_of(t timestamptz) returns timestamptz
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return case when isfinite(t) then date_bin('1 hour', t, '2000-01-01 00:00+00') else t end;
end $$;

-- Whether counters and feed belong together. Not so after a restore by other means than ours: there transaction numbers start anew.
create or replace function cc.rollup_sound() returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(s.epoch = e.epoch and pg_snapshot_xmax(s.seen) <= pg_snapshot_xmax(pg_current_snapshot()), false)
    from rollup_state s, feed_epoch e);
end $$;

-- What the feed brought since it was folded last, by the snapshot of then: a transaction that commits late is new whenever it does.
-- `own` marked cases after it had folded, and its snapshot may or may not have counted itself: its rows are always new.
-- Few rows among very many: by their keys and no other way, whatever the statistics say; planned over all months once a session.
create or replace function cc.unfolded(but xid8 default null) returns setof cc.measured_event
language plpgsql stable set search_path = cc, pg_temp set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare s rollup_state;
begin
  select * into s from rollup_state;
  return query
  with news as materialized (
    select f.entity_id, f.event_seq, f.district_id from feed f
     where f.xid >= pg_snapshot_xmin(s.seen) and (not pg_visible_in_snapshot(f.xid, s.seen) or f.xid = s.own)
       and f.event_seq is not null and f.xid is distinct from but)
  select m.* from news k join measured_event m on m.case_id = k.entity_id and m.seq = k.event_seq and m.district_id = k.district_id
  union all
  select m.* from news k join measured_stage m on m.case_id = k.entity_id and m.seq = k.event_seq and m.district_id = k.district_id;
end $$;

-- Adds what is new to the counters and moves the mark, in one statement: counters, mark and feed are of one snapshot.
create or replace function cc.fold_feed(but xid8 default pg_current_xact_id()) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare folded int;
begin
  perform from rollup_state for update;
  with sums as materialized (
    select u.district_id, hour_of(u.at) as hour, u.measure, u.street_id, u.community_id, u.unit_id, u.channel_id,
           count(*)::int as n, sum(u.used_s)::bigint as used_s, sum(u.late)::int as late
    from unfolded(but) u group by 1, 2, 3, 4, 5, 6, 7),
  hours as (
    insert into hourly as h select * from sums
    on conflict (district_id, hour, measure, street_id, community_id, unit_id, channel_id)
    do update set n = h.n + excluded.n, used_s = h.used_s + excluded.used_s, late = h.late + excluded.late),
  days as (
    insert into unit_day as x
    select s.district_id, (s.hour at time zone d.time_zone)::date, s.unit_id, s.measure, sum(s.n), sum(s.used_s), sum(s.late)
    from sums s join district d on d.district_id = s.district_id where s.unit_id <> 0 group by 1, 2, 3, 4
    on conflict (district_id, day, unit_id, measure)
    do update set n = x.n + excluded.n, used_s = x.used_s + excluded.used_s, late = x.late + excluded.late),
  placed as materialized (
    select w.*, place_id, (w.at at time zone d.time_zone)::date as day
      from unfolded_wall(but) w join district d on d.district_id = w.district_id cross join places_of(w.district_id, w.street_id, w.community_id) place_id),
  place_days as (
    insert into place_day as x
    select w.district_id, w.place_id, w.day, w.measure, w.channel_id, count(*), sum(w.used_s), sum(w.late) from placed w group by 1, 2, 3, 4, 5
    on conflict (district_id, place_id, day, measure, channel_id)
    do update set n = x.n + excluded.n, used_s = x.used_s + excluded.used_s, late = x.late + excluded.late),
  place_slots as (
    insert into place_slot as x
    select w.district_id, w.place_id, slot_of(w.at), is_closing(w.measure), count(*) from placed w
     where w.measure = 'report' or is_closing(w.measure) group by 1, 2, 3, 4
    on conflict (district_id, place_id, slot, closing) do update set n = x.n + excluded.n),
  moved as (update rollup_state set seen = pg_current_snapshot(), own = pg_current_xact_id(), at = clock_timestamp())
  select coalesce(sum(n), 0) into folded from sums;
  return folded;
end $$;

-- From the events themselves; for a city that had no counters yet, or whose feed is not the one that was folded.
create or replace function cc.rebuild_rollup() returns int
language plpgsql set search_path = cc, pg_temp as $$
declare me xid8 := pg_current_xact_id(); counted int;
begin
  perform from rollup_state for update;
  delete from hourly;
  delete from unit_day;
  delete from place_day;
  delete from place_slot;
  with facts as (
    select * from measured_event union all select * from measured_stage),
  hours as (
    insert into hourly
    select district_id, hour_of(at), measure, street_id, community_id, unit_id, channel_id, count(*), sum(used_s), sum(late)
    from facts m
    where not exists (select from feed f where f.xid = me and f.entity_id = m.case_id and f.event_seq = m.seq)
    group by 1, 2, 3, 4, 5, 6, 7 returning n),
  placed as materialized (
    select w.*, place_id, (w.at at time zone d.time_zone)::date as day
      from (select * from wall_fact union all select * from wall_stage) w join district d on d.district_id = w.district_id
      cross join places_of(w.district_id, w.street_id, w.community_id) place_id
     where not exists (select from feed f where f.xid = me and f.entity_id = w.case_id and f.event_seq = w.seq)),
  place_days as (
    insert into place_day
    select w.district_id, w.place_id, w.day, w.measure, w.channel_id, count(*), sum(w.used_s), sum(w.late) from placed w group by 1, 2, 3, 4, 5),
  place_slots as (
    insert into place_slot
    select w.district_id, w.place_id, slot_of(w.at), is_closing(w.measure), count(*) from placed w
     where w.measure = 'report' or is_closing(w.measure) group by 1, 2, 3, 4),
  moved as (update rollup_state set seen = pg_current_snapshot(), own = me, epoch = (select epoch from feed_epoch), at = clock_timestamp())
  select coalesce(sum(n), 0) into counted from hours;
  insert into unit_day
  select h.district_id, (h.hour at time zone d.time_zone)::date, h.unit_id, h.measure, sum(h.n), sum(h.used_s), sum(h.late)
  from hourly h join district d on d.district_id = h.district_id where h.unit_id <> 0 group by 1, 2, 3, 4;
  return counted;
end $$;

-- The round's part.
create or replace function cc.roll_up() returns int
language plpgsql set search_path = cc, pg_temp as $$
begin
  return case when rollup_sound() then fold_feed() else rebuild_rollup() end;
end $$;

-- After a restore: what the backup had not folded is told by its own snapshot and transaction numbers; they mean nothing here, so
-- all of it is folded, then feed and mark begin anew. Every client loads anew.
create or replace function cc.begin_feed_epoch() returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  if (select s.seen is not null and s.epoch = e.epoch from rollup_state s, feed_epoch e) then
    perform fold_feed(null);
    update rollup_state set own = null, epoch = gen_random_uuid();
    update feed_epoch set epoch = (select epoch from rollup_state);
  else
    update feed_epoch set epoch = gen_random_uuid();
  end if;
  truncate feed;
end $$;
