-- Group roles. No person logs in with them; they own objects or carry rights. Roles belong to the whole server: a second
-- database may be creating them at this moment, and then they are there.
do $$
declare r record;
begin
  for r in values ('cc_owner', 'nologin'), ('cc_people', 'nologin createrole'), ('cc_operator', 'nologin') loop
    begin
      if not exists (select from pg_roles where rolname = r.column1) then execute format('create role %I %s', r.column1, r.column2); end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
end $$;
-- The only role that may create logins hands out nothing but cc_operator.
grant cc_operator to cc_people with admin option;
-- The duty ends sessions that hold a transaction open, and those of disabled people.
grant pg_signal_backend, pg_read_all_stats to cc_owner;
