-- Named checks of the workflow. Each raises CC422 (what is missing) or CC410 (too late, or spent).

create or replace function cc.check_args(a cc.wf_action, args jsonb) returns void
language plpgsql set search_path = cc, pg_temp as $$
declare k text;
begin
  if jsonb_typeof(args) is distinct from 'object' then perform fail('CC422', '参数格式不对'); end if;
  for k in select jsonb_object_keys(args) loop
    if not (k = any(a.required) or k = any(a.optional)) then
      perform fail('CC422', '该操作不接受此项：' || left(k, 40), jsonb_build_object('field', left(k, 40)));
    end if;
    if jsonb_typeof(args->k) in ('object','array') or length(args->>k) > 4000 then
      perform fail('CC422', '内容过长或格式不对', jsonb_build_object('field', k));
    end if;
    if exists (select from wf_choice where field = k)
       and not exists (select from wf_choice where field = k and value = args->>k) then
      perform fail('CC422', '取值不在可选范围内', jsonb_build_object('field', k));
    end if;
  end loop;
  foreach k in array a.required loop
    if coalesce(args->>k, '') !~ '[^[:space:]]' then
      perform fail('CC422', '请填写必填项', jsonb_build_object('field', k));
    end if;
  end loop;
end $$;

create or replace function cc.arg_int(args jsonb, k text) returns int
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return (args->>k)::int;
exception when others then
  perform fail('CC422', '取值不对', jsonb_build_object('field', k));
end $$;

create or replace function cc.arg_instant(args jsonb, k text) returns timestamptz
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (args->>k)::timestamptz;
exception when others then
  perform fail('CC422', '时间格式不对', jsonb_build_object('field', k));
end $$;

create or replace function cc.need(ok boolean, code text, message text, field text default null) returns void
language plpgsql set search_path = cc, pg_temp as $$
begin
  if ok is not true then
    perform fail(code, message, case when field is null then '{}' else jsonb_build_object('field', field) end);
  end if;
end $$;

create or replace function cc.has_photo(c cc.cases, wanted text) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from attachment where district_id = c.district_id and case_id = c.id and kind = wanted));
end $$;

create or replace function cc.takes_cases(unit int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from org where id = unit and active
                   and kind in ('street','community','department','agency','section','utility','enterprise')));
end $$;

-- A dispatcher of a district reaches every unit of it, one of a street its own (小循环), one of the city those of the case's
-- district and of the city.
create or replace function cc.unit_in_reach(actor int, using_role text, c cc.cases, unit int) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return serves_case(unit, c) and (
    select exists (select from duty d where d.operator_id = actor and d.role = using_role
                   and reaches(d.org_id, 'territory', c) and above(d.org_id, unit, '{line,serves}')));
end $$;

-- The case and all that was merged into it, however often over: whoever reported one of them is answered with it.
create or replace function cc.family(c cc.cases) returns setof bigint
language sql stable set search_path = cc, pg_temp as $$
  with recursive kin(id) as (
    select c.id
    union
    select m.id from kin join cases m on m.master_id = kin.id and m.district_id = c.district_id)
  select id from kin
$$;

create or replace function cc.reporters_waiting(c cc.cases) returns bigint
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select count(*) from case_reporter r
    where r.answered_at is null and r.district_id = c.district_id and r.case_id in (select family(c)));
end $$;

create or replace function cc.guard_dispatch(g text, c cc.cases, args jsonb, actor cc.operator, using_role text) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare unit int := arg_int(args, 'unit_id');
begin
  case g
  when 'unit_takes_cases' then
    perform need(takes_cases(unit), 'CC422', '该单位不能接收案件', 'unit_id');
  when 'unit_exists' then
    perform need(takes_cases(unit) and serves_case(unit, c), 'CC422', '没有这个单位', 'unit_id');
  when 'unit_in_reach' then
    perform need(unit_in_reach(actor.id, using_role, c, unit), 'CC403', '该单位不在您的派遣范围内');
  when 'subunit' then
    perform need(takes_cases(unit) and unit <> c.handler_id and above(c.handler_id, unit, '{line,serves}'), 'CC422',
                 '只能二次派发给本单位下属的科室、派出机构或社区', 'unit_id');
  when 'is_sub_dispatched' then
    perform need(c.handler_id <> c.unit_id, 'CC423', '本案未作二次派发');
  when 'own_dispatch' then
    perform need(c.handler_id = c.unit_id and not c.ruled, 'CC423', '该派遣不能撤销');
    perform need(c.dispatched_by = actor.id, 'CC403', '只能撤销自己的派遣');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.guard_time(g text, c cc.cases, args jsonb, using_role text, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  case g
  when 'not_ruled' then
    perform need(not c.ruled, 'CC423', '已疑难定责，不得再回退');
  when 'return_window' then
    perform need(using_role = 'supervisor' or t <= work_add(c.district_id, (select l.by_clock from stage_limit(c, 'receive') l), c.dispatched_at,
        coalesce((select i.return_window_minutes from catalogue_item i where i.district_id = shared(c.district_id) and i.id = c.item_id), 120) * 60),
      'CC410', '回退时限已过，请联系值班长');
  when 'second_return' then
    perform need(using_role = 'supervisor' or not exists (select from case_unit_return r where r.district_id = c.district_id
        and r.case_id = c.id and r.unit_id = c.unit_id), 'CC410', '同一单位第二次回退须由值班长办理');
  when 'not_overdue' then
    perform need(t < c.deadline, 'CC410', '已超期，不能申请延期');
  when 'not_extended' then
    perform need(not c.extended, 'CC410', '本阶段已延期一次');
    perform need(args->>'minutes' is null or arg_int(args, 'minutes') between 10 and 43200, 'CC422', '延长时间须为 10 分钟至 30 天', 'minutes');
  when 'until_ahead' then
    perform need(arg_instant(args, 'until') between t + interval '1 minute' and t + interval '4320 hours', 'CC422',
                 '恢复时间须在将来 180 天之内', 'until');
  when 'due_ahead' then
    perform need(args->>'due' is null or arg_instant(args, 'due') between t + interval '1 minute' and t + interval '366 days', 'CC422',
                 '时限须在将来一年之内', 'due');
  when 'reopen_window' then
    perform need(t <= c.closed_at + make_interval(hours => 24 * (select d.reopen_days from district d where d.district_id = c.district_id)),
      'CC410', '已超过重新立案期限，请新建案件');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

-- Whether a whistle of this number was issued in the street of the case since that came onto the ledger, for this case among others, and its
-- work is over.
create or replace function cc.clearing_whistle(c cc.cases, number text) returns boolean
language plpgsql stable set search_path = cc, pg_temp as $$
begin
  return (
    select exists (select from summons s join summons_case k on k.summons_id = s.id and k.district_id = s.district_id
                   where s.district_id = c.district_id and s.no = btrim(number) and s.kind = 'whistle' and s.closed_at is not null
                     and k.case_id = c.id and above(c.street_id, s.caller_id)
                     -- What was called for before the case came onto the ledger is no answer to its standing there.
                     and s.issued_at > (select max(l.opened_at) from ledger l where l.district_id = c.district_id and l.case_id = c.id and l.kind = 'force_close')));
end $$;

create or replace function cc.guard_facts(g text, c cc.cases, args jsonb) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare m cases;
begin
  case g
  when 'something' then
    perform need(args <> '{}', 'CC422', '没有填写任何内容');
  when 'classified' then
    perform need(coalesce(args->>'item_id', c.item_id::text) is not null, 'CC422', '请先选择小类', 'item_id');
    perform need(coalesce(args->>'grid_id', c.grid_id::text) is not null, 'CC422', '请先选择网格', 'grid_id');
  when 'before_and_after_photo' then
    perform need(has_photo(c, 'before') and has_photo(c, 'after'), 'CC422', '自处理须上传处置前、处置后照片');
  when 'after_photo' then
    perform need(has_photo(c, 'after') or not exists (select from catalogue_item i where i.district_id = shared(c.district_id)
        and i.id = c.item_id and i.photo_required), 'CC422', '该小类反馈须上传处置后照片');
  when 'master_open' then
    select * into m from cases where id = arg_int_big(args, 'master_id') and district_id = c.district_id;
    perform need(m.id is not null and m.id <> c.id and m.open and sees(m), 'CC422', '主案不存在或已办结', 'master_id');
  when 'no_open_request' then
    perform need(c.asked is null, 'CC423', '已有待批的申请');
  when 'request_open' then
    perform need(c.asked is not null, 'CC423', '没有待批的申请');
  when 'extension_asked' then
    perform need(c.asked = 'extension', 'CC423', '没有待批的延期申请');
  when 'someone_waiting' then
    perform need(reporters_waiting(c) > 0 or (c.citizen and not c.answered), 'CC423', '没有待答复的来电人');
  when 'citizen_case' then
    perform need(c.citizen, 'CC423', '非群众诉求无需回访');
  when 'answered' then
    perform need(not c.citizen or (c.answered and reporters_waiting(c) = 0), 'CC423', '请先答复全部来电人');
  when 'followed_up' then
    perform need(not c.citizen or c.followed_up, 'CC423', '群众诉求须先回访');
  when 'not_supervised' then
    perform need(not c.supervised, 'CC423', '已在督办');
  when 'supervised' then
    perform need(c.supervised, 'CC423', '未在督办');
  when 'on_ledger' then
    perform need(c.on_ledger, 'CC423', '不在强制结案台账上');
  when 'cleared_by_whistle' then
    perform need(clearing_whistle(c, args->>'document_no'), 'CC422', '请填写列入台账之后由本街道为此案发出、已经结束的吹哨单编号', 'document_no');
  else raise exception 'unknown guard %', g;
  end case;
end $$;

create or replace function cc.arg_int_big(args jsonb, k text) returns bigint
language plpgsql immutable set search_path = cc, pg_temp as $$
begin
  return (args->>k)::bigint;
exception when others then
  perform fail('CC422', '取值不对', jsonb_build_object('field', k));
end $$;

create or replace function cc.check_guards(a cc.wf_action, c cc.cases, args jsonb, actor cc.operator, using_role text, t timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare g text;
begin
  foreach g in array a.guards loop
    if g in ('unit_takes_cases','unit_exists','unit_in_reach','subunit','is_sub_dispatched','own_dispatch') then
      perform guard_dispatch(g, c, args, actor, using_role);
    elsif g in ('not_ruled','return_window','second_return','not_overdue','not_extended','until_ahead','due_ahead','reopen_window') then
      perform guard_time(g, c, args, using_role, t);
    else
      perform guard_facts(g, c, args);
    end if;
  end loop;
end $$;
