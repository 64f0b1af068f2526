-- 专题 (每月一题): cases gathered under one campaign. Runs as cc_owner with search_path = cc.

create table topic (
  district_id   int not null,
  id            int generated always as identity,
  version       int not null default 1,
  name          text not null check (length(name) between 1 and 40),
  month         date,                                -- 每月一题: the first of its month; null: no month's
  began_at      timestamptz not null,                -- the city's clock
  began_by      int not null,
  closed_at     timestamptz,
  closed_by     int,
  primary key (id, district_id),
  unique (district_id, name),
  check (month is null or extract(day from month) = 1)
);

create table topic_case (                            -- nothing is deleted: what left is marked
  district_id   int not null,
  topic_id      int not null,
  case_id       bigint not null,
  added_at      timestamptz not null,
  added_by      int not null,
  removed_at    timestamptz,
  removed_by    int,
  primary key (topic_id, case_id, district_id)
);
create index topic_case_case on topic_case (case_id);

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice','summons','meeting','task','position','wall','emergency','topic'));
