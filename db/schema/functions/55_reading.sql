-- Questions that must cost the same after five years as on the first day. A policy that looks up the case of a row is planned over every
-- month's partition at each question (30 ms with 64 of them, a case file asks ten); these look at the case once and then at its month only.

-- What a case without a catalogue item is named by; of many cases at once, those out of scope left out.
create or replace function cc.summaries(ids bigint[]) returns table (case_id bigint, summary text)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare districts int[] := my_districts(); areas int[] := my_areas(); units int[] := my_units();
begin
  if not reads_text() then return; end if;
  return query
  select d.case_id, d.summary from case_detail d join cases c on c.id = d.case_id and c.district_id = d.district_id
   where d.case_id = any(ids) and c.id = any(ids)
     and (c.district_id = any(districts) or c.street_id = any(areas) or c.community_id = any(areas) or c.handler_id = any(units) or c.unit_id = any(units));
end $$;

-- The first of a queue in the order of work, under the caller's own policies; its plan over all months is made once a session.
-- handlers: only what these units handle; null: whoever does.
create or replace function cc.first_cases(states text[], handlers int[], at_most int) returns setof cc.cases
language plpgsql stable set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
  if handlers is null then
    return query select c.* from cases c where c.open and c.state = any(states) order by c.priority, c.deadline nulls last, c.id desc limit at_most;
  else
    return query select c.* from cases c where c.open and c.state = any(states) and c.handler_id = any(handlers)
      order by c.priority, c.deadline nulls last, c.id desc limit at_most;
  end if;
end $$;

-- The case and those merged into it, however often over, as far as the caller sees them: their reporters are answered with the master's.
create or replace function cc.family_of(c cc.cases) returns bigint[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if not exists (select from case_event e where e.case_id = c.id and e.district_id = c.district_id and e.action = 'absorb') then
    return array[c.id];
  end if;
  return (
    with recursive family as (
      select c as member union select m from family join cases m on m.master_id = (family.member).id and m.district_id = c.district_id)
    select array_agg((member).id) from family where sees(member));
end $$;

-- The parts of a file that the hall screen does not get: words, trace, evidence, reporters, the request that waits.
create or replace function cc.case_words(c cc.cases) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare family bigint[] := family_of(c);
begin
  return jsonb_build_object(
    'detail', (select jsonb_build_array(d.description, d.address, d.source_no, d.occurred_at, d.result) from case_detail d
       where d.case_id = c.id and d.district_id = c.district_id),
    'trace', (select jsonb_agg(jsonb_build_array(e.seq, e.at, e.recorded_at, e.actor_id, e.actor_login, e.actor_name, e.role, e.action, e.from_state, e.to_state,
       e.unit_id, e.what) order by e.seq) from case_event e where e.case_id = c.id and e.district_id = c.district_id),
    'attachments', (select jsonb_agg(jsonb_build_array(a.seq, a.kind, a.name, a.mime, a.bytes, a.sha256) order by a.seq) from attachment a
       where a.case_id = c.id and a.district_id = c.district_id),
    'reporters', (select jsonb_agg(jsonb_build_array(r.reporter_id, r.case_id, r.name_masked, r.phone_masked, r.answered_at, r.answer, r.satisfied, r.solved,
       r.followed_up_at) order by r.reporter_id) from case_reporter r where r.case_id = any(family) and r.district_id = c.district_id),
    'request', (select jsonb_build_array(q.kind, q.asked_by, q.asked_at, q.reason, q.until, q.minutes) from case_request q
       where q.case_id = c.id and q.district_id = c.district_id and q.decided_at is null order by q.seq desc limit 1));
end $$;

-- Everything about one case in one answer, or CC404.
create or replace function cc.case_file(which bigint) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  return case when reads_text() then case_words(c) else '{}'::jsonb end || jsonb_build_object(
    'master_id', c.master_id,
    'stages', (select jsonb_agg(jsonb_build_array(s.seq, s.stage, s.unit_id, s.since, s.clock, s.limit_s, s.deadline, s.warn_at, s.ended_at, s.used_s, s.paused_at,
       s.paused_s, s.overdue) order by s.seq) from case_stage s where s.case_id = c.id and s.district_id = c.district_id),
    'viewers', (select jsonb_agg(p.operator_id order by p.at) from presence p where p.case_id = c.id and p.district_id = c.district_id),
    'check', trace_check(which));
end $$;

-- One piece of evidence; null when the case has none of this number.
create or replace function cc.attachment_content(which bigint, number int) returns bytea
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  if not reads_text() then return null; end if;
  return (
    select a.content from attachment a where a.case_id = c.id and a.seq = number and a.district_id = c.district_id);
end $$;

-- Who has this case open; nobody, if the caller does not see it.
create or replace function cc.viewers(which bigint) returns int[]
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare c cases;
begin
  select * into c from cases where id = which;
  if c.id is null or not sees(c) then return '{}'; end if;
  return (
    select coalesce(array_agg(p.operator_id), '{}') from presence p where p.case_id = c.id and p.district_id = c.district_id);
end $$;
