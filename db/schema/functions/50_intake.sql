-- 采集: a case comes in; its evidence; its reporter, whose data stays apart.

create or replace function cc.locate(district int, at_lon double precision, at_lat double precision) returns cc.grid
language sql stable set search_path = cc, pg_temp as $$
  select g from grid g where g.district_id = district and g.kind = 'unit' and g.shape @> point(at_lon, at_lat) order by g.id limit 1
$$;

create or replace function cc.mask_name(plain text) returns text language sql immutable set search_path = cc, pg_temp as $$
  select case when plain = '' then '匿名' else left(plain, 1) || repeat('*', greatest(1, length(plain) - 1)) end
$$;
create or replace function cc.mask_phone(plain text) returns text language sql immutable set search_path = cc, pg_temp as $$
  select case when length(plain) >= 8 then left(plain, 3) || '****' || right(plain, 4) when plain = '' then '' else '****' end
$$;

create or replace function cc.case_id_at(t timestamptz, number bigint) returns bigint
language sql immutable set search_path = cc, pg_temp as $$
  select (extract(year from t at time zone 'Asia/Shanghai') * 100 + extract(month from t at time zone 'Asia/Shanghai'))::bigint * 1000000000 + number
$$;

create or replace function cc.add_reporter(c cc.cases, who jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare rid bigint; who_name text := left(coalesce(who->>'name', ''), 60); who_phone text := left(coalesce(who->>'phone', ''), 30);
begin
  insert into reporter (district_id, name, phone, address) values (c.district_id, who_name, who_phone, left(coalesce(who->>'address', ''), 200)) returning id into rid;
  insert into case_reporter (district_id, case_id, reporter_id, name_masked, phone_masked)
  values (c.district_id, c.id, rid, mask_name(who_name), mask_phone(who_phone));
end $$;

create or replace function cc.check_report(r jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare k text;
begin
  perform need(jsonb_typeof(r) = 'object', 'CC422', '参数格式不对');
  for k in select jsonb_object_keys(r) loop
    perform need(k in ('channel','summary','description','address','source_no','occurred_at','lon','lat','item_id','grid_id','grade','reporter','district_id'),
                 'CC422', '不接受此项：' || left(k, 40), left(k, 40));
    perform need(length(r->>k) <= 8000, 'CC422', '内容过长', k);
  end loop;
  perform need(r->>'description' ~ '[^[:space:]]', 'CC422', '请填写问题描述', 'description');
  perform need((r->>'lon' is null) = (r->>'lat' is null), 'CC422', '经纬度不完整', 'lon');
  perform need(jsonb_typeof(coalesce(r->'reporter', '{}')) = 'object', 'CC422', '参数格式不对', 'reporter');
  -- A time that no client can show would break every list it stands in.
  perform need(not r ? 'occurred_at' or arg_instant(r, 'occurred_at') between '1990-01-01' and greatest(city_now(), clock_timestamp()) + interval '1 day',
               'CC422', '发生时间不对', 'occurred_at');
  perform need(not r ? 'grade' or exists (select from wf_choice where field = 'grade' and value = r->>'grade'), 'CC422', '取值不在可选范围内', 'grade');
end $$;

create or replace function cc.arg_float(args jsonb, k text) returns double precision
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return (args->>k)::double precision;
exception when others then
  perform fail('CC422', '取值不对', jsonb_build_object('field', k));
end $$;

-- Where a new case belongs: the reporter's own district; to whoever works for the city the place must tell, or the report.
create or replace function cc.district_of_report(actor cc.operator, r jsonb) returns int
language plpgsql stable set search_path = cc, pg_temp as $$
declare found_one int;
begin
  if exists (select from org where id = actor.district_id and kind = 'district') then return actor.district_id; end if;
  select coalesce((select g.district_id from grid g where g.district_id = any(my_homes()) and g.id = arg_int(r, 'grid_id') limit 1),
                  (select g.district_id from grid g where g.kind = 'unit' and g.shape @> point(arg_float(r, 'lon'), arg_float(r, 'lat')) order by g.id limit 1),
                  arg_int(r, 'district_id')) into found_one;
  perform need(found_one is not null, 'CC422', '请选择网格：市级采集须知道案件在哪个区县', 'grid_id');
  perform need(above(actor.district_id, found_one) and exists (select from org where id = found_one and kind = 'district'), 'CC422', '没有这个区县', 'grid_id');
  return found_one;
end $$;

create or replace function cc.new_case(actor cc.operator, r jsonb, t timestamptz) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare c cases; ch channel; g grid;
begin
  c.district_id := district_of_report(actor, r);
  select * into ch from channel where district_id = shared(c.district_id) and code = r->>'channel';
  perform need(ch.id is not null, 'CC422', '没有这个渠道', 'channel');
  c.id := case_id_at(t, nextval('case_number'));
  c.no := to_char(t at time zone 'Asia/Shanghai', 'YYMM') || '-' || lpad((c.id % 1000000000)::text, greatest(6, length((c.id % 1000000000)::text)), '0');
  c.version := 1; c.events := 1; c.state := 'reported'; c.open := true; c.grade := 'clear'; c.circulation := 'large'; c.priority := 6; c.urgent := false;
  c.channel_id := ch.id; c.citizen := ch.citizen or r ? 'reporter'; c.reported_at := t; c.changed_at := t; c.stage_since := t;
  c.lon := arg_float(r, 'lon'); c.lat := arg_float(r, 'lat');
  perform need(c.lon is null or (c.lon between -180 and 180 and c.lat between -90 and 90), 'CC422', '经纬度超出范围', 'lon');
  g := locate(c.district_id, c.lon, c.lat);
  if g.id is not null then c.grid_id := g.id; c.street_id := g.street_id; c.community_id := g.community_id; end if;
  c.ruled := false; c.returns := 0; c.reworks := 0; c.reopened := 0; c.extended := false; c.supervised := false; c.on_ledger := false;
  c.answered := false; c.followed_up := false; c.photos := 0;
  return c;
end $$;

create or replace function cc.file_detail(c cc.cases, r jsonb) returns void
language sql set search_path = cc, pg_temp as $$
  insert into case_detail (district_id, case_id, summary, description, address, source_no, occurred_at)
  values (c.district_id, c.id, left(coalesce(nullif(btrim(r->>'summary'), ''), btrim(r->>'description')), 60), btrim(r->>'description'),
          coalesce(btrim(r->>'address'), ''), nullif(btrim(r->>'source_no'), ''), arg_instant(r, 'occurred_at'))
$$;

-- Claims the channel's own number; an earlier case of that number is answered instead of a second one. Channels are shared by the
-- districts of a city, and so are their numbers.
create or replace function cc.known_source(c cc.cases, number text) returns bigint
language plpgsql set search_path = cc, pg_temp as $$
declare earlier bigint; whole int := shared(c.district_id);
begin
  if coalesce(btrim(number), '') = '' then return null; end if;
  insert into case_source values (whole, c.channel_id, btrim(number), c.id) on conflict do nothing;
  select s.case_id into earlier from case_source s where s.district_id = whole and s.channel_id = c.channel_id and s.source_no = btrim(number);
  return nullif(earlier, c.id);
end $$;

-- r: channel, description, [summary, address, source_no, occurred_at, lon, lat, item_id, grid_id, grade, reporter{name,phone,address}]
create or replace function cc.report_case(command uuid, r jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c cases; k cases; using_role text; earlier bigint; done jsonb := claim(command); t timestamptz := city_now();
begin
  if done is not null then return done; end if;
  r := jsonb_strip_nulls(r);
  perform check_report(r);
  c := new_case(actor, r, t);
  c := classify_into(c, r - 'address' - 'description');
  select d.role into using_role from duty d join wf_rule w on w.role = d.role and w.action = 'report'
   where d.operator_id = actor.id and (reaches(d.org_id, 'territory', c) or (c.street_id is null and above(c.district_id, d.org_id))) order by d.role limit 1;
  perform need(using_role is not null, 'CC403', '您的岗位或范围不能采集此处的案件');
  earlier := known_source(c, r->>'source_no');
  if earlier is not null then
    select * into k from cases where id = earlier;
    perform need(sees(k), 'CC422', '该来源编号已登记', 'source_no');
    return remember(command, actor, jsonb_build_object('case_id', earlier, 'known', true));
  end if;
  insert into cases select c.*;
  c := fresh_stage(c, t, 'accept');
  perform file_detail(c, r);
  -- An anonymous caller is a reporter too: what became of his case is recorded like everybody's.
  if c.citizen then perform add_reporter(c, coalesce(r->'reporter', '{}')); end if;
  c := save_case(c, t);
  -- The words may hold personal data: the trace keeps their digest, case_detail the words.
  perform write_event(null, c, actor, using_role, 'report', (r - '{reporter,description,summary,address,district_id}'::text[])
    || jsonb_build_object('words_sha256', encode(sha256(convert_to(r->>'description', 'UTF8')), 'hex')), t);
  return remember(command, actor, jsonb_build_object('case_id', c.id, 'no', c.no, 'version', c.version, 'state', c.state, 'event', c.events));
end $$;

create or replace function cc.attach(command uuid, which bigint, kind_of text, file_name text, mime_type text, content_bytes bytea) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c cases; n cases; using_role text; t timestamptz; act_row wf_action; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  perform need(coalesce(btrim(file_name), '') <> '', 'CC422', '附件没有名称');
  perform need(coalesce(length(content_bytes), 0) between 1 and 8388608, 'CC422', '附件须小于 8 MB');
  perform need(kind_of in ('scene','before','after','place','document'), 'CC422', '附件类别不对', 'kind');
  perform need(mime_type in ('image/jpeg','image/png','image/webp','application/pdf','video/mp4'), 'CC422', '不支持的文件格式');
  select * into act_row from wf_action where code = 'attach';
  c := case_for_update(which); t := city_now();
  using_role := allowed_role(act_row, c, actor.id);
  n := c; n.events := c.events + 1; n.photos := least(c.photos + 1, 999);
  insert into attachment (district_id, case_id, seq, kind, name, mime, bytes, sha256, content)
  values (n.district_id, n.id, n.events, kind_of, left(file_name, 120), mime_type, length(content_bytes), encode(sha256(content_bytes), 'hex'), content_bytes);
  n := save_case(n, t);
  perform write_event(c, n, actor, using_role, 'attach', jsonb_build_object('kind', kind_of, 'name', left(file_name, 120), 'sha256', encode(sha256(content_bytes), 'hex')), t);
  return remember(command, actor, jsonb_build_object('case_id', n.id, 'version', n.version, 'event', n.events));
end $$;

create or replace function cc.reporter_of(which bigint, person bigint) returns cc.reporter
language plpgsql stable set search_path = cc, pg_temp as $$
declare c cases := seen_case(which); r reporter;
begin
  perform need(has_role('{acceptor,followup,verifier,supervisor,handler}'), 'CC403', '您的岗位不能查看个人信息');
  select p.* into r from reporter p join case_reporter k on k.district_id = p.district_id and k.reporter_id = p.id
   where k.district_id = c.district_id and k.case_id = c.id and p.id = person;
  perform need(r.id is not null, 'CC404', '没有这位来电人');
  return r;
end $$;

-- Unmasking a reporter leaves a trace that no rollback can take back: the first transaction records who wants to see whom and why,
-- and only a later one shows.
create or replace function cc.ask_reveal(which bigint, person bigint, why text) returns bigint
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); r reporter; log_id bigint;
begin
  perform need(coalesce(length(btrim(why)), 0) >= 4, 'CC422', '请填写查看理由（至少 4 个字）', 'reason');
  r := reporter_of(which, person);
  insert into reveal_log (district_id, actor_id, case_id, reporter_id, reason) values (r.district_id, actor.id, which, r.id, left(why, 200)) returning id into log_id;
  return log_id;
end $$;

create or replace function cc.reveal_reporter(log_id bigint) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); l reveal_log; r reporter;
begin
  select * into l from reveal_log where id = log_id and actor_id = actor.id and at > clock_timestamp() - interval '2 minutes';
  perform need(l.id is not null, 'CC404', '没有这次查看登记，或它已过期');
  perform need(l.xid is distinct from pg_current_xact_id_if_assigned(), 'CC422', '须先提交查看登记');
  r := reporter_of(l.case_id, l.reporter_id);
  return jsonb_build_object('name', r.name, 'phone', r.phone, 'address', r.address);
end $$;

-- Open cases near in space and time, same item or like words: candidates for 并案. Scope applies, and one case lies in one district:
-- only there it can be merged.
create or replace function cc.near_cases(at_lon double precision, at_lat double precision, item int, since interval default '7 days')
returns table (case_id bigint, case_no text, metres double precision)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare homes int[] := my_homes(); t timestamptz := city_now();
begin
  return query
  select c.id, c.no, d.m from cases c,
    lateral (select 111320 * sqrt(((c.lon - at_lon) * cos(radians(at_lat))) ^ 2 + (c.lat - at_lat) ^ 2) as m) d
  where c.open and c.district_id = any(homes) and c.reported_at > t - since and c.lon is not null
    and (item is null or c.item_id = item) and d.m < 300 and sees(c)
  order by d.m limit 10;
end $$;
