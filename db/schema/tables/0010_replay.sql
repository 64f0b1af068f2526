-- 回放: every event carries what it left behind, so that any later moment can be shown as it was. Runs as cc_owner with search_path = cc.

-- Of a case: what an event may change and does not tell by itself. State, place and time stand in the event; number, channel, point and
-- the time of the report never change.
create type case_image as (
  version int, open boolean, grade text, priority smallint, urgent boolean, citizen boolean, item_id int, grid_id int, unit_id int, handler_id int,
  ruled boolean, stage_since timestamptz, deadline timestamptz, warn_at timestamptz, clock text, paused_left_s bigint, resume_at timestamptz,
  dispatched_by int, dispatched_at timestamptz, returns int, reworks int, asked text, supervised boolean, on_ledger boolean,
  answered boolean, followed_up boolean, photos smallint);
alter table case_event add column became case_image;  -- without a version: the event is older than this column

-- Cases that were open at a moment and are not any more.
create index cases_closed on cases (closed_at) where closed_at is not null;
create index ledger_cleared on ledger (cleared_at) where kind = 'force_close' and cleared_at is not null;

-- Of a whistle, order, meeting or task, with its lanes: the last of the events that became known together.
create table joint_past (
  district_id   int not null,
  entity        text not null check (entity in ('summons','meeting','task')),
  entity_id     bigint not null,
  seq           int not null,                        -- number of the event
  at            timestamptz not null,                -- the city's clock
  open          boolean not null,
  street_id     int,
  community_id  int,
  unit_ids      int[] not null,                      -- who takes part: who sees it
  image         jsonb not null,
  words         jsonb not null,                      -- title, place: the hall screen does not get them
  primary key (entity_id, seq, district_id)
);
create index joint_past_at on joint_past (at);
create index summons_archived on summons (archived_at) where archived_at is not null;
create index meeting_closed on meeting (closed_at) where closed_at is not null;
create index task_closed on task (closed_at) where closed_at is not null;

-- A district that worked before this was kept: no moment before can be shown.
create table replay_start (
  district_id   int primary key,
  at            timestamptz not null
);
insert into replay_start
select d.district_id, case when k.speed = 1 and k.real_base = k.shown_base then clock_timestamp() else k.shown_base + (clock_timestamp() - k.real_base) * k.speed end
  from district d cross join clock k where exists (select from cases c where c.district_id = d.district_id);

-- What is open now was left so by its last event.
drop trigger if exists append_only on case_event;     -- made anew with the functions
update case_event e set became = row(c.version, c.open, c.grade, c.priority, c.urgent, c.citizen, c.item_id, c.grid_id, c.unit_id, c.handler_id,
    c.ruled, c.stage_since, c.deadline, c.warn_at, c.clock, c.paused_left_s, c.resume_at, c.dispatched_by, c.dispatched_at, c.returns, c.reworks, c.asked,
    c.supervised, c.on_ledger, c.answered, c.followed_up, c.photos)::case_image
  from cases c where (c.open or c.on_ledger) and e.case_id = c.id and e.district_id = c.district_id and e.seq = c.events;
insert into joint_past
select s.district_id, 'summons', s.id, s.events, s.changed_at, s.open, s.street_id, s.community_id, s.unit_ids,
       to_jsonb(s) - '{unit_ids,drafted_by,missing}'::text[] || jsonb_build_object(
         'cases', (select coalesce(jsonb_agg(k.case_id order by k.case_id), '[]') from summons_case k where k.summons_id = s.id and k.district_id = s.district_id),
         'parties', (select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(p) - '{district_id,summons_id,lon,lat,signed_by}'::text[]) order by p.no), '[]')
                       from summons_party p where p.summons_id = s.id and p.district_id = s.district_id)),
       jsonb_build_object('title', d.title, 'place', d.place)
  from summons s join summons_detail d on d.summons_id = s.id and d.district_id = s.district_id where s.open;
insert into joint_past
select m.district_id, 'meeting', m.id, m.events, m.changed_at, m.open, m.street_id, m.community_id, m.unit_ids,
       to_jsonb(m) - '{unit_ids,called_by}'::text[] || jsonb_build_object(
         'cases', (select coalesce(jsonb_agg(k.case_id order by k.case_id), '[]') from meeting_case k where k.meeting_id = m.id and k.district_id = m.district_id),
         'attendees', (select coalesce(jsonb_agg(jsonb_build_array(a.unit_id, a.state) order by a.unit_id), '[]') from meeting_attendee a
                         where a.meeting_id = m.id and a.district_id = m.district_id)),
       jsonb_build_object('title', d.title, 'place', d.place)
  from meeting m join meeting_detail d on d.meeting_id = m.id and d.district_id = m.district_id where m.open;
insert into joint_past
select k.district_id, 'task', k.id, k.events, k.changed_at, k.open, k.street_id, null, array[k.unit_id], to_jsonb(k) - '{issued_by}'::text[],
       jsonb_build_object('title', d.title, 'leader', d.leader)
  from task k join task_detail d on d.task_id = k.id and d.district_id = k.district_id where k.open;
