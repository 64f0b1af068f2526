-- One door for every change of a case: the workflow data decides who may, the guards whether, the effects what.

-- The duty that lets this person do this to this case; null when none does.
create or replace function cc.role_for(a text, c cc.cases, actor int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select d.role from duty d join wf_rule r on r.role = d.role
    where d.operator_id = actor and r.action = a and r.from_state = c.state and reaches(d.org_id, r.reach, c)
    order by d.role = 'supervisor', d.role limit 1);
end $$;

-- Who made the version that stands: the winner whom a loser is told about.
create or replace function cc.last_deed(c cc.cases) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select jsonb_build_object('who', e.actor_name, 'login', e.actor_login, 'at', e.recorded_at, 'action', e.action,
             'label', (select label from wf_action where code = e.action), 'unit', org_name(e.unit_id), 'state', c.state, 'version', c.version)
    from case_event e where e.district_id = c.district_id and e.case_id = c.id
      and exists (select from wf_action a where a.code = e.action and not a.keeps_version)
    order by e.seq desc limit 1);
end $$;

create or replace function cc.check_version(a cc.wf_action, c cc.cases, expected int) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not a.keeps_version and c.version is distinct from expected then
    perform fail('CC409', '案件已被他人处理', coalesce(last_deed(c), '{}'));
  end if;
end $$;

create or replace function cc.allowed_role(a cc.wf_action, c cc.cases, actor int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare found_role text := role_for(a.code, c, actor);
begin
  if found_role is not null then return found_role; end if;
  if not exists (select from wf_rule where action = a.code and from_state = c.state) then
    perform fail('CC423', format('案件%s，不能%s', (select label from wf_state where code = c.state), a.label),
                 jsonb_build_object('state', c.state, 'action', a.code));
  end if;
  perform fail('CC403', format('您的岗位或范围不能对本案%s', a.label), jsonb_build_object('action', a.code));
end $$;

create or replace function cc.write_event(o cc.cases, n cc.cases, actor cc.operator, using_role text, a text, what jsonb, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into case_event (district_id, case_id, seq, at, actor_id, actor_login, actor_name, role, action, from_state, to_state, unit_id, what,
                          street_id, community_id, became)
  values (n.district_id, n.id, n.events, t, actor.id, coalesce(actor.login, 'duty'), coalesce(actor.name, '值守任务'), using_role, a,
          coalesce(o.state, ''), n.state, coalesce(n.handler_id, n.unit_id), what, n.street_id, n.community_id, image_of(n));
  insert into seal_queue values (n.district_id, n.id, n.events);
end $$;

-- ------------------------------------------------------------------ stage clocks
create or replace function cc.end_stage(o cc.cases, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_stage s set ended_at = t, ended_by = o.events + 1, overdue = coalesce(s.paused_at, t) > s.deadline,
         used_s = work_between(s.district_id, s.clock, s.since, coalesce(s.paused_at, t)) - s.paused_work_s,
         paused_s = s.paused_s + case when s.paused_at is null then 0 else extract(epoch from t - s.paused_at)::bigint end,
         paused_at = null
  where s.district_id = o.district_id and s.case_id = o.id and s.ended_at is null;
end $$;

create or replace function cc.start_stage(n cc.cases, t timestamptz, wanted text, secs bigint, by_clock text, due timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare share double precision := (select near_share from wf_setting);
begin
  n.stage_since := t; n.clock := by_clock; n.deadline := due; n.paused_left_s := null; n.resume_at := null;
  n.warn_at := case when by_clock = 'urgent' then due - make_interval(secs => (secs * share)::bigint)
                    else work_instant(n.district_id, by_clock, work_position(n.district_id, by_clock, due) - (secs * share)::bigint) end;
  insert into case_stage (district_id, case_id, seq, stage, unit_id, since, clock, limit_s, deadline, warn_at)
  values (n.district_id, n.id, n.events, wanted, case when wanted in ('receive','handle') then n.handler_id end, t, by_clock, secs, n.deadline, n.warn_at);
  return n;
end $$;

create or replace function cc.fresh_stage(n cc.cases, t timestamptz, wanted text, share double precision default 1) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare l record; secs bigint; due timestamptz;
begin
  select * into l from stage_limit(n, wanted);
  secs := greatest(60, (l.limit_s * share)::bigint);
  due := work_add(n.district_id, l.by_clock, t, secs);
  if wanted = 'handle' then n.handle_deadline := due; end if;
  if wanted = 'receive' and n.handle_deadline < due then
    due := n.handle_deadline;
    secs := greatest(60, work_between(n.district_id, l.by_clock, t, due));
  end if;
  return start_stage(n, t, wanted, secs, l.by_clock, due);
end $$;

-- A sub-dispatched unit works inside the time of the unit that is responsible.
create or replace function cc.continued_handling(n cc.cases, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare l record;
begin
  select * into l from stage_limit(n, 'handle');
  return start_stage(n, t, 'handle', greatest(60, work_between(n.district_id, l.by_clock, t, n.handle_deadline)), l.by_clock, n.handle_deadline);
end $$;

-- Undoing a dispatch gives back the dispatcher's own clock, not a new one.
create or replace function cc.former_dispatch_stage(n cc.cases, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare s case_stage;
begin
  select * into s from case_stage where district_id = n.district_id and case_id = n.id and stage = 'dispatch' order by seq desc limit 1;
  return start_stage(n, t, 'dispatch', s.limit_s, s.clock, s.deadline);
end $$;

create or replace function cc.pause_stage(n cc.cases, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_stage set paused_at = t where district_id = n.district_id and case_id = n.id and ended_at is null;
  n.paused_left_s := work_between(n.district_id, n.clock, t, n.deadline);
  n.deadline := null; n.warn_at := null; n.handle_deadline := null;
  return n;
end $$;

create or replace function cc.resume_stage(n cc.cases, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare from_then timestamptz := least(t, coalesce(n.resume_at, t)); left_s bigint := coalesce(n.paused_left_s, 0); secs bigint;
begin
  select limit_s into secs from case_stage where district_id = n.district_id and case_id = n.id and ended_at is null;
  n.deadline := work_add(n.district_id, n.clock, from_then, left_s);
  n.warn_at := work_add(n.district_id, n.clock, from_then, left_s - (secs * (select near_share from wf_setting))::bigint);
  n.handle_deadline := n.deadline; n.paused_left_s := null; n.resume_at := null;
  update case_stage set paused_at = null, deadline = n.deadline, warn_at = n.warn_at,
         paused_work_s = paused_work_s + work_between(district_id, clock, paused_at, from_then),
         paused_s = paused_s + extract(epoch from from_then - paused_at)::bigint,
         escalate_at = case when overdue then n.deadline end
   where district_id = n.district_id and case_id = n.id and ended_at is null;
  return n;
end $$;

create or replace function cc.extend_stage(n cc.cases, seconds bigint) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.deadline := work_add(n.district_id, n.clock, n.deadline, seconds);
  n.warn_at := work_add(n.district_id, n.clock, n.warn_at, seconds);
  n.handle_deadline := n.deadline; n.extended := true;
  update case_stage set deadline = n.deadline, warn_at = n.warn_at, limit_s = limit_s + seconds,
         overdue = overdue and n.deadline < city_now(), escalate_at = case when overdue and n.deadline < city_now() then n.deadline end
   where district_id = n.district_id and case_id = n.id and ended_at is null;
  return n;
end $$;

create or replace function cc.move_clock(o cc.cases, n cc.cases, a text, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare becomes text;
begin
  if a = 'suspend' then return pause_stage(n, t); end if;
  if a = 'resume' then return resume_stage(n, t); end if;
  if o.state = n.state and o.handler_id is not distinct from n.handler_id then return n; end if;
  perform end_stage(o, t);
  becomes := (select stage from wf_state where code = n.state);
  n.deadline := null; n.warn_at := null; n.clock := null; n.paused_left_s := null; n.resume_at := null; n.stage_since := t;
  if becomes is null then return n; end if;
  if a = 'undo_dispatch' then return former_dispatch_stage(n, t); end if;
  if becomes = 'handle' and a = 'rework' then return fresh_stage(n, t, 'handle', (select rework_share from wf_setting)); end if;
  if becomes = 'handle' and n.handle_deadline is not null then return continued_handling(n, t); end if;
  return fresh_stage(n, t, becomes);
end $$;

-- ------------------------------------------------------------------ effects
create or replace function cc.classify_into(n cc.cases, args jsonb) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare i catalogue_item; g grid; list int := shared(n.district_id);
begin
  if args ? 'item_id' then
    select * into i from catalogue_item where district_id = list and id = arg_int(args, 'item_id')
       and version_id = (select v.id from catalogue_version v where v.district_id = list and v.current);
    perform need(i.id is not null, 'CC422', '没有这个小类', 'item_id');
    n.item_id := i.id; n.urgent := i.urgent; n.grade := i.grade;
    n.priority := case when i.urgent then 1 else 11 - (i.danger + i.visibility + i.disorder) end;
  end if;
  if args ? 'grade' then n.grade := args->>'grade'; end if;
  if args ? 'grid_id' then
    select * into g from grid where district_id = n.district_id and id = arg_int(args, 'grid_id');
    perform need(g.id is not null, 'CC422', '没有这个网格', 'grid_id');
    n.grid_id := g.id; n.street_id := g.street_id; n.community_id := g.community_id;
  end if;
  update case_detail set address = coalesce(args->>'address', address), description = coalesce(args->>'description', description)
   where district_id = n.district_id and case_id = n.id and (args ? 'address' or args ? 'description');
  return n;
end $$;

create or replace function cc.dispatch_to(n cc.cases, unit int, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare of_unit text := (select kind from org where id = unit);
begin
  n.unit_id := unit; n.handler_id := unit; n.dispatched_by := actor; n.dispatched_at := t;
  n.handle_deadline := null; n.extended := false;
  n.circulation := case when of_unit in ('department','utility','enterprise') then 'large' when of_unit = 'community' then 'micro' else 'small' end;
  return n;
end $$;

create or replace function cc.undispatch(n cc.cases) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  select e.from_state into n.state from case_event e where e.district_id = n.district_id and e.case_id = n.id and e.action = 'dispatch' order by e.seq desc limit 1;
  n.unit_id := null; n.handler_id := null; n.dispatched_by := null; n.dispatched_at := null;
  return n;
end $$;

create or replace function cc.count_return(n cc.cases) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into case_unit_return values (n.district_id, n.id, n.unit_id, 1)
    on conflict (district_id, case_id, unit_id) do update set times = case_unit_return.times + 1;
  n.returns := n.returns + 1; n.unit_id := null; n.handler_id := null; n.handle_deadline := null;
  return n;
end $$;

-- A request ends with the work it was made for.
create or replace function cc.drop_request(n cc.cases, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  if n.asked is null then return n; end if;
  return decide(n, false, '案件已离开办理环节', actor, t);
end $$;

create or replace function cc.ask(n cc.cases, wanted text, args jsonb, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into case_request (district_id, case_id, seq, kind, asked_by, asked_at, reason, until, minutes)
  values (n.district_id, n.id, n.events, wanted, actor, t, args->>'reason', arg_instant(args, 'until'), arg_int(args, 'minutes'));
  n.asked := wanted;
  return n;
end $$;

create or replace function cc.decide(n cc.cases, yes boolean, words text, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_request set granted = yes, decision = coalesce(words, ''), decided_by = actor, decided_at = t
   where district_id = n.district_id and case_id = n.id and decided_at is null;
  n.asked := null;
  return n;
end $$;

create or replace function cc.grant_extension(n cc.cases, args jsonb, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare m int;
begin
  select coalesce(arg_int(args, 'minutes'), r.minutes) into m from case_request r
   where r.district_id = n.district_id and r.case_id = n.id and r.decided_at is null and r.kind = 'extension';
  return decide(extend_stage(n, m * 60::bigint), true, args->>'note', actor, t);
end $$;

create or replace function cc.answer_reporters(n cc.cases, words text, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_reporter r set answered_at = t, answer = words
   where r.district_id = n.district_id and r.answered_at is null and r.case_id in (select family(n));
  n.answered := true;
  return n;
end $$;

create or replace function cc.follow_reporters(n cc.cases, args jsonb, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_reporter r set satisfied = args->>'satisfied', solved = args->>'solved', followed_up_at = t
   where r.district_id = n.district_id and r.case_id in (select family(n));
  n.followed_up := true;
  return n;
end $$;

-- Worked on again: what the reporters were told and said no longer holds (the trace keeps it).
create or replace function cc.begin_again(n cc.cases) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  update case_reporter r set answered_at = null, followed_up_at = null, satisfied = null, solved = null
   where r.district_id = n.district_id and r.case_id in (select family(n));
  n.answered := false; n.followed_up := false; n.extended := false;
  return n;
end $$;

create or replace function cc.put_on_ledger(n cc.cases, kind_of text, who text, why text, actor int, t timestamptz) returns void
language sql set search_path = cc, pg_temp as $$
  insert into ledger (district_id, case_id, seq, kind, opened_by, opened_at, leader, reason)
  values (n.district_id, n.id, n.events, kind_of, actor, t, coalesce(who, ''), why)
$$;

create or replace function cc.clear_from_ledger(n cc.cases, kind_of text, doc text, words text, actor int, t timestamptz) returns void
language sql set search_path = cc, pg_temp as $$
  update ledger set cleared_by = actor, cleared_at = t, document_no = btrim(coalesce(doc, '')), clearing = words
   where district_id = n.district_id and case_id = n.id and kind = kind_of and cleared_at is null
$$;

-- What the parent action changes beside the state. n already carries the new state and event number.
create or replace function cc.effect_of_unit(a text, n cc.cases, args jsonb, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  case a
  when 'dispatch' then n := dispatch_to(n, arg_int(args, 'unit_id'), actor, t);
  when 'rule' then n := dispatch_to(n, arg_int(args, 'unit_id'), actor, t); n.ruled := true;
  when 'undo_dispatch' then n := undispatch(n);
  when 'return_case' then n := count_return(drop_request(n, actor, t));
  when 'sub_dispatch' then n := drop_request(n, actor, t); n.handler_id := arg_int(args, 'unit_id');
  when 'hand_back' then n := drop_request(n, actor, t); n.handler_id := n.unit_id;
  when 'request_suspend' then n := ask(n, 'suspend', args, actor, t);
  when 'request_extension' then n := ask(n, 'extension', args, actor, t);
  when 'approve_extension' then n := grant_extension(n, args, actor, t);
  when 'refuse_request' then n := decide(n, false, args->>'reason', actor, t);
  when 'suspend' then n.resume_at := arg_instant(args, 'until'); n := decide(n, n.asked = 'suspend', args->>'reason', actor, t);
  when 'feedback' then
    n := drop_request(n, actor, t);
    update case_detail set result = args->>'result' where district_id = n.district_id and case_id = n.id;
  when 'rework' then n := begin_again(n); n.reworks := n.reworks + 1;
  else null;
  end case;
  return n;
end $$;

create or replace function cc.effect_of_center(a text, n cc.cases, args jsonb, actor int, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  case a
  when 'classify', 'accept', 'file' then n := classify_into(n, args);
  when 'merge' then n.master_id := arg_int_big(args, 'master_id');
  when 'self_handle' then update case_detail set result = args->>'result' where district_id = n.district_id and case_id = n.id;
  when 'reply' then n := answer_reporters(n, args->>'text', t);
  when 'follow_up' then n := follow_reporters(n, args, t);
  when 'reopen' then
    n := begin_again(n); n.reopened := n.reopened + 1; n.unit_id := null; n.handler_id := null; n.handle_deadline := null; n.ruled := false;
  when 'supervise' then n.supervised := true; perform put_on_ledger(n, 'supervision', args->>'leader', args->>'reason', actor, t);
  when 'lift_supervision' then n.supervised := false; perform clear_from_ledger(n, 'supervision', null, args->>'reason', actor, t);
  when 'force_close' then n := drop_request(n, actor, t); n.on_ledger := true; perform put_on_ledger(n, 'force_close', null, args->>'reason', actor, t);
  when 'clear_ledger' then n.on_ledger := false; perform clear_from_ledger(n, 'force_close', args->>'document_no', args->>'result', actor, t);
  else null;
  end case;
  return n;
end $$;

create or replace function cc.save_case(n cc.cases, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
begin
  n.changed_at := t; n.open := (select s.open from wf_state s where s.code = n.state);
  n.closed_at := case when n.open then null else coalesce(n.closed_at, t) end;
  update cases set (version, events, state, open, grade, circulation, priority, urgent, citizen, item_id, street_id, community_id, grid_id, unit_id, handler_id, ruled,
      changed_at, stage_since, deadline, warn_at, clock, paused_left_s, resume_at, handle_deadline, dispatched_by, dispatched_at,
      returns, reworks, reopened, extended, asked, supervised, on_ledger, master_id, answered, followed_up, closed_at, photos)
    = (n.version, n.events, n.state, n.open, n.grade, n.circulation, n.priority, n.urgent, n.citizen, n.item_id, n.street_id, n.community_id, n.grid_id, n.unit_id, n.handler_id, n.ruled,
      n.changed_at, n.stage_since, n.deadline, n.warn_at, n.clock, n.paused_left_s, n.resume_at, n.handle_deadline, n.dispatched_by, n.dispatched_at,
      n.returns, n.reworks, n.reopened, n.extended, n.asked, n.supervised, n.on_ledger, n.master_id, n.answered, n.followed_up, n.closed_at, n.photos)
   where district_id = n.district_id and id = n.id;
  return n;
end $$;

-- The master takes over whoever is to be answered. Locked here: of two cases merged into each other at once one is refused.
create or replace function cc.absorb(child cc.cases, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare m cases; n cases;
begin
  select * into m from cases where id = child.master_id and district_id = child.district_id for update;
  perform need(m.open, 'CC422', '主案不存在或已办结', 'master_id');
  n := m; n.events := m.events + 1;
  if child.citizen then n.citizen := true; n.answered := false; n.followed_up := false; end if;
  n := save_case(n, t);
  perform write_event(m, n, actor, using_role, 'absorb', jsonb_build_object('case_id', child.id, 'no', child.no), t);
end $$;

-- What the trace says of an action. The words of a case may hold personal data: the trace keeps their digest, case_detail the words.
create or replace function cc.what_of(a text, args jsonb, c cc.cases) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (args - '{description,address}'::text[])
      || case when args ? 'description' or args ? 'address'
              then jsonb_build_object('words_sha256', encode(sha256(convert_to(concat_ws(E'\n', args->>'description', args->>'address'), 'UTF8')), 'hex'))
              else '{}' end
      || case when a = 'return_case' then jsonb_build_object('from_unit', c.unit_id) else '{}' end;
end $$;

create or replace function cc.apply_action(a cc.wf_action, c cc.cases, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare n cases := c;
begin
  n.events := c.events + 1;
  if not a.keeps_version then n.version := c.version + 1; end if;
  if a.to_state not in ('=', 'back') then n.state := a.to_state; end if;
  n := effect_of_unit(a.code, n, args, actor.id, t);
  n := effect_of_center(a.code, n, args, actor.id, t);
  n := save_case(move_clock(c, n, a.code, t), t);
  perform write_event(c, n, actor, using_role, a.code, what_of(a.code, args, c), t);
  if a.code = 'merge' then perform absorb(n, actor, using_role, t); end if;
  if a.code = 'instruct' then perform task_of_instruction(n, args, actor, using_role, t); end if;
  return n;
end $$;

create or replace function cc.remember(command uuid, actor cc.operator, answer jsonb) returns jsonb
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into command_log (district_id, id, actor_id, answer) values (actor.district_id, command, actor.id, remember.answer);
  return remember.answer;
end $$;

-- The answer that was given to a command already, or null when it is new. Whoever sends the same command a second time at once
-- waits here for the first; an id that somebody else used is refused without telling what it did.
-- 1024 locks a person at most: one a command would let a clerk fill the lock table of the whole server.
create or replace function cc.claim(command uuid) returns jsonb
language plpgsql set search_path = cc, pg_temp as $$
declare l command_log; o operator;
begin
  perform need(command is not null, 'CC422', '没有命令编号');
  perform pg_advisory_xact_lock(hashtext(session_user), hashtext(command::text) & 1023);
  select * into l from command_log where id = command;
  if l.id is null then return null; end if;
  select * into o from operator where id = l.actor_id;
  perform need(o.login = session_user, 'CC422', '命令编号已被使用，请重新发出');
  return l.answer || '{"replayed": true}';
end $$;

-- What became of a command whose answer was lost with the connection: its answer, or null when it was never done.
create or replace function cc.command_outcome(command uuid) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select l.answer from command_log l join operator o on o.id = l.actor_id where l.id = command and o.login = session_user and o.active);
end $$;

create or replace function cc.act(command uuid, which bigint, expected int, a text, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); act_row wf_action; c cases; n cases; using_role text; t timestamptz; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  select * into act_row from wf_action where code = a and code not in ('report', 'attach');
  perform need(act_row.code is not null, 'CC422', '没有这个操作');
  c := case_for_update(which);
  t := city_now();
  perform check_version(act_row, c, expected);
  using_role := allowed_role(act_row, c, actor.id);
  perform check_args(act_row, args);
  perform check_guards(act_row, c, args, actor, using_role, t);
  n := apply_action(act_row, c, args, actor, using_role, t);
  return remember(command, actor, jsonb_build_object('case_id', n.id, 'no', n.no, 'version', n.version, 'state', n.state, 'event', n.events));
end $$;
