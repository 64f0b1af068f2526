-- 一屏观天下: what a seat pushed to a wall. Runs as cc_owner with search_path = cc.

select 1;
