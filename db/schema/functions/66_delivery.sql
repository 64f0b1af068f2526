-- The hook for SMS and WeChat gateways: a program with a login of the role gateway takes what is to be sent and says what became of it.
-- It reads nothing else (10_identity.sql). docs/gateway.md shows one.

-- Districts that the caller sends for.
create or replace function cc.gateway_districts() returns int[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct g.id), '{}')
    from operator o join duty d on d.operator_id = o.id and d.role = 'gateway'
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
    join org g on g.id = oc.descendant_id and g.kind = 'district'
    where o.login = session_user and o.active);
end $$;

-- Whose telephones should ring: all who have that post now.
create or replace function cc.logins_of(n cc.notice) returns text[]
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select coalesce(array_agg(distinct o.login order by o.login), '{}')
    from duty d join operator o on o.id = d.operator_id and o.active
    join org_closure oc on oc.ancestor_id = d.org_id and oc.via = 'line'
    where d.role = n.to_role and oc.descendant_id = coalesce(n.to_org, n.community_id, n.street_id, n.district_id));
end $$;

-- The open notices that this gateway has not taken yet, oldest first; those again that it did not confirm within a minute, five times
-- at most. Two programs under one login never get the same one.
create or replace function cc.take_deliveries(most int) returns table (id bigint, words text, kind text, due timestamptz, recipients text[])
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); districts int[] := gateway_districts();
begin
  perform need(cardinality(districts) > 0, 'CC403', '只有短信、微信网关账号可以领取提醒');
  perform need(most between 1 and 500, 'CC422', '一次领取 1 至 500 条');
  return query
  with wanted as (
    select n.* from notice n left join notice_delivery d on d.notice_id = n.id and d.gateway = actor.login and d.district_id = n.district_id
     where n.closed_at is null and n.district_id = any(districts)
       and (d.notice_id is null or d.sent_at is null and d.attempts < 5 and d.taken_at < clock_timestamp() - interval '60 s')
     order by n.id limit most),
  taken as (
    insert into notice_delivery as d (district_id, notice_id, gateway) select w.district_id, w.id, actor.login from wanted w order by w.id
    on conflict (notice_id, gateway, district_id) do update set taken_at = clock_timestamp(), attempts = d.attempts + 1
       where d.sent_at is null and d.attempts < 5 and d.taken_at < clock_timestamp() - interval '60 s'
    returning d.notice_id, d.district_id)
  select w.id, w.words, w.kind, w.due, logins_of(row(w.*)::notice) from wanted w join taken k on k.notice_id = w.id and k.district_id = w.district_id order by w.id;
end $$;

-- It went out, or why not.
create or replace function cc.delivered(notice_id bigint, ok boolean, error text) returns void
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer();
begin
  perform need(cardinality(gateway_districts()) > 0, 'CC403', '只有短信、微信网关账号可以回报发送结果');
  update notice_delivery d set sent_at = case when ok then clock_timestamp() else d.sent_at end,
         error = case when ok then '' else left(coalesce(nullif(btrim(delivered.error), ''), '没有说明'), 300) end
   where d.notice_id = delivered.notice_id and d.gateway = actor.login;
  perform need(found, 'CC404', '没有领取过这条提醒');
end $$;
