-- Operators and their logins. Owned by cc_people, the only role with CREATEROLE; nothing else runs as it.

create or replace function cc.may_manage_people() returns boolean
language sql stable security definer set search_path = cc, pg_temp as $$
  select has_role('{admin}') or is_superuser()
$$;

create or replace function cc.known_role(role text) returns boolean
language sql immutable set search_path = cc, pg_temp as $$
  select role = any('{acceptor,dispatcher,handler,verifier,followup,street_leader,supervisor,evaluator,screen,auditor,admin,grid_worker,channel,gateway}')
$$;

create or replace function cc.log_admin(district int, a text, who text, what jsonb) returns void
language sql security definer set search_path = cc, pg_temp as $$
  insert into admin_log (district_id, action, subject, detail) values (district, a, who, what)
$$;

create or replace function cc.check_verifier(verifier text) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  -- Exactly what the server itself would recognise: anything else it would take for a password in clear.
  if verifier is null or verifier !~ '^SCRAM-SHA-256\$[1-9][0-9]{3,5}:[A-Za-z0-9+/]{16,88}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' then
    perform cc.fail('CC422', '密码须以 SCRAM-SHA-256 校验值提交', '{"field": "password"}');
  end if;
end $$;

create or replace function cc.insert_operator(district int, new_login text, shown_name text, duties jsonb) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare new_id int; d jsonb; owns boolean := is_superuser();
begin
  perform need(may_manage_people(), 'CC403', '只有管理员可以管理用户');
  perform need(exists (select from district x where x.district_id = district), 'CC422', '没有这个区');
  if not owns then
    perform need(above((me()).district_id, district), 'CC403', '只能管理本区用户');
  end if;
  perform need(coalesce(btrim(shown_name), '') <> '', 'CC422', '请填写姓名', 'name');
  perform need(jsonb_typeof(duties) = 'array', 'CC422', '参数格式不对', 'duties');
  insert into operator (district_id, login, name) values (district, new_login, left(shown_name, 60)) returning id into new_id;
  for d in select * from jsonb_array_elements(duties) loop
    perform need(known_role(d->>'role'), 'CC422', '没有这个岗位', 'role');
    -- A scope above the district reaches into other districts: only the owner of the whole gives it.
    perform need(exists (select from org where id = arg_int(d, 'org_id') and (above(district, id) or (owns and kind = 'city'))), 'CC422', '没有这个单位', 'org');
    insert into duty (district_id, operator_id, role, org_id) values (district, new_id, d->>'role', (d->>'org_id')::int);
  end loop;
  perform log_admin(district, 'add', new_login, jsonb_build_object('name', shown_name, 'duties', duties));
  return new_id;
end $$;

create or replace function cc.create_operator(district int, new_login text, shown_name text, verifier text, duties jsonb) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare new_id int;
begin
  if new_login is null or new_login !~ '^[a-z][a-z0-9_]{2,19}$' or new_login ~ '^(cc_|pg_)' or exists (select from pg_roles where rolname = new_login) then
    perform cc.fail('CC422', '登录名须为 3–20 位小写字母、数字或下划线，且未被占用', '{"field": "login"}');
  end if;
  perform cc.check_verifier(verifier);
  new_id := cc.insert_operator(district, new_login, shown_name, duties);
  execute format('create role %I login connection limit 12 password %L', new_login, verifier);
  execute format('grant cc_operator to %I', new_login);
  return new_id;
end $$;

create or replace function cc.managed_operator(which_login text) returns cc.operator
language plpgsql security definer set search_path = cc, pg_temp as $$
declare o operator;
begin
  perform need(may_manage_people(), 'CC403', '只有管理员可以管理用户');
  select * into o from operator where login = which_login;
  if not is_superuser() and not above((me()).district_id, o.district_id) then
    o := null;
  end if;
  perform need(o.id is not null, 'CC404', '没有这个用户');
  return o;
end $$;

create or replace function cc.mark_operator(which_login text, is_active boolean) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare o operator := managed_operator(which_login);
begin
  perform need(is_active is not null, 'CC422', '参数格式不对');
  update operator set active = is_active where district_id = o.district_id and id = o.id;
  -- A session that is open keeps the snapshot it has read from; it ends now, and without login it does not come back.
  if not is_active then
    perform pg_terminate_backend(a.pid) from pg_stat_activity a where a.usename = o.login and a.pid <> pg_backend_pid();
  end if;
  perform log_admin(o.district_id, case when is_active then 'enable' else 'disable' end, o.login, '{}');
end $$;

create or replace function cc.set_operator_active(which_login text, is_active boolean) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
begin
  perform cc.mark_operator(which_login, is_active);
  execute format('alter role %I %s', which_login, case when is_active then 'login' else 'nologin' end);
end $$;

create or replace function cc.set_operator_password(which_login text, verifier text) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare o cc.operator := cc.managed_operator(which_login);
begin
  perform cc.check_verifier(verifier);
  execute format('alter role %I password %L', o.login, verifier);
  perform cc.log_admin(o.district_id, 'password', o.login, '{}');
end $$;
