-- Marks, notices and counters that the duties keep. Runs as cc_owner with search_path = cc.

alter table case_stage add column warned boolean not null default false;    -- 临期 has been marked

-- ------------------------------------------------------------------ notices (提醒): what somebody must do next
-- Addressed to a role at an organisation: whoever has that role there or above it by the line tree.
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
  primary key (case_id, id, district_id),
  unique nulls not distinct (case_id, stage_seq, kind, to_role, to_org, due, district_id)
);
create unique index notice_id on notice (id);
create index notice_open on notice (district_id, id) where closed_at is null;
create index notice_waiting on notice (answer_by) where closed_at is null and escalated_at is null;
create index notice_closed on notice (closed_at) where closed_at is not null;
alter table wf_setting add column acknowledge_minutes int not null default 15;

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice'));
