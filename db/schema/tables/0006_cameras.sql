-- 视频: cameras, who may look and who looked, rotation groups, favourites, what of them became evidence of a case.
-- Runs as cc_owner with search_path = cc.

create table camera_category (                       -- 道路街面, 学校 …; of the whole city
  district_id   int not null,
  code          text not null,
  label         text not null,
  position      int not null,
  view          text[] not null,                     -- role:reach of those who may look; reach: territory, owner, area
  primary key (district_id, code)
);

create table camera (
  district_id   int not null,
  id            int generated always as identity,
  no            text not null,                       -- the owner's number; GB/T 28181 device id where it has one
  name          text not null,
  category      text not null,
  lon           double precision not null,
  lat           double precision not null,
  place         text not null,
  owner_id      int not null,
  street_id     int not null,
  community_id  int,
  grid_id       int not null,
  streams       text[] not null,                     -- which of main, sub it has
  view          text[],                              -- in place of the category's
  in_use        boolean not null default true,
  sample        boolean not null default false,
  version       int not null default 1,
  primary key (id, district_id),
  unique (district_id, no)
);
create index camera_no on camera (no);
create index camera_place on camera (lat, lon) where in_use;

create table camera_secret (                         -- granted to nobody; read by cc.stream_address alone
  district_id   int not null,
  camera_id     int not null,
  main_url      text not null,
  sub_url       text not null,
  user_name     text not null,
  password      text not null,
  transport     text not null,
  primary key (camera_id, district_id)
);

create table camera_envelope (                       -- key under which one person's next import travels, used once
  district_id   int not null,
  login         text not null,
  key           bytea not null,
  made_at       timestamptz not null default clock_timestamp(),
  primary key (login, district_id)
);

create table camera_viewing (                        -- who began to look; append-only and sealed
  district_id   int not null,                        -- the camera's
  id            bigint generated always as identity,
  camera_id     int not null,
  actor_id      int not null,
  actor_login   text not null default session_user,
  stream        text not null check (stream in ('main','sub')),
  purpose       text not null check (purpose in ('desk','case','wall','rotation')),
  case_id       bigint,
  began_at      timestamptz not null,                -- the city's clock
  recorded_at   timestamptz not null default clock_timestamp(),
  xid           xid8 not null default pg_current_xact_id(),   -- the address is given only in a later transaction
  primary key (id, district_id)
);
create index camera_viewing_began on camera_viewing (began_at);
create index camera_viewing_camera on camera_viewing (camera_id, began_at);
create index camera_viewing_actor on camera_viewing (actor_id, began_at);

create table camera_viewing_end (                    -- and when he left off; append-only and sealed
  district_id   int not null,
  id            bigint not null,                     -- of the viewing
  actor_id      int not null,
  ended_at      timestamptz not null,
  recorded_at   timestamptz not null default clock_timestamp(),
  primary key (id, district_id)
);

create table camera_group (                          -- 轮巡组
  district_id   int not null,
  id            int generated always as identity,
  name          text not null,
  dwell_s       int not null check (dwell_s between 5 and 3600),
  owner_id      int,                                 -- operator; null: the district's, for everybody
  version       int not null default 1,
  primary key (id, district_id),
  unique nulls not distinct (district_id, owner_id, name)
);
create table camera_group_member (
  district_id   int not null,
  group_id      int not null,
  position      int not null,
  camera_id     int not null,
  primary key (group_id, position, district_id)
);

create table camera_favourite (
  district_id   int not null,                        -- the camera's
  operator_id   int not null,
  camera_id     int not null,
  primary key (operator_id, camera_id, district_id)
);

create table camera_evidence (                       -- which camera an attachment of a case came from; append-only
  district_id   int not null,
  case_id       bigint not null,
  seq           int not null,                        -- the attachment's
  camera_id     int not null,
  viewing_id    bigint not null,
  taken_at      timestamptz not null,                -- the city's clock
  taken_until   timestamptz not null,
  sha256        text not null,
  primary key (case_id, seq, district_id)
);

alter table log_queue drop constraint log_queue_log_check;
alter table log_queue add constraint log_queue_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end'));
alter table log_leaf drop constraint log_leaf_log_check;
alter table log_leaf add constraint log_leaf_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end'));
