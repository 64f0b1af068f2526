-- The rows of whistles, orders, meetings and tasks that somebody hears of, under his own policies: one answer, its plans made once a
-- session. Read table by table one took twice as long, and everybody whom a whistle calls asks at the same moment.

create or replace function cc.joint_rows(ids bigint[]) returns json
language plpgsql stable strict set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  return json_build_object(
    'summons', (
      select json_agg(to_jsonb(s) || jsonb_build_object('title', coalesce(d.title, ''), 'place', coalesce(d.place, ''),
        'cases', (select jsonb_agg(k.case_id order by k.case_id) from summons_case k where k.summons_id = s.id and k.district_id = s.district_id),
        'parties', (select jsonb_agg(p order by p.no) from summons_party p where p.summons_id = s.id and p.district_id = s.district_id)))
      from unnest(ids) asked(id) join summons s on s.id = asked.id
      left join summons_detail d on d.summons_id = s.id and d.district_id = s.district_id),
    'meetings', (
      select json_agg(to_jsonb(m) || jsonb_build_object('title', coalesce(d.title, ''), 'place', coalesce(d.place, ''),
        'cases', (select jsonb_agg(k.case_id order by k.case_id) from meeting_case k where k.meeting_id = m.id and k.district_id = m.district_id),
        'attendees', (select jsonb_agg(jsonb_build_array(a.unit_id, a.state) order by a.unit_id) from meeting_attendee a
                       where a.meeting_id = m.id and a.district_id = m.district_id)))
      from unnest(ids) asked(id) join meeting m on m.id = asked.id
      left join meeting_detail d on d.meeting_id = m.id and d.district_id = m.district_id),
    'tasks', (
      select json_agg(to_jsonb(k) || jsonb_build_object('title', coalesce(d.title, ''), 'leader', coalesce(d.leader, '')))
      from unnest(ids) asked(id) join task k on k.id = asked.id
      left join task_detail d on d.task_id = k.id and d.district_id = k.district_id));
end $$;
