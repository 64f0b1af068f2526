-- What somebody must do next about a summons: the notices are kept equal to it. The words name nobody and no place: gateways send them.

-- An order speaks its own words, as its lanes do (order.toml, lane_labels).
create or replace function cc.step_words(s cc.summons, label text) returns text
language sql immutable set search_path = cc, pg_temp as $$
  select case s.kind when 'whistle' then format('吹哨 %s %s', s.no, label)
    else format('联合执法令 %s %s', s.no, replace(replace(label, '退哨', '退出'), '响应', '确认')) end
$$;

-- A step of the caller's side: by the caller's speaker, or a role of the district.
create or replace function cc.step_of(s cc.summons, what text, by_role text, at_org int, label text, due timestamptz, party int default null) returns cc.joint_step
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return row(party, what, by_role, at_org, step_words(s, label), due, (level_of(s)).clock)::joint_step;
end $$;

create or replace function cc.lane_step(s cc.summons, p cc.summons_party) returns cc.joint_step
language plpgsql stable set search_path = cc, pg_temp as $$
declare
  k joint_step; by_then timestamptz := coalesce(p.handle_due, p.arrive_due + interval '24 hours');
  refused boolean := p.asked is null and exists (select from summons_party_detail d where d.summons_id = p.summons_id and d.no = p.no
                                                    and d.district_id = p.district_id and d.asked_reason <> '');
begin
  k.party_no := p.no; k.to_role := 'handler'; k.to_org := p.unit_id; k.clock := p.clock;
  case p.state
  when 'pending' then
    k.kind := 'to_confirm'; k.due := p.confirm_due;
    k.words := step_words(s, case when p.arrival = 'absent' then '超时未报到，请立即响应并报到' when p.response = 'none' then '超时未响应，请立即响应'
                                  when refused then '退哨申请已驳回，请响应' else '待响应，地点与时间见程序' end);
  when 'responded' then
    k.kind := 'to_arrive'; k.due := p.arrive_due;
    k.words := step_words(s, case when p.arrival = 'absent' then '超时未报到，请立即报到' when refused then '退哨申请已驳回，请报到'
                                  else '待报到，地点与时间见程序' end);
  when 'arrived' then k.kind := 'to_act'; k.words := step_words(s, '待处置反馈'); k.due := by_then;
  when 'done' then k.kind := 'to_sign_off'; k.words := step_words(s, '待签字'); k.due := by_then;
  end case;
  return k;
end $$;

-- Whoever was called and need not come any more hears of it, unless the unit was called again.
create or replace function cc.steps_of_the_gone(s cc.summons, label text) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(row(p.no, 'changed', 'handler', p.unit_id, step_words(s, label), null, p.clock)::joint_step order by p.no), '{}')
    from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.called_at is not null and p.state in ('withdrawn','replaced')
      and not exists (select from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and x.live and x.unit_id = p.unit_id));
end $$;

-- That a unit did not answer or come: for whoever called it, though the unit may have taken its own notice on long ago. None: null.
create or replace function cc.missed_step(s cc.summons, p cc.summons_party) returns cc.joint_step
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if p.state not in ('pending','responded') then return null; end if;
  if p.arrival = 'absent' then return step_of(s, 'overdue', speaker_of(s), s.caller_id, '有单位超时未报到', p.arrive_due, p.no); end if;
  if p.response = 'none' then return step_of(s, 'overdue', speaker_of(s), s.caller_id, '有单位超时未响应', p.confirm_due, p.no); end if;
  return null;
end $$;

-- While the work goes on: each live lane, what it missed, what it asked, and whoever may close when all have signed.
create or replace function cc.steps_under_way(s cc.summons) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare p summons_party; found_ones joint_step[] := steps_of_the_gone(s, '已撤出本单位，不必再到场'); missed_one joint_step; last_one timestamptz; open_lanes int := 0;
begin
  for p in select * from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and x.live order by x.no loop
    if p.disputed then
      found_ones := found_ones || step_of(s, 'changed', 'handler', p.unit_id, '报到被标记存疑，原因见程序，评价后可申诉', null, p.no);
    end if;
    if p.state = 'signed' then
      last_one := greatest(last_one, p.signed_at);
      continue;
    end if;
    open_lanes := open_lanes + 1;
    found_ones := found_ones || lane_step(s, p);
    missed_one := missed_step(s, p);
    if missed_one.kind is not null then found_ones := found_ones || missed_one; end if;
    if p.asked is not null then found_ones := found_ones || step_of(s, 'to_decide', speaker_of(s), s.caller_id, '有退哨申请待批', p.arrive_due, p.no); end if;
  end loop;
  found_ones := found_ones || steps_of_raising(s);
  if s.missing <> '{}' then
    found_ones := found_ones || step_of(s, 'changed', 'supervisor', s.district_id, words_of_missing(s, s.missing), null);
  end if;
  if open_lanes = 0 then
    found_ones := found_ones || case s.kind
      when 'order' then step_of(s, 'to_close', 'handler', (scope_of_summons(s)).lead_id, '各单位均已签字，待办结', last_one + interval '24 hours')
      else step_of(s, 'to_close', speaker_of(s), s.caller_id, '各单位均已签字，待结束', last_one + interval '24 hours') end;
  end if;
  return found_ones;
end $$;

-- A whistle that others raised: for the district's supervisor, until he takes it on or it is over.
create or replace function cc.steps_of_raising(s cc.summons) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if exists (select from joint_event e where e.entity = 'summons' and e.entity_id = s.id and e.district_id = s.district_id
                and e.action in ('raise_level','raise_by_clock') and e.what->>'level' = s.level and e.role <> 'supervisor') then
    return array[step_of(s, 'changed', 'supervisor', s.district_id, '升级为' || (level_of(s)).label, null)];
  end if;
  return '{}';
end $$;

-- Whoever reported what the whistle is about is asked as long as it may be verified; on whom nobody called, nobody is asked.
create or replace function cc.follow_up_until(s cc.summons) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return office_end(s.district_id, s.closed_at, 2 * (rules_of(s.district_id)).objection_days);
end $$;

create or replace function cc.steps_of_follow_up(s cc.summons) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare until timestamptz := follow_up_until(s);
begin
  if s.kind <> 'whistle' or s.citizen_score is not null or city_now() > until
     or not exists (select from summons_case k join cases c on c.id = k.case_id and c.district_id = k.district_id and c.citizen
                     where k.summons_id = s.id and k.district_id = s.district_id) then return '{}'; end if;
  return array[step_of(s, 'to_do', 'followup', s.district_id, '待群众回访', until)];
end $$;

create or replace function cc.steps_of_objections(s cc.summons) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(step_of(s, 'to_decide', 'evaluator', s.district_id, '有申诉待裁定', office_end(s.district_id, o.at, (rules_of(s.district_id)).objection_days),
             o.party_no) order by o.party_no), '{}')
    from objection o where o.summons_id = s.id and o.district_id = s.district_id and o.decided_at is null)
  || (select coalesce(array_agg(row(p.no, 'changed', 'handler', p.unit_id, step_words(s, '申诉已裁定，结果见程序'), null, p.clock)::joint_step order by p.no), '{}')
    from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.objection in ('upheld','dismissed'));
end $$;

-- A draft waits for its signature as long as a lane would for its answer.
create or replace function cc.step_to_sign(s cc.summons) returns cc.joint_step
language plpgsql stable set search_path = cc, pg_temp as $$
declare l whistle_level := level_of(s);
begin
  return step_of(s, 'to_sign', speaker_of(s), s.caller_id, case s.kind when 'whistle' then '待签批' else '待签发' end,
                 coalesce(s.meet_at, work_add(s.district_id, l.clock, s.drafted_at, l.confirm_minutes * 60)));
end $$;

create or replace function cc.steps_for(s cc.summons) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare days int := (rules_of(s.district_id)).objection_days; due timestamptz;
begin
  case
  when s.state = 'draft' then return array[step_to_sign(s)];
  when s.state in ('issued','responded','acting') then return steps_under_way(s);
  when s.state = 'rating' then
    return steps_of_objections(s) || steps_of_raising(s) || steps_of_follow_up(s)
      || step_of(s, 'to_rate', speaker_of(s), s.caller_id, '待评价', office_end(s.district_id, s.closed_at, days));
  when s.state = 'verifying' then
    due := office_end(s.district_id, s.closed_at, 2 * days);
    return steps_of_objections(s) || steps_of_raising(s) || steps_of_follow_up(s) || step_of(s, 'to_verify', 'evaluator', s.district_id, '待核验', due)
                                  || step_of(s, 'to_verify', 'supervisor', s.district_id, '待核验', due);
  when s.state = 'withdrawn' then return steps_of_objections(s) || steps_of_the_gone(s, '已撤回，不必再到场');
  else return steps_of_objections(s) || steps_of_follow_up(s);
  end case;
end $$;

create or replace function cc.steps_of_summons(which bigint) returns cc.joint_step[]
language plpgsql stable set search_path = cc, pg_temp as $$
declare s summons;
begin
  select * into s from summons where id = which;
  return steps_for(s);
end $$;
