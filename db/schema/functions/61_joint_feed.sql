-- What happens to a whistle, meeting or task reaches everybody who may read it.

-- One row of the feed for the territory and one for each unit that takes part.
create or replace function cc.feed_joint() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
declare s joint_scope := case new.entity when 'summons' then summons_scope(new.entity_id) when 'meeting' then meeting_scope(new.entity_id) else task_scope(new.entity_id) end;
begin
  insert into feed (kind, entity_id, district_id, street_id, community_id) values (new.entity, new.entity_id, s.district_id, s.street_id, s.community_id);
  insert into feed (kind, entity_id, district_id, unit_id) select new.entity, new.entity_id, s.district_id, u from unnest(s.seen_by) u;
  return null;
end $$;

do $$
begin
  create trigger feed_joint after insert on cc.joint_event for each row execute function cc.feed_joint();
  create trigger append_only before update or delete on cc.joint_event for each row execute function cc.never();
end $$;
