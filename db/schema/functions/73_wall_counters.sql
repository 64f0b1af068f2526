-- Counters of the wall by place (place_day, place_slot): of the same facts as hourly, folded in the same statement (72_rollup.sql).

create or replace function cc.slot_of(t timestamptz) returns timestamptz
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return date_bin('10 minutes', t, '2000-01-01 00:00+00');
end $$;

create or replace function cc.is_closing(measure text) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select measure in ('close','self_handle','force_close')
$$;

drop view if exists cc.wall_stage;
drop view if exists cc.wall_fact;
create view cc.wall_fact as
  select e.district_id, e.case_id, e.seq, e.at, e.action as measure, coalesce(e.street_id, 0) as street_id, coalesce(e.community_id, 0) as community_id,
         case e.action when 'report' then c.channel_id else 0 end as channel_id, 0::bigint as used_s,
         (e.action = 'follow_up' and coalesce(e.what->>'satisfied', '') not in ('satisfied','basically'))::int as late
  from cc.case_event e join cc.cases c on c.id = e.case_id and c.district_id = e.district_id
  where e.action in ('report','file','reopen','dispatch','rule','undo_dispatch','receive','feedback','verify','close','self_handle','force_close','follow_up');
create view cc.wall_stage as
  select e.district_id, e.case_id, e.seq, e.at, 'stage.' || s.stage as measure, coalesce(e.street_id, 0) as street_id, coalesce(e.community_id, 0) as community_id,
         0 as channel_id, coalesce(s.used_s, 0) as used_s, s.overdue::int as late
  from cc.case_event e join cc.case_stage s on s.case_id = e.case_id and s.ended_by = e.seq and s.district_id = e.district_id;

-- As cc.unfolded: what the feed brought since it was folded last.
create or replace function cc.unfolded_wall(but xid8 default null) returns setof cc.wall_fact
language plpgsql stable set search_path = cc, pg_temp set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare s rollup_state;
begin
  select * into s from rollup_state;
  return query
  with news as materialized (
    select f.entity_id, f.event_seq, f.district_id from feed f
     where f.xid >= pg_snapshot_xmin(s.seen) and (not pg_visible_in_snapshot(f.xid, s.seen) or f.xid = s.own)
       and f.event_seq is not null and f.xid is distinct from but)
  select m.* from news k join wall_fact m on m.case_id = k.entity_id and m.seq = k.event_seq and m.district_id = k.district_id
  union all
  select m.* from news k join wall_stage m on m.case_id = k.entity_id and m.seq = k.event_seq and m.district_id = k.district_id;
end $$;

-- Every place that a fact lies in.
create or replace function cc.places_of(district int, street int, community int) returns setof int
language sql immutable rows 3 set search_path = cc, pg_temp as $$
  select x from unnest(array[district, nullif(street, 0), nullif(community, 0)]) x where x is not null
$$;

-- The trend of last year is the oldest that is asked for.
create or replace function cc.drop_old_slots(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare gone int;
begin
  delete from place_slot where slot < t - interval '370 days';
  get diagnostics gone = row_count;
  return gone;
end $$;
