-- The catalogue is the city's own, shared by its districts: loaded as a new version, the former one kept for the cases that used it.

create or replace function cc.load_catalogue(source_name text, items jsonb) returns int
language plpgsql security definer set search_path = cc, pg_temp as $$
declare here int; v int; base int; n int;
begin
  perform need(may_manage_people(), 'CC403', '只有管理员可以更新目录');
  perform need(jsonb_typeof(items) = 'array' and jsonb_array_length(items) between 1 and 20000, 'CC422', '目录为空或过大');
  here := case when has_role('{admin}') then (me()).district_id else (select min(shared_id) from district) end;
  perform need(shared(here) = here, 'CC403', '目录由全市共用，只有市级管理员可以更新');
  select coalesce(max(id), 0) + 1 into v from catalogue_version where district_id = here;
  select coalesce(max(id), 0) into base from catalogue_item where district_id = here;
  update catalogue_version set current = false where district_id = here;
  insert into catalogue_version (district_id, id, source, items) values (here, v, left(source_name, 200), jsonb_array_length(items));
  insert into catalogue_item
  select here, base + row_number() over (order by ord), v, i->>'code', i->>'kind', i->>'domain', i->>'major', i->>'minor', i->>'name',
         (i->>'danger')::smallint, (i->>'visibility')::smallint, (i->>'disorder')::smallint, (i->>'urgent')::boolean, i->>'grade', i->>'line', i->>'fallback',
         i->>'filing_condition', i->>'closing_standard', (i->>'return_window_minutes')::int, (i->>'photo_required')::boolean, (i->>'sample')::boolean
  from jsonb_array_elements(items) with ordinality x(i, ord);
  get diagnostics n = row_count;
  insert into catalogue_limit
  select here, c.id, l->>'stage', (l->>'minutes')::int, l->>'clock'
  from jsonb_array_elements(items) i join catalogue_item c on c.district_id = here and c.version_id = v and c.code = i->>'code', lateral jsonb_array_elements(i->'limits') l;
  perform log_admin(here, 'catalogue', source_name, jsonb_build_object('version', v, 'items', n));
  insert into feed (kind, entity_id, district_id) values ('catalogue', v, here);
  return n;
end $$;
