-- What needs a clock: partitions ahead, counters, seals, marks and reminders, ended suspensions, retention. Idempotent;
-- one at a time by a row lock that no clerk can take (ADR 008).

-- Made apart and then attached: CREATE TABLE … PARTITION OF locks the parent against everybody, ATTACH against nobody who works.
create or replace function cc.add_partition(parent text, part text, lo text, hi text) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare word text;
begin
  if to_regclass('cc.' || part) is not null then return; end if;
  execute format('create table cc.%I (like cc.%I including all)', part, parent);
  execute format('alter table cc.%I enable row level security', part);
  -- What is kept out of the statistics of the whole (harden.sql) stays out of those of its parts.
  for word in select attname from pg_attribute where attrelid = ('cc.' || parent)::regclass and attnum > 0 and attstattarget = 0 loop
    execute format('alter table cc.%I alter column %I set statistics 0', part, word);
  end loop;
  execute format('alter table cc.%I attach partition cc.%I for values from (%L) to (%L)', parent, part, lo, hi);
end $$;

create or replace function cc.ensure_month(first_day date) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare t text; month text := to_char(first_day, 'YYYYMM'); next text := to_char(first_day + interval '1 month', 'YYYYMM');
begin
  foreach t in array '{cases,case_detail,case_event,case_stage,seal_leaf}'::text[] loop
    perform add_partition(t, t || '_' || month, month || '000000000', next || '000000000');
  end loop;
end $$;

create or replace function cc.ensure_partitions(back_months int default 1) returns void
language plpgsql security definer set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' as $$
declare k int; day date; today date := clock_timestamp()::date; t timestamptz;
begin
  foreach t in array array[clock_timestamp(), city_now()] loop
    for k in -back_months .. 3 loop
      perform ensure_month((date_trunc('month', t) + make_interval(months => k))::date);
    end loop;
  end loop;
  for k in -1 .. 7 loop
    day := today + k;
    perform add_partition('feed', 'feed_' || to_char(day, 'YYYYMMDD'), day::timestamptz::text, (day + 1)::timestamptz::text);
  end loop;
  -- Tracks by the city's days; the server's own, too, for when the clock is put back to them.
  foreach today in array array[today, city_now()::date] loop
    continue when to_regclass('cc.patrol_track_' || to_char(today - 1, 'YYYYMMDD')) is not null and to_regclass('cc.patrol_track_' || to_char(today + 7, 'YYYYMMDD')) is not null;
    for k in -1 .. 7 loop
      perform add_partition('patrol_track', 'patrol_track_' || to_char(today + k, 'YYYYMMDD'), (today + k)::timestamptz::text, (today + k + 1)::timestamptz::text);
    end loop;
  end loop;
end $$;

-- Whether a day of the feed holds something that the counters do not.
create or replace function cc.holds_news(part text) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare s rollup_state; found_one boolean;
begin
  select * into s from rollup_state;
  execute format('select exists (select from cc.%I f where f.event_seq is not null and f.xid >= pg_snapshot_xmin($1)
                   and (not pg_visible_in_snapshot(f.xid, $1) or f.xid = $2))', part) into found_one using s.seen, s.own;
  return found_one;
end $$;

-- Dropping waits for whoever reads the feed in a transaction held open, and everybody else would wait behind it: so it waits for
-- the blink of an eye only, and the next round tries again. Locked first, so nothing can come in after the look.
create or replace function cc.drop_old_feed(keep_days int default 3) returns int
language plpgsql set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' set lock_timeout = '50ms' as $$
declare r record; dropped int := 0;
begin
  for r in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'cc.feed'::regclass
            and c.relname ~ '^feed_[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < (clock_timestamp()::date - keep_days) loop
    lock table only feed in access exclusive mode;
    execute format('lock table cc.%I in access exclusive mode', r.relname);
    continue when holds_news(r.relname);
    execute format('drop table cc.%I', r.relname);
    dropped := dropped + 1;
  end loop;
  return dropped;
exception when lock_not_available then
  return 0;
end $$;

-- A transaction held open keeps locks, and the duty itself, from everybody; a disabled person's session keeps what it has read.
-- Named by what they do, not by who they are: this ends nobody who works.
create or replace function cc.reap_sessions(idle interval default '60 s') returns int
language sql security definer set search_path = cc, pg_temp as $$
  select count(*) filter (where pg_terminate_backend(a.pid))::int
  from pg_stat_activity a join operator o on o.login = a.usename
  where a.datname = current_database() and a.pid <> pg_backend_pid()
    and (not o.active or (a.state like 'idle in transaction%' and a.state_change < clock_timestamp() - idle)
         or a.xact_start < clock_timestamp() - 30 * idle
         -- Active all the time, and yet holding the rows it wrote; or keeping the queue of wake-ups from being emptied.
         or (a.backend_xid is not null and a.xact_start < clock_timestamp() - idle)
         or (a.xact_start < clock_timestamp() - idle / 10 and pg_notification_queue_usage() > 0.01))
$$;

create or replace function cc.duty_event(c cc.cases, a text, what jsonb, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare n cases := c;
begin
  n.events := c.events + 1;
  n := save_case(n, t);
  perform write_event(c, n, null, 'duty', a, what, t);
end $$;

-- ------------------------------------------------------------------ what runs out
-- Stages that are due for a mark: near_limit (临期), overdue (超期), escalate (催办). A stage that stands still is due for none.
create or replace function cc.due_stages(mark text, t timestamptz) returns setof cc.case_stage
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case mark
  when 'near_limit' then
    return query select * from case_stage where ended_at is null and paused_at is null and not warned and not overdue
      and warn_at <= t and deadline >= t order by warn_at limit 500;
  when 'overdue' then
    return query select * from case_stage where ended_at is null and paused_at is null and not overdue
      and deadline < t order by deadline limit 500;
  when 'escalate' then
    return query select * from case_stage where ended_at is null and paused_at is null and escalate_at is not null
      and escalate_at <= t order by escalate_at limit 500;
  end case;
end $$;

-- When the next level is due: that share of the stage's own limit past its deadline, in working time of its clock.
create or replace function cc.next_level_at(s cc.case_stage) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
declare r wf_reminder;
begin
  select * into r from wf_reminder where kind = 'escalate' and level = s.level + 1;
  if r.kind is null then return null; end if;
  return work_add(s.district_id, s.clock, s.deadline, (s.limit_s * r.share)::bigint);
end $$;

-- Sets the mark if it is still due, the case being locked; the level it has reached, null when there is nothing to tell.
create or replace function cc.set_mark(mark text, s cc.case_stage, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare due timestamptz;
begin
  case mark
  when 'near_limit' then
    update case_stage set warned = true where district_id = s.district_id and case_id = s.case_id and seq = s.seq;
  when 'overdue' then
    update case_stage set overdue = true, escalate_at = deadline where district_id = s.district_id and case_id = s.case_id and seq = s.seq;
  when 'escalate' then
    due := next_level_at(s);
    if due is null or due > t then
      update case_stage set escalate_at = due where district_id = s.district_id and case_id = s.case_id and seq = s.seq;
      return null;
    end if;
    update case_stage set level = s.level + 1, escalate_at = due where district_id = s.district_id and case_id = s.case_id and seq = s.seq;
  end case;
  return s.level + (mark = 'escalate')::int;
end $$;

create or replace function cc.reminder_words(mark text, s cc.case_stage) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
declare
  stage_label text := (select label from wf_stage where code = s.stage);
  due text := to_char(s.deadline at time zone (select d.time_zone from district d where d.district_id = s.district_id), 'MM-DD HH24:MI');
begin
  return case mark
    when 'near_limit' then format('%s环节临期，时限 %s', stage_label, due)
    when 'overdue' then format('%s环节超期，时限 %s', stage_label, due)
    else format('%s环节超期未办，第 %s 次催办，时限 %s', stage_label, s.level + 1, due) end;
end $$;

-- To whom: "role:reach" as in the rules, or "acts", whoever the stage waits for.
create or replace function cc.remind_all(mark text, reached int, c cc.cases, s cc.case_stage, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare whom text; reach text;
begin
  for whom in select distinct case w when 'acts' then st.acts else w end
              from wf_reminder r, unnest(r.to_whom) w, wf_stage st
              where r.kind = mark and r.level = reached and st.code = s.stage loop
    reach := split_part(whom, ':', 2);
    perform remind(c, case mark when 'escalate' then 'escalation' else mark end, split_part(whom, ':', 1),
                   case reach when 'handler' then c.handler_id when 'unit' then c.unit_id end, reminder_words(mark, s), t);
  end loop;
end $$;

create or replace function cc.mark_stage(mark text, which cc.case_stage, t timestamptz) returns boolean
language plpgsql set search_path = cc, pg_temp as $$
declare c cases; s case_stage; reached int;
begin
  select * into c from cases where district_id = which.district_id and id = which.case_id for update skip locked;
  if c.id is null then return false; end if;
  select d.* into s from case_stage d where d.district_id = which.district_id and d.case_id = which.case_id and d.seq = which.seq;
  if s.ended_at is not null or s.paused_at is not null or s is distinct from which then return false; end if;
  reached := set_mark(mark, s, t);
  if reached is null then return false; end if;
  perform duty_event(c, mark, jsonb_strip_nulls(jsonb_build_object('stage', s.stage, 'deadline', s.deadline,
    'level', case mark when 'escalate' then reached end)), t);
  perform remind_all(mark, reached, c, s, t);
  return true;
end $$;

-- A case that cannot be marked waits, is told of, and keeps nobody else.
create or replace function cc.mark_stages(mark text, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare s case_stage; marked int := 0;
begin
  for s in select * from due_stages(mark, t) loop
    begin
      if mark_stage(mark, s, t) then marked := marked + 1; end if;
    exception when others then
      perform note_fault(case mark when 'escalate' then 'escalated' else mark end, format('案件 %s：%s', s.case_id, sqlerrm));
    end;
  end loop;
  return marked;
end $$;

create or replace function cc.resume_due(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare c cases; n cases; resumed int := 0;
begin
  for c in select * from cases where open and state = 'suspended' and resume_at <= t for update skip locked loop
    begin
      n := c; n.events := c.events + 1; n.version := c.version + 1; n.state := 'in_progress';
      n := save_case(move_clock(c, n, 'resume', t), t);
      perform write_event(c, n, null, 'duty', 'resume', '{"note": "挂起到期，自动恢复"}', t);
      resumed := resumed + 1;
    exception when others then
      -- Perhaps beyond the calendar: this case waits, the duty goes on with the others.
      perform note_fault('resumed', format('案件 %s：%s', c.no, sqlerrm));
    end;
  end loop;
  return resumed;
end $$;

-- ------------------------------------------------------------------ the round
create or replace function cc.note_fault(which text, words text) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  insert into duty_fault as f (part, message) values (which, left(words, 300))
  on conflict (part) do update set at = excluded.at, times = f.times + 1, message = excluded.message;
end $$;

create or replace function cc.forget_old() returns int
language plpgsql set search_path = cc, pg_temp as $$
declare gone int;
begin
  delete from presence where at < clock_timestamp() - interval '12 hours';
  delete from command_log where at < clock_timestamp() - interval '35 days';  -- nobody asks for the outcome of so old a command
  get diagnostics gone = row_count;
  return gone + end_follow_ups(city_now()) + drop_old_notices(city_now()) + drop_old_slots(city_now());
end $$;

create or replace function cc.do_part(part text, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
begin
  case part
  when 'partitions' then perform ensure_partitions(); return 0;
  when 'folded' then return roll_up();
  when 'sealed' then return seal_events();
  when 'forgotten' then return forget_old();
  when 'resumed' then return resume_due(t);
  when 'overdue' then return mark_stages('overdue', t);
  when 'near_limit' then return mark_stages('near_limit', t);
  when 'escalated' then return mark_stages('escalate', t);
  when 'missed' then return mark_all_summons(t);
  when 'raised' then return raise_all_summons(t);
  when 'tasks' then return mark_tasks(t);
  when 'unanswered' then return escalate_notices(t);
  when 'positions_told' then return tell_late();
  when 'feed_dropped' then return drop_old_feed();
  when 'tracks_dropped' then return drop_old_tracks(t);
  end case;
end $$;

-- One part, undone alone when it fails; a statement that runs out of its time counts as failed too. What was noted of single cases
-- while it ran stays until a round without.
create or replace function cc.try_part(which text, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare began timestamptz := clock_timestamp(); done int;
begin
  done := do_part(which, t);
  delete from duty_fault where part = which and at < began;
  return done;
exception when query_canceled or others then
  perform note_fault(which, sqlerrm);
  return null;
end $$;

-- Whether the round is all that the client asked for: in a transaction, or before another statement, whoever called it would hold the
-- rounds from everybody for as long as he likes, and take back what was done.
create or replace function cc.stands_alone() returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return transaction_timestamp() = statement_timestamp()
     and current_query() ~* '^\s*select\s+cc\.run_duty\((make_interval\(secs => [0-9.]+\))?\)\s*;?\s*$';
end $$;

-- One round, if nobody did one within `rest`; what holds cases comes last, so that nobody waits for what is slow. One statement: a
-- client that dies meanwhile leaves a server that finishes alone. {"elsewhere": true} when another program did or does it.
create or replace function cc.run_duty(rest interval default '0 s') returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare part text; n int; done jsonb := '{}';
begin
  perform need(current_setting('transaction_isolation') = 'read committed', 'CC422', '值守任务须在 READ COMMITTED 隔离级别下执行');
  perform need(is_superuser() or stands_alone(), 'CC422', '值守任务须单独执行，不能放在事务或其他语句之中');
  -- "Within", not "later than": a server clock that is set back must not put the duty to sleep.
  if exists (select from duty_lease where at > clock_timestamp() - rest and at <= clock_timestamp()) then
    return '{"elsewhere": true}';
  end if;
  done := jsonb_build_object('reaped', reap_sessions());
  perform from duty_lease where at <= clock_timestamp() - rest or at > clock_timestamp() for update skip locked;
  if not found then return done || '{"elsewhere": true}'; end if;
  foreach part in array '{partitions,folded,sealed,forgotten,resumed,overdue,near_limit,escalated,missed,raised,tasks,unanswered,positions_told,feed_dropped,tracks_dropped}'::text[] loop
    n := try_part(part, city_now());
    if n is null then
      done := done || jsonb_build_object('failed', coalesce(done->'failed', '[]') || to_jsonb(part));
    else
      done := done || jsonb_build_object(part, n);
    end if;
  end loop;
  update duty_lease set holder = session_user, at = clock_timestamp();
  return done;
end $$;

-- How the duty is: seconds since the last round (null: never), by whom, and what fails in it. The words of a fault may name a case.
create or replace function cc.duty_state() returns table (silent_s double precision, by_login text, part text, since timestamptz, message text)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  if not is_superuser() then perform me(); end if;
  return query
  select case when isfinite(l.at) then greatest(0, extract(epoch from clock_timestamp() - l.at))::double precision end, l.holder,
         f.part, f.since, case when is_superuser() or has_role('{supervisor,admin}') then f.message end
  from duty_lease l left join duty_fault f on true order by f.part;
end $$;
