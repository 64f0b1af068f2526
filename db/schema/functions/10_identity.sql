-- Who is asking, and how far does the person's scope reach. Identity is session_user, nothing else. PL/pgSQL where SQL would do:
-- it keeps its plans, an SQL function that pins its search_path is planned at every call (0.8 ms against 0.1).

create or replace function cc.fail(code text, message text, detail jsonb default '{}') returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  raise exception using errcode = code, message = message, detail = detail::text;
end $$;

create or replace function cc.me() returns cc.operator
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare found_one operator;
begin
  select * into found_one from operator where login = session_user and active;
  if not found then
    perform fail('CC401', '该账号已停用或不是本系统的操作员，请联系管理员');
  end if;
  return found_one;
end $$;

-- The person behind a writing call. A snapshot taken before the call could still show a disabled person as active and the past as
-- the present, so writing needs one snapshot per statement.
create or replace function cc.writer() returns cc.operator
language plpgsql set search_path = cc, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform fail('CC422', '写操作须在 READ COMMITTED 隔离级别下执行');
  end if;
  return me();
end $$;

create or replace function cc.has_role(wanted text[]) returns boolean
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from duty d join operator o on o.id = d.operator_id
                   where o.login = session_user and o.active and d.role = any(wanted)));
end $$;

create or replace function cc.is_superuser() returns boolean
language sql stable set search_path = cc, pg_temp as $$
  select rolsuper from pg_roles where rolname = session_user
$$;

create or replace function cc.is_active() returns boolean
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from operator where login = session_user and active));
end $$;

-- Districts seen whole: duties that stand on a district or a city. An administrator manages people and data and sees no case; a gateway takes
-- the words it is to send and nothing else.
create or replace function cc.my_districts() returns int[]
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct g.id), '{}')
    from operator o
    join duty d on d.operator_id = o.id and d.role not in ('admin','gateway')
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
    join org a on a.id = d.org_id and a.kind in ('city','district')
    join org g on g.id = oc.descendant_id and g.kind = 'district'
    where o.login = session_user and o.active);
end $$;

-- The district I belong to and those below it: one, or all of a city whose own I am.
create or replace function cc.my_homes() returns int[]
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(d.district_id), '{}')
    from operator o join org_closure oc on oc.ancestor_id = o.district_id and oc.via = 'line' join district d on d.district_id = oc.descendant_id
    where o.login = session_user and o.active);
end $$;

-- Streets and communities below my duties.
create or replace function cc.my_areas() returns int[]
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct g.id), '{}')
    from operator o
    join duty d on d.operator_id = o.id and d.role not in ('admin','gateway')
    join org a on a.id = d.org_id and a.kind in ('street','community')
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
    join org g on g.id = oc.descendant_id and g.kind in ('street','community')
    where o.login = session_user and o.active);
end $$;

-- Units below my duties by the line tree; what only serves my street is theirs, not mine.
create or replace function cc.my_units() returns int[]
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct oc.descendant_id), '{}')
    from operator o
    join duty d on d.operator_id = o.id and d.role = 'handler'
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
    where o.login = session_user and o.active);
end $$;

-- The hall screen reads figures and places, never words that may hold personal data.
create or replace function cc.reads_text() returns boolean
language plpgsql stable security definer set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from duty d join operator o on o.id = d.operator_id
                   where o.login = session_user and o.active and d.role not in ('screen','admin','gateway')));
end $$;

create or replace function cc.above(ancestor int, descendant int, by_via text[] default '{line}') returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from org_closure where ancestor_id = ancestor and descendant_id = descendant and via = any(by_via)));
end $$;

-- Under whose id catalogue, channels, office hours and scenarios of a district are found: its own, or the city's above it.
create or replace function cc.shared(district int) returns int
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select d.shared_id from district d where d.district_id = district);
end $$;

-- A case goes to units of its own district and to those of the city above it, never to another district's.
create or replace function cc.serves_case(unit int, c cc.cases) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from org u where u.id = unit and u.district_id in (c.district_id, shared(c.district_id))));
end $$;

create or replace function cc.reaches(duty_org int, reach text, c cc.cases) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select case reach
      when 'territory' then above(duty_org, c.district_id) or above(duty_org, c.street_id) or above(duty_org, c.community_id)
      when 'handler' then above(duty_org, c.handler_id)
      when 'unit' then above(duty_org, c.unit_id)
      else false end);
end $$;

-- The same rule as the policy on cases, for use inside definer functions where no policy protects. Asked upwards from the one case:
-- the lists that the policy compares with hold whole districts.
create or replace function cc.sees(c cc.cases) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
declare who int := (select id from operator where login = session_user and active);
begin
  return (
    select exists (
      select from org_closure oc join duty d on d.org_id = oc.ancestor_id join org a on a.id = d.org_id
      where d.operator_id = who and oc.via = 'line'
        and oc.descendant_id in (c.district_id, c.street_id, c.community_id, c.handler_id, c.unit_id)
        and (d.role not in ('admin','gateway') and a.kind in ('city','district') and oc.descendant_id = c.district_id
          or d.role not in ('admin','gateway') and a.kind in ('street','community') and oc.descendant_id in (c.street_id, c.community_id)
          or d.role = 'handler' and oc.descendant_id in (c.handler_id, c.unit_id))));
end $$;

create or replace function cc.need_seen(c cc.cases) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if c.id is null or not sees(c) then
    perform fail('CC404', '没有这个案件，或它不在您的范围内');
  end if;
end $$;

create or replace function cc.seen_case(which bigint) returns cc.cases
language plpgsql stable set search_path = cc, pg_temp as $$
declare c cases;
begin
  select * into c from cases where id = which;
  perform need_seen(c);
  return c;
end $$;

-- Looked at before it is locked: waiting for a lock would tell that an unseen case exists, and would hold it against those who see it.
-- Locked by the whole key: on a distributed database only one node may be asked for a lock.
create or replace function cc.case_for_update(which bigint) returns cc.cases
language plpgsql set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  select * into c from cases where id = which and district_id = c.district_id for update;
  perform need_seen(c);
  return c;
end $$;

create or replace function cc.org_name(which int) returns text
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (select short_name from org where id = which);
end $$;

-- What the client needs to know about itself after login.
create or replace function cc.who_am_i() returns jsonb
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare o operator := me();
begin
  return jsonb_build_object(
    'id', o.id, 'login', o.login, 'name', o.name, 'district_id', o.district_id,
    'duties', (select coalesce(jsonb_agg(jsonb_build_object('role', d.role, 'org_id', d.org_id) order by d.role, d.org_id), '[]')
               from duty d where d.operator_id = o.id),
    'workflow', (select digest from wf_setting),
    'joint_workflows', (select jsonb_object_agg(machine, digest) from jw_digest),
    'epoch', (select epoch from feed_epoch));
end $$;
