-- 交办事项, 整改, 领导批办: what a unit must do by a date, report with proof, and have struck off (销号) by whoever watches it.
-- Locked in this order: summons, meeting, task. And the attachments of whistles, meetings and tasks.

create or replace function cc.task_scope(which bigint) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare k task; s joint_scope;
begin
  select * into k from task where id = which;
  s.district_id := k.district_id; s.street_id := k.street_id; s.caller_id := k.issuer_id; s.lead_id := k.unit_id;
  s.unit_ids := array[k.unit_id]; s.seen_by := array[k.unit_id];
  return s;
end $$;

create or replace function cc.task_word(source text) returns text
language sql immutable set search_path = cc, pg_temp as $$
  select case source when 'rectification' then '整改' else '交办' end
$$;

create or replace function cc.task_steps(k cc.task) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare what text := format('%s %s', task_word(k.source), k.no); watcher text := head_role(k.issuer_id);
begin
  if k.state = 'reported' then
    return array[row(null, 'to_verify', watcher, k.issuer_id, what || ' 已反馈，请核验销号', null, 'hours')::joint_step];
  elsif k.state <> 'open' then
    return '{}';
  elsif k.overdue then
    return array[row(null, 'overdue', 'handler', k.unit_id, what || ' 已超期，请立即办理并反馈', k.due, 'hours')::joint_step,
                 row(null, 'overdue', watcher, k.issuer_id, what || ' 已超期，承办单位尚未反馈', k.due, 'hours')::joint_step];
  end if;
  return array[row(null, 'to_do', 'handler', k.unit_id, format('%s，%s 前反馈', what, short_time(k.district_id, k.due)), k.due, 'hours')::joint_step];
end $$;

create or replace function cc.tell_task(k cc.task, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare m meeting;
begin
  perform tell_joint('task', k.id, k.no, task_scope(k.id), task_steps(k), t);
  select * into m from meeting where id = k.meeting_id and district_id = k.district_id;
  if m.id is not null then perform tell_meeting(m, t); end if;
end $$;

-- source: meeting, instruction, rectification. s: where it lies. actor null: the duty. With its log entry and notices; who may is the
-- caller's to have checked.
create or replace function cc.new_task(source text, s cc.joint_scope, unit int, issuer int, title text, words text, leader text, due timestamptz, meeting bigint,
                                       summons bigint, party int, case_id bigint, actor cc.operator, using_role text, t timestamptz) returns bigint
language plpgsql set search_path = cc, pg_temp as $$
declare k task; n record;
begin
  select * into n from joint_number(case new_task.source when 'rectification' then 'ZG' else 'JB' end, t);
  insert into task (district_id, id, no, source, events, state, open, unit_id, issuer_id, street_id, meeting_id, summons_id, party_no, case_id, due, issued_by,
                    issued_at, changed_at)
  values (s.district_id, n.id, n.no, new_task.source, 1, 'open', true, unit, issuer, s.street_id, meeting, summons, party, new_task.case_id, new_task.due, actor.id, t, t)
  returning * into k;
  insert into task_detail (district_id, task_id, title, text, leader)
  values (k.district_id, k.id, left(new_task.title, 120), left(coalesce(words, ''), 4000), left(coalesce(new_task.leader, ''), 60));
  perform joint_log('task', k.district_id, k.id, 1, actor, using_role, 'assign', '', k.state, party, unit,
    jsonb_strip_nulls(jsonb_build_object('source', k.source, 'title', left(new_task.title, 120), 'due', k.due, 'issuer_id', issuer, 'meeting_id', meeting,
      'summons_id', summons, 'case_id', k.case_id, 'leader', nullif(left(coalesce(new_task.leader, ''), 60), ''))), t);
  perform tell_task(k, t);
  return k.id;
end $$;

create or replace function cc.task_answer(k cc.task) returns jsonb
language sql stable set search_path = cc, pg_temp as $$
  select jsonb_build_object('entity', 'task', 'entity_id', k.id, 'no', k.no, 'version', k.version, 'state', k.state, 'event', k.events)
$$;

-- What a case or a summons that a task is about says of its place; CC404 when the caller does not see it.
create or replace function cc.place_of_task(s cc.joint_scope, about_case bigint, about_summons bigint) returns cc.joint_scope
language plpgsql stable set search_path = cc, pg_temp as $$
declare c cases; w joint_scope;
begin
  if about_case is not null then
    c := seen_case(about_case);
    perform need(c.district_id = s.district_id, 'CC422', '该案件不在本区县', 'case_id');
    s.street_id := coalesce(s.street_id, c.street_id);
  end if;
  if about_summons is not null then
    w := summons_scope(about_summons);
    perform need(w.district_id is not null and sees_joint(w), 'CC404', '没有这次召集，或它不在您的范围内', 'summons_id');
    perform need(w.district_id = s.district_id, 'CC422', '这次召集不在本区县', 'summons_id');
    s.street_id := coalesce(s.street_id, w.street_id);
  end if;
  return s;
end $$;

-- args: issuer_id, unit_id, title, due, [text, leader, case_id, summons_id]
create or replace function cc.assign_task(command uuid, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare
  actor operator := writer(); done jsonb := claim(command); a jw_action := joint_action('task', 'assign'); s joint_scope; k task;
  issuer int; unit int; number bigint; using_role text; t timestamptz := city_now();
begin
  if done is not null then return done; end if;
  args := jsonb_strip_nulls(args);
  perform joint_keys(args, '{issuer_id,unit_id,title,due,text,leader,case_id,summons_id}');
  issuer := arg_int(args, 'issuer_id'); unit := arg_int(args, 'unit_id');
  s := caller_scope(issuer, 'issuer_id');
  using_role := joint_allowed(a, '', s, actor.id);
  perform check_unit(s.district_id, unit, 'unit_id');
  s := place_of_task(s, arg_int_big(args, 'case_id'), arg_int_big(args, 'summons_id'));
  number := new_task('instruction', s, unit, issuer, joint_words(args, 'title', 120), joint_words(args, 'text', 4000, false),
    joint_words(args, 'leader', 60, false), ahead(args, 'due', t, '时限须在将来一年之内'), null, arg_int_big(args, 'summons_id'), null,
    arg_int_big(args, 'case_id'), actor, using_role, t);
  select * into k from task where id = number;
  return remember(command, actor, task_answer(k));
end $$;

-- A leader's instruction on a case becomes a task of the unit: by `due`, or within three working days.
create or replace function cc.default_due(district int, t timestamptz) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return work_add(district, 'days', t, 3 * (select sum(w.to_s - w.from_s) from office_window w where w.district_id = shared(district) and w.clock = 'days'));
exception when sqlstate 'CC510' then
  return t + interval '5 days';                      -- beyond the calendar
end $$;

create or replace function cc.task_of_instruction(c cc.cases, args jsonb, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare s joint_scope; issuer int := case when using_role = 'street_leader' then coalesce(c.street_id, c.district_id) else c.district_id end;
begin
  s.district_id := c.district_id; s.street_id := c.street_id;
  perform new_task('instruction', s, arg_int(args, 'unit_id'), issuer, format('落实领导批示：案件 %s', c.no), args->>'text', args->>'leader',
                   coalesce(arg_instant(args, 'due'), default_due(c.district_id, t)), null, null, null, c.id, actor, using_role, t);
end $$;

-- ------------------------------------------------------------------ acting
create or replace function cc.guard_task(g text, k cc.task, args jsonb, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case g
  when 'proof' then
    -- Of this time: what was sent back is not proved by the picture that did not do.
    perform need(exists (select from joint_file f where f.entity = 'task' and f.entity_id = k.id and f.district_id = k.district_id
                           and f.seq > coalesce((select max(e.seq) from joint_event e where e.entity = 'task' and e.entity_id = k.id
                                                  and e.district_id = k.district_id and e.action = 'return_task'), 0)),
                 'CC422', '请先上传办理后的照片或佐证材料');
  when 'due_later' then
    perform need(ahead(args, 'due', t, '时限须在将来一年之内') > k.due, 'CC422', '新的时限须晚于原时限', 'due');
  when 'not_overdue' then
    perform need(not k.overdue and t < k.due, 'CC410', '已超期，不能延期');
  when 'not_rectification' then
    perform need(k.source <> 'rectification', 'CC423', '整改单不能取消，只能销号');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.save_task(n cc.task, t timestamptz) returns cc.task
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.changed_at := t; n.open := (select j.open from jw_state j where j.machine = 'task' and j.code = n.state);
  n.closed_at := case when n.open then null else coalesce(n.closed_at, t) end;
  update task set (version, events, state, open, due, overdue, changed_at, reported_at, closed_at, reworks)
                = (n.version, n.events, n.state, n.open, n.due, n.overdue, n.changed_at, n.reported_at, n.closed_at, n.reworks)
   where id = n.id and district_id = n.district_id;
  return n;
end $$;

create or replace function cc.apply_to_task(a cc.jw_action, k cc.task, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.task
language plpgsql set search_path = cc, pg_temp as $$
declare n task := k;
begin
  n.events := k.events + 1;
  if not a.keeps_version then n.version := k.version + 1; end if;
  if a.to_state <> '=' then n.state := a.to_state; end if;
  case a.code
  when 'report' then
    n.reported_at := t;
    update task_detail d set result = args->>'result' where d.district_id = n.district_id and d.task_id = n.id;
  when 'return_task' then n.reported_at := null; n.reworks := n.reworks + 1;
  when 'extend' then n.due := arg_instant(args, 'due');
  else null;
  end case;
  n := save_task(n, t);
  perform joint_log('task', n.district_id, n.id, n.events, actor, using_role, a.code, k.state, n.state, n.party_no, n.unit_id, args, t);
  perform tell_task(n, t);
  return n;
end $$;

-- 撤销 of a rectification whose bulletin was revoked; what was put right already stays as it is.
create or replace function cc.revoke_task(which bigint, district int, why text, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare k task; before text;
begin
  select * into k from task where id = which and district_id = district for update;
  if k.id is null or not k.open then return; end if;
  before := k.state; k.state := 'cancelled'; k.version := k.version + 1; k.events := k.events + 1;
  k := save_task(k, t);
  perform joint_log('task', k.district_id, k.id, k.events, actor, using_role, 'revoke', before, k.state, k.party_no, k.unit_id, jsonb_build_object('reason', why), t);
  perform tell_task(k, t);
end $$;

-- Looked at before it is locked, as case_for_update; its meeting first.
create or replace function cc.task_for_update(which bigint) returns cc.task
language plpgsql set search_path = cc, pg_temp as $$
declare k task;
begin
  select * into k from task where id = which;
  perform need(k.id is not null and sees_joint(task_scope(which)), 'CC404', '没有这件交办事项，或它不在您的范围内');
  perform from meeting m where m.id = k.meeting_id and m.district_id = k.district_id for update;
  select * into k from task where id = which and district_id = k.district_id for update;
  return k;
end $$;

create or replace function cc.task_act(command uuid, which bigint, expected int, a text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); act_row jw_action; k task; g text; using_role text; t timestamptz;
begin
  if done is not null then return done; end if;
  perform need(a not in ('assign','attach'), 'CC422', '没有这个操作');
  act_row := joint_action('task', a);
  k := task_for_update(which);
  t := city_now(); args := jsonb_strip_nulls(args);
  perform joint_check_version(act_row, k.version, expected, 'task', k.id, null);
  using_role := joint_allowed(act_row, k.state, task_scope(k.id), actor.id);
  perform joint_check_args(act_row, args);
  foreach g in array act_row.guards loop
    perform guard_task(g, k, args, t);
  end loop;
  k := apply_to_task(act_row, k, args, actor, using_role, t);
  return remember(command, actor, task_answer(k));
end $$;

-- The duty's part: open tasks whose date has passed are marked once, told to the unit and to who watches it. Returns how many.
create or replace function cc.mark_task(which bigint, district int, t timestamptz) returns boolean
language plpgsql set search_path = cc, pg_temp as $$
declare k task;
begin
  perform from meeting m where m.district_id = district and m.id = (select x.meeting_id from task x where x.id = which and x.district_id = district) for update skip locked;
  if not found and exists (select from task x where x.id = which and x.district_id = district and x.meeting_id is not null) then return false; end if;
  select * into k from task where id = which and district_id = district and open and not overdue and due < t for update skip locked;
  if k.id is null or k.state <> 'open' then return false; end if;
  k.overdue := true; k.events := k.events + 1;
  k := save_task(k, t);
  perform joint_log('task', k.district_id, k.id, k.events, null, 'duty', 'overdue', k.state, k.state, k.party_no, k.unit_id, jsonb_build_object('due', k.due), t);
  perform tell_task(k, t);
  return true;
end $$;

create or replace function cc.mark_tasks(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare k record; marked int := 0;
begin
  for k in select id, no, district_id from task where open and not overdue and due < t and state = 'open' order by due limit 500 loop
    begin
      if mark_task(k.id, k.district_id, t) then marked := marked + 1; end if;
    exception when others then
      perform note_fault('tasks', format('交办事项 %s：%s', k.no, sqlerrm));
    end;
  end loop;
  return marked;
end $$;

-- ------------------------------------------------------------------ reading
create or replace function cc.task_row(k cc.task) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare d task_detail;
begin
  if reads_text() then
    select * into d from task_detail x where x.task_id = k.id and x.district_id = k.district_id;
  end if;
  return to_jsonb(k) || jsonb_build_object('title', coalesce(d.title, ''), 'leader', coalesce(d.leader, ''));
end $$;

-- {row, text, result, trace, files}; CC404 when the caller does not see it.
create or replace function cc.task_file(which bigint) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare k task; d task_detail;
begin
  select * into k from task where id = which;
  perform need(k.id is not null and sees_joint(task_scope(which)), 'CC404', '没有这件交办事项，或它不在您的范围内');
  if reads_text() then
    select * into d from task_detail x where x.task_id = which and x.district_id = k.district_id;
  end if;
  return jsonb_build_object('row', task_row(k), 'text', coalesce(d.text, ''), 'result', coalesce(d.result, ''),
    'trace', joint_trace('task', which), 'files', joint_files('task', which));
end $$;

-- ------------------------------------------------------------------ attachments
-- Whether the content begins as its format says it must.
create or replace function cc.is_of_mime(content bytea, mime text) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select case mime
    when 'image/jpeg' then substr(content, 1, 3) = '\xffd8ff'
    when 'image/png' then substr(content, 1, 8) = '\x89504e470d0a1a0a'
    when 'image/webp' then substr(content, 1, 4) = 'RIFF' and substr(content, 9, 4) = 'WEBP'
    when 'application/pdf' then substr(content, 1, 5) = '%PDF-'
    when 'video/mp4' then substr(content, 5, 4) = 'ftyp'
    else false end
$$;

create or replace function cc.check_file(kind_of text, file_name text, mime_type text, content_bytes bytea, of_entity text) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(coalesce(btrim(file_name), '') <> '', 'CC422', '附件没有名称');
  perform need(coalesce(length(content_bytes), 0) between 1 and 8388608, 'CC422', '附件须小于 8 MB');
  perform need(kind_of in ('scene','after','document') or kind_of = 'minutes' and of_entity = 'meeting', 'CC422', '附件类别不对', 'kind');
  perform need(mime_type in ('image/jpeg','image/png','image/webp','application/pdf','video/mp4'), 'CC422', '不支持的文件格式');
  perform need(is_of_mime(content_bytes, mime_type), 'CC422', '文件内容与格式不符，请重新选择文件');
end $$;

-- Below: what a file is hung on, locked, its event counted; who may is the rule of the machine's action `attach`.

create or replace function cc.file_on_summons(which bigint, party int, actor int, t timestamptz) returns cc.joint_place
language plpgsql set search_path = cc, pg_temp as $$
declare h summons; p summons_party; s joint_scope; at_place joint_place; a jw_action;
begin
  s := summons_scope(which);
  perform need(s.district_id is not null and sees_joint(s), 'CC404', '没有这次召集，或它不在您的范围内');
  select * into h from summons where id = which and district_id = s.district_id for update;
  at_place := row(h.district_id, h.no, h.version, h.state, h.events + 1, null, null)::joint_place;
  a := joint_action(h.kind, 'attach');
  if party is not null then
    select * into p from summons_party x where x.summons_id = which and x.district_id = h.district_id and x.no = party for update;
    perform need(p.no is not null, 'CC404', '没有这个参与单位', 'party_no');
    a := joint_action('party', 'attach'); s.unit_ids := array[p.unit_id];
    at_place.version := p.version; at_place.state := p.state; at_place.unit_id := p.unit_id;
    perform need(h.state = any(a.head), 'CC423', format('%s，不能%s', (select label from jw_state where machine = h.kind and code = h.state), a.label));
  end if;
  at_place.role := joint_allowed(a, at_place.state, s, actor);
  update summons set events = events + 1, changed_at = t where id = which and district_id = h.district_id;
  return at_place;
end $$;

create or replace function cc.file_on_meeting(which bigint, actor int, t timestamptz) returns cc.joint_place
language plpgsql set search_path = cc, pg_temp as $$
declare m meeting := meeting_for_update(which); using_role text := joint_allowed(joint_action('meeting', 'attach'), m.state, meeting_scope(which), actor);
begin
  update meeting set events = events + 1, changed_at = t where id = which and district_id = m.district_id;
  return row(m.district_id, m.no, m.version, m.state, m.events + 1, using_role, null)::joint_place;
end $$;

create or replace function cc.file_on_task(which bigint, actor int, t timestamptz) returns cc.joint_place
language plpgsql set search_path = cc, pg_temp as $$
declare k task := task_for_update(which); using_role text := joint_allowed(joint_action('task', 'attach'), k.state, task_scope(which), actor);
begin
  update task set events = events + 1, changed_at = t where id = which and district_id = k.district_id;
  return row(k.district_id, k.no, k.version, k.state, k.events + 1, using_role, k.unit_id)::joint_place;
end $$;

create or replace function cc.attach_joint(command uuid, of_entity text, which bigint, party int, kind_of text, file_name text, mime_type text, content_bytes bytea)
returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); done jsonb := claim(command); at_place joint_place; t timestamptz; digest text;
begin
  if done is not null then return done; end if;
  perform need(of_entity in ('summons','meeting','task') and (party is null or of_entity = 'summons'), 'CC422', '附件不能挂在这里');
  perform check_file(kind_of, file_name, mime_type, content_bytes, of_entity);
  t := city_now();
  at_place := case of_entity when 'summons' then file_on_summons(which, party, actor.id, t) when 'meeting' then file_on_meeting(which, actor.id, t)
                else file_on_task(which, actor.id, t) end;
  t := city_now();                                   -- what was waited for lies before it in the trace
  digest := encode(sha256(content_bytes), 'hex');
  insert into joint_file (district_id, entity, entity_id, seq, party_no, kind, name, mime, bytes, sha256, content)
  values (at_place.district_id, of_entity, which, at_place.event, party, kind_of, left(file_name, 120), mime_type, length(content_bytes), digest, content_bytes);
  perform joint_log(of_entity, at_place.district_id, which, at_place.event, actor, at_place.role, 'attach', at_place.state, at_place.state, party, at_place.unit_id,
    jsonb_build_object('kind', kind_of, 'name', left(file_name, 120), 'sha256', digest), t);
  return remember(command, actor, jsonb_build_object('entity', of_entity, 'entity_id', which, 'no', at_place.no, 'version', at_place.version,
    'state', at_place.state, 'event', at_place.event));
end $$;

-- One attachment; null when there is none of this number, or the caller reads no words.
create or replace function cc.joint_file_content(which bigint, number int) returns bytea
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare f joint_file; s joint_scope;
begin
  select * into f from joint_file x where x.entity_id = which and x.seq = number;
  s := case f.entity when 'summons' then summons_scope(which) when 'meeting' then meeting_scope(which) when 'task' then task_scope(which) end;
  if f.seq is null or not sees_joint(s) or not reads_text() then return null; end if;
  return f.content;
end $$;
