-- What only the database's superuser may say. PostgreSQL lets every login make large objects (they fill the disk) and take advisory
-- locks (they fill the lock table of the whole server) and lend out his snapshot; no clerk needs any of it. Only functions whose arguments
-- are the same in every PostgreSQL: a backup carries these words, and a newer server must understand them.
do $$
declare f regprocedure;
begin
  for f in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
            and (proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'pg_export_snapshot') or proname ~ '^pg_(try_)?advisory_(xact_)?lock') loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;

-- Nor does one need loops of his own.
revoke usage on language plpgsql from public;
grant usage on language plpgsql to cc_owner;

-- Words and places stay out of the planner's statistics: EXPLAIN lets everybody who may read the table, if not the row, ask how many rows
-- are below any value, and so find the hundred values that were kept, letter by letter.
do $$
declare c record;
begin
  for c in select a.attrelid, a.attrelid::regclass as relation, a.attname, a.attnum, a.attstattarget from pg_attribute a join pg_class r on r.oid = a.attrelid
            where r.relnamespace = 'cc'::regnamespace and r.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
              and a.attname = any('{summary,description,address,source_no,result,reason,decision,leader,document_no,clearing,name,name_masked,phone_masked,phone,answer,sha256,words,what,detail,subject,lon,lat,title,place,conclusion,text,agenda,decisions,documents,asked_reason,rating_reason,before,content,error}')
              and (r.relname ~ '^(cases|case_detail|case_event)(_[0-9]{6})?$'
                   or r.relname = any('{case_request,ledger,case_reporter,attachment,notice,reporter,case_source,reveal_log,admin_log}')
                   or r.relname = any('{summons,summons_detail,summons_party,summons_party_detail,summons_check,objection,bulletin,summons_document,grid_team}')
                   or r.relname = any('{meeting_detail,task_detail,joint_event,joint_file,notice_delivery,worker_position,phone_look}'))
              or r.relnamespace = 'cc'::regnamespace and r.relkind in ('r', 'p') and r.relname ~ '^camera' and a.attnum > 0 and not a.attisdropped loop
    if c.attstattarget is distinct from 0 then
      execute format('alter table only %s alter column %I set statistics 0', c.relation, c.attname);
    end if;
    delete from pg_statistic s where s.starelid = c.attrelid and s.staattnum = c.attnum;
  end loop;
end $$;

-- One command at a time under one id (40_act.sql).
grant execute on function pg_catalog.pg_advisory_xact_lock(int, int) to cc_owner;
