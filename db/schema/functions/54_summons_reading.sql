-- Everything about one whistle or order in one answer, and who is expected elsewhere at that hour.

create or replace function cc.summons_row(s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare d summons_detail;
begin
  if reads_text() then
    select * into d from summons_detail x where x.summons_id = s.id and x.district_id = s.district_id;
  end if;
  return to_jsonb(s) || jsonb_build_object('title', coalesce(d.title, ''), 'place', coalesce(d.place, ''),
    'cases', (select coalesce(jsonb_agg(k.case_id order by k.case_id), '[]') from summons_case k where k.summons_id = s.id and k.district_id = s.district_id),
    'parties', (select coalesce(jsonb_agg(to_jsonb(p) order by p.no), '[]') from summons_party p where p.summons_id = s.id and p.district_id = s.district_id));
end $$;

-- What the hall screen does not get.
create or replace function cc.summons_words(s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare d summons_detail;
begin
  select * into d from summons_detail x where x.summons_id = s.id and x.district_id = s.district_id;
  return jsonb_build_object('reason', d.reason, 'conclusion', d.conclusion,
    'words', (select coalesce(jsonb_object_agg(w.no, jsonb_build_array(w.result, w.documents, w.asked_reason, w.rating_reason)), '{}') from summons_party_detail w
               where w.summons_id = s.id and w.district_id = s.district_id),
    'checks', (select coalesce(jsonb_agg(jsonb_build_array(c.no, c.text, c.done_party, c.done_at) order by c.no), '[]') from summons_check c
                where c.summons_id = s.id and c.district_id = s.district_id),
    'objections', (select coalesce(jsonb_agg(jsonb_build_array(o.party_no, o.at, o.reason, o.decided_at, o.upheld, o.decision, coalesce(o.before, '{}')) order by o.party_no, o.turn), '[]')
                    from objection o where o.summons_id = s.id and o.district_id = s.district_id),
    'bulletins', (select coalesce(jsonb_agg(to_jsonb(b) || jsonb_build_object('by_clock', b.by_id is null, 'task_state', k.state, 'task_due', k.due) order by b.id), '[]')
                   from bulletin b left join task k on k.id = b.task_id and k.district_id = b.district_id and sees_joint(task_scope(k.id))
                  where b.summons_id = s.id and b.district_id = s.district_id),
    'documents', (select coalesce(jsonb_agg(document_answer(k) order by k.at), '[]') from summons_document k where k.summons_id = s.id and k.district_id = s.district_id));
end $$;

-- {row, trace, files, meetings, tasks, reason, conclusion, words: {lane: [result, documents, asked_reason, rating_reason]}, checks: [[no, text, done_party, done_at]],
--  objections, bulletins, documents}, or CC404.
create or replace function cc.summons_file(which bigint) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare s summons := seen_summons(which);
begin
  return case when reads_text() then summons_words(s) else '{}'::jsonb end || jsonb_build_object(
    'row', summons_row(s), 'trace', joint_trace('summons', s.id), 'files', joint_files('summons', s.id),
    'meetings', (select coalesce(jsonb_agg(meeting_row(m) order by m.id), '[]') from meeting m
                  where m.summons_id = s.id and m.district_id = s.district_id and sees_joint(meeting_scope(m.id))),
    'tasks', (select coalesce(jsonb_agg(task_row(k) order by k.id), '[]') from task k
               where k.summons_id = s.id and k.district_id = s.district_id and sees_joint(task_scope(k.id))));
end $$;

-- From when to when an appointment wants whom it calls: its hours, or two where it names no end. Who is called without an hour
-- comes within his limit when it suits him, and nothing stands against that.
create or replace function cc.hours_of(meet_at timestamptz, ends_at timestamptz) returns tstzrange
language sql immutable set search_path = cc, pg_temp as $$
  select tstzrange(meet_at, greatest(ends_at, meet_at + case when ends_at is null then interval '2 hours' else interval '0' end), '[]')
$$;

-- Appointments of these units: whistles and orders with an hour, and meetings.
create or replace function cc.appointments(units int[], besides bigint)
returns table (unit_id int, id bigint, no text, hours tstzrange, whose cc.joint_scope)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
  select p.unit_id, s.id, s.no, hours_of(s.meet_at, s.ends_at), scope_of_summons(s)
    from summons s join summons_party p on p.summons_id = s.id and p.district_id = s.district_id
   where s.open and s.state in ('issued','responded','acting') and s.meet_at is not null and s.id is distinct from besides
     and p.live and p.called_at is not null and p.state in ('pending','responded','arrived') and p.unit_id = any(units)
  union all
  select a.unit_id, m.id, m.no, hours_of(m.meet_at, null), meeting_scope(m.id)
    from meeting m join meeting_attendee a on a.meeting_id = m.id and a.district_id = m.district_id
   where m.open and m.state = 'called' and (besides is null or m.summons_id is distinct from besides)
     and a.state in ('invited','confirmed') and a.unit_id = any(units);
end $$;

-- That a unit is expected elsewhere is told for any unit that may be called here; where, only to whoever sees it (otherwise 0 and "").
create or replace function cc.summons_conflicts(units int[], since timestamptz, until timestamptz, besides bigint)
returns table (unit_id int, summons_id bigint, no text, since_at timestamptz, until_at timestamptz)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
-- A unit of the city may be expected in any of its districts.
declare near int[] := (select array_agg(distinct o.id) from org o join district h on h.district_id = any(my_homes()) and o.district_id in (h.district_id, h.shared_id)
                        where o.id = any(units));
begin
  perform need(cardinality(units) <= 200 and since <= until, 'CC422', '参数格式不对');
  return query
  select k.unit_id, case when seen.ok then k.id else 0 end, case when seen.ok then k.no else '' end, lower(k.hours), upper(k.hours)
    from appointments(near, besides) k, lateral (select reads_text() and sees_joint(k.whose) as ok) seen
   where k.hours && tstzrange(summons_conflicts.since, summons_conflicts.until, '[]')
   order by k.unit_id, k.id;
end $$;
