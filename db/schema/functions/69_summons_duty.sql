-- The duty's parts for whistles and orders: who did not answer or come (超时未响应, 未按时报到), and 哨源升级 for that or for age.

-- One level up with the lines that join there, as if a head had said so; never down, and no further than 疑难哨.
create or replace function cc.raise_by_clock(n cc.summons, why text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare higher text := ('{normal,key,hard}'::text[])[level_rank(n.level) + 1]; before text := n.state;
begin
  if n.kind <> 'whistle' or higher is null
     or not exists (select from whistle_level l where l.district_id = shared(n.district_id) and l.code = higher) then return n; end if;
  n := raise_to(n, higher, t);
  n.version := n.version + 1;
  perform add_lines(n);
  n.state := state_by_lanes(n);
  n := log_summons(n, null, 'duty', 'raise_by_clock', before, jsonb_build_object('level', higher, 'why', why) || what_is_missing(n), t);
  return call_lanes(n, null, 'duty', t);
end $$;

-- Marks that stand in the trace after `since`, whoever's step made them (the duty's round, 改期, an exit), raise the whole once while the work goes on.
create or replace function cc.raise_for_misses(n cc.summons, since int, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare r whistle_rule; fresh text[];
begin
  if n.state not in ('issued','responded','acting') then return n; end if;
  select array_agg(e.action) into fresh from joint_event e
   where e.entity = 'summons' and e.entity_id = n.id and e.district_id = n.district_id and e.seq > since and e.action in ('missed_confirm','missed_arrival');
  if fresh is null then return n; end if;
  r := rules_of(n.district_id);
  if r.raise_on_missed_confirm and 'missed_confirm' = any(fresh) then return raise_by_clock(n, 'missed_confirm', t); end if;
  if r.raise_on_missed_arrival and 'missed_arrival' = any(fresh) then return raise_by_clock(n, 'missed_arrival', t); end if;
  return n;
end $$;

-- What was missed in one summons.
create or replace function cc.mark_summons(district int, which bigint, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare s summons; n summons; marks int;
begin
  select * into s from summons where id = which and district_id = district for update skip locked;
  if s.id is null or s.state not in ('issued','responded','acting') then return 0; end if;
  n := mark_misses(s, t);
  marks := n.events - s.events;
  if marks = 0 then return 0; end if;
  perform tell_summons(raise_for_misses(n, s.events, t), t);
  return marks;
end $$;

create or replace function cc.raise_summons(district int, which bigint, t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare s summons; n summons;
begin
  select * into s from summons where id = which and district_id = district and raise_at <= t for update skip locked;
  if s.id is null then return 0; end if;
  n := s; n.raise_at := null;
  -- Counted is the age of what is not answered: where everybody is at work already nothing is raised.
  if s.state in ('issued','responded') then n := raise_by_clock(n, 'age', t); end if;
  n := save_summons(n, t);
  perform tell_summons(n, t);
  return (n.level <> s.level)::int;
end $$;

-- Summons in which somebody has missed something that nobody has marked.
create or replace function cc.missing_summons(t timestamptz) returns table (district_id int, id bigint)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
  select distinct s.district_id, s.id from summons s join (
      select p.district_id, p.summons_id from summons_party p where p.state = 'pending' and p.live and p.response is null and p.confirm_due < t
      union all
      select p.district_id, p.summons_id from summons_party p where p.arrived_at is null and p.live and p.arrival is null and p.arrive_due < t) due
    on due.summons_id = s.id and due.district_id = s.district_id
   where s.open and s.state in ('issued','responded','acting') order by s.id limit 200;
end $$;

-- A summons that cannot be marked waits, is told of, and keeps nobody else.
create or replace function cc.mark_all_summons(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare k record; marked int := 0;
begin
  for k in select * from missing_summons(t) loop
    begin
      marked := marked + mark_summons(k.district_id, k.id, t);
    exception when others then
      perform note_fault('missed', format('召集 %s：%s', k.id, sqlerrm));
    end;
  end loop;
  return marked;
end $$;

create or replace function cc.raise_all_summons(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare k record; raised int := 0;
begin
  for k in select s.district_id, s.id from summons s where s.raise_at <= t order by s.raise_at limit 200 loop
    begin
      raised := raised + raise_summons(k.district_id, k.id, t);
    exception when others then
      perform note_fault('raised', format('召集 %s：%s', k.id, sqlerrm));
    end;
  end loop;
  return raised;
end $$;

-- Of reporters whom nobody asked in time nobody is reminded any more.
create or replace function cc.end_follow_ups(t timestamptz) returns int
language plpgsql set search_path = cc, pg_temp as $$
declare k record; s summons; ended int := 0;
begin
  for k in select n.district_id, n.entity_id from notice n
            where n.entity = 'summons' and n.kind = 'to_do' and n.to_role = 'followup' and n.closed_at is null and n.due < t order by n.due limit 200 loop
    select * into s from summons x where x.id = k.entity_id and x.district_id = k.district_id for update skip locked;
    if s.id is not null then
      perform tell_summons(s, t);
      ended := ended + 1;
    end if;
  end loop;
  return ended;
end $$;
