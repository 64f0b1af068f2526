-- What happens to a whistle, meeting or task reaches everybody who may read it.

-- One row of the feed for the territory and one for each unit that takes part; once a transaction, for all of it becomes known together:
-- a call of sixty units is 61 rows, not one for each that was there when each was called.
create or replace function cc.feed_joint() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
declare s joint_scope := case new.entity when 'summons' then summons_scope(new.entity_id) when 'meeting' then meeting_scope(new.entity_id) else task_scope(new.entity_id) end;
begin
  with told as (
    select f.street_id, f.community_id, f.unit_id from feed f
     where f.district_id = s.district_id and f.xid = pg_current_xact_id() and f.kind = new.entity and f.entity_id = new.entity_id)
  insert into feed (kind, entity_id, district_id, street_id, community_id, unit_id)
  select new.entity, new.entity_id, s.district_id, k.street_id, k.community_id, k.unit_id
    from (select s.street_id, s.community_id, null::int as unit_id union all
          -- A street or community that is called is seen by whoever works for it, not by its clerks alone.
          select case o.kind when 'street' then o.id end, case o.kind when 'community' then o.id end, o.id from org o where o.id = any(s.seen_by)) k
   where not exists (select from told where (told.street_id, told.community_id, told.unit_id) is not distinct from (k.street_id, k.community_id, k.unit_id));
  return null;
end $$;

do $$
begin
  create trigger feed_joint after insert on cc.joint_event for each row execute function cc.feed_joint();
  create trigger append_only before update or delete on cc.joint_event for each row execute function cc.never();
end $$;
