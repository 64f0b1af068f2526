-- Cameras come in by table. Addresses and passwords must stand in no statement, log, error or statistic of a server that may not be ours:
-- the table travels under a key that the server gave out in an answer (answers are not logged) and forgets when it has been used, and what
-- is wrong with it is answered, never raised.

-- Districts whose cameras the person asking may bring in.
create or replace function cc.camera_districts() returns int[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  if is_superuser() then return array(select d.district_id from district d); end if;
  return array(select distinct oc.descendant_id from operator o join duty d on d.operator_id = o.id and d.role in ('admin','supervisor')
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line' join district x on x.district_id = oc.descendant_id
    where o.login = session_user and o.active);
end $$;

create or replace function cc.need_camera_import() returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  perform need(cardinality(camera_districts()) > 0, 'CC403', '只有管理员和值班长可以导入摄像机');
end $$;

create or replace function cc.camera_envelope() returns bytea
language plpgsql security definer set search_path = cc, pg_temp as $$
declare made bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())); home int := (camera_districts())[1];
begin
  if not is_superuser() then home := (writer()).district_id; end if;
  perform need_camera_import();
  delete from camera_envelope where login = session_user;
  insert into camera_envelope (district_id, login, key) values (home, session_user, made);
  return made;
end $$;

-- The content under the caller's key, which is gone with it. SHA-256 of the key and a counter, laid over the text bit by bit.
create or replace function cc.open_envelope(sealed bytea) returns jsonb
language plpgsql set search_path = cc, pg_temp as $$
declare k bytea; pad bytea; plain bytea; size int := coalesce(length(sealed), 0);
begin
  delete from camera_envelope where login = session_user and made_at > clock_timestamp() - interval '10 minutes' returning key into k;
  perform need(k is not null, 'CC410', '导入口令已失效，请重新导入');
  perform need(size between 2 and 16777216, 'CC422', '表格为空或超过 16 MB');
  select string_agg(sha256(k || int4send(n)), ''::bytea order by n) into pad from generate_series(0, (size - 1) / 32) n;
  plain := substr(varbit_send(('x' || encode(sealed, 'hex'))::varbit # ('x' || encode(substr(pad, 1, size), 'hex'))::varbit), 5);
  begin
    return convert_from(plain, 'UTF8')::jsonb;
  exception when others then
    return null;  -- not in the words of the error: they would hold the text
  end;
end $$;

create or replace function cc.bad_stream(url text, sample_city boolean) returns text
language sql immutable set search_path = cc, pg_temp as $$
  select case when length(url) > 1000 or url ~ '[[:space:][:cntrl:]]' then '含空白或过长'
              when url !~ '^(rtsp|http|https|file|demo)://.' then '须以 rtsp://、http://、https:// 或 file:// 开头'
              when url ~ '^[a-z]+://[^/?#]*@' then '中不要写账号密码，请填在账号、密码列'
              when url ~ '^demo:' and not sample_city then '是示例地址，真实城市不能使用' end
$$;

-- What is wrong with one row; nothing of its secrets is repeated.
create or replace function cc.camera_complaints(r jsonb, c cc.camera, known cc.camera) returns setof text
language plpgsql stable set search_path = cc, pg_temp as $$
declare k text; sample_city boolean := exists (select from district d where d.district_id = c.district_id and d.sample); bad text;
begin
  if length(coalesce(c.no, '')) not between 1 and 40 or c.no !~ '^[[:alnum:]_.:-]+$' then return next '编号须为 1 至 40 位字母、数字、下划线、点、冒号或连字符'; end if;
  if length(coalesce(c.name, '')) not between 1 and 60 then return next '名称须为 1 至 60 个字'; end if;
  if length(coalesce(c.place, '')) > 120 then return next '地址超过 120 个字'; end if;
  if c.district_id is null then return next '经纬度不在您可管理的网格内'; return; end if;
  if known.id is not null and known.district_id <> c.district_id then return next '该编号已登记在另一区县'; end if;
  if not exists (select from camera_category g where g.district_id = shared(c.district_id) and g.code = c.category) then return next '没有这个类别'; end if;
  if not exists (select from org o where o.id = c.owner_id and o.active and o.district_id in (c.district_id, shared(c.district_id))) then
    return next '归属单位不是本区县的单位';
  end if;
  if exists (select from unnest(c.view) v where v is null or not known_role(split_part(v, ':', 1)) or v !~ '^[a-z_]+:(territory|owner|area)$' or v ~ '^(admin|gateway):') then
    return next '可见范围不对';
  end if;
  if coalesce(r->>'main', '') = '' then
    if known.id is null then return next '请填写主码流'; end if;
    if coalesce(r->>'sub', '') || coalesce(r->>'user', '') || coalesce(r->>'password', '') <> '' then
      return next '要改子码流、账号或密码，须同时填写主码流';
    end if;
  end if;
  foreach k in array '{main,sub}'::text[] loop
    bad := case when coalesce(r->>k, '') <> '' then bad_stream(r->>k, sample_city) end;
    if bad is not null then return next case k when 'main' then '主码流' else '子码流' end || bad; end if;
  end loop;
  if length(coalesce(r->>'user', '')) > 100 or length(coalesce(r->>'password', '')) > 200 or (coalesce(r->>'user', '') || coalesce(r->>'password', '')) ~ '[[:cntrl:]]' then
    return next '账号或密码过长，或含控制字符';
  end if;
  if coalesce(r->>'transport', '') not in ('', 'tcp', 'udp') then return next '传输只能是 tcp 或 udp'; end if;
end $$;

-- A row as a camera of the district it lies in; null where it cannot be read.
create or replace function cc.camera_of(r jsonb, districts int[]) returns cc.camera
language plpgsql stable set search_path = cc, pg_temp as $$
declare c camera; g grid;
begin
  c.no := btrim(r->>'no'); c.name := btrim(r->>'name'); c.place := coalesce(btrim(r->>'place'), ''); c.category := r->>'category';
  c.lon := (r->>'lon')::double precision; c.lat := (r->>'lat')::double precision; c.owner_id := (r->>'owner')::int;
  c.in_use := coalesce((r->>'in_use')::boolean, true);
  c.view := case when jsonb_typeof(r->'view') = 'array' then array(select jsonb_array_elements_text(r->'view')) end;
  select x.* into g from grid x where x.district_id = any(districts) and x.kind = 'unit' and x.shape @> point(c.lon, c.lat) order by x.id limit 1;
  c.district_id := g.district_id; c.street_id := g.street_id; c.community_id := g.community_id; c.grid_id := g.id;
  c.streams := case when coalesce(r->>'main', '') = '' then null when coalesce(r->>'sub', '') = '' then '{main}' else '{main,sub}' end;
  c.sample := coalesce(r->>'main', '') like 'demo://%';
  return c;
exception when data_exception then
  return null;
end $$;

create or replace function cc.known_camera(number text) returns cc.camera
language plpgsql stable set search_path = cc, pg_temp as $$
declare c camera;
begin
  select * into c from camera where no = number order by id limit 1;
  return c;
end $$;

-- added, changed or same.
create or replace function cc.put_camera(c cc.camera, known cc.camera, r jsonb) returns text
language plpgsql set search_path = cc, pg_temp as $$
declare s camera_secret; former camera_secret;
begin
  select * into former from camera_secret where camera_id = known.id and district_id = known.district_id;
  if c.streams is null then
    c.streams := known.streams; c.sample := known.sample; s := former;
  else
    s := row(c.district_id, known.id, r->>'main', coalesce(r->>'sub', ''), coalesce(r->>'user', ''), coalesce(r->>'password', ''),
             coalesce(nullif(r->>'transport', ''), 'tcp'))::camera_secret;
  end if;
  c.id := known.id; c.version := known.version;
  if c is not distinct from known and s is not distinct from former then return 'same'; end if;
  if known.id is null then
    insert into camera (district_id, no, name, category, lon, lat, place, owner_id, street_id, community_id, grid_id, streams, view, in_use, sample)
    values (c.district_id, c.no, c.name, c.category, c.lon, c.lat, c.place, c.owner_id, c.street_id, c.community_id, c.grid_id, c.streams, c.view, c.in_use, c.sample)
    returning id into s.camera_id;
  else
    update camera set (name, category, lon, lat, place, owner_id, street_id, community_id, grid_id, streams, view, in_use, sample, version)
      = (c.name, c.category, c.lon, c.lat, c.place, c.owner_id, c.street_id, c.community_id, c.grid_id, c.streams, c.view, c.in_use, c.sample, c.version + 1)
     where id = known.id and district_id = known.district_id;
  end if;
  insert into camera_secret select s.*
  on conflict (camera_id, district_id) do update set main_url = excluded.main_url, sub_url = excluded.sub_url, user_name = excluded.user_name,
    password = excluded.password, transport = excluded.transport;
  return case when known.id is null then 'added' else 'changed' end;
end $$;

-- Everything wrong with the table: [{row, words}], by row. No cell is repeated: where cells have slipped by one, any may be a password.
create or replace function cc.camera_errors(rows_of jsonb, districts int[]) returns jsonb
language plpgsql stable set search_path = cc, pg_temp as $$
declare r jsonb; c camera; found_errors jsonb := '[]'; numbers text[]; twice text[]; place int := 0; number text; words text;
begin
  if jsonb_typeof(rows_of) is distinct from 'array' or jsonb_array_length(rows_of) not between 1 and 20000 then
    return '[{"row": 0, "words": "内容不是摄像机表，或超过 20000 行"}]';
  end if;
  numbers := array(select btrim(x->>'no') from jsonb_array_elements(rows_of) with ordinality e(x, n) order by n);
  twice := array(select x from unnest(numbers) x where x is not null group by x having count(*) > 1);
  for r in select * from jsonb_array_elements(rows_of) loop
    place := place + 1;
    number := case when r->>'row' ~ '^[0-9]{1,7}$' then r->>'row' else place::text end;
    c := case when jsonb_typeof(r) = 'object' then camera_of(r, districts) end;
    for words in select '这一行的格式不对' where c.no is null
                 union all select x from camera_complaints(r, c, known_camera(c.no)) x where c.no is not null
                 union all select '编号与前面的行重复' where c.no = any(twice) and array_position(numbers, c.no) < place loop
      found_errors := found_errors || jsonb_build_object('row', number::int, 'words', words);
    end loop;
  end loop;
  return found_errors;
end $$;

-- All of the table or nothing of it. Answers {errors} or {added, changed, same, errors: []}; with `only_check` nothing is written.
-- Generic plans, here and in all it calls: a plan made for given values holds them, and everybody may let the server print plans.
create or replace function cc.load_cameras(sealed bytea, file_name text, only_check boolean default false) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp set plan_cache_mode = force_generic_plan as $$
declare plain jsonb; wrong jsonb; r jsonb; c camera; known camera; became text; districts int[] := camera_districts(); d int; tally jsonb := '{}'; done jsonb := '{}';
begin
  if not is_superuser() then perform writer(); end if;
  perform need_camera_import();
  plain := open_envelope(sealed);
  lock table camera in share row exclusive mode;
  wrong := camera_errors(plain, districts);
  if wrong <> '[]' then return jsonb_build_object('errors', wrong); end if;
  for r in select * from jsonb_array_elements(plain) loop
    c := camera_of(r, districts); known := known_camera(c.no);
    became := case when only_check then case when known.id is null then 'added' else 'known' end else put_camera(c, known, r) end;
    done := done || jsonb_build_object(became, coalesce((done->>became)::int, 0) + 1);
    tally := tally || jsonb_build_object(c.district_id::text, coalesce(tally->(c.district_id::text), '{}')
      || jsonb_build_object(became, coalesce((tally->(c.district_id::text)->>became)::int, 0) + 1));
  end loop;
  if not only_check then
    for d in select jsonb_object_keys(tally)::int loop
      perform log_admin(d, 'cameras', left(coalesce(file_name, ''), 200), tally->(d::text));
    end loop;
  end if;
  return done || '{"errors": []}';
end $$;
