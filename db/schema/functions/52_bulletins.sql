-- 通报 and its 整改: of what a lane missed, once each; by the closing of the work or by hand; revoked (撤销) when a mark is corrected.

create or replace function cc.fault_is_true(kind_of text, s cc.summons, p cc.summons_party, t timestamptz) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select coalesce(case kind_of
    when 'no_response' then p.response = 'none'
    when 'late_response' then p.response = 'late'
    when 'absent' then p.arrival = 'absent'
    when 'no_action' then p.arrived_at is not null and p.acted_at is null and p.done_at is null
                          and (s.closed_at is not null or t > coalesce(p.handle_due, p.arrived_at + interval '24 hours')) end, false)
$$;

create or replace function cc.bulletin_label(kind_of text) returns text language sql immutable set search_path = cc, pg_temp as $$
  select case kind_of when 'no_response' then '未响应' when 'late_response' then '迟响应' when 'absent' then '未报到' else '到场不作为' end
$$;

-- Whoever was blamed for no answer is not blamed for its lateness too.
create or replace function cc.is_published(kind_of text, p cc.summons_party) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select exists (select from unnest(string_to_array(p.published, ' ')) k where k = kind_of or k like '%response' and kind_of like '%response')
$$;

create or replace function cc.rectification_due(s cc.summons, t timestamptz) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return office_end(s.district_id, t, (rules_of(s.district_id)).rectification_days);
end $$;

-- What was missed, when it should have been, and by when it must be put right, in the district's own time.
create or replace function cc.words_of_fault(kind_of text, s cc.summons, p cc.summons_party, t timestamptz) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select name from org where id = p.unit_id) || format('在%s %s 中%s：', case s.kind when 'whistle' then '吹哨' else '联合执法令' end, s.no, bulletin_label(kind_of))
    || case kind_of
         when 'no_response' then format('应于 %s 前响应，未响应', short_time(s.district_id, p.confirm_due))
         when 'late_response' then format('应于 %s 前响应', short_time(s.district_id, p.confirm_due)) || coalesce('，实际 ' || short_time(s.district_id, p.responded_at) || ' 响应', '')
         when 'absent' then format('应于 %s 前到场报到，未到', short_time(s.district_id, p.arrive_due))
         else format('%s 到场，没有处置记录', short_time(s.district_id, p.arrived_at)) end
    || format('。予以通报，请于 %s 前整改并反馈。', short_time(s.district_id, rectification_due(s, t)));
end $$;

-- The kinds that stand, as the lane tells them.
create or replace function cc.count_published(p cc.summons_party) returns cc.summons_party
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  p.published := (select coalesce(string_agg(b.kind, ' ' order by b.id), '') from bulletin b
                   where b.summons_id = p.summons_id and b.district_id = p.district_id and b.party_no = p.no and b.revoked_at is null);
  return p;
end $$;

-- actor null: the closing.
create or replace function cc.publish_bulletin(s cc.summons, p cc.summons_party, args jsonb, actor cc.operator, using_role text, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
declare number record; task bigint;
begin
  number := joint_number('TB', t);
  task := new_task('rectification', scope_of_summons(s), p.unit_id, s.district_id, format('%s整改 %s', bulletin_label(args->>'kind'), s.no), args->>'text', '',
                   rectification_due(s, t), null, s.id, p.no, null, actor, using_role, t);
  insert into bulletin (district_id, id, no, kind, summons_id, summons_no, party_no, unit_id, words, at, by_id, task_id)
  values (s.district_id, number.id, number.no, args->>'kind', s.id, s.no, p.no, p.unit_id, args->>'text', t, actor.id, task);
  return count_published(p);
end $$;

-- Every fault of a lane that is true and has no bulletin, where the city wants it by itself.
create or replace function cc.publish_faults(n cc.summons, one int, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party; k text; said jsonb;
begin
  if over_at(n) is null or not (rules_of(n.district_id)).bulletin_automatic then return n; end if;
  for p in select * from summons_party x where x.summons_id = n.id and x.district_id = n.district_id and is_counted(x) and (one is null or x.no = one) order by x.no loop
    foreach k in array '{no_response,late_response,absent,no_action}'::text[] loop
      continue when not fault_is_true(k, n, p, t) or is_published(k, p);
      said := jsonb_build_object('kind', k, 'text', words_of_fault(k, n, p, t));
      p := publish_bulletin(n, p, said, null, 'duty', t);
      perform save_lane(p);
      n := log_lane(n, p, null, 'duty', 'publish_by_clock', p.state, said, t);
    end loop;
  end loop;
  return n;
end $$;

-- A mark was corrected (before: o): what was published because of it is not true any more, and its rectification falls away.
create or replace function cc.revoke_false(n cc.summons, o cc.summons_party, actor cc.operator, using_role text, t timestamptz) returns cc.summons
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party := lane_of(n, o.no); b bulletin;
begin
  for b in select * from bulletin x where x.summons_id = n.id and x.district_id = n.district_id and x.party_no = p.no and x.revoked_at is null
            and not fault_is_true(x.kind, n, p, t)
            and (x.kind like '%response' and o.response is distinct from p.response or x.kind = 'absent' and o.arrival is distinct from p.arrival
              or x.kind = 'no_action' and o.acted_at is distinct from p.acted_at) order by x.id loop
    update bulletin set revoked_at = t, revoked_by = actor.id where id = b.id and district_id = b.district_id;
    p := count_published(p);
    perform save_lane(p);
    perform revoke_task(b.task_id, b.district_id, format('通报 %s 已撤销', b.no), actor, using_role, t);
    n := log_lane(n, p, actor, using_role, 'revoke', p.state, jsonb_build_object('kind', b.kind, 'note', format('%s 不再成立，整改同时撤销', b.no)), t);
  end loop;
  return n;
end $$;
