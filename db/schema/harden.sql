-- What only the database's superuser may say. PostgreSQL lets every login make large objects (they fill the disk) and take advisory
-- locks (they fill the lock table of the whole server); no clerk needs either.
do $$
declare f regprocedure;
begin
  for f in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
            and (proname in ('lo_create', 'lo_creat', 'lo_from_bytea') or proname ~ '^pg_(try_)?advisory_(xact_)?lock') loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;
-- One command at a time under one id (40_act.sql).
grant execute on function pg_catalog.pg_advisory_xact_lock(bigint) to cc_owner;
