-- 应急: one event for wall and desks. Runs as cc_owner with search_path = cc.

create table emergency (
  district_id   int not null,
  id            int generated always as identity,
  version       int not null default 1,
  events        int not null default 0,              -- number of the last entry of its log
  case_id       bigint,
  summons_id    bigint,
  item_id       int,                                 -- of the case; what it is about stands nowhere in words
  street_id     int not null,
  grid_id       int,
  lon           double precision not null check (lon between -180 and 180),
  lat           double precision not null check (lat between -90 and 90),
  began_at      timestamptz not null,                -- the city's clock
  began_by      int not null,
  ended_at      timestamptz,
  ended_by      int,
  primary key (id, district_id)
);
create unique index emergency_one on emergency (district_id) where ended_at is null;

create table emergency_event (                       -- what was decided, who was called, where they are; append-only and sealed
  district_id   int not null,
  id            bigint generated always as identity,
  emergency_id  int not null,
  seq           int not null,
  at            timestamptz not null,                -- the city's clock
  recorded_at   timestamptz not null default clock_timestamp(),
  actor_id      int not null,
  actor_login   text not null default session_user,
  actor_name    text not null,
  role          text not null,
  action        text not null check (action in ('begin','decide','team','end')),
  unit_id       int,
  team_state    text check (team_state in ('called','on_way','arrived','left')),
  words         text not null default '' check (length(words) <= 500),
  primary key (id, district_id),
  unique (emergency_id, seq, district_id),
  check ((action = 'team') = (unit_id is not null and team_state is not null)),
  check (action <> 'decide' or words <> '')
);

alter table log_queue drop constraint log_queue_log_check;
alter table log_queue add constraint log_queue_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look','wall_push','emergency_event'));
alter table log_leaf drop constraint log_leaf_log_check;
alter table log_leaf add constraint log_leaf_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look','wall_push','emergency_event'));
