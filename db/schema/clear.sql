-- Before functions and policies are applied anew: takes the present ones away, so that a changed signature cannot linger beside
-- the old one. Without CASCADE: whatever else has come to depend on a function (an index, a default) must be said, not lost.
do $$
declare r record;
begin
  for r in select t.tgname, c.oid::regclass as on_table from pg_trigger t join pg_class c on c.oid = t.tgrelid
            where c.relnamespace = 'cc'::regnamespace and not t.tgisinternal and t.tgparentid = 0 loop
    execute format('drop trigger %I on %s', r.tgname, r.on_table);
  end loop;
  for r in select policyname, tablename from pg_policies where schemaname = 'cc' loop
    execute format('drop policy %I on cc.%I', r.policyname, r.tablename);
  end loop;
  for r in select oid::regprocedure as name from pg_proc where pronamespace = 'cc'::regnamespace loop
    execute format('drop function %s', r.name);
  end loop;
end $$;
