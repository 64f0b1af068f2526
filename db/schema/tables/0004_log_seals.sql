-- Seals of what no case holds: who managed people and data (admin_log), who looked at personal data (reveal_log).
-- Runs as cc_owner with search_path = cc.

create table log_queue (                             -- entries waiting for a seal, as seal_queue holds events
  district_id   int not null,
  log           text not null check (log in ('admin_log','reveal_log')),
  entry_id      bigint not null,
  primary key (district_id, log, entry_id)
);

create table log_leaf (
  district_id   int not null,
  log           text not null check (log in ('admin_log','reveal_log')),
  entry_id      bigint not null,
  seal_id       int not null,
  digest        text not null,
  primary key (district_id, log, entry_id)
);
create index log_leaf_seal on log_leaf (district_id, seal_id);

insert into log_queue select district_id, 'admin_log', id from admin_log union all select district_id, 'reveal_log', id from reveal_log;
