-- admin_log, reveal_log, joint_event and who looked at cameras are sealed in the same chain as the events of cases; and what guards the trace must be in place.

-- The log's name is the trigger's argument: of a table cut by district tg_table_name would be the piece's.
create or replace function cc.queue_log() returns trigger
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  insert into log_queue values (new.district_id, tg_argv[0], new.id);
  return null;
end $$;

do $$
begin
  create trigger queue_log after insert on cc.admin_log for each row execute function cc.queue_log('admin_log');
  create trigger queue_log after insert on cc.reveal_log for each row execute function cc.queue_log('reveal_log');
  create trigger queue_log after insert on cc.joint_event for each row execute function cc.queue_log('joint_event');
  create trigger queue_log after insert on cc.camera_viewing for each row execute function cc.queue_log('camera_viewing');
  create trigger queue_log after insert on cc.camera_viewing_end for each row execute function cc.queue_log('camera_viewing_end');
  create trigger queue_log after insert on cc.wall_push for each row execute function cc.queue_log('wall_push');
  create trigger append_only before update or delete on cc.wall_push for each row execute function cc.never();
  create trigger queue_log after insert on cc.emergency_event for each row execute function cc.queue_log('emergency_event');
  create trigger queue_log after insert on cc.phone_look for each row execute function cc.queue_log('phone_look');
  create trigger append_only before update or delete on cc.phone_look for each row execute function cc.never();
  create trigger append_only before update or delete on cc.patrol_track for each row execute function cc.never();
  create trigger append_only before update or delete on cc.camera_viewing for each row execute function cc.never();
  create trigger append_only before update or delete on cc.camera_viewing_end for each row execute function cc.never();
  create trigger append_only before update or delete on cc.camera_evidence for each row execute function cc.never();
end $$;

create or replace function cc.admin_digest(a cc.admin_log) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('admin_log', a.district_id, a.id, extract(epoch from a.at), a.actor_login, a.action,
    a.subject, a.detail)::text, 'UTF8')), 'hex')
$$;

create or replace function cc.reveal_digest(r cc.reveal_log) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('reveal_log', r.district_id, r.id, extract(epoch from r.at), r.actor_id, r.actor_login,
    r.case_id, r.reporter_id, r.reason, r.xid::text)::text, 'UTF8')), 'hex')
$$;

create or replace function cc.joint_digest(e cc.joint_event) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('joint_event', e.district_id, e.id, e.entity, e.entity_id, e.seq, extract(epoch from e.at),
    extract(epoch from e.recorded_at), e.actor_id, e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state, e.party_no, e.unit_id,
    e.what)::text, 'UTF8')), 'hex')
$$;

create or replace function cc.viewing_digest(v cc.camera_viewing) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('camera_viewing', v.district_id, v.id, v.camera_id, v.actor_id, v.actor_login, v.stream, v.purpose,
    v.case_id, extract(epoch from v.began_at), extract(epoch from v.recorded_at), v.xid::text)::text, 'UTF8')), 'hex')
$$;

create or replace function cc.viewing_end_digest(e cc.camera_viewing_end) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('camera_viewing_end', e.district_id, e.id, e.actor_id, extract(epoch from e.ended_at),
    extract(epoch from e.recorded_at))::text, 'UTF8')), 'hex')
$$;

create or replace function cc.emergency_digest(e cc.emergency_event) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('emergency_event', e.district_id, e.id, e.emergency_id, e.seq, extract(epoch from e.at),
    extract(epoch from e.recorded_at), e.actor_id, e.actor_login, e.actor_name, e.role, e.action, e.unit_id, e.team_state, e.words)::text, 'UTF8')), 'hex')
$$;

create or replace function cc.push_digest(p cc.wall_push) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array('wall_push', p.district_id, p.id, p.wall_id, p.action, p.kind, p.entity_id, p.scene, extract(epoch from p.until),
    extract(epoch from p.at), extract(epoch from p.recorded_at), p.actor_id, p.actor_login)::text, 'UTF8')), 'hex')
$$;

-- Null when there is no such entry.
create or replace function cc.entry_digest(district int, of_log text, entry bigint) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if of_log = 'admin_log' then
    return (select admin_digest(a) from admin_log a where a.district_id = district and a.id = entry);
  end if;
  if of_log = 'joint_event' then
    return (select joint_digest(e) from joint_event e where e.district_id = district and e.id = entry);
  end if;
  if of_log = 'camera_viewing' then
    return (select viewing_digest(v) from camera_viewing v where v.district_id = district and v.id = entry);
  end if;
  if of_log = 'camera_viewing_end' then
    return (select viewing_end_digest(e) from camera_viewing_end e where e.district_id = district and e.id = entry);
  end if;
  if of_log = 'wall_push' then
    return (select push_digest(p) from wall_push p where p.district_id = district and p.id = entry);
  end if;
  if of_log = 'emergency_event' then
    return (select emergency_digest(e) from emergency_event e where e.district_id = district and e.id = entry);
  end if;
  if of_log = 'phone_look' then
    return (select phone_look_digest(p) from phone_look p where p.district_id = district and p.id = entry);
  end if;
  return (select reveal_digest(r) from reveal_log r where r.district_id = district and r.id = entry);
end $$;

-- An entry that was removed while it waited is sealed as nothing: no digest is that, and so it is named for ever.
create or replace function cc.seal_logs(district int, number int, at_most int) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare sealed int;
begin
  with batch as (delete from log_queue q where (q.district_id, q.log, q.entry_id) in
      (select k.district_id, k.log, k.entry_id from log_queue k where k.district_id = district order by k.log, k.entry_id limit at_most) returning q.*)
  insert into log_leaf select b.district_id, b.log, b.entry_id, number, coalesce(entry_digest(b.district_id, b.log, b.entry_id), '') from batch b;
  get diagnostics sealed = row_count;
  return sealed;
end $$;

create or replace function cc.log_faults() returns table (fault text, district int, event_case bigint, event_seq int, seal_no int, subject text, entry bigint)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
    with entries as (
      select a.district_id, 'admin_log' as log, a.id, admin_digest(a) as now_is from admin_log a
      union all select r.district_id, 'reveal_log', r.id, reveal_digest(r) from reveal_log r
      union all select j.district_id, 'joint_event', j.id, joint_digest(j) from joint_event j
      union all select v.district_id, 'camera_viewing', v.id, viewing_digest(v) from camera_viewing v
      union all select m.district_id, 'emergency_event', m.id, emergency_digest(m) from emergency_event m
      union all select p.district_id, 'phone_look', p.id, phone_look_digest(p) from phone_look p
      union all select p.district_id, 'wall_push', p.id, push_digest(p) from wall_push p
      union all select x.district_id, 'camera_viewing_end', x.id, viewing_end_digest(x) from camera_viewing_end x)
    select case when e.id is null then 'removed' else 'changed' end, l.district_id, null::bigint, null::int, l.seal_id, l.log, l.entry_id
      from log_leaf l left join entries e on e.district_id = l.district_id and e.log = l.log and e.id = l.entry_id
     where e.now_is is distinct from l.digest
    union all
    select 'unsealed', e.district_id, null::bigint, null::int, null::int, e.log, e.id from entries e
     where not exists (select from log_leaf l where l.district_id = e.district_id and l.log = e.log and l.entry_id = e.id)
       and not exists (select from log_queue q where q.district_id = e.district_id and q.log = e.log and q.entry_id = e.id)
    union all
    select 'missing', m.district_id, m.id::bigint, g, null::int, 'emergency_event', null::bigint
      from emergency m, lateral generate_series(1, m.events) g
     where not exists (select from emergency_event e where e.emergency_id = m.id and e.seq = g and e.district_id = m.district_id)
    union all
    select 'extra', e.district_id, e.emergency_id::bigint, e.seq, null::int, 'emergency_event', e.id from emergency_event e
     where not exists (select from emergency m where m.id = e.emergency_id and m.district_id = e.district_id and e.seq between 1 and m.events)
    union all
    -- A whistle, meeting or task counts its events: one that is gone before it was sealed leaves a gap, one put in has no number.
    select 'missing', m.district_id, m.id, g, null::int, 'joint_event', null::bigint
      from (select w.district_id, w.id, w.events from summons w union all select w.district_id, w.id, w.events from meeting w
            union all select w.district_id, w.id, w.events from task w) m, lateral generate_series(1, m.events) g
     where not exists (select from joint_event e where e.entity_id = m.id and e.seq = g and e.district_id = m.district_id)
    union all
    select 'extra', e.district_id, e.entity_id, e.seq, null::int, 'joint_event', e.id from joint_event e
     where not exists (select from summons w where w.id = e.entity_id and w.district_id = e.district_id and e.entity = 'summons' and e.seq between 1 and w.events)
       and not exists (select from meeting w where w.id = e.entity_id and w.district_id = e.district_id and e.entity = 'meeting' and e.seq between 1 and w.events)
       and not exists (select from task w where w.id = e.entity_id and w.district_id = e.district_id and e.entity = 'task' and e.seq between 1 and w.events)
    union all
    select 'chain', l.district_id, null::bigint, null::int, l.seal_id, null::text, null::bigint from log_leaf l
     where not exists (select from seal s where s.district_id = l.district_id and s.id = l.seal_id)
       and not exists (select from seal_leaf e where e.district_id = l.district_id and e.seal_id = l.seal_id) group by l.district_id, l.seal_id;
end $$;

-- Whose absence would let a trace be changed, or an entry go unsealed, unseen: triggers that are off, row security that is off,
-- partitions that were taken out. A trace changed meanwhile shows by its seals; this names how.
create or replace function cc.guard_faults() returns table (subject text)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
    select format('%s.%s', c.relname, w.trigger) from
      (values ('case_event', 'append_only'), ('admin_log', 'append_only'), ('reveal_log', 'append_only'), ('admin_log', 'queue_log'),
              ('reveal_log', 'queue_log'), ('joint_event', 'append_only'), ('joint_event', 'queue_log'), ('joint_event', 'feed_joint'),
              ('camera_viewing', 'append_only'), ('camera_viewing', 'queue_log'), ('camera_viewing_end', 'append_only'), ('camera_viewing_end', 'queue_log'),
              ('emergency_event', 'append_only'), ('emergency_event', 'queue_log'), ('wall_push', 'append_only'), ('wall_push', 'queue_log'), ('camera_evidence', 'append_only'), ('phone_look', 'append_only'), ('phone_look', 'queue_log'), ('patrol_track', 'append_only'), ('cases', 'feed_case')) w(relation, trigger)
      join pg_class c on c.oid = to_regclass('cc.' || w.relation)
        or c.oid in (select i.inhrelid from pg_inherits i where i.inhparent = to_regclass('cc.' || w.relation))
     where not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = w.trigger and t.tgenabled in ('O', 'A'))
    union all
    select c.relname::text from pg_class c where c.relnamespace = 'cc'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
       and (not c.relrowsecurity or (c.relname ~ '^(cases|case_detail|case_event|case_stage|seal_leaf)_[0-9]{6}$' and not c.relispartition));
end $$;
