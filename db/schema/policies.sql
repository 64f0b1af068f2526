-- Who may read what, and who may call what. Re-applied at every upgrade; whatever is not named here is refused.
-- Policies name nobody: one that names a group is dropped by DROP OWNED BY that group, which every member may say.

revoke all on all tables in schema cc from public, cc_operator;
revoke all on all sequences in schema cc from public, cc_operator;
revoke all on all functions in schema cc from public, cc_operator;
grant usage on schema cc to cc_operator, cc_people;

do $$
declare t text;
begin
  for t in select tablename from pg_tables where schemaname = 'cc' and tablename <> 'alembic_version' loop
    execute format('alter table cc.%I enable row level security', t);
  end loop;
end $$;

-- What everybody who works here may know.
do $$
declare t text;
begin
  foreach t in array '{district,org,org_closure,grid,channel,catalogue_version,catalogue_item,catalogue_limit,whistle_scenario,office_window,calendar_day,wf_state,wf_stage,wf_action,wf_rule,wf_choice,wf_setting,jw_state,jw_action,jw_rule,jw_choice,jw_digest,whistle_level,whistle_caller,whistle_rule,team,team_line,compound,feed_epoch}'::text[] loop
    execute format('create policy known on cc.%I for select using ((select cc.is_active()))', t);
    execute format('grant select on cc.%I to cc_operator', t);
  end loop;
end $$;
-- A gateway may stand in a foreign network: it is nobody's colleague.
create policy colleagues on cc.operator for select using ((select cc.is_active()) and not (select cc.has_role('{gateway}')));
grant select on cc.operator to cc_operator;
create policy colleagues on cc.duty for select using ((select cc.is_active()) and not (select cc.has_role('{gateway}')));
grant select on cc.duty to cc_operator;

-- Cases and what belongs to them, by scope.
create policy scope on cc.cases for select using (
     district_id = any ((select cc.my_districts())::int[])
  or street_id = any ((select cc.my_areas())::int[])
  or community_id = any ((select cc.my_areas())::int[])
  or handler_id = any ((select cc.my_units())::int[])
  or unit_id = any ((select cc.my_units())::int[]));
grant select on cc.cases to cc_operator;

create policy scope on cc.feed for select using (kind in ('catalogue','org') and (select cc.is_active())
  or kind in ('emergency','topic') and district_id = any ((select cc.my_homes())::int[]) and not (select cc.has_role('{gateway}'))
  or district_id = any ((select cc.my_districts())::int[])
  or street_id = any ((select cc.my_areas())::int[])
  or community_id = any ((select cc.my_areas())::int[])
  or handler_id = any ((select cc.my_units())::int[])
  or unit_id = any ((select cc.my_units())::int[]));
grant select on cc.feed to cc_operator;

do $$
declare t text;
begin
  foreach t in array '{case_stage,presence}'::text[] loop
    execute format('create policy scope on cc.%I for select using (exists (select from cc.cases c where c.district_id = %1$I.district_id and c.id = %1$I.case_id))', t);
    execute format('grant select on cc.%I to cc_operator', t);
  end loop;
  foreach t in array '{case_detail,case_event,case_request,ledger,case_reporter,attachment}'::text[] loop
    execute format('create policy scope on cc.%I for select using ((select cc.reads_text()) and exists (select from cc.cases c where c.district_id = %1$I.district_id and c.id = %1$I.case_id))', t);
    execute format('grant select on cc.%I to cc_operator', t);
  end loop;
end $$;

-- The people of a grid stand with their names: for those who work with words, as the reports are.
create policy colleagues on cc.grid_team for select using ((select cc.reads_text()));
grant select on cc.grid_team to cc_operator;

-- Whistles, orders, meetings, tasks: the territory, and the units that take part.
do $$
declare t text;
begin
  foreach t in array '{summons,meeting}'::text[] loop
    execute format('create policy scope on cc.%I for select using (
         district_id = any ((select cc.my_districts())::int[])
      or street_id = any ((select cc.my_areas())::int[])
      or community_id = any ((select cc.my_areas())::int[])
      or unit_ids && (select cc.my_units())::int[]
      or unit_ids && (select cc.my_areas())::int[])', t);
    execute format('grant select on cc.%I to cc_operator', t);
  end loop;
end $$;
create policy scope on cc.task for select using (
     district_id = any ((select cc.my_districts())::int[])
  or street_id = any ((select cc.my_areas())::int[])
  or unit_id = any ((select cc.my_areas())::int[])
  or unit_id = any ((select cc.my_units())::int[]));
grant select on cc.task to cc_operator;

-- What belongs to one of them, with it: places and figures to everybody, words to those who read words.
do $$
declare r record;
begin
  for r in select * from (values
      ('summons_party','summons',''), ('summons_case','summons',''), ('summons_detail','summons','words'), ('summons_party_detail','summons','words'),
      ('summons_check','summons','words'), ('objection','summons','words'), ('summons_document','summons','words'),
      ('meeting_attendee','meeting',''), ('meeting_case','meeting',''), ('meeting_detail','meeting','words'), ('task_detail','task','words')) k(part, whole, holds) loop
    execute format('create policy scope on cc.%1$I for select using (%3$s exists (select from cc.%2$I w where w.district_id = %1$I.district_id and w.id = %1$I.%2$s_id))',
                   r.part, r.whole, case r.holds when 'words' then '(select cc.reads_text()) and' else '' end);
    execute format('grant select on cc.%I to cc_operator', r.part);
  end loop;
  for r in select * from (values ('joint_event','*'), ('joint_file','district_id,entity,entity_id,seq,party_no,kind,name,mime,bytes,sha256')) k(part, columns) loop
    execute format('create policy scope on cc.%1$I for select using ((select cc.reads_text()) and case entity
      when ''summons'' then exists (select from cc.summons w where w.district_id = %1$I.district_id and w.id = entity_id)
      when ''meeting'' then exists (select from cc.meeting w where w.district_id = %1$I.district_id and w.id = entity_id)
      else exists (select from cc.task w where w.district_id = %1$I.district_id and w.id = entity_id) end)', r.part);
    execute format(case r.columns when '*' then 'grant select on cc.%1$I to cc_operator' else 'grant select (%2$s) on cc.%1$I to cc_operator' end, r.part, r.columns);
  end loop;
end $$;
-- 通报 is said to the whole district: that everybody reads it is its purpose.
create policy told on cc.bulletin for select using (district_id = any ((select cc.my_homes())::int[]) and (select cc.reads_text()));
grant select on cc.bulletin to cc_operator;

-- Notices: whoever they are addressed to, and the supervisors of the territory. The hall screen has no post.
create policy addressees on cc.notice for select using (
     (to_role, coalesce(to_org, community_id, street_id, district_id)) in (select p.role, p.org_id from cc.my_posts() p)
  or coalesce(community_id, street_id, district_id) in (select p.org_id from cc.my_posts() p where p.role = 'supervisor'));
grant select on cc.notice to cc_operator;

-- Whether the gateways get rid of what they take.
create policy watch on cc.notice_delivery for select using ((select cc.has_role('{supervisor,admin}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.notice_delivery to cc_operator;

create policy audit on cc.reveal_log for select using ((select cc.has_role('{auditor}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.reveal_log to cc_operator;
create policy audit on cc.admin_log for select using ((select cc.has_role('{auditor,admin}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.admin_log to cc_operator;
create policy audit on cc.seal for select using ((select cc.has_role('{auditor}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.seal to cc_operator;

-- Cameras: by territory, the owner's units, and the units that serve the street. Their addresses (camera_secret) nobody reads.
create policy known on cc.camera_category for select using ((select cc.is_active()));
grant select on cc.camera_category to cc_operator;
create policy scope on cc.camera for select using (
     district_id = any ((select cc.my_districts())::int[])
  or street_id = any ((select cc.my_areas())::int[])
  or community_id = any ((select cc.my_areas())::int[])
  or owner_id = any ((select cc.my_units())::int[])
  or owner_id = any ((select cc.my_areas())::int[])
  or street_id in (select o.serves_id from cc.org o where o.id = any ((select cc.my_units())::int[])));
grant select on cc.camera to cc_operator;
-- Who looked: one's own looks, and all of the district's for the auditor.
do $$
declare t text;
begin
  foreach t in array '{camera_viewing,camera_viewing_end}'::text[] loop
    execute format('create policy own on cc.%I for select using (actor_id = (select o.id from cc.operator o where o.login = session_user and o.active)
      or (select cc.has_role(''{auditor}'')) and district_id = any ((select cc.my_homes())::int[]))', t);
    execute format('grant select on cc.%I to cc_operator', t);
  end loop;
end $$;
create policy own on cc.camera_favourite for select using (operator_id = (select o.id from cc.operator o where o.login = session_user and o.active));
grant select on cc.camera_favourite to cc_operator;
create policy own on cc.camera_group for select using (
     owner_id = (select o.id from cc.operator o where o.login = session_user and o.active)
  or owner_id is null and district_id = any (array(select unnest((select cc.my_homes())) union select d.shared_id from cc.district d where d.district_id = any ((select cc.my_homes())::int[]))));
grant select on cc.camera_group to cc_operator;
create policy own on cc.camera_group_member for select using (exists (select from cc.camera_group g where g.district_id = camera_group_member.district_id and g.id = group_id));
grant select on cc.camera_group_member to cc_operator;

-- An emergency is everybody's of the district; its log is read through cc.emergency_log.
create policy all_of_us on cc.emergency for select using (district_id = any ((select cc.my_homes())::int[]) and not (select cc.has_role('{gateway}')));
grant select on cc.emergency to cc_operator;

-- Where workers are, by territory; of the columns only what a map shows. Their tracks and phones nobody reads but through functions.
create policy scope on cc.worker_position for select using (
     district_id = any ((select cc.my_districts())::int[])
  or street_id = any ((select cc.my_areas())::int[])
  or community_id = any ((select cc.my_areas())::int[]));
grant select (district_id, worker_id, role, grid_id, street_id, community_id, lon, lat, at, moved_at) on cc.worker_position to cc_operator;
create policy audit on cc.phone_look for select using ((select cc.has_role('{auditor}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.phone_look to cc_operator;

-- Scenes of the wall are everybody's; the history of what was pushed, of who answers for the hall or audits it. Walls are told by cc.walls.
create policy known on cc.wall_plan for select using ((select cc.is_active()));
grant select on cc.wall_plan to cc_operator;
create policy history on cc.wall_push for select using ((select cc.has_role('{supervisor,auditor}')) and district_id = any ((select cc.my_homes())::int[]));
grant select on cc.wall_push to cc_operator;

-- Topics are the district's, for whoever reads words; of their cases each sees his own.
create policy of_the_district on cc.topic for select using (district_id = any ((select cc.my_homes())::int[]) and (select cc.reads_text()));
grant select on cc.topic to cc_operator;
create policy scope on cc.topic_case for select using ((select cc.reads_text())
  and exists (select from cc.cases c where c.district_id = topic_case.district_id and c.id = topic_case.case_id));
grant select on cc.topic_case to cc_operator;

-- What a person may call.
grant execute on function
  cc.is_active(), cc.me(), cc.has_role(text[]), cc.my_districts(), cc.my_homes(), cc.my_areas(), cc.my_units(), cc.reads_text(), cc.who_am_i(),
  cc.city_now(), cc.clock_state(), cc.feed_since(pg_snapshot), cc.changed_rows(bigint[]), cc.joint_rows(bigint[]), cc.command_outcome(uuid), cc.give_up_command(uuid),
  cc.act(uuid, bigint, int, text, jsonb), cc.report_case(uuid, jsonb), cc.attach(uuid, bigint, text, text, text, bytea),
  cc.ask_reveal(bigint, bigint, text), cc.reveal_reporter(bigint), cc.near_cases(double precision, double precision, int, interval), cc.look_at(bigint),
  cc.case_file(bigint), cc.summaries(bigint[]), cc.first_cases(text[], int[], int), cc.attachment_content(bigint, int), cc.viewers(bigint),
  cc.my_posts(), cc.acknowledge_notices(uuid, bigint[]),
  cc.run_duty(interval), cc.duty_state(), cc.figures(timestamptz, timestamptz), cc.audit_faults(), cc.audit_head(), cc.trace_check(bigint), cc.unit_figures(), cc.shift_figures(timestamptz), cc.load_catalogue(text, jsonb),
  cc.create_operator(int, text, text, text, jsonb), cc.set_operator_active(text, boolean), cc.set_operator_password(text, text)
to cc_operator;

-- Of whistles, orders, meetings and tasks; and what a gateway may.
grant execute on function
  cc.open_summons(uuid, text, jsonb), cc.summons_act(uuid, bigint, int, text, jsonb), cc.lane_act(uuid, bigint, int, int, text, jsonb),
  cc.call_meeting(uuid, jsonb), cc.meeting_act(uuid, bigint, int, text, jsonb), cc.assign_task(uuid, jsonb), cc.task_act(uuid, bigint, int, text, jsonb),
  cc.attach_joint(uuid, text, bigint, int, text, text, text, bytea), cc.issue_document(uuid, bigint), cc.check_document(text), cc.save_team(uuid, jsonb),
  cc.summons_file(bigint), cc.meeting_file(bigint), cc.task_file(bigint), cc.joint_file_content(bigint, int),
  cc.summons_conflicts(int[], timestamptz, timestamptz, bigint), cc.unit_scores(timestamptz, timestamptz),
  cc.take_deliveries(int), cc.delivered(bigint, boolean, text)
to cc_operator;

-- Of cameras.
grant execute on function
  cc.camera_sights(), cc.viewable_cameras(int), cc.camera_list(), cc.camera_near(double precision, double precision, int),
  cc.open_stream(int, text, text, bigint), cc.stream_address(bigint), cc.close_viewings(bigint[]), cc.set_favourite(int, boolean),
  cc.save_camera_group(uuid, jsonb), cc.delete_camera_group(uuid, int, int), cc.attach_shot(uuid, bigint, bigint, text, text, bytea, timestamptz, timestamptz),
  cc.case_shots(bigint), cc.camera_envelope(), cc.load_cameras(bytea, text, boolean)
to cc_operator;

-- Of emergencies.
grant execute on function cc.begin_emergency(uuid, jsonb, text), cc.note_emergency(uuid, int, text, int, text), cc.end_emergency(uuid, int, text), cc.emergency_log(int)
to cc_operator;

-- Of any moment of the last 90 days.
grant execute on function
  cc.replay_limits(), cc.replay_density(timestamptz, timestamptz), cc.cases_at(timestamptz), cc.case_changes(timestamptz, timestamptz, int),
  cc.joint_at(timestamptz), cc.joint_changes(timestamptz, timestamptz, int)
to cc_operator;

-- Of the map.
grant execute on function
  cc.report_position(double precision, double precision, timestamptz), cc.report_positions(double precision[], double precision[], timestamptz[]),
  cc.report_workers(int[], double precision[], double precision[], timestamptz[]), cc.worker_track(int, timestamptz, timestamptz), cc.workers_now(),
  cc.ask_phone(int, text), cc.reveal_phone(bigint), cc.link_worker(text, int)
to cc_operator;

-- Of the wall.
grant execute on function
  cc.wall_today(), cc.wall_month(), cc.wall_past(), cc.wall_whistles(timestamptz, timestamptz), cc.wall_latest(int),
  cc.wall_announce(text), cc.walls(), cc.push_to_wall(uuid, int, text, bigint, text, timestamptz), cc.take_back(uuid, int)
to cc_operator;

-- Of topics.
grant execute on function cc.begin_topic(uuid, text, date, bigint[]), cc.change_topic(uuid, int, bigint[], bigint[]),
  cc.rename_topic(uuid, int, int, text, date), cc.close_topic(uuid, int, int)
to cc_operator;

-- The people functions run as cc_people: they may call these and nothing more.
grant execute on function cc.fail(text, text, jsonb), cc.check_verifier(text), cc.insert_operator(int, text, text, jsonb),
  cc.managed_operator(text), cc.mark_operator(text, boolean), cc.log_admin(int, text, text, jsonb) to cc_people;
