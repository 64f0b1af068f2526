-- Foundation: organisation, grids, catalogue, people, calendar, workflow, cases, events, feed, seals.
-- Every table carries the district in its key; what belongs to a case is keyed by the case first, because that is how it is
-- asked for. Runs as cc_owner with search_path = cc.

create table district (
  district_id   int primary key,                     -- = org.id of the district
  profile       text not null,
  title         text not null,
  time_zone     text not null default 'Asia/Shanghai',
  crs           text not null default 'WGS-84',
  reopen_days   int  not null default 15 check (reopen_days between 0 and 366),
  sample        boolean not null default false       -- sample data: the clock may be simulated
);

create table org (
  district_id   int not null,                        -- the city's own id for what lies above districts
  id            int not null,
  key           text not null,
  parent_id     int,
  kind          text not null check (kind in ('city','district','street','community','department','agency','section','utility','enterprise')),
  name          text not null,
  short_name    text not null,
  serves_id     int,                                 -- 派出机构: the street it serves
  line          text,                                -- responsible line named by the catalogue
  position      int not null default 0,
  active        boolean not null default true,
  sample        boolean not null default false,
  primary key (district_id, id),
  unique (district_id, key)
);
create unique index org_id on org (id);

-- Who stands above whom: via 'line' the tree itself, via 'serves' an agency under its street.
create table org_closure (
  district_id   int not null,
  ancestor_id   int not null,
  descendant_id int not null,
  via           text not null check (via in ('line','serves')),
  depth         int not null,
  primary key (district_id, ancestor_id, descendant_id, via)
);
create index org_closure_down on org_closure (descendant_id, ancestor_id, via);
create index org_closure_up on org_closure (ancestor_id, descendant_id);

create table grid (
  district_id   int not null,
  id            int not null,
  key           text not null,
  parent_id     int,
  street_id     int not null,
  community_id  int,
  kind          text not null check (kind in ('basic','unit','dedicated','micro')),
  code          text not null,
  name          text not null,
  shape         polygon not null,                    -- WGS-84 lon/lat
  primary key (district_id, id),
  unique (district_id, key)
);
create index grid_shape on grid using gist (shape);

create table channel (
  district_id   int not null,
  id            int not null,
  code          text not null,
  name          text not null,
  short_name    text not null,
  proactive     boolean not null,                    -- 主动发现
  citizen       boolean not null,                    -- 群众诉求
  primary key (district_id, id),
  unique (district_id, code)
);

create table catalogue_version (
  district_id   int not null,
  id            int not null,
  loaded_at     timestamptz not null default now(),
  source        text not null,
  items         int not null,
  current       boolean not null default true,
  primary key (district_id, id)
);
create unique index catalogue_current on catalogue_version (district_id) where current;

create table catalogue_item (
  district_id   int not null,
  id            int not null,
  version_id    int not null,
  code          text not null,
  kind          text not null check (kind in ('component','event')),
  domain        text not null,
  major         text not null,
  minor         text not null,
  name          text not null,
  danger        smallint not null check (danger between 1 and 3),
  visibility    smallint not null check (visibility between 1 and 3),
  disorder      smallint not null check (disorder between 1 and 3),
  urgent        boolean not null,
  grade         text not null check (grade in ('simple','clear','cross')),
  line          text not null,
  fallback      text not null,                       -- 'street' or another line
  filing_condition text not null,
  closing_standard text not null,
  return_window_minutes int not null check (return_window_minutes >= 0),
  photo_required boolean not null,
  sample        boolean not null,
  primary key (district_id, id),
  unique (district_id, version_id, code)
);

create table catalogue_limit (
  district_id   int not null,
  item_id       int not null,
  stage         text not null,
  minutes       int not null check (minutes > 0),
  clock         text not null check (clock in ('urgent','hours','days')),
  primary key (district_id, item_id, stage)
);

create table whistle_scenario (                       -- 吹哨场景: who must come, by which rule
  district_id   int not null,
  code          text not null,
  scope         text not null,
  name          text not null,
  parties       text not null,                       -- line keys, separated by |
  rule          text not null,
  primary key (district_id, code)
);

-- ------------------------------------------------------------------ people
create table operator (
  district_id   int not null,
  id            int generated always as identity,
  login         text not null unique,
  name          text not null,
  phone_masked  text not null default '',
  active        boolean not null default true,
  created_at    timestamptz not null default now(),
  primary key (district_id, id)
);
create unique index operator_id on operator (id);

create table duty (
  district_id   int not null,
  operator_id   int not null,
  role          text not null check (role in ('acceptor','dispatcher','handler','verifier','followup','street_leader','supervisor','evaluator','screen','auditor','admin','grid_worker','channel')),
  org_id        int not null,
  primary key (district_id, operator_id, role, org_id)
);
create index duty_operator on duty (operator_id);

create table admin_log (
  district_id   int not null,
  id            bigint generated always as identity,
  at            timestamptz not null default clock_timestamp(),
  actor_login   text not null default session_user,
  action        text not null,
  subject       text not null,
  detail        jsonb not null default '{}',
  primary key (district_id, id)
);

-- ------------------------------------------------------------------ calendar and clock
create table office_window (
  district_id   int not null,
  clock         text not null check (clock in ('hours','days')),
  seq           int not null,
  from_s        int not null check (from_s between 0 and 86400),
  to_s          int not null check (to_s between 0 and 86400),
  check (from_s < to_s),
  primary key (district_id, clock, seq)
);

create table calendar_day (
  district_id   int not null,
  clock         text not null check (clock in ('hours','days')),
  day           date not null,
  working       boolean not null,
  note          text not null default '',            -- holiday or make-up workday (调休)
  open_s        int not null,                        -- working seconds of the day
  before_s      bigint not null,                     -- prefix sum: working seconds before the day
  primary key (district_id, clock, day)
);
create index calendar_prefix on calendar_day (district_id, clock, before_s);

-- The time everything is measured by. Sample data may run fast; only the owner can say so.
create table clock (
  only_one      boolean primary key default true check (only_one),
  real_base     timestamptz not null default clock_timestamp(),
  shown_base    timestamptz not null default clock_timestamp(),
  speed         double precision not null default 1 check (speed > 0 and speed <= 100000)
);
insert into clock default values;

-- ------------------------------------------------------------------ workflow data
create table wf_state  (code text primary key, label text not null, stage text, open boolean not null, position int not null);
create table wf_stage  (code text primary key, label text not null, minutes int not null, clock text not null, position int not null);
create table wf_action (code text primary key, label text not null, to_state text not null, required text[] not null, optional text[] not null, guards text[] not null, keeps_version boolean not null);
create table wf_rule   (action text not null, from_state text not null, role text not null, reach text not null, primary key (action, from_state, role, reach));
create table wf_choice (field text not null, value text not null, primary key (field, value));
create table wf_setting(only_one boolean primary key default true check (only_one), digest text not null, near_share double precision not null, rework_share double precision not null, schema_digest text not null);

-- ------------------------------------------------------------------ cases
create sequence case_number;

create table cases (
  district_id   int not null,
  id            bigint not null,                     -- yyyymm * 10^9 + number: the month is in the key
  no            text not null,
  version       int not null default 1,
  events        int not null default 0,              -- number of the last event
  state         text not null,
  open          boolean not null,
  grade         text not null check (grade in ('simple','clear','cross')),
  circulation   text not null check (circulation in ('large','small','micro')),
  priority      smallint not null,                   -- 1 urgent … 9
  urgent        boolean not null default false,
  item_id       int,
  channel_id    int not null,
  citizen       boolean not null,
  street_id     int,
  community_id  int,
  grid_id       int,
  lon           double precision,
  lat           double precision,
  unit_id       int,                                 -- 主责单位
  handler_id    int,                                 -- 承办单位, acts now
  ruled         boolean not null default false,      -- 疑难定责 is final
  reported_at   timestamptz not null,
  changed_at    timestamptz not null,
  stage_since   timestamptz not null,
  deadline      timestamptz,
  warn_at       timestamptz,
  clock         text,
  paused_left_s bigint,                              -- working seconds left while suspended
  resume_at     timestamptz,
  handle_deadline timestamptz,                       -- of the responsible unit, through all sub-dispatches
  dispatched_by int,
  dispatched_at timestamptz,
  returns       int not null default 0,
  reworks       int not null default 0,
  reopened      int not null default 0,
  extended      boolean not null default false,
  asked         text check (asked in ('suspend','extension')),
  supervised    boolean not null default false,
  on_ledger     boolean not null default false,      -- 强制结案 not yet cleared
  master_id     bigint,
  answered      boolean not null default false,
  followed_up   boolean not null default false,
  closed_at     timestamptz,
  photos        smallint not null default 0,
  primary key (id, district_id),
  check (lon is null or (lon between -180 and 180 and lat between -90 and 90))
) partition by range (id);
create index cases_open on cases (district_id, id) where open;
create index cases_open_street on cases (street_id) where open;
create index cases_open_community on cases (community_id) where open;
create index cases_open_handler on cases (handler_id) where open;
create index cases_open_unit on cases (unit_id) where open;
create index cases_ledger on cases (district_id, id) where on_ledger;
create index cases_resume on cases (resume_at) where state = 'suspended';
create index cases_street on cases (street_id, id);
create index cases_community on cases (community_id, id);
create index cases_handler on cases (handler_id, id);
create index cases_unit on cases (unit_id, id);
create index cases_no on cases (no);
create index cases_master on cases (master_id) where master_id is not null;
create index cases_reported on cases using brin (reported_at);

create table case_detail (
  district_id   int not null,
  case_id       bigint not null,
  summary       text not null default '',
  description   text not null default '',
  address       text not null default '',
  source_no     text,                                -- number in the channel's own system
  occurred_at   timestamptz,
  result        text not null default '',
  primary key (case_id, district_id)
) partition by range (case_id);

-- One report of a channel becomes one case: importing twice doubles nothing.
create table case_source (
  district_id   int not null,
  channel_id    int not null,
  source_no     text not null,
  case_id       bigint not null,
  primary key (district_id, channel_id, source_no)
);

create table case_event (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  at            timestamptz not null,                -- time of the city's clock
  recorded_at   timestamptz not null default clock_timestamp(),
  actor_id      int,                                 -- null: the duty job
  actor_login   text not null,
  actor_name    text not null,
  role          text not null,
  action        text not null,
  from_state    text not null,
  to_state      text not null,
  unit_id       int,
  what          jsonb not null default '{}',
  primary key (case_id, seq, district_id)
) partition by range (case_id);
create index case_event_at on case_event using brin (at);
create index case_event_actor on case_event (actor_id, at);

create table case_stage (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  stage         text not null,
  unit_id       int,
  since         timestamptz not null,
  clock         text not null,
  limit_s       bigint not null,
  deadline      timestamptz not null,
  warn_at       timestamptz not null,
  ended_at      timestamptz,
  used_s        bigint,                              -- working seconds of its clock
  paused_at     timestamptz,
  paused_s      bigint not null default 0,           -- plain seconds stood still
  paused_work_s bigint not null default 0,           -- the same in working seconds of its clock
  overdue       boolean not null default false,
  primary key (case_id, seq, district_id)
) partition by range (case_id);
create index case_stage_due on case_stage (deadline) where ended_at is null and paused_at is null and not overdue;
create index case_stage_unit on case_stage (unit_id, ended_at) where stage = 'handle';

create table case_request (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  kind          text not null check (kind in ('suspend','extension')),
  asked_by      int not null,
  asked_at      timestamptz not null,
  reason        text not null,
  until         timestamptz,
  minutes       int,
  decided_by    int,
  decided_at    timestamptz,
  granted       boolean,
  decision      text not null default '',
  primary key (case_id, seq, district_id)
);

create table case_unit_return (
  district_id   int not null,
  case_id       bigint not null,
  unit_id       int not null,
  times         int not null,
  primary key (case_id, unit_id, district_id)
);

create table ledger (                                -- 挂账督办 and 强制结案
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  kind          text not null check (kind in ('supervision','force_close')),
  opened_by     int not null,
  opened_at     timestamptz not null,
  leader        text not null default '',
  reason        text not null,
  cleared_by    int,
  cleared_at    timestamptz,
  document_no   text not null default '',
  clearing      text not null default '',
  primary key (case_id, seq, district_id)
);

create table attachment (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,                        -- number of the event that brought it
  kind          text not null check (kind in ('scene','before','after','place','document')),
  name          text not null,
  mime          text not null check (mime in ('image/jpeg','image/png','image/webp','application/pdf','video/mp4')),
  bytes         int not null,
  sha256        text not null,
  content       bytea not null,
  primary key (case_id, seq, district_id)
);

-- ------------------------------------------------------------------ personal data, apart
create table reporter (
  district_id   int not null,
  id            bigint generated always as identity,
  name          text not null default '',
  phone         text not null default '',
  address       text not null default '',
  primary key (district_id, id)
);

create table case_reporter (
  district_id   int not null,
  case_id       bigint not null,
  reporter_id   bigint not null,
  name_masked   text not null,
  phone_masked  text not null,
  answered_at   timestamptz,
  answer        text not null default '',
  satisfied     text,
  solved        text,
  followed_up_at timestamptz,
  primary key (case_id, reporter_id, district_id)
);

create table reveal_log (
  district_id   int not null,
  id            bigint generated always as identity,
  at            timestamptz not null default clock_timestamp(),
  actor_id      int not null,
  actor_login   text not null default session_user,
  case_id       bigint not null,
  reporter_id   bigint not null,
  reason        text not null,
  xid           xid8 not null default pg_current_xact_id(),   -- shown only in a later transaction: a rollback must not hide the look
  primary key (district_id, id)
);

-- ------------------------------------------------------------------ commands, presence, feed, seals
create table command_log (
  district_id   int not null,
  id            uuid not null,
  actor_id      int not null,
  at            timestamptz not null default clock_timestamp(),
  answer        jsonb not null,
  primary key (id, district_id)
);
create index command_log_at on command_log using brin (at);

create unlogged table presence (
  district_id   int not null,
  operator_id   int not null,
  case_id       bigint not null,
  at            timestamptz not null default clock_timestamp(),
  primary key (district_id, operator_id)
);
create index presence_case on presence (case_id);

create sequence feed_number;
create table feed (
  xid           xid8 not null default pg_current_xact_id(),
  id            bigint not null default nextval('cc.feed_number'),
  at            timestamptz not null default clock_timestamp(),
  kind          text not null check (kind in ('case','presence','catalogue','org')),
  entity_id     bigint not null,
  district_id   int not null,
  street_id     int,
  community_id  int,
  unit_id       int,
  handler_id    int,
  primary key (district_id, at, id)
) partition by range (at);
create index feed_xid on feed (xid);

create table feed_epoch (
  only_one      boolean primary key default true check (only_one),
  epoch         uuid not null default gen_random_uuid()
);
insert into feed_epoch default values;
create sequence wake_ms;                             -- when the last wake-up went out, cluster-wide

create table seal_queue (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  primary key (case_id, seq, district_id)
);

create table seal (
  district_id   int not null,
  id            int not null,
  at            timestamptz not null default clock_timestamp(),
  events        int not null,
  previous      text not null,
  digest        text not null,
  primary key (district_id, id)
);

create table seal_leaf (
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,
  seal_id       int not null,
  digest        text not null,
  primary key (case_id, seq, district_id)
) partition by range (case_id);
create index seal_leaf_seal on seal_leaf (district_id, seal_id);

create table duty_lease (
  only_one      boolean primary key default true check (only_one),
  holder        text not null default '',
  at            timestamptz not null default '-infinity'
);
insert into duty_lease default values;
