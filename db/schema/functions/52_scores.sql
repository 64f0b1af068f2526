-- 一哨一考: the response score by the clock, the street's four ratings, the citizens' voice; 申诉 and its ruling. 通报 and 整改: 52_bulletins.sql.

-- When the office closes on the n-th working day after t.
create or replace function cc.office_end(district int, t timestamptz, days int) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
declare here district := (select d from district d where d.district_id = district); last_day date;
begin
  select c.day into last_day from calendar_day c where c.district_id = here.shared_id and c.clock = 'days' and c.working
     and c.day > (t at time zone here.time_zone)::date order by c.day offset days - 1 limit 1;
  if last_day is null then perform fail('CC510', '工作日历没有覆盖所需日期，请管理员补充日历'); end if;
  return (last_day + make_interval(secs => (select max(w.to_s) from office_window w where w.district_id = here.shared_id and w.clock = 'days')))
         at time zone here.time_zone;
end $$;

-- ------------------------------------------------------------------ scores
create or replace function cc.missed(p cc.summons_party) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select coalesce(p.response in ('late','none'), false) or coalesce(p.arrival in ('late','absent'), false)
$$;

-- When the lanes were judged: at the closing, or at the withdrawal of the whole.
create or replace function cc.over_at(s cc.summons) returns timestamptz
language sql immutable set search_path = cc, pg_temp as $$
  select coalesce(s.closed_at, s.archived_at)
$$;

-- Whether the end of the work judges this lane: whoever is in it still, and whoever left after something was missed.
create or replace function cc.is_counted(p cc.summons_party) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select p.called_at is not null and (p.live or missed(p))
$$;

-- 响应度 from 0 to 100. What was not yet due when the work ended is not judged; null when nothing was. That a unit came brings no points while
-- it is disputed (到场存疑): an evaluator decides.
create or replace function cc.points_of(p cc.summons_party, r cc.whistle_rule) returns int
language plpgsql immutable set search_path = cc, pg_temp as $$
declare got int := 0; most int := 0;
begin
  if p.response is not null then
    most := most + r.respond_on_time;
    got := got + case p.response when 'on_time' then r.respond_on_time when 'late' then r.respond_late else 0 end;
  end if;
  if p.arrival is not null then
    most := most + r.arrive_on_time + r.acted;
    got := got + case when p.disputed then 0 when p.arrival in ('early','on_time') then r.arrive_on_time when p.arrival = 'late' then r.arrive_late else 0 end
               + case when p.acted_at is not null or p.done_at is not null then r.acted else 0 end;
  end if;
  return case when most > 0 then round(100.0 * got / most) end;
end $$;

-- 综合: the weighted mean of the parts that are there.
create or replace function cc.whole_score(p cc.summons_party, s cc.summons, r cc.whistle_rule) returns numeric
language sql immutable set search_path = cc, pg_temp as $$
  select round((sum(part.weight * part.points) / nullif(sum(part.weight), 0))::numeric, 2)
  from (values (r.weight_response, p.response_score::double precision),
               (r.weight_street, (p.efficiency + p.cooperation + p.professional + p.responsibility) / 4.0::double precision),
               (r.weight_citizen, case when p.live then s.citizen_score::double precision end)) part(weight, points)
  where part.points is not null
$$;

-- Whether the whole score stands: it waits for the street's word, unless the unit has left.
create or replace function cc.is_judged(p cc.summons_party) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select not p.live or p.rated_at is not null
$$;

-- 核验退回: the work begins again, and the street's word on it is said anew; what it said stands in the trace.
create or replace function cc.clear_ratings(s cc.summons) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party;
begin
  for p in select * from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and x.live and x.rated_at is not null order by x.no loop
    p.version := p.version + 1; p.rated_at := null; p.rated_by := null; p.score := null;
    p.efficiency := null; p.cooperation := null; p.professional := null; p.responsibility := null;
    p.objection := nullif(nullif(p.objection, 'upheld'), 'dismissed');                  -- to the new rating one may object anew
    perform save_lane(p);
    update summons_party_detail set rating_reason = '' where summons_id = p.summons_id and no = p.no and district_id = p.district_id;
  end loop;
end $$;

-- [lane, 报到效率, 配合度, 专业性, 担当意识, 综合] of what was rated.
create or replace function cc.ratings_given(s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_array(p.no, p.efficiency, p.cooperation, p.professional, p.responsibility, p.score) order by p.no), '[]')
            from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.live and p.rated_at is not null);
end $$;

-- The work is over, or was withdrawn: whoever was called has his response score, but for those who left before they missed anything. Once.
create or replace function cc.fix_scores(s cc.summons, t timestamptz) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party; r whistle_rule := rules_of(s.district_id);
begin
  for p in select * from summons_party x where x.summons_id = s.id and x.district_id = s.district_id and is_counted(x)
            and (x.response_score is null or x.score is null and not x.live) loop
    p.response_score := coalesce(p.response_score, points_of(p, r));
    if is_judged(p) then p.score := whole_score(p, s, r); end if;
    perform save_lane(p);
  end loop;
end $$;

-- Who speaks for the caller: the street's head, of a district's summons the supervisor.
create or replace function cc.speaker_of(s cc.summons) returns text
language sql immutable set search_path = cc, pg_temp as $$
  select case when s.caller_kind = 'district' then 'supervisor' else 'street_leader' end
$$;

create or replace function cc.rating_args() returns text[] language sql immutable set search_path = cc, pg_temp as $$
  select '{efficiency,cooperation,professional,responsibility}'::text[]
$$;

create or replace function cc.mark_args() returns text[] language sql immutable set search_path = cc, pg_temp as $$
  select '{response,arrival,acted}'::text[]
$$;

create or replace function cc.rate_lane(s cc.summons, p cc.summons_party, args jsonb, actor cc.operator, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
begin
  p.efficiency := arg_int(args, 'efficiency'); p.cooperation := arg_int(args, 'cooperation');
  p.professional := arg_int(args, 'professional'); p.responsibility := arg_int(args, 'responsibility');
  p.rated_at := t; p.rated_by := actor.id;
  p.score := whole_score(p, s, rules_of(s.district_id));
  update summons_party_detail set rating_reason = coalesce(args->>'reason', '') where summons_id = p.summons_id and no = p.no and district_id = p.district_id;
  return p;
end $$;

-- ------------------------------------------------------------------ 申诉
create or replace function cc.add_objection(p cc.summons_party, why text, actor cc.operator, t timestamptz) returns void
language sql set search_path = cc, pg_temp as $$
  insert into objection (district_id, summons_id, party_no, turn, at, by_id, reason)
  select p.district_id, p.summons_id, p.no, 1 + count(*), t, actor.id, why from objection o
   where o.summons_id = p.summons_id and o.party_no = p.no and o.district_id = p.district_id
$$;

-- Upheld: the ratings and marks that were named are corrected, those before are kept; the points follow from the marks, nobody types them.
create or replace function cc.decide_objection(s cc.summons, o cc.summons_party, args jsonb, actor cc.operator, t timestamptz) returns cc.summons_party
language plpgsql set search_path = cc, pg_temp as $$
declare p summons_party := o; yes boolean := args->>'upheld' = 'yes';
begin
  p.objection := case when yes then 'upheld' else 'dismissed' end;
  p.efficiency := coalesce(arg_int(args, 'efficiency'), o.efficiency); p.cooperation := coalesce(arg_int(args, 'cooperation'), o.cooperation);
  p.professional := coalesce(arg_int(args, 'professional'), o.professional); p.responsibility := coalesce(arg_int(args, 'responsibility'), o.responsibility);
  p.response := coalesce(args->>'response', o.response); p.arrival := coalesce(args->>'arrival', o.arrival);
  if args ? 'arrival' then p.disputed := false; end if;
  if args ? 'acted' then p.acted_at := t; end if;
  if args ?| mark_args() then p.response_score := points_of(p, rules_of(s.district_id)); end if;
  if is_judged(p) then p.score := whole_score(p, s, rules_of(s.district_id)); end if;
  update objection set decided_at = t, decided_by = actor.id, upheld = yes, decision = args->>'decision', before = case when yes then
      jsonb_strip_nulls(jsonb_build_object('efficiency', o.efficiency, 'cooperation', o.cooperation, 'professional', o.professional,
        'responsibility', o.responsibility, 'response', o.response, 'arrival', o.arrival, 'disputed', nullif(o.disputed, false),
        'acted', case when args ? 'acted' then 'no' end,
        'response_score', o.response_score, 'score', o.score)) end
   where summons_id = p.summons_id and party_no = p.no and district_id = p.district_id and decided_at is null;
  return p;
end $$;

-- ------------------------------------------------------------------ guards
create or replace function cc.guard_rating(g text, s cc.summons, p cc.summons_party, args jsonb, using_role text) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text;
begin
  case g
  when 'rater' then
    perform need(using_role = speaker_of(s), 'CC403', case s.caller_kind when 'district' then '由值班长评价' else '由召集方的街道负责人评价' end);
  when 'not_rated' then perform need(p.rated_at is null, 'CC410', '该单位已评价');
  when 'scores_whole' then
    foreach k in array rating_args() loop
      perform need(not args ? k or args->>k ~ '^[0-9]{1,3}$', 'CC422', '评分须为 0 至 100 的整数', k);
      perform joint_count(args, k, 0, 100);
    end loop;
  when 'low_score_explained' then
    foreach k in array rating_args() loop
      perform need(arg_int(args, k) >= (rules_of(s.district_id)).reason_below or coalesce(args->>'reason', '') ~ '[^[:space:]]', 'CC422',
                   format('低于 %s 分须说明理由', (rules_of(s.district_id)).reason_below), 'reason');
    end loop;
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.guard_score(g text, s cc.summons, p cc.summons_party, args jsonb, using_role text, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare r whistle_rule := rules_of(s.district_id);
begin
  case g
  when 'scored' then perform need(p.score is not null, 'CC423', '该单位尚无评分');
  when 'objection_once' then perform need(p.objection is null, 'CC410', '每次评分只能申诉一次');
  when 'objection_window' then
    perform need(t <= office_end(s.district_id, coalesce(p.rated_at, over_at(s)), r.objection_days), 'CC410', format('申诉期 %s 个工作日已过', r.objection_days));
  when 'objection_open' then perform need(p.objection = 'open', 'CC423', '没有待裁定的申诉');
  when 'not_the_rater' then perform need(p.rated_by is distinct from (me()).id, 'CC403', '评价人不能裁定对自己评价的申诉，请由考评员或其他值班长裁定');
  when 'correction_fits' then
    perform need((args->>'upheld' = 'yes') = (args ?| (rating_args() || mark_args())), 'CC422', '申诉成立须更正评分，维持原评价则不更正', 'upheld');
    perform need((p.response is not null or not args ? 'response') and (p.arrival is not null or not args ? 'arrival'), 'CC422', '该单位没有这一记录可更正');
    perform need(not args ? 'acted' or p.acted_at is null and p.done_at is null and (p.arrived_at is not null or args ? 'arrival'),
                 'CC422', '该单位没有到场不作为的记录可更正', 'acted');
    perform need(p.rated_at is not null or not args ?| rating_args(), 'CC422', '该单位没有街道评分可更正');
  when 'fault_is_true' then perform need(fault_is_true(args->>'kind', s, p, t), 'CC422', format('该单位没有%s的记录', bulletin_label(args->>'kind')), 'kind');
  when 'published_once' then perform need(not is_published(args->>'kind', p), 'CC410', '已作过此项通报');
  else perform guard_rating(g, s, p, args, using_role);
  end case;
end $$;

-- ------------------------------------------------------------------ the period
-- 一哨一考 by unit, under the caller's own policies: lanes whose summons was closed or withdrawn in the period.
create or replace function cc.unit_scores(since timestamptz, until timestamptz)
returns table (unit_id int, lanes int, rated int, response double precision, efficiency double precision, cooperation double precision, professional double precision,
               responsibility double precision, citizen double precision, score double precision, no_response int, late_response int, absent int, no_action int,
               rectifying int)
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return query
  select p.unit_id, count(*)::int, count(p.rated_at)::int, avg(p.response_score)::float8, avg(p.efficiency)::float8, avg(p.cooperation)::float8,
         avg(p.professional)::float8, avg(p.responsibility)::float8, avg(s.citizen_score) filter (where p.live)::float8, avg(p.score)::float8,
         count(*) filter (where p.response = 'none')::int, count(*) filter (where p.response = 'late')::int, count(*) filter (where p.arrival = 'absent')::int,
         count(*) filter (where p.arrived_at is not null and p.acted_at is null and p.done_at is null)::int,
         (select count(*)::int from task k where k.unit_id = p.unit_id and k.open and k.source = 'rectification')
    from summons s join summons_party p on p.summons_id = s.id and p.district_id = s.district_id
   where coalesce(s.closed_at, s.archived_at) >= since and coalesce(s.closed_at, s.archived_at) < until and (p.response_score is not null or p.score is not null)
   group by p.unit_id order by avg(p.score) desc nulls last, p.unit_id;
end $$;
