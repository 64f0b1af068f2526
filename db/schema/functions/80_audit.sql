-- Seals (留痕校验): batches of committed events and log entries are chained by digest. Whoever edits or removes one later,
-- administrator included, breaks a leaf; whoever rewrites leaves breaks the head that was exported.

-- With the row that it left, if it says one (0010); what a later version of the image adds and this event has not is left out.
create or replace function cc.event_digest(e cc.case_event) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to((jsonb_build_array(e.district_id, e.case_id, e.seq, extract(epoch from e.at), extract(epoch from e.recorded_at), e.actor_id,
    e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state, e.unit_id, e.what, e.street_id, e.community_id)
    || case when (e.became).version is null then '[]'::jsonb else jsonb_build_array(jsonb_strip_nulls(to_jsonb(e.became))) end)::text, 'UTF8')), 'hex')
$$;

-- The leaf of the last event of what was open when 0010 came: sealed before the row was written into it.
create or replace function cc.event_digest_without_image(e cc.case_event) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array(e.district_id, e.case_id, e.seq, extract(epoch from e.at), extract(epoch from e.recorded_at), e.actor_id,
    e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state, e.unit_id, e.what, e.street_id, e.community_id)::text, 'UTF8')), 'hex')
$$;

-- The leaves of events that were sealed before events knew their place (0002).
create or replace function cc.event_digest_without_place(e cc.case_event) returns text
language sql stable set search_path = cc, pg_temp set timezone = 'UTC' set datestyle = 'ISO' as $$
  select encode(sha256(convert_to(jsonb_build_array(e.district_id, e.case_id, e.seq, extract(epoch from e.at), extract(epoch from e.recorded_at), e.actor_id,
    e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state, e.unit_id, e.what)::text, 'UTF8')), 'hex')
$$;

-- Over the seal before, the time and size of this one, and every leaf in it.
create or replace function cc.seal_digest(previous text, district int, which int, sealed_at timestamptz, holds int) returns text
language sql stable set search_path = cc, pg_temp as $$
  select encode(sha256(convert_to(previous || '|' || extract(epoch from sealed_at)::text || '|' || holds || '|' ||
    coalesce((select string_agg(l.case_id || ':' || l.seq || ':' || l.digest, ',' order by l.case_id, l.seq)
              from seal_leaf l where l.district_id = district and l.seal_id = which), '') ||
    coalesce((select '|' || string_agg(l.log || ':' || l.entry_id || ':' || l.digest, ',' order by l.log, l.entry_id)
              from log_leaf l where l.district_id = district and l.seal_id = which), ''), 'UTF8')), 'hex')
$$;

create or replace function cc.seal_district(district int, at_most int) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare number int; before text; sealed int; logged int; t timestamptz := clock_timestamp();
begin
  select coalesce(max(id), 0) + 1 into number from seal where district_id = district;
  select coalesce((select digest from seal where district_id = district and id = number - 1), repeat('0', 64)) into before;
  with batch as (delete from seal_queue q where (q.district_id, q.case_id, q.seq) in
      (select k.district_id, k.case_id, k.seq from seal_queue k where k.district_id = district order by k.case_id, k.seq limit at_most) returning q.*)
  insert into seal_leaf select e.district_id, e.case_id, e.seq, number, event_digest(e) from batch b
    join case_event e on e.district_id = b.district_id and e.case_id = b.case_id and e.seq = b.seq;
  get diagnostics sealed = row_count;
  logged := seal_logs(district, number, at_most);
  if sealed + logged > 0 then
    insert into seal (district_id, id, at, events, previous, digest) values (district, number, t, sealed, before, seal_digest(before, district, number, t, sealed));
  end if;
  return sealed;
end $$;

create or replace function cc.seal_events(at_most int default 5000) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare d int; total int := 0;
begin
  for d in select district_id from district loop total := total + seal_district(d, at_most); end loop;
  return total;
end $$;

-- Faults by name: an event or log entry changed, removed or never sealed, an event missing or put in (extra); a seal that breaks
-- the chain; a guard that is off.
-- Only of the districts whose auditor is asking; the owner sees all.
create or replace function cc.audit_faults() returns table (fault text, district int, event_case bigint, event_seq int, seal_no int, subject text, entry bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  perform need(has_role('{auditor}') or is_superuser(), 'CC403', '只有审计员可以校验留痕');
  return query select f.* from all_faults() f where f.district = any(audited())
    union all select 'unguarded', null::int, null::bigint, null::int, null::int, g.subject, null::bigint from guard_faults() g;
end $$;

create or replace function cc.audited() returns int[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return case when is_superuser() then array(select district_id from district) else my_homes() end;
end $$;

create or replace function cc.all_faults() returns table (fault text, district int, event_case bigint, event_seq int, seal_no int, subject text, entry bigint)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
    select 'changed'::text, l.district_id, l.case_id, l.seq, l.seal_id, null::text, null::bigint from seal_leaf l join case_event e using (district_id, case_id, seq)
     where l.digest <> event_digest(e) and l.digest <> event_digest_without_place(e) and l.digest <> event_digest_without_image(e)
    union all
    select 'removed', l.district_id, l.case_id, l.seq, l.seal_id, null, null from seal_leaf l
     where not exists (select from case_event e where e.district_id = l.district_id and e.case_id = l.case_id and e.seq = l.seq)
    union all
    select 'unsealed', e.district_id, e.case_id, e.seq, null::int, null, null from case_event e
     where not exists (select from seal_leaf l where l.district_id = e.district_id and l.case_id = e.case_id and l.seq = e.seq)
       and not exists (select from seal_queue q where q.district_id = e.district_id and q.case_id = e.case_id and q.seq = e.seq)
    union all
    select 'missing', c.district_id, c.id, g, null::int, null, null from cases c, lateral generate_series(1, c.events) g
     where not exists (select from case_event e where e.district_id = c.district_id and e.case_id = c.id and e.seq = g)
    union all
    select 'extra', e.district_id, e.case_id, e.seq, null::int, null, null from case_event e
     where not exists (select from cases c where c.district_id = e.district_id and c.id = e.case_id and e.seq between 1 and c.events)
    union all
    select 'chain', l.district_id, null::bigint, null::int, l.seal_id, null, null from seal_leaf l
     where not exists (select from seal s where s.district_id = l.district_id and s.id = l.seal_id) group by l.district_id, l.seal_id
    union all
    select 'chain', s.district_id, null::bigint, null::int, s.id, null, null from seal s
     where s.digest <> seal_digest(s.previous, s.district_id, s.id, s.at, s.events)
        or s.previous <> coalesce((select p.digest from seal p where p.district_id = s.district_id and p.id = s.id - 1), repeat('0', 64))
    union all select f.* from log_faults() f;
end $$;

create or replace function cc.audit_head() returns table (district int, seals int, events bigint, head text, sealed_at timestamptz, waiting bigint, entries bigint, entries_waiting bigint)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  perform need(has_role('{auditor,supervisor}') or is_superuser(), 'CC403', '只有审计员或值班长可以查看');
  return query select d.district_id, coalesce(max(s.id), 0), coalesce(sum(s.events), 0)::bigint,
      coalesce((array_agg(s.digest order by s.id desc))[1], repeat('0', 64)), max(s.at), (select count(*) from seal_queue q where q.district_id = d.district_id),
      (select count(*) from log_leaf l where l.district_id = d.district_id), (select count(*) from log_queue q where q.district_id = d.district_id)
    from district d left join seal s on s.district_id = d.district_id where d.district_id = any(audited()) group by d.district_id;
end $$;

-- One case's trace against its seals, for the line 留痕校验 under it: sealed, waiting, broken.
create or replace function cc.trace_check(which bigint) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  return (
    with trace as (
      select e.seq, l.digest in (event_digest(e), event_digest_without_place(e), event_digest_without_image(e)) as sound, q.seq is not null as waits
      from case_event e
      left join seal_leaf l on l.case_id = e.case_id and l.seq = e.seq and l.district_id = e.district_id
      left join seal_queue q on q.case_id = e.case_id and q.seq = e.seq and q.district_id = e.district_id
      where e.district_id = c.district_id and e.case_id = c.id)
    select jsonb_build_object('events', c.events, 'present', count(*),
      'sealed', count(*) filter (where sound), 'waiting', count(*) filter (where sound is null and waits),
      'broken', count(*) filter (where not sound or (sound is null and not waits) or seq not between 1 and c.events)
                + (select count(*) from generate_series(1, c.events) g where g not in (select seq from trace)))
    from trace);
end $$;
