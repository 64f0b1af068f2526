-- Group roles. No person logs in with them; they own objects or carry rights. Roles are the whole server's, and the upgrade's own
-- lock is its database's: this one lets upgrades of two databases take turns too.
lock table pg_catalog.pg_authid in share row exclusive mode;
do $$
begin
  if not exists (select from pg_roles where rolname = 'cc_owner') then create role cc_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'cc_people') then create role cc_people nologin createrole; end if;
  if not exists (select from pg_roles where rolname = 'cc_operator') then create role cc_operator nologin; end if;
end $$;
-- The only role that may create logins hands out nothing but cc_operator.
grant cc_operator to cc_people with admin option;
-- The duty ends sessions that hold a transaction open, and those of disabled people.
grant pg_signal_backend, pg_read_all_stats to cc_owner;
