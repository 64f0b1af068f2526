-- What needs a clock: partitions ahead, overdue marks, ended suspensions, seals, feed retention. Idempotent;
-- one at a time by a row lock that no clerk can take.

-- Made apart and then attached: CREATE TABLE … PARTITION OF locks the parent against everybody, ATTACH against nobody who works.
create or replace function cc.add_partition(parent text, part text, lo text, hi text) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  if to_regclass('cc.' || part) is not null then return; end if;
  execute format('create table cc.%I (like cc.%I including all)', part, parent);
  execute format('alter table cc.%I enable row level security', part);
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
end $$;

-- Dropping waits for whoever reads the feed in a transaction held open, and everybody else would wait behind it: so it waits for
-- the blink of an eye only, and the next round tries again.
create or replace function cc.drop_old_feed(keep_days int default 3) returns int
language plpgsql set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' set lock_timeout = '50ms' as $$
declare r record; dropped int := 0;
begin
  for r in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'cc.feed'::regclass
            and c.relname ~ '^feed_[0-9]{8}$' and to_date(right(c.relname, 8), 'YYYYMMDD') < (clock_timestamp()::date - keep_days) loop
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
         or a.xact_start < clock_timestamp() - 30 * idle)
$$;

create or replace function cc.duty_event(c cc.cases, a text, what jsonb, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare n cases := c;
begin
  n.events := c.events + 1;
  n := save_case(n, t);
  perform write_event(c, n, null, 'duty', a, what, t);
end $$;

create or replace function cc.mark_overdue(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare s case_stage; c cases; marked int := 0;
begin
  for s in select * from case_stage where ended_at is null and paused_at is null and not overdue and deadline < t limit 500 loop
    select * into c from cases where district_id = s.district_id and id = s.case_id for update skip locked;
    continue when c.id is null;
    update case_stage set overdue = true where district_id = s.district_id and case_id = s.case_id and seq = s.seq and ended_at is null and not overdue;
    if found then
      perform duty_event(c, 'overdue', jsonb_build_object('stage', s.stage, 'deadline', s.deadline), t);
      marked := marked + 1;
    end if;
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
    exception when sqlstate 'CC510' then
      -- Beyond the calendar: this case waits for it, the duty goes on with the others.
      raise warning '%: %', c.no, sqlerrm;
    end;
  end loop;
  return resumed;
end $$;

create or replace function cc.run_duty() returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare t timestamptz; done jsonb; reaped int;
begin
  reaped := reap_sessions();
  perform from duty_lease for update skip locked;
  if not found then return jsonb_build_object('elsewhere', true, 'reaped', reaped); end if;
  t := city_now();
  perform ensure_partitions();
  done := jsonb_build_object('overdue', mark_overdue(t), 'resumed', resume_due(t), 'sealed', seal_events(), 'feed_dropped', drop_old_feed(), 'reaped', reaped);
  delete from presence where at < clock_timestamp() - interval '12 hours';
  delete from command_log where at < clock_timestamp() - interval '35 days';  -- nobody asks for the outcome of so old a command
  update duty_lease set holder = session_user, at = clock_timestamp();
  return done;
end $$;
