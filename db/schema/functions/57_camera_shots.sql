-- 取证: a picture or clip that somebody saw becomes evidence of a case, with camera, time and digest.

-- A caller's own viewing under which he may still hand something in: it goes on, or ended less than ten minutes ago. One that was never
-- closed ends with its day.
create or replace function cc.fresh_viewing(which bigint, actor int) returns cc.camera_viewing
language plpgsql stable set search_path = cc, pg_temp as $$
declare v camera_viewing; e camera_viewing_end;
begin
  select * into v from camera_viewing where id = which and actor_id = actor;
  perform need(v.id is not null, 'CC404', '没有这次查看登记');
  select * into e from camera_viewing_end where id = v.id and district_id = v.district_id;
  perform need(coalesce(e.recorded_at + interval '10 minutes', v.recorded_at + interval '1 day') > clock_timestamp(), 'CC410',
               '画面已关闭超过 10 分钟，不能再取证，请重新打开');
  return v;
end $$;

-- When it was taken, inside the viewing. Clients reckon the city's clock from the feed: five seconds beside it are put right.
create or replace function cc.shot_times(v cc.camera_viewing, from_then timestamptz, until_then timestamptz, t timestamptz, out taken_at timestamptz, out taken_until timestamptz)
language plpgsql stable set search_path = cc, pg_temp as $$
declare last_one timestamptz := least(t, (select e.ended_at from camera_viewing_end e where e.id = v.id and e.district_id = v.district_id));
        slack interval := make_interval(secs => 5 * greatest(1, (select k.speed from clock k)));
begin
  perform need(from_then <= until_then, 'CC422', '取证时间不对', 'taken_at');
  perform need(until_then <= t + slack, 'CC422', '取证时间在将来', 'taken_until');
  perform need(from_then >= v.began_at - slack and until_then <= last_one + slack, 'CC422', '取证时间不在这次查看之内', 'taken_at');
  taken_at := greatest(v.began_at, least(from_then, last_one));
  taken_until := greatest(v.began_at, least(until_then, last_one));
end $$;

create or replace function cc.check_shot(mime_type text, content_bytes bytea, from_then timestamptz, until_then timestamptz) returns void
language plpgsql stable set search_path = cc, pg_temp as $$
declare size int := coalesce(length(content_bytes), 0);
begin
  case mime_type
  when 'image/jpeg' then
    perform need(size between 1 and 8388608, 'CC422', '截图须小于 8 MB');
    perform need(substr(content_bytes, 1, 3) = '\xffd8ff', 'CC422', '内容不是 JPEG 图片');
    perform need(from_then = until_then, 'CC422', '截图只有一个时刻', 'taken_until');
  when 'video/mp4' then
    perform need(size between 1 and 25165824, 'CC422', '录像须小于 24 MB');
    perform need(substr(content_bytes, 5, 4) = '\x66747970', 'CC422', '内容不是 MP4 录像');
  else
    perform fail('CC422', '取证只接受 JPEG 截图和 MP4 录像', '{"field": "mime"}');
  end case;
end $$;

create or replace function cc.attach_shot(command uuid, which bigint, viewing bigint, file_name text, mime_type text, content_bytes bytea,
                                          from_then timestamptz, until_then timestamptz) returns jsonb
language plpgsql security definer set search_path = cc, pg_temp as $$
declare actor operator := writer(); c cases; n cases; v camera_viewing; k camera; taken record; using_role text; t timestamptz; act_row wf_action; digest text;
        done jsonb := claim(command);
begin
  if done is not null then return done; end if;
  perform need(coalesce(btrim(file_name), '') <> '', 'CC422', '附件没有名称');
  perform check_shot(mime_type, content_bytes, from_then, until_then);
  select * into act_row from wf_action where code = 'attach';
  c := case_for_update(which);
  using_role := allowed_role(act_row, c, actor.id);
  v := fresh_viewing(viewing, actor.id); t := city_now();
  taken := shot_times(v, from_then, until_then, t);
  select * into k from camera where id = v.camera_id;
  digest := encode(sha256(content_bytes), 'hex');
  n := c; n.events := c.events + 1; n.photos := least(c.photos + 1, 999);
  insert into attachment (district_id, case_id, seq, kind, name, mime, bytes, sha256, content)
  values (n.district_id, n.id, n.events, 'scene', left(file_name, 120), mime_type, length(content_bytes), digest, content_bytes);
  insert into camera_evidence (district_id, case_id, seq, camera_id, viewing_id, taken_at, taken_until, sha256)
  values (n.district_id, n.id, n.events, k.id, v.id, taken.taken_at, taken.taken_until, digest);
  n := save_case(n, t);
  perform write_event(c, n, actor, using_role, 'attach', jsonb_build_object('kind', 'scene', 'name', left(file_name, 120), 'sha256', digest,
    'camera', k.name, 'camera_no', k.no, 'viewing', v.id, 'taken_at', taken.taken_at, 'taken_until', taken.taken_until), t);
  return remember(command, actor, jsonb_build_object('case_id', n.id, 'no', n.no, 'version', n.version, 'state', n.state, 'event', n.events));
end $$;

-- Which attachments of a case came from a camera, or CC404; to those who read its words.
create or replace function cc.case_shots(which bigint) returns table (seq int, camera_id int, taken_at timestamptz, taken_until timestamptz, sha256 text)
language plpgsql stable security definer set search_path = cc, pg_temp as $$
declare c cases := seen_case(which);
begin
  if not reads_text() then return; end if;
  return query select e.seq, e.camera_id, e.taken_at, e.taken_until, e.sha256 from camera_evidence e
                where e.case_id = c.id and e.district_id = c.district_id order by e.seq;
end $$;
