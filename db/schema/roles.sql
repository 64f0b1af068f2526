-- Group roles. No person logs in with them; they own objects or carry rights.
do $$
begin
  if not exists (select from pg_roles where rolname = 'cc_owner') then create role cc_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'cc_people') then create role cc_people nologin createrole; end if;
  if not exists (select from pg_roles where rolname = 'cc_operator') then create role cc_operator nologin; end if;
end $$;
-- The only role that may create logins hands out nothing but cc_operator.
grant cc_operator to cc_people with admin option;
