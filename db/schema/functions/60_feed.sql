-- The live feed: one row a change and scope, and an empty wake-up for the whole cluster: three at once, then five a second.

create or replace function cc.feed_case() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  -- Every event of a case raises its `events` by one; the row that tells of it carries its number, for the counters.
  insert into feed (kind, entity_id, district_id, street_id, community_id, unit_id, handler_id, event_seq)
  values ('case', new.id, new.district_id, new.street_id, new.community_id, new.unit_id, new.handler_id,
          case when new.events > coalesce(old.events, 0) then new.events end);
  -- Told once more to those who see it no longer; a first unit takes it from nobody.
  if tg_op = 'UPDATE' and (old.street_id <> coalesce(new.street_id, 0) or old.community_id <> coalesce(new.community_id, 0)
       or old.unit_id <> coalesce(new.unit_id, 0) or old.handler_id <> coalesce(new.handler_id, 0)) then
    insert into feed (kind, entity_id, district_id, street_id, community_id, unit_id, handler_id)
    values ('case', new.id, new.district_id, old.street_id, old.community_id, old.unit_id, old.handler_id);
  end if;
  return null;
end $$;

-- Whether a NOTIFY now would hold up or break a commit: the queue fills because somebody listens without ever reading, or somebody
-- writes so much into it that all others wait for the one lock. Then nobody is woken; clients look every few seconds anyway.
create or replace function cc.may_notify() returns boolean
language plpgsql set search_path = cc, pg_temp as $$
begin
  return pg_notification_queue_usage() < 0.2 and not exists (
    select from pg_locks l where l.locktype = 'object' and l.classid = 'pg_database'::regclass and l.objid = 0 and l.pid <> pg_backend_pid()
       and (not l.granted or exists (select from pg_stat_get_activity(l.pid) a where a.query_start < clock_timestamp() - interval '0.1 s')));
end $$;

-- Runs at commit (deferred), so a transaction held open cannot claim a wake-up that others then wait for. SET CONSTRAINTS makes it run
-- at once, perhaps in a transaction that is rolled back then: such a call, known by what it runs in, wakes without claiming.
-- A token bucket in one number: the time until which wake-ups are spent, 200 ms each. Up to 400 ms ahead of now one more may be
-- spent, so it is never more than 600 ahead: further ahead only after the server's clock was set back, and nobody sleeps until then.
create or replace function cc.wake() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
declare
  ms bigint := (extract(epoch from clock_timestamp()) * 1000)::bigint;
  ahead bigint := (select last_value from wake_ms) - ms;
  within text;
begin
  if ahead between 401 and 600 or not may_notify() then return null; end if;
  if ahead between 1 and 400 and exists (select from feed where xid = new.xid and id < new.id and at >= now()) then
    return null;  -- one transaction wakes once
  end if;
  get diagnostics within = pg_context;
  if strpos(within, E'\n') = 0 and length(current_query()) < 100000 and current_query() !~* 'constraints' then
    perform setval('wake_ms', ms + 200 + case when ahead between 1 and 400 then ahead else 0 end);
  end if;
  perform pg_notify('cc_feed', '');
  return null;
end $$;

create or replace function cc.never() returns trigger
language plpgsql set search_path = cc, pg_temp as $$
begin
  raise exception using errcode = 'CC403', message = '留痕只增不改';
end $$;

do $$
begin
  create trigger feed_case after insert or update on cc.cases for each row execute function cc.feed_case();
  -- Positions wake nobody: there is always one, and clients look every few seconds.
  create constraint trigger wake after insert on cc.feed deferrable initially deferred for each row when (new.kind <> 'position') execute function cc.wake();
  create trigger append_only before update or delete on cc.case_event for each row execute function cc.never();
  create trigger append_only before update or delete on cc.reveal_log for each row execute function cc.never();
  create trigger append_only before update or delete on cc.admin_log for each row execute function cc.never();
end $$;

-- Who has which case open. Not business data: unlogged, but seen by everybody who sees the case.
create or replace function cc.look_at(which bigint) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c cases; now_at bigint; former bigint;
begin
  delete from presence where operator_id = actor.id returning case_id into former;
  select * into c from cases where id = which;
  if c.id is not null and sees(c) then
    now_at := which;
    insert into presence (district_id, operator_id, case_id) values (c.district_id, actor.id, now_at)
      on conflict (district_id, operator_id) do update set case_id = excluded.case_id, at = excluded.at;
  end if;
  insert into feed (kind, entity_id, district_id, street_id, community_id, unit_id, handler_id)
  select 'presence', k.id, k.district_id, k.street_id, k.community_id, k.unit_id, k.handler_id from cases k
   where k.id in (now_at, former) and now_at is distinct from former;
end $$;

-- The rows of cases that somebody hears of, under his own policies; null: so many that asking apart costs no more. Key by key, so that each looks at
-- its month only.
create or replace function cc.changed_rows(ids bigint[]) returns json
language plpgsql stable strict set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  if cardinality(ids) > 50 then return null; end if;
  return (select json_agg(c) from unnest(ids) changed(id) join cases c on c.id = changed.id);
end $$;

-- What a client asks at each wake-up, under its own policies: everything new since its previous snapshot, in one statement with one
-- snapshot, because the function is stable. Its plan is made once a session: planned each time it took three times as long. Few rows
-- among many: by the index, whatever a plan without the snapshot's value would guess.
create or replace function cc.feed_since(prev pg_snapshot)
returns table (snapshot text, city_time float8, clock_speed float8, epoch text, age_s float8, cases bigint[], presence bigint[], notices bigint[], others bigint, joint bigint[], rows json,
  positions bigint[], wall bigint, emergency bigint, topics bigint)
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return query
  select pg_current_snapshot()::text, extract(epoch from k.city_time)::float8, k.clock_speed, e.epoch::text,
         extract(epoch from clock_timestamp() - max(f.at) filter (where f.kind <> 'position'))::float8,
         array_agg(distinct f.entity_id) filter (where f.kind = 'case'),
         array_agg(distinct f.entity_id) filter (where f.kind = 'presence'),
         array_agg(distinct f.entity_id) filter (where f.kind = 'notice'),
         count(*) filter (where f.kind in ('catalogue','org')),
         array_agg(distinct f.entity_id) filter (where f.kind in ('summons','meeting','task')),
         changed_rows(array_agg(distinct f.entity_id) filter (where f.kind = 'case')),
         array_agg(distinct f.entity_id) filter (where f.kind = 'position'),
         count(*) filter (where f.kind = 'wall'), count(*) filter (where f.kind = 'emergency'),
         count(*) filter (where f.kind = 'topic')
    from clock_state() k cross join feed_epoch e
    left join (select * from feed f0 where f0.xid >= pg_snapshot_xmin(prev) and not pg_visible_in_snapshot(f0.xid, prev)) f on true
   group by k.city_time, k.clock_speed, e.epoch;
end $$;
