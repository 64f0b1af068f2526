-- 一屏观天下: counters by place that the wall's figures are read from, its scenes, walls, and what a seat pushed to them.
-- Runs as cc_owner with search_path = cc.

-- ------------------------------------------------------------------ counters, folded from the feed with the others
-- Each fact is counted at every place it lies in, so that a district is read from its own few rows: place_id is the district, the street or
-- the community where the case lay at that moment.
create table place_day (
  district_id   int not null,
  place_id      int not null,
  day           date not null,                       -- of the district's time zone
  measure       text not null,                       -- as in hourly; those that the wall shows
  channel_id    int not null,                        -- of reports; otherwise 0
  n             int not null,
  used_s        bigint not null,
  late          int not null,                        -- overdue stages; of follow_up those who were not content
  primary key (district_id, place_id, day, measure, channel_id)
);

-- The trend, by ten minutes. 0: reported, 1: closed.
create table place_slot (
  district_id   int not null,
  place_id      int not null,
  slot          timestamptz not null,                -- its beginning
  closing       boolean not null,
  n             int not null,
  primary key (district_id, place_id, slot, closing)
);

-- Where a period begins or ends within ten minutes, the events themselves are looked at.
create index case_event_flow on case_event (at) where action in ('report','close','self_handle','force_close');
-- Built by the upgrade from the events.
update rollup_state set seen = null;

-- ------------------------------------------------------------------ scenes, shifts and targets of the deployment
create table wall_plan (
  district_id   int primary key,
  plan          jsonb not null                       -- {"shifts": [{label, from_s, to_s}], "scenes": […], …}; commandcenter/profiles/wall_file.py
);

-- ------------------------------------------------------------------ walls, and what is pushed to them
create table wall (
  district_id   int not null,
  id            int generated always as identity,
  org_id        int not null,                        -- whose territory it shows
  name          text not null check (length(name) between 1 and 40),
  operator_id   int not null,                        -- whose login runs it
  push_id       bigint,                              -- the last entry of its history
  seen_at       timestamptz not null default clock_timestamp(),
  primary key (id, district_id),
  unique (district_id, org_id, name)
);

create table wall_push (                             -- append-only and sealed
  district_id   int not null,
  id            bigint generated always as identity,
  wall_id       int not null,
  action        text not null check (action in ('push','take_back')),
  kind          text check (kind in ('case','summons','camera','street','scene')),
  entity_id     bigint,
  scene         text,
  until         timestamptz,                         -- null: until it is taken back
  at            timestamptz not null,                -- the city's clock
  recorded_at   timestamptz not null default clock_timestamp(),
  actor_id      int not null,
  actor_login   text not null default session_user,
  primary key (id, district_id),
  check ((action = 'push') = (kind is not null)),
  check ((kind = 'scene') = (scene is not null) and (kind <> 'scene') = (entity_id is not null))
);
create index wall_push_of on wall_push (wall_id, id);

alter table log_queue drop constraint log_queue_log_check;
alter table log_queue add constraint log_queue_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look','wall_push'));
alter table log_leaf drop constraint log_leaf_log_check;
alter table log_leaf add constraint log_leaf_log_check check (log in ('admin_log','reveal_log','joint_event','camera_viewing','camera_viewing_end','phone_look','wall_push'));
