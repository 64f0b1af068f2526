-- Where workers are and were. Runs as cc_owner with search_path = cc.

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice','summons','meeting','task','position','wall','emergency'));

-- ------------------------------------------------------------------ the people of the grids
alter table grid_team add column operator_id int;    -- the login of this person; null: a phone platform reports for him, or nobody
create unique index grid_team_operator on grid_team (operator_id, district_id) where operator_id is not null;
create index grid_team_id on grid_team (id);
create index grid_team_org on grid_team (org_id) where org_id is not null;

create table grid_phone (                            -- granted to nobody; read by cc.reveal_phone alone
  district_id   int not null,
  member_id     int not null,                        -- of grid_team
  phone         text not null,
  primary key (district_id, member_id)
);

create table phone_look (                            -- who asked for whose number; append-only and sealed
  district_id   int not null,                        -- the member's
  id            bigint generated always as identity,
  at            timestamptz not null default clock_timestamp(),
  actor_id      int not null,
  actor_login   text not null default session_user,
  member_id     int not null,
  reason        text not null,
  xid           xid8 not null default pg_current_xact_id(),   -- the number is given only in a later transaction
  primary key (district_id, id)
);

alter table log_queue drop constraint log_queue_log_check;
alter table log_queue add constraint log_queue_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look'));
alter table log_leaf drop constraint log_leaf_log_check;
alter table log_leaf add constraint log_leaf_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look'));

-- ------------------------------------------------------------------ positions (WorkerPosition) and tracks (PatrolTrack)
create table worker_position (                       -- a row a worker: where he was last
  district_id   int not null,
  worker_id     int not null,                        -- of grid_team
  role          text not null,
  grid_id       int,                                 -- null: he serves a whole street or community
  street_id     int not null,                        -- of his grid, wherever he is
  community_id  int,
  lon           double precision not null,           -- WGS-84 degrees
  lat           double precision not null,
  at            timestamptz not null,                -- the city's clock
  moved_at      timestamptz not null,                -- when he was last seen away from where he had stood
  stood_lon     double precision not null,           -- where he had stood
  stood_lat     double precision not null,
  doubts        smallint not null default 0,         -- places in a row that he cannot have reached, though one from the other
  doubt_lon     double precision,                    -- the last of them
  doubt_lat     double precision,
  doubt_at      timestamptz,
  heard_at      timestamptz not null default clock_timestamp(),
  primary key (district_id, worker_id)
) with (fillfactor = 70);
create index worker_position_street on worker_position (street_id);
create index worker_position_worker on worker_position (worker_id);

create table patrol_track (                          -- append-only; a partition a day of the city, 90 days
  district_id   int not null,
  worker_id     int not null,
  at            timestamptz not null,                -- the city's clock, whole seconds: so many points a day and no more
  lon           double precision not null,
  lat           double precision not null,
  noise         boolean not null,                    -- farther from the point before than anybody gets in the time
  primary key (district_id, worker_id, at)
) partition by range (at);
