-- 应急: one event for wall and desks. Runs as cc_owner with search_path = cc.

select 1;
