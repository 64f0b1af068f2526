-- Marks, notices and counters that the duties keep. Runs as cc_owner with search_path = cc.

-- ------------------------------------------------------------------ marks of a stage
alter table case_stage add column warned boolean not null default false;    -- 临期 has been marked
alter table case_stage add column level smallint not null default 0;        -- 催办: how often it has been escalated
alter table case_stage add column escalate_at timestamptz;                  -- when to look whether the next level is due; null: never
alter table case_stage add column ended_by int;                             -- number of the event that ended it
create index case_stage_warn on case_stage (warn_at) where ended_at is null and paused_at is null and not warned and not overdue;
create index case_stage_escalate on case_stage (escalate_at) where ended_at is null and paused_at is null and escalate_at is not null;
update case_stage set escalate_at = deadline where ended_at is null and overdue;
update case_stage s set ended_by = (select min(e.seq) from case_event e where e.case_id = s.case_id and e.district_id = s.district_id
                                    and e.seq > s.seq and e.at = s.ended_at) where ended_at is not null;

-- Who acts in a stage ("role:reach", as in the rules), and what is said to whom when its time runs out.
alter table wf_stage add column acts text not null default '';
create table wf_reminder (kind text not null, level smallint not null, share double precision not null, to_whom text[] not null, primary key (kind, level));

-- What went wrong in the duty rounds, a row a part, gone when the part succeeds again.
create table duty_fault (
  part          text primary key,
  since         timestamptz not null default clock_timestamp(),
  at            timestamptz not null default clock_timestamp(),
  times         int not null default 1,
  message       text not null
);

-- ------------------------------------------------------------------ counters, folded from the feed
-- Where a case lay when the event happened, so that the counters can be recomputed from the events at any time.
alter table case_event add column street_id int;
alter table case_event add column community_id int;
drop trigger if exists append_only on case_event;    -- made anew with the functions
update case_event e set street_id = c.street_id, community_id = c.community_id from cases c
 where c.id = e.case_id and c.district_id = e.district_id and c.street_id is not null;
alter table feed add column event_seq int;           -- the event that this row tells of; null: none, or another row tells

-- 0 stands for none. measure: an action or event of the trace, or stage.<code> for a stage that ended.
create table hourly (
  district_id   int not null,
  hour          timestamptz not null,                -- its beginning, by the city's clock
  measure       text not null,
  street_id     int not null,
  community_id  int not null,
  unit_id       int not null,
  channel_id    int not null,
  n             int not null,
  used_s        bigint not null,                     -- working seconds of the stages that ended
  late          int not null,                        -- how many of them were overdue
  primary key (district_id, hour, measure, street_id, community_id, unit_id, channel_id)
);

-- The same by unit and day, for the figures of 30 days.
create table unit_day (
  district_id   int not null,
  day           date not null,                       -- of the district's time zone
  unit_id       int not null,
  measure       text not null,
  n             int not null,
  used_s        bigint not null,
  late          int not null,
  primary key (district_id, day, unit_id, measure)
);

-- How far the feed has been folded: everything that `seen` can see, but for the transaction `own` that folded.
create table rollup_state (
  only_one      boolean primary key default true check (only_one),
  seen          pg_snapshot,                         -- null: nothing yet, or no longer true: to be rebuilt from the events
  own           xid8,
  epoch         uuid,
  at            timestamptz not null default '-infinity'
);
insert into rollup_state default values;

-- ------------------------------------------------------------------ notices (提醒): what somebody must do next
-- Addressed to a role at an organisation: whoever has that role there or above it by the line tree.
alter table case_stage add column reminded boolean not null default false;  -- has notices
create table notice (
  district_id   int not null,
  case_id       bigint not null,
  id            bigint generated always as identity,
  case_no       text not null,
  stage_seq     int not null,                        -- the stage it speaks of; closed with it
  kind          text not null check (kind in ('near_limit','overdue','escalation','unanswered')),
  to_role       text not null check (to_role not in ('screen','admin','auditor','channel')),
  to_org        int,                                 -- null: the case's territory
  street_id     int,                                 -- of the case
  community_id  int,
  words         text not null check (length(words) between 1 and 200),   -- names nobody: gateways send it through foreign networks
  due           timestamptz not null,                -- the stage's deadline
  clock         text not null,                       -- by which what is left is counted
  made_at       timestamptz not null,
  answer_by     timestamptz not null,                -- then the supervisors are told that nobody acknowledged
  escalated_at  timestamptz,
  closed_at     timestamptz,                         -- off every screen: acknowledged, or no longer true
  acknowledged_by int,
  about_id      bigint,                              -- the notice that nobody acknowledged
  primary key (case_id, id, district_id),
  unique nulls not distinct (case_id, stage_seq, kind, to_role, to_org, due, words, about_id, district_id)
);
create index notice_id on notice (id);
create index notice_open on notice (district_id, id) where closed_at is null;
create index notice_waiting on notice (answer_by) where closed_at is null and escalated_at is null;
create index notice_closed on notice (closed_at) where closed_at is not null;
alter table wf_setting add column acknowledge_minutes int not null default 15;

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice'));
