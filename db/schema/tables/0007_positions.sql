-- Where workers are and were. Runs as cc_owner with search_path = cc.

alter table feed drop constraint feed_kind_check;
alter table feed add constraint feed_kind_check check (kind in ('case','presence','catalogue','org','notice','summons','meeting','task','position','wall','emergency'));
