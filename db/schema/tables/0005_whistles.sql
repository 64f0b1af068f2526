-- 吹哨报到, 联合执法, 会商 and what follows from them: one summons (召集) with a lane per party, meetings, tasks, scores, documents,
-- notices that speak of any of these. Runs as cc_owner with search_path = cc.

-- ------------------------------------------------------------------ rules of the city, as data
alter table whistle_scenario add column level text not null default 'normal' check (level in ('normal','key','hard'));
alter table whistle_scenario add column confirm_minutes int;           -- null: the level's
alter table whistle_scenario add column arrive_minutes int;            -- null: at the appointed time; else after the issue
alter table whistle_scenario add column handle_hours int;              -- null: no limit

create table whistle_level (                         -- 普通哨 重点哨 疑难哨
  district_id   int not null,
  code          text not null check (code in ('normal','key','hard')),
  label         text not null,
  confirm_minutes int not null check (confirm_minutes > 0),
  clock         text not null check (clock in ('urgent','hours','days')),
  arrive_minutes int not null check (arrive_minutes > 0),              -- when the caller names no time
  escalate_hours int not null check (escalate_hours >= 0),             -- age at which the duty raises it; 0: never
  adds          text[] not null,                     -- lines that join when it is raised to this level
  primary key (district_id, code)
);

create table whistle_caller (                        -- who may call whom, and whether a head must sign first
  district_id   int not null,
  kind          text not null check (kind in ('grid','community','street','district')),
  calls         text[] not null,
  signed        boolean not null,
  primary key (district_id, kind)
);

create table whistle_rule (                          -- single figures; shares and points as the city set them
  district_id   int primary key,
  radius_m      int not null check (radius_m between 10 and 5000),
  early_minutes int not null check (early_minutes >= 0),
  late_minutes  int not null check (late_minutes >= 0),
  raise_on_missed_confirm boolean not null,
  raise_on_missed_arrival boolean not null,
  respond_on_time int not null, respond_late int not null,
  arrive_on_time int not null, arrive_late int not null,
  acted         int not null,
  weight_response double precision not null, weight_street double precision not null, weight_citizen double precision not null,
  reason_below  int not null check (reason_below between 0 and 100),
  objection_days int not null check (objection_days > 0),
  rectification_days int not null check (rectification_days > 0),
  bulletin_automatic boolean not null,               -- the closing publishes what was missed; otherwise by hand alone
  check (respond_on_time + arrive_on_time + acted = 100),
  check (abs(weight_response + weight_street + weight_citizen - 1) < 0.0001)
);

create table team (                                  -- standing teams: 1+5+N, 4+X, 1+X
  district_id   int not null,
  id            int generated always as identity,
  code          text not null,
  name          text not null,
  template      text not null,
  made_by       int,                                 -- null: of the profile
  active        boolean not null default true,
  sample        boolean not null default false,
  primary key (district_id, id),
  unique (district_id, code)
);
create table team_line (
  district_id   int not null,
  team_id       int not null,
  position      int not null,
  line          text not null,
  heads         int not null check (heads between 1 and 999),
  lead          boolean not null,
  primary key (district_id, team_id, position)
);

create table grid_team (                             -- 网格长 网格员 自治力量 专业网格员 联动力量
  district_id   int not null,
  id            int generated always as identity,
  grid_id       int,
  org_id        int,
  role          text not null check (role in ('leader','worker','volunteer','specialist','partner')),
  name          text not null,
  phone_masked  text not null default '',
  line          text,
  sample        boolean not null default false,
  primary key (district_id, id),
  check (grid_id is not null or org_id is not null)
);
create index grid_team_grid on grid_team (grid_id);
create table compound (                              -- 居民小区
  district_id   int not null,
  id            int generated always as identity,
  community_id  int not null,
  name          text not null,
  sample        boolean not null default false,
  primary key (district_id, id)
);

-- ------------------------------------------------------------------ workflows beside the case's: whistle, order, party, meeting, task
create table jw_state   (machine text not null, code text not null, label text not null, open boolean not null, position int not null, primary key (machine, code));
create table jw_action  (machine text not null, code text not null, label text not null, to_state text not null, required text[] not null, optional text[] not null, guards text[] not null, keeps_version boolean not null, head text[] not null, primary key (machine, code));
create table jw_rule    (machine text not null, action text not null, from_state text not null, role text not null, reach text not null, primary key (machine, action, from_state, role, reach));
create table jw_choice  (machine text not null, field text not null, value text not null, primary key (machine, field, value));
create table jw_digest  (machine text primary key, digest text not null);

-- How far a matter reaches: what a rule's reach is compared with.
create type joint_scope as (
  district_id   int,
  street_id     int,
  community_id  int,
  caller_id     int,                                 -- caller of a summons or meeting, issuer of a task
  unit_ids      int[],                               -- who must act: the lane's unit, the live parties', the attendees', the task's
  lead_id       int,
  seen_by       int[]                                -- all units that may read it
);

-- What somebody must do next about a matter; notices are kept equal to the set of these.
create type joint_step as (
  party_no      int,
  kind          text,
  to_role       text,
  to_org        int,                                 -- null: the matter's territory
  words         text,                                -- names nobody
  due           timestamptz,
  clock         text
);

-- ------------------------------------------------------------------ the summons (吹哨单, 联合执法令)
create sequence joint_number;                        -- of summons, meetings and tasks: ids never meet

create table summons (
  district_id   int not null,
  id            bigint not null,                     -- yyyymm * 10^9 + number, as cases
  kind          text not null check (kind in ('whistle','order')),
  no            text not null,                       -- CS-20261122-0003 哨, LH-20261122-0003 令
  version       int not null default 1,
  events        int not null default 0,
  state         text not null,
  open          boolean not null,
  level         text not null check (level in ('normal','key','hard')),
  scope         text not null,
  scenario      text,                                -- code
  caller_id     int not null,                        -- the organisation that calls
  caller_kind   text not null check (caller_kind in ('grid','community','street','district')),
  street_id     int,
  community_id  int,
  grid_id       int,
  lon           double precision,
  lat           double precision,
  unit_ids      int[] not null default '{}',         -- of all parties there ever were: who sees it
  from_id       bigint,                              -- the whistle an order came from
  drafted_by    int not null,
  drafted_at    timestamptz not null,
  signed_by     int,
  issued_at     timestamptz,
  changed_at    timestamptz not null,
  meet_at       timestamptz,                         -- appointed time and place; null: arrive_minutes after the issue
  ends_at       timestamptz,                         -- end of an order's time window
  handle_due    timestamptz,
  raise_at      timestamptz,                         -- when the duty raises the level for age
  ruled         boolean not null default false,      -- closed by a supervisor's ruling although lanes were unsigned
  missing       text[] not null default '{}',        -- lines that its level calls and the district has no unit for
  unticked      int not null default 0,              -- of its checklist
  closed_at     timestamptz,                         -- work is over; ratings begin
  archived_at   timestamptz,                         -- off the board: archived, or withdrawn
  citizen_score smallint check (citizen_score between 0 and 100),      -- third party's follow-up of citizens
  primary key (id, district_id),
  unique (district_id, no),
  check ((lon is null) = (lat is null))
);
create index summons_open on summons (district_id, id) where open;
create index summons_units on summons using gin (unit_ids);
create index summons_caller on summons (caller_id, id);
create index summons_raise on summons (raise_at) where raise_at is not null;
create index summons_meet on summons (meet_at) where open;

create table summons_detail (                        -- words, apart: the hall screen does not get them
  district_id   int not null,
  summons_id    bigint not null,
  title         text not null,
  reason        text not null default '',
  place         text not null default '',            -- 集结地点
  conclusion    text not null default '',
  primary key (summons_id, district_id)
);

create table summons_case (
  district_id   int not null,
  summons_id    bigint not null,
  case_id       bigint not null,
  primary key (summons_id, case_id, district_id)
);
create index summons_case_case on summons_case (case_id);

create table summons_party (                         -- a lane
  district_id   int not null,
  summons_id    bigint not null,
  no            int not null,                        -- of the lane; never used again
  unit_id       int not null,
  line          text,
  lead          boolean not null default false,
  heads         int check (heads between 1 and 999), -- how many people are called
  version       int not null default 1,
  state         text not null,
  live          boolean not null default true,       -- false: released, replaced, withdrawn
  called_at     timestamptz,                         -- null: still a draft
  clock         text,
  confirm_due   timestamptz,
  arrive_from   timestamptz,                         -- sign-in counts from here,
  arrive_due    timestamptz,                         -- is on time until here, late afterwards
  handle_due    timestamptz,
  responded_at  timestamptz,
  response      text check (response in ('on_time','late','none')),
  arrived_at    timestamptz,
  arrival       text check (arrival in ('early','on_time','late','absent')),
  lon           double precision,
  lat           double precision,
  distance_m    int,
  witnessed     boolean not null default false,      -- signed in by the caller's people on the spot
  disputed      boolean not null default false,
  came          int,                                 -- people who came
  acted_at      timestamptz,                         -- first record of work
  done_at       timestamptz,
  signed_at     timestamptz,
  signed_by     int,
  reworks       int not null default 0,
  asked         text check (asked in ('release')),   -- 申请退哨
  replaced_by   int,                                 -- the lane that took over
  people        int check (people >= 0),             -- counted on the spot
  goods         int check (goods >= 0),
  response_score smallint check (response_score between 0 and 100),    -- by the clock, never typed
  efficiency    smallint check (efficiency between 0 and 100),         -- 报到效率
  cooperation   smallint check (cooperation between 0 and 100),        -- 配合度
  professional  smallint check (professional between 0 and 100),       -- 专业性
  responsibility smallint check (responsibility between 0 and 100),    -- 担当意识
  rated_at      timestamptz,
  rated_by      int,
  score         numeric(5,2),                        -- 综合; null until rated
  objection     text check (objection in ('open','upheld','dismissed')),
  published     text not null default '',            -- kinds of the 通报 that stand, by blanks
  primary key (summons_id, no, district_id)
);
create index summons_party_unit on summons_party (unit_id, summons_id);
create index summons_party_confirm on summons_party (confirm_due) where state = 'pending' and live and response is null;
create index summons_party_arrive on summons_party (arrive_due) where arrived_at is null and live and arrival is null;
create unique index summons_party_once on summons_party (summons_id, unit_id, district_id) where live;

create table summons_party_detail (
  district_id   int not null,
  summons_id    bigint not null,
  no            int not null,
  result        text not null default '',
  documents     text not null default '',            -- 文书号, penalty documents, one a line
  asked_reason  text not null default '',
  rating_reason text not null default '',
  primary key (summons_id, no, district_id)
);

create table summons_check (                         -- 现场清单
  district_id   int not null,
  summons_id    bigint not null,
  no            int not null,
  text          text not null,
  done_by       int,
  done_party    int,
  done_at       timestamptz,
  primary key (summons_id, no, district_id)
);

create table objection (                             -- a party objects once to its rating
  district_id   int not null,
  summons_id    bigint not null,
  party_no      int not null,
  turn          int not null default 1,              -- of this lane: to a rating that was given anew one may object anew
  at            timestamptz not null,
  by_id         int not null,
  reason        text not null,
  decided_at    timestamptz,
  decided_by    int,
  upheld        boolean,
  decision      text not null default '',
  before        jsonb,                               -- the figures that were corrected
  primary key (summons_id, party_no, turn, district_id)
);

create table bulletin (                              -- 通报 of no answer, late answer, absence, no action
  district_id   int not null,
  id            bigint not null,
  no            text not null,                       -- TB-…
  kind          text not null check (kind in ('no_response','late_response','absent','no_action')),
  summons_id    bigint not null,
  summons_no    text not null,                       -- the whole district reads a 通报, not everybody the whistle
  party_no      int not null,
  unit_id       int not null,
  words         text not null,
  at            timestamptz not null,
  by_id         int,                                 -- null: the duty
  task_id       bigint not null,                     -- the 整改
  revoked_at    timestamptz,                         -- 撤销: what it said was corrected
  revoked_by    int,
  primary key (id, district_id),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index bulletin_once on bulletin (summons_id, party_no, kind, district_id) where revoked_at is null;
create index bulletin_unit on bulletin (unit_id, at);

create table summons_document (                      -- the 公文 as it was issued; whoever has the code can check a printed one
  district_id   int not null,
  code          text not null,
  summons_id    bigint not null,
  at            timestamptz not null,
  by_id         int not null,
  content       jsonb not null,
  digest        text not null,                       -- SHA-256 of the content's text
  primary key (code, district_id)
);
create index summons_document_of on summons_document (summons_id);

-- ------------------------------------------------------------------ meetings (会商) and tasks (交办事项, 整改, 批办)
create table meeting (
  district_id   int not null,
  id            bigint not null,
  no            text not null,                       -- HS-…
  kind          text not null check (kind in ('consultation','second')),
  version       int not null default 1,
  events        int not null default 0,
  state         text not null,
  open          boolean not null,
  summons_id    bigint,
  caller_id     int not null,
  street_id     int,
  community_id  int,
  unit_ids      int[] not null default '{}',
  meet_at       timestamptz not null,
  called_by     int not null,
  called_at     timestamptz not null,
  changed_at    timestamptz not null,
  closed_at     timestamptz,
  primary key (id, district_id),
  unique (district_id, no)
);
create index meeting_open on meeting (district_id, id) where open;
create index meeting_units on meeting using gin (unit_ids);
create table meeting_detail (
  district_id   int not null,
  meeting_id    bigint not null,
  title         text not null,
  agenda        text not null default '',
  place         text not null default '',
  decisions     text not null default '',            -- one a line
  primary key (meeting_id, district_id)
);
create table meeting_case (
  district_id   int not null,
  meeting_id    bigint not null,
  case_id       bigint not null,
  primary key (meeting_id, case_id, district_id)
);
create table meeting_attendee (
  district_id   int not null,
  meeting_id    bigint not null,
  unit_id       int not null,
  state         text not null check (state in ('invited','confirmed','present','excused','absent')),
  at            timestamptz,
  primary key (meeting_id, unit_id, district_id)
);

create table task (
  district_id   int not null,
  id            bigint not null,
  no            text not null,                       -- JB-… 交办, ZG-… 整改
  source        text not null check (source in ('meeting','instruction','rectification')),
  version       int not null default 1,
  events        int not null default 0,
  state         text not null,
  open          boolean not null,
  unit_id       int not null,                        -- who must do it
  issuer_id     int not null,                        -- the organisation that watches it
  street_id     int,
  meeting_id    bigint,
  summons_id    bigint,
  party_no      int,
  case_id       bigint,
  due           timestamptz not null,
  overdue       boolean not null default false,
  issued_by     int,                                 -- null: the duty
  issued_at     timestamptz not null,
  changed_at    timestamptz not null,
  reported_at   timestamptz,
  closed_at     timestamptz,
  reworks       int not null default 0,
  primary key (id, district_id),
  unique (district_id, no)
);
create index task_open on task (district_id, id) where open;
create index task_unit on task (unit_id, id);
create index task_due on task (due) where open and not overdue;
create table task_detail (
  district_id   int not null,
  task_id       bigint not null,
  title         text not null,
  text          text not null default '',
  leader        text not null default '',            -- 批示领导
  result        text not null default '',
  primary key (task_id, district_id)
);

-- ------------------------------------------------------------------ what was done, by whom: one append-only log for all of these
create table joint_event (
  district_id   int not null,
  id            bigint generated always as identity,
  entity        text not null check (entity in ('summons','meeting','task')),
  entity_id     bigint not null,
  seq           int not null,
  at            timestamptz not null,                -- the city's clock
  recorded_at   timestamptz not null default clock_timestamp(),
  actor_id      int,                                 -- null: the duty
  actor_login   text not null,
  actor_name    text not null,
  role          text not null,
  action        text not null,
  from_state    text not null,                       -- of the lane when party_no is given
  to_state      text not null,
  party_no      int,
  unit_id       int,
  what          jsonb not null default '{}',
  primary key (district_id, id),
  unique (entity_id, seq, district_id)
);
create table joint_file (                            -- photos and documents of lanes, meetings, tasks
  district_id   int not null,
  entity        text not null check (entity in ('summons','meeting','task')),
  entity_id     bigint not null,
  seq           int not null,                        -- number of the event that brought it
  party_no      int,
  kind          text not null check (kind in ('scene','after','document','minutes')),
  name          text not null,
  mime          text not null check (mime in ('image/jpeg','image/png','image/webp','application/pdf','video/mp4')),
  bytes         int not null,
  sha256        text not null,
  content       bytea not null,
  primary key (entity_id, seq, district_id)
);
create type joint_place as (                         -- what a file is hung on
  district_id   int,
  no            text,
  version       int,
  state         text,
  event         int,
  role          text,
  unit_id       int
);
alter table log_queue drop constraint log_queue_log_check;
alter table log_queue add constraint log_queue_log_check check (log in ('admin_log','reveal_log','joint_event'));
alter table log_leaf drop constraint log_leaf_log_check;
alter table log_leaf add constraint log_leaf_log_check check (log in ('admin_log','reveal_log','joint_event'));

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice','summons','meeting','task'));

-- ------------------------------------------------------------------ notices of any of these, and the hook for SMS and WeChat
-- entity null: of a case's stage, as before. Otherwise of a lane (party_no), a summons, meeting or task.
alter table notice drop constraint notice_pkey;
alter table notice add primary key (id, district_id);
alter table notice alter column case_id drop not null;
alter table notice alter column stage_seq drop not null;
alter table notice alter column case_no drop not null;
alter table notice alter column due drop not null;    -- null: without a limit
alter table notice alter column clock drop not null;
alter table notice add column past boolean not null default false;   -- of a lane …: what it said is no longer true; the same may be said anew
alter table notice add column entity text check (entity in ('summons','meeting','task'));
alter table notice add column entity_id bigint;
alter table notice add column entity_no text;
alter table notice add column party_no int;
alter table notice add check ((case_id is null) <> (entity_id is null));
do $$
declare known text := (select conname from pg_constraint where conrelid = 'cc.notice'::regclass and contype = 'u');
begin
  execute format('alter table cc.notice drop constraint %I', known);
end $$;
create unique index notice_of_stage on notice (case_id, stage_seq, kind, to_role, to_org, due, words, about_id, district_id) nulls not distinct where case_id is not null;
alter table notice drop constraint notice_kind_check;
alter table notice add constraint notice_kind_check check (kind in ('near_limit','overdue','escalation','unanswered',
  'to_sign','to_confirm','to_arrive','to_act','to_sign_off','to_close','to_rate','to_verify','to_decide','to_attend','to_do','changed'));
create index notice_entity on notice (entity_id) where not past and entity_id is not null;
create unique index notice_entity_once on notice (entity_id, coalesce(party_no, 0), kind, to_role, coalesce(to_org, 0), words, coalesce(about_id, 0), district_id) where closed_at is null and entity_id is not null;

create index case_event_ruling on case_event (at) where action = 'rule';   -- 定责记录: few among many

create table notice_delivery (                       -- what a gateway took to send, and what became of it
  district_id   int not null,
  notice_id     bigint not null,
  gateway       text not null,                       -- login of the gateway
  taken_at      timestamptz not null default clock_timestamp(),
  sent_at       timestamptz,
  error         text not null default '',
  attempts      int not null default 1,
  primary key (notice_id, gateway, district_id)
);
alter table duty drop constraint duty_role_check;
alter table duty add constraint duty_role_check check (role in ('acceptor','dispatcher','handler','verifier','followup','street_leader','supervisor','evaluator','screen','auditor','admin','grid_worker','channel','gateway'));
