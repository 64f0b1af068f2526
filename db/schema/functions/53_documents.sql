-- 公文: the summons as it stood when the document was made, kept with a code by which a printed one can be checked. 存为模板.

-- Twelve characters that nobody mistakes for each other, in groups of four.
create or replace function cc.document_code() returns text
language plpgsql volatile set search_path = cc, pg_temp as $$
declare letters text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'; dice bytea := sha256(convert_to(gen_random_uuid()::text, 'UTF8')); code text := '';
begin
  for i in 0..11 loop
    code := code || case when i in (4, 8) then '-' else '' end || substr(letters, 1 + (get_byte(dice, i) & 31), 1);
  end loop;
  return code;
end $$;

create or replace function cc.operator_name(who int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select o.name from operator o where o.id = who);
end $$;

create or replace function cc.document_parties(s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', u.name, 'line', p.line, 'heads', p.heads, 'lead', p.lead)) order by p.lead desc, p.no), '[]')
    from summons_party p join org u on u.id = p.unit_id where p.summons_id = s.id and p.district_id = s.district_id and p.live);
end $$;

create or replace function cc.document_numbers(said text) returns text[]
language sql immutable set search_path = cc, pg_temp as $$
  select coalesce(array_agg(btrim(part, E' \t\r　') order by place), '{}')
    from regexp_split_to_table(said, '[、,，;；\n]+') with ordinality as k(part, place) where part ~ '[^[:space:]　]'
$$;

-- What the work came to, once it is over: the conclusion, and what the live lanes counted.
create or replace function cc.document_outcome(s cc.summons, conclusion text) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare counted record;
begin
  if s.closed_at is null then return null; end if;
  select sum(p.people) as people, sum(p.goods) as goods into counted
    from summons_party p where p.summons_id = s.id and p.district_id = s.district_id and p.live;
  return jsonb_build_object('closed_at', s.closed_at, 'ruled', s.ruled, 'conclusion', conclusion, 'people', counted.people, 'goods', counted.goods,
    'documents', (select coalesce(jsonb_agg(k.number order by k.first_at), '[]') from (
        select x.number, min(array[p.no, x.place]) as first_at
          from summons_party p join summons_party_detail d on d.summons_id = p.summons_id and d.no = p.no and d.district_id = p.district_id,
               unnest(document_numbers(d.documents)) with ordinality x(number, place)
         where p.summons_id = s.id and p.district_id = s.district_id and p.live group by x.number) k));
end $$;

-- From the rows alone: nothing that a client says goes into it, nor his time zone.
create or replace function cc.document_content(s cc.summons) returns jsonb
language plpgsql stable set search_path = cc, pg_temp set timezone = 'Asia/Shanghai' as $$
declare d summons_detail; here district;
begin
  select * into d from summons_detail x where x.summons_id = s.id and x.district_id = s.district_id;
  select * into here from district x where x.district_id = s.district_id;
  return jsonb_strip_nulls(jsonb_build_object(
    'kind', s.kind, 'no', s.no, 'issuer', (select name from org where id = s.district_id), 'caller', (select name from org where id = s.caller_id),
    'title', d.title, 'reason', d.reason, 'place', d.place, 'lon', s.lon, 'lat', s.lat, 'scope', s.scope,
    'scenario', (select o.name from whistle_scenario o where o.district_id = shared(s.district_id) and o.code = s.scenario),
    'level', (level_of(s)).label, 'meet_at', s.meet_at, 'ends_at', s.ends_at, 'handle_due', s.handle_due,
    'parties', document_parties(s),
    'checks', (select coalesce(jsonb_agg(c.text order by c.no), '[]') from summons_check c where c.summons_id = s.id and c.district_id = s.district_id),
    'cases', (select coalesce(jsonb_agg(c.no order by c.id), '[]') from summons_case k join cases c on c.id = k.case_id and c.district_id = k.district_id
               where k.summons_id = s.id and k.district_id = s.district_id),
    'outcome', document_outcome(s, d.conclusion),
    'drafted_by', operator_name(s.drafted_by), 'signed_by', operator_name(s.signed_by), 'issued_at', s.issued_at,
    'date', to_char(s.issued_at at time zone here.time_zone, 'YYYY-MM-DD')));
end $$;

create or replace function cc.document_answer(k cc.summons_document) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return jsonb_build_object('code', k.code, 'summons_id', k.summons_id, 'at', k.at, 'by_name', operator_name(k.by_id), 'content', k.content, 'digest', k.digest);
end $$;

-- What was not changed since gets no second code.
create or replace function cc.issue_document(command uuid, which bigint) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); s summons; k summons_document; now_says text; done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  s := summons_for_update(which);
  perform need(reads_text(), 'CC403', '您的岗位不能出具公文');
  perform need(s.issued_at is not null, 'CC423', '签发之后才有公文');
  k.content := document_content(s); now_says := encode(sha256(convert_to(k.content::text, 'UTF8')), 'hex');
  select * into k from summons_document d where d.summons_id = s.id and d.district_id = s.district_id and d.digest = now_says;
  if k.code is null then
    insert into summons_document (district_id, code, summons_id, at, by_id, content, digest)
    values (s.district_id, document_code(), s.id, city_now(), actor.id, document_content(s), now_says) returning * into k;
  end if;
  return remember(command, actor, document_answer(k));
end $$;

-- Whoever reads words checks a printed document; null: no such code, or what is kept is not what was issued.
create or replace function cc.check_document(code text) returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare k summons_document; plain text := upper(regexp_replace(check_document.code, '[^0-9A-Za-z]', '', 'g'));
begin
  perform me();
  perform need(reads_text(), 'CC403', '您的岗位不能校验公文');
  select * into k from summons_document d where d.code = substr(plain, 1, 4) || '-' || substr(plain, 5, 4) || '-' || substr(plain, 9);
  if k.code is null or k.digest <> encode(sha256(convert_to(k.content::text, 'UTF8')), 'hex') then return null; end if;
  return document_answer(k);
end $$;

-- ------------------------------------------------------------------ standing teams
create or replace function cc.add_team_lines(t cc.team, lines jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare e jsonb; i int := 0;
begin
  perform need(jsonb_typeof(lines) = 'array' and jsonb_array_length(lines) between 1 and 60, 'CC422', '请列出 1 至 60 个条线', 'lines');
  perform need((select count(*) from jsonb_array_elements(lines) x where x->>'lead' = 'true') = 1, 'CC422', '须有且只有一个牵头条线', 'lines');
  for e in select * from jsonb_array_elements(lines) loop
    i := i + 1;
    perform need(exists (select from org o where o.line = e->>'line' and o.active and (o.district_id = t.district_id or shared(o.district_id) = t.district_id)),
                 'CC422', '没有这个条线', 'lines');
    insert into team_line (district_id, team_id, position, line, heads, lead)
    values (t.district_id, t.id, i, e->>'line', coalesce(joint_count(e, 'heads', 1, 999), 1), coalesce(e->>'lead' = 'true', false));
  end loop;
end $$;

create or replace function cc.team_answer(t cc.team) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name, 'template', t.template, 'own', t.made_by is not null, 'lines',
    (select jsonb_agg(jsonb_build_object('line', l.line, 'heads', l.heads, 'lead', l.lead) order by l.position) from team_line l
      where l.district_id = t.district_id and l.team_id = t.id));
end $$;

-- args: name, template, lines: [{line, heads, lead}]. A supervisor's; one of the same name that was saved before is replaced.
create or replace function cc.save_team(command uuid, args jsonb) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); whole int; t team; done jsonb := claim(command); wanted text;
begin
  if done is not null then return done; end if;
  perform need(has_role('{supervisor}'), 'CC403', '只有值班长可以保存队伍模板');
  perform need(jsonb_typeof(args) = 'object', 'CC422', '参数格式不对');
  whole := shared(actor.district_id); wanted := joint_words(args, 'name', 40);
  perform pg_advisory_xact_lock(hashtext('cc.team'), whole);
  select * into t from team x where x.district_id = whole and x.name = wanted and x.active;
  perform need(t.id is null or t.made_by is not null, 'CC422', '部署方案中已有同名队伍，请另取名称', 'name');
  perform need(t.id is null or exists (select from operator o where o.id = t.made_by and o.district_id = actor.district_id), 'CC422',
               '其他区县已保存同名队伍，请另取名称', 'name');
  delete from team_line l where l.district_id = whole and l.team_id = t.id;
  if t.id is null then
    insert into team (district_id, code, name, template, made_by) values (whole, 'U-' || substr(gen_random_uuid()::text, 1, 8), wanted,
      joint_words(args, 'template', 20, false), actor.id) returning * into t;
  else
    update team x set template = joint_words(args, 'template', 20, false) where x.district_id = whole and x.id = t.id returning * into t;
  end if;
  perform add_team_lines(t, args->'lines');
  return remember(command, actor, team_answer(t));
end $$;
