-- 会商: units are called to a table, say whether they come, and go with tasks. One door for every change, as in 40_act.sql.

create or replace function cc.meeting_scope(which bigint) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare m meeting; s joint_scope;
begin
  select * into m from meeting where id = which;
  s.district_id := m.district_id; s.street_id := m.street_id; s.community_id := m.community_id;
  s.caller_id := m.caller_id; s.unit_ids := m.unit_ids; s.seen_by := m.unit_ids;
  return s;
end $$;

-- Where an organisation of the territory lies; what it calls lies there too. CC422 for any other.
create or replace function cc.caller_scope(org_of int, field text) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare o org; s joint_scope;
begin
  select * into o from org where id = org_of and active;
  perform need(o.kind in ('district','street','community'), 'CC422', '只有区县、街道、社区可以召集或交办', field);
  s.district_id := case o.kind when 'district' then o.id else o.district_id end;
  s.community_id := case o.kind when 'community' then o.id end;
  s.street_id := case o.kind when 'street' then o.id when 'community' then o.parent_id end;
  s.caller_id := o.id;
  return s;
end $$;

-- A unit that this district may call on: its own, or the city's above it.
create or replace function cc.check_unit(district int, unit int, field text) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(takes_cases(unit) and exists (select from org u where u.id = unit and u.district_id in (district, shared(district))),
               'CC422', '没有这个单位', field);
end $$;

-- Ids of an argument; none when it is not given.
create or replace function cc.joint_ids(args jsonb, k text, most int) returns bigint[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare ids bigint[];
begin
  perform need(jsonb_typeof(coalesce(args->k, '[]')) = 'array', 'CC422', '参数格式不对', k);
  begin
    select coalesce(array_agg(distinct v::bigint order by v::bigint), '{}') into ids from jsonb_array_elements_text(args->k) v;
  exception when others then
    perform fail('CC422', '取值不对', jsonb_build_object('field', k));
  end;
  perform need(cardinality(ids) <= most and array_position(ids, null) is null, 'CC422', format('最多 %s 项', most), k);
  return ids;
end $$;

create or replace function cc.joint_keys(args jsonb, known text[]) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text;
begin
  perform need(jsonb_typeof(args) = 'object', 'CC422', '参数格式不对');
  for k in select jsonb_object_keys(args) loop
    perform need(k = any(known), 'CC422', '不接受此项：' || left(k, 40), left(k, 40));
  end loop;
end $$;

-- Cases that a matter is about: those of its district that the caller sees.
create or replace function cc.check_cases(district int, ids bigint[]) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(not exists (select from unnest(ids) i where not exists (select from cases c where c.id = i and c.district_id = district and sees(c))),
               'CC404', '没有这个案件，或它不在您的范围内', 'cases');
end $$;

-- Between a minute and a year ahead.
create or replace function cc.ahead(args jsonb, k text, t timestamptz, message text) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
declare at_time timestamptz := arg_instant(args, k);
begin
  perform need(at_time between t + interval '1 minute' and t + interval '366 days', 'CC422', message, k);
  return at_time;
end $$;

-- ------------------------------------------------------------------ what is to be done next
-- The post that answers for what this organisation called: the street's head, otherwise the shift supervisor.
create or replace function cc.head_role(org_of int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select case when kind in ('street','community') then 'street_leader' else 'supervisor' end from org where id = org_of);
end $$;

create or replace function cc.short_time(district int, t timestamptz) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return to_char(t at time zone (select d.time_zone from district d where d.district_id = district), 'MM-DD HH24:MI');
end $$;

create or replace function cc.meeting_steps(m cc.meeting) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare by_clock text := case when m.summons_id is null then 'hours' else 'urgent' end;
begin
  case m.state
  when 'called' then
    if not exists (select from meeting_attendee a where a.district_id = m.district_id and a.meeting_id = m.id and a.state = 'invited') then
      return array[row(null, 'to_do', head_role(m.caller_id), m.caller_id,
                       format('会商 %s 各单位均已答复，%s 请登记到会、形成议定事项', m.no, short_time(m.district_id, m.meet_at)), m.meet_at, by_clock)::joint_step];
    end if;
    return (
      select array_agg(row(null, 'to_attend', 'handler', a.unit_id, format('会商 %s 定于 %s，请确认参会', m.no, short_time(m.district_id, m.meet_at)),
                           m.meet_at, by_clock)::joint_step)
      from meeting_attendee a where a.district_id = m.district_id and a.meeting_id = m.id and a.state = 'invited');
  when 'held' then
    if exists (select from task k where k.district_id = m.district_id and k.meeting_id = m.id and k.open) then return '{}'; end if;
    return array[row(null, 'to_close', head_role(m.caller_id), m.caller_id, format('会商 %s 没有未销号的交办事项，请办结或继续交办', m.no), null, by_clock)::joint_step];
  when 'cancelled' then
    return (
      select array_agg(row(null, 'changed', 'handler', a.unit_id, format('会商 %s 已取消', m.no), null, by_clock)::joint_step)
      from meeting_attendee a where a.district_id = m.district_id and a.meeting_id = m.id and a.state <> 'excused');
  else
    return '{}';
  end case;
end $$;

create or replace function cc.tell_meeting(m cc.meeting, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  perform tell_joint('meeting', m.id, m.no, meeting_scope(m.id), meeting_steps(m), t);
end $$;

-- ------------------------------------------------------------------ calling
-- With its log entry and notices; who may, and whether the units and cases are right, is the caller's to have checked.
create or replace function cc.new_meeting(kind_of text, summons bigint, s cc.joint_scope, title text, agenda text, place text, at_time timestamptz,
                                          units int[], cases bigint[], actor cc.operator, using_role text, t timestamptz) returns bigint
language plpgsql set search_path = cc, pg_temp as $$
declare m meeting; n record;
begin
  select * into n from joint_number('HS', t);
  insert into meeting (district_id, id, no, kind, events, state, open, summons_id, caller_id, street_id, community_id, unit_ids, meet_at, called_by, called_at, changed_at)
  values (s.district_id, n.id, n.no, kind_of, 1, 'called', true, summons, s.caller_id, s.street_id, s.community_id, units, at_time, actor.id, t, t)
  returning * into m;
  insert into meeting_detail (district_id, meeting_id, title, agenda, place)
  values (m.district_id, m.id, left(new_meeting.title, 120), left(coalesce(new_meeting.agenda, ''), 4000), left(coalesce(new_meeting.place, ''), 200));
  insert into meeting_case select m.district_id, m.id, i from unnest(new_meeting.cases) i;
  insert into meeting_attendee (district_id, meeting_id, unit_id, state) select m.district_id, m.id, u, 'invited' from unnest(units) u;
  perform joint_log('meeting', m.district_id, m.id, 1, actor, using_role, 'call', '', m.state, null, null,
    jsonb_strip_nulls(jsonb_build_object('title', left(new_meeting.title, 120), 'meet_at', at_time, 'units', to_jsonb(units), 'cases', to_jsonb(new_meeting.cases),
                                         'summons_id', summons)), t);
  perform tell_meeting(m, t);
  return m.id;
end $$;

create or replace function cc.meeting_answer(m cc.meeting) returns jsonb
language sql stable set search_path = cc, pg_temp as $$
  select jsonb_build_object('entity', 'meeting', 'entity_id', m.id, 'no', m.no, 'version', m.version, 'state', m.state, 'event', m.events)
$$;

-- args: caller_id, title, meet_at, units, [agenda, place, cases]
create or replace function cc.call_meeting(command uuid, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare
  actor operator := writer(); done jsonb := claim(command); a jw_action := joint_action('meeting', 'call'); s joint_scope; m meeting;
  units int[]; about bigint[]; number bigint; using_role text; t timestamptz := city_now();
begin
  if done is not null then return done; end if;
  args := jsonb_strip_nulls(args);
  perform joint_keys(args, '{caller_id,title,meet_at,units,agenda,place,cases}');
  s := caller_scope(arg_int(args, 'caller_id'), 'caller_id');
  using_role := joint_allowed(a, '', s, actor.id);
  about := joint_ids(args, 'units', 60);
  perform need(cardinality(about) > 0, 'CC422', '请选择参会单位', 'units');
  perform need(2147483647 >= all(about), 'CC422', '没有这个单位', 'units');
  units := about::int[];
  perform check_unit(s.district_id, u, 'units') from unnest(units) u;
  about := joint_ids(args, 'cases', 200);
  perform check_cases(s.district_id, about);
  number := new_meeting('consultation', null, s, joint_words(args, 'title', 120), joint_words(args, 'agenda', 4000, false),
    joint_words(args, 'place', 200, false), ahead(args, 'meet_at', t, '会商时间须在将来一年之内'), units, about, actor, using_role, t);
  select * into m from meeting where id = number;
  return remember(command, actor, meeting_answer(m));
end $$;

-- ------------------------------------------------------------------ guards
create or replace function cc.attendee(m cc.meeting, args jsonb) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select k.state from meeting_attendee k where k.district_id = m.district_id and k.meeting_id = m.id and k.unit_id = arg_int(args, 'unit_id'));
end $$;

create or replace function cc.guard_attendee(g text, m cc.meeting, args jsonb, actor cc.operator) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare present text := attendee(m, args);
begin
  case g
  when 'not_invited' then
    perform need(present is null, 'CC423', '该单位已在参会名单上');
  when 'invited' then
    perform need(present is not null, 'CC422', '该单位不在参会名单上', 'unit_id');
  when 'own_unit' then
    perform need(present is not null and exists (select from duty d where d.operator_id = actor.id and d.role = 'handler'
                 and above(d.org_id, arg_int(args, 'unit_id'))), 'CC403', '只能为本单位答复');
    perform need(present not in ('present','absent'), 'CC423', '召集人已登记到会情况');
  when 'not_confirmed' then
    perform need(present <> 'confirmed', 'CC423', '本单位已确认参会');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.guard_meeting(g text, m cc.meeting, args jsonb, actor cc.operator, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare waiting bigint;
begin
  case g
  when 'unit_exists' then
    perform check_unit(m.district_id, arg_int(args, 'unit_id'), 'unit_id');
  when 'not_invited', 'invited', 'own_unit', 'not_confirmed' then
    perform guard_attendee(g, m, args, actor);
  when 'meet_ahead' then
    perform ahead(args, 'meet_at', t, '会商时间须在将来一年之内');
  when 'due_ahead' then
    perform ahead(args, 'due', t, '时限须在将来一年之内');
  when 'attendance_taken' then
    select count(*) filter (where k.state in ('invited','confirmed')) into waiting from meeting_attendee k where k.district_id = m.district_id and k.meeting_id = m.id;
    perform need(waiting = 0, 'CC422', format('还有 %s 个单位没有登记到会情况', waiting));
    perform need(exists (select from meeting_attendee k where k.district_id = m.district_id and k.meeting_id = m.id and k.state = 'present'), 'CC422', '没有单位到会');
  when 'tasks_done' then
    select count(*) into waiting from task k where k.district_id = m.district_id and k.meeting_id = m.id and k.open;
    perform need(waiting = 0, 'CC422', format('还有 %s 件交办事项没有销号', waiting));
  else raise exception 'unknown guard %', g;
  end case;
end $$;

-- ------------------------------------------------------------------ acting
create or replace function cc.set_attendee(m cc.meeting, unit int, wanted text, t timestamptz) returns void
language sql set search_path = cc, pg_temp as $$
  insert into meeting_attendee (district_id, meeting_id, unit_id, state, at) values (m.district_id, m.id, unit, wanted, case when wanted <> 'invited' then t end)
  on conflict (meeting_id, unit_id, district_id) do update set state = excluded.state, at = excluded.at
$$;

create or replace function cc.effect_of_meeting(a text, n cc.meeting, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.meeting
language plpgsql set search_path = cc, pg_temp as $$
declare unit int := arg_int(args, 'unit_id');
begin
  case a
  when 'invite' then
    perform set_attendee(n, unit, 'invited', t);
    n.unit_ids := n.unit_ids || unit;
  when 'confirm' then perform set_attendee(n, unit, 'confirmed', t);
  when 'excuse' then perform set_attendee(n, unit, 'excused', t);
  when 'attend' then
    perform set_attendee(n, unit, args->>'attendance', t);
    perform need(n.state = 'called' or exists (select from meeting_attendee k where k.district_id = n.district_id and k.meeting_id = n.id
                                                and k.state = 'present'), 'CC422', '会商已召开，至少要有一个单位到会', 'attendance');
  when 'reschedule' then
    -- Who had said yes, or no, said it of another hour.
    n.meet_at := arg_instant(args, 'meet_at');
    update meeting_attendee k set state = 'invited', at = null where k.district_id = n.district_id and k.meeting_id = n.id and k.state in ('confirmed','excused');
    update meeting_detail d set place = coalesce(left(args->>'place', 200), d.place) where d.district_id = n.district_id and d.meeting_id = n.id;
  when 'hold' then
    update meeting_detail d set decisions = args->>'decisions' where d.district_id = n.district_id and d.meeting_id = n.id;
  when 'assign' then
    perform new_task('meeting', meeting_scope(n.id), unit, n.caller_id, joint_words(args, 'title', 120), joint_words(args, 'text', 4000, false), '',
                     arg_instant(args, 'due'), n.id, n.summons_id, null, null, actor, using_role, t);
  else null;
  end case;
  return n;
end $$;

create or replace function cc.save_meeting(n cc.meeting, t timestamptz) returns cc.meeting
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.changed_at := t; n.open := (select j.open from jw_state j where j.machine = 'meeting' and j.code = n.state);
  n.closed_at := case when n.open then null else coalesce(n.closed_at, t) end;
  update meeting set (version, events, state, open, unit_ids, meet_at, changed_at, closed_at)
                   = (n.version, n.events, n.state, n.open, n.unit_ids, n.meet_at, n.changed_at, n.closed_at)
   where id = n.id and district_id = n.district_id;
  return n;
end $$;

create or replace function cc.apply_to_meeting(a cc.jw_action, m cc.meeting, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.meeting
language plpgsql set search_path = cc, pg_temp as $$
declare n meeting := m;
begin
  n.events := m.events + 1;
  if not a.keeps_version then n.version := m.version + 1; end if;
  if a.to_state <> '=' then n.state := a.to_state; end if;
  n := save_meeting(effect_of_meeting(a.code, n, args, actor, using_role, t), t);
  perform joint_log('meeting', n.district_id, n.id, n.events, actor, using_role, a.code, m.state, n.state, null, arg_int(args, 'unit_id'), args, t);
  perform tell_meeting(n, t);
  return n;
end $$;

-- Looked at before it is locked, as case_for_update.
create or replace function cc.meeting_for_update(which bigint) returns cc.meeting
language plpgsql set search_path = cc, pg_temp as $$
declare m meeting;
begin
  select * into m from meeting where id = which;
  perform need(m.id is not null and sees_joint(meeting_scope(which)), 'CC404', '没有这个会商，或它不在您的范围内');
  select * into m from meeting where id = which and district_id = m.district_id for update;
  return m;
end $$;

create or replace function cc.meeting_act(command uuid, which bigint, expected int, a text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); act_row jw_action; m meeting; g text; using_role text; t timestamptz;
begin
  if done is not null then return done; end if;
  perform need(a not in ('call','attach'), 'CC422', '没有这个操作');
  act_row := joint_action('meeting', a);
  m := meeting_for_update(which);
  t := city_now(); args := jsonb_strip_nulls(args);
  perform joint_check_version(act_row, m.version, expected, 'meeting', m.id, null);
  using_role := joint_allowed(act_row, m.state, meeting_scope(m.id), actor.id);
  perform joint_check_args(act_row, args);
  foreach g in array act_row.guards loop
    perform guard_meeting(g, m, args, actor, t);
  end loop;
  m := apply_to_meeting(act_row, m, args, actor, using_role, t);
  return remember(command, actor, meeting_answer(m));
end $$;

-- ------------------------------------------------------------------ reading
-- The parts of a file that whistles, meetings and tasks have in common; nothing for the hall screen.
create or replace function cc.joint_trace(of_entity text, which bigint) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not reads_text() then return '[]'; end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_array(e.seq, e.at, e.recorded_at, e.actor_id, e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state,
             e.party_no, e.unit_id, e.what) order by e.seq), '[]')
    from joint_event e where e.entity = of_entity and e.entity_id = which);
end $$;

create or replace function cc.joint_files(of_entity text, which bigint) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not reads_text() then return '[]'; end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_array(f.seq, f.party_no, f.kind, f.name, f.mime, f.bytes, f.sha256) order by f.seq), '[]')
    from joint_file f where f.entity = of_entity and f.entity_id = which);
end $$;

-- A meeting as a list shows it: its row with title, place, cases and [unit, state] of who is called.
create or replace function cc.meeting_row(m cc.meeting) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare d meeting_detail;
begin
  if reads_text() then
    select * into d from meeting_detail x where x.meeting_id = m.id and x.district_id = m.district_id;
  end if;
  return to_jsonb(m) || jsonb_build_object('title', coalesce(d.title, ''), 'place', coalesce(d.place, ''),
    'cases', (select coalesce(jsonb_agg(c.case_id order by c.case_id), '[]') from meeting_case c where c.meeting_id = m.id and c.district_id = m.district_id),
    'attendees', (select coalesce(jsonb_agg(jsonb_build_array(k.unit_id, k.state) order by k.unit_id), '[]') from meeting_attendee k
                   where k.meeting_id = m.id and k.district_id = m.district_id));
end $$;

-- {row, agenda, decisions, trace, files, tasks}; instants as ISO words. CC404 when the caller does not see it.
create or replace function cc.meeting_file(which bigint) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare m meeting; d meeting_detail;
begin
  select * into m from meeting where id = which;
  perform need(m.id is not null and sees_joint(meeting_scope(which)), 'CC404', '没有这个会商，或它不在您的范围内');
  if reads_text() then
    select * into d from meeting_detail x where x.meeting_id = which and x.district_id = m.district_id;
  end if;
  return jsonb_build_object('row', meeting_row(m), 'agenda', coalesce(d.agenda, ''), 'decisions', coalesce(d.decisions, ''),
    'trace', joint_trace('meeting', which), 'files', joint_files('meeting', which),
    'tasks', (select coalesce(jsonb_agg(task_row(k) order by k.id), '[]') from task k
               where k.meeting_id = which and k.district_id = m.district_id and sees_joint(task_scope(k.id))));
end $$;
