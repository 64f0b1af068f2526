-- Marks, notices and counters that the duties keep. Runs as cc_owner with search_path = cc.

alter table case_stage add column warned boolean not null default false;    -- 临期 has been marked
